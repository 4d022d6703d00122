//! The archive facade.
