//! The figures as Markdown.

use std::fmt;

use crate::sample::Sample;

/// The figures in the order they were taken.
#[derive(Default)]
pub struct Table {
    rows: Vec<[String; 6]>,
}

/// What stands beside rolo's figure.
pub enum Peer<'a> {
    /// Nothing to compare with.
    None,
    /// Its name, and that it is not on this machine.
    Missing(&'a str),
    /// Its name and its figure.
    Measured(&'a str, &'a Sample),
}

/// What the figure has to be.
pub enum Goal {
    /// None was set.
    None,
    /// In words, and whether it is met; nothing if that can't be said on this machine.
    Met(String, Option<bool>),
}

impl Goal {
    /// A limit for a value.
    pub fn at_most(words: impl Into<String>, value: f64, limit: f64) -> Self {
        Self::Met(words.into(), Some(value <= limit))
    }
}

impl Table {
    /// Adds a figure with rolo's share of its peer's.
    pub fn add(&mut self, what: impl Into<String>, rolo: &Sample, peer: &Peer<'_>, goal: Goal) {
        let (peer, ratio) = match peer {
            Peer::None => (String::new(), String::new()),
            Peer::Missing(name) => (format!("{name}: not installed"), String::new()),
            Peer::Measured(name, sample) => {
                (format!("{name}: {sample}"), ratio(rolo.median(), sample.median()))
            }
        };
        let (goal, met) = match goal {
            Goal::None => (String::new(), ""),
            Goal::Met(words, None) => (words, "?"),
            Goal::Met(words, Some(met)) => (words, if met { "yes" } else { "no" }),
        };
        self.rows.push([what.into(), rolo.to_string(), peer, ratio, goal, met.to_owned()]);
    }

    /// Adds a figure that could not be taken.
    pub fn failed(&mut self, what: &str, why: &str) {
        let why = why.trim().replace('\n', " ").replace('|', "\\|");
        let blank = String::new;
        self.rows.push([
            what.to_owned(),
            format!("failed: {why}"),
            blank(),
            blank(),
            blank(),
            "no".to_owned(),
        ]);
    }
}

/// How many times as much rolo takes, or how many times as fast it is.
fn ratio(rolo: f64, peer: f64) -> String {
    if rolo <= 0.0 || peer <= 0.0 {
        String::new()
    } else if rolo > peer {
        format!("{:.2} × as long", rolo / peer)
    } else {
        format!("{:.1} × as fast", peer / rolo)
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| what | rolo: median (min – max) | peer in the same run | rolo is | asked | met |")?;
        writeln!(f, "| --- | --- | --- | --- | --- | --- |")?;
        for row in &self.rows {
            writeln!(f, "| {} |", row.join(" | "))?;
        }
        Ok(())
    }
}
