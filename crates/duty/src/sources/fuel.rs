//! Fuels in no-burn zones (高污染燃料禁燃区): three classes of zone, each with a degree for every fuel.

use jiff::civil::Date;
use liangshan_vocab::{Evidence, Problem, nearest, text, words};

use crate::standard::{Row, Standard, Table};

/// What a class of zone says to a fuel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restriction {
    /// Not to be burnt.
    Forbidden,
    /// Not to be burnt in small units.
    Small,
    /// Not to be burnt in small units where it holds too much sulphur or ash.
    SmallDirty,
    /// To be burnt in dedicated boilers with a bag filter or its equal only.
    Dedicated,
    /// Free.
    Allowed,
}

impl Restriction {
    fn of(word: &str) -> Self {
        match word {
            "forbidden" => Restriction::Forbidden,
            "small" => Restriction::Small,
            "small_dirty" => Restriction::SmallDirty,
            "dedicated" => Restriction::Dedicated,
            _ => Restriction::Allowed,
        }
    }
}

/// A unit that burns something.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// Fuel by key or name.
    pub fuel: String,
    /// Output of the single unit, t/h of steam; a boiler of 0.7 MW is one of 1 t/h.
    pub output_t_h: Option<f64>,
    /// Sulphur of the fuel, %.
    pub sulphur_pct: Option<f64>,
    /// Ash of the fuel, %.
    pub ash_pct: Option<f64>,
    /// Whether it is a dedicated boiler with a bag filter or its equal.
    pub dedicated: Option<bool>,
}

/// One version of a zone that the unit lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Zone {
    /// 1 to 3, the strictest last.
    pub class: u8,
    /// The day its decree takes effect.
    pub from: Date,
    /// The last day for units that were there before.
    pub remove_by: Option<Date>,
}

/// Where a unit stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It may burn what it burns.
    Legal,
    /// It has to be removed or changed by this day.
    RemoveBy(Date),
    /// It may not, and the day has passed.
    Illegal,
    /// Something that decides it is not known; never legal.
    Undecided,
}

impl Standing {
    /// The word in answers.
    pub fn word(self) -> &'static str {
        match self {
            Standing::Legal => "legal",
            Standing::RemoveBy(_) => "remove_by",
            Standing::Illegal => "illegal",
            Standing::Undecided => "undecided",
        }
    }
}

/// The catalogue of fuels.
#[derive(Debug, Clone, Copy)]
pub struct Catalogue<'s> {
    table: &'s Table,
    small_t_h: f64,
    sulphur_pct: f64,
    ash_pct: f64,
    evidence: Evidence,
}

impl<'s> Catalogue<'s> {
    /// That of a standard of `air/fuel`.
    ///
    /// # Errors
    /// What the standard lacks.
    pub fn of(standard: &'s Standard) -> Result<Self, Problem> {
        let table = standard.table("fuels")?;
        for column in ["fuel", "name_zh", "name_en", "I", "II", "III", "evidence"] {
            table.column(column)?;
        }
        let value = |name| standard.value(name);
        Ok(Self { table, small_t_h: value("small_t_h")?, sulphur_pct: value("sulphur_pct")?, ash_pct: value("ash_pct")?, evidence: standard.evidence })
    }

    /// Where a unit stands on a day: the strictest of the zones in effect that it lies in decides.
    ///
    /// # Errors
    /// `fuel.unknown` with the nearest fuel; `fuel.zone` for a class other than 1 to 3.
    pub fn standing(&self, unit: &Unit, zones: &[Zone], on: Date) -> Result<(Standing, Evidence), Problem> {
        let row = self.fuel(&unit.fuel)?;
        let evidence = Evidence::parse(self.table.text(row, "evidence")).map_or(self.evidence, |e| e.with(self.evidence));
        let mut standing = Standing::Legal;
        for zone in zones.iter().filter(|z| z.from <= on) {
            let class = ["I", "II", "III"].get(usize::from(zone.class).wrapping_sub(1)).ok_or_else(|| not_a_class(zone.class))?;
            let said = match self.keeps(unit, Restriction::of(self.table.text(row, class))) {
                Some(true) => continue,
                None => Standing::Undecided,
                Some(false) => zone.remove_by.filter(|day| on <= *day).map_or(Standing::Illegal, Standing::RemoveBy),
            };
            standing = worse(standing, said);
        }
        Ok((standing, evidence))
    }

    fn fuel(&self, name: &str) -> Result<&Row, Problem> {
        let named = |row: &&Row| ["fuel", "name_zh", "name_en"].iter().any(|c| self.table.text(row, c) == name);
        self.table.rows.iter().find(named).ok_or_else(|| {
            let keys: Vec<String> = self.table.keys().collect();
            Problem::error("fuel.unknown", words!("目录中没有燃料“{name}”", "the catalogue has no fuel \"{name}\""))
                .key(name)
                .expect(words!("{0} 之一", "one of {0}", keys.join(", ")))
                .fix_near(
                    nearest(name, keys.iter().map(String::as_str)),
                    text("改正燃料，或在目录中添加一行", "correct the fuel, or add a row to the catalogue"),
                )
        })
    }

    /// True when a unit keeps to a restriction; `None` when that hangs on something not known.
    fn keeps(&self, unit: &Unit, restriction: Restriction) -> Option<bool> {
        let large = || unit.output_t_h.map(|output| output >= self.small_t_h);
        match restriction {
            Restriction::Allowed => Some(true),
            Restriction::Forbidden => Some(false),
            Restriction::Dedicated => unit.dedicated,
            Restriction::Small => large(),
            Restriction::SmallDirty => {
                let clean = match (unit.sulphur_pct.map(|s| s <= self.sulphur_pct), unit.ash_pct.map(|a| a <= self.ash_pct)) {
                    (Some(false), _) | (_, Some(false)) => Some(false),
                    (Some(true), Some(true)) => Some(true),
                    _ => None,
                };
                match (large(), clean) {
                    (Some(true), _) | (_, Some(true)) => Some(true),
                    (Some(false), Some(false)) => Some(false),
                    _ => None,
                }
            }
        }
    }
}

/// The worse of two: illegal, then what is not known, then the earlier day of removal.
fn worse(a: Standing, b: Standing) -> Standing {
    let rank = |s: Standing| match s {
        Standing::Illegal => (3, Date::MIN),
        Standing::Undecided => (2, Date::MIN),
        Standing::RemoveBy(day) => (1, day),
        Standing::Legal => (0, Date::MIN),
    };
    let (x, y) = (rank(a), rank(b));
    if x.0 != y.0 {
        if x.0 > y.0 { a } else { b }
    } else if x.1 <= y.1 {
        a
    } else {
        b
    }
}

fn not_a_class(class: u8) -> Problem {
    Problem::error("fuel.zone", words!("禁燃区没有第 {class} 类", "there is no zone of class {class}")).key("zones").expect(text("1 至 3", "1 to 3"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standard::shipped;
    use jiff::civil::date;

    fn of(unit: &Unit, zones: &[Zone], on: Date) -> Standing {
        Catalogue::of(shipped().latest("air", "fuel").unwrap()).unwrap().standing(unit, zones, on).unwrap().0
    }

    fn unit(fuel: &str, output: Option<f64>) -> Unit {
        Unit { fuel: fuel.to_owned(), output_t_h: output, sulphur_pct: None, ash_pct: None, dedicated: None }
    }

    /// By hand from the sheet: class I forbids dirty coal in small units, II all coal in small units, III all.
    #[test]
    fn the_three_degrees_of_coal() {
        let zone = |class| [Zone { class, from: date(2018, 1, 1), remove_by: None }];
        let on = date(2020, 1, 1);
        let coal = |output, sulphur, ash| Unit { sulphur_pct: sulphur, ash_pct: ash, ..unit("coal", output) };
        let classes = |unit: &Unit| [1, 2, 3].map(|class| of(unit, &zone(class), on));
        use Standing::{Illegal, Legal, Undecided};
        assert_eq!(classes(&coal(Some(20.0), None, None)), [Legal, Legal, Illegal]);
        assert_eq!(classes(&coal(Some(19.9), Some(0.5), Some(10.0))), [Legal, Illegal, Illegal]);
        assert_eq!(classes(&coal(Some(19.9), Some(0.51), None)), [Illegal, Illegal, Illegal]);
        assert_eq!(classes(&coal(Some(19.9), Some(0.5), None)), [Undecided, Illegal, Illegal], "ash is not known: never legal");
        assert_eq!(classes(&coal(None, None, None)), [Undecided, Undecided, Illegal]);
        assert_eq!(classes(&unit("石油焦", None)), [Illegal; 3]);
        let wood = |dedicated| Unit { dedicated, ..unit("shaped_biomass", None) };
        assert_eq!([Some(true), Some(false), None].map(|d| of(&wood(d), &zone(3), on)), [Legal, Illegal, Undecided]);
        assert_eq!(of(&unit("coal", Some(1.0)), &[], on), Legal, "outside of every zone");
    }

    /// A unit that comes to lie inside has a day by which to go; until the decree takes effect nothing is asked.
    #[test]
    fn an_enlarged_zone_gives_time() {
        let zones = [Zone { class: 2, from: date(2019, 7, 1), remove_by: Some(date(2020, 6, 30)) }];
        let coal = unit("coal", Some(4.0));
        let on = |year, month, day| of(&coal, &zones, date(year, month, day));
        assert_eq!((on(2019, 6, 30), on(2019, 7, 1)), (Standing::Legal, Standing::RemoveBy(date(2020, 6, 30))));
        assert_eq!((on(2020, 6, 30), on(2020, 7, 1)), (Standing::RemoveBy(date(2020, 6, 30)), Standing::Illegal));
        let stricter = [zones[0], Zone { class: 3, from: date(2020, 1, 1), remove_by: None }];
        assert_eq!(of(&coal, &stricter, date(2020, 2, 1)), Standing::Illegal);
        let catalogue = Catalogue::of(shipped().latest("air", "fuel").unwrap()).unwrap();
        assert_eq!(catalogue.standing(&unit("cole", None), &zones, date(2020, 1, 1)).unwrap_err().code, "fuel.unknown");
        assert_eq!(catalogue.standing(&coal, &[Zone { class: 4, ..zones[0] }], date(2020, 1, 1)).unwrap_err().code, "fuel.zone");
    }
}
