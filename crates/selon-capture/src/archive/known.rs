//! What is kept already, as the log says.

use std::collections::{BTreeMap, HashMap, HashSet};

use selon_model::{CaptureId, Digest, LeafIndex, Origin};

use super::exchange::{Original, Validators};
use crate::manifest::{Body, Manifest, PolicyManifest, TombstoneManifest};

/// What is kept already.
#[derive(Default)]
pub(crate) struct Known {
    /// Payloads kept here, by digest.
    pub(crate) payloads: HashMap<Digest, LeafIndex>,
    /// Containers, by digest: leaf and number of captures behind it.
    pub(crate) containers: HashMap<Digest, (LeafIndex, u64)>,
    /// Every capture.
    pub(crate) captures: HashSet<CaptureId>,
    /// The newest policy.
    pub(crate) policy: Option<PolicyManifest>,
    /// Tombstones that no custody leaf closes.
    pub(crate) tombstones: BTreeMap<LeafIndex, TombstoneManifest>,
    /// Whole bodies that were fetched, by address and digest as sent.
    pub(super) bodies: HashMap<(String, Digest), Original>,
    /// Certificate chains of which a record is kept.
    pub(super) chains: HashSet<Digest>,
    /// Addresses that gave their page.
    pub(super) pages: HashSet<String>,
    /// Feeds and sitemaps that were fetched, the newest of each.
    pub(super) lists: HashMap<String, (Validators, Original)>,
    /// Redirects, with the address where each began.
    pub(super) redirects: HashMap<CaptureId, String>,
}

impl Known {
    pub(crate) fn add(&mut self, leaf: LeafIndex, manifest: &Manifest) {
        match &manifest.body {
            Body::Capture(capture) => {
                self.captures.insert(capture.capture);
                if let Some(wire) = &capture.wire {
                    self.add_exchange(leaf, capture, wire);
                } else if capture.class != Origin::Imported || capture.container.is_none() {
                    // A later leaf of the same states it anew.
                    self.payloads.insert(capture.payload.digest, leaf);
                }
            }
            Body::Import(import) => {
                self.containers.entry(import.content.digest).or_insert((leaf, import.captures));
            }
            Body::Policy(policy) => self.policy = Some(policy.clone()),
            Body::Tombstone(tombstone) => {
                self.tombstones.insert(leaf, (**tombstone).clone());
            }
            Body::Custody(custody) if custody.what == "erased" => {
                for leaf in &custody.leaves {
                    self.tombstones.remove(leaf);
                }
            }
            Body::Genesis(_) | Body::Custody(_) | Body::Export(_) | Body::Erased(_) | Body::Other => {}
        }
    }
}
