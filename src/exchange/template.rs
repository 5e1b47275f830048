//! Tables to fill in: the column names that an import knows, in the words of a face.

use std::io::{self, Write};

use rust_xlsxwriter::{DataValidation, DataValidationErrorStyle, Format, FormatAlign, Workbook, Worksheet};

use super::xlsx_out::{header, save};
use crate::text::width;

/// What the sheet of explanations is called: an import doesn't speak of it.
pub const GUIDES: [&str; 2] = ["How to fill in", "填写说明"];

/// The columns, by the keys of their words.
pub const COLUMNS: [&str; 22] = [
    "name",
    "kind",
    "company",
    "title",
    "department",
    "email",
    "email2",
    "mobile",
    "phone",
    "wechat",
    "website",
    "street",
    "city",
    "region",
    "postcode",
    "country",
    "birthday",
    "tags",
    "stage",
    "source",
    "starred",
    "note",
];

/// How many rows the menus reach.
const ROWS: u32 = 10_000;

/// A column to fill in.
#[derive(Clone, Debug, Default)]
pub struct Column {
    /// One of `COLUMNS`.
    pub key: &'static str,
    /// Its name, as the import knows it.
    pub name: String,
    /// What belongs there.
    pub about: String,
    /// A value.
    pub example: String,
    /// What a menu offers; empty: anything.
    pub choices: Vec<String>,
    /// Whether nothing but the choices is allowed.
    pub strict: bool,
}

/// A table to fill in, in the words of a language.
#[derive(Clone, Debug, Default)]
pub struct Template {
    /// The name of the sheet to fill in.
    pub sheet: String,
    /// One of `GUIDES`.
    pub guide: String,
    /// The names of the guide's columns: column, what it is, example, choices.
    pub guide_columns: [String; 4],
    /// What a wrong choice is answered with.
    pub wrong: String,
    /// In order.
    pub columns: Vec<Column>,
}

fn failed(error: rust_xlsxwriter::XlsxError) -> io::Error {
    io::Error::other(error.to_string())
}

impl Template {
    /// Writes the table as CSV, with the mark by which Excel knows UTF-8.
    pub fn write_csv(&self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all("\u{feff}".as_bytes())?;
        let mut table = csv::Writer::from_writer(out);
        table.write_record(self.columns.iter().map(|column| &column.name))?;
        table.flush()
    }

    /// Writes the table as XLSX, with menus, formats, and a second sheet that explains the columns.
    pub fn write_xlsx(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut workbook = Workbook::new();
        self.table(workbook.add_worksheet())?;
        self.explain(workbook.add_worksheet())?;
        save(&mut workbook, out)
    }

    fn table(&self, sheet: &mut Worksheet) -> io::Result<()> {
        sheet.set_name(&self.sheet).map_err(failed)?;
        // Typed digits stay as they are typed: +86 138..., 00420.
        let text = Format::new().set_num_format("@");
        let date = Format::new().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Left);
        for (at, column) in (0..).zip(&self.columns) {
            let format = if column.key == "birthday" { &date } else { &text };
            sheet.set_column_format(at, format).map_err(failed)?;
            let wide = width(&column.name).max(width(&column.example)).clamp(10, 28) + 3;
            sheet.set_column_width(at, wide as f64).map_err(failed)?;
            if !column.choices.is_empty() {
                sheet.add_data_validation(1, at, ROWS, at, &self.menu(column)?).map_err(failed)?;
            }
        }
        let names: Vec<String> = self.columns.iter().map(|column| column.name.clone()).collect();
        header(sheet, &names, ROWS)
    }

    fn menu(&self, column: &Column) -> io::Result<DataValidation> {
        let menu = DataValidation::new().allow_list_strings(&column.choices).map_err(failed)?;
        Ok(if column.strict {
            menu.set_error_message(&self.wrong).map_err(failed)?
        } else {
            menu.set_error_style(DataValidationErrorStyle::Information).show_error_message(false)
        })
    }

    fn explain(&self, sheet: &mut Worksheet) -> io::Result<()> {
        sheet.set_name(&self.guide).map_err(failed)?;
        let bold = Format::new().set_bold();
        let grey = Format::new().set_font_color(rust_xlsxwriter::Color::Gray);
        for (at, name) in (0..).zip(&self.guide_columns) {
            sheet.write_string_with_format(0, at, name, &bold).map_err(failed)?;
        }
        for (row, column) in (1..).zip(&self.columns) {
            sheet.write_string_with_format(row, 0, &column.name, &bold).map_err(failed)?;
            sheet.write_string(row, 1, &column.about).map_err(failed)?;
            sheet.write_string_with_format(row, 2, &column.example, &grey).map_err(failed)?;
            sheet.write_string(row, 3, column.choices.join(", ")).map_err(failed)?;
        }
        for (at, wide) in [(0, 18), (1, 64), (2, 30), (3, 40)] {
            sheet.set_column_width(at, wide).map_err(failed)?;
        }
        sheet.set_freeze_panes(1, 0).map_err(failed)?;
        Ok(())
    }
}
