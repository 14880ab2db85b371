//! The books for reviewers: `gep.xlsx`, `ecosystems.csv` and `counties.csv` say what `account.csv` says.

use std::collections::BTreeMap;
use std::fs;

use liangshan_formats::table::Table;
use liangshan_formats::workbook::{Book, read_workbook};
use rust_decimal::{Decimal, RoundingStrategy};

use crate::region::*;

type Row = BTreeMap<String, String>;

struct Published {
    region: Region,
    account: Vec<Row>,
    totals: Vec<Row>,
}

fn rows(region: &Region, file: &str) -> Vec<Row> {
    let table = region.published(file);
    table.all().into_iter().map(|r| r.into_iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect()).collect()
}

fn published() -> Published {
    let region = Region::new();
    region.done();
    let (account, totals) = (rows(&region, "account.csv"), rows(&region, "totals.csv"));
    Published { region, account, totals }
}

impl Published {
    fn book(&self) -> Book {
        read_workbook(&fs::read(self.region.out().join("gep.xlsx")).unwrap()).unwrap_or_else(|p| panic!("{}", letters(&p)))
    }

    fn row(&self, year: &str, place: &str, ecosystem: &str, indicator: &str) -> Option<&Row> {
        self.account.iter().find(|r| (&*r["year"], &*r["place_code"], &*r["ecosystem"], &*r["indicator"]) == (year, place, ecosystem, indicator))
    }

    /// A number of the account, empty where there is none.
    fn number(&self, year: &str, place: &str, ecosystem: &str, indicator: &str, column: &str) -> &str {
        self.row(year, place, ecosystem, indicator).map_or("", |r| &r[column])
    }

    fn total(&self, year: &str, place: &str, ecosystem: &str) -> &Row {
        self.totals.iter().find(|t| (&*t["year"], &*t["place_code"], &*t["ecosystem"]) == (year, place, ecosystem)).unwrap()
    }

    fn name(&self, code: &str) -> &str {
        &self.totals.iter().find(|t| t["place_code"] == code).unwrap()["place_name"]
    }
}

fn decimal(text: &str) -> Decimal {
    if text.is_empty() { Decimal::ZERO } else { text.parse().unwrap_or_else(|_| panic!("{text} is no decimal")) }
}

/// A sheet from its row of heads on, keyed by the Chinese line of each head.
fn sheet(book: &Book, name: &str, head: u64) -> (Vec<String>, Vec<Vec<String>>) {
    // Heads of T-C are there twice, so the table is made of columns by number.
    let sheet = book.sheet(name).unwrap();
    let heads = sheet.rows.iter().find(|r| r.line == head).unwrap();
    let heads: Vec<String> = heads.cells.iter().map(|c| c.lines().next().unwrap_or_default().to_owned()).collect();
    let cells = sheet.rows.iter().filter(|r| r.line > head).map(|r| {
        let mut cells = r.cells.clone();
        cells.resize(heads.len(), String::new());
        cells
    });
    (heads.clone(), cells.collect())
}

#[test]
fn rows_and_columns_by_ecosystem_type_agree_and_blank_is_not_zero() {
    let p = published();
    let book = p.book();
    let counted: Vec<String> = rows(&p.region, "dictionary.csv").into_iter().filter(|r| r["counted_in_total"] == "yes").map(|r| r["id"].clone()).collect();
    let lines = rows(&p.region, "ecosystems.csv");
    let types: Vec<String> = lines[0].keys().filter(|k| p.account.iter().any(|r| r["ecosystem"] == **k && **k != "all")).cloned().collect();
    assert!(types.len() > 3, "{types:?}");
    let (mut blanks, mut sums) = (0, BTreeMap::<(String, String, String), Decimal>::new());
    for line in lines.iter().filter(|l| l["indicator"] != "total") {
        let across: Decimal = types.iter().map(|t| decimal(&line[t])).sum();
        assert_eq!(across, decimal(&line["all"]), "{line:?}");
        for kind in types.iter().map(String::as_str).chain(["all"]) {
            let stated = p.number(&line["year"], &line["place_code"], kind, &line["indicator"], &line["measure"]);
            assert_eq!(line[kind], stated, "{kind} of {line:?}");
            blanks += usize::from(stated.is_empty());
            if line["measure"] == "value_yuan" && counted.contains(&line["indicator"]) {
                *sums.entry((line["year"].clone(), line["place_code"].clone(), kind.to_owned())).or_default() += decimal(stated);
            }
        }
    }
    assert!(blanks > 20, "no type lacks anything");
    let mut compared = 0;
    for line in lines.iter().filter(|l| l["indicator"] == "total") {
        for kind in types.iter().map(String::as_str).chain(["all"]) {
            let key = (line["year"].clone(), line["place_code"].clone(), kind.to_owned());
            assert_eq!(decimal(&line[kind]), sums.get(&key).copied().unwrap_or_default(), "{key:?}");
            compared += 1;
        }
    }
    assert!(compared > 20);
    // The same of T-B, whose columns add to its totals.
    for year in YEARS.map(|y| y.to_string()) {
        let (heads, cells) = sheet(&book, &format!("T-B {year}"), 3);
        let total = heads.iter().position(|h| h == "合计").unwrap();
        for line in cells.iter().filter(|l| l[2].is_empty() && !l[total].is_empty() && !l[0].starts_with("已分配")) {
            assert_eq!(line[3..total].iter().map(|c| decimal(c)).sum::<Decimal>(), decimal(&line[total]), "{line:?}");
        }
        let last = cells.iter().find(|l| l[0].starts_with("各类之和")).unwrap();
        assert_eq!(decimal(&last[total]), decimal(&p.total(&year, CITY, "all")["value_yuan"]));
    }
}

#[test]
fn the_workbook_says_what_the_account_says() {
    let p = published();
    let book = p.book();
    assert!(book.notes.is_empty(), "{}", letters(&book.notes));
    let mut compared = 0;
    for year in YEARS.map(|y| y.to_string()) {
        let (heads, cells) = sheet(&book, &format!("T-C {year}"), 4);
        assert_eq!(heads.len(), 4 + 2 * (COUNTIES.len() + 1));
        let places: Vec<&str> = COUNTIES.into_iter().chain([CITY]).collect();
        for line in cells.iter().filter(|l| !l[2].is_empty()) {
            for (i, place) in places.iter().chain(&places).enumerate() {
                assert_eq!(heads[4 + i], p.name(place));
                let column = if i < places.len() { "quantity" } else { "value_yuan" };
                let stated = p.number(&year, place, "all", &line[2], column);
                let told = &line[4 + i];
                if stated.is_empty() {
                    assert!(told.is_empty() || told.starts_with("缺") || told.starts_with("不适用"), "{told} for {place} {line:?}");
                } else {
                    // A cell is a double, so it is compared as one.
                    assert_eq!(told.parse::<f64>().unwrap(), stated.parse::<f64>().unwrap(), "{place} {line:?}");
                    compared += 1;
                }
            }
        }
        let last = cells.last().unwrap();
        for (i, place) in places.iter().enumerate() {
            assert_eq!(decimal(&last[4 + places.len() + i]), decimal(&p.total(&year, place, "all")["value_yuan"]));
        }
        let (_, account) = sheet(&book, &format!("T-A {year}"), 3);
        let title = &p.total(&year, CITY, "all")["title_zh"];
        let line = account.iter().find(|l| l[0].starts_with(title.as_str())).unwrap();
        assert_eq!(decimal(&line[12]), decimal(&p.total(&year, CITY, "all")["value_yuan"]));
        let values: Decimal = account.iter().filter(|l| l[10].parse::<f64>().is_ok()).map(|l| decimal(&l[10])).sum();
        assert_eq!(values, decimal(&line[12]), "the value column has what counts, and nothing twice");
    }
    assert!(compared > 100, "{compared}");
}

/// Quantities and prices of `account.csv`, multiplied here: the second year's quantities at the first
/// year's prices. An amount of money has no such value.
#[test]
fn comparable_values_are_quantities_at_the_base_prices() {
    let p = published();
    let book = p.book();
    let (heads, cells) = sheet(&book, "T-D", 3);
    let at = |head: &str| heads.iter().position(|h| h == head).unwrap_or_else(|| panic!("{head} of {heads:?}"));
    let [base, next] = YEARS.map(|y| y.to_string());
    let (current, comparable, of_base) = (at(&format!("{next} 当年价")), at(&format!("{next} 可比价")), at(&format!("{base} 可比价")));
    let (mut compared, mut blank) = (0, 0);
    for line in cells.iter().filter(|l| !l[2].is_empty()) {
        let atoms: Vec<&Row> = p
            .account
            .iter()
            .filter(|r| {
                r["year"] == next && r["indicator"] == line[2] && r["ecosystem"] != "all" && COUNTIES.contains(&&*r["place_code"]) && !r["price"].is_empty()
            })
            .collect();
        if atoms.is_empty() || atoms.iter().any(|r| r["price_id"].starts_with("average")) {
            continue;
        }
        let price = |r: &Row| p.row(&base, &r["place_code"], &r["ecosystem"], &line[2]).map(|b| decimal(&b["price"]));
        if atoms[0]["unit"] == "CNY" {
            assert!(line[comparable].is_empty(), "{line:?}");
            blank += 1;
        } else if let Some(prices) = atoms.iter().map(|r| price(r)).collect::<Option<Vec<_>>>() {
            let worth = atoms.iter().zip(prices).map(|(r, p)| (decimal(&r["quantity"]) * p).round_dp_with_strategy(2, RoundingStrategy::MidpointNearestEven));
            assert_eq!(decimal(&line[comparable]), worth.sum(), "{line:?}");
            compared += 1;
        }
        assert_eq!(decimal(&line[of_base]), decimal(&line[at(&format!("{base} 当年价"))]), "the base year is its own: {line:?}");
        assert!(!line[current].is_empty());
    }
    assert!(compared > 3 && blank > 0, "{compared} compared, {blank} blank");
}

#[test]
fn counties_side_by_side_have_the_numbers_of_the_account() {
    let p = published();
    let lines = rows(&p.region, "counties.csv");
    assert_eq!(lines.len(), YEARS.len() * (COUNTIES.len() + 1));
    for line in &lines {
        let (year, place) = (&line["年份"], &line["地区代码"]);
        assert_eq!(line["总值_元"], p.total(year, place, "all")["value_yuan"]);
        assert_eq!(line["水源涵养_m3"], p.number(year, place, "all", "water_conservation", "quantity"));
        assert_eq!(line["水源涵养_元"], p.number(year, place, "all", "water_conservation", "value_yuan"));
    }
}

/// Every sheet but the cover and the tables with two rows of heads is a sound table.
#[test]
fn the_lists_are_tables_and_the_dictionary_names_every_sheet() {
    let p = published();
    let book = p.book();
    let known: Vec<String> = rows(&p.region, "dictionary.csv").into_iter().filter(|r| r["kind"] == "gep.xlsx").map(|r| r["id"].clone()).collect();
    for sheet in &book.sheets {
        let stem = sheet.name.split(' ').next().unwrap();
        assert!(known.iter().any(|name| name.split(' ').next() == Some(stem)), "{} is not in the dictionary: {known:?}", sheet.name);
        if !sheet.name.starts_with("T-C") && !sheet.name.starts_with("封面") {
            let table: Table = sheet.table_from(3).unwrap_or_else(|p| panic!("{}: {}", sheet.name, letters(&p)));
            assert!(!table.rows.is_empty(), "{} is empty", sheet.name);
        }
    }
}
