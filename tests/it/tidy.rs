//! The walls of the house: who may import whom, how long a file may be, which words are banned from names.

use std::fs;
use std::path::{Path, PathBuf};

/// A source file: its path below `src`, and its text without its tests.
struct Source {
    path: String,
    text: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        let mut entries: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap().to_owned();
                let path = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
                sources.push(Source { path, text });
            }
        }
    }
    sources
}

fn is_test(path: &str) -> bool {
    path.contains("tests") || path.contains("simulation") || path.contains("harness") || path.contains("mock")
}

/// No file below `folder` (but those in `except`) may contain any of `words` in its code.
fn forbid(folder: &str, words: &[&str], except: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources() {
        if !source.path.starts_with(folder)
            || is_test(&source.path)
            || except.iter().any(|e| source.path.starts_with(e))
        {
            continue;
        }
        for (number, line) in source.text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            if let Some(word) = words.iter().find(|word| code.contains(**word)) {
                found.push(format!("src/{}:{}: {word}", source.path, number + 1));
            }
        }
    }
    found
}

#[track_caller]
fn none(found: &[String], rule: &str) {
    assert!(found.is_empty(), "{rule}:\n{}", found.join("\n"));
}

#[test]
fn the_engine_is_pure() {
    let world = ["tokio", "std::fs", "SystemTime", "Instant::now", "ratatui", "HashMap", "std::env", "rusqlite"];
    none(&forbid("engine/", &world, &[]), "the engine does no I/O and knows no clock");
    let ours = [
        "crate::provider",
        "crate::store",
        "crate::runtime",
        "crate::config",
        "crate::files",
        "crate::tui",
        "crate::cli",
    ];
    none(&forbid("engine/", &ours, &[]), "the engine imports nothing of ours");
}

#[test]
fn imports_flow_one_way() {
    let above_store = ["crate::runtime", "crate::tui", "crate::cli", "crate::provider"];
    none(&forbid("store/", &above_store, &[]), "the store knows engine types and files only");
    none(
        &forbid("provider/", &["crate::runtime", "crate::tui", "crate::cli", "crate::store"], &[]),
        "providers know engine types only",
    );
    none(&forbid("runtime/", &["crate::tui", "crate::cli"], &[]), "the runtime knows no front end");
    none(&forbid("tui/", &["crate::store", "crate::cli"], &[]), "the screen is a client");
    none(
        &forbid("config/", &["crate::runtime", "crate::tui::app", "crate::tui::ui", "crate::cli"], &[]),
        "configuration is values",
    );
}

/// The one exception reads the system's certificates, once, on a blocking thread: nothing outlives the call.
#[test]
fn only_the_runtime_spawns() {
    none(
        &forbid("", &["tokio::spawn", "spawn_blocking", "thread::spawn"], &["runtime/", "provider/client.rs"]),
        "only the runtime spawns",
    );
}

#[test]
fn only_the_theme_names_colours() {
    let colours =
        ["Color::Red", "Color::Green", "Color::Blue", "Color::Rgb", "Color::Indexed", "Color::Yellow", "Color::Cyan"];
    none(&forbid("", &colours, &["tui/theme"]), "only the theme names colours");
}

#[test]
fn files_stay_small_and_names_say_something() {
    let mut found = Vec::new();
    for source in sources() {
        let lines = source.text.lines().count();
        if lines > 600 && !is_test(&source.path) {
            found.push(format!("src/{}: {lines} lines", source.path));
        }
        for banned in ["Manager", "Helper", "Service", "fn process_", "fn do_"] {
            let declared = |line: &str| {
                let line = line.trim_start();
                ["struct ", "enum ", "trait ", "fn ", "mod "].iter().any(|word| line.contains(word))
                    && line.contains(banned)
            };
            if source.text.lines().any(|line| declared(line) && !line.starts_with("//")) {
                found.push(format!("src/{}: {banned}", source.path));
            }
        }
    }
    none(&found, "files over 600 lines, and names that say nothing");
}
