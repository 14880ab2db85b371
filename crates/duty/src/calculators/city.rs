//! The water index of a city.

use liangshan_vocab::quantity::measure;
use liangshan_vocab::spec::{Form, RATIO, Reach, Source, given, made, number_out};
use liangshan_vocab::{Answer, Calculator, Evidence, Problem, Spec, text};
use serde_json::{Map, Value, json};

use super::arguments::EVIDENCE;
use super::at_hand::standards;
use super::water::{first, numbered, readings_of};
use crate::water::{Reading, Rules, Water, city_index};

/// All of them.
pub(super) const ALL: &[&Calculator] = &[&CITY_INDEX];

static CITY_INDEX: Calculator = Calculator {
    spec: &Spec {
        id: "water.city_index",
        title: text("城市水质指数", "water index of a city"),
        source: Source {
            work: "城市地表水环境质量排名技术规定（原文未读 / text not read）", at: "CWQI = Σ C/C(Ⅲ)；河流与湖库按断面数加权"
        },
        reach: Reach::Whole,
        inputs: &[given(
            "sections",
            "断面：water（river 或 lake）与 values（形同 water.section_class）",
            "sections: water (river or lake) and values, as in water.section_class",
            Form::Records,
            measure("concentration", "mg/L"),
        )],
        outputs: &[
            number_out("rivers", "河流的指数；没有河流断面为空", "index of the rivers; null without one", RATIO),
            number_out("lakes", "湖库的指数；没有湖库断面为空", "index of the lakes; null without one", RATIO),
            number_out("index", "城市水质指数，越小越好", "index of the city, smaller is better", RATIO),
            number_out("river_sections", "河流断面数", "sections of rivers", RATIO),
            number_out("lake_sections", "湖库断面数", "sections of lakes", RATIO),
            made("missing", "未监测的参评项目；有则不可与他市比较", "deciding items not measured; with any the index compares with none", Form::List, RATIO),
            EVIDENCE,
        ],
    },
    run: |a| {
        let rules = Rules::latest(standards(a)).map_err(first)?;
        let section = |given: &Value| -> Result<(Water, Vec<(usize, Reading)>), Problem> {
            let word = given.get("water").and_then(Value::as_str).unwrap_or_default();
            let water = Water::parse(word).ok_or_else(|| wrong("sections.water", word))?;
            let none = Map::new();
            let values = given.get("values").and_then(Value::as_object).unwrap_or(&none);
            Ok((water, numbered(&rules, &readings_of(values)?)?.0))
        };
        let sections = a.records("sections").iter().map(section).collect::<Result<Vec<_>, Problem>>()?;
        let city = city_index(&rules, &sections)?;
        let mut answer = Answer::number("index", city.index).and("river_sections", city.sections[0]).and("lake_sections", city.sections[1]);
        for (name, index) in [("rivers", city.of[0]), ("lakes", city.of[1])] {
            answer = match index {
                Some(index) => answer.and(name, index),
                None => answer.without(name),
            };
        }
        Ok(answer.and("missing", json!(city.missing)).and("evidence", Evidence::Unverified.word()))
    },
};

fn wrong(key: &str, word: &str) -> Problem {
    Problem::error("calc.form", liangshan_vocab::words!("“{word}”不是 river 或 lake", "\"{word}\" is neither river nor lake"))
        .key(key)
        .expect(text("river 或 lake", "river or lake"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: 0.5/1.0 of ammonia and 5/10 of oxygen.
    #[test]
    fn asked_by_name() {
        let ask = |sections: Value| CITY_INDEX.calculate(&json!({ "sections": sections }));
        let told = ask(json!([{ "water": "river", "values": { "nh3n": 0.5, "do": 10 } }])).unwrap().outputs;
        assert_eq!((&told["index"], &told["lakes"], &told["river_sections"]), (&json!(1.0), &Value::Null, &json!(1)));
        assert_eq!(told["missing"].as_array().unwrap().len(), 19);
        assert!(ask(json!([{ "water": "sea", "values": {} }])).is_err());
        assert_eq!(ask(json!([])).unwrap_err().0[0].code, "water.no_values");
        assert!(CITY_INDEX.spec.faults().is_empty());
    }
}
