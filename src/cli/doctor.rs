//! `trialogue doctor`: looks at config, keys, terminal and journals, and says what is wrong and what to do.

use std::io::IsTerminal as _;
use std::path::Path;

use serde::Serialize;

use crate::config::provider::{KeySource, ProviderConfig};
use crate::config::source::Source;
use crate::config::user::{self, UserConfig};
use crate::config::workspace::WorkspaceFile;
use crate::files::folders::Folders;
use crate::files::workspace_folder::WorkspaceFolder;
use crate::runtime::lines;
use crate::tui::key_watch;

use super::block_on;
use super::desk::Desk;
use super::exit::{Exit, Stopped};
use super::out::Out;
use super::{journals, keymap, looks};

/// What is looked at.
#[derive(Debug, clap::Args)]
pub struct DoctorArgs {
    /// Make everything that is derived from a journal's events anew; a damaged one is kept beside its repaired copy.
    #[arg(long)]
    pub rebuild: bool,
    /// Show what arrives for each key you press, and what it does.
    #[arg(long, conflicts_with_all = ["rebuild", "json"])]
    pub keys: bool,
    /// Print one JSON object per line.
    #[arg(long)]
    pub json: bool,
}

/// What came of one look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Health {
    /// As it should be.
    Fine,
    /// Worth knowing.
    Note,
    /// Wrong.
    Wrong,
}

impl Health {
    const fn mark(self) -> &'static str {
        match self {
            Self::Fine => "ok ",
            Self::Note => " ! ",
            Self::Wrong => " x ",
        }
    }
}

/// One line of the report.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Look {
    /// What was looked at.
    pub at: String,
    /// What came of it.
    pub health: Health,
    /// The sentence a person reads.
    pub said: String,
    /// What a script exits with if this is the worst.
    #[serde(skip)]
    pub exit: Exit,
}

impl Look {
    /// All is well.
    pub(super) fn fine(at: impl Into<String>, said: impl Into<String>) -> Self {
        Self { at: at.into(), health: Health::Fine, said: said.into(), exit: Exit::Done }
    }

    /// Worth knowing.
    pub(super) fn note(at: impl Into<String>, said: impl Into<String>) -> Self {
        Self { health: Health::Note, ..Self::fine(at, said) }
    }

    /// Wrong.
    pub(super) fn wrong(at: impl Into<String>, said: impl Into<String>, exit: Exit) -> Self {
        Self { health: Health::Wrong, exit, ..Self::fine(at, said) }
    }
}

/// Looks at everything. A broken config is one finding among others, never a reason to stop.
pub(super) fn run(named: Option<&str>, args: &DoctorArgs) -> anyhow::Result<Exit> {
    if args.keys {
        return watch_keys();
    }
    let folders = Folders::find()?;
    let workspaces = match named {
        Some(reference) => vec![folders.workspace(reference)?],
        None => folders.list(),
    };
    let (user, mut looks) = look_at_config(&folders);
    looks.extend(look_at_looks());
    looks.extend(look_at_keys(&user));
    looks.extend(look_at_terminal());
    if workspaces.is_empty() {
        looks.push(Look::note("workspaces", "none yet: `trialogue new NAME` makes one."));
    }
    for folder in &workspaces {
        looks.push(look_at_workspace(folder, &user));
        looks.extend(journals::look(folder, args.rebuild));
    }
    print(&looks, args.json)?;
    let worst = looks.iter().filter(|look| look.health == Health::Wrong).map(|look| look.exit);
    Ok(worst.max_by_key(|exit| *exit as u8).unwrap_or(Exit::Done))
}

/// Shows what arrives for each key.
fn watch_keys() -> anyhow::Result<Exit> {
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        return Err(Stopped::wrong("`doctor --keys` shows what a terminal sends: run it in one.").into());
    }
    let (keymap, _) = keymap::read(&Desk::new(None)?)?;
    block_on(async {
        key_watch::run(&keymap, lines::pressed).await?;
        Ok(Exit::Done)
    })
}

fn print(looks: &[Look], json: bool) -> anyhow::Result<()> {
    let mut out = Out::new();
    let widest = looks.iter().map(|look| look.at.chars().count()).max().unwrap_or(0);
    for look in looks {
        if json {
            out.json(look)?;
            continue;
        }
        let mut lines = look.said.lines();
        out.line(&format!("{} {:widest$}  {}", look.health.mark(), look.at, lines.next().unwrap_or_default()))?;
        for line in lines {
            out.line(&format!("{:indent$}{line}", "", indent = widest + 6))?;
        }
    }
    Ok(())
}

fn look_at_config(folders: &Folders) -> (UserConfig, Vec<Look>) {
    let file = folders.config_file(user::FILE);
    let read =
        Source::read_if_there(&file).and_then(|source| source.map(|source| UserConfig::parse(&source)).transpose());
    let (user, config) = match read {
        Ok(None) => (
            UserConfig::default(),
            Look::note("config", format!("there is no {}: `offline` is in use.", file.display())),
        ),
        Ok(Some(user)) => {
            let providers = match user.providers.len() {
                1 => "1 provider".to_owned(),
                count => format!("{count} providers"),
            };
            let said = format!("{}: {providers}, model {}", file.display(), user.model);
            (user, Look::fine("config", said))
        }
        Err(error) => (UserConfig::default(), Look::wrong("config", error.to_string(), Exit::Wrong)),
    };
    (user, vec![config, look_at_data(&folders.data)])
}

fn look_at_data(data: &Path) -> Look {
    let probe = data.join(format!(".probe-{}", std::process::id()));
    let tried = crate::files::private::create_folder(data)
        .and_then(|()| crate::files::private::open_file(&probe).map(drop))
        .and_then(|()| std::fs::remove_file(&probe));
    match tried {
        Ok(()) => Look::fine("data", data.display().to_string()),
        Err(error) => Look::wrong("data", format!("{} can't be written to: {error}.", data.display()), Exit::Failed),
    }
}

/// Whether the theme and the keymap can be used. A config that can't be read is told already.
fn look_at_looks() -> Vec<Look> {
    let Ok(desk) = Desk::new(None) else { return Vec::new() };
    let wrong = |at: &str, error: &anyhow::Error| Look::wrong(at, error.to_string(), Exit::of(error));
    let theme = looks::theme(&desk).err().map(|error| wrong("theme", &error));
    let mut looks: Vec<Look> = theme.into_iter().collect();
    match keymap::read(&desk) {
        Ok((_, doubts)) => looks.extend(doubts.iter().map(|doubt| Look::note("keys", doubt.to_string()))),
        Err(error) => looks.push(wrong("keys", &error)),
    }
    looks
}

/// Whether each provider's key is there. The key itself is never read into a message, and commands aren't run.
fn look_at_keys(user: &UserConfig) -> Vec<Look> {
    user.providers.iter().map(|(name, provider)| look_at_key(name, provider)).collect()
}

fn look_at_key(name: &str, provider: &ProviderConfig) -> Look {
    let at = format!("key {name}");
    match &provider.key {
        None if provider.local => Look::fine(at, "needs none (local)"),
        None => Look::note(at, "none configured"),
        Some(KeySource::Command(command)) => {
            let program = command.split_whitespace().next().unwrap_or_default();
            Look::fine(at, format!("comes from the command {program} (not run now)"))
        }
        Some(KeySource::Env(variable)) => match std::env::var_os(variable) {
            Some(key) if !key.is_empty() => Look::fine(at, format!("{variable} is set")),
            _ => Look::note(at, format!("{variable} is not set: export {variable}=… before you start trialogue.")),
        },
    }
}

fn look_at_terminal() -> Vec<Look> {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let term = variable("TERM").unwrap_or_else(|| "not set".to_owned());
    let mut said = vec![format!("TERM {term}")];
    for name in ["COLORTERM", "NO_COLOR", "TERM_PROGRAM", "TMUX", "LANG"] {
        if let Some(value) = variable(name) {
            // TMUX holds a path and numbers that help nobody.
            said.push(if name == "TMUX" { name.to_owned() } else { format!("{name} {value}") });
        }
    }
    let is_terminal = std::io::stdout().is_terminal();
    if is_terminal && let Ok((columns, rows)) = crossterm::terminal::size() {
        said.push(format!("{columns}×{rows}"));
    }
    let said = said.join(", ");
    vec![match term.as_str() {
        "dumb" | "not set" if is_terminal => {
            Look::note("terminal", format!("{said}: the screen needs a terminal that moves its cursor."))
        }
        _ => Look::fine("terminal", said),
    }]
}

fn look_at_workspace(folder: &WorkspaceFolder, user: &UserConfig) -> Look {
    let at = folder.name();
    let read = Source::read(&folder.yaml()).and_then(|source| Ok((WorkspaceFile::parse(&source)?, source)));
    match read {
        Err(error) => Look::wrong(at, error.to_string(), Exit::Wrong),
        Ok((file, source)) => {
            let doubts = file.doubts(&source, &user.provider_names());
            let panes: Vec<&str> = file.panes.iter().map(|(name, _)| name.as_str()).collect();
            match doubts.first() {
                None => Look::fine(at, format!("{} in {}", panes.join(", "), folder.path().display())),
                Some(doubt) => Look::note(at, doubt.headline().to_string()),
            }
        }
    }
}
