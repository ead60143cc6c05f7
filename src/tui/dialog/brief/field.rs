//! The places in the composer of a brief that keys can belong to.

/// A place that keys belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The panes that receive.
    To,
    /// What shall be done.
    Objective,
    /// The material.
    Context,
    /// The fields that are folded away.
    More,
    /// How the receiver knows that it is done.
    DoneWhen,
    /// What it must and mustn't do, a line each.
    Constraints,
    /// The form of the answer.
    Expected,
    /// What becomes of the answer.
    Return,
    /// The typed word that lets this brief out of a sealed pane.
    Unseal,
    /// What would cross, to the byte.
    Payload,
    /// The words to judge.
    Locality,
}

impl Field {
    /// What stands before it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::To => "To",
            Self::Objective => "Objective",
            Self::Context => "Context",
            Self::More => "",
            Self::DoneWhen => "Done when",
            Self::Constraints => "Constraints",
            Self::Expected => "Expected",
            Self::Return => "Return",
            Self::Unseal => "Let out",
            Self::Payload => "Payload",
            Self::Locality => "Locality",
        }
    }

    /// What is meant, said where nothing is written yet.
    pub const fn hint(self) -> &'static str {
        match self {
            Self::Objective => "what shall be done, in a sentence",
            Self::DoneWhen => "how the receiver knows that it is done",
            Self::Constraints => "what it must and mustn't do, a line each",
            Self::Expected => "the form of the answer",
            Self::Unseal => "the pane's name",
            _ => "",
        }
    }

    /// Whether it stands beside the fields: what would cross, and what holds it.
    pub const fn is_beside(self) -> bool {
        matches!(self, Self::Payload | Self::Locality)
    }
}
