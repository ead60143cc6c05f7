//! Addresses of the net: e-mail, web, IPv6 and hardware addresses, found from the sign that all of them have.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use super::finding::Finding;
use super::kind::Kind;
use super::sample;

/// The longest local part and domain that are followed from an `@`.
const LOCAL: usize = 64;
const DOMAIN: usize = 255;

fn is_word(c: char) -> bool {
    c.is_alphanumeric()
}

/// The e-mail address around the `@` at this place.
pub(super) fn email(text: &str, at: usize) -> Option<Finding> {
    let local: usize = text[..at]
        .chars()
        .rev()
        .take_while(|&c| is_word(c) || ".!#$%&'*+/=?^_{|}~-".contains(c))
        .take(LOCAL)
        .map(char::len_utf8)
        .sum();
    if (local == 0 && text[..at].ends_with(' ')) || text[at + 1..].starts_with([' ', '\n']) {
        return spaced_email(text, at);
    }
    let mut start = at - local;
    let trimmed = text[start..at].trim_start_matches(|c: char| !is_word(c) && c != '_');
    start = at - trimmed.len();
    let domain = domain_after(text, at + 1)?;
    if start == at {
        return None;
    }
    Some(Finding::new(Kind::Email, start..domain.end, 95, "e-mail address"))
}

/// `jane @ halvorsen.example`, around the `@` at this place. With a space on one side only, a dot or a digit must tell the
/// name from a word: `thanks @halvorsen.example` is none.
fn spaced_email(text: &str, at: usize) -> Option<Finding> {
    let before = text[..at].strip_suffix(' ').unwrap_or(&text[..at]);
    let after = usize::from(text[at + 1..].starts_with([' ', '\n']));
    let local: usize =
        before.chars().rev().take_while(|&c| is_word(c) || "._+-".contains(c)).take(LOCAL).map(char::len_utf8).sum();
    let both = before.len() < at && text[at + 1..].starts_with(' ');
    let name = &before[before.len() - local..];
    let told = both || name.trim_matches('.').contains(|c: char| c.is_ascii_digit() || matches!(c, '.' | '_'));
    let domain = domain_after(text, at + 1 + after).filter(|_| local > 1 && told)?;
    Some(Finding::new(Kind::Email, before.len() - local..domain.end, 70, "e-mail address, spaced out"))
}

/// The longest domain with a top level of letters that begins here.
fn domain_after(text: &str, from: usize) -> Option<Range<usize>> {
    let rest = &text[from..];
    let length: usize =
        rest.chars().take(DOMAIN).take_while(|&c| is_word(c) || c == '.' || c == '-').map(char::len_utf8).sum();
    let mut domain = rest[..length].trim_end_matches(['.', '-']);
    if domain.starts_with(['.', '-']) {
        return None;
    }
    // "jane@halvorsen.example.Thanks": what follows a dot without a space still belongs to the address; better too much.
    loop {
        let (_, top) = domain.rsplit_once('.')?;
        if top.chars().count() >= 2 && top.chars().all(|c| c.is_alphabetic() || c == '-') || top.starts_with("xn--") {
            return Some(from..from + domain.len());
        }
        domain = &domain[..domain.len() - top.len() - 1];
    }
}

/// `jane (at) halvorsen (dot) example` and its like, from the place of the bracketed word.
pub(super) fn spelled_email(text: &str, at: Range<usize>) -> Option<Finding> {
    let before = text[..at.start].trim_end_matches(' ');
    let local: usize =
        before.chars().rev().take_while(|&c| is_word(c) || "._+-".contains(c)).take(LOCAL).map(char::len_utf8).sum();
    let (before, local) = with_labels(before, local);
    let mut end = at.end;
    let mut dots = 0;
    loop {
        let rest = &text[end..];
        let gap = rest.len() - rest.trim_start_matches(' ').len();
        let label: usize = rest[gap..]
            .chars()
            .take_while(|&c| is_word(c) || c == '-' || c == '.')
            .take(DOMAIN)
            .map(char::len_utf8)
            .sum();
        if gap > 2 || label == 0 {
            break;
        }
        let word = rest[gap..gap + label].trim_end_matches('.');
        dots += word.matches('.').count();
        end += gap + word.len();
        let next = text[end..].trim_start_matches(' ');
        let Some(dot) = ["[dot]", "(dot)", "{dot}", "<dot>", "dot "].into_iter().find(|dot| starts_with(next, dot))
        else {
            break;
        };
        dots += 1;
        end = text.len() - next.len() + dot.len();
    }
    let start = before.len() - local;
    // Bare words are an address only if the dot is a word too: `meet at halvorsen.example` is not.
    let bare = text.as_bytes()[at.start].is_ascii_alphabetic();
    let worded = text.get(at.end..end).is_some_and(|host| host.to_ascii_lowercase().contains(" dot "));
    (local > 0 && dots > 0 && (!bare || worded))
        .then(|| Finding::new(Kind::Email, start..end, 80, "e-mail address, spelled out"))
}

/// The local part with the labels before it that are joined by words for dots: `jane [dot] doe`. Gives the text up to the
/// part's end, and the part's length.
fn with_labels(before: &str, mut local: usize) -> (&str, usize) {
    while local > 0 {
        let rest = before[..before.len() - local].trim_end_matches(' ');
        let Some(rest) = ["[dot]", "(dot)", "{dot}", "<dot>", " dot"].into_iter().find_map(|dot| ends_with(rest, dot))
        else {
            break;
        };
        let rest = rest.trim_end_matches(' ');
        let label: usize = rest.chars().rev().take(LOCAL).take_while(|&c| is_word(c)).map(char::len_utf8).sum();
        if label == 0 || local > LOCAL {
            break;
        }
        local = before.len() - rest.len() + label;
    }
    (before, local)
}

fn ends_with<'a>(text: &'a str, suffix: &str) -> Option<&'a str> {
    let start = text.len().checked_sub(suffix.len()).filter(|start| text.is_char_boundary(*start))?;
    text[start..].eq_ignore_ascii_case(suffix).then(|| &text[..start])
}

fn starts_with(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// The web address around the `://` at this place.
pub(super) fn url(text: &str, at: usize) -> Option<Finding> {
    let scheme = text[..at]
        .bytes()
        .rev()
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'.' | b'-'))
        .take(16)
        .count();
    let scheme = text[at - scheme..at].trim_start_matches(|c: char| !c.is_ascii_alphabetic()).len();
    if scheme < 2 {
        return None;
    }
    let rest = address_after(text, at + 3);
    if rest.is_empty() {
        return None;
    }
    Some(judged(at - scheme..at + 3 + rest.len(), rest))
}

/// The web address that begins with `www.` or a bare domain, and has no scheme.
pub(super) fn bare_url(text: &str, at: usize) -> Option<Finding> {
    let rest = address_after(text, at);
    let host = rest.split(['/', '?', '#']).next().unwrap_or("");
    (host.matches('.').count() >= 2 && host.len() > 7).then(|| judged(at..at + rest.len(), rest))
}

/// Top levels of names that are no endings of files.
const TOPS: [&str; 44] = [
    "com", "org", "net", "edu", "gov", "mil", "int", "info", "biz", "io", "ai", "app", "dev", "cloud", "eu", "uk",
    "de", "fr", "es", "it", "nl", "be", "ch", "at", "no", "se", "dk", "fi", "is", "ie", "pt", "cz", "hu", "gr", "ru",
    "ua", "us", "ca", "mx", "br", "au", "nz", "example", "local",
];

/// The bare domain around the `.` at this place, such as `mail.halvorsen.example`.
pub(super) fn domain(text: &str, at: usize) -> Option<Finding> {
    let part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    let bytes = text.as_bytes();
    let start = at - bytes[..at].iter().rev().take(64).take_while(|byte| part(byte)).count();
    let length = bytes[at..].iter().take(128).take_while(|byte| part(byte)).count();
    let host = text.get(start..at + length)?.trim_end_matches(['.', '-', '_']);
    let (name, top) = host.rsplit_once('.')?;
    let plain = TOPS.iter().any(|known| top.eq_ignore_ascii_case(known)) && host.find('.') == Some(at - start);
    let after = text.as_bytes().get(start + host.len());
    let call = matches!(after, Some(b'(' | b'=' | b'@')) || bytes.get(start.wrapping_sub(1)) == Some(&b'@');
    let named = name.len() > 1
        && name.bytes().any(|byte| byte.is_ascii_alphabetic())
        && !name.contains("..")
        && !host.starts_with(['.', '-']);
    if !plain || call || !named || !start.checked_sub(1).is_none_or(|before| bytes[before].is_ascii()) {
        return None;
    }
    let rest = address_after(text, start);
    // `e.g.it` and `i.e.` are no hosts, and neither is a word whose next sentence begins without a space.
    if top.chars().any(char::is_uppercase) && !name.chars().all(|c| c.is_uppercase() || !c.is_alphabetic()) {
        return None;
    }
    let end = start + if rest[host.len()..].starts_with(['/', ':', '?']) { rest.len() } else { host.len() };
    let mut finding = judged(start..end, &text[start..end]);
    finding.score = 60;
    Some(finding)
}

fn address_after(text: &str, from: usize) -> &str {
    let rest = &text[from..];
    let length: usize = rest
        .chars()
        .take(2_048)
        .take_while(|&c| {
            !c.is_whitespace()
                && !c.is_control()
                && !matches!(c, '"' | '<' | '>' | '`' | '{' | '}' | '|' | '\\' | '^' | '«' | '»' | '“' | '”')
        })
        .map(char::len_utf8)
        .sum();
    let mut address = &rest[..length];
    loop {
        let trimmed = address.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '…', '’']);
        let open = trimmed.matches('(').count() + trimmed.matches('[').count();
        let close = trimmed.matches(')').count() + trimmed.matches(']').count();
        let trimmed = if close > open { trimmed.trim_end_matches([')', ']']) } else { trimmed };
        if trimmed.len() == address.len() {
            return address;
        }
        address = trimmed;
    }
}

/// Judges whether anyone may know an address: no credentials, no internal host, no token in its query.
fn judged(span: Range<usize>, rest: &str) -> Finding {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
    let (user, host) = authority.rsplit_once('@').map_or(("", authority), |(user, host)| (user, host));
    let name = host
        .rsplit_once(':')
        .map_or(host, |(name, port)| if port.bytes().all(|b| b.is_ascii_digit()) { name } else { host });
    let query = rest.split_once('?').map_or("", |(_, query)| query).to_ascii_lowercase();
    let tells = ["token=", "key=", "sig=", "secret=", "password=", "pwd=", "code=", "auth="]
        .iter()
        .any(|word| query.contains(word));
    let mut finding = Finding::new(Kind::Url, span, 85, "web address");
    if user.contains(':') && !sample::is_sample(user) {
        finding.reason = "web address with credentials".into();
    } else if is_internal(name) {
        finding.reason = "web address of an internal host".into();
    } else if tells {
        finding.reason = "web address with a token".into();
    } else {
        finding.public = user.is_empty();
    }
    finding
}

fn is_internal(host: &str) -> bool {
    let bare = host.trim_matches(['[', ']']);
    if let Ok(address) = bare.parse::<IpAddr>() {
        return !is_public(address);
    }
    let lower = bare.to_ascii_lowercase();
    !lower.contains('.')
        || ["local", "internal", "corp", "lan", "intranet", "home", "private", "localhost", "intern", "localdomain"]
            .iter()
            .any(|top| lower.rsplit('.').next() == Some(top))
        || lower.starts_with("intranet.")
        || lower.contains(".internal.")
        || lower.contains(".corp.")
}

/// Whether an internet address is one that anyone may know.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => {
            let first = v6.segments()[0];
            !(v6.is_loopback() || v6.is_unspecified() || (first & 0xfe00) == 0xfc00 || (first & 0xffc0) == 0xfe80)
                && v6.to_ipv4_mapped().is_none_or(is_public_v4)
        }
    }
}

fn is_public_v4(v4: Ipv4Addr) -> bool {
    let shared = v4.octets()[0] == 100 && (64..128).contains(&v4.octets()[1]);
    !(v4.is_private() || v4.is_loopback() || v4.is_link_local() || v4.is_unspecified() || shared)
}

/// The finding for an internet address at this place.
pub(super) fn ip(span: Range<usize>, address: IpAddr, score: u8) -> Finding {
    let mut finding =
        Finding::new(Kind::Ip, span, score, if address.is_ipv4() { "IPv4 address" } else { "IPv6 address" });
    finding.public = is_public(address);
    finding
}

/// The IPv6 address around the `:` at this place.
pub(super) fn ipv6(text: &str, at: usize) -> Option<Finding> {
    let bytes = text.as_bytes();
    let part = |byte: &u8| byte.is_ascii_hexdigit() || *byte == b':';
    let start = at - bytes[..at].iter().rev().take(4).take_while(|byte| part(byte)).count();
    let mut end = at + bytes[at..].iter().take(46).take_while(|byte| part(byte) || **byte == b'.').count();
    while end > start && (bytes[end - 1] == b'.' || (bytes[end - 1] == b':' && !text[..end].ends_with("::"))) {
        end -= 1;
    }
    let before = start.checked_sub(1).map(|at| bytes[at]);
    let glued = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if glued(before) || glued(bytes.get(end).copied()) || before == Some(b':') {
        return None;
    }
    let candidate = &text[start..end];
    let address: Ipv6Addr = candidate.parse().ok()?;
    let groups = candidate.split(':').filter(|group| !group.is_empty()).count();
    // "::" and "a::b" are more often code than addresses.
    let digits = candidate.bytes().any(|byte| byte.is_ascii_digit());
    (groups >= 3 || (digits && candidate.len() >= 3)).then(|| ip(start..end, address.into(), 85))
}

/// The hardware address that begins at this place: six pairs of hex digits with one separator.
pub(super) fn mac(text: &str, at: usize) -> Option<Finding> {
    let bytes = text.as_bytes().get(at..at + 17)?;
    let separator = bytes[2];
    if separator != b':' && separator != b'-' {
        return None;
    }
    let pairs = bytes
        .iter()
        .enumerate()
        .all(|(place, byte)| if place % 3 == 2 { *byte == separator } else { byte.is_ascii_hexdigit() });
    let free = |byte: Option<&u8>| byte.is_none_or(|byte| !byte.is_ascii_alphanumeric() && *byte != separator);
    let before = at.checked_sub(1).and_then(|at| text.as_bytes().get(at));
    (pairs && free(before) && free(text.as_bytes().get(at + 17)))
        .then(|| Finding::new(Kind::Mac, at..at + 17, 90, "hardware address"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at<'a>(text: &'a str, sign: &str, find: impl Fn(&str, usize) -> Option<Finding>) -> Option<(&'a str, bool)> {
        let finding = find(text, text.find(sign)?)?;
        Some((&text[finding.span], finding.public))
    }

    #[test]
    fn an_email_address_ends_where_the_sentence_goes_on() {
        assert_eq!(at("(jane.doe+x@halvorsen.example).", "@", email), Some(("jane.doe+x@halvorsen.example", false)));
        assert_eq!(at("žofie@müller.de, ok", "@", email), Some(("žofie@müller.de", false)));
        assert_eq!(at("P@ssw0rd", "@", email), None);
        assert_eq!(at("at @home.com", "@", email), None);
        assert_eq!(at("to jane.doe @home.example,", "@", email), Some(("jane.doe @home.example", false)));
        assert_eq!(at("to jane.doe@\nhome.example", "@", email), Some(("jane.doe@\nhome.example", false)));
    }

    #[test]
    fn web_addresses_are_public_unless_something_in_them_is_not() {
        assert_eq!(at("see https://example.org/a(b).", "://", url), Some(("https://example.org/a(b)", true)));
        assert_eq!(at("http://wiki/x", "://", url), Some(("http://wiki/x", false)));
        assert_eq!(at("http://10.0.0.7:8080/", "://", url), Some(("http://10.0.0.7:8080/", false)));
        assert_eq!(at("https://a:b3Xq@example.org/", "://", url), Some(("https://a:b3Xq@example.org/", false)));
        assert_eq!(at("[x](https://example.org)", "://", url), Some(("https://example.org", true)));
    }

    #[test]
    fn times_and_paths_of_code_are_no_addresses() {
        assert_eq!(at("at 12:20:39 today", ":", ipv6), None);
        assert_eq!(at("std::net::Ipv6Addr", ":", ipv6), None);
        assert_eq!(
            at("6e40:4041:c617:e898:c11:40d2:c669:2eb4", ":", ipv6),
            Some(("6e40:4041:c617:e898:c11:40d2:c669:2eb4", true))
        );
        assert_eq!(at("ping fe80::1.", ":", ipv6), Some(("fe80::1", false)));
        assert!(mac("00:1B:44:11:3a:B7", 0).is_some() && mac("00:1B:44:11:3a:B7:00", 0).is_none());
    }

    #[test]
    fn a_spelled_address_is_found_to_its_last_word() {
        let text = "write jane.doe (at) halvorsen (dot) example, please";
        let place = text.find("(at)").unwrap();
        assert_eq!(&text[spelled_email(text, place..place + 4).unwrap().span], "jane.doe (at) halvorsen (dot) example");
        let text = "jane [dot] doe [at] example [dot] com";
        let place = text.find("[at]").unwrap();
        assert_eq!(&text[spelled_email(text, place..place + 4).unwrap().span], text);
    }
}
