//! XML of workbooks as events, with a bound on what one of them may hold.

use std::io::{self, BufRead, BufReader, Read};

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Error, Reader, XmlVersion};

use super::SheetError;
use crate::exchange::ExchangeError;

/// The longest tag, text or comment, in bytes: far more than the 32,767 characters of a cell.
pub(crate) const MAX_TOKEN: usize = 2 << 20;

/// Counts what is taken since the last event.
struct Bounded<R> {
    inner: BufReader<R>,
    left: usize,
    part: String,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.inner.read(into)
    }
}

impl<R: Read> BufRead for Bounded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 {
            let part = self.part.clone();
            return Err(io::Error::other(SheetError::LongCell { part, limit: MAX_TOKEN }));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.left = self.left.saturating_sub(amount);
        self.inner.consume(amount);
    }
}

/// Reads the events of one part.
pub(crate) struct Xml<R> {
    reader: Reader<Bounded<R>>,
    buffer: Vec<u8>,
}

impl<R: Read> Xml<R> {
    pub(crate) fn new(input: R, part: &str) -> Self {
        let inner = BufReader::with_capacity(1 << 16, input);
        let mut reader = Reader::from_reader(Bounded { inner, left: MAX_TOKEN, part: part.to_owned() });
        let config = reader.config_mut();
        // A bare `&` is text to every program that writes it.
        config.allow_dangling_amp = true;
        config.expand_empty_elements = true;
        Self { reader, buffer: Vec::new() }
    }

    /// The next event; `Eof` at the end.
    pub(crate) fn next(&mut self) -> Result<Event<'_>, ExchangeError> {
        self.reader.get_mut().left = MAX_TOKEN;
        self.buffer.clear();
        if self.buffer.capacity() > MAX_TOKEN / 4 {
            self.buffer.shrink_to(1 << 12);
        }
        let position = self.reader.buffer_position();
        match self.reader.read_event_into(&mut self.buffer) {
            Ok(event) => Ok(event),
            Err(Error::Io(error)) => Err(lift(&error)),
            Err(error) => {
                let part = self.reader.get_mut().part.clone();
                let why = format!("{error} (byte {position})");
                Err(SheetError::Damaged { part, why }.into())
            }
        }
    }

    pub(crate) fn input(&self) -> &R {
        self.reader.get_ref().inner.get_ref()
    }
}

/// Gets an error of ours back out of the reading error that carried it.
pub(crate) fn lift(error: &io::Error) -> ExchangeError {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<SheetError>()) {
        Some(own) => own.clone().into(),
        None => io::Error::new(error.kind(), error.to_string()).into(),
    }
}

/// The value of an attribute, whatever the prefix of its name.
pub(crate) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element
        .attributes()
        .with_checks(false)
        .flatten()
        .find(|attribute| attribute.key.local_name().as_ref() == name)?;
    Some(match found.normalized_value(XmlVersion::Implicit1_0) {
        Ok(text) => text.into_owned(),
        Err(_) => found.value.into_owned(),
    })
}

/// What `&amp;` or `&#13;` stands for; what is unknown stays as it is written.
pub(crate) fn entity(reference: &BytesRef<'_>, into: &mut String) {
    if let Ok(Some(char)) = reference.resolve_char_ref() {
        into.push(char);
        return;
    }
    match &**reference {
        "amp" => into.push('&'),
        "lt" => into.push('<'),
        "gt" => into.push('>'),
        "quot" => into.push('"'),
        "apos" => into.push('\''),
        other => {
            into.push('&');
            into.push_str(other);
            into.push(';');
        }
    }
}
