//! The parser: one pass by recursive descent over the source, no tokens kept.

use super::check::check;
use super::{
    Arg, Compare, Expr, FieldRef, Fields, Order, Query, QueryError, QueryErrorKind, Span, Term, Test,
};

/// How deeply parentheses and negations may nest.
pub const MAX_DEPTH: usize = 64;

/// How long a query may be.
pub const MAX_BYTES: usize = 1 << 16;

/// Reads a query; blank text is the query that everything matches.
pub fn parse(text: &str, fields: &dyn Fields) -> Result<Query, QueryError> {
    if text.len() > MAX_BYTES {
        let start = (0..=MAX_BYTES).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        return Err(QueryError::new(start, text.len(), QueryErrorKind::TooLong));
    }
    let mut parser = Parser { source: text, at: 0, depth: 0, fields };
    parser.skip_blank();
    if parser.peek().is_none() {
        return Ok(Query::all());
    }
    let root = parser.any()?;
    match parser.peek() {
        None => Ok(Query { root }),
        Some(_) => Err(parser.error_here(QueryErrorKind::UnopenedParen)),
    }
}

/// Whether a bare word connects others rather than being one.
pub(super) fn is_keyword(word: &str) -> bool {
    keyword(word).is_some()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Keyword {
    And,
    Or,
    Not,
}

fn keyword(word: &str) -> Option<Keyword> {
    match word {
        "或" | "或者" => Some(Keyword::Or),
        "非" => Some(Keyword::Not),
        "且" | "并且" => Some(Keyword::And),
        _ if word.eq_ignore_ascii_case("or") => Some(Keyword::Or),
        _ if word.eq_ignore_ascii_case("and") => Some(Keyword::And),
        _ if word.eq_ignore_ascii_case("not") => Some(Keyword::Not),
        _ => None,
    }
}

/// The plain sign that a full-width or input-method one stands for.
const fn plain(c: char) -> char {
    match c {
        '：' | '﹕' | '∶' => ':',
        '＝' => '=',
        '＜' | '《' | '〈' => '<',
        '＞' | '》' | '〉' => '>',
        '（' => '(',
        '）' => ')',
        '＂' | '“' | '”' | '„' | '「' | '」' => '"',
        '，' | '、' => ',',
        '；' => ';',
        '－' | '−' => '-',
        '．' | '。' => '.',
        other => other,
    }
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(plain(c), ',' | ';')
}

fn ends_word(c: char) -> bool {
    is_blank(c) || matches!(plain(c), '(' | ')')
}

fn ends_value(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(plain(c), '(' | ')')
}

/// Whether `close` ends what `open` began: curly quotes end with any, straight ones only with straight ones, so
/// that `"Ann “Annie” Lee"` is one phrase.
fn closes(open: char, close: char) -> bool {
    match open {
        '"' | '＂' => matches!(close, '"' | '＂'),
        '「' => close == '」',
        _ => matches!(close, '”' | '“' | '"' | '＂'),
    }
}

enum Operator {
    Colon,
    Equals,
    Order(Order),
}

struct Parser<'a> {
    source: &'a str,
    at: usize,
    depth: usize,
    fields: &'a dyn Fields,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        &self.source[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn peek_plain(&self) -> Option<char> {
        self.peek().map(plain)
    }

    fn bump(&mut self) {
        self.at += self.peek().map_or(0, char::len_utf8);
    }

    fn skip_blank(&mut self) {
        self.at = self.source.len() - self.rest().trim_start_matches(is_blank).len();
    }

    fn span_from(&self, start: usize) -> Span {
        Span { start, end: self.at }
    }

    fn error_here(&self, kind: QueryErrorKind) -> QueryError {
        let end = self.at + self.peek().map_or(0, char::len_utf8);
        QueryError::new(self.at, end, kind)
    }

    /// The bare word that starts here, without consuming it.
    fn bare(&self) -> &'a str {
        let rest = self.rest();
        &rest[..rest.find(ends_word).unwrap_or(rest.len())]
    }

    /// Whether nothing follows in this group once `skip` bytes and blanks are passed.
    fn ends_after(&self, skip: usize) -> bool {
        let rest = self.rest()[skip..].trim_start_matches(is_blank);
        rest.chars().next().is_none_or(|c| plain(c) == ')')
    }

    /// Whether the next thing once `skip` bytes are passed is an `or`.
    fn or_after(&self, skip: usize) -> bool {
        let rest = self.rest()[skip..].trim_start_matches(is_blank);
        keyword(&rest[..rest.find(ends_word).unwrap_or(rest.len())]) == Some(Keyword::Or)
    }

    fn any(&mut self) -> Result<Expr, QueryError> {
        let mut parts = vec![self.all(true)?];
        loop {
            let word = self.bare();
            if keyword(word) != Some(Keyword::Or) {
                return Ok(Expr::or(parts));
            }
            self.at += word.len();
            parts.push(self.all(false)?);
        }
    }

    /// Terms up to an `or`, a closing parenthesis or the end; `first` if nothing stands before them in the group.
    fn all(&mut self, first: bool) -> Result<Expr, QueryError> {
        let mut parts = Vec::new();
        loop {
            self.skip_blank();
            let Some(c) = self.peek() else { break };
            if plain(c) == ')' {
                break;
            }
            let word = self.bare();
            let alone = first && parts.is_empty() && self.ends_after(word.len());
            match keyword(word) {
                Some(Keyword::Or) if !alone => break,
                Some(Keyword::And)
                    if !parts.is_empty() && !self.ends_after(word.len()) && !self.or_after(word.len()) =>
                {
                    self.at += word.len();
                }
                Some(Keyword::Not) if !alone => parts.push(self.not(word.len())?),
                Some(_) => parts.push(self.word()),
                None => parts.push(self.unary()?),
            }
        }
        if parts.is_empty() {
            return Err(self.error_here(QueryErrorKind::ExpectedTerm));
        }
        Ok(Expr::and(parts))
    }

    /// A negation whose sign is `sign` bytes long.
    fn not(&mut self, sign: usize) -> Result<Expr, QueryError> {
        let start = self.at;
        self.at += sign;
        self.skip_blank();
        let inner = self.nested(start, |parser| {
            let word = parser.bare();
            match keyword(word) {
                Some(Keyword::Not) => parser.not(word.len()),
                Some(Keyword::Or) => Err(parser.error_here(QueryErrorKind::ExpectedTerm)),
                Some(Keyword::And) => Ok(parser.word()),
                None => parser.unary(),
            }
        })?;
        Ok(Expr::Not(Box::new(inner), self.span_from(start)))
    }

    fn nested<T>(
        &mut self,
        start: usize,
        inner: impl FnOnce(&mut Self) -> Result<T, QueryError>,
    ) -> Result<T, QueryError> {
        if self.depth == MAX_DEPTH {
            return Err(QueryError::new(start, self.at, QueryErrorKind::TooDeep));
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    fn unary(&mut self) -> Result<Expr, QueryError> {
        let start = self.at;
        match self.peek_plain() {
            None | Some(')') => Err(self.error_here(QueryErrorKind::ExpectedTerm)),
            Some('(') => {
                self.bump();
                let opening = self.at;
                let group = self.nested(start, Self::any)?;
                if self.peek_plain() != Some(')') {
                    return Err(QueryError::new(start, opening, QueryErrorKind::UnclosedParen));
                }
                self.bump();
                Ok(group)
            }
            Some('"') => {
                let text = self.quoted()?;
                if text.trim().is_empty() {
                    return Err(QueryError::new(start, self.at, QueryErrorKind::ExpectedTerm));
                }
                Ok(Expr::Word(Term { text, exact: true, span: self.span_from(start) }))
            }
            Some('-') if self.negates() => self.not(self.peek().map_or(0, char::len_utf8)),
            Some(_) => Ok(self.field()?.unwrap_or_else(|| self.word())),
        }
    }

    /// Whether the dash here stands before something: dashes alone are a word.
    fn negates(&self) -> bool {
        let word = self.bare();
        let group = self.rest()[word.len()..].chars().next().is_some_and(|c| plain(c) == '(');
        group || word.chars().any(|c| plain(c) != '-')
    }

    fn word(&mut self) -> Expr {
        let (start, text) = (self.at, self.bare().to_string());
        self.at += text.len();
        Expr::Word(Term { text, exact: false, span: self.span_from(start) })
    }

    fn quoted(&mut self) -> Result<String, QueryError> {
        let start = self.at;
        let Some(open) = self.peek() else { return Ok(String::new()) };
        self.bump();
        let mut text = String::new();
        let mut chars = self.rest().char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            if closes(open, c) {
                self.at += at + c.len_utf8();
                return Ok(text);
            }
            match chars.peek() {
                Some((_, next)) if c == '\\' && (*next == '\\' || closes(open, *next) || *next == '"') => {
                    text.push(*next);
                    chars.next();
                }
                _ => text.push(c),
            }
        }
        Err(QueryError::new(start, self.source.len(), QueryErrorKind::UnclosedQuote))
    }

    /// A comparison, `has:` or `no:`; `None` if what stands here is a word.
    fn field(&mut self) -> Result<Option<Expr>, QueryError> {
        let start = self.at;
        let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
        let name = &self.rest()[..self.rest().find(|c| !part(c)).unwrap_or(self.rest().len())];
        if name.is_empty() {
            return Ok(None);
        }
        self.at += name.len();
        let Some(operator) = self.operator() else {
            self.at = start;
            return Ok(None);
        };
        let wanted = match name.to_lowercase().as_str() {
            "has" | "有" => Some(true),
            "no" | "无" | "没有" => Some(false),
            _ => None,
        };
        if let (Some(wanted), Operator::Colon | Operator::Equals) = (wanted, &operator) {
            let (field, span) = self.presence(start)?;
            return Ok(Some(if wanted { Expr::Has(field, span) } else { Expr::No(field, span) }));
        }
        let Some(field) = self.fields.lookup(name) else {
            if self.is_address_or_time(name, &operator) {
                self.at = start;
                return Ok(None);
            }
            return Err(self.unknown(start, name));
        };
        let test = self.test(&field, operator)?;
        Ok(Some(Expr::Compare(Compare { field, test, span: self.span_from(start) })))
    }

    fn unknown(&self, start: usize, name: &str) -> QueryError {
        let nearest = self.fields.nearest(name);
        let kind = QueryErrorKind::UnknownField { name: name.to_string(), nearest };
        QueryError::new(start, start + name.len(), kind)
    }

    /// `http://...`, `mailto:...`, `12:30`.
    fn is_address_or_time(&self, name: &str, operator: &Operator) -> bool {
        let scheme = ["mailto", "tel", "sms", "urn"].iter().any(|known| name.eq_ignore_ascii_case(known));
        let number = name.starts_with(|c: char| c.is_numeric());
        matches!(operator, Operator::Colon) && (self.rest().starts_with("//") || number || scheme)
    }

    fn operator(&mut self) -> Option<Operator> {
        let colon = self.peek_plain() == Some(':');
        if colon {
            self.bump();
        }
        let order = match self.peek_plain() {
            Some('=') => {
                self.bump();
                return Some(Operator::Equals);
            }
            Some('<') => (Order::Less, Order::LessOrEqual),
            Some('>') => (Order::Greater, Order::GreaterOrEqual),
            _ => return colon.then_some(Operator::Colon),
        };
        self.bump();
        if self.peek_plain() == Some('=') {
            self.bump();
            return Some(Operator::Order(order.1));
        }
        Some(Operator::Order(order.0))
    }

    fn presence(&mut self, start: usize) -> Result<(FieldRef, Span), QueryError> {
        let named = self.at;
        let Some(arg) = self.arg(false)? else {
            return Err(self.error_here(QueryErrorKind::ExpectedField));
        };
        match self.fields.lookup(&arg.text) {
            Some(field) => Ok((field, self.span_from(start))),
            None => {
                let nearest = self.fields.nearest(&arg.text);
                let kind = QueryErrorKind::UnknownField { name: arg.text, nearest };
                Err(QueryError::new(named, self.at, kind))
            }
        }
    }

    fn test(&mut self, field: &FieldRef, operator: Operator) -> Result<Test, QueryError> {
        let start = self.at;
        let name = || field.name().into_owned();
        let ranges = matches!(operator, Operator::Colon) && field.ordered();
        let first = self.arg(ranges)?;
        if ranges && self.skip_dots() {
            let second = self.arg(false)?;
            if first.is_none() && second.is_none() {
                return Err(QueryError::new(start, self.at, QueryErrorKind::ExpectedValue { field: name() }));
            }
            for arg in [&first, &second].into_iter().flatten() {
                fits(arg, field)?;
            }
            return Ok(Test::Range(first, second));
        }
        let Some(arg) = first else {
            return Err(self.error_here(QueryErrorKind::ExpectedValue { field: name() }));
        };
        if matches!(operator, Operator::Order(_)) && !field.ordered() {
            return Err(QueryError::new(start, self.at, QueryErrorKind::NoOrder { field: name() }));
        }
        fits(&arg, field)?;
        Ok(match operator {
            Operator::Colon => Test::Contains(arg),
            Operator::Equals => Test::Equals(arg),
            Operator::Order(order) => Test::Order(order, arg),
        })
    }

    fn skip_dots(&mut self) -> bool {
        let mut dots = self.rest().chars();
        let both = dots.next().map(plain) == Some('.') && dots.next().map(plain) == Some('.');
        if both {
            self.bump();
            self.bump();
        }
        both
    }

    /// A quoted or bare value, the latter up to `..` if ranges are meant.
    fn arg(&mut self, ranges: bool) -> Result<Option<Arg>, QueryError> {
        let start = self.at;
        if self.peek_plain() == Some('"') {
            let text = self.quoted()?;
            if text.trim().is_empty() {
                return Ok(None);
            }
            return Ok(Some(Arg { text, span: self.span_from(start) }));
        }
        while let Some(c) = self.peek() {
            let here = self.at;
            if ends_value(c) || (ranges && self.skip_dots()) {
                self.at = here;
                break;
            }
            self.bump();
        }
        let value = &self.source[start..self.at];
        let text = value.trim_end_matches(|c| matches!(plain(c), ',' | ';'));
        let span = Span { start, end: start + text.len() };
        Ok((!text.is_empty()).then(|| Arg { text: text.to_string(), span }))
    }
}

fn fits(arg: &Arg, field: &FieldRef) -> Result<(), QueryError> {
    let mistake = |kind| QueryError { span: arg.span.range(), kind };
    // Only `due` knows what is overdue.
    if field == &FieldRef::Special(super::Special::Due)
        && matches!(arg.text.as_str(), "overdue" | "过期" | "逾期")
    {
        return Ok(());
    }
    check(&arg.text, field.value_type()).map_err(mistake)
}
