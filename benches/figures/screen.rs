//! rolo's screen in a pseudo-terminal that reads `ROLO_TRACE`: lines of a name and a number of microseconds.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use crate::Error;
use crate::workbench::{ROLO, Workbench};

const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_micros(500);
type Keys = Arc<Mutex<Box<dyn Write + Send>>>;

/// A running screen.
pub struct Screen {
    child: Box<dyn Child + Send + Sync>,
    keys: Keys,
    trace: PathBuf,
    // Closing it hangs up on the child.
    _master: Box<dyn MasterPty + Send>,
}

impl Screen {
    /// Starts rolo on a book, 120 columns by 40 rows.
    pub fn open(bench: &Workbench, book: &Path) -> Result<Self, Error> {
        let pair =
            native_pty_system().openpty(PtySize { rows: 40, cols: 120, pixel_width: 0, pixel_height: 0 })?;
        let trace = bench.path("trace");
        let _ = std::fs::remove_file(&trace);
        let mut command = CommandBuilder::new(ROLO);
        command.env_clear();
        for (name, value) in bench.environment() {
            command.env(name, value);
        }
        command.env("ROLO_TRACE", &trace);
        command.arg("--book");
        command.arg(book);
        command.cwd(bench.path(""));
        let child = pair.slave.spawn_command(command)?;
        drop(pair.slave);
        let keys: Keys = Arc::new(Mutex::new(pair.master.take_writer()?));
        let reader = pair.master.try_clone_reader()?;
        let answers = Arc::clone(&keys);
        std::thread::spawn(move || drain(reader, &answers));
        Ok(Self { child, keys, trace, _master: pair.master })
    }

    /// Its process id.
    pub fn pid(&self) -> Option<u32> {
        self.child.process_id()
    }

    /// Types something.
    pub fn send(&self, keys: &str) -> Result<(), Error> {
        send(&self.keys, keys.as_bytes())?;
        Ok(())
    }

    /// Types one key and says how many milliseconds rolo took from the key to the frame with its results.
    pub fn key(&self, key: &str) -> Result<f64, Error> {
        let before = self.values("key_us").len();
        self.send(key)?;
        self.wait("key_us", before + 1)
    }

    /// Waits until the trace has this many lines of that name; the last of them in milliseconds.
    pub fn wait(&self, name: &str, count: usize) -> Result<f64, Error> {
        let start = Instant::now();
        loop {
            if let Some(value) = self.values(name).get(count - 1) {
                return Ok(value / 1000.0);
            }
            if start.elapsed() > PATIENCE {
                return Err(format!(
                    "the screen wrote no {name} to its trace within {} s",
                    PATIENCE.as_secs()
                )
                .into());
            }
            std::thread::sleep(PAUSE);
        }
    }

    /// Waits until the trace has been still for a while, so that what follows is counted alone.
    pub fn settle(&mut self) {
        let (mut size, mut since) = (0, Instant::now());
        while since.elapsed() < Duration::from_millis(300) {
            let now = std::fs::metadata(&self.trace).map_or(0, |file| file.len());
            if now != size {
                (size, since) = (now, Instant::now());
            }
            std::thread::sleep(PAUSE);
        }
    }

    fn values(&self, name: &str) -> Vec<f64> {
        let text = std::fs::read_to_string(&self.trace).unwrap_or_default();
        // A line without its end is still being written.
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        whole
            .lines()
            .filter_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.trim().parse().ok())
            .collect()
    }

    /// Quits with Ctrl-C as a user would; what doesn't quit is an error.
    pub fn close(mut self) -> Result<(), Error> {
        let start = Instant::now();
        let mut asked = Instant::now();
        self.send("\x03")?;
        while self.child.try_wait()?.is_none() {
            if start.elapsed() > Duration::from_secs(5) {
                self.child.kill()?;
                return Err("the screen did not quit within 5 s of Ctrl-C".into());
            }
            // The first one may have closed the search bar only.
            if asked.elapsed() > Duration::from_millis(300) {
                let _ = self.send("\x03");
                asked = Instant::now();
            }
            std::thread::sleep(PAUSE);
        }
        Ok(())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            let _ = self.child.kill();
        }
    }
}

fn send(keys: &Keys, bytes: &[u8]) -> std::io::Result<()> {
    let mut keys = keys.lock().unwrap_or_else(PoisonError::into_inner);
    keys.write_all(bytes)?;
    keys.flush()
}

/// Takes what rolo draws, and answers as a terminal does when it is asked what it is or where its cursor stands.
fn drain(mut screen: Box<dyn Read + Send>, keys: &Keys) {
    let mut buffer = [0; 65536];
    while let Ok(count @ 1..) = screen.read(&mut buffer) {
        let drawn = &buffer[..count];
        for (question, answer) in [(&b"\x1b[c"[..], &b"\x1b[?62;22c"[..]), (b"\x1b[6n", b"\x1b[1;1R")] {
            if drawn.windows(question.len()).any(|part| part == question) {
                let _ = send(keys, answer);
            }
        }
    }
}
