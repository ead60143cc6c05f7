//! Secrets in a transcript: they stay in their pane, and a handoff says only that there was one.
//!
//! What issued secrets look like is the redaction's knowledge, which must be exact, because masking changes what is sent. A
//! document only leaves words out, so it errs on the other side: here is what talk announces, and what looks like a key at all.

use std::borrow::Cow;

use crate::engine::redaction::secrets_in;

/// What stands in a document where a secret stood.
pub(crate) const WITHHELD: &str = "[secret withheld]";

/// Prefixes that issuers put on their keys.
const PREFIXES: &[&str] = &[
    "sk-",
    "sk_live_",
    "sk_test_",
    "rk_live_",
    "pk_live_",
    "ghp_",
    "gho_",
    "ghs_",
    "ghu_",
    "github_pat_",
    "glpat-",
    "xoxb-",
    "xoxp-",
    "xoxa-",
    "AKIA",
    "ASIA",
    "AIza",
    "ya29.",
    "eyJ",
    "hf_",
    "npm_",
    "pypi-",
    "dop_v1_",
    "SG.",
    "whsec_",
    "AGE-SECRET-KEY-",
    "shpat_",
    "gsk_",
];

/// Words that announce a secret when `:`, `=` or `is` follows.
const ANNOUNCED: &[&str] = &[
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "passcode",
    "secret",
    "token",
    "apikey",
    "api_key",
    "api-key",
    "access_key",
    "secret_key",
    "client_secret",
    "auth_token",
    "private_key",
    "kennwort",
    "passwort",
    "contraseña",
];

/// The text with every secret in it replaced: those that the redaction knows, and those that talk announces.
pub(crate) fn withhold(text: &str) -> Cow<'_, str> {
    let mut spans: Vec<(usize, usize)> = secrets_in(text).into_iter().map(|span| (span.start, span.end)).collect();
    let mut expecting = Expect::Nothing;
    let mut from = 0;
    for piece in text.split_inclusive(char::is_whitespace) {
        let start = from;
        from += piece.len();
        let word = piece.trim();
        if word.is_empty() {
            continue;
        }
        let offset = start + (word.as_ptr() as usize - piece.as_ptr() as usize);
        if let Some((begin, end)) = suspect(word, expecting) {
            spans.push((offset + begin, offset + end));
        }
        expecting = expecting.after(word);
    }
    if spans.is_empty() {
        return Cow::Borrowed(text);
    }
    spans.sort_unstable();
    let mut kept = String::with_capacity(text.len());
    let mut upto = 0;
    for (begin, end) in spans {
        if end <= upto {
            continue;
        }
        if begin >= upto {
            kept.push_str(&text[upto..begin]);
            kept.push_str(WITHHELD);
        }
        upto = end;
    }
    kept.push_str(&text[upto..]);
    Cow::Owned(kept)
}

/// What the words so far let us expect of the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expect {
    Nothing,
    /// A word such as "password" was said; `:` or `is` would make the next word it.
    Announced,
    /// The next word is the secret.
    Secret,
}

impl Expect {
    fn after(self, word: &str) -> Self {
        // Most words are none of these; their first letter says so without a copy.
        if self == Self::Nothing && !word.bytes().take(2).any(|byte| b"pstakcb".contains(&byte.to_ascii_lowercase())) {
            return Self::Nothing;
        }
        let lower = word.to_lowercase();
        let bare = lower.trim_matches(|c: char| !c.is_alphanumeric() && c != '_' && c != '-');
        let announces = ANNOUNCED.contains(&bare) || bare == "key" && self == Self::Nothing && lower.ends_with(':');
        if lower == "bearer" || bare == "bearer" || announces && lower.ends_with([':', '=']) {
            return Self::Secret;
        }
        if announces {
            return Self::Announced;
        }
        match self {
            Self::Announced if matches!(lower.as_str(), "is" | "=" | ":" | "was" | "ist" | "es") => Self::Secret,
            Self::Announced
                if matches!(
                    lower.as_str(),
                    "for" | "to" | "of" | "the" | "on" | "my" | "our" | "wifi" | "new" | "now"
                ) =>
            {
                Self::Announced
            }
            _ => Self::Nothing,
        }
    }
}

/// The bytes of a word that talk announced as a secret, or that look like a key.
fn suspect(word: &str, expecting: Expect) -> Option<(usize, usize)> {
    let edge =
        |c: char| matches!(c, '"' | '\'' | '`' | ',' | ';' | '(' | ')' | '<' | '>' | '[' | ']' | '{' | '}' | '“' | '”');
    let bare = word.trim_matches(edge).trim_end_matches(['.', '!', '?']);
    let begin = bare.as_ptr() as usize - word.as_ptr() as usize;
    if expecting == Expect::Secret && looks_chosen(bare) {
        return Some((begin, begin + bare.len()));
    }
    if let Some((name, value)) = bare.split_once(['=', ':'])
        && ANNOUNCED.iter().any(|word| name.to_lowercase().trim_matches(edge).ends_with(word))
        && value.trim_matches(edge).len() >= 4
    {
        return Some((begin + name.len() + 1, begin + bare.len()));
    }
    let value = bare.rsplit(['=', ':']).next().unwrap_or(bare).trim_matches(edge);
    let at = value.as_ptr() as usize - word.as_ptr() as usize;
    (has_prefix(value) || is_random(value)).then_some((at, at + value.len()))
}

/// Whether an announced word can be a secret at all, and isn't the sentence going on.
fn looks_chosen(word: &str) -> bool {
    let odd = word.chars().any(|c| c.is_ascii_digit() || !c.is_alphanumeric() && c != '\'' && c != '’');
    let mixed = word.chars().skip(1).any(char::is_uppercase) && word.chars().any(char::is_lowercase);
    word.chars().count() >= 4 && (odd || mixed) && !word.starts_with("http")
}

fn has_prefix(word: &str) -> bool {
    word.len() > 14
        && PREFIXES.iter().any(|prefix| {
            word.strip_prefix(prefix).is_some_and(|rest| {
                rest.len() >= 12
                    && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./+=".contains(&byte))
                    && rest.bytes().any(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
            })
        })
}

/// Long, and upper, lower and digits all through each other: nobody's word and nobody's path.
fn is_random(word: &str) -> bool {
    if word.len() < 24
        || word.len() > 400
        || !word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_+=".contains(&byte))
    {
        return false;
    }
    let count = |wanted: fn(&u8) -> bool| word.bytes().filter(wanted).count();
    let turns = word.as_bytes().windows(2).filter(|pair| class(pair[0]) != class(pair[1])).count();
    count(u8::is_ascii_digit) >= 3
        && count(u8::is_ascii_uppercase) >= 3
        && count(u8::is_ascii_lowercase) >= 3
        && turns * 3 >= word.len()
}

const fn class(byte: u8) -> u8 {
    if byte.is_ascii_digit() {
        0
    } else if byte.is_ascii_uppercase() {
        1
    } else {
        2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_withheld_wherever_they_stand() {
        for (text, secret) in [
            ("my key is sk-proj-Zx81kQvTn3LwPf7RbYc5HdMe, ok", "Zx81kQv"),
            ("the wifi password is Owl-77-gr4nite!", "gr4nite"),
            ("DB_PASSWORD=hunter22 is set", "hunter22"),
            ("password: \"gr4nite-Owl-77\"", "gr4nite"),
            ("Authorization: Bearer abc123def456", "abc123"),
            ("postgres://ledger:tr0utmask@db.example/main", "tr0utmask"),
            ("AKIAQ7XN3VDELP5JRT2M", "VDELP"),
            (
                "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7bq0x2Zt9sVnYkq3Lr5dJ8wPfHc1uGm4\nRz6vXe0yTn2oKi7bSa5lQj3hWd9pUf1g\n-----END RSA PRIVATE KEY-----",
                "MIIEpAIB",
            ),
        ] {
            let withheld = withhold(text);
            assert!(!withheld.contains(secret), "{withheld}");
            assert!(withheld.contains(WITHHELD), "{withheld}");
        }
    }

    #[test]
    fn ordinary_talk_is_left_alone() {
        for text in [
            "I forgot my password again, the token is gone.",
            "the password policy is annoying",
            "commit 3f2a9c81d0be4477aa10ff5e9b1c2d3e4f506172 and src/engine/handoff/transcript.rs",
            "sk-ating is fun; eyJafjallajökull too",
            "CamelCaseNamesGoOnAndOn2 are fine",
        ] {
            assert_eq!(withhold(text), text);
        }
    }
}
