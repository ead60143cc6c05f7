//! The text around a search's first match, on one line.

/// Characters before the match.
const BEFORE: usize = 40;

/// Characters altogether.
const LENGTH: usize = 140;

/// The piece of `text` around the first word of `query` that occurs in it, as the index compares words: without case
/// and without the accents of Latin letters. The beginning of the text, if none occurs.
pub(super) fn around(text: &str, query: &str) -> String {
    let line: Vec<char> = one_line(text).chars().collect();
    let folded: Vec<char> = line.iter().map(|c| fold(*c)).collect();
    let words = query.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    let words = words.filter(|word| !word.is_empty()).map(|word| word.chars().map(fold).collect::<Vec<char>>());
    let at = words.filter_map(|word| position(&folded, &word)).min().unwrap_or(0);
    let mut first = at.saturating_sub(BEFORE);
    if first > 0 {
        // Begin at a word, if one begins before the match.
        first += line[first..at].iter().position(|c| *c == ' ').map_or(0, |space| space + 1);
    }
    let last = (first + LENGTH).min(line.len());
    let mut snippet = String::new();
    if first > 0 {
        snippet.push('…');
    }
    snippet.extend(&line[first..last]);
    if last < line.len() {
        snippet.push('…');
    }
    snippet
}

/// The first place where the word begins, at the beginning of a word if there is one such place.
fn position(text: &[char], word: &[char]) -> Option<usize> {
    let mut places = text.windows(word.len()).enumerate().filter(|(_, window)| *window == word).map(|(at, _)| at);
    let first = places.next()?;
    let starts = |at: &usize| *at == 0 || !text[at - 1].is_alphanumeric();
    if starts(&first) { Some(first) } else { places.find(starts).or(Some(first)) }
}

fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// A character without its case, and without its accent if it is a Latin letter.
fn fold(c: char) -> char {
    const ACCENTED: &[(char, &str)] = &[
        ('a', "àáâãäåāăą"),
        ('c', "çćĉċč"),
        ('d', "ďđ"),
        ('e', "èéêëēĕėęě"),
        ('g', "ĝğġģ"),
        ('i', "ìíîïĩīĭį"),
        ('l', "ĺļľ"),
        ('n', "ñńņň"),
        ('o', "òóôõöōŏő"),
        ('r', "ŕŗř"),
        ('s', "śŝşš"),
        ('t', "ţťț"),
        ('u', "ùúûüũūŭůűų"),
        ('y', "ýÿŷ"),
        ('z', "źżž"),
    ];
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    let lower = c.to_lowercase().next().unwrap_or(c);
    ACCENTED.iter().find(|(_, accented)| accented.contains(lower)).map_or(lower, |(plain, _)| *plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snippet_is_one_line_around_the_match() {
        let text = format!("{}\n\n\tThe Café\r\ncloses {}", "word ".repeat(30), "late ".repeat(60));
        let snippet = around(&text, "CAFE");
        assert!(snippet.starts_with('…') && snippet.ends_with('…'), "{snippet}");
        assert!(snippet.contains("The Café closes late"), "{snippet}");
        assert!(!snippet.contains(['\n', '\t', '\r']));
        assert!(snippet.chars().count() <= LENGTH + 2);
    }

    #[test]
    fn a_whole_word_is_preferred_to_the_inside_of_another() {
        let text = format!("unprice {} price", "x ".repeat(200));
        assert!(around(&text, "price").contains("x price"));
        assert_eq!(around("価格は三つ", "格は"), "価格は三つ");
        assert_eq!(around("short", "absent"), "short");
        assert_eq!(around("", "\"(*"), "");
    }
}
