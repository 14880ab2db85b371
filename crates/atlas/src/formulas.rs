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

/// One for every pollutant of air and water.
const fn purified(indicator: &'static str) -> Formula {
    formula(
        indicator,
        "净化能力 C = Σ A·速率；各县浓度达标时 Q = min(排放量 E, C)，超标时 Q = C（purification_regime 另有规定的从其规定）；按 C 分配到类型与格网；V = Q × 单价",
        "capacity C = Σ A·rate; by county Q = min(emission E, C) where the concentration keeps its limit, else C, unless purification_regime says otherwise; shared out by C; V = Q × price",
        r"Q_c=\begin{cases}\min(E_c,C_c)&c\le c_{lim}\\C_c&c>c_{lim}\end{cases},\quad C_c=\sum_i A_i q_i,\quad V=Q\,p",
    )
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
    formula(
        "oxygen_release",
        "Q = (32/44)·固碳量（以 CO₂ 计）；V = Q × 工业制氧价格",
        "Q = (32/44)·carbon dioxide taken up; V = Q × price of industrial oxygen",
        r"Q=\frac{32}{44}Q_{CO_2},\quad V=Q\,p_{O_2}",
    ),
    formula(
        "flood_regulation_vegetation",
        "Q = Σ A·P暴雨·(1 − 暴雨径流占比)·10，A 公顷，P 毫米；V = Q × 单位库容造价",
        "Q = Σ A·P_storm·(1 − share that runs off)·10, A in ha, P in mm; V = Q × cost of reservoir capacity",
        r"Q=10\sum_i A_i\,P_{h,i}\,(1-r_i),\quad V=Q\,p",
    ),
    formula(
        "flood_regulation_marsh",
        "Q = 沼泽面积 × 调蓄水深；V = Q × 单位库容造价",
        "Q = area of marsh × depth; V = Q × cost of reservoir capacity",
        r"Q=h\sum_i A_i,\quad V=Q\,p",
    ),
    purified("air_purification_so2"),
    purified("air_purification_nox"),
    purified("air_purification_pm"),
    purified("water_purification_cod"),
    purified("water_purification_tn"),
    formula(
        "water_purification_nh3n",
        "各县 Q = 排放量（无速率可用），按湿地净化能力占比分配；与总氮不相加",
        "by county Q = emission (no rate is known), shared out by the capacity of wetlands; never added to total nitrogen",
        r"Q_c=E_c",
    ),
    purified("water_purification_tp"),
    formula(
        "climate_regulation_transpiration",
        "Q = Σ A·EPP·D·10⁴/(3600·R)，A 公顷，EPP kJ/(m²·d)，D 天；蒸散发能量法以 ET/365·q 代替 EPP；V = Q × 电价",
        "Q = Σ A·EPP·D·10⁴/(3600·R), A in ha, EPP in kJ/(m²·d), D days; by energy of evapotranspiration ET/365·q stands for EPP; V = Q × price of electricity",
        r"Q=\sum_i \frac{10^4\,A_i\,EPP_i\,D_i}{3600\,R},\quad V=Q\,p_e",
    ),
    formula(
        "climate_regulation_evaporation",
        "Q = Σ W·(1000·q/3600/R + γ)，W = A·e·D·10 为高温日蒸发水量（m³）；V = Q × 电价",
        "Q = Σ W·(1000·q/3600/R + γ), W = A·e·D·10 the water evaporated on hot days, m³; V = Q × price of electricity",
        r"Q=W\left(\frac{1000\,q}{3600\,R}+\gamma\right),\quad V=Q\,p_e",
    ),
    formula("supply_agriculture", "V = Σ 产量 × 市场价 × 计入比例", "V = Σ output × market price × share counted", r"V=s\sum_j E_j\,p_j"),
    formula("supply_forestry", "V = Σ 产量 × 市场价 × 计入比例", "V = Σ output × market price × share counted", r"V=s\sum_j E_j\,p_j"),
    formula("supply_livestock", "V = Σ 产量 × 市场价 × 计入比例", "V = Σ output × market price × share counted", r"V=s\sum_j E_j\,p_j"),
    formula("supply_fishery", "V = Σ 产量 × 市场价 × 计入比例", "V = Σ output × market price × share counted", r"V=s\sum_j E_j\,p_j"),
    formula("supply_other", "V = Σ 产量 × 市场价 × 计入比例", "V = Σ output × market price × share counted", r"V=s\sum_j E_j\,p_j"),
    formula("tourism_health", "V = 旅游收入 × 自然贡献比例（不含消费者剩余）", "V = tourism revenue × nature's share (no consumer surplus)", r"V=s\,Y"),
    formula("tourism_health.spending", "V = 游客人次 × 人次旅行支出", "V = visits × travel spending a visit", r"V=N\,TE"),
    formula("tourism_health.time", "V = 游客人次 × 人次时间成本", "V = visits × cost of time a visit", r"V=N\,TV"),
    formula(
        "tourism_health.consumer_surplus",
        "V = 游客人次 × 人次消费者剩余（福利价值）",
        "V = visits × consumer surplus a visit, a welfare value",
        r"V=N\,CS",
    ),
    formula(
        "supply_biomass_energy",
        "V = Σ 能源利用量 × 单价，秸秆、薪柴、沼气分别计",
        "V = Σ amount × price; straw, firewood and biogas apart",
        r"V=\sum_k Q_k\,p_k",
    ),
    formula("supply_freshwater", "V = Σ 用水量 × 水价，按用途", "V = Σ water used × price, by use", r"V=\sum_u W_u\,p_u"),
    formula("supply_hydropower", "V = 发电量 × 电价（非生物流，不在 SEEA EA 范围）", "V = electricity × price (abiotic, outside SEEA EA)", r"V=E\,p"),
    formula(
        "flood_regulation_lake",
        "Q = Σ 单个湖泊 e^b·A^a·T·1e4 m³，A 平方千米；V = Q × 库容单价",
        "Q = Σ over single lakes e^b·A^a·T·1e4 m³, A in km²; V = Q × price of capacity",
        r"Q=10^4\sum_l e^{b}A_l^{a}T,\quad V=Q\,p",
    ),
    formula(
        "flood_regulation_reservoir",
        "Q = 0.35·Σ 当年在用水库的总库容；V = Q × 库容单价",
        "Q = 0.35·Σ total capacity of reservoirs in use; V = Q × price of capacity",
        r"Q=0.35\sum_r C_r,\quad V=Q\,p",
    ),
    formula(
        "noise_reduction",
        "Q = Σ 绿带道路长度 × 衰减；V = Q × 屏障成本",
        "Q = Σ length of roads with a green belt × attenuation; V = Q × barrier cost",
        r"Q=\sum_r L_r\,\Delta_r,\quad V=Q\,c",
    ),
    formula(
        "negative_ions",
        "Q = 5.256e15·Σ A·H·max(0, Q_f − 600)/L，A 公顷，H 米，Q_f 个/cm³，L 分钟；V = Q × 单价",
        "Q = 5.256e15·Σ A·H·max(0, Q_f − 600)/L, A in ha, H in m, Q_f ions/cm³, L in min; V = Q × price",
        r"Q=5.256\times 10^{15}\sum_s \frac{A_sH_s\max(0,Q_{f,s}-600)}{L_s},\quad V=Q\,K",
    ),
    formula("pest_control", "V = Σ 自然康复面积 × 防治成本", "V = Σ self-healed area × cost of control", r"V=\sum_i A_i\,c_i"),
    formula("species_conservation", "V = Σ 各香农指数级的面积 × 机会成本", "V = Σ area of a Shannon class × opportunity cost", r"V=\sum_j A_j\,S_j"),
    formula("leisure_recreation", "Q = Σ 人次 × 小时；V = Q × 时间价值", "Q = Σ visits × hours; V = Q × value of an hour", r"Q=\sum_g N_g\,h_g,\quad V=Q\,w"),
    formula("landscape_premium", "V = Σ 建筑面积（或间夜）× 年溢价", "V = Σ floor area (or room-nights) × yearly premium", r"V=\sum_k Q_k\,p_k"),
];

/// Formulas of the models behind an indicator, in the order of the catalogue of models.
const MODELS: &[(&str, Text)] = &[
    (
        "slope",
        text(
            "坡度 = arctan √[((z_E − z_W)/2Δx)² + ((z_S − z_N)/2Δy)²]，z 为四邻高程，Δ 为格网边长",
            "slope = arctan √[((z_E − z_W)/2Δx)² + ((z_S − z_N)/2Δy)²], z the elevations of the four neighbours, Δ the cell size",
        ),
    ),
    (
        "erodibility",
        text(
            "K = (−0.01383 + 0.51575·K_EPIC)·0.1317；K_EPIC = {0.2 + 0.3·exp[−0.0256·砂(1 − 粉/100)]}·[粉/(黏 + 粉)]^0.3·{1 − 0.25·碳/[碳 + exp(3.72 − 2.95·碳)]}·{1 − 0.7(1 − 砂/100)/[(1 − 砂/100) + exp(−5.51 + 22.9(1 − 砂/100))]}，含量为百分数",
            "K = (−0.01383 + 0.51575·K_EPIC)·0.1317; K_EPIC = {0.2 + 0.3·exp[−0.0256·sand(1 − silt/100)]}·[silt/(clay + silt)]^0.3·{1 − 0.25·C/[C + exp(3.72 − 2.95·C)]}·{1 − 0.7(1 − sand/100)/[(1 − sand/100) + exp(−5.51 + 22.9(1 − sand/100))]}, contents in percent",
        ),
    ),
    (
        "slope_length_steepness",
        text(
            "LS = L·S；L = (λ/22.13)^m，m = β/(1 + β)，β = (sin θ/0.089)/(3·(sin θ)^0.8 + 0.56)；S = 10.8·sin θ + 0.03（θ < 5.14°），16.8·sin θ − 0.5（< 10.20°），21.9·sin θ − 0.96（< 28.81°），9.5988（其余）",
            "LS = L·S; L = (λ/22.13)^m, m = β/(1 + β), β = (sin θ/0.089)/(3·(sin θ)^0.8 + 0.56); S = 10.8·sin θ + 0.03 (θ < 5.14°), 16.8·sin θ − 0.5 (< 10.20°), 21.9·sin θ − 0.96 (< 28.81°), 9.5988 (above)",
        ),
    ),
    (
        "cover_factor",
        text(
            "C：按 rule 取值；0 为常数 c_cover_0，1 按覆盖度分级（取到三位小数，下限含在级内），2 为 a + b·lg(覆盖度)，限于 0–1",
            "C by its rule: 0 the constant c_cover_0, 1 by class of cover (to three decimals, the lower edge included), 2 a + b·log10(cover) within 0 to 1",
        ),
    ),
    (
        "soil_retention",
        text(
            "潜在 = R·K·LS，实际 = R·K·LS·C·P；R = Σ 24 个半月的 Σ α·P日^1.7265，只计日雨量不小于阈值的日，α 在 5–9 月为 0.3937，其余月为 0.3101（R 由日雨量计算时）",
            "potential = R·K·LS, actual = R·K·LS·C·P; R = Σ over 24 half-months of Σ α·P_day^1.7265 on days at or above the threshold, α 0.3937 from May to September and 0.3101 else (where R comes from daily rain)",
        ),
    ),
];

/// The formula of a model, where it needs saying beside the indicator's own.
pub fn of_model(model: &str) -> Option<&'static Text> {
    MODELS.iter().find(|m| m.0 == model).map(|m| &m.1)
}

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
    fn every_model_formula_belongs_to_a_model() {
        for (model, words) in MODELS {
            assert!(liangshan_models::find(model).is_some(), "{model}");
            assert!(!words.is_empty());
        }
    }

    #[test]
    fn every_formula_belongs_to_an_indicator_of_the_catalogue() {
        for formula in FORMULAS {
            assert!(catalogue::indicator(formula.indicator).is_some(), "{}", formula.indicator);
            assert!(!formula.latex.is_empty() && !formula.text.is_empty());
        }
    }
}
