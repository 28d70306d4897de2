//! Identifiers made in the program (date and randomness, no sequence), and the calendar of the wire.
//!
//! An order number can be guessed and protects nothing: whoever may see an order is decided elsewhere.

use msgpay_crypto::{Error, random};
use time::{OffsetDateTime, UtcOffset};

/// Letters of activation codes: Crockford's base 32, without the letters that are misread.
const CODE: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Dates and times on the wire are China Standard Time.
const CHINA: UtcOffset = time::macros::offset!(+8);

/// A single-use nonce of the platform.
///
/// # Errors
/// When the system gives no randomness.
pub fn nonce16() -> Result<[u8; 16], Error> {
    random::make()
}

/// `P`, the date of its creation, sixteen random digits.
///
/// # Errors
/// When the system gives no randomness.
pub fn pay_order_no(create_date: &str) -> Result<String, Error> {
    Ok(format!("P{create_date}{}", digits(16)?))
}

/// `S` and twenty random digits: the number of one password setting.
///
/// # Errors
/// When the system gives no randomness.
pub fn setup_no() -> Result<String, Error> {
    Ok(format!("S{}", digits(20)?))
}

/// `A` and 128 random bits: one attempt to pay, and the bank's idempotency id for it.
///
/// # Errors
/// When the system gives no randomness.
pub fn attempt_no() -> Result<String, Error> {
    tagged('A')
}

/// `D` and 128 random bits.
///
/// # Errors
/// When the system gives no randomness.
pub fn device_id() -> Result<String, Error> {
    tagged('D')
}

/// `W` and 128 random bits.
///
/// # Errors
/// When the system gives no randomness.
pub fn wallet_id() -> Result<String, Error> {
    tagged('W')
}

/// `U` and 128 random bits.
///
/// # Errors
/// When the system gives no randomness.
pub fn user_id() -> Result<String, Error> {
    tagged('U')
}

/// `N` and 128 random bits: constant over all attempts to deliver one notice.
///
/// # Errors
/// When the system gives no randomness.
pub fn notify_id() -> Result<String, Error> {
    tagged('N')
}

/// Sixty random bits as `XXXX-XXXX-XXXX`, to be typed by a person.
///
/// # Errors
/// When the system gives no randomness.
pub fn activation_code() -> Result<String, Error> {
    let mut code = String::with_capacity(14);
    for (i, byte) in random::make::<12>()?.into_iter().enumerate() {
        if i > 0 && i % 4 == 0 {
            code.push('-');
        }
        code.push(char::from(CODE.get(usize::from(byte & 31)).copied().unwrap_or(b'0')));
    }
    Ok(code)
}

/// An activation code as it is compared: upper case, without what people put between groups, misreadings
/// mended (`O` is 0, `I` and `L` are 1).
pub fn plain_code(typed: &str) -> String {
    let mend = |c: char| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    typed.chars().filter(char::is_ascii_alphanumeric).map(mend).collect()
}

/// `yyyyMMdd` in China.
pub fn china_date(at_ms: i64) -> String {
    let at = china(at_ms);
    format!("{:04}{:02}{:02}", at.year(), u8::from(at.month()), at.day())
}

/// `HHmmss` in China.
pub fn china_time(at_ms: i64) -> String {
    let at = china(at_ms);
    format!("{:02}{:02}{:02}", at.hour(), at.minute(), at.second())
}

fn china(at_ms: i64) -> OffsetDateTime {
    let at = OffsetDateTime::from_unix_timestamp(at_ms.div_euclid(1000));
    at.unwrap_or(OffsetDateTime::UNIX_EPOCH).to_offset(CHINA)
}

fn tagged(tag: char) -> Result<String, Error> {
    Ok(format!("{tag}{}", hex::encode_upper(random::make::<16>()?)))
}

fn digits(n: usize) -> Result<String, Error> {
    let mut text = String::with_capacity(n);
    for _ in 0..n {
        text.push(char::from_digit(random::below(10)?, 10).unwrap_or('0'));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_begins_in_china() {
        // 2026-11-21T16:00:00Z is midnight of the 22nd in Beijing.
        assert_eq!(
            (china_date(1_795_276_800_000), china_time(1_795_276_800_000)),
            ("20261122".into(), "000000".into())
        );
        assert_eq!(
            (china_date(1_795_276_799_999), china_time(1_795_276_799_999)),
            ("20261121".into(), "235959".into())
        );
    }

    #[test]
    fn a_code_survives_the_way_people_type_it() {
        let code = activation_code().unwrap();
        assert_eq!(code.len(), 14);
        assert_eq!(plain_code(&code.to_lowercase().replace('-', " ")), code.replace('-', ""));
        assert_eq!(plain_code("oil0"), "0110");
    }

    #[test]
    fn numbers_carry_their_tag_and_date() {
        let no = pay_order_no("20261122").unwrap();
        assert!(no.starts_with("P20261122") && no.len() == 25 && no[1..].bytes().all(|b| b.is_ascii_digit()));
        assert_ne!(no, pay_order_no("20261122").unwrap());
    }
}
