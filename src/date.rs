//! Days, as exemptions, certificates and rotations name them.

use std::fmt;
use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

/// A day of the Gregorian calendar, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    year: i64,
    month: u8,
    day: u8,
}

impl Date {
    /// Today by the clock of this machine.
    #[must_use]
    pub fn today() -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self::from_epoch_seconds(i64::try_from(now.as_secs()).unwrap_or(0))
    }

    /// The day of a count of seconds since 1970.
    #[must_use]
    pub fn from_epoch_seconds(seconds: i64) -> Self {
        // Days are counted from 0000-03-01 so that the leap day ends a year; an era is 400 years of 146,097 days.
        let days = seconds.div_euclid(86_400) + 719_468;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Self { year, month: u8::try_from(month).unwrap_or(1), day: u8::try_from(day).unwrap_or(1) }
    }

    /// How many days a text such as `90d` or `12w` counts; at most a hundred years.
    ///
    /// # Errors
    /// It counts none.
    pub fn days(text: &str) -> Result<u32, String> {
        let wrong = || format!("{text:?} is no number of days: write 90d or 12w");
        let (digits, factor) = text
            .strip_suffix('d')
            .map(|it| (it, 1))
            .or_else(|| Some((text.strip_suffix('w')?, 7)))
            .ok_or_else(wrong)?;
        let number: u32 = digits.parse().map_err(|_| wrong())?;
        number.checked_mul(factor).filter(|days| *days <= 36_525).ok_or_else(wrong)
    }

    /// Days from this day to another; negative when the other is earlier.
    #[must_use]
    pub fn days_until(self, other: Self) -> i64 {
        (other.epoch_seconds() - self.epoch_seconds()) / 86_400
    }

    /// The day so many days later.
    #[must_use]
    pub fn plus_days(self, days: u32) -> Self {
        (0..days).fold(self, |date, _| date.next())
    }

    fn next(self) -> Self {
        match self {
            Self { year, month, day } if day < Self::days_in_month(year, month) => {
                Self { day: day + 1, ..self }
            }
            Self { year, month: 12, .. } => Self { year: year + 1, month: 1, day: 1 },
            Self { year, month, .. } => Self { year, month: month + 1, day: 1 },
        }
    }

    /// Seconds from 1970 to the day's midnight.
    #[must_use]
    pub fn epoch_seconds(self) -> i64 {
        let year = self.year - i64::from(self.month <= 2);
        let (era, month) = (year.div_euclid(400), i64::from(self.month));
        let shifted_month = if month > 2 { month - 3 } else { month + 9 };
        let day_of_year = (153 * shifted_month + 2) / 5 + i64::from(self.day) - 1;
        let year_of_era = year.rem_euclid(400);
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        (era * 146_097 + day_of_era - 719_468) * 86_400
    }

    /// Seconds from 1970 to the midnight so many years, months and days away; days that a month lacks run over. `None`
    /// beyond the years that count.
    #[must_use]
    pub fn plus(self, years: i64, months: i64, days: i64) -> Option<i64> {
        let month = years
            .checked_mul(12)?
            .checked_add(months)?
            .checked_add(self.year * 12 + i64::from(self.month) - 1)?;
        let year = month.div_euclid(12);
        if !(-290_000..290_000).contains(&year) {
            return None;
        }
        let first = Self { year, month: u8::try_from(month.rem_euclid(12)).ok()? + 1, day: 1 };
        first.epoch_seconds().checked_add(days.checked_add(i64::from(self.day) - 1)?.checked_mul(86_400)?)
    }

    fn days_in_month(year: i64, month: u8) -> u8 {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        match month {
            2 => 28 + u8::from(leap),
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl FromStr for Date {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no date: write YYYY-MM-DD");
        let parts: Vec<&str> = text.split('-').collect();
        let [year, month, day] = parts[..] else { return Err(wrong()) };
        if (year.len(), month.len(), day.len()) != (4, 2, 2) {
            return Err(wrong());
        }
        let date = Self {
            year: year.parse().map_err(|_| wrong())?,
            month: month.parse().map_err(|_| wrong())?,
            day: day.parse().map_err(|_| wrong())?,
        };
        let valid = (1..=12).contains(&date.month)
            && (1..=Self::days_in_month(date.year, date.month)).contains(&date.day);
        if valid { Ok(date) } else { Err(wrong()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_days_from_the_epoch() {
        for (seconds, day) in [(0, "1970-01-01"), (951_782_400, "2000-02-29"), (1_795_132_800, "2026-11-20")]
        {
            assert_eq!(Date::from_epoch_seconds(seconds).to_string(), day);
            assert_eq!(day.parse::<Date>().unwrap().epoch_seconds(), seconds);
        }
    }

    #[test]
    fn counts_on_over_months_and_years() {
        let date: Date = "2027-11-20".parse().unwrap();
        assert_eq!(date.plus_days(90).to_string(), "2028-02-18");
        assert_eq!(date.plus_days(102).to_string(), "2028-03-01", "over a leap day");
    }

    #[test]
    fn counts_days_and_weeks() {
        assert_eq!((Date::days("90d"), Date::days("12w")), (Ok(90), Ok(84)));
        for text in ["90", "d", "-1d", "1y", "99999999d"] {
            assert!(Date::days(text).is_err(), "{text}");
        }
        let day: Date = "2026-11-26".parse().unwrap();
        assert_eq!(day.days_until("2026-12-01".parse().unwrap()), 5);
        assert_eq!(day.days_until("2026-11-25".parse().unwrap()), -1);
    }

    #[test]
    fn refuses_days_that_do_not_exist() {
        assert!("2027-02-29".parse::<Date>().is_err());
        assert!("2028-02-29".parse::<Date>().is_ok());
        assert!("2027-1-31".parse::<Date>().is_err());
    }
}
