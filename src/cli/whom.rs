//! Whom the words of a command mean: contacts of any kind, or companies alone.

use super::context::Ctx;
use super::fail::{Fail, Result};
use crate::ops::{Book, Find, OpError};
use crate::text::fold;

/// What a command is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Among {
    /// People and companies.
    Contacts,
    /// Companies alone, also those that exist only because somebody works there.
    Companies,
}

impl Among {
    /// The one that a text names.
    pub fn one(self, ctx: &Ctx, book: &Book, who: &str) -> Result<i64> {
        match self {
            Self::Contacts => ctx.resolve(book, who),
            Self::Companies => company(ctx, book, who),
        }
    }

    /// Those that a command that writes means.
    pub fn all(self, book: &Book, words: &[String], fuzzy: bool) -> Result<Vec<i64>> {
        let text = words.join(" ");
        let query = match self {
            Self::Contacts => book.parse(&text)?,
            // A mistake is shown in what was typed.
            Self::Companies => {
                book.parse(&text).and_then(|_| book.parse(&format!("({text}) kind:company")))?
            }
        };
        // A handle, e-mail or name means that one contact, as it does everywhere else.
        if let Ok(id) = book.resolve(&text)
            && (self == Self::Contacts || is_company(book, id)?)
        {
            return Ok(vec![id]);
        }
        Ok(book.find(&query, &Find { exact: !fuzzy, ..Find::default() })?.ids)
    }
}

fn is_company(book: &Book, id: i64) -> Result<bool> {
    Ok(book.contact(id)?.kind == "company")
}

/// The company that a text names, before any person of that name.
fn company(ctx: &Ctx, book: &Book, who: &str) -> Result<i64> {
    let folded = fold(who);
    let found: Vec<i64> = book
        .companies(None)?
        .into_iter()
        .filter(|company| fold(&company.row.name) == folded)
        .map(|company| company.row.id)
        .collect();
    if let [id] = found[..] {
        return Ok(id);
    }
    let none = || Fail::Op(OpError::NotFound { who: who.to_owned(), kind: "company" });
    match ctx.resolve(book, who) {
        Ok(id) if is_company(book, id)? => Ok(id),
        Ok(_) | Err(Fail::Op(OpError::NotFound { .. })) => Err(none()),
        Err(fail) => Err(fail),
    }
}
