//! How an error ends a program or an answer: exit code and HTTP status from one table.

use selon_model::Kind;

/// Exit code and HTTP status (RFC 9110, section 15) of a kind of error.
fn codes(kind: Kind) -> (u8, u16) {
    match kind {
        Kind::Invalid => (1, 422),
        Kind::Refused => (1, 403),
        Kind::Unavailable => (1, 503),
        Kind::Internal => (1, 500),
        Kind::Corrupt => (4, 500),
        Kind::NotFound => (5, 404),
    }
}

/// Exit code of a program that ends with this kind of error.
pub fn exit_code(kind: Kind) -> u8 {
    codes(kind).0
}

/// HTTP status of an answer that ends with this kind of error.
pub fn http_status(kind: Kind) -> u16 {
    codes(kind).1
}
