//! Briefs in the simulation: random ones are sent, turned and superseded, and what must hold whatever happens.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::Engine;
use crate::engine::brief::{About, Draft, Fields, Quote, Return, State};
use crate::engine::event::Event;
use crate::engine::id::{BriefId, ConversationId, MessageId, TurnId};
use crate::engine::op::{BriefDeed, Op};
use crate::engine::redaction::Judgement;
use crate::engine::settings::Locality;
use crate::engine::time::Timestamp;
use crate::store::{Access, Journal as _, SqliteJournal};

use super::Dice;
use super::client::Log;

/// Something about briefs.
pub(super) fn ask(dice: &Dice, conversations: &[ConversationId], log: &Log) -> Op {
    let some = |count: usize| dice.below(count as u64) as usize;
    if conversations.len() < 2 {
        return Op::Overview;
    }
    let sent: Vec<BriefId> = log.facts.iter().filter_map(sent).collect();
    if !sent.is_empty() && dice.below(3) > 0 {
        let brief = sent[some(sent.len())];
        let deeds = [BriefDeed::Accept, BriefDeed::Decline, BriefDeed::Cancel, BriefDeed::Return, BriefDeed::Return];
        return match dice.below(8) {
            0 => Op::Judge { word: "Brightwater".to_owned(), judgement: Judgement::Mask },
            _ => Op::TurnBrief { brief, deed: deeds[some(deeds.len())] },
        };
    }
    let first = some(conversations.len());
    let mut order: Vec<ConversationId> =
        conversations[first..].iter().chain(&conversations[..first]).copied().collect();
    order.dedup();
    let from: Vec<ConversationId> = order.drain(..=some(2.min(order.len() - 1))).collect();
    let to: Vec<ConversationId> = order.drain(..=some(order.len())).collect();
    let mut said = log.facts.iter().rev().filter_map(Event::message);
    let context = said.find(|message| from.contains(&message.conversation)).map(|message| Quote {
        conversation: message.conversation,
        message: message.id,
        passage: None,
    });
    let word = if dice.below(6) == 0 { "Brightwater" } else { "the offers" };
    Op::Brief {
        draft: Box::new(Draft {
            from,
            supersedes: (to.len() == 1 && dice.below(4) == 0).then(|| sent.last().copied()).flatten(),
            to,
            fields: Fields { objective: format!("Compare {word}, case {}", dice.bits()), ..Fields::default() },
            context: context.into_iter().collect(),
            returns: [Return::Auto, Return::Auto, Return::Ask, Return::None][some(4)],
            unseal: Vec::new(),
            seed: None,
            proposed_from: Locality::default(),
        }),
        dry_run: dice.below(10) == 0,
    }
}

fn sent(event: &Event) -> Option<BriefId> {
    if let Event::BriefSent { brief } = event { Some(brief.id) } else { None }
}

/// Every brief that this client was told of is there.
pub(super) fn check_acknowledged(log: &Log, journal: &[(Timestamp, Event)]) {
    let sent: BTreeSet<BriefId> = journal.iter().filter_map(|(_, event)| sent(event)).collect();
    for brief in &log.briefs {
        assert!(sent.contains(brief), "acknowledged and lost: brief {brief}");
    }
}

/// A brief stands in its receiver once or not at all, its report in each asker once at most, and nobody pays for it twice.
pub(super) fn check(journal: &[(Timestamp, Event)], may_continue: bool) {
    let mut engine = Engine::default();
    let mut stands: BTreeMap<BriefId, MessageId> = BTreeMap::new();
    let mut reported: BTreeSet<(BriefId, ConversationId)> = BTreeSet::new();
    let mut bought: BTreeMap<MessageId, BTreeSet<TurnId>> = BTreeMap::new();
    let copies: BTreeSet<MessageId> = journal.iter().flat_map(|(_, event)| copies(event)).collect();
    for (_, event) in journal {
        if let Event::BriefSent { brief } = event {
            assert!(!engine.workspace.briefs.contains_key(&brief.id), "a brief is sent once");
        }
        if let Event::BriefAdvanced { brief, state, .. } = event {
            may_follow(&engine.workspace.briefs[brief].state, state);
        }
        if let Event::TurnStarted { prompt, turn, .. } = event {
            bought.entry(*prompt).or_default().insert(*turn);
        }
        engine.apply(event);
        if let Event::Continued { copied, .. } = event {
            for (old, copy) in copied {
                let turns = bought.get(old).cloned().unwrap_or_default();
                bought.entry(*copy).or_default().extend(turns);
            }
            // A brief that is being worked on stands in the successor from here on.
            for (brief, stood) in &mut stands {
                *stood = engine.workspace.briefs[brief].stood().filter(|at| copies.contains(at)).unwrap_or(*stood);
            }
        }
        let Some(message) = event.message().filter(|message| !copies.contains(&message.id)) else { continue };
        match message.about {
            Some(About::Brief { brief }) => {
                assert_eq!(message.conversation, engine.workspace.briefs[&brief].to, "it stands in its receiver");
                assert!(stands.insert(brief, message.id).is_none(), "a brief stands in its receiver once");
            }
            Some(About::Report { brief }) => {
                let from = &engine.workspace.briefs[&brief].from;
                let predecessor = engine.conversations[&message.conversation].header.predecessor;
                if from.contains(&message.conversation) {
                    assert!(reported.insert((brief, message.conversation)), "a report comes once");
                } else {
                    // What came while a handoff was written goes along as it is, and the successor asks from then on.
                    let goes_along = predecessor.is_some_and(|asker| reported.contains(&(brief, asker)));
                    assert!(goes_along, "only askers get it");
                    reported.insert((brief, message.conversation));
                }
            }
            Some(About::Handoff { .. }) | None => {}
        }
    }
    for brief in engine.workspace.briefs.values() {
        assert_eq!(brief.stood(), stands.get(&brief.id).copied(), "what stands there is known");
        let askers: BTreeSet<ConversationId> = brief.from.iter().copied().collect();
        let reports = askers.iter().filter(|asker| reported.contains(&(brief.id, **asker))).count();
        assert!(reports == 0 || reports == askers.len(), "a report comes to everybody who asked, or to nobody");
        assert_eq!(brief.returned().len(), if reports == 0 { 0 } else { brief.from.len() });
        let Some(message) = brief.stood() else { continue };
        let times = bought.get(&message).map_or(0, BTreeSet::len);
        assert!(times > 0, "what was accepted is worked on");
        assert!(may_continue || times == 1, "a brief was bought {times} times, and nobody asked for it");
        let running = engine.conversations[&brief.to].header.turn.as_ref().map(|turn| turn.prompt);
        if matches!(brief.state, State::Accepted { .. }) {
            assert_eq!(running, Some(message), "an accepted brief is worked on, or interrupted");
        }
    }
}

/// What a handoff carried along as it was.
fn copies(event: &Event) -> Vec<MessageId> {
    match event {
        Event::Continued { copied, .. } => copied.iter().map(|(_, copy)| *copy).collect(),
        _ => Vec::new(),
    }
}

/// After a quiet end no report is left on its way: it has come, or it is known what keeps it.
pub(super) fn check_quiet(journal: &[(Timestamp, Event)]) {
    let engine = folded(journal);
    for brief in engine.workspace.briefs.values() {
        let State::Answered { report } = brief.state else { continue };
        let is_erased = engine.conversations[&brief.to].messages[&report].erased;
        let is_left = brief.returns == Return::Auto && brief.held.is_empty() && !is_erased;
        assert!(!is_left, "the report on brief {} was left behind", brief.number);
    }
}

fn folded(journal: &[(Timestamp, Event)]) -> Engine {
    let mut engine = Engine::default();
    for (_, event) in journal {
        engine.apply(event);
    }
    engine
}

/// How far briefs came.
pub(super) fn states(journal: &[(Timestamp, Event)]) -> BTreeSet<&'static str> {
    let held = |event: &Event| matches!(event, Event::ReportHeld { .. }).then_some("held");
    let state = |event: &Event| match event {
        Event::BriefAdvanced { state, .. } => Some(state.word()),
        other => held(other),
    };
    journal.iter().filter_map(|(_, event)| state(event)).collect()
}

/// Whether a brief may go on from one state to the other.
fn may_follow(from: &State, to: &State) {
    use State as S;
    let may = matches!(
        (from, to),
        (S::Sent, S::Accepted { .. } | S::Declined | S::Cancelled)
            | (S::Accepted { .. }, S::Answered { .. } | S::Failed { .. } | S::Cancelled)
            | (S::Answered { .. }, S::Returned { .. } | S::Cancelled)
            | (S::Failed { .. }, S::Answered { .. } | S::Failed { .. } | S::Cancelled)
            | (S::Superseded { .. }, S::Superseded { report: Some(_), .. })
            | (S::Sent | S::Accepted { .. } | S::Answered { .. } | S::Returned { .. }, S::Superseded { report: _, .. })
            | (S::Failed { .. } | S::Declined | S::Cancelled, S::Superseded { .. })
    );
    assert!(may, "{from:?} → {to:?}");
}

/// What a real journal's projections hold is what the facts say.
pub(super) fn check_projections(journal: &[(Timestamp, Event)]) {
    let engine = folded(journal);
    let folder = tempfile::tempdir().unwrap();
    let mut stored = SqliteJournal::open(folder.path(), Access::Write).unwrap();
    for (at, event) in journal {
        stored.commit(*at, std::slice::from_ref(event)).unwrap();
    }
    drop(stored);
    let mut stored = SqliteJournal::open(folder.path(), Access::Read).unwrap();
    let loaded = stored.load().unwrap();
    assert_eq!(Engine::loaded(loaded.workspace, loaded.conversations), engine);
    assert_eq!(stored.overview().unwrap(), engine.overview());
}
