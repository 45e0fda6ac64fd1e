//! Whether a customer can be written to by electronic mail. What could add a header or a further recipient to a message is
//! refused, not repaired.

/// Most addresses taken from one field.
const ADDRESSES_MAX: usize = 10;

/// Longest address that mail systems take, and the longest part of it before the `@`.
const ADDRESS_BYTES_MAX: usize = 254;
const LOCAL_BYTES_MAX: usize = 64;

/// The addresses of a field, which may hold several, parted by commas or semicolons. Says why there are none.
pub fn addresses(field: &str) -> Result<Vec<String>, &'static str> {
    if field.trim().is_empty() {
        return Err("no e-mail address");
    }
    if field.chars().any(char::is_control) {
        return Err("the e-mail address holds control characters");
    }
    let addresses: Vec<String> =
        field.split([',', ';']).map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect();
    let usable =
        (1..=ADDRESSES_MAX).contains(&addresses.len()) && addresses.iter().all(|one| is_address(one));
    if usable { Ok(addresses) } else { Err("the e-mail address is not valid") }
}

/// Whether a text is one plain address, `name@example.com`.
pub fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let local_sign = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&byte);
    let label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    text.len() <= ADDRESS_BYTES_MAX
        && (1..=LOCAL_BYTES_MAX).contains(&local.len())
        && local.bytes().all(local_sign)
        && local.split('.').all(|part| !part.is_empty())
        && domain.contains('.')
        && domain.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_and_what_is_none_is_refused() {
        assert_eq!(addresses("a.b+c@example.com").unwrap(), ["a.b+c@example.com"]);
        assert_eq!(addresses("a@x.org; b@y.org,").unwrap(), ["a@x.org", "b@y.org"]);
        for refused in [
            "",
            "  ",
            "example.com",
            "a@b",
            "a@@b.org",
            "a b@c.org",
            "a@b..org",
            ".a@b.org",
            "a@-b.org",
            "<a@b.org>",
            "A <a@b.org>",
            "a@b.org\r\nBcc: c@d.org",
            "a@b.org; c",
            "a@b.org\u{0}",
            ";",
        ] {
            assert!(addresses(refused).is_err(), "{refused:?}");
        }
        assert!(addresses(&"a@b.org,".repeat(11)).is_err());
    }
}
