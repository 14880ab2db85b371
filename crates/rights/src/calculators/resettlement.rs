//! The incentive for households that leave protected or dangerous ground.

use liangshan_vocab::quantity::measure;
use liangshan_vocab::spec::{Form, Output, POSITIVE, RATIO, Reach, SHARE, Source, given, made, number, number_out, numbers};
use liangshan_vocab::{Answer, Arguments, Calculator, Evidence, Problem, Spec, text};
use serde_json::json;

use super::{FEN, count, counts, malformed_row, not_whole};
use crate::compensation::resettlement::{Award, award_fen, instalments_fen, priority};

pub(super) const ALL: &[&Calculator] = &[&AWARD, &PRIORITY];

const WORK: &str = "生态移民激励（各县方案）";
const EVIDENCE: Output = made("evidence", "参数的核实程度", "evidence of the parameters", Form::Text, RATIO);

static AWARD: Calculator = Calculator {
    spec: &Spec {
        id: "compensation.resettlement_award",
        title: text("生态移民激励金额与分期", "award of a household that moves, and its instalments"),
        source: Source {
            work: WORK, at: "人均 × 人数 + 房屋等级 + 提前签约 + 复垦面积 × 单价 − 已领取；分期比例为设计值 40、40、20"
        },
        reach: Reach::Whole,
        inputs: &[
            number("per_person_fen", "每人", "for each person", FEN, POSITIVE),
            number("persons", "人数", "persons", measure("count", "1"), POSITIVE),
            number("house_fen", "房屋等级", "by the grade of the house", FEN, POSITIVE),
            number("early_fen", "提前签约", "for an early signature", FEN, POSITIVE),
            number("per_m2_fen", "每平方米复垦", "for each square metre restored", measure("price", "0.01 CNY/m2"), POSITIVE),
            number("restored_m2", "复垦面积，整平方米", "restored ground, whole square metres", measure("area", "m2"), POSITIVE),
            number("received_fen", "已领取", "received before", FEN, POSITIVE),
            number("cap_fen", "封顶", "the cap", FEN, POSITIVE).optional(),
            given("instalments_pct", "分期比例，合计 100", "percentages of the instalments, a sum of 100", Form::List, measure("ratio", "%")),
        ],
        outputs: &[number_out("award_fen", "金额", "the award", FEN), made("instalments_fen", "各期", "instalments", Form::List, FEN), EVIDENCE],
    },
    run: |given| {
        let cap = if given.has("cap_fen") { Some(count(given, "cap_fen")?) } else { None };
        let award = award_fen(&Award {
            per_person: count(given, "per_person_fen")?,
            persons: small(given, "persons")?,
            house: count(given, "house_fen")?,
            early: count(given, "early_fen")?,
            per_m2_restored: count(given, "per_m2_fen")?,
            restored_m2: small(given, "restored_m2")?,
            received: count(given, "received_fen")?,
            cap,
        })?;
        let percentages = counts(given, "instalments_pct")?;
        let percentages = percentages.iter().enumerate().map(|(at, p)| u8::try_from(*p).map_err(|_| malformed_row("instalments_pct", at, "0 … 100")));
        let parts = instalments_fen(award.unsigned_abs(), &percentages.collect::<Result<Vec<_>, _>>()?)?;
        Ok(Answer::default().and("award_fen", award).and("instalments_fen", json!(parts)).and("evidence", Evidence::Unverified.word()))
    },
};

fn small(given: &Arguments, name: &str) -> Result<u32, Problem> {
    u32::try_from(count(given, name)?).map_err(|_| not_whole(name.to_owned(), given.value(name).unwrap_or_default()))
}

static PRIORITY: Calculator = Calculator {
    spec: &Spec {
        id: "compensation.resettlement_priority",
        title: text("生态移民优先次序", "rank of a household or village that moves"),
        source: Source { work: WORK, at: "隐患、生态重要性、困难与老龄、意愿的加权和；权重为设计值 0.4、0.3、0.2、0.1" },
        reach: Reach::Whole,
        inputs: &[
            number("hazard", "地质灾害隐患，0 至 1", "hazard, 0 to 1", RATIO, SHARE),
            number("importance", "生态重要性，0 至 1", "ecological importance, 0 to 1", RATIO, SHARE),
            number("hardship", "困难或老龄，0 至 1", "poverty or age, 0 to 1", RATIO, SHARE),
            number("will", "意愿，0 至 1", "will, 0 to 1", RATIO, SHARE),
            numbers("weights", "四项权重，次序同上", "their weights, in that order", RATIO, SHARE),
        ],
        outputs: &[number_out("score", "得分", "score", RATIO), EVIDENCE],
    },
    run: |given| {
        let weights: [f64; 4] = given.numbers("weights").try_into().map_err(|_| malformed_row("weights", 0, "[number; 4]"))?;
        let scores = ["hazard", "importance", "hardship", "will"].map(|name| given.number(name));
        Ok(Answer::number("score", priority(scores, weights)).and("evidence", Evidence::Unverified.word()))
    },
};
