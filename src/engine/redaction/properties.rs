//! What holds for every text.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;

static DETECTOR: LazyLock<Detector> = LazyLock::new(|| {
    Detector::new(&Dictionary {
        names: vec![
            Name {
                name: "Halvorsen AS".to_owned(),
                aliases: vec!["Halvorsen".to_owned()],
                kind: "client".to_owned(),
                domains: vec!["halvorsen.example".to_owned()],
            },
            Name::new("Jane Doe", "person"),
            Name::new("Lee", "person"),
            Name::new("Müller", "law firm"),
        ],
        keep: vec!["Kubernetes".to_owned()],
        patterns: vec![Pattern { kind: "case".to_owned(), regex: r"ACME-\d{4}".to_owned() }],
    })
    .unwrap()
});

const PIECES: [&str; 93] = [
    "Halvorsen AS",
    "HALVORSEN",
    "halvorsen",
    "Hal\u{200b}vorsen",
    "Jane Doe",
    "J. Doe",
    "jdoe",
    "Lee",
    "sleeves",
    "Müller",
    "Mu\u{308}ller",
    "Mueller",
    "MÜLLER",
    "[CLIENT_1]",
    "[CLIENT_1b]",
    "[client 2]",
    "CLIENT_3",
    "[PHONE_1]",
    "[TEXT_1]",
    "[",
    "]",
    "_1]",
    "[CLIENT_",
    "\\[CLIENT\\_1\\]",
    "CLIENT_1\\",
    "$GITHUB_USERNAME:$GITHUB_PASSWORD",
    "curl --user ",
    "ACME-1234",
    "jane@halvorsen.example",
    "a@b.co",
    "@",
    "+47 22 12 34 56",
    "905-674-3793",
    "5403926876",
    "phone: ",
    "4111 1111 1111 1111",
    "078-05-1120",
    "GB82 WEST 1234 5698 7654 32",
    "192.168.1.10",
    "8.8.8.8",
    "fe80::1",
    "00:1B:44:11:3a:B7",
    "https://example.org/x?token=1",
    "http://wiki/",
    "12 Baker Street",
    "SW1A 1AA",
    "DOB: 12/03/1984",
    "/home/jane/x",
    "password = \"hunter2hunter2\"",
    "ghp_0a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R",
    "aGFsdm9yc2VuIGFz",
    "Halvorsen%20AS",
    "Kristíana",
    "Brightwater",
    "Mr. Brown",
    "brown",
    " the ",
    " and ",
    "\n",
    " ",
    ", ",
    ".",
    "'s ",
    "1",
    "42",
    "４１１１ １１１１ １１１１ １１１１",
    "card 4111\u{200b}1111\u{200b}1111\u{200b}1111",
    "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
    "john&#64;example.com",
    "john%40example.com",
    "john {at} example {dot} com",
    "john at example dot com",
    "10.0.0[.]5",
    "hxxp://wiki/",
    "Z2hwXzBhMUIyYzNENGU1RjZnN0g4aTlKMGsxTDJtM040bzVQNnE3Ug==",
    "DE89 3704 0044\n0532 0130 00",
    "&quot;password&quot;: &quot;pa55w0rd!&quot;",
    "member ID XQH884512390",
    "born on 7 June 1984",
    "\u{202e}[1_TNEILC]\u{202c}",
    "Z\u{351}\u{32b}a\u{313}l\u{34e}g\u{33a}o\u{322}",
    "👩\u{200d}👩\u{200d}👧 🇳🇴",
    "\0\u{1b}[31m\u{feff}\u{fffd}",
    "%s%n%00%0d%0a",
    "田中様",
    "PIN: 4821",
    "CVV 123",
    "Via Roma 12, 00184 Roma",
    "call +47 22 12\n34 56 now",
    "4111_1111_1111_1111",
    "12345678Z",
    "850709-9805",
    "mysql -pHunter2x ",
];

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => prop::sample::select(&PIECES[..]).prop_map(str::to_owned),
        2 => "\\PC{0,8}",
        2 => "[ -~\n]{0,12}",
        1 => any::<String>(),
    ];
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

fn policy() -> impl Strategy<Value = Policy> {
    (prop_oneof![Just(Policy::EVERYTHING), Just(Policy::BRIEF)], any::<bool>())
        .prop_map(|(policy, strict)| policy.strict(strict))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn restoring_what_was_masked_gives_the_source(source in text(), before in text(), policy in policy()) {
        let mut vault = Vault::new("x");
        let first = mask(&before, &DETECTOR, &mut vault, policy);
        let second = mask(&source, &DETECTOR, &mut vault, policy);
        prop_assert_eq!(restore(second.text(), &vault), source);
        prop_assert_eq!(restore(first.text(), &vault), before);
    }

    #[test]
    fn masking_what_is_masked_with_a_fresh_vault_changes_nothing(source in text(), policy in policy()) {
        let once = mask(&source, &DETECTOR, &mut Vault::new("x"), policy);
        let twice = mask(once.text(), &DETECTOR, &mut Vault::new("x"), policy);
        prop_assert_eq!(once.text(), twice.text());
    }

    #[test]
    fn no_value_of_the_vault_stands_in_what_was_masked(source in text(), before in text(), policy in policy()) {
        let mut vault = Vault::new("x");
        mask(&before, &DETECTOR, &mut vault, policy);
        let masked = mask(&source, &DETECTOR, &mut vault, policy);
        prop_assert_eq!(LeakCheck::new([&vault]).leaks(masked.text()), vec![]);
    }

    #[test]
    fn one_value_has_one_pseudonym_and_one_pseudonym_one_value(source in text(), policy in policy()) {
        let mut vault = Vault::new("x");
        let masked = mask(&source, &DETECTOR, &mut vault, policy);
        for replaced in masked.replaced() {
            for other in masked.replaced() {
                let same = replaced.pseudonym == other.pseudonym;
                let equal = source[replaced.span.clone()] == source[other.span.clone()];
                prop_assert!(!same || equal);
                prop_assert!(same || !equal || replaced.kind != other.kind);
            }
        }
        // What the vault knows by now may cut a muddle of digits differently; a value keeps its pseudonym all the same.
        let again = mask(&source, &DETECTOR, &mut vault.clone(), policy);
        for replaced in again.replaced() {
            for other in masked.replaced() {
                let equal = source[replaced.span.clone()] == source[other.span.clone()];
                prop_assert_eq!(replaced.pseudonym == other.pseudonym, equal && replaced.kind == other.kind);
            }
        }
    }

    #[test]
    fn findings_are_in_order_and_never_overlap(source in text(), policy in policy()) {
        let found = DETECTOR.find(&source, policy);
        for pair in found.windows(2) {
            prop_assert!(pair[0].span.end <= pair[1].span.start);
        }
        for finding in found {
            prop_assert!(!finding.span.is_empty() && source.get(finding.span).is_some());
        }
    }

    #[test]
    fn a_stream_restores_the_same_wherever_it_is_cut(source in text(), cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..6)) {
        let mut vault = Vault::new("x");
        let masked = mask(&source, &DETECTOR, &mut vault, Policy::EVERYTHING).into_text();
        let mut places: Vec<usize> = cuts.iter().map(|cut| masked.floor_char_boundary(cut.index(masked.len() + 1))).collect();
        places.extend([0, masked.len()]);
        places.sort_unstable();
        let mut stream = RestoreStream::new(&vault);
        let mut restored: String = places.windows(2).map(|cut| stream.push(&masked[cut[0]..cut[1]])).collect();
        restored.push_str(&stream.finish());
        prop_assert_eq!(restored, source);
    }

    #[test]
    fn a_name_of_the_dictionary_is_hidden_wherever_a_text_is_put_around_it(before in text(), after in text(), policy in policy()) {
        let source = format!("{before} Jane Doe {after}");
        let masked = mask(&source, &DETECTOR, &mut Vault::new("x"), policy);
        prop_assert!(!masked.text().contains("Jane Doe"), "{}", masked.text());
    }

    #[test]
    fn tolerant_restoring_takes_any_text(source in text(), before in text()) {
        let mut vault = Vault::new("x");
        mask(&before, &DETECTOR, &mut vault, Policy::EVERYTHING);
        let restored = restore_tolerant(&source, &vault);
        if vault.is_empty() {
            prop_assert_eq!(restored.text, source);
        }
    }

    #[test]
    fn tolerant_restoring_of_an_untouched_text_is_exact(source in text()) {
        let mut vault = Vault::new("x");
        let masked = mask(&source, &DETECTOR, &mut vault, Policy::EVERYTHING);
        prop_assert_eq!(restore_tolerant(masked.text(), &vault).text, source);
    }
}
