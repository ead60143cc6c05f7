//! Secrets: rules as data, behind one prefilter of keywords, each compiled when its keyword first occurs.

use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

use regex::bytes::{Regex, RegexBuilder};

use super::check;
use super::encoded;
use super::finding::{self, Finding};
use super::kind::Kind;
use super::sample;
use super::search::Patterns;

const RULES: &str = include_str!("secrets.rules");

/// The operator and the quotes between a name and its value, in an assignment of any common language.
const OPERATOR: &str = r#"[\w .-]{0,24}["'`\])]{0,3}[ \t]{0,4}(?:=>|:=|\?=|={1,3}|:{1,3}|,|\|\||>)["'`\s=(\[]{0,5}"#;
/// The shortest run of base64 that is looked into: a token of fifteen characters.
const ENCODED: usize = 20;
/// What ends a value.
const END: &str = r#"(?:["'`\s;,)<}\]&]|\\[nrt"']|$)"#;

/// What the characters of a value must be.
#[derive(Debug, Clone, Copy)]
enum Mixture {
    /// Anything.
    Any,
    /// Letters of both cases and digits.
    CasesAndDigits,
    /// Three of small letters, capitals, digits and other signs.
    Three,
}

/// One kind of secret.
#[derive(Debug)]
struct Rule {
    name: &'static str,
    keywords: Vec<String>,
    entropy: f64,
    mixture: Mixture,
    samples: bool,
    assigned: bool,
    pattern: String,
    before: usize,
    after: usize,
    regex: OnceLock<Option<Regex>>,
}

impl Rule {
    fn new(name: &'static str) -> Self {
        Self {
            name,
            keywords: Vec::new(),
            entropy: 0.0,
            mixture: Mixture::Any,
            samples: true,
            assigned: false,
            pattern: String::new(),
            before: 64,
            after: 384,
            regex: OnceLock::new(),
        }
    }

    fn read(&mut self, field: &str, value: &str) {
        match field {
            "k" => self.keywords = value.split(' ').map(|word| word.replace("\\s", " ").replace("\\t", "\t")).collect(),
            "e" => self.entropy = value.parse().unwrap_or(0.0),
            "d" => self.mixture = Mixture::CasesAndDigits,
            "m" => self.mixture = Mixture::Three,
            "s" => self.samples = false,
            "r" => value.clone_into(&mut self.pattern),
            "a" => {
                let (name, value) = value.split_once(" => ").unwrap_or((value, r"\S+"));
                self.pattern = format!("(?i:{name}){OPERATOR}({value}){END}");
                self.assigned = true;
            }
            "w" => {
                let mut sizes = value.split(' ').filter_map(|size| size.parse().ok());
                self.before = sizes.next().unwrap_or(self.before);
                self.after = sizes.next().unwrap_or(self.after);
            }
            _ => {}
        }
    }

    /// The compiled expression; `None` if it doesn't compile, which a test rules out.
    fn regex(&self) -> Option<&Regex> {
        self.regex
            .get_or_init(|| RegexBuilder::new(&self.pattern).unicode(false).size_limit(1 << 22).build().ok())
            .as_ref()
    }
}

struct Rules {
    all: Vec<Rule>,
    keywords: Patterns<KEYWORD>,
    /// The most bytes of a keyword.
    longest: usize,
    /// The rules that wait for each keyword.
    waiting: Vec<Vec<usize>>,
}

impl Rules {
    /// Calls `hit` with each keyword that stands in a text, in whatever case, in the order of their places.
    fn each_keyword(&self, text: &[u8], mut hit: impl FnMut(usize, Range<usize>)) {
        /// So many bytes at a time are made small letters: what the processor has at hand is quicker than a copy of all.
        const STRETCH: usize = 16_384;
        let mut small = Vec::with_capacity(text.len().min(STRETCH + self.longest));
        for from in (0..text.len()).step_by(STRETCH) {
            small.clear();
            small.extend_from_slice(&text[from..(from + STRETCH + self.longest).min(text.len())]);
            small.make_ascii_lowercase();
            self.keywords.each_in(&small, |keyword, span| {
                if span.start < STRETCH {
                    hit(keyword, from + span.start..from + span.end);
                }
                false
            });
        }
    }
}

/// The fewest bytes of a keyword.
const KEYWORD: usize = 3;

static COMPILED: LazyLock<Rules> = LazyLock::new(|| {
    let mut rules: Vec<Rule> = Vec::new();
    for line in RULES.lines() {
        let (field, value) = line.split_once(' ').unwrap_or((line, ""));
        match field {
            "=" => rules.push(Rule::new(value)),
            _ => {
                if let Some(rule) = rules.last_mut() {
                    rule.read(field, value);
                }
            }
        }
    }
    let mut keywords: Vec<&str> = rules.iter().flat_map(|rule| rule.keywords.iter().map(String::as_str)).collect();
    keywords.sort_unstable();
    keywords.dedup();
    let waiting = keywords
        .iter()
        .map(|word| (0..rules.len()).filter(|&at| rules[at].keywords.iter().any(|k| k == word)).collect())
        .collect();
    let longest = keywords.iter().map(|word| word.len()).max().unwrap_or(0);
    Rules { keywords: Patterns::new(keywords), longest, waiting, all: rules }
});

/// Finds secrets.
pub(super) fn find(text: &str, found: &mut Vec<Finding>) {
    let rules = &*COMPILED;
    // How far each rule has looked: windows that touch are one window, so no byte is searched twice for one rule.
    let mut windows: Vec<Option<Range<usize>>> = vec![None; rules.all.len()];
    rules.each_keyword(text.as_bytes(), |keyword, hit| {
        for &at in &rules.waiting[keyword] {
            let rule = &rules.all[at];
            if rule.assigned && !has_operator(text.as_bytes(), hit.end) {
                continue;
            }
            let window = hit.start.saturating_sub(rule.before)..(hit.end + rule.after).min(text.len());
            match &mut windows[at] {
                Some(open) if window.start <= open.end && open.len() < 65_536 => open.end = open.end.max(window.end),
                open => {
                    if let Some(done) = open.replace(window) {
                        search(rule, text, done, found);
                    }
                }
            }
        }
    });
    for (rule, window) in rules.all.iter().zip(windows) {
        if let Some(window) = window {
            search(rule, text, window, found);
        }
    }
}

/// Finds base64 of texts that hold secrets, outside the walls: all of the run is one.
pub(super) fn find_encoded(text: &str, walls: &[Range<usize>], found: &mut Vec<Finding>) {
    encoded::each_whole(text, walls, ENCODED, &mut |decoded, place| {
        let mut inside = Vec::new();
        find(decoded, &mut inside);
        found.extend(inside.into_iter().next().map(|finding| Finding { span: place, ..finding }));
    });
}

/// Where secrets stand in a text, in order and without overlaps; nothing else is looked for.
pub fn secrets_in(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    find(text, &mut found);
    found.retain(|finding| finding.score >= finding::THRESHOLD);
    finding::settle(found).into_iter().map(|finding| finding.span).collect()
}

/// The names of the rules that find something in a text, each once.
pub fn rules_that_match(text: &str) -> Vec<&'static str> {
    let mut found = Vec::new();
    find(text, &mut found);
    let mut names: Vec<&'static str> = COMPILED
        .all
        .iter()
        .map(|rule| rule.name)
        .filter(|name| found.iter().any(|finding| finding.reason == *name))
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Without its rules the search fails closed: all of the text is taken for a secret.
fn everything(text: &str) -> Finding {
    Finding::new(Kind::Secret, 0..text.len(), 100, "the rules for secrets could not be read")
}

/// An assignment needs an operator soon after the name; most prose has none, and is spared the expression.
fn has_operator(bytes: &[u8], from: usize) -> bool {
    let soon = &bytes[from..(from + 48).min(bytes.len())];
    soon.iter().any(|byte| matches!(byte, b'=' | b':' | b'>' | b'|' | b','))
}

fn search(rule: &Rule, text: &str, window: Range<usize>, found: &mut Vec<Finding>) {
    let Some(regex) = rule.regex() else {
        return found.push(everything(text));
    };
    let bytes = text.as_bytes();
    let mut at = window.start;
    // Look-around (`^`, `$`, `\b`) must see the text beyond the window, so the window is a bound and not a slice.
    while at < window.end {
        let Some(captures) = regex.captures_at(&bytes[..window.end.max(at)], at) else { return };
        let (Some(whole), Some(secret)) =
            (captures.get(0), captures.iter().skip(1).flatten().next().or(captures.get(0)))
        else {
            return;
        };
        if is_secret(rule, &bytes[whole.start()..secret.start()], secret.as_bytes()) {
            let span = text.floor_char_boundary(secret.start())..text.ceil_char_boundary(secret.end());
            found.push(Finding::new(Kind::Secret, span, 90, rule.name));
        }
        at = secret.end().max(at + 1);
    }
}

fn is_secret(rule: &Rule, name: &[u8], value: &[u8]) -> bool {
    if rule.entropy > 0.0 && check::entropy(value) < rule.entropy {
        return false;
    }
    let mixed = match rule.mixture {
        Mixture::Any => true,
        Mixture::CasesAndDigits => is_mixed(value),
        Mixture::Three => is_motley(value),
    };
    if !mixed {
        return false;
    }
    let (Ok(name), Ok(value)) = (std::str::from_utf8(name), std::str::from_utf8(value)) else { return true };
    if rule.samples && sample::is_sample(value) {
        return false;
    }
    match rule.name {
        "generic-api-key" => sample::is_random(value) && !sample::names_something_else(name),
        "password-assignment" | "password-option" | "authorization-basic" => !sample::is_prose(value),
        "password-said" => is_odd_word(value),
        "jwt" => sample::is_encoded_json(value),
        _ => true,
    }
}

fn is_mixed(value: &[u8]) -> bool {
    value.iter().any(u8::is_ascii_lowercase)
        && value.iter().any(u8::is_ascii_uppercase)
        && value.iter().any(u8::is_ascii_digit)
}

/// Whether a value has three of what passwords are made of: small letters, capitals, digits, other signs.
fn is_motley(value: &[u8]) -> bool {
    let sign = |byte: &u8| byte.is_ascii_graphic() && !byte.is_ascii_alphanumeric() && !b"._/-".contains(byte);
    let has = |of: &dyn Fn(&u8) -> bool| usize::from(value.iter().any(of));
    has(&u8::is_ascii_lowercase) + has(&u8::is_ascii_uppercase) + has(&u8::is_ascii_digit) + has(&sign) >= 3
}

/// Whether a word is none that a sentence goes on with: letters and something else, or a capital inside.
fn is_odd_word(value: &str) -> bool {
    let word = value.trim_matches(|c: char| matches!(c, '.' | '!' | '?' | ':' | '…' | '*'));
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let inner = word.chars().skip(1).any(char::is_uppercase) && word.chars().any(char::is_lowercase);
    let other = word
        .chars()
        .any(|c| c.is_ascii_digit() || c.is_ascii_punctuation() && !matches!(c, '-' | '.' | '/' | '\'' | '_'));
    letters > 0 && (inner || other) && !sample::is_prose(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        find(text, &mut found);
        found.into_iter().map(|finding| &text[finding.span]).collect()
    }

    #[test]
    fn every_rule_compiles_and_has_a_keyword_its_expression_can_meet() {
        assert!(COMPILED.all.len() > 150);
        for rule in &COMPILED.all {
            assert!(rule.regex().is_some(), "{}", rule.name);
            assert!(!rule.keywords.is_empty(), "{}", rule.name);
            assert!(
                rule.keywords.iter().all(|word| word.len() >= KEYWORD && *word == word.to_lowercase()),
                "{}",
                rule.name
            );
        }
    }

    #[test]
    fn a_token_is_found_alone_and_its_sample_is_not() {
        assert_eq!(
            secrets("use ghp_0a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R now"),
            ["ghp_0a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R"]
        );
        assert!(secrets("ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx").is_empty());
    }

    #[test]
    fn a_secret_is_found_wherever_it_stands_in_a_long_text() {
        let token = "ghp_0a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R";
        for before in (16_300..16_400).chain([32_760, 32_768]) {
            assert_eq!(secrets(&format!("{} {token} now", "é".repeat(before / 2))), [token], "{before}");
        }
    }

    #[test]
    fn a_password_in_a_connection_string_is_found_and_its_host_is_not() {
        assert_eq!(secrets("postgres://app:Tr0ub4dor@db.internal/orders"), ["Tr0ub4dor"]);
        assert!(secrets("postgres://app:${DB_PASSWORD}@db.internal/orders").is_empty());
    }

    #[test]
    fn a_private_key_is_one_finding_from_its_first_to_its_last_line() {
        let body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n".repeat(4);
        let key = format!("-----BEGIN PRIVATE KEY-----\n{body}-----END PRIVATE KEY-----");
        let mut found = Vec::new();
        find(&format!("here:\n{key}\nthere"), &mut found);
        let all = super::super::finding::settle(found);
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].span, 6..6 + key.len());
    }

    #[test]
    fn words_about_secrets_are_no_secrets() {
        for prose in [
            "The key, as she said: patience. Access: granted to everyone.",
            "password: required",
            "api_version = 2024-05-12, key_name: primary-cluster-key",
            "Your password is the one you chose.",
        ] {
            assert!(secrets(prose).is_empty(), "{prose}: {:?}", secrets(prose));
        }
    }
}
