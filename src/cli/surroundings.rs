//! The world beside the engine, as the screen asks for it: files, the person's editor, model servers, tmux.

use std::env;
use std::future::ready;
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, PoisonError, RwLock};

use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

use crate::config::brief_templates::BriefTemplate;
use crate::config::error::ConfigError;
use crate::config::layout_edit::{self, LayoutChange};
use crate::config::source::Source;
use crate::config::workspace::WorkspaceFile;
use crate::engine::failure::Failure;
use crate::engine::model::ModelRef;
use crate::engine::settings::PaneName;
use crate::files::folders::Folders;
use crate::files::new_file::{self, Existing};
use crate::files::scratch::Scratch;
use crate::files::workspace_folder::WorkspaceFolder;
use crate::files::{attachment, beginning};
use crate::provider::discovery::{self, Ask, KeyState, Offer as Found, Reach};
use crate::provider::offline::{SAMPLE, SAMPLE_NAME};
use crate::provider::registry::Registry;
use crate::provider::{Provider, Providers};
use crate::runtime::Connector;
use crate::tui::app::{Looks, Offer, Standing};
use crate::tui::dialog::{FileLayouts, WorkspaceRow};
use crate::tui::layout::Tree;
use crate::tui::surroundings::{Pending, Surroundings};
use crate::tui::text::highlight::{Code, Run};
use crate::tui::theme::Theme;

use super::desk::{Chosen, Desk};
use super::read_code::CodeReader;
use super::{looks, when};

/// This machine, seen from one workspace.
pub(super) struct Machine {
    /// The providers in force.
    pub(super) providers: Arc<CurrentProviders>,
    /// The workspace's folder.
    pub(super) folder: WorkspaceFolder,
    /// The workspace as it was named on the command line.
    pub(super) named: Option<String>,
    /// Where other workspaces are.
    pub(super) folders: Folders,
    /// Where a configuration that was read again goes.
    pub(super) connector: Connector,
    /// What reads code.
    pub(super) code: CodeReader,
}

impl Machine {
    fn reload_now(&self) -> anyhow::Result<Box<Looks>> {
        let desk = Desk::new(self.named.clone())?;
        let chosen = Chosen::read(self.folder.clone())?;
        let looks = looks::looks(&desk)?;
        self.providers.replace(desk.registry());
        self.connector.configure(desk.settings(&chosen));
        Ok(Box::new(looks))
    }

    fn plan(&self, name: Option<&str>, tree: &Tree) -> anyhow::Result<(LayoutChange, Vec<PaneName>)> {
        let source = Source::read(&self.folder.yaml())?;
        let file = WorkspaceFile::parse(&source)?;
        let is_known = |pane: &str| file.panes.iter().any(|(known, _)| known == pane);
        let left_out = tree.panes().into_iter().filter(|pane| !is_known(pane)).cloned().collect();
        let Some(layout) = tree.in_file(&is_known) else {
            anyhow::bail!("workspace.yaml knows none of the panes on the screen: there is no layout to save.");
        };
        Ok((layout_edit::change(&source, name, &layout)?, left_out))
    }

    fn write(&self, change: &LayoutChange) -> anyhow::Result<()> {
        let yaml = self.folder.yaml();
        if Source::read(&yaml)?.text != change.before {
            anyhow::bail!("workspace.yaml was changed meanwhile: nothing was written. Look at the change again.");
        }
        new_file::write(&yaml, change.after.as_bytes(), Existing::Replaced)
            .map_err(|error| anyhow::anyhow!("workspace.yaml can't be written: {error}. Nothing has changed."))
    }
}

/// The configured providers, which a reload replaces. Turns that stream go on with those they began with.
pub(super) struct CurrentProviders(RwLock<Arc<Registry>>);

impl CurrentProviders {
    pub(super) fn new(registry: Registry) -> Self {
        Self(RwLock::new(Arc::new(registry)))
    }

    fn registry(&self) -> Arc<Registry> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn replace(&self, registry: Registry) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(registry);
    }
}

impl Providers for CurrentProviders {
    fn provider(&self, name: &str) -> Result<Arc<dyn Provider>, Failure> {
        self.registry().provider(name)
    }
}

impl Surroundings for Machine {
    fn read(&self, path: &str) -> Pending<Result<String, String>> {
        let read = attachment::read(Path::new(path), &[(SAMPLE_NAME, SAMPLE)]);
        Box::pin(async move { read.map(|read| read.body).map_err(|error| error.to_string()) })
    }

    fn beginning(&self, spelled: &str) -> Pending<Vec<String>> {
        Box::pin(ready(beginning::of(spelled, &[SAMPLE_NAME])))
    }

    fn edit(&self, text: &str) -> Pending<Result<String, String>> {
        let (text, folder) = (text.to_owned(), self.folder.path().to_owned());
        Box::pin(async move { edit(&folder, &text).await })
    }

    fn highlight(&self, code: Vec<Code>) -> Pending<Vec<(u64, Vec<Run>)>> {
        let reader = self.code.clone();
        Box::pin(async move { reader.read(code).await })
    }

    fn discover(&self) -> Pending<Vec<Offer>> {
        let registry = self.providers.registry();
        Box::pin(async move {
            let found = discovery::discover(&registry, &discovery::Surroundings::here(), Ask::Near).await;
            found.iter().flat_map(offers).collect()
        })
    }

    fn test(&self, model: &ModelRef) -> Pending<Result<String, String>> {
        let (registry, model) = (self.providers.registry(), model.clone());
        Box::pin(async move {
            if model.is_offline() {
                return Ok("offline is part of the program: it always answers.".to_owned());
            }
            match registry.test(&model.provider).await {
                Ok(time) => Ok(format!("{} answers ({} ms).", model.provider, time.as_millis())),
                Err(failure) => Err(failure.to_string()),
            }
        })
    }

    fn themes(&self) -> Pending<Vec<(String, Theme)>> {
        let themes = Desk::new(self.named.clone()).map(|desk| looks::themes(&desk)).unwrap_or_default();
        Box::pin(ready(themes))
    }

    fn reload(&self) -> Pending<Result<Box<Looks>, String>> {
        Box::pin(ready(self.reload_now().map_err(|error| said(&error))))
    }

    fn layouts(&self) -> Pending<Result<FileLayouts, String>> {
        let read = Chosen::read(self.folder.clone()).map_err(|error| said(&error));
        Box::pin(ready(read.map(|chosen| {
            let WorkspaceFile { layout, layouts, .. } = chosen.file;
            let named = layouts.into_iter().map(|(name, layout)| (Some(name), layout));
            std::iter::once((None, layout)).chain(named).collect()
        })))
    }

    fn plan_layout(&self, name: Option<&str>, tree: &Tree) -> Pending<Result<(LayoutChange, Vec<PaneName>), String>> {
        Box::pin(ready(self.plan(name, tree).map_err(|error| said(&error))))
    }

    fn write_layout(&self, change: &LayoutChange) -> Pending<Result<(), String>> {
        Box::pin(ready(self.write(change).map_err(|error| said(&error))))
    }

    fn brief_templates(&self) -> Pending<(Vec<BriefTemplate>, Vec<String>)> {
        let (templates, errors) = BriefTemplate::all(&self.folders.config);
        Box::pin(ready((templates, errors.iter().map(ToString::to_string).collect())))
    }

    fn workspaces(&self) -> Pending<Vec<WorkspaceRow>> {
        let mut known: Vec<(Option<i64>, WorkspaceFolder)> =
            self.folders.list().into_iter().map(|folder| (self.folders.used_at(&folder), folder)).collect();
        known.sort_by_key(|(used, folder)| (std::cmp::Reverse(*used), folder.name()));
        let row = |(used, folder): (Option<i64>, WorkspaceFolder)| WorkspaceRow {
            name: folder.name(),
            told: format!(
                "{} · {}",
                used.map_or_else(|| "never used".to_owned(), when::minute),
                folder.path().display()
            ),
            is_here: folder == self.folder,
            folder: folder.path().to_owned(),
        };
        Box::pin(ready(known.into_iter().map(row).collect()))
    }

    fn copy(&self, text: &str) -> Pending<Option<bool>> {
        let text = text.to_owned();
        Box::pin(async move {
            env::var_os("TMUX").filter(|tmux| !tmux.is_empty())?;
            // The terminal was told as well; where tmux can't be asked, that has to do.
            Some(load_tmux_buffer(&text).await.is_ok_and(|status| status.success()))
        })
    }
}

/// An error in a sentence, without an excerpt of the file.
pub(super) fn said(error: &anyhow::Error) -> String {
    match error.downcast_ref::<ConfigError>() {
        Some(error) => error.headline().to_string(),
        None => error.to_string(),
    }
}

async fn load_tmux_buffer(text: &str) -> std::io::Result<std::process::ExitStatus> {
    let mut tmux = Command::new("tmux")
        .args(["load-buffer", "-w", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    if let Some(mut stdin) = tmux.stdin.take() {
        stdin.write_all(text.as_bytes()).await?;
    }
    tmux.wait().await
}

/// The text as the person leaves it in `$VISUAL`, `$EDITOR` or vi. The file lies in the workspace's folder, readable by
/// its owner alone, and is gone afterwards.
async fn edit(folder: &Path, text: &str) -> Result<String, String> {
    let editor = ["VISUAL", "EDITOR"].iter().find_map(|name| env::var(name).ok()).filter(|editor| !editor.is_empty());
    let editor = editor.unwrap_or_else(|| "vi".to_owned());
    let failed = |error: std::io::Error| format!("{editor} could not be used: {error}. Your text is unchanged.");
    let scratch = Scratch::new(folder, text).map_err(failed)?;
    let mut words = editor.split_whitespace();
    let program = words.next().unwrap_or("vi");
    let status = Command::new(program).args(words).arg(scratch.path()).status().await;
    let edited = scratch.read();
    drop(scratch);
    match status {
        Ok(status) if status.success() => edited.map(|text| text.trim_end_matches('\n').to_owned()).map_err(failed),
        Ok(status) => Err(format!("{editor} ended with {status}. Your text is unchanged.")),
        Err(error) => Err(failed(error)),
    }
}

/// What the list of models shows of one provider: a row for each model, or one for the provider.
fn offers(found: &Found) -> Vec<Offer> {
    let state = state(found);
    let offer = |id: &str, window: Option<u32>| Offer {
        model: ModelRef { provider: found.provider.clone(), model: id.to_owned() },
        window,
        local: found.config.local || found.is_loopback,
        state: state.clone(),
        setup: (!found.is_configured).then(|| setup(found, id)),
        standing: standing(found),
    };
    let is_brief = found.models.is_empty() || (!found.is_configured && found.reach == Reach::Unasked);
    if is_brief {
        return vec![offer("…", None)];
    }
    found.models.iter().map(|model| offer(&model.id, model.facts.window)).collect()
}

fn standing(found: &Found) -> Standing {
    match (found.is_configured, &found.reach, &found.key) {
        (true, Reach::Fails(_), _) | (true, _, KeyState::Missing(_)) => Standing::Fails,
        (true, ..) => Standing::Ready,
        (false, ..) if found.is_loopback => Standing::Found,
        (false, _, KeyState::Found(_)) => Standing::KeyFound,
        (false, ..) => Standing::NoKey,
    }
}

fn state(found: &Found) -> String {
    let key = match &found.key {
        KeyState::Unneeded | KeyState::Command => None,
        KeyState::Found(variable) if found.is_configured => Some(format!("{variable} is set")),
        KeyState::Found(variable) => Some(format!("{variable} found, unused")),
        KeyState::Missing(_) => found.export().map(|line| format!("no key: {line}")),
    };
    let reach = match &found.reach {
        Reach::Unasked => None,
        Reach::Answers(time) => Some(format!("answers ({} ms)", time.as_millis())),
        Reach::Fails(failure) => Some(failure.to_string()),
    };
    [reach, key].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// What to do before this model can be used: a line for the shell, lines for `config.yaml`.
fn setup(found: &Found, model: &str) -> String {
    let yaml = format!("In config.yaml:\n{}\nThen Ctrl-X Ctrl-R, which reads it.", found.yaml(model));
    match found.export() {
        Some(export) => format!("In the shell: {export}\n{yaml}"),
        None => yaml,
    }
}
