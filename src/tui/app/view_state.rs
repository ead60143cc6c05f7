//! What is nobody's history and comes back all the same: layout, focus, scroll, drafts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::composer::Composer;
use super::conversation::{Live, PAGE};
use super::draft::Draft;
use super::message::Origin;
use super::scroll::Scroll;
use super::{App, Briefs, Cache, Colours, Conversation, Layer, Pane, Pending, Start, after};
use crate::engine::op::{Op, Overview, PageOf};
use crate::engine::settings::PaneName;
use crate::engine::time::Timestamp;
use crate::provider::offline::SAMPLE_QUESTION;
use crate::tui::layout::{Stand, Tree};

/// How long after the last change a draft or the layout is saved.
const SAVE_AFTER_MS: i64 = 800;
const LAYOUT: &str = "layout";

/// The layout as it is kept.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct KeptLayout {
    tree: Option<Tree>,
    closed: Vec<PaneName>,
    stood: BTreeMap<PaneName, Stand>,
    focused: PaneName,
    zoomed: bool,
}

fn kept<T: for<'de> Deserialize<'de>>(view: &BTreeMap<String, serde_json::Value>, key: &str) -> Option<T> {
    view.get(key).and_then(|value| T::deserialize(value).ok())
}

/// The theme that was kept for this workspace, if one was.
pub fn kept_theme(view: &BTreeMap<String, serde_json::Value>) -> Option<String> {
    kept(view, super::theme::KEY)
}

fn scroll_key(pane: &str) -> String {
    format!("scroll/{pane}")
}

fn brief_key(pane: &str) -> String {
    format!("brief/{pane}")
}

fn draft_key(pane: &str) -> String {
    format!("draft/{pane}")
}

/// The pages that the first frame needs: one per pane, where it was looked at last.
pub fn first_pages(overview: &Overview, view: &BTreeMap<String, serde_json::Value>) -> Vec<PageOf> {
    let page = |pane: &crate::engine::op::PaneOverview| {
        let end = match kept(view, &scroll_key(&pane.pane)) {
            Some(Scroll::At { position, .. }) => Some(position.saturating_add(PAGE / 2)),
            Some(Scroll::Follow) | None => None,
        };
        PageOf { conversation: pane.conversation, end, limit: PAGE }
    };
    overview.panes.iter().map(page).collect()
}

impl App {
    /// The app as it was left.
    pub fn new(start: Start, now: Timestamp) -> Self {
        let Start { overview, pages, view, layout, .. } = start;
        let mut conversations: BTreeMap<_, _> =
            overview.conversations.into_iter().map(|known| (known.id, Conversation::new(known))).collect();
        for conversation in conversations.values_mut() {
            conversation.live = conversation.overview.turn.clone().map(|turn| Live::new(turn, start.glyphs, now));
        }
        let mut models = super::Models::default();
        for known in conversations.values() {
            models.meet_those_of(&known.overview);
        }
        for page in pages {
            models.meet_writers(&page.messages);
            if let Some(conversation) = conversations.get_mut(&page.conversation) {
                conversation.take_page(page);
            }
        }
        let mut briefs = Briefs::default();
        briefs.take(overview.briefs);
        let panes: Vec<Pane> =
            overview.panes.into_iter().map(|pane| restored(Pane::new(pane.pane, pane.conversation), &view)).collect();
        let stood: KeptLayout = kept(&view, LAYOUT).unwrap_or_default();
        let exists = |name: &str| panes.iter().any(|pane| pane.name == name);
        let closed: Vec<PaneName> = stood.closed.into_iter().filter(|name| exists(name)).collect();
        let mut tree = stood.tree.or(layout);
        for name in tree.iter().flat_map(Tree::panes).cloned().collect::<Vec<_>>() {
            if !exists(&name) {
                tree = tree.and_then(|tree| tree.without(&name));
            }
        }
        for pane in panes.iter().filter(|pane| !closed.contains(&pane.name)) {
            match &mut tree {
                Some(tree) => tree.append(pane.name.clone()),
                None => tree = Some(Tree::Pane(pane.name.clone())),
            }
        }
        let first = tree.as_ref().and_then(|tree| tree.panes().first().map(|&name| name.clone()));
        let stands = tree.as_ref().is_some_and(|tree| tree.contains(&stood.focused));
        let focused = if stands { stood.focused } else { first.unwrap_or_default() };
        let mut app = Self {
            settings: overview.settings,
            conversations,
            models,
            briefs,
            judged: overview.judged,
            panes,
            tree,
            closed,
            stood: stood.stood,
            focused,
            zoomed: stood.zoomed,
            layer: Layer::Write,
            pending: Pending::Nothing,
            dialogs: Vec::new(),
            offers: Vec::new(),
            notice: start.notice,
            view_refusal: None,
            is_closed: false,
            size: start.size,
            theme: start.theme,
            theme_name: start.theme_name,
            glyphs: start.glyphs,
            keymap: start.keymap,
            zone: start.zone,
            folder: start.folder,
            now,
            leaving_for: None,
            selection: None,
            cache: Cache::default(),
            colours: Colours::default(),
            links: start.links,
            commands: Vec::new(),
            saved_layout: view.get(LAYOUT).cloned().unwrap_or(serde_json::Value::Null),
            layout_changed: None,
            burst_at: None,
            needs_closed: None,
            dragged: None,
            code_at: None,
            copied: None,
            is_quitting: false,
            assisting: None,
            assists: 0,
            teller: super::telling::Teller::new(start.telling),
        };
        if start.is_first_run {
            app.offer_sample(&view);
        }
        app
    }

    /// Whether nothing was ever said in this workspace.
    pub fn is_fresh(&self) -> bool {
        self.conversations.values().all(|conversation| conversation.total() == 0 && conversation.live.is_none())
    }

    /// On the first run the first pane's composer holds the sample: Enter sends it.
    fn offer_sample(&mut self, view: &BTreeMap<String, serde_json::Value>) {
        let is_first = self.is_fresh() && view.is_empty();
        if let Some(pane) = self.focused_mut().filter(|pane| is_first && pane.composer.is_empty()) {
            pane.composer.offer(SAMPLE_QUESTION);
        }
    }

    /// When something waits to be saved.
    pub(super) fn save_at(&self) -> Option<Timestamp> {
        if self.is_closed {
            return None;
        }
        let drafts = self.panes.iter().filter_map(|pane| pane.draft_changed);
        drafts.chain(self.layout_changed).min().map(|changed| after(changed, SAVE_AFTER_MS))
    }

    /// Whether everything a person wrote is on disk.
    pub fn is_saved(&self) -> bool {
        self.panes
            .iter()
            .all(|pane| pane.draft_changed.is_none() && pane.outgoing.is_none() && !pane.brief.is_on_its_way)
    }

    /// Whether the journal refused what a person wrote, and it is on disk nowhere.
    pub fn is_unsaved(&self) -> bool {
        let is_lacking = |pane: &Pane| pane.unsent() != pane.saved || pane.brief.kept != pane.brief.saved;
        self.view_refusal.is_some() && self.is_saved() && self.panes.iter().any(is_lacking)
    }

    /// Saves what was left alone for a moment.
    pub(super) fn save_view(&mut self) {
        if self.save_at().is_some_and(|at| self.now >= at) {
            self.save_everything();
        }
    }

    /// Saves whatever isn't as it was saved.
    pub(super) fn save_everything(&mut self) {
        let mut changed: Vec<(String, serde_json::Value)> = Vec::new();
        for pane in &mut self.panes {
            pane.draft_changed = None;
            let draft = pane.unsent();
            if draft != pane.saved {
                let value = if draft.is_empty() && draft.after.is_none() {
                    serde_json::Value::Null
                } else {
                    serde_json::to_value(&draft).unwrap_or_default()
                };
                changed.push((draft_key(&pane.name), value));
                pane.saved = draft;
            }
            if pane.brief.kept != pane.brief.saved {
                let value = serde_json::to_value(&pane.brief.kept).unwrap_or_default();
                changed.push((brief_key(&pane.name), value));
                pane.brief.saved.clone_from(&pane.brief.kept);
            }
            // What is looked at elsewhere in the lineage isn't what the workspace opens with.
            let scroll = pane.scroll_of_addressee();
            if scroll != pane.saved_scroll {
                let value = serde_json::to_value(scroll).unwrap_or_default();
                changed.push((scroll_key(&pane.name), value));
                pane.saved_scroll = scroll;
            }
        }
        self.layout_changed = None;
        let layout = KeptLayout {
            tree: self.tree.clone(),
            closed: self.closed.clone(),
            stood: self.stood.clone(),
            focused: self.focused.clone(),
            zoomed: self.zoomed,
        };
        let layout = serde_json::to_value(&layout).unwrap_or_default();
        if layout != self.saved_layout {
            self.saved_layout = layout.clone();
            changed.push((LAYOUT.to_owned(), layout));
        }
        for (key, value) in changed {
            self.post(Origin::View(key.clone()), Op::SaveView { key, value });
        }
    }

    /// A draft that could not be saved is said to be unsaved, and tried again with the next change.
    pub(super) fn view_refused(&mut self, key: &str, why: String) {
        if let Some(pane) = key.strip_prefix("draft/").and_then(|name| self.pane_mut(name)) {
            pane.saved = Draft::default();
        }
        if let Some(pane) = key.strip_prefix("brief/").and_then(|name| self.pane_mut(name)) {
            pane.brief.saved = None;
        }
        // It is told once, not after each pause: the status line goes on saying it.
        if self.view_refusal.as_ref() != Some(&why) {
            self.notice = Some(why.clone());
            self.view_refusal = Some(why);
        }
    }
}

fn restored(mut pane: Pane, view: &BTreeMap<String, serde_json::Value>) -> Pane {
    if let Some(draft) = kept::<Draft>(view, &draft_key(&pane.name)) {
        pane.composer = Composer::of(draft.clone());
        pane.saved = draft;
    }
    if let Some(brief) = kept::<crate::engine::brief::Draft>(view, &brief_key(&pane.name)) {
        pane.brief.kept = Some(brief.clone());
        pane.brief.saved = Some(brief);
    }
    if let Some(scroll) = kept::<Scroll>(view, &scroll_key(&pane.name)) {
        pane.scroll = scroll;
        pane.saved_scroll = scroll;
    }
    pane
}
