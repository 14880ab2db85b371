//! Damage and grades whose steps lie in `rules/`: virtual treatment cost in both editions, and grades
//! of carbon efficiency.

use liangshan_accounts::linkage::efficiency_grades;
use liangshan_duty::calculators::at_hand::standards;
use liangshan_duty::standard::{Day, Standard};
use liangshan_rights::compensation::virtual_cost::{Discharge, exceed_multiple};
use liangshan_rights::compensation::{by_class_multiple, virtual_cost};
use liangshan_vocab::quantity::measure;
use liangshan_vocab::spec::{ANY, POSITIVE, RATIO, Reach, Source, given, made, number, number_out, numbers};
use liangshan_vocab::{Answer, Arguments, Calculator, Evidence, Form, Measure, Problem, Spec, text, words};
use serde_json::json;

use crate::coefficients::{class_multiples, exceed_steps, upper_ends};

pub(super) const ALL: &[&Calculator] = &[&EXCEED, &VIRTUAL_COST, &BY_CLASS, &EFFICIENCY_GRADE];

const YUAN: Measure = measure("money", "CNY");
const GUIDELINE: Source = Source { work: "GB/T 39793.2-2020", at: "虚拟治理成本法；超标系数见 rules/compensation/gbt39793-2-2020.toml" };

/// The day of the discharge, which chooses among the methods.
const ON: liangshan_vocab::Input = given(
    "on",
    "排放之日，选定当日的办法；不给时取最后的版本",
    "the day of the discharge, which chooses the method; the last one when left out",
    Form::Text,
    RATIO,
)
.optional();

const MEASURED: liangshan_vocab::Input = number("Z", "实测浓度", "measured concentration", measure("concentration", "mg/L"), POSITIVE);
const LIMIT: liangshan_vocab::Input = number("B", "排放限值，与 Z 同一单位", "limit, in the unit of Z", measure("concentration", "mg/L"), ANY);
const KAPPA: liangshan_vocab::Output = number_out("kappa", "超标倍数 κ", "multiple of exceedance κ", RATIO);
const TAU: liangshan_vocab::Output = number_out("tau", "超标系数 τ", "coefficient of exceedance τ", RATIO);
const EVIDENCE: liangshan_vocab::Output = made("evidence", "系数的核实情况", "evidence of the coefficients", Form::Text, RATIO);

/// The method of a day that has the table a formula reads.
///
/// # Errors
/// `standard.none_in_force`; `calc.date`; `compensation.other_method` where the method of that day is another.
fn method<'a>(given: &'a Arguments, table: &str) -> Result<&'a Standard, Problem> {
    let all = standards(given);
    let has = |standard: &&Standard| standard.table(table).is_ok();
    let Some(written) = given.value("on") else {
        // Without a day: the last method of this kind.
        let last = all.editions("compensation", "virtual_cost").filter(has).last();
        return last.map_or_else(|| all.latest("compensation", "virtual_cost"), Ok);
    };
    let day = written.as_str().filter(|w| w.len() == 10).and_then(Day::parse).ok_or_else(|| {
        Problem::error("calc.date", words!("“on”的 {written} 不是日期", "{written} of \"on\" is no date"))
            .key("on")
            .expect(text("形如 2026-11-25", "such as 2026-11-25"))
    })?;
    let standard = all.in_force("compensation", "virtual_cost", day)?;
    Some(standard).filter(has).ok_or_else(|| {
        Problem::error("compensation.other_method", words!("{day} 施行的是“{0}”，不是这个办法", "{day} has another method in force, {0}", standard.id))
            .key("on")
            .fix(text(
                "2021 年以前用 compensation.virtual_cost_by_class，此后用 compensation.virtual_cost",
                "compensation.virtual_cost_by_class before 2021, compensation.virtual_cost since",
            ))
    })
}

static EXCEED: Calculator = Calculator {
    spec: &Spec {
        id: "compensation.exceed_coefficient",
        title: text("超标系数", "coefficient of exceedance"),
        source: GUIDELINE,
        reach: Reach::Whole,
        inputs: &[MEASURED, LIMIT, ON],
        outputs: &[KAPPA, TAU, EVIDENCE],
    },
    run: |given| {
        let standard = method(given, "exceed")?;
        let kappa = exceed_multiple(given.number("Z"), given.number("B"))?;
        Ok(Answer::number("kappa", kappa).and("tau", exceed_steps(standard)?.tau(kappa)).and("evidence", standard.evidence.word()))
    },
};

static VIRTUAL_COST: Calculator = Calculator {
    spec: &Spec {
        id: "compensation.virtual_cost",
        title: text("虚拟治理成本法（水）", "damage by virtual treatment cost, water"),
        source: GUIDELINE,
        reach: Reach::Whole,
        inputs: &[
            number("E", "排放量，t 或 m³", "discharged quantity, t or m³", RATIO, POSITIVE),
            number("C", "单位治理成本，元每 t 或 m³", "cost of treatment, yuan per t or m³", RATIO, POSITIVE),
            number("alpha", "危害系数，须给出并注明来源", "coefficient of hazard, given with its source", RATIO, POSITIVE),
            MEASURED,
            LIMIT,
            number("omega", "环境功能系数，须给出并注明来源", "coefficient of the environment's function, given with its source", RATIO, POSITIVE),
            ON,
        ],
        outputs: &[KAPPA, TAU, number_out("gamma", "调整系数 γ = α τ ω", "γ = α τ ω", RATIO), number_out("damage_yuan", "损害数额", "damage", YUAN), EVIDENCE],
    },
    run: |given| {
        let standard = method(given, "exceed")?;
        let discharge = Discharge { quantity: given.number("E"), unit_cost: given.number("C"), alpha: given.number("alpha"), omega: given.number("omega") };
        let made = virtual_cost(&discharge, given.number("Z"), given.number("B"), &exceed_steps(standard)?)?;
        let answer = Answer::number("kappa", made.kappa).and("tau", made.tau).and("gamma", made.gamma).and("damage_yuan", made.damage_yuan);
        let answer = answer.and("evidence", standard.evidence.with(Evidence::Partial).word());
        in_range(answer, standard, "alpha", discharge.alpha).and_then(|answer| in_range(answer, standard, "omega", discharge.omega))
    },
};

/// Warns when a coefficient lies outside the range that is thought to be the standard's.
fn in_range(answer: Answer, standard: &Standard, name: &str, value: f64) -> Result<Answer, Problem> {
    let (least, greatest) = (standard.value(&format!("{name}_least"))?, standard.value(&format!("{name}_greatest"))?);
    if (least..=greatest).contains(&value) {
        return Ok(answer);
    }
    Ok(answer.warn(
        Problem::warning("compensation.coefficient_range", words!("{name} = {value} 不在通常范围内", "{name} = {value} lies outside the usual range"))
            .key(name)
            .expect(words!("{least} 至 {greatest}（未核实）", "{least} to {greatest} (unverified)"))
            .fix(words!("对照标准原表核对", "compare with the table of the standard")),
    ))
}

static BY_CLASS: Calculator = Calculator {
    spec: &Spec {
        id: "compensation.virtual_cost_by_class",
        title: text("虚拟治理成本法（2021 年以前：功能区倍数）", "damage by virtual treatment cost before 2021: multiples by class"),
        source: Source { work: "2021 年以前的做法，未核实", at: "rules/compensation/virtual-cost-multiples.toml" },
        reach: Reach::Whole,
        inputs: &[
            number("E", "排放量", "discharged quantity", RATIO, POSITIVE),
            number("C", "单位治理成本", "cost of treatment", RATIO, POSITIVE),
            given(
                "class",
                "排放处的环境功能：water_I 至 water_V，air_I 至 air_III",
                "function where it was discharged: water_I to water_V, air_I to air_III",
                Form::Text,
                RATIO,
            ),
            number("multiple", "倍数，在该类范围内选取", "multiple, chosen in the range of the class", RATIO, POSITIVE),
            ON,
        ],
        outputs: &[number_out("damage_yuan", "损害数额", "damage", YUAN), EVIDENCE],
    },
    run: |given: &Arguments| {
        let standard = method(given, "multiples")?;
        let damage = by_class_multiple(given.number("E"), given.number("C"), given.text("class"), given.number("multiple"), &class_multiples(standard)?)?;
        Ok(Answer::number("damage_yuan", damage).and("evidence", standard.evidence.word()))
    },
};

static EFFICIENCY_GRADE: Calculator = Calculator {
    spec: &Spec {
        id: "carbon.efficiency_grade",
        title: text("碳效等级", "grades of carbon efficiency"),
        source: Source { work: "浙江另一城市的公开规则", at: "趋势系数 K 的分级，含上界；rules/accounts/quzhou-carbon-design.toml" },
        reach: Reach::Whole,
        inputs: &[numbers("values", "趋势系数 K", "factors K", RATIO, POSITIVE)],
        outputs: &[made("grade", "等级，1 最好", "grades, 1 is best", Form::List, RATIO), EVIDENCE],
    },
    run: |given| {
        let standard = standards(given).latest("accounts", "carbon")?;
        let cuts = upper_ends(standard, "efficiency")?;
        Ok(Answer::default().and("grade", json!(efficiency_grades(&given.numbers("values"), &cuts)?)).and("evidence", standard.evidence.word()))
    },
};

#[cfg(test)]
mod tests {
    use super::*;

    /// The day of the discharge chooses: GB/T 39793.2-2020 since 2021, multiples by class before.
    #[test]
    fn the_day_chooses_the_method() {
        let exceed = |on: &str| EXCEED.calculate(&json!({ "Z": 21.36, "B": 5, "on": on }));
        assert_eq!(exceed("2021-01-01").unwrap().outputs["tau"], json!(1.25));
        assert_eq!(exceed("2020-12-31").unwrap_err().0[0].code, "compensation.other_method");
        assert_eq!(exceed("2010-12-31").unwrap_err().0[0].code, "standard.none_in_force");
        assert_eq!(exceed("2021-02-30").unwrap_err().0[0].code, "calc.date");
        let by_class = |on: serde_json::Value| BY_CLASS.calculate(&json!({ "E": 10, "C": 100, "class": "water_III", "multiple": 5, "on": on }));
        assert_eq!(by_class(json!("2020-12-31")).unwrap().outputs["damage_yuan"], json!(5000.0));
        assert_eq!(by_class(serde_json::Value::Null).unwrap().outputs["damage_yuan"], json!(5000.0), "without a day the last method of its kind");
        assert_eq!(by_class(json!("2021-01-01")).unwrap_err().0[0].code, "compensation.other_method");
    }
}
