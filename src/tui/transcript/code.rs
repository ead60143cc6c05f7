//! The code blocks of a message, as they are copied: without fences, as received.

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

/// A block of code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CodeBlock {
    /// The language it names, if it names one.
    pub language: String,
    /// Its text, without the newline at its end: pasted into a shell, that would run it.
    pub text: String,
}

/// The code blocks in a Markdown text, in their order.
pub fn code_blocks(markdown: &str) -> Vec<CodeBlock> {
    let mut blocks: Vec<CodeBlock> = Vec::new();
    let mut is_inside = false;
    for event in Parser::new(markdown) {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                is_inside = true;
                let language = match kind {
                    CodeBlockKind::Fenced(label) => label.split_whitespace().next().unwrap_or_default().to_owned(),
                    CodeBlockKind::Indented => String::new(),
                };
                blocks.push(CodeBlock { language, text: String::new() });
            }
            Event::End(TagEnd::CodeBlock) => {
                is_inside = false;
                if let Some(block) = blocks.last_mut()
                    && block.text.ends_with('\n')
                {
                    block.text.pop();
                }
            }
            Event::Text(text) if is_inside => {
                if let Some(block) = blocks.last_mut() {
                    block.text.push_str(&text);
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
    fn code_is_copied_without_its_fence_and_without_what_would_run_it() {
        let blocks = code_blocks("Run:\n\n```sh\nls -l\n```\n\nthen `pwd` and\n\n    indented\n    twice\n");
        let told: Vec<_> = blocks.iter().map(|block| (block.language.as_str(), block.text.as_str())).collect();
        assert_eq!(told, [("sh", "ls -l"), ("", "indented\ntwice")]);
    }
}
