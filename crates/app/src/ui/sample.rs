//! A small invented publication for tests of pages: every state an account can be in, and a name that
//! tries to be a tag. Nothing in it says anything about a real place.

use std::collections::BTreeMap;

use liangshan_accounts::account::{AccountInput, AccountPlace, Denominator, State, Status};
use liangshan_accounts::atom::{Atom, AtomKey, UnitPrice};
use liangshan_accounts::change::{Change, split_atoms};
use liangshan_accounts::plausibility::{bands, observations};
use liangshan_accounts::price::{Price, PriceRow};
use liangshan_accounts::profile::{Inclusion, IndicatorMethod, Parameter, ParameterValue, Profile};
use liangshan_accounts::review::{Given, questions};
use liangshan_accounts::valuation::Amount;
use liangshan_atlas::deliveries::completeness::Completeness;
use liangshan_atlas::explain::{ExplainStep, Explanation};
use liangshan_atlas::layers::Read;
use liangshan_atlas::publication::{MapCard, ParameterCard, PlaceCard, Publication, SourceCard};
use liangshan_atlas::region::Weather;
use liangshan_vocab::{Digest, Evidence, Fen, Origin, Problem, Problems, Text, Unit, text, words};

/// Two invented counties of a city, one with a hostile name, on a grid of 40 × 30 cells of 100 m.
pub(crate) fn small() -> Publication {
    let square = |x: f32, y: f32, side: f32| vec![vec![(x, y), (x + side, y), (x + side, y + side), (x, y + side)]];
    let place = |code: &str, name: Text, parent: Option<&str>, area_m2: f64, outline: Vec<Vec<(f32, f32)>>, label: (f32, f32)| PlaceCard {
        code: code.into(),
        name,
        parent: parent.map(Into::into),
        area_m2,
        outline,
        label,
    };
    let places = vec![
        place("990101", text("甲<b>县&\"", "Jia <b>County"), Some("990100"), 4e6, square(2.0, 4.0, 20.0), (12.0, 14.0)),
        place("990102", text("乙县", "Yi County"), Some("990100"), 2.56e6, square(22.0, 6.0, 16.0), (30.0, 14.0)),
        place("990100", text("示例市", "Sample City"), None, 6.56e6, vec![], (20.0, 14.0)),
    ];
    let map = |indicator: &str, year: i32, title: Text, unit: &str, base: f32, origin: Origin| {
        let values = (0..1200).map(|i| {
            let (x, y) = ((i % 40) as f32, (i / 40) as f32);
            let within = (2.0..22.0).contains(&x) && (4.0..24.0).contains(&y) || (22.0..38.0).contains(&x) && (6.0..22.0).contains(&y);
            let pond = (8.0..13.0).contains(&x) && (8.0..13.0).contains(&y);
            if within && !pond { base + x * 4.0 - y } else { f32::NAN }
        });
        let file = format!("maps/{indicator}_{year}.tif");
        MapCard {
            file,
            indicator: indicator.into(),
            year,
            title,
            unit: unit.into(),
            columns: 40,
            rows: 30,
            step: 1,
            values: values.collect(),
            cells: 631,
            range: [51.0, 148.5, 246.0],
            origin,
        }
    };
    let maps = vec![
        map("water_conservation", 2019, text("水源涵养量", "water conserved"), "mm/a", 110.0, Origin::Mixed),
        map("water_conservation", 2020, text("水源涵养量", "water conserved"), "mm/a", 100.0, Origin::Mixed),
    ];
    of("sample", text("示例市", "Sample City"), places, maps, 100.0)
}

/// One line of the invented account: indicator, unit, decimals, price with its unit, basis and year,
/// and the quantity of a km² of each ecosystem type.
type Line = (&'static str, &'static str, u32, Option<(&'static str, &'static str, &'static str, i32)>, &'static [(&'static str, f64)], Evidence, Origin);

const ECOSYSTEMS: [(&str, &str, &str, f64); 7] = [
    ("forest", "森林", "forest", 0.705),
    ("shrub", "灌丛", "shrub", 0.02),
    ("grassland", "草地", "grassland", 0.012),
    ("wetland", "湿地", "wetland", 0.02),
    ("farmland", "农田", "farmland", 0.183),
    ("town", "城镇", "town", 0.06),
    ("unallocated", "未归入类型", "not attributed", 0.0),
];

use Evidence::{Partial, Unverified, Verified};
use Origin::{Measured, Mixed, Modelled, Synthetic};

const LINES: &[Line] = &[
    ("supply_agriculture", "CNY", 2, Some(("0.42", "1", "gross output", 2020)), &[("farmland", 4_800_000.0)], Unverified, Mixed),
    ("supply_forestry", "CNY", 2, Some(("0.6", "1", "gross output", 2020)), &[("forest", 310_000.0)], Unverified, Synthetic),
    ("supply_livestock.pigs", "CNY", 2, Some(("0.3", "1", "gross output", 2020)), &[("grassland", 21_000_000.0)], Unverified, Synthetic),
    (
        "water_conservation",
        "m3",
        0,
        Some(("7.06", "CNY/m3", "capacity", 2010)),
        &[("forest", 810_000.0), ("shrub", 690_000.0), ("grassland", 520_000.0), ("farmland", 410_000.0), ("town", -90_000.0)],
        Verified,
        Mixed,
    ),
    ("soil_retention", "t", 1, None, &[("forest", 31_000.0), ("shrub", 24_000.0), ("grassland", 12_000.0), ("farmland", 5_200.0)], Partial, Mixed),
    (
        "soil_retention_sediment",
        "m3",
        1,
        Some(("15.58", "CNY/m3", "sediment volume", 2010)),
        &[("forest", 5_600.0), ("shrub", 4_300.0), ("grassland", 2_100.0), ("farmland", 930.0)],
        Partial,
        Mixed,
    ),
    ("soil_retention_nonpoint_n", "t", 3, Some(("875", "CNY/t", "N", 2010)), &[("forest", 37.2), ("shrub", 28.1), ("farmland", 6.3)], Partial, Mixed),
    ("soil_retention_nonpoint_p", "t", 3, Some(("2800", "CNY/t", "P", 2010)), &[("forest", 12.4), ("shrub", 9.8), ("farmland", 2.2)], Partial, Mixed),
    ("air_purification_so2", "t", 3, Some(("1263", "CNY/t", "SO2", 2018)), &[("forest", 0.41), ("farmland", 0.12)], Verified, Modelled),
    ("air_purification_pm", "t", 3, Some(("300", "CNY/t", "dust", 2018)), &[("forest", 9.1), ("farmland", 1.4)], Verified, Modelled),
    (
        "carbon_sequestration",
        "t CO2",
        1,
        Some(("379.87", "CNY/(t CO2)", "CO2", 2014)),
        &[("forest", 1_420.0), ("shrub", 900.0), ("grassland", 430.0)],
        Unverified,
        Mixed,
    ),
    (
        "oxygen_release",
        "t O2",
        1,
        Some(("1160.7", "CNY/(t O2)", "O2", 2014)),
        &[("forest", 1_032.0), ("shrub", 655.0), ("grassland", 312.0)],
        Unverified,
        Mixed,
    ),
    ("tourism_health", "CNY", 2, Some(("0.35", "1", "tourism revenue", 2020)), &[("unallocated", 6_100_000.0)], Verified, Measured),
];

/// A publication over given places and maps, with an account made up from their areas.
pub(crate) fn of(region: &str, title: Text, places: Vec<PlaceCard>, maps: Vec<MapCard>, cell_m: f64) -> Publication {
    let whole = places.iter().find(|p| p.parent.is_none()).map(|p| p.code.clone()).unwrap();
    let years = vec![2019, 2020];
    let profile = profile();
    let counties: Vec<&PlaceCard> = places.iter().filter(|p| p.parent.is_some()).collect();
    let extent = extent(&places, &years);
    let input = AccountInput {
        profile: &profile,
        years: years.clone(),
        places: places
            .iter()
            .map(|p| AccountPlace { code: p.code.clone(), name: p.name.clone(), parent: p.parent.clone(), area_km2: Some(p.area_m2 / 1e6) })
            .collect(),
        ecosystems: ECOSYSTEMS.iter().map(|e| e.0.to_owned()).collect(),
        atoms: atoms(&counties, &years, &extent),
        states: states(counties[1]),
        denominators: places
            .iter()
            .flat_map(|p| {
                years.iter().map(|y| Denominator {
                    year: *y,
                    place: p.code.clone(),
                    population: Some(p.area_m2 / 4_000.0),
                    gdp: Some(Fen((p.area_m2 * 2_000.0) as i128)),
                })
            })
            .collect(),
        deductions: vec![],
    };
    let account = liangshan_accounts::build(&input).unwrap();
    let changes = vec![change(&input.atoms)];
    let review = questions(&Given {
        account: &account,
        atoms: &input.atoms,
        profile: &profile,
        prices: &LINES.iter().filter_map(|l| Some(price(l.0, l.3?))).collect::<Vec<_>>(),
        price_lines: ("sources/prices.csv", &BTreeMap::new()),
        whole: (&whole, &title),
        seen: &observations(&account),
        bands: &bands(),
    });
    let basis = Digest::of_bytes(&[0x5a; 32]);
    Publication {
        region: region.into(),
        title,
        whole,
        edition: "osm-2020".into(),
        version: "0.1.0",
        crs: "EPSG:4549".into(),
        cell_m,
        weather: Weather::Year,
        names: BTreeMap::from([("supply_livestock.pigs".to_owned(), text("生猪", "pigs"))]),
        ecosystems: ECOSYSTEMS.iter().map(|e| (e.0.to_owned(), text(e.1, e.2))).collect(),
        sources: sources(),
        warnings: warnings(),
        parameters: parameters(),
        deliveries: Completeness::default(),
        sample: Some(explanation(counties[0])),
        profile,
        changes,
        review,
        account,
        places,
        extent,
        maps,
        basis,
    }
}

/// Material supply and tourism change by themselves, all else with the weather.
fn change(atoms: &[Atom]) -> Change {
    let runs = std::array::from_fn(|set| {
        let year = |a: &Atom| {
            let bit = if a.indicator.starts_with("supply_") || a.indicator == "tourism_health" { 4 } else { 1 };
            if set & bit == 0 { 2019 } else { 2020 }
        };
        atoms.iter().filter(|a| a.year == year(a)).cloned().collect()
    });
    split_atoms(2019, 2020, &runs).unwrap()
}

fn extent(places: &[PlaceCard], years: &[i32]) -> BTreeMap<(i32, String, String), f64> {
    let mut out = BTreeMap::new();
    for (at, place) in places.iter().enumerate() {
        for year in years {
            for (id, _, _, share) in ECOSYSTEMS.iter().filter(|e| e.3 > 0.0) {
                let drift = if *year == 2020 && *id == "town" { 1.02 } else { 1.0 };
                let tilt = if *id == "forest" && place.parent.is_some() { 0.92 + 0.03 * (at % 6) as f64 } else { 1.0 };
                out.insert((*year, place.code.clone(), (*id).to_owned()), place.area_m2 * share * drift * tilt);
            }
        }
    }
    out
}

fn price(id: &str, (value, unit, basis, year): (&str, &str, &str, i32)) -> Price {
    let row = PriceRow { id: format!("{id}_price"), indicator: id.into(), value: value.into(), unit: unit.into(), ..PriceRow::default() };
    Price::new(PriceRow { basis: basis.into(), year: year.to_string(), evidence: "unverified".into(), ..row }).unwrap()
}

fn atoms(counties: &[&PlaceCard], years: &[i32], extent: &BTreeMap<(i32, String, String), f64>) -> Vec<Atom> {
    let mut out = Vec::new();
    for year in years {
        for (at, county) in counties.iter().enumerate() {
            for (id, unit, decimals, priced, rates, evidence, origin) in LINES {
                // The second county has no tourism figures.
                if *id == "tourism_health" && at == 1 {
                    continue;
                }
                let wet = if *year == 2020 { 0.93 - 0.01 * (id.len() % 4) as f64 } else { 1.0 };
                let grown = if matches!(*id, "supply_agriculture" | "supply_livestock.pigs") { 2.0 - wet } else { wet };
                for (ecosystem, rate) in *rates {
                    let m2 = extent.get(&(*year, county.code.clone(), (*ecosystem).to_owned())).copied().unwrap_or(county.area_m2);
                    let quantity = Amount::round(m2 / 1e6 * rate * grown * (1.0 + 0.07 * (at as f64 - 1.5)), *decimals).unwrap();
                    let price = priced.map(|p| UnitPrice::of(&price(id, p), &Unit::parse(unit).unwrap(), p.2).unwrap());
                    let key = AtomKey { year: *year, place: county.code.clone(), ecosystem: (*ecosystem).into(), indicator: (*id).into() };
                    out.push(Atom::new(key, quantity, unit, price, *evidence, *origin).unwrap());
                }
            }
        }
    }
    out
}

fn states(lacking: &PlaceCard) -> Vec<State> {
    let everywhere = |indicator: &str, status: Status| State { indicator: indicator.into(), year: None, place: None, status };
    vec![
        everywhere(
            "windbreak_sand_fixation",
            Status::Zero { reason: text("境内无沙源，按零申明", "there is no source of sand; declared zero"), origin: Origin::Measured },
        ),
        everywhere("coastal_protection", Status::NotApplicable(text("内陆城市，没有海岸", "an inland city without a coast"))),
        everywhere(
            "noise_reduction",
            Status::MissingInput {
                reason: text("没有道路噪声监测数据", "there are no noise readings along roads"),
                file: "sources/indicators/noise_reduction.csv".into(),
            },
        ),
        State {
            place: Some(lacking.code.clone()),
            ..everywhere(
                "tourism_health",
                Status::MissingInput {
                    reason: text("旅游统计尚未报送", "tourism figures were not delivered"), file: "sources/statistics/quzhou.csv".into()
                },
            )
        },
    ]
}

fn parameter(name: &str, value: ParameterValue, unit: &str, evidence: Evidence) -> Parameter {
    Parameter { name: name.into(), value, unit: unit.into(), source: "虚构的出处，表 3 / an invented source, table 3".into(), evidence }
}

fn profile() -> Profile {
    let hows = |id: &str| match id {
        "supply_agriculture" | "supply_forestry" | "supply_livestock" => "residual_share",
        "water_conservation" => "reservoir_cost",
        "soil_retention_sediment" => "avoided_dredging",
        "tourism_health" => "revenue_share",
        "carbon_sequestration" => "carbon_price",
        "oxygen_release" => "industrial_oxygen",
        "soil_retention" => "sum_of_parts",
        "noise_reduction" => "barrier_cost",
        _ => "avoided_treatment",
    };
    let method = |id: &str, status: Inclusion, evidence: Evidence| IndicatorMethod {
        indicator: id.into(),
        status,
        how: hows(id).into(),
        price_id: (hows(id) != "sum_of_parts").then(|| format!("{id}_price")),
        alternatives: if id == "water_conservation" { vec!["reservoir_cost_6_11".into()] } else { vec![] },
        basis: "capacity".into(),
        parameters: if id == "soil_retention_sediment" {
            vec![
                parameter("deposited_share", ParameterValue::Number(0.24), "1", Evidence::Unverified),
                parameter("bulk_density", ParameterValue::Number(1.35), "t/m3", Evidence::Unverified),
            ]
        } else {
            vec![]
        },
        evidence,
        note: "建设成本是存量，未年值化 / a stock of cost, not turned into a yearly one [table 4]".into(),
    };
    let mut indicators: Vec<IndicatorMethod> = LINES.iter().map(|l| method(l.0.split('.').next().unwrap_or(l.0), Inclusion::Included, l.5)).collect();
    indicators.extend(["windbreak_sand_fixation", "coastal_protection", "noise_reduction"].map(|id| method(id, Inclusion::Included, Evidence::Unverified)));
    indicators.push(method("negative_ions", Inclusion::Excluded, Evidence::Unverified));
    indicators.sort_by(|a, b| liangshan_accounts::catalogue::rank(&a.indicator).cmp(&liangshan_accounts::catalogue::rank(&b.indicator)));
    Profile {
        id: "invented-2022".into(),
        title: text("示例核算规范（重建版，原文未读）", "An invented specification (reconstructed, text not read)"),
        effective_from: "2022-03-26".into(),
        supersedes: None,
        extends: None,
        evidence: Evidence::Unverified,
        source: "虚构".into(),
        note: "本方案为演示而虚构。 / This profile is invented for the demonstration.".into(),
        indicators,
        flags: vec![
            parameter("rusle_has_P", ParameterValue::Flag(true), "1", Evidence::Unverified),
            parameter("slope_length_max_m", ParameterValue::Number(100.0), "m", Evidence::Unverified),
            parameter("carbon_price_basis", ParameterValue::Text("CO2".into()), "1", Evidence::Verified),
        ],
    }
}

fn read(file: &str, part: &str, origin: Origin) -> Read {
    Read { file: file.into(), part: part.into(), digest: Digest::of_bytes(&[file.len() as u8; 32]), origin, licence: "CC0-1.0".into() }
}

fn sources() -> Vec<SourceCard> {
    let card = |file: &str, title: Text, origin: Origin, from: &str| SourceCard {
        read: read(file, "", origin),
        title,
        from: from.into(),
        method: "Made from a seed for this test.".into(),
        used_by: vec!["water_conservation".into(), "soil_retention".into()],
    };
    vec![
        card("sources/climate/precipitation.tif", text("多年平均月降水量", "Monthly rain of normal years"), Origin::Modelled, "ITU-R P.837-7"),
        card("sources/ecosystem/ecosystem_2020.tif", text("生态系统类型图 2020", "Ecosystem map 2020"), Origin::Synthetic, "this test"),
        card(
            "sources/boundaries/counties.gpkg",
            text("县级边界", "County outlines"),
            Origin::Measured,
            "OpenStreetMap, see https://www.openstreetmap.org/copyright",
        ),
    ]
}

fn warnings() -> Problems {
    let mut out = Problems::new();
    out.push(
        Problem::warning("plausibility.water_depth", text("水源涵养深度超出常见范围", "the depth of water conserved is outside the usual band"))
            .key("990101")
            .expect(text("200 至 900 毫米", "200 to 900 mm"))
            .fix(text("核对降水与蒸散发的年份", "check the years of rain and evapotranspiration")),
    );
    for row in 0..9 {
        out.push(
            Problem::note("price.year_assumed", words!("单价 {row} 的价格年份为推定", "the year of price {row} is assumed"))
                .file("sources/prices.csv")
                .row(row),
        );
    }
    out
}

fn parameters() -> Vec<ParameterCard> {
    let card = |name: &str, title: Text, value: f64, unit: &str| ParameterCard {
        model: "soil_retention".into(),
        name: name.into(),
        title,
        value,
        unit: unit.into(),
        source: "region.toml".into(),
    };
    vec![card("slope_length", text("坡长", "slope length"), 25.0, "m"), card("p", text("水土保持措施因子", "support practice"), 1.0, "1")]
}

fn explanation(county: &PlaceCard) -> Explanation {
    let step = |symbol: &str, title: Text, amount: &str, unit: &str, from: Text| ExplainStep {
        symbol: symbol.into(),
        title,
        amount: amount.into(),
        unit: unit.into(),
        from,
    };
    Explanation {
        title: Text::of(format!("{} 2020 年森林水源涵养", county.name.zh), format!("Water conservation of forest, {}, 2020", county.name.en)),
        statements: vec![],
        formula: text(
            "涵养量 =（降水 − 径流 − 蒸散发）× 面积；价值 = 涵养量 × 单价",
            "Water conserved = (rain − runoff − evapotranspiration) × area; value = water × price",
        ),
        latex: r"V = P_w \sum_i (P_i - R_i - ET_i)\,A_i".into(),
        steps: vec![
            step("P", text("平均降水", "mean rain"), "1802.4", "mm/a", Text::same("sources/climate/precipitation.tif")),
            step("R", text("平均地表径流", "mean runoff"), "228.1", "mm/a", text("降水 × 径流系数", "rain × runoff coefficient")),
            step("ET", text("平均蒸散发", "mean evapotranspiration"), "875.2", "mm/a", Text::same("sources/climate/et_2020.tif")),
            step("A", text("森林面积", "area of forest"), "2820000", "m2", text("椭球面积，按覆盖比例", "on the ellipsoid, by exact share")),
            step(
                "Q",
                text("涵养量", "water conserved"),
                "1971462",
                "m3",
                text("（P − R − ET）× A / 1000，四舍六入五成双", "(P − R − ET) × A / 1000, half to even"),
            ),
            step(
                "c",
                text("单位库容建设成本", "cost of a cubic metre of reservoir"),
                "7.06",
                "CNY/m3",
                text("单价表，2010 年价", "price table, prices of 2010"),
            ),
            step("V", text("价值量", "value"), "1391852172", "fen", text("Q × c", "Q × c")),
        ],
        inputs: vec![read("sources/climate/precipitation.tif", "1–12", Origin::Modelled), read("sources/ecosystem/ecosystem_2020.tif", "1", Origin::Synthetic)],
        warnings: vec![Problem::warning("price.stock", text("库容建设成本是存量，直接乘以年水量", "a stock of cost is put on a yearly flow"))],
    }
}
