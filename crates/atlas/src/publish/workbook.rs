//! `gep.xlsx`: the account as a workbook for reviewers, with live formulas down to the atoms.
//!
//! The atoms stand on a sheet for each year with V = ROUND(Q × P, 2); every other number of the
//! tables is a sum of cells or a reference to one. Each formula carries the account's own number as
//! its value, so the workbook says the same before and after it is recalculated. Where a double
//! cannot give that number the cell holds it plainly, with a note (`exact`).

mod exact;
mod ledger;
mod lists;
mod tables;

use liangshan_formats::workbook::{Cell, Column, Look, Properties, Sheet, Span, Workbook, write_workbook};
use liangshan_vocab::{Problems, Text};

use crate::book::Book;
use crate::publication::Publication;
use exact::Exact;
use ledger::Ledger;

/// The sheets of `gep.xlsx`: name (a year follows where there is one for each), titles and meanings.
pub const SHEETS: [(&str, &str, &str, &str, &str); 12] = [
    (
        "封面 cover",
        "封面",
        "cover",
        "区域、方法方案、天气、总值、合成与未核实之处、读法",
        "region, profile, weather, totals, what is synthetic or unverified, how to read",
    ),
    (
        "T-A",
        "实物量与价值量账户",
        "physical and monetary account",
        "全区一年：类别、服务、指标、实物量、单价、价值、服务小计、类别合计",
        "the whole region in a year: category, service, indicator, quantity, price, value, subtotals",
    ),
    (
        "T-B",
        "按生态系统类型",
        "by ecosystem type",
        "行为服务，列为类型；行和与列和相等，空白不是零",
        "services by types; rows and columns add to the same, blank is not zero",
    ),
    ("T-C", "按县", "by county", "每个指标的实物量与价值，各县与全区", "quantity and value of every indicator, counties and the whole"),
    ("T-D", "年际", "by year", "当年价与可比价（基年单价）的价值", "values at current prices and at those of the base year"),
    (
        "原子 atoms",
        "原子",
        "atoms",
        "年份、县、类型、指标一格一行：实物量 × 单价，取整到分",
        "one row for each year, county, type and indicator: quantity × price, to the fen",
    ),
    ("字典 dictionary", "字典", "dictionary", "每列、单位、指标与规则", "columns, units, indicators and rules"),
    ("来源 sources", "来源", "sources", "读过的每个文件：性质、许可、摘要", "every file that was read: origin, licence, digest"),
    ("价格 prices", "价格与证据", "prices and evidence", "每个指标所用单价及备选", "the price of each indicator and its alternatives"),
    ("参数 parameters", "参数", "parameters", "模型与方法方案的系数及出处", "coefficients of models and profile, and where they come from"),
    ("未核算 missing", "未核算与申明", "missing and declared", "没有数字的指标及原因", "indicators without a number, and why"),
    ("提示 notes", "警告与提示", "warnings and notes", "程序说出的全部问题", "everything the program has told"),
];

/// The columns of an atoms sheet: titles, meanings and width.
pub const ATOM_COLUMNS: [(&str, &str, &str, &str, f64); 18] = [
    ("地区代码", "place code", "GB/T 2260 区划代码", "GB/T 2260 division code", 10.0),
    ("地区", "place", "县名", "name of the county", 14.0),
    ("类型代码", "type", "生态系统类型标识", "id of the ecosystem type", 13.0),
    ("生态系统类型", "ecosystem type", "类型名称", "its name", 16.0),
    ("指标代码", "indicator", "指标标识", "id of the indicator", 30.0),
    ("指标", "title", "指标名称", "its name", 22.0),
    ("实物量", "quantity", "取整一次到最小单位，四舍六入五成双", "rounded once to the smallest unit, half to even", 20.0),
    ("单位", "unit", "一个核算年的量", "of one accounting year", 9.0),
    ("单价", "price", "元每单位；对金额的份额则为份额", "CNY per unit; a share where the quantity is money", 14.0),
    ("单价单位", "price unit", "1 表示对金额的份额", "1 for a share of money", 12.0),
    ("价格年份", "price year", "单价所属年份", "the year of the price", 9.0),
    ("单价标识", "price id", "见“价格”表", "see the sheet of prices", 28.0),
    ("价值（元）", "value, CNY", "ROUND(实物量 × 单价, 2)", "ROUND(quantity × price, 2)", 20.0),
    ("基年单价", "base price", "基年同县同类型同指标所用单价；无则为空", "the price applied in the base year to the same county, type and indicator", 14.0),
    ("可比价值（元）", "at base price, CNY", "ROUND(实物量 × 基年单价, 2)", "ROUND(quantity × base price, 2)", 20.0),
    ("核实程度", "evidence", "verified、partial 或 unverified", "verified, partial or unverified", 11.0),
    ("数据性质", "origin", "measured、modelled、mixed 或 synthetic", "measured, modelled, mixed or synthetic", 11.0),
    ("年份", "year", "核算年份", "accounting year", 8.0),
];

/// The columns of T-A: titles, meanings and width.
pub const ACCOUNT_SHEET_COLUMNS: [(&str, &str, &str, &str, f64); 15] = [
    ("类别", "category", "物质供给、调节服务或文化服务", "material, regulating or cultural", 14.0),
    ("服务", "service", "指标所属的服务", "the service an indicator is part of", 20.0),
    ("指标", "indicator", "指标名称", "name of the indicator", 30.0),
    ("指标代码", "id", "指标标识", "its id", 28.0),
    ("实物量", "quantity", "引自 T-C 的全区列", "from the region's column of T-C", 20.0),
    ("单位", "unit", "一个核算年的量", "of one accounting year", 9.0),
    ("单价", "price", "各原子单价相同时为该单价，否则为价值 ÷ 实物量", "the price of all atoms where it is one, else value over quantity", 14.0),
    ("单价单位", "price unit", "1 表示对金额的份额", "1 for a share of money", 12.0),
    ("价格年份", "price year", "单价所属年份", "the year of the price", 9.0),
    ("单价标识", "price id", "average(…) 为平均", "average(…) for an average", 30.0),
    ("价值（元）", "value, CNY", "计入总值的行；引自 T-C，部分缺失者引自 T-B", "rows that count in the total; from T-C, or T-B where a county lacks it", 20.0),
    ("服务小计（元）", "subtotal, CNY", "该服务或指标组之和", "the sum of the service or group", 20.0),
    ("类别合计（元）", "category, CNY", "该类别之和", "the sum of the category", 20.0),
    ("核实程度", "evidence", "所依据的最弱者", "the weakest it rests on", 11.0),
    ("说明", "remark", "数据性质或没有数字的原因", "origin, or why there is no number", 40.0),
];

/// The workbook's bytes.
///
/// # Errors
/// `workbook.cannot_write`.
pub(super) fn workbook(book: &Book, publication: &Publication, dictionary: &[[String; 14]]) -> Result<Vec<u8>, Problems> {
    let exact = Exact::default();
    let ledger = Ledger::of(book);
    let mut sheets = Vec::new();
    let mut totals = Vec::new();
    let mut tables = Vec::new();
    let mut atoms = Vec::new();
    for year in &ledger.years {
        atoms.push(ledger.atoms(year, &exact));
        let (counties, by_county) = tables::counties(&ledger, year, &exact);
        let (types, by_type) = tables::types(&ledger, year, &exact);
        let (account, total) = tables::account(&ledger, year, &counties, &types, &exact);
        totals.push((year.year, total));
        tables.push((year, counties, types));
        sheets.extend([account, by_type, by_county]);
    }
    sheets.push(tables::years(&ledger, &tables, &exact));
    sheets.extend(atoms);
    sheets.extend(lists::lists(book, publication, &ledger, dictionary));
    sheets.insert(0, lists::cover(book, publication, &totals, &sheets, exact.fixed()));
    let title = format!("{} · {}", publication.title, publication.profile.printed_id());
    let properties = Properties {
        title,
        subject: "生态产品总值账户 / gross ecosystem product account".into(),
        author: format!("liangshan {}", publication.version),
        keywords: "GEP".into(),
        comment: publication.basis.as_str().to_owned(),
    };
    write_workbook(&Workbook { properties, sheets })
}

/// The rows that the dictionary has about the workbook: kind, id, titles and meanings.
pub(super) fn described() -> Vec<[&'static str; 6]> {
    let sheets = SHEETS.iter().map(|(name, zh, en, mzh, men)| ["gep.xlsx", *name, *zh, *en, *mzh, *men]);
    let columns = |kind: &'static str, all: &'static [(&'static str, &'static str, &'static str, &'static str, f64)]| {
        all.iter().map(move |(zh, en, mzh, men, _)| [kind, *en, *zh, *en, *mzh, *men])
    };
    sheets.chain(columns("gep.xlsx T-A", &ACCOUNT_SHEET_COLUMNS)).chain(columns("gep.xlsx atoms", &ATOM_COLUMNS)).collect()
}

/// Rows above the data of a table: title, remark, heads.
const HEADS: u32 = 3;

/// A sheet on its way.
struct Draft {
    sheet: Sheet,
}

impl Draft {
    /// A sheet with its title and a remark in the first two rows.
    fn new(name: String, title: &Text, remark: &Text) -> Self {
        let rows = vec![vec![Cell::text(title.to_string()).look(Look::Title)], vec![Cell::text(remark.to_string()).look(Look::Remark)]];
        Self { sheet: Sheet { name, rows, ..Sheet::default() } }
    }

    /// The number of the next row.
    fn next(&self) -> u32 {
        self.sheet.rows.len() as u32
    }

    /// Adds a row and tells its number.
    fn push(&mut self, row: Vec<Cell>) -> u32 {
        self.sheet.rows.push(row);
        self.next() - 1
    }

    /// Heads of the columns with their widths.
    fn heads(&mut self, heads: impl IntoIterator<Item = (String, f64)>) {
        let (cells, columns) =
            heads.into_iter().map(|(said, width)| (Cell::text(said).look(Look::Header), Column { width, style: None })).unzip::<_, _, Vec<Cell>, Vec<Column>>();
        self.sheet.columns = columns;
        let row = self.push(cells);
        self.sheet.repeated = Some((row, row));
    }

    /// The finished sheet, with so many columns kept in sight; filter buttons where it is a list.
    fn done(mut self, columns: u16, filtered: bool) -> Sheet {
        let head = self.sheet.repeated.map_or(0, |(_, last)| last);
        self.sheet.frozen = (head + 1, columns);
        let last_column = (self.sheet.columns.len() as u16).saturating_sub(1);
        if filtered {
            self.sheet.filter = Some(Span { first_row: head, first_column: 0, last_row: self.next() - 1, last_column });
        }
        self.sheet
    }
}

/// Both languages over each other, as heads of columns are.
fn over(zh: &str, en: &str) -> String {
    format!("{zh}\n{en}")
}
