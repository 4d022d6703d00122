//! Outlets and agencies by name: those of the registry, and those that publish the reports at hand.
//!
//! A name is found as it is written, capitals included, in the words of any language; so a report
//! in a language without a pack still tells whom it cites.

use std::collections::{BTreeMap, HashMap};

use selon_model::{Outlet, Registry, Report, Span};

use crate::Input;
use crate::sketch::{Sketch, fold, hash};

/// Letters of a registered name of one word that is looked for in running text; shorter ones are
/// also words, places and people ("Petra", "Fars"), unless they stand in capitals.
const SHORTEST: usize = 6;

/// An outlet: registry id, else its folded name, else its domain.
pub(crate) type OutletKey = String;

/// All outlets known.
pub(crate) struct Directory {
    by_name: BTreeMap<String, OutletKey>,
    by_domain: BTreeMap<String, OutletKey>,
    shown: BTreeMap<OutletKey, String>,
    /// Bodies of the registry that count and watch: sources, not ways.
    monitors: BTreeMap<String, String>,
    /// Names as words, by the hash of their first folded word; the longest first.
    by_word: HashMap<u64, Vec<(Vec<String>, OutletKey)>>,
}

impl Directory {
    pub(crate) fn of(registry: &Registry, inputs: &[Input<'_>]) -> Self {
        let mut directory = Directory {
            by_name: BTreeMap::new(),
            by_domain: BTreeMap::new(),
            shown: BTreeMap::new(),
            monitors: BTreeMap::new(),
            by_word: HashMap::new(),
        };
        for agency in &registry.agencies {
            if agency.kind == "monitor" {
                let names = agency.names.iter().map(|name| (folded(name), agency.id.clone()));
                directory.monitors.extend(names);
                continue;
            }
            for name in &agency.names {
                directory.add(name, &agency.id, stands_out(name));
            }
            for domain in &agency.domains {
                directory.by_domain.insert(domain.clone(), agency.id.clone());
            }
            directory.shown.extend(agency.names.first().map(|name| (agency.id.clone(), name.clone())));
        }
        for outlet in inputs.iter().filter_map(|input| input.report.outlet.as_ref()) {
            let Some(key) = directory.key(outlet) else { continue };
            if let Some(name) = &outlet.name {
                directory.add(name, &key, true);
                directory.shown.entry(key).or_insert_with(|| name.clone());
            }
        }
        directory.by_word.values_mut().for_each(|names| {
            names.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
            names.dedup();
        });
        directory
    }

    fn add(&mut self, name: &str, key: &str, in_text: bool) {
        self.by_name.entry(folded(name)).or_insert_with(|| key.to_owned());
        let words: Vec<String> = words(name).map(str::to_owned).collect();
        if in_text && let Some(first) = words.first() {
            self.by_word.entry(hash(fold(first).as_bytes())).or_default().push((words, key.to_owned()));
        }
    }

    /// The key of a report's outlet.
    pub(crate) fn key(&self, outlet: &Outlet) -> Option<OutletKey> {
        let by_domain = outlet.domain.as_ref().and_then(|domain| self.by_domain.get(domain)).cloned();
        by_domain
            .or_else(|| outlet.name.as_ref().map(|name| self.key_of_name(name)))
            .or_else(|| outlet.domain.clone())
    }

    /// The key of an outlet by its name, whether it is known or not.
    pub(crate) fn key_of_name(&self, name: &str) -> OutletKey {
        let folded = folded(name);
        self.by_name.get(&folded).cloned().unwrap_or(folded)
    }

    /// Whether a name is one of a known outlet.
    pub(crate) fn knows(&self, name: &str) -> bool {
        self.by_name.contains_key(&folded(name))
    }

    /// The id of a body that is a source and no way.
    pub(crate) fn monitor(&self, name: &str) -> Option<&str> {
        self.monitors.get(&folded(name)).map(String::as_str)
    }

    /// The name to show.
    pub(crate) fn shown<'a>(&'a self, key: &'a str) -> &'a str {
        self.known_as(key).unwrap_or(key)
    }

    /// The name to show of a known outlet.
    pub(crate) fn known_as(&self, key: &str) -> Option<&str> {
        self.shown.get(key).map(String::as_str)
    }

    /// Outlets named inside `span`, in the order of the text.
    pub(crate) fn named_in(&self, report: &Report, sketch: &Sketch, span: Span) -> Vec<&OutletKey> {
        let word = |at: usize| sketch.spans.get(at).map(|span| span.of(&report.text.string));
        let mut found = Vec::new();
        let mut at = sketch.spans.partition_point(|token| token.start < span.start);
        while at < sketch.spans.len() && sketch.spans[at].end <= span.end {
            let names = self.by_word.get(&sketch.tokens[at]).map_or(&[][..], Vec::as_slice);
            let named = names.iter().find(|(words, _)| {
                words.iter().enumerate().all(|(index, name)| word(at + index) == Some(name.as_str()))
            });
            match named {
                Some((words, key)) => {
                    found.push(key);
                    at += words.len();
                }
                None => at += 1,
            }
        }
        found
    }
}

/// Whether a registered name can be told from other words wherever it stands.
fn stands_out(name: &str) -> bool {
    let letters = name.chars().filter(|c| c.is_alphabetic());
    words(name).count() > 1
        || name.chars().count() >= 3 && letters.clone().all(char::is_uppercase)
        || letters.count() >= SHORTEST && name.chars().next().is_some_and(char::is_uppercase)
}

fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

fn folded(name: &str) -> String {
    words(name).map(fold).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use selon_model::{Agency, Digest, ReportId, Text};

    #[test]
    fn names_are_found_as_written() {
        let agency = Agency {
            id: "corvane".into(),
            names: vec!["Corvane Wire".into(), "وكالة كورفان".into(), "CWA".into(), "Tide".into()],
            kind: "agency".into(),
            country: None,
            domains: vec!["corvane.example".into()],
            handles: vec![],
            owner: None,
        };
        let directory = Directory::of(&Registry { agencies: vec![agency] }, &[]);
        let check = |text: &str, count: usize| {
            let text = Text { string: text.to_owned(), blocks: vec![] };
            let report = Report::of_text(ReportId(Digest::of(b"1")), text);
            let span = Span::new(0, report.text.string.len());
            let found = directory.named_in(&report, &Sketch::of(&report), span);
            assert_eq!(found.len(), count, "{}", report.text.string);
        };
        check("Пишет Corvane Wire, и CWA.", 2);
        check("نقلا عن وكالة كورفان", 1);
        check("Tide and time rose over the wire, cwa.", 0);
        assert_eq!(directory.key_of_name("CORVANE wire"), "corvane");
        assert_eq!(directory.shown("corvane"), "Corvane Wire");
    }
}
