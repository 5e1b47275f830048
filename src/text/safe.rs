//! Making text from files and peers harmless for a terminal: what would steer it or hide text becomes visible.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::fold::{is_han, is_ignorable};

/// Text fit for one terminal line: controls, bidi overrides, invisible characters and line breaks are made visible.
pub fn safe_line(text: &str) -> Cow<'_, str> {
    if is_plain(text, |_| false) { Cow::Borrowed(text) } else { Cow::Owned(rewrite(text, false)) }
}

/// The same for several lines: line feeds stay, CR LF becomes LF, a tab becomes four spaces.
pub fn safe_text(text: &str) -> Cow<'_, str> {
    if is_plain(text, |c| c == '\n') { Cow::Borrowed(text) } else { Cow::Owned(rewrite(text, true)) }
}

/// Whether there is anything in a text that people see: no mere blanks, controls and characters without a shape.
pub fn is_visible(text: &str) -> bool {
    // The blank of Braille is a symbol by its class.
    text.chars().any(|c| !c.is_whitespace() && !c.is_control() && !is_ignorable(c) && c != '\u{2800}')
}

fn is_plain(text: &str, kept: impl Fn(char) -> bool) -> bool {
    // Nearly all text is this, and told without looking at characters.
    let printable = |byte: u8| byte.wrapping_sub(b' ') < 0x5F;
    text.bytes().fold(true, |plain, byte| plain & printable(byte))
        || text.chars().all(|c| !(is_suspect(c)) || kept(c))
}

/// What may never pass, or only in the right company.
fn is_suspect(c: char) -> bool {
    c < ' ' || (c >= '\u{7F}' && (c.is_control() || is_ignorable(c) || matches!(c, '\u{2028}' | '\u{2029}')))
}

fn rewrite(text: &str, lines: bool) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len() + 16);
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        if let Some(tags) = flag_tags(&chars[at..]) {
            out.extend(&chars[at..at + tags]);
            at += tags;
            continue;
        }
        match c {
            '\n' if lines => out.push('\n'),
            '\r' if lines && chars.get(at + 1) == Some(&'\n') => {}
            '\t' if lines => out.push_str("    "),
            _ if !is_suspect(c) || belongs(&chars, at) => out.push(c),
            _ => show(c, &mut out),
        }
        at += 1;
    }
    out
}

/// Writes the visible stand-in of a character: a control picture, or its code point in brackets.
fn show(c: char, out: &mut String) {
    match c {
        '\n' => out.push('␤'),
        '\u{7F}' => out.push('␡'),
        '\0'..='\u{1F}' => out.push(char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{FFFD}')),
        _ => {
            let _ = write!(out, "⟨U+{:04X}⟩", u32::from(c));
        }
    }
}

/// The length of a flag such as England's at the start of `chars`: a black flag, tag letters, the cancel tag.
fn flag_tags(chars: &[char]) -> Option<usize> {
    if chars.first() != Some(&'\u{1F3F4}') {
        return None;
    }
    let letters = chars[1..].iter().take_while(|c| matches!(c, '\u{E0030}'..='\u{E007A}')).count();
    ((1..=6).contains(&letters) && chars.get(letters + 1) == Some(&'\u{E007F}')).then_some(letters + 2)
}

/// Whether a joiner or variation selector stands where it means something.
fn belongs(chars: &[char], at: usize) -> bool {
    let before = |back: usize| at.checked_sub(back).and_then(|at| chars.get(at)).copied();
    let (Some(previous), next) = (before(1), chars.get(at + 1).copied()) else { return false };
    match chars[at] {
        '\u{200C}' => joins(previous) && next.is_some_and(joins),
        '\u{200D}' => {
            let base = if previous == '\u{FE0F}' { before(2) } else { Some(previous) };
            (joins(previous) && next.is_some_and(joins))
                || (base.is_some_and(is_pictograph) && next.is_some_and(is_pictograph))
        }
        '\u{FE0E}' | '\u{FE0F}' => is_pictograph(previous) || matches!(previous, '0'..='9' | '#' | '*'),
        '\u{FE00}'..='\u{FE0D}' => is_han(previous) || previous.is_alphabetic() && !previous.is_ascii(),
        '\u{E0100}'..='\u{E01EF}' => is_han(previous),
        _ => false,
    }
}

/// Scripts whose letters change shape with their neighbours, so that joiners are spelling there.
const fn joins(c: char) -> bool {
    matches!(c, '\u{620}'..='\u{7FF}' | '\u{840}'..='\u{DFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17B3}'
        | '\u{17B6}'..='\u{17FF}' | '\u{1820}'..='\u{18AA}' | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}')
}

/// Roughly Unicode's Extended_Pictographic, with skin tones and regional letters.
const fn is_pictograph(c: char) -> bool {
    matches!(c, '\u{A9}' | '\u{AE}' | '\u{203C}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{2190}'..='\u{21FF}'
        | '\u{2300}'..='\u{23FF}' | '\u{24C2}' | '\u{25A0}'..='\u{27BF}' | '\u{2900}'..='\u{297F}'
        | '\u{2B00}'..='\u{2BFF}' | '\u{3030}' | '\u{303D}' | '\u{3297}' | '\u{3299}' | '\u{1F000}'..='\u{1FAFF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_steers_or_hides_is_shown() {
        for (text, safe) in [
            ("Ann Lee 王伟 é", "Ann Lee 王伟 é"),
            ("\u{1b}[31mred", "␛[31mred"),
            ("a\nb\tc\r", "a␤b␉c␍"),
            ("\u{9b}31m", "⟨U+009B⟩31m"),
            ("abc\u{202e}gpj.exe", "abc⟨U+202E⟩gpj.exe"),
            ("a\u{200b}b\u{feff}\u{ad}\u{7f}", "a⟨U+200B⟩b⟨U+FEFF⟩⟨U+00AD⟩␡"),
            ("a\u{200d}b\u{200c}", "a⟨U+200D⟩b⟨U+200C⟩"),
            ("👩\u{200d}❤\u{fe0f}\u{200d}👩", "👩\u{200d}❤\u{fe0f}\u{200d}👩"),
            ("نمی\u{200c}خواهم", "نمی\u{200c}خواهم"),
            ("क्\u{200d}ष", "क्\u{200d}ष"),
            ("1\u{fe0f}\u{20e3} x\u{fe0f}", "1\u{fe0f}\u{20e3} x⟨U+FE0F⟩"),
            ("\u{1F3F4}\u{E0067}\u{E0062}\u{E007F}", "\u{1F3F4}\u{E0067}\u{E0062}\u{E007F}"),
            ("x\u{E0041}\u{E0042}", "x⟨U+E0041⟩⟨U+E0042⟩"),
            ("葛\u{E0100}", "葛\u{E0100}"),
            ("\u{2028}\u{2066}\u{61c}\u{180e}", "⟨U+2028⟩⟨U+2066⟩⟨U+061C⟩⟨U+180E⟩"),
        ] {
            assert_eq!(safe_line(text), safe, "{text:?}");
        }
        assert!(matches!(safe_line("Ann 王伟"), Cow::Borrowed(_)));
        assert_eq!(safe_text("a\r\nb\tc\u{1b}"), "a\nb    c␛");
    }

    proptest! {
        #[test]
        fn nothing_dangerous_is_left(text in any::<String>()) {
            let safe = safe_line(&text).into_owned();
            let steers = |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            prop_assert!(!safe.chars().any(steers));
            prop_assert_eq!(safe_line(&safe), safe.as_str());
            let lines = safe_text(&text).into_owned();
            prop_assert!(!lines.chars().any(|c| c.is_control() && c != '\n'));
            prop_assert_eq!(safe_text(&lines), lines.as_str());
        }
    }
}
