//! Registers of water bodies: reservoirs in use, and natural lakes one by one.

use liangshan_formats::table::Row;
use liangshan_vocab::{Problem, Text, nearest, text, words};
use rust_decimal::Decimal;

use super::lines::Line;
use crate::assemble::{Assembler, TableRow};
use crate::region::years_of;
use crate::region::{REGION_FILE, TableFile};

/// Words of a register for a reservoir that serves, and for one that does not (yet, or any more).
const IN_USE: [&str; 5] = ["in use", "in operation", "在用", "已建", "运行"];
const NOT_IN_USE: [&str; 10] = ["planned", "under construction", "unfinished", "out of use", "decommissioned", "规划", "在建", "未完工", "停用", "报废"];

/// Words that say that a row of a lake table is no natural lake, and that it is several of them.
const NO_LAKE: [&str; 9] = ["reservoir", "pond", "水库", "坑塘", "池塘", "山塘", "鱼塘", "库区", "人工湖"];
const SUMMED: [&str; 8] = ["合计", "总计", "小计", "湖泊群", "total", "sum", "all lakes", "lakes"];

impl Assembler<'_> {
    /// The share that counts of the total capacity of each reservoir that is in use in the year. Those
    /// that are not stand in the trail with the reason.
    pub(super) fn reservoirs(&mut self, indicator: &str, years: &[i32]) {
        let Some(path) = self.region.declared.tables.departments.get("reservoirs").cloned() else {
            self.missing(
                indicator,
                None,
                text("区域没有声明水库名录（tables.reservoirs）", "the region declares no register of reservoirs (tables.reservoirs)"),
                REGION_FILE,
            );
            return;
        };
        let Some(table) = self.problems.keep(self.region.sources.table(&path)) else { return };
        let Some(share) = self.coefficient(indicator, "capacity_share") else { return };
        let t = table.table.clone();
        let Some([id_at, name_at, county_at, status_at]) =
            self.problems.keep(t.find(["reservoir_id", "name_zh", "county_code", "status"]).map_err(|p| p.or_file(&path)))
        else {
            return;
        };
        let Some(capacity_at) = self.capacity_column(&table) else { return };
        let at = |name: &str| t.columns.iter().position(|c| c == name);
        let (year_at, since_at, kind_at) = (at("year"), at("in_use_since"), at("kind"));
        self.problems.extend(t.duplicate_keys(&year_at.into_iter().chain([id_at]).collect::<Vec<_>>()).or_file(&path));
        self.register_of_other_year(&table, year_at.is_some(), years);
        let (mut lines, mut idle) = (Vec::<Line>::new(), Vec::<Line>::new());
        for year in years {
            for row in &t.rows {
                if year_at.is_some_and(|c| t.text(row, c) != year.to_string()) {
                    continue;
                }
                let Some(county) = self.county_of(&table, row, county_at) else { continue };
                let Some(capacity) = self.in_unit(&table, row, capacity_at, "m3") else { continue };
                let Some(standing) = self.standing(&table, row, status_at) else { continue };
                let pond = kind_at.map(|c| t.text(row, c)).filter(|kind| is_one_of(kind, &["pond", "坑塘", "山塘"]));
                let since = since_at.map(|c| self.problems.keep(t.integer(row, c).map_err(|p| p.or_file(&path))).flatten()).unwrap_or_default();
                let left_out = match (standing, pond, since) {
                    (Standing::Not, ..) => {
                        let status = t.text(row, status_at);
                        Some(words!("状态为“{status}”，不在用", "its status is \"{status}\": not in use"))
                    }
                    (_, Some(kind), _) => Some(words!("“{kind}”不是水库，洪水调蓄没有坑塘公式", "it is a {kind}, for which flood regulation has no formula")),
                    (_, _, Some(since)) if since > i64::from(*year) => Some(words!("{since} 年起才在用", "in use from {since} on only")),
                    _ => None,
                };
                let cells: Vec<usize> = [id_at, name_at, status_at, capacity_at].into_iter().chain(since_at).collect();
                let kept = self.kept_row(&table, row, &cells);
                let id = t.text(row, id_at);
                match left_out {
                    Some(why) => {
                        let kept = self.leave_out(indicator, *year, (id, t.text(row, name_at)), kept, why);
                        let measure = ("m3", 0);
                        idle.push(Line { year: *year, county, part: None, ecosystem: None, quantity: Decimal::ZERO, measure, row: kept });
                    }
                    None => {
                        let quantity = capacity * share;
                        let how = words!("{share} × 总库容 {capacity} m³（{}）", "{share} × total capacity {capacity} m³ ({})", t.text(row, name_at));
                        let kept = kept.giving(id, quantity, "m3", how);
                        lines.push(Line { year: *year, county, part: None, ecosystem: None, quantity, measure: ("m3", 0), row: kept });
                    }
                }
            }
        }
        // A county that the register speaks of and that has none in use has zero, which is not missing.
        for line in idle {
            if lines.iter().any(|l| l.year == line.year && l.county == line.county && l.row.left_out.is_none()) {
                self.trail.entry((line.year, line.county, indicator.to_owned())).or_default().push(line.row);
            } else {
                lines.push(line);
            }
        }
        self.enter(indicator, lines, years, &path);
    }

    /// The column of total capacities: the one of that name whose unit the sidecar gives.
    fn capacity_column(&mut self, table: &TableFile) -> Option<usize> {
        let of = |(at, name): (usize, &String)| {
            (name.starts_with("total_capacity") && table.file.sidecar.columns.get(name).is_some_and(|c| c.unit.is_some())).then_some(at)
        };
        let found = table.table.columns.iter().enumerate().find_map(of);
        if found.is_none() {
            self.problems.push(
                Problem::error("register.no_capacity", text("名录没有带单位的总库容列", "the register has no column of total capacities with a unit"))
                    .file(table.file.path.as_str())
                    .column("total_capacity")
                    .expect(text(
                        "名称以 total_capacity 开头、说明文件注明单位的一列",
                        "a column whose name begins with total_capacity and whose unit the sidecar gives",
                    ))
                    .fix(text("补上该列，或在说明文件中补上单位", "add the column, or its unit to the sidecar")),
            );
        }
        found
    }

    /// A register without a column of years that is of another year than the account's.
    fn register_of_other_year(&mut self, table: &TableFile, by_year: bool, years: &[i32]) {
        let stated = years_of(&table.file.sidecar.period).unwrap_or_default();
        for year in years.iter().filter(|y| !by_year && !stated.contains(y)) {
            let period = if table.file.sidecar.period.is_empty() { "?" } else { table.file.sidecar.period.as_str() };
            self.problems.push(
                Problem::note("register.other_year", words!("{period} 年的名录用于 {year} 年", "the register of {period} is used for {year}"))
                    .file(table.file.path.as_str())
                    .key(year.to_string())
                    .expect(text(
                        "当年的名录，或每年一行（year 列），或投入使用年份（in_use_since 列）",
                        "the year's own register, or a column year, or a column in_use_since",
                    ))
                    .fix(text("核对该年各水库是否在用", "check which of them were in use in that year")),
            );
        }
    }

    fn standing(&mut self, table: &TableFile, row: &Row, status_at: usize) -> Option<Standing> {
        let said = table.table.text(row, status_at);
        if IN_USE.contains(&said) {
            return Some(Standing::InUse);
        }
        if NOT_IN_USE.contains(&said) {
            return Some(Standing::Not);
        }
        let known = IN_USE.iter().chain(&NOT_IN_USE).copied();
        let list = known.clone().collect::<Vec<_>>().join(", ");
        self.problems.push(
            Problem::error("register.unknown_status", words!("不认识状态“{said}”", "the status \"{said}\" is not known"))
                .file(table.file.path.as_str())
                .row(row.line)
                .column(table.table.columns[status_at].as_str())
                .expect(words!("{list} 之一", "one of {list}"))
                .fix_near(nearest(said, known), text("注明水库是否在用", "say whether the reservoir is in use")),
        );
        None
    }

    fn leave_out(&mut self, indicator: &str, year: i32, (id, name): (&str, &str), mut row: TableRow, why: Text) -> TableRow {
        let (zh, en) = (&why.zh, &why.en);
        self.problems.push(
            Problem::note("register.left_out", words!("{year} 年不计 {id} {name}：{zh}", "{id} {name} does not count in {year}: {en}"))
                .file(row.read.file.as_str())
                .row(row.line)
                .key(format!("{indicator} {year}"))
                .expect(text("当年在用的水库", "a reservoir in use in the year"))
                .fix(text("若已投入使用，改正 status", "if it was in use, correct status")),
        );
        row.left_out = Some(why);
        row
    }

    /// Natural lakes one by one, `e^b · A^a · T` in 1e4 m³; where the region has no lake table, or a
    /// county no lake in it, what is declared.
    pub(super) fn lakes(&mut self, indicator: &str, years: &[i32]) {
        if !self.region.declared.tables.departments.contains_key("lakes") {
            return self.declared(indicator, years);
        }
        let Some(found) = self.yearly(indicator, "lakes", ["lake_name", "kind", "area"], &["lake_name"], years) else { return };
        let coefficients = ["lake_b", "lake_a", "lake_exchanges"].map(|name| self.coefficient(indicator, name));
        let [Some(b), Some(a), Some(exchanges)] = coefficients else { return };
        let [name_at, kind_at, area_at] = found.columns;
        let mut lines = Vec::new();
        for (year, county, row) in &found.rows {
            let (name, kind) = (found.table.table.text(row, name_at), found.table.table.text(row, kind_at));
            if let Some(problem) = no_single_lake(name, kind) {
                self.problems.push(problem.file(found.table.file.path.as_str()).row(row.line).column(found.table.table.columns[name_at].as_str()));
                continue;
            }
            let Some(area) = self.in_unit(&found.table, row, area_at, "km2") else { continue };
            let Some(volume) = lake_volume(area, b, a, exchanges) else { continue };
            let how = words!("e^{b} × {area}^{a} × {exchanges} × 1e4 m³（单个湖泊）", "e^{b} × {area}^{a} × {exchanges} × 1e4 m³ (one lake)");
            let kept = self.kept_row(&found.table, row, &found.columns).giving(name, volume, "m3", how);
            lines.push(Line { year: *year, county: county.clone(), part: None, ecosystem: None, quantity: volume, measure: ("m3", 0), row: kept });
        }
        let have: Vec<(i32, String)> = lines.iter().map(|l| (l.year, l.county.clone())).collect();
        let has = |year: i32, county: &str| have.iter().any(|(y, c)| *y == year && c == county);
        self.enter(indicator, lines, years, &found.table.file.path);
        // Of a county without a lake the declaration speaks, not the lake table.
        self.states.retain(|s| s.indicator != indicator || s.place.as_deref().is_none_or(|p| s.year.is_some_and(|y| has(y, p))));
        self.declared_but(indicator, years, &has);
    }
}

enum Standing {
    InUse,
    Not,
}

/// A float here is rounded with the atom, once.
fn lake_volume(area: Decimal, b: Decimal, a: Decimal, exchanges: Decimal) -> Option<Decimal> {
    let number = |d: Decimal| f64::try_from(d).ok();
    let volume = number(b)?.exp() * number(area)?.powf(number(a)?) * number(exchanges)? * 1e4;
    Decimal::from_f64_retain(volume)
}

fn is_one_of(said: &str, words: &[&str]) -> bool {
    let said = said.to_lowercase();
    words.iter().any(|w| said.contains(w))
}

/// A row of a lake table that is no natural lake, or several at once: the power of a sum is not the
/// sum of the powers, and the formula was fitted to natural lakes.
fn no_single_lake(name: &str, kind: &str) -> Option<Problem> {
    let (zh, en) = if is_one_of(kind, &NO_LAKE) || is_one_of(name, &NO_LAKE) {
        (format!("“{name}”（{kind}）是水库或坑塘，不是天然湖泊"), format!("\"{name}\" ({kind}) is a reservoir or pond and no natural lake"))
    } else if name.is_empty() || is_one_of(name, &SUMMED) || name.contains(['、', '+', ';']) {
        (format!("“{name}”是几个湖泊合计的面积"), format!("\"{name}\" is the summed area of several lakes"))
    } else if !is_one_of(kind, &["natural", "lake", "天然"]) {
        (format!("“{name}”的类型“{kind}”不是天然湖泊"), format!("the kind \"{kind}\" of \"{name}\" is not that of a natural lake"))
    } else {
        return None;
    };
    Some(
        Problem::error("rule.reservoirs_as_lakes", Text::of(zh, en))
            .expect(text("每行一个天然湖泊及其面积", "one natural lake a row, with its own area"))
            .fix(text("水库移入水库名录；合计拆成单个湖泊", "move reservoirs to the register of reservoirs; split a sum into its lakes")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: e^4.924 = 137.5516…; 10^1.128 = 13.4276…; × 3.19 × 1e4 = 58 918 000 m³ to three digits.
    #[test]
    fn a_lake_is_evaluated_alone_and_a_sum_is_not_the_sum() {
        let number = |s: &str| s.parse::<Decimal>().unwrap();
        let of = |area: &str| f64::try_from(lake_volume(number(area), number("4.924"), number("1.128"), number("3.19")).unwrap()).unwrap();
        assert!((of("10") / 5.8919e7 - 1.0).abs() < 1e-3, "{}", of("10"));
        assert!(of("10") > 1.09 * (of("5") + of("5")), "the power of a sum is not the sum of the powers");
    }

    #[test]
    fn reservoirs_ponds_and_sums_are_refused_by_name() {
        for (name, kind) in [
            ("湖南镇水库", "natural lake"),
            ("某塘", "pond"),
            ("X", "reservoir"),
            ("合计", "natural lake"),
            ("东湖、西湖", "natural lake"),
            ("", "natural lake"),
            ("X", ""),
        ] {
            let problem = no_single_lake(name, kind).unwrap_or_else(|| panic!("{name} {kind}"));
            assert_eq!(problem.code, "rule.reservoirs_as_lakes");
            assert!(!problem.what.zh.is_empty() && !problem.what.en.is_empty());
        }
        assert!(no_single_lake("青湖", "natural lake").is_none() && no_single_lake("青湖", "天然湖泊").is_none());
    }
}
