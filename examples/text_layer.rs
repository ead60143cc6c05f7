//! The text layer on its own.
//!
//! - `text_layer show FILE [WIDTH]` lays a Markdown file out.
//! - `text_layer check FILE…` streams each file (of a JSON array, each text in it) in odd pieces at several widths and
//!   says whether anything in the result could command a terminal, is too wide, or differs from the whole.
//! - `text_layer burst` measures what a stream costs when every token is laid out as it comes.
#![expect(clippy::print_stdout, reason = "an example prints")]

use std::time::Instant;

use trialogue::tui::text::markdown::{Document, lay_out};
use trialogue::tui::text::rich::RichLine;
use trialogue::tui::text::sanitise::{Sanitiser, one_line, sanitise};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["show", file] => show(file, 80)?,
        ["show", file, width] => show(file, width.parse()?)?,
        ["check", files @ ..] => check(files)?,
        ["burst"] => burst(),
        _ => return Err("Say `show FILE [WIDTH]`, `check FILE…` or `burst`.".into()),
    }
    Ok(())
}

fn show(file: &str, width: u16) -> Result<(), std::io::Error> {
    for line in lay_out(&String::from_utf8_lossy(&std::fs::read(file)?), width) {
        println!("{}", one_line(&line.text()));
    }
    Ok(())
}

/// What must never reach a terminal, written down apart from the sanitiser's own tables.
fn commands(text: &str) -> bool {
    text.chars().any(|c| {
        (c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200B}' | '\u{200E}' | '\u{200F}'
                | '\u{61C}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}' | '\u{AD}')
    })
}

fn check(files: &[&str]) -> Result<(), Box<dyn std::error::Error>> {
    let (mut texts, mut changed, mut wrong) = (0, 0, 0);
    for file in files {
        for text in texts_of(file)? {
            texts += 1;
            let safe = sanitise(&text);
            changed += usize::from(safe != text.as_str());
            let fault = faults(&text, &safe);
            if let Some(fault) = fault {
                wrong += 1;
                println!("{file}: {fault}: {}", one_line(&safe).chars().take(100).collect::<String>());
            }
            if file.ends_with("cases.json") {
                println!("{}", one_line(&safe));
            }
        }
    }
    println!("{texts} texts, {changed} changed, {wrong} wrong");
    Ok(())
}

fn texts_of(file: &str) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let text = String::from_utf8_lossy(&std::fs::read(file)?).into_owned();
    let Ok(serde_json::Value::Array(values)) = serde_json::from_str(&text) else { return Ok(vec![text]) };
    let inner = |value: &serde_json::Value| value.get("text").unwrap_or(value).as_str().map(str::to_owned);
    Ok(values.iter().filter_map(inner).collect())
}

fn faults(text: &str, safe: &str) -> Option<&'static str> {
    let mut streamed = String::new();
    let mut sanitiser = Sanitiser::default();
    for c in text.chars() {
        sanitiser.push(c.encode_utf8(&mut [0; 4]), &mut streamed);
    }
    sanitiser.finish(&mut streamed);
    if streamed != safe {
        return Some("sanitised differently in pieces");
    }
    if commands(safe) {
        return Some("a command is left");
    }
    for width in [5, 24, 80] {
        let whole = lay_out(text, width);
        if whole.iter().any(|line| line.width() > usize::from(width) || commands(&line.text())) {
            return Some("a line is too wide, or commands");
        }
        if streamed_lines(text, width) != whole {
            return Some("laid out differently in pieces");
        }
    }
    None
}

fn streamed_lines(text: &str, width: u16) -> Vec<RichLine> {
    let mut document = Document::new();
    let (mut at, mut step) = (0, 1);
    while at < text.len() {
        let end = text.ceil_char_boundary((at + step).min(text.len()));
        document.push(&text[at..end]);
        document.lines(width);
        (at, step) = (end, (step * 7 + 3) % 31 + 1);
    }
    document.finish();
    document.lines(width).to_vec()
}

fn burst() {
    let answer = "## Prices\n\nThe offers **differ** in what a *seat* includes, and in `terms`:\n\n- one thing that is said\n  \
                  - and another below it\n- a second thing\n\n| vendor | price |\n|---|--:|\n| Northwind | $31 |\n\n```rust\nlet x = 1;\n\
                  let y = 2;\n```\n\n";
    for (name, unit) in [
        ("an answer", answer),
        ("one paragraph", "word after word "),
        ("one word", "x"),
        ("one code block", "    let x = 1;\n"),
        ("one list", "- an item of a list\n"),
        ("one table", "| cell | another cell |\n"),
    ] {
        for tokens in [5_000, 10_000, 20_000, 40_000] {
            let head = if unit.starts_with('|') { "| a | b |\n|---|---|\n" } else { "" };
            let text = head.to_owned() + &unit.repeat(tokens * 4 / unit.len() + 1);
            let mut document = Document::new();
            let (mut at, began) = (0, Instant::now());
            while at < text.len() {
                document.push(&text[at..(at + 4).min(text.len())]);
                document.lines(80);
                at += 4;
            }
            let streamed = began.elapsed();
            let again = Instant::now();
            let lines = document.lines(79).len();
            println!("{name}: {tokens} tokens {streamed:.2?}; laid out at once {:.2?}, {lines} lines", again.elapsed());
        }
    }
}
