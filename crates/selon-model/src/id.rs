//! Identifiers: digests with a meaning, so that none is taken for another.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Digest;

macro_rules! id_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Digest);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0.hex())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), &self.0.hex()[..12])
            }
        }

        impl FromStr for $name {
            type Err = crate::digest::NotADigest;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map($name)
            }
        }
    };
}

id_type!(
    /// A capture: digest of its WARC record header and block.
    CaptureId
);
id_type!(
    /// A report: digest of capture id (without an archive: payload and stated options), engine
    /// version, packs digest and part.
    ReportId
);
id_type!(
    /// A story: digest of its first member's payload digest and part.
    StoryId
);
id_type!(
    /// A judgment: digest of its stored line.
    JudgmentId
);
