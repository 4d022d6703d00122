//! The signing key: a file outside the archive, readable by its owner alone.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use selon_model::Digest;

use super::{Options, random};
use crate::durable::{create_folder, sync_folder};
use crate::error::{Error, Kind, Result, io_error};
use crate::note::SigningKey;

pub(super) fn read_key_file(path: &Path) -> Result<Option<SigningKey>> {
    let text = match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        other => other.map_err(|error| io_error("read the signing key", path, error))?,
    };
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(path).map_err(|error| io_error("look at", path, error))?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(Error::new(
                Kind::Refused,
                format!("the signing key {} can be read by others: chmod 600 it first", path.display()),
            ));
        }
    }
    SigningKey::from_secret_text(text.trim_end()).map(Some).map_err(|fault| {
        Error::because(Kind::Invalid, format!("cannot use the signing key {}", path.display()), fault)
    })
}

pub(super) fn create_key_file(path: &Path, options: &mut Options) -> Result<SigningKey> {
    let seed = random::<32>(options)?;
    let bad_name = |fault| Error::because(Kind::Invalid, "cannot name the log so", fault);
    let key = match &options.origin {
        Some(origin) => SigningKey::from_seed(origin, &seed).map_err(bad_name)?,
        None => {
            let public = ed25519_dalek::SigningKey::from_bytes(&seed).verifying_key();
            let origin = format!("selon.local/{}", &Digest::of(public.as_bytes()).hex()[..16]);
            SigningKey::from_seed(&origin, &seed).map_err(bad_name)?
        }
    };
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        create_folder(parent)?;
    }
    let mut open = OpenOptions::new();
    open.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        open.mode(0o600);
    }
    let written = open.open(path).and_then(|mut file| {
        file.write_all(format!("{}\n", key.secret_text()).as_bytes())?;
        file.sync_all()
    });
    written.map_err(|error| io_error("write the signing key", path, error))?;
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).map_or(Ok(()), sync_folder)?;
    Ok(key)
}
