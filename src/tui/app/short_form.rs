//! `@drafting please …`: a message whose first word names another pane is the short form of a brief to it.

use super::composer::Composer;
use super::draft::Draft as Text;
use super::{Action, App, Pane};
use crate::engine::brief::{Draft, Fields};
use crate::engine::settings::PaneName;
use crate::tui::dialog::{Field, ShortForm};

impl App {
    /// The pane that the first word of what is written names, and the rest; nothing if it names none. A file that is
    /// mentioned there stays a file: it has a dot or a slash in it, and a pane's name has neither.
    pub fn short_form(&self, pane: &Pane) -> Option<(PaneName, String)> {
        let first = pane.composer.lines().first()?;
        let word = first.strip_prefix('@')?.split_whitespace().next()?;
        let name = word.trim_end_matches([':', ',']);
        let receiver = self.receivers(&pane.name).into_iter().find(|receiver| receiver.pane == name)?;
        let text = pane.composer.text();
        Some((receiver.pane, text[1 + word.len()..].trim().to_owned()))
    }

    /// Opens the composer for the short form that is written in the focused pane. Returns whether there is one.
    pub(super) fn open_short_form(&mut self) -> bool {
        let Some((name, (to, objective))) =
            self.focused_pane().and_then(|pane| Some((pane.name.clone(), self.short_form(pane)?)))
        else {
            return false;
        };
        if self.pane(&name).is_some_and(|pane| pane.brief.kept.is_some()) {
            let key = self.told(Action::Brief);
            self.tell(&name, format!("A draft of a brief waits here: {key} opens it. Send it or put it away first."));
            return true;
        }
        let conversation = self.shown(&to).map(|known| known.overview.id);
        let Some((conversation, fresh)) = conversation.zip(self.fresh_brief(&name)) else { return false };
        let fields = Fields { objective, ..Fields::default() };
        let draft = Draft { to: vec![conversation], fields, ..fresh };
        self.show_brief(&name, draft, true);
        let now = self.now;
        let Some(composer) = self.composing(&name) else { return true };
        composer.field = if composer.objective.is_blank() { Field::Objective } else { Field::Payload };
        composer.short_form = Some(ShortForm { to, draft: composer.draft() });
        if let Some(pane) = self.pane_mut(&name) {
            // What goes along with a message stays: a brief carries messages.
            let written = pane.composer.take();
            pane.composer = Composer::of(Text { text: String::new(), ..written });
            pane.draft_changed = Some(now);
        }
        true
    }

    /// The text of a short form is written in its pane again. Returns whether it was.
    pub(super) fn give_back_short_form(&mut self, name: &str) -> bool {
        let now = self.now;
        let written =
            self.composing(name).and_then(|composer| composer.short_form.as_ref()?.written(&composer.draft()));
        let Some((written, pane)) = written.zip(self.pane_mut(name)) else { return false };
        pane.brief.kept = None;
        pane.put_back(Text::of(written));
        pane.draft_changed = Some(now);
        true
    }
}
