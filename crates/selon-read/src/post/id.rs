//! Times that ids hold. Always derived, always marked so.

use jiff::Timestamp;
use jiff::tz::Offset;
use selon_model::{DateEvidence, Precision, RuleId, When};

/// Milliseconds of 2010-11-04T01:42:54.657Z, from which ids of X count.
const X_EPOCH: i64 = 1_288_834_974_657;
/// Ids below this were given out one by one before November 2010 and hold no time; the first
/// thirty days of the scheme are left out as well.
const FIRST_TIMED: u64 = (30 * 86_400_000) << 22;

/// The second at which a post of X with this id was made, in UTC; `None` for ids without time.
pub(crate) fn time_of_x(id: &str) -> Option<When> {
    let id: u64 = id.parse().ok().filter(|id| *id >= FIRST_TIMED)?;
    let at = Timestamp::from_millisecond(i64::try_from(id >> 22).ok()? + X_EPOCH).ok()?;
    let from = Offset::UTC.to_datetime(Timestamp::from_second(at.as_second()).ok()?);
    Some(When {
        edtf: Some(format!("{}Z", from.strftime("%Y-%m-%dT%H:%M:%S"))),
        from: Some(from),
        until: from.checked_add(jiff::SignedDuration::from_secs(1)).ok(),
        zone: Some("Z".to_owned()),
        precision: Precision::Second,
        inferred: true,
        evidence: Some(DateEvidence::Id),
        value: None,
        span: None,
        rule: RuleId::core("core.post.x_id"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(id: &str, expected: Option<&str>) {
        assert_eq!(time_of_x(id).and_then(|when| when.edtf).as_deref(), expected, "{id}");
    }

    #[test]
    fn ids_hold_times() {
        check("809514418656710658", Some("2016-12-15T21:44:12Z"));
        check("20", None);
        check("123456789012", None);
        check("", None);
        check("99999999999999999999", None);
        check("18446744073709551615", Some("2150-03-18T09:18:05Z"));
    }
}
