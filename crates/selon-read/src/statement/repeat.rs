//! The same words at two places of a report: a summary that repeats its body, a title's fragment.

use std::collections::HashMap;

use selon_model::{BlockKind, Mode, Span, Statement, Text};

use super::view::View;

/// One statement told twice (summary and body) is one statement at two places.
pub(super) fn merge_repeated(view: &View<'_>, statements: Vec<Statement>) -> Vec<Statement> {
    let mut first: HashMap<String, usize> = HashMap::new();
    let mut into: Vec<Option<usize>> = vec![None; statements.len()];
    for (index, statement) in statements.iter().enumerate() {
        if statement.mode != Mode::Direct {
            continue;
        }
        let words: String = statement
            .content
            .iter()
            .flat_map(|span| span.of(view.text).chars())
            .filter(|letter| letter.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect();
        if words.chars().count() < 12 {
            continue;
        }
        match first.get(&words).copied() {
            None => {
                first.insert(words, index);
            }
            Some(known) => {
                // The one that names its source stays.
                if statements[known].source.is_none() && statement.source.is_some() {
                    into[known] = Some(index);
                    first.insert(words, index);
                } else {
                    into[index] = Some(known);
                }
            }
        }
    }
    if into.iter().all(Option::is_none) {
        return statements;
    }
    let target = |mut index: usize| {
        for _ in 0..8 {
            match into[index] {
                Some(next) => index = next,
                None => break,
            }
        }
        index
    };
    let mut place = vec![0u32; statements.len()];
    let mut kept = 0;
    for index in 0..statements.len() {
        if into[index].is_none() {
            place[index] = kept;
            kept += 1;
        }
    }
    let mut also: Vec<Vec<Span>> = vec![Vec::new(); statements.len()];
    for (index, statement) in statements.iter().enumerate() {
        if into[index].is_some() {
            also[target(index)].extend(statement.content.iter().copied());
        }
    }
    let mut merged = Vec::with_capacity(kept as usize);
    for (index, mut statement) in statements.into_iter().enumerate() {
        if into[index].is_some() {
            continue;
        }
        statement.also_at.append(&mut also[index]);
        if let Some(source) = &mut statement.source {
            source.antecedent = source.antecedent.map(|earlier| place[target(earlier as usize)]);
        }
        merged.push(statement);
    }
    merged
}

/// A fragment quoted in a title stands again in the body statement that holds the same words.
pub(super) fn link_title(text: &Text, view: &View<'_>, mut statements: Vec<Statement>) -> Vec<Statement> {
    let titles: Vec<Span> = text
        .blocks
        .iter()
        .filter(|block| matches!(block.kind, BlockKind::Title | BlockKind::Deck | BlockKind::Heading))
        .map(|block| block.span)
        .collect();
    for quotation in &view.quotations {
        let inner = view.span(quotation.inner.clone());
        if inner.is_empty() || !titles.iter().any(|title| title.contains(inner)) {
            continue;
        }
        if statements.iter().any(|statement| statement.content.iter().any(|span| span.overlaps(inner))) {
            continue;
        }
        let words = inner.of(view.text).to_lowercase();
        let home = statements.iter_mut().find(|statement| {
            statement.partial_quotes.iter().chain(&statement.content).any(|span| {
                span.start > inner.end && {
                    let said = span.of(view.text);
                    said.len() >= words.len() && said.to_lowercase().contains(&words)
                }
            }) && statement.mode != Mode::Indirect
        });
        if let Some(home) = home {
            home.also_at.push(inner);
        }
    }
    statements
}
