//! What regulating services are worth, one formula each.

use liangshan_vocab::quantity::{Measure, measure};
use liangshan_vocab::spec::{ANY, POSITIVE, RATIO, Reach, SHARE, Source, choice, number, number_out};
use liangshan_vocab::{Answer, Arguments, Calculator, Problem, Spec, text, words};

use super::{VALUE_FEN, VALUE_YUAN, money, money_exact, price_of, product};
use crate::price::basis_mismatch;

pub(super) const ALL: &[&Calculator] = &[
    &WATER_CONSERVATION,
    &SOIL_RETENTION,
    &FERTILISER,
    &CARBON,
    &OXYGEN,
    &PHOTOSYNTHESIS,
    &FOREST_CARBON,
    &OXYGEN_RATIO,
    &FLOOD_REGULATION,
    &PURIFICATION,
    &CLIMATE,
    &PEST,
    &SAND,
];

const GARZE: Source =
    Source { work: "白玛卓嘎等（2017），甘孜藏族自治州生态系统生产总值核算研究，生态学报 37(19):6302-6312", at: "2.2、3.2" };
const LYT: Source = Source { work: "LY/T 1721-2008 的公式，引自张春华等（2018），生态学报 38(5):1739-1749", at: "2.4" };
const WATER: Measure = measure("water_volume", "m3");
const TONNES: Measure = measure("mass", "t");
const KWH: Measure = measure("electricity", "kWh");
const DENSITY: Measure = measure("bulk_density", "t/m3");
/// Above zero: the divisor of a volume.
const DENSITIES: (f64, f64) = (0.01, 3.0);

static WATER_CONSERVATION: Calculator = Calculator {
    spec: &Spec {
        id: "gep.water_conservation_value",
        title: text("水源涵养价值", "value of water conservation"),
        source: GARZE,
        reach: Reach::Whole,
        inputs: &[number("quantity_m3", "水源涵养量", "water conserved", WATER, ANY), price_of("price", "单位库容造价", "cost of a m³ of reservoir", "CNY/m3")],
        outputs: &[VALUE_YUAN, VALUE_FEN],
    },
    run: |given| money_exact(given.number("quantity_m3"), given.number("price")),
};

static SOIL_RETENTION: Calculator = Calculator {
    spec: &Spec {
        id: "gep.soil_retention_value",
        title: text("土壤保持价值", "value of soil retention"),
        source: Source { work: "白玛卓嘎等（2017），生态学报 37(19):6302-6312", at: "式 4、5" },
        reach: Reach::Whole,
        inputs: &[
            number("retained_t", "土壤保持量", "soil retained", TONNES, ANY),
            number("lambda", "泥沙淤积系数", "share of the soil that would silt up", RATIO, SHARE),
            number("rho", "土壤干容重", "dry bulk density", DENSITY, DENSITIES),
            price_of("dredging_price", "清淤单价（每立方米）", "cost of dredging, per m³ and not per tonne", "CNY/m3"),
            number("c_n", "土壤含氮率（质量比）", "nitrogen in the soil, by mass", RATIO, SHARE),
            number("c_p", "土壤含磷率（质量比）", "phosphorus in the soil, by mass", RATIO, SHARE),
            price_of("price_n", "氮治理成本", "cost of treating nitrogen", "CNY/t"),
            price_of("price_p", "磷治理成本", "cost of treating phosphorus", "CNY/t"),
        ],
        outputs: &[
            number_out("sediment_m3", "减少泥沙淤积量", "silt avoided", WATER),
            number_out("sediment_yuan", "减少泥沙淤积价值", "value of less silt", super::YUAN),
            number_out("n_t", "减少面源污染（氮）", "nitrogen kept", TONNES),
            number_out("n_yuan", "减少氮污染价值", "value of less nitrogen", super::YUAN),
            number_out("p_t", "减少面源污染（磷）", "phosphorus kept", TONNES),
            number_out("p_yuan", "减少磷污染价值", "value of less phosphorus", super::YUAN),
            VALUE_YUAN,
            VALUE_FEN,
        ],
    },
    run: |given| {
        let (retained, rho) = (given.number("retained_t"), given.number("rho"));
        let sediment = given.number("lambda") * (retained / rho);
        let (n, p) = (product(retained, given.number("c_n")), product(retained, given.number("c_p")));
        let worth = [sediment * given.number("dredging_price"), product(n, given.number("price_n")), product(p, given.number("price_p"))];
        let mut answer = money(worth.iter().sum())?;
        if !(0.7..=1.8).contains(&rho) {
            answer = answer.warn(
                Problem::warning("soil.bulk_density_implausible", words!("土壤容重 {rho} t/m3 不合常理", "a bulk density of {rho} t/m3 is implausible"))
                    .key("rho")
                    .expect(words!("矿质土壤干容重一般为 0.7–1.8 t/m3", "dry mineral soil has 0.7 to 1.8 t/m3")),
            );
        }
        let named = [("sediment_m3", sediment), ("sediment_yuan", worth[0]), ("n_t", n), ("n_yuan", worth[1]), ("p_t", p), ("p_yuan", worth[2])];
        Ok(named.into_iter().fold(answer, |answer, (name, number)| answer.and(name, number)))
    },
};

static FERTILISER: Calculator = Calculator {
    spec: &Spec {
        id: "gep.fertiliser_value",
        title: text("保肥价值", "value of a nutrient at the price of fertiliser"),
        source: Source {
            work: "缪建群等（2017），生态学报 37(19):6422-6430", at: "2.2；森林服务评估用，不得与面源污染价值相加"
        },
        reach: Reach::Whole,
        inputs: &[
            number("nutrient_kg", "养分量", "nutrient kept", measure("mass", "kg"), ANY),
            number("share", "化肥养分含量", "nutrient in the fertiliser", RATIO, (0.001, 1.0)),
            price_of("price", "化肥价格", "price of the fertiliser", "CNY/t"),
        ],
        outputs: &[VALUE_YUAN, VALUE_FEN],
    },
    run: |given| money(given.number("nutrient_kg") / 1000.0 / given.number("share") * given.number("price")),
};

static CARBON: Calculator = Calculator {
    spec: &Spec {
        id: "gep.carbon_value",
        title: text("固碳价值", "value of carbon sequestration"),
        source: GARZE,
        reach: Reach::Whole,
        inputs: &[
            number("quantity_t", "固碳量", "carbon or carbon dioxide taken up", TONNES, ANY),
            choice("quantity_basis", "固碳量的计量对象", "what the quantity is of", &["C", "CO2"]),
            price_of("price", "碳价格", "price of carbon", "CNY/t"),
            choice("price_basis", "碳价格的计价对象", "what the price is a price of", &["C", "CO2"]),
        ],
        outputs: &[VALUE_YUAN, VALUE_FEN],
    },
    run: |given| {
        let (of, basis) = (given.text("quantity_basis"), given.text("price_basis"));
        if of != basis {
            return Err(basis_mismatch(of, basis, &given.number("price").to_string()));
        }
        money_exact(given.number("quantity_t"), given.number("price"))
    },
};

static OXYGEN: Calculator = Calculator {
    spec: &Spec {
        id: "gep.oxygen_value",
        title: text("释氧价值", "value of oxygen release"),
        source: GARZE,
        reach: Reach::Whole,
        inputs: &[number("quantity_t", "释氧量", "oxygen released", TONNES, ANY), price_of("price", "工业制氧价格", "price of industrial oxygen", "CNY/t")],
        outputs: &[VALUE_YUAN, VALUE_FEN],
    },
    run: |given| money_exact(given.number("quantity_t"), given.number("price")),
};

static PHOTOSYNTHESIS: Calculator = Calculator {
    spec: &Spec {
        id: "gep.photosynthesis_value",
        title: text("固碳释氧价值（光合作用方程）", "value of carbon and oxygen by the photosynthesis equation"),
        source: Source {
            work: "缪建群等（2017），生态学报 37(19):6422-6430；包蕊等（2018），生态学报 38(3):812-828",
            at: "2.2：每吨干物质固定 1.63 吨二氧化碳",
        },
        reach: Reach::Whole,
        inputs: &[
            number("npp_t", "净初级生产量", "net primary production", TONNES, ANY),
            choice("npp_basis", "净初级生产量以干物质还是碳计", "is it counted in dry matter or in carbon", &["dry_matter", "carbon"]),
            number("carbon_fraction", "干物质含碳率，以碳计时必填", "carbon in dry matter; needed where npp_basis is carbon", RATIO, (0.3, 0.6)).optional(),
            number("co2_per_t", "每吨干物质固定二氧化碳量", "CO2 per tonne of dry matter", RATIO, POSITIVE),
            number("o2_per_t", "每吨干物质释放氧气量", "O2 per tonne of dry matter", RATIO, POSITIVE),
            price_of("price_co2", "碳价格（每吨二氧化碳）", "price per tonne of CO2", "CNY/t"),
            price_of("price_o2", "氧气价格", "price of oxygen", "CNY/t"),
        ],
        outputs: &[
            number_out("co2_t", "固定二氧化碳量", "CO2 taken up", TONNES),
            number_out("o2_t", "释放氧气量", "O2 released", TONNES),
            number_out("co2_yuan", "固碳价值", "value of carbon", super::YUAN),
            number_out("o2_yuan", "释氧价值", "value of oxygen", super::YUAN),
            VALUE_YUAN,
            VALUE_FEN,
        ],
    },
    run: |given| {
        let dry = dry_matter(given, given.number("npp_t"))?;
        let (co2, o2) = (dry * given.number("co2_per_t"), dry * given.number("o2_per_t"));
        let worth = [co2 * given.number("price_co2"), o2 * given.number("price_o2")];
        Ok(money(worth[0] + worth[1])?.and("co2_t", co2).and("o2_t", o2).and("co2_yuan", worth[0]).and("o2_yuan", worth[1]))
    },
};

static FOREST_CARBON: Calculator = Calculator {
    spec: &Spec {
        id: "gep.forest_carbon_value",
        title: text("森林固碳释氧价值（林业标准式）", "value of forest carbon and oxygen, forestry formula"),
        source: LYT,
        reach: Reach::Whole,
        inputs: &[
            number("area_ha", "林地面积", "area", measure("area", "ha"), POSITIVE),
            number("npp_t_per_ha", "单位面积净初级生产量", "net primary production per hectare", measure("production", "t/ha"), POSITIVE),
            choice("npp_basis", "净初级生产量以干物质还是碳计", "is it counted in dry matter or in carbon", &["dry_matter", "carbon"]),
            number("carbon_fraction", "干物质含碳率，以碳计时必填", "carbon in dry matter; needed where npp_basis is carbon", RATIO, (0.3, 0.6)).optional(),
            number("soil_carbon_t_per_ha", "土壤年固碳量", "carbon taken up by the soil", measure("carbon", "t C/ha"), POSITIVE),
            price_of("price_c", "碳价格（每吨碳）", "price per tonne of carbon", "CNY/t"),
            price_of("price_o2", "氧气价格", "price of oxygen", "CNY/t"),
        ],
        outputs: &[
            number_out("carbon_t", "固碳量（以碳计）", "carbon taken up", measure("carbon", "t C")),
            number_out("oxygen_t", "释氧量", "oxygen released", TONNES),
            number_out("carbon_yuan", "固碳价值", "value of carbon", super::YUAN),
            number_out("oxygen_yuan", "释氧价值", "value of oxygen", super::YUAN),
            VALUE_YUAN,
            VALUE_FEN,
        ],
    },
    run: |given| {
        let (area, dry) = (given.number("area_ha"), dry_matter(given, given.number("npp_t_per_ha"))?);
        // 1.63 t CO2 and 1.19 t O2 per tonne of dry matter; 0.2727 is the carbon in CO2, as printed.
        let carbon = area * (1.63 * 0.2727 * dry + given.number("soil_carbon_t_per_ha"));
        let oxygen = 1.19 * area * dry;
        let worth = [carbon * given.number("price_c"), oxygen * given.number("price_o2")];
        Ok(money(worth[0] + worth[1])?.and("carbon_t", carbon).and("oxygen_t", oxygen).and("carbon_yuan", worth[0]).and("oxygen_yuan", worth[1]))
    },
};

/// Production in dry matter. Carbon put where dry matter belongs halves a result and shows in no unit.
fn dry_matter(given: &Arguments, production: f64) -> Result<f64, Problem> {
    if given.text("npp_basis") == "dry_matter" {
        return Ok(production);
    }
    let fraction = given.number("carbon_fraction");
    if fraction.is_nan() {
        return Err(Problem::error(
            "calc.missing",
            words!("净初级生产量以碳计，须给出干物质含碳率", "production in carbon needs the carbon fraction of dry matter"),
        )
        .key("carbon_fraction")
        .expect(words!("如 0.5，并注明出处", "for example 0.5, with its source")));
    }
    Ok(production / fraction)
}

static OXYGEN_RATIO: Calculator = Calculator {
    spec: &Spec {
        id: "oxygen.ratio_check",
        title: text("氧碳比一致性检验", "are oxygen and carbon dioxide computed from one basis"),
        source: Source { work: "photosynthesis: 32 g O2 for 44 g CO2; dry-matter coefficients 1.19 and 1.2 over 1.63", at: "0.727 to 0.736" },
        reach: Reach::Whole,
        inputs: &[number("o2_t", "释氧量", "oxygen", TONNES, POSITIVE), number("co2_t", "固定二氧化碳量", "carbon dioxide", TONNES, POSITIVE)],
        outputs: &[number_out("ratio", "氧碳比", "O2 over CO2", RATIO)],
    },
    run: |given| {
        let ratio = super::arithmetic::ratio(given.number("o2_t"), given.number("co2_t"), "co2_t")?;
        let answer = Answer::number("ratio", ratio);
        if (0.72..=0.74).contains(&ratio) {
            return Ok(answer);
        }
        Ok(answer.warn(
            Problem::warning("oxygen.two_bases", words!("氧碳比为 {ratio:.3}，释氧与固碳依据不同", "O2/CO2 is {ratio:.3}: the two rest on different bases"))
                .expect(words!("0.72–0.74", "0.72 to 0.74"))
                .fix(words!("两者同用 NEP 或同用干物质产量计算", "compute both from NEP, or both from dry matter")),
        ))
    },
};

static FLOOD_REGULATION: Calculator = Calculator {
    spec: &Spec {
        id: "gep.flood_regulation_value",
        title: text("洪水调蓄价值", "value of flood regulation"),
        source: GARZE,
        reach: Reach::Whole,
        inputs: &[
            number("vegetation_m3", "植被调蓄量，未给出即不计", "by vegetation; not counted if left out", WATER, POSITIVE).optional(),
            number("lake_m3", "湖泊调蓄量，未给出即不计", "by lakes; not counted if left out", WATER, POSITIVE).optional(),
            number("reservoir_m3", "水库调蓄量，未给出即不计", "by reservoirs; not counted if left out", WATER, POSITIVE).optional(),
            number("marsh_m3", "沼泽调蓄量，未给出即不计", "by marshes; not counted if left out", WATER, POSITIVE).optional(),
            price_of("price", "单位库容造价", "cost of a m³ of reservoir", "CNY/m3"),
        ],
        outputs: &[number_out("quantity_m3", "洪水调蓄量", "flood water held", WATER), VALUE_YUAN, VALUE_FEN],
    },
    run: |given| {
        let parts = ["vegetation_m3", "lake_m3", "reservoir_m3", "marsh_m3"];
        if !parts.iter().any(|part| given.has(part)) {
            return Err(Problem::error("calc.missing", words!("至少给出一项调蓄量", "at least one of the four amounts is needed")).key(parts.join(" | ")));
        }
        let quantity: f64 = parts.iter().map(|part| given.number_or(part, 0.0)).sum();
        Ok(money_exact(quantity, given.number("price"))?.and("quantity_m3", quantity))
    },
};

const POLLUTANTS: &[&str] = &["SO2", "NOx", "dust", "COD", "NH3-N", "TN", "TP"];

static PURIFICATION: Calculator = Calculator {
    spec: &Spec {
        id: "gep.purification_value",
        title: text("净化价值", "value of a pollutant removed"),
        source: GARZE,
        reach: Reach::Whole,
        inputs: &[
            number("quantity_t", "净化量", "removed", TONNES, ANY),
            choice("pollutant", "污染物", "the pollutant", POLLUTANTS),
            number("price", "治理成本", "cost of treatment", measure("price", "CNY"), POSITIVE),
            choice("price_unit", "治理成本的单位", "unit of the cost", &["CNY/kg", "CNY/t"]),
            choice("price_pollutant", "治理成本所指的污染物", "the pollutant the cost is for", POLLUTANTS),
        ],
        outputs: &[VALUE_YUAN, VALUE_FEN],
    },
    run: |given| {
        let (of, basis, price) = (given.text("pollutant"), given.text("price_pollutant"), given.number("price"));
        if of != basis {
            return Err(basis_mismatch(of, basis, &price.to_string()));
        }
        money_exact(given.number("quantity_t"), if given.text("price_unit") == "CNY/kg" { product(price, 1000.0) } else { price })
    },
};

static CLIMATE: Calculator = Calculator {
    spec: &Spec {
        id: "gep.climate_value",
        title: text("气候调节价值", "value of climate regulation"),
        source: GARZE,
        reach: Reach::Whole,
        inputs: &[
            number("transpiration_kwh", "植被蒸腾节电量", "electricity saved by transpiration", KWH, ANY),
            number("evaporation_kwh", "水面蒸发节电量", "electricity saved by evaporation", KWH, ANY),
            price_of("price", "电价", "price of electricity", "CNY/kWh"),
        ],
        outputs: &[VALUE_YUAN, VALUE_FEN],
    },
    run: |given| money_exact(given.number("transpiration_kwh") + given.number("evaporation_kwh"), given.number("price")),
};

static PEST: Calculator = Calculator {
    spec: &Spec {
        id: "gep.pest_value",
        title: text("病虫害控制价值", "value of pest control"),
        source: GARZE,
        reach: Reach::Whole,
        inputs: &[
            number("area_ha", "自愈面积", "area that healed itself", measure("area", "ha"), POSITIVE),
            price_of("price", "防治成本", "cost of control", "CNY/ha"),
        ],
        outputs: &[VALUE_YUAN, VALUE_FEN],
    },
    run: |given| money_exact(given.number("area_ha"), given.number("price")),
};

static SAND: Calculator = Calculator {
    spec: &Spec {
        id: "gep.sand_value",
        title: text("防风固沙价值", "value of sand fixation"),
        source: GARZE,
        reach: Reach::Whole,
        inputs: &[
            number("fixed_t", "固沙量", "sand fixed", TONNES, ANY),
            number("rho", "沙的容重", "bulk density of sand", DENSITY, DENSITIES),
            number("depth_m", "覆沙厚度", "depth of sand that makes desert", measure("depth", "m"), (0.001, 10.0)),
            price_of("price", "治沙成本", "cost of restoration", "CNY/m2"),
        ],
        outputs: &[number_out("area_m2", "避免沙化面积", "desert avoided", measure("area", "m2")), VALUE_YUAN, VALUE_FEN],
    },
    run: |given| {
        let area = given.number("fixed_t") / (given.number("rho") * given.number("depth_m"));
        Ok(money(area * given.number("price"))?.and("area_m2", area))
    },
};
