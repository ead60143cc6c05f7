//! Server-sent events, decoded as their bytes arrive.
//!
//! The decoder takes any split of the bytes and gives the same events. It holds at most [`Decoder::LIMIT`] bytes of an
//! unfinished event, so that a server can't fill the memory, and text that isn't UTF-8 is repaired instead of refused.

/// What a stream of events consists of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// An event with data.
    Data {
        /// The event's name; empty if it has none.
        name: String,
        /// Its data lines, joined by newlines.
        text: String,
    },
    /// A comment: a sign of life, nothing else.
    Comment,
}

/// An event was longer than [`Decoder::LIMIT`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("one event is longer than {} MB", Decoder::LIMIT / 1_000_000)]
pub struct TooLong;

/// An incremental decoder.
#[derive(Debug, Default)]
pub struct Decoder {
    /// The bytes of the line that isn't finished yet.
    line: Vec<u8>,
    /// Whether the last byte was a carriage return, whose newline may still come.
    after_return: bool,
    /// Whether the first line, which may begin with a byte order mark, is behind us.
    begun: bool,
    /// Whether a line was none of this format.
    is_strange: bool,
    name: String,
    /// The data lines so far; `None` if there was none.
    text: Option<String>,
}

impl Decoder {
    /// The longest event that is taken, in bytes. No server of ours sends a thousandth of it in one event.
    pub const LIMIT: usize = 4_000_000;

    /// Decodes the next bytes, adding the events that they finish.
    pub fn push(&mut self, mut bytes: &[u8], events: &mut impl Extend<Event>) -> Result<(), TooLong> {
        while let Some(&first) = bytes.first() {
            if self.after_return {
                self.after_return = false;
                if first == b'\n' {
                    bytes = &bytes[1..];
                    continue;
                }
            }
            let end = bytes.iter().position(|&byte| byte == b'\n' || byte == b'\r');
            let (rest_of_line, after) = bytes.split_at(end.unwrap_or(bytes.len()));
            if self.line.len() + self.text.as_ref().map_or(0, String::len) + rest_of_line.len() > Self::LIMIT {
                return Err(TooLong);
            }
            self.line.extend_from_slice(rest_of_line);
            if let Some((&ending, after)) = after.split_first() {
                self.after_return = ending == b'\r';
                events.extend(self.end_line());
                bytes = after;
            } else {
                bytes = after;
            }
        }
        Ok(())
    }

    /// Ends the stream. An event that only lacks its blank line is given too: some servers close without one.
    pub fn finish(&mut self) -> Option<Event> {
        self.end_line().or_else(|| self.end_event())
    }

    /// Whether something came that stands in no stream of events.
    pub fn is_strange(&self) -> bool {
        self.is_strange
    }

    fn end_line(&mut self) -> Option<Event> {
        let line = std::mem::take(&mut self.line);
        let line = String::from_utf8_lossy(&line);
        let line = if self.begun { &line } else { line.strip_prefix('\u{feff}').unwrap_or(&line) };
        self.begun = true;
        if line.is_empty() {
            return self.end_event();
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "" => return Some(Event::Comment),
            "data" => self.add_data(value),
            "event" => value.clone_into(&mut self.name),
            // Not in the standard, but llama.cpp has reported errors in the middle of a stream this way.
            "error" => {
                "error".clone_into(&mut self.name);
                self.add_data(value);
            }
            "id" | "retry" => {}
            // A stream that was cut off may end in the middle of a field's name.
            _ => self.is_strange |= !["data", "event", "id", "retry"].iter().any(|name| name.starts_with(line)),
        }
        None
    }

    fn add_data(&mut self, value: &str) {
        match &mut self.text {
            Some(text) => {
                text.push('\n');
                text.push_str(value);
            }
            None => self.text = Some(value.to_owned()),
        }
    }

    fn end_event(&mut self) -> Option<Event> {
        let name = std::mem::take(&mut self.name);
        self.text.take().map(|text| Event::Data { name, text })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decode<'a>(chunks: impl IntoIterator<Item = &'a [u8]>) -> Vec<Event> {
        let mut decoder = Decoder::default();
        let mut events = Vec::new();
        for chunk in chunks {
            decoder.push(chunk, &mut events).unwrap();
        }
        events.extend(decoder.finish());
        events
    }

    fn data(name: &str, text: &str) -> Event {
        Event::Data { name: name.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn fields_comments_and_names_are_told_apart() {
        let events =
            decode([": ping\n\nevent: delta\ndata: a\ndata:  b\nid: 7\nretry\n\ndata\n\nevent: lost\n\n".as_bytes()]);
        assert_eq!(events, [Event::Comment, data("delta", "a\n b"), data("", "")]);
    }

    #[test]
    fn every_split_gives_the_same_events() {
        let stream = "\u{feff}data: één\r\ndata: 二\r\n\r\n:\rdata: x\r\rdata: 🦀\n\nerror: broke\n\n".as_bytes();
        let whole = decode([stream]);
        assert_eq!(whole, [data("", "één\n二"), Event::Comment, data("", "x"), data("", "🦀"), data("error", "broke")]);
        for split in 0..=stream.len() {
            let (head, tail) = stream.split_at(split);
            assert_eq!(decode([head, tail]), whole, "split at {split}");
        }
        assert_eq!(decode(stream.chunks(1)), whole);
    }

    #[test]
    fn an_event_without_its_blank_line_is_given_at_the_end() {
        assert_eq!(decode([b"data: [DONE]".as_slice()]), [data("", "[DONE]")]);
        assert_eq!(decode([b"data: [DONE]\n".as_slice()]), [data("", "[DONE]")]);
        assert_eq!(decode([b"".as_slice()]), []);
    }

    #[test]
    fn broken_text_is_repaired() {
        assert_eq!(decode([b"data: a\xff\xfeb\n\n".as_slice()]), [data("", "a\u{fffd}\u{fffd}b")]);
    }

    #[test]
    fn an_endless_line_and_an_endless_event_are_refused() {
        let chunk = vec![b'x'; 100_000];
        let mut decoder = Decoder::default();
        let held = (0..1000).take_while(|_| decoder.push(&chunk, &mut Vec::new()).is_ok()).count();
        assert_eq!(held * chunk.len(), Decoder::LIMIT);

        let mut line = b"data: ".to_vec();
        line.extend_from_slice(&chunk);
        line.push(b'\n');
        let mut decoder = Decoder::default();
        let held = (0..1000).take_while(|_| decoder.push(&line, &mut Vec::new()).is_ok()).count();
        assert!(held <= Decoder::LIMIT / chunk.len());
    }

    proptest! {
        #[test]
        fn any_bytes_in_any_pieces_give_what_they_give_whole(bytes in proptest::collection::vec(any::<u8>(), 0..200), size in 1_usize..20) {
            prop_assert_eq!(decode(bytes.chunks(size)), decode([bytes.as_slice()]));
        }

        #[test]
        fn any_lines_in_any_pieces_give_what_they_give_whole(text in "(data: ?|event:|:|error:|\r|\n|\r\n|\u{feff}|é|x){0,40}", size in 1_usize..9) {
            prop_assert_eq!(decode(text.as_bytes().chunks(size)), decode([text.as_bytes()]));
        }
    }
}
