//! Places: a mention, its reading, and ranked candidates; never a bare coordinate.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{RuleId, Span};

/// Identifier in a gazetteer: `geonames:170063`, `selon:region:sahel`, `user:FILE:ID`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct GazetteerId(pub String);

impl fmt::Display for GazetteerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What the name does in its sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum PlaceRole {
    Place,
    Metonym,
    Demonym,
}

/// What the name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Reading {
    Literal,
    Government,
    Institution,
    PartOfName,
    Event,
    Team,
    Demonym,
    Language,
}

/// How precisely a place is known: by its feature, never by the decimals of a coordinate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum PlacePrecision {
    Point,
    City,
    Admin,
    Country,
    Region,
}

/// One gazetteer entry that the name may mean.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// Its id.
    pub id: GazetteerId,
    /// Its main name.
    pub name: String,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Degrees north (WGS 84).
    pub lat: f64,
    /// Degrees east (WGS 84).
    pub lon: f64,
    /// GeoNames feature code.
    pub feature: String,
    /// 0 to 1.
    pub score: f32,
}

/// A place name of the text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// Its words.
    pub span: Span,
    /// What it does.
    pub role: PlaceRole,
    /// What it stands for.
    pub reading: Reading,
    /// ISO code of the government a capital or country stands for.
    pub government: Option<String>,
    /// Best first.
    pub candidates: Vec<Candidate>,
    /// Index of the candidate taken; `None` = none is good enough.
    pub chosen: Option<u16>,
    /// Distance in score to the runner-up.
    pub margin: Option<f32>,
    /// The place it lies in, where only that is known.
    pub within: Option<GazetteerId>,
    /// How precisely it is known.
    pub precision: Option<PlacePrecision>,
    /// Radius, kilometres.
    pub radius_km: Option<f32>,
    /// Rules that spoke for the choice.
    pub evidence: Vec<RuleId>,
    /// Which rule found it.
    pub rule: RuleId,
    /// 0 to 1; below 0.6 goes to review.
    pub confidence: f32,
}

impl Place {
    /// The candidate taken.
    pub fn choice(&self) -> Option<&Candidate> {
        self.candidates.get(usize::from(self.chosen?))
    }
}
