//! How each indicator's formula is written for people. The arithmetic itself lives in `models` and
//! `accounts`; a test holds that every indicator that can be computed has its words here.

use liangshan_vocab::{Text, text};

/// A formula in words and in LaTeX.
pub struct Formula {
    /// The indicator, or the stem of a dotted one.
    pub indicator: &'static str,
    /// In words and symbols.
    pub text: Text,
    /// In LaTeX.
    pub latex: &'static str,
}

const fn formula(indicator: &'static str, zh: &'static str, en: &'static str, latex: &'static str) -> Formula {
    Formula { indicator, text: text(zh, en), latex }
}

const FORMULAS: &[Formula] = &[
    formula(
        "water_conservation",
        "Q = Σ A·(P − P·α − ET)·10，A 公顷，P、ET 毫米；V = Q × 单价",
        "Q = Σ A·(P − P·α − ET)·10, A in ha, P and ET in mm; V = Q × price",
        r"Q=10\sum_i A_i\,(P_i-\alpha_i P_i-ET_i),\quad V=Q\,p",
    ),
    formula(
        "soil_retention",
        "Q = Σ A·R·K·LS·(1 − C·P)；价值 = 减少泥沙淤积 + 减少面源污染（氮、磷）",
        "Q = Σ A·R·K·LS·(1 − C·P); its value = less silt + less diffuse pollution (N, P)",
        r"Q=\sum_i A_i R_i K_i LS_i\,(1-C_iP_i),\quad V=V_{sd}+V_{dpd}",
    ),
    formula(
        "soil_retention_sediment",
        "Q = Σ A·λ·[R·K·LS·(1 − C·P)]/ρ；V = Q × 清淤单价",
        "Q = Σ A·λ·[R·K·LS·(1 − C·P)]/ρ; V = Q × dredging cost",
        r"Q=\lambda\sum_i \frac{A_i R_i K_i LS_i(1-C_iP_i)}{\rho_i},\quad V=Q\,c",
    ),
    formula(
        "soil_retention_nonpoint_n",
        "Q = Σ A·[R·K·LS·(1 − C·P)]·全氮含量；V = Q × 治理单价",
        "Q = Σ A·[R·K·LS·(1 − C·P)]·N content; V = Q × treatment cost",
        r"Q=\sum_i A_i R_i K_i LS_i(1-C_iP_i)\,c_{N,i},\quad V=Q\,p_N",
    ),
    formula(
        "soil_retention_nonpoint_p",
        "Q = Σ A·[R·K·LS·(1 − C·P)]·全磷含量；V = Q × 治理单价",
        "Q = Σ A·[R·K·LS·(1 − C·P)]·P content; V = Q × treatment cost",
        r"Q=\sum_i A_i R_i K_i LS_i(1-C_iP_i)\,c_{P,i},\quad V=Q\,p_P",
    ),
    formula(
        "carbon_sequestration",
        "Q = (44/12)·Σ A·NEP·0.01，A 公顷，NEP gC/(m²·a)；V = Q × 碳价（按 CO₂ 计）",
        "Q = (44/12)·Σ A·NEP·0.01, A in ha, NEP in gC/(m²·a); V = Q × price of CO₂",
        r"Q=\frac{44}{12}\sum_i A_i\,NEP_i\times 0.01,\quad V=Q\,p_{CO_2}",
    ),
    formula("supply_agriculture", "V = Σ 产量 × 市场价 × 计入比例", "V = Σ output × market price × share counted", r"V=s\sum_j E_j\,p_j"),
    formula("supply_forestry", "V = Σ 产量 × 市场价 × 计入比例", "V = Σ output × market price × share counted", r"V=s\sum_j E_j\,p_j"),
    formula("supply_livestock", "V = Σ 产量 × 市场价 × 计入比例", "V = Σ output × market price × share counted", r"V=s\sum_j E_j\,p_j"),
    formula("supply_fishery", "V = Σ 产量 × 市场价 × 计入比例", "V = Σ output × market price × share counted", r"V=s\sum_j E_j\,p_j"),
    formula("supply_other", "V = Σ 产量 × 市场价 × 计入比例", "V = Σ output × market price × share counted", r"V=s\sum_j E_j\,p_j"),
    formula("tourism_health", "V = 旅游收入 × 自然贡献比例（不含消费者剩余）", "V = tourism revenue × nature's share (no consumer surplus)", r"V=s\,Y"),
];

/// The formula of an indicator; a dotted part has its stem's, and anything else is a sum of parts.
pub fn of(indicator: &str) -> (Text, &'static str) {
    let stem = indicator.split_once('.').map_or(indicator, |(stem, _)| stem);
    FORMULAS
        .iter()
        .find(|f| f.indicator == indicator)
        .or_else(|| FORMULAS.iter().find(|f| f.indicator == stem))
        .map_or_else(|| (text("各组成部分之和", "the sum of its parts"), r"V=\sum_k V_k"), |f| (f.text.clone(), f.latex))
}

#[cfg(test)]
mod tests {
    use super::*;
    use liangshan_accounts::catalogue;

    #[test]
    fn every_formula_belongs_to_an_indicator_of_the_catalogue() {
        for formula in FORMULAS {
            assert!(catalogue::indicator(formula.indicator).is_some(), "{}", formula.indicator);
            assert!(!formula.latex.is_empty() && !formula.text.is_empty());
        }
    }
}
