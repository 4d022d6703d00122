//! Stamped checkpoints: each held against its stamps, and what manifests name of them.

use std::collections::{BTreeMap, BTreeSet};

use selon_model::Digest;

use super::{Check, Seal};
use crate::code::Code;
use crate::error::Result;
use crate::note::VerifyingKey;
use crate::stamps::{Stamped, read_stamped, sizes};
use crate::trust::Trust;

impl Check {
    /// Stamped checkpoints: each held against its stamps here, and against the tree later.
    pub(super) fn stamps(&mut self, key: Option<&VerifyingKey>) -> Result<Vec<Stamped>> {
        let sizes = sizes(&self.folder)?;
        let own = self.trust.is_none();
        let trust = match self.trust.take() {
            Some(trust) => trust,
            None if sizes.is_empty() => return Ok(Vec::new()),
            None => Trust::of_archive(&self.folder).ok().flatten().unwrap_or_default(),
        };
        let mut all = Vec::with_capacity(sizes.len());
        for size in sizes {
            let stamped = read_stamped(&self.folder, size, key, &trust)?;
            for (file, code, detail) in &stamped.faults {
                self.find(*code, file, None, format!("stamp of {size} entries"), detail);
            }
            let name = format!("ledger/stamps/{size}/checkpoint");
            match stamped.root {
                Some(_) if size > self.report.size => {
                    let item = format!("{size} entries then, {} now", self.report.size);
                    self.find(Code::RolledBack, &name, None, item, "");
                }
                Some(root) => self.claims.push((size, name, root)),
                None => {}
            }
            let sealed = trust.needed > 0 && stamped.is_sealed(&trust);
            self.report.seals.push(Seal { size, stamps: stamped.stamps.clone(), sealed });
            all.push(stamped);
        }
        if own && self.report.seals.iter().any(|seal| !seal.stamps.is_empty()) {
            self.find(Code::StampsOwnList, "trust/trust.toml", None, "authorities".to_owned(), "");
        }
        let newest = self.report.seals.iter().filter(|seal| seal.sealed).map(|seal| seal.size).max();
        if newest.is_none_or(|newest| newest < self.report.size) {
            let item = format!("entries from {} on", newest.unwrap_or(0));
            self.find(Code::NotSealed, "ledger/stamps", None, item, "");
        }
        Ok(all)
    }

    /// Answers that manifests name are still there.
    pub(super) fn tokens(&mut self, stamped: &[Stamped]) {
        let there: BTreeMap<u64, BTreeSet<Digest>> =
            stamped.iter().map(|stamped| (stamped.size, stamped.answers.clone())).collect();
        for (leaf, size, digest) in std::mem::take(&mut self.named_tokens) {
            if !there.get(&size).is_some_and(|answers| answers.contains(&digest)) {
                let file = format!("ledger/stamps/{size}");
                self.find(Code::StampAbsent, &file, None, format!("stamp named by leaf {leaf}"), "");
            }
        }
    }
}
