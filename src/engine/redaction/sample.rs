//! Telling a secret from what only stands in its place: samples, variables, prose, names of other things.

use super::words;

/// Pieces of text that no issued secret has and every manual's sample does.
const MARKS: [&str; 26] = [
    "example",
    "sample",
    "placeholder",
    "changeme",
    "change_me",
    "your_",
    "your-",
    "yourtoken",
    "yourkey",
    "yourapi",
    "redacted",
    "dummy",
    "xxxxx",
    "*****",
    ".....",
    "#####",
    "-----",
    "_____",
    "insert",
    "replace",
    "put_your",
    "here_",
    "todo",
    "00000000",
    "abcdefghijkl",
    "secret_here",
];

/// Whether a value is a sample, a variable or a template.
pub(super) fn is_sample(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    MARKS.iter().any(|mark| lower.contains(mark)) || is_variable(value) || is_repeated(value.as_bytes())
}

fn is_variable(value: &str) -> bool {
    let value = value.trim_matches(|c| matches!(c, '"' | '\'' | '`' | ' '));
    let pairs: Vec<&str> = value.splitn(2, ':').collect();
    pairs.iter().any(|part| {
        let part = part.trim_matches(|c| matches!(c, '"' | '\'' | '`' | ' '));
        part.starts_with("${")
            || part.starts_with("$(")
            || part.starts_with("{{")
            || part.starts_with('<')
            || part.starts_with('[')
            || (part.starts_with('$')
                && part[1..].chars().all(|c| c.is_ascii_uppercase() || c == '_' || c.is_ascii_digit()))
            || (part.starts_with('$') && part[1..].chars().all(|c| c.is_ascii_lowercase() || c == '_'))
            || (part.starts_with('%') && part.ends_with('%') && part.len() > 2)
            || (part.starts_with('{')
                && part.ends_with('}')
                && part[1..part.len() - 1].bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_'))
    }) || is_obvious_pair(&pairs)
}

/// `user:password`, `test:test`, `xxx:yyy`: a pair whose second half is a word for what belongs there.
fn is_obvious_pair(pairs: &[&str]) -> bool {
    const STAND_INS: [&str; 10] =
        ["password", "pass", "passwd", "pwd", "secret", "token", "apikey", "yyy", "test", "api_key"];
    let &[user, password] = pairs else { return false };
    let password = password.to_ascii_lowercase();
    STAND_INS.contains(&password.as_str()) && !user.is_empty()
}

fn is_repeated(bytes: &[u8]) -> bool {
    let mut run = 1;
    for pair in bytes.windows(2) {
        run = if pair[0] == pair[1] { run + 1 } else { 1 };
        if run >= 8 {
            return true;
        }
    }
    false
}

/// Whether a value looks drawn at random: letters and digits, and not made of words.
pub(super) fn is_random(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let letters = value.bytes().filter(u8::is_ascii_alphabetic).count();
    if digits == 0 || letters == 0 {
        // Tokens without digits exist; they are long and mix their cases within a word.
        return digits == 0 && value.len() >= 20 && changes_of_case(value) * 3 >= letters;
    }
    if value.bytes().filter(|&byte| byte == b'.').count() >= 2 || looks_like_file(value) {
        return false;
    }
    letters_in_words(value) * 5 < letters * 2
}

fn changes_of_case(value: &str) -> usize {
    value.as_bytes().windows(2).filter(|pair| pair[0].is_ascii_uppercase() != pair[1].is_ascii_uppercase()).count()
}

fn looks_like_file(value: &str) -> bool {
    value.rsplit_once('.').is_some_and(|(_, extension)| {
        (2..=8).contains(&extension.len())
            && extension.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
            && extension.starts_with(|c: char| c.is_ascii_lowercase())
    }) || value.starts_with('/')
        || value.starts_with("./")
}

/// How many letters stand in known words of three letters or more, split where case or alphabet changes.
fn letters_in_words(value: &str) -> usize {
    let bytes = value.as_bytes();
    let mut start = 0;
    let mut sum = 0;
    for at in 0..=bytes.len() {
        let ends = at == bytes.len()
            || !bytes[at].is_ascii_alphabetic()
            || (at > start && bytes[at].is_ascii_uppercase() && bytes[at - 1].is_ascii_lowercase());
        if !ends {
            continue;
        }
        let word = value[start..at].trim_matches(|c: char| !c.is_ascii_alphabetic());
        let least = if word.len() == value.len() { 3 } else { 4 };
        if word.len() >= least && words::tier(&word.to_ascii_lowercase()).is_some() {
            sum += word.len();
        }
        start = at;
    }
    sum
}

/// Endings of names whose values are no secrets: `key_id`, `public_key`, `apiVersion`.
const OTHER_THINGS: [&str; 42] = [
    "id",
    "ids",
    "name",
    "version",
    "file",
    "url",
    "uri",
    "path",
    "size",
    "type",
    "label",
    "selector",
    "vault",
    "index",
    "alias",
    "hash",
    "tag",
    "host",
    "endpoint",
    "endpoints",
    "space",
    "board",
    "word",
    "words",
    "code",
    "store",
    "stores",
    "table",
    "column",
    "field",
    "format",
    "length",
    "count",
    "pair",
    "frame",
    "spec",
    "role",
    "policy",
    "point",
    "source",
    "results",
    "tab",
];

/// Whether the name before the operator is the name of something that isn't secret.
pub(super) fn names_something_else(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    if [
        "public",
        "pubkey",
        "pub_key",
        "accessor",
        "primary_key",
        "foreign",
        "author",
        "monkey",
        "donkey",
        "turkey",
        "accessib",
        "keyboard",
        "keyframe",
        "keyvault",
        "key_vault",
        "rapid",
        "capital",
        "bucket",
        "random",
        "ci_key",
        "cache",
        "idempotency",
    ]
    .iter()
    .any(|word| lower.contains(word))
    {
        return true;
    }
    let identifier = name.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
    let snake = identifier.rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or("");
    let camel = snake.rfind(|c: char| c.is_ascii_uppercase()).map_or(snake, |at| &snake[at..]);
    OTHER_THINGS
        .iter()
        .any(|thing| snake.eq_ignore_ascii_case(thing) || (camel != snake && camel.eq_ignore_ascii_case(thing)))
}

/// Whether a password's value is only a word of the sentence: `password: required`.
pub(super) fn is_prose(value: &str) -> bool {
    let word = value.trim_matches(|c: char| !c.is_alphanumeric());
    let plain = word.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-' || byte == b'_');
    let code = value.contains('(') || value.starts_with("self.") || value.starts_with("var.") || value.contains("->");
    code || (plain && (words::tier(&word.to_ascii_lowercase()).is_some() || letters_in_words(word) * 2 > word.len()))
}

/// Whether a token's first part is base64 of something that begins like JSON.
pub(super) fn is_encoded_json(value: &str) -> bool {
    value.starts_with("ey")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_and_variables_are_told_from_secrets() {
        for sample in [
            "AKIAIOSFODNN7EXAMPLE",
            "${TOKEN}",
            "<token>",
            "$API_KEY",
            "%PASS%",
            "xxxxxxxxxx",
            "user:password",
            "{{ .Values.p }}",
        ] {
            assert!(is_sample(sample), "{sample}");
        }
        for secret in ["AKIALALEMEL33243OLIB", "elastic:P@ssw0rd$1", "Tr0ub4dor"] {
            assert!(!is_sample(secret), "{secret}");
        }
    }

    #[test]
    fn names_of_things_are_not_random() {
        for name in ["SalesResults-1.2", "PdfEncryptionKeySize.Key128Bit", "env/cert.p12", "executed", "prod-cluster-2"]
        {
            assert!(!is_random(name), "{name}");
        }
        assert!(is_random("0afae57f3ccfd9d7f5767067bc48b30f719e271b"));
        assert!(
            names_something_else("kms_key_id\": \"")
                && names_something_else("credentialsId: '")
                && !names_something_else("api_key = \"")
        );
    }
}
