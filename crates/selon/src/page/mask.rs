//! Pseudonyms: posters become "poster 1", other accounts "account 1", at display only.
//!
//! People keep defaults, so the default protects whoever stands in the material. Spans still
//! refer to the stored text. Accounts of public bodies and outlets on the project's list stay
//! named: they speak in their office.

use std::collections::{BTreeMap, BTreeSet};

use selon_model::{DamageKind, Registry, Report, Span};

use super::words::Words;

/// A poster or an account, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pseudonym {
    /// Who posted an embedded post, in order of first appearance.
    Poster(usize),
    /// Who is mentioned.
    Account(usize),
}

impl Pseudonym {
    /// As people read it.
    pub fn say(self, words: &Words) -> String {
        let (key, number) = match self {
            Pseudonym::Poster(number) => ("poster", number),
            Pseudonym::Account(number) => ("account", number),
        };
        words.numbered(key, number)
    }
}

/// What is masked in one report.
#[derive(Debug, Default)]
pub struct Mask {
    /// Masked passages of the text, in order, without overlap.
    spans: Vec<(Span, Pseudonym)>,
    /// By handle in lower case, without `@`.
    handles: BTreeMap<String, Pseudonym>,
    /// By display name.
    names: BTreeMap<String, Pseudonym>,
    /// Who posted each post; `None` where the poster is public or unknown.
    posters: Vec<Option<Pseudonym>>,
    /// Accounts numbered so far.
    accounts: usize,
    public: BTreeSet<String>,
}

impl Mask {
    /// Finds who is to be masked in `report`; accounts of `registry` stay named.
    pub fn of(report: &Report, registry: &Registry) -> Mask {
        let public = registry
            .agencies
            .iter()
            .flat_map(|agency| &agency.handles)
            .map(|handle| handle.trim_start_matches('@').to_lowercase())
            .collect();
        let mut mask = Mask { public, ..Mask::default() };
        mask.number_posters(report, registry);
        let text = &report.text.string;
        let doubtful: Vec<Span> = report
            .posts
            .iter()
            .flat_map(|post| &post.damage)
            .filter(|damage| damage.kind == DamageKind::DoubtfulMention)
            .filter_map(|damage| damage.span)
            .collect();
        let mut spans = Vec::new();
        mask.find_handles(report, &doubtful, &mut spans);
        for (index, post) in report.posts.iter().enumerate() {
            let (Some(span), Some(Some(pseudonym))) = (post.span, mask.posters.get(index)) else { continue };
            let Some(name) = post.author.name.as_deref().filter(|name| name.chars().count() > 1) else {
                continue;
            };
            for (at, _) in span.of(text).match_indices(name) {
                spans.push((Span::new(span.from() + at, span.from() + at + name.len()), *pseudonym));
            }
        }
        spans.sort_by_key(|(span, pseudonym)| (span.start, std::cmp::Reverse(span.end), *pseudonym));
        let mut end = 0;
        spans.retain(|(span, _)| {
            let keep = span.start >= end && !span.is_empty();
            if keep {
                end = span.end;
            }
            keep
        });
        mask.spans = spans;
        mask
    }

    fn number_posters(&mut self, report: &Report, registry: &Registry) {
        let mut known: BTreeMap<String, usize> = BTreeMap::new();
        for post in &report.posts {
            let handle =
                post.author.handle.as_deref().map(|handle| handle.trim_start_matches('@').to_lowercase());
            let key = match (&handle, &post.author.name, &post.author.id) {
                (Some(handle), ..) => format!("@{handle}"),
                (None, Some(name), _) => name.clone(),
                (None, None, Some(id)) => format!("#{id}"),
                (None, None, None) => {
                    self.posters.push(None);
                    continue;
                }
            };
            let next = known.len() + 1;
            let pseudonym = Pseudonym::Poster(*known.entry(key).or_insert(next));
            let public =
                match &handle {
                    Some(handle) => self.public.contains(handle),
                    None => post.author.name.as_ref().is_some_and(|name| {
                        registry.agencies.iter().any(|agency| agency.names.contains(name))
                    }),
                };
            if public {
                self.posters.push(None);
                continue;
            }
            self.posters.push(Some(pseudonym));
            if let Some(handle) = handle {
                self.handles.insert(handle, pseudonym);
            }
            if let Some(name) = &post.author.name {
                self.names.insert(name.clone(), pseudonym);
            }
        }
        let mentioned = report.posts.iter().flat_map(|post| &post.mentions);
        for handle in mentioned {
            self.account(handle);
        }
    }

    /// The pseudonym of a handle, given now if need be; `None` for public ones.
    fn account(&mut self, handle: &str) -> Option<Pseudonym> {
        let handle = handle.trim_start_matches('@').to_lowercase();
        if self.public.contains(&handle) {
            return None;
        }
        let accounts = &mut self.accounts;
        Some(*self.handles.entry(handle).or_insert_with(|| {
            *accounts += 1;
            Pseudonym::Account(*accounts)
        }))
    }

    /// Every `@handle` of the text, and the handles in addresses of accounts.
    fn find_handles(&mut self, report: &Report, doubtful: &[Span], spans: &mut Vec<(Span, Pseudonym)>) {
        let text = &report.text.string;
        let mut posts: Vec<Span> = report.posts.iter().filter_map(|post| post.span).collect();
        posts.sort();
        let cuts: BTreeSet<usize> = report
            .posts
            .iter()
            .flat_map(|post| &post.damage)
            .filter(|damage| damage.kind == DamageKind::Glued)
            .flat_map(|damage| damage.cuts.iter().map(|cut| *cut as usize))
            .collect();
        for (at, sign) in text.match_indices(['@', '/']) {
            let name = self.own_part(handle_at(&text[at + 1..]), at + 1, &cuts);
            if name.is_empty() {
                continue;
            }
            let span = Span::new(at, at + 1 + name.len());
            if sign == "/" {
                // An address names an account only where the handle is known from elsewhere.
                if let Some(pseudonym) = self.handles.get(&name.to_lowercase()) {
                    spans.push((Span::new(at + 1, span.to()), *pseudonym));
                }
                continue;
            }
            let glued = text[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric());
            let before = posts.partition_point(|post| post.start <= span.start);
            let in_post = before > 0 && posts[before - 1].contains(span);
            let left_as_written = doubtful.iter().any(|words| words.overlaps(span));
            let known = self.handles.contains_key(&name.to_lowercase());
            if !known && (left_as_written || (glued && !in_post)) {
                continue;
            }
            if let Some(pseudonym) = self.account(name) {
                spans.push((span, pseudonym));
            }
        }
    }

    /// The part of `name`, which begins at byte `at`, that is a handle: up to a cut, or the
    /// longest known handle that other words are glued to.
    fn own_part<'t>(&self, name: &'t str, at: usize, cuts: &BTreeSet<usize>) -> &'t str {
        if name.len() < 2 {
            return "";
        }
        if let Some(cut) = cuts.range(at + 1..at + name.len()).next() {
            return &name[..cut - at];
        }
        let low = name.to_lowercase();
        let known =
            |end: &usize| self.handles.contains_key(&low[..*end]) || self.public.contains(&low[..*end]);
        (3..=name.len()).rev().find(known).map_or(name, |end| &name[..end])
    }

    /// Masked passages of the text, in order.
    pub fn spans(&self) -> &[(Span, Pseudonym)] {
        &self.spans
    }

    /// The pseudonym of the poster of post `index`.
    pub fn poster(&self, index: usize) -> Option<Pseudonym> {
        self.posters.get(index).copied().flatten()
    }

    /// The words of `span` as shown.
    pub fn text(&self, text: &str, span: Span, words: &Words) -> String {
        let mut out = String::new();
        let mut at = span.start;
        let first = self.spans.partition_point(|(masked, _)| masked.end <= span.start);
        for (masked, pseudonym) in &self.spans[first..] {
            if masked.start >= span.end {
                break;
            }
            out.push_str(Span { start: at, end: masked.start.max(at) }.of(text));
            out.push_str(&pseudonym.say(words));
            at = masked.end;
        }
        out.push_str(Span { start: at.min(span.end), end: span.end }.of(text));
        out
    }

    /// A name, or words that are no span of the text, as shown.
    pub fn name(&self, name: &str, words: &Words) -> String {
        let bare = name.trim().trim_start_matches('@').to_lowercase();
        if let Some(pseudonym) = self.handles.get(&bare).or_else(|| self.names.get(name.trim())) {
            return pseudonym.say(words);
        }
        let mut out = String::new();
        let mut done = 0;
        for (at, sign) in name.match_indices(['@', '/']) {
            let handle = handle_at(&name[at + 1..]);
            if at < done || handle.len() < 2 {
                continue;
            }
            let low = handle.to_lowercase();
            let shown = match self.handles.get(&low) {
                Some(pseudonym) => pseudonym.say(words),
                None if sign == "@" && !self.public.contains(&low) => words.say("account-some"),
                None => continue,
            };
            let start = if sign == "@" { at } else { at + 1 };
            out.push_str(&name[done..start]);
            out.push_str(&shown);
            done = at + 1 + handle.len();
        }
        out.push_str(&name[done..]);
        for (real, pseudonym) in &self.names {
            if real.chars().count() > 3 && out.contains(real.as_str()) {
                out = out.replace(real.as_str(), &pseudonym.say(words));
            }
        }
        out
    }
}

/// The letters of a handle at the start of `text`, at most 64 of them.
fn handle_at(text: &str) -> &str {
    let end = text.bytes().take(64).take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
    &text[..end]
}
