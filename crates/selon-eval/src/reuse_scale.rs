//! Text reuse over a long generated stream: how fast, in how much memory, and what is found.
//!
//! Time is that of taking texts in (`selon_connect::TextReuse`), by the clock with all cores and as
//! CPU time; making the texts does not count. A copy is found where it is matched with its original
//! or another copy of it; a match of two texts that have no original in common is false.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use rayon::prelude::*;
use selon_connect::TextReuse;
use selon_model::{Digest, Report, ReportId, Text};

use crate::generated::{kind_of, text_of};
use crate::scores::share;

/// Texts that are made and taken in at a time.
const BATCH: u32 = 4096;

/// Takes `texts` generated texts in, and prints a row whenever their number has doubled, and at the
/// end: texts, texts a second since the row before by the clock and by two cores' CPU time,
/// megabytes of the index and of the process, copies found, and matches that are false.
pub fn table(texts: u32, print: &mut dyn FnMut(&str)) {
    print(
        "| texts | texts/s, clock | texts/s of 2 cores, CPU | index, MB | process, MB | copies found | lifted found | false |\n|--:|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    let mut index = TextReuse::default();
    let mut row = Row::default();
    let mut at = 0;
    let mut next = BATCH.min(texts);
    while at < texts {
        let until = (at + BATCH).min(texts);
        let reports: Vec<Report> = (at..until).into_par_iter().map(report).collect();
        let reports: Vec<&Report> = reports.iter().collect();
        let (begun, worked) = (Instant::now(), process_seconds());
        let found = index.add(&reports);
        row.clock += begun.elapsed();
        row.cpu += process_seconds().zip(worked).map_or(f64::NAN, |(now, then)| now - then);
        row.texts += u64::from(until - at);
        for (number, matches) in (at..).zip(&found) {
            let origin = |text: u32| kind_of(text).copied().unwrap_or(text);
            let right = matches.iter().filter(|found| origin(found.earlier) == origin(number)).count();
            let lifted = matches!(kind_of(number), crate::generated::Kind::Lifted(_));
            if kind_of(number).copied().is_some() {
                row.copies.1 += 1;
                row.copies.0 += usize::from(right > 0);
                row.lifted.1 += usize::from(lifted);
                row.lifted.0 += usize::from(lifted && right > 0);
            }
            row.wrong += matches.len() - right;
        }
        at = until;
        if at >= next {
            next = next.saturating_mul(2).min(texts).max(at + 1);
            print(&row.written(at, &index));
            row = Row { copies: row.copies, lifted: row.lifted, wrong: row.wrong, ..Row::default() };
        }
    }
}

#[derive(Default)]
struct Row {
    clock: Duration,
    cpu: f64,
    texts: u64,
    copies: (usize, usize),
    lifted: (usize, usize),
    wrong: usize,
}

impl Row {
    fn written(&self, at: u32, index: &TextReuse) -> String {
        let mut out = String::new();
        let clock = self.texts as f64 / self.clock.as_secs_f64().max(f64::MIN_POSITIVE);
        let cpu = 2.0 * self.texts as f64 / self.cpu.max(f64::MIN_POSITIVE);
        let held = held_memory().map_or("?".to_owned(), |held| format!("{held:.0}"));
        let _ = writeln!(
            out,
            "| {at} | {clock:.0} | {cpu:.0} | {:.0} | {held} | {:.4} | {:.4} | {} |",
            index.bytes() as f64 / 1e6,
            share(self.copies.0, self.copies.1),
            share(self.lifted.0, self.lifted.1),
            self.wrong
        );
        out
    }
}

fn report(number: u32) -> Report {
    let string = text_of(number);
    Report::of_text(ReportId(Digest::of(&number.to_be_bytes())), Text { string, blocks: vec![] })
}

/// Seconds that the threads of this process have run, where the system tells.
pub(crate) fn process_seconds() -> Option<f64> {
    let tasks = std::fs::read_dir("/proc/self/task").ok()?;
    let of_task = |task: std::io::Result<std::fs::DirEntry>| -> Option<f64> {
        let stat = std::fs::read_to_string(task.ok()?.path().join("schedstat")).ok()?;
        Some(stat.split_whitespace().next()?.parse::<f64>().ok()? / 1e9)
    };
    Some(tasks.filter_map(of_task).sum())
}

/// Memory this process holds, in megabytes, where the system tells.
pub(crate) fn held_memory() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<f64>().ok()? * 1024.0 / 1e6)
}
