//! A text as the rules see it: every word with its number and classes, quotations, and the
//! units (sentences, joined where a quotation runs on) in which statements are looked for.
//!
//! Beside the text, never instead of it: results are spans of the text itself.

use std::ops::Range;

use selon_model::{Span, Text};

use crate::lex::{Lexed, Token, TokenKind};

use super::lexicon::{Lexicon, Meaning, Mood, Number, Tense, class};
use super::press::PressNames;
use super::quote::{Quotation, find_quotations};

/// One or more sentences that must be read together.
#[derive(Clone, Debug)]
pub(crate) struct Unit {
    /// Its tokens.
    pub(crate) tokens: Range<usize>,
    /// Number of its paragraph.
    pub(crate) paragraph: usize,
    /// It stands in a heading between paragraphs.
    pub(crate) heading: bool,
}

/// The view.
pub(crate) struct View<'a> {
    pub(crate) text: &'a str,
    pub(crate) lexed: &'a Lexed,
    pub(crate) lexicon: &'a Lexicon,
    /// Number of each token in the lexicon; 0 = not known.
    pub(crate) ids: Vec<u32>,
    classes: Vec<u32>,
    pub(crate) quotations: Vec<Quotation>,
    /// 1 + index of the outermost quotation a token (or mark) belongs to; 0 = none.
    quoted: Vec<u32>,
    pub(crate) units: Vec<Unit>,
    /// Names that this text calls an agency or outlet.
    pub(super) press: PressNames<'a>,
}

impl<'a> View<'a> {
    /// The view of the blocks of `text` that `wanted` takes.
    pub(crate) fn of(
        text: &'a Text,
        lexed: &'a Lexed,
        lexicon: &'a Lexicon,
        wanted: impl Fn(&selon_model::Block) -> bool,
    ) -> Self {
        let mut view = View {
            text: &text.string,
            lexed,
            lexicon,
            ids: Vec::with_capacity(lexed.len()),
            classes: Vec::with_capacity(lexed.len()),
            quotations: Vec::new(),
            quoted: vec![0; lexed.len()],
            units: Vec::new(),
            press: PressNames::default(),
        };
        for at in 0..lexed.len() {
            let folded = lexed.folded(at);
            let id = lexicon.id(folded);
            let classes = match (id, view.kind(at)) {
                (0, TokenKind::Word) => lexicon.guess(folded),
                (0, _) => 0,
                _ => lexicon.word(id).classes,
            };
            view.ids.push(id);
            view.classes.push(classes);
        }
        view.mark_phrases();
        view.mark_nouns();
        view.part(text, wanted);
        view.mark_relatives();
        view
    }

    /// Function phrases of several words: their classes go to the first word, the others lose
    /// theirs ("alors que" breaks, its "que" opens no content).
    fn mark_phrases(&mut self) {
        let mut at = 0;
        while at < self.ids.len() {
            let phrase = self.lexicon.phrases(&self.ids, at).find_map(|(meaning, length)| match meaning {
                Meaning::Function(classes) => Some((classes, length)),
                _ => None,
            });
            // "fait état de | plus de 45 morts": the second word bounds a number, and makes no phrase
            // with the first.
            let phrase = phrase.filter(|(_, length)| {
                !(at + 1..at + length).any(|inner| self.opens_quantity(inner, self.ids.len()))
            });
            let Some((classes, length)) = phrase else {
                at += 1;
                continue;
            };
            self.classes[at] = classes;
            // "familiar with": what follows still hangs on the noun before.
            let link = if classes & class::LINK == 0 { 0 } else { class::LINK | class::PREPOSITION };
            let carried = link
                | class::TIME
                | class::DETERMINER
                | class::ADVERB
                | class::SUBORDINATOR
                | class::BUT
                | class::CONNECTIVE;
            for rest in &mut self.classes[at + 1..at + length] {
                *rest = classes & carried;
            }
            at += length;
        }
    }

    /// A name or noun in its capital that looks like a verb form is none.
    fn mark_nouns(&mut self) {
        let verb = class::FINITE
            | class::CONDITIONAL
            | class::INFINITIVE
            | class::PAST_PARTICIPLE
            | class::PRESENT_PARTICIPLE
            | class::ADVERB;
        for at in 0..self.ids.len() {
            if self.is_capital_noun(at) || self.is_verb_like_noun(at) {
                self.classes[at] &= !verb;
            }
        }
    }

    /// A plural noun with the form of a verb: right before a verb that can be nothing else
    /// ("Witnesses said", "security forces denied"), without the object that the verb governs, or the first part of a compound
    /// ("think-tank"). For languages whose verbs are told by little else than their place.
    fn is_verb_like_noun(&self, at: usize) -> bool {
        let settings = &self.lexicon.settings;
        let bare = class::HAVE | class::BE | class::MODAL | class::PRONOUN | class::DETERMINER;
        if !settings.bare_verbs || !self.has(at, class::FINITE) || self.has(at, bare) {
            return false;
        }
        let forms = &self.lexicon.word(self.ids[at]).forms;
        if forms.iter().any(|form| settings.never_nouns.iter().any(|lemma| **lemma == *form.lemma)) {
            return false;
        }
        let next = at + 1;
        let compound = self.kind(next) == TokenKind::Dash
            && !self.spaced(next)
            && self.is_word(next + 1)
            && !self.spaced(next + 1);
        let plural = self.has_plural_ending(at)
            && self.has(next, class::FINITE)
            && !self.has(next, class::INFINITIVE | class::BE | class::PREPOSITION | class::DETERMINER)
            && !self.capital(next);
        let own_subject = at > 0 && self.has(at - 1, class::PRONOUN) && !self.has(at - 1, class::DETERMINER);
        let ends = !self.is_word(next)
            || self.has(next, class::PREPOSITION | class::AND | class::BUT | class::RELATIVE | class::FINITE);
        let without_object = self.has_plural_ending(at)
            && ends
            && forms.iter().any(|form| settings.object_verbs.iter().any(|lemma| **lemma == *form.lemma));
        compound || (plural || without_object) && !own_subject
    }

    /// A mark inside a number: "18,700", "300.000.000".
    pub(crate) fn parts_digits(&self, at: usize) -> bool {
        let digits = |at: usize| self.kind(at) == TokenKind::Digits;
        let mark = matches!(self.kind(at), TokenKind::Comma | TokenKind::Stop);
        mark && at > 0 && digits(at - 1) && digits(at + 1) && !self.spaced(at) && !self.spaced(at + 1)
    }

    /// A word with the ending of a plural ("residents"); the ending alone is none.
    pub(crate) fn has_plural_ending(&self, at: usize) -> bool {
        let word = self.folded(at);
        let mut endings = self.lexicon.settings.plural_endings.iter();
        endings.any(|ending| word.len() > ending.len() && word.ends_with(ending.as_str()))
    }

    /// A capital in the middle of a sentence: a noun or name, where verbs are told by little else
    /// than their forms.
    pub(crate) fn is_capital_noun(&self, at: usize) -> bool {
        let settings = &self.lexicon.settings;
        let tells = settings.capital_nouns || settings.verb_first && !settings.caseless;
        if at == 0 || !self.capital(at) || !self.is_word(at - 1) {
            return false;
        }
        // "The Quds Force": beside another capital, where the words around are not all capitals.
        let around = at.saturating_sub(5)..self.ids.len().min(at + 6);
        let words = || around.clone().filter(|near| self.is_word(*near));
        let named = settings.bare_verbs
            && self.capital(at - 1)
            && words().filter(|near| self.capital(*near)).count() * 2 <= words().count();
        tells || named
    }

    /// An article after a comma opens a relative clause where the clause ends in its verb.
    fn mark_relatives(&mut self) {
        let lexicon = self.lexicon;
        let articles = &lexicon.settings.relative_articles;
        if articles.is_empty() {
            return;
        }
        for at in 1..self.ids.len() {
            let opens = self.is_comma(at - 1)
                || at > 1 && self.has(at - 1, class::PREPOSITION) && self.is_comma(at - 2);
            if !opens || !articles.iter().any(|article| article == self.folded(at)) {
                continue;
            }
            let end = (at + 1..self.ids.len().min(at + 40))
                .find(|next| {
                    !matches!(self.kind(*next), TokenKind::Word | TokenKind::Digits | TokenKind::Dash)
                        && self.quotation(*next).is_none()
                })
                .unwrap_or(at + 1);
            let Some(last) = end.checked_sub(1).filter(|last| *last > at && self.is_word(*last)) else {
                continue;
            };
            let lone = self.ids[last] == 0 && !self.capital(last);
            let infinitive = self.folded(last - 1) == lexicon.settings.parted_infinitive;
            let early = (at + 1..last).any(|next| self.is_plainly_finite(next));
            if !early && !infinitive && (lone || self.has(last, class::FINITE)) {
                self.classes[at] = class::RELATIVE;
            }
        }
    }

    fn part(&mut self, text: &Text, wanted: impl Fn(&selon_model::Block) -> bool) {
        let sentences: Vec<Range<usize>> = self.lexed.sentences().collect();
        let mut next = 0;
        let whole = [selon_model::Block {
            kind: selon_model::BlockKind::Paragraph,
            span: Span::new(0, text.string.len()),
            lang: None,
            entry: None,
            source: None,
        }];
        let blocks = if text.blocks.is_empty() { &whole[..] } else { &text.blocks[..] };
        for (paragraph, block) in blocks.iter().enumerate() {
            let first = next;
            while sentences.get(next).is_some_and(|sentence| {
                self.lexed.tokens().get(sentence.start).is_some_and(|token| token.span.start < block.span.end)
            }) {
                next += 1;
            }
            let (Some(from), Some(to)) =
                (sentences.get(first), sentences.get(next.wrapping_sub(1)).filter(|_| next > first))
            else {
                continue;
            };
            if !wanted(block) {
                continue;
            }
            let range = from.start..to.end;
            // A line break inside a block (bare text) is a break for quotations too.
            let quotations = find_quotations(self.text, self.lexed, range);
            let base = self.quotations.len() as u32;
            for (index, quotation) in quotations.iter().enumerate() {
                for at in quotation.tokens.clone() {
                    self.quoted[at] = base + index as u32 + 1;
                }
            }
            self.quotations.extend(quotations);
            for sentence in &sentences[first..next] {
                self.join(sentence.clone(), paragraph, block.kind == selon_model::BlockKind::Heading);
            }
        }
    }

    /// Adds a sentence, joined to the one before where a quotation runs over the boundary or a
    /// small letter follows a closing mark.
    fn join(&mut self, sentence: Range<usize>, paragraph: usize, heading: bool) {
        let runs_on = |view: &Self, unit: &Unit| {
            let (last, first) = (unit.tokens.end - 1, sentence.start);
            if view.quoted[last] != 0 && view.quoted[last] == view.quoted[first] {
                return true;
            }
            let next = view.token(first);
            view.quoted[last] != 0
                && view.quotations[view.quoted[last] as usize - 1].tokens.end == first
                && (next.kind == TokenKind::Comma
                    || (next.kind == TokenKind::Word && !next.capital && next.span.of(view.text).is_ascii()))
        };
        if let Some(unit) = self.units.last()
            && unit.paragraph == paragraph
            && unit.tokens.end == sentence.start
            && runs_on(self, unit)
        {
            let index = self.units.len() - 1;
            self.units[index].tokens.end = sentence.end;
            return;
        }
        self.units.push(Unit { tokens: sentence, paragraph, heading });
    }

    pub(crate) fn token(&self, at: usize) -> Token {
        self.lexed.tokens()[at]
    }

    pub(crate) fn kind(&self, at: usize) -> TokenKind {
        self.lexed.tokens().get(at).map_or(TokenKind::Other, |token| token.kind)
    }

    pub(crate) fn words(&self, at: usize) -> &'a str {
        self.lexed.tokens().get(at).map_or("", |token| token.span.of(self.text))
    }

    pub(crate) fn is_word(&self, at: usize) -> bool {
        self.kind(at) == TokenKind::Word
    }

    /// Whether the token has one of the classes.
    pub(crate) fn has(&self, at: usize, classes: u32) -> bool {
        self.classes.get(at).is_some_and(|own| own & classes != 0)
    }

    pub(crate) fn capital(&self, at: usize) -> bool {
        self.lexed.tokens().get(at).is_some_and(|token| token.capital)
    }

    /// A comma of any script; no colon and no semicolon.
    pub(crate) fn is_comma(&self, at: usize) -> bool {
        matches!(self.words(at), "," | "\u{60C}")
    }

    /// Whether a particle is joined to the front of the word ("and-said" written as one).
    pub(crate) fn is_joined(&self, at: usize) -> bool {
        self.lexicon.joined(self.folded(at))
    }

    pub(crate) fn spaced(&self, at: usize) -> bool {
        self.lexed.tokens().get(at).is_some_and(|token| token.spaced)
    }

    /// Capitals throughout, two at least: "US" is no pronoun, "WHO" opens no clause.
    pub(crate) fn is_acronym(&self, at: usize) -> bool {
        let words = self.words(at);
        words.chars().nth(1).is_some() && words.chars().all(char::is_uppercase)
    }

    /// A line ends before a token.
    pub(crate) fn breaks_line(&self, at: usize) -> bool {
        let tokens = self.lexed.tokens();
        let Some((before, token)) =
            at.checked_sub(1).and_then(|before| tokens.get(before).zip(tokens.get(at)))
        else {
            return false;
        };
        self.text.get(before.span.to()..token.span.from()).is_some_and(|gap| gap.contains('\n'))
    }

    /// The outermost quotation a token or mark belongs to.
    pub(crate) fn quotation(&self, at: usize) -> Option<&Quotation> {
        let index = (*self.quoted.get(at)? as usize).checked_sub(1)?;
        self.quotations.get(index)
    }

    /// The agency or outlet whose name begins at `at`: its index in the registry and length.
    pub(crate) fn outlet_at(&self, at: usize) -> Option<(u16, usize)> {
        self.lexicon.phrases(&self.ids, at).find_map(|(meaning, length)| match meaning {
            Meaning::Outlet(index, shouted) => {
                let word = self.words(at + length - 1);
                let fits = if shouted {
                    !word.chars().any(char::is_lowercase)
                } else {
                    word.chars().next().is_some_and(|first| !first.is_lowercase())
                };
                fits.then_some((index, length))
            }
            _ => None,
        })
    }

    /// A dash between words with space on a side ("–"), or doubled ("--").
    pub(crate) fn is_dash(&self, at: usize) -> bool {
        if self.kind(at) != TokenKind::Dash {
            return false;
        }
        let doubled =
            self.kind(at + 1) == TokenKind::Dash || (at > 0 && self.kind(at - 1) == TokenKind::Dash);
        doubled || (self.spaced(at) && self.spaced(at + 1)) || self.words(at) == "—"
    }

    /// Whether a finite verb form stands here and is read as one: not after a determiner
    /// ("la demande") unless that is an object pronoun, not hyphened to what precedes.
    pub(crate) fn is_finite(&self, at: usize) -> bool {
        if !self.has(at, class::FINITE) || self.ends_compound(at) {
            return false;
        }
        if self.has(at, class::PREPOSITION | class::DETERMINER | class::SUBORDINATOR)
            && !self.has(at, class::BE | class::HAVE)
        {
            return false;
        }
        if self.has(at, class::HAVE | class::BE | class::MODAL) {
            // "said IS had left": a group, no verb.
            let shouted = |near: usize| near < self.ids.len() && self.is_acronym(near);
            return !self.is_acronym(at) || at > 0 && shouted(at - 1) || shouted(at + 1);
        }
        !self.is_nominal(at) && !self.is_bare(at)
    }

    /// "Britain-based": a participle that a hyphen joins to what it stands with.
    fn ends_compound(&self, at: usize) -> bool {
        at > 1
            && self.words(at - 1) == "-"
            && !self.spaced(at)
            && !self.spaced(at - 1)
            && self.is_word(at - 2)
            && self.has(at, class::PAST_PARTICIPLE)
    }

    /// A finite form of the first or second person and of no other.
    pub(crate) fn is_first_person(&self, at: usize) -> bool {
        let finite = |mood: Mood| matches!(mood, Mood::Indicative | Mood::Conditional | Mood::Subjunctive);
        let forms = &self.lexicon.word(self.ids[at]).forms;
        let mut persons = forms.iter().filter(|form| finite(form.mood)).map(|form| form.person).peekable();
        persons.peek().is_some() && persons.all(|person| matches!(person, 1 | 2))
    }

    /// A form of the second person and of nothing else: no participle, no infinitive.
    pub(crate) fn is_second_person(&self, at: usize) -> bool {
        let forms = &self.lexicon.word(self.ids[at]).forms;
        let told = |mood: Mood| !matches!(mood, Mood::Imperative);
        let mut others = forms.iter().filter(|form| told(form.mood)).peekable();
        others.peek().is_some() && others.all(|form| form.person == 2)
    }

    /// A verb form without any ending ("report", "study"), where such forms are as often nouns:
    /// it counts as a verb after a plural subject or a pronoun only.
    pub(crate) fn is_bare(&self, at: usize) -> bool {
        if !self.lexicon.settings.bare_verbs {
            return false;
        }
        let forms = &self.lexicon.word(self.ids[at]).forms;
        let verbs = &self.lexicon.settings.never_nouns;
        if forms.iter().any(|form| verbs.iter().any(|lemma| **lemma == *form.lemma)) {
            return false;
        }
        let bare = !forms.is_empty()
            && !forms.iter().any(|form| {
                form.person == 3 && form.number == Some(Number::Singular)
                    || form.mood == Mood::Participle
                    || form.mood == Mood::Indicative && form.tense != Tense::Present
            });
        if !bare {
            return false;
        }
        let mut before = at;
        while before > 0 && self.has(before - 1, class::ADVERB | class::NEGATION) {
            before -= 1;
        }
        let Some(before) = before.checked_sub(1) else { return true };
        let pronoun = self.has(before, class::PRONOUN | class::RELATIVE | class::MODAL);
        let support = self
            .lexicon
            .word(self.ids[before])
            .forms
            .iter()
            .any(|form| self.lexicon.settings.support.iter().any(|lemma| **lemma == *form.lemma));
        let plural = self.is_word(before) && self.has_plural_ending(before)
            || self.lexicon.settings.plurals.iter().any(|word| word == self.folded(before))
            || self.kind(before) == TokenKind::Comma
            || self.quotation(before).is_some();
        !(pronoun || support || plural)
    }

    /// A number of digits or words; an article that may count one is none.
    pub(crate) fn is_number(&self, at: usize) -> bool {
        self.kind(at) == TokenKind::Digits
            || self.is_word(at)
                && !self.lexicon.settings.indefinite.iter().any(|word| word == self.folded(at))
                && self.lexicon.numbers.is_word(self.lexed, at, self.lexed.len())
    }

    /// Words at `at` that bound a number right after them, which is no time of day or date ("at
    /// least 140 people"): a quantity opens there.
    pub(crate) fn opens_quantity(&self, at: usize, to: usize) -> bool {
        self.lexicon.phrases(&self.ids, at).any(|(meaning, length)| {
            let number = at + length;
            let counted = number + 1;
            matches!(meaning, Meaning::Bound)
                && number < to
                && self.is_number(number)
                && counted < to
                && !self.has(counted, class::TIME)
                && !matches!(self.words(counted), ":" | "h")
        })
    }

    /// Finite and nothing else: a form that is also a past participle ("released") does not
    /// count, unless a subject pronoun stands before it.
    pub(crate) fn is_plainly_finite(&self, at: usize) -> bool {
        self.is_finite(at)
            && (!self.has(at, class::PAST_PARTICIPLE)
                || (at > 0 && self.has(at - 1, class::PRONOUN) && !self.has(at - 1, class::RELATIVE)))
            && !(at > 0 && self.has(at - 1, class::HAVE | class::BE) && self.has(at, class::PAST_PARTICIPLE))
    }

    /// A word after a determiner, possessive mark or linking preposition is a noun, whatever
    /// else it could be.
    pub(crate) fn is_nominal(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1) else { return false };
        if self.has(before, class::CLITIC) {
            // "la", "le", "l'": a pronoun after a subject pronoun, a negation or another clitic.
            let nominal = class::DETERMINER | class::PREPOSITION;
            let Some(earlier) = before.checked_sub(1) else { return self.has(before, nominal) };
            return self.has(before, nominal)
                && !self.has(earlier, class::PRONOUN | class::NEGATION | class::CLITIC | class::AS);
        }
        // "a mother of three | said", "a friend of his | said": nothing follows the number but its verb.
        let settings = &self.lexicon.settings;
        let verb = || {
            let forms = &self.lexicon.word(self.ids[at]).forms;
            forms.iter().any(|form| settings.never_nouns.iter().any(|lemma| **lemma == *form.lemma))
        };
        if before > 0 && self.has(before - 1, class::LINK) && !self.has(before, class::LINK) && verb() {
            return false;
        }
        (self.has(before, class::DETERMINER | class::PREPOSITION | class::TITLE)
            && !self.has(before, class::SUBORDINATOR | class::PRONOUN))
            || (self.lexicon.settings.possessive_marks.iter().any(|mark| mark == self.lexed.folded(before))
                && !self.spaced(before))
    }

    /// Whether a word is joined by a hyphen to one before it ("British-based", "know-it-all").
    pub(crate) fn is_hyphened(&self, at: usize) -> bool {
        at > 1
            && self.kind(at - 1) == TokenKind::Dash
            && !self.spaced(at)
            && !self.spaced(at - 1)
            && self.is_word(at - 2)
    }

    /// Any word in a range that can be a finite verb, quotations included.
    pub(crate) fn has_finite_word(&self, range: Range<usize>) -> bool {
        range.into_iter().any(|at| self.has(at, class::FINITE))
    }

    /// Any finite verb in a range, outside quotations.
    pub(crate) fn has_finite(&self, range: Range<usize>) -> bool {
        range.into_iter().any(|at| self.is_finite(at))
    }

    /// Span of a range of tokens.
    pub(crate) fn span(&self, range: Range<usize>) -> Span {
        self.lexed.span(range)
    }

    /// Code of a folded token.
    pub(crate) fn folded(&self, at: usize) -> &'a str {
        self.lexed.folded(at)
    }
}
