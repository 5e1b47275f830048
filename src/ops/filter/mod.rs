//! The filter language as SQL: each part of a query becomes a condition on the shown contact `c`.

mod conditions;
mod days;

use super::{Book, OpError, Result};
use crate::model::phone;
use crate::model::schema::{Kind, Type};
use crate::search::query::{
    Arg, Compare, CustomType, Expr, FieldRef, KINDS, Query, Special, Test, ValueType,
};
use crate::search::{PlainMatcher, StreamSearch, Term};
use crate::store::derive::hidden;
use crate::store::{hays, lines, read, sql};
use crate::text;
use chrono::{DateTime, FixedOffset};
use conditions::{args, both, of_child, of_interaction, of_task, sign, wrap};
use rusqlite::types::Value as Sql;
use std::ops::ControlFlow;

/// A condition and its parameters.
pub(super) struct Filter {
    /// On `contact c`.
    pub sql: String,
    /// For its `?`.
    pub params: Vec<Sql>,
}

/// So many parts are joined without further brackets.
const FLAT: usize = 16;

struct Maker<'a> {
    book: &'a Book,
    now: DateTime<FixedOffset>,
    params: Vec<Sql>,
}

impl Book {
    /// What of a query SQL answers: everything but the words that every match must have; `None` if nothing is left.
    pub(super) fn condition(&self, query: &Query) -> Result<Option<Filter>> {
        match query.rest() {
            Expr::All => Ok(None),
            rest => self.compile(&rest).map(Some),
        }
    }

    fn compile(&self, expr: &Expr) -> Result<Filter> {
        let mut maker = Maker { book: self, now: self.now(), params: Vec::new() };
        let sql = maker.expr(expr)?;
        Ok(Filter { sql, params: maker.params })
    }

    /// Which contacts a query may show at all: not the bin; implied companies and the archive only if it asks for them.
    pub(super) fn shown(query: &Query) -> &'static str {
        let mut companies = false;
        let mut archived = false;
        each_field(&query.root, &mut |field| match field {
            FieldRef::Special(Special::Kind) => companies = true,
            FieldRef::Of { record: Kind::Contact, name: "archived", .. } => archived = true,
            _ => {}
        });
        match (companies, archived) {
            (false, false) => "0",
            (true, false) => "0,1",
            (false, true) => "0,2",
            (true, true) => "0,1,2",
        }
    }

    /// The keys of contacts whose search text matches all words, best first.
    pub(super) fn scan(&self, words: &[Term], shown: &str, limit: usize) -> Result<(usize, Vec<i64>)> {
        let make = || StreamSearch::new(words, limit);
        let parts = hays::each(self.reader()?, shown, make, |search, hay| {
            search.push(hay.contact, hay.text, hay.last);
            ControlFlow::Continue(())
        })?;
        Ok(joined(parts).unwrap_or_default())
    }

    /// The keys of shown contacts in whose search text every word is as a run of text or of pinyin, best first.
    pub(super) fn scan_plain(&self, words: &[String]) -> Result<Vec<i64>> {
        let plain = PlainMatcher::new(words);
        let terms: Vec<Term> = words.iter().map(Term::fuzzy).collect();
        let make = || StreamSearch::new(&terms, usize::MAX);
        let parts = hays::each(self.reader()?, "0", make, |search, hay| {
            if plain.matches(hay.text) {
                search.push(hay.contact, hay.text, hay.last);
            }
            ControlFlow::Continue(())
        })?;
        Ok(joined(parts).unwrap_or_default().1)
    }

    /// All that matches, with the lines that lists show of it.
    pub(super) fn scan_lines(&self, words: &[Term], shown: &str) -> Result<(Vec<i64>, lines::Lines)> {
        let make = || StreamSearch::new(words, usize::MAX);
        let take =
            |search: &mut StreamSearch, hay: hays::Hay<'_>| search.push(hay.contact, hay.text, hay.last);
        let (parts, found) = lines::each_with_lines(self.reader()?, shown, make, take)?;
        Ok((joined(parts).unwrap_or_default().1, found))
    }
}

/// How many all parts of a search found, and the best in order.
fn joined(parts: Vec<StreamSearch>) -> Option<(usize, Vec<i64>)> {
    let mut parts = parts.into_iter();
    let mut search = parts.next()?;
    search.join_all(parts.collect());
    let (total, hits) = search.finish();
    Some((total, hits.into_iter().map(|hit| hit.id).collect()))
}

fn each_field(expr: &Expr, found: &mut dyn FnMut(&FieldRef)) {
    match expr {
        Expr::And(parts) | Expr::Or(parts) => parts.iter().for_each(|part| each_field(part, found)),
        Expr::Not(part, _) => each_field(part, found),
        Expr::Compare(compare) => found(&compare.field),
        Expr::Has(field, _) | Expr::No(field, _) => found(field),
        Expr::All | Expr::Word(_) => {}
    }
}

impl Maker<'_> {
    fn param(&mut self, value: impl Into<Sql>) -> String {
        self.params.push(value.into());
        format!("?{}", self.params.len())
    }

    fn expr(&mut self, expr: &Expr) -> Result<String> {
        Ok(match expr {
            Expr::All => "1".to_owned(),
            Expr::And(parts) => self.join(parts, " and ")?,
            Expr::Or(parts) => self.join(parts, " or ")?,
            Expr::Not(part, _) => format!("not ({})", self.expr(part)?),
            Expr::Word(term) => {
                let (_, ids) = self.book.scan(std::slice::from_ref(term), "0,1,2", usize::MAX)?;
                let ids = self.param(read::list(ids));
                format!("c.id in (select value from json_each({ids}))")
            }
            Expr::Has(field, _) => self.has(field)?,
            Expr::No(field, _) => format!("not ({})", self.has(field)?),
            Expr::Compare(compare) => self.compare(compare)?,
        })
    }

    fn join(&mut self, parts: &[Expr], with: &str) -> Result<String> {
        let parts =
            parts.iter().map(|part| Ok(format!("({})", self.expr(part)?))).collect::<Result<Vec<_>>>()?;
        Ok(balanced(&parts, with))
    }

    fn has(&mut self, field: &FieldRef) -> Result<String> {
        Ok(match field {
            FieldRef::Special(special) => match special {
                Special::Id | Special::Created | Special::Updated => "1".to_owned(),
                Special::Kind => "c.kind is not null".to_owned(),
                Special::Company => "c.company is not null".to_owned(),
                Special::Last | Special::Interaction => "c.last is not null".to_owned(),
                Special::Quiet => "c.last is null".to_owned(),
                Special::Tag => of_child("tagging", "1"),
                Special::Email => of_child("method", "x.type='email'"),
                Special::Phone => of_child("method", "x.type='phone'"),
                Special::Url => of_child("method", "x.type='url'"),
                Special::Im => of_child("method", "x.type='im'"),
                Special::Social => of_child("method", "x.type='social'"),
                Special::Address => of_child("address", "1"),
                Special::Birthday => of_child("date", "x.label='birthday'"),
                Special::Date => of_child("date", "1"),
                Special::Link => of_child("link", "1"),
                Special::Next | Special::Due | Special::Task => of_task("1"),
                Special::Text => format!(
                    "(c.note is not null or {})",
                    of_interaction("coalesce(x.subject, x.body, x.outcome) is not null")
                ),
            },
            FieldRef::Of { record, name, ty } => {
                let column = format!("x.\"{name}\"");
                let test = if matches!(ty, Type::Flag) {
                    format!("ifnull({column}, 0)<>0")
                } else {
                    format!("{column} is not null")
                };
                wrap(*record, &test)
            }
            FieldRef::Custom { key, .. } => {
                let key = self.param(key.clone());
                of_child("value", &format!("x.field in (select id from field where key={key})"))
            }
        })
    }

    fn compare(&mut self, compare: &Compare) -> Result<String> {
        match &compare.field {
            FieldRef::Special(special) => self.special(*special, compare),
            FieldRef::Of { record, name, ty } => {
                let column = format!("x.\"{name}\"");
                let test = self.typed(&column, compare.field.value_type(), *ty, compare)?;
                Ok(wrap(*record, &test))
            }
            FieldRef::Custom { key, ty } => {
                let key = self.param(key.clone());
                let test = match ty {
                    CustomType::Number => {
                        self.number("cast(replace(x.value, ',', '') as real)*10000", compare)?
                    }
                    CustomType::Date => self.day_text("x.value", compare)?,
                    CustomType::YesNo => {
                        let on = self.flag(compare)?;
                        if on { "x.value='true'" } else { "x.value<>'true'" }.to_owned()
                    }
                    _ => self.text("x.value", compare),
                };
                Ok(of_child(
                    "value",
                    &format!("x.field in (select id from field where key={key}) and {test}"),
                ))
            }
        }
    }

    fn typed(&mut self, column: &str, values: ValueType, ty: Type, compare: &Compare) -> Result<String> {
        Ok(match (values, ty) {
            (ValueType::Flag, _) => {
                let on = self.flag(compare)?;
                format!("ifnull({column}, 0){}0", if on { "<>" } else { "=" })
            }
            (ValueType::Number, Type::Decimal) => self.number(column, compare)?,
            (ValueType::Number, _) => self.number(&format!("{column}*10000"), compare)?,
            (ValueType::Day, Type::Instant) => self.instant(column, compare, false)?,
            (ValueType::Day, _) => self.day_text(column, compare)?,
            (ValueType::Span, _) => self.text(column, compare),
            (_, Type::Ref(kind)) => {
                let name = if kind == Kind::Deal { "title" } else { "name" };
                let test = self.text(&format!("y.\"{name}\""), compare);
                format!("{column} in (select y.id from \"{}\" y where {test})", kind.record().name)
            }
            _ if column == "x.\"owner\"" && asks_me(compare) => {
                let me = self.param(self.book.session().author.clone());
                format!("fold({column})=fold({me})")
            }
            _ => self.text(column, compare),
        })
    }

    fn special(&mut self, special: Special, compare: &Compare) -> Result<String> {
        Ok(match special {
            Special::Id => self.id(compare)?,
            Special::Kind => match &compare.test {
                Test::Contains(_) => {
                    let [person, company] = KINDS;
                    self.text(&format!("iif(c.kind='company', '{company}', '{person}')"), compare)
                }
                _ => self.text("ifnull(c.kind, 'person')", compare),
            },
            Special::Tag => {
                let test = self.text("t.name", compare);
                of_child("tagging", &format!("x.tag in (select t.id from tag t where {test})"))
            }
            Special::Company => {
                let test = self.text("k.name", compare);
                format!("c.company in (select k.id from contact k where k.kind='company' and {test})")
            }
            Special::Last => self.instant("c.last", compare, false)?,
            Special::Created => self.instant(sql::CREATED, compare, false)?,
            Special::Updated => self.instant(sql::UPDATED, compare, false)?,
            Special::Quiet => self.quiet(compare)?,
            Special::Email => {
                let test = self.text("x.value", compare);
                of_child("method", &format!("x.type='email' and {test}"))
            }
            Special::Phone => self.phone(compare),
            Special::Url | Special::Im | Special::Social => {
                let kind = match special {
                    Special::Url => "url",
                    Special::Im => "im",
                    _ => "social",
                };
                let (value, service) = (self.text("x.value", compare), self.text("x.service", compare));
                of_child("method", &format!("x.type='{kind}' and ({value} or {service})"))
            }
            Special::Address => {
                let parts = "concat_ws(' ', x.label, x.street, x.extended, x.po_box, x.city, x.region, x.postcode, x.country)";
                let test = self.text(parts, compare);
                of_child("address", &test)
            }
            Special::Birthday => self.birthday(compare)?,
            Special::Date => {
                let test = self.day_text("x.date", compare)?;
                of_child("date", &test)
            }
            Special::Link => {
                let test = self.text("concat_ws(' ', x.name, y.name)", compare);
                of_child(
                    "link",
                    &format!(
                        "exists (select 1 from (select 1) left join contact y on y.id=x.\"to\" where {test})"
                    ),
                )
            }
            Special::Interaction => {
                let test = self.text("x.kind", compare);
                of_interaction(&test)
            }
            Special::Task => {
                let test = self.text("x.title", compare);
                of_task(&test)
            }
            Special::Next | Special::Due => self.due(compare)?,
            Special::Text => self.full_text(compare)?,
        })
    }

    fn id(&mut self, compare: &Compare) -> Result<String> {
        let mut ids = Vec::new();
        for arg in args(&compare.test) {
            if let Some(id) = self.book.by_id(&arg.text)? {
                ids.push(id);
            }
        }
        let ids = self.param(read::list(ids));
        Ok(format!("c.id in (select value from json_each({ids}))"))
    }

    /// Text: contains, equals, or an order of folded text.
    fn text(&mut self, column: &str, compare: &Compare) -> String {
        let mut fold = |arg: &Arg| {
            let text = text::fold(&arg.text);
            self.params.push(Sql::Text(text));
            format!("?{}", self.params.len())
        };
        let folded = format!("fold({column})");
        match &compare.test {
            Test::Contains(arg) => format!("ifnull(instr({folded}, {}), 0)>0", fold(arg)),
            Test::Equals(arg) => format!("ifnull({folded}, '')={}", fold(arg)),
            Test::Range(low, high) => {
                let low = low.as_ref().map(|arg| format!("{folded}>={}", fold(arg)));
                // `a..m` includes all that begin with m.
                let high = high.as_ref().map(|arg| format!("{folded}<={}||char(1114111)", fold(arg)));
                both(low, high)
            }
            Test::Order(order, arg) => format!("{folded}{}{}", sign(*order), fold(arg)),
        }
    }

    fn flag(&self, compare: &Compare) -> Result<bool> {
        let arg = args(&compare.test).next();
        let arg = arg.map(|arg| arg.text.as_str()).unwrap_or_default();
        super::draft::yes_no(arg).ok_or_else(|| self.bad(compare, arg, "yes-no"))
    }

    fn bad(&self, compare: &Compare, value: &str, expected: &str) -> OpError {
        OpError::BadValue {
            field: compare.field.name().into_owned(),
            value: value.to_owned(),
            expected: expected.to_owned(),
        }
    }

    fn phone(&mut self, compare: &Compare) -> String {
        let digits = args(&compare.test).next().map(|arg| phone::digits(&arg.text)).unwrap_or_default();
        if digits.is_empty() {
            let test = self.text("concat_ws(' ', x.label, x.value)", compare);
            return of_child("method", &format!("x.type='phone' and {test}"));
        }
        let national = digits.trim_start_matches('0').to_owned();
        let (digits, national) = (self.param(digits), self.param(national));
        let test = match compare.test {
            Test::Equals(_) => {
                format!(
                    "(digits(ifnull(x.norm, x.value))={digits} or digits(x.value)={digits} or digits(x.value)={national})"
                )
            }
            _ => format!(
                "(instr(digits(x.value), {digits})>0 or ({national}<>'' and instr(digits(ifnull(x.norm, x.value)), {national})>0))"
            ),
        };
        of_child("method", &format!("x.type='phone' and {test}"))
    }

    fn full_text(&mut self, compare: &Compare) -> Result<String> {
        let arg = args(&compare.test).next().map(|arg| arg.text.clone()).unwrap_or_default();
        let separated = text::separate_cjk(&arg);
        let tokens: Vec<&str> =
            separated.split(|c: char| !c.is_alphanumeric()).filter(|token| !token.is_empty()).collect();
        if tokens.is_empty() {
            return Ok("0".to_owned());
        }
        // One phrase, its last word perhaps unfinished.
        let last = tokens.last().is_some_and(|token| token.is_ascii());
        let phrase = format!("\"{}\"{}", tokens.join(" "), if last { "*" } else { "" });
        let phrase = self.param(phrase);
        Ok(format!(
            "c.id in (select k.root from words w join contact k on k.id=w.rowid/2 where w.text match {phrase} and w.rowid%2=0 \
             union all select k.root from words w join interaction x on x.id=w.rowid/2 and x.deleted is null \
             join participant p on p.interaction=x.id and p.deleted is null join contact k on k.id=p.contact \
             where w.text match {phrase} and w.rowid%2=1)"
        ))
    }
}

/// Joins so that few brackets lie in one another however many parts there are: SQLite takes no deep expressions.
fn balanced(parts: &[String], with: &str) -> String {
    if parts.len() <= FLAT {
        return parts.join(with);
    }
    let (left, right) = parts.split_at(parts.len() / 2);
    format!("({}){with}({})", balanced(left, with), balanced(right, with))
}

fn asks_me(compare: &Compare) -> bool {
    args(&compare.test).any(|arg| matches!(text::fold(&arg.text).as_str(), "me" | "我"))
}

/// What lists call hidden; here for the reader of `shown`.
const _: () = assert!(hidden::SHOWN == 0 && hidden::IMPLIED == 1 && hidden::ARCHIVED == 2);
