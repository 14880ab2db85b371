//! Indicators with a department table of their own: biomass energy, noise, ions, pests, species,
//! leisure and the landscape's premium.

use liangshan_formats::table::Row;
use liangshan_vocab::{Problem, Unit, text, words};
use rust_decimal::Decimal;

use super::lines::Line;
use crate::assemble::Assembler;
use crate::profiles::Flow;
use crate::region::TableFile;

/// Ions of a year in 1e18 from one hectare one metre high at one ion a cm³ with a life of one minute:
/// 525 600 min/a × 1e4 m²/ha × 1e6 cm³/m³ = 5.256e15 (method sheet 3.12).
const IONS_1E18: Decimal = Decimal::from_parts(5256, 0, 0, false, 6);

/// The unit in which ions are counted, so that quantities stay readable.
pub(super) const ION_UNIT: &str = "1e18 ions";

impl Assembler<'_> {
    /// What comes from tables; false where the flow is none of theirs.
    pub(crate) fn of_tables(&mut self, indicator: &str, flow: Option<&Flow>, years: &[i32]) -> bool {
        match flow {
            Some(Flow::OutputShare { ecosystem }) => self.products(indicator, ecosystem, years),
            Some(Flow::RevenueShare { ecosystem }) => self.tourism(indicator, ecosystem, false, years),
            Some(Flow::TravelCost { ecosystem }) => self.tourism(indicator, ecosystem, true, years),
            Some(Flow::Declared) => self.declared(indicator, years),
            Some(Flow::DepartmentTable { .. }) => match indicator {
                "supply_biomass_energy" => self.biomass_energy(indicator, years),
                "supply_freshwater" => self.freshwater(indicator, years),
                "supply_hydropower" => self.hydropower(indicator, years),
                "flood_regulation_reservoir" => self.reservoirs(indicator, years),
                "flood_regulation_lake" => self.lakes(indicator, years),
                "noise_reduction" => self.noise(indicator, years),
                "negative_ions" => self.ions(indicator, years),
                "pest_control" => self.areas_by_part(indicator, "vegetation", "self_healed_area", years),
                "species_conservation" => self.areas_by_part(indicator, "shannon_class", "forest_area", years),
                "leisure_recreation" => self.leisure(indicator, years),
                "landscape_premium" => self.premium(indicator, years),
                _ => return false,
            },
            _ => return false,
        }
        true
    }

    /// Straw, firewood, biogas: each its own thing, in its own unit, at its own price.
    fn biomass_energy(&mut self, indicator: &str, years: &[i32]) {
        let Some(found) = self.yearly(indicator, indicator, ["product", "quantity"], &["product"], years) else { return };
        let [product_at, quantity_at] = found.columns;
        let mut lines = Vec::new();
        for (year, county, row) in &found.rows {
            let part = found.table.table.text(row, product_at).replace(' ', "_");
            self.stated_price(&found.table, row, "price");
            let Some(given) = self.unit_of(&found.table, row, quantity_at) else { continue };
            let fits = |unit: &str| Unit::parse(&given).is_ok_and(|from| Unit::parse(unit).is_ok_and(|to| from.factor_to(&to).is_some()));
            let measure = [("t", 1), ("m3", 0), ("kWh", 0)].into_iter().find(|m| fits(m.0)).unwrap_or(("t", 1));
            let Some(quantity) = self.in_unit(&found.table, row, quantity_at, measure.0) else { continue };
            let kept = self.kept_row(&found.table, row, &[product_at, quantity_at]);
            let kept = kept.giving(&part, quantity, measure.0, text("能源利用量", "amount used as energy"));
            lines.push(Line { year: *year, county: county.clone(), part: Some(part), ecosystem: None, quantity, measure, row: kept });
        }
        self.enter(indicator, lines, years, &found.table.file.path);
    }

    /// Length of road with a green belt × attenuation.
    fn noise(&mut self, indicator: &str, years: &[i32]) {
        let Some(found) = self.yearly(indicator, indicator, ["green_belt_road_length", "mean_attenuation"], &[], years) else { return };
        let mut lines = Vec::new();
        for (year, county, row) in &found.rows {
            self.stated_price(&found.table, row, "barrier_cost");
            let [length_at, less_at] = found.columns;
            let (length, less) = (self.in_unit(&found.table, row, length_at, "km"), self.in_unit(&found.table, row, less_at, "dB"));
            let (Some(length), Some(less)) = (length, less) else { continue };
            let quantity = length * less;
            let kept = self.kept_row(&found.table, row, &found.columns);
            let kept = kept.giving("roads", quantity, "dB km", words!("{length} km × {less} dB", "{length} km × {less} dB"));
            lines.push(Line { year: *year, county: county.clone(), part: None, ecosystem: None, quantity, measure: ("dB km", 3), row: kept });
        }
        self.enter(indicator, lines, years, &found.table.file.path);
    }

    /// Ions above the floor, stand by stand: 5.256e15 · A · H · (Q − floor) / L.
    fn ions(&mut self, indicator: &str, years: &[i32]) {
        let columns = ["ecosystem_code", "attr", "stand_area", "mean_concentration", "stand_height", "ion_lifetime"];
        let Some(found) = self.yearly(indicator, indicator, columns, &["ecosystem_code", "attr"], years) else { return };
        let Some(floor) = self.coefficient(indicator, "ion_floor") else { return };
        let [code_at, attr_at, area_at, ions_at, height_at, life_at] = found.columns;
        let mut lines = Vec::new();
        for (year, county, row) in &found.rows {
            self.stated_price(&found.table, row, "unit_cost");
            self.same_floor(&found.table, row, floor);
            let area = self.in_unit(&found.table, row, area_at, "ha");
            let (ions, height) = (self.in_unit(&found.table, row, ions_at, "ions/cm3"), self.in_unit(&found.table, row, height_at, "m"));
            let life = self.in_unit(&found.table, row, life_at, "min");
            let ecosystem = self.ecosystem_of(&found.table, row, code_at, attr_at);
            let (Some(area), Some(ions), Some(height), Some(life), Some(ecosystem)) = (area, ions, height, life, ecosystem) else { continue };
            if life.is_zero() {
                self.problems.push(
                    Problem::error("table.not_above_zero", text("负离子寿命为零", "the life of ions is zero"))
                        .file(found.table.file.path.as_str())
                        .row(row.line)
                        .column("ion_lifetime")
                        .expect(text("大于 0 的分钟数", "minutes above zero"))
                        .fix(text("填上实测寿命", "fill in the measured life")),
                );
                continue;
            }
            let above = (ions - floor).max(Decimal::ZERO);
            let quantity = IONS_1E18 * area * height * above / life;
            let name = format!("{}-{}", found.table.table.text(row, code_at), found.table.table.text(row, attr_at));
            let how = words!(
                "5.256e15 × {area} ha × {height} m × max(0, {ions} − {floor}) / {life} min",
                "5.256e15 × {area} ha × {height} m × max(0, {ions} − {floor}) / {life} min"
            );
            let kept = self.kept_row(&found.table, row, &found.columns).giving(&name, quantity, ION_UNIT, how);
            lines.push(Line { year: *year, county: county.clone(), part: None, ecosystem: Some(ecosystem), quantity, measure: (ION_UNIT, 3), row: kept });
        }
        self.enter(indicator, lines, years, &found.table.file.path);
    }

    /// A floor that the table states and that is not the profile's.
    fn same_floor(&mut self, table: &TableFile, row: &Row, floor: Decimal) {
        let Some(at) = table.table.columns.iter().position(|c| c == "threshold") else { return };
        let stated = table.table.text(row, at);
        if !stated.is_empty() && stated.parse::<Decimal>().ok() != Some(floor) {
            self.problems.push(
                Problem::warning(
                    "table.floor_differs",
                    words!("所列阈值 {stated} 不是方法方案的 {floor}", "the stated floor {stated} is not the profile's, {floor}"),
                )
                .file(table.file.path.as_str())
                .row(row.line)
                .column("threshold")
                .expect(words!("{floor}", "{floor}"))
                .fix(text("核对两处；核算用方法方案的阈值", "compare the two; the account uses the profile's")),
            );
        }
    }

    /// The ecosystem type of a class.
    fn ecosystem_of(&mut self, table: &TableFile, row: &Row, code_at: usize, attr_at: usize) -> Option<String> {
        let t = &table.table;
        let (code, attr) = (t.integer(row, code_at), t.integer(row, attr_at));
        let (code, attr) = (
            self.problems.keep(code.map_err(|p| p.or_file(&table.file.path))).flatten()?,
            self.problems.keep(attr.map_err(|p| p.or_file(&table.file.path))).flatten()?,
        );
        let kind = self.classes.index(code, attr).map(|c| self.classes.types[self.classes.classes[c].kind].id.clone());
        if kind.is_none() {
            self.problems.push(
                Problem::error("table.unknown_class", words!("没有类别 {code}-{attr}", "there is no class {code}-{attr}"))
                    .file(table.file.path.as_str())
                    .row(row.line)
                    .column(t.columns[code_at].as_str())
                    .expect(text("类别表与属性表中的一对代码", "a pair of codes of the tables of classes and attributes"))
                    .fix(text("改正代码", "correct the codes")),
            );
        }
        kind
    }

    /// Hectares by part, each at its own price: pests by vegetation, species by Shannon class.
    fn areas_by_part(&mut self, indicator: &str, part_column: &'static str, area_column: &'static str, years: &[i32]) {
        let Some(found) = self.yearly(indicator, indicator, [part_column, area_column], &[part_column], years) else { return };
        let [part_at, area_at] = found.columns;
        let mut lines = Vec::new();
        for (year, county, row) in &found.rows {
            let part = found.table.table.text(row, part_at).replace(' ', "_");
            let Some(quantity) = self.in_unit(&found.table, row, area_at, "ha") else { continue };
            let kept = self.kept_row(&found.table, row, &found.columns).giving(&part, quantity, "ha", text("面积", "area"));
            lines.push(Line { year: *year, county: county.clone(), part: Some(part), ecosystem: None, quantity, measure: ("ha", 2), row: kept });
        }
        self.enter(indicator, lines, years, &found.table.file.path);
    }

    /// Visits of residents × hours.
    fn leisure(&mut self, indicator: &str, years: &[i32]) {
        let columns = ["visitor_group", "resident_visits", "hours_per_visit"];
        let Some(found) = self.yearly(indicator, indicator, columns, &["visitor_group"], years) else { return };
        let [group_at, visits_at, hours_at] = found.columns;
        let mut lines = Vec::new();
        for (year, county, row) in &found.rows {
            self.stated_price(&found.table, row, "time_value");
            let (visits, hours) = (self.in_unit(&found.table, row, visits_at, "visit"), self.in_unit(&found.table, row, hours_at, "h"));
            let (Some(visits), Some(hours)) = (visits, hours) else { continue };
            let quantity = visits * hours;
            let group = found.table.table.text(row, group_at).to_owned();
            let kept = self.kept_row(&found.table, row, &found.columns);
            let kept = kept.giving(&group, quantity, "h", words!("{visits} 人次 × {hours} 小时", "{visits} visits × {hours} h"));
            lines.push(Line { year: *year, county: county.clone(), part: None, ecosystem: None, quantity, measure: ("h", 0), row: kept });
        }
        self.enter(indicator, lines, years, &found.table.file.path);
    }

    /// Floor area and room-nights near nature. A premium on the price of a house is a stock and is
    /// refused; only one that is said to be a year's counts.
    fn premium(&mut self, indicator: &str, years: &[i32]) {
        let Some(found) = self.yearly(indicator, indicator, ["component", "quantity", "annualised"], &["component"], years) else { return };
        let [part_at, quantity_at, yearly_at] = found.columns;
        let mut lines = Vec::new();
        for (year, county, row) in &found.rows {
            self.stated_price(&found.table, row, "premium");
            let part = found.table.table.text(row, part_at).replace(' ', "_");
            let said = found.table.table.text(row, yearly_at);
            if said != "yes" {
                self.problems.push(
                    Problem::error(
                        "rule.stock_as_flow",
                        words!(
                            "“{part}”的溢价未折成年值（annualised = {said}），是存量",
                            "the premium of \"{part}\" is not a year's (annualised = {said}): it is a stock"
                        ),
                    )
                    .file(found.table.file.path.as_str())
                    .row(row.line)
                    .column("annualised")
                    .expect(text("yes：溢价已折成一年的租金", "yes: the premium is the rent of one year"))
                    .fix(text("把房价溢价折成年租金，再填 yes", "turn the premium on the price into a yearly rent, then write yes")),
                );
                continue;
            }
            let measure = if part == "room_nights" { ("room-night", 0) } else { ("m2", 0) };
            let Some(quantity) = self.in_unit(&found.table, row, quantity_at, measure.0) else { continue };
            let kept = self.kept_row(&found.table, row, &found.columns).giving(&part, quantity, measure.0, text("数量", "quantity"));
            lines.push(Line { year: *year, county: county.clone(), part: Some(part), ecosystem: None, quantity, measure, row: kept });
        }
        self.enter(indicator, lines, years, &found.table.file.path);
    }

    /// A coefficient of the profile as an exact decimal: its shortest written form.
    pub(super) fn coefficient(&mut self, indicator: &str, name: &str) -> Option<Decimal> {
        let given = self.method.profile.method(indicator).and_then(|m| m.parameter(name)).and_then(|p| p.value.as_number());
        let exact = given.and_then(|v| format!("{v}").parse::<Decimal>().ok());
        if exact.is_none() {
            self.problems.push(
                Problem::error(
                    "profile.parameter_missing",
                    words!("指标 {indicator} 缺少系数 {name}", "the indicator {indicator} lacks the coefficient {name}"),
                )
                .key(format!("indicator.{indicator}.parameters.{name}"))
                .expect(text("带出处的一个数", "a number with its source"))
                .fix(text("在方法方案中写明", "state it in the profile")),
            );
        }
        exact
    }
}
