//! The tables of the sample: the template's own, and what departments would send, invented.

use liangshan_vocab::Problems;

use super::{Maker, WHOLE};
use crate::template;

/// Tables of the template that hold examples of a region, which the sample has of its own.
const OF_A_REGION: [&str; 6] = [
    "sources/places.csv",
    "sources/statistics.csv",
    "sources/supply_products.csv",
    "sources/supply_other.csv",
    "sources/declared_zero.csv",
    "sources/runoff_coefficients.csv",
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

impl Maker<'_> {
    /// All tables.
    pub(super) fn tables(&mut self) -> Result<(), Problems> {
        let own = |file: &str| OF_A_REGION.iter().any(|t| file == *t || file == format!("{t}.toml"));
        for (file, bytes) in template::FILES.iter().filter(|(file, _)| file.starts_with("sources/") && !own(file)) {
            self.put(file, bytes)?;
        }
        self.runoff()?;
        self.statistics()?;
        self.products()?;
        self.declared()
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
