//! A scripted narrator: fluent, and wrong now and then. What the check makes of it is measured, not what a model would write.

use std::fmt::Write as _;
use std::sync::Arc;

use trialogue::engine::handoff::{Aim, Cause, Making, Material, Plan, Role, Section, Sizes, Transcript};
use trialogue::engine::id::{ConversationId, Env, HandoffId, Ids, MessageId};
use trialogue::engine::locality::Table;
use trialogue::engine::message::{Author, Bodies, Ending, Message, Part};
use trialogue::engine::time::Timestamp;

use super::dice::Dice;
use super::planted::Planted;

/// The sections that a narrative may write.
const SECTIONS: [Section; 6] =
    [Section::Objective, Section::Decisions, Section::Rejected, Section::Open, Section::Standing, Section::Next];

/// How often it goes wrong, in percent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Habits {
    /// Of what was planted it leaves out so much.
    pub(crate) drops: usize,
    /// Of what it says it gets a figure or a name wrong in so much.
    pub(crate) alters: usize,
}

/// What it writes: sentences that were said, some left out, some with another figure, and values that no longer hold.
/// The second is what it made up.
pub(crate) fn narrative(planted: &Planted, habits: Habits, dice: &mut Dice) -> (String, Vec<String>) {
    let (mut text, mut made_up) = (String::new(), Vec::new());
    for section in SECTIONS {
        let told = planted.probes.iter().filter(|probe| probe.section == section);
        let lines: Vec<String> = told
            .filter_map(|probe| {
                let (is_dropped, is_altered) = (dice.chance(habits.drops), dice.chance(habits.alters));
                (!is_dropped)
                    .then(|| if is_altered { altered(&probe.said, &mut made_up, dice) } else { probe.said.clone() })
            })
            .collect();
        let stale = planted.replaced.iter().filter(|_| section == Section::Standing && dice.chance(habits.alters));
        let stale: Vec<String> = stale.map(|replaced| format!("The {} is {}.", replaced.topic, replaced.old)).collect();
        if !lines.is_empty() || !stale.is_empty() {
            let lines = [lines, stale].concat().join("\n- ");
            let _ = writeln!(text, "## {}\n- {lines}", section.title());
        }
    }
    (text, made_up)
}

/// The sentence with another figure in it, or with a ticket that nobody opened.
fn altered(said: &str, made_up: &mut Vec<String>, dice: &mut Dice) -> String {
    let figure = (71_000 + dice.below(9_000)).to_string();
    made_up.push(figure.clone());
    match said.find(|c: char| c.is_ascii_digit()) {
        Some(at) => {
            let after = said[at..].trim_start_matches(|c: char| c.is_ascii_digit());
            format!("{}{figure}{after}", &said[..at])
        }
        None => format!("{} See OPS-{figure}.", said.trim_end()),
    }
}

/// A handoff of this transcript with a document of so many tokens, before anything is written.
pub(crate) fn making(transcript: &Transcript<'_>, document: u32) -> Making {
    let env = Env { now: Timestamp::from_millis(1), ids: Ids::seeded(9) };
    let conversation = ConversationId::new(&env);
    let spoken = transcript.spoken.iter().enumerate();
    let messages: Vec<Message> = spoken
        .map(|(index, spoken)| Message {
            id: MessageId::new(&env),
            conversation,
            number: index as u32 + 1,
            parent: None,
            author: if spoken.role == Role::Person { Author::Person } else { Author::Model },
            at: env.now,
            parts: vec![Part::text(spoken.text.to_string())],
            ending: Ending::Complete,
            about: None,
            turn: None,
            model: None,
            usage: None,
        })
        .collect();
    let plan = Plan {
        handoff: HandoffId::new(&env),
        conversation,
        pane: "research".to_owned(),
        asker: None,
        aim: Aim::Carry,
        cause: Cause::Full,
        head: messages[messages.len() - 1].id,
        writer: "cloud/big".parse().ok(),
        tries: 0,
        failed: Vec::new(),
        failure: None,
        sizes: Sizes { document, material: 100_000, output: document },
        seed: 7,
    };
    let read = Bodies { messages, ..Bodies::default() };
    let material = Material::of(&plan, &read, Vec::new(), &Table::default()).ok().map(Arc::new);
    Making { plan, material, answers: Vec::new(), mended: false, given: None }
}
