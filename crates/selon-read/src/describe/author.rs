//! Who wrote it, as the page says: never from an address, a handle or a photo credit.

use selon_model::{Author, AuthorKind, Registry, RuleId};
use serde_json::Value;

use super::head::Head;
use super::json_ld::{has_type, unescape};
use super::pack::PagePack;
use crate::extract::keep::fold;

/// Authors of one page at most.
const MOST: usize = 20;

/// Finds the authors: JSON-LD, then meta elements, then bylines in the page. `bylines`: texts of
/// elements that call themselves one, in document order. `signatures`: the last paragraphs, which
/// may end with "(VZ/dpa)".
pub(crate) fn find_authors(
    head: &Head,
    bylines: &[String],
    signatures: &[&str],
    outlet: Option<&str>,
    registry: &Registry,
    pack: &PagePack,
) -> Vec<Author> {
    let mut names: Vec<String> = Vec::new();
    let mut from = "json_ld";
    if let Some(author) =
        head.article().and_then(|article| article.get("author").or_else(|| article.get("creator")))
    {
        from_data(author, head, &mut names);
    }
    let only_outlet = |names: &[String]| {
        names
            .iter()
            .flat_map(|name| split_names(name, pack))
            .all(|name| matches!(kind_of(&name, outlet, registry), AuthorKind::Outlet | AuthorKind::Role))
    };
    if !names.is_empty() && only_outlet(&names) {
        // Another object of the page may name the person.
        for author in head.data.iter().filter_map(|object| object.get("author")) {
            let mut others = Vec::new();
            from_data(author, head, &mut others);
            if !others.is_empty() && !only_outlet(&others) {
                names = others;
                break;
            }
        }
    }
    let data = names.clone();
    if names.is_empty() || only_outlet(&names) {
        let found = from_meta(head);
        if !found.is_empty() && (data.is_empty() || !only_outlet(&found)) {
            names = found;
            from = "meta";
        }
    }
    if names.is_empty() || only_outlet(&names) {
        let found = from_bylines(bylines, outlet, registry, pack);
        if !found.is_empty() && (names.is_empty() || !only_outlet(&found)) {
            names = found;
            from = "byline";
        }
    }
    if names.is_empty() || only_outlet(&names) {
        let found = signatures.iter().rev().find_map(|line| signature(line, outlet, registry, pack));
        if let Some(found) = found {
            names = found;
            from = "byline";
        }
    }
    let mut authors: Vec<Author> = Vec::new();
    for name in names.iter().flat_map(|name| split_names(name, pack)) {
        let known = authors.iter().any(|author: &Author| fold(&author.name) == fold(&name));
        if known || authors.len() >= MOST {
            continue;
        }
        let kind = kind_of(&name, outlet, registry);
        authors.push(Author { name, kind, from: from.to_owned(), rule: RuleId::core("core.page.author") });
    }
    // The outlet beside one of its people is where they work, not a second author.
    if authors.iter().any(|author| author.kind == AuthorKind::Person) {
        let own = outlet.map(fold);
        authors.retain(|author| author.kind != AuthorKind::Outlet || Some(fold(&author.name)) != own);
    }
    authors
}

/// Names out of JSON-LD: strings, objects, lists, and references to other objects of the page.
fn from_data(value: &Value, head: &Head, names: &mut Vec<String>) {
    let mut open = vec![(value, 0)];
    while let Some((value, depth)) = open.pop() {
        match value {
            _ if depth > 4 || names.len() >= MOST => return,
            Value::String(name) => push_name(names, &unescape(name)),
            Value::Array(list) => open.extend(list.iter().rev().map(|item| (item, depth + 1))),
            Value::Object(object) => match object.get("name") {
                Some(name) => open.push((name, depth + 1)),
                None => {
                    let id = object.get("@id").and_then(Value::as_str);
                    let other = id.and_then(|id| {
                        head.data.iter().find(|other| {
                            other.get("@id").and_then(Value::as_str) == Some(id)
                                && other.get("name").is_some()
                        })
                    });
                    if let Some(other) = other.filter(|other| has_type(other, |_| true)) {
                        open.push((other, depth + 1));
                    }
                }
            },
            _ => {}
        }
    }
}

fn from_meta(head: &Head) -> Vec<String> {
    const NAMES: &[&str] = &[
        "author",
        "article:author_name",
        "article:author",
        "parsely-author",
        "sailthru.author",
        "dc.creator",
        "dcterms.creator",
        "byl",
        "dc.contributor",
        "citation_author",
        "creator",
        "og:article:author",
        "article.author",
        "cxenseparse:author",
        "authors",
        "twitter:data1",
    ];
    for name in NAMES {
        let mut names = Vec::new();
        for (_, content) in head.metas.iter().filter(|(found, _)| found == name) {
            if *name == "twitter:data1"
                && !head.metas.iter().any(|(key, label)| key == "twitter:label1" && is_author_label(label))
            {
                continue;
            }
            push_name(&mut names, &unescape(content));
        }
        if !names.is_empty() {
            return names;
        }
    }
    Vec::new()
}

fn is_author_label(label: &str) -> bool {
    matches!(
        label.trim().to_lowercase().as_str(),
        "written by"
            | "écrit par"
            | "verfasst von"
            | "escrito por"
            | "author"
            | "автор"
            | "geschreven door"
            | "scritto da"
    )
}

/// The first byline that holds a name.
fn from_bylines(
    bylines: &[String],
    outlet: Option<&str>,
    registry: &Registry,
    pack: &PagePack,
) -> Vec<String> {
    let known =
        |name: &str| matches!(kind_of(name, outlet, registry), AuthorKind::Agency | AuthorKind::Outlet);
    for byline in bylines {
        for line in byline.lines() {
            let line = line.trim();
            if line.chars().count() > 120 {
                continue;
            }
            let rest = strip_opening(line, pack);
            let mut names = Vec::new();
            for name in split_names(rest.unwrap_or(line), pack) {
                if looks_like_name(&name) || known(&name) {
                    push_name(&mut names, &name);
                }
            }
            if !names.is_empty() {
                return names;
            }
        }
    }
    Vec::new()
}

/// "… said on Monday. (VZ mit dpa)": the outlet and agencies, and nothing else, in brackets at
/// the end of a paragraph.
fn signature(
    paragraph: &str,
    outlet: Option<&str>,
    registry: &Registry,
    pack: &PagePack,
) -> Option<Vec<String>> {
    let inner = paragraph.trim_end().strip_suffix(')')?;
    let inner = &inner[inner.rfind('(')? + 1..];
    if inner.len() > 60 {
        return None;
    }
    let names = split_names(inner, pack);
    let fits =
        |name: &String| matches!(kind_of(name, outlet, registry), AuthorKind::Agency | AuthorKind::Outlet);
    (!names.is_empty() && names.iter().all(fits)).then_some(names)
}

/// Whether `name` is made of the first letters of the outlet's words.
fn is_initials(name: &str, outlet: &str) -> bool {
    let initials: String = outlet.split_whitespace().filter_map(|word| word.chars().next()).collect();
    (2..=5).contains(&name.len()) && name.chars().all(char::is_uppercase) && initials == name
}

/// What follows "By", "Par", "Von" …; `None` where the line does not begin so.
pub(crate) fn strip_opening<'t>(line: &'t str, pack: &PagePack) -> Option<&'t str> {
    let folded = line.to_lowercase();
    pack.by.iter().find_map(|word| {
        let rest = folded.strip_prefix(word.as_str())?;
        let clean = rest.starts_with(|c: char| c.is_whitespace() || c == ':');
        if !clean || folded.len() != line.len() {
            return None;
        }
        Some(line.get(word.len()..)?.trim_start_matches([':', ' ', '\u{a0}']).trim())
    })
}

fn push_name(names: &mut Vec<String>, name: &str) {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_address =
        name.contains("://") || name.starts_with("www.") || name.starts_with('@') || name.starts_with('/');
    if !name.is_empty()
        && name.chars().count() <= 200
        && !is_address
        && names.len() < MOST
        && !names.contains(&name)
    {
        names.push(name);
    }
}

/// Whether what follows "By" is names: mostly words with capitals, or words without case.
pub(crate) fn looks_like_names(names: &str) -> bool {
    let words: Vec<&str> =
        names.split_whitespace().filter(|word| word.starts_with(char::is_alphabetic)).collect();
    let capitals = words.iter().filter(|word| word.starts_with(|c: char| !c.is_lowercase())).count();
    !words.is_empty() && capitals * 3 >= words.len() * 2
}

/// Two to six words that begin with a capital or have no case at all.
fn looks_like_name(name: &str) -> bool {
    let words: Vec<&str> = name.split_whitespace().collect();
    let digits = name.chars().any(|c| c.is_numeric());
    let capitals = words
        .iter()
        .filter(|word| word.chars().next().is_some_and(|c| !c.is_lowercase() && c.is_alphabetic()))
        .count();
    (2..=6).contains(&words.len()) && !digits && capitals * 3 >= words.len() * 2 && name.chars().count() <= 60
}

/// Cuts a list of names at commas, semicolons, bars and the word "and" of the page's languages.
pub(crate) fn split_names(names: &str, pack: &PagePack) -> Vec<String> {
    let line = strip_opening(names.trim(), pack).unwrap_or(names.trim());
    let mut parts: Vec<String> = Vec::new();
    for part in line.split([',', ';', '|', '/', '•', '·', '،']) {
        let mut current: Vec<&str> = Vec::new();
        let words: Vec<&str> = part.split_whitespace().collect();
        for (at, word) in words.iter().enumerate() {
            let joins = *word == "&"
                || pack
                    .and
                    .iter()
                    .any(|and| *and == word.to_lowercase() && word.chars().all(|c| !c.is_uppercase()));
            if joins && at > 0 && at + 1 < words.len() {
                parts.push(current.join(" "));
                current.clear();
            } else {
                current.push(word);
            }
        }
        parts.push(current.join(" "));
    }
    parts
        .into_iter()
        .map(|part| {
            strip_opening(&part, pack)
                .unwrap_or(&part)
                .trim_matches(|c: char| c == '.' && part.len() < 4 || c == ':' || c == '-')
                .trim()
                .to_owned()
        })
        .map(|part| without_role(&part).to_owned())
        .filter(|part| part.chars().any(char::is_alphabetic) && !part.contains('@'))
        .filter(|part| !matches!(part.to_lowercase().as_str(), "jr" | "jr." | "md" | "phd" | "ph.d."))
        .collect()
}

/// A name without what its bearer is ("Jane Roe Editor") or their initials ("Jane Roe (jro)").
fn without_role(name: &str) -> &str {
    let mut name = name;
    if let Some((front, back)) = name.rsplit_once(" (")
        && let Some(initials) = back.strip_suffix(')')
        && initials.len() <= 5
        && initials.chars().all(char::is_lowercase)
    {
        name = front;
    }
    let mut words: Vec<&str> = name.split(' ').collect();
    while words.len() > 2
        && words.iter().all(|word| word.chars().next().is_some_and(char::is_uppercase))
        && words.last().is_some_and(|last| TITLES.contains(&last.to_lowercase().as_str()))
    {
        words.pop();
    }
    let length: usize = words.iter().map(|word| word.len() + 1).sum::<usize>().saturating_sub(1);
    name.get(..length).unwrap_or(name)
}

/// What people are at an outlet, behind their names.
const TITLES: &[&str] =
    &["editor", "reporter", "correspondent", "writer", "contributor", "staff", "redakteur", "journaliste"];

/// Agency, outlet, role or person, by the registry, the outlet's name and words for roles.
pub(crate) fn kind_of(name: &str, outlet: Option<&str>, registry: &Registry) -> AuthorKind {
    let folded = fold(name);
    for agency in &registry.agencies {
        if agency.names.iter().any(|known| fold(known) == folded) {
            return if agency.kind == "agency" { AuthorKind::Agency } else { AuthorKind::Outlet };
        }
    }
    if outlet.is_some_and(|outlet| is_initials(name, outlet)) {
        return AuthorKind::Outlet;
    }
    if outlet
        .map(fold)
        .is_some_and(|outlet| folded == outlet || (outlet.len() > 5 && folded.contains(&outlet)))
    {
        return AuthorKind::Outlet;
    }
    const ROLES: &[&str] = &[
        "admin",
        "administrator",
        "staff",
        "editor",
        "editors",
        "redaktion",
        "redaction",
        "rédaction",
        "la rédaction",
        "redacción",
        "redazione",
        "editorial",
        "newsroom",
        "news desk",
        "web desk",
        "newsdesk",
        "correspondent",
        "staff writer",
        "staff reporter",
        "редакция",
        "التحرير",
        "webmaster",
        "press release",
    ];
    let role = ROLES.iter().any(|role| {
        folded == *role || folded.ends_with(&format!(" {role}")) || folded.starts_with(&format!("{role} "))
    });
    if role { AuthorKind::Role } else { AuthorKind::Person }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::Packs;

    #[test]
    fn names_are_split() {
        let pack = &Packs::embedded().page;
        let check =
            |names: &str, expected: &[&str]| assert_eq!(split_names(names, pack), expected, "{names}");
        check("By Jane Roe and John Doe", &["Jane Roe", "John Doe"]);
        check("Le Courrier et AFP", &["Le Courrier", "AFP"]);
        check("VZ mit dpa", &["VZ", "dpa"]);
        check("Ana Ruiz, Juan Roa", &["Ana Ruiz", "Juan Roa"]);
        check("Иван Иванов", &["Иван Иванов"]);
    }
}
