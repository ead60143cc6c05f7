use ratatui::style::{Color, Modifier};

use super::*;

fn parse(yaml: &str) -> Result<Theme, ConfigError> {
    Theme::parse(yaml, Path::new("mine.yaml"))
}

fn rgb(colour: Option<Color>) -> [u8; 3] {
    match colour {
        Some(Color::Rgb(red, green, blue)) => [red, green, blue],
        other => panic!("{other:?} is no RGB colour"),
    }
}

/// The relative luminance of WCAG 2.
fn luminance(colour: [u8; 3]) -> f64 {
    let [red, green, blue] = colour.map(|value| {
        let value = f64::from(value) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn every_embedded_theme_gives_every_token_a_look() {
    for (name, yaml) in BUILTIN {
        assert!(parse(yaml).is_ok(), "{name}: {}", parse(yaml).unwrap_err());
        assert!(!yaml.contains("extends"), "{name} stands on its own");
        assert!(Theme::builtin(name).is_some());
    }
    assert_eq!(Theme::builtin("nothing"), None);
    assert_eq!(Theme::names().count(), BUILTIN.len());
}

#[test]
fn what_is_read_can_be_read() {
    use Token::{
        Accent, Brief, CodeGround, Danger, Dim, Faint, Handoff, Link, Match, Model, Ok, Person, Quote, Sealed,
        Selection, Text, Warn,
    };
    for (name, text, dim, faint) in
        [("trialogue-dark", 7.0, 4.5, 3.0), ("trialogue-light", 7.0, 4.5, 3.0), ("high-contrast", 15.0, 10.0, 7.0)]
    {
        let theme = Theme::builtin(name).unwrap();
        let ground = rgb(theme.ground.unwrap().fore);
        let mut wanted = vec![(Text, text), (Person, text), (Dim, dim), (Faint, faint)];
        wanted.extend([Accent, Model, Brief, Handoff, Ok, Warn, Danger, Sealed, Quote, Link].map(|token| (token, dim)));
        wanted.extend([CodeGround, Match].map(|token| (token, 4.5)));
        wanted.extend(Token::ALL.iter().filter(|token| token.is_code()).map(|token| (*token, 4.5)));
        for (token, least) in wanted {
            let style = theme.style(token);
            let on = style.bg.map_or(ground, |back| rgb(Some(back)));
            let found = contrast(rgb(style.fg), on);
            assert!(found >= least, "{name}: {} has {found:.1}, needs {least}", token.name());
        }
        let selection = theme.style(Selection);
        let fore = selection.fg.filter(|colour| *colour != Color::Reset).or(theme.style(Text).fg);
        assert!(contrast(rgb(fore), rgb(selection.bg)) >= 7.0, "{name}: selection");
    }
}

#[test]
fn colour_alone_tells_nothing_apart_without_colours() {
    let theme = Theme::monochrome();
    for token in Token::ALL {
        let style = theme.style(*token);
        assert!(matches!((style.fg, style.bg), (None | Some(Color::Reset), None | Some(Color::Reset))), "{token:?}");
    }
    assert!(theme.style(Token::Selection).add_modifier.contains(Modifier::REVERSED));
    assert_ne!(theme.style(Token::Border), theme.style(Token::BorderFocus));
    assert_eq!(Theme::builtin("trialogue-dark").unwrap().at(Depth::None), theme);
}

#[test]
fn sixteen_colours_are_enough() {
    let sixteen = Theme::builtin("sixteen").unwrap();
    for token in Token::ALL {
        let style = sixteen.style(*token);
        for colour in [style.fg, style.bg].into_iter().flatten() {
            assert!(!matches!(colour, Color::Rgb(..) | Color::Indexed(_)), "{token:?}: {colour:?}");
        }
    }
    let dark = Theme::builtin("trialogue-dark").unwrap();
    assert_eq!(dark.at(Depth::Sixteen).looks, sixteen.looks);
    assert_eq!(dark.at(Depth::True), dark);
    assert!(matches!(dark.at(Depth::Indexed).style(Token::Text).fg, Some(Color::Indexed(_))));
    let mine = parse("extends: trialogue-dark\naccent: '#00ffff'").unwrap();
    assert_eq!(mine.at(Depth::Sixteen).style(Token::Accent).fg, Some(Color::LightCyan));
}

#[test]
fn a_look_has_a_colour_a_ground_and_a_weight() {
    let theme = parse("extends: sixteen\ntext: '#102030 on bright_blue bold italic'").unwrap();
    let style = theme.style(Token::Text);
    assert_eq!((style.fg, style.bg), (Some(Color::Rgb(16, 32, 48)), Some(Color::LightBlue)));
    assert_eq!(style.add_modifier, Modifier::BOLD | Modifier::ITALIC);
    assert_eq!(theme.style(Token::Dim), Theme::builtin("sixteen").unwrap().style(Token::Dim));
}

#[test]
fn code_stands_on_the_ground_of_code() {
    let theme = Theme::builtin("trialogue-light").unwrap();
    for token in Token::ALL.iter().filter(|token| token.is_code()) {
        assert_eq!(theme.style(*token).bg, theme.style(Token::CodeGround).bg);
        assert!(theme.style(*token).bg.is_some());
    }
}

#[test]
fn an_error_says_where_and_what_was_meant() {
    let wrong = |yaml: &str| parse(yaml).unwrap_err();
    let token = wrong("extends: sixteen\nacent: blue");
    assert_eq!((token.line, token.column, token.nearest.as_deref()), (2, 1, Some("accent")), "{token}");
    let colour = wrong("extends: sixteen\naccent: bleu bold");
    assert_eq!((colour.line, colour.nearest.as_deref()), (2, Some("blue")), "{colour}");
    let hex = wrong("extends: sixteen\naccent: '#12345'");
    assert!(hex.line == 2 && hex.message.contains("six hexadecimal digits"), "{hex}");
    let base = wrong("extends: trialogue-drak");
    assert_eq!(base.nearest.as_deref(), Some("trialogue-dark"), "{base}");
    assert!(wrong("text: default").message.contains("`dim` has no look"));
    assert!(wrong("extends: sixteen\ntext: red blue").message.contains("needs `on`"));
    assert!(wrong("extends: sixteen\ntext: red on").message.contains("missing after `on`"));
    assert!(wrong("extends: sixteen\ntext: [red]").line > 0);
}
