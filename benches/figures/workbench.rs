//! The temporary folder, and the files and books in it.

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::options::Options;
use crate::{Error, generator, process};

/// The release binary under measurement.
pub const ROLO: &str = env!("CARGO_BIN_EXE_rolo");

/// Where figures are taken; everything in it is gone afterwards.
pub struct Workbench {
    folder: TempDir,
    /// How to measure.
    pub options: Options,
}

impl Workbench {
    /// An empty one.
    pub fn new(options: Options) -> Result<Self, Error> {
        let folder = tempfile::Builder::new().prefix("rolo-figures-").tempdir()?;
        fs::create_dir(folder.path().join("home"))?;
        Ok(Self { folder, options })
    }

    /// A file in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The environment that rolo and its peers run in: nobody's settings, UTF-8.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        let home = self.path("home").to_string_lossy().into_owned();
        let path = std::env::var("PATH").unwrap_or_default();
        vec![
            ("PATH", path),
            ("TERM", "xterm-256color".to_owned()),
            ("LANG", "C.UTF-8".to_owned()),
            ("XDG_DATA_HOME", format!("{home}/data")),
            ("XDG_STATE_HOME", format!("{home}/state")),
            ("XDG_CONFIG_HOME", format!("{home}/config")),
            ("HOME", home),
        ]
    }

    /// A command with that environment.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env_clear().envs(self.environment());
        command
    }

    /// rolo on a book.
    pub fn rolo(&self, book: &Path) -> Command {
        let mut command = self.command(ROLO);
        command.arg("--book").arg(book);
        command
    }

    /// Google's CSV with this many contacts.
    pub fn google(&self, rows: usize) -> Result<PathBuf, Error> {
        self.once(&format!("google-{rows}.csv"), |file| {
            Ok(generator::write_google_csv(
                rows,
                self.options.seed,
                &mut BufWriter::new(File::create(file)?),
            )?)
        })
    }

    /// The same contacts as lines.
    pub fn lines(&self, rows: usize) -> Result<PathBuf, Error> {
        self.once(&format!("lines-{rows}.tsv"), |file| {
            Ok(generator::write_lines(rows, self.options.seed, &mut BufWriter::new(File::create(file)?))?)
        })
    }

    /// The same contacts as abook's file.
    pub fn abook(&self, rows: usize) -> Result<PathBuf, Error> {
        self.once(&format!("abook-{rows}"), |file| {
            Ok(generator::write_abook(rows, self.options.seed, &mut BufWriter::new(File::create(file)?))?)
        })
    }

    /// The same contacts as one file of cards.
    pub fn vcards(&self, rows: usize) -> Result<PathBuf, Error> {
        self.once(&format!("cards-{rows}.vcf"), |file| {
            Ok(generator::write_vcards(rows, self.options.seed, &mut BufWriter::new(File::create(file)?))?)
        })
    }

    /// The same contacts as a folder of cards.
    pub fn cards(&self, rows: usize) -> Result<PathBuf, Error> {
        self.once(&format!("cards-{rows}"), |folder| {
            Ok(generator::write_vcf_dir(rows, self.options.seed, folder)?)
        })
    }

    /// A book of this many contacts, imported by rolo itself.
    pub fn book(&self, rows: usize) -> Result<PathBuf, Error> {
        let file = self.google(rows)?;
        self.once(&format!("book-{rows}.rolo"), |book| {
            process::time(self.rolo(book).arg("import").arg(&file))?;
            if book.is_file() { Ok(()) } else { Err("rolo import made no book".into()) }
        })
    }

    /// Makes a file unless an earlier figure already did.
    fn once(&self, name: &str, make: impl FnOnce(&Path) -> Result<(), Error>) -> Result<PathBuf, Error> {
        let path = self.path(name);
        if !path.exists() {
            eprintln!("  making {name}");
            if let Err(error) = make(&path) {
                remove(&path);
                return Err(error);
            }
        }
        Ok(path)
    }

    /// What the figures were taken on and against, as a sentence.
    pub fn machine(&self) -> String {
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let model = info.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or("");
        let model = model.trim_start_matches([' ', '\t', ':']);
        let peers = ["sqlite3", "fzf", "abook", "khard"];
        let versions: Vec<String> = peers.into_iter().filter_map(process::version).collect();
        format!(
            "{} {}, {cores} cores{}{model}; {}; {} runs after a warm-up, in turns; seed {}.",
            std::env::consts::OS,
            std::env::consts::ARCH,
            if model.is_empty() { "" } else { ", " },
            versions.join(", "),
            self.options.runs,
            self.options.seed
        )
    }
}

/// Removes a book and what SQLite keeps beside it, or a folder.
pub fn remove(path: &Path) {
    let _ = fs::remove_dir_all(path);
    for suffix in ["", "-wal", "-shm", "-journal"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        let _ = fs::remove_file(name);
    }
}

/// `100000` as `100,000`.
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
