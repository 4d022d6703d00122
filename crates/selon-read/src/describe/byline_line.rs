//! Bylines that no word opens and no class names: a line under the title that is an agency, an
//! outlet with one, a name beside one of them, a name with what its bearer is, or a name beside the
//! day of publication. A line is one by evidence; a name alone is none.

use selon_gazetteer::{Gazetteer, fold as fold_place};
use selon_model::{AuthorKind, Registry};

use super::author::{kind_of, split_names};
use super::pack::PagePack;

/// Words of a line at most.
const MOST_WORDS: usize = 16;

/// What stands around a line.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Beside {
    /// A day stands in the line or in one next to it.
    pub(crate) dated: bool,
    /// The line is a link that leads to no author.
    pub(crate) linked: bool,
    /// It leads to the page of an author.
    pub(crate) to_author: bool,
    /// The next line says what somebody is: "Middle East correspondent".
    pub(crate) role: bool,
}

/// What is known of the page.
pub(crate) struct Known<'a> {
    pub(crate) outlet: Option<&'a str>,
    pub(crate) registry: &'a Registry,
    pub(crate) pack: &'a PagePack,
    pub(crate) gazetteer: &'a Gazetteer<'a>,
    /// The title: its words are what the report is about.
    pub(crate) title: &'a str,
}

/// What a part of a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// An agency or outlet.
    House,
    Person,
    Role,
    Place,
    Other,
}

impl Known<'_> {
    /// The names in a line that is a byline; `None` where nothing shows that it is one.
    pub(crate) fn read_line(&self, line: &str, beside: Beside) -> Option<Vec<String>> {
        if line.split_whitespace().count() > MOST_WORDS || line.ends_with(['.', '!', '?', ':', '…', '؟']) {
            return None;
        }
        let mut names = Vec::new();
        let (mut houses, mut people, mut roles, mut placed) = (0, 0, 0, false);
        let segments =
            line.split(['|', '•', '·', '(', ')', '—', '–', '\n']).flat_map(|part| part.split(" - "));
        for segment in segments.map(str::trim).filter(|segment| !segment.is_empty()) {
            // A day, a number of minutes: the rest of the line may be names.
            if segment.contains(|c: char| c.is_numeric()) {
                if !beside.dated {
                    return None;
                }
                continue;
            }
            for part in split_names(segment, self.pack) {
                let house = without_place(&part, self.registry);
                placed |= house.is_some();
                let part = house.unwrap_or(&part);
                match self.part(part) {
                    Part::House => houses += 1,
                    Part::Person => people += 1,
                    Part::Role => roles += 1,
                    Part::Place => {
                        placed = true;
                        continue;
                    }
                    Part::Other => return None,
                }
                names.push(part.to_owned());
            }
        }
        // An agency alone may be whose picture it is.
        let shown = houses > 0 && (people > 0 || beside.dated || houses > 1 || placed)
            || people > 0
                && (beside.to_author || beside.role || (!beside.linked && (roles > 0 || beside.dated)));
        // "Jane Roe/AFP" is whose picture it is.
        if people > 0 && line.contains('/') || line.contains('©') {
            return None;
        }
        let alone = people == 0 && !names.iter().any(|name| self.is_agency(name));
        // An outlet's name alone is a label of the page, a role alone names nobody.
        if !shown || alone {
            return None;
        }
        if people > 0 {
            names.retain(|name| self.part(name) != Part::Role);
        }
        Some(names)
    }

    /// Whether a line is what somebody is at an outlet.
    pub(crate) fn is_role(&self, line: &str) -> bool {
        line.split_whitespace().count() <= 6 && self.part(line.trim()) == Part::Role
    }

    fn is_agency(&self, name: &str) -> bool {
        kind_of(name, self.outlet, self.registry, self.pack) == AuthorKind::Agency
    }

    fn part(&self, part: &str) -> Part {
        match kind_of(part, self.outlet, self.registry, self.pack) {
            AuthorKind::Agency | AuthorKind::Outlet => return Part::House,
            AuthorKind::Role => return Part::Role,
            AuthorKind::Person => {}
        }
        let folded = part.to_lowercase();
        if folded
            .split_whitespace()
            .next_back()
            .is_some_and(|last| self.pack.titles.iter().any(|t| t == last))
        {
            return Part::Role;
        }
        if self.is_place(part) {
            return Part::Place;
        }
        if self.is_person(part) { Part::Person } else { Part::Other }
    }

    /// A town or country, alone or behind a small word ("in Merek").
    fn is_place(&self, part: &str) -> bool {
        let known = |name: &str| self.gazetteer.lookup(&fold_place(name)).is_some();
        let behind = part.split_once(' ').filter(|(small, _)| small.chars().all(char::is_lowercase));
        known(part) || behind.is_some_and(|(small, name)| small.chars().count() <= 3 && known(name))
    }

    /// Two to four words that begin with capitals, with or without particles: none that names a
    /// part of a newspaper, or a thing that the title tells of.
    fn is_person(&self, part: &str) -> bool {
        let words: Vec<&str> = part.split_whitespace().collect();
        let is_particle = |word: &&str| self.pack.particles.iter().any(|particle| particle == word);
        let names: Vec<&&str> = words.iter().filter(|word| !is_particle(word)).collect();
        let cased = names.iter().all(|word| {
            let mut letters = word.chars();
            letters.next().is_some_and(char::is_uppercase)
                && word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | '.'))
                && (word.chars().count() <= 2
                    || word.chars().any(char::is_lowercase)
                    || names.len() == words.len())
        });
        let label = |word: &str| {
            let lower = word.to_lowercase();
            self.pack.sections.contains(&lower) || self.pack.roles.contains(&lower)
        };
        let title = self.title.to_lowercase();
        let told = |word: &str| {
            let lower = word.to_lowercase();
            title.split(|c: char| !c.is_alphanumeric()).any(|other| other == lower)
        };
        (2..=5).contains(&words.len())
            && (2..=4).contains(&names.len())
            && cased
            && !names.iter().any(|word| label(word) || told(word))
    }
}

/// "Reuters in Merek", "dpa Berlin": an agency before the town it writes from is the agency.
pub(crate) fn without_place<'n>(name: &'n str, registry: &Registry) -> Option<&'n str> {
    let agencies = registry.agencies.iter().filter(|agency| agency.kind == "agency");
    agencies.flat_map(|agency| &agency.names).find_map(|known| {
        let front = name.get(..known.len()).filter(|front| *front == known.as_str())?;
        let words: Vec<&str> = name[known.len()..].strip_prefix(' ')?.split_whitespace().collect();
        let small = |word: &str| word.chars().count() <= 3 && word.chars().all(char::is_lowercase);
        let town = match words.as_slice() {
            [first, rest @ ..] if small(first) => rest,
            all => all,
        };
        let town_words = town.join(" ");
        let another = registry.agencies.iter().any(|agency| agency.names.contains(&town_words));
        let is_town = (1..=2).contains(&town.len())
            && !another
            && town.iter().all(|word| word.starts_with(char::is_uppercase));
        is_town.then_some(front)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::Packs;

    fn check(line: &str, dated: bool, expected: &[&str]) {
        let packs = Packs::embedded();
        let known = Known {
            outlet: Some("Vallis Zeitung"),
            registry: packs.registry(),
            pack: &packs.page,
            gazetteer: packs.gazetteer(),
            title: "Bridge of Tolva closed",
        };
        let found = known.read_line(line, Beside { dated, ..Beside::default() }).unwrap_or_default();
        assert_eq!(found, expected, "{line}");
    }

    #[test]
    fn lines_of_names_are_bylines_by_evidence() {
        check("Jane Roe", true, &["Jane Roe"]);
        check("Jane Roe", false, &[]);
        check("Jane Roe, Reuters in Damascus", false, &["Jane Roe", "Reuters"]);
        check("VZ mit dpa", false, &["VZ", "dpa"]);
        check("AFP, Beyrouth", false, &["AFP"]);
        check("AFP", true, &["AFP"]);
        check("Jane Roe, Staff Writer", false, &["Jane Roe"]);
        check("Jane Roe | 12 March 2024", true, &["Jane Roe"]);
        check("Anna von Rohe und Jan Roth", true, &["Anna von Rohe", "Jan Roth"]);
        check("Иван Петров, ТАСС", false, &["Иван Петров", "ТАСС"]);
    }

    #[test]
    fn labels_and_sentences_are_none() {
        check("World News", true, &[]);
        check("Middle East", true, &[]);
        check("Tolva Bridge", true, &[]);
        check("Beirut", true, &[]);
        check("New York", true, &[]);
        check("Vallis Zeitung", true, &[]);
        check("Photo: Jane Roe / Stock", true, &[]);
        check("The bridge was closed, said Reuters.", true, &[]);
        check("Update", true, &[]);
        check("AFP", false, &[]);
        check("Jane Roe/AFP", true, &[]);
    }

    #[test]
    fn an_agency_before_a_town_is_the_agency() {
        let registry = Packs::embedded().registry();
        for (name, agency) in [
            ("Reuters in Damascus", Some("Reuters")),
            ("dpa Berlin", Some("dpa")),
            ("Reuters", None),
            ("AFP et Reuters", None),
            ("Jane Roe", None),
        ] {
            assert_eq!(without_place(name, registry), agency, "{name}");
        }
    }
}
