//! Repeated measurements of one thing.

use std::fmt;

use crate::Error;

/// What the numbers count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Milliseconds.
    Ms,
    /// Bytes, shown as MB (1,000,000).
    Megabytes,
    /// Bytes.
    Bytes,
}

/// Sorted measurements, at least one.
#[derive(Clone, Debug)]
pub struct Sample {
    values: Vec<f64>,
    unit: Unit,
}

impl Sample {
    /// Fails without a value.
    pub fn new(mut values: Vec<f64>, unit: Unit) -> Result<Self, Error> {
        if values.is_empty() {
            return Err("nothing was measured".into());
        }
        values.sort_by(f64::total_cmp);
        Ok(Self { values, unit })
    }

    /// The middle one; of an even number, the mean of the two in the middle.
    pub fn median(&self) -> f64 {
        let half = self.values.len() / 2;
        if self.values.len() % 2 == 1 {
            self.values[half]
        } else {
            (self.values[half - 1] + self.values[half]) / 2.0
        }
    }

    /// The smallest.
    pub fn min(&self) -> f64 {
        self.values[0]
    }

    /// The largest.
    pub fn max(&self) -> f64 {
        self.values[self.values.len() - 1]
    }
}

impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", show(self.median(), self.unit))?;
        if self.values.len() > 1 {
            write!(f, " ({} – {})", show(self.min(), self.unit), show(self.max(), self.unit))?;
        }
        Ok(())
    }
}

/// A number with its unit, to three places that mean something.
pub fn show(value: f64, unit: Unit) -> String {
    let places = |value: f64| if value < 10.0 { 2 } else { usize::from(value < 100.0) };
    match unit {
        Unit::Ms if value >= 1000.0 => format!("{:.2} s", value / 1000.0),
        Unit::Ms => format!("{value:.*} ms", places(value)),
        Unit::Megabytes => format!("{:.*} MB", places(value / 1e6), value / 1e6),
        Unit::Bytes => format!("{value:.0} bytes"),
    }
}

/// One contender: runs once and says how many milliseconds it took.
pub type Contender<'a> = Box<dyn FnMut() -> Result<f64, Error> + 'a>;

/// Runs all in turns (A B A B), so that whatever else the machine does falls on all alike; the first turn is a warm-up.
pub fn alternate(runs: usize, contenders: &mut [Contender<'_>]) -> Result<Vec<Sample>, Error> {
    let mut values = vec![Vec::with_capacity(runs); contenders.len()];
    for turn in 0..=runs.max(1) {
        for (values, run) in values.iter_mut().zip(contenders.iter_mut()) {
            let took = run()?;
            if turn > 0 {
                values.push(took);
            }
        }
    }
    values.into_iter().map(|values| Sample::new(values, Unit::Ms)).collect()
}
