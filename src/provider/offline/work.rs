//! What a pane wants of its texts, told by its name, its role and what is asked.

/// The kinds of answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Work {
    /// Key points with quotes.
    Research,
    /// An outline.
    Drafting,
    /// Agreements and differences.
    Synthesis,
}

impl Work {
    /// The pane's name decides, then its role, then the question; key points are always useful.
    pub(super) fn of(pane: &str, role: &str, question: &str) -> Self {
        Self::named_in(pane)
            .or_else(|| Self::named_in(role))
            .or_else(|| Self::named_in(question))
            .unwrap_or(Self::Research)
    }

    /// The work whose word comes first.
    fn named_in(text: &str) -> Option<Self> {
        let text = text.to_lowercase();
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.into_iter().find_map(|word| {
            let starts = |stems: &[&str]| stems.iter().any(|stem| word.starts_with(stem));
            if starts(SYNTHESIS) {
                Some(Self::Synthesis)
            } else if starts(DRAFTING) {
                Some(Self::Drafting)
            } else if starts(RESEARCH) {
                Some(Self::Research)
            } else {
                None
            }
        })
    }
}

const SYNTHESIS: &[&str] = &[
    "synthes",
    "synthès",
    "synthét",
    "compare",
    "comparing",
    "review",
    "merge",
    "judge",
    "chair",
    "reconcil",
    "agree",
    "disagree",
    "vergleich",
    "abgleich",
    "sintesis",
    "síntesis",
    "compar",
];
const DRAFTING: &[&str] = &[
    "draft",
    "outline",
    "writ",
    "memo",
    "compose",
    "entwurf",
    "entwirf",
    "gliederung",
    "schreib",
    "rédig",
    "écri",
    "brouillon",
    "redact",
    "escrib",
    "borrador",
];
const RESEARCH: &[&str] =
    &["research", "reading", "source", "fact", "evidence", "recherch", "quelle", "investiga", "notes"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_role_and_question_decide_in_this_order() {
        for (pane, role, question, expect) in [
            ("research", "You draft.", "Compare", Work::Research),
            ("synthesis", "", "", Work::Synthesis),
            ("left", "You write the memo from what research found.", "", Work::Drafting),
            ("chair", "", "", Work::Synthesis),
            ("solo", "You help.", "Outline a memo on this.", Work::Drafting),
            ("solo", "", "What does it cost?", Work::Research),
        ] {
            assert_eq!(Work::of(pane, role, question), expect, "{pane} {role} {question}");
        }
    }
}
