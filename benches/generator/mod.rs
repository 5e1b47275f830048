//! Made-up people for benchmarks and tests: the same seed gives the same people on every machine.
//!
//! Fourteen countries, a fifth Chinese. Names are spread as in life (few are common, most full names are rare), one
//! company for eight people, numbers that are valid where they belong, addresses under `example` domains alone.
//! Each person depends on the seed and the position only, so a million of them need no memory.

// Each user takes another part of it.
#![allow(dead_code, unused_imports)]

mod countries;
mod han;
mod phones;
mod rng;
mod text;
mod write;

#[cfg(test)]
mod tests;

use countries::{COUNTRIES, Country, Family};
use phones::Style;
use rng::Rng;
pub use write::{write_abook, write_google_csv, write_lines, write_vcards, write_vcf_dir};

/// One made-up contact, everything as someone would have typed it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// ISO 3166 code of where they live.
    pub country: &'static str,
    /// Given name.
    pub given: String,
    /// Middle name or initial.
    pub middle: String,
    /// Surname.
    pub family: String,
    /// In the order of their language.
    pub name: String,
    /// What friends say.
    pub nickname: String,
    /// Where they work; empty for some.
    pub company: String,
    /// What they do there.
    pub title: String,
    /// Label and address.
    pub emails: Vec<(&'static str, String)>,
    /// Label and number.
    pub phones: Vec<(&'static str, String)>,
    /// `YYYY-MM-DD` or `--MM-DD`.
    pub birthday: String,
    /// One to three sentences.
    pub note: String,
    /// One to three of thirty.
    pub labels: Vec<&'static str>,
    /// Where they live.
    pub address: Option<Address>,
    /// A web page.
    pub website: String,
}

/// A postal address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// With the house number.
    pub street: String,
    /// City.
    pub city: String,
    /// Postal code.
    pub postcode: String,
    /// The country's own name for itself.
    pub country: &'static str,
}

/// The people of one seed.
pub struct Generator {
    seed: u64,
    rows: usize,
}

struct Company {
    name: String,
    domain: String,
}

/// A name and how it is written in an e-mail address.
struct Name {
    given: String,
    family: String,
    given_ascii: String,
    family_ascii: String,
}

impl Generator {
    /// The number of rows decides how many companies there are.
    pub const fn new(seed: u64, rows: usize) -> Self {
        Self { seed, rows }
    }

    /// All of them.
    pub fn people(&self) -> impl Iterator<Item = Person> + '_ {
        (0..self.rows).map(|index| self.person(index))
    }

    /// One of them.
    pub fn person(&self, index: usize) -> Person {
        let (country, serial) = self.place(index);
        let rng = &mut Rng::new(self.seed, index as u64);
        let woman = rng.chance(50);
        let name = person_name(rng, country, woman);
        let middle = if matches!(country.iso, "US" | "GB") && rng.chance(25) {
            middle_name(rng)
        } else {
            String::new()
        };
        let company = rng.chance(85).then(|| self.company(rng, country));
        let mut person = Person {
            country: country.iso,
            name: display_name(country, &name, &middle),
            title: if company.is_some() && rng.chance(60) {
                rng.pick(&text::list(country.titles)).to_owned()
            } else {
                String::new()
            },
            nickname: if rng.chance(3) {
                format!("\"{}\"", text::clip(&name.given_ascii, 3))
            } else {
                String::new()
            },
            emails: emails(rng, country, &name, company.as_ref()),
            phones: phones(rng, country, serial),
            birthday: if rng.chance(25) { birthday(rng) } else { String::new() },
            note: if rng.chance(20) { text::note(rng, country.iso) } else { String::new() },
            labels: if rng.chance(60) { text::labels(rng) } else { Vec::new() },
            address: rng.chance(16).then(|| address(rng, country)),
            ..Person::default()
        };
        if let Some(company) = company {
            if rng.chance(6) {
                person.website = format!("https://www.{}", company.domain);
            }
            person.company = company.name;
        }
        Person { given: name.given, middle, family: name.family, ..person }
    }

    /// Where the person at this position lives, and the how-manieth they are there: each run of a hundred holds every
    /// country's share, shuffled.
    fn place(&self, index: usize) -> (&'static Country, u64) {
        let (block, position) = (index / 100, index % 100);
        let start = Rng::new(self.seed, u64::MAX - block as u64).below(100);
        let mut rank = (position * 37 + start) % 100;
        for country in COUNTRIES {
            if rank < country.share {
                return (country, (block * country.share + rank) as u64);
            }
            rank -= country.share;
        }
        (&COUNTRIES[0], index as u64)
    }

    /// One of the country's companies; the large ones employ many.
    fn company(&self, rng: &mut Rng, country: &Country) -> Company {
        let count = (self.rows * country.share / 100 / 7).max(1);
        let which = rng.skewed(count);
        let code = country.iso.bytes().fold(0u64, |code, byte| code << 8 | u64::from(byte));
        let rng = &mut Rng::new(self.seed ^ 0x00C0_FFEE, code << 40 | which as u64);
        let form = rng.pick(&text::list(country.forms));
        if matches!(country.family, Family::Han) {
            let han = han::company(rng);
            let form = if form == "_" { "" } else { form };
            return Company {
                domain: format!("{}.example", han.pinyin),
                name: format!("{}{form}", han.text),
            };
        }
        let brand = if rng.chance(45) {
            surname(rng, country, false)
        } else {
            rng.pick(&text::words(country.brands)).replace('-', " ")
        };
        let second = if rng.chance(25) {
            rng.pick(&text::words(country.brands)).replace('-', " ")
        } else {
            String::new()
        };
        let trade = rng.pick(&text::words(country.trades));
        let mut name = brand;
        for part in [second.as_str(), trade, if form == "_" { "" } else { form }] {
            if !part.is_empty() {
                name.push(' ');
                name.push_str(part);
            }
        }
        let domain = format!("{}.example", text::slug(&name, form));
        Company { name, domain }
    }
}

fn person_name(rng: &mut Rng, country: &Country, woman: bool) -> Name {
    if matches!(country.family, Family::Han) {
        let (family, given) = (han::family(rng), han::given(rng, woman));
        return Name {
            given: given.text,
            family: family.text,
            given_ascii: given.pinyin,
            family_ascii: family.pinyin,
        };
    }
    let given = rng.pick_skewed(&text::words(if woman { country.women } else { country.men })).to_owned();
    let family = surname(rng, country, woman);
    Name { given_ascii: text::ascii(&given), family_ascii: text::ascii(&family), given, family }
}

fn surname(rng: &mut Rng, country: &Country, woman: bool) -> String {
    match &country.family {
        Family::Composed { whole, stems, endings } => {
            if rng.chance(55) {
                rng.pick_skewed(&text::words(whole)).replace('-', " ")
            } else {
                let stem = rng.pick(&text::words(stems));
                format!("{stem}{}", rng.pick(&text::words(endings)))
            }
        }
        Family::Double(list) => {
            let list = text::words(list);
            let first = rng.pick_skewed(&list);
            if rng.chance(75) { format!("{first} {}", rng.pick_skewed(&list)) } else { first.to_owned() }
        }
        Family::Gendered(list) => {
            let name = rng.pick(&text::words(list));
            format!("{name}{}", if woman { "а" } else { "" })
        }
        Family::Han => han::family(rng).text,
    }
}

fn middle_name(rng: &mut Rng) -> String {
    if rng.chance(70) {
        format!("{}.", char::from(b'A' + rng.below(23) as u8))
    } else {
        rng.pick(&["Lee", "Marie", "James", "Ann", "Rose", "Ray", "Elizabeth", "Alan", "Jo"]).to_owned()
    }
}

fn display_name(country: &Country, name: &Name, middle: &str) -> String {
    match country.iso {
        "CN" => format!("{}{}", name.family, name.given),
        _ if middle.is_empty() => format!("{} {}", name.given, name.family),
        _ => format!("{} {middle} {}", name.given, name.family),
    }
}

fn emails(
    rng: &mut Rng,
    country: &Country,
    name: &Name,
    company: Option<&Company>,
) -> Vec<(&'static str, String)> {
    let (given, family) = (&name.given_ascii, name.family_ascii.as_str());
    let initial = text::clip(given, 1);
    let work = |rng: &mut Rng, company: &Company| {
        let local = match rng.below(10) {
            0..6 => format!("{given}.{family}"),
            6..9 => format!("{initial}{family}"),
            _ => given.clone(),
        };
        format!("{local}@{}", company.domain)
    };
    let home = |rng: &mut Rng| {
        let year = 50 + rng.below(56);
        if country.iso == "CN" && rng.chance(55) {
            return format!("{}@qq.example", 100_000_000 + rng.below(3_000_000_000));
        }
        let domain = match country.iso {
            "CN" => "163.example",
            _ => rng.pick(&["example.com", "example.org", "mail.example", "example.net", "post.example"]),
        };
        match rng.below(4) {
            0 => format!("{given}.{family}{}@{domain}", rng.below(1000)),
            1 => format!("{given}{family}{:02}@{domain}", year % 100),
            2 => format!("{family}.{given}.{}@{domain}", rng.below(1000)),
            _ => format!("{initial}.{family}{}@{domain}", 1900 + year + rng.below(2) * 1000),
        }
    };
    let mut emails = Vec::new();
    match (company, rng.below(100)) {
        (_, 0..8) => {}
        (Some(company), 8..60) => emails.push(("Work", work(rng, company))),
        (Some(company), 88..) => {
            emails.push(("Work", work(rng, company)));
            emails.push(("Home", home(rng)));
        }
        _ => emails.push(("Home", home(rng))),
    }
    emails
}

fn phones(rng: &mut Rng, country: &Country, serial: u64) -> Vec<(&'static str, String)> {
    let style = match rng.below(100) {
        0..55 => Style::International,
        55..68 => Style::Compact,
        _ => Style::National,
    };
    match rng.below(100) {
        0..10 => Vec::new(),
        10..72 => vec![("Mobile", country.phones.number(false, serial, style))],
        72..84 => vec![("Work", country.phones.number(true, serial, style))],
        _ => vec![
            ("Mobile", country.phones.number(false, serial, style)),
            ("Work", country.phones.number(true, serial, style)),
        ],
    }
}

fn birthday(rng: &mut Rng) -> String {
    let (month, day) = (1 + rng.below(12), 1 + rng.below(28));
    if rng.chance(20) {
        format!("--{month:02}-{day:02}")
    } else {
        format!("{}-{month:02}-{day:02}", 1940 + rng.below(66))
    }
}

fn address(rng: &mut Rng, country: &'static Country) -> Address {
    let number = (1 + rng.skewed(240)).to_string();
    let digits = country.postcode.chars().map(|c| match c {
        '#' => char::from(b'1' + rng.below(9) as u8),
        _ => c,
    });
    Address {
        postcode: digits.collect(),
        street: rng.pick(&text::list(country.streets)).replace('%', &number),
        city: rng.pick_skewed(&text::list(country.cities)).to_owned(),
        country: country.name,
    }
}
