//! What each piece of code is: a keyword, a string, a comment. The theme knows the colours.
//!
//! Reading code is slow beside laying it out, so it never happens on the way to the screen: code is drawn plain, read
//! elsewhere ([`highlight`]), and its lines are coloured where they stand ([`colour`]) when the [`Run`]s have come.
//! They name no width: what was read once serves every layout.
//!
//! Elsewhere is a process of our own ([`answer`] is what it says, [`answered`] what is made of that): the syntaxes grow to
//! tens of megabytes while they are used, and only a process that ends gives all of that back.

mod scope;

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use syntect::parsing::{ParseState, ScopeStack, SyntaxReference, SyntaxSet};

use super::rich::{Ink, RichLine, RichSpan};
use super::wrap;
use crate::tui::theme::Token;
use scope::Scopes;

/// Longer code stays plain.
pub const LARGEST: usize = 64 * 1024;
/// A longer line stays plain: it is a machine's, and reading it takes long.
const LONGEST_LINE: usize = 1_000;

/// A block of code and the language it says it is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    language: Arc<str>,
    text: Arc<str>,
    key: u64,
}

impl Code {
    /// Code in this language; its lines end in newlines and are sanitised.
    pub fn new(language: &str, text: &str) -> Self {
        let mut hasher = DefaultHasher::new();
        (language, text).hash(&mut hasher);
        Self { language: language.into(), text: text.into(), key: hasher.finish() }
    }

    /// What tells it from other code.
    pub const fn key(&self) -> u64 {
        self.key
    }

    /// The code as a line for another process.
    pub fn asked(code: &[Self]) -> String {
        let asked: Vec<(&str, &str)> = code.iter().map(|code| (&*code.language, &*code.text)).collect();
        serde_json::to_string(&asked).unwrap_or_default()
    }

    /// How long it is.
    pub fn bytes(&self) -> usize {
        self.text.len()
    }
}

/// How many bytes of code, in a row, are of one kind. Tabs count as the spaces they are drawn as, newlines as nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    bytes: u32,
    token: Token,
}

thread_local! {
    /// The syntaxes, unpacked when the first code is read.
    static SYNTAXES: SyntaxSet = two_face::syntax::extra_newlines();
}

/// Reads code. Nothing comes back if the language is unknown or the code too long: it stays plain.
pub fn highlight(code: &Code) -> Vec<Run> {
    if code.bytes() > LARGEST {
        return Vec::new();
    }
    SYNTAXES.with(|syntaxes| match syntax(syntaxes, &code.language) {
        Some(syntax) => Reading::new(syntaxes, syntax).read(&code.text),
        None => Vec::new(),
    })
}

/// Reads the code of a line that [`Code::asked`] made: the line that answers it, or `None` if it is no such line.
pub fn answer(asked: &str) -> Option<String> {
    let asked: Vec<(String, String)> = serde_json::from_str(asked).ok()?;
    let read: Vec<Vec<Run>> = asked.iter().map(|(language, text)| highlight(&Code::new(language, text))).collect();
    serde_json::to_string(&read).ok()
}

/// What a line of [`answer`] says of this code; nothing if it says something else: then the code stays plain.
pub fn answered(code: &[Code], line: &str) -> Vec<(u64, Vec<Run>)> {
    let read: Vec<Vec<Run>> = serde_json::from_str(line).unwrap_or_default();
    code.iter().map(Code::key).zip(read.into_iter().chain(std::iter::repeat_with(Vec::new))).collect()
}

/// The syntax of a language by any name that people give it.
fn syntax<'s>(syntaxes: &'s SyntaxSet, language: &str) -> Option<&'s SyntaxReference> {
    let name = match language {
        "console" | "shell" | "shell-session" | "zsh" => "bash",
        "jsonc" | "json5" | "jsonl" => "json",
        "node" | "mjs" => "js",
        "golang" => "go",
        "c++" | "cxx" => "cpp",
        "c#" | "csharp" => "cs",
        "postgres" | "postgresql" | "mysql" | "sqlite" => "sql",
        "py3" | "python3" | "ipython" => "python",
        "text" | "txt" | "plain" | "plaintext" | "output" => return None,
        name => name,
    };
    let found = syntaxes.find_syntax_by_token(name)?;
    (!std::ptr::eq(found, syntaxes.find_syntax_plain_text())).then_some(found)
}

/// Code while it is read.
struct Reading<'s> {
    syntaxes: &'s SyntaxSet,
    state: ParseState,
    stack: ScopeStack,
    scopes: Scopes,
    runs: Vec<Run>,
}

impl<'s> Reading<'s> {
    fn new(syntaxes: &'s SyntaxSet, syntax: &SyntaxReference) -> Self {
        Self {
            syntaxes,
            state: ParseState::new(syntax),
            stack: ScopeStack::new(),
            scopes: Scopes::default(),
            runs: Vec::new(),
        }
    }

    fn read(mut self, text: &str) -> Vec<Run> {
        let mut is_lost = false;
        for line in text.split_inclusive('\n') {
            let shown = line.strip_suffix('\n').unwrap_or(line);
            let tabs = wrap::tab_stops(shown);
            if is_lost || line.len() > LONGEST_LINE {
                self.add(shown, 0..shown.len(), &tabs, Token::Code);
            } else {
                // What a syntax can't make sense of is plain from there on.
                is_lost = self.line(line, shown, &tabs).is_none();
            }
        }
        self.runs
    }

    fn line(&mut self, line: &str, shown: &str, tabs: &[(usize, usize)]) -> Option<()> {
        let Ok(steps) = self.state.parse_line(line, self.syntaxes) else {
            self.add(shown, 0..shown.len(), tabs, Token::Code);
            return None;
        };
        let mut at = 0;
        for (step, op) in steps {
            let step = step.clamp(at, shown.len());
            let token = self.scopes.token(&self.stack, &shown[at..step]);
            self.add(shown, at..step, tabs, token);
            at = step;
            self.stack.apply(&op).ok()?;
        }
        let token = self.scopes.token(&self.stack, &shown[at..]);
        self.add(shown, at..shown.len(), tabs, token);
        Some(())
    }

    /// Adds a piece of a line.
    fn add(&mut self, line: &str, piece: std::ops::Range<usize>, tabs: &[(usize, usize)], token: Token) {
        let stops = tabs.iter().filter(|(at, _)| piece.contains(at)).map(|(_, stop)| stop - 1).sum::<usize>();
        let bytes = (line[piece].len() + stops) as u32;
        match self.runs.last_mut() {
            _ if bytes == 0 => {}
            Some(last) if last.token == token => last.bytes += bytes,
            _ => self.runs.push(Run { bytes, token }),
        }
    }
}

/// Colours the code in these lines. Lines that are not made of exactly this code stay as they are.
pub fn colour(lines: &mut [RichLine], runs: &[Run]) {
    let is_code = |span: &&RichSpan| span.token == Token::Code;
    let drawn: usize = lines.iter().flat_map(|line| &line.spans).filter(is_code).map(|span| span.text.len()).sum();
    if drawn != runs.iter().map(|run| run.bytes as usize).sum::<usize>() {
        return;
    }
    let mut runs = runs.iter();
    let mut run = Run { bytes: 0, token: Token::Code };
    for line in lines {
        let mut coloured = RichLine::default();
        for span in &line.spans {
            if span.token != Token::Code {
                coloured.push_like(&span.text, span);
                continue;
            }
            let mut rest = span.text.as_str();
            while !rest.is_empty() {
                while run.bytes == 0 {
                    run = runs.next().copied().unwrap_or(Run { bytes: u32::MAX, token: Token::Code });
                }
                let taken =
                    rest.floor_char_boundary(run.bytes as usize).max(rest.chars().next().map_or(1, char::len_utf8));
                let (piece, after) = rest.split_at(taken);
                coloured.push(piece, Ink { token: run.token, modifier: span.modifier, link: span.link.clone() });
                run.bytes = run.bytes.saturating_sub(taken as u32);
                rest = after;
            }
        }
        *line = coloured;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::tui::text::markdown::lay_out;

    /// The pieces of code in one block that are of this kind.
    fn pieces(language: &str, text: &str, token: Token) -> Vec<String> {
        let mut lines = lay_out(&format!("```\n{text}\n```\n"), 60);
        colour(&mut lines, &highlight(&Code::new(language, &format!("{text}\n"))));
        let spans = lines.iter().flat_map(|line| &line.spans);
        spans.filter(|span| span.token == token).map(|span| span.text.trim().to_owned()).collect()
    }

    #[test]
    fn the_kinds_of_code_are_told_apart() {
        let rust = "fn main() {\n\tlet x: u8 = 41 + 1; // the answer\n\tprintln!(\"so it is\");\n}";
        assert!(pieces("rust", rust, Token::CodeKeyword).contains(&"fn".to_owned()));
        assert_eq!(pieces("rust", rust, Token::CodeComment), ["// the answer"]);
        assert_eq!(pieces("rs", rust, Token::CodeNumber), ["41", "1"]);
        assert!(pieces("rust", rust, Token::CodeString).concat().contains("so it is"));
        assert!(pieces("rust", rust, Token::CodeName).contains(&"main".to_owned()));
        assert_eq!(pieces("json", "{\"a\": \"b\"}", Token::CodeName), ["\"a\""]);
        assert_eq!(pieces("json", "{\"a\": \"b\"}", Token::CodeString), ["\"b\""]);
        assert_eq!(pieces("diff", "-old\n+new", Token::CodeInserted), ["+new"]);
        assert_eq!(pieces("diff", "-old\n+new", Token::CodeDeleted), ["-old"]);
        assert!(pieces("python3", "x = a and b", Token::CodeKeyword).contains(&"and".to_owned()));
    }

    #[test]
    fn languages_that_nobody_knows_and_long_code_stay_plain() {
        for language in ["", "text", "klingon", "plain text"] {
            assert_eq!(highlight(&Code::new(language, "let x = 1;\n")), [], "{language}");
        }
        assert_eq!(highlight(&Code::new("rust", &"let x = 1;\n".repeat(10_000))), []);
        let long = format!("let x = 1; // {}\nlet y = 2;\n", "x".repeat(2_000));
        let runs = highlight(&Code::new("rust", &long));
        assert_eq!((runs[0].bytes, runs[0].token), (2_014, Token::Code));
        assert!(runs.len() > 2, "what comes after a long line is read: {runs:?}");
    }

    #[test]
    fn what_another_process_read_is_what_would_be_read_here() {
        let code = [Code::new("rust", "let x = 1; // é\n"), Code::new("klingon", "x\n"), Code::new("py", "y = 'a'\n")];
        let line = answer(&Code::asked(&code)).unwrap();
        assert!(!line.contains('\n'));
        assert_eq!(answered(&code, &line), code.each_ref().map(|code| (code.key(), highlight(code))));
        for odd in ["", "{}", "[[]]", "[1]"] {
            assert!(answered(&code, odd).iter().all(|(_, runs)| runs.is_empty()), "{odd}");
        }
        assert_eq!(answer("no such line"), None);
    }

    #[test]
    fn lines_of_other_code_are_left_alone() {
        let mut lines = lay_out("```\nlet x = 1;\n```\n", 60);
        let plain = lines.clone();
        colour(&mut lines, &highlight(&Code::new("rust", "let other = 1;\n")));
        assert_eq!(lines, plain);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn colouring_changes_no_text(
            text in "[a-z0-9\"'/*#{}() \t\n日é👨\u{200d}]{0,120}",
            language in prop::sample::select(vec!["rust", "python", "json", "bash", "make"]),
            columns in 4_u16..40,
        ) {
            let text = crate::tui::text::sanitise::sanitise(&text).into_owned() + "\n";
            let plain = lay_out(&format!("````\n{text}````\n"), columns);
            let mut coloured = plain.clone();
            let runs = highlight(&Code::new(language, &text));
            colour(&mut coloured, &runs);
            for (before, after) in plain.iter().zip(&coloured) {
                prop_assert_eq!(before.text(), after.text());
            }
            let drawn: usize = text.lines().map(|line| wrap::untabbed(line).map(str::len).sum::<usize>()).sum();
            prop_assert_eq!(runs.iter().map(|run| run.bytes as usize).sum::<usize>(), drawn);
        }
    }
}
