//! The README's key table comes from the table of actions.
//!
//! `TRIALOGUE_WRITE_README=1 cargo test --test it readme` writes it anew.

use std::fmt::Write as _;
use std::path::Path;

use trialogue::tui::app::Keymap;
use trialogue::tui::app::action::Context;

const BEGIN: &str = "<!-- keys: generated from the table of actions; a test keeps it so -->\n";
const END: &str = "<!-- /keys -->";

#[test]
fn the_key_table_is_the_one_in_force() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = readme.split_once(BEGIN).expect("the table's beginning");
    let (kept, after) = rest.split_once(END).expect("the table's end");
    if std::env::var_os("TRIALOGUE_WRITE_README").is_some() {
        std::fs::write(&path, format!("{before}{BEGIN}{}{END}{after}", table())).unwrap();
        return;
    }
    assert_eq!(kept, table(), "TRIALOGUE_WRITE_README=1 cargo test --test it readme writes it anew");
}

fn table() -> String {
    let keymap = Keymap::default();
    let mut table = String::from("\n| where | keys |\n|---|---|\n");
    for context in Context::ALL {
        let place = match context {
            Context::Write => "Write".to_owned(),
            Context::Read => "Read (Esc)".to_owned(),
            Context::Leader => keymap.leader().to_string(),
            Context::Any => "anywhere".to_owned(),
        };
        let groups = keymap.grouped(context);
        let cells: Vec<String> =
            groups.iter().map(|(keys, label)| format!("`{}` {label}", keys.replace('|', "\\|"))).collect();
        let _ = writeln!(table, "| {place} | {} |", cells.join(" · "));
    }
    table.push('\n');
    table
}
