//! The way from origin to outlet: who was told, who is cited, on what platform.

use std::ops::Range;

use selon_model::{Hop, HopRole, Outlet, Registry, RuleId, SourceKind};

use super::draft::Draft;
use super::lexicon::{Meaning, Number, class};
use super::noun_phrase::{Width, noun_phrase, role_at, speaks_to};
use super::rules::{CueKind, Rules, Slot};
use super::speaker::{Speaker, read_speaker};
use super::view::View;

/// Hops that a chain keeps: nobody cites further, and each is compared with those before.
const MOST_HOPS: usize = 16;

/// What the adjuncts of a draft say of its way.
#[derive(Clone, Debug, Default)]
pub(crate) struct Channels {
    /// Relays and platforms, nearest to the origin first.
    pub(crate) hops: Vec<Hop>,
    /// One spoken to.
    pub(crate) addressee: Option<Range<usize>>,
    /// The true origin, where the source only passes its words on ("citant X").
    pub(crate) origin: Option<Range<usize>>,
    /// How the origin spoke ("in_communique").
    pub(crate) how: Option<String>,
    /// Rules that fired.
    pub(crate) rules: Vec<u16>,
}

/// Reads the adjuncts of a draft.
pub(crate) fn find_channels(view: &View<'_>, rules: &Rules, registry: &Registry, draft: &Draft) -> Channels {
    let mut channels = Channels::default();
    if let Some(object) = &draft.object {
        if speaks_to(view, rules, object.start) && is_named(view, object) {
            channels.hops.push(relay(
                view,
                rules,
                registry,
                object.clone(),
                "told",
                RuleId::core("core.chain.told"),
            ));
        }
        channels.addressee = Some(object.clone());
    }
    if let Some((words, rule)) = &draft.through {
        let rule = &rules.cues[usize::from(*rule)];
        let speaker = read_speaker(view, rules, words.clone());
        let kind = speaker.kind;
        let press = matches!(kind, SourceKind::Agency | SourceKind::Outlet);
        // "It quoted activists as saying": whoever that is, no outlet by its name.
        let reports = press || rule.kind == CueKind::Verb && !speaker.pronoun;
        let how = if reports { "reported_by" } else { "via" };
        let hop = relay(view, rules, registry, words.clone(), how, rule.id.clone());
        let kind = if reports && !press { hop.kind } else { Some(kind) };
        channels.hops.push(Hop { kind, ..hop });
    }
    for adjunct in &draft.adjuncts {
        let mut at = adjunct.start;
        while at < adjunct.end {
            if draft.content.iter().any(|piece| piece.contains(&at)) {
                at += 1;
                continue;
            }
            let found = view.lexicon.phrases(&view.ids, at).find_map(|(meaning, length)| match meaning {
                Meaning::Channel(index) if at + length <= adjunct.end => Some((index, length)),
                _ => None,
            });
            let Some((index, length)) = found else {
                at += 1;
                continue;
            };
            at = read_channel(view, rules, registry, adjunct, (at, index, length), &mut channels);
        }
    }
    channels
}

fn read_channel(
    view: &View<'_>,
    rules: &Rules,
    registry: &Registry,
    adjunct: &Range<usize>,
    (at, index, length): (usize, u16, usize),
    channels: &mut Channels,
) -> usize {
    let rule = &rules.channels[usize::from(index)];
    let next = at + length;
    let phrase = noun_phrase(view, rules, next, adjunct.end, Width::Source);
    match rule.slot {
        Slot::Relay => {
            let Some(phrase) = phrase else { return next };
            let end = phrase.end;
            // "joint par téléphone": a means, nobody who passes words on.
            let somebody = is_named(view, &phrase) || phrase.clone().any(|at| role_at(view, at).is_some());
            if somebody {
                channels.hops.push(relay(view, rules, registry, phrase, &rule.how, rule.id.clone()));
                channels.rules.push(index);
            }
            end
        }
        Slot::Origin => {
            // "de même source": the noun stands in the channel's own words.
            let noun = (at..next).find(|token| role_at(view, *token).is_some() || points(view, *token));
            let phrase = match noun {
                Some(noun) => noun_phrase(view, rules, noun, adjunct.end, Width::Source),
                None => phrase,
            };
            let Some(phrase) = phrase else { return next };
            let end = phrase.end;
            channels.origin.get_or_insert(phrase);
            channels.rules.push(index);
            end
        }
        Slot::Addressee => {
            // The channel's own words may be the noun ("to-the-radio" written as one).
            let own = role_at(view, at).is_some();
            let Some(phrase) = phrase.filter(|_| !own || is_name_at(view, next)) else {
                if own {
                    channels.addressee.get_or_insert(at..next);
                    channels.rules.push(index);
                }
                return next;
            };
            // "Asked to comment on …": a verb is nobody.
            let verb = view.has(phrase.start, class::INFINITIVE)
                && !view.capital(phrase.start)
                && role_at(view, phrase.start).is_none();
            if verb {
                return next;
            }
            let press = speaks_to(view, rules, phrase.start) || own && speaks_to(view, rules, at);
            let known = press || phrase.clone().any(|token| role_at(view, token).is_some());
            if !known {
                return next;
            }
            let end = phrase.end;
            if press && is_named(view, &phrase) {
                channels.hops.push(relay(view, rules, registry, phrase.clone(), &rule.how, rule.id.clone()));
            }
            channels.addressee.get_or_insert(phrase);
            channels.rules.push(index);
            end
        }
        Slot::Platform => {
            let name = (at..next)
                .rev()
                .find(|token| view.is_word(*token))
                .map_or(at..next, |token| token..token + 1);
            channels.hops.push(Hop {
                name: Some(view.span(name.clone()).of(view.text).to_owned()),
                role: HopRole::Platform,
                kind: None,
                how: Some(rule.how.clone()),
                id: None,
                span: Some(view.span(name)),
                inherited: false,
                rule: rule.id.clone(),
            });
            channels.rules.push(index);
            next
        }
        Slot::Manner => {
            channels.how = Some(rule.how.clone());
            channels.rules.push(index);
            next
        }
    }
}

/// Whether a phrase holds a name: "reporters" are spoken to, but pass nothing on.
fn is_named(view: &View<'_>, phrase: &Range<usize>) -> bool {
    phrase.clone().any(|at| {
        view.outlet_at(at).is_some()
            || view.capital(at) && !view.has(at, class::DETERMINER)
            || view.lexicon.settings.caseless && view.is_word(at) && view.ids[at] == 0
    })
}

/// A determiner that points back ("même", "cette").
fn points(view: &View<'_>, at: usize) -> bool {
    view.lexicon.settings.pointing.iter().any(|word| word == view.folded(at))
}

/// Words that stand for nobody in particular ("on").
pub(super) fn is_impersonal(view: &View<'_>, words: &Range<usize>) -> bool {
    words.len() == 1 && view.lexicon.settings.impersonal.iter().any(|word| word == view.folded(words.start))
}

/// A word that nothing explains: in a script without capitals, a name.
fn is_name_at(view: &View<'_>, at: usize) -> bool {
    view.is_word(at) && view.ids[at] == 0
}

/// The words of a source without what stands in them of its way ("…, cited by X") or of the flow
/// of the text ("…, for his part"); and that rest.
pub(crate) fn bare_source(
    view: &View<'_>,
    rules: &Rules,
    source: Range<usize>,
) -> (Range<usize>, Option<Range<usize>>) {
    for at in source.start + 1..source.end {
        let passed_on = view.lexicon.phrases(&view.ids, at).any(|(meaning, _)| match meaning {
            Meaning::Channel(index) => match rules.channels[usize::from(index)].slot {
                // "the spokesman in a statement said"
                Slot::Relay | Slot::Manner => true,
                // "L'agence X, citant Y, rapporte"
                Slot::Origin => view.is_comma(at - 1),
                _ => false,
            },
            _ => false,
        });
        let aside = view.is_comma(at - 1) && view.has(at, class::ADVERB | class::CONNECTIVE);
        if passed_on || aside {
            let end = if view.is_comma(at - 1) { at - 1 } else { at };
            if end > source.start {
                return (source.start..end, Some(at..source.end));
            }
        }
    }
    (source, None)
}

/// A hop for an agency or outlet that passes words on.
pub(crate) fn relay(
    view: &View<'_>,
    rules: &Rules,
    registry: &Registry,
    phrase: Range<usize>,
    how: &str,
    rule: RuleId,
) -> Hop {
    let speaker = read_speaker(view, rules, phrase.clone());
    let (name, id) = hop_name(view, registry, &speaker);
    Hop {
        name: Some(name),
        role: HopRole::Relay,
        kind: Some(match speaker.kind {
            kind @ (SourceKind::Agency | SourceKind::Outlet) => kind,
            _ => SourceKind::Outlet,
        }),
        how: Some(how.to_owned()),
        id,
        span: Some(view.span(phrase)),
        inherited: false,
        rule,
    }
}

/// The name under which a hop is shown: a registered name as written, a proper name with its
/// capitalised article, else the words.
fn hop_name(view: &View<'_>, registry: &Registry, speaker: &Speaker) -> (String, Option<String>) {
    let words = |tokens: Range<usize>| view.span(tokens).of(view.text).to_owned();
    if let Some(index) = speaker.outlet {
        let named = speaker.tokens.clone().find_map(|at| {
            view.outlet_at(at).filter(|(found, _)| *found == index).map(|(_, length)| at..at + length)
        });
        let id = registry.agencies.get(usize::from(index)).map(|agency| agency.id.clone());
        return (words(named.unwrap_or_else(|| speaker.tokens.clone())), id);
    }
    // "US media": a noun of several is no name, whatever stands before it.
    let several = |at: usize| view.lexicon.settings.plurals.iter().any(|word| word == view.folded(at));
    let plural =
        speaker.number == Some(Number::Plural) && speaker.noun.is_some_and(|noun| !view.capital(noun));
    if plural || speaker.tokens.clone().any(|at| several(at) && !view.capital(at)) {
        return (words(speaker.tokens.clone()), None);
    }
    if let Some(name) = &speaker.name {
        // "Radio Corvenne", "Le Phare": capitalised nouns and articles belong to the name.
        let mut start = name.start;
        while start > speaker.tokens.start && view.capital(start - 1) && view.is_word(start - 1) {
            start -= 1;
        }
        return (words(start..name.end), None);
    }
    (words(speaker.tokens.clone()), None)
}

/// Origin first, then relays and platforms, the outlet last.
pub(crate) fn chain(
    origin: Option<Hop>,
    hops: Vec<Hop>,
    outlet: Option<&Outlet>,
    registry: &Registry,
) -> Vec<Hop> {
    let mut chain: Vec<Hop> = origin.into_iter().collect();
    let last = outlet_hop(outlet, registry);
    for hop in hops.into_iter().take(MOST_HOPS) {
        // What the report's own outlet was told came by no relay.
        let own = hop.role == HopRole::Relay && hop.name.is_some() && hop.name == last.name;
        let seen = chain.iter().any(|earlier| earlier.name == hop.name);
        if !seen && !own {
            chain.push(hop);
        }
    }
    chain.push(last);
    chain
}

/// The last hop: this report's own outlet; its name is `None` where the report does not say.
pub(crate) fn outlet_hop(outlet: Option<&Outlet>, registry: &Registry) -> Hop {
    let name = outlet.and_then(|outlet| outlet.name.clone().or_else(|| outlet.domain.clone()));
    let id = outlet.and_then(|outlet| {
        registry.agencies.iter().find(|agency| {
            outlet.domain.as_ref().is_some_and(|domain| agency.domains.contains(domain))
                || outlet.name.as_ref().is_some_and(|name| agency.names.contains(name))
        })
    });
    Hop {
        name,
        role: HopRole::Outlet,
        kind: Some(SourceKind::Outlet),
        how: None,
        id: id.map(|agency| agency.id.clone()),
        span: None,
        inherited: false,
        rule: RuleId::core("core.chain.outlet"),
    }
}
