//! Room: tls.
