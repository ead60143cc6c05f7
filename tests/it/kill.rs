//! The program is ended with `kill -9` at random moments while panes stream; nothing that was acknowledged is lost.
//!
//! Briefs cross meanwhile in a test of their own: each is there, in effect once, and paid for once.
//!
//! A message counts as acknowledged when its request reached the model server: a request leaves only after its message
//! is on disk. Answers that were under way are kept as interrupted, with the text that had been saved.

use std::collections::BTreeSet;

use crate::pty::server::Server;
use crate::pty::{Home, Screen};

/// How many times the program is killed, in all.
const KILLS: usize = 204;
/// How many kills one workspace survives before a fresh one is taken.
const KILLS_PER_WORKSPACE: usize = 17;

#[test]
fn nothing_acknowledged_is_lost_by_two_hundred_kills() {
    let workers = 2;
    let per_worker = KILLS / KILLS_PER_WORKSPACE / workers;
    std::thread::scope(|scope| {
        for worker in 0..workers {
            scope.spawn(move || {
                for round in 0..per_worker {
                    survive((worker * per_worker + round) as u64);
                }
            });
        }
    });
    assert_eq!(workers * per_worker * KILLS_PER_WORKSPACE, KILLS);
}

/// How many times the program is killed while briefs cross, in all.
const CROSSING_KILLS: usize = 60;

#[test]
fn briefs_are_in_effect_once_however_often_it_is_killed() {
    let workers = 2;
    std::thread::scope(|scope| {
        for worker in 0..workers {
            scope.spawn(move || cross(worker as u64, CROSSING_KILLS / workers));
        }
    });
}

/// One workspace in which briefs cross, from shells, while the screen that holds it is killed again and again.
fn cross(seed: u64, kills: usize) {
    let server = Server::start();
    let home = Home::new();
    home.configure(&server.config());
    let mut dice = Dice(seed + 77);
    let mut acknowledged: BTreeSet<String> = BTreeSet::new();
    for life in 0..kills {
        let when = format!("seed {seed}, life {life}");
        let mut screen = Screen::start(&home, &[], 24, 100);
        screen.sees("WRITE");
        let asked_before = server.asked();
        if dice.below(3) == 0 {
            // A receiver that is busy when the brief comes.
            screen.keys(&format!("<C-x>2<C-u><C-u>busy{seed}-{life} tokens=300 rate=400<Enter>"));
        }
        let objective = format!("compare{seed}-{life} tokens={} rate=400", [2, 200][dice.below(2)]);
        let asks = ["brief", "--from", "research", "--to", "drafting", "--message", "none", "--objective", &objective];
        let several = [&asks[..], &["--to", "synthesis"]].concat();
        let asks = if dice.below(2) == 0 { &asks[..] } else { &several[..] };
        let moment = dice.below(4);
        let (code, out, err) = std::thread::scope(|scope| {
            let command = scope.spawn(|| home.run(asks));
            match moment {
                // At once: the command may not even have found the screen.
                0 => {}
                // As soon as a request is out.
                1 => server.until_asked(asked_before + 1),
                // As soon as the screen tells of it.
                2 => drop(screen.until("a brief", |text| text.contains("brief"))),
                // When the command has its answer.
                _ => {
                    let told = command.join().unwrap();
                    screen.kill();
                    return told;
                }
            }
            screen.kill();
            command.join().unwrap()
        });
        if code == 0 {
            acknowledged.extend(out.lines().filter_map(|line| line.split_whitespace().last()).map(str::to_owned));
        }
        check_crossing(&home, &server, &acknowledged, &format!("{when}, moment {moment}: {out}{err}"));
    }
    assert!(acknowledged.len() > kills / 4, "seed {seed}: hardly any brief was acknowledged");
    // Opened once more, what broke off is interrupted, and nothing is asked again.
    let asked = server.asked();
    let mut screen = Screen::start(&home, &[], 24, 100);
    screen.sees("WRITE");
    screen.keys("<C-x>i");
    screen.sees("What needs you");
    screen.keys("q");
    screen.misses("What needs you");
    screen.keys("<C-x>q");
    assert!(screen.ends().success());
    assert_eq!(server.asked(), asked, "seed {seed}: nothing is bought again by itself");
    let mut states = BTreeSet::new();
    for brief in &acknowledged {
        let traced = home.run(&["trace", brief, "--json"]).1;
        let traced = traced.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        states.extend(traced.map(|brief| brief["state"]["state"].as_str().unwrap_or_default().to_owned()));
    }
    assert!(!states.contains("accepted") && states.contains("returned"), "seed {seed}: {states:?}");
}

/// Every acknowledged brief is there; each stands in its receiver once at most, its report in each asker once at most,
/// and its request left once at most.
fn check_crossing(home: &Home, server: &Server, acknowledged: &BTreeSet<String>, when: &str) {
    let (code, out, err) = home.run(&["doctor"]);
    assert_eq!(code, 0, "{when}: doctor is not content:\n{out}{err}");
    for brief in acknowledged {
        assert_eq!(home.run(&["trace", brief]).0, 0, "{when}: acknowledged and lost: {brief}");
    }
    let export = export(home);
    let mut seen = BTreeSet::new();
    for message in messages(&export) {
        let about = &message["about"];
        if about.is_object() {
            let place = (about.to_string(), message["conversation"].to_string());
            assert!(seen.insert(place), "{when}: twice in one conversation: {message}");
        }
    }
    let mut bought = BTreeSet::new();
    // What nobody answered stands before it in the same request.
    for question in server.questions().iter().filter(|question| question.trim_end().ends_with("could not find.")) {
        let heading = question.lines().rfind(|line| line.starts_with("# Brief ")).unwrap_or_default().to_owned();
        assert!(bought.insert(heading), "{when}: bought twice: {question}");
    }
}

/// One workspace, killed again and again.
fn survive(seed: u64) {
    let server = Server::start();
    let home = Home::new();
    home.configure(&server.config());
    let mut dice = Dice(seed + 1);
    let mut acknowledged: BTreeSet<String> = BTreeSet::new();
    for life in 0..KILLS_PER_WORKSPACE {
        let mut screen = Screen::start(&home, &[], 50, 200);
        screen.sees("WRITE");
        let asked_before = server.asked();
        let panes = 1 + dice.below(3);
        let mut sent = Vec::new();
        for pane in 1..=panes {
            let question = format!("seed{seed}life{life}pane{pane} tokens=3000 rate=400");
            screen.keys(&format!("<C-x>{pane}<C-u><C-u>{question}<Enter>"));
            sent.push(question);
        }
        match dice.below(4) {
            // At once: some of the messages may not even have been read from the terminal.
            0 => {}
            // As soon as the last request is out.
            1 => server.until_asked(asked_before + panes),
            // In the middle of the answers.
            _ => {
                server.until_asked(asked_before + panes);
                let token = format!("w{} ", 20 + dice.below(300));
                screen.until("the middle of an answer", |text| text.contains(&token));
            }
        }
        screen.kill();
        // The server saw these, so each was on disk before.
        let questions = server.questions();
        acknowledged.extend(sent.into_iter().filter(|sent| questions.iter().any(|question| question.ends_with(sent))));
        check(&home, &acknowledged, &format!("seed {seed}, life {life}"));
    }
    // Opened once more, every turn has ended, and the broken ones say so.
    let mut screen = Screen::start(&home, &[], 50, 200);
    screen.sees("WRITE");
    screen.keys("<C-x>q");
    assert!(screen.ends().success());
    let export = export(&home);
    let answers: Vec<&serde_json::Value> = messages(&export).into_iter().filter(|m| m["author"] == "model").collect();
    assert!(!answers.is_empty(), "seed {seed}: no partial answer was kept");
    for answer in answers {
        assert_eq!(answer["ending"]["ending"], "interrupted", "seed {seed}: {answer}");
        assert!(text(answer).starts_with("w0 w1"), "seed {seed}: {answer}");
    }
}

/// What a person would do after a crash: look whether everything is there.
fn check(home: &Home, acknowledged: &BTreeSet<String>, when: &str) {
    let (code, out, err) = home.run(&["doctor"]);
    assert_eq!(code, 0, "{when}: doctor is not content:\n{out}{err}");
    let export = export(home);
    let kept: BTreeSet<String> = messages(&export).into_iter().map(text).collect();
    for question in acknowledged {
        assert!(kept.contains(question), "{when}: acknowledged and lost: {question}");
    }
}

fn export(home: &Home) -> serde_json::Value {
    let (code, out, err) = home.run(&["export", "--format", "json"]);
    assert_eq!(code, 0, "{err}");
    serde_json::from_str(&out).unwrap()
}

/// Every message in an export, whatever its shape around them.
fn messages(value: &serde_json::Value) -> Vec<&serde_json::Value> {
    match value {
        serde_json::Value::Object(object) if object.contains_key("author") => vec![value],
        serde_json::Value::Object(object) => object.values().flat_map(messages).collect(),
        serde_json::Value::Array(array) => array.iter().flat_map(messages).collect(),
        _ => Vec::new(),
    }
}

fn text(message: &serde_json::Value) -> String {
    let parts = message["parts"].as_array().cloned().unwrap_or_default();
    parts.iter().filter(|part| part["part"] == "text").filter_map(|part| part["text"].as_str()).collect()
}

/// Seeded chance (a linear congruential generator: any spread will do).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }
}
