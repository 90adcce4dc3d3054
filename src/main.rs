//! Parses the command line and hands over; nothing else.

use std::process::ExitCode;

/// Many small, short-lived pieces per request, on several threads: the system's allocator costs a tenth of the processor time here.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    sluis::command::main()
}
