//! How far a long run is, on stderr: nothing in the first two seconds, then a line in place on a
//! terminal, or a new line every ten seconds.

use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const QUIET: Duration = Duration::from_secs(2);

/// Counts the items of one run; shared between threads.
pub(crate) struct Progress {
    label: String,
    total: usize,
    done: AtomicUsize,
    begun: Instant,
    said: Mutex<Option<Instant>>,
    terminal: bool,
}

impl Progress {
    pub(crate) fn new(label: impl Into<String>, total: usize) -> Self {
        Progress {
            label: label.into(),
            total,
            done: AtomicUsize::new(0),
            begun: Instant::now(),
            said: Mutex::new(None),
            terminal: std::io::stderr().is_terminal(),
        }
    }

    /// One more is done.
    pub(crate) fn step(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if self.begun.elapsed() < QUIET {
            return;
        }
        let every = Duration::from_secs(if self.terminal { 1 } else { 10 });
        let Ok(mut said) = self.said.try_lock() else { return };
        if said.is_none_or(|said| said.elapsed() >= every) {
            *said = Some(Instant::now());
            let line = format!("{}: {done} of {}", self.label, self.total);
            let (before, after) = if self.terminal { ("\r", "") } else { ("", "\n") };
            let mut err = std::io::stderr().lock();
            write!(err, "{before}{line}{after}").and_then(|()| err.flush()).ok();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        let said = self.said.lock().is_ok_and(|said| said.is_some());
        if self.terminal && said {
            let mut err = std::io::stderr().lock();
            write!(err, "\r{:width$}\r", "", width = self.label.len() + 30).ok();
        }
    }
}
