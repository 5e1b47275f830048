//! Haystacks: the narrow search text of a contact, laid out when it is written so that a search only reads.
//!
//! Fields stand best class first; each is the control byte of its class and its folded text, which has no control
//! characters, so that a word never matches a class and never reaches across fields. Initials of names and companies
//! are fields of their own: `\x01ann lee\x02al\x05acme corp\x06ann@acme.example`.

use super::fold::fold_into;

/// What kind of text a field of a haystack is; the value is the byte it begins with, the best class first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Class {
    /// The display name.
    Name = 1,
    /// Made here from names of several words: `al` for Ann Lee.
    Initials = 2,
    /// A pinyin key, such as `wangwei` or `ww`.
    Pinyin = 3,
    /// A nickname.
    Nickname = 4,
    /// The company's name.
    Company = 5,
    /// An e-mail address.
    Email = 6,
    /// A tag.
    Tag = 7,
    /// The title.
    Title = 8,
    /// The digits of a phone number: E.164 without the plus, and those typed if they differ.
    Phone = 9,
    /// Anything else worth finding.
    Other = 10,
    /// Made here from companies of several words.
    CompanyInitials = 11,
}

impl Class {
    /// One more than the last class's byte.
    pub const COUNT: usize = 12;
}

/// Whether a word begins at a byte: at the start of a field or after an ASCII sign.
#[inline]
pub fn starts_word(text: &[u8], at: usize) -> bool {
    at == 0 || (text[at - 1] < 0x80 && !text[at - 1].is_ascii_alphanumeric())
}

/// Folded text in one line: runs of white space become one space, none at the ends.
pub fn clean(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    clean_into(text, &mut line);
    line
}

fn clean_into(text: &str, line: &mut String) {
    let start = line.len();
    fold_into(text, line);
    let blank = |c: char| c.is_whitespace() || c.is_control();
    let folded = &line[start..];
    let tidy = match folded.as_bytes() {
        [b' ', ..] | [.., b' '] => false,
        bytes => folded.is_ascii() && !bytes.windows(2).any(|pair| pair == b"  "),
    };
    if tidy {
        return;
    }
    let folded = line.split_off(start);
    for part in folded.split(blank).filter(|part| !part.is_empty()) {
        if line.len() > start {
            line.push(' ');
        }
        line.push_str(part);
    }
}

/// Makes haystacks, folding what it is given.
#[derive(Clone, Debug, Default)]
pub struct HayBuilder {
    text: String,
    /// Class of each field and where its text ends.
    fields: Vec<(Class, usize)>,
}

impl HayBuilder {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a field; of phones only the digits stay. Blank ones, and fields that are there already, are left out.
    pub fn push(&mut self, class: Class, text: &str) -> &mut Self {
        let start = self.text.len();
        if class == Class::Phone {
            self.text.extend(text.chars().filter(char::is_ascii_digit));
        } else {
            clean_into(text, &mut self.text);
        }
        self.keep(class, start);
        // Most names are one word or several; what parts words is ASCII and no letter or digit: a space, a hyphen.
        let parts = |byte: u8| byte.is_ascii() && !byte.is_ascii_alphanumeric();
        if matches!(class, Class::Name | Class::Company) && self.text[start..].bytes().any(parts) {
            let end = self.text.len();
            let mut words = 0;
            for at in start..end {
                if !starts_word(&self.text.as_bytes()[start..end], at - start) {
                    continue;
                }
                let c = self.text[..end].get(at..).and_then(|rest| rest.chars().next());
                if let Some(c) = c.filter(|c| c.is_alphanumeric()) {
                    words += 1;
                    self.text.push(c);
                }
            }
            if words > 1 {
                let class = if class == Class::Name { Class::Initials } else { Class::CompanyInitials };
                self.keep(class, end);
            } else {
                self.text.truncate(end);
            }
        }
        self
    }

    /// Makes a field of what was written from `start` on, unless it is empty or there already.
    fn keep(&mut self, class: Class, start: usize) {
        let (before, new) = self.text.split_at(start);
        let mut from = 0;
        let there = self.fields.iter().any(|(known, end)| {
            let text = &before[std::mem::replace(&mut from, *end)..*end];
            *known == class && text == new
        });
        if new.is_empty() || there {
            self.text.truncate(start);
        } else {
            self.fields.push((class, self.text.len()));
        }
    }

    /// The haystack made so far; the builder is empty afterwards and can be used again.
    pub fn finish(&mut self) -> String {
        let mut from = 0;
        let mut fields: Vec<(Class, &str)> = Vec::with_capacity(self.fields.len());
        for (class, end) in &self.fields {
            fields.push((*class, &self.text[from..*end]));
            from = *end;
        }
        fields.sort_by_key(|(class, _)| *class);
        let mut hay = String::with_capacity(self.text.len() + fields.len());
        for (class, text) in fields {
            hay.push(char::from(class as u8));
            hay.push_str(text);
        }
        self.text.clear();
        self.fields.clear();
        hay
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_folded_sorted_and_told_apart() {
        let mut builder = HayBuilder::new();
        builder
            .push(Class::Phone, "+1 (212) 555")
            .push(Class::Tag, " VIP\u{1}\t x ")
            .push(Class::Tag, "vip x");
        builder.push(Class::Company, "Acme  Corp").push(Class::Name, "SØREN\tØstergaard");
        let hay = "\u{1}soren ostergaard\u{2}so\u{5}acme corp\u{7}vip x\u{9}1212555\u{b}ac";
        assert_eq!(builder.finish(), hay);
        assert_eq!(builder.push(Class::Name, "Ann -").push(Class::Nickname, " \n").finish(), "\u{1}ann -");
        assert_eq!(builder.finish(), "");
        assert_eq!(clean("王\u{3000}伟\u{1680}  X "), "王 伟 x");
    }
}
