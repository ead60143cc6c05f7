//! What must hold of every answer, and the answers to the sample.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use proptest::prelude::*;

use super::source::FIRST_LINE;
use super::{Offline, SAMPLE, SAMPLE_NAME, SAMPLE_QUESTION};
use crate::engine::locality::Outbound;
use crate::engine::message::{Author, Ending};
use crate::engine::model::ModelRef;
use crate::engine::prompt::{Limits, Request, Said};
use crate::engine::redaction::LeakCheck;
use crate::provider::{Piece, Provider};

fn outbound(pane: &str, text: &str) -> Outbound {
    checked(request(pane, text))
}

fn checked(request: Request) -> Outbound {
    Outbound::check(request, Arc::new(LeakCheck::new([]))).unwrap()
}

fn request(pane: &str, text: &str) -> Request {
    let said = vec![Said { by: Author::Person, text: Arc::from(text) }];
    Request {
        model: ModelRef::offline(),
        pane: pane.to_owned(),
        system: "".into(),
        said,
        max_output: None,
        limits: Limits::default(),
    }
}

/// Everything that is streamed, and how long that takes on a clock that nobody waits for.
fn streamed(outbound: Outbound) -> (Vec<Piece>, Duration) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let begun = tokio::time::Instant::now();
        let pieces: Vec<Piece> = Offline.stream(outbound).map(Result::unwrap).collect().await;
        (pieces, begun.elapsed())
    })
}

fn text(pieces: &[Piece]) -> String {
    pieces.iter().filter_map(|piece| if let Piece::Text(text) = piece { Some(text.as_str()) } else { None }).collect()
}

fn answer(pane: &str, question: &str, texts: &[(&str, &str)]) -> String {
    let mut message = question.to_owned();
    for (name, body) in texts {
        message = format!("{message}\n\n``````text {name}\n{body}\n``````");
    }
    text(&streamed(outbound(pane, &message)).0)
}

fn sample(pane: &str) -> String {
    answer(pane, SAMPLE_QUESTION, &[(SAMPLE_NAME, SAMPLE)])
}

/// Without line breaks, and with the marks gone that a quote loses.
fn folded(text: &str) -> String {
    text.split_whitespace().filter(|word| !matches!(*word, ">" | "-" | "*" | "#")).collect::<Vec<_>>().join(" ")
}

fn quotes(answer: &str) -> Vec<String> {
    let ours = |line: &&str| !line.contains(" against “") && !line.starts_with("Not a word");
    let pieces = answer.lines().filter(ours).flat_map(|line| line.split('“').skip(1).collect::<Vec<_>>());
    pieces.filter_map(|piece| piece.split_once('”')).map(|(quote, _)| folded(quote)).collect()
}

/// The numbers of an answer without those that are its own: lines, counts, the numbers of headings and messages.
fn numbers(answer: &str) -> Vec<String> {
    let own = regex::Regex::new(
        r"lines? \d+(–\d+)?|\d+ lines?|Agreed by \d+|### \d+\.|\d+ more (rows|differences|definitions)|and \d+ more|\bm\d+\b|\(\d+\)",
    )
    .unwrap();
    let digits = regex::Regex::new(r"\d+").unwrap();
    let rest = own.replace_all(answer, " ").into_owned();
    digits.find_iter(&rest).map(|found| found.as_str().to_owned()).collect()
}

fn check(answer: &str, given: &str) {
    assert!(answer.starts_with(FIRST_LINE), "{answer}");
    assert!(answer.len() <= 12_100, "{}", answer.len());
    let given = folded(given);
    for quote in quotes(answer) {
        assert!(given.contains(&quote), "not in the text: {quote:?}\n{given}");
    }
    for number in numbers(answer) {
        assert!(given.contains(&number), "invented: {number}\n{answer}");
    }
}

#[test]
fn research_sets_the_offers_side_by_side() {
    insta::assert_snapshot!(sample("research"));
}

#[test]
fn drafting_outlines_the_offers() {
    insta::assert_snapshot!(sample("drafting"));
}

#[test]
fn synthesis_tells_what_each_offer_alone_says() {
    insta::assert_snapshot!(sample("synthesis"));
}

#[test]
fn the_sample_is_quoted_word_for_word_with_its_own_numbers() {
    for pane in ["research", "drafting", "synthesis", "solo"] {
        check(&sample(pane), &format!("{SAMPLE_QUESTION} {SAMPLE_NAME} {SAMPLE}"));
        assert_eq!(sample(pane), sample(pane), "{pane}");
    }
}

const RESEARCH: &str = "The vendors differ in what a seat includes. Yearly terms are cheaper than monthly ones. \
    Contoso charges $28 per seat. Contoso waives the set-up fee. Support at Northwind answers within 4 hours.";
const DRAFTING: &str = "Yearly terms are cheaper than monthly terms.\nContoso charges $31 per seat.\n\
    Contoso does not waive the set-up fee.\nRenewal at Tailspin is monthly.\nA seat at Northwind costs $35.";

#[test]
fn planted_agreements_and_contradictions_are_found() {
    let answer = answer("synthesis", "Put them together.", &[("research m12", RESEARCH), ("drafting m7", DRAFTING)]);
    insta::assert_snapshot!(answer);
    check(&answer, &format!("{RESEARCH} {DRAFTING}"));
    let differ = answer.split("**They differ:**").nth(1).unwrap().split("**Only").next().unwrap();
    assert!(differ.contains("$28") && differ.contains("$31") && differ.contains("does not waive"), "{differ}");
    assert!(!differ.contains("$35"), "another vendor's price contradicts nobody: {differ}");
}

#[test]
fn the_question_decides_what_comes_first() {
    let text = "The office moved in spring. The rent is 900 euros a month. Plants stand in every room.\n\n\
        The lease ends on 3 May 2027. Everybody likes the kitchen. The lift was repaired twice.";
    for (question, expect) in [
        ("When does the lease end?", "The lease ends on 3 May 2027."),
        ("How much do we pay?", "The rent is 900 euros a month."),
        ("What about the kitchens?", "Everybody likes the kitchen."),
    ] {
        let answer = answer("research", question, &[("office.txt", text)]);
        assert_eq!(quotes(&answer).first().map(String::as_str), Some(expect), "{answer}");
    }
    let answer = answer("research", "What about the zeppelin?", &[("office.txt", text)]);
    assert!(answer.contains("“zeppelin”") && answer.contains("Not a word"), "{answer}");
}

#[test]
fn german_prose_is_read_like_english() {
    let text = "Protokoll vom 3. Mai 2026\n\nAnwesend waren Frau Dr. Holm und z.B. Herr Berg. Der Preis beträgt 28,50 € im Monat.\n\n\
        Es wurde beschlossen, dass die Daten im Haus bleiben müssen. Der Vertrag endet am 15. Juni.";
    let answer = answer("research", "Was kostet es?", &[("protokoll.txt", text)]);
    assert_eq!(quotes(&answer)[0], "Der Preis beträgt 28,50 € im Monat.");
    assert!(answer.contains("“Der Vertrag endet am 15. Juni.”"), "{answer}");
    check(&answer, &format!("{text} protokoll.txt"));
}

#[test]
fn a_table_answers_with_its_rows() {
    let csv = "vendor,seats,price\nNorthwind,20,$31\nContoso,50,$28\nTailspin,5,$35";
    let answer = answer("research", "What does Contoso charge?", &[("p.csv", csv)]);
    assert!(answer.contains("| Contoso | 50 | $28 |") && !answer.contains("Tailspin"), "{answer}");
}

#[test]
fn without_text_it_asks_for_some() {
    let (pieces, _) = streamed(outbound("research", "What is the capital of France?"));
    let answer = text(&pieces);
    assert!(answer.contains("no text here") && answer.contains("Ctrl-X m"), "{answer}");
    assert!(!answer.contains("Paris"));
}

#[test]
fn an_answer_streams_in_small_pieces_and_ends_properly() {
    let long = "The vendor raises the price of every seat by a tenth each year until somebody complains. ".repeat(40);
    for body in [SAMPLE.to_owned(), long] {
        let (pieces, took) = streamed(outbound("research", &format!("Read.\n```text a.md\n{body}\n```")));
        assert!(took <= Duration::from_millis(4_500), "{took:?}");
        let count = pieces.iter().filter(|piece| matches!(piece, Piece::Text(_))).count();
        assert!(count > 20 && pieces.iter().all(|piece| !matches!(piece, Piece::Text(text) if text.len() > 400)));
        assert!(matches!(pieces[count..], [Piece::Usage(usage), Piece::End(Ending::Complete)] if usage.estimated));
    }
}

#[test]
fn a_short_limit_is_kept_and_told() {
    let mut asked = request("research", &format!("Read.\n```text a.md\n{SAMPLE}\n```"));
    asked.max_output = Some(120);
    let (pieces, _) = streamed(checked(asked));
    assert!(text(&pieces).len() <= 400);
    assert_eq!(pieces.last(), Some(&Piece::End(Ending::Length)));
}

#[test]
fn hostile_texts_do_no_harm() {
    let deep = "> ".repeat(1_000) + "x";
    let wide = "|".repeat(5_000);
    let line = "word ".repeat(8_000);
    let cases = [
        "\u{0}\u{1b}[31m\u{202e}evil",
        "````",
        "---\n---",
        "| |\n|-|\n| |",
        ":",
        "::",
        "- ",
        "1.",
        "(a)",
        "**:** x",
        "“”",
        "…。!?",
        "٣٫١٤٪ of ۱۲",
        "ﷺ ﷽",
        "👩‍👩‍👧‍👦. 👍!",
        "a\u{301}\u{301}\u{301}.",
        "\u{feff}\u{feff}",
        "┌ x · y",
        "├──┤",
        "= = =\n- - -",
        "'''",
        "$",
        "1.2.3.4,5",
        "99999999999999999999999999999999",
        "0:0:0/0-0",
        "Nr. 1. 2. 3.",
        &deep,
        &wide,
        &line,
    ];
    for case in cases {
        for pane in ["research", "drafting", "synthesis"] {
            for name in ["a.md", "a.rs", "x m1", ""] {
                let answer = answer(pane, case.get(..20).unwrap_or(""), &[(name, case), ("b.md", SAMPLE)]);
                assert!(answer.starts_with(FIRST_LINE) && answer.len() <= 12_100, "{name} {case:.40}");
            }
        }
    }
}

/// Lines such as documents have them, put together anyhow.
fn document() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        "[A-Z][a-z]{2,8}( [a-z]{2,9}){3,12}[.!?]( [A-Z][a-z]{1,8}( [a-z]{2,7}){2,9} [0-9]{1,4}[.]){0,2}",
        "(- |\\* |> |# |## )[A-Z][a-z]{2,8}( [a-z]{2,9}){1,8}[.:]?",
        "[A-Z][a-z]{2,8}: [$€]?[0-9]{1,5}( [a-z]{2,6}){0,3}",
        "\\| [a-z]{1,6} \\| [0-9]{1,4} \\|",
        "[a-z]{1,5},[0-9]{1,3},[a-z]{1,5}",
        Just(String::new()),
        Just("The vendor must not raise the price by more than 7% before 2027.".to_owned()),
        Just("価格は3100円です。最低20席が必要です。".to_owned()),
    ];
    prop::collection::vec(line, 1..24).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn quotes_are_verbatim_and_numbers_are_given(one in document(), other in document(), question in "[a-z]{0,8}( [a-z]{2,6}){0,4}\\??") {
        for pane in ["research", "drafting", "synthesis"] {
            let answer = answer(pane, &question, &[("one.md", &one), ("left m4", &other)]);
            check(&answer, &format!("{question}\n{one}\n{other}"));
        }
    }

    #[test]
    fn no_text_makes_it_panic(pane in "research|drafting|synthesis", message in "(\\PC|[\n\t`>|:#.•-]){0,400}") {
        let (pieces, _) = streamed(outbound(&pane, &message));
        prop_assert!(text(&pieces).starts_with(FIRST_LINE));
        prop_assert!(matches!(pieces.last(), Some(Piece::End(_))));
    }
}
