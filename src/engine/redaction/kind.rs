//! What kind of sensitive thing something is, and which kinds a crossing may carry.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The kinds of findings. A kind is a word in files and in `--json`, and a label in pseudonyms.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Kind {
    /// A password, key or token: refuses a send, is never merely replaced in one.
    Secret,
    /// A name, client or project of a person's own dictionary, under the kind they gave it.
    Named(String),
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// An international bank account number.
    Iban,
    /// A payment card number.
    Card,
    /// A United States social security number.
    Ssn,
    /// A British National Health Service number.
    Nhs,
    /// An IPv4 or IPv6 address.
    Ip,
    /// A hardware address.
    Mac,
    /// A web address or an internal host.
    Url,
    /// A street or postal address.
    Address,
    /// A postal code.
    Postcode,
    /// A date of birth.
    BirthDate,
    /// The user's name in a file path.
    Path,
    /// The number of an account, a patient, a passport, a licence, a person in a state, a PIN: told by the word before it or by
    /// its check digits.
    Id,
    /// A capitalised word or sequence that the list of common words doesn't know.
    Name,
    /// A number that `strict` hides.
    Number,
    /// Text of the source that reads like one of our own pseudonyms.
    Literal,
}

impl Kind {
    /// The word for it in files and in `--json`.
    pub fn word(&self) -> &str {
        match self {
            Self::Secret => "secret",
            Self::Named(word) => word,
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Iban => "iban",
            Self::Card => "card",
            Self::Ssn => "ssn",
            Self::Nhs => "nhs",
            Self::Ip => "ip",
            Self::Mac => "mac",
            Self::Url => "url",
            Self::Address => "address",
            Self::Postcode => "postcode",
            Self::BirthDate => "birth_date",
            Self::Path => "path",
            Self::Id => "id",
            Self::Name => "name",
            Self::Number => "number",
            Self::Literal => "text",
        }
    }

    /// The label of its pseudonyms: capital ASCII letters, digits and underscores, beginning with a letter.
    pub fn label(&self) -> String {
        let mut label: String = self
            .word()
            .chars()
            .filter_map(|c| match c {
                'a'..='z' | 'A'..='Z' | '0'..='9' => Some(c.to_ascii_uppercase()),
                '_' | '-' | ' ' => Some('_'),
                _ => None,
            })
            .take(24)
            .collect();
        while label.ends_with(|c: char| c == '_' || c.is_ascii_digit()) {
            label.pop();
        }
        if label.starts_with(|c: char| c.is_ascii_uppercase()) { label } else { "NAME".to_owned() }
    }

    /// Every kind that needs no dictionary.
    pub const BUILT_IN: [Self; 18] = [
        Self::Secret,
        Self::Email,
        Self::Phone,
        Self::Iban,
        Self::Card,
        Self::Ssn,
        Self::Nhs,
        Self::Ip,
        Self::Mac,
        Self::Url,
        Self::Address,
        Self::Postcode,
        Self::BirthDate,
        Self::Path,
        Self::Id,
        Self::Name,
        Self::Number,
        Self::Literal,
    ];
}

impl From<String> for Kind {
    fn from(word: String) -> Self {
        Self::BUILT_IN.into_iter().find(|kind| kind.word() == word).unwrap_or(Self::Named(word))
    }
}

impl From<Kind> for String {
    fn from(kind: Kind) -> Self {
        kind.word().to_owned()
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Which findings a crossing replaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Whether public web addresses are replaced too. Those with credentials or an internal host always are.
    pub public_urls: bool,
    /// Whether public internet addresses are replaced too. Private ones always are.
    pub public_ips: bool,
    /// Whether unknown names and numbers are replaced unasked.
    pub strict: bool,
}

impl Policy {
    /// What a brief replaces: public web and internet addresses cross.
    pub const BRIEF: Self = Self { public_urls: false, public_ips: false, strict: false };
    /// What `trialogue mask` replaces: every kind.
    pub const EVERYTHING: Self = Self { public_urls: true, public_ips: true, strict: false };

    /// The same policy with unknown names and numbers replaced, or not.
    #[must_use]
    pub const fn strict(mut self, strict: bool) -> Self {
        self.strict = strict;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_survives_its_word() {
        for kind in Kind::BUILT_IN {
            assert_eq!(Kind::from(String::from(kind.clone())), kind);
        }
        assert_eq!(Kind::from("client".to_owned()), Kind::Named("client".to_owned()));
    }

    #[test]
    fn a_label_is_always_plain_capitals() {
        for (word, label) in
            [("client", "CLIENT"), ("law firm", "LAW_FIRM"), ("klient №1", "KLIENT"), ("客户", "NAME"), ("9", "NAME")]
        {
            assert_eq!(Kind::Named(word.to_owned()).label(), label);
        }
    }
}
