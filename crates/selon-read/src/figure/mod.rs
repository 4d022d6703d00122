//! How many, of what, says who.
//!
//! A sentence at a time: its numbers, their operators and ranges, the noun they count, what
//! makes them no figure, what happened to what they count, and in which stretch of time. Then
//! the place its sentence names, and the statement whose content covers it.

mod article;
mod event;
mod noun;
mod pack;
mod phrases;
mod prove;
mod quantity;
mod reject;
mod sum;
mod window;

#[cfg(test)]
mod tests;

use std::ops::Range;

use selon_model::{
    Decimal, EmbeddedPost, Event, Figure, Note, Operator, Place, Quantity, Reading, RuleId, Span, Statement,
    StatementKind, Text, TimeMention, Unit, When,
};

use crate::lex::{Lexed, TokenKind};
use crate::number::find_numbers;
use crate::pack::{Pack, Packs};

use event::{Clause, Subject};
use noun::{EventBy, Noun, is_human, is_of_people};
pub(crate) use pack::FigurePack;
pub(crate) use prove::prove;
use quantity::{Measured, Shape};
use window::Window;

/// What the figure reader may look at.
pub(crate) struct FigureContext<'a> {
    pub(crate) text: &'a Text,
    pub(crate) lexed: &'a Lexed,
    pub(crate) pack: &'a Pack,
    pub(crate) packs: &'a Packs,
    pub(crate) posts: &'a [EmbeddedPost],
    pub(crate) times: &'a [TimeMention],
    pub(crate) places: &'a [Place],
    pub(crate) statements: &'a [Statement],
    pub(crate) published: Option<&'a When>,
}

/// Contents of statements that begin before a figure and are looked at, nearest first: nothing
/// nests deeper.
const OPEN_CONTENTS: usize = 64;
/// Bytes between a town and the place it lies in: ", dans la région de ".
const BESIDE: u32 = 24;

/// Tokens of a sentence that are read together.
const LONGEST_SENTENCE: usize = 2_000;

/// A figure in the making.
#[derive(Clone, Debug)]
struct Draft {
    measured: Measured,
    noun: Noun,
    /// Operator, number and noun phrase.
    tokens: Range<usize>,
    class: Option<String>,
    code: Option<String>,
    event: Option<Happened>,
    /// Words that stand for the counted where there is no noun ("toll").
    stands_for: Option<Range<usize>>,
    /// Index, among the drafts of the sentence, of what this is a part of.
    part_of: Option<usize>,
    unknown_noun: bool,
    /// The drafts that it is the sum of.
    sum_of: Vec<usize>,
}

#[derive(Clone, Debug)]
struct Happened {
    class: String,
    tokens: Option<Range<usize>>,
    rule: String,
}

impl Draft {
    /// "45 morts au moins": an operator after the noun.
    fn take_operator_after(&mut self, lexed: &Lexed, limit: usize, rules: &FigurePack) {
        let plain = self.measured.quantity.op == Operator::Equal && self.measured.rule.is_none();
        if !plain || self.tokens.end <= self.measured.end() {
            return;
        }
        let Some((row, next)) = rules.after.at(lexed, self.tokens.end, limit) else { return };
        let Some(value) = self.measured.quantity.lower else { return };
        self.measured.quantity = Quantity::with(rules.approximators[row].op, value);
        self.measured.rule = Some(rules.approximators[row].id.clone());
        self.tokens.end = next;
    }
}

impl Measured {
    fn is_percent(&self) -> bool {
        self.quantity.op == Operator::Percent
    }
}

/// Finds the figures of a text, those of its posts in the posts' languages.
pub(crate) fn find_figures(context: &FigureContext<'_>, _notes: &mut Vec<Note>) -> Vec<Figure> {
    let mut figures = Vec::new();
    let mut contents: Vec<(Span, u32)> = Vec::new();
    for (index, statement) in context.statements.iter().enumerate() {
        let pieces = statement.content.iter().chain(&statement.also_at);
        contents.extend(pieces.map(|piece| (*piece, index as u32)));
        if statement.kind == StatementKind::Post {
            contents.push((statement.span, index as u32));
        }
    }
    contents.sort_by_key(|(span, index)| (span.start, span.end, *index));
    let contents = contents.as_slice();
    let mut sources: Vec<Span> =
        context.statements.iter().filter_map(|statement| Some(statement.source.as_ref()?.span)).collect();
    sources.sort_by_key(|source| (source.start, source.end));
    let sources = sources.as_slice();
    let reader = Reader { context, contents, sources, lexed: context.lexed, pack: context.pack };
    for sentence in context.lexed.sentences() {
        let at = context.lexed.tokens()[sentence.start].span.start;
        let block = context.text.block_at(at);
        if block.is_none_or(|block| block.kind.is_prose()) {
            pieces(sentence).for_each(|piece| reader.read_sentence(piece, &mut figures));
        }
    }
    for post in context.posts {
        let Some(body) = post.text else { continue };
        let Some(pack) = post.language.as_ref().and_then(|lang| context.packs.pack(lang)) else { continue };
        let lexed = Lexed::of_span(&context.text.string, body, &pack.lex);
        let reader = Reader { context, contents, sources, lexed: &lexed, pack };
        for sentence in lexed.sentences() {
            pieces(sentence).for_each(|piece| reader.read_sentence(piece, &mut figures));
        }
    }
    in_text_order(figures)
}

/// A sentence in pieces of at most [`LONGEST_SENTENCE`] tokens: what is longer is no prose, and
/// every figure of a sentence is set against the others.
fn pieces(sentence: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let end = sentence.end;
    sentence.step_by(LONGEST_SENTENCE).map(move |start| start..end.min(start + LONGEST_SENTENCE))
}

/// Sorts figures, and what points at them with them.
fn in_text_order(figures: Vec<Figure>) -> Vec<Figure> {
    let mut order: Vec<usize> = (0..figures.len()).collect();
    order.sort_by_key(|index| {
        let figure = &figures[*index];
        let first = figure.number.first().map(|span| span.start);
        // A sum stands before its first part.
        (figure.span.start, first, std::cmp::Reverse(figure.number.len()))
    });
    let mut rank = vec![0u32; figures.len()];
    for (new, old) in order.iter().enumerate() {
        rank[*old] = new as u32;
    }
    let mut sorted: Vec<Option<Figure>> = figures.into_iter().map(Some).collect();
    let mut out = Vec::with_capacity(sorted.len());
    for old in order {
        if let Some(mut figure) = sorted[old].take() {
            figure.share_of = figure.share_of.and_then(|share| rank.get(share as usize).copied());
            out.push(figure);
        }
    }
    out
}

struct Reader<'a> {
    context: &'a FigureContext<'a>,
    /// The content of all statements, with their indexes, in text order.
    contents: &'a [(Span, u32)],
    /// The words of all sources, in text order.
    sources: &'a [Span],
    lexed: &'a Lexed,
    pack: &'a Pack,
}

impl Reader<'_> {
    fn read_sentence(&self, sentence: Range<usize>, figures: &mut Vec<Figure>) {
        let (lexed, rules) = (self.lexed, &self.pack.figure);
        let mut numbers = find_numbers(lexed, sentence.clone(), &self.pack.number);
        let victims = article::count_articles(lexed, sentence.clone(), &mut numbers, rules);
        if numbers.is_empty() {
            return;
        }
        let mut measured =
            quantity::find_quantities(lexed, sentence.clone(), &numbers, &self.pack.number, rules);
        article::step_over_ages(&mut measured, &victims);
        let mut drafts = Vec::with_capacity(measured.len());
        for (index, one) in measured.iter().enumerate() {
            let limit = measured.get(index + 1).map_or(sentence.end, |next| next.tokens.start);
            let noun = noun::find_noun(lexed, one, limit, &self.pack.number, rules);
            let mut draft = self.draft(one.clone(), noun);
            draft.take_operator_after(lexed, limit, rules);
            drafts.push(draft);
        }
        let mut windows = Vec::new();
        self.join_halves(&mut drafts);
        self.sort_out(&mut drafts, &mut windows, &sentence);
        self.link_parts(&mut drafts, &sentence);
        self.find_events(&mut drafts, &sentence);
        let mut keep: Vec<bool> = (0..drafts.len())
            .map(|index| {
                !reject::is_too_little(&drafts[index], rules, lexed) && !self.only_speaks(&drafts, index)
            })
            .collect();
        sum::add_sums(&mut drafts, &mut keep, lexed, rules);
        // "… and his brother was hurt": whoever is somebody's counts in a list alone.
        for (keep, draft) in keep.iter_mut().zip(&drafts) {
            let word = lexed.folded(draft.measured.first.start);
            *keep &= draft.part_of.is_some() || !draft.measured.article || !rules.possessives.contains(word);
        }
        let base = figures.len();
        let mut place_of = vec![None; drafts.len()];
        let mut kept = 0u32;
        for (index, keep) in keep.iter().enumerate() {
            if *keep {
                place_of[index] = Some(base as u32 + kept);
                kept += 1;
            }
        }
        for (index, draft) in drafts.iter().enumerate() {
            if keep[index] {
                let share_of = draft.part_of.and_then(|part| place_of[part]);
                figures.push(self.finish(draft, &drafts, share_of, &windows, &sentence));
            }
        }
    }

    fn draft(&self, measured: Measured, noun: Noun) -> Draft {
        let rules = &self.pack.figure;
        // "69% experience delays": no noun that is known, and none after "of".
        let of = self.pack.number.is_of(self.lexed.folded(measured.end()));
        let bare = measured.is_percent() && noun.row.is_none() && !noun.of_next && !noun.others && !of;
        let noun = if bare { Noun { end: measured.end(), ..Noun::default() } } else { noun };
        let row = noun.row.map(|row| &rules.units[row]);
        let mut class = row.map(|row| row.class.clone());
        let mut code = row.and_then(|row| row.code.clone());
        if let Some(currency) = &measured.currency {
            class = Some("money".to_owned());
            code = Some(currency.clone());
        } else if class.is_none() && measured.is_percent() {
            class = Some("percent".to_owned());
        } else if class.is_none()
            && !noun.others
            && let Some(head) = &noun.head
        {
            // "40 Syrians"
            let people = self.lexed.tokens()[head.start].capital
                && rules.peoples.contains(self.lexed.folded(head.start))
                && rules.looks_plural(self.lexed.folded(head.start));
            class = Some(if people { "persons" } else { "other" }.to_owned());
        }
        let unknown_noun = noun.head.is_some() && noun.row.is_none() && !noun.others;
        // What stands beside a sum of money is not counted by it.
        let end = if measured.currency.is_some() { measured.end() } else { noun.end.max(measured.end()) };
        Draft {
            tokens: measured.tokens.start..end,
            measured,
            noun,
            class,
            code,
            event: None,
            stands_for: None,
            part_of: None,
            unknown_noun,
            sum_of: Vec::new(),
        }
    }

    /// "deux ans et demi", "three years and a half": the half belongs to the number before its noun.
    fn join_halves(&self, drafts: &mut Vec<Draft>) {
        let (lexed, rules) = (self.lexed, &self.pack.figure);
        for index in (1..drafts.len()).rev() {
            let (half, whole) = (&drafts[index].measured, &drafts[index - 1]);
            let and = whole.noun.head.as_ref().map_or(0, |head| head.end);
            let joins = half.shape == Shape::Part
                && half.quantity.op == Operator::Ratio
                && half.second.is_none()
                && whole.measured.shape == Shape::Count
                && whole.measured.second.is_none()
                && whole.noun.row.is_some()
                && half.tokens.start == and + 1
                && rules.conjunctions.has(lexed, and, and + 1);
            let more = half.quantity.lower.filter(|more| joins && *more < Decimal::ONE);
            let Some(more) = more else { continue };
            let end = half.tokens.end;
            let quantity = &mut drafts[index - 1].measured.quantity;
            let add = |bound: Option<Decimal>| bound.and_then(|bound| bound.checked_add(more));
            (quantity.lower, quantity.upper) = (add(quantity.lower), add(quantity.upper));
            drafts[index - 1].tokens.end = end;
            drafts.remove(index);
        }
    }

    /// Takes out what is no figure, and windows, which are said of figures.
    fn sort_out(&self, drafts: &mut Vec<Draft>, windows: &mut Vec<Window>, sentence: &Range<usize>) {
        let (lexed, rules) = (self.lexed, &self.pack.figure);
        let (first, end) = (sentence.start, sentence.end);
        // Where a number ends that the word before it makes no figure ("ages 17", "sections 3").
        let mut listed = None;
        drafts.retain(|draft| {
            if let Some(window) = window::as_window(lexed, draft, first, rules) {
                windows.push(window);
                return false;
            }
            let goes_on = listed.is_some_and(|from| reject::goes_on(lexed, draft, from, rules));
            let other =
                goes_on || reject::is_other_number(lexed, draft, first, end, &self.pack.number, rules);
            listed = (goes_on || other && reject::is_named_before(lexed, draft, first, rules))
                .then(|| draft.measured.end());
            !other && !reject::is_in_time(draft, lexed, self.context.times)
        });
    }

    /// "dont 40 enfants" is a part of the figure before, "la moitié des 60 000" of the one
    /// after.
    fn link_parts(&self, drafts: &mut [Draft], sentence: &Range<usize>) {
        let (lexed, rules) = (self.lexed, &self.pack.figure);
        for index in 0..drafts.len() {
            if drafts[index].noun.of_next {
                let next =
                    drafts.get(index + 1).filter(|next| next.tokens.start <= drafts[index].tokens.end + 4);
                let Some(next) = next else {
                    drafts[index].noun.of_next = false;
                    continue;
                };
                let (noun, class, code) = (next.noun.clone(), next.class.clone(), next.code.clone());
                let end = next.tokens.end;
                let draft = &mut drafts[index];
                draft.part_of = Some(index + 1);
                draft.class = class;
                draft.code = code;
                draft.noun = Noun { of_next: true, ..noun };
                draft.tokens.end = end;
                continue;
            }
            if drafts[index].noun.of_before {
                let human = |draft: &Draft| draft.class.as_deref().is_some_and(is_human);
                let whole =
                    (0..index).rev().find(|whole| !drafts[*whole].measured.article && human(&drafts[*whole]));
                drafts[index].part_of = whole;
                if drafts[index].class.is_none() {
                    drafts[index].class = whole.and_then(|whole| drafts[whole].class.clone());
                }
                continue;
            }
            let start = drafts[index].tokens.start;
            let opened = rules.parts.before(lexed, start, sentence.start);
            if let Some((_, at)) = opened
                && index > 0
                && at >= drafts[index - 1].tokens.end
            {
                // "six members of one family, among them four women": not of the one.
                let whole = (0..index).rev().find(|whole| !drafts[*whole].measured.article);
                drafts[index].part_of = Some(whole.unwrap_or(index - 1));
            } else if index > 0
                && drafts[index - 1].part_of.is_some_and(|whole| whole < index)
                && self.is_coordinated(drafts, index)
            {
                drafts[index].part_of = drafts[index - 1].part_of;
            }
        }
        // "30 others" are of the kind of those before.
        for index in 1..drafts.len() {
            if drafts[index].noun.others && drafts[index].class.is_none() {
                // "12 sailors, including a cook, and 9 others": the part is no measure for them.
                let human = |draft: &&Draft| draft.class.as_deref().is_some_and(is_human);
                let whole = drafts[..index].iter().rev().filter(|draft| draft.part_of.is_none()).find(human);
                let before = whole.or_else(|| drafts[..index].last().filter(human));
                drafts[index].class = before.and_then(|draft| draft.class.clone());
            }
        }
    }

    /// Whether only "and" or a comma stands between a draft and the one before.
    fn is_coordinated(&self, drafts: &[Draft], index: usize) -> bool {
        let (from, to) = (drafts[index - 1].tokens.end, drafts[index].tokens.start);
        let rules = &self.pack.figure;
        let mut at = from;
        while at < to {
            let phrase =
                rules.conjunctions.at(self.lexed, at, to).or_else(|| rules.parts.at(self.lexed, at, to));
            at = match phrase {
                Some((_, next)) => next,
                None if matches!(self.lexed.folded(at), "," | "،") => at + 1,
                None => return false,
            };
        }
        from < to && to - from <= 4
    }

    fn find_events(&self, drafts: &mut [Draft], sentence: &Range<usize>) {
        let rules = &self.pack.figure;
        let clause =
            Clause { lexed: self.lexed, pack: rules, words: &self.pack.number, sentence: sentence.clone() };
        for index in 0..drafts.len() {
            let is_whole_of_part =
                index > 0 && drafts[index - 1].noun.of_next && drafts[index - 1].part_of == Some(index);
            let class = drafts[index].class.as_deref();
            if matches!(class, Some("duration" | "money")) {
                continue;
            }
            // "Eight of the 20 injured": what the noun says is true of all, what the clause says
            // of the part alone.
            if is_whole_of_part {
                let unit = drafts[index].noun.row.filter(|row| rules.units[*row].event.is_some());
                drafts[index].event = unit.and_then(|_| self.event_of_noun(&drafts[index]));
                continue;
            }
            let elliptic = drafts[index].noun.head.is_none() && !drafts[index].noun.of_next;
            let subject = if elliptic { clause.subject(drafts[index].tokens.start) } else { None };
            let human = drafts[index].class.as_deref().is_some_and(is_human);
            let happened = |governing: event::Governing| Happened {
                class: match &rules.events[governing.row].of_people {
                    Some(event) if human => event.clone(),
                    _ => rules.events[governing.row].event.clone(),
                },
                tokens: Some(governing.tokens),
                rule: rules.events[governing.row].id.clone(),
            };
            let mut event = match subject {
                Some(Subject::Toll(toll)) => {
                    drafts[index].stands_for = Some(toll.tokens.clone());
                    Some(happened(toll))
                }
                Some(Subject::Unit { row, tokens, happened: by }) => {
                    drafts[index].stands_for = Some(tokens);
                    drafts[index].class = Some(rules.units[row].class.clone());
                    drafts[index].code = rules.units[row].code.clone();
                    drafts[index].noun.row = Some(row);
                    by.map(happened).or_else(|| self.event_of_noun(&drafts[index]))
                }
                // "executed 21 captured soldiers": the verb says more than the participle.
                None if matches!(drafts[index].noun.event, Some((EventBy::Event(_), _))) => clause
                    .verb_before(drafts, index)
                    .map(happened)
                    .or_else(|| self.event_of_noun(&drafts[index])),
                None => self.event_of_noun(&drafts[index]),
            };
            // "a toddler injured in the raid has died"
            if let (Some(found), Some((EventBy::Event(_) | EventBy::Unit(_), tokens))) =
                (&event, &drafts[index].noun.event)
                && found.class == "injured"
                && drafts[index].noun.head.as_ref().is_some_and(|head| head.end <= tokens.start)
            {
                event = clause.fate(drafts[index].tokens.end).map(happened).or(event);
            }
            let casualties = if event.is_none() { clause.casualties(drafts, index) } else { None };
            if let Some(verbs) = casualties {
                drafts[index].class.get_or_insert_with(|| "persons".to_owned());
                drafts[index].stands_for = drafts[index].noun.head.is_none().then_some(verbs);
                continue;
            }
            if event.is_none() {
                event = clause.governing(drafts, index).map(happened);
            }
            // "killed 11 civilians including four children, a source reported": a part shares what
            // happened to the whole.
            let weak = drafts[index].part_of.is_some()
                && event.as_ref().is_some_and(|event| !is_of_people(&event.class));
            if event.is_none() || weak {
                let source = drafts[index]
                    .part_of
                    .filter(|part| *part < index)
                    .or_else(|| (index > 0 && self.is_coordinated(drafts, index)).then(|| index - 1))
                    // "12 people, two officials said": who speaks is no part of the list.
                    .filter(|_| !self.opens_source(self.lexed.span(drafts[index].measured.tokens.clone())));
                event = source
                    .and_then(|source| drafts[source].event.clone())
                    .filter(|found| !weak || is_of_people(&found.class))
                    .or(event);
            }
            // "the toll has risen to 85 people": the toll says what happened to them.
            if event.is_none() && human && drafts[index].part_of.is_none() {
                let start = drafts[index].tokens.start;
                if let Some(Subject::Toll(toll)) = clause.subject(start)
                    && (toll.tokens.end..start).all(|at| self.lexed.tokens()[at].kind == TokenKind::Word)
                    && drafts[..index].last().is_none_or(|before| before.tokens.end <= toll.tokens.start)
                {
                    event = Some(happened(toll));
                }
            }
            // "12 were killed, including a cook, and 9 others were injured": what comes after the
            // next number is not said of the part.
            if let (Some(whole), Some(own)) = (drafts[index].part_of.filter(|whole| *whole < index), &event)
                && let Some(of_whole) = &drafts[whole].event
                && is_of_people(&of_whole.class)
                && of_whole.tokens.as_ref().is_some_and(|tokens| tokens.end <= drafts[index].tokens.start)
                && let (Some(tokens), Some(next)) = (&own.tokens, drafts.get(index + 1))
                && tokens.start >= next.tokens.end
            {
                event = Some(of_whole.clone());
            } else if let (Some(whole), Some(own)) =
                (drafts[index].part_of.filter(|whole| *whole + 1 < index), &event)
                && drafts[index - 1].part_of == Some(whole)
                && let Some(of_whole) = &drafts[whole].event
                && is_of_people(&own.class)
                && of_whole.class != own.class
                && own.tokens.as_ref().is_some_and(|tokens| tokens.start >= drafts[index].tokens.end)
                && self.is_coordinated(drafts, index)
            {
                // "… and 9 others were injured": they are counted by themselves.
                drafts[index].part_of = None;
            }
            // "after a trip of 40 kilometres they fled": miles do not flee.
            let measure = drafts[index].noun.row.is_some_and(|row| rules.units[row].measure);
            event = event.filter(|event| !(measure && is_of_people(&event.class)));
            // "seized 60 villages": villages are not arrested.
            let thing = drafts[index].noun.row.is_some() && drafts[index].stands_for.is_none() && !human;
            let bodily = |event: &Happened| {
                matches!(event.class.as_str(), "arrested" | "injured" | "shot" | "surrendered")
            };
            event = event.filter(|event| !(thing && bodily(event)));
            let people = event.as_ref().is_some_and(|event| is_of_people(&event.class));
            // "26 fighters were killed and 11 captured": of the kind of those before.
            let alone = people && elliptic && drafts[index].class.is_none();
            if alone && !drafts[index].measured.is_percent() && drafts[index].stands_for.is_none() {
                let before = drafts[..index].iter().rev().find_map(|draft| draft.class.clone());
                drafts[index].class = before.filter(|class| is_human(class));
            }
            let draft = &mut drafts[index];
            if people && (draft.unknown_noun || draft.class.is_none() && !draft.measured.is_percent()) {
                draft.class = Some("persons".to_owned());
            }
            if draft.class.as_deref() == Some("persons")
                && event.as_ref().is_some_and(|event| event.class == "displaced")
            {
                draft.class = Some("displaced".to_owned());
            }
            draft.event = event;
        }
        self.spread_back(drafts);
    }

    /// "found one man and two children dead": what stands behind a list is said of all of it.
    fn spread_back(&self, drafts: &mut [Draft]) {
        for index in (1..drafts.len()).rev() {
            let (one, next) = (&drafts[index - 1], &drafts[index]);
            let behind = |event: &Happened| {
                let head = next.noun.head.as_ref().map_or(next.measured.end(), |head| head.end);
                event.tokens.as_ref().is_some_and(|tokens| tokens.start >= head)
            };
            let said = next.event.as_ref().filter(|event| is_of_people(&event.class) && behind(event));
            let human = |draft: &Draft| draft.class.as_deref().is_some_and(is_human);
            let open = one.event.is_none() && human(one) && human(next);
            if open && next.part_of.is_none() && self.is_coordinated(drafts, index) {
                drafts[index - 1].event = said.cloned();
            }
        }
    }

    fn event_of_noun(&self, draft: &Draft) -> Option<Happened> {
        let rules = &self.pack.figure;
        if let Some((row, event)) =
            draft.noun.row.and_then(|row| Some((row, rules.units[row].event.clone()?)))
        {
            return Some(Happened { class: event, tokens: None, rule: rules.units[row].id.clone() });
        }
        let (by, tokens) = draft.noun.event.clone()?;
        let (class, rule) = match by {
            EventBy::Unit(row) => (rules.units[row].event.clone()?, rules.units[row].id.clone()),
            EventBy::Event(row) => (rules.events[row].event.clone(), rules.events[row].id.clone()),
        };
        Some(Happened { class, tokens: Some(tokens), rule })
    }

    fn finish(
        &self,
        draft: &Draft,
        drafts: &[Draft],
        share_of: Option<u32>,
        windows: &[Window],
        sentence: &Range<usize>,
    ) -> Figure {
        let (lexed, rules) = (self.lexed, &self.pack.figure);
        let span = lexed.span(draft.tokens.clone());
        let numbers = |draft: &Draft| {
            let measured = &draft.measured;
            let numbers = [Some(measured.first.clone()), measured.second.clone()];
            numbers.into_iter().flatten().map(|tokens| lexed.span(tokens))
        };
        let number: Vec<Span> = match draft.sum_of.is_empty() {
            true => numbers(draft).collect(),
            false => draft.sum_of.iter().flat_map(|part| numbers(&drafts[*part])).collect(),
        };
        let core = number.iter().copied().reduce(Span::hull).unwrap_or(span);
        let said_in = self.said_in(core);
        let sentence_span = lexed.span(sentence.clone());
        let is_duration = matches!(draft.class.as_deref(), Some("duration" | "money"));
        let window = if is_duration {
            None
        } else {
            let middle = draft.tokens.end;
            let nearest = windows.iter().min_by_key(|window| window.tokens.start.abs_diff(middle));
            match nearest {
                Some(window) => Some(window.when(lexed, self.anchor(said_in), rules)),
                None => window::named_time(self.context.times, sentence_span, core),
            }
        };
        let unit_tokens = draft.noun.head.clone().filter(|_| draft.measured.currency.is_none());
        let unit_span = unit_tokens.or_else(|| draft.stands_for.clone()).map(|tokens| lexed.span(tokens));
        let unit = draft.class.clone().map(|class| Unit {
            span: unit_span.filter(|_| !draft.noun.others),
            class,
            code: draft.code.clone(),
        });
        let event = draft.event.as_ref().map(|event| Event {
            class: event.class.clone(),
            span: event.tokens.clone().map(|tokens| lexed.span(tokens)),
        });
        Figure {
            span,
            number,
            quantity: draft.measured.quantity,
            previous: draft.measured.previous,
            share_of,
            unit,
            event,
            window,
            place: self.place(sentence_span, core),
            said_in,
            rule: self.rule(draft),
            confidence: confidence(draft),
        }
    }

    /// The rules that made a figure, joined with `+`: operator, unit, event.
    fn rule(&self, draft: &Draft) -> RuleId {
        let rules = &self.pack.figure;
        let mut id = draft.measured.rule.clone().unwrap_or_default();
        let unit = draft.noun.row.map(|row| rules.units[row].id.as_str());
        let event =
            draft.event.as_ref().map(|event| event.rule.as_str()).filter(|event| Some(*event) != unit);
        for part in [unit, event].into_iter().flatten() {
            if !id.is_empty() {
                id.push('+');
            }
            id.push_str(part);
        }
        if id.is_empty() { RuleId::core("core.figure.number") } else { RuleId::pack(id) }
    }

    /// "citant un responsable, neuf soldats ont péri": the article of a speaker counts nobody, where
    /// what happened is said of the next figure.
    fn only_speaks(&self, drafts: &[Draft], index: usize) -> bool {
        let draft = &drafts[index];
        let event = draft.event.as_ref().and_then(|event| event.tokens.as_ref());
        let farther =
            event.zip(drafts.get(index + 1)).is_some_and(|(event, next)| event.start >= next.tokens.end);
        draft.measured.article && farther && self.opens_source(self.lexed.span(draft.measured.first.clone()))
    }

    /// A source begins with this word.
    fn opens_source(&self, word: Span) -> bool {
        let at = self.sources.partition_point(|source| source.start < word.start);
        self.sources.get(at).is_some_and(|source| source.start == word.start)
    }

    /// The innermost statement whose content covers the number; of equals the later one.
    fn said_in(&self, span: Span) -> Option<u32> {
        let after = self.contents.partition_point(|(content, _)| content.start <= span.start);
        self.contents[..after]
            .iter()
            .rev()
            .take(OPEN_CONTENTS)
            .filter(|(content, _)| content.contains(span))
            .min_by_key(|(content, index)| (content.len(), std::cmp::Reverse(*index)))
            .map(|(_, index)| *index)
    }

    /// What a window of the past is reckoned from: when it was said, when the post was posted,
    /// when the report was published.
    fn anchor(&self, said_in: Option<u32>) -> Option<&When> {
        let statement = said_in.and_then(|index| self.context.statements.get(index as usize));
        statement
            .and_then(|statement| {
                let post = statement.post.and_then(|post| self.context.posts.get(post as usize));
                statement.said.as_ref().or_else(|| post.and_then(|post| post.posted.as_ref()))
            })
            .or(self.context.published)
    }

    /// The nearest place that the sentence names as a place.
    fn place(&self, sentence: Span, figure: Span) -> Option<u32> {
        use selon_model::PlacePrecision::{Admin, City, Country};
        let places = self.context.places;
        let from = places.partition_point(|place| place.span.end <= sentence.start);
        let nearest = places[from..]
            .iter()
            .enumerate()
            .take_while(|(_, place)| place.span.start < sentence.end)
            .filter(|(_, place)| place.reading == Reading::Literal)
            .min_by_key(|(_, place)| window::distance(place.span, figure))
            .map(|(index, _)| from + index)?;
        // "À Tripoli, au Liban, trois personnes": in the town, which lies in what is named after it.
        let inner = nearest.checked_sub(1).filter(|&at| at >= from).filter(|&at| {
            let (inner, outer) = (&places[at], &places[nearest]);
            let near = outer.span.start.saturating_sub(inner.span.end) <= BESIDE;
            let contained = inner.evidence.iter().any(|rule| rule.as_str() == "core.place.contained");
            near && contained
                && inner.reading == Reading::Literal
                && inner.precision == Some(City)
                && matches!(outer.precision, Some(Admin | Country))
        });
        Some(inner.unwrap_or(nearest) as u32)
    }
}

/// Set by hand from how the parts were found; to be measured per rule.
fn confidence(draft: &Draft) -> f32 {
    let unit = match (draft.noun.row, draft.unknown_noun, &draft.class) {
        (Some(_), _, _) => 0.9,
        (None, true, _) => 0.55,
        (None, false, Some(_)) => 0.75,
        (None, false, None) => 0.6,
    };
    let event = match &draft.event {
        Some(event) if event.tokens.is_none() => 0.05,
        Some(_) => 0.0,
        None => -0.05,
    };
    let article = if draft.measured.article { -0.2 } else { 0.0 };
    unit + event + article
}

/// A quantity of a text, without unit or event: what the gold sets of numbers hold.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadQuantity {
    /// Operator, numbers and percent sign.
    pub span: Span,
    /// The numbers, with their values.
    pub numbers: Vec<(Span, selon_model::Decimal)>,
    /// Operator and bounds.
    pub quantity: Quantity,
    /// A word for none ("aucun", "no") says it.
    pub none: bool,
    /// Words state the operator ("equal to 5000").
    pub stated: bool,
    /// A range told as two bounds: their operators.
    pub closed_by: Option<(Operator, Operator)>,
}

/// The quantities of a plain text in a language, ordinals left out, for tools that measure the
/// number lexer by itself. Empty where there is no pack for the language.
pub fn read_quantities(text: &str, lang: &selon_model::Lang, packs: &Packs) -> Vec<ReadQuantity> {
    let Some(pack) = packs.pack(lang) else { return Vec::new() };
    let lexed = Lexed::of(&Text { string: text.to_owned(), blocks: Vec::new() }, &pack.lex);
    let mut found = Vec::new();
    for sentence in lexed.sentences() {
        let numbers = find_numbers(&lexed, sentence.clone(), &pack.number);
        for measured in quantity::find_quantities(&lexed, sentence, &numbers, &pack.number, &pack.figure) {
            let inside = numbers.iter().filter(|number| {
                number.tokens.start >= measured.tokens.start && number.tokens.end <= measured.tokens.end
            });
            found.push(ReadQuantity {
                span: lexed.span(measured.tokens.clone()),
                numbers: inside.map(|number| (number.span, number.value)).collect(),
                quantity: measured.quantity,
                none: measured.shape == Shape::Zero,
                stated: measured.rule.is_some() && measured.previous.is_none(),
                closed_by: measured.closed_by,
            });
        }
    }
    found
}
