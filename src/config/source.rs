//! A YAML file that a person wrote, with the text its errors point into.

use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

use serde::de::{self, DeserializeOwned, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::error::{ConfigError, Place};

/// The largest file that is read as configuration: far above any that a person writes.
const LARGEST: u64 = 1024 * 1024;

/// A file and its text.
#[derive(Debug, Clone)]
pub struct Source {
    /// Where it lies, or what it is called if it lies nowhere.
    pub file: PathBuf,
    /// What it says.
    pub text: String,
}

impl Source {
    /// A text that goes by this name.
    pub fn new(file: impl Into<PathBuf>, text: impl Into<String>) -> Self {
        Self { file: file.into(), text: text.into() }
    }

    /// Reads the file. A file that isn't there is an error; see [`Source::read_if_there`].
    pub fn read(file: &Path) -> Result<Self, ConfigError> {
        Self::read_if_there(file)?.ok_or_else(|| ConfigError::whole(file, "there is no such file."))
    }

    /// Reads the file, if there is one.
    pub fn read_if_there(file: &Path) -> Result<Option<Self>, ConfigError> {
        let unreadable = |error: std::io::Error| ConfigError::whole(file, format!("it cannot be read: {error}."));
        let length = match std::fs::metadata(file) {
            Ok(found) if found.is_dir() => return Err(ConfigError::whole(file, "expected a file, found a folder.")),
            Ok(found) => found.len(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unreadable(error)),
        };
        if length > LARGEST {
            return Err(ConfigError::whole(file, format!("it has {length} bytes; {LARGEST} are the most.")));
        }
        let bytes = std::fs::read(file).map_err(unreadable)?;
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Some(Self::new(file, text))),
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                let text = String::from_utf8_lossy(error.as_bytes());
                let place = Place::of_byte(&text, valid);
                Err(ConfigError::at(file, &text, place, "expected UTF-8 text, found a byte that is none."))
            }
        }
    }

    /// The file as a value. A file that says nothing is an empty mapping.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, ConfigError> {
        let says_nothing = self.text.lines().map(str::trim).all(|line| line.is_empty() || line.starts_with('#'));
        if says_nothing {
            let message = "the file says nothing.";
            return serde_yaml::from_str("{}").map_err(|_| ConfigError::whole(&self.file, message));
        }
        serde_yaml::from_str(&self.text).map_err(|error| ConfigError::from_yaml(&self.file, &self.text, &error))
    }

    /// An error at the value that this path leads to, or about the whole file if nothing is there.
    pub fn error_at(&self, path: &[Step<'_>], message: impl AsRef<str>) -> ConfigError {
        self.error(self.value_place(path), message)
    }

    /// An error at the key that this path ends with.
    pub fn error_at_key(&self, path: &[Step<'_>], message: impl AsRef<str>) -> ConfigError {
        self.error(locate(&self.text, path, Target::Key), message)
    }

    /// Where the value stands that this path leads to.
    pub fn value_place(&self, path: &[Step<'_>]) -> Option<Place> {
        locate(&self.text, path, Target::Value)
    }

    /// Where the key stands that this path ends with.
    pub fn key_place(&self, path: &[Step<'_>]) -> Option<Place> {
        locate(&self.text, path, Target::Key)
    }

    /// An error at this place.
    pub fn error(&self, place: Option<Place>, message: impl AsRef<str>) -> ConfigError {
        match place {
            Some(place) => ConfigError::at(&self.file, &self.text, place, message),
            None => ConfigError::whole(&self.file, message),
        }
    }
}

/// One step of a path into a YAML file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'a> {
    /// Into the value of this key.
    Key(&'a str),
    /// Into the item at this position, from 0.
    Item(usize),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    Key,
    Value,
}

/// Where the path leads. The reader tells the place of whatever it could not take, so the path is walked with a value
/// type that takes everything until its end, and nothing there.
fn locate(text: &str, path: &[Step<'_>], target: Target) -> Option<Place> {
    let arrived = Cell::new(false);
    let walk = Seek { path, target, arrived: &arrived }.deserialize(serde_yaml::Deserializer::from_str(text));
    let location = walk.err()?.location().filter(|_| arrived.get())?;
    Some(Place { line: location.line(), column: location.column() })
}

#[derive(Clone, Copy)]
struct Seek<'p> {
    path: &'p [Step<'p>],
    target: Target,
    arrived: &'p Cell<bool>,
}

impl<'de> DeserializeSeed<'de> for Seek<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.path.is_empty() {
            self.arrived.set(true);
            deserializer.deserialize_any(Nothing)
        } else {
            deserializer.deserialize_any(self)
        }
    }
}

impl<'de> Visitor<'de> for Seek<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the way to a place")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Some((Step::Key(wanted), rest)) = self.path.split_first() else { return Err(de::Error::custom("no key")) };
        let stop = (rest.is_empty() && self.target == Target::Key).then_some(self.arrived);
        while let Some(is_wanted) = map.next_key_seed(SeekKey { wanted, stop })? {
            if is_wanted {
                return map.next_value_seed(Seek { path: rest, ..self });
            }
            map.next_value::<IgnoredAny>()?;
        }
        Err(de::Error::custom("not found"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let Some((Step::Item(wanted), rest)) = self.path.split_first() else {
            return Err(de::Error::custom("no item"));
        };
        for _ in 0..*wanted {
            seq.next_element::<IgnoredAny>()?;
        }
        seq.next_element_seed(Seek { path: rest, ..self })?;
        Err(de::Error::custom("not found"))
    }
}

struct SeekKey<'p> {
    wanted: &'p str,
    /// Set and stopped at when the key itself is what is sought.
    stop: Option<&'p Cell<bool>>,
}

impl<'de> DeserializeSeed<'de> for SeekKey<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for SeekKey<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: de::Error>(self, key: &str) -> Result<bool, E> {
        match (key == self.wanted, self.stop) {
            (true, Some(arrived)) => {
                arrived.set(true);
                Err(E::custom("found"))
            }
            (is_wanted, _) => Ok(is_wanted),
        }
    }
}

/// Takes no value at all: every default of a visitor is an error.
struct Nothing;

impl Visitor<'_> for Nothing {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nothing")
    }
}

/// Reads a mapping with names as keys into a list in the order of the file. For `#[serde(deserialize_with)]`.
pub(super) fn in_order<'de, T, D>(deserializer: D) -> Result<Vec<(String, T)>, D::Error>
where
    T: de::Deserialize<'de>,
    D: Deserializer<'de>,
{
    let read = |name: &str| {
        let message = || format!("`{name}` is no name: letters, digits, - and _ only, 40 at most");
        if is_name(name) { Ok(name.to_owned()) } else { Err(message()) }
    };
    deserializer.deserialize_map(InOrder { read, value: PhantomData })
}

/// Reads a mapping with keys that `read` understands into a list in the order of the file.
pub(super) fn in_order_by<'de, K, T, D>(
    deserializer: D,
    read: fn(&str) -> Result<K, String>,
) -> Result<Vec<(K, T)>, D::Error>
where
    K: PartialEq,
    T: de::Deserialize<'de>,
    D: Deserializer<'de>,
{
    deserializer.deserialize_map(InOrder { read, value: PhantomData })
}

struct InOrder<F, T> {
    read: F,
    value: PhantomData<T>,
}

impl<'de, K, F, T> Visitor<'de> for InOrder<F, T>
where
    K: PartialEq,
    F: Fn(&str) -> Result<K, String>,
    T: de::Deserialize<'de>,
{
    type Value = Vec<(K, T)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut pairs: Vec<(K, T)> = Vec::new();
        loop {
            let fresh = |text: &str| match (self.read)(text)? {
                key if pairs.iter().any(|(seen, _)| *seen == key) => Err(format!("`{text}` stands here twice")),
                key => Ok(key),
            };
            let Some(key) = map.next_key_seed(Fresh(fresh))? else { return Ok(pairs) };
            pairs.push((key, map.next_value()?));
        }
    }
}

/// A key that was not seen before; what is wrong with it is reported where it stands.
struct Fresh<F>(F);

impl<'de, K, F: Fn(&str) -> Result<K, String>> DeserializeSeed<'de> for Fresh<F> {
    type Value = K;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<K, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<K, F: Fn(&str) -> Result<K, String>> Visitor<'_> for Fresh<F> {
    type Value = K;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: de::Error>(self, key: &str) -> Result<K, E> {
        (self.0)(key).map_err(E::custom)
    }
}

/// Whether this can name a pane, a provider or a workspace: one word that no shell, path or sentence takes apart.
pub fn is_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(char::is_alphanumeric)
        && chars.all(|c| c.is_alphanumeric() || c == '-' || c == '_')
        && name.chars().count() <= 40
}

/// Reads a scalar with `FromStr`, so that what is wrong with it is reported where it stands.
pub(super) fn parsed<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: std::str::FromStr<Err: fmt::Display>,
    D: Deserializer<'de>,
{
    struct Scalar<T>(PhantomData<T>);
    impl<T: std::str::FromStr<Err: fmt::Display>> Visitor<'_> for Scalar<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
            text.parse().map_err(E::custom)
        }
    }
    deserializer.deserialize_str(Scalar(PhantomData))
}

/// [`parsed`] for a key that may be left out.
pub(super) fn parsed_if_there<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: std::str::FromStr<Err: fmt::Display>,
    D: Deserializer<'de>,
{
    parsed(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::Step::{Item, Key};
    use super::*;

    const TEXT: &str = "title: x\nlayout:\n  columns:\n    - research\n    - rows: [drafting, \"client\"]\npanes:\n  client: {role: a}\n";

    #[test]
    fn every_value_and_key_of_a_file_can_be_found_again() {
        let value = |path: &[Step<'_>]| locate(TEXT, path, Target::Value).map(|at| (at.line, at.column));
        let key = |path: &[Step<'_>]| locate(TEXT, path, Target::Key).map(|at| (at.line, at.column));
        assert_eq!(value(&[Key("title")]), Some((1, 8)));
        assert_eq!(value(&[Key("layout"), Key("columns"), Item(1), Key("rows"), Item(1)]), Some((5, 24)));
        assert_eq!(value(&[Key("panes"), Key("client"), Key("role")]), Some((7, 18)));
        assert_eq!(key(&[Key("panes"), Key("client")]), Some((7, 3)));
        assert_eq!(key(&[Key("panes"), Key("client"), Key("role")]), Some((7, 12)));
        assert_eq!(value(&[Key("panes"), Key("nobody")]), None);
        assert_eq!(value(&[Key("title"), Key("deeper")]), None);
        assert_eq!(value(&[Key("layout"), Key("columns"), Item(9)]), None);
    }

    #[test]
    fn a_file_that_is_no_text_says_where() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.yaml");
        std::fs::write(&file, b"a: b\ncc: \xff\n").unwrap();
        let error = Source::read(&file).unwrap_err();
        assert_eq!((error.line, error.column), (2, 5));
        assert_eq!(error.message, "expected UTF-8 text, found a byte that is none.");
    }

    #[test]
    fn a_missing_file_and_a_folder_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Source::read_if_there(&folder.path().join("none.yaml")).unwrap().is_none());
        assert!(Source::read(folder.path()).unwrap_err().message.contains("found a folder"));
    }

    #[test]
    fn names_are_single_words() {
        for name in ["a", "research", "r2-d2", "søk", "研究"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "-a", "a b", "a/b", "..", "a.b", "a\u{1b}", &"x".repeat(41)] {
            assert!(!is_name(name), "{name}");
        }
    }
}
