//! The sample for the first run: three price offers from an invented client's file.

/// The name under which the sample is attached, as in `@sample/offers.md`.
pub const SAMPLE_NAME: &str = "sample/offers.md";

/// The sample's text. It carries an invented client's name, so that a brief from it shows locality at work.
pub const SAMPLE: &str = include_str!("../../../examples/sample/offers.md");

/// What the composer holds on the first run.
pub const SAMPLE_QUESTION: &str = "Compare the three price offers in @sample/offers.md";
