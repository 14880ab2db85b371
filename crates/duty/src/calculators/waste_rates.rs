//! Formulas of stores, industrial, agricultural and household waste by name.

use liangshan_vocab::quantity::{Measure, measure};
use liangshan_vocab::spec::{Form, POSITIVE, RATIO, Reach, SHARE, Source, given, made, number, number_out};
use liangshan_vocab::{Answer, Calculator, Evidence, Input, Problem, Spec, text, words};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::arguments::{EVIDENCE, amount, decimal, float};
use super::at_hand::standards;
use crate::waste::band::{Band, per_product};
use crate::waste::household::{Basis, Collected, Sort};
use crate::waste::incompatible::{Stored, clashes};
use crate::waste::rates::{Spoil, capacity_gap_t, industrial_use_pct, manure_t, pigs_allowed, share_pct};

/// All of them.
pub(crate) const ALL: &[&Calculator] = &[
    &INCOMPATIBLE,
    &PRODUCTION_BAND,
    &INDUSTRIAL_USE_RATE,
    &CAPACITY_GAP,
    &CONSTRUCTION_BALANCE,
    &MANURE_GENERATED,
    &AGRICULTURAL_RATES,
    &CARRYING_CAPACITY,
    &HOUSEHOLD_RATES,
];

const WORD: Measure = measure("word", "1");
const TONNES: Measure = measure("waste", "t");
const PERCENT: Measure = measure("ratio", "%");
const COUNT: Measure = measure("count", "1");

fn unverified(answer: Answer) -> Answer {
    answer.and("evidence", Evidence::Unverified.word())
}

/// An output that has no value where its whole is zero, or was not given.
fn maybe(answer: Answer, name: &'static str, value: Option<Decimal>) -> Answer {
    match value {
        Some(value) => answer.and(name, float(value)),
        None => answer.without(name),
    }
}

static INCOMPATIBLE: Calculator = Calculator {
    spec: &Spec {
        id: "waste.incompatible",
        title: text("同区贮存的不相容危险废物", "classes of hazardous waste in one area that may not stand together"),
        source: Source {
            work: "危险废物贮存：不相容类别分区（GB 18597-2023 未读到）", at: "规则表 incompatible，未核实，可由地方覆盖"
        },
        reach: Reach::Whole,
        inputs: &[given("stored", "在库：area、code（HW34 或 900-300-34）", "what is stored: area, code (HW34 or 900-300-34)", Form::Records, WORD)],
        outputs: &[
            made("clashes", "每对：area、classes、why_zh、why_en", "each pair: area, classes, why_zh, why_en", Form::Records, WORD),
            made("event", "是否成为事件", "whether it is an event", Form::Truth, WORD),
            EVIDENCE,
        ],
    },
    run: |a| {
        let word = |row: &'_ Value, key: &str| row.get(key).and_then(Value::as_str).filter(|w| !w.is_empty()).map(str::to_owned);
        let rows = a.records("stored").iter().map(|row| word(row, "area").zip(word(row, "code")));
        let rows: Vec<(String, String)> = rows.collect::<Option<_>>().ok_or_else(|| {
            Problem::error("calc.form", text("在库记录缺少 area 或 code", "a record lacks area or code")).key("stored").expect(words!(
                "{0}",
                "{0}",
                r#"{"area": …, "code": …}"#
            ))
        })?;
        let stored: Vec<Stored<'_>> = rows.iter().map(|(area, code)| Stored { area, code }).collect();
        let found = clashes(standards(a).latest("waste", "rules")?, &stored)?;
        let told: Vec<Value> =
            found.iter().map(|c| json!({ "area": c.area, "classes": [c.classes.0, c.classes.1], "why_zh": c.why_zh, "why_en": c.why_en })).collect();
        Ok(unverified(Answer::default().and("event", !told.is_empty()).and("clashes", told)))
    },
};

static PRODUCTION_BAND: Calculator = Calculator {
    spec: &Spec {
        id: "waste.production_band",
        title: text("单位产品产生量是否在正常区间", "waste per product against what was usual"),
        source: Source {
            work: "危险废物物料平衡的产量核对（设计）", at: "12 个月均值 ± 3 倍标准差（样本）；月数与倍数在规则中"
        },
        reach: Reach::Whole,
        inputs: &[
            given("months", "之前各月：waste（t）、product", "months before: waste in t, product", Form::Records, TONNES),
            number("waste", "本月产生量", "waste of this month", TONNES, POSITIVE),
            number("product", "本月产量", "product of this month", measure("product", "1"), POSITIVE),
        ],
        outputs: &[
            number_out("per_product", "单位产品产生量", "waste per product", TONNES),
            number_out("mean", "均值", "mean", TONNES),
            number_out("deviation", "标准差", "standard deviation", TONNES),
            number_out("lower", "下限，不小于 0", "lower end, zero at least", TONNES),
            number_out("upper", "上限", "upper end", TONNES),
            made("within", "是否在区间内", "whether it lies within", Form::Truth, WORD),
            EVIDENCE,
        ],
    },
    run: |a| {
        let rules = standards(a).latest("waste", "rules")?;
        let month = |row: &Value| Ok((float(amount(row, "waste", "months")?), float(amount(row, "product", "months")?)));
        let months = a.records("months").iter().map(month).collect::<Result<Vec<_>, Problem>>()?;
        let needed = crate::waste::rules::whole(rules, "band_months")? as usize;
        let band = Band::of(&months, needed, rules.value("band_deviations")?)?;
        let now = per_product((a.number("waste"), a.number("product")))?;
        let answer = Answer::number("per_product", now).and("mean", band.mean).and("deviation", band.deviation);
        Ok(unverified(answer.and("lower", band.lower).and("upper", band.upper).and("within", band.holds(now))))
    },
};

static INDUSTRIAL_USE_RATE: Calculator = Calculator {
    spec: &Spec {
        id: "waste.industrial_use_rate",
        title: text("一般工业固体废物综合利用率", "comprehensive use rate of general industrial solid waste"),
        source: Source {
            work: "一般工业固体废物统计（未核实）", at: "综合利用量（含往年贮存）/（产生量 + 利用的往年贮存量）"
        },
        reach: Reach::Whole,
        inputs: &[
            number("used_t", "利用当年产生的", "used of this year's", TONNES, POSITIVE),
            number("past_used_t", "利用往年贮存的", "used of past storage", TONNES, POSITIVE),
            number("generated_t", "产生量", "generated", TONNES, POSITIVE),
        ],
        outputs: &[number_out("rate_pct", "综合利用率；没有产生时为 null", "use rate; null where there was none", PERCENT), EVIDENCE],
    },
    run: |a| {
        let rate = industrial_use_pct(decimal(a, "used_t")?, decimal(a, "past_used_t")?, decimal(a, "generated_t")?);
        Ok(unverified(maybe(Answer::default(), "rate_pct", rate)))
    },
};

static CAPACITY_GAP: Calculator = Calculator {
    spec: &Spec {
        id: "waste.capacity_gap",
        title: text("处置能力缺口", "capacity that lacks for a kind of waste"),
        source: Source {
            work: "衢州“两山”规划：与之相匹配的处置能力", at: "预测产生量 − 核准能力 × 可用率；大于 0 为红"
        },
        reach: Reach::Whole,
        inputs: &[given(
            "kinds",
            "各类各年：kind、year、forecast_t、licensed_t、availability",
            "kinds and years: kind, year, forecast_t, licensed_t, availability",
            Form::Records,
            measure("waste", "t/a"),
        )],
        outputs: &[
            made(
                "gaps",
                "各类各年：kind、year、gap_t、lamp（red、green）",
                "each: kind, year, gap_t, lamp (red, green)",
                Form::Records,
                measure("waste", "t/a"),
            ),
            number_out("red", "缺口的个数", "how many are red", COUNT),
        ],
    },
    run: |a| {
        let mut red = 0;
        let mut gaps = Vec::new();
        for row in a.records("kinds") {
            let of = |key: &str| amount(row, key, "kinds");
            let gap = capacity_gap_t(of("forecast_t")?, of("licensed_t")?, of("availability")?)?;
            let lacks = gap > Decimal::ZERO;
            red += u32::from(lacks);
            gaps.push(json!({ "kind": row.get("kind"), "year": row.get("year"), "gap_t": float(gap), "lamp": if lacks { "red" } else { "green" } }));
        }
        Ok(Answer::default().and("gaps", gaps).and("red", red))
    },
};

static CONSTRUCTION_BALANCE: Calculator = Calculator {
    spec: &Spec {
        id: "waste.construction_balance",
        title: text("建筑垃圾平衡", "balance of construction waste"),
        source: Source { work: "建筑垃圾全过程管理（设计）", at: "开挖 = 回填 + 外运 + 资源化；容差须给出" },
        reach: Reach::Whole,
        inputs: &[
            number("dug_t", "开挖", "dug", TONNES, POSITIVE),
            number("filled_t", "回填", "filled on site", TONNES, POSITIVE),
            number("transported_t", "外运（消纳场过磅）", "carried off, by the yard's weighbridge", TONNES, POSITIVE),
            number("recycled_t", "资源化", "recycled", TONNES, POSITIVE),
            number("tolerance_share", "容差（占开挖量）", "tolerance as a share of what was dug", RATIO, SHARE),
        ],
        outputs: &[number_out("residual_t", "差额", "not accounted for", TONNES), made("alarm", "是否报警", "alarm", Form::Truth, WORD)],
    },
    run: |a| {
        let [dug_t, filled_t, transported_t, recycled_t] =
            [decimal(a, "dug_t")?, decimal(a, "filled_t")?, decimal(a, "transported_t")?, decimal(a, "recycled_t")?];
        let spoil = Spoil { dug_t, filled_t, transported_t, recycled_t };
        let allowed = dug_t.checked_mul(decimal(a, "tolerance_share")?);
        let (Some(residual), Some(allowed)) = (spoil.residual_t(), allowed) else { return Err(too_large("dug_t")) };
        Ok(Answer::number("residual_t", float(residual)).and("alarm", residual.abs() > allowed))
    },
};

fn too_large(name: &'static str) -> Problem {
    Problem::error("waste.too_large", words!("“{name}”的数位超出可精确计算的范围", "\"{name}\" has more digits than can be computed exactly")).key(name)
}

static MANURE_GENERATED: Calculator = Calculator {
    spec: &Spec {
        id: "waste.manure_generated",
        title: text("畜禽粪污产生量", "manure of a year"),
        source: Source { work: "农业废弃物：存栏 × 天数 × 系数", at: "系数表须给出" },
        reach: Reach::Whole,
        inputs: &[given(
            "herds",
            "各畜种：heads、days、kg_per_head_day",
            "kinds of livestock: heads, days, kg_per_head_day",
            Form::Records,
            measure("manure", "kg"),
        )],
        outputs: &[number_out("generated_t", "产生量", "generated", TONNES), EVIDENCE],
    },
    run: |a| {
        let herd = |row: &Value| Ok((amount(row, "heads", "herds")?, amount(row, "days", "herds")?, amount(row, "kg_per_head_day", "herds")?));
        let herds = a.records("herds").iter().map(herd).collect::<Result<Vec<_>, Problem>>()?;
        let generated = manure_t(&herds).ok_or_else(|| too_large("herds"))?;
        Ok(unverified(Answer::number("generated_t", float(generated))))
    },
};

const fn tonnes(name: &'static str, zh: &'static str, en: &'static str) -> Input {
    number(name, zh, en, TONNES, POSITIVE).optional()
}

static AGRICULTURAL_RATES: Calculator = Calculator {
    spec: &Spec {
        id: "waste.agricultural_rates",
        title: text("农业废弃物利用与回收率", "rates of use and recovery of agricultural waste"),
        source: Source {
            work: "农业废弃物利用处置管理和回收体系（衢州“两山”规划）", at: "粪污、农药包装、农膜、秸秆；未给出的为 null"
        },
        reach: Reach::Whole,
        inputs: &[
            tonnes("manure_generated_t", "粪污产生", "manure generated"),
            tonnes("manure_biogas_t", "粪污制沼", "manure to biogas"),
            tonnes("manure_fertiliser_t", "粪污制肥", "manure to fertiliser"),
            tonnes("manure_field_t", "粪污合格还田", "manure to fields as it may be"),
            tonnes("packages_sold_t", "农药包装销售（据农资店记录）", "pesticide packages sold, by shops' records"),
            tonnes("packages_recovered_t", "农药包装回收", "pesticide packages recovered"),
            tonnes("packages_disposed_t", "回收包装无害化处置", "recovered packages disposed of"),
            tonnes("film_used_t", "农膜使用", "film used"),
            tonnes("film_recovered_t", "农膜回收", "film recovered"),
            tonnes("straw_collectable_t", "秸秆可收集", "straw that can be collected"),
            tonnes("straw_used_t", "秸秆利用", "straw used"),
        ],
        outputs: &[
            number_out("manure_use_pct", "粪污综合利用率", "use of manure", PERCENT),
            number_out("package_recovery_pct", "农药包装回收率", "recovery of packages", PERCENT),
            number_out("package_disposal_pct", "回收包装处置率", "disposal of what was recovered", PERCENT),
            number_out("film_recovery_pct", "农膜回收率", "recovery of film", PERCENT),
            number_out("straw_use_pct", "秸秆综合利用率", "use of straw", PERCENT),
            EVIDENCE,
        ],
    },
    run: |a| {
        // A part that is left out is not zero: then there is no rate.
        let rate = |parts: &[&str], whole: &str| -> Result<Option<Decimal>, Problem> {
            if !a.has(whole) || parts.iter().any(|part| !a.has(part)) {
                return Ok(None);
            }
            let sum = parts.iter().map(|part| decimal(a, part)).sum::<Result<Decimal, Problem>>()?;
            Ok(share_pct(sum, decimal(a, whole)?))
        };
        let manure = rate(&["manure_biogas_t", "manure_fertiliser_t", "manure_field_t"], "manure_generated_t")?;
        let answer = maybe(Answer::default(), "manure_use_pct", manure);
        let answer = maybe(answer, "package_recovery_pct", rate(&["packages_recovered_t"], "packages_sold_t")?);
        let answer = maybe(answer, "package_disposal_pct", rate(&["packages_disposed_t"], "packages_recovered_t")?);
        let answer = maybe(answer, "film_recovery_pct", rate(&["film_recovered_t"], "film_used_t")?);
        Ok(unverified(maybe(answer, "straw_use_pct", rate(&["straw_used_t"], "straw_collectable_t")?)))
    },
};

static CARRYING_CAPACITY: Calculator = Calculator {
    spec: &Spec {
        id: "waste.carrying_capacity",
        title: text("土地承载力（猪当量）", "pigs whose manure some land can take"),
        source: Source { work: "畜禽粪污土地承载力（未核实）", at: "作物养分需求 × 粪肥占比 / 每头猪当量供给量；氮或磷" },
        reach: Reach::Whole,
        inputs: &[
            number("demand_kg", "作物养分需求", "what the crops need", measure("nutrient", "kg"), POSITIVE),
            number("manure_share", "由粪肥满足的份额", "share that manure meets", RATIO, SHARE),
            number("supply_kg", "每头猪当量供给的养分", "what one pig supplies", measure("nutrient", "kg/head"), POSITIVE),
            number("pigs", "现有猪当量", "pigs there are", measure("herd", "head"), POSITIVE).optional(),
        ],
        outputs: &[
            number_out("allowed", "可承载猪当量", "pigs allowed", measure("herd", "head")),
            made("over", "是否超载；未给现有量时为 null", "whether there are more; null when not given", Form::Truth, WORD),
            EVIDENCE,
        ],
    },
    run: |a| {
        let allowed = pigs_allowed(decimal(a, "demand_kg")?, decimal(a, "manure_share")?, decimal(a, "supply_kg")?)?;
        let answer = Answer::number("allowed", float(allowed));
        Ok(unverified(match a.has("pigs") {
            true => answer.and("over", decimal(a, "pigs")? > allowed),
            false => answer.without("over"),
        }))
    },
};

static HOUSEHOLD_RATES: Calculator = Calculator {
    spec: &Spec {
        id: "waste.household_rates",
        title: text("生活垃圾处理率、回收利用率、分类覆盖与准确率", "rates of household waste: treated, reused, covered, sorted right"),
        source: Source {
            work: "衢州“两山”规划与浙江四分类（四分类未核实）", at: "处理率 = 无害化处理 / 清运；回收利用率 = (可回收 + 易腐利用) / 全部四类"
        },
        reach: Reach::Whole,
        inputs: &[
            given("collected_t", "recyclable、hazardous、perishable、other", "recyclable, hazardous, perishable, other", Form::Named, TONNES),
            number("treated_t", "无害化处理", "treated harmlessly", TONNES, POSITIVE),
            number("perishable_used_t", "易腐垃圾利用", "perishable waste that was used", TONNES, POSITIVE),
            number("communities", "村、社区总数", "villages and communities", COUNT, POSITIVE).optional(),
            number("covered", "已分类的村、社区", "those with a classified system", COUNT, POSITIVE).optional(),
            number("inspected", "检查投放次数", "drops inspected", COUNT, POSITIVE).optional(),
            number("correct", "正确投放次数", "correct drops", COUNT, POSITIVE).optional(),
        ],
        outputs: &[
            number_out("collected_t", "清运量（不含可回收物）", "collected for treatment", TONNES),
            number_out("all_four_t", "四类合计", "all four classes", TONNES),
            number_out("treatment_pct", "处理率", "treatment rate", PERCENT),
            number_out("reuse_pct", "回收利用率", "reuse rate", PERCENT),
            number_out("coverage_pct", "分类覆盖率", "coverage of sorting", PERCENT),
            number_out("accuracy_pct", "投放准确率", "accuracy of sorting", PERCENT),
            EVIDENCE,
        ],
    },
    run: |a| {
        let mut collected = Collected::default();
        for (name, t) in a.named("collected_t") {
            let sort = Sort::ALL.into_iter().find(|sort| sort.word() == name).filter(|_| t >= 0.0).ok_or_else(|| no_sort(name, t))?;
            collected.0.insert(sort, super::arguments::exact(t, name)?);
        }
        let (treatment, all) = (collected.on(Basis::CollectedForTreatment), collected.on(Basis::AllFour));
        let of = |part: &str, whole: &str| -> Result<Option<Decimal>, Problem> {
            Ok(if a.has(part) && a.has(whole) { share_pct(decimal(a, part)?, decimal(a, whole)?) } else { None })
        };
        let answer = Answer::number("collected_t", float(treatment)).and("all_four_t", float(all));
        let answer = maybe(answer, "treatment_pct", share_pct(decimal(a, "treated_t")?, treatment));
        let answer = maybe(answer, "reuse_pct", collected.reuse_pct(decimal(a, "perishable_used_t")?));
        let answer = maybe(answer, "coverage_pct", of("covered", "communities")?);
        Ok(unverified(maybe(answer, "accuracy_pct", of("correct", "inspected")?)))
    },
};

fn no_sort(name: &str, t: f64) -> Problem {
    Problem::error("waste.sort", words!("“{name}”为 {t}，不是生活垃圾的一类", "\"{name}\" is {t}, which is no class of household waste"))
        .key("collected_t")
        .expect(words!("{0}，不小于 0", "{0}, zero or more", Sort::ALL.map(Sort::word).join(" | ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(calculator: &Calculator, given: Value) -> Value {
        Value::Object(calculator.calculate(&given).unwrap_or_else(|problems| panic!("{problems:?}")).outputs)
    }

    fn refused(calculator: &Calculator, given: Value) -> String {
        calculator.calculate(&given).unwrap_err().0[0].code.to_string()
    }

    /// By hand: the functions' own numbers, asked by name.
    #[test]
    fn hazardous_and_industrial_waste_by_name() {
        let store = json!({ "stored": [{ "area": "甲", "code": "900-300-34" }, { "area": "甲", "code": "HW35" }] });
        let made = answers(&INCOMPATIBLE, store);
        assert_eq!((&made["event"], &made["clashes"][0]["classes"], &made["evidence"]), (&json!(true), &json!(["HW34", "HW35"]), &json!("unverified")));
        assert_eq!(refused(&INCOMPATIBLE, json!({ "stored": [{ "area": "甲" }] })), "calc.form");
        assert_eq!(refused(&INCOMPATIBLE, json!({ "stored": [{ "area": "甲", "code": "酸" }] })), "waste.code");
        let months: Vec<Value> = (0..12).map(|m| json!({ "waste": if m % 2 == 0 { 9 } else { 11 }, "product": 10 })).collect();
        let within = |waste: f64| answers(&PRODUCTION_BAND, json!({ "months": months.clone(), "waste": waste, "product": 10 }))["within"].clone();
        assert_eq!([within(13.1), within(13.2), within(6.8)], [json!(true), json!(false), json!(false)]);
        let rate = answers(&INDUSTRIAL_USE_RATE, json!({ "used_t": 80, "past_used_t": 20, "generated_t": 100 }));
        assert!((rate["rate_pct"].as_f64().unwrap() - 250.0 / 3.0).abs() < 1e-9);
        assert_eq!(answers(&INDUSTRIAL_USE_RATE, json!({ "used_t": 0, "past_used_t": 0, "generated_t": 0 }))["rate_pct"], Value::Null);
        let kinds = json!({ "kinds": [
            { "kind": "HW08", "year": 2027, "forecast_t": 1400, "licensed_t": 1500, "availability": 0.9 },
            { "kind": "HW34", "year": 2027, "forecast_t": 1350, "licensed_t": 1500, "availability": 0.9 },
        ] });
        let made = answers(&CAPACITY_GAP, kinds);
        assert_eq!(
            (&made["red"], &made["gaps"][0]["gap_t"], &made["gaps"][0]["lamp"], &made["gaps"][1]["lamp"]),
            (&json!(1), &json!(50.0), &json!("red"), &json!("green"))
        );
        let spoil = json!({ "dug_t": 1000, "filled_t": 300, "transported_t": 500, "recycled_t": 150, "tolerance_share": 0.05 });
        assert_eq!(answers(&CONSTRUCTION_BALANCE, spoil), json!({ "residual_t": 50.0, "alarm": false }), "at the tolerance is within");
    }

    /// By hand: 730 t; (200 + 300 + 157) / 730 = 90 %; 45 / 60 = 75 %; 40 / 45; 12 000 · 0.5 / 7.5 = 800 pigs.
    #[test]
    fn agricultural_waste_by_name() {
        let manure = answers(&MANURE_GENERATED, json!({ "herds": [{ "heads": 1000, "days": 365, "kg_per_head_day": 2 }] }));
        assert_eq!(manure["generated_t"], json!(730.0));
        let rates = answers(
            &AGRICULTURAL_RATES,
            json!({ "manure_generated_t": 730, "manure_biogas_t": 200, "manure_fertiliser_t": 300, "manure_field_t": 157,
                    "packages_sold_t": 60, "packages_recovered_t": 45, "packages_disposed_t": 36, "film_used_t": 10 }),
        );
        let made = ["manure_use_pct", "package_recovery_pct", "package_disposal_pct", "film_recovery_pct", "straw_use_pct"].map(|k| rates[k].clone());
        assert_eq!(made, [json!(90.0), json!(75.0), json!(80.0), Value::Null, Value::Null]);
        let land = json!({ "demand_kg": 12_000, "manure_share": 0.5, "supply_kg": 7.5, "pigs": 800 });
        assert_eq!(answers(&CARRYING_CAPACITY, land), json!({ "allowed": 800.0, "over": false, "evidence": "unverified" }));
    }

    /// By hand: 500 + 400 + 100 = 1000 t to be treated, 1250 in all; (250 + 375) / 1250 = 50 %.
    #[test]
    fn household_waste_by_name() {
        let year = json!({
            "collected_t": { "recyclable": 250, "perishable": 500, "other": 400, "hazardous": 100 },
            "treated_t": 1000, "perishable_used_t": 375, "communities": 40, "covered": 38,
        });
        let made = answers(&HOUSEHOLD_RATES, year);
        let numbers = ["collected_t", "all_four_t", "treatment_pct", "reuse_pct", "coverage_pct", "accuracy_pct"].map(|k| made[k].clone());
        assert_eq!(numbers, [json!(1000.0), json!(1250.0), json!(100.0), json!(50.0), json!(95.0), Value::Null]);
        assert_eq!(refused(&HOUSEHOLD_RATES, json!({ "collected_t": { "dry": 1 }, "treated_t": 1, "perishable_used_t": 0 })), "waste.sort");
    }
}
