//! The formulas of this crate that can be asked by name. Conformity, which needs the table of layers,
//! is bound where the rules are read.

mod corridors;

use liangshan_vocab::quantity::measure;
use liangshan_vocab::spec::{Form, POSITIVE, Reach, Source, made, number, numbers};
use liangshan_vocab::{Answer, Calculator, Spec, text};
use serde_json::json;

use crate::areas::split_control_area;

/// All of them.
pub fn all() -> Vec<&'static Calculator> {
    [&[&AREA_SPLIT][..], corridors::ALL].concat()
}

static AREA_SPLIT: Calculator = Calculator {
    spec: &Spec {
        id: "zoning.area_split",
        title: text("面积平差", "areas that add up to a control area"),
        source: Source { work: "国土调查办发〔2008〕32号", at: "图斑面积按比例平差到控制面积；0.01 m²，最大余数法" },
        reach: Reach::Whole,
        inputs: &[
            number("control_m2", "控制面积", "control area", measure("area", "m2"), POSITIVE),
            numbers("weights", "各图斑的量算面积", "measured areas of the parts", measure("area", "m2"), POSITIVE),
        ],
        outputs: &[made("parts", "平差后的面积", "areas that add up", Form::Numbers, measure("area", "m2"))],
    },
    run: |given| {
        let parts = split_control_area(given.number("control_m2"), &given.numbers("weights"))?;
        Ok(Answer::default().and("parts", json!(parts.iter().map(|p| *p as f64 / 100.0).collect::<Vec<_>>())))
    },
};

#[cfg(test)]
mod tests {
    #[test]
    fn every_declaration_is_sound() {
        let faults: Vec<String> = super::all().iter().flat_map(|c| c.spec.faults()).collect();
        assert!(faults.is_empty(), "{faults:?}");
    }
}
