//! Letters, notes, chat and logs as people write them, in several languages, and what is left of them.

use super::*;

pub(super) fn masked(text: &str) -> String {
    let mut vault = Vault::new("everyday");
    let masked = mask(text, &Detector::default(), &mut vault, Policy::EVERYTHING);
    assert_eq!(LeakCheck::new([&vault]).leaks(masked.text()), [], "{text}");
    assert_eq!(restore(masked.text(), &vault), text);
    masked.into_text()
}

#[test]
fn what_everyday_texts_tell_of_people_is_hidden() {
    for (text, wanted) in [
        ("Steuer-ID DE1234567, geb. am 03.04.1978 in Köln", "Steuer-ID [ID_1], geb. am [BIRTH_DATE_1] in Köln"),
        ("Personnummer 850709-9805; Storgatan 12", "Personnummer [ID_1]; [ADDRESS_1]"),
        ("mobil 912 34 567. Bor i Storgata 5B, 0155 Oslo", "mobil [PHONE_1]. Bor i [ADDRESS_1], [POSTCODE_1] Oslo"),
        ("DNI 12345678Z, nacida el 5 de mayo de 1990", "DNI [ID_1], nacida el [BIRTH_DATE_1]"),
        ("手机13812345678，身份证号11010519491231002X", "手机[PHONE_1]，身份证号[ID_1]"),
        ("電話番号は０３－１２３４－５６７８です。", "電話番号は[PHONE_1]です。"),
        ("Codice fiscale RSSMRA85T10A562S", "Codice fiscale [ID_1]"),
        ("hospital no. H1234567, d.o.b. 03-04-72", "hospital no. [ID_1], d.o.b. [BIRTH_DATE_1]"),
        ("DOB: 12-Mar-1958, seen 12-Apr-2024", "DOB: [BIRTH_DATE_1], seen 12-Apr-2024"),
        ("card: 4111-1111-\n1111-1111", "card: [CARD_1]"),
        ("SSN:０７８-０５-１１２０", "SSN:[SSN_1]"),
        ("jane [dot] doe [at] example [dot] com", "[EMAIL_1]"),
        ("write jane.doe @example.com today", "write [EMAIL_1] today"),
        ("Musterstr. 12a, 12345 Musterstadt", "[ADDRESS_1], [POSTCODE_1] Musterstadt"),
        ("passord er Fjell123!", "passord er [SECRET_1]"),
        ("密码：abc123XYZ", "密码：[SECRET_1]"),
        ("パスワードは Sakura2024! です", "パスワードは [SECRET_1] です"),
    ] {
        assert_eq!(masked(text), wanted);
    }
}

#[test]
fn what_everyday_texts_tell_of_nobody_stays() {
    for text in [
        "0.123 0.456 0.789",
        "timeouts of 1000 2000 4000 ms",
        "room 101-102, pages 112-118, chapters 3, 4 and 5",
        "thanks @everyone, meet at example",
        "commit 8f14e45fceea167a5a36dedd4bea2543 at 12:34:56",
        "1,234,567 users of version 1.2.3.4",
        "on 12-Mar-2024 we shipped 12 of 34",
        "In 3, 2024 Was a good year",
    ] {
        assert_eq!(masked(text), text);
    }
}

#[test]
fn what_is_replaced_leaves_no_value_beside_it() {
    let dictionary = Dictionary { names: vec![Name::new("Lee", "client")], ..Dictionary::default() };
    let detector = Detector::new(&dictionary).unwrap();
    for (before, source) in [
        // A piece of a pseudonym and what stands before it spell a value, and are none.
        ("Lee", "curl -sL --user \"$GITHUB_USERNAME:$GITHUB_PASSWORD\" \"$GITHUB_URL\""),
        // Digits that were within a word become a word of their own where the rest of it goes.
        (
            "Lee",
            "john%40example.com４１１１ １１１１ １１１１ １１１１DE89 3704 0044\n0532 0130 00 [.]5card 4111\u{200b}11",
        ),
        ("card ４１１１ １１１１ １１１１ １１１１", "10.0.0.541 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1"),
        ("card ４１１１ １１１１ １１１１ １１１１", "192.168.1.104 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1"),
    ] {
        for policy in [Policy::BRIEF, Policy::EVERYTHING, Policy::EVERYTHING.strict(true)] {
            let mut vault = Vault::new("everyday");
            mask(before, &detector, &mut vault, policy);
            let masked = mask(source, &detector, &mut vault, policy);
            assert_eq!(LeakCheck::new([&vault]).leaks(masked.text()), [], "{}", masked.text());
            assert_eq!(restore(masked.text(), &vault), source);
        }
    }
}
