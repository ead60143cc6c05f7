//! What is selected in a transcript, as quotations: passages byte for byte as they were written, not as they are drawn.

use super::App;
use super::selection::Part;
use crate::engine::brief::Quote;

impl App {
    /// What is to be quoted: the selected text, else the selected message. And a sentence where a message goes along
    /// whole because what is selected of it isn't found in it.
    pub(super) fn quotes_here(&mut self) -> (Vec<Quote>, Option<String>) {
        let Some(selection) = self.selection.take() else {
            let quote = self.selected().map(|message| Quote {
                conversation: message.conversation,
                message: message.id,
                passage: None,
            });
            return (quote.into_iter().collect(), None);
        };
        let (mut quotes, mut told) = (Vec::new(), None);
        for part in self.selected_parts(&selection) {
            let Some(message) = self
                .pane(&selection.pane)
                .and_then(|pane| self.conversations.get(&pane.conversation)?.message(part.item))
            else {
                continue;
            };
            let source = message.text();
            let passage = passage(&source, &part);
            if passage.is_none() {
                told = Some(format!("m{} goes along whole: what is selected isn't found in it.", message.number));
            }
            let passage = passage.map(str::to_owned);
            quotes.push(Quote { conversation: message.conversation, message: message.id, passage });
        }
        (quotes, told)
    }
}

/// The part of a source that a selection of its drawn text stands for. Marks are drawn in other ways than they are
/// written; letters and digits are not, and they stand in one order: those of the selection are found among those of
/// the source, where they occur several times at the place that lies nearest.
fn passage<'a>(source: &'a str, part: &Part) -> Option<&'a str> {
    let letters: Vec<(usize, char)> = source.char_indices().filter(|(_, c)| c.is_alphanumeric()).collect();
    let wanted: Vec<char> = part.text.chars().filter(|c| c.is_alphanumeric()).collect();
    let before = part.before.chars().filter(|c| c.is_alphanumeric()).count();
    if wanted.is_empty() {
        return None;
    }
    let fits = |window: &[(usize, char)]| window.iter().zip(&wanted).all(|((_, c), wanted)| c == wanted);
    let places = letters.windows(wanted.len()).enumerate().filter(|(_, window)| fits(window));
    let (at, _) = places.min_by_key(|(at, _)| at.abs_diff(before))?;
    let (first, _) = letters[at];
    let (last, c) = letters[at + wanted.len() - 1];
    let is_mark = |c: char| !c.is_alphanumeric() && !c.is_whitespace();
    // Marks that touch it belong to it: a full stop, the asterisks of strong words.
    let start =
        source[..first].char_indices().rev().take_while(|(_, c)| is_mark(*c)).last().map_or(first, |(at, _)| at);
    let end = last + c.len_utf8();
    let end = end + source[end..].chars().take_while(|c| is_mark(*c)).map(char::len_utf8).sum::<usize>();
    Some(&source[start..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, before: &str, text: &str, expected: Option<&str>) {
        let part = Part { item: 0, before: before.to_owned(), text: text.to_owned() };
        assert_eq!(passage(source, &part), expected);
    }

    #[test]
    fn a_passage_is_what_was_written_not_what_is_drawn() {
        check("It is **much** cheaper.", "It is ", "much cheaper", Some("**much** cheaper."));
        check("| a | b |\n|---|---|\n| 北風 | $28 |\n", "a b ", "北風   $28", Some("北風 | $28"));
        check("- one\n- two\n- one", "one two ", "one", Some("one"));
        check("no, no, no", "", "no", Some("no,"));
        check("x", "", "…", None);
        check("x", "", "something else", None);
    }
}
