//! What holds for every report, whatever bytes it was read from. The fuzz targets call these
//! functions; so do the tests that replay the seeds, which include this file.

use selon_model::{Report, ReportInput, RunKind, Span};
use selon_read::{
    Document, Exported, FieldMap, Media, Packs, Row, is_export_page, read_export, read_export_page,
    unwrap_script,
};

/// A page.
pub fn page(bytes: &[u8]) {
    read(bytes, Media::Html);
}

/// A text.
pub fn plain(bytes: &[u8]) {
    read(bytes, Media::Plain);
}

/// A PDF file.
pub fn pdf(bytes: &[u8]) {
    read(bytes, Media::Pdf);
}

/// A message of several parts: once with its head given, so that most inputs are ones.
pub fn message(bytes: &[u8]) {
    const HEAD: &[u8] = b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/html\r\n";
    read(&[HEAD, bytes].concat(), Media::Unknown);
    read(bytes, Media::Unknown);
}

/// A line of a JSON Lines file.
pub fn row(bytes: &[u8]) {
    if let Ok(line) = std::str::from_utf8(bytes)
        && let Ok(row) = Row::parse_json_line(line, &FieldMap::default())
    {
        read(&row.payload, row.media);
    }
}

/// A JSON value or page that may be of an export: its posts, read to the end.
pub fn export(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let found = match serde_json::from_str(unwrap_script(text)) {
        Ok(value) => read_export(&value, Packs::embedded()).unwrap_or_default(),
        Err(_) if is_export_page(bytes) => read_export_page(text, Packs::embedded()),
        Err(_) => return,
    };
    for exported in found {
        if let Exported::Post(post) = exported {
            let payload = post.words.as_bytes();
            let input = ReportInput::default();
            let document = Document { payload, post: Some(&*post), input, ..Document::default() };
            for report in selon_read::read(&document, Packs::embedded()) {
                check(&report, payload);
            }
        }
    }
}

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
    let hold =
        |span: Span| assert!(text.get(span.range()).is_some(), "span {span:?} of {} bytes", text.len());
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
