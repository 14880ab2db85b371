//! Carbon of trees, and credits that a loss takes.

use liangshan_vocab::quantity::measure;
use liangshan_vocab::spec::{Form, Output, POSITIVE, RATIO, Reach, Source, given, made, number, number_out};
use liangshan_vocab::{Answer, Calculator, Evidence, Measure, Spec, text};
use rust_decimal::Decimal;
use serde_json::Value;

use super::{count, malformed_row, number as in_json};
use crate::exact::decimal;
use crate::forest::{Stand, reversal, tree_carbon_t};

pub(super) const ALL: &[&Calculator] = &[&TREE_CARBON, &SINK_REVERSAL];

const TONNES: Measure = measure("carbon_dioxide", "tCO2");
const EVIDENCE: Output = made("evidence", "规则的核实程度", "whether the rule was read", Form::Text, RATIO);

static TREE_CARBON: Calculator = Calculator {
    spec: &Spec {
        id: "rights.tree_carbon",
        title: text("林木碳储量", "carbon of trees"),
        source: Source {
            work: "CCER-14-001-V01 造林碳汇（公式为回忆，未核实）", at: "C = Σ V × D × BEF × (1 + R) × CF × 44/12；因子须给出"
        },
        reach: Reach::Whole,
        inputs: &[given(
            "stands",
            "林分：volume_m3、density（t/m³）、expansion、roots、carbon",
            "stands: volume_m3, density (t/m³), expansion, roots, carbon",
            Form::Records,
            measure("volume", "m3"),
        )],
        outputs: &[number_out("C_tree", "碳储量", "carbon held, as carbon dioxide", TONNES), EVIDENCE],
    },
    run: |given| {
        let mut stands = Vec::new();
        for (at, row) in given.records("stands").iter().enumerate() {
            let of = |key: &str| -> Result<Decimal, _> {
                let number = row.get(key).and_then(Value::as_f64);
                number.ok_or_else(|| malformed_row("stands", at, "volume_m3, density, expansion, roots, carbon")).and_then(|n| decimal(key, n))
            };
            stands.push(Stand {
                volume_m3: of("volume_m3")?,
                density: of("density")?,
                expansion: of("expansion")?,
                roots: of("roots")?,
                carbon: of("carbon")?,
            });
        }
        Ok(Answer::default().and("C_tree", in_json(tree_carbon_t(&stands)?)).and("evidence", Evidence::Unverified.word()))
    },
};

static SINK_REVERSAL: Calculator = Calculator {
    spec: &Spec {
        id: "rights.sink_reversal",
        title: text("林业碳汇逆转", "credits that a fire or felling takes"),
        source: Source { work: "地方林业碳汇缓冲账户", at: "先冲抵缓冲账户，再扣业主此后的签发" },
        reach: Reach::Whole,
        inputs: &[number("lost_t", "逆转量", "what was lost", TONNES, POSITIVE), number("buffer_t", "缓冲账户余额", "what the buffer holds", TONNES, POSITIVE)],
        outputs: &[
            number_out("from_buffer_t", "由缓冲账户注销", "cancelled from the buffer", TONNES),
            number_out("buffer_left_t", "缓冲账户余额", "left in the buffer", TONNES),
            number_out("owed_t", "由此后的签发扣除", "taken from later credits", TONNES),
        ],
    },
    run: |given| {
        let made = reversal(count(given, "lost_t")?, count(given, "buffer_t")?);
        Ok(Answer::default().and("from_buffer_t", made.from_buffer).and("buffer_left_t", made.buffer_left).and("owed_t", made.owed))
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// By hand: 1200 × 0.5 × 1.5 × 1.2 × 0.5 × 44/12 = 1980.
    #[test]
    fn trees_and_losses_by_name() {
        let stand = json!({ "volume_m3": 1200, "density": 0.5, "expansion": 1.5, "roots": 0.2, "carbon": 0.5 });
        assert_eq!(TREE_CARBON.calculate(&json!({ "stands": [stand] })).unwrap().outputs["C_tree"], json!(1980.0));
        assert_eq!(TREE_CARBON.calculate(&json!({ "stands": [{ "volume_m3": 1 }] })).unwrap_err().0[0].code, "calc.form");
        assert_eq!(SINK_REVERSAL.calculate(&json!({ "lost_t": 100, "buffer_t": 80 })).unwrap().outputs["owed_t"], json!(20));
        assert_eq!(SINK_REVERSAL.calculate(&json!({ "lost_t": 0.5, "buffer_t": 80 })).unwrap_err().0[0].code, "rights.not_whole");
    }
}
