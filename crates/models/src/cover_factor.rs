//! Cover management factor of soil loss from vegetation cover and a table by ecosystem type.

use liangshan_vocab::quantity::{Measure, measure};
use liangshan_vocab::spec::{SHARE, grid, grid_out};
use liangshan_vocab::{Input, Reach, Source, Spec, text};

use crate::measures::{COVER, COVER_FACTOR};
use crate::model::{Given, Made, Model, Tally};

const RULE: Measure = measure("cover_rule", "code");
const COEFFICIENT: Measure = measure("coefficient", "1");

const fn class(name: &'static str, zh: &'static str, en: &'static str) -> Input {
    grid(name, zh, en, COVER_FACTOR, SHARE).optional()
}

/// What the cover factor needs and makes. The columns of the table are grids, filled cell by cell
/// from the row of the cell's ecosystem type; a column its rule does not read may be missing.
pub const SPEC: Spec = Spec {
    id: "cover_factor",
    title: text("植被覆盖因子", "Cover management factor"),
    source: Source {
        work: "HJ 1173-2021 全国生态状况调查评估技术规范——生态系统服务功能评估",
        at: "A.13 and table A.1; the standard leaves the class edges open: here the lower edge belongs to the class",
    },
    reach: Reach::Cell,
    inputs: &[
        grid("cover", "植被覆盖度", "Vegetation cover", COVER, SHARE),
        grid("rule", "取值方式（0 常数，1 分级，2 公式）", "Rule: 0 constant, 1 class, 2 formula", RULE, (0.0, 2.0)),
        grid("c_cover_0", "无植被或常数的 C 值", "C without cover, or the constant", COVER_FACTOR, SHARE),
        class("c_000_010", "覆盖度不足 10% 的 C 值", "C under 10 % cover"),
        class("c_010_030", "覆盖度 10%～30% 的 C 值", "C at 10 to 30 % cover"),
        class("c_030_050", "覆盖度 30%～50% 的 C 值", "C at 30 to 50 % cover"),
        class("c_050_070", "覆盖度 50%～70% 的 C 值", "C at 50 to 70 % cover"),
        class("c_070_090", "覆盖度 70%～90% 的 C 值", "C at 70 to 90 % cover"),
        class("c_090_100", "覆盖度 90% 及以上的 C 值", "C at 90 % cover and above"),
        grid("formula_a", "公式截距", "Intercept of the formula", COEFFICIENT, (-10.0, 10.0)).optional(),
        grid("formula_b", "公式斜率", "Slope of the formula", COEFFICIENT, (-10.0, 10.0)).optional(),
    ],
    outputs: &[grid_out("c", "植被覆盖因子", "Cover management factor", COVER_FACTOR, SHARE)],
};

/// Cover management factor.
pub const MODEL: Model = Model {
    spec: &SPEC,
    version: "1",
    tallies: &[Tally {
        name: "c_formula_clamped",
        title: text("公式所得 C 值被限制在 0～1 的格网", "Cells whose C by formula was held to 0 to 1"),
        clamps: true,
    }],
    run,
};

/// How a cell comes to its C.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rule {
    /// One value whatever the cover.
    Constant(f64),
    /// A value for bare ground, then one for each class of cover from 0, 10, 30, 50, 70 and 90 %.
    Class {
        /// At no cover.
        bare: f64,
        /// At any other cover.
        classes: [f64; 6],
    },
    /// `a + b·log10(cover)`, held to 0..1.
    Formula {
        /// At no cover, where the logarithm has no value.
        bare: f64,
        /// Intercept.
        a: f64,
        /// Slope against the logarithm.
        b: f64,
    },
}

/// C of one cell, and true when the formula left 0..1 and was held to it.
///
/// `cover` from 0 to 1 is first rounded to 3 decimals, half away from zero, because maps keep it in
/// single precision: 0.7 is stored as 0.699999988 and would fall into the class below. A class has
/// its lower edge; the last has full cover. NaN where cover or the value read is missing.
pub fn c_factor(cover: f64, rule: Rule) -> (f64, bool) {
    let thousandths = (cover * 1000.0).round();
    if thousandths.is_nan() {
        return (f64::NAN, false);
    }
    match rule {
        Rule::Constant(c) => (c, false),
        Rule::Class { bare, .. } | Rule::Formula { bare, .. } if thousandths == 0.0 => (bare, false),
        Rule::Class { classes, .. } => {
            let edges = [100.0, 300.0, 500.0, 700.0, 900.0];
            (classes[edges.iter().filter(|edge| **edge <= thousandths).count()], false)
        }
        Rule::Formula { a, b, .. } => {
            let c = a + b * (thousandths / 1000.0).log10();
            let held = c.clamp(0.0, 1.0);
            (held, !c.is_nan() && held != c)
        }
    }
}

fn run(given: &Given<'_>, made: &mut Made) {
    let [cover, rule, bare] = given.grids(["cover", "rule", "c_cover_0"]);
    let classes = ["c_000_010", "c_010_030", "c_030_050", "c_050_070", "c_070_090", "c_090_100"].map(|name| given.optional_grid(name));
    let [a, b] = ["formula_a", "formula_b"].map(|name| given.optional_grid(name));
    let at = |column: Option<&[f64]>, i: usize| column.map_or(f64::NAN, |c| c[i]);
    let mut clamped = 0;
    for (i, cell) in made.grid("c").iter_mut().enumerate() {
        let rule = match rule[i] {
            0.0 => Rule::Constant(bare[i]),
            1.0 => Rule::Class { bare: bare[i], classes: classes.map(|column| at(column, i)) },
            2.0 => Rule::Formula { bare: bare[i], a: at(a, i), b: at(b, i) },
            code => {
                assert!(code.is_nan(), "no rule has the code {code}");
                continue;
            }
        };
        if !bare[i].is_nan() {
            let (c, held) = c_factor(cover[i], rule);
            *cell = c;
            clamped += u64::from(held);
        }
    }
    made.clamped("c_formula_clamped", clamped);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Forest row of HJ 1173-2021 table A.1.
    const FOREST: Rule = Rule::Class { bare: 0.1, classes: [0.10, 0.08, 0.06, 0.02, 0.004, 0.001] };

    #[test]
    fn a_class_has_its_lower_edge_and_the_last_has_full_cover() {
        for (cover, c) in [(0.0, 0.1), (0.0994, 0.10), (0.1, 0.08), (0.3, 0.06), (0.5, 0.02), (0.7, 0.004), (0.899, 0.004), (0.9, 0.001), (1.0, 0.001)] {
            assert_eq!(c_factor(cover, FOREST).0, c, "cover {cover}");
        }
    }

    #[test]
    fn single_precision_does_not_move_a_cell_into_another_class() {
        for (cover, c) in [(0.1_f32, 0.08), (0.3, 0.06), (0.7, 0.004), (0.9, 0.001)] {
            assert_eq!(c_factor(f64::from(cover), FOREST).0, c, "cover {cover}");
        }
    }

    #[test]
    fn dry_cropland_by_formula_is_held_to_one() {
        // By hand, A.13: 0.221 − 0.595·log10(0.5) = 0.221 + 0.595·0.3010300 = 0.4001128; at cover
        // 0.01 the formula gives 0.221 + 1.19 = 1.411, held to 1; at 1 it gives 0.221.
        let cropland = Rule::Formula { bare: 1.0, a: 0.221, b: -0.595 };
        let (c, held) = c_factor(0.5, cropland);
        assert!((c - 0.400_112_8).abs() < 1e-6 && !held);
        assert_eq!(c_factor(0.01, cropland), (1.0, true));
        assert_eq!(c_factor(1.0, cropland), (0.221, false));
        assert_eq!(c_factor(0.0, cropland), (1.0, false));
    }
}
