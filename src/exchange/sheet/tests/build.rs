//! Workbooks written by hand: ZIP archives, OLE files, and what stands in them.

use std::io::Write;

use flate2::Compression;
use flate2::write::DeflateEncoder;

/// A ZIP archive that is written as it grows.
#[derive(Default)]
pub(super) struct Zip {
    out: Vec<u8>,
    directory: Vec<u8>,
    count: u16,
}

impl Zip {
    pub(super) fn part(mut self, name: &str, content: &[u8]) -> Self {
        self.add(name, content.len() as u64, |out| out.write_all(content));
        self
    }

    /// A part that is a head, `times` times the middle, and a tail.
    pub(super) fn bomb(mut self, name: &str, head: &str, middle: &str, times: usize, tail: &str) -> Self {
        let many = middle.repeat(1 + (64 << 10) / middle.len());
        let each = many.len() / middle.len();
        let size = head.len() + times.div_ceil(each) * many.len() + tail.len();
        self.add(name, size as u64, |out| {
            out.write_all(head.as_bytes())?;
            (0..times.div_ceil(each)).try_for_each(|_| out.write_all(many.as_bytes()))?;
            out.write_all(tail.as_bytes())
        });
        self
    }

    /// Makes every part out to be small.
    pub(super) fn lying(mut self) -> Self {
        let mut at = 0;
        while let Some(head) = self.directory.get(at..at + 46) {
            let name = usize::from(u16::from_le_bytes([head[28], head[29]]));
            self.directory[at + 24..at + 28].copy_from_slice(&100_u32.to_le_bytes());
            at += 46 + name;
        }
        self
    }

    fn add(&mut self, name: &str, size: u64, write: impl Fn(&mut dyn Write) -> std::io::Result<()>) {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        write(&mut encoder).unwrap();
        let packed = encoder.finish().unwrap();
        let at = self.out.len() as u32;
        let mut common = vec![20, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        common.extend((packed.len() as u32).to_le_bytes());
        common.extend((size.min(0xffff_fffe) as u32).to_le_bytes());
        common.extend((name.len() as u16).to_le_bytes());
        common.extend([0, 0]);
        self.out.extend(b"PK\x03\x04");
        self.out.extend(&common);
        self.out.extend(name.as_bytes());
        self.out.extend(&packed);
        self.directory.extend(b"PK\x01\x02\x14\x00");
        self.directory.extend(&common);
        self.directory.extend([0; 10]);
        self.directory.extend(at.to_le_bytes());
        self.directory.extend(name.as_bytes());
        self.count += 1;
    }

    pub(super) fn finish(mut self) -> Vec<u8> {
        let at = self.out.len() as u32;
        self.out.extend(&self.directory);
        self.out.extend(b"PK\x05\x06\0\0\0\0");
        self.out.extend(self.count.to_le_bytes());
        self.out.extend(self.count.to_le_bytes());
        self.out.extend((self.directory.len() as u32).to_le_bytes());
        self.out.extend(at.to_le_bytes());
        self.out.extend([0, 0]);
        self.out
    }
}

const RELS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;

/// The frame of an XLSX file; its sheets are `xl/worksheets/sheet1.xml` and so on.
pub(super) fn workbook(properties: &str, sheets: &[(&str, &str)]) -> Zip {
    let mut list = String::new();
    let mut rels = String::new();
    for (number, (name, state)) in (1..).zip(sheets) {
        list.push_str(&format!(r#"<sheet name="{name}" sheetId="{number}" {state} r:id="s{number}"/>"#));
        rels.push_str(&format!(
            r#"<Relationship Id="s{number}" Type="http://x/relationships/worksheet" Target="worksheets/sheet{number}.xml"/>"#
        ));
    }
    let book = format!(
        r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://r">{properties}<sheets>{list}</sheets></workbook>"#
    );
    let rels = format!(
        r#"<Relationships>{rels}<Relationship Id="a" Type="http://x/relationships/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="b" Type="http://x/relationships/styles" Target="/xl/styles.xml"/></Relationships>"#
    );
    Zip::default()
        .part("_rels/.rels", RELS.as_bytes())
        .part("xl/workbook.xml", book.as_bytes())
        .part("xl/_rels/workbook.xml.rels", rels.as_bytes())
}

/// An XLSX file of one sheet.
pub(super) fn xlsx(rows: &str, strings: &str, styles: &str, after: &str) -> Vec<u8> {
    workbook("", &[("S", "")])
        .part("xl/sharedStrings.xml", format!("<sst>{strings}</sst>").as_bytes())
        .part("xl/styles.xml", format!("<styleSheet>{styles}</styleSheet>").as_bytes())
        .part(
            "xl/worksheets/sheet1.xml",
            format!("<worksheet><sheetData>{rows}</sheetData>{after}</worksheet>").as_bytes(),
        )
        .finish()
}

pub(super) const ODS_HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x" xmlns:style="s" xmlns:calcext="c"><office:automatic-styles><style:style style:name="hid" style:family="table"><style:table-properties table:display="false"/></style:style></office:automatic-styles><office:body><office:spreadsheet>"#;
pub(super) const ODS_TAIL: &str = "</office:spreadsheet></office:body></office:document-content>";

/// An ODS file with these tables.
pub(super) fn ods(tables: &str) -> Vec<u8> {
    Zip::default()
        .part("mimetype", b"application/vnd.oasis.opendocument.spreadsheet")
        .part("content.xml", format!("{ODS_HEAD}{tables}{ODS_TAIL}").as_bytes())
        .finish()
}

/// A record of BIFF.
pub(super) fn record(out: &mut Vec<u8>, kind: u16, data: &[u8]) {
    out.extend(kind.to_le_bytes());
    out.extend((data.len() as u16).to_le_bytes());
    out.extend(data);
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// The stream of a BIFF8 workbook: the strings stand in pieces as records allow, `cells` are the records of each sheet.
pub(super) fn biff8(globals: &[(u16, Vec<u8>)], strings: &[&str], sheets: &[(&str, u8, Vec<u8>)]) -> Vec<u8> {
    let mut sst = Vec::new();
    sst.extend((strings.len() as u32).to_le_bytes());
    sst.extend((strings.len() as u32).to_le_bytes());
    let mut tail: Vec<Vec<u8>> = Vec::new();
    for text in strings {
        let head = tail.last_mut().unwrap_or(&mut sst);
        head.extend((text.encode_utf16().count() as u16).to_le_bytes());
        if text.is_ascii() {
            head.push(0);
            head.extend(text.as_bytes());
        } else {
            // Rich text with a reading; the characters go on in the next record, from the second on.
            head.push(1 | 8 | 4);
            head.extend(1_u16.to_le_bytes());
            head.extend(3_u32.to_le_bytes());
            let bytes = wide(text);
            head.extend(&bytes[..2]);
            let mut rest = vec![1];
            rest.extend(&bytes[2..]);
            rest.extend([0; 4 + 3]);
            tail.push(rest);
        }
    }
    let mut bof = 0x0600_u16.to_le_bytes().to_vec();
    bof.extend([5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let mut out = Vec::new();
    // The places of the sheets are known when all before them is written, so it is written twice.
    for pass in 0..2 {
        let mut at = Vec::new();
        if pass == 1 {
            let mut next = out.len();
            for (.., cells) in sheets {
                at.push(next as u32);
                next += cells.len() + 4 + bof.len() + 4;
            }
        }
        out.clear();
        record(&mut out, 0x0809, &bof);
        for (kind, data) in globals {
            record(&mut out, *kind, data);
        }
        for (index, (name, hidden, _)) in sheets.iter().enumerate() {
            let mut data = at.get(index).copied().unwrap_or(0).to_le_bytes().to_vec();
            data.extend([*hidden, 0, name.encode_utf16().count() as u8, 1]);
            data.extend(wide(name));
            record(&mut out, 0x0085, &data);
        }
        record(&mut out, 0x00fc, &sst);
        for rest in &tail {
            record(&mut out, 0x003c, rest);
        }
        record(&mut out, 0x000a, &[]);
    }
    for (.., cells) in sheets {
        record(&mut out, 0x0809, &bof);
        out.extend(cells);
        record(&mut out, 0x000a, &[]);
    }
    out
}

/// An OLE file with one stream.
pub(super) fn ole(name: &str, stream: &[u8]) -> Vec<u8> {
    let mut stream = stream.to_vec();
    let length = stream.len().max(4096);
    stream.resize(length.div_ceil(512) * 512, 0);
    let sectors = stream.len() / 512;
    let fats = (sectors + 2).div_ceil(127) + 1;
    let mut out = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    out.resize(24, 0);
    out.extend([0x3e, 0, 3, 0, 0xfe, 0xff, 9, 0, 6, 0]);
    out.resize(44, 0);
    out.extend((fats as u32).to_le_bytes());
    out.extend(0_u32.to_le_bytes());
    out.extend([0; 4]);
    out.extend(4096_u32.to_le_bytes());
    out.extend(0xffff_fffe_u32.to_le_bytes());
    out.extend([0; 4]);
    out.extend(0xffff_fffe_u32.to_le_bytes());
    out.extend([0; 4]);
    (0..109_u32).for_each(|at| {
        let id = if (at as usize) < fats { 1 + at } else { 0xffff_ffff };
        out.extend(id.to_le_bytes());
    });
    assert_eq!(out.len(), 512);
    // Sector 0 is the folder, then the table, then the stream.
    for (entry, kind, start, size) in
        [("Root Entry", 5, 0xffff_fffe_u32, 0), (name, 2, 1 + fats as u32, length)]
    {
        let mut data = wide(entry);
        data.resize(64, 0);
        data.extend((entry.len() as u16 * 2 + 2).to_le_bytes());
        data.extend([kind, 1]);
        data.extend([0xff; 8]);
        data.extend(if kind == 5 { 1_u32 } else { 0xffff_ffff }.to_le_bytes());
        data.resize(116, 0);
        data.extend(start.to_le_bytes());
        data.extend((size as u32).to_le_bytes());
        data.resize(128, 0);
        out.extend(data);
    }
    out.resize(1024, 0);
    let mut table = vec![0xffff_fffe_u32];
    table.resize(1 + fats, 0xffff_fffd);
    table.extend((0..sectors).map(|at| if at + 1 == sectors { 0xffff_fffe } else { (2 + fats + at) as u32 }));
    table.resize(fats * 128, 0xffff_ffff);
    out.extend(table.into_iter().flat_map(u32::to_le_bytes));
    out.extend(stream);
    out
}
