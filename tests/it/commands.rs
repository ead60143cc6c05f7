//! The command line as scripts use it: what goes to stdout and stderr, and the exit codes.

use std::io::Write as _;
use std::process::Stdio;

use serde_json::Value;

use crate::pty::Home;
use crate::pty::server::Server;

/// Runs a command that must be done, and returns its stdout.
#[track_caller]
fn done(home: &Home, arguments: &[&str]) -> String {
    let (code, out, err) = home.run(arguments);
    assert_eq!(code, 0, "{arguments:?}:\n{out}{err}");
    out
}

/// Runs a command that must end with this code, and returns its stderr.
#[track_caller]
fn ends(home: &Home, arguments: &[&str], expected: i32) -> String {
    let (code, out, err) = home.run(arguments);
    assert_eq!(code, expected, "{arguments:?}:\n{out}{err}");
    err
}

fn lines(out: &str) -> Vec<Value> {
    out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn feed(home: &Home, arguments: &[&str], stdin: &[u8]) -> std::process::Output {
    let mut command = home.command(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(stdin).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn a_fresh_machine_answers_the_sample_and_keeps_it() {
    let home = Home::new();
    let (code, out, err) =
        home.run(&["ask", "research", "Compare the three price offers", "--file", "@sample/offers.md"]);
    assert_eq!(code, 0, "{err}");
    assert!(err.starts_with("Made the workspace trio in "), "{err}");
    assert!(out.contains("Northwind") && out.ends_with('\n'), "{out}");
    let listed = lines(&done(&home, &["list", "--json"]));
    assert_eq!(listed.len(), 1);
    assert_eq!((&listed[0]["name"], &listed[0]["messages"]), (&"trio".into(), &2.into()));
    let answer = done(&home, &["show", "research/m2"]);
    assert!(answer.contains(out.trim_end()), "{answer}");
    let question = lines(&done(&home, &["show", "research/m1", "--json"]));
    assert_eq!(question[0]["message"]["parts"][0]["text"], "Compare the three price offers");
}

#[test]
fn an_answer_streams_as_json_lines_and_ends_whole() {
    let server = Server::start();
    let home = Home::new();
    home.configure(&server.config());
    let printed = lines(&done(&home, &["ask", "drafting", "tokens=40 rate=2000", "--json"]));
    let (answer, pieces) = printed.split_last().unwrap();
    assert_eq!(answer["type"], "answer");
    assert_eq!(
        (&answer["pane"], &answer["number"], &answer["model"]),
        (&"drafting".into(), &2.into(), &"mock/words".into())
    );
    assert!(pieces.iter().all(|piece| piece["type"] == "delta"));
    let streamed: String = pieces.iter().filter_map(|piece| piece["text"].as_str()).collect();
    assert_eq!(answer["text"], streamed.as_str());
    assert!(streamed.starts_with("w0 w1 "), "{streamed}");
    let id = answer["message"].as_str().unwrap();
    for name in [id, &id[id.len() - 8..], "drafting/m2"] {
        assert!(done(&home, &["show", name]).contains("w0 w1 "), "{name}");
    }
}

#[test]
fn a_question_comes_from_stdin_and_files_go_along() {
    let server = Server::start();
    let home = Home::new();
    home.configure(&server.config());
    let notes = home.config().join("notes.md");
    std::fs::write(&notes, "Heron costs 31.").unwrap();
    let output =
        feed(&home, &["ask", "research", "-", "--file", notes.to_str().unwrap()], "grüß dich tokens=3".as_bytes());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let asked = server.questions().concat();
    assert!(asked.contains("grüß dich") && asked.contains("Heron costs 31."), "{asked}");
    let output = feed(&home, &["ask", "research", "-"], b"\xff\xfe");
    assert_eq!(output.status.code(), Some(2));
    let output = feed(&home, &["ask", "research", "-"], b" \n");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn two_commands_at_once_share_the_workspace() {
    let server = Server::start();
    let home = Home::new();
    home.configure(&server.config());
    done(&home, &["new", "shared"]);
    std::thread::scope(|scope| {
        let asking: Vec<_> = ["research", "drafting", "synthesis"]
            .into_iter()
            .map(|pane| scope.spawn(|| done(&home, &["ask", pane, "tokens=200 rate=400", "-w", "shared"])))
            .collect();
        for asked in asking {
            let answer = asked.join().unwrap();
            assert!(answer.contains(" w199"), "{answer}");
        }
    });
    let listed = lines(&done(&home, &["list", "--json"]));
    assert_eq!(listed[0]["messages"], 6);
}

#[test]
fn a_provider_that_fails_is_exit_3_and_a_pane_that_is_not_there_exit_2() {
    let server = Server::start();
    let home = Home::new();
    home.configure(&server.config());
    let err = ends(&home, &["ask", "research", "status=401"], 3);
    assert!(err.contains("401"), "{err}");
    let err = ends(&home, &["ask", "reserch", "hello"], 2);
    assert!(err.contains("There is no pane `reserch`") && err.contains("Did you mean `research`?"), "{err}");
    let err = ends(&home, &["ask", "research", "hello", "--file", "no-such-file.md"], 2);
    assert!(err.contains("no-such-file.md can't be read"), "{err}");
    ends(&home, &["ask"], 2);
}

#[test]
fn a_sealed_pane_refuses_a_model_elsewhere_with_exit_4() {
    let server = Server::start();
    let home = Home::new();
    home.configure(&server.config().replace(", local: true", ""));
    done(&home, &["new", "sealed", "--template", "client"]);
    let err = ends(&home, &["ask", "client", "hello"], 4);
    assert!(err.contains("sealed"), "{err}");
    assert!(server.questions().is_empty(), "nothing has left this machine");
}

#[cfg(unix)]
#[test]
fn a_stopped_answer_is_kept_as_interrupted() {
    let server = Server::start();
    let home = Home::new();
    home.configure(&server.config());
    let mut command = home.command(&["ask", "research", "tokens=100000 rate=100"]);
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    server.until_asked(1);
    let sent = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("Stopped. What had come is kept."));
    assert_eq!(ends(&home, &["doctor"], 0), "");
}

#[test]
fn new_makes_workspaces_from_templates_and_never_overwrites_one() {
    let home = Home::new();
    let made = lines(&done(&home, &["new", "acme", "--template", "council", "--json"]));
    assert_eq!(made[0]["panes"], serde_json::json!(["first", "second", "third", "chair"]));
    let err = ends(&home, &["new", "acme"], 1);
    assert!(err.contains("there is a workspace in") && err.contains("already"), "{err}");
    let err = ends(&home, &["new", "other", "--template", "counsil"], 2);
    assert!(err.contains("Did you mean `council`?"), "{err}");
    ends(&home, &["new", "a b"], 2);
    done(&home, &["new", "./folder", "--template", "solo"]);
    done(&home, &["ask", "main", "One line about seals: they swim.", "-w", "./folder"]);
    let listed = lines(&done(&home, &["list", "--json"]));
    let names: Vec<&str> = listed.iter().map(|workspace| workspace["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["acme", "folder"]);
    let err = ends(&home, &["ask", "first", "hello", "-w", "acmee"], 2);
    assert!(err.contains("Did you mean `acme`?"), "{err}");
}

#[test]
fn search_looks_into_all_workspaces() {
    let home = Home::new();
    for (workspace, animal) in [("north", "walrus"), ("south", "penguin")] {
        done(&home, &["new", workspace, "--template", "solo"]);
        done(&home, &["ask", "main", &format!("The {animal} swims in cold water."), "-w", workspace]);
    }
    let hits = lines(&done(&home, &["search", "cold", "water", "--json"]));
    let mut workspaces: Vec<&str> = hits.iter().map(|hit| hit["workspace"].as_str().unwrap()).collect();
    workspaces.dedup();
    assert_eq!(workspaces, ["north", "south"]);
    let line = done(&home, &["search", "walrus"]);
    assert!(line.starts_with("north  main/m") && line.contains("walrus"), "{line}");
    assert_eq!(done(&home, &["search", "walrus", "-w", "south"]), "");
    // What search prints, show takes, whichever workspace was used last.
    let ending = line.split_whitespace().nth(4).unwrap();
    assert!(done(&home, &["show", ending]).contains("walrus"));
    let err = ends(&home, &["show", "00000000"], 2);
    assert!(err.contains("There is no message `00000000`"), "{err}");
}

#[test]
fn forget_asks_a_person_and_erases_for_good() {
    let home = Home::new();
    done(&home, &["ask", "research", "The password of the vault is swordfish."]);
    let err = ends(&home, &["forget", "research/m1"], 5);
    assert!(err.contains("--yes erases without asking"), "{err}");
    assert!(!done(&home, &["search", "swordfish"]).is_empty());
    done(&home, &["forget", "research/m1", "--yes"]);
    let err = ends(&home, &["show", "research/m1"], 1);
    assert!(err.contains("research/m1 was erased"), "{err}");
    let out = done(&home, &["forget", "research", "--yes"]);
    assert_eq!(out, "Erased everything said in research (1 conversation) of trio.\n");
    assert_eq!(done(&home, &["search", "swordfish"]), "");
    let folder = home.data().join("workspaces/trio");
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap_or_default();
        assert!(!bytes.windows(9).any(|window| window == b"swordfish"), "{} still has it", path.display());
    }
    let err = ends(&home, &["forget", "reserch", "--yes"], 2);
    assert!(err.contains("Did you mean `research`?"), "{err}");
}

#[test]
fn an_export_is_whole_safe_and_never_overwrites() {
    let home = Home::new();
    let nasty = "<script>alert(1)</script> & \u{1b}[2J \u{202E}";
    done(&home, &["ask", "research", nasty]);
    let markdown = done(&home, &["export", "--format", "md"]);
    assert!(markdown.starts_with("# trio\n\n## research (open)\n\n### research/m1 · you · "), "{markdown}");
    assert!(markdown.contains(nasty), "text is kept as it was received");
    let html = done(&home, &["export", "--format", "html", "--pane", "research"]);
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp;"), "{html}");
    assert!(!html.contains(['\u{1b}', '\u{202E}']) && !html.contains("<script"), "{html}");
    let json: Value = serde_json::from_str(&done(&home, &["export", "--format", "json"])).unwrap();
    let said: Vec<&Value> =
        json["conversations"].as_array().unwrap().iter().flat_map(|c| c["messages"].as_array().unwrap()).collect();
    assert_eq!(said.len(), 2);
    assert_eq!(said[0]["parts"][0]["text"], nasty);
    done(&home, &["export", "--format", "md", "-o", "out.md"]);
    let err = ends(&home, &["export", "--format", "md", "-o", "out.md"], 1);
    assert!(err.contains("out.md is there already: --force overwrites it."), "{err}");
    done(&home, &["export", "--format", "md", "-o", "out.md", "--force"]);
    let err = ends(&home, &["export", "--format", "md", "--pane", "resaerch"], 2);
    assert!(err.contains("Did you mean `research`?"), "{err}");
}

#[test]
fn doctor_says_that_a_key_is_there_and_never_shows_it() {
    let home = Home::new();
    home.configure("providers:\n  cloud: {kind: openai, key: {env: SOME_KEY}}\nmodel: cloud/x\n");
    let run = |key: Option<&str>| {
        let mut command = home.command(&["doctor"]);
        if let Some(key) = key {
            command.env("SOME_KEY", key);
        }
        let output = command.output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(run(None).contains("SOME_KEY is not set: export SOME_KEY=…"));
    assert!(run(None).contains(": 1 provider, model cloud/x"));
    let set = run(Some("sk-very-secret"));
    assert!(set.contains("SOME_KEY is set") && !set.contains("secret"), "{set}");
}

#[test]
fn doctor_rebuilds_a_journal() {
    let home = Home::new();
    done(&home, &["ask", "research", "Seals swim."]);
    let out = done(&home, &["doctor", "--rebuild"]);
    assert!(out.contains("anew from"), "{out}");
    assert!(done(&home, &["show", "research/m1"]).contains("Seals swim."));
    let journal = home.data().join("workspaces/trio/journal.db");
    std::fs::write(&journal, "this is no database, whatever its name says").unwrap();
    let _ = std::fs::remove_file(journal.with_extension("db-wal"));
    let (code, out, _) = home.run(&["doctor"]);
    assert_eq!(code, 1, "{out}");
    assert!(out.contains("damaged"), "{out}");
}

#[test]
fn the_log_is_written_only_when_it_is_asked_for() {
    let home = Home::new();
    done(&home, &["ask", "research", "Seals swim."]);
    let log = home.data().join("trialogue.log");
    assert!(!log.exists());
    let output = home.command(&["list"]).env("TRIALOGUE_LOG", "trialogue=trace").output().unwrap();
    assert!(output.status.success() && log.exists());
    let output = home.command(&["list"]).env("TRIALOGUE_LOG", "=[").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn completions_and_the_manual_name_every_command() {
    let home = Home::new();
    for text in [done(&home, &["completions", "bash"]), done(&home, &["completions", "fish"]), done(&home, &["man"])] {
        for command in ["ask", "export", "forget", "doctor", "handoff"] {
            assert!(text.contains(command), "{command}");
        }
    }
    assert_eq!(home.run(&["--version"]).0, 0);
    ends(&home, &["completions", "nosh"], 2);
}

#[test]
fn without_a_terminal_the_screen_says_what_to_do() {
    let home = Home::new();
    let err = ends(&home, &[], 2);
    assert!(err.contains("The screen needs a terminal."), "{err}");
    let err = ends(&home, &["serch"], 2);
    assert!(err.contains("Did you mean `trialogue search`?"), "{err}");
}

#[test]
fn a_reader_that_leaves_early_is_no_failure() {
    let home = Home::new();
    done(&home, &["ask", "research", "Seals swim."]);
    let mut child = home.command(&["export", "--format", "json"]).stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_handoff_needs_no_workspace_and_keeps_to_its_budget() {
    let home = Home::new();
    let transcript = r#"[{"role":"user","content":"Never call Amara on Mondays. She moved to Porto in March, to 14 Rua das Flores, and pays 930 euros."}]"#;
    let output =
        feed(&home, &["handoff", "--transcript", "-", "--budget", "80%", "--extractive"], transcript.as_bytes());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("Never call Amara on Mondays."));
    let output = feed(&home, &["handoff", "--transcript", "-", "--budget", "80%", "--extractive"], b"[{,}]");
    assert_eq!(output.status.code(), Some(2));
    assert!(!home.data().exists(), "nothing was made");
}

#[test]
fn code_is_read_by_a_process_that_a_line_asks_and_that_ends_with_its_caller() {
    let asked = "[[\"rust\",\"let x = 1;\\n\"],[\"klingon\",\"x\\n\"]]\nno such line\n";
    let output = feed(&Home::new(), &["read-code"], asked.as_bytes());
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert!(lines[0].starts_with("[[{\"bytes\":3,\"token\":\"code_keyword\"}") && lines[0].ends_with(",[]]"), "{text}");
    assert_eq!(lines[1], "");
}
