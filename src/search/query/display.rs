//! Queries as text that parses to the same query.

use std::fmt::{self, Display};

use super::parse::is_keyword;
use super::{Arg, Compare, Expr, Order, Query, Term, Test};

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.root.fmt(f)
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => Ok(()),
            Self::And(parts) => join(f, parts, " ", |part| matches!(part, Self::Or(_))),
            Self::Or(parts) => join(f, parts, " or ", |_| false),
            Self::Not(inner, _) if matches!(**inner, Self::And(_) | Self::Or(_)) => {
                write!(f, "not ({inner})")
            }
            Self::Not(inner, _) => write!(f, "not {inner}"),
            Self::Word(term) => term.fmt(f),
            Self::Compare(compare) => compare.fmt(f),
            Self::Has(field, _) => write!(f, "has:{}", field.name()),
            Self::No(field, _) => write!(f, "no:{}", field.name()),
        }
    }
}

fn join(
    f: &mut fmt::Formatter<'_>,
    parts: &[Expr],
    between: &str,
    group: impl Fn(&Expr) -> bool,
) -> fmt::Result {
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            f.write_str(between)?;
        }
        if group(part) { write!(f, "({part})")? } else { part.fmt(f)? }
    }
    Ok(())
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.exact {
            quoted(f, &self.text)
        } else if is_keyword(&self.text) {
            // Alone in its parentheses a keyword is a word.
            write!(f, "({})", self.text)
        } else {
            f.write_str(&self.text)
        }
    }
}

impl fmt::Display for Compare {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.field.name())?;
        match &self.test {
            Test::Contains(arg) => write!(f, ":{arg}"),
            Test::Equals(arg) => write!(f, "={arg}"),
            Test::Range(from, to) => {
                f.write_str(":")?;
                from.as_ref().map_or(Ok(()), |arg| arg.fmt(f))?;
                f.write_str("..")?;
                to.as_ref().map_or(Ok(()), |arg| arg.fmt(f))
            }
            Test::Order(order, arg) => {
                let sign = match order {
                    Order::Less => "<",
                    Order::LessOrEqual => "<=",
                    Order::Greater => ">",
                    Order::GreaterOrEqual => ">=",
                };
                write!(f, "{sign}{arg}")
            }
        }
    }
}

impl fmt::Display for Arg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '@' | '+' | '/' | '.');
        let bare = self.text.chars().all(plain) && !self.text.contains("..");
        // A dot beside the two of a range would be read as one of them.
        let bare = bare && !self.text.starts_with('.') && !self.text.ends_with('.');
        if bare { f.write_str(&self.text) } else { quoted(f, &self.text) }
    }
}

fn quoted(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_str("\"")?;
    for c in text.chars() {
        if matches!(c, '"' | '＂' | '\\') {
            f.write_str("\\")?;
        }
        write!(f, "{c}")?;
    }
    f.write_str("\"")
}
