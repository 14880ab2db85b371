//! A pair of standards made ready: limits by item, decimals, who takes part.

use std::collections::HashMap;

use liangshan_vocab::{Evidence, Problem, Problems, Text, nearest, text, words};

use super::{Class, MeanWay, Water};
use crate::standard::{Bound, Direction, Standard, Standards, round};

/// Limits of one item for one kind of water.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Which side is good.
    pub direction: Direction,
    /// The lower end of a range.
    pub low: f64,
    /// The limits of class I to V.
    pub of_class: [f64; 5],
}

impl Limits {
    /// The best class whose limit a value keeps to. NaN keeps to none.
    pub fn class(&self, value: f64) -> Class {
        let keeps = |limit: &f64| Bound { direction: self.direction, low: self.low, limit: *limit }.passes(value);
        self.of_class.iter().position(keeps).map_or(Class::WorseThanV, |at| Class::ALL[at])
    }
}

/// How an item takes part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// It decides the class.
    Evaluated,
    /// It is told, and decides nothing.
    Reference,
}

/// One item.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Its code, `nh3n`.
    pub code: String,
    /// What it is called.
    pub title: Text,
    /// How it takes part.
    pub part: Part,
    /// Listed first among the main pollutants when it exceeds.
    pub first: bool,
    /// Has an exceedance multiple.
    pub multiple: bool,
    /// How its mean is taken.
    pub mean: MeanWay,
    /// Limits for rivers and for lakes; `None` where the standard has none.
    pub limits: [Option<Limits>; 2],
    /// The unit its limits are in.
    pub unit: String,
    /// Decimals it is rounded to before it is judged.
    pub decimals: Option<u32>,
}

impl Item {
    /// Limits for a kind of water.
    pub fn limits(&self, water: Water) -> Option<&Limits> {
        self.limits[water as usize].as_ref()
    }
}

/// Limits and ways of assessing, made ready for judging.
#[derive(Debug, Clone)]
pub struct Rules<'s> {
    /// The standard of the limits.
    pub limits: &'s Standard,
    /// The standard of the assessment.
    pub assessment: &'s Standard,
    /// Items in the standard's order.
    pub items: Vec<Item>,
    /// How many main pollutants are named.
    pub named: usize,
    /// What part of its detection limit a non-detect counts for in a mean.
    pub non_detect_share: f64,
    /// Saturation in % that makes dissolved oxygen class I.
    pub saturation: f64,
    by_name: HashMap<String, usize>,
}

impl<'s> Rules<'s> {
    /// Makes a pair of standards ready.
    ///
    /// # Errors
    /// Every table, column, value or row that is missing, at once.
    pub fn of(limits: &'s Standard, assessment: &'s Standard) -> Result<Self, Problems> {
        let mut problems = Problems::new();
        let table = problems.keep(limits.table("limits").cloned().map_err(Problems::from));
        let listed = problems.keep(assessment.table("items").cloned().map_err(Problems::from));
        let named = problems.keep(assessment.value("main_pollutants"));
        let share = problems.keep(assessment.value("non_detect_share"));
        let saturation = problems.keep(limits.value("do_saturation_class_I"));
        let (Some(table), Some(listed)) = (table, listed) else { return Err(problems) };
        let columns = ["I", "II", "III", "IV", "V", "low", "direction", "unit"];
        for column in columns {
            let _ = problems.keep(table.column(column).map_err(|p| p.file(format!("rules/{}", limits.file))));
        }
        let (mut items, mut by_name) = (Vec::new(), HashMap::new());
        for row in &listed.rows {
            let code = listed.text(row, "item").to_owned();
            let mut unit = String::new();
            let mut of = |column: &str| {
                let name = listed.text(row, column);
                let Some(row) = (!name.is_empty()).then(|| table.row(name)).flatten() else {
                    if !name.is_empty() {
                        problems.push(no_row(limits, name, &code));
                    }
                    return None;
                };
                table.text(row, "unit").clone_into(&mut unit);
                let direction = Direction::parse(table.text(row, "direction"));
                let mut of_class = [f64::NAN; 5];
                for (limit, class) in of_class.iter_mut().zip(Class::ALL) {
                    *limit = table.number(row, class.grade())?;
                }
                (direction != Direction::Unjudged).then(|| Limits { direction, low: table.number(row, "low").unwrap_or(f64::NEG_INFINITY), of_class })
            };
            let of_water = [of("river"), of("lake")];
            let title = Text::of(listed.text(row, "name_zh"), listed.text(row, "name_en"));
            let names = [code.as_str(), listed.text(row, "name_zh"), listed.text(row, "name_en")];
            for name in names.into_iter().chain(listed.text(row, "aliases").split('|')) {
                by_name.entry(plain(name)).or_insert(items.len());
            }
            items.push(Item {
                title,
                part: if listed.text(row, "part") == "evaluated" { Part::Evaluated } else { Part::Reference },
                first: listed.text(row, "first") == "yes",
                multiple: listed.text(row, "multiple") == "yes",
                mean: if listed.text(row, "mean") == "hydrogen" { MeanWay::Hydrogen } else { MeanWay::Arithmetic },
                limits: of_water,
                unit,
                decimals: assessment.rounding.decimals.get(&code).copied(),
                code,
            });
        }
        let (Some(named), Some(non_detect_share), Some(saturation), false) = (named, share, saturation, problems.has_errors()) else { return Err(problems) };
        Ok(Self { limits, assessment, items, named: named as usize, non_detect_share, saturation, by_name })
    }

    /// The last editions, for a question without a date.
    ///
    /// # Errors
    /// `standard.none_in_force`, and those of [`Rules::of`].
    pub fn latest(standards: &'s Standards) -> Result<Self, Problems> {
        Self::of(standards.latest("water", "limits")?, standards.latest("water", "assessment")?)
    }

    /// The number of an item by its code, name or another name of the standard; case, spaces and the
    /// width of brackets do not matter.
    pub fn item(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).or_else(|| self.by_name.get(&plain(name))).copied()
    }

    /// The number of an item.
    ///
    /// # Errors
    /// `water.unknown_item` with the nearest code.
    pub fn needed(&self, name: &str) -> Result<usize, Problem> {
        self.item(name).ok_or_else(|| {
            Problem::error("water.unknown_item", words!("没有项目“{name}”", "there is no item \"{name}\""))
                .key(name)
                .expect(words!("{0} 之一", "one of {0}", self.items.iter().map(|i| i.code.as_str()).collect::<Vec<_>>().join(", ")))
                .fix_near(nearest(name, self.items.iter().map(|i| i.code.as_str())), text("改正项目代码或名称", "correct the code or name of the item"))
        })
    }

    /// The value that is judged: rounded as the assessment says.
    pub fn rounded(&self, item: usize, value: f64) -> f64 {
        match self.items[item].decimals {
            Some(decimals) => round(value, decimals, self.assessment.rounding.mode, self.assessment.rounding.keeps_nonzero),
            None => value,
        }
    }

    /// The weakest evidence a class rests on.
    pub fn evidence(&self) -> Evidence {
        let both = self.limits.evidence.with(self.assessment.evidence);
        self.assessment.rounding.evidence.map_or(both, |rounding| both.with(rounding))
    }
}

fn no_row(limits: &Standard, name: &str, item: &str) -> Problem {
    let id = &limits.id;
    Problem::error("water.no_limits", words!("标准 {id} 没有 {item} 的限值行“{name}”", "the standard {id} has no row \"{name}\" with the limits of {item}"))
        .file(format!("rules/{}", limits.file))
        .key(name)
        .expect(text("表 limits 中的一行", "a row of the table limits"))
        .fix(text("在限值标准中添加该行，或改正评价项目表", "add the row to the limits, or correct the table of items"))
}

/// A name without case, spaces and wide brackets.
fn plain(name: &str) -> String {
    name.chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '（' => '(',
            '）' => ')',
            c => c,
        })
        .flat_map(char::to_lowercase)
        .collect()
}
