//! What several commands do in the same way: finding settings, catalogue and policy, and saying what is wrong with them.

use super::{FAILED, NO};
use crate::catalogue::Catalogue;
use crate::diagnostic::Diagnostic;
use crate::policy::Policy;
use crate::settings::Settings;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

/// A catalogue and the policy that was checked against it.
pub(super) struct Loaded {
    pub catalogue: Arc<Catalogue>,
    pub policy: Policy,
}

/// The folder named, else that of the settings, else none: the embedded policy.
pub(super) fn policies(named: Option<&Path>, config: Option<&Path>) -> Result<Option<PathBuf>, Vec<Diagnostic>> {
    match named {
        Some(dir) => Ok(Some(dir.to_path_buf())),
        None => Ok(Settings::load(config)?.policies),
    }
}

/// Reads catalogue and policy; the mistakes of both where there are any.
pub(super) fn load(dir: Option<&Path>) -> Result<Loaded, Vec<Diagnostic>> {
    let Some(dir) = dir else {
        let catalogue = Catalogue::embedded()?;
        let policy = Policy::embedded(&catalogue)?;
        return Ok(Loaded { catalogue, policy });
    };
    // A policy of one file has no folder of its own for catalogue entries.
    let catalogue = if dir.is_file() { Catalogue::embedded() } else { Catalogue::with_folder(dir) };
    match catalogue {
        Ok(catalogue) => Ok(Loaded { policy: Policy::load(dir, &catalogue)?, catalogue }),
        Err(mut mistakes) => {
            // The policy's own mistakes must not hide behind those of the catalogue.
            if let Ok(catalogue) = Catalogue::embedded()
                && let Err(more) = Policy::load(dir, &catalogue)
            {
                mistakes.extend(more);
            }
            Err(mistakes)
        }
    }
}

/// Prints mistakes to standard error and gives the exit status: the answer is no, or a file could not be read at all.
pub(super) fn refuse(mistakes: &[Diagnostic]) -> ExitCode {
    for mistake in mistakes {
        anstream::eprintln!("{mistake}");
    }
    let count = mistakes.len();
    anstream::eprintln!("{count} {}", if count == 1 { "mistake" } else { "mistakes" });
    // A folder that is not there is no answer about a policy.
    let absent = mistakes.iter().all(|mistake| mistake.line == 0 && !mistake.file.exists());
    ExitCode::from(if absent { FAILED } else { NO })
}

/// Says that the environment failed.
pub(super) fn failed(message: impl std::fmt::Display) -> ExitCode {
    anstream::eprintln!("sluis: {message}");
    ExitCode::from(FAILED)
}

/// The settings, or all their mistakes as one text.
pub(super) fn settings(config: Option<&Path>) -> Result<Settings, String> {
    Settings::load(config).map_err(|mistakes| told(&mistakes))
}

/// Mistakes as one text, a line break between them.
pub(super) fn told(mistakes: &[Diagnostic]) -> String {
    mistakes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// The catalogue of the settings: what is embedded, and the organisation's own tools.
pub(super) fn catalogue(settings: &Settings) -> Result<Arc<Catalogue>, String> {
    // A policy in a single file has no folder of tools beside it.
    let folder = settings.policies.as_deref().filter(|path| path.is_dir());
    folder.map_or_else(Catalogue::embedded, Catalogue::with_folder).map_err(|mistakes| told(&mistakes))
}
