//! What stands between reports, as JSON: stories, series, pairs, links, search results, receipts
//! (record.md, "Between reports").

use selon_model as model;
use serde::Serialize;
use serde_json::{Value, json};

use super::{Number, Offsets};
use crate::archive::{Found, Receipt, ReportHead, StoryView};

/// A list entry of a report.
pub fn head(head: &ReportHead) -> Value {
    json!({
        "report": head.id.to_string(),
        "capture": head.capture.to_string(),
        "part": head.part,
        "title": head.title,
        "outlet": head.outlet,
        "published": head.published.as_ref().and_then(|when| when.edtf.clone()),
        "language": head.language.as_ref().map(|lang| lang.to_string()),
        "path": head.path,
        "statements": head.statements,
        "figures": head.figures,
        "posts": head.posts,
    })
}

/// `selon.story/1`.
pub fn story(view: &StoryView) -> Value {
    let story = &view.story;
    let members: Vec<Value> = story
        .members
        .iter()
        .map(|member| {
            json!({
                "report": member.report.to_string(),
                "input": view.input(&member.report),
                "family": member.family,
                "why": why(&member.why),
            })
        })
        .collect();
    let mut languages: Vec<String> =
        view.heads.iter().filter_map(|head| head.language.as_ref().map(|lang| lang.to_string())).collect();
    languages.sort();
    languages.dedup();
    json!({
        "schema": "selon.story/1",
        "id": story.id.to_string(),
        "members": members,
        "when": story.when.as_ref().map(when),
        "places": story.places.iter().map(|place| place.to_string()).collect::<Vec<_>>(),
        "languages": languages,
        "was": story.was.iter().map(|id| id.to_string()).collect::<Vec<_>>(),
        "reports": view.heads.iter().map(head).collect::<Vec<_>>(),
        "texts": view.texts(),
        "independence": view.sources().map(|(least, most)| json!({ "min": least, "max": most })),
    })
}

/// What is claimed, in a story of this time.
pub(super) fn key(key: &model::FigureKey, time: Option<&model::When>) -> Value {
    json!({
        "unit": key.unit,
        "event": key.event,
        "proposition": key.proposition,
        "place": key.place.as_ref().map(|place| place.to_string()),
        "when": time.map(when),
    })
}

/// `selon.series/1`.
pub fn series(view: &StoryView, series: &model::Series) -> Value {
    let steps: Vec<Value> = series
        .steps
        .iter()
        .map(|step| {
            json!({
                "asOf": step.as_of.as_ref().map(when),
                "quantity": quantity(&step.quantity),
                "report": step.figure.report.to_string(),
                "input": view.input(&step.figure.report),
                "figure": super::from::figure_id(step.figure.figure),
                "relation": step.relation,
            })
        })
        .collect();
    json!({
        "schema": "selon.series/1",
        "story": series.story.to_string(),
        "key": key(&series.key, view.story.when.as_ref()),
        "source": series.source,
        "steps": steps,
    })
}

/// `selon.pair/1`.
pub fn pair(view: &StoryView, pair: &model::Pair) -> Value {
    let side = |at: model::FigureRef| {
        let figure = super::from::figure_id(at.figure);
        json!({ "report": at.report.to_string(), "input": view.input(&at.report), "figure": figure })
    };
    json!({
        "schema": "selon.pair/1",
        "story": pair.story.to_string(),
        "a": side(pair.a),
        "b": side(pair.b),
        "relation": named(pair.relation),
        "suspect": pair.suspect.map(named),
        "why": why(&pair.why),
    })
}

/// `selon.coded/1`.
pub fn coded(view: &StoryView, coded: &model::Coded) -> Value {
    let at = |figure: &model::FigureRef| {
        json!({
            "report": figure.report.to_string(),
            "input": view.input(&figure.report),
            "figure": super::from::figure_id(figure.figure),
        })
    };
    let numbers: Vec<Value> = coded
        .numbers
        .iter()
        .map(|number| {
            let from: Vec<Value> = number.from.iter().map(at).collect();
            json!({ "name": number.name, "value": Number(number.value), "from": from })
        })
        .collect();
    let others: Vec<Value> = coded
        .others
        .iter()
        .map(|other| {
            let mut value = at(&other.figure);
            value["why"] = named(other.why);
            value
        })
        .collect();
    json!({
        "schema": "selon.coded/1",
        "story": coded.story.to_string(),
        "key": key(&coded.key, view.story.when.as_ref()),
        "rule": coded.rule.name(),
        "version": coded.rule.version(),
        "numbers": numbers,
        "others": others,
    })
}

/// `selon.link/1`; the texts of its reports give its offsets in code points.
pub fn link(link: &model::Link, first: &model::Report, second: &model::Report) -> Value {
    let (from, to) = (Offsets::new(&first.text.string, false), Offsets::new(&second.text.string, false));
    let pieces: Vec<Value> = link
        .pieces
        .iter()
        .map(|piece| json!({ "from": from.range(piece.from), "to": to.range(piece.to) }))
        .collect();
    json!({
        "schema": "selon.link/1",
        "from": { "report": link.from.to_string(), "input": first.input.id },
        "to": { "report": link.to.to_string(), "input": second.input.id },
        "kind": named(link.kind),
        "order": named(link.order),
        "run": link.run,
        "fromInTo": thousandths(link.from_in_to),
        "toInFrom": thousandths(link.to_in_from),
        "jaccard": thousandths(link.jaccard),
        "pieces": pieces,
        "why": why(&link.why),
    })
}

/// A share with three digits: JSON would give the rest of a 32-bit float as if it meant something.
fn thousandths(share: f32) -> f64 {
    (f64::from(share) * 1000.0).round() / 1000.0
}

/// `selon.search/1`.
pub fn found(query: &str, found: &[Found]) -> Value {
    let hits: Vec<Value> = found
        .iter()
        .map(|hit| {
            json!({
                "report": head(&hit.head),
                "score": hit.score,
                "statement": hit.statement.map(super::from::statement_id),
                "words": hit.words,
            })
        })
        .collect();
    json!({ "schema": "selon.search/1", "query": query, "hits": hits })
}

/// `selon.capture/1`: what proves a capture.
pub fn receipt(receipt: &Receipt) -> Value {
    let capture = &receipt.capture;
    json!({
        "schema": "selon.capture/1",
        "id": capture.id.to_string(),
        "class": capture.origin.as_str(),
        "targetUri": capture.target,
        "stated": capture.stated,
        "at": capture.at.to_string(),
        "mediaType": capture.media_type,
        "payloadSha256": capture.payload.hex(),
        "payloadLength": capture.payload_length,
        "record": { "file": capture.record.file, "offset": capture.record.offset, "length": capture.record.length },
        "leaf": capture.leaf.0,
        "manifest": receipt.manifest,
        "proof": receipt.proof,
        "checkpoint": receipt.checkpoint,
        "vkey": receipt.vkey,
        "interval": receipt.interval,
        "custody": receipt.custody.iter().map(|act| json!({
            "leaf": act.leaf.0, "at": act.at.to_string(), "what": act.what, "note": act.note,
        })).collect::<Vec<_>>(),
        "reports": receipt.reports.iter().map(head).collect::<Vec<_>>(),
    })
}

pub(super) fn named(value: impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}

pub(super) fn why(why: &model::Why) -> Value {
    let feature = |(name, value): &(String, f64)| match selon_connect::weight(why, name) {
        Some(weight) => json!({ "feature": name, "value": value, "weight": weight }),
        None => json!({ "feature": name, "value": value }),
    };
    let features: Vec<Value> = why.features.iter().map(feature).collect();
    json!({ "rule": why.rule, "features": features, "insteadOf": why.instead_of })
}

pub(super) fn quantity(quantity: &model::Quantity) -> Value {
    json!({
        "op": quantity.op.as_str(),
        "lower": quantity.lower.map(Number),
        "upper": quantity.upper.map(Number),
    })
}

pub(super) fn when(when: &model::When) -> Value {
    json!({
        "edtf": when.edtf,
        "from": when.from.map(|from| from.to_string()),
        "until": when.until.map(|until| until.to_string()),
        "zone": when.zone,
        "precision": named(when.precision),
        "inferred": when.inferred,
        "evidence": when.evidence.map(named),
        "value": when.value,
        "start": null,
        "end": null,
        "rule": when.rule.to_string(),
    })
}
