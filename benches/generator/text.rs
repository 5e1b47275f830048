//! Labels, notes, and plain letters for e-mail addresses.

use super::rng::Rng;

const LABELS: &[&str] = &[
    "Friends",
    "Family",
    "Customers",
    "Suppliers",
    "Newsletter",
    "VIP",
    "Neighbours",
    "Conference 2025",
    "School",
    "Club",
    "Partners",
    "Prospects",
    "Press",
    "Former colleagues",
    "Choir",
    "Book club",
    "Doctors",
    "Tennis",
    "Christmas cards",
    "Investors",
    "Trade fair",
    "Volunteers",
    "Parents",
    "Tradespeople",
    "Alumni",
    "University",
    "客户",
    "同学",
    "Freunde",
    "Clientes",
];
const NOTES: &[&str] = &[
    "Met at the trade fair in spring.",
    "Prefers e-mail, answers within a day.",
    "Asked for an offer on the larger plan.",
    "Said \"call me again in May\".",
    "Two children, likes to sail.",
    "Introduced by her former colleague.",
    "Moved offices last year; the old number is dead.",
    "Contract runs until the end of next year.",
    "Don't call before ten.",
    "Knows the whole purchasing department.",
    "Speaks French and some Dutch.",
    "Birthday card every year.\nNo gifts, please.",
];
const NOTES_ZH: &[&str] = &[
    "在春季展会上认识。",
    "喜欢微信联系，回复很快。",
    "对新产品感兴趣，已发报价。",
    "合同明年年底到期。",
    "下午三点以后方便接电话。",
    "由王经理介绍。",
    "原公司同事，负责采购。",
];

/// The words of a list.
pub fn words(list: &'static str) -> Vec<&'static str> {
    list.split_whitespace().collect()
}

/// The entries of a list with `|` between them.
pub fn list(list: &'static str) -> Vec<&'static str> {
    list.split('|').collect()
}

/// One to three different labels.
pub fn labels(rng: &mut Rng) -> Vec<&'static str> {
    let mut labels = Vec::new();
    for _ in 0..=rng.skewed(3) {
        let label = rng.pick_skewed(LABELS);
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    labels
}

/// One to three sentences.
pub fn note(rng: &mut Rng, country: &str) -> String {
    let (list, space) = if country == "CN" { (NOTES_ZH, "") } else { (NOTES, " ") };
    let count = 1 + rng.below(3);
    (0..count).map(|_| rng.pick(list)).collect::<Vec<_>>().join(space)
}

/// The first letters of a text.
pub fn clip(text: &str, letters: usize) -> String {
    text.chars().take(letters).collect()
}

/// A domain's first label: the company's name without its legal form.
pub fn slug(name: &str, form: &str) -> String {
    let name = name.strip_suffix(form).unwrap_or(name).trim();
    let words: Vec<String> = name.split(' ').map(ascii).filter(|word| !word.is_empty()).collect();
    words.join("-")
}

/// Letters `a` to `z` and digits alone, as people write their names where nothing else is allowed.
pub fn ascii(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).map(letters).collect()
}

fn letters(c: char) -> &'static str {
    const PLAIN: &str = "abcdefghijklmnopqrstuvwxyz0123456789";
    if let Some(at) = PLAIN.find(c) {
        return &PLAIN[at..=at];
    }
    match c {
        'á' | 'à' | 'â' | 'ã' | 'å' | 'а' => "a",
        'ä' | 'æ' => "ae",
        'ç' | 'ц' => "c",
        'é' | 'è' | 'ê' | 'ë' | 'е' | 'ё' | 'э' => "e",
        'ğ' | 'г' => "g",
        'í' | 'ì' | 'î' | 'ï' | 'ı' | 'и' => "i",
        'ñ' | 'н' => "n",
        'ó' | 'ò' | 'ô' | 'õ' | 'о' => "o",
        'ö' | 'ø' | 'œ' => "oe",
        'ß' => "ss",
        'ş' | 'ш' | 'щ' => "sh",
        'ú' | 'ù' | 'û' | 'у' => "u",
        'ü' => "ue",
        'ý' | 'ÿ' | 'ы' | 'й' => "y",
        'б' => "b",
        'в' => "v",
        'д' => "d",
        'ж' => "zh",
        'з' => "z",
        'к' => "k",
        'л' => "l",
        'м' => "m",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'ф' => "f",
        'х' => "kh",
        'ч' => "ch",
        'ю' => "yu",
        'я' => "ya",
        _ => "",
    }
}
