//! Moments as a person reads them: in their own time zone.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// `2026-11-21 10:42`.
pub fn minute(millis: i64) -> String {
    formatted(millis, "%Y-%m-%d %H:%M")
}

/// `2026-11-21T10:42:07+01:00`, for programs and files.
pub fn second(millis: i64) -> String {
    formatted(millis, "%Y-%m-%dT%H:%M:%S%:z")
}

fn formatted(millis: i64, format: &str) -> String {
    // A moment beyond the calendar can only come from a damaged file.
    Timestamp::from_millisecond(millis)
        .map_or_else(|_| "?".to_owned(), |at| at.to_zoned(TimeZone::system()).strftime(format).to_string())
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
