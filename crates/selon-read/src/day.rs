//! The day a text speaks from, where nothing says when it was published.
//!
//! A text that lost its page may open with its day: "27 July 2016 Two blasts hit the town". A remnant
//! has no date of its own, but its words may name one ("ce lundi 12 décembre") and its posts give the
//! year. Both must agree: a day with its weekday, and a post within a day of it. The result is marked
//! inferred; nothing is taken from posts alone.

use std::collections::BTreeSet;

use selon_model::{DateEvidence, EmbeddedPost, Precision, RuleId, TimeFlag, TimeKind, TimeMention, When};

/// Bytes of a text within which the day that it opens with begins: a headline and a place.
const HEAD: u32 = 250;

/// The day that a text opens with: a whole date, the first of all, that no sentence leads to and that
/// none goes on from. `labels` are words such as "published", `stop` those that tell nothing.
pub(crate) fn head_day(
    text: &str,
    times: &[TimeMention],
    labels: &[String],
    stop: &BTreeSet<String>,
) -> Option<When> {
    let dated = |mention: &&TimeMention| {
        matches!(mention.kind, TimeKind::Date | TimeKind::Time)
            && mention.grain <= Precision::Day
            && mention.from.is_some()
            && mention.parts.is_empty()
    };
    let mention = times.iter().find(dated)?;
    let is_whole = !mention.flags.contains(&TimeFlag::YearInferred) && mention.anchor_time.is_none();
    let (before, after) = (text[..mention.span.from()].trim_end(), &text[mention.span.to()..]);
    let stands_apart = opens_after(before, labels, stop) && ends_before(after);
    if !is_whole || mention.span.start > HEAD || !stands_apart {
        return None;
    }
    Some(When {
        inferred: true,
        evidence: Some(DateEvidence::Text),
        span: Some(mention.span),
        ..When::day(mention.from?.date(), RuleId::core("core.published.head_of_text"))
    })
}

/// Whether words before a day do not lead to it: none, a label, a mark, or a name or headline.
fn opens_after(before: &str, labels: &[String], stop: &BTreeSet<String>) -> bool {
    let Some(word) = before.split_whitespace().next_back() else { return true };
    let lower = before.to_lowercase();
    let is_label = |label: &String| {
        lower.strip_suffix(label.as_str()).is_some_and(|rest| !rest.ends_with(char::is_alphanumeric))
    };
    let name = word.trim_matches(|c: char| !c.is_alphanumeric());
    labels.iter().any(is_label)
        || name.is_empty()
        || name.starts_with(char::is_uppercase) && !stop.contains(&name.to_lowercase())
}

/// Whether no sentence goes on after a day: the line ends, or another begins.
fn ends_before(after: &str) -> bool {
    let begins = |c: char| c.is_alphanumeric() || matches!(c, '"' | '“' | '«' | '\n');
    match after.find(begins).map(|at| (&after[..at], &after[at..])) {
        None => true,
        Some((between, rest)) => {
            let first = rest.chars().next().unwrap_or('\n');
            !first.is_alphabetic()
                || first.is_uppercase()
                || !first.is_lowercase() && !between.trim().is_empty()
        }
    }
}

/// Days between the day named and a post that bears it out.
const NEAR_DAYS: i32 = 1;

/// The first day with its weekday whose year the posts give, and that a post bears out.
pub(crate) fn own_day(times: &[TimeMention], posts: &[EmbeddedPost]) -> Option<When> {
    let mention = times.iter().find(|mention| {
        let weekday_agrees = !mention.alternatives.is_empty();
        // "Ce vendredi 13 mars à l'aube" names its day, too.
        matches!(mention.kind, TimeKind::Date | TimeKind::Time)
            && mention.grain <= Precision::Day
            && mention.flags.contains(&TimeFlag::YearInferred)
            && weekday_agrees
            && borne_out(mention, posts)
    })?;
    let day = mention.parts.iter().find(|part| !part.value.contains('T')).map(|part| part.span);
    let rule = RuleId::core("core.published.day_and_posts");
    Some(When {
        inferred: true,
        evidence: Some(DateEvidence::Posts),
        span: Some(day.unwrap_or(mention.span)),
        ..When::day(mention.from?.date(), rule)
    })
}

/// Times read again with the day known, with what the first reading knew: that their year was
/// inferred, and which other years would fit.
pub(crate) fn keep_inferred(again: &mut [TimeMention], first: &[TimeMention]) {
    for mention in again {
        let Some(before) = first.iter().find(|before| before.span == mention.span) else { continue };
        if before.flags.contains(&TimeFlag::YearInferred) && !mention.flags.contains(&TimeFlag::YearInferred)
        {
            mention.flags.push(TimeFlag::YearInferred);
            mention.alternatives.clone_from(&before.alternatives);
        }
    }
}

fn borne_out(mention: &TimeMention, posts: &[EmbeddedPost]) -> bool {
    let Some(day) = mention.from.map(|from| from.date()) else { return false };
    posts
        .iter()
        .filter_map(|post| post.posted.as_ref()?.date())
        .any(|posted| day.since(posted).is_ok_and(|between| between.get_days().abs() <= NEAR_DAYS))
}

#[cfg(test)]
mod tests {
    use selon_model::Lang;

    use crate::{Packs, read_text};

    #[test]
    fn a_text_that_opens_with_its_day() {
        let check = |lang: &str, text: &str, day: Option<&str>| {
            let lang = Lang::new(lang).expect("a language");
            let report = read_text(text, &lang, None, Packs::embedded());
            let read = report.published.as_ref().and_then(|when| when.edtf.as_deref());
            assert_eq!(read, day, "{text}");
        };
        let day = Some("2016-07-27");
        check("en", "27 July 2016 Two blasts hit the town of Tarvena.", day);
        check("en", "Published July 27 2016 Two blasts hit the town of Tarvena.", day);
        check("en", "Blasts Hit Tarvena Wednesday 27 Jul 2016 Two blasts hit the town.", day);
        check("en", "Tarvena, 27 July 2016. Two blasts hit the town.", day);
        check("fr", "27 juillet 2016\nDeux explosions ont frappé la ville.", day);
        check("en", "On 27 July 2016 two blasts hit the town of Tarvena.", None);
        check("en", "On 27 July 2016, Russian planes hit the town of Tarvena.", None);
        check("en", "27 July 2016 was a day of two blasts.", None);
        check("en", "The war began in July 2015. Two blasts hit the town of Tarvena on 27 July 2016.", None);
        check("en", "27 July Two blasts hit the town of Tarvena.", None);
    }
}
