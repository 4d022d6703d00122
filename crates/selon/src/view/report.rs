//! One report in a terminal, 80 columns wide: statements with their sources and chains,
//! figures, posts, and what the reader should not rely on.

use std::fmt::Write as _;

use selon_model::{
    BlockKind, DamageKind, DateEvidence, EmbeddedPost, Figure, HopRole, Mode, Report, SourceKind, Statement,
    StatementKind, When,
};

use super::columns::{WIDTH, cut, one_line, pad, width, wrap};
use super::words;
use crate::record::Offsets;

/// Statements and posts shown before "the others: --all".
const SHORT: usize = 12;

/// The report as text; `all` shows every statement, figure and post.
pub fn report(report: &Report, all: bool) -> String {
    let mut view =
        View { report, offsets: Offsets::new(&report.text.string, false), out: String::new(), all };
    view.head();
    view.statements();
    view.figures();
    view.posts();
    view.notes();
    view.weak_points();
    view.out
}

/// The name of a chain's hop for people.
pub fn hop_name(name: Option<&str>, role: HopRole) -> String {
    match (name, role) {
        (Some(name), _) => one_line(name),
        (None, HopRole::Outlet) => "this report".to_owned(),
        (None, _) => "nobody named".to_owned(),
    }
}

struct View<'a> {
    report: &'a Report,
    offsets: Offsets<'a>,
    out: String,
    all: bool,
}

impl View<'_> {
    fn line(&mut self, line: &str) {
        self.out.push_str(line.trim_end());
        self.out.push('\n');
    }

    /// A label in the first eleven columns, the value folded beside it.
    fn field(&mut self, label: &str, value: &str) {
        for (index, line) in wrap(value, WIDTH - 11).into_iter().enumerate() {
            let label = if index == 0 { label } else { "" };
            self.line(&format!("{}{line}", pad(label, 11)));
        }
    }

    fn range(&self, span: selon_model::Span) -> String {
        let range = self.offsets.range(span);
        format!("{}..{}", range.start, range.end)
    }

    fn head(&mut self) {
        let report = self.report;
        let mut title = report.title.as_deref().map_or("none".to_owned(), one_line);
        for marker in &report.title_markers {
            let _ = write!(title, " [marker {marker}]");
        }
        self.field("Title", &title);
        if report.part > 0 || !matches!(report.page_type, selon_model::PageType::Article) {
            let kind = serde_json::to_value(report.page_type).ok();
            let kind = kind.as_ref().and_then(|kind| kind.as_str()).unwrap_or("").to_owned();
            self.field("Page", &format!("{kind}, part {}", report.part));
        }
        let byline =
            report.authors.iter().map(|author| one_line(&author.name)).collect::<Vec<_>>().join(", ");
        let language = report.language.tag.as_ref().map_or("unknown".to_owned(), |tag| tag.to_string());
        let inferred = report.published.as_ref().filter(|when| when.evidence == Some(DateEvidence::Posts));
        let published = match (&report.published, inferred) {
            (Some(published), None) => words::day(published),
            _ => "not stated".to_owned(),
        };
        let outlet =
            report.outlet.as_ref().and_then(|outlet| outlet.name.as_deref().or(outlet.domain.as_deref()));
        let or_none = |text: &str| if text.is_empty() { "none".to_owned() } else { text.to_owned() };
        self.line(&format!("{}{}Published {published}", pad("Language", 11), pad(&language, 8)));
        self.field("Byline", &or_none(&byline));
        self.field("Outlet", &outlet.map_or("none".to_owned(), one_line));
        self.field("Address", &or_none(&one_line(report.url.as_deref().unwrap_or(""))));
        if let Some(when) = inferred {
            self.day(when);
        }
    }

    /// The day the report speaks from, where it is not published with a date.
    fn day(&mut self, when: &When) {
        let words = when.span.map_or(String::new(), |span| one_line(self.report.text.words(span)));
        self.field("Day", &format!("{}  \"{words}\", year inferred from posts", words::day(when)));
    }

    fn statements(&mut self) {
        let report = self.report;
        let said: Vec<(usize, &Statement)> = report
            .statements
            .iter()
            .enumerate()
            .filter(|(_, statement)| {
                self.is_post() || (statement.kind == StatementKind::Said && !self.in_post(statement))
            })
            .collect();
        if said.is_empty() {
            self.line("STATEMENTS   none found");
            return;
        }
        self.line(&format!("{}{}", pad("STATEMENTS", WIDTH - 10), "characters"));
        let shown = if self.all { said.len() } else { said.len().min(SHORT) };
        for (index, statement) in &said[..shown] {
            self.statement(*index, statement);
        }
        if shown < said.len() {
            self.line(&format!(" …           {} more: --all", said.len() - shown));
        }
    }

    /// The report is nothing but a post of an export: what it says is said there.
    fn is_post(&self) -> bool {
        let blocks = &self.report.text.blocks;
        !blocks.is_empty() && blocks.iter().all(|block| block.kind == BlockKind::Post)
    }

    fn in_post(&self, statement: &Statement) -> bool {
        self.report.text.block_at(statement.span.start).is_some_and(|block| block.kind == BlockKind::Post)
    }

    fn statement(&mut self, index: usize, statement: &Statement) {
        let mode = match (statement.kind, statement.mode) {
            (StatementKind::Post, _) => "post",
            (_, Mode::Direct) => "direct",
            (_, Mode::Indirect) => "indirect",
            (_, Mode::Mixed) => "mixed",
        };
        let place = statement.content.first().map_or(String::new(), |first| {
            let last = statement.content.last().unwrap_or(first);
            self.range(first.hull(*last))
        });
        let lines = wrap(&self.chain(statement), WIDTH - 13 - 13);
        for (row, line) in lines.iter().enumerate() {
            let label = if row == 0 { format!("s{:<3}{mode}", index + 1) } else { String::new() };
            let place = if row == 0 { place.as_str() } else { "" };
            let gap = (WIDTH - 13).saturating_sub(width(line) + width(place)).max(1);
            self.line(&format!("{}{line}{}{place}", pad(&label, 13), " ".repeat(gap)));
        }
        let content: Vec<String> =
            statement.content.iter().map(|span| one_line(self.report.text.words(*span))).collect();
        let firmness = words::firmness(self.report, statement).unwrap_or_default();
        let room = WIDTH - 13 - 2;
        let content =
            cut(&content.join(" … "), if firmness.is_empty() { room } else { room - width(&firmness) - 2 });
        self.line(&format!("{}\"{content}\"  {firmness}", pad("", 13)));
    }

    /// "origin ─▶ relay ─▶ this report", with what the source takes up.
    fn chain(&self, statement: &Statement) -> String {
        let report = self.report;
        let post = statement.post.and_then(|post| report.posts.get(post as usize));
        let mut hops: Vec<String> = statement
            .chain
            .iter()
            .map(|hop| match (&hop.name, hop.kind, post) {
                (None, Some(SourceKind::Author), Some(post)) => author_of(post),
                _ => hop_name(hop.name.as_deref(), hop.role),
            })
            .collect();
        if !statement.chain.iter().any(|hop| hop.role == HopRole::Origin) {
            hops.insert(0, report.speaker(statement).map_or("nobody named".to_owned(), one_line));
        }
        let mut chain = hops.join(" ─▶ ");
        if let Some(source) = &statement.source {
            let written = one_line(report.text.words(source.span));
            if let Some(antecedent) = source.antecedent {
                let _ = write!(chain, "  (\"{written}\": source of s{})", antecedent + 1);
            } else if source.resolved.as_deref().is_some_and(|name| one_line(name) != written) {
                let _ = write!(chain, "  (\"{written}\")");
            }
        }
        if statement.chain.iter().any(|hop| hop.inherited && hop.role == HopRole::Relay) {
            chain.push_str("  relay inherited");
        }
        chain
    }

    fn figures(&mut self) {
        let report = self.report;
        let (people, others): (Vec<_>, Vec<_>) =
            report.figures.iter().enumerate().partition(|(_, figure)| counts_people(figure));
        if !people.is_empty() {
            self.line("FIGURES");
        }
        let shown = if self.all { people.len() } else { people.len().min(SHORT) };
        for (_, figure) in &people[..shown] {
            let unit = figure.unit.as_ref().map_or("", |unit| unit.class.as_str());
            let event = figure.event.as_ref().map_or("", |event| event.class.as_str());
            let window = figure.window.as_ref().map_or("window not stated".to_owned(), words::window);
            let said = match figure.said_in {
                Some(index) => format!("in s{}", index + 1),
                None => "the report".to_owned(),
            };
            let mut quantity = words::quantity(&figure.quantity);
            if width(&quantity) > 12 {
                self.line(&format!(" {quantity}"));
                quantity.clear();
            }
            let mut line = format!(
                " {} {} {} {} {said}",
                pad(&quantity, 12),
                pad(unit, 10),
                pad(event, 11),
                pad(&cut(&window, 18), 18),
            );
            let place = self.range(figure.span);
            let gap = WIDTH.saturating_sub(width(&line) + width(&place)).max(1);
            line.push_str(&" ".repeat(gap));
            line.push_str(&place);
            self.line(&line);
        }
        if shown < people.len() {
            self.line(&format!(" …           {} more: --all", people.len() - shown));
        }
        if !others.is_empty() {
            let words: Vec<String> =
                others.iter().map(|(_, figure)| one_line(report.text.words(figure.span))).collect();
            let mut shown: Vec<String> = Vec::new();
            for word in &words {
                let times = words.iter().filter(|other| *other == word).count();
                let word = if times > 1 { format!("{word} ({times}×)") } else { word.clone() };
                if !shown.contains(&word) {
                    shown.push(word);
                }
            }
            let keep = if self.all { shown.len() } else { shown.len().min(8) };
            let more =
                if keep < shown.len() { format!(", … {} more", shown.len() - keep) } else { String::new() };
            self.line_folded("not people", &format!("{}{more}", shown[..keep].join(", ")));
        }
    }

    fn line_folded(&mut self, label: &str, value: &str) {
        let room = WIDTH - 14.max(width(label) + 2);
        for (index, line) in wrap(value, room).into_iter().enumerate() {
            let label = if index == 0 { format!(" {label} ") } else { String::new() };
            self.line(&format!("{}{line}", pad(&label, 14)));
        }
    }

    fn posts(&mut self) {
        let report = self.report;
        if report.posts.is_empty() {
            return;
        }
        let remnants =
            report.posts.iter().filter(|post| post.state == selon_model::PostState::Remnant).count();
        let kind = match remnants {
            0 => String::new(),
            n if n == report.posts.len() => ", text remnants".to_owned(),
            n => format!(", {n} of them text remnants"),
        };
        self.line(&format!("POSTS        {}{kind}", report.posts.len()));
        let shown = if self.all { report.posts.len() } else { report.posts.len().min(SHORT) };
        for (index, post) in report.posts[..shown].iter().enumerate() {
            let author = author_of(post);
            let posted = post
                .posted
                .as_ref()
                .and_then(|when| when.date())
                .map_or("no date".to_owned(), |d| d.to_string());
            let language = post.language.as_ref().map_or("--", |lang| lang.as_str());
            let mut parts: Vec<String> = post.hashtags.iter().map(|tag| format!("#{tag}")).collect();
            parts.extend(post.links.iter().chain(&post.media).map(|link| short_link(link)));
            let mut state = Vec::new();
            if post.damage.iter().any(|damage| damage.kind == DamageKind::Glued) {
                state.push("unglued");
            }
            if post.damage.iter().any(|damage| damage.kind == DamageKind::ContentNotPresent) {
                state.push("content not present");
            }
            if post.posted_from == Some(selon_model::PostedFrom::Id) {
                state.push("time derived from id");
            }
            let head = format!(" p{:<3}{} {posted} {language}  ", index + 1, pad(&cut(&author, 17), 17));
            let state = state.join(", ");
            let room = WIDTH.saturating_sub(width(&head) + width(&state) + 2);
            self.line(&format!("{head}{}  {state}", pad(&cut(&parts.join(" "), room), room)));
        }
        if shown < report.posts.len() {
            self.line(&format!(" …           {} more: --all", report.posts.len() - shown));
        }
        for (index, post) in report.posts[..shown].iter().enumerate() {
            let named = post.author.handle.is_some() || post.author.name.is_some();
            if !named && post.author.id.is_some() {
                self.line_folded(&format!("p{} is by", index + 1), &author_of(post));
            }
        }
        for (index, post) in report.posts.iter().enumerate() {
            for damage in &post.damage {
                if damage.kind == DamageKind::DoubtfulMention {
                    let words = damage.span.map_or(String::new(), |span| one_line(report.text.words(span)));
                    self.line(&format!(
                        " doubtful    \"{}\" in p{}, left as written",
                        cut(&words, 40),
                        index + 1
                    ));
                }
            }
        }
    }

    fn notes(&mut self) {
        let report = self.report;
        if report.notes.is_empty() {
            return;
        }
        self.line("NOTES");
        let shown = if self.all { report.notes.len() } else { report.notes.len().min(6) };
        for note in &report.notes[..shown] {
            self.line_folded(&note.code, &one_line(&note.message));
        }
        if shown < report.notes.len() {
            self.line(&format!(" …           {} more: --all", report.notes.len() - shown));
        }
    }

    /// What rests on little: single sources, unnamed sources, hearsay.
    fn weak_points(&mut self) {
        let report = self.report;
        let mut points: Vec<String> = Vec::new();
        let people: Vec<&Figure> = report.figures.iter().filter(|figure| counts_people(figure)).collect();
        let speakers: std::collections::BTreeSet<&str> = people
            .iter()
            .filter_map(|figure| figure.said_in.and_then(|_| report.speaker_of(figure)))
            .collect();
        if people.len() > 1 && speakers.len() == 1 && people.iter().all(|figure| figure.said_in.is_some()) {
            let speaker = speakers.iter().next().copied().unwrap_or("");
            points.push(format!(
                "all {} figures of people rest on one source: {}",
                people.len(),
                one_line(speaker)
            ));
        }
        let own = people.iter().filter(|figure| figure.said_in.is_none()).count();
        if own > 0 {
            points.push(format!("{own} figure(s) of people are attributed to nobody in this text"));
        }
        let list = |matches: &dyn Fn(&Statement) -> bool| -> String {
            let ids: Vec<String> = report
                .statements
                .iter()
                .enumerate()
                .filter(|(_, statement)| statement.kind == StatementKind::Said && matches(statement))
                .map(|(index, _)| format!("s{}", index + 1))
                .collect();
            ids.join(", ")
        };
        let unnamed = list(&|statement| {
            statement.source.as_ref().is_some_and(|source| {
                matches!(source.kind, SourceKind::Unnamed | SourceKind::CollectiveUnnamed)
            })
        });
        if !unnamed.is_empty() {
            points.push(format!("unnamed sources: {unnamed}"));
        }
        let nobody = list(&|statement| statement.source.is_none());
        if !nobody.is_empty() {
            points.push(format!("quoted, but nobody is named: {nobody}"));
        }
        let unsure = list(&|statement| {
            use selon_model::Factuality::*;
            matches!(statement.factuality, ReportedUnverified | Expected | Hypothetical)
        });
        if !unsure.is_empty() {
            points.push(format!("expected, hypothetical or hearsay, not reported as fact: {unsure}"));
        }
        if points.is_empty() {
            return;
        }
        self.line("WEAK POINTS");
        for point in points {
            for (index, line) in wrap(&point, WIDTH - 3).into_iter().enumerate() {
                self.line(&format!("{}{line}", if index == 0 { " " } else { "   " }));
            }
        }
    }
}

/// Who posted, as the file or page gives it: a handle, a name, else the account's address or id.
fn author_of(post: &EmbeddedPost) -> String {
    let author = &post.author;
    match (&author.handle, &author.name, &author.id) {
        (Some(handle), ..) => format!("@{}", one_line(handle)),
        (None, Some(name), _) => one_line(name),
        (None, None, Some(id)) if id.contains("://") => one_line(id),
        (None, None, Some(id)) => format!("account {}", one_line(id)),
        (None, None, None) => "author unknown".to_owned(),
    }
}

/// Whether a figure counts people, or tells what happened to something: no duration, money or
/// mere count.
pub fn counts_people(figure: &Figure) -> bool {
    const PEOPLE: &[&str] = &[
        "civilians",
        "persons",
        "children",
        "women",
        "fighters",
        "soldiers",
        "police",
        "refugees",
        "displaced",
        "families",
        "residents",
        "detainees",
        "hostages",
        "journalists",
        "protesters",
        "bodies",
    ];
    figure.unit.as_ref().is_some_and(|unit| PEOPLE.contains(&unit.class.as_str())) || figure.event.is_some()
}

/// A link without scheme, its middle left out.
fn short_link(link: &str) -> String {
    let link = link.trim_start_matches("https://").trim_start_matches("http://");
    match link.strip_prefix("pic.twitter.com/") {
        Some(key) => format!("pic …/{key}"),
        None => cut(&one_line(link), 28),
    }
}
