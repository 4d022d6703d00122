//! Logs, notes and proofs held against other implementations' test data.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test says what it skips and stops where it fails"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use selon_capture::ledger::{Ledger, read_key};
use selon_capture::merkle::{is_consistent, is_in_subtree, is_included, is_subtree_of};
use selon_capture::note::{Checkpoint, SigningKey};
use selon_capture::tile::leaf_hash;
use selon_model::{Digest, LeafIndex};

fn data() -> Option<PathBuf> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/warc/tlog"));
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: {} is not there", folder.display());
    None
}

fn digest(base64: &str) -> Option<Digest> {
    use base64::Engine as _;
    let bytes = base64::engine::general_purpose::STANDARD.decode(base64).ok()?;
    Some(Digest::from_bytes(bytes.try_into().ok()?))
}

fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn inclusion_and_consistency_vectors() {
    let Some(data) = data() else { return };
    let lines = String::from_utf8(read(&data.join("merkle-proofs.jsonl"))).unwrap();
    let mut seen = BTreeMap::new();
    for line in lines.lines() {
        let vector: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = |name: &str| digest(vector[name].as_str().unwrap_or(""));
        // Some consistency vectors name roots that are no hashes ("don't care"): equal ones stay equal.
        let root = |name: &str| text(name).or(vector[name].as_str().map(|text| Digest::of(text.as_bytes())));
        let number = |name: &str| vector[name].as_u64().unwrap_or(0);
        // A hash of another length cannot be one of ours: refused before any arithmetic.
        let proof: Option<Vec<Digest>> = match vector["proof"].as_array() {
            Some(hashes) => hashes.iter().map(|hash| digest(hash.as_str().unwrap_or(""))).collect(),
            None => Some(Vec::new()),
        };
        let right = match vector["kind"].as_str().unwrap() {
            "inclusion" => match (text("leafHash"), proof, text("root")) {
                (Some(leaf), Some(proof), Some(root)) => {
                    is_included(number("leafIdx"), number("treeSize"), &leaf, &proof, &root)
                }
                _ => false,
            },
            "consistency" => match (root("root1"), root("root2"), proof) {
                (Some(old), Some(new), Some(proof)) => {
                    is_consistent(number("size1"), number("size2"), &old, &new, &proof)
                }
                _ => false,
            },
            "subtreeinclusion" => match (text("leafHash"), proof, text("root")) {
                (Some(leaf), Some(proof), Some(root)) => {
                    is_in_subtree(number("leafIdx"), number("start")..number("end"), &leaf, &proof, &root)
                }
                _ => false,
            },
            "subtreeconsistency" => match (root("root1"), root("root2"), proof) {
                (Some(old), Some(new), Some(proof)) => {
                    is_subtree_of(number("start")..number("end"), number("size"), &old, &new, &proof)
                }
                _ => false,
            },
            kind => panic!("{kind}"),
        };
        assert_eq!(right, !vector["wantErr"].as_bool().unwrap(), "{line}");
        *seen.entry(vector["kind"].as_str().unwrap().to_owned()).or_insert(0) += 1;
    }
    let expected =
        [("inclusion", 66), ("consistency", 59), ("subtreeinclusion", 128), ("subtreeconsistency", 84)];
    assert_eq!(seen, expected.map(|(kind, count)| (kind.to_owned(), count)).into());
}

#[test]
fn checkpoints_of_other_logs_verify() {
    let Some(data) = data() else { return };
    for (log, sizes) in
        [("made-log-300", &[1, 2, 255, 256, 257, 300][..]), ("tessera-testdata-log", &[0, 1, 7, 15])]
    {
        let key = {
            // Their key files have no line end or one; ours always have one.
            let text = String::from_utf8(read(&data.join(log).join("vkey"))).unwrap();
            text.trim_end().parse().unwrap()
        };
        for size in sizes {
            let note = read(&data.join(log).join(format!("checkpoint.{size}")));
            let checkpoint = Checkpoint::open(&note, &key).unwrap();
            assert_eq!(checkpoint.size, *size, "{log}");
        }
    }
}

#[test]
fn a_log_made_with_go_is_rebuilt_byte_for_byte() {
    let Some(data) = data() else { return };
    let made = data.join("made-log-300");
    let folder = tempfile::tempdir().unwrap();
    let key = SigningKey::from_seed("selon.example/made-300", &[1; 32]).unwrap();
    let entries: Vec<Vec<u8>> =
        (0..300).map(|index| format!("entry {index} of selon.example/made-300").into_bytes()).collect();

    let mut ledger = Ledger::create(folder.path(), &key, &entries[..1]).unwrap();
    let mut checked = 0;
    for (from, to) in [(0, 1), (1, 2), (2, 255), (255, 256), (256, 257), (257, 300)] {
        if from > 0 {
            ledger.append(&key, &entries[from..to]).unwrap();
        }
        let theirs = String::from_utf8(read(&made.join(format!("checkpoint.{to}")))).unwrap();
        assert!(theirs.starts_with(&ledger.checkpoint().text()), "checkpoint {to}");
        for tile in ["tile/0/000", "tile/0/001", "tile/1/000", "tile/entries/000", "tile/entries/001"] {
            for width in 1..=256 {
                let name = if width == 256 { tile.to_owned() } else { format!("{tile}.p/{width}") };
                if let (Ok(ours), Ok(theirs)) =
                    (std::fs::read(folder.path().join(&name)), std::fs::read(made.join(&name)))
                {
                    assert_eq!(ours, theirs, "{name}");
                    checked += 1;
                }
            }
        }
    }
    assert!(checked > 12, "only {checked} tiles compared");

    let reopened = Ledger::open(folder.path()).unwrap();
    assert_eq!(reopened.checkpoint(), ledger.checkpoint());
    assert_eq!(read_key(folder.path()).as_ref().unwrap(), key.public());

    // Their proofs for the whole log, made anew from our tiles.
    let mut proofs = 0;
    for line in String::from_utf8(read(&made.join("proofs.tsv"))).unwrap().lines() {
        let mut columns = line.split('\t');
        let (kind, size, at) = (columns.next().unwrap(), columns.next().unwrap(), columns.next().unwrap());
        if size != "300" {
            continue;
        }
        let hashes: Vec<Digest> = columns
            .next()
            .unwrap_or("")
            .split(',')
            .filter(|hash| !hash.is_empty())
            .map(|hash| digest(hash).unwrap())
            .collect();
        let at: u64 = at.parse().unwrap();
        match kind {
            "inclusion" => {
                assert_eq!(ledger.prove_inclusion(LeafIndex(at)).unwrap(), hashes, "{line}");
                let leaf = leaf_hash(&entries[at as usize]);
                assert!(is_included(at, 300, &leaf, &hashes, &ledger.checkpoint().root));
            }
            "consistency" => assert_eq!(ledger.prove_consistency(at).unwrap(), hashes, "{line}"),
            other => panic!("{other}"),
        }
        proofs += 1;
    }
    assert!(proofs > 5, "only {proofs} proofs compared");
}

#[test]
fn a_long_log_in_batches_equals_one_in_a_single_batch() {
    let key = SigningKey::from_seed("selon.local/long", &[2; 32]).unwrap();
    let entries: Vec<Vec<u8>> = (0..66_000u32).map(|index| index.to_be_bytes().to_vec()).collect();
    let (one, many) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let one_log = Ledger::create(one.path(), &key, &entries).unwrap();
    let mut many_log = Ledger::create(many.path(), &key, &entries[..1]).unwrap();
    for batch in entries[1..].chunks(7_001) {
        many_log.append(&key, batch).unwrap();
    }
    assert_eq!(one_log.checkpoint(), many_log.checkpoint());
    let proof = many_log.prove_inclusion(LeafIndex(65_535)).unwrap();
    let leaf = leaf_hash(&entries[65_535]);
    assert!(is_included(65_535, 66_000, &leaf, &proof, &one_log.checkpoint().root));
}
