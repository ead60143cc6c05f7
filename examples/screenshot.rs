//! Draws the pictures in the README: the real program in a pseudo-terminal, its screen written down as SVG.
//!
//! `cargo build && cargo run --example screenshot -- examples/screenshot.svg examples/brief.svg examples/handoff.svg`

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "an example stops where it fails")]

#[path = "../tests/pty/mod.rs"]
mod pty;

use std::fmt::Write as _;

use pty::{Home, Screen};

const ROWS: u16 = 42;
const COLS: u16 = 168;
const CELL_WIDTH: f32 = 8.4;
const CELL_HEIGHT: f32 = 18.0;
const PAPER: &str = "#16181d";
const INK: &str = "#d5d8de";

fn main() {
    let mut paths = std::env::args().skip(1);
    panes(&paths.next().expect("where the picture of the panes goes"));
    brief(&paths.next().expect("where the picture of the composer goes"));
    handoff(&paths.next().expect("where the picture of the seam goes"));
}

fn panes(path: &str) {
    let home = Home::new();
    let mut screen = Screen::start(&home, &[], ROWS, COLS);
    // The sample question in the first pane; then the others are asked about what it said.
    screen.sees("Compare the three price offers");
    screen.keys("<Enter>");
    screen.until("the first answer", |text| text.contains("Data location") && !text.contains('●'));
    screen.keys("<C-x>2Outline a one-page memo from @sample/offers.md<Enter>");
    screen.sees("reword it, and keep its");
    screen.misses("●");
    screen.keys("<C-x>1And what happens at renewal?");
    let picture = screen.look(svg);
    std::fs::write(path, picture).unwrap();
    screen.keys("<C-u><C-x>q");
    screen.ends();
}

/// A brief out of a guarded pane: a client under a pseudonym, a name that nobody has judged.
fn brief(path: &str) {
    let home = Home::new();
    let folder = home.data().join("halvorsen");
    std::fs::create_dir_all(&folder).unwrap();
    let workspace = "version: 1\ntitle: Halvorsen\nlayout: {columns: [matter, background]}\npanes:\n  matter: {locality: \
                     guarded, dictionary: names.yaml}\n  background: {}\n";
    std::fs::write(folder.join("workspace.yaml"), workspace).unwrap();
    std::fs::write(folder.join("names.yaml"), "names:\n  - {name: Halvorsen AS, aliases: [Halvorsen], kind: client}\n")
        .unwrap();
    let mut screen = Screen::start(&home, &[folder.to_str().unwrap()], ROWS, COLS);
    screen.sees("matter");
    screen.keys(
        "<C-u>Halvorsen AS wants yearly terms from Brightwater; anna@halvorsen.example expects them by Friday.<Enter>",
    );
    screen.until("the answer", |text| text.contains("m2") && !text.contains('●'));
    screen.keys("<Esc>");
    screen.sees("READ");
    screen.keys("Kb");
    screen.sees("Brief from matter");
    screen.keys("Which terms are usual, and what should the contract say about renewal?");
    screen.sees("word to judge before it can go");
    screen.keys("<C-x><Enter>");
    screen.sees("m mask · k keep");
    screen.sees("[CLIENT_1]");
    let picture = screen.look(svg);
    std::fs::write(path, picture).unwrap();
    screen.keys("<Esc>");
    screen.sees("kept as a draft");
    screen.keys("<C-x>q");
    screen.ends();
}

/// A conversation that goes on in a fresh context: the seam, and the document that was carried.
fn handoff(path: &str) {
    let home = Home::new();
    let mut screen = Screen::start(&home, &[], ROWS, COLS);
    screen.sees("Compare the three price offers");
    screen.keys("<Enter>");
    let is_done = |text: &str| text.contains("Data location") && !text.contains('●');
    screen.until("the first answer", is_done);
    screen.keys("<Esc>gp");
    screen.sees("⚲");
    screen.keys("GiNever sign before Friday. We take Tailspin because it can be left at the end of any month. Who signs?<Enter>");
    screen.until("the second answer", |text| text.contains("m4") && !text.contains('●'));
    screen.keys("<C-x>h");
    screen.sees("Enter hands off");
    screen.keys("<Enter>");
    screen.sees("continued in a fresh context");
    screen.keys("<Esc>o");
    screen.misses("o unfolds");
    let picture = screen.look(svg);
    std::fs::write(path, picture).unwrap();
    screen.keys("<C-x>q");
    screen.ends();
}

fn svg(screen: &vt100::Screen) -> String {
    let (width, height) = (f32::from(COLS) * CELL_WIDTH, f32::from(ROWS) * CELL_HEIGHT);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"-12 -12 {:.0} {:.0}\" font-family=\"ui-monospace, \
         'DejaVu Sans Mono', Menlo, Consolas, monospace\" font-size=\"14\">\n<rect x=\"-12\" y=\"-12\" width=\"100%\" \
         height=\"100%\" rx=\"8\" fill=\"{PAPER}\"/>\n",
        width + 24.0,
        height + 24.0
    );
    for row in 0..ROWS {
        let mut col = 0;
        while col < COLS {
            let (run, look) = run(screen, row, col);
            draw(&mut svg, &run, &look, row, col);
            col += u16::try_from(run.cells).unwrap();
        }
    }
    svg.push_str("</svg>\n");
    svg
}

/// Neighbouring cells of one look.
struct Run {
    text: String,
    cells: usize,
}

#[derive(PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "a cell of a terminal is like that")]
struct Look {
    ink: Option<String>,
    paper: Option<String>,
    bold: bool,
    italic: bool,
    dim: bool,
    underline: bool,
}

fn look(cell: &vt100::Cell) -> Look {
    let (mut ink, mut paper) = (colour(cell.fgcolor()), colour(cell.bgcolor()));
    if cell.inverse() {
        (ink, paper) = (Some(paper.unwrap_or_else(|| PAPER.to_owned())), Some(ink.unwrap_or_else(|| INK.to_owned())));
    }
    Look { ink, paper, bold: cell.bold(), italic: cell.italic(), dim: cell.dim(), underline: cell.underline() }
}

fn run(screen: &vt100::Screen, row: u16, first: u16) -> (Run, Look) {
    let style = look(screen.cell(row, first).unwrap());
    let mut run = Run { text: String::new(), cells: 0 };
    for col in first..COLS {
        let cell = screen.cell(row, col).unwrap();
        if look(cell) != style {
            break;
        }
        run.cells += 1;
        if !cell.is_wide_continuation() {
            run.text.push_str(if cell.has_contents() { cell.contents() } else { " " });
        }
    }
    (run, style)
}

fn draw(svg: &mut String, run: &Run, look: &Look, row: u16, col: u16) {
    let (x, y) = (f32::from(col) * CELL_WIDTH, f32::from(row) * CELL_HEIGHT);
    let width = run.cells as f32 * CELL_WIDTH;
    if let Some(paper) = &look.paper {
        let _ = writeln!(
            svg,
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{CELL_HEIGHT}\" fill=\"{paper}\"/>"
        );
    }
    let text = run.text.trim_end();
    if text.is_empty() {
        return;
    }
    let cells = run.cells - (run.text.chars().count() - text.chars().count());
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let ink = look.ink.as_deref().unwrap_or(INK);
    let _ = write!(svg, "<text x=\"{x:.1}\" y=\"{:.1}\" fill=\"{ink}\" xml:space=\"preserve\"", y + 13.5);
    let _ = write!(svg, " textLength=\"{:.1}\" lengthAdjust=\"spacingAndGlyphs\"", cells as f32 * CELL_WIDTH);
    for (has, attribute) in [
        (look.bold, " font-weight=\"bold\""),
        (look.italic, " font-style=\"italic\""),
        (look.dim, " opacity=\"0.6\""),
        (look.underline, " text-decoration=\"underline\""),
    ] {
        if has {
            svg.push_str(attribute);
        }
    }
    let _ = writeln!(svg, ">{text}</text>");
}

fn colour(colour: vt100::Color) -> Option<String> {
    match colour {
        vt100::Color::Default => None,
        vt100::Color::Rgb(r, g, b) => Some(format!("#{r:02x}{g:02x}{b:02x}")),
        vt100::Color::Idx(index) => Some(indexed(index)),
    }
}

/// The usual 256 colours.
fn indexed(index: u8) -> String {
    const BASE: [&str; 16] = [
        "#1c1f26", "#d75f5f", "#7fae6b", "#c9a45c", "#6f9fd8", "#b08ad1", "#62b3b2", "#d5d8de", "#6b7280", "#e88080",
        "#9ccc85", "#e5c07b", "#8fb8ea", "#c9a9e6", "#82cfcd", "#f2f4f8",
    ];
    match index {
        0..=15 => BASE[usize::from(index)].to_owned(),
        16..=231 => {
            let index = index - 16;
            let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * u16::from(step) };
            let (r, g, b) = (level(index / 36), level(index / 6 % 6), level(index % 6));
            format!("#{r:02x}{g:02x}{b:02x}")
        }
        232..=255 => {
            let grey = 8 + 10 * u16::from(index - 232);
            format!("#{grey:02x}{grey:02x}{grey:02x}")
        }
    }
}
