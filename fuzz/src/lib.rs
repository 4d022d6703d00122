//! What holds for every report, whatever bytes it was read from.

use selon_model::{Report, RunKind, Span};
use selon_read::{Document, Media, Packs};

/// Reads `payload` and holds the invariants on every report.
pub fn read(payload: &[u8], media: Media) {
    let document = Document { payload, media, source_map: true, ..Document::default() };
    for report in selon_read::read(&document, Packs::embedded()) {
        check(&report, payload);
    }
}

/// Spans lie in the text, on the borders of characters; the source map has no gap, and where a
/// byte of the text is a byte of the payload, it is that byte.
pub fn check(report: &Report, payload: &[u8]) {
    let text = &report.text.string;
    let hold = |span: Span| assert!(text.get(span.range()).is_some(), "span {span:?} of {} bytes", text.len());
    report.text.blocks.iter().for_each(|block| hold(block.span));
    for statement in &report.statements {
        hold(statement.span);
        statement.content.iter().for_each(|span| hold(*span));
        statement.source.iter().for_each(|source| hold(source.span));
        statement.cue.iter().for_each(|cue| hold(cue.span));
    }
    for figure in &report.figures {
        hold(figure.span);
        figure.number.iter().for_each(|span| hold(*span));
    }
    report.times.iter().for_each(|time| hold(time.span));
    report.places.iter().for_each(|place| hold(place.span));
    report.posts.iter().filter_map(|post| post.span).for_each(hold);
    report.links.iter().filter_map(|link| link.span).for_each(hold);
    report.title_span.into_iter().for_each(hold);
    let Some(map) = &report.source_map else { return };
    let mut at = 0;
    for run in &map.runs {
        hold(run.text);
        assert_eq!(run.text.from(), at, "a gap before {run:?}");
        at = run.text.to();
        assert!(run.source.0 <= run.source.1 && run.source.1 <= map.length, "{run:?} of {}", map.length);
        let whole = map.coding.is_none() && map.encoding == "UTF-8" && map.length == payload.len() as u64;
        if whole && run.kind == RunKind::Verbatim {
            let words = run.text.of(text);
            let bytes = &payload[run.source.0 as usize..run.source.1 as usize];
            assert!(words.as_bytes() == bytes || words.contains('\u{fffd}'), "{run:?}: {words:?}");
        }
    }
    assert_eq!(at, text.len(), "the runs end too early");
}
