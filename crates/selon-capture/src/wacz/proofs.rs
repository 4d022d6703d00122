//! Proofs of a log that Selon packs with captures (docs/formats/wacz.md), held against the records of
//! the package.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::io::{Read, Seek};

use selon_model::{Digest, LeafIndex};

use super::{Check, short};
use crate::code::Code;
use crate::error::{Result, stream_error};
use crate::export::digest_of_range;
use crate::handed_out::{Signed, records_of};
use crate::zip::Section;

/// The key of the log whose proofs a package holds.
pub(super) const VKEY: &str = "selon/vkey";

/// Where a record of a package with proofs lies.
pub(super) struct Placed {
    pub(super) id: Option<[u8; 16]>,
    pub(super) is_info: bool,
    /// Index of its entry.
    pub(super) entry: usize,
    pub(super) offset: u64,
    pub(super) length: Option<u64>,
}

impl Check<'_> {
    /// The proofs of a log that Selon packs with captures, and the records that they prove.
    pub(super) fn proofs(&mut self, input: &mut (impl Read + Seek)) -> Result<()> {
        let Some(placed) = self.proved.take() else { return Ok(()) };
        let vkey = self.small(input, VKEY)?.unwrap_or_default();
        let checkpoint = self.small(input, "selon/checkpoint")?.unwrap_or_default();
        let signed = match Signed::open(&vkey, &checkpoint) {
            Ok(signed) => signed,
            Err((code, what)) => {
                self.say(code, "selon/checkpoint", &what);
                return Ok(());
            }
        };
        self.say(Code::KeyBesideIt, VKEY, &signed.key());
        let names: Vec<String> = self
            .zip
            .entries
            .iter()
            .filter_map(|entry| entry.name.strip_suffix(".manifest.json"))
            .filter(|name| name.starts_with("selon/"))
            .map(str::to_owned)
            .collect();
        let entries = self.archive_entries();
        let by_id: HashMap<[u8; 16], usize> =
            placed.iter().enumerate().filter_map(|(at, record)| Some((record.id?, at))).collect();
        // Each record is measured once, however many manifests name it.
        let mut measured: HashMap<usize, Digest> = HashMap::new();
        for name in names {
            let manifest_name = format!("{name}.manifest.json");
            let manifest = self.small(input, &manifest_name)?.unwrap_or_default();
            let proof = self.small(input, &format!("{name}.tlog-proof"))?.unwrap_or_default();
            let leaf = name.trim_start_matches("selon/").parse().ok().map(LeafIndex);
            let Some(manifest) = leaf.and_then(|leaf| signed.leaf(Some(leaf), &manifest, &proof)) else {
                self.say(Code::ProofBad, &manifest_name, "");
                continue;
            };
            for (record, length, digest) in records_of(&manifest) {
                let same = match by_id.get(&short(&record.id)) {
                    Some(at) => {
                        let place = &placed[*at];
                        if let (Entry::Vacant(vacant), Some(length)) = (measured.entry(*at), place.length) {
                            let entry = &entries[place.entry];
                            let mut section = Section::new(&mut *input, entry).map_err(stream_error)?;
                            let digest =
                                digest_of_range(&mut section, place.offset, length).map_err(stream_error)?;
                            vacant.insert(digest);
                        }
                        place.length == Some(length) && measured.get(at) == Some(&digest)
                    }
                    // A request says who asked, and stays behind.
                    None => record.record_type == "request",
                };
                if !same {
                    self.say(Code::ProofOfOther, &manifest_name, &format!("record {}", record.id));
                }
            }
        }
        for (at, record) in placed.iter().enumerate().filter(|(_, record)| !record.is_info) {
            if !measured.contains_key(&at) {
                let entry = &entries[record.entry].name;
                self.say(Code::Unproved, entry, &format!("the record at {}", record.offset));
            }
        }
        Ok(())
    }
}
