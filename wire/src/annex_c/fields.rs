//! Rules for single fields. The tables give no lengths: these are ours, wide enough for what merchants send.

use super::BodyError;

pub(super) fn text(field: &'static str, value: &str, chars_max: usize) -> Result<(), BodyError> {
    let fits = value.chars().count() <= chars_max && reads_as_stored(value);
    if fits { Ok(()) } else { Err(BodyError::Field { field, rule: "must be short printable text" }) }
}

/// Whether a text that a payer is shown reads as it is stored: something in it can be seen, and nothing in it hides or
/// turns the rest around. What joins and colours pictures may stand between pictures only.
#[must_use]
pub fn reads_as_stored(text: &str) -> bool {
    let (mut before, mut chars) = (None, text.chars().peekable());
    while let Some(c) = chars.next() {
        let after_picture = before.is_some_and(is_picture);
        let joins = c == '\u{200d}'
            && (after_picture || before == Some('\u{fe0f}'))
            && chars.peek().is_some_and(|next| is_picture(*next));
        if misleads(c) && !joins && !(c == '\u{fe0f}' && after_picture) {
            return false;
        }
        before = Some(c);
    }
    text.chars().any(|c| !c.is_whitespace() && !is_blank(c))
}

/// Controls, breaks, marks of writing direction (UAX #9 §2), and what is drawn as nothing: format characters and those
/// that Unicode calls default ignorable (UAX #44 §5), private use and what is no character.
fn misleads(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{115f}' | '\u{1160}'
            | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{e000}'..='\u{f8ff}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{10ffff}')
}

fn is_picture(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{27ff}' | '\u{2900}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
}

/// The empty Braille cell: no white space, and nothing to see.
fn is_blank(c: char) -> bool {
    c == '\u{2800}'
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
