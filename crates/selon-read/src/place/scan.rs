//! One pass over a text: its words, what the packs say of each, and every name that
//! the gazetteer or the packs know.
//!
//! A name begins at a word with a capital (or of a script without capitals), and the
//! longest name there wins. Whether it is a place in this text is decided later.

use selon_gazetteer::{Gazetteer, Joint, Named, PlaceKind, Shape, Word, Words};
use selon_model::{BlockKind, Span, Text};

use super::pack::{CueKind, Ending, Meaning, NameKind, PlacePack, PlaceRow, Stop};

/// What the packs say of one word.
#[derive(Clone, Copy, Default)]
pub(crate) struct Tags(u32);

impl Tags {
    pub(crate) const PREP_STRONG: Tags = Tags(1);
    pub(crate) const PREP_WEAK: Tags = Tags(1 << 1);
    pub(crate) const VERB: Tags = Tags(1 << 2);
    pub(crate) const AUX: Tags = Tags(1 << 3);
    pub(crate) const TITLE: Tags = Tags(1 << 4);
    pub(crate) const ORG_BEFORE: Tags = Tags(1 << 5);
    pub(crate) const ORG_AFTER: Tags = Tags(1 << 6);
    pub(crate) const PREMODIFIER: Tags = Tags(1 << 7);
    pub(crate) const COMMON: Tags = Tags(1 << 8);
    pub(crate) const GIVEN: Tags = Tags(1 << 9);
    pub(crate) const HEAD: Tags = Tags(1 << 10);
    pub(crate) const VERB_OBJECT: Tags = Tags(1 << 11);
    pub(crate) const AGENT: Tags = Tags(1 << 12);
    pub(crate) const LIST: Tags = Tags(1 << 13);
    pub(crate) const PARTICLE: Tags = Tags(1 << 14);
    pub(crate) const ARTICLE: Tags = Tags(1 << 15);
    pub(crate) const INSTITUTION: Tags = Tags(1 << 16);
    pub(crate) const NEVER: Tags = Tags(1 << 17);
    pub(crate) const GEOGRAPHIC: Tags = Tags(1 << 18);
    pub(crate) const MEMBER: Tags = Tags(1 << 19);
    pub(crate) const ACT: Tags = Tags(1 << 20);
    pub(crate) const PARTNER: Tags = Tags(1 << 21);
    pub(crate) const INFINITIVE: Tags = Tags(1 << 22);
    pub(crate) const CONTROL: Tags = Tags(1 << 23);
    pub(crate) const MODAL: Tags = Tags(1 << 24);
    pub(crate) const NO_VERB: Tags = Tags(1 << 25);
    pub(crate) const VERB_FIRST: Tags = Tags(1 << 26);
    pub(crate) const NO_TOWN: Tags = Tags(1 << 27);
    pub(crate) const PASSIVE: Tags = Tags(1 << 28);
    pub(crate) const SUFFERED: Tags = Tags(1 << 29);
    pub(crate) const OF: Tags = Tags(1 << 30);

    pub(crate) fn has(self, other: Tags) -> bool {
        self.0 & other.0 != 0
    }

    pub(crate) fn or(self, other: Tags) -> Tags {
        Tags(self.0 | other.0)
    }

    fn add(&mut self, other: Tags) {
        self.0 |= other.0;
    }
}

/// Names that one report is read for: a book has fewer, and memory stays bounded.
pub(super) const MOST_NAMES: usize = 100_000;

/// Where a sentence begins, and how it is written.
#[derive(Clone, Copy, Default)]
pub(crate) struct Sentence {
    /// First and last word, exclusive.
    pub(crate) from: usize,
    pub(crate) to: usize,
    /// Most words have capitals: capitals say nothing.
    pub(crate) titled: bool,
    /// It opens its block.
    pub(crate) opens: bool,
}

/// What a name was found as.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Found {
    /// By the gazetteer.
    Gazetteer(Named),
    /// By the packs: position in their names.
    Pack(usize),
}

/// A name that may be a place.
#[derive(Clone, Debug)]
pub(crate) struct Hit {
    /// Words, end exclusive.
    pub(crate) from: usize,
    pub(crate) to: usize,
    /// Bytes of the text.
    pub(crate) span: Span,
    pub(crate) found: Found,
    /// The folded name.
    pub(crate) key: String,
    /// Cue of the clitic written on to it.
    pub(crate) clitic: Option<usize>,
    /// Ending of its case, by position in the pack's.
    pub(crate) ending: Option<usize>,
}

/// A name of the gazetteer that begins at a word.
struct Longest {
    /// Its end, in words.
    to: usize,
    named: Named,
    /// Bytes and cue of a clitic before it.
    clitic: Option<(usize, usize)>,
    /// Its nominative and the ending it has instead.
    case: Option<(String, usize)>,
}

impl Longest {
    fn plain((to, named): (usize, Named)) -> Longest {
        Longest { to, named, clitic: None, case: None }
    }
}

/// A text, looked through.
pub(crate) struct Scan<'t> {
    pub(crate) text: &'t str,
    pub(crate) words: Words,
    /// By the word that begins a form.
    pub(crate) starts: Vec<Tags>,
    /// By the word that ends a form.
    pub(crate) ends: Vec<Tags>,
    /// Head nouns: (first word, last word, cue), in text order.
    pub(crate) heads: Vec<(usize, usize, usize)>,
    pub(crate) sentences: Vec<Sentence>,
    /// Sentence of each word.
    pub(crate) sentence_of: Vec<u32>,
    pub(crate) hits: Vec<Hit>,
    /// Where the first name stands that is one too many.
    pub(crate) cut_at: Option<u32>,
    /// A row of the pack that is left out: only the proof of the packs names one.
    pub(crate) without: Option<PlaceRow>,
}

/// Names of more words than this are not looked for.
const LONGEST: usize = 10;

impl<'t> Scan<'t> {
    pub(crate) fn of(text: &'t Text, pack: &PlacePack, without: Option<PlaceRow>) -> Scan<'t> {
        let string = text.string.as_str();
        let words = Words::of(string);
        let count = words.all().len();
        let mut scan = Scan {
            text: string,
            words,
            starts: vec![Tags::default(); count],
            ends: vec![Tags::default(); count],
            heads: Vec::new(),
            sentences: Vec::new(),
            sentence_of: vec![0; count],
            hits: Vec::new(),
            cut_at: None,
            without,
        };
        let capital_nouns = pack.capital_nouns.is_some_and(|cue| without != Some(PlaceRow::Cue(cue)));
        scan.part_sentences(capital_nouns);
        let mut names = vec![None; count];
        // Where a phrase that is no place begins: the word after it.
        let mut blocked = vec![0; count];
        scan.tag(pack, &mut names, &mut blocked);
        scan.find(pack, &names, &blocked, text);
        scan
    }

    pub(crate) fn word(&self, at: usize) -> Option<&Word> {
        self.words.all().get(at)
    }

    pub(crate) fn folded(&self, at: usize) -> &str {
        self.word(at).map_or("", |word| self.words.folded(word))
    }

    pub(crate) fn tags_at(&self, at: usize) -> Tags {
        self.starts.get(at).copied().unwrap_or_default()
    }

    pub(crate) fn sentence(&self, at: usize) -> Sentence {
        let index = self.sentence_of.get(at).copied().unwrap_or(0) as usize;
        self.sentences.get(index).copied().unwrap_or_default()
    }

    /// What stands between a word and the next; empty at the end.
    pub(crate) fn gap(&self, at: usize) -> &'t str {
        let start = self.word(at).map_or(0, |word| word.end as usize);
        let end = self.word(at + 1).map_or(self.text.len(), |word| word.start as usize);
        self.text.get(start..end).unwrap_or("")
    }

    fn shape(&self, at: usize) -> Option<Shape> {
        self.word(at).map(|word| word.shape)
    }

    /// Begins with a capital.
    pub(crate) fn capital(&self, at: usize) -> bool {
        self.word(at).is_some_and(|word| matches!(word.shape, Shape::Capital | Shape::Upper | Shape::Letter))
    }

    /// Sentences end at stops and line ends: enough to know where a capital says nothing.
    fn part_sentences(&mut self, capital_nouns: bool) {
        let count = self.words.all().len();
        let mut from = 0;
        let mut opens = true;
        for at in 0..count {
            self.sentence_of[at] = self.sentences.len() as u32;
            let gap = self.gap(at);
            let joined = self.words.all()[at].joint != Joint::Break;
            let line = gap.contains('\n');
            if at + 1 < count && !(line || (!joined && parts_sentences(gap))) {
                continue;
            }
            let (mut capital, mut cased) = (0, 0);
            for word in &self.words.all()[from..=at] {
                match word.shape {
                    Shape::Capital | Shape::Upper => (capital, cased) = (capital + 1, cased + 1),
                    Shape::Lower => cased += 1,
                    _ => {}
                }
            }
            let titled = cased >= 4 && capital * 10 >= cased * 7 && !capital_nouns;
            self.sentences.push(Sentence { from, to: at + 1, titled, opens });
            (from, opens) = (at + 1, line);
        }
    }

    fn tag(&mut self, pack: &PlacePack, names: &mut [Option<(usize, usize, usize)>], blocked: &mut [usize]) {
        let count = self.words.all().len();
        for at in 0..count {
            let (starts, ends, heads) = (&mut self.starts, &mut self.ends, &mut self.heads);
            let without = self.without;
            pack.forms_at(&self.words, at, self.text, &mut |last, exact_end, meaning| match meaning {
                Meaning::Stop(row) if without == Some(PlaceRow::Stop(row)) => {}
                Meaning::Stop(row) if last == at => starts[at].add(match pack.stops[row].stop {
                    Stop::Common => Tags::COMMON,
                    Stop::Never => Tags::NEVER,
                    Stop::GivenName => Tags::GIVEN,
                }),
                Meaning::Stop(_) => blocked[at] = blocked[at].max(last + 1),
                Meaning::Cue(cue) if without == Some(PlaceRow::Cue(cue)) => {}
                Meaning::Cue(cue) => {
                    let tag = match pack.cues[cue].kind {
                        CueKind::PrepStrong => Tags::PREP_STRONG,
                        CueKind::PrepWeak => Tags::PREP_WEAK,
                        CueKind::GovernmentVerb => Tags::VERB,
                        CueKind::GovernmentObject => Tags::VERB_OBJECT,
                        CueKind::GovernmentVerbFirst => Tags::VERB_FIRST,
                        CueKind::Passive => Tags::PASSIVE,
                        CueKind::Suffered => Tags::SUFFERED,
                        CueKind::Of => Tags::OF,
                        CueKind::Agent => Tags::AGENT,
                        CueKind::List => Tags::LIST,
                        CueKind::Particle => Tags::PARTICLE,
                        CueKind::Article if pack.cues[cue].no_town => Tags(Tags::ARTICLE.0 | Tags::NO_TOWN.0),
                        CueKind::Article => Tags::ARTICLE,
                        CueKind::Institution => Tags::INSTITUTION,
                        CueKind::Geographic => Tags::GEOGRAPHIC,
                        CueKind::Aux => Tags::AUX,
                        CueKind::Member => Tags::MEMBER,
                        CueKind::Act => Tags::ACT,
                        CueKind::Partner => Tags::PARTNER,
                        CueKind::Infinitive => Tags::INFINITIVE,
                        CueKind::Control => Tags::CONTROL,
                        CueKind::Modal => Tags::MODAL,
                        CueKind::NoVerb => Tags::NO_VERB,
                        CueKind::Title => Tags::TITLE,
                        CueKind::OrganisationBefore => Tags::ORG_BEFORE,
                        CueKind::OrganisationAfter => Tags::ORG_AFTER,
                        CueKind::Premodifier => Tags::PREMODIFIER,
                        // Not looked for as words.
                        CueKind::CliticStrong | CueKind::CliticWeak | CueKind::CapitalNouns => {
                            Tags::default()
                        }
                        CueKind::HeadOf | CueKind::HeadDirect | CueKind::HeadAfter => {
                            heads.push((at, last, cue));
                            Tags::HEAD
                        }
                    };
                    starts[at].add(tag);
                    ends[last].add(tag);
                }
                Meaning::Name(name) => {
                    let end = exact_end.unwrap_or(0);
                    let longer = names[at].is_none_or(|(to, _, _): (usize, usize, usize)| last + 1 > to);
                    if longer {
                        names[at] = Some((last + 1, name, end));
                    }
                }
            });
        }
    }

    fn find(
        &mut self,
        pack: &PlacePack,
        names: &[Option<(usize, usize, usize)>],
        blocked: &[usize],
        text: &Text,
    ) {
        let gazetteer = pack.gazetteer;
        let count = self.words.all().len();
        let mut at = 0;
        while at < count {
            let word = self.words.all()[at];
            if !is_read(text, word.start) {
                at += 1;
                continue;
            }
            if self.hits.len() >= MOST_NAMES {
                self.cut_at = Some(word.start);
                break;
            }
            let by_pack = names[at].filter(|(to, name, _)| self.fits(pack, at, *to, *name));
            let begins =
                matches!(word.shape, Shape::Capital | Shape::Upper | Shape::Letter | Shape::Caseless);
            let mut by_gazetteer = if begins { self.longest(gazetteer, pack, at) } else { None };
            // "La Côte d'Ivoire": the article that opens a sentence is no part of the name.
            let article = self.starts[at].has(Tags::ARTICLE) && word.shape == Shape::Capital;
            if let Some(found) = by_gazetteer.as_ref().filter(|found| article && found.to > at + 1)
                && self.walk(gazetteer, pack, at + 1, None, self.folded(at + 1)).is_some_and(|(to, named)| {
                    to > found.to || to == found.to && renown(gazetteer, named, true) == Renown::Country
                })
            {
                by_gazetteer = None;
            }
            let longest =
                by_gazetteer.as_ref().map_or(0, |found| found.to).max(by_pack.map_or(0, |(to, ..)| to));
            if blocked[at] > at && blocked[at] >= longest {
                at = blocked[at];
                continue;
            }
            // "Suisse" is the country before it is the adjective.
            let is_country = |named| renown(gazetteer, named, true) == Renown::Country;
            let yields = |to: usize, other: usize, name: usize, named| {
                to > other || (to == other && pack.names[name].kind == NameKind::Demonym && is_country(named))
            };
            match (by_gazetteer, by_pack) {
                (Some(found), pack_hit)
                    if pack_hit.is_none_or(|(other, name, _)| yields(found.to, other, name, found.named)) =>
                {
                    self.push_gazetteer(at, &found);
                    at = found.to;
                }
                (_, Some((to, name, end))) => {
                    let span = self.span(at, to, 0, end);
                    let key = selon_gazetteer::fold(span.of(self.text));
                    let found = Found::Pack(name);
                    self.hits.push(Hit { from: at, to, span, found, key, clitic: None, ending: None });
                    at = to;
                }
                _ => at += 1,
            }
        }
    }

    /// Whether a name of the packs is written as such a name is.
    fn fits(&self, pack: &PlacePack, at: usize, to: usize, name: usize) -> bool {
        let word = self.words.all()[at];
        match pack.names[name].kind {
            NameKind::Abbreviation => true,
            NameKind::AbbreviationAfterPlace => {
                let after = self.hits.last().is_some_and(|hit| hit.to == at);
                after && at > 0 && self.gap(at - 1).trim() == ","
            }
            NameKind::Demonym => pack.small_demonyms || word.shape != Shape::Lower,
            NameKind::Name => word.shape != Shape::Lower || (at..to).any(|at| self.capital(at)),
        }
    }

    /// The bytes of some words, without a clitic in front; at least up to `end`.
    fn span(&self, from: usize, to: usize, clitic: usize, end: usize) -> Span {
        let (first, last) = (self.words.all()[from], self.words.all()[to - 1]);
        Span::new(first.start as usize + clitic, end.max(last.end as usize))
    }

    fn push_gazetteer(&mut self, at: usize, found: &Longest) {
        let span = self.span(at, found.to, found.clitic.map_or(0, |(bytes, _)| bytes), 0);
        let key = match &found.case {
            Some((nominative, _)) => nominative.clone(),
            None => selon_gazetteer::fold(span.of(self.text)),
        };
        self.hits.push(Hit {
            from: at,
            to: found.to,
            span,
            found: Found::Gazetteer(found.named),
            key,
            clitic: found.clitic.map(|(_, cue)| cue),
            ending: found.case.as_ref().map(|(_, ending)| *ending),
        });
    }

    /// The longest name of the gazetteer that begins at a word.
    fn longest(
        &self,
        gazetteer: &'static Gazetteer<'static>,
        pack: &PlacePack,
        at: usize,
    ) -> Option<Longest> {
        let folded = self.folded(at);
        // "du Havre", "au Mans": the name's article has melted into the preposition.
        let melted =
            at > 0 && self.starts[at - 1].has(Tags::PREP_WEAK) && self.shape(at - 1) == Some(Shape::Lower);
        let mut direct = self.walk(gazetteer, pack, at, None, folded);
        if melted && self.words.all()[at - 1].joint == Joint::Space {
            // "Du Canada" is Canada, and no La Cañada.
            let rank = |(to, named): (usize, Named)| (to, renown(gazetteer, named, true));
            for article in &pack.articles {
                if let Some(found) = self.walk(gazetteer, pack, at, Some(article), folded)
                    && direct.is_none_or(|direct| rank(found) > rank(direct))
                {
                    direct = Some(found);
                }
            }
        }
        if !pack.endings.is_empty() && self.shape(at) != Some(Shape::Upper) {
            return self.in_another_case(gazetteer, pack, at, direct);
        }
        if let Some(found) = direct {
            return Some(Longest::plain(found));
        }
        // Arabic writes "in", "to", "and" on to the name.
        if pack.clitics.is_empty() || self.shape(at) != Some(Shape::Caseless) {
            return None;
        }
        for (clitic, cue) in &pack.clitics {
            let rest = folded.strip_prefix(clitic.as_str()).filter(|rest| rest.chars().count() >= 3);
            let Some(rest) = rest.filter(|_| self.without != Some(PlaceRow::Cue(*cue))) else { continue };
            if let Some((to, named)) = self.walk(gazetteer, pack, at, None, rest) {
                return Some(Longest { to, named, clitic: Some((clitic.len(), *cue)), case: None });
            }
        }
        None
    }

    /// The name as it stands, or the best known nominative that it may be a case of.
    fn in_another_case(
        &self,
        gazetteer: &'static Gazetteer<'static>,
        pack: &PlacePack,
        at: usize,
        direct: Option<(usize, Named)>,
    ) -> Option<Longest> {
        let folded = self.folded(at);
        let rank = |(to, named): (usize, Named)| (to, renown(gazetteer, named, false));
        let mut best = direct.map(|found| (rank(found), Longest::plain(found)));
        for (index, Ending { ending, nominative, .. }) in pack.endings.iter().enumerate() {
            let Some(stem) = folded.strip_suffix(ending.as_str()).filter(|stem| stem.chars().count() >= 2)
            else {
                continue;
            };
            let first = format!("{stem}{nominative}");
            if first.chars().count() < 4 || self.without == Some(PlaceRow::Ending(index)) {
                continue;
            }
            let Some(found) = self.walk(gazetteer, pack, at, None, &first) else { continue };
            let ranked = rank(found);
            if best.as_ref().is_none_or(|(other, ..)| ranked > *other) {
                // Words after the first stay as they are written: enough to tell equal names.
                let mut key = first;
                for next in at + 1..found.0 {
                    key.push(' ');
                    key.push_str(self.folded(next));
                }
                best = Some((ranked, Longest { case: Some((key, index)), ..Longest::plain(found) }));
            }
        }
        best.map(|(_, longest)| longest)
    }

    fn walk(
        &self,
        gazetteer: &'static Gazetteer<'static>,
        pack: &PlacePack,
        at: usize,
        article: Option<&str>,
        first: &str,
    ) -> Option<(usize, Named)> {
        let mut walk = gazetteer.walk();
        if article.is_some_and(|article| !(walk.push(article) && walk.push(" "))) {
            return None;
        }
        let mut best = None;
        let all = self.words.all();
        for to in at..all.len().min(at + LONGEST) {
            let word = if to == at { first } else { self.words.folded(&all[to]) };
            let head = !pack.endings.is_empty() && self.starts[to].has(Tags::HEAD);
            let inflected = to > at && !pack.endings.is_empty() && (head || all[to].shape != Shape::Lower);
            let before = inflected.then(|| walk.clone());
            let known = walk.push(word);
            // "В Харьковской области": the second word is in the same case.
            if let Some(before) = before.filter(|_| !known || walk.name().is_none()) {
                for (index, Ending { ending, nominative, .. }) in pack.endings.iter().enumerate() {
                    let stem = word.strip_suffix(ending.as_str());
                    let Some(stem) = stem.filter(|_| self.without != Some(PlaceRow::Ending(index))) else {
                        continue;
                    };
                    let mut other = before.clone();
                    if other.push(stem) && other.push(nominative) {
                        best = other.name().map(|named| (to + 1, named)).or(best);
                    }
                }
            }
            if !known {
                break;
            }
            let possessive =
                to > at && all[to - 1].joint == Joint::Glue && self.words.folded(&all[to]) == "s";
            // "Arabie saoudite": countries alone end with a small word.
            let country = || {
                to > at && walk.name().is_some_and(|named| renown(gazetteer, named, true) == Renown::Country)
            };
            let named_like =
                all[to].shape != Shape::Lower || (to > at && self.gap(to - 1) == "-") || head || country();
            if named_like && !possessive {
                best = walk.name().map(|named| (to + 1, named)).or(best);
            }
            let on = match all[to].joint {
                Joint::Space => walk.push(" "),
                Joint::Glue => true,
                Joint::Break => false,
            };
            if !on {
                break;
            }
        }
        best
    }
}

/// Whether places are looked for here: everywhere but in what is not the report's.
fn is_read(text: &Text, at: u32) -> bool {
    text.blocks.is_empty()
        || text.block_at(at).is_some_and(|block| {
            !matches!(block.kind, BlockKind::Related | BlockKind::Boilerplate | BlockKind::Byline)
        })
}

/// Whether what stands between two words may part sentences or quotations.
fn parts_sentences(gap: &str) -> bool {
    gap.contains(['.', '!', '?', '…', '؟', ':', '"', '“', '«', '»', '”', '•', '|'])
}

/// Strength of a name by the best-known place that bears it.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub(crate) enum Renown {
    Hamlet,
    Town,
    City,
    Metropolis,
    State,
    Country,
}

/// How well known the best-known bearer of a name is. Names for display are in Latin letters; a
/// further name in these counts for less, as it may be one of a language far away.
pub(crate) fn renown(gazetteer: &Gazetteer<'static>, named: Named, latin: bool) -> Renown {
    let mut best = Renown::Hamlet;
    for (place, preferred) in gazetteer.places(named).take(200) {
        // A capital is known by all its names ("Kiev").
        let known = preferred || !latin || place.feature == "PPLC";
        let people = if known { place.population } else { place.population / 4 };
        let here = match place.kind {
            PlaceKind::Country => Renown::Country,
            PlaceKind::Admin1 if place.population > 200_000 => Renown::State,
            PlaceKind::Admin1 => Renown::City,
            PlaceKind::Admin2 if place.population > 100_000 => Renown::Town,
            PlaceKind::Admin2 => Renown::Hamlet,
            PlaceKind::Populated if people >= 1_000_000 => Renown::Metropolis,
            PlaceKind::Populated if people >= 100_000 => Renown::City,
            PlaceKind::Populated if people >= 15_000 => Renown::Town,
            PlaceKind::Populated => Renown::Hamlet,
        };
        if here > best {
            best = here;
        }
    }
    best
}
