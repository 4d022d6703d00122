//! What manifests name: records, containers, orders to erase, what is kept apart.

use std::collections::BTreeMap;

use selon_model::{Digest, LeafIndex};

use super::{Check, Expected};
use crate::code::Code;
use crate::error::Result;
use crate::evidence::split_file;
use crate::manifest::{Body, ManifestLine};
use crate::note::VerifyingKey;
use crate::verify::Exit;

impl Check {
    /// Takes down what a manifest that agrees with the log names.
    pub(super) fn manifest(
        &mut self,
        leaf: u64,
        line: &ManifestLine<'_>,
        file: &str,
        offset: u64,
        key: Option<&VerifyingKey>,
    ) {
        let manifest = match line.manifest() {
            Ok(manifest) => manifest,
            Err(error) => {
                self.unsure = true;
                let item = format!("manifest of leaf {leaf}");
                return self.find(Code::ManifestBad, file, Some(offset), item, &error.to_string());
            }
        };
        if leaf == 0 && !matches!(manifest.body, Body::Genesis(_)) {
            let detail = "the log does not begin with its key";
            self.find(Code::KeyBad, "ledger/vkey", None, "public key".to_owned(), detail);
        }
        let mut first = manifest.capture(LeafIndex(leaf));
        match manifest.body {
            Body::Genesis(genesis) => {
                if leaf != 0 || key.is_some_and(|key| key.to_string() != genesis.vkey) {
                    self.find(
                        Code::KeyBad,
                        "ledger/vkey",
                        None,
                        "public key".to_owned(),
                        "the log began with another",
                    );
                }
            }
            Body::Capture(capture) => {
                self.report.captures += 1;
                self.apart.extend(capture.restricted.map(|digest| (leaf, digest)));
                let after = capture.after.iter();
                self.named_tokens.extend(
                    after.flat_map(|after| after.tokens.iter().map(|token| (leaf, after.size, *token))),
                );
                if capture.records.is_empty() {
                    let item = format!("capture of leaf {leaf}");
                    self.find(Code::RecordMissing, file, Some(offset), item, "its manifest names none");
                }
                for record in capture.records {
                    let (name, _) = split_file(&record.file);
                    let here = self.records.entry(name.to_owned()).or_default();
                    here.push(Expected { capture: first.take(), ..Expected::of(leaf, record) });
                }
            }
            Body::Import(import) => {
                self.report.imports += 1;
                if import.exit == Exit::Failed.code() {
                    let named = import.stated.name.as_deref().map(crate::record::escape_controls);
                    let named = named.map_or(String::new(), |name| format!(", given as {name}"));
                    let item = format!("container of leaf {leaf}{named}");
                    self.find(Code::ImportFailed, &import.file, None, item, "");
                }
                self.containers.entry(import.file).or_default().push((leaf, import.content));
            }
            Body::Tombstone(order) => drop(self.tombstones.insert(leaf, *order)),
            Body::Custody(custody) => {
                self.apart.extend(custody.restricted.map(|digest| (leaf, digest)));
                if custody.what == "erased" {
                    self.closed.extend(custody.leaves.iter().map(|leaf| leaf.0));
                }
            }
            Body::Other => {
                let item = format!("manifest of leaf {leaf}");
                self.find(Code::ManifestKind, file, Some(offset), item, "");
            }
            Body::Policy(_) | Body::Export(_) | Body::Erased(_) => {}
        }
    }

    /// Every erased manifest has its order, and every order is closed.
    pub(super) fn erasures(&mut self) {
        let tombstones = std::mem::take(&mut self.tombstones);
        let mut told: BTreeMap<u64, u64> = BTreeMap::new();
        for (leaf, tombstone, entry, file, offset) in std::mem::take(&mut self.erased) {
            let named = tombstones.get(&tombstone).is_some_and(|order| {
                let at = order.leaves.iter().position(|named| named.0 == leaf);
                at.is_some_and(|at| order.entries.get(at).copied() == entry)
            });
            if named {
                *told.entry(tombstone).or_default() += 1;
            } else {
                let item = format!("manifest of leaf {leaf}");
                self.find(Code::ErasedWithoutOrder, &file, Some(offset), item, "");
            }
        }
        for (leaf, order) in tombstones {
            let gone = told.get(&leaf).copied().unwrap_or(0);
            self.report.erased += gone;
            let leaves: Vec<String> = order.leaves.iter().map(|leaf| leaf.0.to_string()).collect();
            let item = format!("leaves {}", leaves.join(", "));
            let detail =
                format!("tombstone leaf {leaf}, {}, by order of {}: {}", order.at, order.by, order.why);
            self.find(Code::Erased, "manifests", None, item.clone(), &detail);
            let is_open = !self.closed.contains(&leaf);
            if is_open {
                self.find(Code::ErasureUnfinished, "manifests", None, item, "");
            }
            let erases: Vec<u64> = order.leaves.iter().map(|leaf| leaf.0).collect();
            // While an erasure is under way a container is gone before the manifests that name it are.
            let (folder, records) = (&self.folder, &mut self.records);
            self.containers.retain(|file, imports| {
                let gone = is_open
                    && imports.iter().all(|(leaf, _)| erases.contains(leaf))
                    && !folder.join(file).exists();
                if gone {
                    records.remove(file);
                }
                !gone
            });
            for record in order.stubs {
                let name = split_file(&record.file).0.to_owned();
                let erases = erases.clone();
                self.records.entry(name).or_default().push(Expected { erases, ..Expected::of(leaf, record) });
            }
            for record in order.kept {
                let name = split_file(&record.file).0.to_owned();
                self.records.entry(name).or_default().push(Expected::of(leaf, record));
            }
        }
    }

    /// What is kept apart is what manifests say it is.
    pub(super) fn restricted(&mut self) -> Result<()> {
        let lines = crate::restricted::read_all(&self.folder)?;
        let lines: BTreeMap<u64, Digest> = lines.iter().map(|line| (line.leaf.0, line.digest())).collect();
        let mut absent = 0;
        for (leaf, digest) in std::mem::take(&mut self.apart) {
            match lines.get(&leaf) {
                Some(found) if *found == digest => {}
                Some(_) => {
                    self.find(Code::RestrictedDiffers, "restricted", None, format!("leaf {leaf}"), "");
                }
                None => absent += 1,
            }
        }
        if absent > 0 {
            self.find(Code::RestrictedAbsent, "restricted", None, format!("{absent} leaves"), "");
        }
        Ok(())
    }
}
