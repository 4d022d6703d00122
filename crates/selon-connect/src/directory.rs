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

/// How words for a picture begin, folded, in the languages that put them after the name.
const PICTURE: [&str; 3] = ["photo", "foto", "фото"];

/// An outlet: registry id, else its folded name, else its domain.
pub(crate) type OutletKey = String;

/// All outlets known.
pub(crate) struct Directory {
    by_name: BTreeMap<String, OutletKey>,
    by_domain: BTreeMap<String, OutletKey>,
    shown: BTreeMap<OutletKey, String>,
    /// Bodies of the registry that count and watch: sources, not ways.
    monitors: BTreeMap<String, String>,
    /// Their names as words, by hash: to find where a text has one in full.
    monitor_words: Vec<(Vec<u64>, String)>,
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
            monitor_words: Vec::new(),
            by_word: HashMap::new(),
        };
        for agency in &registry.agencies {
            if agency.kind == "monitor" {
                let names = agency.names.iter().map(|name| (folded(name), agency.id.clone()));
                directory.monitors.extend(names);
                directory.monitor_words.extend(agency.names.iter().map(|name| {
                    (words(name).map(|word| hash(fold(word).as_bytes())).collect(), folded(name))
                }));
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

    /// The key of an outlet by its name, whether it is known or not. A text that lost its
    /// apostrophes writes "SANAs".
    pub(crate) fn key_of_name(&self, name: &str) -> OutletKey {
        let folded = folded(name);
        let known = self.by_name.get(&folded);
        let known = known.or_else(|| self.by_name.get(folded.strip_suffix('s')?));
        known.cloned().unwrap_or(folded)
    }

    /// Whether a name is one of a known outlet.
    pub(crate) fn knows(&self, name: &str) -> bool {
        self.by_name.contains_key(&folded(name))
    }

    /// The id of a body that is a source and no way, where words name it in full, whatever stands
    /// around the name: "the British-based Syrian Observatory for Human Rights".
    pub(crate) fn monitor(&self, name: &str) -> Option<&str> {
        let words = folded(name);
        if let Some(id) = self.monitors.get(&words) {
            return Some(id);
        }
        let words = format!(" {words} ");
        let inside =
            |(name, _): &(&String, &String)| name.contains(' ') && words.contains(&format!(" {name} "));
        self.monitors.iter().find(inside).map(|(_, id)| id.as_str())
    }

    /// Folded names of such bodies that a text has in full.
    pub(crate) fn monitors_named(&self, sketch: &Sketch) -> Vec<&str> {
        let named = |hashes: &[u64]| sketch.tokens.windows(hashes.len()).any(|window| window == hashes);
        let found = self.monitor_words.iter().filter(|(hashes, _)| hashes.len() > 1 && named(hashes));
        found.map(|(_, name)| name.as_str()).collect()
    }

    /// The id of one of the bodies `named` in a text, by a part of its name: "the Observatory".
    pub(crate) fn monitor_by_part(&self, name: &str, named: &[&str]) -> Option<&str> {
        let mut parts = words(name).filter(|word| {
            word.chars().count() > 3 && word.chars().next().is_some_and(|first| !first.is_lowercase())
        });
        let first = fold(parts.next()?);
        let parts: Vec<String> = std::iter::once(first).chain(parts.map(fold)).collect();
        let whole = named.iter().find(|whole| {
            let words: Vec<&str> = whole.split(' ').collect();
            parts.iter().all(|part| words.contains(&part.as_str()))
        })?;
        self.monitors.get(*whole).map(String::as_str)
    }

    /// The only one of such bodies that a text names.
    pub(crate) fn only_monitor(&self, named: &[&str]) -> Option<&str> {
        let mut ids = named.iter().filter_map(|name| self.monitors.get(*name).map(String::as_str));
        let first = ids.next()?;
        ids.all(|id| id == first).then_some(first)
    }

    /// Whether two keys are one outlet's: the name of one is in that of the other ("Manar", "Al Manar
    /// TV").
    pub(crate) fn are_one(&self, a: &str, b: &str) -> bool {
        if a == b {
            return true;
        }
        let (a, b) = (format!(" {} ", folded(self.shown(a))), format!(" {} ", folded(self.shown(b))));
        let within = |part: &str, whole: &str| {
            let own = part.trim();
            own.chars().count() >= SHORTEST - 1 && !own.contains(' ') && whole.contains(part)
        };
        within(&a, &b) || within(&b, &a)
    }

    /// The name to show.
    pub(crate) fn shown<'a>(&'a self, key: &'a str) -> &'a str {
        self.known_as(key).unwrap_or(key)
    }

    /// The name to show of a known outlet.
    pub(crate) fn known_as(&self, key: &str) -> Option<&str> {
        self.shown.get(key).map(String::as_str)
    }

    /// Outlets named inside `span`, in the order of the text; not those whose picture is shown
    /// ("DHA Photo").
    pub(crate) fn named_in(&self, report: &Report, sketch: &Sketch, span: Span) -> Vec<(&OutletKey, Span)> {
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
                    let first = at;
                    at += words.len();
                    let next = word(at).map(fold).unwrap_or_default();
                    if !PICTURE.iter().any(|picture| next.starts_with(picture)) {
                        found.push((key, sketch.spans[first].hull(sketch.spans[at - 1])));
                    }
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
    fn bodies_that_count_are_known_by_their_whole_name_and_then_by_a_part() {
        let agency = Agency {
            id: "corvane-watch".into(),
            names: vec!["Corvane Observatory for Rights".into(), "المرصد الكورفاني".into()],
            kind: "monitor".into(),
            country: None,
            domains: vec![],
            handles: vec![],
            owner: None,
        };
        let directory = Directory::of(&Registry { agencies: vec![agency] }, &[]);
        let id = Some("corvane-watch");
        assert_eq!(directory.monitor("the Paris-based Corvane Observatory for Rights"), id);
        assert_eq!(directory.monitor("the Observatory"), None);
        let text = |string: &str| Text { string: string.to_owned(), blocks: vec![] };
        let sketch = |string: &str| Sketch::of(&Report::of_text(ReportId(Digest::of(b"1")), text(string)));
        let told = sketch("The Corvane Observatory for Rights said so. The Observatory counts.");
        let named = directory.monitors_named(&told);
        assert_eq!(directory.monitor_by_part("The Observatory", &named), id);
        assert_eq!(directory.monitor_by_part("the Observatory of Paris", &named), None);
        assert_eq!(directory.monitor_by_part("a monitor", &named), None);
        assert_eq!(directory.only_monitor(&named), id);
        let other = sketch("The Observatory counts.");
        assert_eq!(directory.monitor_by_part("The Observatory", &directory.monitors_named(&other)), None);
    }

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
        check("(CWA Photo) Corvane Wire photographers", 0);
        assert_eq!(directory.key_of_name("CORVANE wire"), "corvane");
        assert_eq!(directory.key_of_name("CWAs"), "corvane");
        assert_eq!(directory.shown("corvane"), "Corvane Wire");
        assert!(directory.are_one("corvane", "corvane"));
        assert!(!directory.are_one("corvane", "querrick report"));
        assert!(directory.are_one("querrick", "al querrick tv"));
    }
}
