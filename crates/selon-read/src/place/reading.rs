//! What a place name stands for in its sentence: the place, its government, its people.
//!
//! "Washington presse Moscou" names two governments, "à Washington" a town. Told by the
//! words beside the name alone: a verb of governments after it, a locative preposition before it.

use selon_gazetteer::{Joint, PlaceKind, PlaceRef, Shape};
use selon_model::{PlaceRole, Reading, RuleId};

use super::pack::PlacePack;
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

/// Tells the reading of a mention, given the place it was taken for. `union`: a union of states.
pub(crate) fn read_mention(
    scan: &Scan<'_>,
    pack: &PlacePack,
    mention: &Mention,
    place: Option<&PlaceRef<'_>>,
    union: bool,
) -> Read {
    let plain = |role, reading| Read { role, reading, rule: None };
    if mention.demonym {
        let reading = if beside_geographic(scan, mention) { Reading::Literal } else { Reading::Demonym };
        return plain(PlaceRole::Demonym, reading);
    }
    if mention.part_of_name {
        return plain(PlaceRole::Place, Reading::PartOfName);
    }
    let literal = plain(PlaceRole::Place, Reading::Literal);
    let metonym = |reading, rule| Read { role: PlaceRole::Metonym, reading, rule: Some(rule) };
    let country = union || place.is_some_and(|place| place.kind == PlaceKind::Country);
    let capital = place.is_some_and(|place| place.feature == "PPLC");
    let state = place.is_some_and(|place| place.kind == PlaceKind::Admin1);
    if !(country || capital || state) {
        let owned = follows(scan, mention)
            .is_some_and(|at| scan.tags_at(at).has(Tags::INSTITUTION) && !scan.capital(at));
        return if owned && pack.names_modify { metonym(Reading::Institution, INSTITUTION) } else { literal };
    }
    // What follows the name as its noun: "U.S. law", "Mexico's senate".
    let modifies = pack.names_modify && (country || !mention.located);
    if let Some(at) = follows(scan, mention).filter(|&at| modifies && is_noun(scan, at, country)) {
        let tags = scan.tags_at(at);
        let known = tags.has(Tags::INSTITUTION) || tags.has(Tags::TITLE);
        if known || (country && !tags.has(Tags::GEOGRAPHIC) && !tags.has(Tags::HEAD)) {
            return metonym(Reading::Institution, INSTITUTION);
        }
        return literal;
    }
    if mention.located {
        return literal;
    }
    let before = before_article(scan, mention.from);
    let ends = before.map_or(Tags::default(), |at| scan.ends[at]);
    if ends.has(Tags::AGENT) && verb_before(scan, before.unwrap_or(0), Tags::VERB, 3) {
        return metonym(Reading::Government, AGENT);
    }
    // "The government of Armenia", "le président de la Syrie".
    let of = ends.has(Tags::PREP_WEAK) && !ends.has(Tags::LIST);
    let owner = before.and_then(|at| at.checked_sub(1)).filter(|_| of && !state);
    if owner.is_some_and(|at| scan.ends[at].has(Tags::INSTITUTION)) {
        return metonym(Reading::Institution, INSTITUTION);
    }
    if ends.has(Tags::PREP_STRONG) || (ends.has(Tags::PREP_WEAK) && !ends.has(Tags::LIST)) {
        return literal;
    }
    if is_subject(scan, mention.to) {
        return metonym(Reading::Government, SUBJECT);
    }
    if !state && verb_before(scan, mention.from, Tags::VERB_OBJECT, REACH) {
        return metonym(Reading::Government, OBJECT);
    }
    literal
}

/// The word that follows a name and may be its noun, past a possessive.
fn follows(scan: &Scan<'_>, mention: &Mention) -> Option<usize> {
    let last = scan.word(mention.to - 1)?;
    let possessive = last.joint == Joint::Glue && scan.folded(mention.to) == "s";
    let at = if possessive { mention.to + 1 } else { mention.to };
    let joined = scan.word(at - 1).is_some_and(|word| word.joint == Joint::Space);
    (joined && at < scan.words.all().len()).then_some(at)
}

/// Whether a word is a noun (or its adjective) and no verb, preposition or conjunction; without a possessive
/// before it, only by the lists.
fn is_noun(scan: &Scan<'_>, at: usize, country: bool) -> bool {
    let tags = scan.tags_at(at);
    let other =
        [Tags::VERB, Tags::AUX, Tags::PREP_WEAK, Tags::PREP_STRONG, Tags::LIST, Tags::ARTICLE, Tags::AGENT];
    if other.iter().any(|&kind| tags.has(kind))
        || (tags.has(Tags::PREMODIFIER) && !tags.has(Tags::GEOGRAPHIC))
    {
        return tags.has(Tags::INSTITUTION) && !scan.capital(at);
    }
    let possessive = scan.folded(at - 1) == "s";
    let noun = tags.has(Tags::INSTITUTION)
        || tags.has(Tags::TITLE)
        || tags.has(Tags::GEOGRAPHIC)
        || tags.has(Tags::HEAD);
    let abbreviation =
        scan.word(at - 1).is_some_and(|word| matches!(word.shape, Shape::Upper | Shape::Letter));
    noun || (country && (possessive || abbreviation))
}

/// A noun of a place stands beside an adjective of place: "Syrian border", "frontière syrienne".
fn beside_geographic(scan: &Scan<'_>, mention: &Mention) -> bool {
    let joined = |at: usize| scan.word(at).is_some_and(|word| word.joint == Joint::Space);
    let after = joined(mention.to - 1) && scan.tags_at(mention.to).has(Tags::GEOGRAPHIC);
    let before =
        mention.from > 0 && joined(mention.from - 1) && scan.ends[mention.from - 1].has(Tags::GEOGRAPHIC);
    // In languages whose names modify what follows, the noun comes after.
    after || (before && !scan.capital(mention.from))
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
