//! The log: a file in the data folder, written only when `TRIALOGUE_LOG` asks for it. The terminal is never written to.
//!
//! Architecture invariant: no word of a message and no key stands in it, at whatever level: it says who was asked, where and
//! how that ended.

use std::io::{self, Seek as _, SeekFrom};

use tracing_appender::non_blocking::WorkerGuard;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};

use crate::files::folders::Folders;
use crate::files::private;

/// Says what is logged, such as `info` or `trialogue=debug`.
pub(super) const VARIABLE: &str = "TRIALOGUE_LOG";

/// The log's name in the data folder.
pub(super) const FILE: &str = "trialogue.log";

/// Begins to log, if the environment asks for it. What is logged is on disk when the guard is dropped.
pub(super) fn start() -> anyhow::Result<Option<WorkerGuard>> {
    let Some(wanted) = std::env::var_os(VARIABLE).filter(|wanted| !wanted.is_empty()) else { return Ok(None) };
    let filter = EnvFilter::try_new(wanted.to_string_lossy())
        .map_err(|error| super::exit::Stopped::wrong(format!("{VARIABLE} can't be understood: {error}.")))?;
    let folders = Folders::find()?;
    let file = open(&folders)
        .map_err(|error| anyhow::anyhow!("{} can't be written: {error}.", folders.data.join(FILE).display()))?;
    let (writer, guard) = tracing_appender::non_blocking(file);
    let lines = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(writer);
    // Only our own words, whatever is asked for: what a library logs may hold headers and bodies.
    let ours = filter_fn(|metadata| metadata.target().starts_with("trialogue"));
    let subscriber = tracing_subscriber::registry().with(filter).with(lines.with_filter(ours));
    // Somebody who embeds the library may log already.
    let _ = tracing::subscriber::set_global_default(subscriber);
    Ok(Some(guard))
}

fn open(folders: &Folders) -> io::Result<std::fs::File> {
    private::create_folder(&folders.data)?;
    let mut file = private::open_file(&folders.data.join(FILE))?;
    file.seek(SeekFrom::End(0))?;
    Ok(file)
}
