//! The rows and cases of a pack, read: which rows took part in a sentence, and whether a case comes
//! out as its file says.

use std::collections::BTreeSet;

use selon_model::{HopRole, Span, Statement, Text};

use crate::lex::Lexed;
use crate::pack::{Pack, Packs, Proof, cases, sides, text_of};

use super::chain::find_channels;
use super::draft::find_drafts;
use super::field::field_of;
use super::hedge::find_hedges;
use super::speaker::read_speaker;
use super::view::View;
use super::write::{TextReading, read_text};

/// Fields that a failed case shows.
const SHOWN: [&str; 7] = ["source", "speaker", "cue", "mode", "factuality", "content", "chain"];

/// Proves cues, channels, roles, fields and hedges, and the cases beside them.
pub(crate) fn prove(packs: &Packs, pack: &Pack, proof: &mut Proof) {
    let rules = &pack.statement.rules;
    let rows = rules.cues.iter().map(|row| (&row.id, &row.example));
    let rows = rows.chain(rules.channels.iter().map(|row| (&row.id, &row.example)));
    let rows = rows.chain(rules.hedges.iter().map(|row| (&row.id, &row.example)));
    let rows = rows.chain(rules.roles.iter().map(|row| (&row.id, &row.example)));
    let rows = rows.chain(rules.fields.iter().map(|row| (&row.id, &row.example)));
    for (id, example) in rows {
        proof.rows += 1;
        let (fires, silent) = sides(example);
        let took_part = fired(packs, pack, fires);
        if !took_part.contains(id.as_str()) {
            let others: Vec<String> = took_part.into_iter().collect();
            let others = if others.is_empty() { "nothing".to_owned() } else { others.join(", ") };
            proof.fault(id.as_str(), fires, format!("has no part in this; took part: {others}"));
        }
        if !silent.is_empty() && fired(packs, pack, silent).contains(id.as_str()) {
            proof.fault(id.as_str(), silent, "must have no part in this, and has");
        }
    }
    for (sentence, expected) in cases(&pack.statement_cases, "statement ") {
        proof.cases += 1;
        if let Some(what) = case(packs, pack, sentence, &expected) {
            proof.fault("statement_cases.md", sentence, what);
        }
    }
}

/// Ids of all rows that had a part in reading a sentence.
fn fired(packs: &Packs, pack: &Pack, words: &str) -> BTreeSet<String> {
    let text = text_of(words);
    let lexed = Lexed::of(&text, &pack.lex);
    let rules = &pack.statement.rules;
    let view = View::of(&text, &lexed, &pack.statement.lexicon, |_| true).with_press(rules);
    let mut ids = BTreeSet::new();
    let drafts = find_drafts(&view, rules, &mut Vec::new());
    for draft in &drafts {
        let channels = find_channels(&view, rules, packs.registry(), draft);
        ids.extend(draft.cue_rule.map(|rule| rules.cues[usize::from(rule)].id.to_string()));
        ids.extend(channels.rules.iter().map(|rule| rules.channels[usize::from(*rule)].id.to_string()));
        let hedges = find_hedges(&view, rules, draft);
        ids.extend(hedges.iter().map(|(rule, _)| rules.hedges[*rule].id.to_string()));
        for source in draft.source.iter().chain(&channels.origin) {
            let speaker = read_speaker(&view, rules, source.clone());
            ids.extend(speaker.head.map(|role| rules.roles[usize::from(role)].id.to_string()));
            let field = field_of(&view, &rules.fields, speaker.role.as_deref(), source.clone());
            ids.extend(field.map(|rule| rule.id.to_string()));
        }
    }
    ids
}

/// What is wrong with a case, if anything: statements in order, each `name=value; name=value`;
/// fields that are not named are free.
fn case(packs: &Packs, pack: &Pack, sentence: &str, expected: &[&str]) -> Option<String> {
    let text = text_of(sentence);
    let lexed = Lexed::of(&text, &pack.lex);
    let registry = packs.registry();
    let reading = TextReading { pack: &pack.statement, registry, outlet: None, places: &[], times: &[] };
    let statements = read_text(&text, &lexed, &reading, |_| true, &mut Vec::new());
    let fits = |wanted: &str, statement: &Statement| {
        wanted.split("; ").all(|pair| {
            pair.split_once('=').is_some_and(|(name, value)| {
                field(&text, statement, name).is_some_and(|found| found == value)
            })
        })
    };
    let same = expected.len() == statements.len()
        && expected.iter().zip(&statements).all(|(wanted, found)| fits(wanted, found));
    let show = |statement: &Statement| {
        let fields =
            SHOWN.map(|name| format!("{name}={}", field(&text, statement, name).unwrap_or_default()));
        fields.join("; ")
    };
    (!same).then(|| {
        let found: Vec<String> = statements.iter().map(show).collect();
        format!("expected {expected:#?}, found {found:#?}")
    })
}

/// A value as the record writes it.
fn written(value: impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// What a case file may ask of a statement; `None` for a field there is none of.
fn field(text: &Text, statement: &Statement, name: &str) -> Option<String> {
    let words = |span: Option<Span>| span.map_or("none".to_owned(), |span| text.words(span).to_owned());
    let source = statement.source.as_ref();
    Some(match name {
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
        _ => return None,
    })
}
