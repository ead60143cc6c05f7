//! The time zone that this machine's clock on the wall shows.

use std::ffi::OsStr;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::LazyLock;

use jiff::tz::TimeZone;

/// Where a Unix system says which time zone it is in.
const SYSTEM: &str = "/etc/localtime";
/// Where a Unix system keeps the rules of every time zone.
const DATABASE: &str = "/usr/share/zoneinfo";

/// The local time zone.
///
/// Its rules are read from the one file that holds them. Asking the library first would list the system's whole
/// database of time zones, hundreds of files in dozens of folders, before the first frame.
pub fn local() -> TimeZone {
    static LOCAL: LazyLock<TimeZone> = LazyLock::new(find);
    LOCAL.clone()
}

fn find() -> TimeZone {
    let file = match std::env::var_os("TZ").filter(|zone| !zone.is_empty()) {
        None => Some(PathBuf::from(SYSTEM)),
        // Whoever keeps a database elsewhere has the library find it.
        Some(_) if std::env::var_os("TZDIR").is_some() => None,
        Some(zone) => named(&zone),
    };
    file.and_then(|file| read(&file)).unwrap_or_else(TimeZone::system)
}

/// The file of the zone that `TZ` names; none if it says something else, such as the rules themselves.
fn named(zone: &OsStr) -> Option<PathBuf> {
    let zone = zone.to_str()?;
    let zone = Path::new(zone.strip_prefix(':').unwrap_or(zone));
    let is_name = zone.components().all(|component| matches!(component, Component::Normal(_)));
    if is_name { Some(Path::new(DATABASE).join(zone)) } else { zone.is_absolute().then(|| zone.to_owned()) }
}

/// The rules in a file, if it holds some.
fn read(file: &Path) -> Option<TimeZone> {
    TimeZone::tzif("Local", &fs::read(file).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn the_zone_that_is_read_directly_is_the_one_the_library_finds() {
        for second in [0, 1_700_000_000, 1_750_000_000] {
            let at = Timestamp::from_second(second).unwrap();
            let (ours, theirs) = (at.to_zoned(local()), at.to_zoned(TimeZone::system()));
            assert_eq!(ours.datetime(), theirs.datetime());
        }
    }

    #[test]
    fn a_name_is_looked_up_in_the_database_and_rules_are_left_to_the_library() {
        assert_eq!(named(OsStr::new("Europe/Oslo")), Some(PathBuf::from("/usr/share/zoneinfo/Europe/Oslo")));
        assert_eq!(named(OsStr::new(":UTC")), Some(PathBuf::from("/usr/share/zoneinfo/UTC")));
        assert_eq!(named(OsStr::new("/etc/zone")), Some(PathBuf::from("/etc/zone")));
        assert_eq!(named(OsStr::new("../secret")), None);
        assert_eq!(read(Path::new("/usr/share/zoneinfo/CET-1CEST,M3.5.0,M10.5.0/3")), None);
    }

    #[test]
    fn a_file_that_holds_no_rules_is_no_zone() {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), "midnight").unwrap();
        assert_eq!(read(file.path()), None);
    }
}
