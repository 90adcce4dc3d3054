//! The files of `policies/catalogue/`, part of the binary. A new file is added to this list; a test fails where one is forgotten.

macro_rules! files {
    ($($name:literal)*) => {
        /// Path in the project, and text.
        pub(super) const FILES: &[(&str, &str)] = &[$((
            concat!("policies/catalogue/", $name, ".yaml"),
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/policies/catalogue/", $name, ".yaml")),
        )),*];
    };
}

files!("chat" "search" "companion" "data" "api" "platform" "agent" "code" "image" "video" "audio" "translation" "writing" "meeting-notes" "presentation" "embedded");
