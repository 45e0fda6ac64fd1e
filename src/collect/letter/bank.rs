//! Bank details of a brand: a digit typed wrongly in an IBAN is found by its check digits (ISO 13616), before a hundred
//! customers pay to it.

/// An IBAN without spaces and in capitals; `None` where its form or its check digits are wrong.
pub fn iban(text: &str) -> Option<String> {
    let iban: String =
        text.chars().filter(|sign| *sign != ' ').map(|sign| sign.to_ascii_uppercase()).collect();
    let bytes = iban.as_bytes();
    let letters = bytes.get(..2)?.iter().all(u8::is_ascii_uppercase);
    let digits = bytes.get(2..4)?.iter().all(u8::is_ascii_digit);
    let form =
        letters && digits && (15..=34).contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_alphanumeric);
    (form && remainder(bytes) == 1).then_some(iban)
}

/// The first four signs moved to the end and letters taken as 10 to 35, modulo 97.
fn remainder(iban: &[u8]) -> u32 {
    let turned = iban.iter().skip(4).chain(iban.iter().take(4));
    turned.fold(0, |rest, sign| match sign {
        b'0'..=b'9' => (rest * 10 + u32::from(sign - b'0')) % 97,
        _ => (rest * 100 + u32::from(sign.to_ascii_uppercase().saturating_sub(b'A')) + 10) % 97,
    })
}

/// An IBAN in groups of four, as people read it.
pub fn grouped(iban: &str) -> String {
    let mut text = String::with_capacity(iban.len() + 8);
    for (at, sign) in iban.chars().enumerate() {
        if at > 0 && at.is_multiple_of(4) {
            text.push(' ');
        }
        text.push(sign);
    }
    text
}

/// Whether a text has the form of a BIC (ISO 9362): bank and country, place, and a branch if there is one.
pub fn is_bic(text: &str) -> bool {
    let form = |(head, tail): (&str, &str)| {
        head.bytes().all(|sign| sign.is_ascii_uppercase())
            && tail.bytes().all(|sign| sign.is_ascii_uppercase() || sign.is_ascii_digit())
    };
    matches!(text.len(), 8 | 11) && text.split_at_checked(6).is_some_and(form)
}

#[cfg(test)]
mod tests {
    use super::*;

    // Example numbers that national bodies publish in the IBAN registry.
    #[test]
    fn published_ibans_are_right_and_a_changed_digit_is_not() {
        for right in [
            "GB33 BUKB 2020 1555 5555 55",
            "DE89 3704 0044 0532 0130 00",
            "FR14 2004 1010 0505 0001 3M02 606",
            "es9121000418450200051332",
            "NO93 8601 1117 947",
        ] {
            assert!(iban(right).is_some(), "{right}");
        }
        for wrong in [
            "DE89 3704 0044 0532 0130 01",
            "DE98 3704 0044 0532 0130 00",
            "",
            "DE89",
            "DÉ89370400440532013000",
        ] {
            assert_eq!(iban(wrong), None, "{wrong}");
        }
        assert_eq!(grouped("NO9386011117947"), "NO93 8601 1117 947");
    }

    #[test]
    fn bics_have_eight_or_eleven_signs() {
        assert!(is_bic("BUKBGB22") && is_bic("COBADEFFXXX"));
        assert!(
            !is_bic("BUKBGB2")
                && !is_bic("BUKB1B22")
                && !is_bic("bukbgb22")
                && !is_bic("ÄÖÜÄ")
                && !is_bic("BUKBGÄa")
        );
    }
}
