//! The rows and cases of the packs, and figures of whole sentences as data.

use proptest::prelude::*;
use selon_model::{Block, BlockKind, Lang, Place, Text};

use super::*;
use crate::pack::Packs;

fn read(lang: &str, text: &str) -> (Text, Vec<Figure>) {
    let packs = Packs::embedded();
    let pack = packs.pack(&Lang::new(lang).expect("a language tag")).expect("a pack");
    let block = Block {
        kind: BlockKind::Paragraph,
        span: Span::new(0, text.len()),
        lang: None,
        entry: None,
        source: None,
    };
    let text = Text { string: text.to_owned(), blocks: vec![block] };
    let lexed = Lexed::of(&text, &pack.lex);
    let times = crate::time::find_times(&crate::time::TimeContext {
        text: &text,
        lexed: &lexed,
        pack,
        published: None,
        posts: &[],
    });
    let places: Vec<Place> = Vec::new();
    let figures = find_figures(
        &FigureContext {
            text: &text,
            lexed: &lexed,
            pack,
            packs,
            posts: &[],
            times: &times,
            places: &places,
            statements: &[],
            published: None,
        },
        &mut Vec::new(),
    );
    (text, figures)
}

/// A figure as the case files write it: `>13000 civils class=civilians event=fled`.
fn line(text: &Text, figure: &Figure) -> String {
    let show = |bound: Option<selon_model::Decimal>| {
        bound.map_or(String::new(), |value| value.normalize().round_dp(4).normalize().to_string())
    };
    let quantity = &figure.quantity;
    let mut out = match quantity.op {
        Operator::Equal => show(quantity.lower),
        Operator::Range | Operator::Indefinite => {
            format!("{}..{}", show(quantity.lower), show(quantity.upper))
        }
        Operator::Percent | Operator::Ratio => {
            let bounds = match (quantity.lower, quantity.upper) {
                (lower, None) => format!(">{}", show(lower)),
                (None, upper) => format!("<{}", show(upper)),
                (lower, upper) if lower == upper => show(lower),
                (lower, upper) => format!("{}..{}", show(lower), show(upper)),
            };
            format!("{} {bounds}", quantity.op.as_str())
        }
        op => format!("{}{}", op.as_str(), show(quantity.lower.or(quantity.upper))),
    };
    if let Some(previous) = &figure.previous {
        out += &format!(" (was {})", show(previous.lower));
    }
    if let Some(unit) = &figure.unit {
        if let Some(span) = unit.span {
            out += &format!(" {}", text.words(span));
        }
        out += &format!(" class={}", unit.class);
    }
    if let Some(event) = &figure.event {
        out += &format!(" event={}", event.class);
    }
    if let Some(window) = figure.window.as_ref().and_then(|window| window.value.as_ref()) {
        out += &format!(" window={window}");
    }
    if figure.share_of.is_some() {
        out += " part";
    }
    out
}

/// Sentences of a case file with the lines that must come out, indented below each.
fn cases(text: &str) -> Vec<(&str, Vec<&str>)> {
    let mut cases: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in text.lines() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        match line.strip_prefix("    ") {
            Some(expected) => {
                if let Some((_, lines)) = cases.last_mut() {
                    lines.push(expected.trim().trim_start_matches("figure ").trim());
                }
            }
            None => cases.push((line.trim(), Vec::new())),
        }
    }
    cases
}

fn check_cases(lang: &str, least: usize, file: &str) {
    let cases = cases(file);
    assert!(cases.len() >= least, "{} sentences in {lang}", cases.len());
    let mut wrong = Vec::new();
    for (sentence, expected) in &cases {
        let (text, figures) = read(lang, sentence);
        let found: Vec<String> = figures.iter().map(|figure| line(&text, figure)).collect();
        if found != *expected {
            wrong.push(format!("{sentence}\n  expected {expected:#?}\n  found {found:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {} wrong\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn french_cases() {
    check_cases("fr", 60, include_str!("../../../../packs/fr/figure_cases.md"));
}

#[test]
fn english_cases() {
    check_cases("en", 60, include_str!("../../../../packs/en/figure_cases.md"));
}

#[test]
fn arabic_cases() {
    check_cases("ar", 5, include_str!("../../../../packs/ar/figure_cases.md"));
}

/// Every row proves itself: its example is read, and its id is among the rules that made a
/// figure.
#[test]
fn rows_fire_on_their_examples() {
    let mut silent = Vec::new();
    for pack in Packs::embedded().all() {
        let rules = &pack.figure;
        let units = rules.units.iter().map(|row| (&row.id, &row.example));
        let events = rules.events.iter().map(|row| (&row.id, &row.example));
        let approximators = rules.approximators.iter().map(|row| (&row.id, &row.example));
        let pairs = rules.ranges.iter().chain(&rules.changes).chain(&rules.ratios);
        let pairs = pairs.map(|pair| (&pair.rule.id, &pair.rule.example));
        for (id, example) in units.chain(events).chain(approximators).chain(pairs) {
            let (text, figures) = read(pack.lang.as_str(), example);
            if !figures.iter().any(|figure| figure.rule.as_str().split('+').any(|rule| rule == id)) {
                let found: Vec<String> = figures
                    .iter()
                    .map(|figure| format!("{} [{}]", line(&text, figure), figure.rule))
                    .collect();
                silent.push(format!("{id}: {example} -> {found:?}"));
            }
        }
        for window in &rules.windows {
            let (_, figures) = read(pack.lang.as_str(), &window.example);
            let fired = figures
                .iter()
                .filter_map(|figure| figure.window.as_ref())
                .any(|when| when.rule.as_str() == window.id);
            if !fired {
                silent.push(format!("{}: {}", window.id, window.example));
            }
        }
        for rule in &rules.not_figures {
            let (text, figures) = read(pack.lang.as_str(), &rule.example);
            if let Some(figure) = figures.first() {
                silent.push(format!("not a figure: {} -> {}", rule.example, line(&text, figure)));
            }
        }
    }
    assert!(silent.is_empty(), "{} rows\n{}", silent.len(), silent.join("\n"));
}

proptest! {
    #[test]
    fn never_panics(text in "\\PC{0,300}") {
        for lang in ["fr", "en", "ar"] {
            let (text, figures) = read(lang, &text);
            for figure in figures {
                prop_assert!(text.string.get(figure.span.range()).is_some());
                for number in &figure.number {
                    prop_assert!(text.string.get(number.range()).is_some());
                }
            }
        }
    }

    #[test]
    fn never_panics_on_figure_words(words in prop::collection::vec(prop::sample::select(vec![
        "12", "17", "dix", "mille", "de", "à", "entre", "et", "passé de", "plus de", "morts", "blessés", "civils",
        "dont", "la moitié", "des", "sur", "%", "$", "ont été tués", ",", ".", "en", "24", "heures", "dernières",
        "aucun", "une", "vingtaine", "millions", "-", "(", ")", "bilan", "ans", "autres", "«", "»",
    ]), 0..40)) {
        read("fr", &words.join(" "));
        read("en", &words.join(" "));
    }
}
