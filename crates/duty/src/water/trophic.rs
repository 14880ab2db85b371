//! The trophic index of lakes (综合营养状态指数).

use liangshan_vocab::{Problem, Text, text, words};

use super::means::no_values;
use crate::standard::Standard;

/// What is said of a lake.
#[derive(Debug, Clone, PartialEq)]
pub struct Trophic {
    /// Index of each parameter in the standard's order; `None` where it was not measured.
    pub parts: Vec<Option<f64>>,
    /// Weight of each; they sum to 1 over those measured.
    pub weights: Vec<Option<f64>>,
    /// The index.
    pub index: f64,
    /// Code of the state.
    pub state: String,
    /// The state in words.
    pub title: Text,
    /// True when a parameter is missing and the weights were drawn up over the others.
    pub partial: bool,
}

/// `TLI = Σ W_j · 10 (a_j + b_j ln x_j)`, `W_j = r_j²/Σ r²` over the parameters that are there.
///
/// `values` are in the units of the standard's table: chlorophyll in mg/m³, depth in m, the others in
/// mg/L. A missing parameter makes the result partial; none at all is a problem.
///
/// Source: 总站生字〔2001〕090号; `water.md` section 3.
///
/// # Errors
/// `water.not_positive` for a value that has no logarithm; `water.unknown_item`; `water.no_values`; what
/// the standard lacks.
pub fn trophic(assessment: &Standard, values: &[(&str, f64)]) -> Result<Trophic, Problem> {
    let table = assessment.table("trophic")?;
    for column in ["a", "b", "r2"] {
        table.column(column)?;
    }
    for (name, value) in values {
        if table.row(name).is_none() {
            let keys: Vec<String> = table.keys().collect();
            return Err(Problem::error("water.unknown_item", words!("没有项目“{name}”", "there is no item \"{name}\""))
                .key(*name)
                .expect(words!("{0} 之一", "one of {0}", keys.join(", ")))
                .fix_near(liangshan_vocab::nearest(name, keys.iter().map(String::as_str)), text("改正项目代码", "correct the item")));
        }
        if *value <= 0.0 {
            return Err(Problem::error("water.not_positive", words!("{name} 为 {value}，没有对数", "{name} is {value} and has no logarithm"))
                .key(*name)
                .expect(text("大于 0 的数", "a number above 0"))
                .fix(text("未检出时按规定取值，并注明", "put a value for a non-detect as the method says, and say so")));
        }
    }
    let found: Vec<_> = table
        .rows
        .iter()
        .map(|row| {
            let x = values.iter().find(|v| v.0 == table.key_of(row))?.1;
            let of = |column| table.number(row, column).unwrap_or(f64::NAN);
            Some((10.0 * (of("a") + of("b") * x.ln()), of("r2")))
        })
        .collect();
    let total: f64 = found.iter().flatten().map(|f| f.1).sum();
    if found.iter().all(Option::is_none) {
        return Err(no_values());
    }
    let parts: Vec<_> = found.iter().map(|f| f.map(|f| f.0)).collect();
    let weights: Vec<_> = found.iter().map(|f| f.map(|f| f.1 / total)).collect();
    let index = parts.iter().flatten().zip(weights.iter().flatten()).map(|(part, weight)| part * weight).sum();
    let (state, title) = state(assessment, index)?;
    Ok(Trophic { partial: found.iter().any(Option::is_none), parts, weights, index, state, title })
}

/// The first state whose upper end is not passed.
fn state(assessment: &Standard, index: f64) -> Result<(String, Text), Problem> {
    let table = assessment.table("trophic_states")?;
    let row = table.rows.iter().find(|row| match table.number(row, "upper") {
        Some(upper) if table.text(row, "upper_in") == "yes" => index <= upper,
        Some(upper) => index < upper,
        None => true,
    });
    row.map(|row| (table.text(row, "state").to_owned(), Text::of(table.text(row, "name_zh"), table.text(row, "name_en")))).ok_or_else(|| {
        Problem::error("water.no_rating", text("营养状态表没有适用的一行", "no row of the table of trophic states holds"))
            .file(format!("rules/{}", assessment.file))
            .expect(text("最后一行不设上界", "a last row without an upper end"))
            .fix(text("补全表 trophic_states", "complete the table trophic_states"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standard::shipped;

    /// By hand: ln 1 = 0, so chlorophyll of 1 mg/m³ alone is 25; with CODMn 1 mg/L (1.09) the weights are
    /// 1/1.6889 and 0.6889/1.6889.
    #[test]
    fn what_is_missing_takes_its_weight_along() {
        let standard = shipped().latest("water", "assessment").unwrap();
        let alone = trophic(standard, &[("chl_mg_m3", 1.0)]).unwrap();
        assert!((alone.index - 25.0).abs() < 1e-12 && alone.partial && alone.state == "oligotrophic");
        let two = trophic(standard, &[("chl_mg_m3", 1.0), ("codmn", 1.0)]).unwrap();
        assert!((two.index - (25.0 + 0.6889 * 1.09) / 1.6889).abs() < 1e-12);
        assert_eq!(trophic(standard, &[("tp", 0.0)]).unwrap_err().code, "water.not_positive");
        assert_eq!(trophic(standard, &[]).unwrap_err().code, "water.no_values");
        assert_eq!((state(standard, 30.0).unwrap().0.as_str(), state(standard, 50.0).unwrap().0.as_str()), ("mesotrophic", "mesotrophic"));
        assert_eq!(state(standard, 70.1).unwrap().0, "heavy eutrophic");
    }
}
