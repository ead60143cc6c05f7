//! Files whose names begin in a certain way, for whoever completes a name.

use std::path::Path;

/// The files and folders that a spelled path may be the beginning of, sorted; folders end with a slash. `samples` are
/// embedded texts by name. Left out is a name with other white space in it than plain spaces: nobody could tell it from
/// two words.
pub fn of(spelled: &str, samples: &[&str]) -> Vec<String> {
    let (folder, stem) = spelled.rfind('/').map_or(("", spelled), |slash| spelled.split_at(slash + 1));
    let here = if folder.is_empty() { Path::new(".") } else { Path::new(folder) };
    let entries = std::fs::read_dir(here).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let is_asked_for = name.starts_with(stem) && (stem.starts_with('.') || !name.starts_with('.'));
            if !is_asked_for || name.contains(|c: char| c.is_whitespace() && c != ' ') {
                return None;
            }
            // What a link points to, not the link.
            let is_folder = std::fs::metadata(entry.path()).is_ok_and(|found| found.is_dir());
            Some(format!("{folder}{name}{}", if is_folder { "/" } else { "" }))
        })
        .chain(samples.iter().filter(|sample| sample.starts_with(spelled)).map(|sample| (*sample).to_owned()))
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_begin_as_they_are_spelled_and_folders_end_with_a_slash() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| format!("{}/{name}", folder.path().display());
        for name in ["offers.md", "old.md", ".hidden", "two words.md", "two\nlines.md"] {
            std::fs::write(at(name), "x").unwrap();
        }
        std::fs::create_dir(at("other")).unwrap();
        assert_eq!(of(&at("o"), &[]), [at("offers.md"), at("old.md"), at("other/")]);
        assert_eq!(of(&at(""), &[]), [at("offers.md"), at("old.md"), at("other/"), at("two words.md")]);
        assert_eq!(of(&at("two w"), &[]), [at("two words.md")]);
        assert_eq!(of(&at(".h"), &[]), [at(".hidden")]);
        assert_eq!(of(&at("none/x"), &[]), Vec::<String>::new());
        assert_eq!(of("sam-no-such", &["sam-no-such/offers.md"]), ["sam-no-such/offers.md"]);
    }
}
