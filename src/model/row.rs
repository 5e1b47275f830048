//! One row of the log as it travels between devices.

use super::ids::Device;

/// A row of the log: one part of a batch, with everything that its hash covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Who wrote it.
    pub device: Device,
    /// Its number among that device's rows, from 1 without gaps.
    pub seq: i64,
    /// The `seq` of its batch's first part.
    pub batch: i64,
    /// Which part, from 0.
    pub part: i64,
    /// How many parts there are, on the last one; 0 on the others.
    pub parts: i64,
    /// Hybrid logical time: ms since 1970 << 16 | counter.
    pub hlc: i64,
    /// What the device had seen of others that its row before had not: `device:seq`, by device, separated by spaces; the
    /// device as 16 hexadecimal digits.
    pub deps: String,
    /// The person.
    pub author: String,
    /// Which face or operation.
    pub origin: String,
    /// What it was for, as JSON: key and arguments.
    pub label: String,
    /// The batch that it takes back, `device.seq`; empty for none.
    pub undoes: String,
    /// Which program wrote it.
    pub app: String,
    /// What ids are derived from.
    pub seed: [u8; 16],
    /// What lines are hashed with.
    pub salt: [u8; 16],
    /// How many Creates the lines have.
    pub creates: i64,
    /// The lines, each ended by a line break.
    pub text: String,
    /// The link in the device's chain, which covers the row before and all of the above but `creates`.
    pub hash: [u8; 32],
}

impl Row {
    /// Whether the batch is complete with this row.
    pub const fn ends_batch(&self) -> bool {
        self.parts > 0
    }
}
