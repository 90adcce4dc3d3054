//! Room: page.
