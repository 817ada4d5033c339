//! The entry of the one binary; everything else is in the library.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use service::exit::Exit;
use veta::cli::Cli;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.expect("a process can start threads");
    match runtime.block_on(cli.run()) {
        Ok(()) => Exit::Ok.into(),
        Err(trouble) => {
            // Nobody is left to tell if standard error is closed.
            let _ = writeln!(std::io::stderr().lock(), "veta: {trouble}");
            trouble.exit.into()
        }
    }
}
