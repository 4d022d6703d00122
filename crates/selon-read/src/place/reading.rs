//! What a place name stands for in its sentence: the place, its government, its people.
//!
//! "Washington presse Moscou" names two governments, "à Washington" a town. Told by the
//! words beside the name alone: a verb of governments after it, a locative preposition before it.

use selon_gazetteer::{Joint, PlaceKind, PlaceRef};
use selon_model::{PlaceRole, Reading, RuleId};

use super::recognise::Mention;
use super::scan::{Scan, Tags};

/// A reading with the rule that spoke for it.
pub(crate) struct Read {
    pub(crate) role: PlaceRole,
    pub(crate) reading: Reading,
    pub(crate) rule: Option<RuleId>,
}

const SUBJECT: RuleId = RuleId::core("core.place.government_subject");
const OBJECT: RuleId = RuleId::core("core.place.government_object");
const AGENT: RuleId = RuleId::core("core.place.government_agent");
const INSTITUTION: RuleId = RuleId::core("core.place.institution");

/// How far a verb may stand from its subject or object, in words.
const REACH: usize = 5;

/// Tells the reading of a mention, given the place it was taken for.
pub(crate) fn read_mention(scan: &Scan<'_>, mention: &Mention, place: Option<&PlaceRef<'_>>) -> Read {
    let plain = |role, reading| Read { role, reading, rule: None };
    if mention.demonym {
        return plain(PlaceRole::Demonym, Reading::Demonym);
    }
    if mention.part_of_name {
        return plain(PlaceRole::Place, Reading::PartOfName);
    }
    let rules = place.is_some_and(|place| place.kind == PlaceKind::Country || place.feature == "PPLC");
    if !rules || mention.located {
        return plain(PlaceRole::Place, Reading::Literal);
    }
    let metonym = |reading, rule| Read { role: PlaceRole::Metonym, reading, rule: Some(rule) };
    let before = before_article(scan, mention.from);
    let ends = before.map_or(Tags::default(), |at| scan.ends[at]);
    if ends.has(Tags::AGENT) && verb_before(scan, before.unwrap_or(0), Tags::VERB, 3) {
        return metonym(Reading::Government, AGENT);
    }
    let joined = scan.word(mention.to - 1).is_some_and(|word| word.joint == Joint::Space);
    if joined && scan.tags_at(mention.to).has(Tags::INSTITUTION) && !scan.capital(mention.to) {
        return metonym(Reading::Institution, INSTITUTION);
    }
    if ends.has(Tags::PREP_STRONG) || (ends.has(Tags::PREP_WEAK) && !ends.has(Tags::LIST)) {
        return plain(PlaceRole::Place, Reading::Literal);
    }
    if is_subject(scan, mention.to) {
        return metonym(Reading::Government, SUBJECT);
    }
    if verb_before(scan, mention.from, Tags::VERB_OBJECT, REACH) {
        return metonym(Reading::Government, OBJECT);
    }
    plain(PlaceRole::Place, Reading::Literal)
}

/// The word before a name and its article, if nothing parts them.
fn before_article(scan: &Scan<'_>, from: usize) -> Option<usize> {
    let joined = |at: usize| scan.word(at).is_some_and(|word| word.joint != Joint::Break);
    let mut at = from.checked_sub(1).filter(|&at| joined(at))?;
    if scan.tags_at(at).has(Tags::ARTICLE) {
        at = at.checked_sub(1).filter(|&at| joined(at))?;
    }
    Some(at)
}

/// A verb of governments follows, with nothing but auxiliaries and adverbs between.
fn is_subject(scan: &Scan<'_>, to: usize) -> bool {
    let end = scan.sentence(to.saturating_sub(1)).to.min(to + REACH);
    for at in to..end {
        if scan.word(at - 1).is_none_or(|word| word.joint == Joint::Break) {
            return false;
        }
        let tags = scan.tags_at(at);
        if scan.capital(at) {
            return false;
        }
        if tags.has(Tags::VERB) {
            return true;
        }
        if !tags.has(Tags::AUX) {
            return false;
        }
    }
    false
}

/// Such a verb stands before, in the same sentence, with no stop between.
fn verb_before(scan: &Scan<'_>, from: usize, kind: Tags, reach: usize) -> bool {
    let start = scan.sentence(from).from.max(from.saturating_sub(reach));
    for at in (start..from).rev() {
        if scan.word(at).is_none_or(|word| word.joint == Joint::Break) {
            return false;
        }
        if scan.ends[at].has(kind) {
            return true;
        }
    }
    false
}
