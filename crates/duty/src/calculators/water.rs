//! Water: sections, basins, lakes, trends, compliance, loads.

use liangshan_vocab::quantity::{Measure, measure};
use liangshan_vocab::spec::{ANY, Form, POSITIVE, RATIO, Reach, SHARE, Source, choice, given, made, number, number_out, numbers};
use liangshan_vocab::{Answer, Arguments, Calculator, Evidence, Problem, Problems, Spec, text, words};
use serde_json::{Map, Value, json};

use super::arguments::EVIDENCE;
use super::at_hand::standards;
use crate::standard::{Mode, Standard, round};
use crate::water::{self, Class, Reading, Rules, Section, Water};

pub(super) const ALL: &[&Calculator] = &[
    &SECTION_CLASS,
    &MEAN_CLASS,
    &BASIN_RATING,
    &TROPHIC_INDEX,
    &SPEARMAN_TREND,
    &COMPLIANCE_RATE,
    &MEAN_PH,
    &PLANT_REDUCTION,
    &CONTROL_ZONE_TYPE,
    &REMAINING_CAPACITY,
    &DRINKING_SOURCE,
];

const MG_L: Measure = measure("concentration", "mg/L");
const CLASS: Measure = measure("water_class", "1");
const WORD: Measure = measure("word", "1");
const PERCENT: Measure = measure("share", "%");
const MASS: Measure = measure("pollutant_mass", "t");
const MEASURES: Source =
    Source { work: "环办〔2011〕22号；GB 3838-2002", at: "断面、河流与流域评价 / sections, rivers and basins; tables 1 and 2" };
const WATERS: &[&str] = &["river", "lake"];

/// The first problem of several: a formula answers with one.
pub(super) fn first(problems: Problems) -> Problem {
    problems.0.into_iter().next().unwrap_or_else(|| Problem::error("calc.form", text("输入无法理解", "the input cannot be understood")))
}

/// Readings by name: a number, `"<0.05"`, `"0.05L"`, `">24000"`; null is not measured.
pub(super) fn readings<'a>(a: &'a Arguments, name: &str) -> Result<Vec<(&'a str, Reading)>, Problem> {
    match a.value(name) {
        Some(Value::Object(values)) => readings_of(values),
        _ => Ok(Vec::new()),
    }
}

pub(super) fn readings_of(values: &Map<String, Value>) -> Result<Vec<(&str, Reading)>, Problem> {
    let mut out = Vec::with_capacity(values.len());
    for (item, value) in values {
        let reading = match value {
            Value::Null => continue,
            Value::Number(number) => number.as_f64().map(Reading::Value),
            Value::String(written) => Reading::parse(written),
            _ => None,
        };
        match reading {
            Some(Reading::Value(v) | Reading::Below(v) | Reading::Above(v)) if v < 0.0 => return Err(not_a_reading(item, value)),
            Some(reading) => out.push((item.as_str(), reading)),
            None => return Err(not_a_reading(item, value)),
        }
    }
    Ok(out)
}

fn not_a_reading(item: &str, value: &Value) -> Problem {
    Problem::error("water.not_a_value", words!("{item} 的值 {value} 不可评价", "the value {value} of {item} cannot be judged"))
        .key(item)
        .expect(text("不小于 0 的数，或 \"<0.05\"、\"0.05L\"；未测为 null", "a number of 0 or more, or \"<0.05\", \"0.05L\"; null for not measured"))
        .fix(text("未检出须给出检出限", "give the detection limit of a non-detect"))
}

fn water(a: &Arguments) -> Water {
    Water::parse(a.text("water")).unwrap_or(Water::River)
}

/// Numbers of items, and the saturation of oxygen where it is among them.
type Numbered = (Vec<(usize, Reading)>, Option<f64>);

pub(super) fn numbered(rules: &Rules<'_>, readings: &[(&str, Reading)]) -> Result<Numbered, Problem> {
    let (mut out, mut saturation) = (Vec::new(), None);
    for (name, reading) in readings {
        match reading {
            Reading::Value(value) if *name == "do_saturation" => saturation = Some(*value),
            _ => out.push((rules.needed(name)?, *reading)),
        }
    }
    Ok((out, saturation))
}

fn class_word(class: Option<Class>) -> &'static str {
    class.map_or("undecidable", Class::grade)
}

/// Item classes, section class, main pollutants.
fn said(rules: &Rules<'_>, section: &Section) -> Answer {
    let code = |item: usize| rules.items[item].code.clone();
    let item_class: Map<String, Value> = section.items.iter().map(|v| (code(v.item), json!(class_word(v.class())))).collect();
    let main: Vec<Value> = section.main.iter().map(|at| &section.items[*at]).map(|v| json!({ "item": code(v.item), "multiple": v.multiple })).collect();
    let answer = Answer::default().and("item_class", item_class);
    let answer = match section.class() {
        Some(class) => answer.and("section_class", class.grade()),
        None => answer.without("section_class"),
    };
    answer.and("main_pollutants", main).and("evidence", rules.evidence().word())
}

static SECTION_CLASS: Calculator = Calculator {
    spec: &Spec {
        id: "water.section_class",
        title: text("断面水质类别（单因子评价）", "class of a section by single-factor assessment"),
        source: MEASURES,
        reach: Reach::Whole,
        inputs: &[
            choice("water", "河流或湖库", "river or lake", WATERS),
            given(
                "values",
                "各项浓度，按项目代码，pH 无量纲、其余 mg/L；未检出写 \"<0.05\"；do_saturation 为饱和率（%）",
                "values by item code, pH plain, others mg/L; \"<0.05\" for a non-detect; do_saturation in %",
                Form::Object,
                MG_L,
            ),
        ],
        outputs: &[
            made("item_class", "各项类别", "class of each item", Form::Object, CLASS),
            made("section_class", "断面类别；无法判定时为空", "class of the section; null when it cannot be decided", Form::Text, CLASS),
            made("main_pollutants", "主要污染指标与超标倍数", "main pollutants and their multiples", Form::Records, RATIO),
            made("reference_items", "只作参考的项目", "items that decide nothing", Form::List, WORD),
            EVIDENCE,
        ],
    },
    run: |a| {
        let rules = Rules::latest(standards(a)).map_err(first)?;
        let (readings, saturation) = numbered(&rules, &readings(a, "values")?)?;
        let mut section = Section::default();
        rules.judge(water(a), &readings, saturation, &mut section);
        let reference: Vec<Value> = section.reference.iter().map(|i| json!(rules.items[*i].code)).collect();
        Ok(said(&rules, &section).and("reference_items", reference))
    },
};

static MEAN_CLASS: Calculator = Calculator {
    spec: &Spec {
        id: "water.mean_class",
        title: text("断面少于 5 个的河流：均值的类别", "a river of fewer than 5 sections: the class of its means"),
        source: MEASURES,
        reach: Reach::Whole,
        inputs: &[
            choice("water", "河流或湖库", "river or lake", WATERS),
            given("sections", "各断面的浓度，形同 water.section_class 的 values", "values of each section, as values of water.section_class", Form::List, MG_L),
        ],
        outputs: &[
            made("means", "修约前的均值", "means before rounding", Form::Named, MG_L),
            made("item_class", "各项类别", "class of each item", Form::Object, CLASS),
            made("section_class", "均值的类别", "class of the means", Form::Text, CLASS),
            made("main_pollutants", "主要污染指标与超标倍数", "main pollutants and their multiples", Form::Records, RATIO),
            made("classes_alone", "各断面自己的类别", "class of each section alone", Form::List, CLASS),
            made("judged", "修约后用于评价的均值", "means after rounding, as judged", Form::Named, MG_L),
            EVIDENCE,
        ],
    },
    run: |a| {
        let rules = Rules::latest(standards(a)).map_err(first)?;
        let sections = a.records("sections");
        let most = rules.assessment.value("basin_sections")?;
        let count = sections.len();
        if count as f64 >= most || count == 0 {
            return Err(Problem::error("water.sections", words!("有 {count} 个断面", "there are {count} sections"))
                .key("sections")
                .expect(words!("1 个以上、{most} 个以下", "1 or more and fewer than {most}"))
                .fix(text("断面更多时按类别比例评价：water.basin_rating", "rate more of them by the shares of their classes: water.basin_rating")));
        }
        let mut alone = Vec::new();
        let mut by_item: Vec<(usize, Vec<Reading>)> = Vec::new();
        let mut section = Section::default();
        for given in sections {
            let values = given.get("values").unwrap_or(given).as_object().ok_or_else(|| not_a_reading("sections", given))?;
            let values: Map<String, Value> = values.iter().filter(|(k, _)| *k != "id" && *k != "section").map(|(k, v)| (k.clone(), v.clone())).collect();
            let (readings, saturation) = numbered(&rules, &readings_of(&values)?)?;
            rules.judge(water(a), &readings, saturation, &mut section);
            alone.push(json!(class_word(section.class())));
            for (item, reading) in readings {
                match by_item.iter_mut().find(|b| b.0 == item) {
                    Some(found) => found.1.push(reading),
                    None => by_item.push((item, vec![reading])),
                }
            }
        }
        let mean = |(item, list): &(usize, Vec<Reading>)| Some((*item, water::mean_of(list.iter().copied(), rules.items[*item].mean, rules.non_detect_share)?));
        let means: Vec<(usize, Reading)> = by_item.iter().filter_map(mean).collect();
        rules.judge(water(a), &means, None, &mut section);
        let value = |reading: &Reading| match reading {
            Reading::Value(v) | Reading::Below(v) | Reading::Above(v) => *v,
            Reading::Unknown => f64::NAN,
        };
        let named = |of: &dyn Fn(usize, f64) -> f64| -> Map<String, Value> {
            means.iter().map(|(item, r)| (rules.items[*item].code.clone(), json!(of(*item, value(r))))).collect()
        };
        let (plain, judged) = (named(&|_, v| v), named(&|item, v| rules.rounded(item, v)));
        let answer = said(&rules, &section);
        Ok(answer.and("means", plain).and("classes_alone", alone).and("judged", judged))
    },
};

static BASIN_RATING: Calculator = Calculator {
    spec: &Spec {
        id: "water.basin_rating",
        title: text("河流、流域水质定性评价", "rating of a river or basin"),
        source: MEASURES,
        reach: Reach::Whole,
        inputs: &[numbers("classes", "断面类别 1–6（6 为劣Ⅴ）", "classes of the sections, 1 to 6 (6 is worse than V)", CLASS, (1.0, 6.0))],
        outputs: &[
            number_out("g_pct", "Ⅰ–Ⅲ类比例", "share of class I to III", PERCENT),
            number_out("d_pct", "劣Ⅴ类比例", "share worse than class V", PERCENT),
            made("rating", "评价", "rating", Form::Text, WORD),
            EVIDENCE,
        ],
    },
    run: |a| {
        let classes: Result<Vec<Class>, Problem> = a.numbers("classes").into_iter().map(|n| class_of("classes", n)).collect();
        let standard = standards(a).latest("water", "assessment")?;
        let rating = water::basin_rating(standard, &classes?)?;
        // That five sections are many enough for shares rests on the named number.
        let evidence = standard.evidence.with(standard.parameter("basin_sections")?.evidence);
        Ok(Answer::number("g_pct", rating.good_pct).and("d_pct", rating.worst_pct).and("rating", rating.rating).and("evidence", evidence.word()))
    },
};

pub(super) fn class_of(key: &str, number: f64) -> Result<Class, Problem> {
    let whole = (number.fract() == 0.0).then_some(number as i64);
    whole.and_then(Class::of_number).ok_or_else(|| {
        Problem::error("water.class", words!("{number} 不是水质类别", "{number} is no class of water"))
            .key(key)
            .expect(text("1 至 6 的整数，6 为劣Ⅴ", "an integer from 1 to 6; 6 is worse than V"))
            .fix(text("没有数据的断面给 null", "null for a section without data"))
    })
}

static TROPHIC_INDEX: Calculator = Calculator {
    spec: &Spec {
        id: "water.trophic_index",
        title: text("综合营养状态指数", "trophic index of a lake"),
        source: Source { work: "总站生字〔2001〕090号", at: "综合营养状态指数法" },
        reach: Reach::Whole,
        inputs: &[given(
            "values",
            "叶绿素 chl_mg_m3（mg/m³）、tp、tn、codmn（mg/L）、透明度 sd_m（m）；缺的不参加",
            "chlorophyll chl_mg_m3 (mg/m³), tp, tn, codmn (mg/L), depth sd_m (m); those missing take no part",
            Form::Named,
            MG_L,
        )],
        outputs: &[
            made("parts", "各项指数", "index of each", Form::Series, RATIO),
            made("weights", "各项权重", "weight of each", Form::Series, RATIO),
            number_out("TLI", "综合指数", "index", RATIO),
            made("state", "营养状态", "state", Form::Text, WORD),
            made("partial", "有项目缺测", "a parameter is missing", Form::Truth, WORD),
            EVIDENCE,
        ],
    },
    run: |a| {
        let standard = standards(a).latest("water", "assessment")?;
        let result = water::trophic(standard, &a.named("values"))?;
        // Weights of those that are left are no rule that was read.
        let evidence = if result.partial { Evidence::Unverified } else { standard.evidence };
        Ok(Answer::default()
            .and("parts", json!(result.parts))
            .and("weights", json!(result.weights))
            .and("TLI", result.index)
            .and("state", result.state)
            .and("partial", result.partial)
            .and("evidence", evidence.word()))
    },
};

static SPEARMAN_TREND: Calculator = Calculator {
    spec: &Spec {
        id: "water.spearman_trend",
        title: text("秩相关趋势检验", "trend by rank correlation"),
        source: Source { work: "环办〔2011〕22号", at: "附录：秩相关系数法 / appendix" },
        reach: Reach::Whole,
        inputs: &[
            numbers("values", "按时间顺序的值", "values in time order", RATIO, ANY),
            number(
                "critical",
                "临界值；不给时按期数取自标准（0.05）",
                "critical value; from the standard by the number of periods (0.05) when left out",
                RATIO,
                SHARE,
            )
            .optional(),
        ],
        outputs: &[
            number_out("sum_d2", "秩差平方和", "sum of squared rank differences", RATIO),
            number_out("rs", "秩相关系数", "rank correlation", RATIO),
            made("significant", "显著", "significant", Form::Truth, WORD),
            made("trend", "趋势：rising、falling、none", "trend", Form::Text, WORD),
            EVIDENCE,
        ],
    },
    run: |a| {
        let standard = standards(a).latest("water", "assessment")?;
        let values = a.numbers("values");
        let least = standard.value("trend_periods")? as usize;
        let critical = critical_of(a, values.len(), standard)?;
        let trend = water::spearman(&values, critical, least)?;
        Ok(Answer::number("sum_d2", trend.sum_d2)
            .and("rs", trend.rs)
            .and("significant", trend.significant)
            .and("trend", trend.word())
            .and("evidence", evidence_of(a, standard).word()))
    },
};

/// The table of critical values was not read; one that was given is not taken from it.
pub(super) fn evidence_of(a: &Arguments, standard: &Standard) -> Evidence {
    if a.has("critical") { standard.evidence } else { Evidence::Unverified }
}

/// The critical value given, or that of the table for so many periods.
pub(super) fn critical_of(a: &Arguments, n: usize, standard: &Standard) -> Result<f64, Problem> {
    if a.has("critical") {
        return Ok(a.number("critical"));
    }
    let table = standard.table("spearman")?;
    table.row(&n.to_string()).and_then(|row| table.number(row, "w_0_05")).ok_or_else(|| {
        Problem::error("water.no_critical", words!("表中没有 {n} 期的临界值", "the table has no critical value for {n} periods"))
            .key("critical")
            .expect(words!("{0} 期之一", "one of {0} periods", table.keys().collect::<Vec<_>>().join(", ")))
            .fix(text("给出 critical，不作内插", "give critical; nothing is interpolated"))
    })
}

static COMPLIANCE_RATE: Calculator = Calculator {
    spec: &Spec {
        id: "water.compliance_rate",
        title: text("断面达标率：自身目标与Ⅲ类，两个结果", "compliance of sections: with own targets and with class III, two results"),
        source: MEASURES,
        reach: Reach::Whole,
        inputs: &[given(
            "sections",
            "断面：id、class（1–6，数据不足为 null）、target",
            "sections: id, class (1 to 6, null for too little data), target",
            Form::Records,
            CLASS,
        )],
        outputs: &[
            number_out("assessed", "参评断面", "sections assessed", RATIO),
            number_out("insufficient", "数据不足的断面", "sections with too little data", RATIO),
            number_out("compliance_pct", "达到自身目标的比例", "share that meets its own target", PERCENT),
            number_out("class_III_or_better_pct", "Ⅲ类及以上的比例", "share of class III or better", PERCENT),
            number_out("without_target", "没有目标的参评断面", "assessed sections without a target", RATIO),
        ],
    },
    run: |a| {
        let mut sections = Vec::new();
        for given in a.records("sections") {
            let of = |key: &str| match given.get(key) {
                None | Some(Value::Null) => Ok(None),
                Some(value) => class_of(key, value.as_f64().unwrap_or(f64::NAN)).map(Some),
            };
            sections.push((of("class")?, of("target")?));
        }
        let rates = water::section_compliance(sections);
        let mut answer = Answer::default().and("assessed", rates.assessed).and("insufficient", rates.insufficient);
        for (name, share) in [("compliance_pct", rates.own_pct), ("class_III_or_better_pct", rates.third_pct)] {
            answer = match share {
                Some(share) => answer.and(name, share),
                None => answer.without(name),
            };
        }
        Ok(answer.and("without_target", rates.without_target))
    },
};

static MEAN_PH: Calculator = Calculator {
    spec: &Spec {
        id: "water.mean_ph",
        title: text("pH 均值（经氢离子浓度）", "mean pH through the hydrogen ion"),
        source: Source { work: "环办监测函〔2020〕82号", at: "pH 均值，据第三方代码转引 / mean pH, as third-party code quotes it" },
        reach: Reach::Whole,
        inputs: &[numbers("values", "pH 值", "pH values", RATIO, (0.0, 14.0))],
        outputs: &[
            number_out("mean", "均值", "mean", RATIO),
            number_out("arithmetic", "算术均值，仅供对照", "arithmetic mean, for comparison only", RATIO),
            number_out("judged", "修约后用于评价的值", "as judged, rounded", RATIO),
            EVIDENCE,
        ],
    },
    run: |a| {
        let (mean, arithmetic) = water::mean_ph(&a.numbers("values"))?;
        let rounding = &standards(a).latest("water", "assessment")?.rounding;
        let evidence = rounding.evidence.unwrap_or(Evidence::Unverified);
        Ok(Answer::number("mean", mean).and("arithmetic", arithmetic).and("judged", rounding.of("ph", mean)).and("evidence", evidence.word()))
    },
};

static PLANT_REDUCTION: Calculator = Calculator {
    spec: &Spec {
        id: "water.plant_reduction",
        title: text("污水处理厂减排量与完成率", "reduction by a sewage plant and completion"),
        source: Source { work: "主要污染物总量减排核算", at: "R = Q (C_in − C_out) · 10⁻²" },
        reach: Reach::Whole,
        inputs: &[
            number("q_1e4m3", "全年处理水量", "water treated in a full year", measure("water", "1e4 m3"), POSITIVE),
            given("conc_in", "进水浓度，按污染物", "concentration in, by pollutant", Form::Named, MG_L),
            given("conc_out", "出水浓度，按污染物", "concentration out, by pollutant", Form::Named, MG_L),
            number("months", "当年运行月数", "months it ran in the year", RATIO, (0.0, 12.0)),
            given("assigned", "任务量，可为空", "what is assigned; may be empty", Form::Named, MASS).optional(),
        ],
        outputs: &[
            made("full_t", "全年减排量", "reduction of a full year", Form::Named, MASS),
            made("year_t", "当年减排量", "reduction of the year", Form::Named, MASS),
            made("completion_pct", "完成率，不封顶，四位小数", "completion, not capped, to four decimals", Form::Named, PERCENT),
            number_out("indicator_pct_min", "各污染物完成率的最小值，封顶 100 %", "least completion, capped at 100 %", PERCENT),
            made("keeps_100", "每种污染物都不低于 100 %", "every pollutant at 100 % or more", Form::Truth, WORD),
        ],
    },
    run: |a| {
        let (after, assigned) = (a.named("conc_out"), a.named("assigned"));
        let find = |list: &[(&str, f64)], name: &str| list.iter().find(|v| v.0 == name).map(|v| v.1);
        let before = a.named("conc_in");
        let unmatched = |name: &str, where_not: &str| {
            Problem::error("water.unmatched", words!("“{name}”不在 {where_not} 中", "\"{name}\" is not in {where_not}"))
                .key(name)
                .expect(text("进水、出水与任务量用同样的污染物名称", "the same names in conc_in, conc_out and assigned"))
                .fix(text("补上或改正名称", "add it, or correct the name"))
        };
        let mut pollutants = Vec::new();
        for (name, concentration) in &before {
            let out = find(&after, name).ok_or_else(|| unmatched(name, "conc_out"))?;
            pollutants.push((*name, *concentration, out, find(&assigned, name)));
        }
        if let Some((name, _)) = after.iter().chain(&assigned).find(|v| find(&before, v.0).is_none()) {
            return Err(unmatched(name, "conc_in"));
        }
        let plant = water::plant_reduction(a.number("q_1e4m3"), a.number("months"), &pollutants)?;
        let named = |of: fn(&water::Reduced) -> Option<f64>| -> Map<String, Value> {
            plant.reduced.iter().filter_map(|r| Some((r.pollutant.clone(), json!(of(r)?)))).collect()
        };
        let answer = Answer::default()
            .and("full_t", named(|r| Some(r.full_t)))
            .and("year_t", named(|r| Some(r.year_t)))
            .and("completion_pct", named(|r| r.completion_pct.map(|c| round(c, 4, Mode::HalfEven, false))));
        Ok(match (plant.least_pct, plant.keeps_100) {
            (Some(least), Some(keeps)) => answer.and("indicator_pct_min", round(least, 4, Mode::HalfEven, false)).and("keeps_100", keeps),
            _ => answer.without("indicator_pct_min").without("keeps_100"),
        })
    },
};

fn not_loads(source: &str) -> Problem {
    Problem::error("water.unmatched", words!("{source} 的负荷不是一组数", "the loads of {source} are no set of numbers"))
        .key(source)
        .expect(text("按污染物的负荷（kg），如 {\"cod\": 1200}", "loads in kg by pollutant, such as {\"cod\": 1200}"))
        .fix(text("按污染物分别给出；没有的来源不给", "give each pollutant; leave out a source that has none"))
}

static CONTROL_ZONE_TYPE: Calculator = Calculator {
    spec: &Spec {
        id: "water.control_zone_type",
        title: text("控制区类型", "type of a control zone"),
        source: Source { work: "water.md（本程序的设计）；污染当量值：环境保护税法附表二", at: "6" },
        reach: Reach::Whole,
        inputs: &[
            given("eq", "污染当量值（kg），按污染物", "pollution equivalents (kg), by pollutant", Form::Named, measure("pollutant_mass", "kg")),
            given(
                "loads_kg",
                "负荷（kg），按来源再按污染物；来源 industry、domestic 与其他",
                "loads in kg by source, then pollutant; sources industry, domestic and others",
                Form::Object,
                measure("pollutant_mass", "kg"),
            ),
            number("threshold", "份额阈值", "threshold of the share", RATIO, SHARE),
            given(
                "source_water",
                "含源头水、饮用水源保护区、保护地或目标Ⅰ、Ⅱ类",
                "has source water, a drinking source, a reserve, or target class I or II",
                Form::Truth,
                WORD,
            ),
            given("park_outfall", "含工业园区排口", "has the outfall of an industrial park", Form::Truth, WORD),
        ],
        outputs: &[
            made("equivalents", "各来源的污染当量数", "equivalents of each source", Form::Named, RATIO),
            made("shares", "份额", "shares", Form::Named, RATIO),
            made("type", "类型", "type", Form::Text, WORD),
            EVIDENCE,
        ],
    },
    run: |a| {
        let eq = a.named("eq");
        let mut loads: Vec<(&str, Vec<(f64, f64)>)> = Vec::new();
        for (source, list) in a.value("loads_kg").and_then(Value::as_object).into_iter().flatten() {
            let mut of = Vec::new();
            let Some(list) = list.as_object() else { return Err(not_loads(source)) };
            for (pollutant, kg) in list {
                let equivalent = eq.iter().find(|e| e.0 == pollutant).map(|e| e.1).filter(|e| *e > 0.0);
                match (kg.as_f64().filter(|kg| *kg >= 0.0), equivalent) {
                    (Some(kg), Some(equivalent)) => of.push((kg, equivalent)),
                    _ => {
                        return Err(Problem::error(
                            "water.unmatched",
                            words!("{source} 的 {pollutant} 没有负荷或当量值", "{pollutant} of {source} has no load or no equivalent"),
                        )
                        .key(format!("{source}.{pollutant}"))
                        .expect(text("不小于 0 的负荷，并在 eq 中有大于 0 的当量值", "a load of 0 or more, and an equivalent above 0 in eq"))
                        .fix(text("补上当量值，或改正名称", "add the equivalent, or correct the name")));
                    }
                }
            }
            loads.push((source, of));
        }
        let zone = water::control_zone(&loads, a.number("threshold"), a.truth("source_water"), a.truth("park_outfall"))?;
        let named = |list: &[f64]| -> Map<String, Value> { loads.iter().zip(list).map(|(l, v)| (l.0.to_owned(), json!(v))).collect() };
        Ok(Answer::default()
            .and("equivalents", named(&zone.equivalents))
            .and("shares", named(&zone.shares))
            .and("type", zone.kind.zh.as_ref())
            .and("evidence", Evidence::Unverified.word()))
    },
};

static REMAINING_CAPACITY: Calculator = Calculator {
    spec: &Spec {
        id: "water.remaining_capacity",
        title: text("剩余环境容量（零维）", "capacity that is left, 0-D"),
        source: Source { work: "质量守恒 / mass balance", at: "W = 31.536 (Cs (Q + q) − C0 Q)" },
        reach: Reach::Whole,
        inputs: &[
            number("Cs", "目标浓度", "target concentration", MG_L, POSITIVE),
            number("C0", "上游浓度", "concentration upstream", MG_L, POSITIVE),
            number("Q_m3s", "河流流量", "discharge of the river", measure("discharge", "m3/s"), POSITIVE),
            number("q_m3s", "入流流量", "discharge of the inflow", measure("discharge", "m3/s"), POSITIVE),
        ],
        outputs: &[number_out("W_t_per_a", "剩余容量；负值为已超", "what is left; negative when it is exceeded", measure("pollutant_mass", "t/a"))],
    },
    run: |a| Ok(Answer::number("W_t_per_a", water::remaining_capacity(a.number("Cs"), a.number("C0"), a.number("Q_m3s"), a.number("q_m3s")))),
};

static DRINKING_SOURCE: Calculator = Calculator {
    spec: &Spec {
        id: "water.drinking_source",
        title: text("集中式饮用水水源地评价", "assessment of a drinking-water source"),
        source: MEASURES,
        reach: Reach::Whole,
        inputs: &[
            choice("water", "河流或湖库", "river or lake", WATERS),
            given(
                "values",
                "表 1、表 2 与所监测的表 3 项目，形同 water.section_class",
                "items of tables 1 and 2 and those monitored of table 3",
                Form::Object,
                MG_L,
            ),
        ],
        outputs: &[
            made("passes", "达标；项目缺测或无法判定且无超标时为空", "passes; null when items are missing or open and none fails", Form::Truth, WORD),
            made("failing", "超标项目", "items that fail", Form::List, WORD),
            made("undecided", "无法判定的项目", "items that are open", Form::List, WORD),
            made("missing", "未监测的项目", "items not measured", Form::List, WORD),
            EVIDENCE,
        ],
    },
    run: |a| {
        let rules = Rules::latest(standards(a)).map_err(first)?;
        let source = water::drinking(&rules, water(a), &readings(a, "values")?)?;
        let answer = match source.passes {
            Some(passes) => Answer::default().and("passes", passes),
            None => Answer::default().without("passes"),
        };
        Ok(answer
            .and("failing", json!(source.failing))
            .and("undecided", json!(source.undecided))
            .and("missing", json!(source.missing))
            .and("evidence", rules.evidence().word()))
    },
};
