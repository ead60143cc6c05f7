//! Moments as a person reads them: in their own time zone.

use jiff::Timestamp;

use crate::files::zone;

/// `2026-11-21 10:42`.
pub(super) fn minute(millis: i64) -> String {
    let shown = |at: Timestamp| at.to_zoned(zone::local()).strftime("%Y-%m-%d %H:%M").to_string();
    // A moment beyond the calendar can only come from a damaged file.
    Timestamp::from_millisecond(millis).map_or_else(|_| "?".to_owned(), shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_beyond_the_calendar_is_a_question_mark() {
        assert_eq!(minute(i64::MAX), "?");
        assert_eq!(minute(0).len(), "1970-01-01 00:00".len());
    }
}
