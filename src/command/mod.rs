//! One file per subcommand; the only room that prints.
//!
//! Exit status: 0 fine, 1 the answer is no, 2 usage, 3 the environment failed. Results go to standard output, everything else to standard
//! error; colours are off in pipes and where `NO_COLOR` is set.

mod audit;
mod ca;
mod catalogue;
mod check;
mod common;
mod demo;
mod explain;
mod index;
mod report;
mod run;
mod scan;
mod test;

use clap::{CommandFactory, Parser, Subcommand};
use std::process::ExitCode;

/// The answer is no: a check or test failed, a scan found something, nothing fits.
pub(crate) const NO: u8 = 1;
/// The environment failed: port taken, file unreadable.
pub(crate) const FAILED: u8 = 3;

/// AI usage governance proxy: sees which AI tools an organisation uses, stops or cleans confidential data, keeps a lawful record.
#[derive(Debug, Parser)]
#[command(name = "sluis", version, max_term_width = 100, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The proxy, console and metrics in one process
    Run(run::Arguments),
    /// Everything at once on this machine, without internet: stand-in AI service, proxy, sample employees, console
    Demo(demo::Arguments),
    /// Validate settings, policy and catalogue
    Check(check::Arguments),
    /// Run the policy's own tests
    Test(test::Arguments),
    /// Print a decision and its trace, step by step
    Explain(Box<explain::Arguments>),
    /// Run the detectors alone on text
    Scan(scan::Arguments),
    /// Build an index of records or documents for the policy
    Index(index::Arguments),
    /// The certificate authority
    Ca(ca::Arguments),
    /// The tamper-evident log
    Audit(audit::Arguments),
    /// Write a report on a period
    Report(report::Arguments),
    /// The known AI tools
    Catalogue(catalogue::Arguments),
    /// Print a completion script for a shell
    Completions {
        /// bash, zsh, fish, elvish or powershell
        shell: clap_complete::Shell,
    },
}

/// Parses the arguments and runs the subcommand.
pub fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Run(arguments) => run::main(arguments),
        Command::Demo(arguments) => demo::main(arguments),
        Command::Check(arguments) => check::main(arguments),
        Command::Test(arguments) => test::main(arguments),
        Command::Explain(arguments) => explain::main(*arguments),
        Command::Scan(arguments) => scan::main(arguments),
        Command::Index(arguments) => index::main(arguments),
        Command::Ca(arguments) => ca::main(arguments),
        Command::Audit(arguments) => audit::main(arguments),
        Command::Report(arguments) => report::main(arguments),
        Command::Catalogue(arguments) => catalogue::main(arguments),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "sluis", &mut script);
            // A reader that went away early is no failure of ours.
            let _ = std::io::Write::write_all(&mut std::io::stdout(), &script);
            ExitCode::SUCCESS
        }
    }
}
