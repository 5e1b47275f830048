//! Phone numbers that are valid where they belong, no two alike; from the ranges reserved for fiction while they last.

/// How the numbers of one kind look in one country. `#` in a layout is a digit of the significant number.
pub struct Plan {
    /// Prefixes that the country's regulator keeps for fiction, all of one length.
    pub reserved: &'static str,
    /// Prefixes of the rest, all of one length.
    pub general: &'static str,
    /// Written after `+CC `.
    pub international: &'static str,
    /// Written at home.
    pub national: &'static str,
}

/// The mobile and the landline numbers of one country.
pub struct Phones {
    /// The country code without `+`.
    pub code: &'static str,
    /// Mobile numbers.
    pub mobile: Plan,
    /// Landline numbers.
    pub landline: Plan,
}

/// How someone typed a number.
#[derive(Clone, Copy)]
pub enum Style {
    /// `+49 151 23456789`
    International,
    /// `+4915123456789`
    Compact,
    /// `0151 23456789`
    National,
}

impl Phones {
    /// The number with this slot; different slots give different numbers until a plan is used up.
    pub fn number(&self, landline: bool, slot: u64, style: Style) -> String {
        let plan = if landline { &self.landline } else { &self.mobile };
        let digits = plan.digits(slot);
        match style {
            Style::International => format!("+{} {}", self.code, lay_out(plan.international, &digits)),
            Style::Compact => format!("+{}{digits}", self.code),
            Style::National => lay_out(plan.national, &digits),
        }
    }
}

impl Plan {
    fn digits(&self, slot: u64) -> String {
        let length = self.international.bytes().filter(|b| *b == b'#').count();
        let reserved = Range::new(self.reserved, length);
        if slot < reserved.size() {
            reserved.number(slot)
        } else {
            Range::new(self.general, length).number(slot - reserved.size())
        }
    }
}

struct Range {
    prefixes: Vec<&'static str>,
    free: usize,
}

impl Range {
    fn new(prefixes: &'static str, length: usize) -> Self {
        let prefixes: Vec<&str> = prefixes.split_whitespace().collect();
        let free = length - prefixes.first().map_or(length, |first| first.len());
        Self { prefixes, free }
    }

    fn size(&self) -> u64 {
        self.prefixes.len() as u64 * (0..self.free).fold(1, |size, _| size * 10)
    }

    /// Neighbouring slots land far apart: the factor is a prime, so the map is one to one.
    fn number(&self, slot: u64) -> String {
        const PRIME: u128 = 2_654_435_761;
        let spread = ((u128::from(slot) + 1) * PRIME % u128::from(self.size())) as u64;
        let count = self.prefixes.len() as u64;
        let prefix = self.prefixes[(spread % count) as usize];
        if self.free == 0 {
            return prefix.to_owned();
        }
        format!("{prefix}{:0width$}", spread / count, width = self.free)
    }
}

fn lay_out(layout: &str, digits: &str) -> String {
    let mut digits = digits.chars();
    layout.chars().map(|c| if c == '#' { digits.next().unwrap_or(c) } else { c }).collect()
}
