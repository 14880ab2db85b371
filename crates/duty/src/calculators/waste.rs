//! Formulas of solid waste by name.

use liangshan_vocab::quantity::{Measure, measure};
use liangshan_vocab::spec::{Form, POSITIVE, RATIO, Reach, SHARE, Source, Spec, given, made, number, number_out, numbers};
use liangshan_vocab::{Answer, Arguments, Calculator, Problem, Problems, text, words};
use serde_json::{Value, json};

use super::arguments::{amount, day, days, decimal, exact, float, whole};
use super::at_hand::standards;
use crate::waste::household::growth_pct;
use crate::waste::storage::ages;
use crate::waste::{Balance, Limits, Lot, ManifestNumber, ProducerClass, Thresholds, Tolerance, WorkCalendar};

/// All of them.
pub(crate) const ALL: &[&Calculator] = &[
    &Calculator { spec: &CONFIRM_DEADLINE, run: confirm_deadline },
    &Calculator { spec: &FIFO_AGE, run: fifo_age },
    &Calculator { spec: &MANIFEST_NUMBER, run: manifest_number },
    &Calculator { spec: &MASS_BALANCE, run: mass_balance },
    &Calculator { spec: &PRODUCER_CLASS, run: producer_class },
    &Calculator { spec: &ZERO_GROWTH, run: zero_growth },
];

const WORD: Measure = measure("word", "1");
const TONNES: Measure = measure("waste", "t");
const DAYS: Measure = measure("duration", "d");
const COUNT: Measure = measure("count", "1");
const PERCENT: Measure = measure("ratio", "%");
const TRANSFER: &str = "危险废物转移管理办法（生态环境部、公安部、交通运输部令第 23 号，2022-01-01 起施行）";

const CONFIRM_DEADLINE: Spec = Spec {
    id: "waste.confirm_deadline",
    title: text("接受人确认联单的最后一日", "last day on which the receiver confirms a manifest"),
    source: Source { work: TRANSFER, at: "接受人的确认期限：5 个工作日" },
    reach: Reach::Whole,
    inputs: &[
        given("accepted", "接受之日", "day of acceptance", Form::Text, WORD),
        given("holidays", "放假的工作日", "working days that are off", Form::List, WORD),
        number("working_days", "工作日数", "working days", DAYS, (0.0, 366.0)),
        given("made_up", "调休上班的周末", "weekend days that are worked", Form::List, WORD).optional(),
    ],
    outputs: &[made("confirm_by", "最后一日", "last day", Form::Text, WORD)],
};

fn confirm_deadline(a: &Arguments) -> Result<Answer, Problem> {
    let calendar = WorkCalendar { holidays: days(a, "holidays")?, made_up: days(a, "made_up")? };
    let from = day(a.value("accepted"), "accepted")?;
    match calendar.last_day(from, whole(a, "working_days")?) {
        Some(last) => Ok(Answer::default().and("confirm_by", last.to_string())),
        None => Err(Problem::error("calc.date", words!("自 {from} 起的期限超出日历", "the term from {from} runs beyond the calendar")).key("accepted")),
    }
}

const FIFO_AGE: Spec = Spec {
    id: "waste.fifo_age",
    title: text("危险废物贮存天数（先进先出）", "age of stored hazardous waste, first in first out"),
    source: Source { work: "固体废物污染环境防治法（2020）", at: "第八十一条：贮存不超过一年；预警天数为监管选择" },
    reach: Reach::Whole,
    inputs: &[
        given("today", "核算之日", "day of the count", Form::Text, WORD),
        given("stock_in", "入库：date、t", "what came in: date, t", Form::Records, TONNES),
        number("out_t", "累计出库", "what left in all", TONNES, POSITIVE),
        number("warn_d", "预警天数", "age from which to warn", DAYS, (0.0, 36_500.0)),
        number("limit_d", "限期天数", "age that may not be exceeded", DAYS, (0.0, 36_500.0)),
    ],
    outputs: &[made(
        "left",
        "在库：date、t、age_d、state（ok、warn、overdue）",
        "what is left: date, t, age_d, state (ok, warn, overdue)",
        Form::Records,
        TONNES,
    )],
};

fn fifo_age(a: &Arguments) -> Result<Answer, Problem> {
    let lot = |v: &Value| Ok(Lot { date: day(v.get("date"), "stock_in.date")?, t: amount(v, "t", "stock_in")? });
    let lots = a.records("stock_in").iter().map(lot).collect::<Result<Vec<_>, Problem>>()?;
    let limits = Limits { warn_d: whole(a, "warn_d")?.cast_signed(), limit_d: whole(a, "limit_d")?.cast_signed() };
    let left = ages(&lots, decimal(a, "out_t")?, day(a.value("today"), "today")?, limits).map_err(first)?;
    let row = |age: &crate::waste::Age| json!({ "date": age.lot.date.to_string(), "t": float(age.lot.t), "age_d": age.age_d, "state": age.stay.word() });
    Ok(Answer::default().and("left", left.iter().map(row).collect::<Vec<_>>()))
}

/// A formula answers with one problem; the first stands for all, with their number.
fn first(problems: Problems) -> Problem {
    let count = problems.len() as u64;
    let first = problems.into_iter().next();
    first.map_or_else(|| Problem::error("calc.not_finite", text("没有结果", "no result")), |p| p.count(count))
}

const MANIFEST_NUMBER: Spec = Spec {
    id: "waste.manifest_number",
    title: text("危险废物转移联单编号", "number of a manifest of hazardous waste"),
    source: Source { work: TRANSFER, at: "联单编号：年份 4 位、省级 2 位、地市级 2 位、流水号 6 位" },
    reach: Reach::Whole,
    inputs: &[
        number("year", "年份", "year", COUNT, (1000.0, 9999.0)),
        given("region", "移出地省、市代码（4 位）", "province and prefecture that send, four digits", Form::Text, WORD),
        number("serial", "流水号", "serial number", COUNT, (1.0, 999_999.0)),
    ],
    outputs: &[made("number", "编号", "number", Form::Text, WORD), number_out("length", "位数", "digits", COUNT)],
};

fn manifest_number(a: &Arguments) -> Result<Answer, Problem> {
    let year = u16::try_from(whole(a, "year")?).unwrap_or_default();
    let number = ManifestNumber::new(year, a.text("region"), whole(a, "serial")?)?.to_string();
    Ok(Answer::default().and("length", number.len()).and("number", number))
}

const MASS_BALANCE: Spec = Spec {
    id: "waste.mass_balance",
    title: text("危险废物物料平衡", "mass balance of hazardous waste"),
    source: Source { work: "HJ 1259-2022", at: "台账环节：产生、入库、出库、自行利用处置、委外；容差为监管选择" },
    reach: Reach::Whole,
    inputs: &[
        number("open", "期初在库", "in store at the beginning", TONNES, POSITIVE),
        number("generated", "产生", "generated", TONNES, POSITIVE),
        number("own_used", "自行利用", "used on site", TONNES, POSITIVE),
        number("own_disposed", "自行处置", "disposed of on site", TONNES, POSITIVE),
        number("transferred", "委外转移", "transferred", TONNES, POSITIVE),
        number("close_measured", "期末实测在库", "measured in store at the end", TONNES, POSITIVE),
        number("tolerance_share", "容差（占产生量）", "tolerance as a share of what was generated", RATIO, SHARE),
        number("tolerance_min_t", "最小容差", "least tolerance", TONNES, POSITIVE),
    ],
    outputs: &[
        number_out("residual", "差额", "residual", TONNES),
        number_out("threshold", "容差", "threshold", TONNES),
        made("alarm", "是否报警", "alarm", Form::Truth, WORD),
    ],
};

fn mass_balance(a: &Arguments) -> Result<Answer, Problem> {
    let balance = Balance {
        open: decimal(a, "open")?,
        generated: decimal(a, "generated")?,
        own_used: decimal(a, "own_used")?,
        own_disposed: decimal(a, "own_disposed")?,
        transferred: decimal(a, "transferred")?,
        close_measured: decimal(a, "close_measured")?,
    };
    let found = balance.residual(Tolerance { share: decimal(a, "tolerance_share")?, least_t: decimal(a, "tolerance_min_t")? });
    Ok(Answer::number("residual", float(found.t)).and("threshold", float(found.threshold)).and("alarm", found.alarm))
}

const PRODUCER_CLASS: Spec = Spec {
    id: "waste.producer_class",
    title: text("危险废物产生单位的管理类别", "supervision class of a producer of hazardous waste"),
    source: Source { work: "HJ 1259-2022", at: "产生单位管理类别：100 t/a、10 t/a，取近三年最大值" },
    reach: Reach::Whole,
    inputs: &[
        numbers("yearly_t", "近三年各年产生量", "amounts of the last three years", measure("waste", "t/a"), POSITIVE),
        given("own_facility", "有自行利用处置设施或经营许可", "has a facility of its own or an operating licence", Form::Truth, WORD),
    ],
    outputs: &[made("class", "类别：key、simplified、registration", "class: key, simplified, registration", Form::Text, WORD)],
};

fn producer_class(a: &Arguments) -> Result<Answer, Problem> {
    let years = a.numbers("yearly_t");
    let amounts = years.iter().map(|t| exact(*t, "yearly_t")).collect::<Result<Vec<_>, Problem>>()?;
    let thresholds = Thresholds::of(standards(a).latest("waste", "rules")?)?;
    match ProducerClass::of(&amounts, a.truth("own_facility"), thresholds).filter(|_| amounts.len() <= 3) {
        Some(class) => Ok(Answer::default().and("class", class.word())),
        None => {
            let count = amounts.len();
            Err(Problem::error("waste.years", words!("给出了 {count} 年的数量", "amounts of {count} years are given"))
                .key("yearly_t")
                .expect(text("一至三年", "one to three years")))
        }
    }
}

const ZERO_GROWTH: Spec = Spec {
    id: "waste.zero_growth",
    title: text("生活垃圾总量零增长", "zero growth of household waste"),
    source: Source { work: "衢州“两山”规划", at: "生活垃圾总量零增长：本年不多于上年，口径与范围相同" },
    reach: Reach::Whole,
    inputs: &[
        number("previous_t", "上年清运量", "collected the year before", TONNES, (f64::MIN_POSITIVE, f64::INFINITY)),
        number("year_t", "本年清运量", "collected this year", TONNES, POSITIVE),
    ],
    outputs: &[number_out("growth_pct", "增长率", "growth", PERCENT), made("attain", "是否零增长", "not above zero", Form::Truth, WORD)],
};

fn zero_growth(a: &Arguments) -> Result<Answer, Problem> {
    let (previous, year) = (decimal(a, "previous_t")?, decimal(a, "year_t")?);
    match growth_pct(previous, year) {
        Some(growth) => Ok(Answer::number("growth_pct", float(growth)).and("attain", year <= previous)),
        None => Err(Problem::error("calc.range", text("上年数量为 0，没有增长率", "there was none the year before, so there is no growth")).key("previous_t")),
    }
}
