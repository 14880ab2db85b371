//! Soil: one point of farmland, one item of construction land.

use liangshan_vocab::quantity::{Measure, measure};
use liangshan_vocab::spec::{Form, POSITIVE, RATIO, Reach, Source, choice, given, made, number, number_out};
use liangshan_vocab::{Answer, Calculator, Evidence, Problem, Spec, text, words};
use serde_json::{Map, Value, json};

use super::arguments::{EVIDENCE, whole};
use super::at_hand::standards;
use crate::soil::{self, LandUse};
use crate::water::Reading;

pub(super) const ALL: &[&Calculator] = &[&CONSTRUCTION_CLASS, &FARMLAND_CLASS, &PRODUCE_CORRECTION, &SAFE_USE_RATE];

const CONTENT: Measure = measure("content", "mg/kg");
const WORD: Measure = measure("word", "1");

static FARMLAND_CLASS: Calculator = Calculator {
    spec: &Spec {
        id: "soil.farmland_class",
        title: text("农用地土壤：筛选值、管制值与类别", "farmland soil: screening, intervention and category"),
        source: Source { work: "GB 15618-2018", at: "表 1–3 / tables 1 to 3" },
        reach: Reach::Whole,
        inputs: &[
            choice("land", "用地：水田、其他、果园", "land use", &["paddy", "other", "orchard"]),
            number("ph", "pH", "pH", RATIO, (0.0, 14.0)),
            given("values", "各项含量，按元素符号；未检出写 \"<0.01\"", "contents by element symbol; \"<0.01\" for a non-detect", Form::Object, CONTENT),
        ],
        outputs: &[
            made("items", "各项的 S、G 与类别（1 ≤ S，2 ≤ G 或没有 G，3 > G）", "S, G and class of each item", Form::Object, CONTENT),
            made("category", "类别；无法判定时为空", "category; null when it cannot be decided", Form::Text, WORD),
            EVIDENCE,
        ],
    },
    run: |a| {
        let standard = standards(a).latest("soil", "farmland")?;
        let values = super::water::readings(a, "values")?;
        let point = soil::farmland(standard, a.text("land"), a.number("ph"), &values).map_err(super::water::first)?;
        let items: Map<String, Value> =
            point.items.iter().map(|i| (i.item.clone(), json!({ "S": i.screening, "G": i.intervention, "class": i.class }))).collect();
        let answer = Answer::default().and("items", items).and("evidence", standard.evidence.word());
        let table = standard.table("categories")?;
        Ok(match point.class.and_then(|class| table.row(&class.to_string())) {
            Some(row) => answer.and("category", table.text(row, "label")),
            None => answer.without("category"),
        })
    },
};

static PRODUCE_CORRECTION: Calculator = Calculator {
    spec: &Spec {
        id: "soil.produce_correction",
        title: text("按农产品修正耕地类别", "category of farmland corrected by produce"),
        source: Source {
            work: "农用地土壤环境质量类别划分技术指南（环办土壤〔2019〕53号，未核实）", at: "第二步；样品数与超标份额在规则中"
        },
        reach: Reach::Whole,
        inputs: &[
            number("class", "土壤类别：1 优先保护、2 安全利用、3 严格管控", "class by soil: 1, 2 or 3", RATIO, (1.0, 3.0)),
            number("samples", "农产品样品数", "samples of produce", RATIO, POSITIVE),
            number("exceeding", "超标样品数", "samples that exceed", RATIO, POSITIVE),
        ],
        outputs: &[
            number_out("class", "修正后的类别", "class after correction", RATIO),
            made("corrected", "有修正：须附样品清单并由人复核", "it was corrected: samples and a reviewer are needed", Form::Truth, WORD),
            EVIDENCE,
        ],
    },
    run: |a| {
        let standard = standards(a).latest("soil", "farmland")?;
        let class = u8::try_from(whole(a, "class")?).unwrap_or(3);
        let made = soil::correct_by_produce(standard, class, whole(a, "samples")?, whole(a, "exceeding")?)?;
        Ok(Answer::default().and("class", made.class).and("corrected", made.corrected).and("evidence", Evidence::Unverified.word()))
    },
};

const AREA: Measure = measure("area", "ha");

static SAFE_USE_RATE: Calculator = Calculator {
    spec: &Spec {
        id: "soil.safe_use_rate",
        title: text("受污染耕地安全利用率", "safe-use rate of polluted farmland"),
        source: Source {
            work: "受污染耕地安全利用率（未核实）", at: "措施通过验收的安全利用类与严格管控类面积 / 两类总面积"
        },
        reach: Reach::Whole,
        inputs: &[
            number("accepted", "措施通过验收的面积", "area whose measures were accepted", AREA, POSITIVE),
            number("safe_use", "安全利用类面积", "area of safe use", AREA, POSITIVE),
            number("strict", "严格管控类面积", "area of strict control", AREA, POSITIVE),
        ],
        outputs: &[number_out("rate_pct", "安全利用率；没有这两类时为 null", "rate; null without such land", measure("ratio", "%")), EVIDENCE],
    },
    run: |a| {
        let answer = Answer::default().and("evidence", Evidence::Unverified.word());
        Ok(match soil::safe_use_rate(a.number("accepted"), a.number("safe_use"), a.number("strict")) {
            Some(rate) => answer.and("rate_pct", rate),
            None => answer.without("rate_pct"),
        })
    },
};

static CONSTRUCTION_CLASS: Calculator = Calculator {
    spec: &Spec {
        id: "soil.construction_class",
        title: text("建设用地土壤：一项的风险", "construction land: the risk of one item"),
        source: Source { work: "GB 36600-2018", at: "5.3" },
        reach: Reach::Whole,
        inputs: &[
            given("item", "项目：元素符号、CAS 编号或名称", "item: element symbol, CAS number or name", Form::Text, WORD),
            number("value", "含量", "content", CONTENT, POSITIVE),
            given("use", "用地：class1、class2；不明的按 class1", "use: class1 or class2; an unknown one is class1", Form::Text, WORD).optional(),
            number("screening", "筛选值；不给时取自标准", "screening value; from the standard when left out", CONTENT, POSITIVE).optional(),
            number("intervention", "管制值；不给时取自标准", "intervention value; from the standard when left out", CONTENT, POSITIVE).optional(),
            number("background", "当地背景值，用于砷、钴、钒", "local background, for arsenic, cobalt and vanadium", CONTENT, POSITIVE).optional(),
        ],
        outputs: &[
            number_out("exceed_multiple", "超筛选值倍数；未超时为空", "multiple over the screening value; null when not over", RATIO),
            made("verdict", "判定", "verdict", Form::Text, WORD),
            EVIDENCE,
        ],
    },
    run: |a| {
        let (item, planned) = (a.text("item"), a.text("use"));
        if !["", "class1", "class2", "unknown"].contains(&planned) {
            return Err(Problem::error("soil.use", words!("没有用地类别“{planned}”", "there is no class of use \"{planned}\""))
                .key("use")
                .expect(text("class1、class2；用途不明写 unknown，按 class1", "class1 or class2; unknown where it is not known, which is class1"))
                .fix(text("改正用地类别", "correct the class of use")));
        }
        let both = a.has("screening") && a.has("intervention");
        let known = standards(a).latest("soil", "construction").and_then(|s| soil::values_of(s, item, LandUse::parse(planned)));
        // With both values given the item may be one that the standard does not list.
        let (s, g, background) = if both { known.unwrap_or((0.0, 0.0, false)) } else { known? };
        let (s, g) = (a.number_or("screening", s), a.number_or("intervention", g));
        if g < s {
            return Err(Problem::error("soil.values", text("管制值小于筛选值", "the intervention value is below the screening value"))
                .key("intervention")
                .expect(text("不小于筛选值", "no less than the screening value"))
                .fix(text("核对两个值", "check both values")));
        }
        let local = (background && a.has("background")).then(|| a.number("background"));
        let (risk, multiple) = soil::construction(item, Reading::Value(a.number("value")), s, g, local)?;
        let answer = match multiple {
            Some(multiple) => Answer::number("exceed_multiple", multiple),
            None => Answer::default().without("exceed_multiple"),
        };
        let evidence = standards(a).latest("soil", "construction")?.evidence;
        Ok(answer.and("verdict", risk.word()).and("evidence", evidence.word()))
    },
};
