//! Days and times in UTC+8, as Annex C writes them.

use time::{
    Date, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset, format_description::well_known::Rfc3339,
    macros::format_description,
};

fn zone() -> UtcOffset {
    UtcOffset::from_hms(8, 0, 0).unwrap_or(UtcOffset::UTC)
}

fn at(unix: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(unix).unwrap_or(OffsetDateTime::UNIX_EPOCH).to_offset(zone())
}

/// `yyyyMMdd`.
pub(super) fn day(unix: i64) -> String {
    at(unix).format(format_description!("[year][month][day]")).unwrap_or_default()
}

/// RFC 3339 with `+08:00`.
pub(super) fn rfc3339(unix: i64) -> String {
    at(unix).format(&Rfc3339).unwrap_or_default()
}

/// Unix seconds of `yyyyMMdd` and `HHmmss`; `None` if they are no time.
pub(super) fn unix(day: &str, time: &str) -> Option<i64> {
    let day = Date::parse(day, format_description!("[year][month][day]")).ok()?;
    let time = Time::parse(time, format_description!("[hour][minute][second]")).ok()?;
    Some(PrimitiveDateTime::new(day, time).assume_offset(zone()).unix_timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_as_it_is_written() {
        let paid = 1_795_332_727;
        assert_eq!((day(paid).as_str(), rfc3339(paid).as_str()), ("20261122", "2026-11-22T15:32:07+08:00"));
        assert_eq!(unix("20261122", "153207"), Some(paid));
        assert_eq!(day(1_795_363_200), "20261123", "midnight in China is not midnight in UTC");
        assert_eq!((unix("20261131", "153207"), unix("", "")), (None, None));
    }
}
