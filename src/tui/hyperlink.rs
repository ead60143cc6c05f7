//! Hyperlinks (OSC 8): a click on a link's text opens its address, in terminals that can.
//!
//! A cell has no place for an address, and an address written into its text would be measured and compared as text. So
//! drawing marks a link's cells with a number in a property that is compared like any other but never shown, and this
//! backend takes the mark off again and writes the address round the run of cells that bear it. A link that changes
//! under the same text is drawn anew, one that doesn't costs nothing.
//!
//! Addresses are made safe and chosen by scheme where text is laid out; nothing else becomes a mark.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};
use std::io::{self, Write};
use std::rc::Rc;

use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell as ScreenCell;
use ratatui::layout::{Position, Size};
use ratatui::style::Color;

use super::theme::{mark, marked};

/// The addresses in the frame that is drawn, shared by the one who draws and the one who writes.
#[derive(Debug, Clone, Default)]
pub struct Hyperlinks {
    addresses: Rc<RefCell<BTreeMap<u32, Rc<str>>>>,
    is_off: Rc<Cell<bool>>,
}

impl Hyperlinks {
    /// Links that are links, or only text.
    pub fn new(on: bool) -> Self {
        let links = Self::default();
        links.turn(on);
        links
    }

    /// Makes links of what is drawn from now on, or no more.
    pub fn turn(&self, on: bool) {
        self.is_off.set(!on);
    }

    /// Forgets the last frame's addresses.
    pub fn begin_frame(&self) {
        self.addresses.borrow_mut().clear();
    }

    /// The mark for cells that lead to this address; none where links are text. The same address has the same mark in
    /// every frame.
    pub fn mark(&self, address: &Rc<str>) -> Option<Color> {
        if self.is_off.get() {
            return None;
        }
        let mut hasher = DefaultHasher::new();
        address.hash(&mut hasher);
        let mut number = hasher.finish() as u32 & 0x00FF_FFFF;
        let mut addresses = self.addresses.borrow_mut();
        while addresses.get(&number).is_some_and(|known| known != address) {
            number = (number + 1) & 0x00FF_FFFF;
        }
        addresses.entry(number).or_insert_with(|| Rc::clone(address));
        Some(mark(number))
    }

    fn address(&self, number: u32) -> Option<Rc<str>> {
        self.addresses.borrow().get(&number).cloned()
    }
}

/// A backend that writes marked cells as links.
#[derive(Debug)]
pub struct Linking<W: Write> {
    inner: CrosstermBackend<W>,
    links: Hyperlinks,
}

impl<W: Write> Linking<W> {
    /// A backend that writes here and finds its addresses there.
    pub fn new(writer: W, links: Hyperlinks) -> Self {
        Self { inner: CrosstermBackend::new(writer), links }
    }

    fn draw_link(&mut self, number: u32, run: &[(u16, u16, ScreenCell)]) -> io::Result<()> {
        let run = run.iter().map(|(x, y, cell)| (*x, *y, cell));
        let Some(address) = self.links.address(number) else { return self.inner.draw(run) };
        write!(self.inner, "\x1b]8;id={number:x};{address}\x1b\\")?;
        self.inner.draw(run)?;
        write!(self.inner, "\x1b]8;;\x1b\\")
    }
}

impl<W: Write> Write for Linking<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.inner.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Write::flush(&mut self.inner)
    }
}

impl<W: Write> Backend for Linking<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a ScreenCell)>,
    {
        let mut content = content.peekable();
        while let Some((_, _, first)) = content.peek() {
            match marked(first.underline_color) {
                None => {
                    let plain =
                        std::iter::from_fn(|| content.next_if(|(_, _, cell)| marked(cell.underline_color).is_none()));
                    self.inner.draw(plain)?;
                }
                Some(number) => {
                    let mut run = Vec::new();
                    while let Some((x, y, cell)) =
                        content.next_if(|(_, _, cell)| marked(cell.underline_color) == Some(number))
                    {
                        let mut cell = cell.clone();
                        cell.underline_color = Color::Reset;
                        run.push((x, y, cell));
                    }
                    self.draw_link(number, &run)?;
                }
            }
        }
        Ok(())
    }

    fn append_lines(&mut self, count: u16) -> io::Result<()> {
        self.inner.append_lines(count)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.inner.hide_cursor()
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.inner.show_cursor()
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        self.inner.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.inner.set_cursor_position(position)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.inner.clear()
    }

    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        self.inner.clear_region(region)
    }

    fn size(&self) -> io::Result<Size> {
        self.inner.size()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        self.inner.window_size()
    }

    fn flush(&mut self) -> io::Result<()> {
        Backend::flush(&mut self.inner)
    }
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::Style;
    use ratatui::{Terminal, TerminalOptions, Viewport};

    use super::*;

    #[derive(Clone, Default)]
    struct Written(Rc<RefCell<Vec<u8>>>);

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.borrow_mut().write(bytes)
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// Draws words, each with the address it leads to, frame by frame; returns what each frame wrote.
    fn frames(frames: &[&[(&str, Option<&str>)]]) -> Vec<String> {
        let (written, links) = (Written::default(), Hyperlinks::default());
        let options = TerminalOptions { viewport: Viewport::Fixed(Rect::new(0, 0, 40, 2)) };
        let mut terminal = Terminal::with_options(Linking::new(written.clone(), links.clone()), options).unwrap();
        let draw = |words: &&[(&str, Option<&str>)]| {
            terminal
                .draw(|frame| {
                    links.begin_frame();
                    let mut x = 0;
                    for (word, address) in *words {
                        let style = match address {
                            Some(address) => Style::new().underline_color(links.mark(&Rc::from(*address)).unwrap()),
                            None => Style::new(),
                        };
                        (x, _) = frame.buffer_mut().set_stringn(x, 0, word, 40, style);
                    }
                })
                .unwrap();
            String::from_utf8(std::mem::take(&mut *written.0.borrow_mut())).unwrap()
        };
        frames.iter().map(draw).collect()
    }

    #[test]
    fn a_link_s_cells_stand_between_its_address_and_its_end() {
        let written = frames(&[&[("see ", None), ("docs", Some("https://a.b/c")), (" and", None)]]);
        let (before, rest) = written[0].split_once("\x1b]8;id=").unwrap();
        let (link, after) = rest.split_once("\x1b]8;;\x1b\\").unwrap();
        assert!(before.contains("see") && !before.contains("docs"));
        assert!(link.contains(";https://a.b/c\x1b\\") && link.contains("docs"), "{link:?}");
        assert!(after.contains("and") && !after.contains("\x1b]8"), "{after:?}");
        assert!(!written[0].contains("\x1b[58"), "the mark itself is never shown: {:?}", written[0]);
    }

    #[test]
    fn a_link_that_changes_under_the_same_text_is_drawn_again_and_only_then() {
        let written = frames(&[
            &[("docs", Some("https://a.b"))],
            &[("docs", Some("https://a.b"))],
            &[("docs", Some("https://c.d"))],
            &[("docs", None)],
        ]);
        assert!(written[0].contains("https://a.b"));
        assert!(!written[1].contains("docs"), "{:?}", written[1]);
        assert!(written[2].contains("https://c.d") && written[2].contains("docs"));
        assert!(!written[3].contains("\x1b]8") && written[3].contains("docs"));
    }

    #[test]
    fn where_links_are_turned_off_nothing_is_marked() {
        let links = Hyperlinks::new(false);
        assert_eq!(links.mark(&Rc::from("https://a.b")), None);
        links.clone().turn(true);
        assert!(links.mark(&Rc::from("https://a.b")).is_some());
    }

    #[test]
    fn every_link_that_begins_ends_and_two_side_by_side_stay_two() {
        let written = frames(&[&[("one", Some("https://a.b")), ("two", Some("https://c.d")), ("!", None)]]);
        assert_eq!(written[0].matches("\x1b]8;id=").count(), 2);
        assert_eq!(written[0].matches("\x1b]8;;\x1b\\").count(), 2);
    }
}
