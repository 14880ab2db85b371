//! What happened: recorded once, never edited, corrected only by another fact.

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Value, json};

use crate::Digest;

/// A moment: microseconds since 1970-01-01T00:00:00Z, leap seconds not counted. Written in JSON as
/// `2026-11-25T12:30:43.000000Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Deserialize)]
#[serde(try_from = "String")]
pub struct Moment(pub i64);

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

impl Moment {
    /// Year, month and day in UTC, by the proleptic Gregorian calendar. Days are counted from
    /// 0000-03-01, so that the leap day is the last of its year, in eras of 400 years.
    fn date(self) -> (i64, i64, i64) {
        let days = self.0.div_euclid(DAY) + 719_468;
        let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * of_year + 2) / 153;
        let day = of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        (year_of_era + era * 400 + i64::from(month <= 2), month, day)
    }

    /// The day in UTC, `YYYY-MM-DD`.
    pub fn day(self) -> String {
        let (year, month, day) = self.date();
        format!("{year:04}-{month:02}-{day:02}")
    }

    /// Reads what [`Moment`] prints.
    pub fn parse(written: &str) -> Option<Self> {
        let (day, time) = written.strip_suffix('Z')?.split_once('T')?;
        let time: Vec<i64> = time.split([':', '.']).map(str::parse).collect::<Result<_, _>>().ok()?;
        let [hour, minute, second, micro] = time[..] else { return None };
        let of_day = ((hour * 60 + minute) * 60 + second).checked_mul(1_000_000)?.checked_add(micro)?;
        let found = Self(day_number(day)?.checked_mul(DAY)?.checked_add(of_day)?);
        (found.to_string() == written).then_some(found)
    }
}

/// Days since 1970-01-01 of a day `YYYY-MM-DD`; `None` for what is no day of the calendar.
fn day_number(day: &str) -> Option<i64> {
    let parts: Vec<&str> = day.split('-').collect();
    let [y, m, d] = parts[..] else { return None };
    if (y.len(), m.len(), d.len()) != (4, 2, 2) {
        return None;
    }
    let (y, m, d): (i64, i64, i64) = (y.parse().ok()?, m.parse().ok()?, d.parse().ok()?);
    let (year, shifted) = if m > 2 { (y, m - 3) } else { (y - 1, m + 9) };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * shifted + 2) / 5 + d - 1;
    let number = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    (Moment(number.checked_mul(DAY)?).day() == day).then_some(number)
}

/// True for a day of the calendar, `YYYY-MM-DD`.
pub fn is_day(day: &str) -> bool {
    day_number(day).is_some()
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of_day = self.0.rem_euclid(DAY);
        let (seconds, micro) = (of_day / 1_000_000, of_day % 1_000_000);
        write!(f, "{}T{:02}:{:02}:{:02}.{micro:06}Z", self.day(), seconds / 3600, seconds / 60 % 60, seconds % 60)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl TryFrom<String> for Moment {
    type Error = String;
    fn try_from(written: String) -> Result<Self, String> {
        Self::parse(&written).ok_or_else(|| format!("not a moment: {written}"))
    }
}

/// What is to be recorded: a fact without its place in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happening {
    /// When it happened, as whoever reports it says: a day `YYYY-MM-DD`.
    pub happened: String,
    /// Who: the id of an office, a body or a person.
    pub by: String,
    /// What kind of thing happened, `delivery.accepted`: it says how to read the body.
    pub body_kind: String,
    /// What happened, JSON as text. These characters are hashed, so they are kept as they are.
    pub body: String,
}

/// One link of the chain of facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// Its place in the chain, from 1.
    pub seq: u64,
    /// When it was recorded.
    pub recorded: Moment,
    /// When it happened, a day.
    pub happened: String,
    /// Who.
    pub by: String,
    /// What kind of thing.
    pub body_kind: String,
    /// What, JSON as text.
    pub body: String,
    /// The digest of the fact before; 64 zeros for the first.
    pub previous: Digest,
    /// The digest of all of the above.
    pub digest: Digest,
}

impl Fact {
    /// What [`Fact::digest`] is the SHA-256 of: netstrings (`length:bytes,`) of the word
    /// `liangshan.fact.1`, the place in the chain, the moment in microseconds, day, who, kind and body
    /// as kept, and the digest of the fact before, in this order. Lengths are of bytes in UTF-8, so
    /// that no two facts run together to the same bytes.
    pub fn canonical(&self) -> Vec<u8> {
        let (seq, recorded) = (self.seq.to_string(), self.recorded.0.to_string());
        let parts = ["liangshan.fact.1", &seq, &recorded, &self.happened, &self.by, &self.body_kind, &self.body, self.previous.as_str()];
        let mut out = Vec::with_capacity(self.body.len() + 256);
        for part in parts {
            out.extend_from_slice(part.len().to_string().as_bytes());
            out.push(b':');
            out.extend_from_slice(part.as_bytes());
            out.push(b',');
        }
        out
    }

    /// The body; `null` where it is not JSON.
    pub fn content(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// The contracted shape.
    pub fn to_json(&self) -> Value {
        json!({
            "seq": self.seq, "recorded": self.recorded, "happened": self.happened, "by": self.by, "body_kind": self.body_kind,
            "body": self.content(), "previous": self.previous, "digest": self.digest,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_in_utc_and_read_back() {
        // By `date -u -d @…`: 1582979696 is 2020-02-29 12:34:56; 951782400 is 2000-02-29; -1 is the second before the epoch.
        for (seconds, written) in [
            (0, "1970-01-01T00:00:00.000000Z"),
            (1_582_979_696, "2020-02-29T12:34:56.000000Z"),
            (951_782_400, "2000-02-29T00:00:00.000000Z"),
            (-1, "1969-12-31T23:59:59.000000Z"),
            (4_107_542_400, "2100-03-01T00:00:00.000000Z"),
        ] {
            let moment = Moment(seconds * 1_000_000);
            assert_eq!(moment.to_string(), written);
            assert_eq!(Moment::parse(written), Some(moment));
        }
        assert!(Moment::parse("2020-02-30T00:00:00.000000Z").is_none() && Moment::parse("2020-02-29T24:00:00.000000Z").is_none());
        assert!(is_day("2024-02-29") && !is_day("2023-02-29") && !is_day("2023-2-9") && !is_day("2023-13-01"));
    }

    #[test]
    fn parts_of_a_fact_do_not_run_together() {
        let fact = |by: &str, kind: &str| Fact {
            seq: 1,
            recorded: Moment(0),
            happened: "2026-01-01".into(),
            by: by.into(),
            body_kind: kind.into(),
            body: "{}".into(),
            previous: Digest::of_bytes(&[0; 32]),
            digest: Digest::of_bytes(&[0; 32]),
        };
        assert_ne!(fact("ab", "c").canonical(), fact("a", "bc").canonical());
        let zeros = "0".repeat(64);
        assert_eq!(
            String::from_utf8(fact("局", "k").canonical()).unwrap(),
            format!("16:liangshan.fact.1,1:1,1:0,10:2026-01-01,3:局,1:k,2:{{}},64:{zeros},"),
            "by hand"
        );
    }
}
