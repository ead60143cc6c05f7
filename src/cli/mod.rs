//! The command line: a second driver of the same runtime that the screen drives.
//!
//! Text goes to stdout, notices to stderr; how a command ended is its exit code ([`exit::Exit`]).

pub mod args;
mod ask;
mod brief;
mod desk;
mod doctor;
pub mod exit;
mod export;
mod find;
mod forget;
pub mod handoff;
mod journals;
mod judge;
mod keymap;
mod line;
mod list;
mod locality;
mod log;
mod looks;
pub mod mask;
mod models;
mod moving;
mod new;
mod open;
pub mod out;
mod pin;
mod read_code;
mod real_names;
mod screen;
mod search;
mod show;
mod signal;
mod surroundings;
mod trace;
pub mod unmask;
mod when;

use std::io::{IsTerminal as _, Read, Write};

use clap::CommandFactory as _;

use self::args::{Args, Command};
use self::desk::Desk;
use self::exit::Exit;
use self::out::Out;

/// Runs what the command line asks for.
pub fn run(args: Args) -> anyhow::Result<Exit> {
    // Held until the end: what is logged is written when it is dropped.
    let _log = log::start()?;
    let named = args.workspace.or(args.open);
    let Some(command) = args.command else { return open::run(&Desk::new(named)?, args.screen_reader) };
    match command {
        Command::New(args) => new::run(&Desk::new(named)?, &args),
        Command::List(args) => list::run(&Desk::new(named)?, &args),
        Command::Ask(args) => block_on(ask::run(&Desk::new(named)?, args)),
        Command::Brief(args) => block_on(brief::run(&Desk::new(named)?, args)),
        Command::Locality(args) => block_on(locality::run(&Desk::new(named)?, args)),
        Command::Trace(args) => trace::run(&Desk::new(named)?, &args),
        Command::Judge(args) => block_on(judge::run(&Desk::new(named)?, args)),
        Command::Show(args) => show::run(&Desk::new(named)?, &args),
        Command::Search(args) => search::run(&Desk::new(named)?, &args),
        Command::Forget(args) => block_on(forget::run(&Desk::new(named)?, &args)),
        Command::Export(args) => export::run(&Desk::new(named)?, &args),
        Command::Models(args) => block_on(models::run(&Desk::new(named)?, &args)),
        Command::Handoff(args) => match &args.pane {
            Some(pane) => block_on(handoff::hand_off(&Desk::new(named)?, pane, &args)),
            None => pipe(|stdin, stdout| handoff::run(&args, stdin, stdout)),
        },
        Command::Pin(args) => block_on(pin::run(&Desk::new(named)?, args)),
        Command::Move(args) => block_on(moving::run(&Desk::new(named)?, args)),
        Command::Mask(args) => pipe(|stdin, stdout| mask::run(&args, stdin, stdout, &mut std::io::stderr())),
        Command::Unmask(args) => pipe(|stdin, stdout| unmask::run(&args, stdin, stdout)),
        Command::Doctor(args) => doctor::run(named.as_deref(), &args),
        Command::Completions { shell } => completions(shell),
        Command::Man => man(),
        Command::ReadCode => block_on(read_code::run()),
    }
}

/// Runs a command that waits for the engine. One thread: what is heavy has threads of its own.
fn block_on(command: impl Future<Output = anyhow::Result<Exit>>) -> anyhow::Result<Exit> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(command)
}

/// Runs a command that turns stdin into stdout. What goes to a terminal is sanitised, what goes elsewhere is exact.
fn pipe<E>(command: impl FnOnce(&mut dyn Read, &mut dyn Write) -> Result<(), E>) -> anyhow::Result<Exit>
where
    E: std::error::Error + Send + Sync + 'static,
{
    let (mut stdin, mut stdout) = (std::io::stdin().lock(), std::io::stdout());
    if stdout.is_terminal() {
        let mut text = Vec::new();
        command(&mut stdin, &mut text)?;
        let mut out = Out::new();
        out.piece(&String::from_utf8_lossy(&text))?;
        out.end_of_stream(true)?;
    } else {
        command(&mut stdin, &mut stdout)?;
        stdout.flush()?;
    }
    Ok(Exit::Done)
}

fn completions(shell: clap_complete::Shell) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "trialogue", &mut script);
    print(&script)
}

fn man() -> anyhow::Result<Exit> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Args::command()).render(&mut page)?;
    print(&page)
}

fn print(bytes: &[u8]) -> anyhow::Result<Exit> {
    std::io::stdout().lock().write_all(bytes)?;
    Ok(Exit::Done)
}
