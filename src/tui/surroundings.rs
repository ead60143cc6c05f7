//! What the screen needs of the world beside the engine: files, an editor, servers on this machine, tmux.

use std::future::Future;
use std::pin::Pin;

use super::app::{Looks, Offer};
use super::dialog::{FileLayouts, WorkspaceRow};
use super::layout::Tree;
use super::text::highlight::{Code, Run};
use super::theme::Theme;
use crate::config::brief_templates::BriefTemplate;
use crate::config::layout_edit::LayoutChange;
use crate::engine::model::ModelRef;
use crate::engine::settings::PaneName;

/// Something that will have happened.
pub type Pending<T> = Pin<Box<dyn Future<Output = T>>>;

/// The world beside the engine. What it returns is polled by the event loop itself; dropped, it is cancelled.
pub trait Surroundings {
    /// The text of a file that a draft mentions, or a sentence about why there is none.
    fn read(&self, path: &str) -> Pending<Result<String, String>>;
    /// The files and folders that a spelled path may be the beginning of, sorted.
    fn beginning(&self, spelled: &str) -> Pending<Vec<String>>;
    /// The text as a person leaves it in their editor. The terminal is theirs meanwhile.
    fn edit(&self, text: &str) -> Pending<Result<String, String>>;
    /// What is in each piece of code, by its key.
    fn highlight(&self, code: Vec<Code>) -> Pending<Vec<(u64, Vec<Run>)>>;
    /// What could answer: configured providers, servers on this machine, keys that were found.
    fn discover(&self) -> Pending<Vec<Offer>>;
    /// Whether a model's provider answers, found out without spending tokens: good or bad news, as a sentence.
    fn test(&self, model: &ModelRef) -> Pending<Result<String, String>>;
    /// The themes that can be worn, by name.
    fn themes(&self) -> Pending<Vec<(String, Theme)>>;
    /// Reads the configuration again: the engine is told, and the looks come back; or a sentence about what is wrong,
    /// and nothing has changed.
    fn reload(&self) -> Pending<Result<Box<Looks>, String>>;
    /// The layouts of the workspace's file, its own first, or a sentence about why they can't be read.
    fn layouts(&self) -> Pending<Result<FileLayouts, String>>;
    /// What saving this tree under this name would change in that file, and which panes would be left out because the
    /// file doesn't know them.
    fn plan_layout(&self, name: Option<&str>, tree: &Tree) -> Pending<Result<(LayoutChange, Vec<PaneName>), String>>;
    /// Changes the file, if it still says what it said.
    fn write_layout(&self, change: &LayoutChange) -> Pending<Result<(), String>>;
    /// The templates of briefs, and sentences about those that can't be read.
    fn brief_templates(&self) -> Pending<(Vec<BriefTemplate>, Vec<String>)>;
    /// The workspaces there are, the one used last first.
    fn workspaces(&self) -> Pending<Vec<WorkspaceRow>>;
    /// Puts a text into the buffer of tmux: whether it took it, or `None` outside of tmux.
    fn copy(&self, text: &str) -> Pending<Option<bool>>;
}
