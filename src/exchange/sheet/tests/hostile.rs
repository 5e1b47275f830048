//! Workbooks that lie about their size, are cut off, or are none.

use super::build::{ODS_HEAD, ODS_TAIL, Zip, biff8, ods, ole, record, workbook, xlsx};
use super::{cells, contacts, refused, rows, source};
use crate::exchange::{ExchangeError, Options, RowItem, SheetError, WarningKind};

const TEXT: &str = r#"<c r="A1" t="inlineStr"><is><t>Name</t></is></c>"#;

#[test]
fn one_cell_in_the_last_row_and_column_is_one_cell() {
    let far = r#"<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>Ann</t></is></c></row>"#;
    let found = rows(&xlsx(far, "", "", ""));
    assert!(found.is_empty(), "the only row is the header");
    let found = cells(&xlsx(&format!("<row r=\"1\">{TEXT}</row>{far}"), "", "", ""));
    assert_eq!((found[0].0, found[0].1.len()), (1_048_576, 16_384), "in the sample all columns are kept");
    for beyond in ["XFE1", "A1048577", "AAAAAAAAAA1"] {
        let row = beyond.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        let cell = format!(r#"<row r="{row}"><c r="{beyond}"><v>1</v></c></row>"#);
        let found =
            source(&xlsx(&format!("<row r=\"1\">{TEXT}</row>{cell}"), "", "", ""), &Options::default());
        assert!(matches!(found, Err(ExchangeError::Sheet(SheetError::Beyond { .. }))), "{beyond}");
    }
}

#[test]
fn what_unpacks_to_far_more_than_it_should_is_refused() {
    let strings = workbook("", &[("S", "")])
        .bomb("xl/sharedStrings.xml", "<sst>", "<si><t>aaaaaaaa</t></si>", 3_000_000, "</sst>")
        .part(
            "xl/worksheets/sheet1.xml",
            format!("<worksheet><sheetData><row r=\"1\">{TEXT}</row></sheetData></worksheet>").as_bytes(),
        );
    let cells = workbook("", &[("S", "")]).bomb(
        "xl/worksheets/sheet1.xml",
        &format!("<worksheet><sheetData><row r=\"1\">{TEXT}</row>"),
        "<row><c><v>1</v></c></row>",
        3_000_000,
        "</sheetData></worksheet>",
    );
    let spaces =
        Zip::default().bomb("content.xml", ODS_HEAD, "<table:none></table:none>", 3_000_000, ODS_TAIL);
    let liar = workbook("", &[("S", "")])
        .bomb(
            "xl/worksheets/sheet1.xml",
            "<worksheet><sheetData>",
            "<row></row>",
            5_000_000,
            "</sheetData></worksheet>",
        )
        .lying();
    for (what, book) in [("a lie", liar), ("strings", strings), ("cells", cells), ("spaces", spaces)] {
        let found = refused(&book.finish());
        assert!(matches!(found, Some(SheetError::Unpacks { .. })), "{what}: {found:?}");
    }
    let long = "x".repeat(3 << 20);
    for text in [
        format!(r#"<c r="A2" t="inlineStr"><is><t>{long}</t></is></c>"#),
        format!("<c r=\"A2\"><!--{long}--></c>"),
    ] {
        let found =
            refused(&xlsx(&format!("<row r=\"1\">{TEXT}</row><row r=\"2\">{text}</row>"), "", "", ""));
        assert!(matches!(found, Some(SheetError::LongCell { .. })), "{found:?}");
    }
}

#[test]
fn an_ods_that_repeats_without_end_is_read_once() {
    let cell = |text: &str, more: &str| {
        format!(
            r#"<table:table-cell office:value-type="string" {more}><text:p>{text}</text:p></table:table-cell>"#
        )
    };
    let row = |cells: &str, more: &str| format!("<table:table-row {more}>{cells}</table:table-row>");
    let table = |rows: String| ods(&format!(r#"<table:table table:name="T">{rows}</table:table>"#));
    let header = row(&cell("Name", ""), "");
    let found =
        rows(&table(header.clone() + &row(&cell("Ann", ""), r#"table:number-rows-repeated="1048575""#)));
    assert_eq!(found.len(), 1);
    assert!(matches!(found[0].item, RowItem::Contact(_)));
    assert_eq!(found[0].warnings[0].kind, WarningKind::Repeated);
    let found = rows(&table(header.clone() + &row(&cell("Ann", ""), r#"table:number-rows-repeated="3""#)));
    assert_eq!(found.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 3, 4]);
    let wide = cell("x", r#"table:number-columns-repeated="4000000000""#);
    let found = refused(&table(header.clone() + &row(&wide, "")));
    assert_eq!(found, Some(SheetError::Beyond { row: 2 }));
    let heavy = cell(&"x".repeat(1 << 20), r#"table:number-columns-repeated="16000""#);
    let found = rows(&table(header + &row(&heavy, "")));
    assert!(matches!(found[0].item, RowItem::Bad(_)), "longer than a record may be");
}

#[test]
fn what_is_no_workbook_is_said_to_be_none() {
    assert_eq!(refused(&Zip::default().part("folder/", b"").finish()), Some(SheetError::NoWorkbook));
    let letter = Zip::default()
        .part(
            "content.xml",
            b"<office:document-content><office:body><office:text/></office:body></office:document-content>",
        )
        .finish();
    assert_eq!(refused(&letter), Some(SheetError::NoWorkbook));
    let document =
        Zip::default().part("[Content_Types].xml", b"<Types/>").part("word/document.xml", b"<w/>").finish();
    assert_eq!(refused(&document), Some(SheetError::NoWorkbook));
    assert_eq!(refused(&workbook("", &[]).finish()), Some(SheetError::NoSheets));
    assert_eq!(refused(&ole("WordDocument", b"x")), Some(SheetError::NoWorkbook));
    assert_eq!(refused(&ole("EncryptedPackage", b"x")), Some(SheetError::Encrypted));
    let mut password = Vec::new();
    record(&mut password, 0x0809, &[0, 6, 5, 0]);
    record(&mut password, 0x002f, &[1, 0]);
    assert_eq!(refused(&ole("Workbook", &password)), Some(SheetError::Encrypted));
    let secret = br#"<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>"#;
    let secret = Zip::default().part("content.xml", b"x").part("META-INF/manifest.xml", secret).finish();
    assert_eq!(refused(&secret), Some(SheetError::Encrypted));
    let binary = Zip::default()
        .part("_rels/.rels", br#"<Relationships><Relationship Id="a" Type="http://x/officeDocument" Target="xl/workbook.bin"/></Relationships>"#)
        .part("xl/workbook.bin", b"x")
        .finish();
    assert_eq!(refused(&binary), Some(SheetError::Xlsb));
    for empty in [
        xlsx("", "", "", ""),
        ods("<table:table table:name=\"T\"/>"),
        ole("Workbook", &biff8(&[], &[], &[("S", 0, Vec::new())])),
    ] {
        assert!(matches!(source(&empty, &Options::default()), Err(ExchangeError::Empty)));
    }
}

#[test]
fn a_workbook_that_is_cut_off_or_broken_anywhere_is_refused_or_read_but_never_a_panic() {
    let books = [
        xlsx(
            &format!("<row r=\"1\">{TEXT}</row><row r=\"2\"><c r=\"A2\" t=\"s\"><v>0</v></c></row>"),
            "<si><t>Ann</t></si>",
            "",
            "",
        ),
        ods(
            r#"<table:table table:name="T"><table:table-row><table:table-cell office:value-type="string"><text:p>Name</text:p></table:table-cell></table:table-row></table:table>"#,
        ),
        super::read::xls(),
    ];
    for book in books {
        for end in (0..book.len()).step_by(41) {
            let cut = source(&book[..end], &Options::default()).map(|source| source.take(1000).count());
            assert!(!(8..=1500).contains(&end) || cut.is_err(), "{end}");
        }
        for at in (0..book.len().min(6000)).step_by(3) {
            for bits in [0x01, 0x80, 0xff] {
                let mut broken = book.clone();
                broken[at] ^= bits;
                if let Ok(source) = source(&broken, &Options::default()) {
                    assert!(source.take(100_000).count() < 100_000);
                }
            }
        }
    }
}

#[test]
fn an_xls_that_is_cut_off_within_a_sector_comes_to_an_end() {
    let mut cells = Vec::new();
    record(&mut cells, 0x0204, b"\0\0\0\0\0\0\x04\0\0Name");
    let whole = ole("Workbook", &biff8(&[], &[], &[("S", 0, cells)]));
    // Each time the last sector is there in part.
    for missing in [1, 100, 300, 511] {
        let cut = &whole[..whole.len() - missing];
        if let Ok(source) = source(cut, &Options::default()) {
            assert!(source.count() <= 1, "{missing} bytes are missing");
        }
    }
}

#[test]
fn chains_of_sectors_that_run_in_a_circle_end() {
    let mut book = super::read::xls();
    // The table of sectors stands in the second sector: every sector is followed by the third.
    for at in (1024..1024 + 512).step_by(4) {
        book[at..at + 4].copy_from_slice(&3_u32.to_le_bytes());
    }
    assert!(matches!(refused(&book), Some(SheetError::Damaged { .. })));
}

#[test]
fn as_many_columns_and_rows_as_there_can_be_are_read() {
    let header: String = (0..16_384)
        .map(|at| {
            format!(
                r#"<c t="inlineStr"><is><t>{}</t></is></c>"#,
                if at == 0 { "Name".to_owned() } else { format!("Nr {at}") }
            )
        })
        .collect();
    let found = cells(&xlsx(
        &format!("<row>{header}</row><row><c t=\"inlineStr\"><is><t>Ann</t></is></c></row>"),
        "",
        "",
        "",
    ));
    assert_eq!(found.len(), 1);
    let mut nearly: String = format!("<row r=\"1\">{TEXT}</row>");
    (2..=1_048_575)
        .for_each(|row| nearly.push_str(&format!("<row r=\"{row}\"><c r=\"A{row}\" s=\"1\"/></row>")));
    nearly.push_str("<row r=\"1048576\"><c r=\"A1048576\" t=\"str\"><v>Ann</v></c></row>");
    let found = cells(&xlsx(&nearly, "", "", ""));
    assert_eq!(found, [(1_048_576, vec!["Ann".to_owned()])]);
}

#[test]
fn an_archive_of_one_table_is_that_table_and_of_several_is_refused_with_their_names() {
    let table = b"Email Address,First Name,MEMBER_RATING\nann@x.example,Ann,2\n";
    let aside =
        |zip: Zip| zip.part("__MACOSX/._members.csv", b"\0\0").part("export/", b"").part("readme.txt", b"x");
    let one = aside(Zip::default()).part("export/members.CSV", table).finish();
    assert_eq!(contacts(&one)[0].get("given"), Some("Ann"));
    assert_eq!(source(&one, &Options::default()).unwrap().system(), "mailchimp");
    let sheet = source(&one, &Options { sheet: Some("1".into()), ..Options::default() });
    assert!(matches!(sheet, Err(ExchangeError::Sheet(SheetError::NoSpreadsheet))));
    let three = aside(Zip::default()).part("subscribed.csv", table).part("cleaned.csv", table).finish();
    let files = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(
        refused(&three),
        Some(SheetError::Archive { files: files(&["subscribed.csv", "cleaned.csv"]) })
    );
    let none = aside(Zip::default()).finish();
    assert_eq!(refused(&none), Some(SheetError::Archive { files: files(&["readme.txt"]) }));
    let many = (0..30).fold(Zip::default(), |zip, at| zip.part(&format!("{at}.csv"), table)).finish();
    let Some(SheetError::Archive { files }) = refused(&many) else { panic!() };
    assert_eq!((files.len(), files[10].as_str()), (11, "…"));
    // What unpacks without an end is given up, and an archive within it stays packed.
    let bomb = || Zip::default().bomb("a.csv", "Name,Email\n", "\n", 40_000_000, "Ann,a@x.example\n");
    for bomb in [bomb(), bomb().lying()] {
        assert!(matches!(refused(&bomb.finish()), Some(SheetError::Unpacks { .. })));
    }
    let nested = Zip::default().part("a.csv", &one).finish();
    assert!(matches!(source(&nested, &Options::default()), Err(ExchangeError::Binary)));
}
