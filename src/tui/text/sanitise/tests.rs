use proptest::prelude::*;

use super::*;

/// Whether the text holds anything that commands, reorders or hides without being part of writing.
pub(crate) fn is_unsafe(text: &str) -> bool {
    text.chars().any(|c| matches!(class::of(c), Class::Hidden | Class::Return))
}

fn check(from: &str, to: &str) {
    assert_eq!(sanitise(from), to, "{from:?}");
}

#[test]
fn a_command_to_the_terminal_is_shown_and_not_obeyed() {
    check("\u{1b}[2J\u{1b}]0;owned\u{7}", "␛[2J␛]0;owned␇");
    check("a\u{80}\u{9b}31m\u{9d}0;x\u{9c}b", "a⟨U+0080⟩⟨U+009B⟩31m⟨U+009D⟩0;x⟨U+009C⟩b");
    check("\0\u{8}\u{7f}", "␀␈␡");
    check("a\u{85}b\u{2028}c\u{2029}d", "a⟨U+0085⟩b⟨U+2028⟩c⟨U+2029⟩d");
}

#[test]
fn newlines_and_tabs_pass_and_a_lone_return_does_not() {
    check("a\r\nb\tc\n", "a\nb\tc\n");
    check("shown\rhidden", "shown␍hidden");
    check("end\r", "end␍");
    check("\r\r\n", "␍\n");
}

#[test]
fn what_reorders_or_hides_is_revealed() {
    check("invoice\u{202e}fdp.exe", "invoice⟨U+202E⟩fdp.exe");
    check("\u{2066}a\u{2069}", "⟨U+2066⟩a⟨U+2069⟩");
    check("1\u{61c}2\u{200e}3\u{200f}4", "1⟨U+061C⟩2⟨U+200E⟩3⟨U+200F⟩4");
    check("sk\u{200b}-\u{2060}live\u{feff}-x", "sk⟨U+200B⟩-⟨U+2060⟩live⟨U+FEFF⟩-x");
    check("pass\u{ad}word", "pass⟨U+00AD⟩word");
    check("pass\u{200d}word\u{200c}s", "pass⟨U+200D⟩word⟨U+200C⟩s");
    check("hidden \u{e0068}\u{e0069}", "hidden ⟨U+E0068⟩⟨U+E0069⟩");
    check("smuggled\u{fe01}\u{e0101}", "smuggled⟨U+FE01⟩⟨U+E0101⟩");
}

#[test]
fn what_writing_needs_survives() {
    for kept in [
        "👨\u{200d}👩\u{200d}👧\u{200d}👦",
        "🏳\u{fe0f}\u{200d}🌈",
        "👩🏽\u{200d}🔬",
        "❤\u{fe0f}\u{200d}🔥",
        "می\u{200c}خواهم",
        "क\u{94d}\u{200d}ष",
        "र\u{94d}\u{200d}",
        "ക\u{d4d}\u{200c}",
        "שלום עולם — مرحبا",
        "☃\u{fe0e} ☃\u{fe0f} ©\u{fe0e} 1\u{fe0f}\u{20e3}",
        "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
        "葛\u{e0100}",
        "e\u{301} 각 각",
    ] {
        check(kept, kept);
        assert!(matches!(sanitise(kept), Cow::Owned(_) | Cow::Borrowed(_)));
    }
}

#[test]
fn a_joiner_or_tag_in_the_wrong_place_is_revealed() {
    check("👨\u{200d}a", "👨⟨U+200D⟩a");
    check("👨\u{200d}", "👨⟨U+200D⟩");
    check("👨\u{200c}👩", "👨⟨U+200C⟩👩");
    check("م\u{200c} x", "م⟨U+200C⟩ x");
    check("م\u{200c}\u{200c}م", "م⟨U+200C⟩⟨U+200C⟩م");
    check("क\u{94d}\u{200d}\u{200d}\u{200c}ष", "क\u{94d}\u{200d}⟨U+200D⟩⟨U+200C⟩ष");
    check("🏴\u{e0067}\u{e0062}x", "🏴⟨U+E0067⟩⟨U+E0062⟩x");
    check("🏴\u{e0068}\u{e0069}\u{e007f}", "🏴⟨U+E0068⟩⟨U+E0069⟩⟨U+E007F⟩");
    check("☃\u{fe0f}\u{fe0f}", "☃\u{fe0f}⟨U+FE0F⟩");
}

#[test]
fn a_tower_of_marks_ends_where_unicode_says_it_may() {
    let tower = format!("Z{}", "\u{351}".repeat(32));
    check(&tower, &format!("Z{}⟨U+0351⟩⟨U+0351⟩", "\u{351}".repeat(30)));
}

#[test]
fn plain_text_is_not_copied() {
    assert!(matches!(sanitise("plain\n\ttext"), Cow::Borrowed(_)));
    assert!(matches!(sanitise("Ærlig tekst — 日本語"), Cow::Borrowed(_)));
}

#[test]
fn a_title_stays_on_one_line() {
    assert_eq!(one_line("a\nb\r\n\tc\u{1b}"), "a b c␛");
    assert_eq!(one_line("a b"), "a b");
    assert_eq!(one_line(&one_line("ക\u{d4d}\u{200c}\n")), "ക\u{d4d}\u{200c}");
}

proptest! {
    #[test]
    fn cut_anywhere_a_text_comes_out_the_same(text in hostile(), cuts in prop::collection::vec(0usize..64, 0..6)) {
        let whole = sanitise(&text).into_owned();
        let mut sanitiser = Sanitiser::default();
        let (mut pieces, mut at) = (String::new(), 0);
        for cut in cuts {
            let end = text.ceil_char_boundary((at + cut).min(text.len()));
            sanitiser.push(&text[at..end], &mut pieces);
            at = end;
        }
        sanitiser.push(&text[at..], &mut pieces);
        sanitiser.finish(&mut pieces);
        prop_assert_eq!(&pieces, &whole);
        prop_assert!(!is_unsafe(&whole));
        prop_assert_eq!(sanitise(&whole), whole.as_str());
    }
}

/// Text rich in what the sanitiser looks at.
pub(crate) fn hostile() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(vec![
        "\r",
        "\n",
        "\r\n",
        "\t",
        "\u{1b}[31m",
        "\u{7}",
        "\u{9b}",
        "\u{202e}",
        "\u{2066}",
        "\u{200d}",
        "\u{200c}",
        "\u{fe0f}",
        "\u{fe0e}",
        "\u{200b}",
        "\u{feff}",
        "👨",
        "👩🏽",
        "🏴",
        "\u{e0067}",
        "\u{e0062}",
        "\u{e007f}",
        "م",
        "क",
        "\u{94d}",
        "\u{301}",
        "日本",
        "Å",
        "a",
        " ",
        "&#x202e;",
        "&#27;",
    ]);
    prop::collection::vec(
        prop_oneof![4 => odd.prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from)],
        0..40,
    )
    .prop_map(|pieces| pieces.concat())
}
