//! iCalendar (RFC 5545): birthdays, other yearly days and tasks on their way out; appointments, tasks and birthday
//! calendars on their way in.

mod lunar;
mod read;
#[cfg(test)]
mod tests;
mod write;

pub(crate) use read::Reader;
pub use write::{TaskOut, Words, Writer};

/// Whose ids and extras these are.
pub(crate) const SYSTEM: &str = "ics";
/// The property that says which contact of rolo's an event or task is about.
const CONTACT: &str = "X-ROLO-CONTACT";
/// The property that says which day of a contact's an event stands for: its label and calendar as parameters.
const DATE: &str = "X-ROLO-DATE";
/// The property of an event that only says again what another does: the same day in a later year.
const AGAIN: &str = "X-ROLO-AGAIN";
/// The category of birthdays, as calendars know it.
const BIRTHDAY: &str = "BIRTHDAY";
