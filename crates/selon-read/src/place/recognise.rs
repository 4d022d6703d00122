//! The names of a text that may be places: those that `judge` keeps, those that `unlisted` finds, and
//! what `relate` says of neighbours.

use std::collections::HashSet;

use selon_gazetteer::Shape;
use selon_model::{RuleId, Span};

use super::judge::{Context, find_persons};
use super::pack::{HeadKind, PlacePack};
use super::relate::relate;
use super::scan::{Found, Scan};
use super::unlisted::{list_unlisted, repeat_unlisted, unlisted};

/// A name that may well be a place.
#[derive(Clone, Debug)]
pub(crate) struct Mention {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) span: Span,
    /// `None`: the gazetteer does not know it; a head noun vouches for it.
    pub(crate) found: Option<Found>,
    pub(crate) key: String,
    pub(crate) score: f32,
    pub(crate) demonym: bool,
    /// Part of the name of a body ("Bank of America").
    pub(crate) part_of_name: bool,
    pub(crate) head: Option<HeadKind>,
    /// A locative preposition stands right before it.
    pub(crate) located: bool,
    /// The mention right after, parted by a comma or in brackets, that may contain it.
    pub(crate) container: Option<usize>,
    /// That mention stands in brackets: "Cordoue (Argentine)".
    pub(crate) bracketed: bool,
    pub(crate) evidence: Vec<RuleId>,
    pub(crate) rule: RuleId,
}

/// Finds the mentions of a text, in text order.
pub(crate) fn find_mentions(scan: &Scan<'_>, pack: &PlacePack) -> Vec<Mention> {
    let gazetteer = pack.gazetteer;
    let small: HashSet<&str> = (0..scan.words.all().len())
        .filter(|&at| scan.word(at).is_some_and(|word| word.shape == Shape::Lower))
        .map(|at| scan.folded(at))
        .collect();
    let persons = find_persons(scan);
    let mut mentions: Vec<Mention> = Vec::with_capacity(scan.hits.len());
    let mut next_head = 0;
    let mut hits = scan.hits.iter().enumerate().peekable();
    let mut at = 0;
    // Heads and hits go side by side through the text: a head whose name no hit covers makes one.
    while at <= scan.words.all().len() {
        let (hit, hit_end) = hits.peek().map_or((usize::MAX, usize::MAX), |(_, hit)| (hit.from, hit.to));
        while let Some(&(from, last, cue)) = scan.heads.get(next_head) {
            if last + 1 > hit {
                break;
            }
            next_head += 1;
            if let Some(mention) = unlisted(scan, pack, from, last, cue, (hit, hit_end), mentions.last()) {
                mentions.push(mention);
            }
        }
        let Some((index, hit)) = hits.next() else { break };
        at = hit.to;
        let context = Context { scan, pack, gazetteer, small: &small, persons: &persons, index };
        if let Some(mention) = context.judge(hit) {
            // An unlisted child that begins before the hit has taken it in.
            if mentions.last().is_none_or(|last| last.span.end <= mention.span.start) {
                mentions.push(mention);
            }
        }
    }
    list_unlisted(scan, pack, &mut mentions);
    repeat_unlisted(scan, &mut mentions);
    relate(scan, &mut mentions);
    mentions
}
