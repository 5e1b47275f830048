//! LDIF (RFC 2849): entries of inetOrgPerson (RFC 2798) and of Mozilla's address book.
//!
//! An attribute that rolo has no field for is an extra under its name; `dn` is one, too. Where the attributes of an entry
//! stand in another order, or under another spelling, than rolo would write them, the extra [`ORDER`] keeps that. What no
//! attribute can hold is carried (`carried`) in a comment, which a directory passes over.

mod names;
mod read;
#[cfg(test)]
mod tests;
mod write;

pub(crate) use read::Reader;
pub use write::Writer;

/// Whose ids and extras these are.
pub(crate) const SYSTEM: &str = "ldif";
/// The extra that holds the attributes' names in their order; no attribute can be called so.
const ORDER: &str = "#order";
/// Which extras an entry holds by itself.
fn holds(source: &str, _: &str) -> bool {
    source == SYSTEM
}
/// How a comment of rolo's own begins; older files have an attribute instead.
const COMMENT: &str = "# ";
/// `params` of a value that is no text, in base64.
const BINARY: &str = "base64";
/// `params` of a value that is an address; it is never fetched.
const URL: &str = "url";
/// Follows the name of a month or a day in [`ORDER`] that is written with two digits.
const PADDED: &str = "#2";
