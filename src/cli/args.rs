//! What can be written on the command line.

use clap::{Parser, Subcommand, ValueEnum};

use super::{
    ask, brief, doctor, export, forget, handoff, judge, locality, mask, moving, new, pin, search, show, trace, unmask,
};

/// A terminal workbench for people who think with several AI conversations at once.
///
/// Research, drafting and synthesis run side by side in panes. Without a command the screen opens.
#[derive(Debug, Parser)]
#[command(name = "trialogue", version, disable_help_subcommand = true)]
#[command(after_help = "\
Exit codes: 0 done, 1 failed, 2 wrong usage or wrong file, 3 the provider failed, 4 refused (locality, headroom, \
spend), 5 held: another process or a person must act first.

Environment: TRIALOGUE_CONFIG_DIR and TRIALOGUE_DATA_DIR name the two folders; TRIALOGUE_LOG=info writes a log into \
the data folder; NO_COLOR is obeyed.")]
pub struct Args {
    /// The workspace: its name, or a folder such as ./acme. The last one used, if none is named.
    #[arg(short, long, value_name = "NAME|FOLDER", global = true)]
    pub workspace: Option<String>,

    /// The workspace to open: its name, or a folder such as ./acme.
    #[arg(value_name = "WORKSPACE", conflicts_with = "workspace")]
    pub open: Option<String>,

    /// Speak instead of drawing: plain labelled lines for screen readers, and lines of input.
    #[arg(long)]
    pub screen_reader: bool,

    /// What is asked.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a workspace.
    New(new::NewArgs),
    /// List the workspaces: panes, messages, when they were last used.
    List(JsonArgs),
    /// Ask a pane, stream its answer to stdout, and keep both in its conversation.
    Ask(ask::AskArgs),
    /// Send a brief: an objective and quoted messages, from one pane into another.
    Brief(brief::BriefArgs),
    /// Tell or change where a pane's text may go.
    Locality(locality::LocalityArgs),
    /// Show where a brief came from and what became of it.
    Trace(trace::TraceArgs),
    /// Judge which names cross, and list what is remembered.
    Judge(judge::JudgeArgs),
    /// Show one message, one brief, or a handoff's document.
    Show(show::ShowArgs),
    /// Find messages in all workspaces.
    Search(search::SearchArgs),
    /// Erase a message, or all conversations of a pane, for good.
    Forget(forget::ForgetArgs),
    /// Write conversations as Markdown, JSON or HTML.
    Export(export::ExportArgs),
    /// List what can be reached: provider, model, window, price, local or not, and why not.
    Models(JsonArgs),
    /// Go on in a fresh context: a document carries the conversation over. Or make such a document from a transcript.
    Handoff(handoff::HandoffArgs),
    /// Pin a message, so that every later context keeps it byte for byte, or unpin it.
    Pin(pin::PinArgs),
    /// Go on with the next model that may answer, where a pane's own stays down; or back.
    Move(moving::MoveArgs),
    /// Pseudonymise what comes on stdin.
    Mask(mask::MaskArgs),
    /// Put back what `mask` replaced in what comes on stdin.
    Unmask(unmask::UnmaskArgs),
    /// Look at config, keys, terminal and journals, and say what is wrong.
    Doctor(doctor::DoctorArgs),
    /// Print a completion script for a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Print the manual page.
    Man,
    /// Read code for the screen: a line asks, a line answers.
    #[command(hide = true)]
    ReadCode,
}

/// The one choice of commands that list things.
#[derive(Debug, clap::Args)]
pub struct JsonArgs {
    /// Print one JSON object per line.
    #[arg(long)]
    pub json: bool,
}

/// What an export is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Markdown.
    Md,
    /// JSON with every branch, for programs.
    Json,
    /// One HTML page, for browsers and printers.
    Html,
}
