//! rolo: a local-first contact manager for the terminal.
//!
//! # The map of the house
//!
//! A *book* is one SQLite file with people, companies and what happened with them. Three faces share one set of
//! operations: the screen (`tui`), the command line ([`cli`]), and import and export.
//!
//! | room | what it does | may import |
//! | --- | --- | --- |
//! | [`text`] | folding, widths, pinyin, sort keys, terminal-safe text, search texts | nothing of ours |
//! | [`model`] | pure types: ids, [`model::schema`] (the one table of records and fields), edits, drafts, times, phones | nothing of ours |
//! | [`clock`] | the only place that reads the wall clock | nothing of ours |
//! | [`store`] | the file: schema, [`store::commit`] (the only way to write), log, undo, replay | model, text, clock |
//! | [`search`] | the filter language, the index in memory, ranking | model, text |
//! | [`exchange`] | bytes to drafts and back: tables by profiles, spreadsheets, vCard, JSON, LDIF, calendars, ... | model, text |
//! | [`sync`] | sharing: rows as sealed and signed files, who is trusted, shared folders and files | store, model, text, clock |
//! | [`ops`] | [`ops::Book`] and every operation | all of the above |
//! | [`config`], [`i18n`] | settings and environment; both languages | ops (errors to put into words), model, text |
//! | [`cli`], `tui` | arguments or keys -> operation -> output; never each other | ops, config, i18n, model, search::query, text |
//!
//! `tests/layers.rs` holds the arrows.
//!
//! # What everything hangs on
//!
//! * **One write path.** A change is a batch of typed [`model::edit::Edit`]s. [`store::commit::Store::write`] applies it and
//!   appends it to the log in one `IMMEDIATE` transaction. History, undo, live refresh and the roll-back of an import are
//!   read from that log; replaying it gives the same tables ([`store::replay`]).
//! * **Keys.** Records have small integers inside a book and global ids in the log: a UUID for what stands on its own, the
//!   (device, row, number of its Create) for what a contact owns. A Create does not spell its id out: it follows from the
//!   row's seed ([`model::ids::derived_v7`]), or from a name ([`model::ids::named_v8`]) where two devices must agree.
//! * **Derived columns** (sort key, search text, normal forms, roots of merges) are in neither log nor dump and are made anew
//!   from the rest ([`store::derive`]).
//! * **One filter language** ([`search::query`]): SQL answers what it can, the search texts the words.
//! * **State is a function of the set of rows.** What other devices wrote comes in by [`store::receive`], in whatever order.
//!   [`model::resolve`] says what a record is, given every line about it: fields are registers, the values that lost are kept as
//!   siblings. Edit by edit the tables are brought there ([`store::apply`]); where that is not enough, the record is looked at
//!   as a whole. [`sync`] carries rows through a shared place.
//! * **The screen never waits**: what is slower than a frame runs on a worker, and stale answers are dropped.
//!
//! # Adding things
//!
//! A field: one line in [`model::schema`], one migration in `store/migrations.rs`. A system to import from: one file in
//! `assets/profiles`. A command: one file in `cli/`, one operation in `ops/`. A key: one row of the table in `tui/action.rs`.

pub mod cli;
pub mod clock;
pub mod config;
pub mod exchange;
pub mod i18n;
pub mod model;
pub mod ops;
pub mod search;
pub mod store;
pub mod sync;
pub mod text;
pub mod tui;
