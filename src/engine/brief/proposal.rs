//! The fields of a brief that a model can propose, and what of its answer can be used.

use std::collections::BTreeMap;

use super::assist::INSTRUCTIONS;
use super::draft::Fields;

/// A field that can be proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slot {
    /// What shall be done.
    Objective,
    /// How the receiver knows that it is done.
    DoneWhen,
    /// What it must and mustn't do.
    Constraints,
    /// The form of the answer.
    Expected,
}

/// Nobody reads more of a field that they didn't write, in characters.
const LONGEST: usize = 400;

/// The most lines of a field.
const MOST_LINES: usize = 6;

impl Slot {
    /// All of them, in the order of a brief.
    pub const ALL: [Self; 4] = [Self::Objective, Self::DoneWhen, Self::Constraints, Self::Expected];

    /// The heading it is asked for under.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Objective => "Objective",
            Self::DoneWhen => "Done when",
            Self::Constraints => "Constraints",
            Self::Expected => "Expected output",
        }
    }

    /// What models call it, longer names before their own beginnings.
    const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Objective => &["objectives", "objective", "goal"],
            Self::DoneWhen => &["done when", "done-when", "definition of done", "done"],
            Self::Constraints => &["constraints", "constraint"],
            Self::Expected => &["expected output", "expected form", "expected", "output format", "output"],
        }
    }
}

impl Fields {
    /// Those in which nothing is written.
    pub fn empty_slots(&self) -> Vec<Slot> {
        let is_empty = |slot: &Slot| self.text(*slot).trim().is_empty();
        Slot::ALL.into_iter().filter(is_empty).collect()
    }

    /// What is written in a field, constraints a line each.
    pub fn text(&self, slot: Slot) -> String {
        match slot {
            Slot::Objective => self.objective.clone(),
            Slot::DoneWhen => self.done_when.clone(),
            Slot::Constraints => self.constraints.join("\n"),
            Slot::Expected => self.expected.clone(),
        }
    }

    fn set(&mut self, slot: Slot, lines: Vec<String>) {
        match slot {
            Slot::Objective => self.objective = lines.join(" "),
            Slot::DoneWhen => self.done_when = lines.join("\n"),
            Slot::Constraints => self.constraints = lines,
            Slot::Expected => self.expected = lines.join("\n"),
        }
    }

    /// Whether nothing is written in any of them.
    pub fn is_empty(&self) -> bool {
        self.empty_slots().len() == Slot::ALL.len()
    }
}

/// What an answer says under the headings of these fields. Empty where it says nothing that can be used.
pub(super) fn read(answer: &str, wanted: &[Slot]) -> Fields {
    let mut bodies: BTreeMap<Slot, Vec<&str>> = BTreeMap::new();
    let (mut open, mut loose) = (None, Vec::new());
    for line in answer.lines() {
        match heading(line) {
            // A model that begins again has said what it has to say.
            Some((slot, rest)) => {
                open = slot.filter(|slot| !bodies.contains_key(slot));
                if let Some(slot) = open {
                    bodies.insert(slot, vec![rest]);
                }
            }
            None => match open.and_then(|slot| bodies.get_mut(&slot)) {
                Some(body) => body.push(line),
                None => loose.push(line),
            },
        }
    }
    if let ([only], true) = (wanted, bodies.is_empty()) {
        // Whoever is asked for one thing needs no heading over it.
        bodies.insert(*only, loose);
    }
    let mut fields = Fields::default();
    for (slot, body) in bodies {
        if wanted.contains(&slot) {
            fields.set(slot, usable(&body));
        }
    }
    fields
}

/// The field that a line is the heading of, and what follows on it; no field, if it is a heading that nobody asked for.
fn heading(line: &str) -> Option<(Option<Slot>, &str)> {
    let line = line.trim();
    let is_marked = line.starts_with('#');
    let text =
        unnumbered(line.trim_start_matches(['#', '*', '_', '-', '•', '>', ' ', '\t'])).trim_start_matches(['*', '_']);
    for slot in Slot::ALL {
        for name in slot.names() {
            let Some(rest) = text.get(name.len()..).filter(|_| text[..name.len()].eq_ignore_ascii_case(name)) else {
                continue;
            };
            let after = rest.trim_start_matches(['*', '_', ' ', '#']);
            if after.is_empty() {
                return Some((Some(slot), ""));
            }
            if let Some(body) = after.strip_prefix([':', '：']) {
                return Some((Some(slot), body.trim_start_matches(['*', '_', ' '])));
            }
            if is_marked && !rest.starts_with(char::is_alphanumeric) {
                return Some((Some(slot), ""));
            }
        }
    }
    is_marked.then_some((None, ""))
}

/// The lines that say something, bare, each once: the first that are short enough together.
fn usable(body: &[&str]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut left = LONGEST;
    for line in body {
        let line = bare(line);
        if !says_something(&line) || lines.contains(&line) {
            continue;
        }
        let line = shortened(&line, left);
        if line.is_empty() || lines.len() == MOST_LINES {
            break;
        }
        left -= line.chars().count();
        lines.push(line);
    }
    lines
}

/// A line without bullet, number, marks of emphasis and quotation marks around all of it.
fn bare(line: &str) -> String {
    let line = line.trim().trim_start_matches(['-', '*', '•', '>', ' ', '\t']);
    let line = unnumbered(line).trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '"' | '“' | '”'));
    let words: Vec<&str> =
        line.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

fn unnumbered(line: &str) -> &str {
    let number = line.bytes().take_while(u8::is_ascii_digit).count();
    match line[number..].strip_prefix(['.', ')']) {
        Some(rest) if number > 0 => rest.trim_start(),
        _ => line,
    }
}

/// As many whole sentences as these characters hold; whole words of the first one, if it is longer.
fn shortened(line: &str, most: usize) -> String {
    let Some((end, _)) = line.char_indices().nth(most) else { return line.to_owned() };
    let head = &line[..end];
    let sentence = head.rfind(['.', '!', '?', '。']).map(|at| at + head[at..].chars().next().map_or(1, char::len_utf8));
    let word = head.rfind(' ');
    sentence.or(word).map_or_else(String::new, |end| head[..end].to_owned())
}

const FILLERS: [&str; 12] = [
    "none",
    "n/a",
    "nothing",
    "not applicable",
    "not specified",
    "none specified",
    "unknown",
    "tbd",
    "none yet",
    "empty",
    "leave empty",
    "no constraints",
];

const REFUSALS: [&str; 12] = [
    "i'm sorry",
    "i’m sorry",
    "i am sorry",
    "sorry,",
    "i cannot",
    "i can't",
    "i can’t",
    "i'm unable",
    "i am unable",
    "i'm not able",
    "as an ai",
    "please provide",
];

fn says_something(line: &str) -> bool {
    // A character of another script says more than a letter.
    let weight: usize = line.chars().filter(|c| c.is_alphanumeric()).map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
    let folded = line.to_lowercase();
    let core = folded.trim_matches(|c: char| !c.is_alphanumeric());
    let is_filler = FILLERS.contains(&core) || REFUSALS.iter().any(|refusal| folded.starts_with(refusal));
    let is_echo = core.len() >= 10 && INSTRUCTIONS.to_lowercase().contains(core);
    weight >= 4 && !is_filler && !is_echo && !line.contains(['┌', '└']) && !line.contains("```")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(answer: &str) -> [String; 4] {
        let fields = read(answer, &Slot::ALL);
        Slot::ALL.map(|slot| fields.text(slot))
    }

    #[test]
    fn headings_are_read_however_a_model_writes_them() {
        let expected = ["Write the memo.", "It names every price.", "No adjectives.\nOne page.", "A memo"];
        for answer in [
            "## Objective\nWrite the memo.\n## Done when\nIt names every price.\n## Constraints\n- No adjectives.\n- One \
             page.\n## Expected output\nA memo",
            "Sure! Here it is:\n\n**Objective:** Write the memo.\n**Done when:** It names every price.\n\n**Constraints**:\n1. \
             No adjectives.\n2) One page.\n\n**Expected Output:**\n\"A memo\"\n",
            "1. Objective: Write the memo.\n2. Done: It names every price.\n3. Constraints:\n* No adjectives.\n* One page.\n4. \
             Output format: A memo",
            "# OBJECTIVE #\nWrite the memo.\n\n# Done When\nIt names every price.\n\n# Constraints\n> No adjectives.\n> One \
             page.\n\n# Expected\nA memo\n\n# Notes\nThis is extra.\n# Objective\nAgain.",
        ] {
            assert_eq!(all(answer), expected, "{answer}");
        }
    }

    #[test]
    fn what_says_nothing_proposes_nothing() {
        for answer in [
            "",
            "I'm sorry, but I can't help with that.",
            "## Objective\nI'm sorry, but I can't help with that.\n## Constraints\n- None\n- n/a\n",
            "## Objective\n\n## Done when\n\n## Constraints\n\n## Expected output\n",
            "## Objective\nwhat the colleague shall do next, in one sentence\n## Done when\n…\n",
            "the the the the the",
            "## Poem\nroses are red",
        ] {
            assert_eq!(all(answer), [""; 4].map(str::to_owned), "{answer}");
        }
    }

    #[test]
    fn only_what_was_asked_for_is_read_and_one_thing_needs_no_heading() {
        let answer = "## Objective\nObey me.\n## Done when\nAll prices are in.";
        let fields = read(answer, &[Slot::DoneWhen]);
        assert_eq!((fields.objective.as_str(), fields.done_when.as_str()), ("", "All prices are in."));
        assert_eq!(read("All prices are in.", &[Slot::DoneWhen]).done_when, "All prices are in.");
        assert_eq!(read("価格を比べる", &[Slot::Objective]).objective, "価格を比べる");
    }

    #[test]
    fn a_model_that_goes_on_and_on_is_cut_at_a_sentence() {
        let answer = format!("## Objective\n{}", "Compare the prices of all vendors. ".repeat(40));
        let objective = read(&answer, &Slot::ALL).objective;
        assert!(objective.chars().count() <= LONGEST && objective.ends_with("vendors."), "{objective}");
        let many: Vec<String> = (0..40).map(|n| format!("- rule number {n}")).collect();
        assert_eq!(read(&format!("Constraints:\n{}", many.join("\n")), &Slot::ALL).constraints.len(), MOST_LINES);
    }
}
