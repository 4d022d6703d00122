//! Statements as cards: how the words came here, what was said, how firmly, and where it stands.

use maud::{Markup, html};
use selon_model::{Factuality, Hop, HopRole, Report, SourceKind, Statement, StatementKind};

use super::layout::{bdi, name_of};
use super::report::Sheet;
use super::words::text_direction;
use crate::view::report::counts_people;

/// Below this a value goes to review (record.md).
const UNSURE: f32 = 0.6;

/// The section of all statements.
pub(super) fn section(sheet: &Sheet<'_>) -> Markup {
    let words = sheet.frame.words;
    let statements = &sheet.report.statements;
    html! {
        section id="statements" {
            h2 { (words.say("statements")) }
            @if statements.is_empty() {
                p.none { (words.say("statements-none")) }
            } @else {
                ol.cards {
                    @for (index, statement) in statements.iter().enumerate() {
                        li { (card(sheet, index, statement)) }
                    }
                }
            }
        }
    }
}

fn card(sheet: &Sheet<'_>, index: usize, statement: &Statement) -> Markup {
    let words = sheet.frame.words;
    let number = index + 1;
    let lang = statement.content.first().and_then(|span| sheet.lang(*span));
    html! {
        article.card id={ "s" (number) } aria-labelledby={ "s" (number) "-way" } {
            p.top {
                a.id href={ "#w-s" (number) } aria-label=(words.say_with("statement-at", &[("id", &format!("s{number}"))])) {
                    "s" (number)
                }
                span.tag {
                    @if statement.kind == StatementKind::Post {
                        (words.say("kind-post"))
                        @if let Some(post) = statement.post.filter(|index| (*index as usize) < sheet.report.posts.len()) { " " a href={ "#p" (post + 1) } { "p" (post + 1) } }
                    } @else {
                        (words.class("mode", &name_of(statement.mode)))
                    }
                }
                @if statement.factuality != Factuality::Asserted {
                    span.tag.firm { (words.class("firm", &name_of(statement.factuality))) }
                }
            }
            div id={ "s" (number) "-way" } { (chain(sheet, statement)) }
            blockquote.said dir=(text_direction(lang)) lang=[lang] {
                @for (piece, span) in statement.content.iter().enumerate() {
                    @if piece > 0 { " […] " }
                    (sheet.words(*span))
                }
            }
            (particulars(sheet, statement))
            (reasons(sheet, statement))
            p.small {
                (sheet.at(statement.span, &format!("w-s{number}")))
                " · " (words.say("rule")) " " code dir="ltr" { (statement.rule) }
            }
        }
    }
}

/// Origin first, outlet last; an arrow between, with how it went where the text says it.
fn chain(sheet: &Sheet<'_>, statement: &Statement) -> Markup {
    let words = sheet.frame.words;
    let outlet = Hop {
        name: None,
        role: HopRole::Outlet,
        kind: None,
        how: None,
        id: None,
        span: None,
        inherited: false,
        rule: statement.rule.clone(),
    };
    let source = Hop {
        name: sheet.report.speaker(statement).map(str::to_owned),
        role: HopRole::Origin,
        kind: statement.source.as_ref().map(|source| source.kind),
        ..outlet.clone()
    };
    let fallback = [source, outlet];
    let hops = if statement.chain.is_empty() { &fallback[..] } else { &statement.chain[..] };
    html! {
        ol.chain aria-label=(words.say("chain")) {
            @for (index, hop) in hops.iter().enumerate() {
                li {
                    @if index > 0 {
                        span.arrow {
                            @if let Some(how) = &hops[index - 1].how {
                                small { (words.class("how", how)) } " "
                            }
                            span aria-hidden="true" { (words.arrow()) }
                        }
                    }
                    span.hop.inherited[hop.inherited && hop.role == HopRole::Relay] {
                        (hop_name(sheet, hop))
                        @if let Some(kind) = hop.kind {
                            small { (words.class("kind", &name_of(kind))) }
                        }
                        @if hop.inherited && hop.role == HopRole::Relay { small.unsure { (words.say("inherited")) } }
                    }
                }
            }
        }
    }
}

fn hop_name(sheet: &Sheet<'_>, hop: &Hop) -> Markup {
    let words = sheet.frame.words;
    let own = sheet.report.language.tag.as_ref().map(|lang| lang.as_str());
    match (&hop.name, hop.role) {
        (Some(name), _) => html! { b lang=[own] { (bdi(&sheet.name(name))) } },
        (None, HopRole::Outlet) => html! { b { (words.say("this-report")) } },
        (None, HopRole::Platform) => html! { b { (words.say("platform")) } },
        (None, _) => html! { b.unsure { (words.say("nobody-named")) } },
    }
}

/// The words behind the chain: how the source is written here, whose source it takes up, what
/// weakens it, to whom and when.
fn particulars(sheet: &Sheet<'_>, statement: &Statement) -> Markup {
    let words = sheet.frame.words;
    let quoted = |span: selon_model::Span| {
        html! { q dir=(text_direction(sheet.lang(span))) lang=[sheet.lang(span)] { (sheet.words(span)) } }
    };
    let source = statement.source.as_ref();
    let differs = source.filter(|source| source.resolved.is_some() || source.antecedent.is_some());
    html! {
        ul.facts {
            @if let Some(source) = differs {
                li {
                    (words.say("source-words")) " " (quoted(source.span))
                    @if let Some(antecedent) = source.antecedent.filter(|index| (*index as usize) < sheet.report.statements.len()) {
                        @let id = format!("s{}", antecedent + 1);
                        ": " a href={ "#" (id) } { (words.say_with("source-of", &[("id", &id)])) }
                    }
                }
            }
            @for hedge in &statement.hedges {
                li {
                    (words.say("hedge-words")) " " (quoted(hedge.span))
                    " (" (words.class("hedge", &name_of(hedge.kind))) ")"
                }
            }
            @if let Some(addressee) = statement.addressee {
                li { (words.say("addressee")) " " (quoted(addressee)) }
            }
            @if let Some(said) = &statement.said {
                li { (words.say("said-when")) " " bdi { (words.when(said)) } }
            }
            @for span in &statement.also_at {
                @let range = sheet.offsets.range(*span);
                li { (words.say("also-at")) " " bdi dir="ltr" { (range.start) "–" (range.end) } }
            }
        }
    }
}

/// Grey, and why.
fn reasons(sheet: &Sheet<'_>, statement: &Statement) -> Markup {
    let words = sheet.frame.words;
    let mut why = Vec::new();
    match &statement.source {
        None if statement.kind == StatementKind::Said => why.push(words.say("unsure-nobody")),
        Some(source) if is_unnamed(source.kind) => why.push(words.say("unsure-unnamed")),
        _ => {}
    }
    if statement.confidence < UNSURE {
        why.push(words.say("unsure-confidence"));
    }
    unsure(sheet, &why)
}

/// A grey line of reasons; nothing where there are none.
pub(super) fn unsure(sheet: &Sheet<'_>, why: &[String]) -> Markup {
    html! {
        @if !why.is_empty() {
            p.unsure { (sheet.frame.words.say("unsure")) ": " (why.join("; ")) }
        }
    }
}

/// Whether a confidence is too low to stand without a remark.
pub(super) fn is_unsure(confidence: f32) -> bool {
    confidence < UNSURE
}

fn is_unnamed(kind: SourceKind) -> bool {
    matches!(kind, SourceKind::Unnamed | SourceKind::CollectiveUnnamed)
}

/// What rests on little: one source for all, nobody named, hearsay.
pub(super) fn weak(sheet: &Sheet<'_>) -> Markup {
    let Sheet { frame, report, .. } = sheet;
    let words = frame.words;
    let people: Vec<_> = report.figures.iter().filter(|figure| counts_people(figure)).collect();
    let speakers: std::collections::BTreeSet<&str> =
        people.iter().filter_map(|figure| figure.said_in.and_then(|_| report.speaker_of(figure))).collect();
    let attributed = people.iter().filter(|figure| figure.said_in.is_some()).count();
    let one = (people.len() > 1 && attributed == people.len() && speakers.len() == 1)
        .then(|| speakers.first().copied())
        .flatten();
    let own = people.len() - attributed;
    let unnamed =
        listed(report, &|statement| statement.source.as_ref().is_some_and(|source| is_unnamed(source.kind)));
    let nobody = listed(report, &|statement| statement.source.is_none());
    let unverified = listed(report, &|statement| {
        matches!(
            statement.factuality,
            Factuality::ReportedUnverified | Factuality::Expected | Factuality::Hypothetical
        )
    });
    let partly = report.language.tag.as_ref().is_some_and(|tag| !matches!(tag.as_str(), "en" | "fr"));
    let any = partly || one.is_some() || own > 0;
    html! {
        @if any || !unnamed.is_empty() || !nobody.is_empty() || !unverified.is_empty() {
            section.weak {
                h2 { (words.say("weak")) }
                ul {
                    @if partly { li { (words.say("weak-language")) } }
                    @if let Some(speaker) = one {
                        li { (words.count("weak-one-source", people.len() as u64)) " " (bdi(&sheet.name(speaker))) }
                    }
                    @if own > 0 { li { (words.count("weak-own", own as u64)) } }
                    @for (key, list) in [("weak-unnamed", unnamed), ("weak-nobody", nobody), ("weak-unverified", unverified)] {
                        @if !list.is_empty() {
                            li {
                                (words.say(key)) " "
                                @for (index, number) in list.iter().enumerate() {
                                    @if index > 0 { ", " }
                                    a href={ "#s" (number) } { "s" (number) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn listed(report: &Report, matches: &dyn Fn(&Statement) -> bool) -> Vec<usize> {
    let said = |statement: &Statement| statement.kind == StatementKind::Said && matches(statement);
    report.statements.iter().enumerate().filter(|(_, one)| said(one)).map(|(index, _)| index + 1).collect()
}
