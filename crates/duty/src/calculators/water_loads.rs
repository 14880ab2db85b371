//! Loads of basins, what passes a section, reductions by projects.

use std::collections::BTreeMap;

use liangshan_vocab::quantity::{Measure, measure};
use liangshan_vocab::spec::{Form, RATIO, Reach, Source, given, made, number_out};
use liangshan_vocab::{Answer, Calculator, Evidence, Problem, Spec, text, words};
use serde_json::{Map, Value, json};

use super::arguments::EVIDENCE;
use super::at_hand::standards;
use crate::standard::{Mode, round};
use crate::water::{OfPollutant, Project, Unit, basin_load, equivalents, flux, reductions};

pub(super) const ALL: &[&Calculator] = &[&BASIN_LOAD, &SECTION_FLUX, &PROJECT_REDUCTION];

const KG: Measure = measure("pollutant_mass", "kg/a");
const TONNES: Measure = measure("pollutant_mass", "t");
const WORD: Measure = measure("word", "1");
const PERCENT: Measure = measure("share", "%");

fn form(key: impl Into<String>, zh: &'static str, en: &'static str) -> Problem {
    let key = key.into();
    Problem::error("calc.form", words!("“{key}”的形式不对", "\"{key}\" has another form")).key(key.as_str()).expect(text(zh, en))
}

/// A word of a record that has to be there.
fn word(record: &Value, list: &str, key: &str) -> Result<String, Problem> {
    let said = record.get(key).and_then(Value::as_str).filter(|w| !w.is_empty());
    said.map(str::to_owned).ok_or_else(|| form(format!("{list}.{key}"), "不空的文字", "a word"))
}

/// A word of a record that may be left out.
fn optional_word(record: &Value, list: &str, key: &str) -> Result<Option<String>, Problem> {
    match record.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(_) => word(record, list, key).map(Some),
    }
}

static BASIN_LOAD: Calculator = Calculator {
    spec: &Spec {
        id: "water.basin_load",
        title: text("流域污染负荷（污染当量）及沿程汇集", "loads of a basin in equivalents, gathered down the river"),
        source: Source {
            work: "污染当量值：环境保护税法附表二；汇集不计降解", at: "L = Σ E / eq；见 rules/water/pollution-equivalents-2018.toml"
        },
        reach: Reach::Whole,
        inputs: &[given(
            "units",
            "单元：id、downstream（下游单元，流出流域为 null）、loads_kg（来源再按污染物，kg/a）",
            "units: id, downstream (the unit it drains to, null where it leaves), loads_kg (by source, then pollutant, kg/a)",
            Form::Records,
            KG,
        )],
        outputs: &[
            made(
                "units",
                "各单元：id、own（自身当量数）、gathered（出口以上）、gathered_kg",
                "units: id, own, gathered at its outlet, gathered_kg",
                Form::Records,
                RATIO,
            ),
            made("by_source", "各来源的当量数", "equivalents by source", Form::Named, RATIO),
            made("shares", "各来源的份额", "shares of the sources", Form::Named, RATIO),
            made("by_pollutant_kg", "各污染物的负荷", "load by pollutant", Form::Named, KG),
            number_out("total", "当量数合计", "equivalents together", RATIO),
            EVIDENCE,
        ],
    },
    run: |a| {
        let rules = standards(a).latest("water", "equivalents")?;
        let mut units = Vec::new();
        for record in a.records("units") {
            let id = word(record, "units", "id")?;
            let by_source = match record.get("loads_kg") {
                None | Some(Value::Null) => None,
                Some(Value::Object(by_source)) => Some(by_source),
                Some(_) => return Err(form("units.loads_kg", "{来源: {污染物: kg}}", "{source: {pollutant: kg}}")),
            };
            let mut loads = Vec::new();
            for (source, list) in by_source.into_iter().flatten() {
                let list = list.as_object().ok_or_else(|| form(format!("units.loads_kg.{source}"), "{污染物: kg}", "{pollutant: kg}"))?;
                for (pollutant, kg) in list {
                    let kg = kg.as_f64().ok_or_else(|| form(format!("units.loads_kg.{source}.{pollutant}"), "千克数", "kilograms"))?;
                    loads.push((source.clone(), pollutant.clone(), kg));
                }
            }
            units.push(Unit { id, downstream: optional_word(record, "units", "downstream")?, loads });
        }
        let made = basin_load(&units, &equivalents(rules)?)?;
        let told = |(unit, of): (&Unit, &crate::water::OfUnit)| json!({ "id": unit.id, "own": of.own, "gathered": of.gathered, "gathered_kg": of.gathered_kg });
        let list: Vec<Value> = units.iter().zip(&made.units).map(told).collect();
        Ok(Answer::number("total", made.total)
            .and("units", list)
            .and("by_source", json!(made.by_source))
            .and("shares", json!(made.shares()))
            .and("by_pollutant_kg", json!(made.by_pollutant))
            .and("evidence", rules.evidence.word()))
    },
};

static SECTION_FLUX: Calculator = Calculator {
    spec: &Spec {
        id: "water.section_flux",
        title: text("断面污染物通量", "what passes a section"),
        source: Source { work: "质量守恒 / mass balance", at: "Σ C · W · 10⁻²；mg/L × 10⁴ m³ = 10 kg" },
        reach: Reach::Whole,
        inputs: &[
            given(
                "values_mg_L",
                "各期浓度，缺测为 null",
                "concentration of each period, null for a missing one",
                Form::Series,
                measure("concentration", "mg/L"),
            ),
            given("water_1e4m3", "各期水量，缺测为 null", "water of each period, null for a missing one", Form::Series, measure("water", "1e4 m3")),
        ],
        outputs: &[
            number_out("load_t", "通量；有缺测的期不在内", "load; periods that something is missing of are not in it", TONNES),
            number_out("water", "水量", "water", measure("water", "1e4 m3")),
            number_out("mean_mg_L", "流量加权平均浓度；没有水量为 null", "flow-weighted mean; null where no water passed", measure("concentration", "mg/L")),
            number_out("periods", "参加的期数", "periods that count", measure("count", "1")),
            number_out("missing", "缺测的期数", "periods that something is missing of", measure("count", "1")),
            made("complete", "各期都有", "nothing is missing", Form::Truth, WORD),
        ],
    },
    run: |a| {
        let (values, water) = (a.series("values_mg_L"), a.series("water_1e4m3"));
        if values.len() != water.len() {
            return Err(form("water_1e4m3", "与浓度同样的期数", "as many periods as concentrations"));
        }
        if values.iter().chain(&water).flatten().any(|v| *v < 0.0) {
            return Err(form("values_mg_L", "不小于 0 的浓度与水量", "concentrations and water of 0 or more"));
        }
        let periods: Vec<(Option<f64>, Option<f64>)> = values.into_iter().zip(water).collect();
        let made = flux(&periods)?;
        let answer = Answer::number("load_t", made.load_t).and("water", made.water_1e4m3).and("periods", made.known).and("missing", made.missing);
        let answer = answer.and("complete", made.missing == 0);
        Ok(match made.mean_mg_l {
            Some(mean) => answer.and("mean_mg_L", mean),
            None => answer.without("mean_mg_L"),
        })
    },
};

static PROJECT_REDUCTION: Calculator = Calculator {
    spec: &Spec {
        id: "water.project_reduction",
        title: text("重点工程减排量与完成率", "reduction by projects and completion"),
        source: Source {
            work: "主要污染物总量减排核算技术指南（2021，据摘录）",
            at: "R = 治理前 − 治理后 − 已用于替代；R × 月数 / 12，自投运月计；每个项目计一次",
        },
        reach: Reach::Whole,
        inputs: &[
            given(
                "projects",
                "项目：id、pollutant、before_t、after_t、offset_t（可空）、from_month（1–12，全年为 null）；关停的治理前为基准年上报量、治理后为 0",
                "projects: id, pollutant, before_t, after_t, offset_t (may be null), from_month (1 to 12, null for all year); a plant that closed has what it reported in the base year, and 0",
                Form::Records,
                TONNES,
            ),
            given("assigned", "各污染物的任务量", "what is assigned by pollutant", Form::Named, TONNES).optional(),
        ],
        outputs: &[
            made("full_t", "全年减排量", "reduction of full years", Form::Named, TONNES),
            made("year_t", "当年减排量", "reduction of the year", Form::Named, TONNES),
            made("completion_pct", "完成率，不封顶，四位小数", "completion, not capped, to four decimals", Form::Named, PERCENT),
            made(
                "keeps_100",
                "每种有任务的污染物都不低于 100 %；没有任务为 null",
                "every assigned pollutant at 100 % or more; null when nothing is assigned",
                Form::Truth,
                WORD,
            ),
            EVIDENCE,
        ],
    },
    run: |a| {
        let mut projects = Vec::new();
        for record in a.records("projects") {
            let tonnes = |key: &str, otherwise: Option<f64>| match record.get(key) {
                None | Some(Value::Null) => otherwise.ok_or_else(|| form(format!("projects.{key}"), "不小于 0 的吨数", "tonnes of 0 or more")),
                Some(value) => value.as_f64().filter(|t| *t >= 0.0).ok_or_else(|| form(format!("projects.{key}"), "不小于 0 的吨数", "tonnes of 0 or more")),
            };
            let from_month = match record.get("from_month") {
                None | Some(Value::Null) => None,
                Some(month) => {
                    let month = month.as_u64().and_then(|m| u8::try_from(m).ok()).filter(|m| (1..=12).contains(m));
                    Some(month.ok_or_else(|| form("projects.from_month", "1 至 12", "1 to 12"))?)
                }
            };
            projects.push(Project {
                id: word(record, "projects", "id")?,
                pollutant: word(record, "projects", "pollutant")?,
                before_t: tonnes("before_t", None)?,
                after_t: tonnes("after_t", None)?,
                offset_t: tonnes("offset_t", Some(0.0))?,
                from_month,
            });
        }
        let assigned: BTreeMap<String, f64> = a.named("assigned").into_iter().map(|(name, t)| (name.to_owned(), t)).collect();
        let made = reductions(&projects, &assigned)?;
        let named = |of: fn(&OfPollutant) -> Option<f64>| -> Map<String, Value> {
            made.iter().filter_map(|(pollutant, found)| Some((pollutant.clone(), json!(of(found)?)))).collect()
        };
        let answer = Answer::default()
            .and("full_t", named(|f| Some(f.full_t)))
            .and("year_t", named(|f| Some(f.year_t)))
            .and("completion_pct", named(|f| f.completion_pct.map(|c| round(c, 4, Mode::HalfEven, false))))
            .and("evidence", Evidence::Partial.word());
        Ok(if assigned.is_empty() {
            answer.without("keeps_100")
        } else {
            answer.and("keeps_100", made.values().filter_map(|f| f.completion_pct).all(|c| c >= 100.0))
        })
    },
};

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(calculator: &Calculator, given: Value) -> Result<Map<String, Value>, String> {
        calculator.calculate(&given).map(|a| a.outputs).map_err(|p| p.0[0].code.to_string())
    }

    /// By hand, with the numbers of the functions' own tests.
    #[test]
    fn loads_by_name() {
        let units = json!([
            { "id": "C", "downstream": null, "loads_kg": { "homes": { "cod": 300 } } },
            { "id": "A", "downstream": "C", "loads_kg": { "industry": { "cod": 1000, "nh3n": 80 } } },
        ]);
        let made = ask(&BASIN_LOAD, json!({ "units": units })).unwrap();
        assert_eq!((&made["total"], &made["units"][0]["gathered"], &made["evidence"]), (&json!(1400.0), &json!(1400.0), &json!("verified")));
        assert_eq!(made["units"][0]["gathered_kg"], json!({ "cod": 1300.0, "nh3n": 80.0 }));
        assert_eq!(ask(&BASIN_LOAD, json!({ "units": [{ "id": "A", "loads_kg": [1] }] })).unwrap_err(), "calc.form");
        assert_eq!(ask(&BASIN_LOAD, json!({ "units": [{ "downstream": "A" }] })).unwrap_err(), "calc.form");
        let made = ask(&SECTION_FLUX, json!({ "values_mg_L": [3, null, 2], "water_1e4m3": [1000, 900, 500] })).unwrap();
        assert_eq!((&made["load_t"], &made["missing"], &made["complete"]), (&json!(40.0), &json!(1), &json!(false)));
        assert_eq!(ask(&SECTION_FLUX, json!({ "values_mg_L": [3], "water_1e4m3": [] })).unwrap_err(), "calc.form");
        assert_eq!(ask(&SECTION_FLUX, json!({ "values_mg_L": [-3], "water_1e4m3": [1] })).unwrap_err(), "calc.form");
    }

    /// By hand, with the numbers of the function's own test: 75 of 60 t are 125 %.
    #[test]
    fn reductions_by_name() {
        let project = |id: &str, before: f64, after: f64, offset: Value, from: Value| json!({ "id": id, "pollutant": "cod", "before_t": before, "after_t": after, "offset_t": offset, "from_month": from });
        let projects = json!([project("A", 120.0, 20.0, json!(10), json!(7)), project("B", 30.0, 0.0, Value::Null, Value::Null)]);
        let made = ask(&PROJECT_REDUCTION, json!({ "projects": projects, "assigned": { "cod": 60 } })).unwrap();
        assert_eq!((&made["year_t"]["cod"], &made["completion_pct"]["cod"], &made["keeps_100"]), (&json!(75.0), &json!(125.0), &json!(true)));
        assert_eq!(ask(&PROJECT_REDUCTION, json!({ "projects": projects })).unwrap()["keeps_100"], Value::Null);
        assert_eq!(ask(&PROJECT_REDUCTION, json!({ "projects": [project("A", 1.0, 0.0, json!(0), json!(13))] })).unwrap_err(), "calc.form");
    }
}
