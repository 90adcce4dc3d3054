//! Room: listener.
