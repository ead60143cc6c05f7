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
    fn entropy_is_counted_in_bits_per_byte() {
        assert!(entropy(b"aaaa").abs() < 1e-9);
        assert!((entropy(b"abcd") - 2.0).abs() < 1e-9);
    }
}
