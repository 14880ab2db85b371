//! Damage and grades whose steps lie in `rules/`: virtual treatment cost in both editions, and grades
//! of carbon efficiency.

use liangshan_accounts::linkage::efficiency_grades;
use liangshan_duty::calculators::at_hand::standards;
use liangshan_duty::standard::Standard;
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
const CURRENT: &str = "gbt39793-2-2020";
const MULTIPLES: &str = "virtual-cost-multiples";

const MEASURED: liangshan_vocab::Input = number("Z", "实测浓度", "measured concentration", measure("concentration", "mg/L"), POSITIVE);
const LIMIT: liangshan_vocab::Input = number("B", "排放限值，与 Z 同一单位", "limit, in the unit of Z", measure("concentration", "mg/L"), ANY);
const KAPPA: liangshan_vocab::Output = number_out("kappa", "超标倍数 κ", "multiple of exceedance κ", RATIO);
const TAU: liangshan_vocab::Output = number_out("tau", "超标系数 τ", "coefficient of exceedance τ", RATIO);
const EVIDENCE: liangshan_vocab::Output = made("evidence", "系数的核实情况", "evidence of the coefficients", Form::Text, RATIO);

static EXCEED: Calculator = Calculator {
    spec: &Spec {
        id: "compensation.exceed_coefficient",
        title: text("超标系数", "coefficient of exceedance"),
        source: GUIDELINE,
        reach: Reach::Whole,
        inputs: &[MEASURED, LIMIT],
        outputs: &[KAPPA, TAU, EVIDENCE],
    },
    run: |given| {
        let standard = standards(given).get(CURRENT)?;
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
        ],
        outputs: &[KAPPA, TAU, number_out("gamma", "调整系数 γ = α τ ω", "γ = α τ ω", RATIO), number_out("damage_yuan", "损害数额", "damage", YUAN), EVIDENCE],
    },
    run: |given| {
        let standard = standards(given).get(CURRENT)?;
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
        ],
        outputs: &[number_out("damage_yuan", "损害数额", "damage", YUAN), EVIDENCE],
    },
    run: |given: &Arguments| {
        let standard = standards(given).get(MULTIPLES)?;
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
