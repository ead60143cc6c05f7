//! The terminal: entered once, left as it was, whatever ends the program. Nothing else writes to it.
//!
//! No question is asked of the terminal: an answer that nobody reads would arrive as typed text.

use std::io::{self, IsTerminal as _, Write};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::clipboard::CopyToClipboard;
use crossterm::cursor::Show;
use crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, DisableMouseCapture, EnableBracketedPaste, EnableFocusChange,
    EnableMouseCapture, KeyboardEnhancementFlags, PopKeyboardEnhancementFlags, PushKeyboardEnhancementFlags,
};
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode,
    enable_raw_mode,
};
use crossterm::{execute, queue};
use ratatui::buffer::Buffer;
use ratatui::layout::Position;

use super::canvas::Canvas;
use super::hyperlink::Hyperlinks;
use super::outside::{self, Outside, POP_TITLE, PUSH_TITLE};
use crate::runtime::is_contained;

/// Whether the terminal is ours at the moment: a panic must give it back, and only then.
static IS_ENTERED: AtomicBool = AtomicBool::new(false);
/// Whether the window has a title of ours, and its own is kept.
static IS_TITLED: AtomicBool = AtomicBool::new(false);
static PANIC_HOOK: Once = Once::new();

/// The terminal while it is ours.
#[derive(Debug)]
pub struct Tty {
    canvas: Canvas,
    /// A frame's bytes, collected so that they reach the terminal in one piece.
    bytes: Vec<u8>,
    /// Whether the mouse is read; if not, the terminal keeps its own selection.
    mouse: bool,
    /// How it is told what happened while nobody looked.
    outside: Outside,
    /// The title of its window, once it was given one.
    title: Option<String>,
}

impl Tty {
    /// Takes the terminal; with the mouse, if its owner wants that.
    pub fn enter(mouse: bool, links: Hyperlinks) -> io::Result<Self> {
        PANIC_HOOK.call_once(|| {
            let earlier = std::panic::take_hook();
            let ours = std::thread::current().id();
            std::panic::set_hook(Box::new(move |panic| {
                let goes_on = is_contained() || std::thread::current().id() != ours;
                if goes_on && IS_ENTERED.load(Ordering::SeqCst) {
                    // Whoever started that part tells what became of it; words on the screen would only garble it.
                    // Where it happened, never what was said: the text of a message may be part of that.
                    let place = panic.location().map(ToString::to_string);
                    tracing::error!(place, "a part of the program failed");
                    return;
                }
                restore();
                earlier(panic);
            }));
        });
        take(mouse)?;
        let outside = Outside::of(|name| std::env::var(name).ok());
        Ok(Self { canvas: Canvas::new(links), bytes: Vec::new(), mouse, outside, title: None })
    }

    /// Whether it has hung up. Its descriptors stay open then, and belong to no terminal any more.
    pub fn is_gone(&self) -> bool {
        !io::stdin().is_terminal() || !io::stdout().is_terminal()
    }

    /// Columns and rows.
    pub fn size(&self) -> io::Result<(u16, u16)> {
        crossterm::terminal::size()
    }

    /// Draws a frame of this size: only what changed is written, all of it at once.
    pub fn draw(&mut self, size: (u16, u16), paint: impl FnOnce(&mut Buffer) -> Option<Position>) -> io::Result<()> {
        self.bytes.clear();
        queue!(self.bytes, BeginSynchronizedUpdate)?;
        let begun = self.bytes.len();
        self.canvas.draw(size, &mut self.bytes, paint)?;
        if self.bytes.len() == begun {
            return Ok(());
        }
        queue!(self.bytes, EndSynchronizedUpdate)?;
        let mut out = io::stdout().lock();
        out.write_all(&self.bytes)?;
        out.flush()
    }

    /// Gives the terminal back for a while.
    pub fn leave(&mut self) {
        restore();
    }

    /// Forgets what the terminal shows: the next frame is written whole.
    pub fn forget(&mut self) {
        self.canvas.forget();
    }

    /// Takes the terminal again after [`Tty::leave`].
    pub fn enter_again(&mut self) -> io::Result<()> {
        self.canvas.forget();
        take(self.mouse)?;
        match self.title.take() {
            Some(title) => self.title(&title),
            None => Ok(()),
        }
    }

    /// Tells a person who looks elsewhere, by the bell and by the terminal's own notification.
    pub fn tell(&mut self, bell: bool, text: Option<&str>) -> io::Result<()> {
        let notification = text.map(|text| self.outside.notification(text)).unwrap_or_default();
        write_now(&format!("{}{notification}", if bell { "\x07" } else { "" }))
    }

    /// Gives the window a title; the one it had comes back at the end.
    pub fn title(&mut self, text: &str) -> io::Result<()> {
        let keep = if IS_TITLED.swap(true, Ordering::SeqCst) { "" } else { PUSH_TITLE };
        self.title = Some(text.to_owned());
        write_now(&format!("{keep}{}", outside::title(text)))
    }

    /// Offers a text to the terminal's clipboard (OSC 52). Whether it took it can't be known.
    pub fn copy(&mut self, text: &str) -> io::Result<()> {
        execute!(io::stdout().lock(), CopyToClipboard::to_clipboard_from(text))
    }
}

impl Drop for Tty {
    fn drop(&mut self) {
        restore();
    }
}

fn write_now(bytes: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes.as_bytes())?;
    out.flush()
}

fn take(mouse: bool) -> io::Result<()> {
    IS_ENTERED.store(true, Ordering::SeqCst);
    enable_raw_mode()?;
    execute!(
        io::stdout().lock(),
        EnterAlternateScreen,
        EnableBracketedPaste,
        EnableFocusChange,
        PushKeyboardEnhancementFlags(KeyboardEnhancementFlags::DISAMBIGUATE_ESCAPE_CODES),
    )?;
    if mouse { execute!(io::stdout().lock(), EnableMouseCapture) } else { Ok(()) }
}

/// Leaves the terminal as it was. Does nothing if it isn't ours.
pub fn restore() {
    if !IS_ENTERED.swap(false, Ordering::SeqCst) {
        return;
    }
    // A terminal that is gone can't be restored, and nothing can be told to anybody.
    let _ = execute!(
        io::stdout().lock(),
        EndSynchronizedUpdate,
        PopKeyboardEnhancementFlags,
        DisableMouseCapture,
        DisableBracketedPaste,
        DisableFocusChange,
        LeaveAlternateScreen,
        Show,
    );
    if IS_TITLED.swap(false, Ordering::SeqCst) {
        let _ = write_now(POP_TITLE);
    }
    let _ = disable_raw_mode();
}

/// Stops the process as Ctrl-Z does, until the shell continues it.
#[cfg(unix)]
pub fn stop_here() -> io::Result<()> {
    signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP)
}

/// There is nothing to suspend to.
#[cfg(not(unix))]
pub fn stop_here() -> io::Result<()> {
    Ok(())
}
