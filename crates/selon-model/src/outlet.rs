//! Agencies and outlets: who relays whom. Rows come from `packs/agencies.tsv` and are handed
//! in as values.

use serde::{Deserialize, Serialize};

/// One agency or outlet of the registry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agency {
    /// Registry id (`afp`, `sana`).
    pub id: String,
    /// Names in all languages; the first is the one shown.
    pub names: Vec<String>,
    /// agency, outlet, broadcaster, monitor.
    pub kind: String,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Registrable domains.
    pub domains: Vec<String>,
    /// Handles without `@`.
    pub handles: Vec<String>,
    /// Who owns it.
    pub owner: Option<String>,
}

/// All of them, in the order of their ids.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registry {
    /// The rows.
    pub agencies: Vec<Agency>,
}
