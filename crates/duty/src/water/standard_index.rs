//! The index of single items that impact assessments use (HJ 2.3, 标准指数法): above 1 an item is over.

use liangshan_vocab::{Problem, text, words};

use super::{Class, Reading, Rules, Water};
use crate::standard::Direction;

/// Oxygen that fresh water holds at a temperature, mg/L: `468 / (31.6 + T)`, T in °C.
pub fn saturation_mg_l(celsius: f64) -> f64 {
    468.0 / (31.6 + celsius)
}

/// The index of one item against the limit of a class. General `C / Cs`; pH by its distance from 7,
/// `(7 − pH)/(7 − low)` up to 7 and `(pH − 7)/(high − 7)` above; oxygen `|DOf − DO| / (DOf − DOs)` from the limit
/// up and `10 − 9·DO/DOs` below it, with DOf by [`saturation_mg_l`]. `None` where a non-detect or a value beyond
/// the method's end leaves it open, or the item has no limit.
///
/// Source: HJ 2.3, as a third party's code has it; `water.md` section 2.
///
/// # Errors
/// `water.no_temperature` for oxygen at or above its limit without a temperature; `water.no_saturation` where
/// the water holds no more oxygen than the limit asks for.
pub fn standard_index(rules: &Rules<'_>, water: Water, class: Class, (item, reading): (usize, Reading), celsius: Option<f64>) -> Result<Option<f64>, Problem> {
    let known = &rules.items[item];
    let (Some(limits), Some(at)) = (known.limits(water), Class::ALL[..5].iter().position(|c| *c == class)) else { return Ok(None) };
    let Reading::Value(value) = reading else { return Ok(None) };
    let limit = limits.of_class[at];
    Ok(Some(match limits.direction {
        Direction::Range if value <= 7.0 => (7.0 - value) / (7.0 - limits.low),
        Direction::Range => (value - 7.0) / (limit - 7.0),
        Direction::AtLeast if value < limit => 10.0 - 9.0 * value / limit,
        Direction::AtLeast => {
            let full = saturation_mg_l(celsius.ok_or_else(|| no_temperature(&known.code))?);
            if full <= limit {
                return Err(no_saturation(&known.code, full, limit));
            }
            (full - value).abs() / (full - limit)
        }
        _ => value / limit,
    }))
}

fn no_temperature(item: &str) -> Problem {
    Problem::error("water.no_temperature", text("溶解氧的指数须有水温", "the index of oxygen needs the temperature of the water"))
        .key(item)
        .expect(text("temperature_C，℃", "temperature_C in °C"))
        .fix(text("给出同时测得的水温", "give the temperature measured with it"))
}

fn no_saturation(item: &str, full: f64, limit: f64) -> Problem {
    Problem::error(
        "water.no_saturation",
        words!(
            "该水温下饱和溶解氧 {full:.2} mg/L 不高于限值 {limit} mg/L",
            "at this temperature water holds {full:.2} mg/L of oxygen, no more than the limit of {limit} mg/L"
        ),
    )
    .key(item)
    .expect(text("低到饱和溶解氧高于限值的水温", "a temperature at which water holds more than the limit"))
    .fix(text("核对水温与目标类别", "check the temperature and the class"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standard::shipped;

    /// By hand, class III: ammonia 0.5/1.0; pH 6.5 → 0.5, 8 → 0.5, 9.5 → 1.25; oxygen at 20 °C,
    /// DOf = 468/51.6 = 9.069767: DO 8 → 1.069767/4.069767 = 0.262857; DO 4 → 10 − 9·4/5 = 2.8.
    #[test]
    fn items_by_hand() {
        let rules = Rules::latest(shipped()).unwrap();
        let of = |code: &str, value: f64, t| standard_index(&rules, Water::River, Class::III, (rules.item(code).unwrap(), Reading::Value(value)), t);
        let near = |code: &str, value: f64, wanted: f64| {
            let got = of(code, value, Some(20.0)).unwrap().unwrap();
            assert!((got - wanted).abs() < 1e-6, "{code} {value}: {got}");
        };
        near("nh3n", 0.5, 0.5);
        near("ph", 6.5, 0.5);
        near("ph", 8.0, 0.5);
        near("ph", 9.5, 1.25);
        near("do", 8.0, 0.262_857);
        near("do", 4.0, 2.8);
        near("do", 5.0, 1.0);
        assert_eq!(of("do", 8.0, None).unwrap_err().code, "water.no_temperature");
        assert_eq!(of("do", 5.0, Some(80.0)).unwrap_err().code, "water.no_saturation");
        let below = standard_index(&rules, Water::River, Class::III, (rules.item("nh3n").unwrap(), Reading::Below(0.05)), None);
        assert_eq!(below.unwrap(), None);
        assert_eq!(standard_index(&rules, Water::River, Class::WorseThanV, (0, Reading::Value(1.0)), None).unwrap(), None);
    }
}
