//! Pages: pure functions from values to HTML.
//!
//! A read page holds no script, asks nothing from outside, and says all it has to say as it
//! stands: from a memory stick, printed, with scripts off. `selon read --html`, the server and
//! the site of files use the same functions.

mod chain;
mod chart;
mod coded;
mod compare;
mod disagreement;
mod evidence;
mod figure;
mod layout;
mod lists;
mod map;
mod mask;
pub mod pages;
mod post;
mod report;
mod statement;
mod story;
mod text;
pub mod words;

use selon_model::Report;

pub use compare::compare_page;
pub use evidence::evidence_page;
pub use layout::{Frame, Linking, Page};
pub use lists::{error_page, search_page, stories_page};
pub use mask::{Mask, Pseudonym};
pub use report::report_page;
pub use story::{Reports, story_page};
pub use words::{LANGUAGES, Words};

use crate::record::CaptureOf;

/// A report as one self-contained file.
///
/// # Errors
/// There are no labels in the language `ui`; the message names those there are.
pub fn report_file(report: &Report, capture: &CaptureOf, ui: &str) -> Result<String, String> {
    Ok(report_page(&Frame::alone(Words::of(ui)?), report, capture, None).html)
}

#[cfg(test)]
pub(crate) mod sample;

#[cfg(test)]
pub(crate) mod checks {
    //! What holds for every page, in every language.

    use std::collections::BTreeSet;

    /// Values of an attribute, by plain search.
    pub(crate) fn values<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
        html.split(&format!(" {attribute}=\"")).skip(1).filter_map(|rest| rest.split('"').next()).collect()
    }

    /// No script, nothing from outside, every anchor resolves, no id twice.
    pub(crate) fn read_page(html: &str) {
        assert!(html.starts_with("<!DOCTYPE html>"));
        for forbidden in
            ["<script", "javascript:", "<img", "<iframe", " onclick", " style=\"", "@import", "url("]
        {
            assert!(!html.contains(forbidden), "{forbidden}");
        }
        assert!(!html.contains(" src="));
        let ids = values(html, "id");
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), unique.len(), "an id stands twice");
        for href in values(html, "href") {
            assert!(!href.contains("//"), "{href} leads outside");
            if let Some(anchor) = href.strip_prefix('#') {
                assert!(unique.contains(anchor), "#{anchor} leads nowhere");
            }
        }
        assert!(html.contains("script-src 'none'"));
        assert!(!html.contains("left:") && !html.contains("-right"), "physical directions");
    }
}

#[cfg(test)]
mod tests {
    use selon_model::Origin;

    use super::*;

    fn plain(html: &str) -> String {
        let body = html.split("</style>").nth(1).unwrap_or(html);
        let mut out = String::new();
        let mut inside = false;
        for c in body.chars() {
            match c {
                '<' => inside = true,
                '>' => inside = false,
                '\u{2066}'..='\u{2069}' => {}
                c if !inside => out.push(c),
                _ => {}
            }
        }
        out
    }

    fn file(ui: &str) -> String {
        report_file(&sample::report(), &CaptureOf::outside(Origin::Remnant), ui).unwrap()
    }

    #[test]
    fn one_file_holds_all_there_is_to_say() {
        for (ui, bound) in
            [("en", "more than 1,200"), ("fr", "plus de 1\u{202f}200"), ("ar", "أكثر من 1,200")]
        {
            let html = file(ui);
            checks::read_page(&html);
            let text = plain(&html);
            assert!(text.contains(bound), "{ui}");
            assert!(
                text.contains(
                    "Plus de 1 200 familles auraient été évacuées au cours des dernières 24 heures"
                )
            );
            assert!(text.contains("Nos hommes ont travaillé"));
            assert!(text.contains("Agence Ponant"));
            assert!(text.contains(&sample::report().payload.hex()));
            assert!(text.contains(&sample::report().made_by.packs.hex()));
        }
    }

    #[test]
    fn posters_are_numbers_and_the_file_holds_no_handle() {
        let html = file("en");
        for secret in ["nour_hassan", "jane_d", "Jane Doe", "somebody_else", "/home/someone"] {
            assert!(!html.to_lowercase().contains(&secret.to_lowercase()), "{secret}");
        }
        let text = plain(&html);
        assert!(text.contains("poster 1") && text.contains("poster 2") && text.contains("account 1"));
    }

    #[test]
    fn arabic_runs_from_right_to_left() {
        let html = file("ar");
        assert!(html.contains("<html lang=\"ar\" dir=\"rtl\">"));
        assert!(html.contains("<article lang=\"fr\" dir=\"auto\">"));
        assert!(!html.contains("[U+20"), "what numbers posters is no foreign text");
    }

    #[test]
    fn same_report_same_bytes() {
        assert_eq!(file("fr"), file("fr"));
    }

    proptest::proptest! {
        /// Whatever stands in a text and wherever spans lie, a page comes out, and it is sound.
        #[test]
        fn any_text_and_any_spans_give_a_page(
            text in "[@/aé_b<> ءx\\u{202e}\n]{0,60}",
            spans in proptest::collection::vec((0usize..70, 0usize..70), 0..24),
            handle in "[aé_b]{0,3}",
        ) {
            use selon_model::*;
            let on = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            let spans: Vec<Span> =
                spans.iter().map(|(a, b)| Span::new(on(*a.min(b)), on(*a.max(b)))).collect();
            let made = sample::report();
            let mut report = Report::of_text(made.id, Text { string: text.clone(), blocks: Vec::new() });
            for (index, span) in spans.iter().enumerate() {
                match index % 6 {
                    0 => report.statements.push(Statement {
                        span: *span, content: vec![*span], source: None, cue: None, hedges: Vec::new(),
                        addressee: None, chain: Vec::new(), ..made.statements[0].clone()
                    }),
                    1 => report.figures.push(Figure { span: *span, said_in: None, ..made.figures[0].clone() }),
                    2 => report.places.push(Place { span: *span, ..made.places[0].clone() }),
                    3 => report.times.push(TimeMention { span: *span, ..made.times[0].clone() }),
                    4 => report.posts.push(EmbeddedPost {
                        span: Some(*span), text: None,
                        author: PostAuthor { handle: Some(handle.clone()), name: Some(handle.clone()), ..PostAuthor::default() },
                        damage: vec![Damage { kind: DamageKind::Glued, span: None, cuts: vec![span.start, 9], detail: None }],
                        ..made.posts[1].clone()
                    }),
                    _ if report.text.blocks.last().is_none_or(|block| block.span.end <= span.start) => {
                        report.text.blocks.push(Block { kind: BlockKind::Paragraph, span: *span, lang: None, entry: None, source: None });
                    }
                    _ => {}
                }
            }
            let html = report_file(&report, &CaptureOf::outside(Origin::Remnant), "ar").unwrap();
            checks::read_page(&html);
        }
    }

    #[test]
    fn unknown_languages_are_an_error() {
        let failed = report_file(&sample::report(), &CaptureOf::outside(Origin::Remnant), "xx");
        assert!(failed.unwrap_err().contains("en, fr, ar"));
    }
}
