//! Rows as bytes: what is small, what reads back, and what hostile bytes do.

use super::*;
use crate::sync::bytes::varint;
use crate::sync::wire::{ROWS_MAX, UNPACKED_MAX, decode, encode, runs};

/// Rows as they arrive: without hashes but the last.
fn arrived(rows: &[Row]) -> Vec<Row> {
    let last = rows.len() - 1;
    let kept = |at: usize, row: &Row| if at == last { row.hash } else { [0; 32] };
    rows.iter().enumerate().map(|(at, row)| Row { hash: kept(at, row), ..row.clone() }).collect()
}

#[test]
fn rows_read_back_whatever_is_in_them() {
    let mut random = Random(1);
    let mut rows = edits(7, 41, 60, &mut random);
    // A batch of three parts, times that jump, texts of every length.
    for (part, row) in rows[10..13].iter_mut().enumerate() {
        (row.batch, row.part, row.parts) = (51, part as i64, if part == 2 { 3 } else { 0 });
        row.creates = 1000 * part as i64;
    }
    rows[20].hlc = i64::MIN;
    rows[21].hlc = i64::MAX;
    rows[22].hlc = -1;
    rows[23].text = String::new();
    rows[24].text = "{\"new\":\"note\",\"text\":\"\u{1f600} 你好\"}\n".repeat(5000);
    rows[25].label = "[]".to_owned();
    rows[26].deps = "0000000000000001:9223372036854775807 ffffffffffffffff:1".to_owned();
    assert_eq!(decode(&encode(&rows).unwrap()).unwrap(), arrived(&rows));
}

#[test]
fn a_run_is_of_one_device_without_gaps() {
    let mut random = Random(2);
    let rows = edits(7, 1, 3, &mut random);
    assert!(encode(&[]).is_err());
    assert!(encode(&[rows[0].clone(), rows[2].clone()]).is_err());
    assert!(encode(&[rows[1].clone(), rows[0].clone()]).is_err());
    assert!(encode(&[rows[0].clone(), Row { device: 8, ..rows[1].clone() }]).is_err());
    assert!(encode(&[Row { seq: 0, ..rows[0].clone() }]).is_err());
}

#[test]
fn long_logs_are_cut_into_runs() {
    let mut random = Random(3);
    let mut rows = edits(7, 1, 40, &mut random);
    for row in &mut rows[5..9] {
        row.text = "{}\n".repeat(300_000);
    }
    let runs: Vec<&[Row]> = runs(&rows).collect();
    assert_eq!(runs.concat(), rows);
    assert!(runs.len() > 3 && runs.len() < 8, "{}", runs.len());
    assert_eq!(wire_runs_of_nothing(), 0);
}

fn wire_runs_of_nothing() -> usize {
    runs(&[]).count()
}

#[test]
fn single_edits_cost_at_most_200_bytes_each_in_the_place() {
    let mut place = Place::default();
    let mut ann = place.found(1, "Ann Lee");
    let mut team: Vec<_> = (2..5).map(|device| place.add(&mut ann, Role::Admin, device, "Li Na")).collect();
    place.read_by(&mut team[0]);
    let mut random = Random(4);
    let (name, bytes) = team[0].seal_rows(&edits(2, 1, 100, &mut random), [0; 32]).unwrap();
    let each = (bytes.len() + name.to_string().len()) as f64 / 100.0;
    println!("single edits: {each:.1} bytes each, {} the segment", bytes.len());
    assert!(each <= 200.0, "{each}");
}

#[test]
fn edits_in_bulk_cost_at_most_60_bytes_each_in_the_place() {
    let mut place = Place::default();
    let mut ann = place.found(1, "Ann Lee");
    let mut random = Random(5);
    let text: String = (0..1000).map(|_| set_line(&mut random)).collect();
    let (_, bytes) = ann.seal_rows(&[row(1, 1, text, &mut random)], [0; 32]).unwrap();
    let each = bytes.len() as f64 / 1000.0;
    println!("bulk: {each:.1} bytes each");
    assert!(each <= 60.0, "{each}");
}

/// Compressed as the encoder does, behind a front that says whatever it is told to.
fn framed(count: u64, random: usize, said: u64, plain: &[u8]) -> Vec<u8> {
    let mut out = vec![1];
    varint(&mut out, count);
    out.extend(std::iter::repeat_n(0, random));
    varint(&mut out, said);
    out.extend(zstd::bulk::compress(plain, 3).unwrap());
    out
}

#[test]
fn what_unpacks_to_too_much_is_refused_before_it_is() {
    let bomb = vec![0u8; UNPACKED_MAX + 1];
    assert!(decode(&framed(1, 32, bomb.len() as u64, &bomb)).is_err());
    assert!(decode(&framed(1, 32, 100, &bomb)).is_err(), "it says less than it is");
    assert!(decode(&framed(1, 32, 1 << 40, b"x")).is_err());
    assert!(decode(&framed(u64::MAX, 32, 1, b"x")).is_err());
    assert!(decode(&framed(ROWS_MAX as u64 + 1, 32 * (ROWS_MAX + 1), 1, b"x")).is_err());
    assert!(decode(&framed(0, 0, 0, b"")).is_err());
    // A frame that does not say its size could be of any.
    let mut streamed = framed(1, 32, 5, b"");
    streamed.truncate(35);
    streamed.extend(zstd::stream::encode_all(&b"12345"[..], 3).unwrap());
    assert!(decode(&streamed).is_err());
}

#[test]
fn a_text_that_all_rows_repeat_is_counted_as_often() {
    // One text of a megabyte, named six times by each of 1,000 rows: 6 GB from a few kilobytes.
    let count = 1000;
    let mut plain = 7u64.to_be_bytes().to_vec();
    varint(&mut plain, 1);
    plain.extend([0; 32]);
    varint(&mut plain, 1);
    varint(&mut plain, 1 << 20);
    plain.extend(vec![b'x'; 1 << 20]);
    plain.extend(vec![0; 6 * count]);
    plain.extend(vec![0; 8 * count]);
    let error = decode(&framed(count as u64, 32 * count, plain.len() as u64, &plain)).unwrap_err();
    assert!(error.to_string().contains("too much"), "{error}");
}

#[test]
fn whatever_is_altered_neither_panics_nor_hangs() {
    let mut random = Random(6);
    let good = encode(&edits(7, 1, 20, &mut random)).unwrap();
    let plain_from = 2 + 32 * 20 + 2;
    let plain = zstd::bulk::decompress(&good[plain_from..], 1 << 20).unwrap();
    for round in 0..20_000 {
        // What a member signs need not be what the encoder made: the inside is altered, too.
        let mut wrong = plain.clone();
        for _ in 0..=random.below(3) {
            let at = random.below(wrong.len());
            wrong[at] = if round % 2 == 0 { random.next() as u8 } else { 0xff };
        }
        if round % 5 == 0 {
            wrong.truncate(random.below(wrong.len()));
        }
        let mut bytes = framed(20, 640, wrong.len() as u64, &wrong);
        if round % 3 == 0 {
            let at = random.below(bytes.len());
            bytes[at] ^= 1 << random.below(8);
        }
        if let Ok(rows) = decode(&bytes) {
            assert!(rows.iter().map(|row| row.text.len()).sum::<usize>() <= UNPACKED_MAX);
        }
    }
    for length in 0..good.len() {
        assert!(decode(&good[..length]).is_err());
    }
    assert!(decode(&[&good[..], &[0]].concat()).is_err());
}
