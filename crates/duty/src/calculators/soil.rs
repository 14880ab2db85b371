//! Soil: one point of farmland, one item of construction land.

use liangshan_vocab::quantity::{Measure, measure};
use liangshan_vocab::spec::{Form, POSITIVE, RATIO, Reach, Source, choice, given, made, number, number_out};
use liangshan_vocab::{Answer, Calculator, Problem, Spec, text};
use serde_json::{Map, Value, json};

use super::arguments::EVIDENCE;
use super::at_hand::standards;
use crate::soil::{self, LandUse};
use crate::water::Reading;

pub(super) const ALL: &[&Calculator] = &[&CONSTRUCTION_CLASS, &FARMLAND_CLASS];

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
        let item = a.text("item");
        let both = a.has("screening") && a.has("intervention");
        let known = standards(a).latest("soil", "construction").and_then(|s| soil::values_of(s, item, LandUse::parse(a.text("use"))));
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
