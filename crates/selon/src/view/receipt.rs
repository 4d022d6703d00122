//! What proves a capture, in a terminal.

use std::fmt::Write as _;

use super::columns::{WIDTH, one_line, wrap};
use crate::archive::Receipt;
use selon_capture::Interval;

/// The receipt of a capture.
pub fn receipt(receipt: &Receipt) -> String {
    let capture = &receipt.capture;
    let mut out = String::new();
    let mut field = |label: &str, value: &str| {
        for (index, line) in wrap(value, WIDTH - 11).into_iter().enumerate() {
            let _ = writeln!(out, "{:<11}{line}", if index == 0 { label } else { "" });
        }
    };
    field("Capture", &capture.id.to_string());
    let class = match capture.origin.as_str() {
        "remnant" => "remnant: these bytes were received; where they are from is stated, not shown",
        "imported" => "imported: handed over in a container; its inner dates are the supplier's claims",
        other => other,
    };
    field("Class", class);
    field("Target", &one_line(&capture.target));
    for (label, stated) in [
        ("File", &capture.stated.name),
        ("Stated URL", &capture.stated.url),
        ("Stated date", &capture.stated.published),
    ] {
        if let Some(stated) = stated {
            field(label, &one_line(stated));
        }
    }
    field("Received", &format!("{} (the archive's own clock, not proven)", capture.at));
    field("Type", &format!("{}, {} bytes", capture.media_type, capture.payload_length));
    field("SHA-256", &capture.payload.hex());
    let record = &capture.record;
    field("Record", &format!("{} at {} ({} bytes)", record.file, record.offset, record.length));
    field("Leaf", &format!("{} of the log {}", capture.leaf.0, receipt.vkey));
    for line in receipt.checkpoint.lines().filter(|line| !line.is_empty()) {
        field("", line);
    }
    if let Some(interval) = &receipt.interval {
        let Interval { not_before, not_after, needed, of } = interval;
        let said = |found: &Option<(jiff::Timestamp, Vec<String>)>, unknown: &str| match found {
            Some((at, by)) => format!("{at}, by {} of {of} authorities: {}", by.len(), by.join(", ")),
            None => unknown.to_owned(),
        };
        field(
            "Not after",
            &said(
                not_after,
                &format!("unknown: fewer than {needed} authorities have stamped it yet; selon seal"),
            ),
        );
        field("Not before", &said(not_before, "unknown: nothing was sealed when it was received"));
        field("", "This bounds when it was received, not when it was published. Witnesses: none.");
    }
    for act in &receipt.custody {
        let note = act.note.as_deref().map_or(String::new(), |note| format!(": {}", one_line(note)));
        field("Custody", &format!("{} {}{note} (leaf {})", act.at, one_line(&act.what), act.leaf.0));
    }
    for report in &receipt.reports {
        field("Report", &report.id.to_string());
    }
    field("To check", "selon show ID --proof, selon verify; without Selon: docs/formats/ledger.md");
    out
}
