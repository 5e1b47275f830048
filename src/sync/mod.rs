//! Sharing a book without a server: what travels, who is trusted, and where it lies.
//!
//! The room knows nothing of a book's tables. Rows of the log ([`crate::model::row::Row`]) go in and come out; the engine above
//! takes them from the store and gives them to it.
//!
//! # How the parts fit
//!
//! ```text
//! Row --wire--> bytes --segment--> sealed, signed file --remote--> place
//!                          ^  who? which key?
//!                        trust = keyring (secret, here) + members (signed, in the place)
//! ```
//!
//! * [`wire`] packs a run of one device's rows; of their hashes only the last one's goes along, the receiver computes the chain.
//! * [`segment`] and [`head`] are what a device publishes: its rows, and where it stands and what it has seen of the others. Every
//!   file (`envelope` in the source) is sealed with XChaCha20-Poly1305 under the key of an epoch and signed with the device's Ed25519 key; the book, the
//!   kind of file, the device, the range, the epoch, the hash before and the membership are authenticated with it. So nothing can be read, made up, or moved to another
//!   place, range, book or epoch. What is missing shows in the chain and in the heads ([`head::missing`]), and a place that was
//!   set back in what the keyring has seen ([`keyring::Keyring::see`]).
//! * [`members`] says who is trusted: admins' devices sign statements, each in a chain of its own, and every peer folds them
//!   into the same [`members::State`] in whatever order they come. [`members::State::accepts`] is the verdict on a row. It can change
//!   when a statement arrives late: rows that had counted may stop counting, so whoever takes rows in asks again when the state changes.
//! * [`code`] lets people in: 90 random bits, from which the keys of an invitation are made. What the inviter sealed under the code
//!   (the hash of the founding statement and the keys so far) is where the joiner's trust begins, so that whoever keeps the place
//!   can't pretend to be the team.
//! * [`keyring`] is what never leaves the device; [`trust::Trust`] puts it together with the members and makes and opens all files.
//! * [`remote`] is where files lie: a folder of single-writer files, or one file that holds them all; object storage fits behind the same
//!   trait. Names ([`names`]) follow one grammar; whatever else lies there is somebody else's.
//! * [`files`] is the one layer through which files are touched, so that tests can crash at every step ([`files::faults`]) and put a
//!   cloud with all its faults between devices ([`files::cloud`]).
//!
//! # What is not promised
//!
//! A removed member keeps what they had. Who can delete files in the place can delay what others see, but not unnoticed once anyone has seen
//! more. An admin is trusted with all: a junior admin can remove a senior one unless that one objects, and admins can end anyone's part in the book.

mod bytes;
mod envelope;
mod hex;

pub mod code;
pub mod crypto;
pub mod engine;
pub mod error;
pub mod files;
pub mod head;
pub mod keyring;
#[cfg(feature = "simulation")]
#[doc(hidden)]
pub mod luck;
pub mod members;
pub mod names;
pub mod remote;
pub mod segment;
#[cfg(test)]
mod tests;
pub mod trust;
pub mod wire;

pub use error::{CodeError, Result, SyncError};
