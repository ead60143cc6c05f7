//! A brief while it is composed: whom it goes to, what is asked, which material goes along, and what exactly would cross.

mod assist;
mod field;
mod judging;
mod keys;
mod material;
mod picker;
mod places;
mod preview;
mod receivers;
mod templates;

use crate::engine::brief::{Draft, Fields, Hold, Listed, Return};
use crate::engine::id::ConversationId;
use crate::engine::settings::PaneName;
use crate::engine::time::Timestamp;
use crate::tui::app::Keymap;
use crate::tui::app::composer::Composer;
use crate::tui::app::draft::Draft as Text;
use crate::tui::key::{Code, Key};

pub use assist::Assist;
pub use field::Field;
pub use material::{Material, Row as MaterialRow};
pub use picker::{MaterialPicker, Unread};
pub use places::{LABEL, Places};
pub use preview::Preview;
pub use receivers::{Receiver, Receivers};
pub use templates::TemplatePicker;

/// What a composer of briefs begins with.
#[derive(Debug, Clone)]
pub struct Opening {
    /// The pane it is opened in.
    pub origin: PaneName,
    /// The brief as it is so far; its first sender is the conversation of that pane.
    pub draft: Draft,
    /// The panes it can go to.
    pub receivers: Vec<Receiver>,
    /// What is known of the messages that it quotes.
    pub listed: Vec<Listed>,
    /// Whether a person has put anything of their own into it.
    pub is_touched: bool,
    /// The keys.
    pub keymap: Keymap,
    /// Columns and rows of the screen.
    pub size: (u16, u16),
}

/// A brief that is being composed.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about what a person did")]
pub struct BriefComposer {
    /// The pane it was opened in.
    pub origin: PaneName,
    /// The panes it can go to.
    pub receivers: Receivers,
    /// What shall be done.
    pub objective: Composer,
    /// How the receiver knows that it is done.
    pub done_when: Composer,
    /// What it must and mustn't do, a line each.
    pub constraints: Composer,
    /// The form of the answer.
    pub expected: Composer,
    /// The typed names of sealed panes that it may leave.
    pub unseal: Composer,
    /// What becomes of the answer.
    pub returns: Return,
    /// What goes along.
    pub material: Material,
    /// What would cross.
    pub preview: Preview,
    /// Where keys go.
    pub field: Field,
    /// Whether the fields with defaults are in view.
    pub is_unfolded: bool,
    /// The sealed panes that it would leave.
    pub sealed: Vec<PaneName>,
    /// Whether it was sent and the journal hasn't answered.
    pub is_sending: bool,
    /// A sentence for the person; gone with the next key.
    pub told: Option<String>,
    /// The short form that it was opened with: its text goes back where it was written.
    pub short_form: Option<ShortForm>,
    /// Whether a person has put anything of their own into it.
    pub is_touched: bool,
    /// What a model proposes.
    pub assist: Assist,
    /// The field whose text is in the person's editor.
    pub editing: Option<Field>,
    /// When it shall be composed anew, and when the suggestions.
    pub due: Due,
    judged: Vec<Vec<String>>,
    is_changed: bool,
    is_after_leader: bool,
    from: Vec<ConversationId>,
    supersedes: Option<crate::engine::id::BriefId>,
    keymap: Keymap,
    size: (u16, u16),
}

/// `@drafting please …`, written as a message.
#[derive(Debug, Clone, PartialEq)]
pub struct ShortForm {
    /// The pane that it names.
    pub to: PaneName,
    /// The brief as it was made of it.
    pub draft: Draft,
}

impl ShortForm {
    /// The text as it was written, with what it asks by now; `None` if the brief says more than that text can.
    pub fn written(&self, now: &Draft) -> Option<String> {
        let same = Draft {
            seed: now.seed,
            fields: Fields { objective: now.fields.objective.clone(), ..self.draft.fields.clone() },
            ..self.draft.clone()
        };
        (same == *now).then(|| format!("@{} {}", self.to, now.fields.objective))
    }
}

/// When the engine shall be asked again, and which of its answers is awaited.
#[derive(Debug, Clone, Copy, Default)]
pub struct Due {
    /// When it shall compose.
    pub compose: Option<Timestamp>,
    /// When it shall suggest.
    pub suggest: Option<Timestamp>,
    /// Rises with every question: the answer to an older one comes too late.
    pub revision: u64,
}

impl BriefComposer {
    /// A composer of this brief.
    pub fn new(opening: Opening) -> Self {
        let Opening { origin, draft, receivers, listed, is_touched, keymap, size } = opening;
        let text = |text: String| Composer::of(Text::of(text));
        let Fields { objective, done_when, constraints, expected } = draft.fields;
        let is_unfolded = !(done_when.is_empty() && constraints.is_empty() && expected.is_empty())
            || draft.returns != Return::default();
        let mut material = Material { is_chosen: is_touched, ..Material::default() };
        material.add(listed);
        let assist = Assist::kept(draft.proposed_from);
        let receivers = Receivers::new(receivers, &draft.to);
        let field = if receivers.marked().next().is_some() { Field::Objective } else { Field::To };
        let mut composer = Self {
            origin,
            receivers,
            objective: text(objective),
            done_when: text(done_when),
            constraints: text(constraints.join("\n")),
            expected: text(expected),
            unseal: text(draft.unseal.join(", ")),
            returns: draft.returns,
            material,
            preview: Preview::default(),
            field,
            is_unfolded,
            sealed: Vec::new(),
            is_sending: false,
            told: None,
            short_form: None,
            is_touched,
            assist,
            editing: None,
            due: Due::default(),
            judged: Vec::new(),
            is_changed: false,
            is_after_leader: false,
            from: draft.from,
            supersedes: draft.supersedes,
            keymap,
            size,
        };
        composer.fit(size);
        composer
    }

    /// The panes as they are now, and the conversation that asks.
    pub fn renew(&mut self, receivers: Vec<Receiver>, from: ConversationId) {
        self.receivers.renew(receivers);
        self.from = vec![from];
    }

    /// The brief as it stands.
    pub fn draft(&self) -> Draft {
        let lines = |text: &Composer| -> Vec<String> {
            text.lines().iter().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
        };
        let typed = self.unseal.text();
        let typed = typed.split([',', '\n']).map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
        Draft {
            from: self.from.clone(),
            to: self.receivers.marked().map(|receiver| receiver.conversation).collect(),
            fields: Fields {
                objective: self.objective.text(),
                done_when: self.done_when.text(),
                constraints: lines(&self.constraints),
                expected: self.expected.text(),
            },
            context: self.material.quotes(),
            returns: self.returns,
            supersedes: self.supersedes,
            unseal: typed.collect(),
            seed: self.preview.composed.first().map(|shown| shown.seed),
            proposed_from: self.assist.from,
        }
    }

    /// Fills in what a template says; what a person wrote stays where the template says nothing.
    pub fn fill(&mut self, fields: &Fields, returns: Option<Return>) {
        let lines = fields.constraints.join("\n");
        for (composer, text) in [
            (&mut self.objective, &fields.objective),
            (&mut self.done_when, &fields.done_when),
            (&mut self.constraints, &lines),
            (&mut self.expected, &fields.expected),
        ] {
            if !text.is_empty() {
                *composer = Composer::of(Text::of(text.as_str()));
            }
        }
        self.returns = returns.unwrap_or(self.returns);
        self.is_unfolded = true;
        self.field = Field::Objective;
        self.changed();
    }

    /// The text of a field, if it has one.
    pub fn text(&self, field: Field) -> Option<&Composer> {
        match field {
            Field::Objective => Some(&self.objective),
            Field::DoneWhen => Some(&self.done_when),
            Field::Constraints => Some(&self.constraints),
            Field::Expected => Some(&self.expected),
            Field::Unseal => Some(&self.unseal),
            _ => None,
        }
    }

    fn text_mut(&mut self, field: Field) -> Option<&mut Composer> {
        match field {
            Field::Objective => Some(&mut self.objective),
            Field::DoneWhen => Some(&mut self.done_when),
            Field::Constraints => Some(&mut self.constraints),
            Field::Expected => Some(&mut self.expected),
            Field::Unseal => Some(&mut self.unseal),
            _ => None,
        }
    }

    /// The fields in the order in which Tab goes through them.
    pub fn fields(&self) -> Vec<Field> {
        let mut fields = vec![Field::To, Field::Objective, Field::Context];
        if !self.sealed.is_empty() {
            fields.push(Field::Unseal);
        }
        if self.is_unfolded {
            fields.extend([Field::DoneWhen, Field::Constraints, Field::Expected, Field::Return]);
        } else {
            fields.push(Field::More);
        }
        fields.push(Field::Payload);
        if !self.preview.unjudged().is_empty() {
            fields.push(Field::Locality);
        }
        fields
    }

    /// Takes a screen of this size.
    pub fn fit(&mut self, size: (u16, u16)) {
        self.size = size;
        let Some(beside) = Places::on(size, true).beside else { return };
        let below = Places::locality_rows(beside, self.locality_lines());
        let rows = usize::from(beside.height.saturating_sub(2 + below));
        self.preview.fit((usize::from(beside.width.saturating_sub(4)), rows));
    }

    /// How many lines the locality has to say.
    pub fn locality_lines(&self) -> usize {
        if self.preview.refusal.is_some() {
            return 3;
        }
        let replaced = self.preview.shown().map_or(0, |composed| composed.replaced.len());
        (self.preview.unjudged().len() + 2 * self.preview.holds().len() + replaced).max(1)
    }

    /// In a few words, what still holds it; `None` if it can go.
    pub fn held(&self) -> Option<String> {
        if self.receivers.marked().next().is_none() {
            return Some("nobody receives it yet".to_owned());
        }
        if self.objective.text().trim().is_empty() {
            return Some("it asks nothing yet".to_owned());
        }
        if let Some(name) = self.sealed.iter().find(|name| !self.draft().unseal.contains(*name)) {
            return Some(format!("{name} is sealed"));
        }
        if self.preview.refusal.is_some() {
            return Some("it can't go".to_owned());
        }
        match (self.preview.unjudged().len(), self.preview.holds().first()) {
            (0, None) => None,
            (0, Some(Hold::TooLarge { .. })) => Some("too large for its receiver".to_owned()),
            (0, Some(Hold::Secret { .. })) => Some("a secret stands in it".to_owned()),
            (0, Some(_)) => Some("it can't go".to_owned()),
            (1, _) => Some("1 word to judge before it can go".to_owned()),
            (words, _) => Some(format!("{words} words to judge before it can go")),
        }
    }

    /// Whether something was changed since this was asked last.
    pub const fn take_changed(&mut self) -> bool {
        std::mem::replace(&mut self.is_changed, false)
    }

    /// Writes text into the field that keys belong to; into the objective, if that one has no text.
    pub(super) fn paste(&mut self, text: &str) {
        // The name that lets a brief out is typed, not pasted: that is what it is for.
        if self.is_sending || self.field == Field::Unseal {
            return;
        }
        if self.text(self.field).is_none() {
            self.field = Field::Objective;
        }
        if let Some(composer) = self.text_mut(self.field) {
            composer.insert(text);
        }
        self.changed();
    }

    /// Writes the name of a sealed pane that lets this brief out, as a person typed it.
    pub fn let_out(&mut self, pane: &str) {
        let typed = self.unseal.text();
        let names = if typed.trim().is_empty() { pane.to_owned() } else { format!("{typed}, {pane}") };
        self.unseal = Composer::of(Text::of(names));
        self.changed();
    }

    /// The text of a field comes back from the person's editor.
    pub fn edited(&mut self, field: Field, text: &str) {
        if let Some(composer) = self.text_mut(field) {
            *composer = Composer::of(Text::of(text.trim_end_matches('\n')));
            self.changed();
        }
    }

    /// Quotes these as well.
    pub fn quote(&mut self, listed: Vec<Listed>) {
        self.material.add(listed);
        self.material.is_chosen = true;
        self.field = Field::Context;
        self.changed();
    }

    /// Scrolls what would cross.
    pub(super) fn wheel(&mut self, up: bool) {
        for _ in 0..3 {
            self.preview.key(Key::plain(if up { Code::Up } else { Code::Down }));
        }
    }

    const fn changed(&mut self) {
        self.is_changed = true;
        self.is_touched = true;
    }
}
