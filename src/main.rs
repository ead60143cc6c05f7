//! The program: reads the command line, runs the command, and ends with its exit code.

use std::process::ExitCode;

use clap::Parser as _;
use trialogue::cli::{self, args::Args, exit, out};

fn main() -> ExitCode {
    // Two TLS providers in one program would panic at the first connection: ours is named before anything can ask.
    // An error says that one is installed already, which is what is wanted.
    let _ = rustls::crypto::ring::default_provider().install_default();
    // Wrong usage ends here, with exit code 2.
    let args = Args::parse();
    match cli::run(args) {
        Ok(ended) => ended.into(),
        Err(error) if exit::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            out::notice(&format!("trialogue: {error:#}"));
            exit::Exit::of(&error).into()
        }
    }
}
