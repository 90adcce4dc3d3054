//! `sluis ca`: the certificate authority that clients must trust.

use super::FAILED;
use crate::settings::Settings;
use crate::tls::authority::Authority;
use clap::{Args, Subcommand, ValueEnum};
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Args)]
#[command(after_help = "Example: sluis ca export --format pem > sluis-ca.pem")]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
    /// Settings file [default: ./sluis.yaml where it exists]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Generate the CA where there is none yet
    Init,
    /// Name, validity and fingerprint
    Show,
    /// The certificate on standard output, for clients and their management
    Export {
        #[arg(long, value_enum, default_value_t = Format::Pem)]
        format: Format,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Pem,
    Der,
}

pub fn main(arguments: Arguments) -> ExitCode {
    match act(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("sluis ca: {error}");
            ExitCode::from(FAILED)
        }
    }
}

fn act(arguments: &Arguments) -> Result<(), String> {
    let settings = super::common::settings(arguments.config.as_deref())?;
    let (authority, new) = open(&settings)?;
    match &arguments.action {
        Action::Init if new => println!("A new CA was made in {}.", settings.data_dir.display()),
        Action::Init => println!("There is a CA already; nothing was changed."),
        Action::Show => {
            let der = authority.certificate_der();
            let (_, certificate) = x509_parser::parse_x509_certificate(der).map_err(|e| e.to_string())?;
            println!("subject      {}", certificate.subject());
            println!("valid        {} to {}", certificate.validity().not_before, certificate.validity().not_after);
            println!("serial       {}", certificate.raw_serial_as_string());
            println!("SHA-256      {}", authority.fingerprint());
        }
        Action::Export { format } => {
            let bytes: &[u8] = match format {
                Format::Pem => authority.certificate_pem().as_bytes(),
                Format::Der => authority.certificate_der(),
            };
            // A reader that went away early is no failure of ours.
            let _ = std::io::stdout().write_all(bytes).and_then(|()| std::io::stdout().flush());
        }
    }
    Ok(())
}

/// The CA of the settings: the organisation's own, or the one in the data folder (made where there is none).
pub(super) fn open(settings: &Settings) -> Result<(Authority, bool), String> {
    match &settings.ca {
        Some((certificate, key)) => Authority::load(certificate, key).map(|authority| (authority, false)),
        None => Authority::open(&settings.data_dir, "Sluis"),
    }
    .map_err(|e| e.to_string())
}
