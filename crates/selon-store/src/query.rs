//! The search language: what somebody types, in the words of the index.
//!
//! Words, `"phrases"`, `AND OR NOT ( )`, ranges, `field:value`. A plain word is looked for as it is
//! written and by its stem; one that may be a name also by its skeleton, and one that names a place
//! also by the place, so that it finds reports in other scripts. A quoted phrase is looked for as it
//! is written, and where all its words may be names, by their skeletons. What a word stands for
//! outside the index (skeletons, places, stories) is asked of [`Lookups`].

use std::fmt::Write as _;

use selon_model::{ReportId, Result};

/// Places of one name that are looked for.
const MOST_PLACES: usize = 50;

/// Fields that go by another name in the index.
const NAMES: &[(&str, &str)] = &[
    ("speaker", "source"),
    ("outlet", "publisher"),
    ("source.kind", "source_kind"),
    ("figure.unit", "figure_unit"),
    ("figure.event", "figure_event"),
    ("figure.value", "figure_value"),
];

/// Fields of days.
const DAYS: &[&str] = &["published", "captured", "happened"];

/// What words of a query stand for outside the index.
pub trait Lookups {
    /// The skeleton of a word that may be a name.
    fn skeleton(&self, word: &str) -> Option<String>;
    /// Ids of the places that go by a name.
    fn places(&self, name: &str) -> Vec<String>;
    /// The reports of the story whose id begins so.
    ///
    /// # Errors
    /// Where there is no such story, or several.
    fn story(&self, id: &str) -> Result<Vec<ReportId>>;
    /// Reports whose text other outlets print too.
    ///
    /// # Errors
    /// Where the archive cannot be read.
    fn wire_copies(&self) -> Result<Vec<ReportId>>;
}

/// A piece of a query.
#[derive(Clone, Debug, PartialEq)]
enum Piece {
    /// A field, and whether its value follows in quotation marks.
    Field(String),
    Word(String),
    /// With what follows it: `~2`, `*`.
    Phrase(String, String),
    /// `[a TO b]`, `{a TO b}`
    Range(String),
    /// A parenthesis or a sign before a piece.
    Mark(char),
}

/// A query in the words of the index.
pub(crate) fn in_words_of_index(query: &str, lookups: &dyn Lookups) -> Result<String> {
    let pieces = cut(query);
    let mut out = String::with_capacity(query.len() * 2);
    let mut negated = false;
    let mut index = 0;
    while index < pieces.len() {
        let next = pieces.get(index + 1);
        let before = out.len();
        match &pieces[index] {
            Piece::Word(word) if word == "NOT" => {
                negated = true;
                index += 1;
                continue;
            }
            Piece::Word(word) if word == "AND" || word == "OR" => {
                // A negated piece is joined by its sign alone.
                let skip = word == "AND" && matches!(next, Some(Piece::Word(word)) if word == "NOT");
                if !skip {
                    out.push_str(word);
                    out.push(' ');
                }
            }
            Piece::Mark(mark) => out.push(*mark),
            Piece::Field(field) => {
                index += 1;
                push_field(&mut out, field, next, lookups)?;
            }
            Piece::Word(word) => push_word(&mut out, word, lookups),
            Piece::Phrase(phrase, after) => push_phrase(&mut out, phrase, after, lookups),
            Piece::Range(range) => out.push_str(range),
        }
        if std::mem::take(&mut negated) {
            out.insert(before, '-');
        }
        if !matches!(pieces[index.min(pieces.len() - 1)], Piece::Mark('(' | '-' | '+')) && !out.ends_with(' ')
        {
            out.push(' ');
        }
        index += 1;
    }
    Ok(out.trim_end().to_owned())
}

fn cut(query: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = query;
    loop {
        rest = rest.trim_start();
        let Some(c) = rest.chars().next() else { return pieces };
        let after_field = matches!(pieces.last(), Some(Piece::Field(_)));
        match c {
            '(' | ')' => {
                pieces.push(Piece::Mark(c));
                rest = &rest[1..];
            }
            '-' | '+' if !after_field && rest.len() > 1 => {
                pieces.push(Piece::Mark(c));
                rest = &rest[1..];
            }
            '"' | '“' | '”' | '«' => {
                let inside = &rest[c.len_utf8()..];
                let end = inside.find(['"', '“', '”', '»']).unwrap_or(inside.len());
                let close = inside[end..].chars().next().map_or(0, char::len_utf8);
                rest = &inside[end + close..];
                let after = rest.find(|c: char| !matches!(c, '~' | '*' | '0'..='9')).unwrap_or(rest.len());
                pieces.push(Piece::Phrase(inside[..end].to_owned(), rest[..after].to_owned()));
                rest = &rest[after..];
            }
            '[' | '{' if after_field => {
                let end = rest.find([']', '}']).map_or(rest.len(), |end| end + 1);
                pieces.push(Piece::Range(rest[..end].to_owned()));
                rest = &rest[end..];
            }
            _ => {
                let ends = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '"' | '“' | '”' | '«');
                let end = rest.find(ends).unwrap_or(rest.len());
                let word = &rest[..end];
                let is_name = |name: &str| {
                    !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'.' || b == b'_')
                };
                match word.split_once(':').filter(|(name, _)| !after_field && is_name(name)) {
                    Some((name, _)) => {
                        pieces.push(Piece::Field(name.to_owned()));
                        rest = &rest[name.len() + 1..];
                    }
                    None => {
                        pieces.push(Piece::Word(word.to_owned()));
                        rest = &rest[end..];
                    }
                }
            }
        }
    }
}

fn push_field(out: &mut String, field: &str, value: Option<&Piece>, lookups: &dyn Lookups) -> Result<()> {
    let (word, phrase) = match value {
        Some(Piece::Word(word)) => (word.as_str(), false),
        Some(Piece::Phrase(phrase, _)) => (phrase.as_str(), true),
        Some(Piece::Range(range)) => {
            let range = if DAYS.contains(&field) { days(range) } else { range.clone() };
            out.push_str(name_of(field));
            out.push(':');
            out.push_str(&range);
            return Ok(());
        }
        // Nothing to look for: what was typed goes on, and the parser says what is wrong with it.
        Some(Piece::Mark(mark)) => {
            let _ = write!(out, "{}:{mark}", name_of(field));
            return Ok(());
        }
        Some(Piece::Field(_)) | None => {
            let _ = write!(out, "{}:", name_of(field));
            return Ok(());
        }
    };
    match field {
        "story" => push_ids(out, &lookups.story(word)?),
        "is" if word == "wire-copy" => push_ids(out, &lookups.wire_copies()?),
        "name" => {
            let skeletons = word.split_whitespace().filter_map(|word| lookups.skeleton(&capitalised(word)));
            let all: Vec<String> = skeletons.map(|skeleton| format!("name:{skeleton}")).collect();
            match all.is_empty() {
                true => push_ids(out, &[]),
                false => push_all(out, &all),
            }
        }
        "place" => {
            let places = of_places(word, lookups);
            let written = format!("place:{}", quoted(word));
            match places {
                Some(places) => {
                    let _ = write!(out, "({written} OR {places})");
                }
                None => out.push_str(&written),
            }
        }
        _ if DAYS.contains(&field) => {
            let _ = write!(out, "{field}:{}", days(word));
        }
        _ => {
            let _ = match phrase || word.contains('\'') {
                true => write!(out, "{}:{}", name_of(field), quoted(word)),
                false => write!(out, "{}:{word}", name_of(field)),
            };
        }
    }
    Ok(())
}

fn name_of(field: &str) -> &str {
    NAMES.iter().find(|(name, _)| *name == field).map_or(field, |(_, name)| name)
}

fn push_word(out: &mut String, word: &str, lookups: &dyn Lookups) {
    if word.contains(['\'', '’']) {
        // "l'armée" is two words in a row.
        out.push_str(&quoted(word));
        return;
    }
    let is_plain = word.chars().all(|c| selon_model::is_of_word(c) || c == '-');
    let skeleton = lookups.skeleton(word).filter(|_| is_plain);
    let places = is_plain.then(|| of_places(word, lookups)).flatten();
    if skeleton.is_none() && places.is_none() {
        out.push_str(word);
        return;
    }
    let _ = write!(out, "({word}");
    if let Some(skeleton) = skeleton {
        let _ = write!(out, " OR name:{skeleton}^0.5");
    }
    if let Some(places) = places {
        let _ = write!(out, " OR {places}");
    }
    out.push(')');
}

fn push_phrase(out: &mut String, phrase: &str, after: &str, lookups: &dyn Lookups) {
    let quoted = quoted(phrase);
    let _ = write!(out, "(title:{quoted}{after} OR text:{quoted}{after}");
    let skeletons: Option<Vec<String>> = phrase
        .split(|c: char| !selon_model::is_of_word(c))
        .filter(|word| !word.is_empty())
        .map(|word| lookups.skeleton(word).map(|skeleton| format!("name:{skeleton}^0.5")))
        .collect();
    if let Some(skeletons) = skeletons.filter(|skeletons| !skeletons.is_empty()) {
        out.push_str(" OR ");
        push_all(out, &skeletons);
    }
    if let Some(places) = of_places(phrase, lookups) {
        let _ = write!(out, " OR {places}");
    }
    out.push(')');
}

/// The places that a name stands for, where it is written like a name.
fn of_places(name: &str, lookups: &dyn Lookups) -> Option<String> {
    let first = name.chars().next()?;
    if first.is_lowercase() || !first.is_alphabetic() {
        return None;
    }
    let places = lookups.places(name);
    let places: Vec<String> = places.iter().take(MOST_PLACES).map(|id| format!("\"{id}\"")).collect();
    (!places.is_empty()).then(|| format!("place_id: IN [{}]", places.join(" ")))
}

fn push_all(out: &mut String, all: &[String]) {
    let _ = write!(out, "({})", all.join(" AND "));
}

fn push_ids(out: &mut String, ids: &[ReportId]) {
    let ids: Vec<String> = ids.iter().map(|id| format!("\"{id}\"")).collect();
    let _ = write!(out, "id: IN [{}]", ids.join(" "));
}

fn quoted(words: &str) -> String {
    format!("\"{}\"", words.replace(['"', '\\'], " "))
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}

/// Days as a range of the index: `2016`, `2016-07`, `>2016-07`, `[2016-07 TO 2016-08-12]`. What is
/// none goes on as it is.
fn days(value: &str) -> String {
    let range = |from: &str, until: &str| format!("[{} TO {}]", first_of(from), last_of(until));
    if let Some(inside) = value.strip_prefix(['[', '{']) {
        let inside = inside.trim_end_matches([']', '}']);
        return match inside.split_once(" TO ") {
            Some((from, until)) => range(from.trim(), until.trim()),
            None => value.to_owned(),
        };
    }
    for (sign, at_end) in [(">=", false), ("<=", true), (">", true), ("<", false)] {
        if let Some(day) = value.strip_prefix(sign) {
            return format!("{sign}{}", if at_end { last_of(day) } else { first_of(day) });
        }
    }
    if is_part_of_date(value) { range(value, value) } else { value.to_owned() }
}

fn is_part_of_date(value: &str) -> bool {
    matches!(value.len(), 4 | 7)
        && value
            .bytes()
            .enumerate()
            .all(|(at, byte)| if at == 4 { byte == b'-' } else { byte.is_ascii_digit() })
}

fn first_of(value: &str) -> String {
    match (is_part_of_date(value), value.len()) {
        (true, 4) => format!("{value}-01-01"),
        (true, _) => format!("{value}-01"),
        _ => value.to_owned(),
    }
}

/// Days are compared as strings, so every month may end on its 31st.
fn last_of(value: &str) -> String {
    match (is_part_of_date(value), value.len()) {
        (true, 4) => format!("{value}-12-31"),
        (true, _) => format!("{value}-31"),
        _ => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use selon_model::Digest;

    struct Few;

    impl Lookups for Few {
        fn skeleton(&self, word: &str) -> Option<String> {
            word.starts_with(char::is_uppercase).then(|| word.to_lowercase())
        }

        fn places(&self, name: &str) -> Vec<String> {
            if name == "Alep" { vec!["geonames:170063".into()] } else { vec![] }
        }

        fn story(&self, id: &str) -> Result<Vec<ReportId>> {
            Ok(vec![ReportId(Digest::of(id.as_bytes()))])
        }

        fn wire_copies(&self) -> Result<Vec<ReportId>> {
            Ok(vec![])
        }
    }

    fn check(query: &str, expected: &str) {
        assert_eq!(in_words_of_index(query, &Few).unwrap(), expected, "{query}");
    }

    #[test]
    fn operators_and_words() {
        check("flood bridge", "flood bridge");
        check("flood AND NOT bridge", "flood -bridge");
        check("NOT lang:fr flood", "-lang:fr flood");
        check("NOT (a OR b) c", "-(a OR b ) c");
        check("-lang:fr (a OR b)", "-lang:fr (a OR b )");
        check("l'armée", "\"l'armée\"");
        check("(a OR", "(a OR");
    }

    #[test]
    fn names_and_phrases() {
        check("Poutine", "(Poutine OR name:poutine^0.5)");
        check("NOT Poutine", "-(Poutine OR name:poutine^0.5)");
        check("\"at least nine\"", "(title:\"at least nine\" OR text:\"at least nine\")");
        check(
            "\"Vladimir Putin\"~2",
            "(title:\"Vladimir Putin\"~2 OR text:\"Vladimir Putin\"~2 OR (name:vladimir^0.5 AND name:putin^0.5))",
        );
        check("Alep", "(Alep OR name:alep^0.5 OR place_id: IN [\"geonames:170063\"])");
        check("name:putin", "(name:putin)");
    }

    #[test]
    fn fields() {
        check("figure.unit:persons speaker:army", "figure_unit:persons source:army");
        check("figure.value:>10000", "figure_value:>10000");
        check("source:\"the ministry\"", "source:\"the ministry\"");
        check("place:Alep", "(place:\"Alep\" OR place_id: IN [\"geonames:170063\"])");
        let id = ReportId(Digest::of(b"4c19"));
        check("NOT story:4c19", &format!("-id: IN [\"{id}\"]"));
    }

    #[test]
    fn days_and_parts_of_dates() {
        check("published:2016-07", "published:[2016-07-01 TO 2016-07-31]");
        check("published:2016", "published:[2016-01-01 TO 2016-12-31]");
        check("happened:2016-07-27", "happened:2016-07-27");
        check("published:>2016-07", "published:>2016-07-31");
        check("captured:>=2016-07", "captured:>=2016-07-01");
        check("published:[2016-07 TO 2016-08-12]", "published:[2016-07-01 TO 2016-08-12]");
    }
}
