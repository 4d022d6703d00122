//! The rows and cases of the packs: every row fires on its example and is silent after `!`, and
//! whole sentences give the statements written below them.

use std::collections::BTreeSet;

use selon_model::{Block, BlockKind, HopRole, Lang, Span, Text};

use super::chain::find_channels;
use super::draft::find_drafts;
use super::hedge::find_hedges;
use super::speaker::read_speaker;
use super::view::View;
use super::write::{TextReading, read_text};
use super::*;

fn text_of(words: &str) -> Text {
    let block = Block {
        kind: BlockKind::Paragraph,
        span: Span::new(0, words.len()),
        lang: None,
        entry: None,
        source: None,
    };
    Text { string: words.to_owned(), blocks: vec![block] }
}

fn pack_of(lang: &str) -> &'static Pack {
    Packs::embedded().pack(&Lang::new(lang).expect("a language tag")).expect("a pack")
}

/// Ids of all rows that had a part in reading a sentence.
fn fired(pack: &Pack, words: &str) -> BTreeSet<String> {
    let text = text_of(words);
    let lexed = Lexed::of(&text, &pack.lex);
    let rules = &pack.statement.rules;
    let view = View::of(&text, &lexed, &pack.statement.lexicon, |_| true).with_press(rules);
    let mut ids = BTreeSet::new();
    let drafts = find_drafts(&view, rules, &mut Vec::new());
    for draft in &drafts {
        let channels = find_channels(&view, rules, Packs::embedded().registry(), draft);
        ids.extend(draft.cue_rule.map(|rule| rules.cues[usize::from(rule)].id.to_string()));
        ids.extend(channels.rules.iter().map(|rule| rules.channels[usize::from(*rule)].id.to_string()));
        let hedges = find_hedges(&view, rules, draft);
        ids.extend(hedges.iter().map(|(rule, _)| rules.hedges[*rule].id.to_string()));
        for source in draft.source.iter().chain(&channels.origin) {
            let head = read_speaker(&view, rules, source.clone()).head;
            ids.extend(head.map(|role| rules.roles[usize::from(role)].id.to_string()));
        }
    }
    ids
}

/// Every row proves itself: it fires on its example, and not on the one after `!`.
#[test]
fn rows_fire_on_their_examples() {
    let mut wrong = Vec::new();
    for pack in Packs::embedded().all() {
        let rules = &pack.statement.rules;
        let rows = rules.cues.iter().map(|row| (&row.id, &row.example));
        let rows = rows.chain(rules.channels.iter().map(|row| (&row.id, &row.example)));
        let rows = rows.chain(rules.hedges.iter().map(|row| (&row.id, &row.example)));
        let rows = rows.chain(rules.roles.iter().map(|row| (&row.id, &row.example)));
        for (id, example) in rows {
            let (fires, silent) = example.split_once(" ! ").unwrap_or((example, ""));
            if !fired(pack, fires).contains(id.as_str()) {
                wrong.push(format!("{id} is silent: {fires}"));
            }
            if fired(pack, silent).contains(id.as_str()) {
                wrong.push(format!("{id} fires: {silent}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} rows\n{}", wrong.len(), wrong.join("\n"));
}

fn read_sentence(lang: &str, words: &str) -> (Text, Vec<Statement>) {
    let pack = pack_of(lang);
    let text = text_of(words);
    let lexed = Lexed::of(&text, &pack.lex);
    let registry = Packs::embedded().registry();
    let reading = TextReading { pack: &pack.statement, registry, outlet: None, places: &[], times: &[] };
    let statements = read_text(&text, &lexed, &reading, |_| true, &mut Vec::new());
    (text, statements)
}

/// A value as the record writes it.
fn written(value: impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// What a case file may ask of a statement.
fn field(text: &Text, statement: &Statement, name: &str) -> String {
    let words = |span: Option<Span>| span.map_or("none".to_owned(), |span| text.words(span).to_owned());
    let source = statement.source.as_ref();
    match name {
        "source" => words(source.map(|source| source.span)),
        "speaker" => source
            .and_then(|source| source.resolved.clone())
            .unwrap_or_else(|| words(source.map(|source| source.span))),
        "kind" => source.map_or("none".to_owned(), |source| written(source.kind)),
        "cue" => words(statement.cue.as_ref().map(|cue| cue.span)),
        "to" => words(statement.addressee),
        "mode" => written(statement.mode),
        "factuality" => written(statement.factuality),
        "content" => {
            let pieces: Vec<&str> = statement.content.iter().map(|span| text.words(*span)).collect();
            pieces.join(" … ")
        }
        "chain" => {
            let hops: Vec<&str> = statement
                .chain
                .iter()
                .filter(|hop| hop.role != HopRole::Outlet)
                .map(|hop| hop.name.as_deref().unwrap_or("?"))
                .collect();
            hops.join(" > ")
        }
        other => panic!("a case file asks for {other}"),
    }
}

/// Sentences with the statements that must come out of them, in order, indented below each:
/// `statement source=…; content=…`. Fields not named are free; no line below: no statement.
fn check_cases(lang: &str, file: &str) {
    let mut cases: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in file.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        match (line.strip_prefix("    "), cases.last_mut()) {
            (Some(expected), Some((_, lines))) => {
                lines.push(expected.trim().trim_start_matches("statement ").trim())
            }
            _ => cases.push((line.trim(), Vec::new())),
        }
    }
    assert!(cases.len() >= 12, "{} sentences in {lang}", cases.len());
    let mut wrong = Vec::new();
    for (sentence, expected) in &cases {
        let (text, statements) = read_sentence(lang, sentence);
        let show = |statement: &Statement| {
            ["source", "speaker", "cue", "mode", "factuality", "content", "chain"]
                .map(|name| format!("{name}={}", field(&text, statement, name)))
                .join("; ")
        };
        let fits = |wanted: &str, statement: &Statement| {
            wanted.split("; ").all(|pair| {
                let (name, value) = pair.split_once('=').expect("name=value");
                field(&text, statement, name) == value
            })
        };
        let same = expected.len() == statements.len()
            && expected.iter().zip(&statements).all(|(wanted, found)| fits(wanted, found));
        if !same {
            let found: Vec<String> = statements.iter().map(show).collect();
            wrong.push(format!("{sentence}\n  expected {expected:#?}\n  found {found:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {} wrong\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn french_cases() {
    check_cases("fr", include_str!("../../../../packs/fr/statement_cases.md"));
}

#[test]
fn english_cases() {
    check_cases("en", include_str!("../../../../packs/en/statement_cases.md"));
}

#[test]
fn arabic_cases() {
    check_cases("ar", include_str!("../../../../packs/ar/statement_cases.md"));
}
