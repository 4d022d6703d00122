//! A timestamp authority in a folder, run by openssl.
#![allow(dead_code, clippy::print_stdout, reason = "each test binary uses its part; it says what it skips")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Certificates and keys of an authority: its root is `ca`, its signer `tsa`.
pub(crate) struct Authority {
    folder: tempfile::TempDir,
}

const CONFIG: &str = include_str!("tsa.cnf");

/// Whether openssl says yes, asked in a folder.
pub(crate) fn openssl_in(folder: &Path, arguments: &str) -> bool {
    let output = Command::new("openssl").args(arguments.split(' ')).current_dir(folder).output();
    output.is_ok_and(|output| output.status.success())
}

impl Authority {
    /// `None`, and a message, where openssl is not there.
    pub(crate) fn start() -> Option<Authority> {
        if Command::new("openssl").arg("version").output().is_err() {
            println!("skipped: openssl is not there");
            return None;
        }
        let authority = Authority { folder: tempfile::tempdir().unwrap() };
        fs::write(authority.path("tsa.cnf"), CONFIG).unwrap();
        fs::write(authority.path("serial"), "01\n").unwrap();
        authority.root("ca", "ec -pkeyopt ec_paramgen_curve:P-256");
        authority.signer("tsa", "ec -pkeyopt ec_paramgen_curve:P-256", "stamping", "1825");
        Some(authority)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn openssl(&self, arguments: &str) {
        let output = Command::new("openssl")
            .args(arguments.split(' '))
            .current_dir(self.folder.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
    }

    pub(crate) fn root(&self, name: &str, key: &str) {
        self.openssl(&format!(
            "req -x509 -newkey {key} -nodes -keyout {name}.key -out {name}.pem -days 3650 -subj /CN=Root-{name} -config tsa.cnf -extensions ca"
        ));
    }

    /// A certificate signed by the root `ca`.
    pub(crate) fn signer(&self, name: &str, key: &str, extensions: &str, days: &str) {
        self.openssl(&format!(
            "req -new -newkey {key} -nodes -keyout {name}.key -out {name}.csr -subj /CN=Signer-{name} -config tsa.cnf"
        ));
        self.openssl(&format!(
            "x509 -req -in {name}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out {name}.pem -days {days} -extfile tsa.cnf -extensions {extensions}"
        ));
    }

    /// The answer to a request.
    pub(crate) fn answer(&self, request: &[u8], section: &str) -> Vec<u8> {
        fs::write(self.path("q.tsq"), request).unwrap();
        self.openssl(&format!("ts -reply -config tsa.cnf -section {section} -queryfile q.tsq -out r.tsr"));
        fs::read(self.path("r.tsr")).unwrap()
    }

    /// A request for a stamp of these bytes.
    pub(crate) fn request(&self, data: &[u8], options: &str) -> Vec<u8> {
        fs::write(self.path("data"), data).unwrap();
        self.openssl(&format!("ts -query -data data {options} -out q.tsq"));
        fs::read(self.path("q.tsq")).unwrap()
    }
}
