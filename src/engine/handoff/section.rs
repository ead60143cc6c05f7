//! The fixed sections of a handoff, in their fixed order.

use std::fmt;

/// A section of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// What a person pinned, byte for byte.
    Pins,
    /// What must always or never be done, verbatim.
    Rules,
    /// What the conversation is for.
    Objective,
    /// What was decided, and why.
    Decisions,
    /// What was turned down.
    Rejected,
    /// Names, numbers, dates, addresses, paths, identifiers, errors: current values, and what they superseded.
    Facts,
    /// What nobody knows yet.
    Open,
    /// Who does what by when.
    Next,
    /// The person's own words, newest first.
    Words,
    /// The last exchange.
    Standing,
    /// Briefs that were sent and not yet answered.
    Briefs,
}

impl Section {
    /// Every section in the document's order.
    pub const ALL: [Self; 11] = [
        Self::Pins,
        Self::Rules,
        Self::Objective,
        Self::Decisions,
        Self::Rejected,
        Self::Facts,
        Self::Open,
        Self::Next,
        Self::Words,
        Self::Standing,
        Self::Briefs,
    ];

    /// The section's heading, without its marker.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Pins => "Pins",
            Self::Rules => "Rules",
            Self::Objective => "Objective",
            Self::Decisions => "Decisions and their reasons",
            Self::Rejected => "Rejected",
            Self::Facts => "Facts",
            Self::Open => "Open questions",
            Self::Next => "Next steps",
            Self::Words => "The person's own words",
            Self::Standing => "Where things stand",
            Self::Briefs => "Briefs in flight",
        }
    }

    /// The section with this heading: by its title, or by the first word of it, whatever the case.
    pub fn titled(heading: &str) -> Option<Self> {
        let heading = heading.trim().trim_end_matches(':').to_lowercase().replace('’', "'");
        let known = |section: &Self| {
            let title = section.title().to_lowercase();
            title == heading || title.split(' ').next().is_some_and(|word| word.len() > 3 && word == heading)
        };
        Self::ALL.into_iter().find(known).or(match heading.as_str() {
            "key decisions" | "decisions and reasons" => Some(Self::Decisions),
            "constraints" => Some(Self::Rules),
            "rejected options" => Some(Self::Rejected),
            "current state" => Some(Self::Standing),
            _ => None,
        })
    }
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.title())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_section_is_found_by_its_title() {
        for section in Section::ALL {
            assert_eq!(Section::titled(section.title()), Some(section));
        }
        assert_eq!(Section::titled("RULES:"), Some(Section::Rules));
        assert_eq!(Section::titled("Appendix"), None);
    }
}
