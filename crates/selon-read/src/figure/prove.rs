//! The rows and cases of a pack, read: which rows made a figure, and whether a case comes out as its
//! file says.

use selon_model::{Figure, Operator, Place, Text, TimeMention};

use crate::lex::Lexed;
use crate::pack::{Pack, Packs, Proof, cases, sides, text_of};

use super::{FigureContext, find_figures};

/// Proves units, events, operators, ranges, windows and what is no figure, and the cases.
pub(crate) fn prove(packs: &Packs, pack: &Pack, proof: &mut Proof) {
    let rules = &pack.figure;
    let units = rules.units.iter().map(|row| (&row.id, &row.example));
    let events = rules.events.iter().map(|row| (&row.id, &row.example));
    let approximators = rules.approximators.iter().map(|row| (&row.id, &row.example));
    let pairs = rules.ranges.iter().chain(&rules.changes).chain(&rules.ratios);
    let pairs = pairs.map(|pair| (&pair.rule.id, &pair.rule.example));
    for (id, example) in units.chain(events).chain(approximators).chain(pairs) {
        let (fires, silent) = sides(example);
        proof.rows += 1;
        let made = |sentence: &str| {
            let (text, figures) = read(packs, pack, sentence);
            let by = figures.iter().any(|figure| figure.rule.as_str().split('+').any(|rule| rule == id));
            (by, shown(&text, &figures))
        };
        if let (false, found) = made(fires) {
            proof.fault(id, fires, format!("makes no figure of this; found: {found}"));
        }
        if !silent.is_empty()
            && let (true, found) = made(silent)
        {
            proof.fault(id, silent, format!("must make no figure of this; found: {found}"));
        }
    }
    for window in &rules.windows {
        proof.rows += 1;
        let (text, figures) = read(packs, pack, &window.example);
        let fired = figures
            .iter()
            .filter_map(|figure| figure.window.as_ref())
            .any(|when| when.rule.as_str() == window.id);
        if !fired {
            proof.fault(
                &window.id,
                &window.example,
                format!("no window here; found: {}", shown(&text, &figures)),
            );
        }
    }
    prove_rejections(packs, pack, proof);
    for (sentence, expected) in cases(&pack.figure_cases, "figure ") {
        proof.cases += 1;
        let (text, figures) = read(packs, pack, sentence);
        let found: Vec<String> = figures.iter().map(|figure| line(&text, figure)).collect();
        if found != expected {
            proof.fault("figure_cases.md", sentence, format!("expected {expected:#?}, found {found:#?}"));
        }
    }
}

/// Each rule of what is no figure keeps a number of its example out: without it there is one more.
/// Times are left out of it, as they are not read everywhere that figures are (posts).
fn prove_rejections(packs: &Packs, pack: &Pack, proof: &mut Proof) {
    let mut without = pack.clone();
    for (index, rule) in pack.figure.not_figures.iter().enumerate() {
        proof.rows += 1;
        let (text, figures) = read_without_times(packs, pack, &rule.example);
        without.figure.not_figures[index].off = true;
        let (_, all) = read_without_times(packs, &without, &rule.example);
        without.figure.not_figures[index].off = false;
        if all.len() <= figures.len() {
            let what = format!("keeps no number out; found with it and without: {}", shown(&text, &figures));
            proof.fault(&rule.id, &rule.example, what);
        }
    }
}

/// The figures of a sentence.
pub(super) fn read(packs: &Packs, pack: &Pack, words: &str) -> (Text, Vec<Figure>) {
    let text = text_of(words);
    let lexed = Lexed::of(&text, &pack.lex);
    let times = crate::time::find_times(&crate::time::TimeContext {
        text: &text,
        lexed: &lexed,
        pack,
        published: None,
        posts: &[],
    });
    let figures = figures_of(packs, pack, &text, &lexed, &times);
    (text, figures)
}

/// The same where no times are known.
fn read_without_times(packs: &Packs, pack: &Pack, words: &str) -> (Text, Vec<Figure>) {
    let text = text_of(words);
    let lexed = Lexed::of(&text, &pack.lex);
    let figures = figures_of(packs, pack, &text, &lexed, &[]);
    (text, figures)
}

fn figures_of(packs: &Packs, pack: &Pack, text: &Text, lexed: &Lexed, times: &[TimeMention]) -> Vec<Figure> {
    let places: Vec<Place> = Vec::new();
    let context = FigureContext {
        text,
        lexed,
        pack,
        packs,
        posts: &[],
        times,
        places: &places,
        statements: &[],
        published: None,
    };
    find_figures(&context, &mut Vec::new())
}

fn shown(text: &Text, figures: &[Figure]) -> String {
    let lines: Vec<String> =
        figures.iter().map(|figure| format!("{} [{}]", line(text, figure), figure.rule)).collect();
    lines.join(", ")
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
