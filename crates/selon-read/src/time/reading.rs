//! What reckoning gives: an interval with what is known of it.

use jiff::civil::{Date, DateTime};
use selon_model::{Anchor, Direction, Precision, TimeFlag, TimeKind};

use super::calendar::{Period, Unit};

/// What came out.
#[derive(Clone, Debug)]
pub(crate) struct Reading {
    pub(crate) kind: TimeKind,
    pub(crate) value: String,
    pub(crate) edtf: Option<String>,
    pub(crate) from: Option<DateTime>,
    pub(crate) until: Option<DateTime>,
    pub(crate) grain: Precision,
    pub(crate) anchor: Anchor,
    pub(crate) anchor_time: Option<u32>,
    pub(crate) direction: Option<Direction>,
    pub(crate) alternatives: Vec<String>,
    pub(crate) flags: Vec<TimeFlag>,
    pub(crate) quant: Option<String>,
    pub(crate) zone: Option<String>,
    /// The day, where it is one.
    pub(crate) day: Option<Date>,
    pub(crate) confidence: f32,
}

impl Reading {
    pub(super) fn unanchored(kind: TimeKind, value: String, grain: Precision) -> Reading {
        Reading {
            kind,
            value,
            edtf: None,
            from: None,
            until: None,
            grain,
            anchor: Anchor::None,
            anchor_time: None,
            direction: None,
            alternatives: Vec::new(),
            flags: Vec::new(),
            quant: None,
            zone: None,
            day: None,
            confidence: 0.9,
        }
    }

    pub(super) fn of(period: Period) -> Reading {
        Reading {
            edtf: Some(period.edtf()),
            from: Some(period.from()),
            until: period.until(),
            day: (period.unit == Unit::Day).then_some(period.start),
            ..Reading::unanchored(TimeKind::Date, period.timex(), period.unit.precision())
        }
    }

    pub(super) fn reckoned_from(mut self, anchor: Anchor, at: Option<u32>) -> Reading {
        (self.anchor, self.anchor_time) = (anchor, at);
        self
    }
}

/// What a unit is written as where nothing anchors it.
pub(super) fn masked(unit: Unit) -> String {
    String::from(match unit {
        Unit::Week => "XXXX-WXX",
        Unit::Weekend => "XXXX-WXX-WE",
        Unit::Month => "XXXX-XX",
        Unit::Quarter => "XXXX-QX",
        Unit::Half => "XXXX-HX",
        Unit::Season | Unit::Year => "XXXX",
        Unit::Decade => "XXXX",
        Unit::Century => "XXXX",
        _ => "XXXX-XX-XX",
    })
}
