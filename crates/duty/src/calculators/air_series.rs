//! Formulas of air over time: the mean of an hour from its minutes, and the trend of yearly statistics.

use liangshan_vocab::quantity::measure;
use liangshan_vocab::spec::{ANY, Form, RATIO, Reach, SHARE, Source, Spec, given, made, number, number_out, numbers};
use liangshan_vocab::{Answer, Arguments, Calculator, Evidence, Problem, text, words};

use super::arguments::EVIDENCE;
use super::at_hand::{air_rules, standards};
use super::water::{critical_of, evidence_of};
use crate::air::{Micro, Reading};
use crate::water::spearman;

/// All of them.
pub(super) const ALL: &[&Calculator] = &[&Calculator { spec: &HOUR_MEAN, run: hour_mean }, &Calculator { spec: &TREND, run: trend }];

/// Minutes in an hour.
const MINUTES: usize = 60;

const HOUR_MEAN: Spec = Spec {
    id: "air.hour_mean",
    title: text("小时均值及其有效性", "mean of an hour and whether it is valid"),
    source: Source { work: "GB 3095-2026", at: "表 4：每小时至少 45 分钟；2012 版数值相同（原文未读）" },
    reach: Reach::Whole,
    inputs: &[
        given("values", "各分钟浓度，空值为无效", "concentrations by minute, null where not valid", Form::Series, measure("concentration", "ug/m3")),
        given("profile", "版本：2012、2026-transition、2026-final", "edition: 2012, 2026-transition, 2026-final", Form::Text, measure("word", "1")),
    ],
    outputs: &[
        number_out("mean", "小时均值；无效时为空", "mean of the hour; null when not valid", measure("concentration", "ug/m3")),
        number_out("minutes", "有效分钟", "valid minutes", measure("duration", "min")),
        number_out("least_minutes", "至少分钟", "minutes that are asked for", measure("duration", "min")),
        made("valid", "是否有效", "whether it is valid", Form::Truth, measure("word", "1")),
        EVIDENCE,
    ],
};

fn hour_mean(a: &Arguments) -> Result<Answer, Problem> {
    let values = a.series("values");
    if values.len() > MINUTES {
        let count = values.len();
        return Err(Problem::error("air.minutes", words!("给出了 {count} 分钟", "{count} minutes are given"))
            .key("values")
            .expect(text("至多 60 个", "60 at most")));
    }
    let minutes: Vec<Micro> = values.into_iter().flatten().map(|c| super::air::micro(c, "values")).collect::<Result<_, Problem>>()?;
    let profile = air_rules(a).profile(a.text("profile"))?;
    let count = minutes.len() as u8;
    let mean = Micro::mean(minutes.iter().map(|c| c.count()).sum(), u32::from(count));
    let held = mean.map(|mean| profile.validity.hour(mean, count));
    let evidence = profile.basis.iter().find(|b| b.point == "hour_minutes").map_or(profile.evidence, |b| b.evidence);
    let answer = Answer::number("minutes", f64::from(count))
        .and("least_minutes", profile.validity.hour_minutes)
        .and("valid", matches!(held, Some(Reading::Value(_))))
        .and("evidence", evidence.word());
    Ok(match held {
        Some(Reading::Value(mean)) => answer.and("mean", mean.number()),
        _ => answer.without("mean"),
    })
}

const TREND: Spec = Spec {
    id: "air.trend",
    title: text("年度统计值的秩相关趋势", "trend of yearly statistics by rank correlation"),
    source: Source { work: "HJ 663", at: "秩相关系数法（原文未读）；各年须由同一版本评价" },
    reach: Reach::Whole,
    inputs: &[
        numbers("values", "按年份顺序的统计值，数据不足的年份不列", "statistics by year, without years whose data do not suffice", RATIO, ANY),
        number("critical", "临界值；不给时按年数取表（0.05）", "critical value; from the table by the number of years (0.05) when left out", RATIO, SHARE)
            .optional(),
    ],
    outputs: &[
        number_out("rs", "秩相关系数", "rank correlation", RATIO),
        made("significant", "显著", "significant", Form::Truth, measure("word", "1")),
        made("trend", "趋势：rising、falling、none", "trend", Form::Text, measure("word", "1")),
        EVIDENCE,
    ],
};

fn trend(a: &Arguments) -> Result<Answer, Problem> {
    let values = a.numbers("values");
    let standard = standards(a).latest("water", "assessment")?;
    let critical = critical_of(a, values.len(), standard)?;
    let found = spearman(&values, critical, standard.value("trend_periods")? as usize)?;
    Ok(Answer::number("rs", found.rs)
        .and("significant", found.significant)
        .and("trend", found.word())
        .and("evidence", evidence_of(a, standard).with(Evidence::Unverified).word()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// By hand: 45 minutes of 30 are an hour of 30, 44 are none; five falling years have rs = -1.
    #[test]
    fn minutes_make_an_hour_and_years_a_trend() {
        let of = |count: usize| ALL[0].calculate(&json!({ "values": vec![30; count], "profile": "2026-transition" })).unwrap().outputs;
        assert_eq!((&of(45)["mean"], &of(45)["valid"], &of(45)["evidence"]), (&json!(30.0), &json!(true), &json!("verified")));
        assert_eq!((&of(44)["mean"], &of(44)["valid"], &of(0)["minutes"]), (&json!(null), &json!(false), &json!(0.0)));
        let old = ALL[0].calculate(&json!({ "values": vec![30; 45], "profile": "2012" })).unwrap().outputs;
        assert_eq!(old["evidence"], "unverified");
        assert_eq!(ALL[0].calculate(&json!({ "values": vec![1; 61], "profile": "2012" })).unwrap_err().0[0].code, "air.minutes");
        let falling = ALL[1].calculate(&json!({ "values": [57.1, 42.7, 41.0, 38.0, 33.0] })).unwrap().outputs;
        assert_eq!((&falling["rs"], &falling["trend"]), (&json!(-1.0), &json!("falling")));
        assert_eq!(ALL[1].calculate(&json!({ "values": [57.1, 42.7] })).unwrap_err().0[0].code, "water.no_critical");
    }
}
