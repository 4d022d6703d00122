//! What holds whatever the bytes: of evidence, and of what is read.

pub mod evidence;
pub mod reading;
