//! The code blocks of a message, as they are copied: without fences, as received.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

/// The texts of the code blocks in a Markdown text, in their order.
pub fn code_blocks(markdown: &str) -> Vec<String> {
    let mut blocks: Vec<String> = Vec::new();
    let mut is_inside = false;
    for event in Parser::new(markdown) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => {
                is_inside = true;
                blocks.push(String::new());
            }
            Event::End(TagEnd::CodeBlock) => is_inside = false,
            Event::Text(text) if is_inside => {
                if let Some(block) = blocks.last_mut() {
                    block.push_str(&text);
                }
            }
            _ => {}
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_copied_without_its_fence() {
        let blocks = code_blocks("Run:\n\n```sh\nls -l\n```\n\nthen `pwd` and\n\n    indented\n");
        assert_eq!(blocks, ["ls -l\n", "indented\n"]);
    }
}
