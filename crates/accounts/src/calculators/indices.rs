//! Indices of the account: the green-gold index and the conversion of the two mountains.

use liangshan_vocab::spec::{ANY, Form, Output, RATIO, Reach, Source, choice, number, number_out};
use liangshan_vocab::{Answer, Calculator, Problem, Spec, text, words};

use super::arithmetic::ratio;
use super::{VALUE_FEN, VALUE_YUAN, YUAN, money};

pub(super) const ALL: &[&Calculator] = &[&GREEN_GOLD, &CONVERSION_VALUE, &CONVERSION_SHARE];

static GREEN_GOLD: Calculator = Calculator {
    spec: &Spec {
        id: "index.green_gold",
        title: text("绿金指数", "green-gold index"),
        source: Source {
            work: "马国霞等（2017），中国2015年陆地生态系统生产总值核算研究，中国环境科学 37(4)", at: "摘要：GEP 与 GDP 之比"
        },
        reach: Reach::Whole,
        inputs: &[
            number("gep_yuan", "生态产品总值", "gross ecosystem product", YUAN, ANY),
            number("gdp_yuan", "地区生产总值", "gross domestic product", YUAN, ANY),
            choice("complete", "指标是否齐全", "is every indicator of the method in it", &["yes", "no"]),
        ],
        outputs: &[
            number_out("ratio", "比值", "ratio", RATIO),
            label("name_zh", "名称（中文）", "its name in Chinese"),
            label("name_en", "名称（英文）", "its name in English"),
        ],
    },
    run: |given| {
        let ratio = ratio(given.number("gep_yuan"), given.number("gdp_yuan"), "gdp_yuan")?;
        let name = crate::account::index_title(given.text("complete") == "yes");
        Ok(Answer::number("ratio", ratio).and("name_zh", name.zh.as_ref()).and("name_en", name.en.as_ref()))
    },
};

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
