//! Copying: what goes to the clipboard, and what can truthfully be said of it.

use super::App;
use super::message::Command;
use super::scroll::Heights as _;
use crate::engine::settings::PaneName;
use crate::tui::dialog::{CodePicker, Dialog};
use crate::tui::text::sanitise::sanitise;
use crate::tui::transcript::code::code_blocks;
use crate::tui::transcript::message::size;

/// Many terminals take no longer text into their clipboard: a sequence of 100,000 bytes holds no more.
const USUAL: usize = 74_994;

/// What was copied last, until it is known who took it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Copied {
    pane: PaneName,
    what: String,
    bytes: usize,
}

impl App {
    /// Copies a text. What comes from outside has no control bytes left: it may be pasted into a shell.
    pub(super) fn copy(&mut self, pane: &str, text: &str, what: &str) {
        let text = sanitise(text).into_owned();
        let copied = Copied { pane: pane.to_owned(), what: what.to_owned(), bytes: text.len() };
        self.command(Command::Copy(text));
        self.tell(pane, told(&copied, None));
        self.copied = Some(copied);
    }

    /// Whether tmux took the text that was copied; `None` outside of tmux.
    pub(super) fn tmux_answered(&mut self, took: Option<bool>) {
        let Some(copied) = self.copied.take() else { return };
        let is_told = |pane: &super::Pane| pane.notice.as_deref() == Some(told(&copied, None).as_str());
        if took.is_some() && self.pane(&copied.pane).is_some_and(is_told) {
            self.tell(&copied.pane.clone(), told(&copied, took));
        }
    }

    /// The selected message, or what streams after the last one: how it is called, and its text.
    fn message_text(&self) -> Option<(String, String)> {
        let pane = self.focused_pane()?;
        let conversation = self.conversations.get(&pane.conversation)?;
        if let Some(message) = conversation.message(pane.selected) {
            return Some((format!("m{}", message.number), message.text()));
        }
        let live = conversation.live.as_ref()?;
        Some(("what has come so far".to_owned(), live.text.borrow().source().to_owned()))
    }

    /// Copies the selected message as Markdown, as it was written.
    pub(super) fn copy_message(&mut self) {
        let Some((what, text)) = self.message_text() else { return };
        let pane = self.focused.clone();
        self.copy(&pane, &text, &format!("{what} as Markdown"));
    }

    /// Copies the selected message as it reads, without marks.
    pub(super) fn copy_plain(&mut self) {
        let Some((what, _)) = self.message_text() else { return };
        let Some(pane) = self.focused_pane() else { return };
        let last = self.transcript(pane, 120).map_or(0, |transcript| transcript.end().saturating_sub(1));
        let Some(text) = self.plain_text(pane, pane.selected.min(last)) else { return };
        let pane = self.focused.clone();
        self.copy(&pane, &text, &format!("{what} as plain text"));
    }

    /// Copies the selected message's code block; of several, the one that is chosen.
    pub(super) fn copy_code(&mut self) {
        let Some((what, text)) = self.message_text() else { return };
        let origin = self.focused.clone();
        let mut blocks = code_blocks(&text);
        match blocks.len() {
            0 => self.tell_here(format!("There is no code block in {what}. y copies the message.")),
            1 => {
                let block = blocks.remove(0);
                self.copy(&origin, &block.text, &format!("the code of {what}"));
            }
            _ => {
                let chosen = self.code_at.as_ref().filter(|at| at.pane == origin).map_or(0, |at| at.block);
                self.dialogs.push(Dialog::Code(CodePicker::new(origin, &what, blocks, chosen)));
            }
        }
    }
}

fn told(copied: &Copied, tmux: Option<bool>) -> String {
    let Copied { what, bytes, .. } = copied;
    let length = if *bytes > 10_000 { format!(" ({})", size(*bytes as u64)) } else { String::new() };
    let sent = match tmux {
        Some(true) => format!("In tmux's buffer, and sent to the terminal: {what}{length}."),
        Some(false) => format!("Sent {what}{length} to the terminal; tmux did not take it."),
        // Whether a clipboard took it, no terminal tells.
        None => format!("Sent {what}{length} to the terminal's clipboard."),
    };
    if *bytes > USUAL {
        format!("{sent} Many terminals take no more than 75 kB: `trialogue export` writes it to a file.")
    } else {
        sent
    }
}
