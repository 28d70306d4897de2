//! Rules for single fields. The tables give no lengths: these are ours, wide enough for what merchants send.

use super::BodyError;

pub(super) fn text(field: &'static str, value: &str, chars_max: usize) -> Result<(), BodyError> {
    let fits = !value.is_empty() && value.chars().count() <= chars_max && !value.chars().any(misleads);
    if fits { Ok(()) } else { Err(BodyError::Field { field, rule: "must be short printable text" }) }
}

/// Controls, breaks and marks of writing direction: what is shown to a payer must read as it is stored (UAX #9 §2).
fn misleads(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

pub(super) fn optional(field: &'static str, value: Option<&str>, chars_max: usize) -> Result<(), BodyError> {
    value.map_or(Ok(()), |value| text(field, value, chars_max))
}

pub(crate) fn number_text(field: &'static str, value: &str, chars_max: usize) -> Result<(), BodyError> {
    let fits = (1..=chars_max).contains(&value.len())
        && value.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'|' | b'*' | b'@'));
    if fits { Ok(()) } else { Err(BodyError::Field { field, rule: "must be letters, digits or _-|*@" }) }
}

pub(super) fn mobile(field: &'static str, value: &str) -> Result<(), BodyError> {
    let fits = value.len() == 11 && value.starts_with('1') && value.bytes().all(|b| b.is_ascii_digit());
    if fits { Ok(()) } else { Err(BodyError::Field { field, rule: "must be 11 digits without +86" }) }
}

/// `yyyyMMdd`, a day that exists.
pub(super) fn date(field: &'static str, value: &str) -> Result<(), BodyError> {
    let refused = BodyError::Field { field, rule: "must be a day as yyyyMMdd" };
    if value.len() != 8 || !value.bytes().all(|b| b.is_ascii_digit()) {
        return Err(refused);
    }
    let part = |from: usize, to: usize| value[from..to].parse::<u16>().unwrap_or(0);
    let month = u8::try_from(part(4, 6)).ok().and_then(|m| time::Month::try_from(m).ok());
    let day = u8::try_from(part(6, 8)).unwrap_or(0);
    month
        .and_then(|month| time::Date::from_calendar_date(i32::from(part(0, 4)), month, day).ok())
        .map(|_| ())
        .ok_or(refused)
}

/// `HHmmss`.
pub(super) fn time_of_day(field: &'static str, value: &str) -> Result<(), BodyError> {
    let digits = value.len() == 6 && value.bytes().all(|b| b.is_ascii_digit());
    if digits && &value[..2] < "24" && &value[2..4] < "60" && &value[4..] < "60" {
        Ok(())
    } else {
        Err(BodyError::Field { field, rule: "must be a time as HHmmss" })
    }
}

pub(super) fn currency(value: &str) -> Result<(), BodyError> {
    if value == "CNY" { Ok(()) } else { Err(BodyError::Field { field: "currency", rule: "must be CNY" }) }
}
