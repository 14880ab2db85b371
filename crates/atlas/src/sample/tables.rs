//! The tables of the sample: the template's own, and what departments would send, invented.

use liangshan_vocab::Problems;

use super::{Maker, WHOLE};
use crate::template;

/// Tables of the template that hold examples of a region, which the sample has of its own.
const OF_A_REGION: [&str; 15] = [
    "sources/places.csv",
    "sources/statistics.csv",
    "sources/supply_products.csv",
    "sources/supply_other.csv",
    "sources/declared_zero.csv",
    "sources/runoff_coefficients.csv",
    "sources/supply_biomass_energy.csv",
    "sources/reservoirs.csv",
    "sources/noise_reduction.csv",
    "sources/negative_ions.csv",
    "sources/pest_control.csv",
    "sources/leisure_recreation.csv",
    "sources/landscape_premium.csv",
    "sources/air_quality.csv",
    "sources/water_quality.csv",
];

/// Runoff coefficients in percent where no source has the class.
const INVENTED_RUNOFF: [(&str, &str, u32); 11] = [
    ("14", "26", 19),
    ("34", "44", 15),
    ("42", "11", 0),
    ("42", "13", 0),
    ("43", "14", 0),
    ("51", "1", 12),
    ("51", "2", 22),
    ("61", "51", 62),
    ("62", "52", 25),
    ("63", "53", 70),
    ("82", "61", 45),
];

/// Indicator, product, unit, price, its unit, least and greatest quantity of a county and year.
const PRODUCTS: [(&str, &str, &str, &str, &str, i64, i64); 6] = [
    ("supply_agriculture", "rice", "t", "2700", "CNY/t", 2_000, 9_000),
    ("supply_agriculture", "citrus", "t", "2200", "CNY/t", 1_000, 20_000),
    ("supply_agriculture", "tea", "t", "92000", "CNY/t", 10, 160),
    ("supply_forestry", "timber", "m3", "900", "CNY/m3", 800, 6_000),
    ("supply_livestock", "pigs", "t", "24000", "CNY/t", 200, 2_000),
    ("supply_fishery", "fish", "t", "15000", "CNY/t", 100, 900),
];

/// A table with rows for every county and year: its file, titles, columns after year and county, the
/// rows with `#low-high` where a number is drawn, and the units of columns.
struct FormOf {
    file: &'static str,
    titles: [&'static str; 2],
    columns: &'static str,
    rows: &'static [&'static str],
    units: &'static [(&'static str, &'static str)],
}

const FORMS: &[FormOf] = &[
    FormOf {
        file: "supply_biomass_energy",
        titles: ["样例生物质能", "Sample biomass energy"],
        columns: "product,quantity,quantity_unit,price,price_unit,price_id",
        rows: &["straw,#60-400,t,300,CNY/t,straw_price", "firewood,#30-200,t,400,CNY/t,firewood_price", "biogas,#1-9,1e4 m3,1.5,CNY/m3,biogas_price"],
        units: &[("quantity", "column:quantity_unit"), ("price", "column:price_unit")],
    },
    FormOf {
        file: "noise_reduction",
        titles: ["样例噪声消减", "Sample noise reduction"],
        columns: "green_belt_road_length,mean_attenuation,barrier_cost,price_id",
        rows: &["#1-6,3.8,120000,barrier_cost"],
        units: &[("green_belt_road_length", "km"), ("mean_attenuation", "dB"), ("barrier_cost", "CNY/(dB km)")],
    },
    FormOf {
        file: "negative_ions",
        titles: ["样例负氧离子", "Sample negative ions"],
        columns: "ecosystem_code,attr,stand_area,mean_concentration,stand_height,ion_lifetime,unit_cost,threshold,price_id",
        rows: &["11,21,#200-700,1400,12.0,10,5.8185e-18,600,ion_cost", "12,24,#100-500,1210,11.0,10,5.8185e-18,600,ion_cost"],
        units: &[
            ("stand_area", "ha"),
            ("mean_concentration", "ions/cm3"),
            ("stand_height", "m"),
            ("ion_lifetime", "min"),
            ("unit_cost", "CNY/ion"),
            ("threshold", "ions/cm3"),
        ],
    },
    FormOf {
        file: "pest_control",
        titles: ["样例病虫害控制", "Sample pest control"],
        columns: "vegetation,self_healed_area,price_id",
        rows: &["forest,#10-40,pest_forest", "grass,#1-3,pest_grass"],
        units: &[("self_healed_area", "ha")],
    },
    FormOf {
        file: "leisure_recreation",
        titles: ["样例休闲游憩", "Sample leisure"],
        columns: "visitor_group,resident_visits,hours_per_visit,time_value,price_id",
        rows: &["residents,#2-12,1.8,8.5,leisure_hour"],
        units: &[("resident_visits", "1e4 visits"), ("hours_per_visit", "h"), ("time_value", "CNY/h")],
    },
    FormOf {
        file: "landscape_premium",
        titles: ["样例景观增值", "Sample premium of a view"],
        columns: "component,quantity,quantity_unit,premium,premium_unit,annualised,price_id",
        rows: &["room_nights,#1-6,1e4 room-nights,18,CNY/room-night,yes,premium_room_night", "housing,#1-9,1e4 m2,6.5,CNY/(m2 a),yes,premium_housing_year"],
        units: &[("quantity", "column:quantity_unit"), ("premium", "column:premium_unit")],
    },
    FormOf {
        file: "air_quality",
        titles: ["样例空气质量与排放", "Sample air quality and emissions"],
        columns: "indicator,species,annual_concentration,annual_limit,limit_source,emission",
        rows: &[
            "air_purification_so2,SO2,8,60,GB 3095-2012 class 2,#20-90",
            "air_purification_nox,NO2,30,40,GB 3095-2012 class 2,#40-120",
            "air_purification_pm,PM10,55,70,GB 3095-2012 class 2,#30-90",
        ],
        units: &[("annual_concentration", "ug/m3"), ("annual_limit", "ug/m3"), ("emission", "t")],
    },
    FormOf {
        file: "water_quality",
        titles: ["样例水质与排放", "Sample water quality and emissions"],
        columns: "indicator,species,annual_concentration,annual_limit,limit_source,emission",
        rows: &[
            "water_purification_cod,COD,12.0,20.0,GB 3838-2002 class III,#10-40",
            "none,NH3-N,0.35,1.0,GB 3838-2002 class III,#2-4",
            "water_purification_tp,TP,0.08,0.2,GB 3838-2002 class III,#1-2",
            "water_purification_tn,TN,,,the NH3-N row decides,#5-9",
        ],
        units: &[("annual_concentration", "mg/L"), ("annual_limit", "mg/L"), ("emission", "t")],
    },
];

impl Maker<'_> {
    /// A table with rows for every county and year.
    fn form(&mut self, form: &FormOf) -> Result<(), Problems> {
        let mut table = format!("year,county_code,{},origin,note\n", form.columns);
        for year in self.wish.years.clone() {
            for code in self.codes() {
                for row in form.rows {
                    let drawn = |cell: &str| match cell.strip_prefix('#').and_then(|range| range.split_once('-')) {
                        Some((low, high)) => {
                            let (low, high) = (low.parse().unwrap_or(1), high.parse().unwrap_or(1));
                            self.sized(self.land.count(&format!("{} {row} {code} {year}", form.file), low, high)).to_string()
                        }
                        None => cell.to_owned(),
                    };
                    let cells: Vec<String> = row.split(',').map(drawn).collect();
                    table.push_str(&format!("{year},{code},{},synthetic,invented\n", cells.join(",")));
                }
            }
        }
        let more: Vec<String> = form.units.iter().map(|(column, unit)| format!("[columns.{column}]\nunit = \"{unit}\"\n")).collect();
        self.source(&format!("sources/{}.csv", form.file), table.as_bytes(), form.titles, "", &more.join("\n"))
    }

    /// A reservoir in use in every county, and one that is only planned.
    fn reservoirs(&mut self) -> Result<(), Problems> {
        let mut table = String::from("reservoir_id,name_zh,name_en,county_code,status,total_capacity_1e8_m3,total_capacity_origin,note\n");
        for (at, code) in self.codes().iter().enumerate() {
            let capacity = self.sized(self.land.count(&format!("reservoir {code}"), 4, 30)) as f64 / 1e3;
            let status = if at == 1 { "planned" } else { "in use" };
            table.push_str(&format!("R{n},样例{n}水库,Sample Reservoir {n},{code},{status},{capacity},synthetic,invented\n", n = at + 1));
        }
        let more = "[columns.total_capacity_1e8_m3]\nunit = \"1e8 m3\"\n";
        self.source("sources/reservoirs.csv", table.as_bytes(), ["样例水库名录", "Sample reservoirs"], "", more)
    }

    /// All tables.
    pub(super) fn tables(&mut self) -> Result<(), Problems> {
        let own = |file: &str| OF_A_REGION.iter().any(|t| file == *t || file == format!("{t}.toml"));
        for (file, bytes) in template::FILES.iter().filter(|(file, _)| file.starts_with("sources/") && !own(file)) {
            self.put(file, bytes)?;
        }
        self.runoff()?;
        self.statistics()?;
        self.products()?;
        self.declared()?;
        for form in FORMS {
            self.form(form)?;
        }
        self.reservoirs()
    }

    fn runoff(&mut self) -> Result<(), Problems> {
        let Some((_, bytes)) = template::FILES.iter().find(|(file, _)| *file == "sources/runoff_coefficients.csv") else { return Ok(()) };
        let mut lines = Vec::new();
        for line in String::from_utf8_lossy(bytes).lines() {
            let mut cells: Vec<&str> = line.split(',').collect();
            let invented = INVENTED_RUNOFF.iter().find(|(code, attr, _)| cells.len() > 5 && cells[0] == *code && cells[1] == *attr).map(|i| i.2.to_string());
            // A quoted name holds a comma; those rows have their coefficient.
            match (invented, line.contains('"')) {
                (Some(alpha), false) => {
                    cells.truncate(6);
                    cells[3] = &alpha;
                    cells[4] = "synthetic";
                    cells[5] = "unverified";
                    lines.push(format!("{},INVENTED for the sample", cells.join(",")));
                }
                (Some(alpha), true) => lines.push(line.replacen(",,,unverified,", &format!(",{alpha},synthetic,unverified,"), 1)),
                (None, _) => lines.push(line.to_owned()),
            }
        }
        lines.push(String::new());
        let more = "[columns.alpha]\nunit = \"%\"\n";
        self.source("sources/runoff_coefficients.csv", lines.join("\n").as_bytes(), ["径流系数（含虚构值）", "Runoff coefficients, some invented"], "", more)
    }

    /// Numbers of tables are for a county of 23 km², and grow with the counties.
    fn sized(&self, number: i64) -> i64 {
        let side_km = self.wish.cells as f64 * self.wish.cell_m / 1e3;
        let county_km2 = side_km * side_km / self.counties.len() as f64;
        ((number as f64 * county_km2 / 23.0).round() as i64).max(1)
    }

    fn codes(&self) -> Vec<String> {
        self.counties.iter().map(|c| c.code.clone()).collect()
    }

    fn statistics(&mut self) -> Result<(), Problems> {
        let rows = [
            ("resident_population", "persons", 9_000, 60_000),
            ("gdp", "1e4 CNY", 60_000, 500_000),
            ("tourism_revenue", "1e4 CNY", 8_000, 90_000),
            ("tourist_visits", "visits", 90_000, 900_000),
            ("water_use_domestic", "1e4 m3", 60, 200),
            ("water_use_industrial", "1e4 m3", 80, 300),
            ("water_use_agricultural", "1e4 m3", 200, 700),
            ("water_use_ecological", "1e4 m3", 10, 30),
            ("hydropower_generation", "1e4 kWh", 50, 900),
        ];
        let mut table = String::from("region_code,region,period,indicator,value,unit,origin,source,note\n");
        for year in self.wish.years.clone() {
            for (name, unit, low, high) in rows {
                let mut whole = 0;
                for code in self.codes() {
                    let value =
                        self.sized(self.land.count(&format!("{name} {code}"), low, high) + self.land.count(&format!("{name} {code} {year}"), 0, low / 5));
                    whole += value;
                    table.push_str(&format!("{code},,{year},{name},{value},{unit},synthetic,,invented\n"));
                }
                table.push_str(&format!("{WHOLE},,{year},{name},{whole},{unit},synthetic,,invented: the sum of the counties\n"));
            }
        }
        self.source("sources/statistics.csv", table.as_bytes(), ["样例统计", "Sample statistics"], "", "[columns.value]\nunit = \"column:unit\"\n")
    }

    fn products(&mut self) -> Result<(), Problems> {
        let mut products = String::from("year,county_code,indicator,product,quantity,quantity_unit,price,price_unit,origin,note\n");
        let mut other = String::from("year,county_code,product,quantity,quantity_unit,price,price_unit,origin,note\n");
        for year in self.wish.years.clone() {
            for code in self.codes() {
                for (indicator, product, unit, price, price_unit, low, high) in PRODUCTS {
                    let own = self.land.count(&format!("{product} {code}"), low, high) + self.land.count(&format!("{product} {code} {year}"), 0, low / 4);
                    let quantity = self.sized(own);
                    products.push_str(&format!("{year},{code},{indicator},{product},{quantity},{unit},{price},{price_unit},synthetic,invented\n"));
                }
                let seedlings = self.sized(self.land.count(&format!("seedlings {code} {year}"), 20, 300));
                other.push_str(&format!("{year},{code},seedlings,{seedlings},1e4 plants,4.3,CNY/plant,synthetic,invented\n"));
            }
        }
        let more = "[columns.quantity]\nunit = \"column:quantity_unit\"\n\n[columns.price]\nunit = \"column:price_unit\"\n";
        self.source("sources/supply_products.csv", products.as_bytes(), ["样例农林牧渔产品", "Sample products"], "", more)?;
        self.source("sources/supply_other.csv", other.as_bytes(), ["样例其他物质产品", "Other sample products"], "", more)
    }

    fn declared(&mut self) -> Result<(), Problems> {
        let mut table = String::from("year,county_code,indicator,quantity,unit,origin,reason\n");
        for year in self.wish.years.clone() {
            for code in self.codes() {
                for (indicator, unit, reason) in [
                    ("windbreak_sand_fixation", "t", "湿润，无风蚀土地 / humid: no wind erosion"),
                    ("coastal_protection", "km", "不临海 / no coast"),
                    ("flood_regulation_lake", "m3", "无天然湖泊 / no natural lake"),
                ] {
                    table.push_str(&format!("{year},{code},{indicator},0,{unit},definition,{reason}\n"));
                }
            }
        }
        self.source(
            "sources/declared_zero.csv",
            table.as_bytes(),
            ["样例零值申报", "Declared zeros of the sample"],
            "",
            "[columns.quantity]\nunit = \"column:unit\"\n",
        )
    }
}
