//! Words for values, in English: bounds, windows, classes.

use selon_model::{Decimal, Factuality, HedgeKind, Operator, Quantity, Report, Statement, When};

/// A number with its thousands parted by a space that does not break.
pub fn number(value: Decimal) -> String {
    let text = value.normalize().to_string();
    let (sign, text) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("-", rest));
    let (whole, fraction) =
        text.split_once('.').map_or((text, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut out = String::from(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            out.push('\u{a0}');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

/// A ratio as people read it: three decimals at most ("0.667" for two thirds).
pub fn quantity_share(quantity: &Quantity) -> Option<Decimal> {
    quantity.lower.or(quantity.upper).map(|share| share.round_dp(3).normalize())
}

/// A quantity with its operator: "> 13 000", "30 to 40", "70 %".
pub fn quantity(quantity: &Quantity) -> String {
    let lower = quantity.lower.map(number);
    let upper = quantity.upper.map(number);
    match (quantity.op, lower, upper) {
        (Operator::Range, Some(lower), Some(upper)) => format!("{lower} to {upper}"),
        (Operator::Percent, Some(value), _) => format!("{value} %"),
        (Operator::Ratio, Some(_), _) => {
            format!("{} of 1", quantity_share(quantity).map_or_else(String::new, number))
        }
        (Operator::Indefinite, Some(lower), Some(upper)) => format!("{lower} to {upper} (vague)"),
        (Operator::Indefinite, Some(lower), None) => format!(">= {lower} (vague)"),
        (Operator::Equal, Some(value), _) => format!("= {value}"),
        (op, Some(value), None) => format!("{} {value}", op.as_str()),
        (op, None, Some(value)) => format!("{} {value}", op.as_str()),
        (op, Some(value), Some(_)) => format!("{} {value}", op.as_str()),
        (op, None, None) => op.as_str().to_owned(),
    }
}

/// How many original sources there are: "2 original sources", "1 to 4 original sources".
pub fn sources((least, most): (u32, u32)) -> String {
    match (least, most) {
        (1, 1) => "1 original source".to_owned(),
        (least, most) if least >= most => format!("{most} original sources"),
        (least, most) => format!("{least} to {most} original sources"),
    }
}

/// A day with its time of day, where that is known.
pub fn minute(when: &When) -> String {
    match when.from {
        Some(from) if when.precision < selon_model::Precision::Day => {
            from.strftime("%Y-%m-%d %H:%M").to_string()
        }
        _ => day(when),
    }
}

/// A window: "last 24 h" where only its length is known, else its days.
pub fn window(when: &When) -> String {
    match (&when.value, &when.edtf) {
        (Some(value), _) => length(value),
        (None, Some(edtf)) => edtf.clone(),
        (None, None) => "window not stated".to_owned(),
    }
}

/// A TIMEX3 length in words: "PT24H" → "24 h".
pub fn length(value: &str) -> String {
    let (rest, clock) = match (value.strip_prefix("PT"), value.strip_prefix('P')) {
        (Some(rest), _) => (rest, true),
        (None, Some(rest)) => (rest, false),
        (None, None) => return value.to_owned(),
    };
    let unit = match (rest.chars().last(), clock) {
        (Some('H'), _) => "h",
        (Some('M'), true) => "min",
        (Some('S'), _) => "s",
        (Some('D'), _) => "days",
        (Some('W'), _) => "weeks",
        (Some('M'), false) => "months",
        (Some('Y'), _) => "years",
        _ => return value.to_owned(),
    };
    let count = &rest[..rest.len() - 1];
    if count.chars().all(|c| c.is_ascii_digit()) { format!("{count} {unit}") } else { format!("some {unit}") }
}

/// A day with its weekday: "Mon 2016-12-12".
pub fn day(when: &When) -> String {
    match (when.precision, when.date()) {
        (selon_model::Precision::Day, Some(date)) => date.strftime("%a %Y-%m-%d").to_string(),
        _ => match (&when.edtf, when.from) {
            (Some(edtf), _) => match &when.zone {
                Some(zone) if edtf.contains('T') && !edtf.ends_with(zone.as_str()) => {
                    format!("{edtf} {zone}")
                }
                _ => edtf.clone(),
            },
            (None, Some(from)) => from.to_string(),
            (None, None) => "not stated".to_owned(),
        },
    }
}

/// How firmly, where it is not plain assertion; with the word that weakens it.
pub fn firmness(report: &Report, statement: &Statement) -> Option<String> {
    let word = match statement.factuality {
        Factuality::Asserted => return None,
        Factuality::ReportedUnverified => "hearsay",
        Factuality::Expected => "expected",
        Factuality::Hypothetical => "hypothetical",
        Factuality::Denied => "denied",
        Factuality::Demand => "demand",
        Factuality::Proposal => "proposal",
        Factuality::Opinion => "opinion",
    };
    let hedge = statement.hedges.first().map(|hedge| match hedge.kind {
        HedgeKind::Reportative => "conditional".to_owned(),
        _ => super::columns::cut(&super::columns::one_line(report.text.words(hedge.span)), 24),
    });
    Some(match hedge {
        Some(hedge) => format!("{word} ({hedge})"),
        None => word.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_values() {
        assert_eq!(number(Decimal::from(13000)), "13\u{a0}000");
        assert_eq!(number("-1234.50".parse().unwrap()), "-1\u{a0}234.5");
        assert_eq!(length("PT24H"), "24 h");
        assert_eq!(length("PXD"), "some days");
        assert_eq!(quantity(&Quantity::with(Operator::More, Decimal::from(700))), "> 700");
    }
}
