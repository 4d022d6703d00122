//! Whom an archive asks for timestamps and whom a verifier believes: a file of authorities.
//!
//! ```toml
//! k = 2                            # so many of them must have stamped; by default 2, of one 1
//!
//! [[authority]]
//! name = "north"                   # small letters, digits, hyphens: part of file names
//! url = "http://tsa.example/"      # where it is asked
//! roots = ["north.pem"]            # certificates that are trusted, beside this file
//! policies = ["1.3.6.1.4.1.99999.1.1"]   # allowed policies; none named: any
//! ```
//!
//! No authority is built in: whom to believe is the reader's business.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::certificate::Certificate;
use crate::durable::write_files;
use crate::error::{Error, Kind, Result, io_error};

/// Longest file that is read.
const LONGEST: u64 = 1 << 20;
/// Authorities in one file.
const MOST: usize = 32;

/// Authorities, and how many of them must agree.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// How many must have stamped a checkpoint for it to count as sealed.
    pub needed: usize,
    /// The authorities, in the order of the file.
    pub authorities: Vec<Authority>,
}

/// A timestamp authority.
#[derive(Clone, Debug)]
pub struct Authority {
    /// Its name here.
    pub name: String,
    /// Where it is asked; without one it is only believed.
    pub url: Option<String>,
    /// It lies in one's own network: addresses that are not public may be asked.
    pub local: bool,
    /// Certificates that are trusted to begin a chain.
    pub roots: Vec<Certificate>,
    /// Certificates that may stand in a chain.
    pub others: Vec<Certificate>,
    /// Allowed policies; none: any.
    pub policies: Vec<String>,
    /// The files of roots and others, as they were read.
    files: Vec<(String, Vec<u8>, bool)>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct TrustFile {
    k: Option<usize>,
    #[serde(default)]
    authority: Vec<AuthorityFile>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct AuthorityFile {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    local: bool,
    roots: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    certificates: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    policies: Vec<String>,
}

impl Trust {
    /// Reads a file and the certificates that it names.
    ///
    /// # Errors
    /// `NotFound` or `Unavailable` where one cannot be read; `Invalid` where it says nothing usable.
    pub fn read(path: &Path) -> Result<Trust> {
        let wrong =
            |what: String| Error::new(Kind::Invalid, format!("cannot use {}: {what}", path.display()));
        let text = String::from_utf8(read_small(path)?).map_err(|_| wrong("it is not UTF-8".to_owned()))?;
        let file: TrustFile = toml::from_str(&text).map_err(|error| wrong(error.to_string()))?;
        if file.authority.is_empty() || file.authority.len() > MOST {
            return Err(wrong(format!("it names {} authorities; 1 to {MOST} may be", file.authority.len())));
        }
        let needed = file.k.unwrap_or(file.authority.len().min(2));
        if needed == 0 || needed > file.authority.len() {
            return Err(wrong(format!("k = {needed} of {} authorities", file.authority.len())));
        }
        let folder = path.parent().unwrap_or(Path::new("."));
        let mut authorities: Vec<Authority> = Vec::new();
        for named in file.authority {
            if !is_name(&named.name) || authorities.iter().any(|other| other.name == named.name) {
                let rule = "names are small letters, digits and hyphens, each once";
                return Err(wrong(format!("authority {:?}: {rule}", named.name)));
            }
            if let Some(oid) = named.policies.iter().find(|oid| !is_oid(oid)) {
                return Err(wrong(format!("{oid:?} is no policy; write it like 1.3.6.1.4.1.99999.1.1")));
            }
            let mut files = Vec::new();
            for (names, is_root) in [(&named.roots, true), (&named.certificates, false)] {
                for name in names {
                    files.push((name.clone(), read_small(&folder.join(name))?, is_root));
                }
            }
            let certificates = |wanted: bool| -> Result<Vec<Certificate>> {
                let mut all = Vec::new();
                for (name, bytes, _) in files.iter().filter(|(_, _, is_root)| *is_root == wanted) {
                    let found = Certificate::parse_all(bytes).filter(|found| !found.is_empty());
                    all.extend(found.ok_or_else(|| wrong(format!("{name} holds no certificate")))?);
                }
                Ok(all)
            };
            let (roots, others) = (certificates(true)?, certificates(false)?);
            if roots.is_empty() {
                return Err(wrong(format!("authority {} has no roots", named.name)));
            }
            // k of n means k that are not one: whoever holds a root can stamp under every name.
            let shared = |other: &&Authority| {
                other.roots.iter().any(|root| roots.iter().any(|own| own.der() == root.der()))
            };
            if let Some(other) = authorities.iter().find(shared) {
                return Err(wrong(format!(
                    "authorities {} and {} have the same root certificate, so they count as one; name it once",
                    other.name, named.name
                )));
            }
            let AuthorityFile { name, url, local, policies, .. } = named;
            authorities.push(Authority { name, url, local, roots, others, policies, files });
        }
        Ok(Trust { needed, authorities })
    }

    /// The file that an archive keeps for itself.
    pub fn path_in(archive: &Path) -> PathBuf {
        archive.join("trust/trust.toml")
    }

    /// The archive's own file; `None` where it has none.
    ///
    /// # Errors
    /// As [`Trust::read`].
    pub fn of_archive(archive: &Path) -> Result<Option<Trust>> {
        let path = Trust::path_in(archive);
        if path.is_file() { Trust::read(&path).map(Some) } else { Ok(None) }
    }

    /// Keeps it in an archive, certificates and all.
    ///
    /// # Errors
    /// When files cannot be written.
    pub(crate) fn keep(&self, archive: &Path) -> Result<()> {
        let folder = archive.join("trust");
        let mut files = Vec::new();
        let mut file = TrustFile { k: Some(self.needed), authority: Vec::new() };
        for authority in &self.authorities {
            let (mut roots, mut certificates) = (Vec::new(), Vec::new());
            for (number, (_, bytes, is_root)) in authority.files.iter().enumerate() {
                let kind = if *is_root { "root" } else { "certificate" };
                let name = format!("{}-{kind}-{number}.pem", authority.name);
                files.push((folder.join(&name), bytes.clone()));
                if *is_root { roots.push(name) } else { certificates.push(name) }
            }
            file.authority.push(AuthorityFile {
                name: authority.name.clone(),
                url: authority.url.clone(),
                local: authority.local,
                roots,
                certificates,
                policies: authority.policies.clone(),
            });
        }
        let text = toml::to_string(&file)
            .map_err(|error| Error::because(Kind::Internal, "cannot write a list of authorities", error))?;
        files.push((folder.join("trust.toml"), text.into_bytes()));
        crate::durable::create_folder(&folder)?;
        write_files(&folder, &files)
    }
}

fn is_name(name: &str) -> bool {
    (1..=32).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && !name.starts_with('-')
}

fn is_oid(oid: &str) -> bool {
    oid.split('.').count() > 2
        && oid.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
}

fn read_small(path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| io_error("open", path, error))?;
    file.take(LONGEST + 1).read_to_end(&mut bytes).map_err(|error| io_error("read", path, error))?;
    if bytes.len() as u64 > LONGEST {
        return Err(Error::new(Kind::Invalid, format!("{} is longer than 1 MiB", path.display())));
    }
    Ok(bytes)
}
