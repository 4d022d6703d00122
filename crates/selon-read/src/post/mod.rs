//! Posts of social platforms: found first and masked, so that their words never count as the
//! report's.
