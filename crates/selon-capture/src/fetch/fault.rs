//! Why something was not fetched, in words for the one who asked.

use selon_model::Kind;

/// Why an address was not fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What kind of reason.
    pub kind: FaultKind,
    /// What happened, to stand behind the address: `answers with nothing for 30 s`.
    pub what: String,
}

/// Kinds of reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The address is none that may be fetched.
    Address,
    /// The host's name is not found.
    Name,
    /// No connection.
    Connect,
    /// The certificate does not verify, or there is no TLS.
    Tls,
    /// It takes too long.
    Time,
    /// What comes is no HTTP.
    Answer,
    /// The site's robots.txt forbids it.
    Robots,
    /// The site asks to come back later.
    Later,
    /// Redirects without an end.
    Redirects,
    /// The address leads to what cannot be fetched.
    Redirect,
    /// A file of ours cannot be written.
    Spool,
}

impl Fault {
    pub(crate) fn new(kind: FaultKind, what: impl Into<String>) -> Self {
        Fault { kind, what: what.into() }
    }

    /// The kind as errors of the project have it.
    pub fn error_kind(&self) -> Kind {
        match self.kind {
            FaultKind::Address | FaultKind::Robots | FaultKind::Tls | FaultKind::Redirect => Kind::Refused,
            FaultKind::Name => Kind::NotFound,
            FaultKind::Answer | FaultKind::Redirects => Kind::Invalid,
            FaultKind::Connect | FaultKind::Time | FaultKind::Later | FaultKind::Spool => Kind::Unavailable,
        }
    }

    /// What to try.
    pub fn advice(&self) -> &'static str {
        match self.kind {
            FaultKind::Address | FaultKind::Redirect => {
                "check the address; one of your own network needs --allow ADDRESS"
            }
            FaultKind::Name => "check the spelling, and that this machine is online",
            FaultKind::Connect | FaultKind::Time => {
                "try again later, or save the page with your browser, then `selon add` the file"
            }
            FaultKind::Tls => {
                "check the address and this machine's clock; --ca FILE trusts another authority, and \
                 --accept-bad-certificate keeps the page with the fault written down"
            }
            FaultKind::Answer => {
                "open it in your browser; if it shows, save it there, then `selon add` the file"
            }
            FaultKind::Robots => {
                "save the page with your browser, then `selon add` the file; or state why it must be \
                 fetched: --ignore-robots REASON"
            }
            FaultKind::Later => "run the same command again then: what is kept is not fetched again",
            FaultKind::Redirects => "open it in your browser, and give the address that it ends at",
            FaultKind::Spool => "check that the folder for temporary files has room",
        }
    }

    /// Whether the same may work a moment later.
    pub(crate) fn is_passing(&self) -> bool {
        matches!(self.kind, FaultKind::Connect | FaultKind::Time)
    }
}
