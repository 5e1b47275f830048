//! Folding: the form in which text is searched, so that case, diacritics and width make no difference.

use unicode_normalization::char::{
    canonical_combining_class, compose, decompose_compatible, is_combining_mark,
};

/// Folds text for searching: lower case, no diacritics, plain ASCII for full-width; white space becomes spaces, one each.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    fold_into(text, &mut out);
    out
}

/// Appends the folded text to `out`, which lets callers reuse one buffer.
pub fn fold_into(text: &str, out: &mut String) {
    if text.is_ascii() && !text.bytes().any(|b| b < b' ' || b == 0x7f) {
        let start = out.len();
        out.push_str(text);
        out[start..].make_ascii_lowercase();
        return;
    }
    out.reserve(text.len());
    each_folded(text, |c, _| out.push(c));
}

/// Folds text and says for each folded byte at which byte of `text` the character that it came from begins.
pub fn fold_map(text: &str) -> (String, Vec<usize>) {
    let mut out = String::with_capacity(text.len());
    let mut origins = Vec::with_capacity(text.len());
    each_folded(text, |c, origin| {
        out.push(c);
        origins.resize(out.len(), origin);
    });
    (out, origins)
}

/// Folds text and sets spaces around each CJK character, for tokenizers that split at spaces only.
pub fn separate_cjk(text: &str) -> String {
    let folded = fold(text);
    if folded.is_ascii() || !folded.chars().any(is_cjk) {
        return folded;
    }
    let mut out = String::with_capacity(folded.len() * 2);
    for c in folded.chars() {
        if is_cjk(c) {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
            out.push(c);
            out.push(' ');
        } else if c != ' ' || !out.ends_with(' ') {
            out.push(c);
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Whether this is a CJK ideograph of any block, the iteration mark and zero included.
pub const fn is_han(c: char) -> bool {
    matches!(c,
        '\u{4E00}'..='\u{9FFF}'
        | '\u{3400}'..='\u{4DBF}'
        | '\u{3005}'..='\u{3007}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{2A6DF}'
        | '\u{2A700}'..='\u{2EE5F}'
        | '\u{2F800}'..='\u{2FA1F}'
        | '\u{30000}'..='\u{3347F}')
}

/// Whether this is Han, kana, bopomofo or Hangul: scripts that don't separate words by spaces, and Korean.
pub const fn is_cjk(c: char) -> bool {
    is_han(c)
        || matches!(c,
            '\u{3041}'..='\u{30FF}'
            | '\u{3105}'..='\u{312F}'
            | '\u{31A0}'..='\u{31BF}'
            | '\u{31F0}'..='\u{31FF}'
            | '\u{FF66}'..='\u{FF9F}'
            | '\u{1100}'..='\u{11FF}'
            | '\u{3131}'..='\u{318E}'
            | '\u{A960}'..='\u{A97C}'
            | '\u{AC00}'..='\u{D7FB}')
}

/// Calls `emit` with each folded character and the byte offset of the character of `text` that it came from.
fn each_folded(text: &str, emit: impl FnMut(char, usize)) {
    let mut out = Composer { emit, pending: None };
    for (origin, c) in text.char_indices() {
        match c {
            ' '..='~' => out.push(c.to_ascii_lowercase(), origin),
            '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                out.push(' ', origin)
            }
            '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '\u{AC00}'..='\u{D7A3}' => {
                out.push(c, origin)
            }
            _ if c.is_control() || is_ignorable(c) => {}
            _ => decompose_compatible(c, |part| {
                if is_dropped_mark(part) || is_ignorable(part) {
                    return;
                }
                for lower in part.to_lowercase().filter(|lower| !is_dropped_mark(*lower)) {
                    match plain_form(lower) {
                        Some(plain) => plain.chars().for_each(|c| out.push(c, origin)),
                        None => out.push(lower, origin),
                    }
                }
            }),
        }
    }
    out.flush();
}

/// Puts Hangul syllables together, so that decomposed ones (as macOS writes file names) and composed ones are found alike.
struct Composer<E> {
    emit: E,
    pending: Option<(char, usize)>,
}

impl<E: FnMut(char, usize)> Composer<E> {
    fn push(&mut self, c: char, origin: usize) {
        if let Some((first, start)) = self.pending {
            if matches!(c, '\u{1161}'..='\u{1175}' | '\u{11A8}'..='\u{11C2}')
                && let Some(joined) = compose(first, c)
            {
                self.pending = Some((joined, start));
                return;
            }
            self.flush();
        }
        if matches!(c, '\u{1100}'..='\u{1112}' | '\u{AC00}'..='\u{D7A3}') {
            self.pending = Some((c, origin));
        } else {
            (self.emit)(c, origin);
        }
    }

    fn flush(&mut self) {
        if let Some((c, origin)) = self.pending.take() {
            (self.emit)(c, origin);
        }
    }
}

/// Marks that searching leaves out: accents, Hebrew and Arabic points, kana voicing. Vowel signs of Indic scripts and of
/// Thai are letters to their readers, and stay.
fn is_dropped_mark(c: char) -> bool {
    if c < '\u{300}' {
        return false;
    }
    match c {
        '\u{300}'..='\u{36F}'
        | '\u{1AB0}'..='\u{1AFF}'
        | '\u{20D0}'..='\u{20FF}'
        | '\u{FE20}'..='\u{FE2F}' => true,
        _ => is_combining_mark(c) && matches!(canonical_combining_class(c), 1 | 7 | 8 | 10..=36 | 200..=240),
    }
}

/// Characters without a shape of their own: Unicode's default-ignorable ones.
pub(super) const fn is_ignorable(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFFB}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E0FFF}')
}

/// Letters that Unicode doesn't decompose though people type them plain, and typographic quotes and dashes.
const fn plain_form(c: char) -> Option<&'static str> {
    Some(match c {
        'ø' => "o",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ı' => "i",
        'ħ' => "h",
        'ŧ' => "t",
        'ς' => "σ",
        '\u{2018}' | '\u{2019}' | '\u{201B}' | '\u{2BC}' | '\u{2B9}' | '\u{2032}' => "'",
        '\u{201C}'..='\u{201F}' => "\"",
        '\u{2010}'..='\u{2015}' | '\u{2212}' => "-",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn folds_as_people_type() {
        for (text, folded) in [
            ("Søren Østergaard", "soren ostergaard"),
            ("STRASSE Straße ẞ", "strasse strasse ss"),
            ("Łódź Đặng Þór Ħal ı İ", "lodz dang thor hal i i"),
            ("Æon Œuvre", "aeon oeuvre"),
            ("ＡＢＣ１２３＠：", "abc123@:"),
            ("Zoe\u{301} Zoé", "zoe zoe"),
            ("ﬁne", "fine"),
            ("O’Brien–Smith", "o'brien-smith"),
            ("王伟\u{3000}Wei", "王伟 wei"),
            ("a\u{200b}b\u{7}c\u{feff}\u{ad}", "abc"),
            ("a \t b", "a   b"),
            ("\u{1100}\u{1175}\u{11B7}", "김"),
            ("김민수 ㈎", "김민수 (가)"),
            ("ΣΊΣΥΦΟΣ", "σισυφοσ"),
            ("ｶﾞ", "カ"),
            ("हिन्दी", "हिन्दी"),
            ("\u{F900}", "豈"),
            ("Ⅳ №", "iv no"),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
    }

    #[test]
    fn cjk_is_set_apart() {
        for (text, apart) in [
            ("王伟 Wei", "王 伟 wei"),
            ("Ann在上海", "ann 在 上 海"),
            ("plain  text", "plain  text"),
            ("한국 カナ", "한 국 カ ナ"),
            ("", ""),
        ] {
            assert_eq!(separate_cjk(text), apart, "{text}");
        }
    }

    #[test]
    fn the_map_points_at_the_source() {
        let text = "Straße 王";
        let (folded, origins) = fold_map(text);
        assert_eq!(folded, "strasse 王");
        let at = folded.find("sse").unwrap();
        assert_eq!(&text[origins[at]..origins[at + 2]], "ß");
        assert_eq!(&text[origins[folded.find('王').unwrap()]..], "王");
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,24}|[a-zA-ZÀ-ỹ가-힣\u{1100}-\u{11ff}ｦ-ﾟ　-ヿ0-9 ]{0,24}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn map_and_fold_agree(text in any::<String>()) {
            let (folded, origins) = fold_map(&text);
            prop_assert_eq!(&folded, &fold(&text));
            prop_assert_eq!(folded.len(), origins.len());
            prop_assert!(origins.iter().all(|at| text.is_char_boundary(*at)));
            prop_assert!(origins.is_sorted());
        }
    }
}
