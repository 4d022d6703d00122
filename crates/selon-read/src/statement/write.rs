//! Drafts become statements: spans of the text, speakers resolved, chains built, hedges found.

use std::collections::HashMap;
use std::ops::Range;

use selon_model::{
    Cue, Hedge, Hop, HopRole, Mode, Note, Place, PlaceRole, Reading, Registry, RuleId, Source, SourceKind,
    Span, Statement, StatementKind, Text, TimeMention, When,
};

use crate::lex::Lexed;
use crate::time::as_when;

use super::chain::{Channels, chain, find_channels, is_impersonal};
use super::content::trimmed;
use super::cue::Rejected;
use super::draft::{Draft, find_drafts};
use super::field::field_of;
use super::hedge::{decisive, factuality, find_hedges};
use super::lexicon::Gender;
use super::noun_phrase::is_press;
use super::repeat::{link_title, merge_repeated};
use super::resolve::{Earlier, full_names, resolve};
use super::rules::{CueKind, Rules};
use super::speaker::{Speaker, read_speaker};
use super::view::View;
use super::{StatementContext, StatementPack};

/// What a text is read with.
pub(super) struct TextReading<'a> {
    pub(super) pack: &'a StatementPack,
    pub(super) registry: &'a Registry,
    pub(super) outlet: Option<&'a selon_model::Outlet>,
    pub(super) places: &'a [Place],
    pub(super) times: &'a [TimeMention],
}

/// Statements of the report's own prose.
pub(super) fn read_prose(context: &StatementContext<'_>, notes: &mut Vec<Note>) -> Vec<Statement> {
    let reading = TextReading {
        pack: &context.pack.statement,
        registry: context.packs.registry(),
        outlet: context.outlet,
        places: context.places,
        times: context.times,
    };
    let own = context.lang;
    read_text(
        context.text,
        context.lexed,
        &reading,
        |block| block.kind.is_prose() && block.lang.as_ref().is_none_or(|lang| lang == own),
        notes,
    )
}

/// Statements of the blocks of a text that `wanted` takes, in text order.
pub(super) fn read_text(
    text: &Text,
    lexed: &Lexed,
    reading: &TextReading<'_>,
    wanted: impl Fn(&selon_model::Block) -> bool,
    notes: &mut Vec<Note>,
) -> Vec<Statement> {
    let rules = &reading.pack.rules;
    let view = View::of(text, lexed, &reading.pack.lexicon, wanted).with_press(rules);
    let mut rejected = Vec::new();
    let drafts = find_drafts(&view, rules, &mut rejected);
    note_rejected(&view, rejected, notes);
    let mut writer = Writer {
        view: &view,
        rules,
        reading,
        names: None,
        genders: HashMap::new(),
        earlier: Vec::new(),
        statements: Vec::new(),
    };
    for (index, draft) in drafts.iter().enumerate() {
        let statement = writer.write(index, draft, &drafts);
        writer.statements.push(statement);
    }
    let statements = writer.statements;
    let statements = merge_repeated(&view, statements);
    link_title(text, &view, statements)
}

fn note_rejected(view: &View<'_>, rejected: Vec<(Rejected, Range<usize>)>, notes: &mut Vec<Note>) {
    for (why, tokens) in rejected {
        let (code, message) = match why {
            Rejected::Negated => ("speech_negated", "a verb of saying that is negated reports nothing"),
            Rejected::FirstPerson => {
                ("narrator_speaks", "the narrator's own opinion is no statement of a source")
            }
        };
        let mut note = Note::new(code, message);
        note.span = Some(view.span(tokens));
        notes.push(note);
    }
}

struct Writer<'a, 'b> {
    view: &'a View<'b>,
    rules: &'a Rules,
    reading: &'a TextReading<'a>,
    names: Option<HashMap<&'b str, Range<usize>>>,
    /// Of persons, by the last word of their names, as pronouns and titles told.
    genders: HashMap<&'b str, Gender>,
    earlier: Vec<Earlier>,
    statements: Vec<Statement>,
}

impl Writer<'_, '_> {
    fn write(&mut self, index: usize, draft: &Draft, drafts: &[Draft]) -> Statement {
        let (view, rules) = (self.view, self.rules);
        let mut channels = find_channels(view, rules, self.reading.registry, draft);
        let mut source_words = draft.source.clone();
        // "a-t-on appris auprès du ministère": those asked are the ones who spoke.
        let hearsay = draft.cue_rule.is_some_and(|rule| rules.cues[usize::from(rule)].frames.hearsay);
        if hearsay && channels.origin.is_none() {
            channels.origin = channels.addressee.take();
        }
        // "according to the army, quoting Reuters": the agency passes on what the army says.
        let press = |words: &Range<usize>| words.clone().any(|at| is_press(view, rules, at));
        if channels.origin.as_ref().is_some_and(press)
            && source_words.as_ref().is_some_and(|source| !press(source) && !is_impersonal(view, source))
            && let Some(relay) = channels.origin.take()
        {
            let rule = RuleId::core("core.chain.citing");
            let registry = self.reading.registry;
            channels.hops.push(super::chain::relay(view, rules, registry, relay, "reported_by", rule));
        }
        // "rapporte X citant Y": Y speaks, X passes it on.
        if let Some(origin) = channels.origin.take()
            && let Some(relay) = source_words.replace(origin)
            && !is_impersonal(view, &relay)
        {
            channels.hops.insert(
                0,
                super::chain::relay(
                    view,
                    rules,
                    self.reading.registry,
                    relay,
                    "reported_by",
                    RuleId::core("core.chain.citing"),
                ),
            );
        }
        let class = draft.cue_rule.map_or("", |rule| rules.cues[usize::from(rule)].class.as_str());
        let hedges = find_hedges(view, rules, draft);
        let factuality = factuality(rules, class, decisive(view, draft, &hedges));
        let (content, partial_quotes) = self.content(draft);
        let mut source = None;
        let mut origin = None;
        let mut inherited = Vec::new();
        if let Some(words) = source_words {
            let speaker = read_speaker(view, rules, words.clone());
            let (written, hop) = self.source(index, draft, drafts, speaker, &channels);
            if channels.hops.is_empty() {
                inherited = self.inherited(draft, drafts, written.antecedent);
            }
            origin = Some(hop);
            source = Some(written);
        }
        let hops = if inherited.is_empty() { std::mem::take(&mut channels.hops) } else { inherited };
        let mut span = content.iter().copied().reduce(Span::hull).unwrap_or_default();
        for tokens in draft.cue.iter() {
            span = span.hull(view.span(tokens.clone()));
        }
        if let Some(source) = &source {
            // A source taken over from another sentence does not stretch the statement.
            let here = draft
                .source
                .as_ref()
                .is_some_and(|source| view.units[draft.unit].tokens.contains(&source.start));
            if here {
                span = span.hull(source.span);
            }
        }
        Statement {
            kind: StatementKind::Said,
            span,
            content,
            partial_quotes,
            also_at: Vec::new(),
            cue: draft.cue.clone().map(|tokens| Cue {
                span: view.span(tokens),
                class: if class.is_empty() { "mark".to_owned() } else { class.to_owned() },
            }),
            source,
            chain: chain(origin, hops, self.reading.outlet, self.reading.registry),
            addressee: channels.addressee.map(|tokens| view.span(tokens)),
            mode: draft.mode,
            hedges: hedges
                .into_iter()
                .map(|(rule, tokens)| Hedge {
                    kind: rules.hedges[rule].kind,
                    span: view.span(tokens),
                    rule: rules.hedges[rule].id.clone(),
                })
                .collect(),
            factuality,
            said: self.said(draft),
            post: None,
            rule: match draft.cue_rule {
                Some(rule) => rules.cues[usize::from(rule)].id.clone(),
                None => RuleId::core(draft.core),
            },
            confidence: confidence(rules, draft),
        }
    }

    /// Content spans, trimmed of outer marks, and the quoted fragments inside.
    fn content(&self, draft: &Draft) -> (Vec<Span>, Vec<Span>) {
        let view = self.view;
        let mut content = Vec::new();
        let mut partial = Vec::new();
        for piece in &draft.content {
            let span = trimmed(view, piece.clone());
            if span.is_empty() {
                continue;
            }
            content.push(span);
            if draft.mode != Mode::Mixed {
                continue;
            }
            let mut at = piece.start;
            while at < piece.end {
                match view.quotation(at) {
                    Some(quotation) => {
                        let inner = view
                            .span(quotation.inner.start.max(piece.start)..quotation.inner.end.min(piece.end));
                        if !inner.is_empty() {
                            partial.push(inner);
                        }
                        at = quotation.tokens.end.max(at + 1);
                    }
                    None => at += 1,
                }
            }
        }
        (content, partial)
    }

    fn source(
        &mut self,
        index: usize,
        draft: &Draft,
        drafts: &[Draft],
        speaker: Speaker,
        channels: &Channels,
    ) -> (Source, Hop) {
        let (view, rules) = (self.view, self.rules);
        let same_words = draft
            .continues
            .filter(|earlier| drafts.get(*earlier).is_some_and(|earlier| earlier.source == draft.source));
        let names = self.names.get_or_insert_with(|| full_names(view));
        let resolved = match same_words
            .and_then(|earlier| self.earlier.iter().rev().find(|known| known.draft == Some(earlier)))
        {
            Some(known) => {
                Some(super::resolve::Resolved { words: known.words.clone(), antecedent: known.draft })
            }
            None => resolve(view, rules, names, &speaker, draft, &self.earlier),
        };
        let words = resolved.as_ref().map_or(speaker.tokens.clone(), |resolved| resolved.words.clone());
        let mut full =
            if words == speaker.tokens { speaker.clone() } else { read_speaker(view, rules, words.clone()) };
        self.learn_gender(&speaker, &mut full);
        let span = view.span(speaker.tokens.clone());
        let (place, government) = self.place(span, &speaker);
        let kind = if government.is_some() { SourceKind::Office } else { full.kind };
        let text_of = |tokens: Range<usize>| view.span(tokens).of(view.text).to_owned();
        let different = words != speaker.tokens;
        let agency = full.outlet.map(|index| &self.reading.registry.agencies[usize::from(index)]);
        let kind = match agency {
            Some(agency) if agency.kind != "agency" && kind == SourceKind::Agency => SourceKind::Outlet,
            _ => kind,
        };
        let hop = Hop {
            name: Some(text_of(words.clone())),
            role: HopRole::Origin,
            kind: Some(kind),
            how: channels.how.clone(),
            id: agency.map(|agency| agency.id.clone()),
            span: Some(view.span(words.clone())),
            inherited: different,
            rule: match (&resolved, draft.cue_rule) {
                (Some(_), _) => RuleId::core("core.resolve.antecedent"),
                (None, Some(rule)) => rules.cues[usize::from(rule)].id.clone(),
                (None, None) => RuleId::core(draft.core),
            },
        };
        let role = full.role.clone().or_else(|| speaker.role.clone());
        let field = field_of(view, &rules.fields, role.as_deref(), words.clone())
            .or_else(|| field_of(view, &rules.fields, role.as_deref(), speaker.tokens.clone()))
            .map(|rule| rule.field.clone());
        let source = Source {
            span,
            kind,
            resolved: different.then(|| text_of(words.clone())),
            resolved_span: different.then(|| view.span(words.clone())),
            role: role.or_else(|| government.is_some().then(|| "metonym".to_owned())),
            field,
            body: is_body(rules, &full),
            place,
            government,
            antecedent: resolved.as_ref().and_then(|resolved| resolved.antecedent).map(|draft| draft as u32),
        };
        let first = speaker.tokens.start;
        // "Selon l'agence, le maire a dit que …": an agency passes on, and is nobody else.
        let speaks = |source: &Range<usize>| {
            let kind = read_speaker(view, rules, source.clone()).kind;
            !matches!(kind, SourceKind::Agency | SourceKind::Outlet | SourceKind::Document)
        };
        let inner = draft.mode == Mode::Indirect
            && same_unit(drafts, index).any(|other| {
                other.content.iter().any(|piece| piece.contains(&first))
                    && other.source.as_ref().is_some_and(|source| source.end <= first && speaks(source))
            });
        self.earlier.push(Earlier { draft: Some(index), unit: draft.unit, inner, words, full });
        if let Some((words, _)) = &draft.through {
            let full = read_speaker(view, rules, words.clone());
            let words = words.clone();
            self.earlier.push(Earlier { draft: None, unit: draft.unit, inner: false, words, full });
        }
        (source, hop)
    }

    /// Whoever was once "she", or "Mrs", is so wherever the name stands.
    fn learn_gender(&mut self, speaker: &Speaker, full: &mut Speaker) {
        let last = |of: &Speaker| of.name.as_ref().map(|name| self.view.folded(name.end - 1));
        let Some(name) = last(full) else { return };
        let told = speaker.gender.filter(|gender| *gender != Gender::Neuter);
        let told = told.filter(|_| full.gender.is_none() && (speaker.pronoun || speaker.titled));
        if let Some(gender) = told.filter(|_| !self.genders.contains_key(name)) {
            self.genders.insert(name, gender);
            let same = self.earlier.iter_mut().filter(|known| last(&known.full) == Some(name));
            same.for_each(|known| known.full.gender = known.full.gender.or(Some(gender)));
        }
        full.gender = full.gender.or_else(|| self.genders.get(name).copied());
    }

    /// A place in the source's words, and the government it stands for where the words are the
    /// place and nothing else.
    fn place(&self, span: Span, speaker: &Speaker) -> (Option<u32>, Option<String>) {
        let places = self.reading.places;
        let first = places.partition_point(|place| place.span.end <= span.start);
        let found =
            places.iter().enumerate().skip(first).take_while(|(_, place)| place.span.start < span.end);
        let mut index = None;
        for (at, place) in found {
            index.get_or_insert(at as u32);
            let alone = speaker.head.is_none() && place.span.end == span.end;
            if alone && (place.reading == Reading::Government || is_state(place)) {
                return (
                    Some(at as u32),
                    place
                        .government
                        .clone()
                        .or_else(|| place.choice().and_then(|choice| choice.country.clone())),
                );
            }
        }
        (index, None)
    }

    /// Relays of the statement whose source is taken up, within one paragraph.
    fn inherited(&self, draft: &Draft, drafts: &[Draft], antecedent: Option<u32>) -> Vec<Hop> {
        let Some(earlier) = antecedent.map(|index| index as usize) else { return Vec::new() };
        let (Some(from), Some(statement)) = (drafts.get(earlier), self.statements.get(earlier)) else {
            return Vec::new();
        };
        let paragraph = |unit: usize| self.view.units[unit].paragraph;
        if paragraph(from.unit) != paragraph(draft.unit) {
            return Vec::new();
        }
        statement
            .chain
            .iter()
            .filter(|hop| hop.role == HopRole::Relay)
            .map(|hop| Hop { inherited: true, ..hop.clone() })
            .collect()
    }

    /// When it was said: a date in the adjuncts of the cue.
    fn said(&self, draft: &Draft) -> Option<When> {
        let times = self.reading.times;
        let cue = draft.cue.as_ref()?;
        let near = |tokens: &Range<usize>| {
            let span = self.view.span(tokens.clone());
            let first = times.partition_point(|time| time.span.end <= span.start);
            times.get(first).filter(|time| span.contains(time.span) && time.edtf.is_some())
        };
        let clear = |tokens: &&Range<usize>| {
            // The adjunct reaches to the cue or follows it: no other clause between.
            tokens.end <= cue.start && !self.view.has_finite((*tokens).clone()) || tokens.start >= cue.start
        };
        let time = draft.adjuncts.iter().filter(clear).find_map(near)?;
        Some(When { value: None, rule: RuleId::core("core.statement.said_when"), ..as_when(time) })
    }
}

/// How many drafts of a sentence are looked at around one.
const NEAR: usize = 8;

/// The drafts near one that stand in the same unit.
fn same_unit(drafts: &[Draft], index: usize) -> impl Iterator<Item = &Draft> {
    let unit = drafts[index].unit;
    let range = index.saturating_sub(NEAR)..drafts.len().min(index + NEAR);
    drafts[range].iter().filter(move |draft| draft.unit == unit)
}

/// Precision is measured on gold sets; until the generated figures exist, three steps.
fn confidence(rules: &Rules, draft: &Draft) -> f32 {
    let Some(rule) = draft.cue_rule.map(|rule| &rules.cues[usize::from(rule)]) else {
        return if draft.source.is_some() { 0.65 } else { 0.5 };
    };
    match (rule.kind, draft.mode) {
        (_, Mode::Direct) => 0.95,
        (CueKind::Preposition | CueKind::Postposition, _) => 0.9,
        (CueKind::Verb, _) if draft.source.is_none() => 0.6,
        (CueKind::Verb, _) => 0.85,
        _ => 0.7,
    }
}

/// Whether the words name a body, or a person; `None` where they are a name alone.
fn is_body(rules: &Rules, speaker: &Speaker) -> Option<bool> {
    let class = speaker.head.and_then(|head| rules.roles[usize::from(head)].class);
    match class {
        Some(SourceKind::Office | SourceKind::Unnamed | SourceKind::CollectiveUnnamed) => Some(false),
        Some(_) => Some(true),
        None => speaker.titled.then_some(false),
    }
}

/// A country or a capital: where such a name speaks, its government does.
fn is_state(place: &Place) -> bool {
    place.role != PlaceRole::Demonym
        && place.choice().is_some_and(|choice| matches!(choice.feature.as_str(), "PCLI" | "PPLC"))
}
