//! Lines of JSON, decoded as their bytes arrive: the same events as [`super::sse`] gives, one to a line.
//!
//! Any split of the bytes gives the same events; at most [`super::sse::Decoder::LIMIT`] bytes of an unfinished line are
//! held, and text that isn't UTF-8 is repaired instead of refused.

use super::sse::{Decoder as Events, Event, TooLong};

/// An incremental decoder.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    line: Vec<u8>,
    /// Whether the first line, which may begin with a byte order mark, is behind us.
    begun: bool,
}

impl Decoder {
    /// Decodes the next bytes, adding the events that they finish.
    pub(super) fn push(&mut self, bytes: &[u8], events: &mut impl Extend<Event>) -> Result<(), TooLong> {
        for piece in bytes.split_inclusive(|&byte| byte == b'\n') {
            if self.line.len() + piece.len() > Events::LIMIT {
                return Err(TooLong);
            }
            self.line.extend_from_slice(piece);
            if piece.ends_with(b"\n") {
                events.extend(self.finish());
            }
        }
        Ok(())
    }

    /// Ends the stream: a last line may lack its newline.
    pub(super) fn finish(&mut self) -> Option<Event> {
        let line = std::mem::take(&mut self.line);
        let line = String::from_utf8_lossy(&line);
        let text = if self.begun { &line } else { line.strip_prefix('\u{feff}').unwrap_or(&line) }.trim();
        self.begun |= !line.is_empty();
        (!text.is_empty()).then(|| Event::Data { name: String::new(), text: text.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decode<'a>(chunks: impl IntoIterator<Item = &'a [u8]>) -> Vec<String> {
        let mut decoder = Decoder::default();
        let mut events = Vec::new();
        for chunk in chunks {
            decoder.push(chunk, &mut events).unwrap();
        }
        events.extend(decoder.finish());
        let text = |event| match event {
            Event::Data { text, .. } => text,
            Event::Comment => panic!("a comment in lines"),
        };
        events.into_iter().map(text).collect()
    }

    #[test]
    fn lines_are_events_whatever_ends_them() {
        let stream = "\u{feff}{\"a\":1}\r\n\n \n{\"b\":\"é\u{feff}\"}\n{\"c\":3}".as_bytes();
        let whole = decode([stream]);
        assert_eq!(whole, ["{\"a\":1}", "{\"b\":\"é\u{feff}\"}", "{\"c\":3}"]);
        for split in 0..=stream.len() {
            let (head, tail) = stream.split_at(split);
            assert_eq!(decode([head, tail]), whole, "split at {split}");
        }
        assert_eq!(decode(stream.chunks(1)), whole);
    }

    #[test]
    fn an_endless_line_is_refused() {
        let chunk = vec![b'x'; 100_000];
        let mut decoder = Decoder::default();
        let held = (0..1000).take_while(|_| decoder.push(&chunk, &mut Vec::new()).is_ok()).count();
        assert_eq!(held * chunk.len(), Events::LIMIT);
    }

    proptest! {
        #[test]
        fn any_bytes_in_any_pieces_give_what_they_give_whole(bytes in proptest::collection::vec(any::<u8>(), 0..200), size in 1_usize..20) {
            prop_assert_eq!(decode(bytes.chunks(size)), decode([bytes.as_slice()]));
        }
    }
}
