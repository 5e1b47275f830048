//! Runs other programs and looks at what they took.

use std::fs::File;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::Error;

/// Where a program is, if it is installed.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// Runs it to its end and says how many milliseconds that took.
pub fn time(command: &mut Command) -> Result<f64, Error> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    let status = command.status()?;
    let took = start.elapsed();
    if status.success() { Ok(milliseconds(took)) } else { Err(explain(command)) }
}

/// Runs it to its end and says the most memory it held, in bytes; nothing where the system doesn't tell.
pub fn peak_memory(command: &mut Command) -> Result<Option<u64>, Error> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn()?;
    let mut peak = None;
    let status = loop {
        peak = high_water(child.id()).or(peak);
        if let Some(status) = child.try_wait()? {
            break status;
        }
        std::thread::sleep(Duration::from_millis(1));
    };
    if status.success() { Ok(peak) } else { Err(explain(command)) }
}

/// The most memory that a running process has held so far, in bytes.
pub fn high_water(pid: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kib| kib * 1024)
}

/// What a program calls its version.
pub fn version(program: &str) -> Option<String> {
    find(program)?;
    // abook says it at the top of its help alone.
    let flag = if program == "abook" { "--help" } else { "--version" };
    let output = Command::new(program).arg(flag).stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    let word = text.split_whitespace().find(|word| word.contains('.'))?;
    Some(format!("{program} {}", word.trim_start_matches('v')))
}

/// How many lines it prints, read from a file if one is given; so that nothing is quick because it found nothing.
pub fn lines(command: &mut Command, input: Option<File>) -> Result<usize, Error> {
    let output = command.stdin(input.map_or_else(Stdio::null, Stdio::from)).stderr(Stdio::null()).output()?;
    Ok(output.stdout.iter().filter(|byte| **byte == b'\n').count())
}

/// Runs it again to learn what it complains of.
fn explain(command: &mut Command) -> Error {
    let program = PathBuf::from(command.get_program());
    let name = program.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let arguments: Vec<_> = command.get_args().map(|a| a.to_string_lossy().into_owned()).collect();
    let complaint = command.stderr(Stdio::piped()).output().map(|output| output.stderr).unwrap_or_default();
    format!("{name} {}: {}", arguments.join(" "), String::from_utf8_lossy(&complaint)).into()
}

/// A duration as milliseconds.
pub fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
