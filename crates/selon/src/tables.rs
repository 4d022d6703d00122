//! Statements, figures and posts as CSV tables, one row each.
//!
//! Text cells that a spreadsheet would take for a formula (first character `= + - @`) get an
//! apostrophe before them.

use std::io::{self, Write};

use crate::record::{Report, When};

/// Which table.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Statements,
    Figures,
    Posts,
}

/// Writes rows; the header before the first.
#[derive(Debug)]
pub struct Writer {
    kind: Kind,
    begun: bool,
}

const REPORT: &[&str] =
    &["report", "input", "record", "row_id", "outlet", "published", "language", "payload_sha256"];

impl Writer {
    /// One row a statement.
    pub fn statements() -> Self {
        Writer { kind: Kind::Statements, begun: false }
    }

    /// One row a figure.
    pub fn figures() -> Self {
        Writer { kind: Kind::Figures, begun: false }
    }

    /// One row a post.
    pub fn posts() -> Self {
        Writer { kind: Kind::Posts, begun: false }
    }

    /// The rows of one report.
    pub fn add(&mut self, out: &mut dyn Write, report: &Report) -> io::Result<()> {
        let mut csv = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        self.begin(&mut csv)?;
        let common = common(report);
        let rows = match self.kind {
            Kind::Statements => statements(report),
            Kind::Figures => figures(report),
            Kind::Posts => posts(report),
        };
        for row in rows {
            csv.write_record(common.iter().chain(&row).map(|cell| guarded(cell)))?;
        }
        out.write_all(&csv.into_inner().map_err(|error| io::Error::other(error.to_string()))?)
    }

    /// The header, where there was no report.
    pub fn finish(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let mut csv = csv::Writer::from_writer(Vec::new());
        self.begin(&mut csv)?;
        out.write_all(&csv.into_inner().map_err(|error| io::Error::other(error.to_string()))?)
    }

    fn begin(&mut self, csv: &mut csv::Writer<Vec<u8>>) -> io::Result<()> {
        if self.begun {
            return Ok(());
        }
        self.begun = true;
        let own: &[&str] = match self.kind {
            Kind::Statements => &[
                "statement",
                "kind",
                "start",
                "end",
                "content",
                "mode",
                "cue",
                "source",
                "source_words",
                "source_kind",
                "role",
                "chain",
                "factuality",
                "post",
                "rule",
                "confidence",
            ],
            Kind::Figures => &[
                "figure",
                "start",
                "end",
                "text",
                "op",
                "lower",
                "upper",
                "unit",
                "unit_class",
                "event",
                "window",
                "window_from",
                "window_until",
                "statement",
                "source",
                "share_of",
                "rule",
                "confidence",
            ],
            Kind::Posts => &[
                "post",
                "platform",
                "status_id",
                "url",
                "handle",
                "name",
                "posted",
                "posted_from",
                "post_language",
                "text",
                "hashtags",
                "mentions",
                "links",
                "media",
                "state",
                "damage",
                "rule",
            ],
        };
        Ok(csv.write_record(REPORT.iter().chain(own))?)
    }
}

fn guarded(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err() {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

fn or_empty(text: &Option<String>) -> String {
    text.clone().unwrap_or_default()
}

fn shown<T: ToString>(value: &Option<T>) -> String {
    value.as_ref().map_or(String::new(), T::to_string)
}

fn edtf(when: &Option<When>) -> String {
    when.as_ref().and_then(|when| when.edtf.clone()).unwrap_or_default()
}

fn common(report: &Report) -> Vec<String> {
    vec![
        report.id.clone(),
        or_empty(&report.input.path),
        shown(&report.input.record),
        or_empty(&report.input.id),
        report.outlet.as_ref().and_then(|outlet| outlet.name.clone()).unwrap_or_default(),
        edtf(&report.published),
        or_empty(&report.language.tag),
        report.capture.payload_sha256.clone(),
    ]
}

fn statements(report: &Report) -> Vec<Vec<String>> {
    let row = |statement: &crate::record::Statement| {
        let source = statement.source.as_ref();
        let content: Vec<&str> = statement.content.iter().map(|piece| piece.text.as_str()).collect();
        let chain: Vec<&str> = statement
            .chain
            .iter()
            .map(|hop| {
                hop.name.as_deref().unwrap_or(if hop.role == "outlet" {
                    "(this report)"
                } else {
                    "(not named)"
                })
            })
            .collect();
        vec![
            statement.id.clone(),
            statement.kind.clone(),
            statement.at.start.to_string(),
            statement.at.end.to_string(),
            content.join(" … "),
            statement.mode.clone(),
            statement.cue.as_ref().map(|cue| cue.text.clone()).unwrap_or_default(),
            source.map(|source| source.resolved.clone().unwrap_or(source.text.clone())).unwrap_or_default(),
            source.map(|source| source.text.clone()).unwrap_or_default(),
            source.map(|source| source.kind.clone()).unwrap_or_default(),
            source.and_then(|source| source.role.clone()).unwrap_or_default(),
            chain.join(" > "),
            statement.factuality.clone(),
            or_empty(&statement.post),
            statement.rule.clone(),
            statement.confidence.to_string(),
        ]
    };
    report.statements.iter().map(row).collect()
}

fn figures(report: &Report) -> Vec<Vec<String>> {
    let json = |number: &Option<crate::record::Number>| {
        number.as_ref().map(|number| number.0.normalize().to_string()).unwrap_or_default()
    };
    let row = |figure: &crate::record::Figure| {
        let window = figure.window.as_ref();
        vec![
            figure.id.clone(),
            figure.at.start.to_string(),
            figure.at.end.to_string(),
            figure.text.clone(),
            figure.quantity.op.clone(),
            json(&figure.quantity.lower),
            json(&figure.quantity.upper),
            figure.unit.as_ref().and_then(|unit| unit.text.clone()).unwrap_or_default(),
            figure.unit.as_ref().map(|unit| unit.class.clone()).unwrap_or_default(),
            figure.event.as_ref().map(|event| event.class.clone()).unwrap_or_default(),
            window.and_then(|window| window.value.clone()).unwrap_or_default(),
            window.and_then(|window| window.from.clone()).unwrap_or_default(),
            window.and_then(|window| window.until.clone()).unwrap_or_default(),
            or_empty(&figure.statement),
            or_empty(&figure.source),
            or_empty(&figure.share_of),
            figure.rule.clone(),
            figure.confidence.to_string(),
        ]
    };
    report.figures.iter().map(row).collect()
}

fn posts(report: &Report) -> Vec<Vec<String>> {
    let row = |post: &crate::record::Post| {
        let damage: Vec<&str> = post.damage.iter().map(|damage| damage.kind.as_str()).collect();
        vec![
            post.id.clone(),
            post.platform.clone(),
            or_empty(&post.status_id),
            or_empty(&post.url),
            or_empty(&post.author.handle),
            or_empty(&post.author.name),
            edtf(&post.posted),
            or_empty(&post.posted_from),
            or_empty(&post.language),
            or_empty(&post.text),
            post.hashtags.join(" "),
            post.mentions.join(" "),
            post.links.join(" "),
            post.media.join(" "),
            post.state.clone(),
            damage.join(" "),
            post.rule.clone(),
        ]
    };
    report.posts.iter().map(row).collect()
}
