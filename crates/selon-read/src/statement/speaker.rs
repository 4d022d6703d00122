//! What the words of a source say of the speaker: class, role, name, gender and number.

use std::ops::Range;

use selon_model::SourceKind;

use crate::lex::TokenKind;

use super::lexicon::{Gender, Meaning, Number, class};
use super::noun_phrase::role_at;
use super::rules::{RoleKind, Rules};
use super::view::View;

/// The role of those who speak for whoever is named with them.
const FOR_OTHERS: &str = "spokesperson";

/// A source's words, read.
#[derive(Clone, Debug)]
pub(crate) struct Speaker {
    pub(crate) tokens: Range<usize>,
    pub(crate) kind: SourceKind,
    /// The role rule of its head noun.
    pub(crate) head: Option<u16>,
    /// Role class: of the head, else of a noun that hangs on it.
    pub(crate) role: Option<String>,
    /// Index in the registry, where the speaker is an agency or outlet.
    pub(crate) outlet: Option<u16>,
    /// A person's or body's proper name.
    pub(crate) name: Option<Range<usize>>,
    /// The words begin with a title ("M.", "Mr").
    pub(crate) titled: bool,
    pub(crate) gender: Option<Gender>,
    pub(crate) number: Option<Number>,
    /// A pronoun.
    pub(crate) pronoun: bool,
    /// Words in the place of a pronoun that stand for a person only ("la jeune femme").
    pub(crate) person: bool,
    /// It points back in so many words ("cette source", "ce dernier").
    pub(crate) points: bool,
    /// It begins with an indefinite article.
    pub(crate) indefinite: bool,
    /// First token of its head noun.
    pub(crate) noun: Option<usize>,
}

/// Reads the words of a source.
pub(crate) fn read_speaker(view: &View<'_>, rules: &Rules, tokens: Range<usize>) -> Speaker {
    let mut speaker = Speaker {
        tokens: tokens.clone(),
        kind: SourceKind::Unnamed,
        head: None,
        role: None,
        outlet: None,
        name: None,
        titled: false,
        gender: None,
        number: None,
        pronoun: false,
        person: false,
        points: false,
        indefinite: false,
        noun: None,
    };
    if tokens.is_empty() {
        return speaker;
    }
    if read_pronoun(view, rules, &mut speaker) {
        return speaker;
    }
    let mut several = false;
    let mut outlet_at_head = false;
    let mut linked = false;
    let mut role_end = 0;
    let mut at = tokens.start;
    while at < tokens.end {
        // "who carried his mother": what follows says what the speaker did, not who it is.
        if view.has(at, class::RELATIVE) && (speaker.noun.is_some() || speaker.name.is_some()) {
            break;
        }
        let folded = view.folded(at);
        let settings = &view.lexicon.settings;
        if speaker.noun.is_none() && view.has(at, class::DETERMINER) {
            let word = view.lexicon.word(view.ids[at]);
            speaker.gender = speaker.gender.or(word.gender);
            speaker.number = word.number.or(speaker.number);
        }
        if speaker.noun.is_none() {
            several |= settings.several.iter().any(|word| word == folded);
            speaker.indefinite |= settings.indefinite.iter().any(|word| word == folded);
            speaker.points |= settings.pointing.iter().any(|word| word == folded);
        }
        if let Some((index, length)) = view.outlet_at(at).filter(|(_, length)| at + length <= tokens.end) {
            let head_is_outlet = speaker.head.is_none_or(|head| {
                matches!(rules.roles[usize::from(head)].class, Some(SourceKind::Agency | SourceKind::Outlet))
            });
            if speaker.outlet.is_none() && !linked && head_is_outlet && speaker.name.is_none() {
                speaker.outlet = Some(index);
                outlet_at_head = true;
            }
            speaker.noun.get_or_insert(at);
            at += length;
            continue;
        }
        if let Some((index, length)) = role_at(view, at).filter(|(_, length)| at + length <= tokens.end) {
            let rule = &rules.roles[usize::from(index)];
            // "Doctors Without Borders": a noun of many that opens a title is the name of a body.
            let body = rule.many
                && view.capital(at)
                && view.is_word(at + length)
                && view.capital(at + length)
                && at + length < tokens.end
                && speaker.head.is_none()
                && speaker.name.is_none();
            if body {
                let end = (at + length..tokens.end)
                    .take_while(|next| view.is_word(*next) && view.capital(*next))
                    .last()
                    .map_or(at + length, |last| last + 1);
                speaker.name = Some(at..end);
                speaker.noun.get_or_insert(at);
                speaker.number = None;
                at = end;
                continue;
            }
            // A capitalised run is a name, not a noun ("Police" alone at the head is one). In a
            // compound the head may be the last noun ("military source").
            let compound = settings.head_last
                && !linked
                && at > tokens.start
                && role_end == at
                && !matches!(view.kind(at - 1), TokenKind::Comma);
            // "Corvanian activists", "Tarn defence ministry": the name describes the noun after it.
            let named = speaker.name.clone().filter(|name| {
                settings.head_last
                    && speaker.head.is_none()
                    && !linked
                    && !view.capital(at)
                    // "the Velmar agency" is named so.
                    && view.press_at(name.start).is_none()
                    && rule.role.as_deref() != Some("press")
                    && !matches!(rule.class, Some(SourceKind::Agency | SourceKind::Outlet))
                    && (name.end..at).all(|word| {
                        let dash = view.kind(word) == TokenKind::Dash && !view.spaced(word);
                        let plain = view.is_word(word) && !view.capital(word);
                        let joins = class::DETERMINER | class::AND | class::PREPOSITION;
                        dash || plain && !view.has(word, joins)
                    })
            });
            if named.is_some() {
                speaker.name = None;
                speaker.noun = Some(at);
            }
            if (speaker.head.is_none() || compound) && !linked && speaker.name.is_none() {
                speaker.head = Some(index);
                if compound {
                    speaker.noun = Some(at);
                    speaker.gender = None;
                }
                speaker.noun.get_or_insert(at);
                speaker.gender = rule.gender.or(speaker.gender);
                speaker.number = rule.number.or(speaker.number);
            }
            // A noun further on counts where it is one ("de l'armée"), not an adjective ("proche de").
            // An adjective may stand between ("в центральной больнице").
            let hangs = |at: usize| at > tokens.start && view.has(at - 1, class::DETERMINER | class::LINK);
            let described = linked
                && at > tokens.start + 1
                && role_end < at
                && view.is_word(at - 1)
                && !view.capital(at - 1)
                && (hangs(at - 1) || view.has(at - 2, class::PREPOSITION));
            let placed = linked && at > tokens.start && view.has(at - 1, class::PREPOSITION);
            let nominal = hangs(at) || described || placed || speaker.head == Some(index);
            // "a spokesman for the army" speaks for the army.
            let open = speaker.role.as_deref().is_none_or(|role| role == FOR_OTHERS);
            if open && nominal && rule.role.is_some() {
                speaker.role = rule.role.clone();
            }
            at += length;
            role_end = at;
            continue;
        }
        if view.has(at, class::TITLE) {
            let word = view.lexicon.word(view.ids[at]);
            speaker.gender = word.gender.or(speaker.gender);
            speaker.titled = true;
            speaker.head = speaker.head.filter(|_| speaker.name.is_some());
        } else if view.capital(at)
            && view.is_word(at)
            && !view.has(at, class::DETERMINER | class::PREPOSITION | class::TIME)
        {
            let end = name_end(view, at, tokens.end);
            // A noun in its capital, after an article or adjective, is no name by itself.
            let noun = view.lexicon.settings.capital_nouns
                && end - at == 1
                && (at + 1 < tokens.end || at > tokens.start)
                && !(at > tokens.start && view.has(at - 1, class::TITLE))
                && speaker.head.is_none();
            if noun {
                speaker.noun.get_or_insert(at);
                at = end;
                continue;
            }
            let own = !linked || (view.kind(at - 1) == TokenKind::Comma);
            let place_of = at > tokens.start
                && view.has(at - 1, class::PREPOSITION)
                && !view.has(at - 1, class::DETERMINER);
            // "le capitaine de police Bob Velm": a full name right after the noun.
            let settings = &view.lexicon.settings;
            let joins = class::PREPOSITION | class::DETERMINER | class::AND | class::TITLE;
            let named = !settings.verb_first
                && end - at >= 2
                && at > tokens.start
                && view.is_word(at - 1)
                && !view.capital(at - 1)
                && !view.has(at - 1, joins)
                && speaker.head.is_none_or(|head| {
                    let class = rules.roles[usize::from(head)].class;
                    matches!(class, None | Some(SourceKind::Office | SourceKind::Unnamed))
                });
            if speaker.name.is_none()
                && !place_of
                && (own
                    || named
                    || end - at >= 2 && at > tokens.start && view.kind(at - 1) == TokenKind::Comma)
            {
                speaker.name = Some(at..end);
                speaker.noun.get_or_insert(at);
                // "the government delegate, Ana Velm": a person, whatever gender the noun has.
                if view.kind(at.max(1) - 1) == TokenKind::Comma && at > tokens.start {
                    speaker.gender = speaker.gender.filter(|gender| *gender != Gender::Neuter);
                }
            }
            at = end;
            continue;
        } else if view.kind(at) == TokenKind::Comma {
            linked = false;
        } else if view.has(at, class::PREPOSITION) && speaker.noun.is_some() {
            linked = true;
        } else if view.is_word(at) && !view.has(at, class::DETERMINER | class::ADVERB) {
            speaker.noun.get_or_insert(at);
        }
        at += 1;
    }
    // Without capitals, words that nothing explains are a name.
    let unknown = |at: usize| view.is_word(at) && view.ids[at] == 0;
    if view.lexicon.settings.caseless && speaker.head.is_none() && speaker.name.is_none() {
        speaker.name = tokens.clone().all(unknown).then(|| tokens.clone());
    }
    speaker.kind = kind(rules, &speaker, several, outlet_at_head);
    let press = speaker.name.as_ref().and_then(|name| view.press_at(name.start));
    if let Some((kind, _)) = press.filter(|_| speaker.head.is_none()) {
        speaker.kind = kind;
    }
    if several {
        speaker.number = Some(Number::Plural);
    }
    speaker
}

fn read_pronoun(view: &View<'_>, rules: &Rules, speaker: &mut Speaker) -> bool {
    let first = speaker.tokens.start;
    let length = speaker.tokens.len();
    let role = role_at(view, first).filter(|(index, matched)| {
        *matched == length && rules.roles[usize::from(*index)].kind == RoleKind::Pronoun
    });
    if let Some((index, _)) = role {
        let rule = &rules.roles[usize::from(index)];
        speaker.gender = rule.gender;
        speaker.number = rule.number;
        speaker.head = Some(index);
        speaker.pronoun = true;
        speaker.person = rule.class.is_some();
        return true;
    }
    let phrase = view.lexicon.phrases(&view.ids, first).any(|(meaning, matched)| {
        matched == length && matches!(meaning, Meaning::Function(classes) if classes & class::PRONOUN != 0)
    });
    // "À ses yeux, …": the one whose eyes they are.
    let possessive =
        length == 1 && view.lexicon.settings.possessives.iter().any(|word| word == view.folded(first));
    if possessive {
        speaker.pronoun = true;
        return true;
    }
    if phrase || (length == 1 && view.has(first, class::PRONOUN)) {
        let word = view.lexicon.word(view.ids[first]);
        speaker.gender = word.gender;
        speaker.number = word.number;
        speaker.pronoun = true;
        return true;
    }
    false
}

/// End of a run of capitalised words, with particles, hyphens and initials inside.
fn name_end(view: &View<'_>, from: usize, to: usize) -> usize {
    let mut end = from + 1;
    let mut at = end;
    while at < to {
        if view.is_word(at) && view.capital(at) {
            end = at + 1;
        } else if !(view.kind(at) == TokenKind::Dash && !view.spaced(at)
            || view.kind(at) == TokenKind::Stop && !view.spaced(at)
            || view.kind(at) == TokenKind::QuoteAmbiguous && !view.spaced(at)
            || view.lexicon.settings.particles.iter().any(|particle| particle == view.folded(at)))
            || at - end > 3
        {
            break;
        }
        at += 1;
    }
    end
}

fn kind(rules: &Rules, speaker: &Speaker, several: bool, outlet_at_head: bool) -> SourceKind {
    let role = speaker.head.map(|head| &rules.roles[usize::from(head)]);
    if outlet_at_head && speaker.outlet.is_some() {
        return match role.and_then(|role| role.class) {
            Some(SourceKind::Outlet) => SourceKind::Outlet,
            _ => SourceKind::Agency,
        };
    }
    let many = several || role.is_some_and(|role| role.many);
    if let Some(class) = role.and_then(|role| role.class) {
        let person = matches!(class, SourceKind::Office | SourceKind::Unnamed | SourceKind::Named);
        return match class {
            _ if person && speaker.name.is_some() => SourceKind::Named,
            SourceKind::Document => SourceKind::Document,
            _ if many && class != SourceKind::Named => SourceKind::CollectiveUnnamed,
            SourceKind::Office if speaker.indefinite => SourceKind::Unnamed,
            class => class,
        };
    }
    if speaker.name.is_some() {
        return SourceKind::Named;
    }
    if many || speaker.number == Some(Number::Plural) {
        SourceKind::CollectiveUnnamed
    } else {
        SourceKind::Unnamed
    }
}
