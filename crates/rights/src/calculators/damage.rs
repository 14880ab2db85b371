//! Damage with several pollutants, and the loss until nature has recovered.

use liangshan_vocab::quantity::measure;
use liangshan_vocab::spec::{ANY, Form, Output, POSITIVE, RATIO, Reach, Source, choice, made, number, number_out, numbers};
use liangshan_vocab::{Answer, Calculator, Evidence, Measure, Spec, text};

use super::whole;
use crate::compensation::damage::{Pollutants, interim_loss, several_pollutants_yuan};

pub(super) const ALL: &[&Calculator] = &[&INTERIM_LOSS, &SEVERAL_POLLUTANTS];

const YUAN: Measure = measure("money", "CNY");
const EVIDENCE: Output = made("evidence", "规则的核实程度", "whether the rule was read", Form::Text, RATIO);

static INTERIM_LOSS: Calculator = Calculator {
    spec: &Spec {
        id: "compensation.interim_loss",
        title: text("期间损害", "interim loss"),
        source: Source { work: "生态环境损害赔偿：资源、服务等值分析", at: "Σ 损失_t (1 + r)^(T − t)；贴现率须给出" },
        reach: Reach::Whole,
        inputs: &[
            numbers("losses", "第 0、1、… 年的损失", "losses of years 0, 1, …", YUAN, ANY),
            number("rate", "贴现率 r", "the rate", RATIO, ANY),
            number("to_year", "折算到的年 T", "the year they are brought to", measure("year", "a"), (0.0, 1000.0)),
        ],
        outputs: &[number_out("loss", "期间损害", "the loss", YUAN), EVIDENCE],
    },
    run: |given| {
        let to = i32::try_from(whole(given, "to_year")?).unwrap_or_default();
        Ok(Answer::number("loss", interim_loss(&given.numbers("losses"), given.number("rate"), to)?).and("evidence", Evidence::Unverified.word()))
    },
};

static SEVERAL_POLLUTANTS: Calculator = Calculator {
    spec: &Spec {
        id: "compensation.several_pollutants",
        title: text("多种污染物的损害", "damage of several pollutants"),
        source: Source { work: "虚拟治理成本法：多种污染物", at: "同一治理可一并去除的取最大，否则相加；规则未核实" },
        reach: Reach::Whole,
        inputs: &[
            numbers("damages_yuan", "各污染物的损害", "damage of each pollutant", YUAN, POSITIVE),
            choice("how", "治理关系：one_treatment 一并去除，separate 分别治理", "how they are treated", &["one_treatment", "separate"]),
        ],
        outputs: &[number_out("damage_yuan", "损害", "damage", YUAN), EVIDENCE],
    },
    run: |given| {
        let how = if given.text("how") == "separate" { Pollutants::SeparateTreatments } else { Pollutants::OneTreatment };
        let damage = several_pollutants_yuan(&given.numbers("damages_yuan"), how);
        Ok(Answer::number("damage_yuan", damage).and("evidence", Evidence::Unverified.word()))
    },
};
