//! What follows on an opened journal: the first view, before the index is loaded, and then the workbench.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::engine::Engine;
use crate::engine::id::Env;
use crate::engine::input::Input;
use crate::engine::op::{Overview, Page, PageOf};
use crate::engine::settings::Settings;
use crate::provider::Providers;
use crate::store::{Journal, JournalError, SqliteJournal, Standing};

use super::clock::{Clock as _, SystemClock};
use super::workbench::{self, Workbench};

/// The machine refused what every program needs: a thread, a socket.
#[derive(Debug, thiserror::Error)]
#[error("The workspace in {} can't be opened: {reason}.", folder.display())]
pub struct OpeningError {
    /// The workspace's folder.
    pub folder: PathBuf,
    /// What the system said.
    pub reason: String,
}

/// Starts the workbench of a journal that was opened here.
pub fn start(
    folder: &Path,
    journal: SqliteJournal,
    settings: Settings,
    providers: Arc<dyn Providers>,
) -> Result<Workbench, OpeningError> {
    let machine = |error: std::io::Error| OpeningError { folder: folder.to_owned(), reason: error.to_string() };
    let writes = *journal.standing() == Standing::Writing;
    let workbench =
        Workbench::start(Box::new(journal), providers, writes.then_some(settings), Some(folder)).map_err(machine)?;
    #[cfg(unix)]
    let workbench = {
        let mut workbench = workbench;
        if writes && let Err(error) = workbench.open_door(folder) {
            // Everything works but commands while this runs; they say who holds the workspace.
            tracing::warn!(%error, "the workspace's socket can't be opened");
        }
        workbench
    };
    Ok(workbench)
}

/// What the first frame shows, read without loading the index.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FirstView {
    /// The workspace's shape.
    pub overview: Overview,
    /// What every pane shows of its conversation.
    pub pages: Vec<Page>,
    /// Layout, scroll, focus, drafts.
    pub view: View,
}

/// What is nobody's history, by key.
pub type View = BTreeMap<String, serde_json::Value>;

/// Reads what the first frame shows. What the journal doesn't know yet is added first: panes that are new in the file,
/// turns that a crash interrupted. Only then is the index loaded before the first frame.
///
/// Which messages a pane shows follows from the workspace's shape and from what was kept of the screen: `shown` says.
pub fn first_view(
    journal: &mut SqliteJournal,
    settings: &Settings,
    shown: impl Fn(&Overview, &View) -> Vec<PageOf>,
) -> Result<FirstView, JournalError> {
    let mut overview = journal.overview()?;
    let is_known = |name: &str| overview.panes.iter().any(|pane| pane.pane == name);
    let is_current = settings.panes.iter().all(|(name, _)| is_known(name))
        && overview.conversations.iter().all(|conversation| conversation.turn.is_none());
    if *journal.standing() == Standing::Writing && !is_current {
        catch_up(journal, settings)?;
        overview = journal.overview()?;
    }
    let view = journal.view()?;
    let pages = shown(&overview, &view).iter().map(|page| journal.page(page)).collect::<Result<_, _>>()?;
    Ok(FirstView { overview, pages, view })
}

fn catch_up(journal: &mut SqliteJournal, settings: &Settings) -> Result<(), JournalError> {
    let loaded = journal.load()?;
    let mut engine = Engine::loaded(loaded.workspace, loaded.conversations);
    let env = Env { now: SystemClock.now(), ids: workbench::fresh_ids() };
    for input in [Input::Recovered(loaded.partials), Input::Configured(settings.clone())] {
        let decision = engine.decide(input, &env);
        journal.commit(env.now, &decision.events)?;
        decision.events.iter().for_each(|event| engine.apply(event));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::event::Event;
    use crate::engine::op::{Op, Reply};
    use crate::engine::update::Update;
    use crate::runtime::connection::Connection;
    use crate::runtime::connection::Incoming;
    use crate::runtime::echo::{self, Echo};
    use crate::store::{Access, OpenError};

    async fn ask(connection: &mut Connection, text: &str) -> String {
        let Some(Reply::Overview(overview)) = connection.ask(Op::Overview, |_| {}).await else { panic!("no overview") };
        let conversation = overview.panes[0].conversation;
        let send = Op::Send { conversation, text: text.to_owned(), attachments: Vec::new(), parent: None };
        connection.post(send);
        loop {
            match connection.next().await {
                Incoming::Update(Update::Event { fact, .. }) => {
                    if let Event::TurnEnded { message, .. } = &*fact {
                        return message.text();
                    }
                    assert!(!matches!(&*fact, Event::TurnFailed { .. }), "{fact:?}");
                }
                Incoming::Closed => panic!("closed"),
                Incoming::Reply(_, reply) => assert!(!matches!(reply, Reply::Refused(_)), "{reply:?}"),
                Incoming::Update(_) => {}
            }
        }
    }

    fn newest(overview: &Overview, _: &View) -> Vec<PageOf> {
        overview.panes.iter().map(|pane| PageOf { conversation: pane.conversation, end: None, limit: 9 }).collect()
    }

    #[tokio::test]
    async fn whoever_comes_second_asks_through_the_door_of_the_first() {
        let folder = tempfile::tempdir().unwrap();
        let journal = SqliteJournal::open(folder.path(), Access::Write).unwrap();
        let workbench = start(folder.path(), journal, echo::settings(), Arc::new(Echo)).unwrap();
        let second = SqliteJournal::open(folder.path(), Access::Write);
        assert!(matches!(second, Err(OpenError::Held { .. })), "one writer at a time");
        let mut there = crate::runtime::socket::connect(folder.path()).await.unwrap();
        assert_eq!(ask(&mut there, "hello").await, "you said hello");
        workbench.close().await;

        let mut journal = SqliteJournal::open(folder.path(), Access::Write).unwrap();
        let view = first_view(&mut journal, &echo::settings(), newest).unwrap();
        let texts: Vec<String> = view.pages[0].messages.iter().map(crate::engine::message::Message::text).collect();
        assert_eq!(texts, ["hello", "you said hello"]);
    }

    #[tokio::test]
    async fn a_fresh_workspace_has_its_panes_before_the_first_frame() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = SqliteJournal::open(folder.path(), Access::Write).unwrap();
        let view = first_view(&mut journal, &echo::settings(), newest).unwrap();
        assert_eq!(view.overview.panes.len(), 1);
        let workbench = start(folder.path(), journal, echo::settings(), Arc::new(Echo)).unwrap();
        let mut connection = workbench.connect();
        let Some(Reply::Overview(overview)) = connection.ask(Op::Overview, |_| {}).await else { panic!("no overview") };
        assert_eq!(*overview, view.overview, "what the first frame showed is what the engine knows");
        workbench.close().await;
    }
}
