//! Check digits and ranges: arithmetic that tells a number from a number of its kind.

/// Whether the digits pass Luhn's check (payment cards).
pub(super) fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, &digit)| {
            let value = u32::from(digit) << (place % 2);
            if value > 9 { value - 9 } else { value }
        })
        .sum();
    sum.is_multiple_of(10) && digits.iter().any(|&digit| digit != 0)
}

/// Whether ten digits pass the NHS number's modulus 11.
pub(super) fn nhs(digits: &[u8]) -> bool {
    let &[ref body @ .., check] = digits else { return false };
    if body.len() != 9 {
        return false;
    }
    let sum: u32 = body.iter().zip((2..=10).rev()).map(|(&digit, weight)| u32::from(digit) * weight).sum();
    match 11 - sum % 11 {
        11 => check == 0,
        10 => false,
        expected => u32::from(check) == expected,
    }
}

/// Whether nine digits can be a social security number: no area 000, 666 or 9xx, no group 00, no serial 0000.
pub(super) fn ssn(digits: &[u8]) -> bool {
    if digits.len() != 9 {
        return false;
    }
    let (area, group, serial) = (&digits[..3], &digits[3..5], &digits[5..]);
    area != [0, 0, 0] && area != [6, 6, 6] && area[0] != 9 && group != [0, 0] && serial != [0, 0, 0, 0]
}

/// Whether letters and digits without separators pass ISO 13616's modulus 97 (IBAN).
pub(super) fn iban(compact: &[u8]) -> bool {
    if !(15..=34).contains(&compact.len()) {
        return false;
    }
    let mut rest: u32 = 0;
    for &byte in compact[4..].iter().chain(&compact[..4]) {
        rest = match byte {
            b'0'..=b'9' => rest * 10 + u32::from(byte - b'0'),
            b'A'..=b'Z' => rest * 100 + u32::from(byte - b'A') + 10,
            b'a'..=b'z' => rest * 100 + u32::from(byte - b'a') + 10,
            _ => return false,
        } % 97;
    }
    rest == 1
}

fn weighted(digits: &[u8], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(&digit, weight)| u32::from(digit) * weight).sum()
}

fn number(digits: &[u8]) -> u64 {
    digits.iter().fold(0, |number, &digit| number * 10 + u64::from(digit))
}

/// Whether nine digits pass the Dutch check of eleven (BSN).
pub(super) fn bsn(digits: &[u8]) -> bool {
    digits.len() == 9 && (weighted(digits, &[9, 8, 7, 6, 5, 4, 3, 2]) + 10 * u32::from(digits[8])).is_multiple_of(11)
}

/// Whether eleven digits pass both checks of a Norwegian fødselsnummer.
pub(super) fn norwegian(digits: &[u8]) -> bool {
    digits.len() == 11
        && weighted(digits, &[3, 7, 6, 1, 8, 9, 4, 5, 2, 1]).is_multiple_of(11)
        && weighted(digits, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11)
}

/// Whether eleven digits pass the Belgian modulus 97, of either century.
pub(super) fn belgian(digits: &[u8]) -> bool {
    if digits.len() != 11 {
        return false;
    }
    let (body, key) = (number(&digits[..9]), number(&digits[9..]));
    97 - body % 97 == key || 97 - (2_000_000_000 + body) % 97 == key
}

/// Whether eleven digits pass both checks of a Brazilian CPF.
pub(super) fn brazilian(digits: &[u8]) -> bool {
    let holds = |length: usize| {
        let sum: u32 = digits[..length]
            .iter()
            .zip((2..=length + 1).rev())
            .map(|(&digit, weight)| u32::from(digit) * weight as u32)
            .sum();
        sum * 10 % 11 % 10 == u32::from(digits[length])
    };
    digits.len() == 11 && holds(9) && holds(10)
}

/// Whether eleven digits pass ISO 7064's modulus 11,10 (the German Steuer-ID).
pub(super) fn german(digits: &[u8]) -> bool {
    let &[ref body @ .., check] = digits else { return false };
    let product = body.iter().fold(10, |product, &digit| match (product + u32::from(digit)) % 10 {
        0 => 20 % 11,
        sum => sum * 2 % 11,
    });
    body.len() == 10 && (11 - product) % 10 == u32::from(check)
}

/// Whether eleven digits pass the check of a Polish PESEL.
pub(super) fn polish(digits: &[u8]) -> bool {
    digits.len() == 11 && weighted(digits, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]).is_multiple_of(10)
}

/// Whether thirteen digits pass the check of an EAN, as Swiss AHV numbers do.
pub(super) fn ean(digits: &[u8]) -> bool {
    digits.len() == 13 && weighted(digits, &[1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]).is_multiple_of(10)
}

/// Whether fifteen digits pass the key of a French NIR, and have a month where it has one.
pub(super) fn nir(digits: &[u8]) -> bool {
    digits.len() == 15
        && matches!(number(&digits[3..5]), 1..=12 | 20..=42 | 50..=99)
        && 97 - number(&digits[..13]) % 97 == number(&digits[13..])
}

/// Whether eighteen digits, of which the last may be ten, pass ISO 7064's modulus 11-2 (Chinese identity numbers).
pub(super) fn chinese(digits: &[u8]) -> bool {
    digits.len() == 18
        && (1900..2100).contains(&number(&digits[6..10]))
        && weighted(digits, &[7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2, 1]) % 11 == 1
}

/// Whether the last letter of an Italian codice fiscale checks the others.
pub(super) fn italian(code: &[u8; 16]) -> bool {
    const ODD: [u32; 26] =
        [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
    let value = |byte: u8| if byte.is_ascii_digit() { byte - b'0' } else { byte.wrapping_sub(b'A') % 26 };
    let sum: u32 = code[..15]
        .iter()
        .enumerate()
        .map(|(place, &byte)| if place % 2 == 0 { ODD[usize::from(value(byte))] } else { u32::from(value(byte)) })
        .sum();
    sum % 26 == u32::from(value(code[15]))
}

/// Shannon's entropy in bits per byte.
pub(super) fn entropy(text: &[u8]) -> f64 {
    let mut counts = [0_u32; 256];
    for &byte in text {
        counts[usize::from(byte)] += 1;
    }
    let total = text.len() as f64;
    counts
        .iter()
        .filter(|&&count| count > 0)
        .map(|&count| {
            let share = f64::from(count) / total;
            -share * share.log2()
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(text: &str) -> Vec<u8> {
        text.bytes().filter(u8::is_ascii_digit).map(|byte| byte - b'0').collect()
    }

    #[test]
    fn check_digits_tell_right_from_wrong() {
        assert!(
            luhn(&digits("4111 1111 1111 1111")) && !luhn(&digits("4111 1111 1111 1112")) && !luhn(&digits("0000"))
        );
        assert!(nhs(&digits("943 476 5919")) && !nhs(&digits("943 476 5918")) && !nhs(&digits("12")));
        assert!(iban(b"GB82WEST12345698765432") && iban(b"no9386011117947") && !iban(b"GB83WEST12345698765432"));
        for wrong in ["000-12-3456", "666-12-3456", "912-12-3456", "123-00-4567", "123-45-0000"] {
            assert!(!ssn(&digits(wrong)), "{wrong}");
        }
        assert!(ssn(&digits("123-45-6789")));
    }

    #[test]
    fn the_numbers_of_states_check_themselves() {
        type Check = fn(&[u8]) -> bool;
        let checks: [(Check, &str); 9] = [
            (bsn, "123456782"),
            (norwegian, "23067530160"),
            (belgian, "85073003328"),
            (brazilian, "11144477735"),
            (german, "65929970489"),
            (polish, "44051401359"),
            (ean, "7569217076985"),
            (nir, "184127645108946"),
            (chinese, "110105199003072936"),
        ];
        for (check, right) in checks {
            let mut digits = digits(right);
            assert!(check(&digits), "{right}");
            let last = digits.len() - 1;
            digits[last] = (digits[last] + 1) % 10;
            assert!(!check(&digits), "{right}");
        }
        assert!(italian(b"RSSMRA85T10A562S") && !italian(b"RSSMRA85T10A562T"));
    }

    #[test]
    fn entropy_is_counted_in_bits_per_byte() {
        assert!(entropy(b"aaaa").abs() < 1e-9);
        assert!((entropy(b"abcd") - 2.0).abs() < 1e-9);
    }
}
