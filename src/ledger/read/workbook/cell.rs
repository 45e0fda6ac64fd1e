//! A spreadsheet's values as the text that a careful export to CSV would have had.

use std::fmt::Write as _;

use calamine::{Data, DataRef, ExcelDateTime};

const DAY_SECONDS: f64 = 86_400.0;

/// The first serial number beyond 9999-12-31, the last day of a spreadsheet.
const SERIAL_END: f64 = 2_958_466.0;

/// A value as text, written into `buffer` unless it is text already.
pub fn text<'a>(value: &'a DataRef, buffer: &'a mut String) -> &'a str {
    buffer.clear();
    match value {
        DataRef::SharedString(text) => return text,
        DataRef::String(text) => return text,
        DataRef::Int(number) => push(buffer, format_args!("{number}")),
        DataRef::Float(value) => number(*value, buffer),
        DataRef::Bool(flag) => push(buffer, format_args!("{flag}")),
        DataRef::DateTime(moment) => date(moment, buffer),
        DataRef::DateTimeIso(moment) => iso_date(moment, buffer),
        DataRef::DurationIso(duration) => iso_duration(duration, buffer),
        DataRef::Error(error) => push(buffer, format_args!("{error}")),
        DataRef::Empty => {}
    }
    buffer
}

/// An owned value lent, so that both kinds pass the same code.
pub fn borrowed(value: &Data) -> DataRef<'_> {
    match value {
        Data::String(text) => DataRef::SharedString(text),
        Data::Int(number) => DataRef::Int(*number),
        Data::Float(number) => DataRef::Float(*number),
        Data::Bool(flag) => DataRef::Bool(*flag),
        Data::DateTime(moment) => DataRef::DateTime(*moment),
        Data::DateTimeIso(moment) => DataRef::DateTimeIso(moment.clone()),
        Data::DurationIso(duration) => DataRef::DurationIso(duration.clone()),
        Data::Error(error) => DataRef::Error(error.clone()),
        Data::Empty => DataRef::Empty,
    }
}

fn push(out: &mut String, text: std::fmt::Arguments) {
    // Writing to a String cannot fail.
    let _: std::fmt::Result = out.write_fmt(text);
}

/// A number with the 15 digits that a spreadsheet has and shows, without exponent or idle zeros: 0.1 + 0.2 is `0.3`.
pub fn number(value: f64, out: &mut String) {
    if !value.is_finite() {
        return out.push_str("#NUM!");
    }
    if value.fract() == 0.0 && value.abs() < 1e15 {
        return push(out, format_args!("{}", value as i64));
    }
    // The shortest text that reads back as the same number is the exact one wherever 15 digits are enough.
    let start = out.len();
    push(out, format_args!("{value}"));
    let digits = out[start..].bytes().filter(u8::is_ascii_digit).skip_while(|digit| *digit == b'0');
    if digits.count() <= 15 {
        return;
    }
    out.truncate(start);
    let scientific = format!("{:.14e}", value.abs());
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let digits = digits.replace('.', "");
    let digits = digits.trim_end_matches('0');
    let whole = exponent.parse::<i32>().unwrap_or_default() + 1;
    if value < 0.0 {
        out.push('-');
    }
    if whole <= 0 {
        push(out, format_args!("0.{:0>1$}", "", whole.unsigned_abs() as usize));
        out.push_str(digits);
    } else if digits.len() <= whole as usize {
        push(out, format_args!("{digits:0<0$}", whole as usize));
    } else {
        let (whole, fraction) = digits.split_at(whole as usize);
        push(out, format_args!("{whole}.{fraction}"));
    }
}

/// A serial number: a day, a day with a time, or a time alone.
fn date(moment: &ExcelDateTime, out: &mut String) {
    let serial = moment.as_f64();
    if !(0.0..SERIAL_END).contains(&serial) {
        return number(serial, out);
    }
    if moment.is_duration() {
        return clock((serial * DAY_SECONDS).round() as u64, out);
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let seconds = u64::from(hour) * 3600 + u64::from(minute) * 60 + u64::from(second);
    if serial < 1.0 {
        return clock(seconds, out);
    }
    push(out, format_args!("{year:04}-{month:02}-{day:02}"));
    if seconds > 0 {
        out.push('T');
        clock(seconds, out);
    }
}

fn clock(seconds: u64, out: &mut String) {
    push(out, format_args!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60));
}

/// `2025-01-31T00:00:00.000` without a time that is midnight, or the fraction of one that is not; other text as it is.
pub fn iso_date(text: &str, out: &mut String) {
    let Some((day, time)) = text.split_once('T') else { return out.push_str(text) };
    let (time, fraction) = time.split_once('.').unwrap_or((time, ""));
    let plain = time.len() == 8
        && time.bytes().all(|byte| byte.is_ascii_digit() || byte == b':')
        && fraction.bytes().all(|byte| byte.is_ascii_digit());
    match time {
        _ if !plain => out.push_str(text),
        "00:00:00" => out.push_str(day),
        _ => push(out, format_args!("{day}T{time}")),
    }
}

/// `PT13H05M00S` as `13:05:00`; other text as it is.
pub fn iso_duration(text: &str, out: &mut String) {
    match duration_seconds(text) {
        Some(seconds) => clock(seconds, out),
        None => out.push_str(text),
    }
}

fn duration_seconds(text: &str) -> Option<u64> {
    let mut seconds = 0_u64;
    let mut rest = text.strip_prefix("PT").filter(|rest| !rest.is_empty())?;
    while !rest.is_empty() {
        let unit = rest.find(|letter: char| letter.is_ascii_alphabetic())?;
        let whole = rest[..unit].split('.').next().unwrap_or_default().parse::<u32>().ok()?;
        seconds = seconds.checked_add(match &rest[unit..=unit] {
            "H" => u64::from(whole) * 3600,
            "M" => u64::from(whole) * 60,
            "S" => u64::from(whole),
            _ => return None,
        })?;
        rest = &rest[unit + 1..];
    }
    Some(seconds)
}

#[cfg(test)]
mod tests {
    use calamine::{CellErrorType, ExcelDateTimeType};

    use super::*;

    fn shown(value: &DataRef) -> String {
        text(value, &mut String::from("left over")).to_owned()
    }

    #[test]
    fn numbers_have_fifteen_digits_and_no_exponent() {
        for (value, expected) in [
            (0.1 + 0.2, "0.3"),
            (200_769_623.0, "200769623"),
            (1e15, "1000000000000000"),
            (123_456_789_012_345_680.0, "123456789012346000"),
            (-0.0, "0"),
            (-1234.5, "-1234.5"),
            (0.000_012, "0.000012"),
            (-0.05, "-0.05"),
            (1.0 / 3.0, "0.333333333333333"),
            (2.0 / 3.0 * 1000.0, "666.666666666667"),
            (0.999_999_999_999_999_9, "1"),
            (1e-9, "0.000000001"),
            (f64::NAN, "#NUM!"),
        ] {
            assert_eq!(shown(&DataRef::Float(value)), expected);
        }
        assert_eq!(shown(&DataRef::Float(1e300)), format!("1{}", "0".repeat(300)));
        assert_eq!(shown(&DataRef::Int(-7)), "-7");
    }

    #[test]
    fn serial_numbers_are_days_times_or_both() {
        use ExcelDateTimeType::{DateTime, TimeDelta};
        // 45688 is 2025-01-31: 25569 is 1970-01-01, and 20119 days lie between.
        for (serial, kind, from_1904, expected) in [
            (45_688.0, DateTime, false, "2025-01-31"),
            (44_226.0, DateTime, true, "2025-01-31"),
            (45_688.75, DateTime, false, "2025-01-31T18:00:00"),
            (45_687.999_999_999, DateTime, false, "2025-01-31"),
            (59.0, DateTime, false, "1900-02-28"),
            (61.0, DateTime, false, "1900-03-01"),
            (0.5, DateTime, false, "12:00:00"),
            (1.520_833_333_333_333_3, TimeDelta, false, "36:30:00"),
            (-1.0, DateTime, false, "-1"),
            (3e6, DateTime, false, "3000000"),
        ] {
            assert_eq!(shown(&DataRef::DateTime(ExcelDateTime::new(serial, kind, from_1904))), expected);
        }
    }

    #[test]
    fn iso_days_and_durations_are_cut_to_seconds_and_other_text_stays() {
        for (moment, expected) in [
            ("2025-01-31", "2025-01-31"),
            ("2025-01-31T00:00:00", "2025-01-31"),
            ("2025-01-31T00:00:00.000", "2025-01-31"),
            ("2025-01-31T18:00:01.5", "2025-01-31T18:00:01"),
            ("2025-01-31T18:00:01Z", "2025-01-31T18:00:01Z"),
        ] {
            assert_eq!(shown(&DataRef::DateTimeIso(moment.to_owned())), expected);
        }
        for (duration, expected) in [
            ("PT13H05M00S", "13:05:00"),
            ("PT36H", "36:00:00"),
            ("PT90M1.9S", "01:30:01"),
            ("PT", "PT"),
            ("P1D", "P1D"),
            ("PT5X", "PT5X"),
            ("PT€H", "PT€H"),
        ] {
            assert_eq!(shown(&DataRef::DurationIso(duration.to_owned())), expected);
        }
        assert_eq!(shown(&DataRef::Bool(true)), "true");
        assert_eq!(shown(&DataRef::Error(CellErrorType::Ref)), "#REF!");
        assert_eq!(shown(&DataRef::Empty), "");
    }
}
