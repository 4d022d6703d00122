//! Writing WACZ 1.1.1: captures that any WACZ reader shows, with the proofs of the log beside them.
//!
//! Nothing in the package is compressed by the container and everything is in a fixed order with
//! fixed times: the same captures at the same checkpoint give the same bytes.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use flate2::{Compression, GzBuilder};
use jiff::Timestamp;
use selon_model::{Digest, LeafIndex};
use serde_json::json;

use crate::durable::sync_folder;
use crate::error::{Error, Kind, Result, io_error};
use crate::evidence::{Evidence, proof_of};
use crate::export::{Exported, Gathered, gather_for};
use crate::zip::ZipWriter;

/// Lines of an index in one block.
const BLOCK: usize = 3000;

impl Evidence {
    /// Writes captures (of these leaves, or all) as a WACZ package to a new file.
    ///
    /// # Errors
    /// `Invalid` where there is nothing to export or the file exists; `Corrupt` where a record
    /// does not verify: then no file is left.
    pub fn export_wacz(
        &self,
        wanted: Option<&BTreeSet<LeafIndex>>,
        out: &Path,
        title: &str,
        created: Timestamp,
    ) -> Result<Exported> {
        let gathered = gather_for(self, wanted, out)?;
        let partial = out.with_extension("wacz.part");
        let written = self.write(&gathered, &partial, title, created);
        let (digest, bytes) = match written {
            Ok(written) => written,
            Err(error) => {
                // The error that is returned matters more than one in tidying up.
                let _ = fs::remove_file(&partial);
                return Err(error);
            }
        };
        fs::rename(&partial, out).map_err(|error| io_error("put in place", out, error))?;
        if let Some(folder) = out.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            sync_folder(folder)?;
        }
        let leaves = gathered.captures.iter().map(|logged| logged.leaf).collect();
        Ok(Exported { digest, leaves, withheld: gathered.withheld, bytes })
    }

    fn write(
        &self,
        gathered: &Gathered,
        out: &Path,
        title: &str,
        created: Timestamp,
    ) -> Result<(Digest, u64)> {
        let small = self.small_entries(gathered)?;
        let mut resources: Vec<(String, Digest, u64)> = gathered
            .files
            .iter()
            .map(|file| (format!("archive/{}", file.name), file.digest, file.length))
            .chain(small.iter().map(|(path, bytes)| (path.clone(), Digest::of(bytes), bytes.len() as u64)))
            .collect();
        resources.sort();
        let resources: Vec<serde_json::Value> = resources
            .into_iter()
            .map(|(path, hash, bytes)| {
                let name = path.rsplit('/').next().unwrap_or(&path).to_owned();
                json!({ "name": name, "path": path, "hash": hash.to_string(), "bytes": bytes })
            })
            .collect();
        let mut package = json!({
            "profile": "data-package",
            "wacz_version": "1.1.1",
            "title": title,
            "created": created.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            "software": concat!("Selon/", env!("CARGO_PKG_VERSION")),
            "resources": resources,
        });
        if let Some(page) = gathered.pages.first() {
            package["mainPageUrl"] = json!(page.url);
            package["mainPageDate"] = json!(page.time);
        }
        let package = pretty(&package)?;
        let digest = Digest::of(&package);
        let seal = pretty(&json!({ "path": "datapackage.json", "hash": digest.to_string() }))?;

        let write = || -> io::Result<u64> {
            let mut zip = ZipWriter::new(BufWriter::with_capacity(128 * 1024, File::create(out)?));
            for file in &gathered.files {
                let name = format!("archive/{}", file.name);
                zip.add_with(&name, file.length, file.crc, &mut |out| file.write(out))?;
            }
            zip.add_bytes("datapackage-digest.json", &seal)?;
            zip.add_bytes("datapackage.json", &package)?;
            for (name, bytes) in &small {
                zip.add_bytes(name, bytes)?;
            }
            let file = zip.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
            file.sync_all()?;
            Ok(file.metadata()?.len())
        };
        let bytes = write().map_err(|error| io_error("write", out, error))?;
        Ok((digest, bytes))
    }

    /// Index, pages, manifests and proofs, sorted by name.
    fn small_entries(&self, gathered: &Gathered) -> Result<Vec<(String, Vec<u8>)>> {
        let (index, blocks) = index(&gathered.lines)
            .map_err(|error| Error::because(Kind::Internal, "cannot compress an index", error))?;
        let mut entries =
            vec![("indexes/index.cdx.gz".to_owned(), index), ("indexes/index.idx".to_owned(), blocks)];
        let mut pages =
            String::from("{\"format\":\"json-pages-1.0\",\"id\":\"pages\",\"title\":\"All Pages\"}\n");
        for page in &gathered.pages {
            let mut line = json!({ "id": page.leaf.0.to_string(), "url": page.url, "ts": page.time });
            if let Some(title) = &page.title {
                line["title"] = json!(title);
            }
            pages.push_str(&line.to_string());
            pages.push('\n');
        }
        entries.push(("pages/pages.jsonl".to_owned(), pages.into_bytes()));
        let ledger = self.ledger()?;
        for logged in &gathered.captures {
            let leaf = logged.leaf.0;
            entries.push((format!("selon/{leaf}.manifest.json"), logged.json.clone().into_bytes()));
            entries
                .push((format!("selon/{leaf}.tlog-proof"), proof_of(&ledger, logged)?.text().into_bytes()));
        }
        entries.push(("selon/checkpoint".to_owned(), ledger.signed_checkpoint().as_bytes().to_vec()));
        entries.push(("selon/vkey".to_owned(), format!("{}\n", ledger.key()).into_bytes()));
        entries.sort();
        Ok(entries)
    }
}

fn pretty(value: &serde_json::Value) -> Result<Vec<u8>> {
    let mut text = serde_json::to_vec_pretty(value)
        .map_err(|error| Error::because(Kind::Internal, "cannot write JSON", error))?;
    text.push(b'\n');
    Ok(text)
}

/// A compressed index in blocks, and the list of blocks by which a line is found.
fn index(lines: &[String]) -> io::Result<(Vec<u8>, Vec<u8>)> {
    let mut index = Vec::new();
    let mut blocks =
        String::from("!meta 0 {\"format\": \"cdxj-gzip-1.0\", \"filename\": \"index.cdx.gz\"}\n");
    for block in lines.chunks(BLOCK) {
        let offset = index.len();
        let mut encoder = GzBuilder::new().write(&mut index, Compression::default());
        for line in block {
            encoder.write_all(line.as_bytes())?;
            encoder.write_all(b"\n")?;
        }
        encoder.finish()?;
        let Some(first) = block.first().and_then(|line| line.split_once(" {")) else { continue };
        let digest = Digest::of(&index[offset..]);
        let length = index.len() - offset;
        blocks.push_str(&format!(
            "{} {{\"offset\": {offset}, \"length\": {length}, \"digest\": \"{digest}\"}}\n",
            first.0
        ));
    }
    Ok((index, blocks.into_bytes()))
}
