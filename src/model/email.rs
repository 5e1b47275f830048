//! E-mail addresses: the form in which they are compared, and which of them don't tell who someone is.

use unicode_normalization::UnicodeNormalization;

/// The form in which addresses are compared: no `mailto:`, no `Name <...>`, lower case, NFKC (so full-width is plain).
///
/// Dots and `+tags` stay: only some providers ignore them.
pub fn email_key(typed: &str) -> String {
    // Nearly all of them, by the hundred thousand.
    let simple = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'@' | b'.' | b'-' | b'_' | b'+');
    if typed.bytes().all(simple) && !typed.ends_with('.') {
        return typed.to_ascii_lowercase();
    }
    let plain =
        |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, '\u{200B}'..='\u{200F}' | '\u{FEFF}');
    let text: String = if typed.is_ascii() { typed.to_owned() } else { typed.nfkc().collect() };
    let mut text = text.trim();
    if let (Some(start), Some(end)) = (text.rfind('<'), text.rfind('>'))
        && start < end
    {
        text = &text[start + 1..end];
    }
    if let Some(head) = text.get(..7)
        && head.eq_ignore_ascii_case("mailto:")
    {
        text = text[7..].split('?').next().unwrap_or_default();
    }
    // Twice folded, because lower case can bring out what NFKC changes (İ).
    let lower: String = text.chars().filter(|c| plain(*c)).flat_map(char::to_lowercase).nfkc().collect();
    lower.trim_end_matches('.').replace('。', ".")
}

/// An address and the name that stands before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailbox<'a> {
    /// Without quotes; empty if there is none.
    pub name: String,
    /// The address alone.
    pub address: &'a str,
}

/// Takes apart what mail programs and pages write: `Cid Fox <cid@x.example>` (RFC 5322, 3.4), `<bob@x.example>`,
/// `mailto:dan@x.example` (RFC 6068). `None` for an address alone, and where it isn't plain which part is one.
pub fn mailbox(typed: &str) -> Option<Mailbox<'_>> {
    let text = typed.trim();
    let (name, address) = match text.strip_suffix('>').and_then(|text| text.rsplit_once('<')) {
        Some((name, address)) => (unquoted(name.trim()), address.trim()),
        None => (String::new(), text),
    };
    let scheme = address.get(..7).filter(|head| head.eq_ignore_ascii_case("mailto:"));
    let address = address[scheme.map_or(0, str::len)..].trim();
    if address.len() == text.len() || !is_email(address) {
        return None;
    }
    match name.contains('@') {
        // Outlook repeats an address for which it knows no name.
        true if name.eq_ignore_ascii_case(address) => Some(Mailbox { name: String::new(), address }),
        // A list that can't be told apart.
        true => None,
        false => Some(Mailbox { name, address }),
    }
}

/// The text of a quoted string (RFC 5322, 3.2.4); single quotes, which some programs write, count as well.
fn unquoted(text: &str) -> String {
    let inner = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    let Some(inner) = inner('"').or_else(|| inner('\'')) else { return text.to_owned() };
    inner.replace("\\\"", "\"").replace("\\\\", "\\").trim().to_owned()
}

/// Cuts a list of addresses at commas, semicolons and line ends, but not within a quoted name: `"Fox, Cid" <cid@x.example>`.
pub fn split_list(text: &str) -> Vec<&str> {
    // A quote that is never closed hides nothing.
    let quotes = text.matches('"').count().is_multiple_of(2);
    let mut quoted = false;
    let pieces = text.split(|c: char| {
        quoted ^= quotes && c == '"';
        !quoted && matches!(c, ',' | ';' | '\n' | '，' | '；' | '、')
    });
    pieces.map(str::trim).filter(|piece| !piece.is_empty()).collect()
}

/// Whether this looks like an address: something, one `@`, a domain with a dot (or `localhost`). Soft: for warnings only.
pub fn is_email(typed: &str) -> bool {
    let key = typed.trim();
    let Some((local, domain)) = key.rsplit_once('@') else { return false };
    let quoted = local.len() > 2 && local.starts_with('"') && local.ends_with('"');
    let local_fits = quoted
        || !local.is_empty()
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.chars().any(|c| c.is_whitespace() || c.is_control() || "@()<>[]:;,\\\"".contains(c));
    let label_fits = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-' || !c.is_ascii() && !c.is_whitespace())
    };
    let literal = domain.starts_with('[') && domain.ends_with(']') && domain.len() > 4;
    let domain_fits =
        literal || domain == "localhost" || domain.contains('.') && domain.split('.').all(label_fits);
    local_fits && domain_fits && local.len() <= 64 && domain.len() <= 253
}

/// The part behind the last `@`, folded; empty if there is none.
pub fn email_domain(typed: &str) -> String {
    email_key(typed).rsplit_once('@').map(|(_, domain)| domain.to_owned()).unwrap_or_default()
}

/// Local parts that stand for an office rather than a person.
const SHARED: &[&str] = &[
    "abuse",
    "accounting",
    "accounts",
    "admin",
    "administration",
    "administrator",
    "billing",
    "booking",
    "bookings",
    "bonjour",
    "buchhaltung",
    "careers",
    "comercial",
    "compta",
    "contact",
    "contacto",
    "contactus",
    "contato",
    "customercare",
    "customerservice",
    "enquiries",
    "enquiry",
    "feedback",
    "finance",
    "hallo",
    "hello",
    "help",
    "helpdesk",
    "hi",
    "hola",
    "hostmaster",
    "hr",
    "info",
    "information",
    "inquiries",
    "inquiry",
    "invoice",
    "invoices",
    "it",
    "jobs",
    "kontakt",
    "mail",
    "mailbox",
    "mailerdaemon",
    "marketing",
    "media",
    "news",
    "newsletter",
    "noreply",
    "donotreply",
    "nichtantworten",
    "notification",
    "notifications",
    "office",
    "order",
    "orders",
    "post",
    "postmaster",
    "presse",
    "press",
    "privacy",
    "reception",
    "recruiting",
    "recruitment",
    "reservations",
    "root",
    "sales",
    "sav",
    "secretary",
    "secretariat",
    "security",
    "sekretariat",
    "service",
    "services",
    "shop",
    "staff",
    "support",
    "team",
    "ventas",
    "vertrieb",
    "webmaster",
    "welcome",
    "bounce",
    "bounces",
    "kefu",
    "xiaoshou",
];

/// Whether many people read this mailbox (`info@`, `sales.eu@`, `no-reply@`), so that it identifies nobody.
pub fn is_shared_mailbox(typed: &str) -> bool {
    is_shared_key(&email_key(typed))
}

/// The same of an address that `email_key` has made comparable.
pub fn is_shared_key(key: &str) -> bool {
    let local = key.split('@').next().unwrap_or_default();
    let local = local.split('+').next().unwrap_or_default();
    let joined: String = local.chars().filter(|c| c.is_alphanumeric()).collect();
    let plain = joined.trim_end_matches(|c: char| c.is_ascii_digit());
    let first = local.split(['.', '-', '_']).next().unwrap_or_default();
    // `hi.lee@` and `it.wong@` may be people; longer words aren't names.
    SHARED.contains(&plain) || first.len() > 3 && first != "post" && SHARED.contains(&first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keys() {
        for (typed, key) in [
            (" Ann.Lee@Example.COM ", "ann.lee@example.com"),
            ("mailto:Ann@example.com?subject=x", "ann@example.com"),
            ("Ann Lee <ann@example.com>", "ann@example.com"),
            ("ａｎｎ＠ｅｘａｍｐｌｅ。com", "ann@example.com"),
            ("ann+news@BÜCHER.de", "ann+news@bücher.de"),
            ("ann@example.com.", "ann@example.com"),
            ("", ""),
        ] {
            assert_eq!(email_key(typed), key, "{typed}");
        }
    }

    #[test]
    fn what_looks_like_an_address() {
        for good in [
            "a@b.cc",
            "ann.lee+x@mail.example.co.uk",
            "王伟@例子.中国",
            "\"a b\"@x.org",
            "root@localhost",
            "a@[10.0.0.1]",
        ] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "",
            "ann",
            "ann@",
            "@x.org",
            "a b@x.org",
            "a@b",
            "a@b..c",
            "a@@b.c",
            ".a@b.cc",
            "a@-b.cc",
            "a@b.cc, c@d.ee",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
    }

    #[test]
    fn addresses_are_taken_out_of_what_stands_around_them() {
        for (typed, name, address) in [
            ("Cid Fox <cid@x.example>", "Cid Fox", "cid@x.example"),
            ("\"Fox, \\\"Cid\\\"\" <cid@x.example>", "Fox, \"Cid\"", "cid@x.example"),
            ("'Cid Fox' <mailto:cid@x.example>", "Cid Fox", "cid@x.example"),
            (" <bob@x.example> ", "", "bob@x.example"),
            ("MAILTO:dan@x.example", "", "dan@x.example"),
            ("eve@x.example <Eve@x.example>", "", "Eve@x.example"),
            ("王伟<wang@例子.中国>", "王伟", "wang@例子.中国"),
        ] {
            assert_eq!(mailbox(typed), Some(Mailbox { name: name.into(), address }), "{typed}");
        }
        for plain in [
            "ann@x.example",
            "",
            "<>",
            "Cid <cid>",
            "mailto:",
            "mailto:dan@x.example?subject=x",
            "h @x.example",
            "a@x.example, Bob <bob@x.example>",
        ] {
            assert_eq!(mailbox(plain), None, "{plain}");
        }
    }

    #[test]
    fn lists_are_cut_between_addresses() {
        for (text, pieces) in [
            ("a@x.org, b@x.org;c@x.org", vec!["a@x.org", "b@x.org", "c@x.org"]),
            (
                "\"Fox, Cid\" <c@x.org>, \"Ray; Bob\" <b@x.org>",
                vec!["\"Fox, Cid\" <c@x.org>", "\"Ray; Bob\" <b@x.org>"],
            ),
            ("5\" <a@x.org>, b@x.org", vec!["5\" <a@x.org>", "b@x.org"]),
        ] {
            assert_eq!(split_list(text), pieces, "{text}");
        }
    }

    #[test]
    fn mailboxes_of_many() {
        for shared in [
            "info@x.org",
            "Sales@x.org",
            "no-reply@x.org",
            "sales.eu@x.org",
            "support+1@x.org",
            "info2@x.org",
        ] {
            assert!(is_shared_mailbox(shared), "{shared}");
        }
        for own in ["ann@x.org", "infolee@x.org", "hi.lee@x.org", "officer@x.org", "", "@x.org"] {
            assert!(!is_shared_mailbox(own), "{own}");
        }
    }

    proptest! {
        #[test]
        fn keys_are_stable(typed in "[\\PC]{0,20}|[A-Za-zＡ-Ｚ.@<>: ]{0,20}") {
            let key = email_key(&typed);
            prop_assert!(!key.contains(char::is_whitespace));
            is_email(&typed);
            is_shared_mailbox(&typed);
        }
    }
}
