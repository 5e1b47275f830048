//! Random numbers that are the same on every machine and in every version.

/// SplitMix64 (Steele, Lea and Flood 2014): small, fast, and good enough for made-up people.
pub struct Rng(u64);

impl Rng {
    /// A stream of its own for each pair of numbers.
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut rng = Self(seed ^ stream.wrapping_mul(0xD134_2543_DE82_EF95));
        rng.next();
        rng
    }

    /// The next 64 bits.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `n`, all as likely.
    pub fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.next()) * n as u128) >> 64) as usize
    }

    /// A number below `n`, small ones likelier: of 100, the first comes in 5 of 100 draws, the first ten in 33. That
    /// is about how surnames and the sizes of companies are spread.
    pub fn skewed(&mut self, n: usize) -> usize {
        let product = (u128::from(self.next()) * u128::from(self.next())) >> 64;
        ((product * n as u128) >> 64) as usize
    }

    /// True in `percent` of 100 draws.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of them, all as likely.
    pub fn pick<'a, T: ?Sized>(&mut self, list: &[&'a T]) -> &'a T {
        list[self.below(list.len())]
    }

    /// One of them, the first ones likelier.
    pub fn pick_skewed<'a, T: ?Sized>(&mut self, list: &[&'a T]) -> &'a T {
        list[self.skewed(list.len())]
    }
}
