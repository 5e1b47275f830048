//! Haystacks: the narrow search text of a contact, as it lies in the book.
//!
//! Fields are separated by line breaks and folded; the first character of each names its class:
//! `nann lee\ncacme corp\ntvp marketing\neann@acme.example\nd12125550100\ngvip`.

use super::folding;

/// What kind of text a field of a haystack is; the value is the tag it begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Class {
    /// The display name.
    Name = b'n',
    /// A nickname.
    Nickname = b'k',
    /// A pinyin key, such as `wangwei` or `ww`.
    Pinyin = b'p',
    /// The company's name.
    Company = b'c',
    /// The title.
    Title = b't',
    /// An e-mail address.
    Email = b'e',
    /// The digits of a phone number: E.164 without the plus, and those typed if they differ.
    Phone = b'd',
    /// A tag.
    Tag = b'g',
    /// Anything else worth finding.
    Other = b'x',
}

impl Class {
    /// The class with this tag; text of an unknown one counts as other.
    pub const fn of(tag: u8) -> Self {
        match tag {
            b'n' => Self::Name,
            b'k' => Self::Nickname,
            b'p' => Self::Pinyin,
            b'c' => Self::Company,
            b't' => Self::Title,
            b'e' => Self::Email,
            b'd' => Self::Phone,
            b'g' => Self::Tag,
            _ => Self::Other,
        }
    }
}

/// Makes haystacks, folding what it is given.
#[derive(Clone, Debug, Default)]
pub struct HayBuilder {
    text: String,
}

impl HayBuilder {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a field; of phones only the digits stay. Blank ones, and fields that are there already, are left out.
    pub fn push(&mut self, class: Class, text: &str) -> &mut Self {
        let text = match class {
            Class::Phone => {
                text.chars().filter_map(|c| c.to_digit(10)).filter_map(|d| char::from_digit(d, 10)).collect()
            }
            _ => folding::clean(text),
        };
        let tag = char::from(class as u8);
        let there = |line: &str| line.strip_prefix(tag) == Some(text.as_str());
        if text.is_empty() || self.text.split('\n').any(there) {
            return self;
        }
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push(tag);
        self.text.push_str(&text);
        self
    }

    /// The haystack made so far; the builder is empty afterwards and can be used again.
    pub fn finish(&mut self) -> String {
        std::mem::take(&mut self.text)
    }
}
