//! The aggregate: panes and conversations of one workspace, folded from its facts.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::brief::{Brief, State};
use super::conversation::{Conversation, Header};
use super::event::Event;
use super::id::{BriefId, ConversationId, MessageId};
use super::locality::Table;
use super::model::{ModelFacts, ModelRef};
use super::op::{ConversationOverview, Forgotten, Overview, PaneOverview, Revealed};
use super::redaction::Dictionary;
use super::settings::{Locality, PaneName, PaneSettings, Settings};
use super::spend::Spend;
use super::time::Timestamp;

/// What is known of the workspace beside its conversations. Small: the journal keeps it as a projection.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Workspace {
    /// The settings in force.
    pub settings: Settings,
    /// The panes that exist: those of the file, then those opened since.
    pub panes: Vec<Pane>,
    /// What was learned of models, by their reference as text.
    pub learned: BTreeMap<String, ModelFacts>,
    /// Every brief that was sent.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub briefs: BTreeMap<BriefId, Brief>,
    /// The pseudonyms that each receiver knows.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tables: BTreeMap<ConversationId, Table>,
    /// Attached texts that were masked for a receiver, by their hash, and the receivers that may be sent them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub gathered: BTreeMap<String, BTreeSet<ConversationId>>,
    /// What a person judged of unknown names.
    #[serde(default)]
    pub judged: Dictionary,
    /// When who was given which real names, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub revealed: Vec<Revelation>,
}

/// One time that somebody was given text with real names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revelation {
    /// The conversation whose pseudonyms were put back.
    pub conversation: ConversationId,
    /// The messages; the whole conversation if there is none.
    pub messages: Vec<MessageId>,
    /// What was done with them.
    pub how: Revealed,
    /// When.
    pub at: Timestamp,
}

/// A pane that exists.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pane {
    /// Its name.
    pub name: PaneName,
    /// Its settings: what its next conversation begins with.
    pub settings: PaneSettings,
    /// The conversation it shows; none between `PaneOpened` and the conversation's start.
    pub conversation: Option<ConversationId>,
}

impl Workspace {
    /// The pane of this name.
    pub fn pane(&self, name: &str) -> Option<&Pane> {
        self.panes.iter().find(|pane| pane.name == name)
    }

    /// What is known of a model: what was configured or listed, completed by what was learned.
    pub fn facts(&self, model: &ModelRef) -> ModelFacts {
        let facts = self.settings.facts(model);
        let Some(learned) = self.learned.get(&model.to_string()) else { return facts };
        // Whoever wrote or listed a window may be wrong about it; the server that refuses more is not.
        let window = facts.window.into_iter().chain(learned.window).min();
        ModelFacts { window, ..facts.completed_by(learned) }
    }

    /// Every name, pattern and judgement of the workspace: what one pane calls sensitive is sensitive everywhere.
    pub fn dictionary(&self) -> Dictionary {
        let mut all = self.judged.clone();
        for (_, pane) in &self.settings.panes {
            all.extend(&pane.dictionary);
        }
        all
    }

    /// Whether another pane than this one hides its text from others.
    pub fn has_hidden_beside(&self, name: &str) -> bool {
        self.panes.iter().any(|pane| pane.name != name && pane.settings.locality != Locality::Open)
    }

    /// The names and judgements that hold for text of the workspace on its way to this pane: those of the other panes,
    /// without the names that this pane has itself.
    pub fn dictionary_beside(&self, name: &str) -> Dictionary {
        let mut others = self.judged.clone();
        let (own, panes): (Vec<_>, Vec<_>) = self.settings.panes.iter().partition(|(pane, _)| pane == name);
        for (_, pane) in panes {
            others.extend(&pane.dictionary);
        }
        for name in own.iter().flat_map(|(_, pane)| &pane.dictionary.names) {
            name.all().for_each(|known| others.release(known));
        }
        others
    }

    /// Every brief that was sent, oldest first. Those of one send share their moment: their numbers tell.
    pub fn briefs_by_age(&self) -> Vec<Brief> {
        let mut briefs: Vec<Brief> = self.briefs.values().cloned().collect();
        briefs.sort_by_key(|brief| (brief.sent, brief.number, brief.version));
        briefs
    }

    /// Whether a brief waits for this conversation.
    pub fn has_waiting(&self, conversation: ConversationId) -> bool {
        self.briefs.values().any(|brief| brief.to == conversation && brief.state == State::Sent)
    }

    /// Folds a fact.
    pub fn apply(&mut self, event: &Event) {
        match event {
            Event::Configured { settings } => {
                self.settings = settings.clone();
                for (name, configured) in &settings.panes {
                    if let Some(pane) = self.panes.iter_mut().find(|pane| pane.name == *name) {
                        pane.settings = configured.clone().no_looser_than(&pane.settings);
                    }
                }
            }
            Event::PaneOpened { pane, settings } => {
                self.panes.push(Pane { name: pane.clone(), settings: settings.clone(), conversation: None });
            }
            Event::ConversationStarted { conversation, pane, .. } | Event::PaneTurned { conversation, pane } => {
                if let Some(pane) = self.panes.iter_mut().find(|known| known.name == *pane) {
                    pane.conversation = Some(*conversation);
                }
            }
            Event::ModelLearned { model, facts } => {
                self.learned.insert(model.to_string(), facts.clone());
            }
            Event::BriefSent { brief } => {
                self.briefs.insert(brief.id, brief.clone());
            }
            Event::BriefAdvanced { brief, state, at, why, .. } => {
                if let Some(brief) = self.briefs.get_mut(brief) {
                    brief.advance(state, *at, *why);
                }
            }
            Event::ReportHeld { brief, holds, .. } => {
                if let Some(brief) = self.briefs.get_mut(brief) {
                    brief.held.clone_from(holds);
                }
            }
            Event::TableGrown { conversation, table } => self.tables.entry(*conversation).or_default().grow(table),
            Event::Continued { conversation, by, copied, .. } => {
                if let Some(table) = self.tables.get(conversation).cloned() {
                    self.tables.insert(*by, table);
                }
                // What was masked for the predecessor may go on with its successor, which has its table.
                for receivers in self.gathered.values_mut().filter(|receivers| receivers.contains(conversation)) {
                    receivers.insert(*by);
                }
                for brief in self.briefs.values_mut() {
                    brief.follow(*conversation, *by, copied);
                }
            }
            Event::Gathered { conversation, origins, locality, .. } if *locality != Locality::Open => {
                for origin in origins {
                    self.gathered.entry(origin.hash.clone()).or_default().insert(*conversation);
                }
            }
            Event::LocalityChanged { pane, locality, providers, .. } => {
                if let Some(pane) = self.panes.iter_mut().find(|known| known.name == *pane) {
                    pane.settings.locality = *locality;
                    pane.settings.providers.clone_from(providers);
                }
            }
            Event::Judged { word, judgement } => self.judged.judge(word, *judgement),
            Event::Unjudged { word } => self.judged.unjudge(word),
            Event::NameAdded { name, kind } => self.judged.add(name, kind),
            Event::RealNamesShown { conversation, messages, how, at } => self.revealed.push(Revelation {
                conversation: *conversation,
                messages: messages.clone(),
                how: *how,
                at: *at,
            }),
            Event::Erased { what: Forgotten::Conversation { conversation } } => {
                self.tables.remove(conversation);
                for receivers in self.gathered.values_mut() {
                    receivers.remove(conversation);
                }
                for brief in self.briefs.values_mut() {
                    brief.erase(*conversation);
                }
            }
            Event::Gathered { .. }
            | Event::ConversationConfigured { .. }
            | Event::ModelChosen { .. }
            | Event::Moved { .. }
            | Event::Unanswered { .. }
            | Event::MessageAdded { .. }
            | Event::TurnStarted { .. }
            | Event::TurnPassed { .. }
            | Event::TurnEnded { .. }
            | Event::TurnFailed { .. }
            | Event::TurnInterrupted { .. }
            | Event::Spent { .. }
            | Event::HandoffBegan { .. }
            | Event::HandoffDropped { .. }
            | Event::HandoffDue { .. }
            | Event::HandedOff { .. }
            | Event::HandoffUndone { .. }
            | Event::Pinned { .. }
            | Event::Unpinned { .. }
            | Event::Erased { what: Forgotten::Message { .. } } => {}
        }
    }
}

/// The engine: decides and applies. See the module's documentation for its invariants.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Engine {
    /// The workspace.
    pub workspace: Workspace,
    /// Its conversations; identities sort by age.
    pub conversations: BTreeMap<ConversationId, Conversation>,
}

impl Engine {
    /// An engine that knows what the journal's projections hold.
    pub fn loaded(workspace: Workspace, conversations: impl IntoIterator<Item = Conversation>) -> Self {
        let conversations =
            conversations.into_iter().map(|conversation| (conversation.header.id, conversation)).collect();
        Self { workspace, conversations }
    }

    /// Folds a fact. Facts are applied in the order of the journal, after they are on disk.
    pub fn apply(&mut self, event: &Event) {
        self.workspace.apply(event);
        if let Some(header) = Header::started(event) {
            self.conversations.insert(header.id, Conversation { header, messages: BTreeMap::new() });
        }
        if let Some(conversation) = event.conversation().and_then(|id| self.conversations.get_mut(&id)) {
            conversation.apply(event);
        }
    }

    /// The conversation a pane shows.
    pub fn shown(&self, pane: &str) -> Option<&Conversation> {
        self.conversations.get(&self.workspace.pane(pane)?.conversation?)
    }

    /// What all conversations cost together.
    pub fn spend(&self) -> Spend {
        self.conversations.values().fold(Spend::default(), |sum, conversation| sum.and(conversation.header.spend))
    }

    /// The workspace's shape without bodies.
    pub fn overview(&self) -> Overview {
        let pane = |pane: &Pane| Some(PaneOverview { pane: pane.name.clone(), conversation: pane.conversation? });
        let conversation = |conversation: &Conversation| {
            let header = &conversation.header;
            ConversationOverview {
                id: header.id,
                pane: header.pane.clone(),
                settings: header.settings.clone(),
                model: header.model.clone(),
                facts: self.workspace.facts(&header.model),
                messages: u32::try_from(conversation.branch(header.head).len()).unwrap_or(u32::MAX),
                head: header.head,
                meter: conversation.meter(),
                turn: header.turn.clone(),
                pins: header.pins.clone(),
                spend: header.spend,
                predecessor: header.predecessor,
                succession: header.succession.clone(),
                whereabouts: header.whereabouts.clone(),
            }
        };
        Overview {
            settings: self.workspace.settings.clone(),
            panes: self.workspace.panes.iter().filter_map(pane).collect(),
            conversations: self.conversations.values().map(conversation).collect(),
            briefs: self.workspace.briefs_by_age(),
            judged: self.workspace.judged.clone(),
        }
    }
}
