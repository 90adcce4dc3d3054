use clap::Args;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct Arguments {}

pub fn main(_arguments: Arguments) -> ExitCode {
    ExitCode::SUCCESS
}
