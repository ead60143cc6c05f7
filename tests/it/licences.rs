//! Every dependency's licence is one that a program under MIT may be shipped with.

use std::process::Command;

const ALLOWED: [&str; 13] = [
    "MIT",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "MPL-2.0",
    "Unicode-3.0",
    "Zlib",
    "0BSD",
    "BSL-1.0",
    "CC0-1.0",
    "Unlicense",
];
/// Data, not code: the list of root certificates.
const ALLOWED_DATA: [&str; 1] = ["CDLA-Permissive-2.0"];

#[test]
fn every_dependency_has_a_licence_we_may_ship() {
    let tree = tree();
    let unknown: Vec<&(String, String)> = tree.iter().filter(|(_, licence)| !may_ship(licence)).collect();
    assert!(unknown.is_empty(), "{unknown:#?}");
}

#[test]
fn one_tls_provider_and_no_c_library_of_the_system() {
    for (package, _) in tree() {
        for banned in ["aws-lc-rs ", "aws-lc-sys ", "openssl ", "native-tls "] {
            assert!(!package.starts_with(banned), "{package} is in the program");
        }
    }
}

/// What the program is built from: package and licence expression.
fn tree() -> Vec<(String, String)> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--locked", "-e", "normal,build", "--prefix", "none", "--format", "{p}|{l}"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let rows = text.lines().filter_map(|line| line.trim_end_matches(" (*)").split_once('|'));
    let tree: Vec<(String, String)> =
        rows.map(|(p, l)| (p.to_owned(), l.trim_end_matches(" (*)").to_owned())).collect();
    assert!(tree.len() > 100, "the whole tree was read: {}", String::from_utf8_lossy(&output.stderr));
    tree
}

/// Whether one choice of the expression is allowed as a whole. Parentheses occur only around a choice.
fn may_ship(expression: &str) -> bool {
    let plain = expression.replace(['(', ')'], "").replace('/', " OR ");
    let known = |term: &str| ALLOWED.contains(&term) || ALLOWED_DATA.contains(&term);
    plain.split(" AND ").all(|choice| choice.split(" OR ").any(|term| known(term.trim())))
}
