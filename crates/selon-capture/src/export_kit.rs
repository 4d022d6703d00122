//! Writing a kit: a folder that an opponent checks with openssl, sha256sum, warcio and a page of
//! Python, and without Selon.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use jiff::Timestamp;
use selon_model::{Digest, LeafIndex};

use crate::durable::{create_folder, files_below, sync_folder};
use crate::error::{Error, Kind, Result, io_error};
use crate::evidence::{Evidence, proof_of};
use crate::export::{Exported, Gathered, gather_for};
use crate::ledger::Ledger;
use crate::note::Note;
use crate::stamps::{folder_of, read_small};

const SCRIPT: &str = include_str!("../kit/verify.py");
const WORDS: &str = include_str!("../kit/VERIFY.md");

impl Evidence {
    /// Writes captures (of these leaves, or all) as a kit to a new folder. What seals it is its
    /// list of digests, `SHA256SUMS`, once its digest is logged and [`Evidence::seal_kit`] has put
    /// that into the kit.
    ///
    /// # Errors
    /// `Invalid` where there is nothing to export or the folder exists; `Corrupt` where a record
    /// does not verify.
    pub fn export_kit(
        &self,
        wanted: Option<&BTreeSet<LeafIndex>>,
        out: &Path,
        created: Timestamp,
    ) -> Result<Exported> {
        let gathered = gather_for(self, wanted, out)?;
        let small = self.small_files(&gathered, created)?;
        create_folder(&out.join("records"))?;
        let mut sums: Vec<(String, Digest)> = Vec::new();
        let mut bytes = 0;
        for file in &gathered.files {
            let name = format!("records/{}", file.name);
            let path = out.join(&name);
            let written = File::create(&path).and_then(|target| {
                let mut target = BufWriter::new(target);
                file.write(&mut target)?;
                target.flush()?;
                target.get_ref().sync_all()
            });
            written.map_err(|error| io_error("write", &path, error))?;
            sums.push((name, file.digest));
            bytes += file.length;
        }
        for (name, content) in &small {
            sums.push((name.clone(), Digest::of(content)));
            bytes += content.len() as u64;
        }
        sums.sort();
        let sums: String = sums.iter().map(|(name, digest)| format!("{}  {name}\n", digest.hex())).collect();
        let digest = Digest::of(sums.as_bytes());
        for (name, content) in small.iter().chain([&("SHA256SUMS".to_owned(), sums.into_bytes())]) {
            write_file(&out.join(name), content)?;
        }
        sync_folder(out)?;
        let leaves = gathered.captures.iter().map(|logged| logged.leaf).collect();
        Ok(Exported { digest, leaves, withheld: gathered.withheld, bytes })
    }

    /// Puts the logged list of what was handed out into a kit, so that nothing can be taken out of
    /// it unseen: the export manifest of this leaf, its proof and the checkpoint that is under.
    ///
    /// # Errors
    /// `Corrupt` where the log does not verify; `Unavailable` where a file cannot be written.
    pub fn seal_kit(&self, kit: &Path, leaf: LeafIndex) -> Result<()> {
        let ledger = self.ledger()?;
        let logged = self.manifest(leaf)?;
        let proof = proof_of(&ledger, &logged)?.text().into_bytes();
        let mut files = vec![("export.json", logged.json.into_bytes()), ("export.tlog-proof", proof)];
        files.extend(checkpoint_files(&ledger)?);
        let folder = kit.join("sealed");
        for (name, content) in files {
            write_file(&folder.join(name), &content)?;
        }
        sync_folder(&folder)?;
        sync_folder(kit)
    }

    /// Requests to authorities over the checkpoint of this size, and their answers.
    fn stamps_at(&self, size: u64) -> Result<Vec<(String, Vec<u8>)>> {
        let folder = folder_of(self.folder(), size);
        let mut files = Vec::new();
        for name in files_below(&folder)? {
            let answered = name
                .strip_suffix(".tsr")
                .or_else(|| name.strip_suffix(".tsq"))
                .is_some_and(|name| folder.join(format!("{name}.tsr")).is_file());
            if answered {
                files.extend(read_small(&folder.join(&name))?.map(|bytes| (format!("stamps/{name}"), bytes)));
            }
        }
        Ok(files)
    }

    /// Every file but records and the list of digests, sorted by name.
    fn small_files(&self, gathered: &Gathered, created: Timestamp) -> Result<Vec<(String, Vec<u8>)>> {
        let ledger = self.ledger()?;
        let mut rows = String::new();
        for file in &gathered.files {
            for placed in &file.placed {
                let leaf = placed.leaf.map_or("-".to_owned(), |leaf| leaf.0.to_string());
                rows.push_str(&format!("{leaf}\t{}\t{}\t{}\n", file.name, placed.offset, placed.length));
            }
        }
        let captures = gathered.withheld.iter().map(|held| format!("{}\t{}\n", held.leaf.0, held.why));
        let records = gathered
            .held_back
            .iter()
            .map(|(leaf, digest)| format!("{}\tits request, which says who asked\t{digest}\n", leaf.0));
        let withheld: String = captures.chain(records).collect();
        let stamps = self.stamps_at(ledger.size())?;
        let number = stamps.iter().filter(|(name, _)| name.ends_with(".tsr")).count();
        let have = if number == 1 { "authority has" } else { "authorities have" };
        let stamped = match number {
            0 => "no authority has stamped the checkpoint of this kit, so no time is shown but the archive's own.".to_owned(),
            number => format!("{number} {have} stamped it; for each file in `stamps/`, with the authority's root certificate **from elsewhere** as ROOT.pem:\n\n       openssl ts -verify -data checkpoint.txt -in stamps/NAME.tsr -CAfile ROOT.pem\n       openssl ts -reply -in stamps/NAME.tsr -text\n\n   `Verification: OK`, and the time by which everything in this kit existed. `trust.toml` and the certificates that the archive uses are not proof of themselves, and not in the kit."),
        };
        let words = [
            ("stamps", stamped),
            ("created", created.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()),
            ("captures", gathered.captures.len().to_string()),
            ("origin", ledger.key().name().to_owned()),
            ("vkey", ledger.key().to_string()),
            ("withheld", gathered.withheld.len().to_string()),
        ]
        .iter()
        .fold(WORDS.to_owned(), |words, (name, value)| words.replace(&format!("{{{{{name}}}}}"), value));
        let mut files = vec![
            ("VERIFY.md".to_owned(), words.into_bytes()),
            ("log.pem".to_owned(), ledger.key().pem().into_bytes()),
            ("records.tsv".to_owned(), rows.into_bytes()),
            ("verify.py".to_owned(), SCRIPT.as_bytes().to_vec()),
            ("vkey".to_owned(), format!("{}\n", ledger.key()).into_bytes()),
            ("withheld.tsv".to_owned(), withheld.into_bytes()),
        ];
        files.extend(checkpoint_files(&ledger)?.map(|(name, content)| (name.to_owned(), content)));
        files.extend(stamps);
        for logged in &gathered.captures {
            let leaf = logged.leaf.0;
            files.push((format!("manifests/{leaf}.json"), logged.json.clone().into_bytes()));
            files.push((format!("proofs/{leaf}.tlog-proof"), proof_of(&ledger, logged)?.text().into_bytes()));
        }
        files.sort();
        Ok(files)
    }
}

/// The checkpoint as a signed note, its text and its signature, which openssl takes.
fn checkpoint_files(ledger: &Ledger) -> Result<[(&'static str, Vec<u8>); 3]> {
    let signed = ledger.signed_checkpoint();
    let signature = Note::parse(signed.as_bytes())
        .ok()
        .and_then(|note| note.signature_of(ledger.key()))
        .ok_or_else(|| Error::new(Kind::Corrupt, "the checkpoint is not signed by the log's key"))?;
    Ok([
        ("checkpoint", signed.as_bytes().to_vec()),
        ("checkpoint.sig", signature.to_vec()),
        ("checkpoint.txt", ledger.checkpoint().text().into_bytes()),
    ])
}

fn write_file(path: &Path, content: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        create_folder(folder)?;
    }
    let written = File::create(path).and_then(|mut file| {
        file.write_all(content)?;
        file.sync_all()
    });
    written.map_err(|error| io_error("write", path, error))
}
