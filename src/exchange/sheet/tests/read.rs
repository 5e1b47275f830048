//! What cells come out as, and which sheet is read.

use super::build::{biff8, ods, ole, record, workbook, xlsx};
use super::{cells, contacts, rows, source};
use crate::exchange::{ExchangeError, Format, Options, RowItem, SheetError, WarningKind};

fn line(bytes: &[u8], at: usize) -> Vec<String> {
    cells(bytes).remove(at).1
}

#[test]
fn every_kind_of_cell_of_an_xlsx_becomes_its_text() {
    let styles = r#"<numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/><numFmt numFmtId="165" formatCode="00000"/></numFmts>
        <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
        <cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="9"/><xf numFmtId="31"/></cellXfs>"#;
    let strings = "<si><t>Name</t></si><si><r><t>An</t></r><r><rPr/><t xml:space=\"preserve\">n &amp; </t></r><r><t>Lee</t></r><rPh><t>x</t></rPh></si><si><t>a_x000D_&#10;b</t></si>";
    let header: String = "ABCDEFGHIJKLMNOPQR"
        .chars()
        .map(|c| format!(r#"<c r="{c}1" t="inlineStr"><is><t>Col {c}</t></is></c>"#))
        .collect();
    let row = r#"<row r="3">
        <c r="A3" t="s"><v>1</v></c><c r="B3" t="s"><v>2</v></c><c r="C3"><v>13800138000</v></c><c r="D3"><v>1.3800138E10</v></c>
        <c r="E3"><v>8.6138E12</v></c><c r="F3" s="1"><v>45366</v></c><c r="G3" s="2"><v>45366.5</v></c><c r="H3" s="3"><v>45366</v></c>
        <c r="I3" s="4"><v>2139</v></c><c r="J3" s="5"><v>0.25</v></c><c r="K3" t="b"><v>1</v></c><c r="L3" t="str"><f>A1&amp;"x"</f><v>cached</v></c>
        <c r="M3"><f>1+1</f><v>2</v></c><c r="R3"><f>A3&amp;B3</f><v></v></c><c r="S3" t="str"><f>""</f><v></v></c><c r="N3" t="e"><v>#N/A</v></c><c r="O3" t="d"><v>2024-03-15T00:00:00</v></c><c r="P3" s="6"><v>45366</v></c><c r="Q3" t="inlineStr"><is><r><t>in</t></r><r><t>line</t></r></is></c></row>
        <row><c><v>5</v></c><c t="s"><v>0</v></c></row>"#;
    let bytes = xlsx(
        &format!(r#"<row r="1">{header}</row><row r="2"><c r="A2" s="1"/></row>{row}"#),
        strings,
        styles,
        "",
    );
    let found = cells(&bytes);
    assert_eq!(found.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [3, 4], "row 2 is empty");
    assert_eq!(
        found[0].1,
        [
            "Ann & Lee",
            "a\r\nb",
            "13800138000",
            "13800138000",
            "8613800000000",
            "2024-03-15",
            "2024-03-15 12:00:00",
            "2024-03-15",
            "02139",
            "0.25",
            "true",
            "cached",
            "2",
            "",
            "2024-03-15",
            "2024-03-15",
            "inline"
        ]
    );
    assert_eq!(found[1].1, ["5", "Name"]);
    let warning = rows(&bytes)[0].warnings.clone();
    let said: Vec<_> = warning.iter().map(|w| (w.column.as_str(), w.value.as_str(), w.kind)).collect();
    assert_eq!(
        said,
        [("Col R", "R3", WarningKind::CellFormula), ("Col N", "N3 (#N/A)", WarningKind::CellError)]
    );
    assert!(warning.iter().all(|warning| warning.line == 3), "{warning:?}");
}

#[test]
fn days_count_from_1904_where_the_workbook_says_so() {
    let sheet = r#"<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Name</t></is></c><c r="B1" t="inlineStr"><is><t>Birthday</t></is></c></row>
        <row r="2"><c r="A2" t="inlineStr"><is><t>Ann</t></is></c><c r="B2" s="0"><v>43904</v></c></row></sheetData></worksheet>"#;
    let bytes = workbook(r#"<workbookPr date1904="1"/>"#, &[("S", "")])
        .part("xl/styles.xml", br#"<styleSheet><cellXfs><xf numFmtId="14"/></cellXfs></styleSheet>"#)
        .part("xl/worksheets/sheet1.xml", sheet.as_bytes())
        .finish();
    assert_eq!(contacts(&bytes)[0].dates[0].date, "2024-03-15");
}

#[test]
fn merged_cells_count_for_each_row_they_cover() {
    let text = |at: &str, text: &str| format!(r#"<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>"#);
    let rows = [
        format!("<row r=\"1\">{}</row>", text("A1", "Our people")),
        format!("<row r=\"3\">{}{}</row>", text("A3", "Company"), text("B3", "Name")),
        format!("<row r=\"4\">{}{}</row>", text("A4", "Acme"), text("B4", "Ann")),
        format!("<row r=\"5\">{}</row>", text("B5", "Bob")),
        format!("<row r=\"6\">{}{}</row>", text("A6", "Other"), text("B6", "Cid")),
    ];
    let merged = r#"<mergeCells count="3"><mergeCell ref="A1:B2"/><mergeCell ref="A4:A5"/><mergeCell ref="A6:B6"/></mergeCells>"#;
    let drafts = contacts(&xlsx(&rows.concat(), "", "", merged));
    let of: Vec<(&str, &str)> = drafts.iter().map(|d| (d.get("name").unwrap(), d.company.as_str())).collect();
    assert_eq!(of, [("Ann", "Acme"), ("Bob", "Acme"), ("Cid", "Other")]);
}

fn sheet(name: &str) -> String {
    format!(
        r#"<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Name</t></is></c><c r="B1" t="inlineStr"><is><t>Email</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>{name}</t></is></c></row></sheetData></worksheet>"#
    )
}

#[test]
fn the_first_visible_table_is_read_unless_another_is_asked_for() {
    let empty = "<worksheet><sheetData/></worksheet>";
    let numbers = r#"<worksheet><sheetData><row r="1"><c r="A1"><v>5</v></c><c r="B1"><v>6</v></c></row></sheetData></worksheet>"#;
    let bytes = workbook(
        "",
        &[
            ("Menu", "state=\"hidden\""),
            ("Empty", ""),
            ("Sums", ""),
            ("2024", ""),
            ("旧 &amp; alt", ""),
            ("Also empty", ""),
        ],
    )
    .part("xl/worksheets/sheet1.xml", sheet("Hidden").as_bytes())
    .part("xl/worksheets/sheet2.xml", empty.as_bytes())
    .part("xl/worksheets/sheet3.xml", numbers.as_bytes())
    .part("xl/worksheets/sheet4.xml", sheet("Ann").as_bytes())
    .part("xl/worksheets/sheet5.xml", sheet("Old").as_bytes())
    .part("xl/worksheets/sheet6.xml", empty.as_bytes())
    .finish();
    let name = |wanted: Option<&str>| {
        let options = Options { sheet: wanted.map(str::to_owned), ..Options::default() };
        let row = source(&bytes, &options)?.next().unwrap()?;
        let RowItem::Contact(draft) = row.item else { panic!() };
        Ok::<_, ExchangeError>(draft.get("name").unwrap().to_owned())
    };
    for (wanted, found) in [
        (None, "Ann"),
        (Some("2024"), "Ann"),
        (Some("1"), "Hidden"),
        (Some("menu"), "Hidden"),
        (Some("旧 & alt"), "Old"),
        (Some("5"), "Old"),
    ] {
        assert_eq!(name(wanted).unwrap(), found, "{wanted:?}");
    }
    let Err(ExchangeError::Sheet(SheetError::UnknownSheet { known, .. })) = name(Some("9")) else { panic!() };
    assert_eq!(known, ["Menu", "Empty", "Sums", "2024", "旧 & alt", "Also empty"]);
    assert!(matches!(name(Some("Empty")), Err(ExchangeError::Sheet(SheetError::EmptySheet { .. }))));
    let source = source(&bytes, &Options::default()).unwrap();
    assert_eq!(source.format(), Format::Xlsx);
    let warning = source.warnings().iter().find(|w| w.kind == WarningKind::OtherSheets).unwrap();
    assert_eq!((warning.column.as_str(), warning.value.as_str()), ("Sums, 旧 & alt", "2024"));
    let csv = super::source(b"Name\nAnn\n", &Options { sheet: Some("1".into()), ..Options::default() });
    assert!(matches!(csv, Err(ExchangeError::Sheet(SheetError::NoSpreadsheet))));
}

#[test]
fn a_cover_before_the_table_is_passed_over() {
    let book = |sheets: &[(&str, &[&[&str]])]| {
        let mut book = rust_xlsxwriter::Workbook::new();
        for (name, rows) in sheets {
            let sheet = book.add_worksheet().set_name(*name).unwrap();
            for (row, cells) in (0..).zip(*rows) {
                for (at, cell) in (0..).zip(*cells) {
                    sheet.write(row, at, *cell).unwrap();
                }
            }
        }
        book.save_to_buffer().unwrap()
    };
    let people: &[&[&str]] = &[&["Name", "Email"], &["Ann", "ann@x.example"]];
    let cover: &[&[&str]] = &[&["Our customers"], &["Ready for the fair"]];
    let said: &[&[&str]] = &[&["Made by", "Pat"], &["For", "Sales"]];
    let odd: &[&[&str]] = &[&["Wer", "Wo"], &["Ann", "Paris"]];
    for (sheets, read) in [
        (vec![("Cover", cover), ("People", people)], "People"),
        (vec![("Cover", said), ("People", people)], "People"),
        // Nothing of it is known, but it is a table.
        (vec![("Cover", cover), ("Leute", odd), ("More", cover)], "Leute"),
        (vec![("2024", people), ("2023", people)], "2024"),
        (vec![("Notes", cover)], "Notes"),
    ] {
        let bytes = book(&sheets);
        let source = source(&bytes, &Options::default()).unwrap();
        let (names, at) = source.sheets().unwrap();
        assert_eq!(names[at], read);
        let others = source.warnings().iter().filter(|w| w.kind == WarningKind::OtherSheets).count();
        assert_eq!(others, usize::from(sheets.len() > 1), "{read}");
    }
}

#[test]
fn a_chinese_crm_s_workbook_finds_its_fields() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let header = [
        "姓名",
        "客户名称",
        "职务",
        "部门",
        "手机",
        "电话",
        "邮件",
        "微信",
        "生日",
        "负责人",
        "创建时间",
        "联系人编号",
    ];
    let date = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
    for (at, name) in (0..).zip(header) {
        sheet.write(0, at, name).unwrap();
    }
    for (at, text) in (0..).zip(["王伟", "星云科技有限公司", "采购经理", "采购部"]) {
        sheet.write(1, at, text).unwrap();
    }
    sheet.write(1, 4, 13_800_138_000_f64).unwrap();
    sheet.write(1, 5, "010-55550131").unwrap();
    sheet.write(1, 6, "wangwei@xingyun.example").unwrap();
    sheet.write(1, 7, "wangwei_xy").unwrap();
    sheet.write_number_with_format(1, 8, 32_211, &date).unwrap();
    sheet.write(1, 9, "李娜").unwrap();
    sheet.write(1, 10, "2024-05-06 07:08").unwrap();
    sheet.write(1, 11, 100_000_000_000_123_f64).unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let draft = contacts(&bytes).remove(0);
    assert_eq!((draft.get("name"), draft.company.as_str()), (Some("王伟"), "星云科技有限公司"));
    let values: Vec<&str> = draft.methods.iter().map(|m| m.value.as_str()).collect();
    assert_eq!(values, ["13800138000", "010-55550131", "wangwei@xingyun.example", "wangwei_xy"]);
    assert_eq!((draft.dates[0].date.as_str(), draft.get("owner")), ("1988-03-09", Some("李娜")));
    let extras: Vec<&str> = draft.extras.iter().map(|extra| extra.value.as_str()).collect();
    let own = draft.external_id.as_deref().into_iter().chain(extras).collect::<Vec<_>>();
    assert!(own.contains(&"100000000000123") && own.contains(&"2024-05-06 07:08"), "{own:?}");
}

#[test]
fn every_kind_of_cell_of_an_ods_becomes_its_text() {
    let cell = |kind: &str, attributes: &str, text: &str| {
        format!(
            r#"<table:table-cell office:value-type="{kind}" {attributes}><text:p>{text}</text:p></table:table-cell>"#
        )
    };
    let header: String =
        ["Name", "A", "B", "C", "D", "E", "F", "G", "H", "I"].map(|n| cell("string", "", n)).concat();
    let row = [
        r#"<table:table-cell office:value-type="string" table:number-rows-spanned="3"><office:annotation><text:p>a comment</text:p></office:annotation><text:p>Ann<text:s text:c="2"/><text:span>Lee</text:span></text:p><text:p>&lt;2&gt;</text:p></table:table-cell>"#.to_owned(),
        cell("float", r#"office:value="13800138000""#, "1.38E+10"),
        cell("float", r#"office:value="2139""#, "02139"),
        cell("percentage", r#"office:value="0.25""#, "25%"),
        cell("currency", r#"office:value="9.5""#, "9,50 €"),
        cell("date", r#"office:date-value="2024-03-15""#, "15.03.24"),
        cell("date", r#"office:date-value="2024-03-15T08:30:00""#, "x"),
        cell("time", r#"office:time-value="PT12H30M00S""#, "12:30"),
        cell("boolean", r#"office:boolean-value="true""#, "WAHR"),
        cell("string", r#"calcext:value-type="error" table:formula="of:=NA()""#, "#N/A"),
    ]
    .concat();
    let table = format!(
        r#"<table:table table:name="H" table:style-name="hid"><table:table-row>{header}</table:table-row></table:table>
        <table:table table:name="T"><table:table-column/><table:table-header-rows><table:table-row>{header}</table:table-row></table:table-header-rows>
        <table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
        <table:table-row>{row}</table:table-row>
        <table:table-row table:number-rows-repeated="2"><table:covered-table-cell/><table:table-cell table:number-columns-repeated="2" office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>
        <table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row></table:table>"#
    );
    let bytes = ods(&table);
    assert_eq!(source(&bytes, &Options::default()).unwrap().format(), Format::Ods);
    let found = cells(&bytes);
    assert_eq!(
        found[0],
        (
            4,
            [
                "Ann  Lee\n<2>",
                "13800138000",
                "02139",
                "0.25",
                "9.5",
                "2024-03-15",
                "2024-03-15 08:30:00",
                "12:30",
                "true"
            ]
            .map(str::to_owned)
            .to_vec()
        )
    );
    assert_eq!(found[1], (5, ["Ann  Lee\n<2>", "x", "x"].map(str::to_owned).to_vec()));
    assert_eq!(found[2], (6, ["Ann  Lee\n<2>", "x", "x"].map(str::to_owned).to_vec()));
    assert_eq!(found.len(), 3);
    assert_eq!(rows(&bytes)[0].warnings[0].value, "J4 (#N/A)");
}

/// row, column, style.
fn head(row: u16, column: u16, style: u16) -> Vec<u8> {
    [row, column, style].into_iter().flat_map(u16::to_le_bytes).collect()
}

pub(super) fn xls() -> Vec<u8> {
    let mut cells = Vec::new();
    let put = |cells: &mut Vec<u8>, kind: u16, place: (u16, u16, u16), data: &[u8]| {
        record(cells, kind, &[head(place.0, place.1, place.2), data.to_vec()].concat());
    };
    for column in 0..3_u16 {
        put(&mut cells, 0x00fd, (0, column, 0), &u32::from(column).to_le_bytes());
    }
    put(&mut cells, 0x0204, (0, 3, 0), b"\x04\0\0Paid");
    put(&mut cells, 0x00fd, (1, 0, 0), &3_u32.to_le_bytes());
    put(&mut cells, 0x0203, (1, 1, 0), &13_800_138_000_f64.to_le_bytes());
    put(&mut cells, 0x027e, (1, 2, 1), &((32_211_u32 << 2) | 2).to_le_bytes());
    put(&mut cells, 0x0205, (1, 3, 0), &[1, 0]);
    // A formula whose text comes in the next record, and an error.
    put(&mut cells, 0x0006, (2, 0, 0), &[0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0]);
    record(&mut cells, 0x0207, b"\x03\0\0Bob");
    let numbers = [[0, 0, 0x0e, 0, 0, 0], [1, 0, 0x4e, 0xf7, 0x01, 0]].concat();
    put(&mut cells, 0x00bd, (2, 1, 0), &[&numbers[2..], &[2, 0][..]].concat());
    put(&mut cells, 0x0205, (2, 3, 0), &[0x2a, 1]);
    record(&mut cells, 0x00e5, &[1, 0, 1, 0, 1, 0, 0, 0, 1, 0]);
    let format = [&[164, 0, 8, 0, 0][..], b"yyyy-m-d"].concat();
    let globals = vec![
        (0x0042, 1200_u16.to_le_bytes().to_vec()),
        (0x041e, format),
        (0x00e0, vec![0; 20]),
        (0x00e0, [vec![0, 0, 164, 0], vec![0; 16]].concat()),
    ];
    let mut empty = Vec::new();
    record(&mut empty, 0x0201, &head(0, 0, 0));
    let sheets = vec![("空", 0, empty), ("联系人", 0, cells)];
    ole("Workbook", &biff8(&globals, &["Name", "手机号码", "Birthday", "王小伟"], &sheets))
}

#[test]
fn every_kind_of_cell_of_an_xls_becomes_its_text() {
    let bytes = xls();
    let source = source(&bytes, &Options::default()).unwrap();
    assert_eq!(source.format(), Format::Xls);
    let names: Vec<&str> = source.plan().unwrap().columns.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["Name", "手机号码", "Birthday", "Paid"]);
    assert_eq!(line(&bytes, 0), ["王小伟", "13800138000", "1988-03-09", "true"]);
    assert_eq!(line(&bytes, 1)[..2], ["Bob", "3"]);
    assert_eq!(rows(&bytes)[1].warnings[0].value, "D3 (#N/A)");
}

#[test]
fn another_reader_sees_the_same_in_the_xls_made_here() {
    use calamine::{Data, Reader, Xls};
    let mut book = Xls::new(std::io::Cursor::new(xls())).unwrap();
    let range = book.worksheet_range("联系人").unwrap();
    assert_eq!(range.get((1, 0)), Some(&Data::String("王小伟".into())));
    assert_eq!(range.get((1, 1)), Some(&Data::Float(13_800_138_000.0)));
    assert_eq!(range.get((2, 0)), Some(&Data::String("Bob".into())));
}
