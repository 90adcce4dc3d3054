//! TLS on both sides: [`hello`] peeks at a ClientHello, [`authority`] is the CA, [`leaf`] mints and caches certificates per host,
//! [`upstream`] verifies the origin. Nothing here ever switches verification off.

pub mod authority;
pub mod hello;
pub mod leaf;
pub mod upstream;
