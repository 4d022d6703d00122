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
const PARTNER: RuleId = RuleId::core("core.place.government_partner");

/// How far a verb may stand from its subject or object, in words.
const REACH: usize = 5;
/// Names of a list that are gone through.
const LISTED: usize = 6;

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
        let owned = follows(scan, mention).is_some_and(|at| {
            let tags = scan.tags_at(at);
            !scan.capital(at) && (tags.has(Tags::INSTITUTION) || tags.has(Tags::MEMBER))
        });
        return if owned && pack.names_modify { metonym(Reading::Institution, INSTITUTION) } else { literal };
    }
    // What follows the name as its noun: "U.S. law", "Mexico's senate", "an Ohio man".
    let modifies = pack.names_modify && (country || !mention.located);
    if let Some(at) = follows(scan, mention).filter(|&at| modifies && is_noun(scan, at, country)) {
        let tags = scan.tags_at(at);
        let known =
            [Tags::INSTITUTION, Tags::TITLE, Tags::MEMBER, Tags::ACT].iter().any(|&kind| tags.has(kind));
        if known || (country && !tags.has(Tags::GEOGRAPHIC) && !tags.has(Tags::HEAD)) {
            return metonym(Reading::Institution, INSTITUTION);
        }
        return literal;
    }
    if mention.located {
        return literal;
    }
    let verb_first = mention.from > 0
        && joined(scan, mention.from - 1)
        && scan.ends[mention.from - 1].has(Tags::VERB_FIRST);
    if verb_first {
        return metonym(Reading::Government, SUBJECT);
    }
    if !state && is_partner(scan, mention.from) {
        return metonym(Reading::Government, PARTNER);
    }
    let before = before_article(scan, mention.from);
    let ends = before.map_or(Tags::default(), |at| scan.ends[at]);
    let begins = before.unwrap_or(mention.from);
    if ends.has(Tags::AGENT)
        && (verb_before(scan, begins, Tags::VERB, REACH) || verb_before(scan, begins, Tags::ACT, REACH))
    {
        return metonym(Reading::Government, AGENT);
    }
    // "The government of Armenia", "le président de la Syrie".
    let of = ends.has(Tags::PREP_WEAK) && !ends.has(Tags::LIST);
    let owner = before.and_then(|at| at.checked_sub(1)).filter(|_| of && !state);
    if owner.is_some_and(|at| scan.ends[at].has(Tags::INSTITUTION)) {
        return metonym(Reading::Institution, INSTITUTION);
    }
    // "Allowing France to act", "the need for Malta to defend itself".
    let end = list_end(scan, mention.to);
    let to_act = joined(scan, end - 1)
        && scan.tags_at(end).has(Tags::INFINITIVE)
        && scan.tags_at(end + 1).has(Tags::VERB);
    if to_act && (ends.has(Tags::CONTROL) || !(ends.has(Tags::PREP_STRONG) || of)) {
        return metonym(Reading::Government, SUBJECT);
    }
    if ends.has(Tags::PREP_STRONG) || of {
        return literal;
    }
    if is_subject(scan, end) {
        return metonym(Reading::Government, SUBJECT);
    }
    // What holds of the first member of a list holds of all: "accused Russia and Iran", "in Syria and Iraq".
    let first = list_start(scan, mention.from);
    let leads = before_article(scan, first).map_or(Tags::default(), |at| scan.ends[at]);
    if first < mention.from && (leads.has(Tags::PREP_STRONG) || leads.has(Tags::PREP_WEAK)) {
        return literal;
    }
    if !state && verb_before(scan, first, Tags::VERB_OBJECT, REACH) {
        return metonym(Reading::Government, OBJECT);
    }
    literal
}

/// A word is followed by the next one with a space or within a word.
fn joined(scan: &Scan<'_>, at: usize) -> bool {
    scan.word(at).is_some_and(|word| word.joint != Joint::Break)
}

/// The name that ends right before a word, its comma or its "and" (and article).
fn member_before(scan: &Scan<'_>, from: usize) -> Option<usize> {
    let mut at = from;
    if at > 0 && joined(scan, at - 1) && scan.tags_at(at - 1).has(Tags::ARTICLE) {
        at -= 1;
    }
    if at > 0 && joined(scan, at - 1) && scan.tags_at(at - 1).has(Tags::LIST) {
        at -= 1;
    } else if at == 0 || !matches!(scan.gap(at - 1).trim(), "," | "،") {
        return None;
    }
    let index = scan.hits.partition_point(|hit| hit.to <= at);
    scan.hits.get(index.checked_sub(1)?).filter(|hit| hit.to == at).map(|hit| hit.from)
}

/// The first word of the list of names that a name stands in.
fn list_start(scan: &Scan<'_>, from: usize) -> usize {
    let mut first = from;
    for _ in 0..LISTED {
        let Some(before) = member_before(scan, first) else { break };
        first = before;
    }
    first
}

/// The end of the list of names that goes on after a name.
fn list_end(scan: &Scan<'_>, to: usize) -> usize {
    let mut end = to;
    for _ in 0..LISTED {
        let listed = joined(scan, end - 1) && scan.tags_at(end).has(Tags::LIST);
        if !listed && !matches!(scan.gap(end - 1).trim(), "," | "،") {
            break;
        }
        let mut next = end + usize::from(listed);
        next += usize::from(scan.tags_at(next).has(Tags::ARTICLE));
        let index = scan.hits.partition_point(|hit| hit.from < next);
        let Some(hit) = scan.hits.get(index).filter(|hit| hit.from == next) else { break };
        end = hit.to;
    }
    end
}

/// "Relations between Russia and Turkey", "talks with Iran", "the war against Serbia".
fn is_partner(scan: &Scan<'_>, from: usize) -> bool {
    let first = list_start(scan, from);
    let Some(at) = before_article(scan, first) else { return false };
    scan.ends[at].has(Tags::PARTNER) && verb_before(scan, at, Tags::ACT, REACH)
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
        || tags.has(Tags::MEMBER)
        || tags.has(Tags::TITLE)
        || (possessive && tags.has(Tags::ACT))
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

/// A verb of governments follows, with nothing but auxiliaries and adverbs between; after a modal any verb is one.
/// "Damascus was shelled": what a town suffers is no act of its government.
fn is_subject(scan: &Scan<'_>, to: usize) -> bool {
    let sentence = scan.sentence(to.saturating_sub(1));
    let (mut modal, mut passive) = (false, false);
    for at in to..sentence.to.min(to + REACH) {
        if !joined(scan, at - 1) || (scan.capital(at) && !sentence.titled) {
            return false;
        }
        let tags = scan.tags_at(at);
        if passive && tags.has(Tags::SUFFERED) {
            return false;
        }
        if tags.has(Tags::VERB) {
            return true;
        }
        passive |= tags.has(Tags::PASSIVE);
        // "Malta had to act".
        if modal && tags.has(Tags::INFINITIVE) {
            continue;
        }
        modal |= tags.has(Tags::MODAL);
        if !tags.has(Tags::AUX) && !tags.has(Tags::MODAL) {
            let other = [Tags::NO_VERB, Tags::PREP_STRONG, Tags::PREP_WEAK, Tags::ARTICLE];
            let lower = scan.word(at).is_some_and(|word| word.shape == Shape::Lower);
            return modal && lower && !other.iter().any(|&kind| tags.has(kind));
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
