//! Exact decimals as JSON numbers.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use selon_model::Decimal;
use serde::{Serialize, Serializer};

/// An exact decimal; in JSON a number, without a fraction where it has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number(pub Decimal);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let value = self.0.normalize();
        if value.scale() == 0
            && let Ok(whole) = i64::try_from(value)
        {
            return serializer.serialize_i64(whole);
        }
        serializer.serialize_f64(f64::try_from(value).unwrap_or(f64::MAX))
    }
}

impl JsonSchema for Number {
    fn schema_name() -> Cow<'static, str> {
        "Number".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "number" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_have_no_fraction() {
        let json = |text: &str| serde_json::to_string(&Number(text.parse().unwrap())).unwrap();
        assert_eq!(json("13000"), "13000");
        assert_eq!(json("13000.00"), "13000");
        assert_eq!(json("0.3"), "0.3");
    }
}
