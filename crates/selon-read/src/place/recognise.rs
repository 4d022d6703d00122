//! Which names of a text are places here, and which belong to persons and bodies.
//!
//! Each name gets a score out of a few round weights: how well known the name is as a
//! place, what stands around it, what speaks against it. A run of capitals that is longer than
//! the name owns it: a person's name takes it away, a body's makes it a part of its own.

use std::collections::HashSet;

use selon_gazetteer::{Gazetteer, Joint, PlaceKind, Shape};
use selon_model::{RuleId, Span};

use super::pack::{CueKind, HeadKind, NameKind, PlacePack, PlaceRow};
use super::scan::{Found, Hit, Renown, Scan, Tags, renown};

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

const NAME: RuleId = RuleId::core("core.place.name");
const HASHTAG: RuleId = RuleId::core("core.place.hashtag");
const DATELINE: RuleId = RuleId::core("core.place.dateline");
const CONTAINER: RuleId = RuleId::core("core.place.container");
const LIST: RuleId = RuleId::core("core.place.list");

// Swept by hand on geovirus and on sentences of our own; round on purpose.
const KNOWN: [f32; 6] = [0.2, 1.0, 1.8, 2.4, 2.6, 3.0];
const STRONG_PREP: f32 = 1.4;
const WEAK_PREP: f32 = 0.3;
const HEAD: f32 = 2.0;
const TAGGED: f32 = 0.8;
const LONG_NAME: f32 = 0.8;
const IN_CONTAINER: f32 = 2.0;
const IN_LIST: f32 = 0.6;
/// It stands before what towns suffer ("was shelled").
const SUFFERS: f32 = 1.4;
const OPENS_DATELINE: f32 = 2.0;
const COMMON: f32 = -2.6;
const GIVEN: f32 = -1.6;
const SMALL_ELSEWHERE: f32 = -1.8;
const OPENS_SENTENCE: f32 = -0.6;
const TITLED: f32 = -0.6;
const SHORT: f32 = -1.4;
const ACRONYM: f32 = -2.4;
const CASELESS: f32 = -1.4;
const CASELESS_RENOWNED: f32 = -0.8;
/// "La Mortagne": rivers and ships take an article, towns do not.
const TOWN_WITH_ARTICLE: f32 = -1.6;
/// A town or village that bears no cue, where every noun has a capital.
const CAPITAL_NOUN: f32 = -1.0;
const PERSON: f32 = -6.0;

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

/// The other names after a head noun in the plural: "the towns of Rastan and Telmarouz".
fn list_unlisted(scan: &Scan<'_>, pack: &PlacePack, mentions: &mut Vec<Mention>) {
    let mut more: Vec<Mention> = Vec::new();
    for &(_, last, cue) in scan.heads.iter().filter(|(_, _, cue)| pack.cues[*cue].many) {
        let direct = pack.cues[cue].kind == CueKind::HeadDirect;
        let Some(mut at) = (if direct { Some(last + 1) } else { after_linking(scan, last) }) else {
            continue;
        };
        for _ in 0..LISTED {
            let known = mentions.get(mentions.partition_point(|mention| mention.to <= at));
            let end = match known.filter(|mention| mention.from <= at) {
                Some(mention) => mention.to,
                None => {
                    let next = known.map_or(usize::MAX, |mention| mention.from);
                    let free = more.last().is_none_or(|mention| mention.to <= at);
                    let found = named(scan, pack, at, cue).filter(|mention| free && mention.to <= next);
                    let Some(mention) = found else { break };
                    let end = mention.to;
                    more.push(mention);
                    end
                }
            };
            let Some(next) = next_listed(scan, end) else { break };
            at = next;
        }
    }
    if !more.is_empty() {
        mentions.extend(more);
        mentions.sort_by_key(|mention| mention.from);
    }
}

/// Members of a list that are gone through.
const LISTED: usize = 8;

/// The capital word after a comma or "and", past a linking word ("et de Talbissé").
fn next_listed(scan: &Scan<'_>, end: usize) -> Option<usize> {
    let mut at = end;
    let comma = matches!(scan.gap(end.checked_sub(1)?).trim(), "," | "،");
    if !comma && !joined_through(scan, end - 1, end) {
        return None;
    }
    let listed = scan.tags_at(at).has(Tags::LIST);
    at += usize::from(listed);
    if listed && scan.tags_at(at).has(Tags::PREP_WEAK) && scan.word(at)?.shape == Shape::Lower {
        at += 1;
    }
    ((comma || listed) && joined_through(scan, end + usize::from(!listed), at) && scan.capital(at))
        .then_some(at)
}

/// Further mentions of names that a head noun vouched for: "Telmarouz", once "la ville de Telmarouz" was read.
fn repeat_unlisted(scan: &Scan<'_>, mentions: &mut Vec<Mention>) {
    let mut names: Vec<&Mention> = mentions.iter().filter(|mention| mention.found.is_none()).collect();
    if names.is_empty() {
        return;
    }
    names.sort_by(|a, b| a.key.cmp(&b.key));
    names.dedup_by(|a, b| a.key == b.key);
    names.truncate(64);
    let mut more = Vec::new();
    for at in (0..scan.words.all().len()).filter(|&at| scan.capital(at)) {
        for name in &names {
            let size = name.to - name.from;
            let same = (0..size).all(|index| scan.folded(at + index) == scan.folded(name.from + index));
            let end = at + size;
            let next = mentions.partition_point(|mention| mention.to <= at);
            let free = mentions.get(next).is_none_or(|mention| mention.from >= end);
            let alone =
                !scan.capital(end) || scan.word(end - 1).is_none_or(|word| word.joint != Joint::Space);
            if same && free && alone && joined_through(scan, at, end - 1) {
                let (Some(first), Some(last)) = (scan.word(at), scan.word(end - 1)) else { continue };
                let span = Span { start: first.start, end: last.end };
                more.push(Mention {
                    from: at,
                    to: end,
                    span,
                    score: 2.0,
                    evidence: Vec::new(),
                    ..(*name).clone()
                });
                break;
            }
        }
    }
    mentions.extend(more);
    mentions.sort_by_key(|mention| mention.from);
}

struct Context<'s, 't> {
    scan: &'s Scan<'t>,
    pack: &'s PlacePack,
    gazetteer: &'static Gazetteer<'static>,
    small: &'s HashSet<&'s str>,
    persons: &'s HashSet<&'s str>,
    index: usize,
}

/// What stands beside a name says of it.
enum Neighbour {
    Nothing,
    Person,
    Body,
    /// Speaks against it, by so much.
    Doubt(f32),
}

impl Context<'_, '_> {
    fn judge(&self, hit: &Hit) -> Option<Mention> {
        let scan = self.scan;
        let single = hit.to - hit.from == 1;
        let first = scan.word(hit.from)?;
        let sentence = scan.sentence(hit.from);
        let mut mention = Mention {
            from: hit.from,
            to: hit.to,
            span: hit.span,
            found: Some(hit.found),
            key: hit.key.clone(),
            score: 0.0,
            demonym: false,
            part_of_name: false,
            head: None,
            located: false,
            container: None,
            bracketed: false,
            evidence: Vec::new(),
            rule: NAME,
        };
        let known = match hit.found {
            Found::Gazetteer(named) => renown(self.gazetteer, named, is_latin(&hit.key)),
            Found::Pack(name) => {
                let name = &self.pack.names[name];
                mention.rule = name.rule.clone();
                if name.kind == NameKind::Demonym {
                    mention.demonym = true;
                    mention.score = 3.0;
                    return (!self.owned_by_person(hit)).then_some(mention);
                }
                Renown::Country
            }
        };
        let tags = scan.tags_at(hit.from);
        let before = if hit.from > 0 { scan.ends[hit.from - 1] } else { Tags::default() };
        let joined = hit.from > 0 && scan.word(hit.from - 1).is_some_and(|word| word.joint != Joint::Break);

        let mut score = KNOWN[known as usize];
        if first.tagged {
            score += TAGGED;
            mention.rule = HASHTAG;
        }
        if !single {
            score += LONG_NAME;
        }
        let clitic = hit.clitic.map(|cue| &self.pack.cues[cue]);
        mention.evidence.extend(clitic.map(|cue| cue.rule.clone()));
        mention.evidence.extend(hit.ending.map(|ending| self.pack.endings[ending].rule.clone()));
        let clitic = clitic.map(|cue| cue.kind);
        if joined && before.has(Tags::PREP_STRONG) || clitic == Some(CueKind::CliticStrong) {
            score += STRONG_PREP;
            mention.located = true;
        } else if joined && before.has(Tags::PREP_WEAK) || clitic.is_some() {
            score += WEAK_PREP;
        }
        // "The neighbourhoods of Aleppo" are parts of it, and not one of that name.
        // "Sheikh Maqsoud, a Kurdish district of Aleppo": so is what stands apposed to a name.
        let of_town = |cue: usize, kind| {
            let part = matches!(kind, HeadKind::Neighbourhood | HeadKind::Suburb | HeadKind::Admin2);
            part && known >= Renown::City
                && (self.pack.cues[cue].many && kind == HeadKind::Neighbourhood || self.is_apposed(hit.from))
        };
        if let Some((cue, kind, end)) =
            self.head_beside(hit, known).filter(|&(cue, kind, _)| !of_town(cue, kind))
        {
            score += HEAD;
            mention.head = Some(kind);
            mention.evidence.push(self.pack.cues[cue].rule.clone());
            if let Some(end) = end {
                mention.span.end = end;
            }
        }
        if self.is_dateline(hit, sentence.opens) {
            score += OPENS_DATELINE;
            mention.evidence.push(DATELINE);
        } else {
            if hit.from == sentence.from && single && !first.tagged {
                score += OPENS_SENTENCE;
            }
            if first.shape == Shape::Upper
                && single
                && hit.key.len() <= 5
                && matches!(hit.found, Found::Gazetteer(_))
                && !sentence.titled
            {
                score += ACRONYM;
            }
        }
        if single {
            let is_pack = matches!(hit.found, Found::Pack(_));
            let cued = mention.located && known >= Renown::City || mention.head.is_some();
            // "مدينة" is a town before it is Medina.
            let is_head = first.shape == Shape::Caseless && tags.has(Tags::HEAD);
            if (tags.has(Tags::NEVER) || is_head) && mention.head.is_none() {
                return None;
            }
            if tags.has(Tags::COMMON) && !is_pack {
                score += if cued { COMMON / 4.0 } else { COMMON };
            }
            if tags.has(Tags::GIVEN) && known < Renown::Country {
                score += if cued || known == Renown::State { GIVEN / 4.0 } else { GIVEN };
            }
            if !is_pack && self.small.contains(hit.key.as_str()) {
                score += SMALL_ELSEWHERE;
            }
            if !is_pack && hit.key.chars().count() <= 3 && first.shape != Shape::Caseless {
                score += SHORT;
            }
            let bare = !mention.located && mention.head.is_none() && !is_pack;
            if bare && known < Renown::City && self.capitals_say_nothing() {
                score += CAPITAL_NOUN;
            }
            if first.shape == Shape::Caseless {
                score += if known >= Renown::Metropolis { CASELESS_RENOWNED } else { CASELESS };
            }
            // "Northern Syria", "South Hama": a direction, and not the unit of that name.
            let next_is_name = first.joint == Joint::Space
                && (self.next_begins_at(hit.to) || scan.capital(hit.to) && known < Renown::Country);
            if tags.has(Tags::PREMODIFIER) && next_is_name && !is_pack {
                return None;
            }
            let article = joined && scan.starts[hit.from - 1].has(Tags::NO_TOWN);
            let lower =
                hit.from > 0 && scan.word(hit.from - 1).is_some_and(|word| word.shape == Shape::Lower);
            if article && lower && self.is_only_town(hit) && !self.has_article(hit) {
                score += TOWN_WITH_ARTICLE;
            }
            let both = tags.has(Tags::GIVEN) && !mention.located;
            // "Jean Marseille parle à Marseille".
            let town = mention.located && known >= Renown::City || mention.head.is_some();
            if self.persons.contains(hit.key.as_str())
                && !town
                && (known < Renown::State || both && known < Renown::Country)
            {
                score += PERSON;
            }
        }
        if sentence.titled {
            score += TITLED;
        }
        if known >= Renown::Town && self.suffers(hit.to) {
            score += SUFFERS;
        }
        // "The neighbourhood of Bab al-Tabbaneh": the name goes on, and is no other place of that name.
        if let Some(end) = continued(scan, hit.to) {
            match mention.head {
                Some(
                    HeadKind::Neighbourhood
                    | HeadKind::Suburb
                    | HeadKind::Village
                    | HeadKind::City
                    | HeadKind::Admin1
                    | HeadKind::Admin2,
                ) => {
                    mention.to = end;
                    mention.span.end = scan.word(end - 1)?.end;
                    mention.key = selon_gazetteer::fold(mention.span.of(scan.text));
                    mention.found = None;
                }
                _ if known < Renown::City => score += PERSON,
                _ => {}
            }
        }
        for neighbour in [self.before(hit, known, sentence.titled), self.after(hit, known, sentence.titled)] {
            match neighbour {
                Neighbour::Nothing => {}
                Neighbour::Person => score += PERSON,
                Neighbour::Body => mention.part_of_name = true,
                Neighbour::Doubt(doubt) => score -= doubt,
            }
        }
        mention.score = score;
        (score > -2.5).then_some(mention)
    }

    /// "X was shelled": what towns suffer follows, past auxiliaries.
    fn suffers(&self, to: usize) -> bool {
        let scan = self.scan;
        let mut passive = false;
        for at in to..to + 4 {
            if !joined_through(scan, at - 1, at) {
                return false;
            }
            let tags = scan.tags_at(at);
            if tags.has(Tags::SUFFERED) {
                return passive;
            }
            passive |= tags.has(Tags::PASSIVE);
            if !tags.has(Tags::PASSIVE) && !tags.has(Tags::AUX) {
                return false;
            }
        }
        false
    }

    /// Every noun has a capital here (German).
    fn capitals_say_nothing(&self) -> bool {
        self.pack.capital_nouns.is_some_and(|cue| self.scan.without != Some(PlaceRow::Cue(cue)))
    }

    /// A demonym may be a surname too ("Joe English").
    fn owned_by_person(&self, hit: &Hit) -> bool {
        hit.from > 0
            && self.scan.word(hit.from - 1).is_some_and(|word| word.joint == Joint::Space)
            && self.scan.capital(hit.from)
            && self.scan.capital(hit.from - 1)
            && self.scan.tags_at(hit.from - 1).has(Tags::GIVEN)
    }

    /// A head noun on either side: its cue, the kind of place, and where the span ends when a
    /// capital head noun belongs to the name ("Idlib Province").
    fn head_beside(&self, hit: &Hit, known: Renown) -> Option<(usize, HeadKind, Option<u32>)> {
        let scan = self.scan;
        let heads_from = scan.heads.partition_point(|&(from, ..)| from + 8 < hit.from);
        for &(from, last, cue) in scan.heads[heads_from..].iter().take_while(|&&(from, ..)| from <= hit.to) {
            let cue_of = &self.pack.cues[cue];
            let Some(kind) = cue_of.head else { continue };
            match cue_of.kind {
                // "The Damascus suburb of Daraya": the noun is the later name's.
                CueKind::HeadAfter if from == hit.to && !is_name_after(scan, last) => {
                    let joined = scan.word(hit.to - 1).is_some_and(|word| word.joint == Joint::Space);
                    if joined {
                        let capital = (from..=last).all(|at| scan.capital(at));
                        let end = (capital && !matches!(kind, HeadKind::Facility))
                            .then(|| scan.word(last).map(|word| word.end))
                            .flatten();
                        return Some((cue, kind, end));
                    }
                }
                CueKind::HeadDirect if last + 1 == hit.from && joined_through(scan, last, hit.from) => {
                    return Some((cue, kind, None));
                }
                CueKind::HeadOf
                    if after_linking(scan, last) == Some(hit.from)
                        && !self.is_part_named_before(from, kind, known) =>
                {
                    return Some((cue, kind, None));
                }
                _ => {}
            }
        }
        None
    }

    /// A comma and at most four words, which begin small, stand between a capital and a name.
    fn is_apposed(&self, name: usize) -> bool {
        let scan = self.scan;
        let near = (name.saturating_sub(5)..name).rev();
        let comma = near
            .take_while(|&at| at + 1 == name || !scan.gap(at).contains('.'))
            .find(|&at| matches!(scan.gap(at).trim(), "," | "،"));
        comma.is_some_and(|at| scan.capital(at) && !scan.capital(at + 1) && at + 2 < name)
    }

    /// "the Salaheddine district of Aleppo": the noun at `head` belongs to the name before it, where
    /// the one after it is a city, and better known.
    fn is_part_named_before(&self, head: usize, kind: HeadKind, known: Renown) -> bool {
        let part = matches!(kind, HeadKind::Neighbourhood | HeadKind::Suburb | HeadKind::Admin2);
        if !part || known < Renown::City || run_before(self.scan, head).is_none() {
            return false;
        }
        let hits = &self.scan.hits;
        let before = hits.get(hits.partition_point(|hit| hit.to < head)).filter(|hit| hit.to == head);
        before.is_none_or(|hit| match hit.found {
            Found::Gazetteer(named) => renown(self.gazetteer, named, is_latin(&hit.key)) < known,
            Found::Pack(_) => false,
        })
    }

    /// "ALEP (AFP)", "BEIRUT —", "Alep, 12 décembre –": a name that opens its block.
    fn is_dateline(&self, hit: &Hit, opens: bool) -> bool {
        let sentence = self.scan.sentence(hit.from);
        if !opens || hit.from != sentence.from {
            return false;
        }
        let upper = self.scan.word(hit.from).is_some_and(|word| word.shape == Shape::Upper);
        let mut after = self.scan.gap(hit.to - 1);
        // One more name may follow the comma.
        if after.trim() == "," && upper {
            // "KABUL, March 7 (Agency)": or a day, in a few words.
            let day = (hit.to..hit.to + 3).take_while(|&at| self.scan.word(at).is_some());
            let close = day.map(|at| self.scan.gap(at)).find(|gap| gap.contains(['(', '—', '–']));
            after = close.unwrap_or(self.scan.gap(hit.to));
        }
        let after = after.trim_start();
        after.starts_with('(')
            || after.starts_with('—')
            || after.starts_with('–')
            || after.starts_with("--")
            || (upper && after.starts_with('-'))
    }

    fn before(&self, hit: &Hit, known: Renown, titled: bool) -> Neighbour {
        let scan = self.scan;
        let Some(at) = hit.from.checked_sub(1) else { return Neighbour::Nothing };
        let Some(word) = scan.word(at) else { return Neighbour::Nothing };
        // "M. Hollande": the stop belongs to the title.
        let abbreviated = scan.gap(at).trim_end() == "." && scan.ends[at].has(Tags::TITLE);
        if word.joint == Joint::Break && !abbreviated {
            return Neighbour::Nothing;
        }
        let (starts, ends) = (scan.tags_at(at), scan.ends[at]);
        // O'Toole, and not L'Irak.
        let elided = starts.has(Tags::ARTICLE) || starts.has(Tags::PREP_WEAK);
        if word.joint == Joint::Glue && word.shape == Shape::Letter && scan.gap(at) != "." && !elided {
            return Neighbour::Person;
        }
        if ends.has(Tags::ORG_BEFORE) && (known < Renown::State || !ends.has(Tags::HEAD)) {
            return Neighbour::Body;
        }
        if ends.has(Tags::TITLE) {
            return match known {
                _ if self.is_of_title(hit) => Neighbour::Nothing,
                Renown::Country if !abbreviated => Neighbour::Doubt(0.8),
                _ => Neighbour::Person,
            };
        }
        // Bashar al-Assad, Ludwig van Beethoven, Charles de Gaulle.
        if word.shape == Shape::Lower && word.end - word.start <= 3 && at > 0 {
            let hyphen = scan.gap(at) == "-";
            let name_before =
                scan.capital(at - 1) && scan.word(at - 1).is_some_and(|w| w.joint == Joint::Space);
            let particle = starts.has(Tags::PARTICLE);
            if name_before
                && (hyphen || particle || scan.tags_at(at - 1).has(Tags::GIVEN))
                && known < Renown::Country
            {
                return Neighbour::Person;
            }
        }
        if !scan.capital(at) || word.joint != Joint::Space {
            return Neighbour::Nothing;
        }
        // "Jean-Luc Marseille".
        let compound = at > 0 && scan.gap(at - 1) == "-" && scan.tags_at(at - 1).has(Tags::GIVEN);
        if compound && known < Renown::Country {
            return Neighbour::Person;
        }
        // "Mr Lincoln Washington".
        let title_before = at > 0
            && scan.ends[at - 1].has(Tags::TITLE)
            && scan.word(at - 1).is_some_and(|word| word.joint == Joint::Space);
        if title_before && !titled && known < Renown::Country {
            return Neighbour::Person;
        }
        if starts.has(Tags::GIVEN) && !starts.has(Tags::PREMODIFIER) {
            // "George Washington": George is a town as well, and better known as a given name.
            let given = |other: &Hit| other.to - other.from == 1 && !self.is_known(other, Renown::Metropolis);
            let previous = self.index.checked_sub(1).map(|index| &scan.hits[index]);
            let is_given = previous.is_some_and(|other| other.to == hit.from && given(other));
            return if known >= Renown::State && self.previous_ends(hit) && !is_given {
                Neighbour::Nothing
            } else {
                Neighbour::Person
            };
        }
        if titled
            || starts.has(Tags::PREMODIFIER)
            || ends.has(Tags::HEAD)
            || self.previous_ends(hit)
            || ends.has(Tags::PREP_STRONG)
        {
            return Neighbour::Nothing;
        }
        // "RT France", "BBC Arabic": an acronym owns the name after it.
        if word.shape == Shape::Upper && word.end - word.start <= 4 && !starts.has(Tags::COMMON) {
            return Neighbour::Body;
        }
        let opens = at == scan.sentence(at).from;
        if opens && (starts.has(Tags::COMMON) || self.small.contains(scan.folded(at))) {
            return Neighbour::Nothing;
        }
        match (known, word.shape) {
            (Renown::Country, _) => Neighbour::Doubt(0.5),
            (_, Shape::Upper) => Neighbour::Doubt(0.5),
            (Renown::State | Renown::Metropolis, _) => Neighbour::Doubt(1.5),
            _ => Neighbour::Person,
        }
    }

    fn after(&self, hit: &Hit, known: Renown, titled: bool) -> Neighbour {
        let scan = self.scan;
        let at = hit.to;
        let joined = scan.word(at - 1).is_some_and(|word| word.joint == Joint::Space);
        if !joined || !scan.capital(at) || self.is_of_title(hit) {
            return Neighbour::Nothing;
        }
        let mut ahead = at;
        while ahead < at + 4 && scan.capital(ahead) {
            if scan.tags_at(ahead).has(Tags::ORG_AFTER) && !(titled && known >= Renown::City) {
                return Neighbour::Body;
            }
            if scan.word(ahead).is_none_or(|word| word.joint != Joint::Space) {
                break;
            }
            ahead += 1;
        }
        let tags = scan.tags_at(at);
        let given = hit.to - hit.from == 1 && scan.tags_at(hit.from).has(Tags::GIVEN);
        if given && ![Tags::HEAD, Tags::PREMODIFIER, Tags::TITLE].iter().any(|&kind| tags.has(kind)) {
            let before = hit.from.checked_sub(1).filter(|&at| joined_through(scan, at, hit.from));
            let before = before.map_or(Tags::default(), |at| scan.ends[at]);
            let located = before.has(Tags::PREP_STRONG) || before.has(Tags::PREP_WEAK);
            if known == Renown::Country && (located || titled) {
                return Neighbour::Nothing;
            }
            let sure = known < Renown::State || scan.tags_at(at).has(Tags::GIVEN) || !self.next_begins(hit);
            return if sure { Neighbour::Person } else { Neighbour::Doubt(1.0) };
        }
        if titled
            || self.capitals_say_nothing()
            || tags.has(Tags::HEAD)
            || tags.has(Tags::TITLE)
            || tags.has(Tags::PREMODIFIER)
            || self.next_begins(hit)
        {
            return Neighbour::Nothing;
        }
        match known {
            Renown::Country => Neighbour::Doubt(0.4),
            Renown::State | Renown::Metropolis => Neighbour::Doubt(1.2),
            Renown::City => Neighbour::Doubt(1.5),
            Renown::Town | Renown::Hamlet => Neighbour::Person,
        }
    }

    /// "Мэр Харькова Игорь Терехов": the town of a title, and then who bears it, in languages with cases.
    fn is_of_title(&self, hit: &Hit) -> bool {
        let scan = self.scan;
        let cases = !self.pack.endings.is_empty();
        let titled = hit.from > 0
            && joined_through(scan, hit.from - 1, hit.from)
            && scan.ends[hit.from - 1].has(Tags::TITLE);
        cases
            && titled
            && joined_through(scan, hit.to - 1, hit.to)
            && scan.capital(hit.to)
            && scan.tags_at(hit.to).has(Tags::GIVEN)
    }

    /// A place that is well known, or a name of the packs, ends right before.
    fn previous_ends(&self, hit: &Hit) -> bool {
        let previous = self.index.checked_sub(1).and_then(|index| self.scan.hits.get(index));
        previous.is_some_and(|other| other.to == hit.from && self.is_known(other, Renown::City))
    }

    /// A country or state, or a name of the packs, begins right after.
    fn next_begins(&self, hit: &Hit) -> bool {
        let next = self.scan.hits.get(self.index + 1);
        next.is_some_and(|other| other.from == hit.to && self.is_known(other, Renown::State))
    }

    /// "Le Caire": the article is part of the name.
    fn has_article(&self, hit: &Hit) -> bool {
        let name = format!("{} {}", self.scan.folded(hit.from - 1), hit.key);
        self.gazetteer.lookup(&name).is_some()
    }

    fn next_begins_at(&self, at: usize) -> bool {
        self.scan.hits.get(self.index + 1).is_some_and(|other| other.from == at)
    }

    /// The name is one of towns alone, and of no unit or country.
    fn is_only_town(&self, hit: &Hit) -> bool {
        match hit.found {
            Found::Gazetteer(named) => {
                self.gazetteer.places(named).take(200).all(|(place, _)| place.kind == PlaceKind::Populated)
            }
            Found::Pack(_) => false,
        }
    }

    fn is_known(&self, hit: &Hit, least: Renown) -> bool {
        match hit.found {
            Found::Gazetteer(named) => renown(self.gazetteer, named, true) >= least,
            Found::Pack(_) => true,
        }
    }
}

/// Where a name ends that goes on with "al-" and a capital: "Bab al-Tabbaneh".
fn continued(scan: &Scan<'_>, to: usize) -> Option<usize> {
    let spaced = scan.word(to.checked_sub(1)?).is_some_and(|word| word.joint == Joint::Space);
    (spaced && is_particle(scan, to) && !scan.tags_at(to).has(Tags::ARTICLE)).then_some(to + 2)
}

/// Names for display are Latin: only of these does it say something whether a name is the one shown.
fn is_latin(key: &str) -> bool {
    key.chars().next().is_some_and(|letter| letter < '\u{370}')
}

/// Surnames: what follows a title or a given name.
fn find_persons<'s>(scan: &'s Scan<'_>) -> HashSet<&'s str> {
    let mut persons = HashSet::new();
    let all = scan.words.all();
    for at in 0..all.len() {
        if !scan.capital(at) || scan.sentence(at).titled {
            continue;
        }
        let joined = |index: usize| all.get(index).is_some_and(|word| word.joint == Joint::Space);
        let capital_before = at > 0 && scan.capital(at - 1) && joined(at - 1);
        let titled = at > 0 && joined(at - 1) && scan.ends[at - 1].has(Tags::TITLE);
        if capital_before && !titled {
            continue;
        }
        let given = scan.tags_at(at).has(Tags::GIVEN);
        if !titled && !given {
            continue;
        }
        let mut last = at;
        let mut body = false;
        while joined(last) && scan.capital(last + 1) && last < at + 5 {
            last += 1;
            let tags = scan.tags_at(last);
            body |= tags.has(Tags::ORG_AFTER) || tags.has(Tags::HEAD) || tags.has(Tags::PREMODIFIER);
        }
        let is_name = scan
            .hits
            .binary_search_by_key(&at, |hit| hit.from)
            .is_ok_and(|hit| scan.hits[hit].to == last + 1);
        if !body && (last > at || titled) && !(is_name && last > at) {
            persons.insert(scan.folded(last));
            if given {
                persons.insert(scan.folded(at));
            }
        }
    }
    persons
}

/// The first word of a name after "of", "de", "d'", "de la": one or two linking words.
fn after_linking(scan: &Scan<'_>, last: usize) -> Option<usize> {
    for at in last + 1..last + 4 {
        if !joined_through(scan, last, at) {
            return None;
        }
        let word = scan.word(at)?;
        let tags = scan.tags_at(at);
        // "City of …", and not "city and …" nor "city the …".
        let links = tags.has(Tags::PREP_WEAK) && !tags.has(Tags::LIST);
        let reaches = links || (at > last + 1 && tags.has(Tags::ARTICLE));
        if word.shape != Shape::Lower || !reaches {
            return (at > last + 1).then_some(at);
        }
    }
    None
}

fn joined_through(scan: &Scan<'_>, from: usize, to: usize) -> bool {
    (from..to).all(|at| scan.word(at).is_some_and(|word| word.joint != Joint::Break))
}

/// "Suburb of Daraya": a name follows the linking word.
fn is_name_after(scan: &Scan<'_>, last: usize) -> bool {
    after_linking(scan, last).is_some_and(|at| scan.capital(at))
}

/// The run of capitals that ends right before a word, with an article of Arabic names ("al-Salehia").
fn run_before(scan: &Scan<'_>, to: usize) -> Option<usize> {
    let mut start = to;
    while start > 0 && to - start < 4 && scan.capital(start - 1) {
        if scan.word(start - 1).is_none_or(|word| word.joint == Joint::Break) {
            break;
        }
        start -= 1;
    }
    let named = start < to
        && scan.sentence(start).from < start
        && !scan.tags_at(start).has(Tags::PREMODIFIER)
        && !(start..to).any(|at| scan.tags_at(at).has(Tags::TITLE) || scan.ends[at].has(Tags::HEAD));
    named.then(|| if start > 0 && is_particle(scan, start - 1) { start - 1 } else { start })
}

/// "al-" before a capital.
fn is_particle(scan: &Scan<'_>, at: usize) -> bool {
    scan.tags_at(at).has(Tags::PARTICLE) && scan.gap(at) == "-" && scan.capital(at + 1)
}

/// A name that a head noun vouches for and the gazetteer lacks: "quartier de Salaheddine".
fn unlisted(
    scan: &Scan<'_>,
    pack: &PlacePack,
    from: usize,
    last: usize,
    cue: usize,
    (next_hit, hit_end): (usize, usize),
    previous: Option<&Mention>,
) -> Option<Mention> {
    let kind = pack.cues[cue].head?;
    let mut end = 0;
    let start = match pack.cues[cue].kind {
        // "the Salaheddine district of Aleppo", where Aleppo is a name of its own.
        CueKind::HeadOf
            if matches!(kind, HeadKind::Neighbourhood | HeadKind::Suburb)
                && after_linking(scan, last) == Some(next_hit)
                && run_before(scan, from).is_some() =>
        {
            end = from;
            run_before(scan, from)?
        }
        CueKind::HeadOf => after_linking(scan, last)?,
        CueKind::HeadDirect if joined_through(scan, last, last + 1) => last + 1,
        CueKind::HeadAfter
            if matches!(kind, HeadKind::Neighbourhood | HeadKind::Village | HeadKind::Suburb) =>
        {
            end = from;
            run_before(scan, from)?
        }
        _ => return None,
    };
    // "The town of Al Tabqah": the article alone may be a name somewhere.
    let is_article =
        hit_end == start + 1 && scan.tags_at(start).has(Tags::PARTICLE) && scan.capital(start + 1);
    if start > next_hit
        || start == next_hit && !is_article
        || !matches!(
            kind,
            HeadKind::Neighbourhood
                | HeadKind::Suburb
                | HeadKind::Village
                | HeadKind::City
                | HeadKind::Admin1
                | HeadKind::Admin2
        )
    {
        return None;
    }
    let taken = if end > 0 { start } else { from };
    if previous.is_some_and(|mention| mention.to > taken) {
        return None;
    }
    if end > 0 {
        return name_between(scan, pack, start, end, cue);
    }
    named(scan, pack, start, cue)
}

/// The name of capital words that begins at a word, for which a head noun vouches.
fn named(scan: &Scan<'_>, pack: &PlacePack, start: usize, cue: usize) -> Option<Mention> {
    let mut end = if is_particle(scan, start) { start + 1 } else { start };
    let first = end;
    while end < first + 4 && scan.capital(end) {
        end += 1;
        // "Urum al Kubra", "Deir az-Zour".
        let tags = scan.tags_at(end);
        if tags.has(Tags::PARTICLE)
            && !tags.has(Tags::ARTICLE)
            && scan.capital(end + 1)
            && joined_through(scan, end - 1, end + 1)
        {
            end += 1;
            continue;
        }
        if scan.word(end - 1).is_none_or(|word| word.joint != Joint::Space && scan.gap(end - 1) != "-") {
            break;
        }
    }
    name_between(scan, pack, start, end, cue)
}

fn name_between(scan: &Scan<'_>, pack: &PlacePack, start: usize, end: usize, cue: usize) -> Option<Mention> {
    let kind = pack.cues[cue].head?;
    if end <= start
        || scan.tags_at(start).has(Tags::PREMODIFIER)
        || scan.tags_at(start).has(Tags::TITLE)
        || scan.sentence(start).titled
        || (scan.tags_at(start).has(Tags::GIVEN) && end - start > 1)
        || is_no_name(scan, start, end)
    {
        return None;
    }
    let span = Span { start: scan.word(start)?.start, end: scan.word(end - 1)?.end };
    Some(Mention {
        from: start,
        to: end,
        span,
        found: None,
        key: selon_gazetteer::fold(span.of(scan.text)),
        score: 3.0,
        demonym: false,
        part_of_name: false,
        head: Some(kind),
        located: false,
        container: None,
        bracketed: false,
        evidence: Vec::new(),
        rule: pack.cues[cue].rule.clone(),
    })
}

/// A common word, an acronym, or the name of a body: "the Department of Education", "cities with AIDS",
/// "a stronghold of the Daesh group".
fn is_no_name(scan: &Scan<'_>, start: usize, end: usize) -> bool {
    let tags = scan.tags_at(start);
    let acronym = scan.word(start).is_some_and(|word| word.shape == Shape::Upper);
    let common = end - start == 1 && (tags.has(Tags::COMMON) || tags.has(Tags::NEVER) || acronym);
    let body = joined_through(scan, end - 1, end) && scan.tags_at(end).has(Tags::ORG_AFTER);
    common || body
}

/// Pairs "X, Y" and "X (Y)", and members of one list.
fn relate(scan: &Scan<'_>, mentions: &mut [Mention]) {
    for index in 1..mentions.len() {
        let (left, right) = mentions.split_at_mut(index);
        let (Some(left), Some(right)) = (left.last_mut(), right.first_mut()) else { continue };
        if left.demonym || right.demonym || left.found.is_none() && right.found.is_none() {
            continue;
        }
        let words = right.from.saturating_sub(left.to);
        let between = scan.text.get(left.span.to()..right.span.from()).unwrap_or("");
        if words > 5 || between.len() > 40 {
            continue;
        }
        let gap = between.trim();
        let beside = words == 0 && matches!(gap, "," | "(" | "،");
        // "In Ohio", "in southern Ohio".
        let mut last = right.from.saturating_sub(1);
        while last > left.to
            && scan.tags_at(last).has(Tags::PREMODIFIER)
            && !scan.ends[last].has(Tags::PREP_STRONG)
        {
            last -= 1;
        }
        let inside =
            (1..=3).contains(&words) && scan.ends[last].has(Tags::PREP_STRONG) && !between.contains('.');
        // "Tripoli, au Liban", "Tripoli, northern Lebanon", "Tripoli, the port city in north Lebanon":
        // nothing but nouns of places, directions and what links them.
        let comma = between.starts_with([',', '،']) && words > 0 && !between.contains('.');
        let both = |at: usize| scan.tags_at(at).or(scan.ends[at]);
        let links = |at: usize| both(at).has(Tags::PREP_STRONG) || both(at).has(Tags::OF);
        let describes = |at: usize| {
            let tags = both(at);
            let plain = !tags.has(Tags::PREP_WEAK) && !tags.has(Tags::LIST);
            tags.has(Tags::ARTICLE)
                || tags.has(Tags::HEAD)
                || tags.has(Tags::GEOGRAPHIC)
                || tags.has(Tags::PREMODIFIER) && plain
        };
        let apposed = comma && {
            let mut last = right.from - 1;
            while last > left.to && describes(last) && !links(last) {
                last -= 1;
            }
            (left.to..right.from).all(|at| links(at) || describes(at))
                && (links(last) || (left.to..right.from).all(|at| describes(at) && !scan.capital(at)))
        };
        // "Le quartier d'Achrafieh de Beyrouth".
        let part_of = words == 1
            && left.found.is_none()
            && left.head == Some(HeadKind::Neighbourhood)
            && scan.ends[left.to].has(Tags::PREP_WEAK)
            && !scan.ends[left.to].has(Tags::LIST);
        // "The Zamalka suburb of Damascus".
        let of = (2..=3).contains(&words)
            && left.found.is_none()
            && scan.ends[right.from - 2].has(Tags::HEAD)
            && after_linking(scan, right.from - 2) == Some(right.from);
        // "The Paris suburb of Saint-Denis".
        let owner = words == 2
            && scan.tags_at(left.to).has(Tags::HEAD)
            && (scan.tags_at(left.to + 1).has(Tags::OF) || after_linking(scan, left.to) == Some(right.from))
            && !between.contains([',', '.']);
        if owner && left.found.is_some() && left.head.is_none() {
            right.container = Some(index - 1);
        }
        // "Mogadishu's Hodan district".
        if right.found.is_none() && matches!(gap, "'s" | "’s") {
            right.container = Some(index - 1);
        }
        if beside || inside || of || apposed || part_of {
            left.container = Some(index);
            left.bracketed = words == 0
                && gap == "("
                && !right.part_of_name
                && scan.text[right.span.to()..].starts_with(')');
            if beside && right.score >= KNOWN[Renown::State as usize] {
                left.score += IN_CONTAINER;
                left.evidence.push(CONTAINER);
            }
        }
        let conjoined = words == 1 && scan.tags_at(right.from - 1).has(Tags::LIST);
        if conjoined || (words == 0 && matches!(gap, "," | "،")) {
            for mention in [left, right] {
                mention.score += IN_LIST;
                mention.evidence.push(LIST);
            }
        }
    }
}
