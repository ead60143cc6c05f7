//! What a request gives to work on: the person's question, and the texts with their labels.
//!
//! A text is labelled in one of these ways, all of which stay readable for any model and any person:
//!
//! - a fence whose info string is `text` and a name: an attachment (`text offers.md`), or a message of another pane
//!   (`text research m12`): the pane's name, a blank, `m` and the message's number;
//! - a frame as briefs have it: `┌ 7f3a · research m13`, the text, `└ 7f3a`;
//! - a line `From research (m12):` or `research m12:` with a block of `> ` lines under it.
//!
//! Text without a label counts as the person's own, if it is too long to be a question.

use std::sync::Arc;

use super::language::ASKING;
use crate::engine::message::Author;
use crate::engine::prompt::Request;

/// The first line of every answer: what is at work here.
pub(super) const FIRST_LINE: &str = "*offline · extractive: it quotes and sorts, it is not a language model*";

/// A text that was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Source {
    /// How it is named in the answer.
    pub(super) name: String,
    /// Who says it: the pane of a gathered message, or the text itself.
    pub(super) side: String,
    /// A message of another pane, whose label says where it stands.
    pub(super) message: bool,
    /// The text.
    pub(super) text: Arc<str>,
}

/// The question and the texts.
#[derive(Debug, Default)]
pub(super) struct Material {
    /// What the person asks, without the texts; may be empty.
    pub(super) question: String,
    /// The texts to work on.
    pub(super) sources: Vec<Source>,
    /// The texts come from earlier in the conversation.
    pub(super) earlier: bool,
}

/// Longer than this outside of fences is a text, not a question.
const QUESTION: usize = 420;

impl Material {
    /// Reads a request. Texts of the last message come first; without any, those said before are worked on.
    pub(super) fn of(request: &Request) -> Self {
        let mut material = Self::default();
        let Some((last, before)) = request.said.split_last() else { return material };
        let parts = take_apart(&last.text);
        let mut sources = parts.sources;
        let (question, own) = question_of(&parts.rest, !sources.is_empty());
        material.question = question;
        if let Some(text) = own {
            sources.insert(0, own_text(text));
        }
        if sources.is_empty() {
            for said in before {
                earlier(said.by, &said.text, &mut sources);
            }
            material.earlier = !sources.is_empty();
            narrow(&material.question, &mut sources);
        }
        if sources.is_empty() && says_something(&material.question) {
            sources.push(own_text(std::mem::take(&mut material.question)));
        }
        for source in sources.iter_mut().filter(|source| source.text.starts_with(FIRST_LINE)) {
            source.text = own_findings(&source.text).into();
        }
        material.sources = distinct(sources);
        material
    }
}

/// Whether a message without a labelled text is more than a question: several statements are material.
fn says_something(message: &str) -> bool {
    let words: Vec<&str> = message.split_whitespace().collect();
    let statements = words.iter().filter(|word| word.ends_with(['.', '。', '!'])).count();
    words.len() >= 30 || (words.len() >= 12 && statements >= 3)
}

/// What an answer of this provider found, without the words that are its own: quotes out of their marks and places,
/// rows of tables, and items. An answer that found nothing leaves nothing.
fn own_findings(answer: &str) -> String {
    let mut findings = String::new();
    for line in answer.lines() {
        let line = line.trim();
        let finding = match (line.find('“'), line.rfind('”')) {
            (Some(begin), Some(end)) if begin < end => line[begin + '“'.len_utf8()..end].to_owned(),
            _ if line.starts_with('|') || line.starts_with("- ") => line.to_owned(),
            _ => continue,
        };
        // A blank line between findings keeps them apart; the rows of a table stay together.
        findings.push_str(if finding.starts_with('|') || findings.is_empty() { "\n" } else { "\n\n" });
        findings.push_str(&finding);
    }
    findings.trim().to_owned()
}

fn earlier(by: Author, text: &str, sources: &mut Vec<Source>) {
    match by {
        Author::Person => {
            let parts = take_apart(text);
            let (_, own) = question_of(&parts.rest, !parts.sources.is_empty());
            sources.extend(own.map(own_text));
            sources.extend(parts.sources);
        }
        // What this provider answered only quotes the texts above.
        Author::Model if text.starts_with(FIRST_LINE) => {}
        Author::Model => sources.push(Source {
            name: "earlier answer".to_owned(),
            side: "earlier answer".to_owned(),
            message: false,
            text: text.into(),
        }),
    }
}

fn own_text(text: String) -> Source {
    Source { name: "your text".to_owned(), side: "your text".to_owned(), message: false, text: text.into() }
}

/// A question that names some of the earlier texts is about those.
fn narrow(question: &str, sources: &mut Vec<Source>) {
    let question = question.to_lowercase();
    let named = |source: &Source| {
        let name = source.name.to_lowercase();
        let short = name.rsplit('/').next().unwrap_or(&name);
        short.len() > 3 && question.contains(short)
    };
    if sources.iter().any(named) {
        sources.retain(named);
    }
}

/// One text once, and no two under one name.
fn distinct(sources: Vec<Source>) -> Vec<Source> {
    let mut kept: Vec<Source> = Vec::new();
    for mut source in sources {
        if kept.iter().any(|other| other.text == source.text && other.side == source.side)
            || source.text.trim().is_empty()
        {
            continue;
        }
        let same = kept
            .iter()
            .filter(|other| other.name == source.name || other.name.starts_with(&format!("{} (", source.name)));
        let count = same.count();
        if count > 0 {
            let name = format!("{} ({})", source.name, count + 1);
            if !source.message {
                source.side.clone_from(&name);
            }
            source.name = name;
        }
        kept.push(source);
    }
    kept
}

/// A message without its texts, and the texts.
struct Parts {
    rest: String,
    sources: Vec<Source>,
}

fn take_apart(message: &str) -> Parts {
    let mut parts = Parts { rest: String::new(), sources: Vec::new() };
    let mut lines = message.split_inclusive('\n').peekable();
    let mut label: Option<String> = None;
    while let Some(line) = lines.next() {
        let trimmed = line.trim();
        if let Some((closing, info)) = opening(trimmed) {
            let mut body = String::new();
            let framed = closing.starts_with('└');
            for line in lines.by_ref() {
                let end = line.trim();
                if end == closing || (framed && end.starts_with(&closing)) {
                    break;
                }
                body.push_str(if framed {
                    line.strip_prefix("│ ").or_else(|| line.strip_prefix('│')).unwrap_or(line)
                } else {
                    line
                });
            }
            parts.sources.push(labelled(&info, body));
            continue;
        }
        if trimmed.starts_with('>')
            && let Some(name) = label.take()
        {
            let mut body = unquoted(line);
            while let Some(line) = lines.next_if(|line| line.trim_start().starts_with('>')) {
                body.push_str(&unquoted(line));
            }
            parts.sources.push(labelled(&name, body));
            continue;
        }
        if let Some(name) = label_line(trimmed) {
            label = Some(name);
        } else if !trimmed.is_empty() {
            label = None;
        }
        parts.rest.push_str(line);
    }
    parts
}

/// The line that will close what this line opens, and the label.
fn opening(line: &str) -> Option<(String, String)> {
    if let Some(rest) = line.strip_prefix("┌ ") {
        let (fence, label) = rest.split_once('·')?;
        return Some((format!("└ {}", fence.trim()), label.trim().to_owned()));
    }
    let mark = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let run = line.len() - line.trim_start_matches(mark).len();
    let info = line[run..].trim();
    (run >= 3 && !info.contains('`')).then(|| (line[..run].to_owned(), info.to_owned()))
}

fn unquoted(line: &str) -> String {
    let line = line.trim_start();
    let line = line.strip_prefix('>').unwrap_or(line);
    line.strip_prefix(' ').unwrap_or(line).to_owned()
}

/// `From research (m12):`, `research m12:` and the same in bold or as a heading.
fn label_line(line: &str) -> Option<String> {
    let line =
        line.trim_matches(['#', '*', '_', ' ']).strip_suffix(':').unwrap_or(line.trim_matches(['#', '*', '_', ' ']));
    let line =
        line.strip_prefix("From ").or_else(|| line.strip_prefix("from ")).unwrap_or(line).trim_end_matches(['*', ':']);
    let plain: String = line.chars().filter(|c| !matches!(c, '(' | ')')).collect();
    let (side, number) = plain.trim().rsplit_once(' ')?;
    (is_number(number) && side.split_whitespace().count() <= 4)
        .then(|| format!("{} {number}", side.trim_end_matches([',', ' '])))
}

/// A message's number as the screen shows it: `m12`.
fn is_number(word: &str) -> bool {
    word.strip_prefix('m')
        .is_some_and(|digits| (1..=7).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()))
}

fn labelled(info: &str, text: String) -> Source {
    let text: Arc<str> = text.into();
    let (kind, name) = info.split_once(' ').unwrap_or((info, ""));
    let name = if matches!(kind, "text" | "markdown" | "md" | "quote") || name.is_empty() && kind.is_empty() {
        name.trim().to_owned()
    } else {
        info.to_owned()
    };
    if let Some((side, number)) = name.rsplit_once(' ')
        && is_number(number)
    {
        return Source { side: side.trim().to_owned(), name, message: true, text };
    }
    let name = match name.as_str() {
        "" => "quoted text".to_owned(),
        plain if !plain.contains(['.', ' ', '/', '-']) && plain.len() <= 12 && kind != "text" => {
            format!("{plain} block")
        }
        _ => name,
    };
    Source { side: name.clone(), name, message: false, text }
}

/// Tells what is asked from what is pasted along, in text outside of fences.
fn question_of(rest: &str, has_texts: bool) -> (String, Option<String>) {
    let rest = rest.trim();
    if let Some(objective) = objective(rest) {
        return (objective, None);
    }
    if rest.len() <= QUESTION && rest.lines().count() <= 6 {
        let short = rest.split_whitespace().count() < 30;
        return match rest.split_once(":\n") {
            Some((question, text)) if !has_texts && !text.trim().is_empty() => {
                (question.to_owned(), Some(text.to_owned()))
            }
            _ if short || has_texts => (rest.to_owned(), None),
            _ => split_off_question(rest),
        };
    }
    split_off_question(rest)
}

fn split_off_question(rest: &str) -> (String, Option<String>) {
    let (first, after_first) = rest.split_once('\n').unwrap_or((rest, ""));
    if asks(first) && !after_first.trim().is_empty() {
        return (first.trim().to_owned(), Some(after_first.to_owned()));
    }
    let (before_last, last) = rest.rsplit_once('\n').unwrap_or(("", rest));
    if asks(last) && !before_last.trim().is_empty() {
        return (last.trim().to_owned(), Some(before_last.to_owned()));
    }
    (String::new(), Some(rest.to_owned()))
}

/// Whether a line of a paste reads like the person's own request.
fn asks(line: &str) -> bool {
    let line = line.trim();
    let first = line.split(|c: char| !c.is_alphabetic()).next().unwrap_or("").to_lowercase();
    !line.is_empty()
        && line.len() <= 300
        && !line.starts_with(['#', '-', '*', '>', '|'])
        && (line.ends_with(['?', '？']) || line.ends_with(':') || ASKING.contains(&first.as_str()))
}

/// The objective of a brief: what stands under its heading.
fn objective(rest: &str) -> Option<String> {
    let mut lines =
        rest.lines().skip_while(|line| line.trim().trim_start_matches('#').trim().to_lowercase() != "objective");
    lines.next()?;
    let text: Vec<&str> = lines.take_while(|line| !line.starts_with('#')).collect();
    let text = text.join("\n").trim().to_owned();
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_of_our_own_gives_its_findings_and_not_its_words() {
        let answer = format!(
            "{FIRST_LINE}\n\nRead: offers.md (45 lines).\n\n## Beyond that\n\n- “Data stays in the EEA.” — offers.md, line 7\n\
             - Minimum: lowest Tailspin (5 seats)\n\n| | A |\n|---|---|\n| Term | 1 month |\n"
        );
        let findings = own_findings(&answer);
        assert_eq!(
            findings,
            "Data stays in the EEA.\n\n- Minimum: lowest Tailspin (5 seats)\n| | A |\n|---|---|\n| Term | 1 month |"
        );
        assert_eq!(own_findings(&format!("{FIRST_LINE}\n\nThere is no text here to work on yet.")), "");
    }

    #[test]
    fn several_statements_are_material_and_a_question_is_not() {
        assert!(says_something(
            "Contoso charges $31 per seat. It waives set-up. Its data stays in Frankfurt. Outline that."
        ));
        assert!(!says_something("What do the three vendors charge per seat, and what happens at renewal?"));
    }

    use crate::engine::model::ModelRef;
    use crate::engine::prompt::{Limits, Said};

    fn material(said: &[(Author, &str)]) -> Material {
        Material::of(&Request {
            model: ModelRef::offline(),
            pane: "research".to_owned(),
            system: "".into(),
            said: said.iter().map(|&(by, text)| Said { by, text: text.into() }).collect(),
            max_output: None,
            limits: Limits::default(),
        })
    }

    fn shown(material: &Material) -> Vec<String> {
        material.sources.iter().map(|s| format!("{}|{}|{}|{}", s.side, s.name, s.message, s.text.trim())).collect()
    }

    #[test]
    fn every_way_of_labelling_a_text_is_read() {
        let found = material(&[(
            Author::Person,
            "Compare.\n\n````text a b.md\n```\nx\n```\n````\n\n```text research m12\nfound\n```\n┌ 7f3a · research m13\n│ framed\n└ 7f3a\n\
             From drafting (m7):\n\n> quoted\n> twice\n",
        )]);
        assert_eq!(
            shown(&found),
            [
                "a b.md|a b.md|false|```\nx\n```",
                "research|research m12|true|found",
                "research|research m13|true|framed",
                "drafting|drafting m7|true|quoted\ntwice",
            ]
        );
        assert!(found.question.starts_with("Compare."));
    }

    #[test]
    fn a_follow_up_works_on_what_was_given_before() {
        let said = [
            (Author::Person, "Read this.\n\n```text a.md\nOne.\n```\n\n```text b.md\nTwo.\n```"),
            (Author::Model, "*offline · extractive: it quotes and sorts, it is not a language model*\n\nOne."),
            (Author::Person, "And what does b.md say?"),
        ];
        let found = material(&said);
        assert!(found.earlier);
        assert_eq!(shown(&found), ["b.md|b.md|false|Two."]);
    }

    #[test]
    fn a_long_paste_is_a_text_and_its_last_question_the_question() {
        let text = "The vendors charge by the seat and renew each year. ".repeat(12);
        let found = material(&[(Author::Person, &format!("{text}\n\nWhat do they charge?"))]);
        assert_eq!(found.question, "What do they charge?");
        assert_eq!(found.sources[0].name, "your text");
        assert!(material(&[(Author::Person, "What do they charge?")]).sources.is_empty());
    }

    #[test]
    fn a_brief_asks_by_its_objective() {
        let found = material(&[(
            Author::Person,
            "# Brief 4\n\n## Objective\nWrite a memo.\n\n## Context\n```text research m1\nA.\n```",
        )]);
        assert_eq!(found.question, "Write a memo.");
        assert_eq!(found.sources.len(), 1);
    }
}
