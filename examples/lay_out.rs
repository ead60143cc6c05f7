//! Shows a Markdown file as the text layer lays it out: `lay_out FILE [WIDTH]`.
#![expect(clippy::print_stdout, reason = "an example prints")]

use trialogue::tui::text::{markdown, sanitise};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("Name a Markdown file.")?;
    let width = arguments.next().map_or(Ok(80), |width| width.parse())?;
    for line in markdown::lay_out(&std::fs::read_to_string(file)?, width) {
        println!("{}|", sanitise::one_line(&line.text()));
    }
    Ok(())
}
