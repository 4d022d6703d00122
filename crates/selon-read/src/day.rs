//! The day a remnant speaks from, where nothing says when it was published.
//!
//! A remnant has no date of its own, but its words may name one ("ce lundi 12 décembre") and its
//! posts give the year. Both must agree: a day with its weekday, and a post within a day of it.
//! The result is marked inferred; nothing is taken from posts alone.

use selon_model::{DateEvidence, EmbeddedPost, Precision, RuleId, TimeFlag, TimeKind, TimeMention, When};

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
