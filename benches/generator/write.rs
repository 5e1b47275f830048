//! The people as files: Google's CSV for rolo, and what its peers read.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::{Generator, Person};

/// The columns of Google Contacts' export since 2024.
const GOOGLE: &str = "First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Middle Name,Phonetic Last Name,\
Name Prefix,Name Suffix,Nickname,File As,Organization Name,Organization Title,Organization Department,Birthday,Notes,\
Photo,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,E-mail 3 - Label,E-mail 3 - Value,\
E-mail 4 - Label,E-mail 4 - Value,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value,Phone 3 - Label,\
Phone 3 - Value,Address 1 - Label,Address 1 - Formatted,Address 1 - Street,Address 1 - City,Address 1 - PO Box,\
Address 1 - Region,Address 1 - Postal Code,Address 1 - Country,Address 1 - Extended Address,Website 1 - Label,\
Website 1 - Value,Event 1 - Label,Event 1 - Value,Event 2 - Label,Event 2 - Value,Custom Field 1 - Label,\
Custom Field 1 - Value";

/// Writes what Google Contacts would export.
pub fn write_google_csv(rows: usize, seed: u64, out: &mut impl Write) -> io::Result<()> {
    let columns: Vec<&str> = GOOGLE.split(',').collect();
    let at = |name: &str| columns.iter().position(|column| *column == name).unwrap_or(0);
    let (organisation, labels, email) = (at("Organization Name"), at("Labels"), at("E-mail 1 - Label"));
    let (phone, address, website) = (at("Phone 1 - Label"), at("Address 1 - Label"), at("Website 1 - Label"));
    writeln!(out, "{GOOGLE}")?;
    let mut row = vec![String::new(); columns.len()];
    for person in Generator::new(seed, rows).people() {
        row.iter_mut().for_each(String::clear);
        row[labels] =
            person.labels.iter().map(|label| format!("{label} ::: ")).collect::<String>() + "* myContacts";
        for (place, (label, value)) in (email..).step_by(2).zip(person.emails) {
            // The asterisk marks the one to use first.
            let mark = if place == email { "* " } else { "" };
            (row[place], row[place + 1]) = (format!("{mark}{label}"), value);
        }
        for (place, (label, value)) in (phone..).step_by(2).zip(person.phones) {
            (row[place], row[place + 1]) = (label.to_owned(), value);
        }
        if let Some(home) = person.address {
            row[address] = "Home".to_owned();
            row[address + 1] = format!("{}\n{} {}\n{}", home.street, home.postcode, home.city, home.country);
            row[address + 2] = home.street;
            row[address + 3] = home.city;
            row[address + 6] = home.postcode;
            row[address + 7] = home.country.to_owned();
        }
        if !person.website.is_empty() {
            (row[website], row[website + 1]) = ("Work".to_owned(), person.website);
        }
        (row[0], row[1], row[2]) = (person.given, person.middle, person.family);
        row[at("Nickname")] = person.nickname;
        (row[organisation], row[organisation + 1]) = (person.company, person.title);
        row[at("Birthday")] = person.birthday;
        row[at("Notes")] = person.note;
        write_row(out, &row)?;
    }
    out.flush()
}

fn write_row(out: &mut impl Write, row: &[String]) -> io::Result<()> {
    for (index, cell) in row.iter().enumerate() {
        if index > 0 {
            out.write_all(b",")?;
        }
        if cell.contains([',', '"', '\n', '\r']) {
            write!(out, "\"{}\"", cell.replace('"', "\"\""))?;
        } else {
            out.write_all(cell.as_bytes())?;
        }
    }
    out.write_all(b"\n")
}

/// Writes one line a person: name, company, phones and e-mails with tabs between, as one would pipe them to a finder.
pub fn write_lines(rows: usize, seed: u64, out: &mut impl Write) -> io::Result<()> {
    for Person { name, company, phones, emails, .. } in Generator::new(seed, rows).people() {
        write!(out, "{name}\t{company}")?;
        for (_, value) in phones.iter().chain(&emails) {
            write!(out, "\t{value}")?;
        }
        out.write_all(b"\n")?;
    }
    out.flush()
}

/// Writes abook's own file.
pub fn write_abook(rows: usize, seed: u64, out: &mut impl Write) -> io::Result<()> {
    write!(out, "# abook addressbook file\n\n[format]\nprogram=abook\nversion=0.6.1\n\n")?;
    for (index, person) in Generator::new(seed, rows).people().enumerate() {
        let emails: Vec<&str> = person.emails.iter().map(|(_, value)| value.as_str()).collect();
        write!(out, "\n[{index}]\nname={}\nemail={}\n", person.name, emails.join(","))?;
        for (label, value) in &person.phones {
            let key = if *label == "Work" { "workphone" } else { "mobile" };
            writeln!(out, "{key}={value}")?;
        }
    }
    out.flush()
}

/// Writes a folder with one vCard 3.0 a person, as khard and vdirsyncer keep it.
pub fn write_vcf_dir(rows: usize, seed: u64, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for (index, person) in Generator::new(seed, rows).people().enumerate() {
        let mut out = BufWriter::new(fs::File::create(folder.join(format!("{index:07}.vcf")))?);
        start_card(&mut out, index, &person)?;
        write!(out, "END:VCARD\r\n")?;
        out.flush()?;
    }
    Ok(())
}

/// Writes all of them into one file, with everything that Google's CSV has of them.
pub fn write_vcards(rows: usize, seed: u64, out: &mut impl Write) -> io::Result<()> {
    for (index, person) in Generator::new(seed, rows).people().enumerate() {
        start_card(out, index, &person)?;
        for (name, value) in [
            ("TITLE", &person.title),
            ("NOTE", &person.note),
            ("BDAY", &person.birthday),
            ("URL", &person.website),
        ] {
            if !value.is_empty() {
                write!(out, "{name}:{}\r\n", escape(value))?;
            }
        }
        if let Some(home) = &person.address {
            let [street, city, postcode] =
                [&home.street, &home.city, &home.postcode].map(|part| escape(part));
            write!(out, "ADR;TYPE=HOME:;;{street};{city};;{postcode};{}\r\n", home.country)?;
        }
        if !person.labels.is_empty() {
            write!(out, "CATEGORIES:{}\r\n", person.labels.join(","))?;
        }
        write!(out, "END:VCARD\r\n")?;
    }
    out.flush()
}

/// Who it is and how to reach them.
fn start_card(out: &mut impl Write, index: usize, person: &Person) -> io::Result<()> {
    write!(out, "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:made-up-{index}\r\nFN:{}\r\n", escape(&person.name))?;
    let [family, given, middle] = [&person.family, &person.given, &person.middle].map(|part| escape(part));
    write!(out, "N:{family};{given};{middle};;\r\n")?;
    if !person.company.is_empty() {
        write!(out, "ORG:{}\r\n", escape(&person.company))?;
    }
    for (label, value) in &person.emails {
        write!(out, "EMAIL;TYPE={}:{value}\r\n", label.to_uppercase())?;
    }
    for (label, value) in &person.phones {
        let kind = if *label == "Mobile" { "CELL" } else { "WORK" };
        write!(out, "TEL;TYPE={kind}:{value}\r\n")?;
    }
    Ok(())
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace(',', "\\,").replace(';', "\\;").replace('\n', "\\n")
}
