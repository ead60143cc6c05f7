//! Measures masking against labelled sets: `cargo run --release --example eval_masking -- FOLDER`.
//!
//! FOLDER has `blns/*.json` (strings that break programs), `presidio/*.json` (documents with labelled spans, in characters) and `gitleaks/*.json` or `.json.gz`
//! (texts that a rule must or must not match). Every number is computed from what lies there. `--misses` shows what was missed.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a program for developers: it prints, and stops at the first thing that is wrong"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;
use trialogue::engine::redaction::{
    Detector, Dictionary, LeakCheck, Name, Policy, Vault, mask, restore, rules_that_match,
};

#[derive(Deserialize)]
struct Document {
    full_text: String,
    spans: Vec<Span>,
}

#[derive(Deserialize)]
struct Span {
    start_position: usize,
    end_position: usize,
    entity_type: String,
    entity_value: String,
}

#[derive(Deserialize)]
struct Case {
    rule: String,
    label: u8,
    text: String,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let misses = arguments.iter().any(|argument| argument == "--misses");
    let folder =
        arguments.iter().find(|argument| !argument.starts_with("--")).expect("name the folder with the labelled sets");
    for path in files(&Path::new(folder).join("gitleaks")) {
        let cases: Vec<Case> = serde_json::from_str(&read(&path)).expect("cases with rule, label and text");
        println!("\n# {} ({} cases)", path.display(), cases.len());
        secrets("each string alone", &cases, false);
        secrets("names of files above their texts", &with_names(cases), misses);
    }
    for path in files(&Path::new(folder).join("presidio")) {
        let documents: Vec<Document> = serde_json::from_str(&read(&path)).expect("documents with full_text and spans");
        println!("\n# {} ({} documents)", path.display(), documents.len());
        spans(&documents, misses);
        names(&documents);
        let texts: Vec<&str> = documents.iter().map(|document| document.full_text.as_str()).collect();
        laws(&texts);
        speed(&documents);
    }
    for path in files(&Path::new(folder).join("blns")) {
        let strings: Vec<String> = serde_json::from_str(&read(&path)).expect("a list of strings");
        println!("\n# {} ({} strings, and all of them as one text)", path.display(), strings.len());
        let whole = strings.join("\n");
        let texts: Vec<&str> = strings.iter().map(String::as_str).chain([whole.as_str()]).collect();
        laws(&texts);
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(folder) = fs::read_dir(folder) else { return Vec::new() };
    let entries = folder.filter_map(|entry| Some(entry.ok()?.path()));
    let mut files: Vec<PathBuf> = entries
        .filter(|path: &PathBuf| {
            path.to_string_lossy().ends_with(".json") || path.to_string_lossy().ends_with(".json.gz")
        })
        .collect();
    files.sort();
    files
}

fn read(path: &Path) -> String {
    if path.extension().is_some_and(|extension| extension == "gz") {
        let output = Command::new("gzip").arg("-dc").arg(path).stderr(Stdio::inherit()).output().expect("gzip");
        return String::from_utf8(output.stdout).expect("text in the archive");
    }
    fs::read_to_string(path).unwrap()
}

/// Character-level recall per kind and precision over all, by default and strict.
fn spans(documents: &[Document], misses: bool) {
    let detector = Detector::default();
    let mut table: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    let mut sums = [[0_usize; 2]; 2];
    let mut gold_sum = 0;
    let mut wrong: BTreeMap<String, usize> = BTreeMap::new();
    for document in documents {
        let length = document.full_text.chars().count();
        let seen =
            [false, true].map(|strict| covered(&detector, &document.full_text, Policy::EVERYTHING.strict(strict)));
        let mut gold = vec![false; length];
        for span in &document.spans {
            let row = table.entry(&span.entity_type).or_default();
            for at in span.start_position..span.end_position.min(length) {
                gold[at] = true;
                row[0] += 1;
                row[1] += usize::from(seen[0][at]);
                row[2] += usize::from(seen[1][at]);
            }
            let incomplete = (span.start_position..span.end_position).any(|at| !seen[1][at]);
            if misses && incomplete {
                println!(
                    "missed {} {:?} in {:?}",
                    span.entity_type,
                    span.entity_value,
                    document.full_text.chars().take(90).collect::<String>()
                );
            }
        }
        gold_sum += gold.iter().filter(|gold| **gold).count();
        for (sum, seen) in sums.iter_mut().zip(&seen) {
            sum[0] += seen.iter().zip(&gold).filter(|(seen, gold)| **seen && **gold).count();
            sum[1] += seen.iter().filter(|seen| **seen).count();
        }
        if misses {
            for replaced in
                mask(&document.full_text, &detector, &mut Vault::new("eval"), Policy::EVERYTHING.strict(true))
                    .replaced()
            {
                let start = document.full_text[..replaced.span.start].chars().count();
                let value = &document.full_text[replaced.span.clone()];
                if !gold[start..start + value.chars().count()].iter().any(|gold| *gold) {
                    *wrong.entry(format!("{} {value:?}", replaced.kind)).or_default() += 1;
                }
            }
        }
    }
    println!("{:<20} {:>8} {:>8} {:>8}", "kind (characters)", "gold", "recall", "strict");
    for (kind, [gold, default, strict]) in table {
        println!("{kind:<20} {gold:>8} {:>8.3} {:>8.3}", ratio(default, gold), ratio(strict, gold));
    }
    for (name, [right, all]) in ["all, default", "all, strict"].iter().zip(sums) {
        let (precision, recall) = (ratio(right, all), ratio(right, gold_sum));
        println!(
            "{name:<20} recall {recall:.3} precision {precision:.3} F2 {:.3}",
            5.0 * precision * recall / (4.0 * precision + recall)
        );
    }
    let mut wrong: Vec<_> = wrong.into_iter().collect();
    wrong.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    for (value, count) in wrong.iter().take(150) {
        println!("wrong {count:>4} {value}");
    }
}

fn covered(detector: &Detector, text: &str, policy: Policy) -> Vec<bool> {
    let mut at = vec![false; text.len()];
    for replaced in mask(text, detector, &mut Vault::new("eval"), policy).replaced() {
        at[replaced.span.clone()].fill(true);
    }
    text.char_indices().map(|(byte, _)| at[byte]).collect()
}

/// Every labelled person in a dictionary: each must be found in each document, in other spellings too, and none may leak.
fn names(documents: &[Document]) {
    let people: BTreeSet<&str> = documents
        .iter()
        .flat_map(|document| &document.spans)
        .filter(|span| span.entity_type == "PERSON")
        .map(|span| span.entity_value.as_str())
        .collect();
    let names = people.iter().map(|name| Name::new(*name, "person")).collect();
    let detector = Detector::new(&Dictionary { names, ..Dictionary::default() }).unwrap();
    let (mut all, mut found, mut leaks) = (0, 0, 0);
    for document in documents {
        for text in [document.full_text.clone(), document.full_text.to_uppercase(), document.full_text.to_lowercase()] {
            let plain = text == document.full_text;
            let mut vault = Vault::new("eval");
            let masked = mask(&text, &detector, &mut vault, Policy::EVERYTHING);
            leaks += LeakCheck::new([&vault]).leaks(masked.text()).len();
            let seen = covered(&detector, &text, Policy::EVERYTHING);
            for span in document.spans.iter().filter(|span| plain && span.entity_type == "PERSON") {
                all += 1;
                found += usize::from((span.start_position..span.end_position).all(|at| seen[at]));
            }
            for span in document.spans.iter().filter(|span| !plain && span.entity_type == "PERSON") {
                all += 1;
                let masked = masked.text().to_lowercase();
                found += usize::from(!masked.contains(&span.entity_value.to_lowercase()));
            }
        }
    }
    println!("names in a dictionary of {}: found {found} of {all}, leaks {leaks}", people.len());
}

/// Restoring is exact and masking idempotent on every document.
fn laws(texts: &[&str]) {
    let detector = Detector::default();
    let (mut exact, mut still, mut leaks) = (0, 0, 0);
    for text in texts {
        let mut vault = Vault::new("eval");
        let masked = mask(text, &detector, &mut vault, Policy::EVERYTHING.strict(true));
        exact += usize::from(restore(masked.text(), &vault) == **text);
        let again = mask(masked.text(), &detector, &mut Vault::new("eval"), Policy::EVERYTHING.strict(true));
        still += usize::from(again.text() == masked.text());
        leaks += LeakCheck::new([&vault]).leaks(masked.text()).len();
    }
    println!("strict: restored exactly {exact} of {}, masked again unchanged {still}, leaks {leaks}", texts.len());
}

/// Megabytes per second on one core: dense text is the labelled documents, prose their sentences with nothing labelled in them.
fn speed(documents: &[Document]) {
    let plain = |document: &&Document| document.spans.is_empty();
    let prose: Vec<&Document> = documents.iter().filter(plain).collect();
    let all: Vec<&Document> = documents.iter().collect();
    println!("{:<20} {:>6} {:>9} {:>9} {:>9} {:>9}   MB/s", "speed", "MB", "findings", "find", "mask", "leaks");
    for (name, documents, policy) in [
        ("prose", &prose, Policy::EVERYTHING),
        ("dense", &all, Policy::EVERYTHING),
        ("dense, strict", &all, Policy::EVERYTHING.strict(true)),
    ] {
        let text = repeated(documents);
        if !text.is_empty() {
            speed_of(name, &text, policy);
        }
    }
}

fn repeated(documents: &[&Document]) -> String {
    let mut text = String::new();
    while text.len() < 4 << 20 && !documents.is_empty() {
        for document in documents {
            text.push_str(&document.full_text);
            text.push_str("\n\n");
        }
    }
    text
}

fn speed_of(name: &str, text: &str, policy: Policy) {
    let detector = Detector::default();
    mask("warm password=1", &detector, &mut Vault::new("eval"), policy);
    let start = busy();
    let found = detector.find(text, policy).len();
    let find = busy() - start;
    let mut vault = Vault::new("eval");
    let start = busy();
    let masked = mask(text, &detector, &mut vault, policy);
    let whole = busy() - start;
    let start = busy();
    assert!(LeakCheck::new([&vault]).is_clean(masked.text()), "a value leaked");
    let check = busy() - start;
    let size = text.len() as f64 / 1e6;
    println!("  {name:<18} {size:>6.1} {found:>9} {:>9.1} {:>9.1} {:>9.1}", size / find, size / whole, size / check);
}

/// Seconds this thread was on a processor, where the system says; other programs' load doesn't count. Else the clock.
fn busy() -> f64 {
    let nanos = fs::read_to_string("/proc/thread-self/schedstat")
        .ok()
        .and_then(|text| text.split(' ').next()?.parse::<f64>().ok());
    nanos.map_or_else(|| std::time::UNIX_EPOCH.elapsed().unwrap().as_secs_f64(), |nanos| nanos / 1e9)
}

/// Some labels are of pairs, the name of a file and the text in it, and the set lists the name right before the text. As an
/// attachment shows them, they are one case: the name, a line's end, the text. A name whose text is missing stays alone.
fn with_names(cases: Vec<Case>) -> Vec<Case> {
    let mut joined: Vec<Case> = Vec::with_capacity(cases.len());
    for case in cases {
        match joined.last_mut() {
            Some(last)
                if is_file_name(&last.text)
                    && case.text.contains(char::is_whitespace)
                    && (&last.rule, last.label) == (&case.rule, case.label) =>
            {
                last.text = format!("{}\n{}", last.text, case.text);
            }
            _ => joined.push(case),
        }
    }
    joined
}

/// Whether a text is only the name of a file.
fn is_file_name(text: &str) -> bool {
    text.len() < 40
        && text.contains('.')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
        && text.rsplit('.').next().is_some_and(|extension| (2..=6).contains(&extension.len()))
}

/// Recall and false positives per rule, and over texts whatever the rule.
fn secrets(title: &str, cases: &[Case], misses: bool) {
    let detector = Detector::default();
    let mut rules: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
    let mut texts: BTreeMap<&str, (bool, bool)> = BTreeMap::new();
    for case in cases {
        let positive = case.label == 1;
        let matched = rules_that_match(&case.text);
        let hit = matched.contains(&case.rule.as_str());
        let row = rules.entry(&case.rule).or_default();
        row[usize::from(!positive) * 2] += 1;
        row[usize::from(!positive) * 2 + 1] += usize::from(hit);
        let blocked = mask(&case.text, &detector, &mut Vault::new("eval"), Policy::EVERYTHING)
            .replaced()
            .iter()
            .any(|r| r.blocked);
        let text = texts.entry(&case.text).or_insert((false, blocked));
        text.0 |= positive;
        if misses && hit != positive {
            println!(
                "{} {} {:?} matched {matched:?}",
                if positive { "missed" } else { "wrong " },
                case.rule,
                case.text.chars().take(200).collect::<String>()
            );
        }
    }
    println!("{title:<42} {:>9} {:>9}", "recall", "false");
    let mut sum = [0; 4];
    for (rule, row) in &rules {
        if misses && (row[1] < row[0] || row[3] > 0) {
            println!("  {rule:<40} {:>4}/{:<4} {:>4}/{:<4}", row[1], row[0], row[3], row[2]);
        }
        for (sum, value) in sum.iter_mut().zip(row) {
            *sum += value;
        }
    }
    println!(
        "  by the labelled rule {:>29.3} {:>9.3}   ({}/{}, {}/{})",
        ratio(sum[1], sum[0]),
        ratio(sum[3], sum[2]),
        sum[1],
        sum[0],
        sum[3],
        sum[2]
    );
    let positive = texts.values().filter(|(positive, _)| *positive).count();
    let hits = texts.values().filter(|(positive, hit)| *positive && *hit).count();
    let negative = texts.len() - positive;
    let wrong = texts.values().filter(|(positive, hit)| !*positive && *hit).count();
    println!(
        "  by any rule, each text once {:>22.3} {:>9.3}   ({hits}/{positive}, {wrong}/{negative})",
        ratio(hits, positive),
        ratio(wrong, negative)
    );
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}
