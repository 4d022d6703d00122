//! Embeds the packs: every file under `packs/`, by its path, in the order of the paths.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let packs = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("../../packs");
    println!("cargo::rerun-if-changed={}", packs.display());
    let mut files = Vec::new();
    walk(&packs, &packs, &mut files)?;
    files.sort();
    let mut code = String::from("const EMBEDDED: &[(&str, &str)] = &[\n");
    for (name, path) in &files {
        let path = path.canonicalize()?;
        let _ = writeln!(code, "    ({name:?}, include_str!({:?})),", path.display().to_string());
    }
    code.push_str("];\n");
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it")).join("packs.rs");
    fs::write(out, code)
}

fn walk(root: &Path, folder: &Path, files: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            walk(root, &path, files)?;
        } else if matches!(path.extension().and_then(|e| e.to_str()), Some("tsv" | "toml" | "md")) {
            let name = path.strip_prefix(root).expect("walked from the root");
            let name =
                name.components().map(|c| c.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
            files.push((name, path));
        }
    }
    Ok(())
}
