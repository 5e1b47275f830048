//! Settings that belong to the book and travel with it: its country, its name.

use super::{Book, Done, Label, Result};
use crate::model::edit::{New, NewId};
use crate::model::schema::Kind;
use crate::model::value::Value;
use crate::store::{Place, StoreError, derive, open, replay};
use std::path::Path;

impl Book {
    /// One of the book's settings.
    pub fn setting(&self, key: &str) -> Result<Option<String>> {
        Ok(derive::setting(self.reader()?, key)?)
    }

    /// All of them, by key.
    pub fn settings(&self) -> Result<Vec<(String, String)>> {
        let mut statement = self.reader()?.prepare_cached(
            "select key, value from setting where deleted is null and value is not null order by key",
        )?;
        let found = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(found.collect::<rusqlite::Result<_>>()?)
    }

    /// Sets one; an empty value takes it away. A new country gives all phones their normal forms anew.
    pub fn set_setting(&mut self, key: &str, value: &str) -> Result<Done> {
        let value = if key == "country" { value.trim().to_uppercase() } else { value.trim().to_owned() };
        if key == "country"
            && !value.is_empty()
            && crate::model::phone::country_code(&value) != Some(value.as_str())
        {
            return Err(super::OpError::BadValue { field: key.into(), value, expected: "country".into() });
        }
        let label = Label::new("setting", [key, value.as_str()]);
        let (_, receipt) = self.write(label.clone(), |tx| Ok(put(tx, key, &value)?))?;
        Ok(Done { receipt, count: 1, label })
    }

    /// Gives a book that has no country yet the one that the session guesses, as part of its first batch's time.
    pub(super) fn settle_country(&mut self) -> Result<()> {
        let Some(country) = self.session.country.clone() else { return Ok(()) };
        let meta = self.meta(Label::new("setting", ["country", country.as_str()]));
        let Some(store) = self.store.as_mut() else { return Ok(()) };
        let rows: i64 = store.conn().query_row("select count(*) from tx", [], |row| row.get(0))?;
        if rows > 0 {
            return Ok(());
        }
        let meta = crate::store::Meta { origin: "new".to_owned(), ..meta };
        store.write(&meta, |tx| -> Result<()> { Ok(put(tx, "country", &country)?) })?;
        Ok(())
    }

    /// What is wrong with the book, a line each; nothing if all is well.
    pub fn check(&self) -> Result<Vec<String>> {
        Ok(replay::check(self.reader()?)?)
    }
}

/// What SQLite says of a file that can't be opened as a book, a line each.
pub fn examine(path: &Path) -> Result<Vec<String>> {
    Ok(open::examine(path)?)
}

fn put(tx: &mut crate::store::Tx<'_>, key: &str, value: &str) -> std::result::Result<(), StoreError> {
    let found: Option<i64> = {
        let mut statement = tx.conn().prepare_cached("select id from setting where key=?1")?;
        let mut rows = statement.query([key])?;
        rows.next()?.map(|row| row.get(0)).transpose()?
    };
    match found {
        Some(id) => {
            let place = Place { kind: Kind::Setting, id, n: 0 };
            tx.restore(place)?;
            tx.set(place, "value", Value::text(value)).map(drop)
        }
        None => {
            let new = New::of(Kind::Setting)
                .with_id(NewId::Named(key.to_owned()))
                .with("key", Value::text(key))
                .with("value", Value::text(value));
            tx.create(new).map(drop)
        }
    }
}
