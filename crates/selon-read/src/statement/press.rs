//! Names that the text itself calls an agency or outlet: "the Corvane agency", "(Corvane) –".
//!
//! The registry knows the great ones only. What a text has once shown to be press is press
//! wherever its name stands again in that text; nothing is guessed from a bare name.

use std::collections::HashMap;
use std::ops::Range;

use selon_model::SourceKind;

use super::lexicon::class;
use super::noun_phrase::role_at;
use super::rules::Rules;
use super::view::View;

/// How far into a paragraph a dateline reaches, in tokens.
const DATELINE: usize = 20;
/// Longest name, in words.
const LONGEST: usize = 4;

/// The names of agencies and outlets of a text, by their words, with the order in which they
/// were found.
#[derive(Clone, Debug, Default)]
pub(crate) struct PressNames<'a> {
    names: HashMap<Vec<&'a str>, (usize, SourceKind)>,
}

impl<'a> View<'a> {
    /// With the names that the text calls press.
    pub(crate) fn with_press(mut self, rules: &Rules) -> Self {
        self.press = find_names(&self, rules);
        self
    }

    /// The name of an agency or outlet at `at`, as this text made it known: kind and length. Of
    /// several, the one that was found first.
    pub(crate) fn press_at(&self, at: usize) -> Option<(SourceKind, usize)> {
        if self.press.names.is_empty() {
            return None;
        }
        let mut words = Vec::with_capacity(LONGEST);
        let mut first: Option<(usize, SourceKind, usize)> = None;
        for length in 1..=LONGEST {
            words.push(self.words(at + length - 1));
            if let Some((order, kind)) = self.press.names.get(&words)
                && first.is_none_or(|(before, ..)| *order < before)
            {
                first = Some((*order, *kind, length));
            }
        }
        first.map(|(_, kind, length)| (kind, length))
    }
}

fn find_names<'a>(view: &View<'a>, rules: &Rules) -> PressNames<'a> {
    let mut found = PressNames::default();
    let mut add = |range: Range<usize>, kind: SourceKind| {
        let order = found.names.len();
        found.names.entry(range.map(|at| view.words(at)).collect()).or_insert((order, kind));
    };
    for unit in &view.units {
        let tokens = unit.tokens.clone();
        if let Some(name) = dateline(view, tokens.start..tokens.end.min(tokens.start + DATELINE)) {
            add(name, SourceKind::Agency);
        }
        for at in tokens.clone() {
            let Some((kind, length)) = press_noun(view, rules, at) else { continue };
            let after = run_after(view, at + length, tokens.end);
            if !after.is_empty() {
                add(after, kind);
            } else if let Some(before) = run_before(view, at, tokens.start) {
                add(before, kind);
            }
        }
    }
    found
}

/// "VELMAR, June 5 (Corvane) –": the agency between brackets.
fn dateline(view: &View<'_>, tokens: Range<usize>) -> Option<Range<usize>> {
    let open = tokens.clone().find(|at| view.words(*at) == "(")?;
    let name = run_after(view, open + 1, tokens.end);
    (!name.is_empty() && view.words(name.end) == ")" && view.is_dash(name.end + 1)).then_some(name)
}

/// A noun of an agency or outlet, or one that is so beside a name ("agency").
fn press_noun(view: &View<'_>, rules: &Rules, at: usize) -> Option<(SourceKind, usize)> {
    if view.capital(at) {
        return None;
    }
    if view.lexicon.settings.press_nouns.iter().any(|noun| noun == view.folded(at)) {
        return Some((SourceKind::Agency, 1));
    }
    let (index, length) = role_at(view, at)?;
    match rules.roles[usize::from(index)].class {
        Some(kind @ (SourceKind::Agency | SourceKind::Outlet)) => Some((kind, length)),
        _ => None,
    }
}

fn is_name(view: &View<'_>, at: usize) -> bool {
    view.is_word(at)
        && view.capital(at)
        && !view.has(at, class::DETERMINER | class::PREPOSITION | class::TIME | class::TITLE)
}

fn run_after(view: &View<'_>, from: usize, to: usize) -> Range<usize> {
    let end = (from..to.min(from + LONGEST)).find(|at| !is_name(view, *at));
    from..end.unwrap_or(to.min(from + LONGEST)).max(from)
}

/// "the Corvane agency": the name between a determiner and the noun.
fn run_before(view: &View<'_>, to: usize, from: usize) -> Option<Range<usize>> {
    let lowest = from.max(to.saturating_sub(LONGEST));
    let start = (lowest..to).rev().take_while(|at| is_name(view, *at)).last()?;
    (view.lexicon.settings.head_last && start > from && view.has(start - 1, class::DETERMINER))
        .then_some(start..to)
}
