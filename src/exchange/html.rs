//! A directory of contacts as one HTML page: it runs nothing, loads nothing from elsewhere, and prints well.

use std::io::{self, Write};

use super::ContactWriter;
use super::directory::{self, Is, Words};
use super::json::ContactOut;

const STYLE: &str = "\
:root{color-scheme:light dark}\
body{font:15px/1.45 system-ui,sans-serif;max-width:70rem;margin:0 auto;padding:1rem;display:flex;flex-direction:column}\
h1{font-size:1.5rem;margin:0 0 .5rem;order:-2}\
nav{order:-1;margin-bottom:1rem}nav a{margin-right:.6em;text-decoration:none}\
h2{border-bottom:1px solid #999;margin:1.2rem 0 .6rem}\
section>div{columns:22rem;column-gap:2rem}\
article{break-inside:avoid;margin:0 0 1rem}\
h3{margin:0;font-size:1.05rem}article>p{margin:0;color:#767676}\
dl{display:grid;grid-template-columns:max-content 1fr;gap:0 .8em;margin:.2rem 0 0}\
dt{color:#767676}dd{margin:0;overflow-wrap:anywhere;white-space:pre-line}\
img{float:right;max-width:5rem;max-height:5rem;margin-left:.6rem}\
@media print{nav{display:none}body{font-size:10pt;max-width:none;padding:0}h2{break-after:avoid}a{color:inherit;text-decoration:none}}";

/// Writes the page. Contacts must come in the order of their names.
pub struct Writer<W: Write> {
    out: W,
    words: Words,
    begun: bool,
    /// The headings so far.
    initials: Vec<String>,
}

impl<W: Write> Writer<W> {
    /// Writes to `out`.
    pub const fn new(out: W, words: Words) -> Self {
        Self { out, words, begun: false, initials: Vec::new() }
    }

    fn begin(&mut self) -> io::Result<()> {
        if std::mem::replace(&mut self.begun, true) {
            return Ok(());
        }
        let (language, title) = (escaped(&self.words.language), escaped(&self.words.title));
        write!(
            self.out,
            "<!doctype html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\n\
             <meta name=\"referrer\" content=\"no-referrer\">\n\
             <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n"
        )
    }
}

impl<W: Write> ContactWriter for Writer<W> {
    fn write(&mut self, contact: &ContactOut) -> io::Result<()> {
        self.begin()?;
        let name = directory::name(contact);
        let initial = directory::initial(&name);
        if self.initials.last() != Some(&initial) {
            if !self.initials.is_empty() {
                self.out.write_all(b"</div>\n</section>\n")?;
            }
            let (at, heading) = (self.initials.len(), escaped(&initial));
            write!(self.out, "<section>\n<h2 id=\"i{at}\">{heading}</h2>\n<div>\n")?;
            self.initials.push(initial);
        }
        let mut text = String::from("<article>");
        if let Some(photo) = photo(&contact.photo) {
            text.push_str(&format!("<img alt=\"\" src=\"{photo}\">"));
        }
        text.push_str(&format!("<h3>{}</h3>", escaped(&name)));
        let position = directory::position(contact);
        if !position.is_empty() && position != name {
            text.push_str(&format!("<p>{}</p>", escaped(&position)));
        }
        let lines = directory::lines(contact, &self.words);
        if !lines.is_empty() {
            text.push_str("\n<dl>\n");
            for (called, value, is) in lines {
                text.push_str(&format!("<dt>{}</dt><dd>{}</dd>\n", escaped(&called), followed(&value, is)));
            }
            text.push_str("</dl>");
        }
        text.push_str("</article>\n");
        self.out.write_all(text.as_bytes())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.begin()?;
        if !self.initials.is_empty() {
            self.out.write_all(b"</div>\n</section>\n")?;
        }
        // It stands at the top of the page: only now is it known what there is.
        if self.initials.len() > 1 {
            self.out.write_all(b"<nav>")?;
            for (at, initial) in self.initials.iter().enumerate() {
                write!(self.out, "<a href=\"#i{at}\">{}</a> ", escaped(initial))?;
            }
            self.out.write_all(b"</nav>\n")?;
        }
        self.out.write_all(b"</body>\n</html>\n")?;
        self.out.flush()
    }
}

/// As text or as an attribute's value.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // What would turn the text around it.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            c if c.is_control() && c != '\n' && c != '\t' => {}
            c => out.push(c),
        }
    }
    out
}

/// Only what must not stand in a URL is replaced.
fn percent(text: &str, kept: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || kept.as_bytes().contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// A value, as a link where there is something to follow. Other schemes than these stay text.
fn followed(value: &str, is: Is) -> String {
    let shown = escaped(value);
    let target = match is {
        Is::Email if value.contains('@') => format!("mailto:{}", percent(value.trim(), "@.-_+")),
        Is::Phone => {
            let number: String = value.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
            if number.is_empty() {
                return shown;
            }
            format!("tel:{number}")
        }
        Is::Url
            if ["http://", "https://"].iter().any(|head| value.trim().to_lowercase().starts_with(head)) =>
        {
            percent(value.trim(), "-._~:/?#[]@!$&()*+,;=%")
        }
        _ => return shown,
    };
    format!("<a href=\"{}\">{shown}</a>", escaped(&target))
}

/// A photo that lies in the book itself; one that lies elsewhere is not shown.
fn photo(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("data:image/")?;
    let (kind, data) = rest.split_once(";base64,")?;
    let plain = data.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='));
    (matches!(kind, "jpeg" | "png" | "gif" | "webp") && plain).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::json::{CompanyOut, MethodOut};
    use crate::exchange::testing::write_all;

    fn page(list: &[ContactOut]) -> String {
        let words = Words { language: "en".into(), title: "People".into(), ..Words::default() };
        let mut out = Vec::new();
        write_all(&mut Writer::new(&mut out, words), list);
        String::from_utf8(out).unwrap()
    }

    fn named(name: &str) -> ContactOut {
        ContactOut { name: name.into(), ..ContactOut::default() }
    }

    #[test]
    fn names_stand_under_their_initials_whatever_their_script() {
        let text = page(&["Ann", "Élan", "王伟", "Zoë", "Юлия", "42"].map(named));
        let heads: Vec<&str> =
            text.split("<h2 id=").skip(1).filter_map(|part| part.split(['>', '<']).nth(1)).collect();
        assert_eq!(heads, ["A", "E", "W", "Z", "Ю", "#"]);
        assert_eq!(text.matches("<section>").count(), text.matches("</section>").count());
        assert!(page(&[]).contains("</html>"));
    }

    #[test]
    fn nothing_from_a_contact_becomes_markup_or_a_reference() {
        let evil = "\"><script>alert(1)</script><img src=x onerror=y>'";
        let url = |value: &str| MethodOut { value: value.into(), label: evil.into(), ..MethodOut::default() };
        let contact = ContactOut {
            note: evil.into(),
            company: Some(CompanyOut { id: String::new(), name: evil.into() }),
            emails: vec![url(&format!("a@b{evil}"))],
            phones: vec![url(evil)],
            urls: vec![url("javascript:alert(1)"), url("https://ok.example/\"onclick=x")],
            tags: vec![evil.into()],
            fields: [(evil.to_owned(), evil.into())].into_iter().collect(),
            photo: "https://evil.example/p.png".into(),
            ..named(evil)
        };
        let text = page(&[contact]);
        let body = text.split_once("<body>").unwrap().1;
        assert!(
            !body.contains("<script") && !body.contains("<img") && !body.contains("javascript:alert(1)\""),
            "{body}"
        );
        assert!(
            !body.contains("\"onclick") && body.contains("href=\"https://ok.example/%22onclick=x\""),
            "{body}"
        );
        let shown = page(&[ContactOut { photo: "data:image/png;base64,AAAA".into(), ..named("A") }]);
        assert!(shown.contains("<img alt=\"\" src=\"data:image/png;base64,AAAA\">"));
    }
}
