//! The wide view of a message, and the colours that come for code.

use super::{App, Layer};
use crate::tui::dialog::{Dialog, Wide};
use crate::tui::text::highlight::Run;
use crate::tui::text::markdown::lay_out_wide;
use crate::tui::text::sanitise::one_line;

/// Prose wraps here at the latest: longer lines are hard to read.
const PROSE: u16 = 100;

impl App {
    /// Shows the selected message, or the last one in view, over the whole screen.
    pub(super) fn open_wide(&mut self) {
        let Some((pane, area)) = self.focused_pane().and_then(|pane| Some((pane, self.pane_area(&pane.name)?))) else {
            return;
        };
        let Some(conversation) = self.conversations.get(&pane.conversation) else { return };
        let view = self.in_view(pane, &area);
        let in_view = view.iter().rev().map(|slice| slice.item).find(|item| *item < conversation.total());
        let item = if self.layer == Layer::Read { Some(pane.selected) } else { in_view };
        let Some((item, message)) = item.and_then(|item| Some((item, conversation.message(item)?))) else {
            self.tell_here("There is no message to widen.");
            return;
        };
        let columns = self.size.0.saturating_sub(4).clamp(1, PROSE);
        let laid = lay_out_wide(&message.text(), columns, self.glyphs);
        let title = format!("{} m{}", one_line(&pane.name), message.number);
        let mut wide = Wide::new(title, laid, self.size);
        wide.colour(|code| self.colours.of(code));
        let top = view.iter().find(|slice| slice.item == item).map_or(0, |slice| slice.from);
        let height = self.transcript(pane, area.transcript.width).map_or(1, |lines| {
            use super::scroll::Heights as _;
            lines.height(item)
        });
        wide.begin_at(top, height);
        self.dialogs.push(Dialog::Wide(Box::new(wide)));
    }

    /// Takes in what code is made of.
    pub(super) fn highlighted(&mut self, found: Vec<(u64, Vec<Run>)>) {
        self.colours.learn(found);
        if let Some(Dialog::Wide(wide)) = self.dialogs.last_mut() {
            wide.colour(|code| self.colours.of(code));
        }
    }
}
