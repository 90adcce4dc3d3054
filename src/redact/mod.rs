//! Room: redact.
