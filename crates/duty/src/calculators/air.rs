//! Formulas of ambient air by name: individual indices, the index of a day and an hour, ozone over
//! eight hours, statistics, and the treatment of organic gas.

use liangshan_vocab::quantity::{Measure, measure};
use liangshan_vocab::spec::{Form, POSITIVE, RATIO, Reach, SHARE, Source, Spec, given, made, number, number_out, numbers};
use liangshan_vocab::{Answer, Arguments, Calculator, Evidence, Problem, nearest, text, words};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::{Map, Value, json};

use super::arguments::{EVIDENCE, day, decimal, exact, float, whole};
use super::at_hand::air_rules;
use crate::air::index::{Index, Pollutants, judged};
use crate::air::ozone;
use crate::air::profile::{Indicator, Profile};
use crate::air::statistics::{Part, composite_index as sum_of_parts, good_day_pct, reaches};
use crate::air::voc::{Duty, Facility, folded, removal};
use crate::air::{Item, Micro, Rules};

/// All of them.
pub(crate) const ALL: &[&Calculator] = &[
    &Calculator { spec: &AQI_DAILY, run: |a| aqi(a, |p| &p.daily) },
    &Calculator { spec: &AQI_HOURLY, run: |a| aqi(a, |p| &p.hourly) },
    &Calculator { spec: &COMPOSITE_INDEX, run: composite_index },
    &Calculator { spec: &GOOD_DAY_RATIO, run: good_day_ratio },
    &Calculator { spec: &IAQI, run: iaqi },
    &Calculator { spec: &O3_MDA8, run: o3_mda8 },
    &Calculator { spec: &PERCENTILE, run: percentile },
    &Calculator { spec: &VOC_FACILITY, run: voc_facility },
];

const WORD: Measure = measure("word", "1");
const COUNT: Measure = measure("count", "1");
const INDEX: Measure = measure("index", "1");
const PERCENT: Measure = measure("ratio", "%");
const GAS: Measure = measure("concentration", "ug/m3");
const NMHC: Measure = measure("concentration", "mg/m3");
const FLOW: Measure = measure("flow", "m3/h");
const LOAD: Measure = measure("load", "kg/h");

const PROFILE: liangshan_vocab::Input =
    given("profile", "版本：2012、cnemc-realtime、2026-transition、2026-final", "edition: 2012, cnemc-realtime, 2026-transition, 2026-final", Form::Text, WORD);
const HJ633: Source = Source { work: "HJ 633-2012, HJ 633-2026", at: "分指数公式与分界点表；指数进位取整，不足不报" };

const AQI_IN: &[liangshan_vocab::Input] = &[
    PROFILE,
    given(
        "values",
        "各项浓度，键如 PM25_24h、O3_8h、CO_1h；CO 为 mg/m³，其余 μg/m³；低于检出限写 \"<3\"",
        "concentrations by item, such as PM25_24h, O3_8h, CO_1h; CO in mg/m³, all others in μg/m³; \"<3\" below a detection limit",
        Form::Object,
        GAS,
    ),
    given(
        "exempt",
        "缺而不碍的污染物：监测方案之外，且三年内未作轻度及以上污染日的首要污染物（HJ 633-2026 第 5.3 条）",
        "pollutants that are not missed: outside the plan, and no primary pollutant of a polluted day in three years (HJ 633-2026, 5.3)",
        Form::List,
        WORD,
    )
    .optional(),
];

const AQI_OUT: &[liangshan_vocab::Output] = &[
    made("iaqi", "各项分指数", "individual indices", Form::Named, INDEX),
    number_out("AQI", "空气质量指数", "air quality index", INDEX),
    number_out("level", "级别（1 最好）", "level, 1 is the best", INDEX),
    made("primary", "首要污染物（AQI 大于 50）", "primary pollutants, of an index above 50", Form::List, WORD),
    made("exceeding", "超标污染物；2026 版不再报告", "exceeding pollutants; no longer reported in 2026", Form::List, WORD),
    made("category", "类别与颜色", "words and colour of the level", Form::Object, WORD),
    EVIDENCE,
];

const AQI_DAILY: Spec = Spec {
    id: "air.aqi_daily",
    title: text("空气质量日指数", "air quality index of a day"),
    source: HJ633,
    reach: Reach::Whole,
    inputs: AQI_IN,
    outputs: AQI_OUT,
};
const AQI_HOURLY: Spec = Spec {
    id: "air.aqi_hourly",
    title: text("空气质量小时指数", "air quality index of an hour"),
    source: HJ633,
    reach: Reach::Whole,
    inputs: AQI_IN,
    outputs: AQI_OUT,
};

fn aqi(a: &Arguments, list: fn(&Profile) -> &Vec<Indicator>) -> Result<Answer, Problem> {
    let rules = air_rules(a);
    let profile = rules.profile(a.text("profile"))?;
    let indicators = list(profile);
    if indicators.is_empty() {
        return Err(Problem::error("air.no_index", words!("版本 {} 没有这种指数", "the edition {} has no such index", profile.id)).key("profile"));
    }
    let empty = Map::new();
    let given = a.value("values").and_then(Value::as_object).unwrap_or(&empty);
    let mut concentrations = vec![None; indicators.len()];
    let (mut idle, mut below) = (Vec::new(), Vec::new());
    for (key, value) in given {
        let item = item(rules, key)?;
        let Some(place) = indicators.iter().position(|i| i.item == item) else {
            idle.push(key.as_str());
            continue;
        };
        let c = match value {
            Value::Null => None,
            Value::String(written) => {
                below.push(key.as_str());
                let limit = written.trim().strip_prefix(['<', '＜']).and_then(|l| l.trim().parse::<f64>().ok()).ok_or_else(|| not_written(key, value))?;
                Some(limit * f64::from(profile.validity.non_detect_pct) / 100.0)
            }
            value => Some(value.as_f64().ok_or_else(|| not_written(key, value))?),
        };
        concentrations[place] = c.map(|c| concentration(c, profile, item, key)).transpose()?;
    }
    let exempt = exempt(a, rules, profile)?;
    let index = Index::of(indicators, profile.steps, exempt, concentrations);
    let answer = answer(&index, indicators, profile, rules, given, &idle);
    Ok(if below.is_empty() { answer } else { answer.warn(non_detects(&below.join(", "), profile)) })
}

fn exempt(a: &Arguments, rules: &Rules, profile: &Profile) -> Result<Pollutants, Problem> {
    let known = |name: &Value| name.as_str().and_then(|n| rules.pollutant(n));
    let unknown = |name: &Value| {
        Problem::error("air.unknown_item", words!("没有名为“{name}”的污染物", "there is no pollutant \"{name}\""))
            .key("exempt")
            .expect(text("如 CO、SO2", "such as CO, SO2"))
    };
    let named = a.records("exempt");
    if !named.is_empty() && profile.exempt_years.is_none() {
        return Err(Problem::error("air.no_exemption", words!("版本 {} 没有缺项豁免", "the edition {} excuses no missing pollutant", profile.id))
            .key("exempt")
            .fix(text("去掉 exempt", "leave exempt out")));
    }
    named.iter().try_fold(Pollutants::default(), |set, name| known(name).map(|p| set.with(p)).ok_or_else(|| unknown(name)))
}

fn not_written(key: &str, value: &Value) -> Problem {
    Problem::error("air.concentration", words!("“{key}”的值 {value} 不可评价", "the value {value} of \"{key}\" cannot be judged"))
        .key(key)
        .expect(text("数值，或 \"<3\"；未测为 null", "a number, or \"<3\"; null for not measured"))
}

fn non_detects(keys: &str, profile: &Profile) -> Problem {
    let pct = profile.validity.non_detect_pct;
    Problem::note(
        "air.non_detects",
        words!("{keys} 低于检出限，按检出限的 {pct} % 计入（未核实）", "{keys} below the detection limit count for {pct} % of it (unverified)"),
    )
    .key(keys)
    .fix(text("给出实测值，或核对检出限是否远低于限值", "give what was measured, or see that the detection limit lies far below the limits"))
}

fn answer(index: &Index, indicators: &[Indicator], profile: &Profile, rules: &Rules, given: &Map<String, Value>, idle: &[&str]) -> Answer {
    let key = |place: usize| rules.key(indicators[place].item);
    let mut iaqi = Map::new();
    for name in given.keys() {
        if let Some(place) = rules.item(name).and_then(|item| indicators.iter().position(|i| i.item == item)) {
            iaqi.insert(name.clone(), index.part(place).map_or(Value::Null, Value::from));
        }
    }
    let mut answer = Answer::default().and("iaqi", iaqi).and("evidence", profile.evidence.word());
    answer = match index.aqi {
        Some(aqi) => {
            let level = profile.level(aqi);
            let [r, g, b] = level.rgb;
            let category = json!({ "zh": level.title.zh, "en": level.title.en, "colour": format!("#{r:02x}{g:02x}{b:02x}") });
            answer.and("AQI", aqi).and("level", level.level).and("category", category)
        }
        None => answer.without("AQI").without("level").without("category"),
    };
    answer = answer.and("primary", index.primary().map(key).collect::<Vec<_>>());
    answer = if profile.names_exceeding { answer.and("exceeding", index.exceeding().map(key).collect::<Vec<_>>()) } else { answer.without("exceeding") };
    let missing: Vec<&str> = index.missing(indicators).into_iter().map(|p| rules.named(p).symbol.as_str()).collect();
    if !missing.is_empty() {
        answer = answer.warn(lacking(&missing.join(", "), index));
    }
    if !idle.is_empty() {
        let idle = idle.join(", ");
        answer = answer.warn(
            Problem::note("air.no_part", words!("{idle} 在该版本中不参与", "{idle} take no part in this edition"))
                .key(idle)
                .fix(text("无须处理", "nothing to do")),
        );
    }
    answer
}

fn lacking(missing: &str, index: &Index) -> Problem {
    let (zh, en) = match (index.aqi, index.largest) {
        (None, Some(_)) => ("指数不超过 100，不发布", "the index is 100 or less and is not published"),
        (None, None) => ("没有指数", "there is no index"),
        _ => ("指数由其余项目得出", "the index rests on the others"),
    };
    Problem::warning("air.items_missing", words!("缺少 {missing}：{zh}", "{missing} are missing: {en}"))
        .key(missing)
        .fix(text("补齐缺测项目", "bring the missing items"))
}

fn item(rules: &Rules, key: &str) -> Result<Item, Problem> {
    rules.item(key).ok_or_else(|| {
        let known: Vec<String> = rules.profiles.iter().flat_map(|p| p.daily.iter().chain(&p.hourly)).map(|i| rules.key(i.item)).collect();
        Problem::error("air.unknown_item", words!("没有名为“{key}”的空气监测项目", "there is no air item \"{key}\"")).key(key).fix_near(
            nearest(key, known.iter().map(String::as_str)),
            text("键为污染物加平均时间，如 PM25_24h", "a key is pollutant and averaging time, such as PM25_24h"),
        )
    })
}

/// A concentration as the profile judges it.
fn concentration(c: f64, profile: &Profile, item: Item, key: &str) -> Result<Micro, Problem> {
    Ok(judged(profile, item.pollutant, micro(c, key)?))
}

pub(super) fn micro(c: f64, key: &str) -> Result<Micro, Problem> {
    Micro::of_number(c).ok_or_else(|| {
        let most = Micro::MOST;
        Problem::error("air.concentration", words!("“{key}”的浓度 {c} 不可能", "the concentration {c} of \"{key}\" cannot be"))
            .key(key)
            .expect(words!("0 至 {most}", "0 to {most}"))
            .fix(text("核对单位：CO 为 mg/m³，其余为 μg/m³", "look at the unit: CO is in mg/m³, all others in μg/m³"))
    })
}

const IAQI: Spec = Spec {
    id: "air.iaqi",
    title: text("空气质量分指数", "individual air quality indices of one item"),
    source: HJ633,
    reach: Reach::Whole,
    inputs: &[
        given("item", "项目，如 PM25_24h", "item, such as PM25_24h", Form::Text, WORD),
        PROFILE,
        given("values", "浓度", "concentrations", Form::Series, GAS),
    ],
    outputs: &[made("iaqi", "分指数；空值表示该项不出分指数", "individual indices; null where the item says nothing", Form::Series, INDEX), EVIDENCE],
};

fn iaqi(a: &Arguments) -> Result<Answer, Problem> {
    let rules = air_rules(a);
    let profile = rules.profile(a.text("profile"))?;
    let item = item(rules, a.text("item"))?;
    let scale = profile.scale(item).ok_or_else(|| {
        let id = &profile.id;
        Problem::error("air.no_scale", words!("版本 {id} 没有该项目的分指数", "the edition {id} has no individual index of this item")).key(a.text("item"))
    })?;
    let index = |c: Option<f64>| c.map(|c| concentration(c, profile, item, "values").map(|c| scale.iaqi(c))).transpose().map(Option::flatten);
    let all = a.series("values").into_iter().map(index).collect::<Result<Vec<_>, Problem>>()?;
    Ok(Answer::default().and("iaqi", all).and("evidence", profile.evidence.word()))
}

const O3_MDA8: Spec = Spec {
    id: "air.o3_mda8",
    title: text("臭氧日最大 8 小时滑动平均", "largest eight-hour mean of ozone in a day"),
    source: Source {
        work: "HJ 663; GB 3095-2026", at: "表 4（每 8 小时至少 6 小时）；至少 14 个有效窗口，超限者除外（后者未读原文）"
    },
    reach: Reach::Whole,
    inputs: &[
        given("values", "1 至 24 时的小时浓度", "hourly concentrations of the hours 1 to 24", Form::Series, GAS),
        number("limit", "8 小时限值", "limit of eight hours", GAS, POSITIVE),
        given(
            "on",
            "监测日，选定版本的有效性规定；不给时取最后的版本",
            "the day, whose edition says what is valid; the last one when left out",
            Form::Text,
            WORD,
        )
        .optional(),
    ],
    outputs: &[
        number_out("valid_windows", "有效窗口数", "valid windows", COUNT),
        number_out("mda8", "最大 8 小时平均", "largest mean of eight hours", GAS),
        number_out("end_hour", "该窗口的末时（相等时取最早）", "hour at which its window ends, the first of equal ones", COUNT),
        made("day_valid", "当天是否有效", "whether the day is valid", Form::Truth, WORD),
        made("exceeds", "是否超限", "whether the limit is exceeded", Form::Truth, WORD),
        EVIDENCE,
    ],
};

fn o3_mda8(a: &Arguments) -> Result<Answer, Problem> {
    let values = a.series("values").into_iter().map(|c| c.map(|c| micro(c, "values")).transpose()).collect::<Result<Vec<_>, Problem>>()?;
    let count = values.len();
    let hours: [Option<Micro>; 24] = values.try_into().map_err(|_| {
        Problem::error("air.hours", words!("给出了 {count} 个小时", "{count} hours are given"))
            .key("values")
            .expect(text("24 个，缺测为空值", "24, null where missing"))
    })?;
    let rules = air_rules(a);
    let profile = if a.has("on") { rules.on(day(a.value("on"), "on")?)? } else { rules.latest()? };
    let validity = profile.validity;
    let (limit, ozone) = (micro(a.number("limit"), "limit")?, ozone::day(&hours, validity.window_hours));
    let largest = ozone.largest.map(|(c, _)| c);
    let answer = Answer::default()
        .and("valid_windows", ozone.valid_windows)
        .and("day_valid", ozone.counts(validity.day_windows, largest, limit))
        .and("exceeds", largest.is_some_and(|c| c > limit))
        .and("evidence", Evidence::Unverified.word());
    Ok(match ozone.largest {
        Some((c, end)) => answer.and("mda8", c.number()).and("end_hour", end),
        None => answer.without("mda8").without("end_hour"),
    })
}

const PERCENTILE: Spec = Spec {
    id: "air.percentile",
    title: text("百分位数与均值", "percentiles and mean"),
    source: Source { work: "HJ 663-2013", at: "附录：k = 1 + (n − 1)·p，相邻两值间内插（原文未读）" },
    reach: Reach::Whole,
    inputs: &[
        given("values", "数值；空值不计", "values; null ones are left out", Form::Series, GAS),
        numbers("p", "百分位", "percentiles", PERCENT, (0.0, 100.0)),
    ],
    outputs: &[made("result", "各百分位数", "percentiles", Form::Numbers, GAS), number_out("mean", "均值", "mean", GAS), EVIDENCE],
};

fn percentile(a: &Arguments) -> Result<Answer, Problem> {
    let mut values = a.series("values").into_iter().flatten().map(|v| exact(v, "values")).collect::<Result<Vec<_>, Problem>>()?;
    values.sort_unstable();
    let beyond = || Problem::error("calc.range", text("没有数值，或数值过大", "there are no values, or too large ones")).key("values");
    let total = values.iter().try_fold(Decimal::ZERO, |sum, v| sum.checked_add(*v)).ok_or_else(beyond)?;
    let mean = total.checked_div(Decimal::from(values.len())).ok_or_else(beyond)?;
    let at = |p: f64| -> Result<f64, Problem> {
        let k = Decimal::from(values.len() - 1) * exact(p, "p")? / Decimal::ONE_HUNDRED;
        let below = k.trunc().to_usize().unwrap_or_default();
        let low = values[below];
        let high = values.get(below + 1).copied().unwrap_or(low);
        (high - low).checked_mul(k.fract()).and_then(|part| low.checked_add(part)).map(float).ok_or_else(beyond)
    };
    let result = a.numbers("p").into_iter().map(at).collect::<Result<Vec<_>, Problem>>()?;
    Ok(Answer::default().and("result", result).and("mean", float(mean)).and("evidence", Evidence::Unverified.word()))
}

const COMPOSITE_INDEX: Spec = Spec {
    id: "air.composite_index",
    title: text("环境空气质量综合指数与达标", "composite index and attainment"),
    source: Source { work: "HJ 663; 城市环境空气质量排名技术规定", at: "各项浓度与二级限值之比求和（第二手）" },
    reach: Reach::Whole,
    inputs: &[
        given("values", "统计值：SO2、NO2、PM10、PM25、CO95、O3_90", "statistics: SO2, NO2, PM10, PM25, CO95, O3_90", Form::Named, GAS),
        given("limits", "限值，键同上", "limits under the same names", Form::Named, GAS),
        given("weights", "权重，缺省各为 1", "weights, all 1 when left out", Form::Named, RATIO).optional(),
    ],
    outputs: &[
        number_out("index", "综合指数", "composite index", INDEX),
        made("failing", "未达标项目", "statistics above their limit", Form::List, WORD),
        made("attains", "是否全部达标", "whether all attain", Form::Truth, WORD),
        EVIDENCE,
    ],
};

fn composite_index(a: &Arguments) -> Result<Answer, Problem> {
    let (values, limits, weights) = (a.named("values"), a.named("limits"), a.named("weights"));
    let of = |list: &[(&str, f64)], key: &str| list.iter().find(|(k, _)| *k == key).map(|(_, v)| *v);
    let lonely = |key: &str| Problem::error("air.no_limit", words!("“{key}”没有成对的统计值与限值", "\"{key}\" has no pair of statistic and limit")).key(key);
    if let Some((key, _)) = limits.iter().chain(&weights).find(|(key, _)| of(&values, key).is_none()) {
        return Err(lonely(key));
    }
    let mut parts = Vec::new();
    let mut failing = Vec::new();
    for (key, value) in &values {
        let limit = of(&limits, key).filter(|l| *l > 0.0).ok_or_else(|| lonely(key))?;
        if *value > limit {
            failing.push(*key);
        }
        parts.push(Part { value: *value, limit, weight: of(&weights, key).unwrap_or(1.0) });
    }
    if parts.is_empty() {
        return Err(lonely("values"));
    }
    // Weights were seen in a third party's code only; the plain sum in a fixture of the text.
    let evidence = if a.has("weights") { Evidence::Unverified } else { Evidence::Partial };
    Ok(Answer::number("index", sum_of_parts(&parts)).and("attains", failing.is_empty()).and("failing", failing).and("evidence", evidence.word()))
}

const GOOD_DAY_RATIO: Spec = Spec {
    id: "air.good_day_ratio",
    title: text("优良天数比例", "share of good days"),
    source: Source { work: "HJ 663", at: "AQI 不大于 100 的天数占有效天数" },
    reach: Reach::Whole,
    inputs: &[
        number("good_days", "优良天数", "good days", COUNT, (0.0, 1e6)),
        number("valid_days", "有效天数", "valid days", COUNT, (0.0, 1e6)),
        number("target_pct", "目标", "target", PERCENT, (0.0, 100.0)),
    ],
    outputs: &[
        number_out("ratio_pct", "优良率", "share of good days", PERCENT),
        made("attain", "是否达到目标", "whether the target is reached", Form::Truth, WORD),
    ],
};

fn good_day_ratio(a: &Arguments) -> Result<Answer, Problem> {
    let (good, valid) = (whole(a, "good_days")?, whole(a, "valid_days")?);
    if good > valid {
        return Err(
            Problem::error("air.days", words!("优良 {good} 天多于有效 {valid} 天", "{good} good days are more than {valid} valid ones")).key("good_days")
        );
    }
    let answer = Answer::default().and("attain", reaches(good, valid, micro(a.number("target_pct"), "target_pct")?));
    Ok(match good_day_pct(good, valid) {
        Some(pct) => answer.and("ratio_pct", pct),
        None => answer.without("ratio_pct"),
    })
}

const VOC_FACILITY: Spec = Spec {
    id: "air.voc_facility",
    title: text("挥发性有机物治理设施", "treatment facility for volatile organic compounds"),
    source: Source { work: "GB 37822-2019", at: "10.3.2（NMHC 初始排放速率与处理效率）、10.3.3（折算）" },
    reach: Reach::Whole,
    inputs: &[
        number("Cin", "进口 NMHC 浓度", "NMHC before the facility", NMHC, POSITIVE),
        number("Qin", "进口风量", "flow before it", FLOW, POSITIVE),
        number("Cout", "出口 NMHC 浓度", "NMHC behind it", NMHC, POSITIVE),
        number("Qout", "出口风量", "flow behind it", FLOW, POSITIVE),
        number("o2_measured", "实测含氧量", "oxygen measured", PERCENT, (0.0, 21.0)).optional(),
        number("o2_base", "基准含氧量", "oxygen of the standard", PERCENT, (0.0, 21.0)).optional(),
        number("trigger_kg_h", "须配备设施的速率", "load from which a facility is required", LOAD, POSITIVE),
        number("eta_min", "最低处理效率", "least removal", RATIO, SHARE),
    ],
    outputs: &[
        number_out("Gin_kg_h", "进口速率", "load before it", LOAD),
        number_out("Gout_kg_h", "出口速率", "load behind it", LOAD),
        number_out("eta", "处理效率", "removal", RATIO),
        made("required", "是否须配备", "whether a facility is required", Form::Truth, WORD),
        made("pass", "是否合规", "whether it passes", Form::Truth, WORD),
        number_out("folded_mg_m3", "折算浓度", "concentration at the standard's oxygen", NMHC),
    ],
};

fn voc_facility(a: &Arguments) -> Result<Answer, Problem> {
    let facility = Facility { c_in: decimal(a, "Cin")?, q_in: decimal(a, "Qin")?, c_out: decimal(a, "Cout")?, q_out: decimal(a, "Qout")? };
    let duty = Duty { trigger_kg_h: decimal(a, "trigger_kg_h")?, eta_min: decimal(a, "eta_min")? };
    let beyond = || Problem::error("calc.range", text("浓度与风量的乘积过大", "the product of concentration and flow is too large")).key("Cin");
    let found = removal(facility, duty).ok_or_else(beyond)?;
    let answer = Answer::number("Gin_kg_h", float(found.g_in)).and("Gout_kg_h", float(found.g_out)).and("required", found.required).and("pass", found.pass);
    let answer = match found.eta {
        Some(eta) => answer.and("eta", float(eta)),
        None => answer.without("eta"),
    };
    if !a.has("o2_measured") || !a.has("o2_base") {
        return Ok(answer.without("folded_mg_m3"));
    }
    Ok(match folded(facility.c_out, decimal(a, "o2_measured")?, decimal(a, "o2_base")?) {
        Some(c) => answer.and("folded_mg_m3", float(c)),
        None => answer.without("folded_mg_m3").warn(
            Problem::warning("air.oxygen", text("含氧量不低于空气，无法折算", "the gas has as much oxygen as air and cannot be converted"))
                .key("o2_measured")
                .fix(text("核对含氧量仪器", "look at the oxygen sensor")),
        ),
    })
}
