//! Indices of the account: the green-gold index and the conversion of the two mountains.

use liangshan_vocab::spec::{ANY, Form, Output, RATIO, Reach, Source, choice, number, number_out, numbers};
use liangshan_vocab::{Answer, Calculator, Problem, Spec, text, words};

use super::arithmetic::ratio;
use super::{VALUE_FEN, VALUE_YUAN, YUAN, money};
use crate::targets::green_gold::{GreenGold, g4};

pub(super) const ALL: &[&Calculator] = &[&GREEN_GOLD, &CONVERSION_VALUE, &CONVERSION_SHARE];

static GREEN_GOLD: Calculator = Calculator {
    spec: &Spec {
        id: "index.green_gold",
        title: text("绿金指数各式", "variants of the green-gold index"),
        source: Source {
            work: "马国霞等（2017），中国2015年陆地生态系统生产总值核算研究，中国环境科学 37(4)",
            at: "摘要：GEP 与 GDP 之比（G1）；其余各式为本程序所设，没有找到官方公式",
        },
        reach: Reach::Whole,
        inputs: &[
            numbers("gep", "生态产品总值：[当年] 或 [上年, 当年]", "gross ecosystem product: [the year] or [the year before, the year]", YUAN, ANY),
            numbers("gdp", "地区生产总值，同一单位、同一价格基准", "gross domestic product in the same unit and on the same price base", YUAN, ANY),
            number(
                "converted",
                "已转化的价值（物质、文化及已交易的调节服务）",
                "converted value: material, cultural and traded regulating services",
                YUAN,
                ANY,
            )
            .optional(),
            choice("complete", "指标是否齐全；给出时答以名称", "is every indicator of the method in it; when given the name is told", &["yes", "no"])
                .optional(),
        ],
        outputs: &[
            number_out("G1", "GEP/GDP", "GEP over GDP", RATIO),
            number_out("G2", "增速比", "growth of GEP over growth of GDP", RATIO),
            number_out("G3", "弹性；GDP 变化小于 0.1 % 时为 null", "elasticity; null when GDP changed by less than 0.1 %", RATIO),
            number_out("G4", "转化率", "realised share", RATIO),
            number_out("dlnG1", "G1 的对数变化", "change of ln G1", RATIO),
            label("name_zh", "名称（中文）", "its name in Chinese"),
            label("name_en", "名称（英文）", "its name in English"),
        ],
    },
    run: |given| {
        let (gep, gdp) = (given.numbers("gep"), given.numbers("gdp"));
        let (Some(last), Some(last_gdp)) = (gep.last(), gdp.last()) else { return Err(two_years()) };
        if gep.len() != gdp.len() || gep.len() > 2 {
            return Err(two_years());
        }
        let both = (gep.len() == 2).then(|| GreenGold { gep: [gep[0], gep[1]], gdp: [gdp[0], gdp[1]] });
        let converted = given.has("converted").then(|| given.number("converted"));
        let mut answer = Answer::number("G1", ratio(*last, *last_gdp, "gdp")?);
        for (name, value) in [
            ("G2", both.and_then(|b| b.g2())),
            ("G3", both.and_then(|b| b.g3())),
            ("G4", converted.and_then(|c| g4(c, *last))),
            ("dlnG1", both.and_then(|b| b.dln_g1())),
        ] {
            answer = match value {
                Some(value) => answer.and(name, value),
                None => answer.without(name),
            };
        }
        if given.has("complete") {
            let name = crate::account::index_title(given.text("complete") == "yes");
            answer = answer.and("name_zh", name.zh.as_ref()).and("name_en", name.en.as_ref());
        }
        Ok(answer)
    },
};

fn two_years() -> Problem {
    Problem::error("calc.form", words!("gep 与 gdp 的年数不对", "gep and gdp are not of the same one or two years"))
        .key("gep")
        .expect(words!("[当年] 或 [上年, 当年]，两者年数相同", "[the year] or [the year before, the year], as many of both"))
}

static CONVERSION_VALUE: Calculator = Calculator {
    spec: &Spec {
        id: "index.conversion_value",
        title: text("“两山”转化价值", "conversion value of the two mountains"),
        source: Source { work: "陈梅等（2021），生态学报 41(14):5899-5907", at: "摘要：物质产品与文化服务价值之和" },
        reach: Reach::Whole,
        inputs: &[
            number("material_yuan", "物质供给价值", "material supply; together with cultural_yuan", YUAN, ANY).optional(),
            number("cultural_yuan", "文化服务价值", "cultural services", YUAN, ANY).optional(),
            number("gep_yuan", "生态产品总值，与调节服务价值同时给出", "the total; together with regulating_yuan, instead of the other two", YUAN, ANY)
                .optional(),
            number("regulating_yuan", "调节服务价值", "regulating services", YUAN, ANY).optional(),
        ],
        outputs: &[VALUE_YUAN, VALUE_FEN],
    },
    run: |given| match (given.has("material_yuan") && given.has("cultural_yuan"), given.has("gep_yuan") && given.has("regulating_yuan")) {
        (true, false) => money(given.number("material_yuan") + given.number("cultural_yuan")),
        (false, true) => money(given.number("gep_yuan") - given.number("regulating_yuan")),
        _ => Err(Problem::error("calc.missing", words!("须给出一组输入", "one pair of inputs is needed, and only one")).expect(words!(
            "material_yuan 与 cultural_yuan，或 gep_yuan 与 regulating_yuan",
            "material_yuan with cultural_yuan, or gep_yuan with regulating_yuan"
        ))),
    },
};

static CONVERSION_SHARE: Calculator = Calculator {
    spec: &Spec {
        id: "index.conversion_share",
        title: text("“两山”转化价值占比", "conversion value over the total"),
        source: Source {
            work: "陈梅等（2021），生态学报 41(14):5899-5907", at: "由摘要数字推得；只是占比，不表示 GEP 已变成 GDP"
        },
        reach: Reach::Whole,
        inputs: &[
            number("conversion_yuan", "转化价值", "conversion value", YUAN, ANY),
            number("gep_yuan", "生态产品总值", "gross ecosystem product", YUAN, ANY),
        ],
        outputs: &[number_out("share", "占比", "share", RATIO)],
    },
    run: |given| Ok(Answer::number("share", ratio(given.number("conversion_yuan"), given.number("gep_yuan"), "gep_yuan")?)),
};

const fn label(name: &'static str, zh: &'static str, en: &'static str) -> Output {
    Output { name, title: text(zh, en), measure: RATIO, form: Form::Text, range: ANY }
}
