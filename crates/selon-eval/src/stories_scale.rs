//! Stories in a long generated stream: how fast reports are connected, and whether their events are
//! kept apart.
//!
//! Time is that of `selon_connect::connect` (copies, stories, chains, figures), reading left out: the
//! reports are made, with names, a day and a language; eight events begin a day.

use std::fmt::Write as _;
use std::time::Instant;

use jiff::civil::Date;
use rayon::prelude::*;
use selon_connect::Input;
use selon_model::{Digest, Lang, NameSkeleton, Report, ReportId, RuleId, Span, Text, When};
use selon_read::Packs;

use crate::generated::{event_of, story_text_of};
use crate::reuse_scale::{held_memory, process_seconds};
use crate::{Scores, clusters, connected};

/// Reports that begin a table.
const FIRST: u32 = 1000;
/// Reports of one day: six of each of eight events.
const A_DAY: u32 = 48;

/// Connects streams of 1,000 reports and twice as many each time up to `most`, and prints a row for
/// each: reports, reports a second by the clock and by two cores' CPU time, megabytes of the
/// process, stories found and B-cubed F1 over events.
pub fn table(most: u32, packs: &Packs, print: &mut dyn FnMut(&str)) {
    print(
        "| reports | reports/s, clock | reports/s of 2 cores, CPU | process, MB | stories | B-cubed F1 |\n|--:|--:|--:|--:|--:|--:|\n",
    );
    let mut count = FIRST.min(most);
    loop {
        print(&row(count, packs));
        if count == most {
            return;
        }
        count = count.saturating_mul(2).min(most);
    }
}

fn row(count: u32, packs: &Packs) -> String {
    let reports: Vec<Report> = (0..count).into_par_iter().map(report).collect();
    let inputs: Vec<Input<'_>> = reports.iter().map(|report| Input { report, captured: None }).collect();
    let (begun, worked) = (Instant::now(), process_seconds());
    let connected = connected::connect_inputs(&inputs, packs);
    let clock = begun.elapsed().as_secs_f64();
    let cpu = process_seconds().zip(worked).map_or(f64::NAN, |(now, then)| now - then);
    let mut items: Vec<(usize, u32)> = Vec::with_capacity(reports.len());
    let number: std::collections::HashMap<ReportId, u32> =
        reports.iter().map(|one| one.id).zip(0..).collect();
    for (at, story) in connected.stories.iter().enumerate() {
        items.extend(story.members.iter().map(|member| (at, event_of(number[&member.report]))));
    }
    let mut scores = Scores::new("stories-scale", "");
    clusters::write(&mut scores, "story", &items);
    let mut out = String::new();
    let held = held_memory().map_or("?".to_owned(), |held| format!("{held:.0}"));
    let _ = writeln!(
        out,
        "| {count} | {:.0} | {:.0} | {held} | {} | {:.3} |",
        f64::from(count) / clock.max(f64::MIN_POSITIVE),
        2.0 * f64::from(count) / cpu.max(f64::MIN_POSITIVE),
        connected.stories.len(),
        scores.figures["story_b3_f1"]
    );
    out
}

fn report(number: u32) -> Report {
    let (string, names) = story_text_of(number);
    let mut report =
        Report::of_text(ReportId(Digest::of(&number.to_be_bytes())), Text { string, blocks: vec![] });
    report.language.tag = Lang::new("en");
    report.names = names
        .into_iter()
        .map(|(from, name)| NameSkeleton {
            span: Span::new(from, from + name.len()),
            skeleton: name.to_lowercase(),
        })
        .collect();
    let day = Date::constant(2016, 1, 1).checked_add(jiff::Span::new().days(i64::from(number / A_DAY)));
    report.published = day.ok().map(|day| When::day(day, RuleId::core("core.generated")));
    report
}
