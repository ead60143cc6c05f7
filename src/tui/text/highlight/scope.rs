//! From the scopes of a syntax to what the theme has looks for.

use syntect::parsing::{Scope, ScopeStack};

use crate::tui::theme::Token;

/// What a scope's name means, the more particular names first. Where nothing stands, what is around it decides.
const MEANINGS: &[(&str, Option<Token>)] = &[
    ("comment", Some(Token::CodeComment)),
    ("constant.character.escape", Some(Token::CodeNumber)),
    ("constant.other.placeholder", Some(Token::CodeNumber)),
    ("string.unquoted", None),
    ("string", Some(Token::CodeString)),
    ("constant", Some(Token::CodeNumber)),
    ("keyword.operator", None),
    ("keyword", Some(Token::CodeKeyword)),
    ("storage", Some(Token::CodeKeyword)),
    ("entity.name.type", Some(Token::CodeType)),
    ("entity.name.class", Some(Token::CodeType)),
    ("entity.name.struct", Some(Token::CodeType)),
    ("entity.name.enum", Some(Token::CodeType)),
    ("entity.name.trait", Some(Token::CodeType)),
    ("entity.other.attribute-name", Some(Token::CodeType)),
    ("entity.other.inherited-class", Some(Token::CodeType)),
    ("support.type", Some(Token::CodeType)),
    ("support.class", Some(Token::CodeType)),
    ("entity.name", Some(Token::CodeName)),
    ("variable.function", Some(Token::CodeName)),
    ("support.function", Some(Token::CodeName)),
    ("support.macro", Some(Token::CodeName)),
    ("markup.inserted", Some(Token::CodeInserted)),
    ("markup.deleted", Some(Token::CodeDeleted)),
    ("markup.heading", Some(Token::CodeName)),
    ("meta.diff.range", Some(Token::CodeKeyword)),
];

/// A string at such a place is a name.
const KEYS: [&str; 3] = ["meta.mapping.key", "meta.structure.dictionary.key", "meta.object-literal.key"];
/// An operator that is a word is a keyword.
const OPERATOR: &str = "keyword.operator";

/// The meanings with their names looked up.
pub(super) struct Scopes {
    meanings: Vec<(Scope, Option<Token>)>,
    keys: Vec<Scope>,
    operator: Option<Scope>,
}

impl Default for Scopes {
    fn default() -> Self {
        let meaning = |(name, token): &(&str, Option<Token>)| Some((Scope::new(name).ok()?, *token));
        Self {
            meanings: MEANINGS.iter().filter_map(meaning).collect(),
            keys: KEYS.iter().filter_map(|name| Scope::new(name).ok()).collect(),
            operator: Scope::new(OPERATOR).ok(),
        }
    }
}

impl Scopes {
    /// What a piece of code is that stands in these scopes.
    pub(super) fn token(&self, stack: &ScopeStack, piece: &str) -> Token {
        let scopes = stack.as_slice();
        let token = scopes.iter().rev().find_map(|scope| self.meaning(*scope, piece)).unwrap_or(Token::Code);
        let is_key = || scopes.iter().any(|scope| self.keys.iter().any(|key| key.is_prefix_of(*scope)));
        if token == Token::CodeString && is_key() { Token::CodeName } else { token }
    }

    fn meaning(&self, scope: Scope, piece: &str) -> Option<Token> {
        let (name, token) = self.meanings.iter().find(|(name, _)| name.is_prefix_of(scope))?;
        if self.operator == Some(*name) {
            return piece.chars().all(char::is_alphabetic).then_some(Token::CodeKeyword);
        }
        *token
    }
}
