//! Why a command ends early, and what its process ends with.

use crate::config::ConfigError;
use crate::i18n::{Described, Lang, describe, describe_config};
use crate::ops::{Exit, OpError};
use std::io::{self, Write};

/// Why a command ends early.
#[derive(Debug)]
pub enum Fail {
    /// An operation failed.
    Op(OpError),
    /// The settings can't be used.
    Config(ConfigError),
    /// What was asked for can't be done so; in words, with what to do instead.
    Usage(String, Option<String>),
    /// Standard output can't be written.
    Output(io::Error),
    /// All was said already.
    Quiet(Exit),
    /// The user stopped it.
    Interrupted,
}

/// What commands return.
pub type Result<T = Exit> = std::result::Result<T, Fail>;

impl From<OpError> for Fail {
    fn from(error: OpError) -> Self {
        Self::Op(error)
    }
}

impl From<ConfigError> for Fail {
    fn from(error: ConfigError) -> Self {
        Self::Config(error)
    }
}

impl From<io::Error> for Fail {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl From<serde_json::Error> for Fail {
    fn from(error: serde_json::Error) -> Self {
        Self::Output(error.into())
    }
}

impl From<csv::Error> for Fail {
    fn from(error: csv::Error) -> Self {
        Self::Output(error.into())
    }
}

/// Whether whoever read the output has gone, as `head` does; writers of formats wrap that in errors of their own.
fn is_pipe(error: &io::Error) -> bool {
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = next {
        if error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe) {
            return true;
        }
        next = within(error);
    }
    false
}

/// What an error is about. Errors of files don't count what they wrap as their source, nor do those of tables.
fn within<'e>(error: &'e (dyn std::error::Error + 'static)) -> Option<&'e (dyn std::error::Error + 'static)> {
    if let Some(csv::ErrorKind::Io(error)) = error.downcast_ref::<csv::Error>().map(csv::Error::kind) {
        return Some(error);
    }
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(inner) => Some(inner),
        None => error.source(),
    }
}

impl Fail {
    /// What the process ends with.
    pub fn code(&self) -> i32 {
        match self {
            Self::Op(OpError::Io { source, .. }) | Self::Output(source) if is_pipe(source) => {
                Exit::Done as i32
            }
            Self::Op(error) => error.exit() as i32,
            Self::Config(_) | Self::Usage(..) => Exit::Usage as i32,
            Self::Output(_) => Exit::Data as i32,
            Self::Quiet(exit) => *exit as i32,
            Self::Interrupted => 130,
        }
    }

    fn described(&self, lang: &Lang) -> Option<Described> {
        Some(match self {
            Self::Op(OpError::Io { source, .. }) | Self::Output(source) if is_pipe(source) => return None,
            Self::Op(error) => describe(lang, error),
            Self::Config(error) => describe_config(lang, error),
            Self::Usage(message, hint) => {
                Described { message: message.clone(), details: Vec::new(), hint: hint.clone() }
            }
            Self::Output(error) => {
                let why = error.to_string();
                let message = lang.t("error-io", &[("path", "stdout".into()), ("why", why.as_str().into())]);
                Described { message, ..Described::default() }
            }
            Self::Quiet(_) => return None,
            Self::Interrupted => {
                Described { message: lang.t("error-cancelled", &[]), ..Described::default() }
            }
        })
    }

    /// Says on stderr what went wrong.
    pub fn report(&self, lang: &Lang) {
        let Some(described) = self.described(lang) else { return };
        let mut err = io::stderr().lock();
        // There is nobody left to tell if this fails.
        let _ = write_described(&mut err, &described);
    }
}

/// Writes an error the way every error is written.
pub fn write_described(out: &mut impl Write, described: &Described) -> io::Result<()> {
    writeln!(out, "rolo: {}", described.message)?;
    for line in &described.details {
        writeln!(out, "{line}")?;
    }
    if let Some(hint) = &described.hint {
        writeln!(out, "  {hint}")?;
    }
    out.flush()
}
