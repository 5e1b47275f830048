//! What comes through a pipe is taken in before the book is locked: whoever writes into the pipe may take their time, and
//! nobody else must wait for them.

use super::{Input, Progress, Watch};
use crate::exchange::{self, ExchangeError, Options};
use crate::ops::{OpError, Result};
use crate::store::StoreError;
use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};
use std::time::{Duration, Instant};

/// So much stays in memory; the rest goes to a file that has no name.
const IN_MEMORY: usize = 4 << 20;
/// So much tells whether it is worth reading on.
const HEAD: usize = 1 << 18;

/// The input with its size known; those that have one already are left alone.
pub(super) fn whole(input: Input, read: &Options, watch: &mut dyn Watch) -> Result<Input> {
    if input.size.is_some() {
        return Ok(input);
    }
    let Input { name, mut bytes, .. } = input;
    let failed = |source| OpError::Exchange { path: name.clone(), source };
    let started = Instant::now();
    let mut spoke = started;
    let mut spool = tempfile::SpooledTempFile::new(IN_MEMORY);
    let mut block = vec![0; 1 << 16];
    let mut head = Vec::new();
    let mut taken = 0u64;
    loop {
        let read_now = bytes.read(&mut block);
        // Before what the source says: one that waits for input ends with an error of its own.
        if watch.cancelled() {
            return Err(StoreError::Cancelled.into());
        }
        let length = match read_now {
            Ok(0) => break,
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(failed(ExchangeError::Io(error))),
        };
        let got = &block[..length];
        spool.write_all(got).map_err(|error| failed(ExchangeError::Io(error)))?;
        taken += length as u64;
        if head.len() < HEAD {
            head.extend_from_slice(got);
            if head.len() >= HEAD {
                // What is no text has no end to wait for.
                let found = exchange::open(Box::new(Cursor::new(head.clone())), &name, read);
                if let Err(error @ ExchangeError::Binary) = found {
                    return Err(failed(error));
                }
            }
        }
        if spoke.elapsed() > Duration::from_millis(80) {
            spoke = Instant::now();
            let seconds = started.elapsed().as_secs_f64();
            watch.progress(&Progress { read: 0, bytes: taken, total: None, seconds });
        }
    }
    spool.seek(SeekFrom::Start(0)).map_err(|error| failed(ExchangeError::Io(error)))?;
    Ok(Input { name, bytes: Box::new(spool), size: Some(taken) })
}
