//! What a stream of bytes is, by content.

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Format {
    /// Separated values of any kind.
    Csv,
    /// One JSON value.
    Json,
    /// A JSON value a line.
    Jsonl,
    Vcard,
    ICalendar,
    Ldif,
    Xml,
    Html,
    /// Excel since 2007.
    Xlsx,
    /// Excel up to 2003, and other OLE documents.
    Xls,
    Ods,
    Sqlite,
    Zip,
    Gzip,
    Pdf,
}

impl Format {
    /// What it is called, in any language.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::Json => "JSON",
            Self::Jsonl => "JSONL",
            Self::Vcard => "vCard",
            Self::ICalendar => "iCalendar",
            Self::Ldif => "LDIF",
            Self::Xml => "XML",
            Self::Html => "HTML",
            Self::Xlsx => "XLSX",
            Self::Xls => "XLS",
            Self::Ods => "ODS",
            Self::Sqlite => "SQLite",
            Self::Zip => "ZIP",
            Self::Gzip => "gzip",
            Self::Pdf => "PDF",
        }
    }
}
