//! JSON and JSONL, rolo's own shape of them.

mod out;

pub use out::{AddressOut, CompanyOut, ContactOut, DateOut, ExtraOut, LinkOut, MethodOut};
