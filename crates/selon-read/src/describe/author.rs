//! Who wrote it, as the page says: never from an address, a handle or a photo credit.

use selon_model::{Author, AuthorKind, Registry, RuleId};
use serde_json::Value;

use super::byline_line::without_place;
use super::head::Head;
use super::json_ld::{has_type, unescape};
use super::pack::PagePack;
use crate::words::fold;

/// Authors of one page at most.
const MOST: usize = 20;

/// Words of the page that call themselves a byline.
#[derive(Clone, Debug)]
pub(crate) struct Byline {
    /// As the page has them.
    pub(crate) text: String,
    /// The page says that they are an author's name: one word is enough.
    pub(crate) name: bool,
}

/// Finds the authors: JSON-LD, then meta elements, then bylines in the page, in document order. `signatures`: the last paragraphs, which
/// may end with "(VZ/dpa)".
pub(crate) fn find_authors(
    head: &Head,
    bylines: &[Byline],
    signatures: &[&str],
    outlet: Option<&str>,
    registry: &Registry,
    pack: &PagePack,
) -> Vec<Author> {
    let mut names: Vec<String> = Vec::new();
    let mut organisations: Vec<String> = Vec::new();
    let mut from = "json_ld";
    if let Some(author) =
        head.article().and_then(|article| article.get("author").or_else(|| article.get("creator")))
    {
        from_data(author, head, &mut names, &mut organisations);
    }
    let kind = |name: &str| match kind_of(name, outlet, registry, pack) {
        // An organisation that is no agency and writes here publishes here.
        AuthorKind::Person if organisations.iter().any(|other| fold(other) == fold(name)) => {
            AuthorKind::Outlet
        }
        kind => kind,
    };
    let only_outlet = |names: &[String]| {
        let mut names = names.iter().flat_map(|name| split_names(name, pack));
        names.all(|name| matches!(kind(&name), AuthorKind::Outlet | AuthorKind::Role))
    };
    let is_own = |name: &String| names_outlet(name, outlet);
    let others = || {
        let others = head.data.iter().filter_map(|object| object.get("author")).map(|author| {
            let mut others = Vec::new();
            from_data(author, head, &mut others, &mut Vec::new());
            others
        });
        let mut others = others.filter(|names| !names.is_empty() && !only_outlet(names));
        others.next().unwrap_or_default()
    };
    let authored = head.article().is_some_and(|article| article.get("author").is_some());
    if names.is_empty() && authored {
        // The name was lost on the way: another object of the page may have it.
        names = others();
    }
    let data = names.clone();
    if names.is_empty() || only_outlet(&names) {
        let found = from_meta(head, pack);
        // The outlet and its town are an address.
        let address = found.iter().any(|found| {
            let parts = split_names(found, pack);
            parts.len() > 1 && parts.first().is_some_and(is_own)
        });
        if !found.is_empty() && (data.is_empty() || !(address || only_outlet(&found))) {
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
    if !names.is_empty() && only_outlet(&names) {
        let found = others();
        if !found.is_empty() {
            names = found;
            from = "json_ld";
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
        let name = without_place(&name, registry).map_or_else(|| name.clone(), str::to_owned);
        let known = authors.iter().any(|author: &Author| fold(&author.name) == fold(&name));
        if known || authors.len() >= MOST {
            continue;
        }
        let kind = kind(&name);
        authors.push(Author { name, kind, from: from.to_owned(), rule: RuleId::core("core.page.author") });
    }
    // The outlet beside one of its people is where they work, not a second author.
    if authors.iter().any(|author| author.kind == AuthorKind::Person) {
        let own = outlet.map(fold);
        authors.retain(|author| author.kind != AuthorKind::Outlet || Some(fold(&author.name)) != own);
    }
    authors
}

/// People whom the page's data names as authors, folded, names of one word left out.
pub(crate) fn stated_people(head: &Head) -> Vec<String> {
    let mut names = Vec::new();
    if let Some(author) = head.article().and_then(|article| article.get("author")) {
        from_data(author, head, &mut names, &mut Vec::new());
    }
    names.iter().map(|name| fold(name)).filter(|name| name.split_whitespace().count() >= 2).collect()
}

/// Names out of JSON-LD: strings, objects, lists, and references to other objects of the page.
/// `organisations`: those of them that the page types as one.
fn from_data(value: &Value, head: &Head, names: &mut Vec<String>, organisations: &mut Vec<String>) {
    let mut open = vec![(value, 0)];
    while let Some((value, depth)) = open.pop() {
        match value {
            _ if depth > 4 || names.len() >= MOST => return,
            Value::String(name) => push_name(names, &unescape(name)),
            Value::Array(list) => open.extend(list.iter().rev().map(|item| (item, depth + 1))),
            Value::Object(object) => match object.get("name") {
                Some(name) => {
                    if has_type(value, |kind| kind.ends_with("Organization")) {
                        organisations.extend(name.as_str().map(|name| unescape(name.trim())));
                    }
                    open.push((name, depth + 1));
                }
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

fn from_meta(head: &Head, pack: &PagePack) -> Vec<String> {
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
                && !head.metas.iter().any(|(key, label)| {
                    key == "twitter:label1" && pack.by.contains(&label.trim().to_lowercase())
                })
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

/// The first byline that holds a name; where none does, the first that is one word which the page
/// calls an author.
fn from_bylines(
    bylines: &[Byline],
    outlet: Option<&str>,
    registry: &Registry,
    pack: &PagePack,
) -> Vec<String> {
    let fits = |name: &str| {
        let name = without_place(name, registry).unwrap_or(name);
        let known =
            || matches!(kind_of(name, outlet, registry, pack), AuthorKind::Agency | AuthorKind::Outlet);
        looks_like_name(name) || known()
    };
    let first = |fits: &dyn Fn(&str) -> bool, sure: bool| {
        let bylines = bylines.iter().filter(|byline| byline.name || !sure);
        let mut lines = bylines.flat_map(|byline| byline.text.lines()).map(str::trim);
        lines.find_map(|line| {
            let mut names = Vec::new();
            if line.chars().count() <= 120 {
                let list = split_names(strip_opening(line, pack).unwrap_or(line), pack);
                list.iter().filter(|name| fits(name)).for_each(|name| push_name(&mut names, name));
            }
            (!names.is_empty()).then_some(names)
        })
    };
    first(&fits, false).or_else(|| first(&|name| is_one_word(name, pack), true)).unwrap_or_default()
}

/// A name of one word, as people call themselves on their own pages.
fn is_one_word(name: &str, pack: &PagePack) -> bool {
    let lower = name.to_lowercase();
    let length = name.chars().count();
    (3..=30).contains(&length)
        && name.starts_with(char::is_alphabetic)
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '\''))
        && ![&pack.by, &pack.and, &pack.roles, &pack.published, &pack.modified]
            .iter()
            .any(|words| words.iter().any(|word| word.trim_end_matches(':') == lower))
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
    let fits = |name: &String| {
        matches!(kind_of(name, outlet, registry, pack), AuthorKind::Agency | AuthorKind::Outlet)
    };
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
    // A name that begins with a comma has lost what stood before it; ©, that of a picture's owner.
    let whole = !name.starts_with([',', ';', '(', '©']);
    if !name.is_empty()
        && whole
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
        .map(|part| without_role(&part, pack).to_owned())
        .filter(|part| part.chars().any(char::is_alphabetic) && !part.contains('@'))
        // Half a bracket is a credit that was cut at a comma.
        .filter(|part| !part.starts_with('(') && part.contains('(') == part.contains(')'))
        .filter(|part| !pack.degrees.contains(&part.to_lowercase()))
        .collect()
}

/// A name without what its bearer is ("Jane Roe Editor") or their initials ("Jane Roe (jro)").
fn without_role<'n>(name: &'n str, pack: &PagePack) -> &'n str {
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
        && words.last().is_some_and(|last| pack.titles.contains(&last.to_lowercase()))
    {
        words.pop();
    }
    let length: usize = words.iter().map(|word| word.len() + 1).sum::<usize>().saturating_sub(1);
    name.get(..length).unwrap_or(name)
}

/// Agency, outlet, role or person, by the registry, the outlet's name and words for roles.
pub(crate) fn kind_of(name: &str, outlet: Option<&str>, registry: &Registry, pack: &PagePack) -> AuthorKind {
    let folded = fold(name);
    let first = folded.chars().next();
    // Most names differ in their first letter.
    let may_be = |known: &&String| {
        let own = known.chars().next().filter(|c| c.is_alphanumeric());
        own.is_none_or(|c| c.to_lowercase().next() == first)
    };
    for agency in &registry.agencies {
        if agency.names.iter().filter(may_be).any(|known| fold(known) == folded) {
            return if agency.kind == "agency" { AuthorKind::Agency } else { AuthorKind::Outlet };
        }
    }
    if names_outlet(name, outlet) || is_domain(name) {
        return AuthorKind::Outlet;
    }
    let role = pack.roles.iter().any(|role| {
        folded == *role || folded.ends_with(&format!(" {role}")) || folded.starts_with(&format!("{role} "))
    });
    if role { AuthorKind::Role } else { AuthorKind::Person }
}

/// Whether `name` is the outlet: its name, its first letters, or its name with more.
fn names_outlet(name: &str, outlet: Option<&str>) -> bool {
    outlet.is_some_and(|outlet| {
        let (name_folded, folded) = (fold(name), fold(outlet));
        is_initials(name, outlet)
            || name_folded == folded
            || (folded.len() > 5 && name_folded.contains(&folded))
    })
}

/// "example.org": whoever signs so is the site.
fn is_domain(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(front, end)| {
        (2..=3).contains(&end.len())
            && end.bytes().all(|byte| byte.is_ascii_lowercase())
            && front.len() > 2
            && !name.contains(char::is_whitespace)
    })
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
        check("Text: Ana Ruiz", &["Ana Ruiz"]);
        check("Ana Rio og Jan Rud", &["Ana Rio", "Jan Rud"]);
        check("Jane Roe (Image: Agency, Stock)", &[]);
        check("Jane Roe, (Image: Agency)", &["Jane Roe"]);
    }

    #[test]
    fn sites_sign_with_their_domain() {
        for (name, site) in
            [("valley.example", false), ("valley.org", true), ("J.R.", false), ("Dr. Roe", false)]
        {
            assert_eq!(is_domain(name), site, "{name}");
        }
    }
}
