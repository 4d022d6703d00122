//! Names that the gazetteer lacks and a head noun vouches for: "quartier de Salaheddine", the other names
//! of its list, and where they stand again.

use selon_gazetteer::{Joint, Shape};
use selon_model::Span;

use super::pack::{CueKind, HeadKind, PlacePack};
use super::recognise::Mention;
use super::scan::{Scan, Tags};

/// The other names after a head noun in the plural: "the towns of Rastan and Telmarouz".
pub(super) fn list_unlisted(scan: &Scan<'_>, pack: &PlacePack, mentions: &mut Vec<Mention>) {
    let mut more: Vec<Mention> = Vec::new();
    for &(_, last, cue) in scan.heads.iter().filter(|(_, _, cue)| pack.cues[*cue].many) {
        let direct = pack.cues[cue].kind == CueKind::HeadDirect;
        let Some(mut at) = (if direct { Some(last + 1) } else { after_linking(scan, last) }) else {
            continue;
        };
        for _ in 0..LISTED {
            let known = mentions.get(mentions.partition_point(|mention| mention.to <= at));
            let end = match known.filter(|mention| mention.from <= at) {
                Some(mention) => mention.to,
                None => {
                    let next = known.map_or(usize::MAX, |mention| mention.from);
                    let free = more.last().is_none_or(|mention| mention.to <= at);
                    let found = named(scan, pack, at, cue).filter(|mention| free && mention.to <= next);
                    let Some(mention) = found else { break };
                    let end = mention.to;
                    more.push(mention);
                    end
                }
            };
            let Some(next) = next_listed(scan, end) else { break };
            at = next;
        }
    }
    if !more.is_empty() {
        mentions.extend(more);
        mentions.sort_by_key(|mention| mention.from);
    }
}

/// Members of a list that are gone through.
const LISTED: usize = 8;

/// The capital word after a comma or "and", past a linking word ("et de Talbissé").
fn next_listed(scan: &Scan<'_>, end: usize) -> Option<usize> {
    let mut at = end;
    let comma = matches!(scan.gap(end.checked_sub(1)?).trim(), "," | "،");
    if !comma && !joined_through(scan, end - 1, end) {
        return None;
    }
    let listed = scan.tags_at(at).has(Tags::LIST);
    at += usize::from(listed);
    if listed && scan.tags_at(at).has(Tags::PREP_WEAK) && scan.word(at)?.shape == Shape::Lower {
        at += 1;
    }
    ((comma || listed) && joined_through(scan, end + usize::from(!listed), at) && scan.capital(at))
        .then_some(at)
}

/// Further mentions of names that a head noun vouched for: "Telmarouz", once "la ville de Telmarouz" was read.
pub(super) fn repeat_unlisted(scan: &Scan<'_>, mentions: &mut Vec<Mention>) {
    let mut names: Vec<&Mention> = mentions.iter().filter(|mention| mention.found.is_none()).collect();
    if names.is_empty() {
        return;
    }
    names.sort_by(|a, b| a.key.cmp(&b.key));
    names.dedup_by(|a, b| a.key == b.key);
    names.truncate(64);
    let mut more = Vec::new();
    for at in (0..scan.words.all().len()).filter(|&at| scan.capital(at)) {
        for name in &names {
            let size = name.to - name.from;
            let same = (0..size).all(|index| scan.folded(at + index) == scan.folded(name.from + index));
            let end = at + size;
            let next = mentions.partition_point(|mention| mention.to <= at);
            let free = mentions.get(next).is_none_or(|mention| mention.from >= end);
            let alone =
                !scan.capital(end) || scan.word(end - 1).is_none_or(|word| word.joint != Joint::Space);
            if same && free && alone && joined_through(scan, at, end - 1) {
                let (Some(first), Some(last)) = (scan.word(at), scan.word(end - 1)) else { continue };
                let span = Span { start: first.start, end: last.end };
                more.push(Mention {
                    from: at,
                    to: end,
                    span,
                    score: 2.0,
                    evidence: Vec::new(),
                    ..(*name).clone()
                });
                break;
            }
        }
    }
    mentions.extend(more);
    mentions.sort_by_key(|mention| mention.from);
}

/// Where a name ends that goes on with "al-" and a capital: "Bab al-Tabbaneh".
pub(super) fn continued(scan: &Scan<'_>, to: usize) -> Option<usize> {
    let spaced = scan.word(to.checked_sub(1)?).is_some_and(|word| word.joint == Joint::Space);
    (spaced && is_particle(scan, to) && !scan.tags_at(to).has(Tags::ARTICLE)).then_some(to + 2)
}

/// The first word of a name after "of", "de", "d'", "de la": one or two linking words.
pub(super) fn after_linking(scan: &Scan<'_>, last: usize) -> Option<usize> {
    for at in last + 1..last + 4 {
        if !joined_through(scan, last, at) {
            return None;
        }
        let word = scan.word(at)?;
        let tags = scan.tags_at(at);
        // "City of …", and not "city and …" nor "city the …".
        let links = tags.has(Tags::PREP_WEAK) && !tags.has(Tags::LIST);
        let reaches = links || (at > last + 1 && tags.has(Tags::ARTICLE));
        if word.shape != Shape::Lower || !reaches {
            return (at > last + 1).then_some(at);
        }
    }
    None
}

pub(super) fn joined_through(scan: &Scan<'_>, from: usize, to: usize) -> bool {
    (from..to).all(|at| scan.word(at).is_some_and(|word| word.joint != Joint::Break))
}

/// "Suburb of Daraya": a name follows the linking word.
pub(super) fn is_name_after(scan: &Scan<'_>, last: usize) -> bool {
    after_linking(scan, last).is_some_and(|at| scan.capital(at))
}

/// The run of capitals that ends right before a word, with an article of Arabic names ("al-Salehia").
pub(super) fn run_before(scan: &Scan<'_>, to: usize) -> Option<usize> {
    let mut start = to;
    while start > 0 && to - start < 4 && scan.capital(start - 1) {
        if scan.word(start - 1).is_none_or(|word| word.joint == Joint::Break) {
            break;
        }
        start -= 1;
    }
    let named = start < to
        && scan.sentence(start).from < start
        && !scan.tags_at(start).has(Tags::PREMODIFIER)
        && !(start..to).any(|at| scan.tags_at(at).has(Tags::TITLE) || scan.ends[at].has(Tags::HEAD));
    named.then(|| if start > 0 && is_particle(scan, start - 1) { start - 1 } else { start })
}

/// "al-" before a capital.
fn is_particle(scan: &Scan<'_>, at: usize) -> bool {
    scan.tags_at(at).has(Tags::PARTICLE) && scan.gap(at) == "-" && scan.capital(at + 1)
}

/// A name that a head noun vouches for and the gazetteer lacks: "quartier de Salaheddine".
pub(super) fn unlisted(
    scan: &Scan<'_>,
    pack: &PlacePack,
    from: usize,
    last: usize,
    cue: usize,
    (next_hit, hit_end): (usize, usize),
    previous: Option<&Mention>,
) -> Option<Mention> {
    let kind = pack.cues[cue].head?;
    let mut end = 0;
    let start = match pack.cues[cue].kind {
        // "the Salaheddine district of Aleppo", where Aleppo is a name of its own.
        CueKind::HeadOf
            if matches!(kind, HeadKind::Neighbourhood | HeadKind::Suburb)
                && after_linking(scan, last) == Some(next_hit)
                && run_before(scan, from).is_some() =>
        {
            end = from;
            run_before(scan, from)?
        }
        CueKind::HeadOf => after_linking(scan, last)?,
        CueKind::HeadDirect if joined_through(scan, last, last + 1) => last + 1,
        CueKind::HeadAfter
            if matches!(kind, HeadKind::Neighbourhood | HeadKind::Village | HeadKind::Suburb) =>
        {
            end = from;
            run_before(scan, from)?
        }
        _ => return None,
    };
    // "The town of Al Tabqah": the article alone may be a name somewhere.
    let is_article =
        hit_end == start + 1 && scan.tags_at(start).has(Tags::PARTICLE) && scan.capital(start + 1);
    if start > next_hit
        || start == next_hit && !is_article
        || !matches!(
            kind,
            HeadKind::Neighbourhood
                | HeadKind::Suburb
                | HeadKind::Village
                | HeadKind::City
                | HeadKind::Admin1
                | HeadKind::Admin2
        )
    {
        return None;
    }
    let taken = if end > 0 { start } else { from };
    if previous.is_some_and(|mention| mention.to > taken) {
        return None;
    }
    if end > 0 {
        return name_between(scan, pack, start, end, cue);
    }
    named(scan, pack, start, cue)
}

/// The name of capital words that begins at a word, for which a head noun vouches.
fn named(scan: &Scan<'_>, pack: &PlacePack, start: usize, cue: usize) -> Option<Mention> {
    let mut end = if is_particle(scan, start) { start + 1 } else { start };
    let first = end;
    while end < first + 4 && scan.capital(end) {
        end += 1;
        // "Urum al Kubra", "Deir az-Zour".
        let tags = scan.tags_at(end);
        if tags.has(Tags::PARTICLE)
            && !tags.has(Tags::ARTICLE)
            && scan.capital(end + 1)
            && joined_through(scan, end - 1, end + 1)
        {
            end += 1;
            continue;
        }
        if scan.word(end - 1).is_none_or(|word| word.joint != Joint::Space && scan.gap(end - 1) != "-") {
            break;
        }
    }
    name_between(scan, pack, start, end, cue)
}

fn name_between(scan: &Scan<'_>, pack: &PlacePack, start: usize, end: usize, cue: usize) -> Option<Mention> {
    let kind = pack.cues[cue].head?;
    if end <= start
        || scan.tags_at(start).has(Tags::PREMODIFIER)
        || scan.tags_at(start).has(Tags::TITLE)
        || scan.sentence(start).titled
        || (scan.tags_at(start).has(Tags::GIVEN) && end - start > 1)
        || is_no_name(scan, start, end)
    {
        return None;
    }
    let span = Span { start: scan.word(start)?.start, end: scan.word(end - 1)?.end };
    Some(Mention {
        from: start,
        to: end,
        span,
        found: None,
        key: selon_gazetteer::fold(span.of(scan.text)),
        score: 3.0,
        demonym: false,
        part_of_name: false,
        head: Some(kind),
        located: false,
        container: None,
        bracketed: false,
        evidence: Vec::new(),
        rule: pack.cues[cue].rule.clone(),
    })
}

/// A common word, an acronym, or the name of a body: "the Department of Education", "cities with AIDS",
/// "a stronghold of the Daesh group".
fn is_no_name(scan: &Scan<'_>, start: usize, end: usize) -> bool {
    let tags = scan.tags_at(start);
    let acronym = scan.word(start).is_some_and(|word| word.shape == Shape::Upper);
    let common = end - start == 1 && (tags.has(Tags::COMMON) || tags.has(Tags::NEVER) || acronym);
    let body = joined_through(scan, end - 1, end) && scan.tags_at(end).has(Tags::ORG_AFTER);
    common || body
}
