//! Whether a name is a place here: how well known it is, what stands around it, what speaks against it.
//!
//! Each name gets a score out of a few round weights. A run of capitals that is longer than the name
//! owns it: a person's name takes it away, a body's makes it a part of its own.

use std::collections::HashSet;

use selon_gazetteer::{Gazetteer, Joint, PlaceKind, Shape};
use selon_model::RuleId;

use super::pack::{CueKind, HeadKind, NameKind, PlacePack, PlaceRow};
use super::recognise::Mention;
use super::scan::{Found, Hit, Renown, Scan, Tags, renown};
use super::unlisted::{after_linking, continued, is_name_after, joined_through, run_before};

const NAME: RuleId = RuleId::core("core.place.name");
const HASHTAG: RuleId = RuleId::core("core.place.hashtag");
const DATELINE: RuleId = RuleId::core("core.place.dateline");

// Swept by hand on geovirus and on sentences of our own; round on purpose.
pub(super) const KNOWN: [f32; 6] = [0.2, 1.0, 1.8, 2.4, 2.6, 3.0];
const STRONG_PREP: f32 = 1.4;
const WEAK_PREP: f32 = 0.3;
const HEAD: f32 = 2.0;
const TAGGED: f32 = 0.8;
const LONG_NAME: f32 = 0.8;
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

pub(super) struct Context<'s, 't> {
    pub(super) scan: &'s Scan<'t>,
    pub(super) pack: &'s PlacePack,
    pub(super) gazetteer: &'static Gazetteer<'static>,
    pub(super) small: &'s HashSet<&'s str>,
    pub(super) persons: &'s HashSet<&'s str>,
    pub(super) index: usize,
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
    pub(super) fn judge(&self, hit: &Hit) -> Option<Mention> {
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

/// Names for display are Latin: only of these does it say something whether a name is the one shown.
fn is_latin(key: &str) -> bool {
    key.chars().next().is_some_and(|letter| letter < '\u{370}')
}

/// Surnames: what follows a title or a given name.
pub(super) fn find_persons<'s>(scan: &'s Scan<'_>) -> HashSet<&'s str> {
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
