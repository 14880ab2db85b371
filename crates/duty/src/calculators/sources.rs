//! Formulas of other sources of polluted air by name: no-burn zones, coal, motor vehicles.

use jiff::civil::Date;
use liangshan_vocab::quantity::{Measure, measure};
use liangshan_vocab::spec::{Form, POSITIVE, RATIO, Reach, Source, Spec, given, made, number, number_out, numbers};
use liangshan_vocab::{Answer, Arguments, Calculator, Evidence, Problem, text, words};
use serde_json::{Map, Value, json};

use super::arguments::{EVIDENCE, day};
use super::at_hand::standards;
use crate::sources::coal::{against_cap, tce, used_t};
use crate::sources::vehicles::{Heavy, Kept, Sensed, Tested, Thresholds, heavy_diesel, high_emitter, screens, tests_without_repair};
use crate::sources::{Catalogue, Standing, Unit, Zone};

/// All of them.
pub(super) const ALL: &[&Calculator] = &[
    &Calculator { spec: &NO_BURN, run: no_burn },
    &Calculator { spec: &COAL_USE, run: coal_use },
    &Calculator { spec: &COAL_CAP, run: coal_cap },
    &Calculator { spec: &HIGH_EMITTER, run: remote_sensing },
    &Calculator { spec: &RETEST, run: retest },
    &Calculator { spec: &STATIONS, run: stations },
    &Calculator { spec: &HEAVY, run: heavy },
];

const WORD: Measure = measure("word", "1");
const TONNES: Measure = measure("coal", "t");
const PERCENT: Measure = measure("ratio", "%");
const FUELS: Source =
    Source { work: "国环规大气〔2017〕2号 高污染燃料目录", at: "三类禁燃区；煤的细则未读 / exact rules on coal not read" };
const VEHICLES: Source = Source {
    work: "HJ 1237-2021; HJ 1238-2021; HJ 1239-2021; HJ 845-2017",
    at: "界限为一般知识或设计值 / thresholds are general knowledge or design",
};

const NO_BURN: Spec = Spec {
    id: "air.no_burn_check",
    title: text("禁燃区内燃用设施是否合法", "whether a unit may burn its fuel in no-burn zones"),
    source: FUELS,
    reach: Reach::Whole,
    inputs: &[
        given("fuel", "燃料：代码或名称", "fuel by key or name", Form::Text, WORD),
        number("output_t_h", "单台出力；1 t/h = 0.7 MW", "output of the single unit; 1 t/h is 0.7 MW", measure("output", "t/h"), POSITIVE).optional(),
        number("sulphur_pct", "硫分", "sulphur of the fuel", PERCENT, (0.0, 100.0)).optional(),
        number("ash_pct", "灰分", "ash of the fuel", PERCENT, (0.0, 100.0)).optional(),
        given("dedicated", "是否配袋式除尘的专用锅炉", "whether it is a dedicated boiler with a bag filter", Form::Truth, WORD).optional(),
        given(
            "zones",
            "所在禁燃区的各版本：class（1–3）、from、remove_by（可空）",
            "zones it lies in: class (1 to 3), from, remove_by (may be null)",
            Form::Records,
            WORD,
        ),
        given("on", "判定之日", "day of the check", Form::Text, WORD),
    ],
    outputs: &[
        made(
            "standing",
            "legal、remove_by、illegal、undecided（缺少决定性的数据，不算合法）",
            "legal, remove_by, illegal, undecided (never legal)",
            Form::Text,
            WORD,
        ),
        made("remove_by", "淘汰期限", "day by which it has to go", Form::Text, WORD),
        EVIDENCE,
    ],
};

fn no_burn(a: &Arguments) -> Result<Answer, Problem> {
    let optional = |name: &str| a.has(name).then(|| a.number(name));
    let unit = Unit {
        fuel: a.text("fuel").to_owned(),
        output_t_h: optional("output_t_h"),
        sulphur_pct: optional("sulphur_pct"),
        ash_pct: optional("ash_pct"),
        dedicated: a.has("dedicated").then(|| a.truth("dedicated")),
    };
    let zone = |v: &Value| -> Result<Zone, Problem> {
        let class = v.get("class").and_then(Value::as_u64).and_then(|c| u8::try_from(c).ok()).unwrap_or(0);
        let remove_by = v.get("remove_by").filter(|d| !d.is_null()).map(|d| day(Some(d), "zones.remove_by")).transpose()?;
        Ok(Zone { class, from: day(v.get("from"), "zones.from")?, remove_by })
    };
    let zones = a.records("zones").iter().map(zone).collect::<Result<Vec<_>, Problem>>()?;
    let (standing, evidence) = Catalogue::of(standards(a).latest("air", "fuel")?)?.standing(&unit, &zones, day(a.value("on"), "on")?)?;
    let answer = Answer::default().and("standing", standing.word()).and("evidence", evidence.word());
    Ok(match standing {
        Standing::RemoveBy(by) => answer.and("remove_by", by.to_string()),
        _ => answer.without("remove_by"),
    })
}

const COAL_USE: Spec = Spec {
    id: "air.coal_use",
    title: text("企业月度煤炭消费量", "coal used by an enterprise in a month"),
    source: Source { work: "煤炭消费总量控制；GB/T 2589", at: "期初 + 购入 − 期末 − 外销；29.3076 GJ = 1 吨标准煤" },
    reach: Reach::Whole,
    inputs: &[
        number("opening", "期初库存", "stock at the beginning", TONNES, POSITIVE),
        number("purchase", "购入", "bought", TONNES, POSITIVE),
        number("closing", "期末库存", "stock at the end", TONNES, POSITIVE),
        number("sold", "外销", "sold", TONNES, POSITIVE),
        number("lhv_gj_t", "低位热值", "lower heating value", measure("heat", "GJ/t"), POSITIVE),
    ],
    outputs: &[number_out("coal_t", "消费量", "coal used", TONNES), number_out("tce", "标准煤", "coal equivalent", measure("energy", "tce"))],
};

fn coal_use(a: &Arguments) -> Result<Answer, Problem> {
    let n = |name| a.number(name);
    let coal = used_t(n("opening"), n("purchase"), n("closing"), n("sold")).ok_or_else(|| {
        Problem::error("coal.balance", text("期末与外销之和多于期初与购入之和", "more is left and sold than there was"))
            .key("closing")
            .fix(text("核对库存、购入与外销", "check stocks, purchases and sales"))
    })?;
    let heat = standards(a).latest("air", "fuel")?.value("gj_per_tce")?;
    Ok(Answer::number("coal_t", coal).and("tce", tce(coal, n("lhv_gj_t"), heat)))
}

const COAL_CAP: Spec = Spec {
    id: "air.coal_cap",
    title: text("煤炭消费总量进度", "coal used so far against the cap of the year"),
    source: Source { work: "煤炭消费总量控制", at: "直线进度 = 月数/12；超前 5 个百分点或预计超总量即报警（设计值）" },
    reach: Reach::Whole,
    inputs: &[
        numbers("months_t", "各月消费量", "coal of the months so far", TONNES, POSITIVE),
        number("cap_t", "年度总量", "cap of the year", TONNES, POSITIVE),
    ],
    outputs: &[
        number_out("used_pct", "已用", "used", PERCENT),
        number_out("line_pct", "直线进度", "straight line", PERCENT),
        number_out("forecast_t", "全年预计", "what the year comes to", TONNES),
        made("alarm", "是否报警", "alarm", Form::Truth, WORD),
        EVIDENCE,
    ],
};

fn coal_cap(a: &Arguments) -> Result<Answer, Problem> {
    let points = standards(a).latest("air", "fuel")?.parameter("pace_points")?;
    let cap = against_cap(&a.numbers("months_t"), a.number("cap_t"), points.value).ok_or_else(|| {
        Problem::error("coal.months", text("没有月份、多于 12 个月，或总量为 0", "no month, more than twelve, or a cap of 0"))
            .key("months_t")
            .expect(text("1 至 12 个月，总量大于 0", "1 to 12 months and a cap above 0"))
    })?;
    Ok(Answer::number("used_pct", cap.used_pct)
        .and("line_pct", cap.line_pct)
        .and("forecast_t", cap.forecast_t)
        .and("alarm", cap.alarm)
        .and("evidence", points.evidence.word()))
}

fn thresholds(a: &Arguments) -> Result<Thresholds, Problem> {
    Thresholds::of(standards(a).latest("air", "vehicles")?)
}

/// A key of a record that has to be there.
fn field<'v>(record: &'v Value, key: &str, list: &str) -> Result<&'v Value, Problem> {
    record
        .get(key)
        .filter(|v| !v.is_null())
        .ok_or_else(|| Problem::error("calc.missing", words!("“{list}”缺少“{key}”", "\"{list}\" lacks \"{key}\"")).key(format!("{list}.{key}")))
}

fn form(list: &str, key: &str) -> Problem {
    Problem::error("calc.form", words!("“{list}”的“{key}”形式不对", "\"{key}\" of \"{list}\" has another form")).key(format!("{list}.{key}"))
}

fn word<'v>(record: &'v Value, key: &str, list: &str) -> Result<&'v str, Problem> {
    field(record, key, list)?.as_str().ok_or_else(|| form(list, key))
}

fn truth(record: &Value, key: &str, list: &str) -> Result<bool, Problem> {
    field(record, key, list)?.as_bool().ok_or_else(|| form(list, key))
}

fn amount(record: &Value, key: &str, list: &str) -> Result<f64, Problem> {
    field(record, key, list)?.as_f64().ok_or_else(|| form(list, key))
}

const HIGH_EMITTER: Spec = Spec {
    id: "vehicle.high_emitter",
    title: text("遥感高排放车", "high emitter by remote sensing"),
    source: VEHICLES,
    reach: Reach::Whole,
    inputs: &[given("readings", "一辆车的遥感记录：day、pollutant、valid、over", "readings of one vehicle: day, pollutant, valid, over", Form::Records, WORD)],
    outputs: &[
        made("high", "是否高排放", "whether it is one", Form::Truth, WORD),
        made("pollutants", "污染物与成立之日", "pollutants and the day it was made one", Form::Object, WORD),
        EVIDENCE,
    ],
};

fn remote_sensing(a: &Arguments) -> Result<Answer, Problem> {
    let reading = |v: &Value| -> Result<Sensed, Problem> {
        let at: Date = day(v.get("day"), "readings.day")?;
        Ok(Sensed {
            day: at,
            pollutant: word(v, "pollutant", "readings")?.to_owned(),
            valid: truth(v, "valid", "readings")?,
            over: truth(v, "over", "readings")?,
        })
    };
    let readings = a.records("readings").iter().map(reading).collect::<Result<Vec<_>, Problem>>()?;
    let found = high_emitter(&readings, &thresholds(a)?);
    let named: Map<String, Value> = found.iter().map(|(pollutant, at)| (pollutant.clone(), json!(at.to_string()))).collect();
    Ok(Answer::default().and("high", !found.is_empty()).and("pollutants", named).and("evidence", Evidence::Unverified.word()))
}

const RETEST: Spec = Spec {
    id: "vehicle.tests_without_repair",
    title: text("连续不合格后没有维修记录的复检", "tests after fails without a repair between"),
    source: VEHICLES,
    reach: Reach::Whole,
    inputs: &[given("records", "一辆车按时间的记录：pass、fail、repair", "records of one vehicle in time order: pass, fail, repair", Form::List, WORD)],
    outputs: &[made("anomalies", "第几条（从 1 起）", "which records, counted from 1", Form::List, RATIO), EVIDENCE],
};

fn retest(a: &Arguments) -> Result<Answer, Problem> {
    let kept = |v: &Value| match v.as_str() {
        Some("pass") => Ok(Kept::Test { pass: true }),
        Some("fail") => Ok(Kept::Test { pass: false }),
        Some("repair") => Ok(Kept::Repair),
        _ => Err(form("records", "record").expect(text("pass、fail 或 repair", "pass, fail or repair"))),
    };
    let records = a.records("records").iter().map(kept).collect::<Result<Vec<_>, Problem>>()?;
    let found: Vec<usize> = tests_without_repair(&records, &thresholds(a)?).into_iter().map(|at| at + 1).collect();
    Ok(Answer::default().and("anomalies", found).and("evidence", Evidence::Unverified.word()))
}

const STATIONS: Spec = Spec {
    id: "vehicle.station_screens",
    title: text("检验机构可疑记录筛查", "screens of inspection stations"),
    source: VEHICLES,
    reach: Reach::Whole,
    inputs: &[given(
        "tests",
        "检验：station、vin、seconds、least_seconds、values、pass",
        "tests: station, vin, seconds, least_seconds, values, pass",
        Form::Records,
        WORD,
    )],
    outputs: &[
        made("too_short", "检验时间短于方法所需（第几条，从 1 起）", "shorter than the method, counted from 1", Form::List, RATIO),
        made("same_values", "与他车数据完全相同", "with the very values of another vehicle", Form::List, RATIO),
        made("many_stations", "在多家机构检验的车", "vehicles tested at more than one station", Form::List, WORD),
        made("pass_rate", "合格率异常偏高的机构", "stations whose pass rate stands out", Form::List, WORD),
        EVIDENCE,
    ],
};

fn stations(a: &Arguments) -> Result<Answer, Problem> {
    let test = |v: &Value| -> Result<Tested, Problem> {
        let list = "tests";
        let values = field(v, "values", list)?.as_array().ok_or_else(|| form(list, "values"))?;
        Ok(Tested {
            station: word(v, "station", list)?.to_owned(),
            vin: word(v, "vin", list)?.to_owned(),
            seconds: amount(v, "seconds", list)?,
            least_seconds: amount(v, "least_seconds", list)?,
            values: values.iter().map(|n| n.as_f64().ok_or_else(|| form(list, "values"))).collect::<Result<_, Problem>>()?,
            pass: truth(v, "pass", list)?,
        })
    };
    let tests = a.records("tests").iter().map(test).collect::<Result<Vec<_>, Problem>>()?;
    let odd = screens(&tests, &thresholds(a)?);
    let from_one = |list: Vec<usize>| list.into_iter().map(|at| at + 1).collect::<Vec<_>>();
    Ok(Answer::default()
        .and("too_short", from_one(odd.too_short))
        .and("same_values", from_one(odd.same_values))
        .and("many_stations", odd.many_stations)
        .and("pass_rate", odd.pass_rate)
        .and("evidence", Evidence::Unverified.word()))
}

const HEAVY: Spec = Spec {
    id: "vehicle.heavy_diesel",
    title: text("重型柴油车远程监控", "remote diagnosis of a heavy diesel vehicle"),
    source: VEHICLES,
    reach: Reach::Whole,
    inputs: &[
        given("nox_ppm", "行驶中等时距的 NOx（ppm），空值无效", "NOx while it drove, ppm, at equal spans; null not valid", Form::Series, RATIO),
        number("urea_missing_h", "尿素缺失时长", "hours without urea", measure("duration", "h"), POSITIVE),
        number("offline_d", "离线天数", "days offline", measure("duration", "d"), POSITIVE),
    ],
    outputs: &[
        number_out("nox_share", "超过 NOx 界限的份额；没有行驶数据时为空", "share above the NOx limit; null without driving data", RATIO),
        made("findings", "nox、urea、offline", "nox, urea, offline", Form::List, WORD),
        EVIDENCE,
    ],
};

fn heavy(a: &Arguments) -> Result<Answer, Problem> {
    let nox = a.series("nox_ppm").into_iter().map(|n| n.unwrap_or(f64::NAN)).collect();
    let (share, findings) =
        heavy_diesel(&Heavy { nox_ppm: nox, urea_missing_h: a.number("urea_missing_h"), offline_d: a.number("offline_d") }, &thresholds(a)?);
    let answer = Answer::default().and("findings", findings).and("evidence", Evidence::Unverified.word());
    Ok(match share {
        Some(share) => answer.and("nox_share", share),
        None => answer.without("nox_share"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(id: &str, given: Value) -> Result<Map<String, Value>, String> {
        let found = ALL.iter().find(|c| c.spec.id == id).unwrap().calculate(&given);
        found.map(|a| a.outputs).map_err(|p| p.0[0].code.to_string())
    }

    #[test]
    fn by_name_as_a_user_asks() {
        let unit = |on: &str| json!({ "fuel": "coal", "output_t_h": 4, "zones": [{ "class": 2, "from": "2019-07-01", "remove_by": "2020-06-30" }], "on": on });
        let found = ask("air.no_burn_check", unit("2020-01-01")).unwrap();
        assert_eq!((&found["standing"], &found["remove_by"], &found["evidence"]), (&json!("remove_by"), &json!("2020-06-30"), &json!("unverified")));
        assert_eq!(ask("air.no_burn_check", unit("2020-13-01")).unwrap_err(), "calc.date");
        let coal = ask("air.coal_use", json!({ "opening": 100, "purchase": 500, "closing": 80, "sold": 20, "lhv_gj_t": 29.3076 })).unwrap();
        assert_eq!((&coal["coal_t"], &coal["tce"]), (&json!(500.0), &json!(500.0)));
        assert_eq!(ask("air.coal_use", json!({ "opening": 0, "purchase": 0, "closing": 1, "sold": 0, "lhv_gj_t": 20 })).unwrap_err(), "coal.balance");
        assert_eq!(ask("air.coal_cap", json!({ "months_t": [], "cap_t": 9 })).unwrap_err(), "coal.months");
        let readings = json!({ "readings": [{ "day": "2026-01-10", "pollutant": "NO", "valid": true, "over": true }, { "day": "2026-03-10", "pollutant": "NO", "valid": true, "over": true }] });
        assert_eq!(ask("vehicle.high_emitter", readings).unwrap()["pollutants"], json!({ "NO": "2026-03-10" }));
        assert_eq!(ask("vehicle.tests_without_repair", json!({ "records": ["fail", "fail", "pass"] })).unwrap()["anomalies"], json!([3]));
        assert_eq!(ask("vehicle.tests_without_repair", json!({ "records": ["lost"] })).unwrap_err(), "calc.form");
        assert_eq!(ask("vehicle.heavy_diesel", json!({ "nox_ppm": [null], "urea_missing_h": 25, "offline_d": 0 })).unwrap()["findings"], json!(["urea"]));
        let test = json!({ "tests": [{ "station": "A", "vin": "1", "seconds": 10, "least_seconds": 90, "values": [1], "pass": true }] });
        assert_eq!(ask("vehicle.station_screens", test).unwrap()["too_short"], json!([1]));
        assert_eq!(ask("vehicle.station_screens", json!({ "tests": [{ "station": "A" }] })).unwrap_err(), "calc.missing");
    }
}
