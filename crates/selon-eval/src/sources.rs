//! Whether every character of the reading text leads to its bytes in the document.
//!
//! Each run of a source map is held against the bytes it names: decoded anew, references read on
//! their own, breaks and spaces looked at. Pages need no gold, so every page of a folder counts.

use std::collections::HashMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex};

use anyhow::{Result, bail};
use encoding_rs::Encoding;
use rayon::prelude::*;
use selon_model::{Digest, Report, RunKind, SourceMap, SourceRun};
use selon_read::{Document, Media, Packs};

use crate::progress::Progress;
use crate::rows::name_of;
use crate::scores::{Scores, share};

/// Characters of a text, and what is wrong with the way back from them.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    /// Characters of the text.
    pub characters: usize,
    /// Of these, those that lead to their bytes, or are put in and say so.
    pub exact: usize,
    /// The first faults, in words.
    pub faults: Vec<String>,
}

/// Holds the source map of `report` against `payload`, which it was read from.
pub fn verify(report: &Report, payload: &[u8], packs: &Packs) -> Verdict {
    let text = &report.text.string;
    let mut verdict = Verdict { characters: text.chars().count(), ..Verdict::default() };
    let Some(map) = &report.source_map else {
        verdict.faults.push("no source map".to_owned());
        return verdict;
    };
    let inflated = inflated(payload);
    let document = match map.coding.as_deref() {
        Some("gzip") => &inflated[..],
        _ => payload,
    };
    if map.document != Digest::of(document) || map.length != document.len() as u64 {
        verdict.faults.push("the document is not the one that the map names".to_owned());
        return verdict;
    }
    let mut at = 0;
    for run in &map.runs {
        let words = text.get(run.text.range());
        let fault = match words {
            _ if run.text.from() != at => Some("a gap or an overlap in the text"),
            None => Some("not on the borders of characters"),
            Some(words) => fault(run, words, document, map, packs),
        };
        at = run.text.to();
        let words = words.unwrap_or_default();
        match fault {
            None => verdict.exact += words.chars().count(),
            Some(_) if verdict.faults.len() > 20 => {}
            Some(fault) => {
                let bytes =
                    usize_range(run, document).and_then(|range| document.get(range)).unwrap_or_default();
                let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(60)]).into_owned();
                verdict
                    .faults
                    .push(format!("{fault}: {:?} {words:?} from {shown:?} at {}", run.kind, run.source.0));
            }
        }
    }
    if at != text.len() {
        verdict.faults.push(format!("the runs end at byte {at} of {}", text.len()));
        verdict.exact = verdict.exact.min(verdict.characters.saturating_sub(1));
    }
    verdict
}

fn usize_range(run: &SourceRun, document: &[u8]) -> Option<std::ops::Range<usize>> {
    let (from, to) = (usize::try_from(run.source.0).ok()?, usize::try_from(run.source.1).ok()?);
    (from <= to && to <= document.len()).then_some(from..to)
}

/// What is wrong with a run, if anything.
fn fault(
    run: &SourceRun,
    words: &str,
    document: &[u8],
    map: &SourceMap,
    packs: &Packs,
) -> Option<&'static str> {
    let Some(range) = usize_range(run, document) else { return Some("out of the document") };
    let bytes = &document[range];
    let Some(encoding) = Encoding::for_label(map.encoding.as_bytes()) else {
        return Some("no such encoding");
    };
    let (decoded, _) = encoding.decode_without_bom_handling(bytes);
    let good = match run.kind {
        RunKind::Verbatim => decoded == words,
        RunKind::Reference if decoded == "\0" => words == "\u{fffd}",
        RunKind::Reference => decoded.starts_with('&') && reference(&decoded, packs) == words,
        RunKind::Newline => words == "\n" && matches!(&*decoded, "\r\n" | "\r"),
        RunKind::Space => words == " " && is_space(&decoded),
        RunKind::Removed => {
            let left =
                if decoded.starts_with('&') { reference(&decoded, packs) } else { decoded.into_owned() };
            words.is_empty() && (left.is_empty() || left.contains(['\u{ad}', '\u{200b}', '\u{feff}']))
        }
        RunKind::Made => {
            bytes.is_empty() && words.chars().all(|c| matches!(c, '\n' | '\t' | ' ' | '“' | '”'))
        }
        RunKind::Escape => false,
    };
    (!good).then_some("not what stands there")
}

/// A character reference as it is read on a page of its own.
fn reference(reference: &str, packs: &Packs) -> String {
    static KNOWN: LazyLock<Mutex<HashMap<String, String>>> = LazyLock::new(Mutex::default);
    if let Some(known) = KNOWN.lock().ok().and_then(|known| known.get(reference).cloned()) {
        return known;
    }
    let lead =
        "The council met in the old hall above the river and said that nothing had been decided yet, x";
    let page = format!("<p>{lead}{reference}<b></b>x</p>");
    let document = Document { payload: page.as_bytes(), media: Media::Html, ..Document::default() };
    let report = selon_read::read_layout(&document, packs).into_iter().next();
    let text = report.map(|report| report.text.string).unwrap_or_default();
    let found = text.strip_prefix(lead).and_then(|rest| rest.strip_suffix('x')).unwrap_or("").to_owned();
    if let Ok(mut known) = KNOWN.lock() {
        known.insert(reference.to_owned(), found.clone());
    }
    found
}

/// Whether `markup` is white space, as it stands or as references.
fn is_space(markup: &str) -> bool {
    let mut parts = markup.split_inclusive(';').map(str::trim);
    !markup.is_empty()
        && parts.all(|part| part.is_empty() || part.starts_with('&') && is_reference_to_space(part))
}

fn is_reference_to_space(reference: &str) -> bool {
    let digits = reference.trim_start_matches(['&', '#', 'x', 'X']).trim_end_matches(';');
    let hex = reference.contains(['x', 'X']);
    let named = matches!(reference, "&Tab;" | "&NewLine;");
    named || matches!(u32::from_str_radix(digits, if hex { 16 } else { 10 }), Ok(9 | 10 | 12 | 13 | 32))
}

fn inflated(payload: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    // A damaged end leaves what came before it, as in the reader.
    let _ = flate2::read::MultiGzDecoder::new(payload).read_to_end(&mut bytes);
    bytes
}

pub(crate) fn score(folder: &Path, packs: &Packs) -> Result<Vec<Scores>> {
    let mut paths = Vec::new();
    pages_below(folder, &mut paths)?;
    if paths.is_empty() {
        bail!("{} holds no page: no *.html, *.htm, plain or gzipped", folder.display());
    }
    paths.sort();
    let progress = Progress::new(format!("sources {}", name_of(folder)), paths.len());
    let read = paths.into_par_iter().map(|path| {
        let payload = std::fs::read(&path)?;
        let document =
            Document { payload: &payload, media: Media::Html, source_map: true, ..Document::default() };
        let reports = selon_read::read_layout(&document, packs);
        let verdicts: Vec<Verdict> = reports.iter().map(|report| verify(report, &payload, packs)).collect();
        progress.step();
        Ok((path, verdicts))
    });
    let read: Vec<(PathBuf, Vec<Verdict>)> = read.collect::<Result<_>>()?;
    let mut scores = Scores::new("sources", name_of(folder));
    let (mut characters, mut exact, mut whole) = (0, 0, 0);
    for (path, verdicts) in &read {
        for verdict in verdicts {
            characters += verdict.characters;
            exact += verdict.exact;
            whole += usize::from(verdict.faults.is_empty());
            if let Some(fault) = verdict.faults.first() {
                let id = path.strip_prefix(folder).unwrap_or(path).display().to_string();
                scores.case(id, share(verdict.exact, verdict.characters), fault.clone());
            }
        }
    }
    scores.n = read.len();
    scores.set("characters", characters as f64);
    scores.set("exact", share(exact, characters));
    scores.set("exact_pages", share(whole, read.len()));
    Ok(vec![scores.sorted()])
}

fn pages_below(folder: &Path, paths: &mut Vec<PathBuf>) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.to_string_lossy().to_lowercase();
        let name = name.strip_suffix(".gz").unwrap_or(&name);
        if path.is_dir() {
            pages_below(&path, paths)?;
        } else if name.ends_with(".html") || name.ends_with(".htm") {
            paths.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use proptest::prelude::*;

    use super::*;

    const LEAD: &str = "<html><head><title>The bridge</title></head><body><article><h1>The bridge</h1>\
        <p>The council met in the old hall above the river and said that nothing had been decided yet.</p>";

    const TAIL: &str = "<p>Several people who had come to listen, among them two teachers and a baker, said, standing \
        at the door, that they would wait until the morning, and nobody asked them to leave.</p><p>The mayor, who had \
        spoken for an hour, went home at ten; the others stayed, talked, and agreed on a second meeting in spring.</p>\
        </article></body></html>";

    fn read(payload: &[u8], media: Media, charset: Option<&str>) -> Vec<Report> {
        let charset = charset.map(str::to_owned);
        let document = Document { payload, media, charset, source_map: true, ..Document::default() };
        selon_read::read_layout(&document, Packs::embedded())
    }

    fn check(payload: &[u8], media: Media, charset: Option<&str>) -> String {
        let mut all = String::new();
        for report in read(payload, media, charset) {
            let verdict = verify(&report, payload, Packs::embedded());
            assert!(verdict.faults.is_empty(), "{:#?}\n{}", verdict.faults, String::from_utf8_lossy(payload));
            assert_eq!(verdict.exact, verdict.characters);
            all.push_str(&report.text.string);
        }
        all
    }

    fn page(body: &str) -> Vec<u8> {
        format!("{LEAD}{body}{TAIL}").into_bytes()
    }

    fn contains(payload: &[u8], charset: Option<&str>, words: &str) {
        let text = check(payload, Media::Html, charset);
        assert!(text.contains(words), "{words:?} in {text:?}");
    }

    #[test]
    fn every_way_of_writing_leads_back() {
        let cases = [
            (
                "<p>caf&eacute; &amp;amp; bar &#233; &#x80; &notit; &NotEqualTilde; & so &am",
                "café &amp; bar é € ¬it; ≂\u{338} & so &am",
            ),
            ("<p>one\r\ntwo\rthree   four\u{ad}teen", "one two three fourteen"),
            ("<pre>\r\n\r\none\r\ntwo\rthree</pre>", "one\ntwo\nthree"),
            ("<table>stray &amp; text<tr>more<td>cell one<td>cell two</table>", "stray & textmore"),
            ("<p>a <q>quoted</q> word<br>and a line", "a “quoted” word\nand a line"),
            ("<p>one <!-- x > y --> two &am<!-- -->p; three", "one two &amp; three"),
            ("<p>5 < 6 and 7 > 6 <b class='a>b' x= \"c\">bold</b\n>er", "5 < 6 and 7 > 6 bolder"),
            ("<p>nul\0here and <i> spaced </i> out", "nulhere and spaced out"),
            ("<p =\"x>y\">odd tag</p>", "y\">odd tag"),
            ("<svg><![CDATA[ a > b ]]></svg><p>after the drawing", "after the drawing"),
            ("<p>&nbsp;&zwj;edge&nbsp;", "edge"),
        ];
        for (body, words) in cases {
            contains(&page(body), None, words);
        }
    }

    #[test]
    fn posts_lead_back() {
        let body = "<p>He wrote it that night.</p><blockquote class=\"twitter-tweet\"><p lang=en>The bridge &amp; the \
            mill<br>are <b>open</b></p>&mdash; Ann Ro (@annro) <a href=\"https://twitter.com/annro/status/\
            1234567890123456789\">March 3, 2021</a></blockquote><p>Nobody answered him.</p>";
        contains(&page(body), None, "The bridge & the mill\nare open\n— Ann Ro (@annro) March 3, 2021");
    }

    #[test]
    fn plain_text_leads_back() {
        let text = check("\u{feff}The bridge\r\n\r\nNothing was\rdecided.\n".as_bytes(), Media::Plain, None);
        assert_eq!(text, "The bridge\n\nNothing was\rdecided.\n");
    }

    fn encoded(label: &str, text: &str) -> Vec<u8> {
        let encoding = Encoding::for_label(label.as_bytes()).expect("a known label");
        if label.starts_with("utf-16") {
            let little = label.ends_with("le");
            let units = text
                .encode_utf16()
                .flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() });
            return [if little { &b"\xff\xfe"[..] } else { &b"\xfe\xff"[..] }, &units.collect::<Vec<u8>>()]
                .concat();
        }
        encoding.encode(text).0.into_owned()
    }

    fn gzipped(bytes: &[u8]) -> Vec<u8> {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(bytes).expect("memory");
        gzip.finish().expect("memory")
    }

    const PIECES: &str = "(<(p|b|/b|a href=x|/a|div|/div|table|tr|td|/table|ul|li|br|pre|/pre|q|/q|span|/span|h2|/h2|\
        blockquote|/blockquote|!-- c --)>|&(amp|eacute|nbsp|lt|notit|#233|#x41|NotEqualTilde|shy|am)?;?|\r\n|\r|\n| {1,3}|\
        [a-z]{1,7}|[а-яё]{1,5}|[あ-ん]{1,4}|[é«»“”…]|[.,;<>\"'!/=]|\u{ad}|\u{200b}){0,40}";

    proptest! {
        #[test]
        fn any_page_leads_back(body in PIECES, table in PIECES) {
            let html = format!("{LEAD}<p>Someone wrote, in the book, {body}</p><table>{table}</table>{TAIL}");
            check(html.as_bytes(), Media::Html, None);
            check(&gzipped(html.as_bytes()), Media::Html, None);
            check(format!("\u{feff}{html}").as_bytes(), Media::Html, None);
            for label in ["windows-1251", "utf-16le", "utf-16be", "shift_jis", "gb18030", "iso-8859-1"] {
                check(&encoded(label, &html), Media::Html, Some(label));
            }
        }

        #[test]
        fn damaged_pages_lead_back(body in PIECES, bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            let mut payload = page(&body);
            let at = LEAD.len();
            for (index, byte) in bytes.into_iter().enumerate() {
                payload.insert(at + index * 2, byte);
            }
            check(&payload, Media::Html, None);
            for label in ["windows-1251", "shift_jis", "utf-8"] {
                check(&payload, Media::Html, Some(label));
            }
        }

        #[test]
        fn any_text_leads_back(text in "(\r\n|\r|\n|[a-zé. ]{0,9}){0,20}") {
            check(text.as_bytes(), Media::Plain, None);
            check(&encoded("utf-16le", &text), Media::Plain, None);
        }
    }
}
