use proptest::prelude::*;

use super::*;
use crate::tui::text::sanitise::tests::{hostile, is_unsafe};
use crate::tui::text::width::width;
use crate::tui::theme::Token;

/// The lines without their looks; what stands on a ground without its trailing space.
fn shown(source: &str, columns: u16) -> String {
    text(&lay_out(source, columns))
}

fn text(lines: &[RichLine]) -> String {
    lines.iter().map(|line| line.text().trim_end().to_owned() + "\n").collect()
}

/// What a stream shows when this much of it has come.
fn live(source: &str, columns: u16) -> String {
    let mut document = Document::new();
    document.push(source);
    text(document.lines(columns))
}

fn tokens(source: &str, token: Token) -> String {
    let lines = lay_out(source, 80);
    lines
        .iter()
        .flat_map(|line| &line.spans)
        .filter(|span| span.token == token)
        .map(|span| span.text.as_str())
        .collect()
}

#[test]
fn a_table_looks_like_the_one_on_the_design_s_screen() {
    let source = "The offers differ:\n\n| vendor | per seat | minimum | term |\n|---|--:|--:|---|\n\
                  | Northwind | $31 | 20 | year |\n| Contoso | $28 | 50 | year |\n| Tailspin | $35 | 5 | month |\n";
    insta::assert_snapshot!(shown(source, 60), @r"
    The offers differ:

     vendor      per seat   minimum   term
     ─────────   ────────   ───────   ─────
     Northwind        $31        20   year
     Contoso          $28        50   year
     Tailspin         $35         5   month
    ");
}

#[test]
fn a_table_wraps_its_cells_and_becomes_a_list_where_columns_have_no_room() {
    let source = "| name | what it does | who |\n|---|---|---|\n| alpha | reads everything twice before it says \
                  anything | Ada |\n| beta | **nothing** | 日本語 | extra |\n";
    insta::assert_snapshot!(shown(source, 40), @r"
    name   what it does       who
    ─────  ─────────────────  ──────────────
    alpha  reads everything   Ada
           twice before it
           says anything

    beta   nothing            日本語 | extra
    ");
    insta::assert_snapshot!(shown(source, 16), @r"
    name: alpha
    what it does:
    reads everything
    twice before it
    says anything
    who: Ada

    name: beta
    what it does:
    nothing
    who: 日本語 |
    extra
    ");
}

#[test]
fn lists_keep_their_numbers_nesting_and_blocks() {
    let source = "1. First\n   - nested one with a text that wraps\n   - nested two\n\n     with a paragraph\n\
                  1. Second\n   ```rust\n   fn main() {}\n   ```\n\n3. Third\n\n- [x] done\n- [ ] open\n-\n";
    insta::assert_snapshot!(shown(source, 26), @r"
    1. First
       · nested one with a
         text that wraps
       · nested two

         with a paragraph
    2. Second
         rust
         fn main() {}

    3. Third

    ☑ done
    ☐ open
    ·
    ");
}

#[test]
fn quotes_rules_headings_and_code() {
    let source = "# Title *one*\n> quoted **bold**\n> lazy\n>\n> - item\n\n---\nSetext\n===\n```\nfn a_long_line() { wraps }\n\n\tx\n```\n    indented\n\n    code\n";
    insta::assert_snapshot!(shown(source, 24), @r"
    # Title one
    │ quoted bold
    │ lazy
    │
    │ · item

    ────────────────────────
    # Setext
      fn a_long_line() {
    ↳ wraps }

          x
      indented

      code
    ");
    assert_eq!(tokens("a `b c` d", Token::Code), "b c");
    assert!(tokens("```\nx\n```", Token::CodeGround).len() > 70, "the ground reaches the edge");
}

#[test]
fn links_say_where_they_lead_and_nothing_is_swallowed() {
    let source = "See [docs](https://a.b/c \"title\"), <https://d.e>, <x@y.z>, ![a picture](p.png) and [ref][r].\n\n\
                  [r]: https://ref.example \"Ref\"\n[r]: https://other.example\n\nNote[^1] and ~~gone~~ &amp; $x_1$, $31 or $28.\n\n\
                  [^1]: A footnote\n    that goes on\n";
    insta::assert_snapshot!(shown(source, 60), @r#"
    See docs (https://a.b/c “title”), https://d.e, x@y.z, image:
    a picture (p.png) and [ref][r].

    [r]: https://ref.example "Ref"
    [r]: https://other.example

    Note¹ and ~gone~ & $x_1$, $31 or $28.

    ¹ A footnote
      that goes on
    "#);
}

#[test]
fn words_stay_whole_and_towers_become_records() {
    let source = "| framework | concurrency model | verdict |\n|---|---|---|\n| actix | actors and worker threads, one arbiter \
                  each | fast, older interface, much unsafe code in its past |\n| axum | tower services on tokio, everything \
                  composes | the default choice today |\n";
    insta::assert_snapshot!(shown(source, 60), @r"
    framework  concurrency model         verdict
    ─────────  ────────────────────────  ───────────────────────
    actix      actors and worker         fast, older interface,
               threads, one arbiter      much unsafe code in its
               each                      past

    axum       tower services on tokio,  the default choice
               everything composes       today
    ");
    insta::assert_snapshot!(shown(source, 34), @r"
    framework: actix
    concurrency model: actors and
      worker threads, one arbiter each
    verdict: fast, older interface,
      much unsafe code in its past

    framework: axum
    concurrency model: tower
      services on tokio, everything
      composes
    verdict: the default choice
      today
    ");
}

#[test]
fn math_is_left_as_it_was_written() {
    let source = "Let \\(a_1 * b_2 * c\\) and `\\(x\\)` be, with \\[ \\sum_i x_i \\\\ y \\] inline and a\\_b \\(open.\n\n\
                  > quoted \\(a *\n> b* c\\)\n\n$$\n- x_1 = *y*\n+ z\n$$\nafter **that**\n\\[\n\\frac{a}{b}\n\\]\n\
                  $$ never closed\n\nnext *paragraph*\n";
    insta::assert_snapshot!(shown(source, 70), @r"
    Let \(a_1 * b_2 * c\) and \(x\) be, with \[ \sum_i x_i \\ y \] inline
    and a_b (open.

    │ quoted \(a *
    │ b* c\)

    $$
    - x_1 = *y*
    + z
    $$
    after that
    \[
    \frac{a}{b}
    \]
    $$ never closed

    next paragraph
    ");
}

#[test]
fn tasks_have_boxes() {
    let source = "- [x] one\n- [ ] two\n  - [x] nested\n\n1. [x] numbered\n";
    assert_eq!(shown(source, 30), "☑ one\n☐ two\n  ☑ nested\n\n1. ☑ numbered\n");
    let ascii = text(&lay_out_with(source, 30, Glyphs::Ascii));
    assert_eq!(ascii, "- [x] one\n- [ ] two\n  - [x] nested\n\n1. [x] numbered\n");
}

#[test]
fn only_what_a_click_may_open_is_a_link() {
    let source = "[a](https://a.b) [b](javascript:alert(1)) <x@y.z> ![c](http://c.d/e.png) https://f.g/h, `https://no.link`\n\n\
                  | t |\n|---|\n| https://i.j |\n";
    let lines = lay_out(source, 30);
    let mut addresses: Vec<String> =
        lines.iter().flat_map(|line| &line.spans).filter_map(|span| span.link.as_deref().map(str::to_owned)).collect();
    addresses.dedup();
    assert_eq!(addresses, ["https://a.b", "mailto:x@y.z", "http://c.d/e.png", "https://f.g/h", "https://i.j"]);
}

#[test]
fn html_is_text() {
    let source = "<details>\n<summary>more</summary>\n# not a heading\n</details>\n\na <b>bold</b> move<br>next\n<!-- a\n\n# comment -->\n";
    insta::assert_snapshot!(shown(source, 40), @r"
    <details>
    <summary>more</summary>
    # not a heading
    </details>

    a <b>bold</b> move
    next
    <!-- a

    # comment -->
    ");
}

#[test]
fn a_break_after_a_short_line_is_kept_and_after_a_filled_one_is_a_space() {
    assert_eq!(shown("Name: Ada\nRole: author", 80), "Name: Ada\nRole: author\n");
    let filled = "This line is as long as the lines of an e-mail that was wrapped";
    assert_eq!(shown(&format!("{filled}\nby hand."), 80), format!("{filled} by hand.\n"));
}

#[test]
fn ascii_glyphs_leave_only_ascii() {
    let lines = lay_out_with("- a\n> b\n\n---\n```\nlong enough to wrap\n```\n", 12, Glyphs::Ascii);
    assert!(text(&lines).is_ascii(), "{}", text(&lines));
}

#[test]
fn half_written_markup_looks_as_it_will() {
    assert_eq!(live("some **bold", 40), "some bold\n");
    assert_eq!(live("some **", 40), "some\n");
    assert_eq!(live("some `co", 40), "some co\n");
    assert_eq!(live("2 * 3 is", 40), "2 * 3 is\n");
    assert_eq!(live("snake_case and _emph", 40), "snake_case and emph\n");
    assert_eq!(live("text\n-", 40), "text\n");
    assert_eq!(live("text\n\n``", 40), "text\n");
    assert_eq!(live("```rust\nlet x", 40), "  rust\n  let x\n");
    assert_eq!(live("```rust\nlet x\n``", 40), "  rust\n  let x\n");
    assert_eq!(live("| a | b", 40), " a   b\n ─   ─\n");
    assert_eq!(live("| a | b |\n|--", 40), " a   b\n ─   ─\n");
    assert_eq!(live("| a | b |\n|---|---|\n| c", 40), " a   b\n ─   ─\n c\n");
    assert_eq!(live("| a | b |   ", 40), " a   b\n ─   ─\n");
    // A bar in indented code begins no table.
    assert_eq!(live("text\n\n    | a |  ", 40), live("text\n\n    | a |\n", 40));
    assert_eq!(live("👨\u{200d}", 40), "👨\n");
    // What is finished is shown as it was left.
    assert_eq!(shown("some **bold", 40), "some **bold\n");
}

#[test]
fn the_beginning_of_a_stream_never_shows_a_heading_that_a_list_will_be() {
    let source = "Agreed:\n- one\n- two\n";
    for end in 0..source.len() {
        assert!(!live(&source[..end], 40).contains('#'), "{:?}", &source[..end]);
    }
}

#[test]
fn code_is_copied_as_it_was_written() {
    assert_eq!(code_blocks("a\n```rust\nlet x;\n\n\ty\n```\nb\n\n    z\n"), ["let x;\n\n\ty\n", "z\n"]);
    assert_eq!(code_blocks("```\nopen"), ["open"]);
}

#[test]
fn what_is_finished_is_never_laid_out_again() {
    let block = "A paragraph with *some* words.\n\n- an item\n- another\n\n```\ncode\n```\n\n";
    let mut document = Document::new();
    let mut longest = 0;
    for _ in 0..200 {
        for piece in block.split_inclusive(' ') {
            document.push(piece);
            document.lines(60);
            let layout = document.layout.as_ref().unwrap();
            longest = longest.max(document.source.len() - layout.anchor);
        }
    }
    assert!(longest < 60, "the open end had {longest} bytes");
}

#[test]
fn the_open_end_of_anything_endless_stays_short() {
    let endless: &[(&str, &str)] = &[
        ("", "word "),
        ("", "x"),
        ("", "日本"),
        ("", "A line that is long enough to look filled, and a little more.\n"),
        ("- ", "word "),
        ("> ", "word "),
        ("> a\n", "> quoted line\n"),
        ("- a\n", "  - nested\n"),
        ("1. a\n   ```\n", "   code in a list\n"),
        ("```\n", "code"),
        ("```\n", "let x = 1;\n"),
        ("| a | b |\n|---|---|\n", "| cell | another |\n"),
        ("| a | b |\n|---|---|\n", "| cell | another "),
        ("<!--\n", "comment\n"),
        ("    ", "indented "),
        ("- ", "item\n- "),
        ("[^1]: ", "note "),
        ("# ", "heading "),
        ("Z", "\u{301}"),
    ];
    for (head, again) in endless {
        let mut document = Document::new();
        document.push(head);
        let mut longest = 0;
        for _ in 0..40_000 / again.len() {
            document.push(again);
            let layout = document.layout.get_or_insert_with(|| Layout::new(60, Glyphs::Unicode));
            layout.settle(&document.source);
            longest = longest.max(document.source.len() - layout.anchor);
        }
        assert!(longest <= 5200, "{head:?} + {again:?}: the open end had {longest} bytes");
    }
}

#[test]
fn a_long_paragraph_is_wrapped_as_if_it_were_never_cut() {
    let words = (0..4000).map(|number| format!("word{} ", number * 7919 % 1000)).collect::<Vec<_>>().concat();
    let wrapped = crate::tui::text::wrap::wrap(words.trim_end(), 60);
    assert_eq!(shown(&words, 60).lines().collect::<Vec<_>>(), wrapped);
    let item = format!("- {words}");
    let lines = shown(&item, 62);
    let inner: Vec<&str> = lines.lines().map(|line| &line[if line.starts_with('·') { 3 } else { 2 }..]).collect();
    assert_eq!(inner, wrapped);
}

#[test]
fn a_long_table_keeps_its_columns() {
    let rows = (0..400).map(|row| format!("| row {row} | value {row} |\n")).collect::<Vec<_>>().concat();
    let lines = lay_out(&format!("| a | b |\n|---|--:|\n{rows}"), 60);
    assert_eq!(lines.len(), 402);
    assert_eq!(lines[401].text(), " row 399   value 399");
    let half = format!("| a | b |\n|---|--:|\n{rows}| row 400 | val");
    assert!(live(&half, 60).ends_with("\n row 399   value 399\n row 400         val\n"), "no second header comes up");
}

/// Documents made of the marks that the segmenter and the parser look at.
fn marked_up() -> impl Strategy<Value = String> {
    let marks = prop::sample::select(vec![
        "- ",
        "* ",
        "1. ",
        "2) ",
        "> ",
        "# ",
        "## ",
        "```",
        "~~~",
        "```rust\n",
        "    ",
        "  ",
        "   ",
        "\t",
        "| a | b |\n",
        "|---|:-:|\n",
        "|",
        "---\n",
        "===\n",
        "***",
        "**",
        "*",
        "_",
        "`",
        "~~",
        "[a](b)",
        "[a]: b\n",
        "[^1]",
        "[^1]: ",
        "<div>\n",
        "</div>",
        "<!--",
        "-->",
        "<br>",
        "<b>",
        "&amp;",
        "\\",
        "$x$",
        "- [ ] ",
        "![i](j)",
        "https://x.y",
        "\n",
        "\n",
        "\n\n",
        "\n\n",
        "word ",
        "word ",
        "another ",
        "日本語",
        "é",
        "👨\u{200d}👩",
        "e\u{301}",
        "שלום",
        "مرحبا ",
        "\r\n",
        "\t",
        "\\(",
        "\\)",
        "\\[\n",
        "\\]\n",
        "$$\n",
        "https://a.b/c_d",
        "{.rust}\n",
    ]);
    prop::collection::vec(marks, 0..60).prop_map(|pieces| pieces.concat())
}

/// Letters that Markdown itself never consumes.
fn letters(text: &str) -> String {
    let mut letters: Vec<char> = text.chars().filter(|c| c.is_alphabetic()).collect();
    letters.sort_unstable();
    letters.into_iter().collect()
}

/// The lines that `pulldown-cmark` gives for the whole text as one unit, blank ones left out.
fn as_one_unit(source: &str, columns: u16) -> Vec<String> {
    let unit = segment::Unit {
        range: 0..source.len(),
        kind: segment::Kind::Blocks,
        gap: false,
        join: segment::Join::No,
        cut: false,
    };
    let mut lines = Vec::new();
    Painter::new(columns, Glyphs::Unicode).paint(&unit, source, &mut lines);
    not_blank(&lines)
}

fn not_blank(lines: &[RichLine]) -> Vec<String> {
    lines.iter().map(|line| line.text().trim_end().to_owned()).filter(|line| !line.is_empty()).collect()
}

/// Documents as models write them: lines that begin with a mark, now and then indented, with blank lines between.
fn document() -> impl Strategy<Value = String> {
    let mark = prop::sample::select(vec![
        "",
        "",
        "",
        "- ",
        "1. ",
        "2. ",
        "> ",
        "# ",
        "| a | b |\n|---|---|\n| ",
        "```\nx = 1\n\ny\n```\n",
        "---\n\n",
        "   - ",
        "  ",
        "   ",
        "    ",
        "- [ ] ",
    ]);
    let text = prop::sample::select(vec!["word", "two words", "**bold** and `code`", "a | b", "日本語", "end.  "]);
    let end = prop::sample::select(vec!["\n", "\n", "\n\n"]);
    prop::collection::vec((mark, text, end), 1..12).prop_map(|lines| {
        lines.into_iter().map(|(mark, text, end)| format!("{mark}{text}{end}")).collect::<Vec<_>>().concat()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_stream_ends_as_the_whole(
        source in prop_oneof![3 => marked_up(), 1 => hostile()],
        repeat in prop_oneof![4 => Just(1usize), 1 => 2usize..40],
        cuts in prop::collection::vec(1usize..50, 1..40),
        columns in 1u16..70,
        looks in prop::collection::vec(prop::option::of(1u16..70), 1..8),
    ) {
        let source = source.repeat(repeat);
        let mut document = Document::new();
        let (mut at, mut step) = (0, 0);
        while at < source.len() {
            let end = source.ceil_char_boundary((at + cuts[step % cuts.len()] * repeat).min(source.len()));
            document.push(&source[at..end]);
            // Looked at between pieces, at one width or another, or not at all.
            if let Some(other) = looks[step % looks.len()] {
                document.lines(if step % 3 == 0 { other } else { columns });
            }
            (at, step) = (end, step + 1);
        }
        document.finish();
        let whole = lay_out(&source, columns);
        prop_assert_eq!(document.lines(columns), whole.as_slice());
        let code = &document.layout.as_ref().unwrap().code.blocks;
        prop_assert_eq!(code, &lay_out_whole(&source, columns, Glyphs::Unicode).code);
    }

    #[test]
    fn every_line_fits_and_commands_nothing(source in prop_oneof![marked_up(), hostile()], columns in 4u16..70) {
        let mut document = Document::new();
        document.push(&source);
        let wide = lay_out_wide(&source, columns, Glyphs::Unicode).lines;
        for (widest, lines) in [
            (usize::from(columns), lay_out(&source, columns)),
            (usize::from(columns), document.lines(columns).to_vec()),
            (BROADEST, wide),
        ] {
            for line in lines {
                prop_assert!(line.width() <= widest, "{:?}", line);
                for span in &line.spans {
                    prop_assert!(!is_unsafe(&span.text), "{:?}", span);
                    prop_assert!(!span.text.contains(['\n', '\t']), "{:?}", span);
                    prop_assert!(!span.text.is_empty());
                }
            }
        }
    }

    #[test]
    fn units_cut_the_source_where_the_parser_would(source in document(), columns in 30u16..70) {
        prop_assert_eq!(not_blank(&lay_out(&source, columns)), as_one_unit(&source, columns), "{}", source);
    }

    #[test]
    fn no_letter_is_lost(source in marked_up(), columns in 4u16..70) {
        let found = letters(&text(&lay_out(&source, columns)));
        // `&amp;` is a sign and `<br>` a new line; every other letter is shown, and a list of values repeats headers.
        let expected = letters(&source.replace("&amp;", "").replace("<br>", ""));
        let mut found = found.chars();
        prop_assert!(expected.chars().all(|c| found.any(|shown| shown == c)), "{source:?}\n{}", text(&lay_out(&source, columns)));
    }
}

#[test]
fn widths_are_measured_like_the_screen_measures() {
    for line in lay_out("日本語 👨‍👩‍👧‍👦 e\u{301} क्षि a\tb", 6) {
        assert!(line.spans.iter().map(|span| width(&span.text)).sum::<usize>() <= 6);
    }
}
