//! What the figures rest on: the people must be as varied, and their numbers as valid, as real ones.

use std::collections::HashSet;

use phonenumber::country;

use super::{Generator, Person, write_google_csv};

const ROWS: usize = 20_000;

fn people() -> Vec<Person> {
    Generator::new(1, ROWS).people().collect()
}

#[test]
fn names_companies_and_numbers_are_as_varied_as_real_ones() {
    let people = people();
    let names: HashSet<&str> = people.iter().map(|person| person.name.as_str()).collect();
    assert!(names.len() * 10 > ROWS * 8, "{} names", names.len());
    let companies: HashSet<&str> = people.iter().map(|person| person.company.as_str()).collect();
    assert!((ROWS / 10..ROWS / 6).contains(&companies.len()), "{} companies", companies.len());
    let chinese = people.iter().filter(|person| person.country == "CN").count();
    assert_eq!(chinese, ROWS / 5);

    let digits = |number: &str| number.chars().filter(char::is_ascii_digit).collect::<String>();
    let numbers: Vec<String> = people
        .iter()
        .flat_map(|person| &person.phones)
        .filter(|(_, number)| number.starts_with('+'))
        .map(|(_, number)| digits(number))
        .collect();
    assert_eq!(numbers.iter().collect::<HashSet<_>>().len(), numbers.len());
}

#[test]
fn phone_numbers_are_valid_where_they_belong() {
    let (mut seen, mut wrong) = (HashSet::new(), Vec::new());
    for person in people().iter().take(4_000) {
        let home: country::Id = person.country.parse().unwrap();
        for (label, number) in &person.phones {
            if !phonenumber::parse(Some(home), number).is_ok_and(|number| phonenumber::is_valid(&number)) {
                wrong.push(format!("{} {label} {number}", person.country));
            }
            seen.insert((person.country, *label));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(seen.len(), 28, "fourteen countries, mobile and landline");
}

#[test]
fn a_row_of_the_csv_is_as_long_as_an_exported_one_and_reads_back() {
    let mut file = Vec::new();
    write_google_csv(ROWS, 1, &mut file).unwrap();
    let each = file.len() / ROWS;
    assert!((180..=260).contains(&each), "{each} bytes a row");
    let mut reader = csv::Reader::from_reader(file.as_slice());
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
    assert_eq!(rows.len(), ROWS);
    for (row, person) in rows.iter().zip(people()) {
        assert_eq!((&row[0], &row[2], &row[10]), (&*person.given, &*person.family, &*person.company));
    }
    assert!(rows.iter().any(|row| row.iter().any(|cell| cell.contains('\n'))));
    assert!(rows.iter().any(|row| row.iter().any(|cell| cell.contains('"'))));
}
