//! Files that a person wrote wrongly: exit 2 with file, line, column, expectation and nearest known name.

use crate::pty::Home;

#[track_caller]
fn told(home: &Home, arguments: &[&str]) -> String {
    let (code, out, err) = home.run(arguments);
    assert_eq!(code, 2, "{arguments:?}:\n{out}{err}");
    assert!(!err.contains("panicked"), "{err}");
    err.replace(&home.config().parent().unwrap().display().to_string(), "HOME")
}

#[test]
fn a_wrong_config_is_told_with_an_excerpt() {
    let home = Home::new();
    home.configure("providers:\n  llama: {kind: openai, base_ulr: \"http://127.0.0.1:1/v1\"}\n");
    insta::assert_snapshot!(told(&home, &["list"]), @r#"
    trialogue: HOME/config/config.yaml:2:25: providers.llama: `base_ulr` is not a key here. Keys: kind, base_url, key, local, first_byte_seconds, idle_seconds. Did you mean `base_url`?
      |
    2 |   llama: {kind: openai, base_ulr: "http://127.0.0.1:1/v1"}
      |                         ^^^^^^^^
    "#);
}

#[test]
fn a_wrong_workspace_is_told_with_an_excerpt() {
    let home = Home::new();
    assert_eq!(home.run(&["new", "acme"]).0, 0);
    let file = home.data().join("workspaces/acme/workspace.yaml");
    std::fs::write(
        &file,
        "version: 1\nlayout: {columns: [a, reserch]}\npanes:\n  a: {}\n  research: {locality: guarded}\n",
    )
    .unwrap();
    insta::assert_snapshot!(told(&home, &["ask", "a", "hello"]), @r"
    trialogue: HOME/data/workspaces/acme/workspace.yaml:2:23: the layout names a pane `reserch` that is not under `panes`: a, research. Did you mean `research`?
      |
    2 | layout: {columns: [a, reserch]}
      |                       ^^^^^^^
    ");
    std::fs::write(&file, "version: 9\npanes: {a: {}}\n").unwrap();
    insta::assert_snapshot!(told(&home, &["ask", "a", "hello"]), @r"
    trialogue: HOME/data/workspaces/acme/workspace.yaml:1:10: a newer trialogue wrote this file (version 9; this one reads 1). Update trialogue.
      |
    1 | version: 9
      |          ^
    ");
}

#[test]
fn nothing_that_a_file_can_hold_makes_the_program_panic() {
    let home = Home::new();
    let nested = "[".repeat(4000);
    let bombs = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n";
    let cases = [
        "\u{0}",
        "[",
        "{",
        "- a\n",
        "a: b: c",
        "*x",
        "!!binary x",
        "providers: 1",
        "providers: {a: }",
        "model: []",
        "\tmodel: x",
        "leader: \u{1b}[2J",
        "theme: [\u{202E}",
        "? {a: b}",
        "<<: *x",
        "---\n---\n",
        "%YAML 9.9\n---\na: b",
        "model: \"\\ud800\"",
        "retries: 99999999999999999999999",
        "keys: ~\nkeys: ~",
        "mouse: maybe",
        &nested,
        bombs,
    ];
    for text in cases {
        home.configure(text);
        let (code, _, err) = home.run(&["list"]);
        assert_eq!(code, 2, "{text:?}: {err}");
        assert!(err.contains("config.yaml") && !err.contains("panicked"), "{text:?}: {err}");
        assert!(!err.contains(['\u{1b}', '\u{202E}', '\u{0}']), "{text:?}: {err:?}");
    }
    std::fs::write(home.config().join("config.yaml"), b"model: \xff\xfe\n").unwrap();
    assert!(told(&home, &["list"]).contains("config.yaml:1:8: expected UTF-8 text"));
}

#[test]
fn doctor_tells_a_wrong_config_among_the_rest() {
    let home = Home::new();
    home.configure("thme: dark\n");
    let (code, out, err) = home.run(&["doctor"]);
    assert_eq!(code, 2, "{err}");
    assert!(
        out.contains("config.yaml:1:1: `thme` is not a key here.") && out.contains("Did you mean `theme`?"),
        "{out}"
    );
    assert!(out.contains("terminal"), "the other looks are there too: {out}");
}

#[test]
fn a_wrong_theme_or_keymap_is_told_by_doctor() {
    let home = Home::new();
    home.configure("theme: trialogue-drak\nkeys: keys.yaml\n");
    std::fs::write(home.config().join("keys.yaml"), "read: {x: pinn}\n").unwrap();
    let (code, out, err) = home.run(&["doctor"]);
    assert_eq!(code, 2, "{out}{err}");
    assert!(out.contains("Did you mean `trialogue-dark`?"), "{out}");
    assert!(out.contains("keys.yaml:1:") && out.contains("Did you mean `pin`?"), "{out}");
}

#[cfg(unix)]
#[test]
fn a_data_folder_that_cannot_be_written_says_so() {
    let home = Home::new();
    std::fs::write(home.data(), "a file where the folder should be").unwrap();
    let (code, _, err) = home.run(&["new", "acme"]);
    assert_eq!(code, 1, "{err}");
    assert!(err.contains("can't be written to"), "{err}");
}
