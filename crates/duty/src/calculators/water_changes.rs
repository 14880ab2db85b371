//! Change between two periods, rates over months, functional zones, drinking water by quantity, and the index of
//! single items.

use liangshan_vocab::quantity::{Measure, measure};
use liangshan_vocab::spec::{Form, RATIO, Reach, Source, choice, given, made, number, number_out, numbers};
use liangshan_vocab::{Answer, Calculator, Evidence, Problem, Spec, text, words};
use serde_json::{Map, json};

use super::arguments::EVIDENCE;
use super::at_hand::standards;
use super::water::{class_of, first, numbered, readings, readings_of};
use crate::water::{
    self, Change, Class, OverInBasin, Rules, Section, Water, basin_rating, change_of_basin, change_of_section, main_of_basin, rate_by_volume, standard_index,
};

pub(super) const ALL: &[&Calculator] = &[&BASIN_MAIN, &SECTION_CHANGE, &BASIN_CHANGE, &MONTHLY_COMPLIANCE, &FUNCTIONAL_ZONE, &DRINKING_RATE, &STANDARD_INDEX];

const MG_L: Measure = measure("concentration", "mg/L");
const CLASS: Measure = measure("water_class", "1");
const WORD: Measure = measure("word", "1");
const COUNT: Measure = measure("count", "1");
const PERCENT: Measure = measure("share", "%");
const CHANGES: Source =
    Source { work: "环办〔2011〕22号", at: "水质变化评价；流域界限未核实 / change of quality; thresholds of basins unverified" };
const WATERS: &[&str] = &["river", "lake"];

fn word(change: Change) -> &'static str {
    match change {
        Change::ClearlyBetter => "clearly_better",
        Change::Better => "better",
        Change::None => "none",
        Change::Worse => "worse",
        Change::ClearlyWorse => "clearly_worse",
    }
}

fn changed(answer: Answer, change: Change) -> Answer {
    answer.and("change", word(change)).and("change_zh", change.title().zh.as_ref())
}

const CHANGE_ZH: liangshan_vocab::Output = made("change_zh", "变化（中文）", "the same in Chinese", Form::Text, WORD);
const CHANGE: liangshan_vocab::Output =
    made("change", "变化：clearly_better、better、none、worse、clearly_worse", "clearly_better, better, none, worse, clearly_worse", Form::Text, WORD);

static SECTION_CHANGE: Calculator = Calculator {
    spec: &Spec {
        id: "water.section_change",
        title: text("断面水质变化", "how a section has changed"),
        source: CHANGES,
        reach: Reach::Whole,
        inputs: &[
            number("before", "前一时段的类别 1–6（6 为劣Ⅴ）", "class before, 1 to 6 (6 is worse than V)", CLASS, (1.0, 6.0)),
            number("after", "后一时段的类别", "class after", CLASS, (1.0, 6.0)),
        ],
        outputs: &[CHANGE, CHANGE_ZH, EVIDENCE],
    },
    run: |a| {
        let change = change_of_section(class_of("before", a.number("before"))?, class_of("after", a.number("after"))?);
        Ok(changed(Answer::default().and("evidence", standards(a).latest("water", "assessment")?.evidence.word()), change))
    },
};

static BASIN_MAIN: Calculator = Calculator {
    spec: &Spec {
        id: "water.basin_main_pollutants",
        title: text("流域主要污染指标（断面超标率）", "main pollutants of a basin by the share of sections"),
        source: Source {
            work: "环办〔2011〕22号", at: "主要污染指标：断面 5 个以上按断面超标率取前三，不足 5 个逐断面列出"
        },
        reach: Reach::Whole,
        inputs: &[
            choice("water", "河流或湖库", "river or lake", WATERS),
            given("sections", "各断面的浓度，形同 water.section_class 的 values", "values of each section, as values of water.section_class", Form::List, MG_L),
        ],
        outputs: &[
            made("main_pollutants", "item、sections、pct；断面不足时为 null", "item, sections, pct; null with too few sections", Form::Records, WORD),
            made("by_section", "各断面的主要污染指标", "main pollutants of each section", Form::List, WORD),
            EVIDENCE,
        ],
    },
    run: |a| {
        let rules = Rules::latest(standards(a)).map_err(first)?;
        let waters = Water::parse(a.text("water")).unwrap_or(Water::River);
        let mut sections = Vec::new();
        for given in a.records("sections") {
            let values = given.as_object().ok_or_else(|| {
                Problem::error("calc.form", text("“sections”应为各断面浓度的列表", "\"sections\" is a list of values by item")).key("sections")
            })?;
            let (readings, saturation) = numbered(&rules, &readings_of(values)?)?;
            let mut section = Section::default();
            rules.judge(waters, &readings, saturation, &mut section);
            sections.push(section);
        }
        let code = |item: usize| rules.items[item].code.as_str();
        let of_section = |s: &Section| json!(s.main.iter().map(|at| code(s.items[*at].item)).collect::<Vec<_>>());
        let answer = Answer::default().and("by_section", sections.iter().map(of_section).collect::<Vec<_>>()).and("evidence", rules.evidence().word());
        Ok(match main_of_basin(&rules, &sections)? {
            Some(main) => {
                let told = |o: &OverInBasin| json!({ "item": code(o.item), "sections": o.sections, "pct": o.pct });
                answer.and("main_pollutants", main.iter().map(told).collect::<Vec<_>>())
            }
            None => answer.without("main_pollutants"),
        })
    },
};

static BASIN_CHANGE: Calculator = Calculator {
    spec: &Spec {
        id: "water.basin_change",
        title: text("流域水质变化", "how a basin has changed"),
        source: CHANGES,
        reach: Reach::Whole,
        inputs: &[
            numbers("before", "前一时段各断面的类别 1–6", "classes of the sections before, 1 to 6", CLASS, (1.0, 6.0)),
            numbers("after", "后一时段各断面的类别", "classes of the sections after", CLASS, (1.0, 6.0)),
        ],
        outputs: &[
            number_out("dG", "Ⅰ–Ⅲ类比例的变化（百分点）", "change of the share of I to III, points", PERCENT),
            number_out("dD", "劣Ⅴ类比例的变化（百分点）", "change of the share worse than V, points", PERCENT),
            CHANGE,
            CHANGE_ZH,
            EVIDENCE,
        ],
    },
    run: |a| {
        let standard = standards(a).latest("water", "assessment")?;
        let rating = |name: &str| {
            let classes = a.numbers(name).into_iter().map(|n| class_of(name, n)).collect::<Result<Vec<_>, Problem>>()?;
            basin_rating(standard, &classes)
        };
        let (before, after) = (rating("before")?, rating("after")?);
        let change = change_of_basin(standard, &before, &after)?;
        let evidence = standard.evidence.with(standard.parameter("change_some")?.evidence).with(standard.parameter("change_clear")?.evidence);
        let answer = Answer::number("dG", after.good_pct - before.good_pct).and("dD", after.worst_pct - before.worst_pct);
        Ok(changed(answer.and("evidence", evidence.word()), change))
    },
};

static MONTHLY_COMPLIANCE: Calculator = Calculator {
    spec: &Spec {
        id: "water.monthly_compliance",
        title: text("断面月度达标率", "months of a year in which a section complies"),
        source: Source { work: "水环境质量目标考核（本程序的设计）", at: "达标月数 / 评价月数；数据不足的月不在分母" },
        reach: Reach::Whole,
        inputs: &[
            given("classes", "各月类别 1–6，数据不足为 null", "class of each month, 1 to 6, null for too little data", Form::Series, CLASS),
            number("target", "目标类别", "target class", CLASS, (1.0, 6.0)),
        ],
        outputs: &[
            number_out("assessed", "评价月数", "months assessed", COUNT),
            number_out("insufficient", "数据不足的月数", "months with too little data", COUNT),
            number_out("compliance_pct", "达标率；没有评价月为 null", "share that complies; null without a month", PERCENT),
        ],
    },
    run: |a| {
        let target = class_of("target", a.number("target"))?;
        let classes = a.series("classes").into_iter().map(|n| n.map(|n| class_of("classes", n)).transpose()).collect::<Result<Vec<_>, Problem>>()?;
        let rates = water::section_compliance(classes.into_iter().map(|class| (class, Some(target))));
        let answer = Answer::default().and("assessed", rates.assessed).and("insufficient", rates.insufficient);
        Ok(match rates.own_pct {
            Some(share) => answer.and("compliance_pct", share),
            None => answer.without("compliance_pct"),
        })
    },
};

static FUNCTIONAL_ZONE: Calculator = Calculator {
    spec: &Spec {
        id: "water.functional_zone",
        title: text("水功能区达标（全指标或双指标）", "compliance of a functional zone by all items or by two"),
        source: Source {
            work: "水功能区达标评价", at: "双指标：高锰酸盐指数或化学需氧量，与氨氮 / two items: CODMn or COD, and ammonia nitrogen"
        },
        reach: Reach::Whole,
        inputs: &[
            choice("water", "河流或湖库", "river or lake", WATERS),
            choice("method", "全指标 all 或双指标 two", "all items, or two", &["all", "two"]),
            number("target", "目标类别", "target class", CLASS, (1.0, 5.0)),
            given("values", "各项浓度，形同 water.section_class", "values as of water.section_class", Form::Object, MG_L),
        ],
        outputs: &[
            made("meets", "达标；无法判定为 null", "complies; null when it cannot be decided", Form::Truth, WORD),
            made("items", "参评项目", "items that took part", Form::List, WORD),
            made("failing", "超过目标类别的项目", "items beyond the target", Form::List, WORD),
            EVIDENCE,
        ],
    },
    run: |a| {
        let rules = Rules::latest(standards(a)).map_err(first)?;
        let target = class_of("target", a.number("target"))?;
        let (mut given, saturation) = numbered(&rules, &readings(a, "values")?)?;
        let code = |item: usize| rules.items[item].code.as_str();
        let mut lacking = false;
        if a.text("method") == "two" {
            given.retain(|(item, _)| ["codmn", "cod", "nh3n"].contains(&code(*item)));
            let has = |wanted: &str| given.iter().any(|(item, _)| code(*item) == wanted);
            lacking = !has("nh3n") || !(has("codmn") || has("cod"));
        }
        let mut section = Section::default();
        rules.judge(Water::parse(a.text("water")).unwrap_or(Water::River), &given, saturation, &mut section);
        let failing: Vec<&str> = section.items.iter().filter(|v| v.best > target).map(|v| code(v.item)).collect();
        let meets = section.meets(target).filter(|meets| !*meets || !lacking);
        let items: Vec<&str> = section.items.iter().map(|v| code(v.item)).collect();
        let answer = Answer::default().and("items", json!(items)).and("failing", json!(failing)).and("evidence", rules.evidence().word());
        Ok(match meets {
            Some(meets) => answer.and("meets", meets),
            None => answer.without("meets"),
        })
    },
};

static DRINKING_RATE: Calculator = Calculator {
    spec: &Spec {
        id: "water.drinking_rate",
        title: text("饮用水水源达标率：按次数与按水量", "compliance of drinking water by count and by quantity"),
        source: Source { work: "集中式饮用水水源地评价", at: "达标月水量之和 / 评价月水量之和" },
        reach: Reach::Whole,
        inputs: &[given(
            "months",
            "各月：passes（无法判定为 null）、volume_1e4m3（可空）",
            "months: passes (null where undecided), volume_1e4m3 (may be null)",
            Form::Records,
            measure("water", "1e4 m3"),
        )],
        outputs: &[
            number_out("judged", "评价月数", "months judged", COUNT),
            number_out("undecided", "无法判定的月数", "months that are undecided", COUNT),
            number_out("by_count_pct", "按次数；没有评价月为 null", "by count; null without a month", PERCENT),
            number_out("by_volume_pct", "按水量；有评价月缺水量时为 null", "by quantity; null where a judged month has none", PERCENT),
        ],
    },
    run: |a| {
        let bad = |key: &str| {
            Problem::error("calc.form", words!("“months”的“{key}”形式不对", "\"{key}\" of \"months\" has another form")).key(format!("months.{key}"))
        };
        let mut months = Vec::new();
        for record in a.records("months") {
            let of = |key: &str| record.get(key).filter(|v| !v.is_null());
            let passes = of("passes").map(|v| v.as_bool().ok_or_else(|| bad("passes"))).transpose()?;
            let volume = of("volume_1e4m3").map(|v| v.as_f64().filter(|v| *v >= 0.0).ok_or_else(|| bad("volume_1e4m3"))).transpose()?;
            months.push((volume, passes));
        }
        let judged: Vec<(Option<f64>, bool)> = months.iter().filter_map(|(volume, passes)| Some((*volume, (*passes)?))).collect();
        let passing = judged.iter().filter(|m| m.1).count();
        let volumes: Option<Vec<(f64, Option<bool>)>> = judged.iter().map(|(volume, passes)| Some(((*volume)?, Some(*passes)))).collect();
        let by_count = (!judged.is_empty()).then(|| 100.0 * passing as f64 / judged.len() as f64);
        let answer = Answer::default().and("judged", judged.len()).and("undecided", months.len() - judged.len());
        let answer = match by_count {
            Some(share) => answer.and("by_count_pct", share),
            None => answer.without("by_count_pct"),
        };
        Ok(match volumes.and_then(rate_by_volume) {
            Some(share) => answer.and("by_volume_pct", share),
            None => answer.without("by_volume_pct"),
        })
    },
};

static STANDARD_INDEX: Calculator = Calculator {
    spec: &Spec {
        id: "water.standard_index",
        title: text("单项标准指数（HJ 2.3）", "index of single items (HJ 2.3)"),
        source: Source {
            work: "HJ 2.3（据第三方代码转引）", at: "S = C/Cs；pH 与溶解氧另有公式；DOf = 468/(31.6 + T)；大于 1 为超标"
        },
        reach: Reach::Whole,
        inputs: &[
            choice("water", "河流或湖库", "river or lake", WATERS),
            number("class", "评价类别 1–5", "class it is held against, 1 to 5", CLASS, (1.0, 5.0)),
            given("values", "各项浓度，形同 water.section_class", "values as of water.section_class", Form::Object, MG_L),
            number(
                "temperature_C",
                "水温；有溶解氧且不低于限值时须给出",
                "temperature; needed for oxygen at or above its limit",
                measure("temperature", "degC"),
                (0.0, 60.0),
            )
            .optional(),
        ],
        outputs: &[
            made("index", "各项指数；未检出或没有限值为 null", "index of each; null for a non-detect or without a limit", Form::Object, RATIO),
            made("over", "超标的项目", "items above 1", Form::List, WORD),
            EVIDENCE,
        ],
    },
    run: |a| {
        let rules = Rules::latest(standards(a)).map_err(first)?;
        let class: Class = class_of("class", a.number("class"))?;
        let waters = Water::parse(a.text("water")).unwrap_or(Water::River);
        let celsius = a.has("temperature_C").then(|| a.number("temperature_C"));
        let (mut index, mut over) = (Map::new(), Vec::new());
        for reading in numbered(&rules, &readings(a, "values")?)?.0 {
            let code = rules.items[reading.0].code.clone();
            let found = standard_index(&rules, waters, class, reading, celsius)?;
            if found.is_some_and(|s| s > 1.0) {
                over.push(code.clone());
            }
            index.insert(code, json!(found));
        }
        Ok(Answer::default().and("index", index).and("over", over).and("evidence", rules.limits.evidence.with(Evidence::Partial).word()))
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn ask(calculator: &Calculator, given: Value) -> Result<Map<String, Value>, String> {
        calculator.calculate(&given).map(|a| a.outputs).map_err(|p| p.0[0].code.to_string())
    }

    /// By hand, with the thresholds of the sheet: from 2 of 4 sections at I–III and 1 worse than V to 3 of 4 and none:
    /// ΔG 25, ΔD −25, x = 50, clearly better.
    #[test]
    fn changes_by_name() {
        let made = ask(&SECTION_CHANGE, json!({ "before": 3, "after": 4 })).unwrap();
        assert_eq!((&made["change"], &made["change_zh"]), (&json!("worse"), &json!("有所变差")));
        assert_eq!(ask(&SECTION_CHANGE, json!({ "before": 3.5, "after": 4 })).unwrap_err(), "water.class");
        let made = ask(&BASIN_CHANGE, json!({ "before": [2, 3, 4, 6], "after": [2, 3, 3, 4] })).unwrap();
        assert_eq!((&made["dG"], &made["dD"], &made["change"]), (&json!(25.0), &json!(-25.0), &json!("clearly_better")));
        assert_eq!(ask(&BASIN_CHANGE, json!({ "before": [], "after": [2] })).unwrap_err(), "water.no_values");
        let made = ask(&MONTHLY_COMPLIANCE, json!({ "classes": [2, 3, 4, null, 3], "target": 3 })).unwrap();
        assert_eq!((&made["assessed"], &made["insufficient"], &made["compliance_pct"]), (&json!(4), &json!(1), &json!(75.0)));
        assert_eq!(ask(&MONTHLY_COMPLIANCE, json!({ "classes": [null], "target": 3 })).unwrap()["compliance_pct"], Value::Null);
    }

    /// GB 3838-2002, class III: ammonia 1.0; 2 of 5 sections are 40 %.
    #[test]
    fn main_pollutants_of_a_basin() {
        let section = |nh3n: f64| json!({ "nh3n": nh3n });
        let of = |list: &[f64]| ask(&BASIN_MAIN, json!({ "water": "river", "sections": list.iter().map(|v| section(*v)).collect::<Vec<_>>() })).unwrap();
        let made = of(&[1.1, 0.2, 0.3, 1.4, 0.5]);
        assert_eq!(made["main_pollutants"], json!([{ "item": "nh3n", "sections": 2, "pct": 40.0 }]));
        let few = of(&[1.1, 0.2]);
        assert_eq!((&few["main_pollutants"], &few["by_section"]), (&Value::Null, &json!([["nh3n"], []])));
        assert_eq!(ask(&BASIN_MAIN, json!({ "water": "river", "sections": [1] })).unwrap_err(), "calc.form");
    }

    /// GB 3838-2002, class III: CODMn 6, ammonia 1.0, phosphorus of a river 0.2.
    #[test]
    fn two_items_or_all() {
        let zone = |method: &str, values: Value| ask(&FUNCTIONAL_ZONE, json!({ "water": "river", "method": method, "target": 3, "values": values })).unwrap();
        let values = json!({ "codmn": 6, "nh3n": 1.0, "tp": 0.3 });
        assert_eq!(zone("two", values.clone())["meets"], json!(true));
        assert_eq!((&zone("all", values.clone())["meets"], &zone("all", values)["failing"]), (&json!(false), &json!(["tp"])));
        assert_eq!(zone("two", json!({ "nh3n": 0.5 }))["meets"], Value::Null, "one of two is no pass");
        assert_eq!(zone("two", json!({ "nh3n": 1.5 }))["meets"], json!(false));
    }

    /// By hand: 2 of 3 months; 40 of 60 of the water.
    #[test]
    fn drinking_water_by_count_and_quantity() {
        let month = |passes: Value, volume: Value| json!({ "passes": passes, "volume_1e4m3": volume });
        let rate = |last: Value| {
            ask(
                &DRINKING_RATE,
                json!({ "months": [month(json!(true), json!(30)), month(json!(true), json!(10)), month(json!(false), last), month(Value::Null, json!(9))] }),
            )
            .unwrap()
        };
        let made = rate(json!(20));
        assert_eq!((&made["judged"], &made["undecided"]), (&json!(3), &json!(1)));
        assert!((made["by_count_pct"].as_f64().unwrap() - 200.0 / 3.0).abs() < 1e-9 && (made["by_volume_pct"].as_f64().unwrap() - 200.0 / 3.0).abs() < 1e-9);
        assert_eq!(rate(Value::Null)["by_volume_pct"], Value::Null);
    }

    /// By hand: 1.2/1.0 of ammonia is over, oxygen of 8 at 20 °C 0.262857.
    #[test]
    fn single_items() {
        let made =
            ask(&STANDARD_INDEX, json!({ "water": "river", "class": 3, "values": { "nh3n": 1.2, "do": 8, "hg": "<0.00004" }, "temperature_C": 20 })).unwrap();
        assert_eq!((&made["index"]["nh3n"], &made["over"], &made["index"]["hg"]), (&json!(1.2), &json!(["nh3n"]), &Value::Null));
        assert!((made["index"]["do"].as_f64().unwrap() - 0.262_857).abs() < 1e-6);
        assert_eq!(ask(&STANDARD_INDEX, json!({ "water": "river", "class": 3, "values": { "do": 8 } })).unwrap_err(), "water.no_temperature");
    }
}
