//! The keys in force, and what is wrong or doubtful in the file that changes them.

use std::collections::BTreeMap;

use crossterm::event::KeyEvent;

use crate::config::error::ConfigError;
use crate::config::keymap::{self, Binding, Context as FileContext};
use crate::config::source::{Source, Step};
use crate::config::user;
use crate::tui::app::Keymap;
use crate::tui::app::action::{Action, Context, Row, TABLE};
use crate::tui::arrival::{Objection, objection};
use crate::tui::key::{Code, Key};

use super::desk::Desk;

/// The keys in force, with what is doubtful in their file.
pub(super) fn read(desk: &Desk) -> anyhow::Result<(Keymap, Vec<ConfigError>)> {
    let mut keymap = Keymap::default();
    let mut doubts = Vec::new();
    if let Some(leader) = key(desk.user.leader) {
        keymap = keymap.with_leader(leader);
        if leader != Keymap::default().leader() {
            let config = Source::read(&desk.folders.config_file(user::FILE))?;
            doubts.extend(check_leader(&config, leader)?);
        }
    }
    let Some(file) = &desk.user.keys else { return Ok((keymap, doubts)) };
    let source = Source::read(&desk.folders.config_file(file))?;
    doubts.extend(change(&mut keymap, &source)?);
    Ok((keymap, doubts))
}

/// A leader that never arrives, or that is needed for something else, is no leader.
fn check_leader(config: &Source, leader: Key) -> Result<Option<ConfigError>, ConfigError> {
    let at = |message: String| config.error_at(&[Step::Key("leader")], message);
    match objection(leader) {
        Some(Objection::Never(why)) => return Err(at(format!("{leader} never arrives: {why}"))),
        Some(Objection::Rarely(why)) => return Ok(Some(at(format!("{leader} may not arrive: {why}")))),
        None => {}
    }
    let keymap = Keymap::default();
    let taken = [Context::Write, Context::Read].into_iter().find_map(|context| keymap.action(context, leader));
    match taken.and_then(row_of) {
        Some(row) if row.action == Action::Stop => Err(at(format!("{leader} stops an answer: choose another leader."))),
        Some(row) => Ok(Some(at(format!("{leader} is also `{}`, which it no longer does.", row.name)))),
        None => Ok(None),
    }
}

/// Changes the keys as the file says. What can't work is an error, what may not is returned.
fn change(keymap: &mut Keymap, source: &Source) -> Result<Vec<ConfigError>, ConfigError> {
    let names: Vec<&str> = TABLE.iter().map(|row| row.name).collect();
    let before = keymap.clone();
    let mut doubts = Vec::new();
    let bindings = keymap::parse(source, &names)?;
    let mut seen: BTreeMap<(Context, Key), &Binding> = BTreeMap::new();
    for binding in &bindings {
        let Some(key) = key(binding.key) else { continue };
        let context = context(binding.context);
        let at = |message: String| source.error(binding.place(source), message);
        if let Some(first) = seen.insert((context, key), binding).and_then(|first| first.place(source)) {
            return Err(at(format!(
                "{key} has its meaning in `{}` from line {} already.",
                binding.context.key(),
                first.line
            )));
        }
        if binding.action.is_some() {
            check_key(binding, key, keymap.leader(), &at)?;
            if let Some(Objection::Rarely(why)) = objection(key) {
                doubts.push(at(format!("{key} may not arrive: {why}")));
            }
        }
        keymap.bind(context, key, binding.action.as_deref());
    }
    for row in TABLE {
        if !before.keys(row).is_empty() && keymap.keys(row).is_empty() {
            let message = format!("no key is left for `{}`: {}", row.name, row.help);
            if row.action == Action::Send {
                return Err(ConfigError::whole(&source.file, message));
            }
            doubts.push(ConfigError::whole(&source.file, message));
        }
    }
    Ok(doubts)
}

/// A key that types, that begins a command, or that never comes can have no meaning of its own.
fn check_key(binding: &Binding, key: Key, leader: Key, at: &impl Fn(String) -> ConfigError) -> Result<(), ConfigError> {
    let is_written = matches!(binding.context, FileContext::Write | FileContext::Any);
    if is_written && key.typed().is_some() {
        let message = format!(
            "`{key}` is typed in messages: with a meaning in `{}` nobody could write it. Bind it in `read` or `leader`, \
             or choose a key with ctrl or alt.",
            binding.context.key()
        );
        return Err(at(message));
    }
    if key == leader && binding.context != FileContext::Leader {
        return Err(at(format!("{key} is the leader: it begins a command before it can mean anything else.")));
    }
    if key.code == Code::Esc && !key.alt && binding.context == FileContext::Leader {
        return Err(at("Esc leaves the commands: it can't be one.".to_owned()));
    }
    match objection(key) {
        Some(Objection::Never(why)) => Err(at(format!("{key} never arrives: {why}"))),
        Some(Objection::Rarely(_)) | None => Ok(()),
    }
}

fn row_of(action: Action) -> Option<&'static Row> {
    TABLE.iter().find(|row| row.action == action)
}

/// A key as the screen knows it; a combination of several keys at once has none.
fn key(key: crate::config::key::Key) -> Option<Key> {
    let crokey::OneToThree::One(code) = key.0.codes else { return None };
    Key::from_event(KeyEvent::new(code, key.0.modifiers))
}

const fn context(context: FileContext) -> Context {
    match context {
        FileContext::Any => Context::Any,
        FileContext::Write => Context::Write,
        FileContext::Read => Context::Read,
        FileContext::Leader => Context::Leader,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(text: &str) -> Result<(Keymap, Vec<String>), String> {
        let mut keymap = Keymap::default();
        let doubts =
            change(&mut keymap, &Source::new("keys.yaml", text)).map_err(|error| error.headline().to_string())?;
        Ok((keymap, doubts.iter().map(|doubt| doubt.headline().to_string()).collect()))
    }

    fn wrong(text: &str) -> String {
        changed(text).unwrap_err()
    }

    #[test]
    fn keys_change_and_what_they_leave_behind_is_told() {
        let (keymap, doubts) = changed("read: {x: pin, J: none}\nleader: {ctrl-z: zoom}\n").unwrap();
        assert_eq!(keymap.action(Context::Read, Key::char('x')), Some(Action::Pin));
        assert_eq!(keymap.action(Context::Read, Key::char('J')), None);
        assert_eq!(doubts, ["keys.yaml:2:10: Ctrl-Z may not arrive: it suspends programs everywhere else."]);
        let (_, doubts) = changed("leader: {z: quit}\n").unwrap();
        assert_eq!(doubts, ["keys.yaml: no key is left for `zoom`: Show this pane alone, or all of them again."]);
    }

    #[test]
    fn what_cannot_work_is_refused_where_it_stands() {
        assert!(
            wrong("write: {x: pin}").starts_with("keys.yaml:1:9: `x` is typed in messages"),
            "{}",
            wrong("write: {x: pin}")
        );
        assert!(wrong("any: {space: pin}").starts_with("keys.yaml:1:7: `Space` is typed"));
        assert!(wrong("read: {ctrl-x: pin}").starts_with("keys.yaml:1:8: Ctrl-X is the leader"));
        assert!(
            wrong("read: {ctrl-i: pin}")
                .starts_with("keys.yaml:1:8: Ctrl-I never arrives: it is the same byte as Tab.")
        );
        assert!(wrong("leader: {esc: pin}").starts_with("keys.yaml:1:10: Esc leaves the commands"));
        assert!(
            wrong("read:\n  ctrl-d: pin\n  ctrl-shift-d: find\n")
                .starts_with("keys.yaml:3:3: Ctrl-D has its meaning in `read` from line 2")
        );
        assert!(wrong("write: {enter: none}").starts_with("keys.yaml: no key is left for `send`"));
    }

    #[test]
    fn a_leader_is_one_that_arrives_and_is_free() {
        let check = |text: &str| {
            let source = Source::new("config.yaml", format!("leader: {text}"));
            check_leader(&source, text.parse().unwrap())
        };
        assert!(check("ctrl-m").unwrap_err().to_string().contains("same byte as Enter"));
        assert!(check("ctrl-c").unwrap_err().to_string().contains("stops an answer"));
        assert!(check("ctrl-k").unwrap().unwrap().to_string().contains("also `delete-to-line-end`"));
        assert!(check("ctrl-b").unwrap().unwrap().to_string().contains("tmux"));
        assert_eq!(check("ctrl-g"), Ok(None));
    }
}
