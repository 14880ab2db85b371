//! The cover, and the sheets that say what stands behind the numbers.

use std::collections::BTreeSet;

use liangshan_accounts::account::{ALL, Status};
use liangshan_accounts::price::Price;
use liangshan_accounts::profile::ParameterValue;
use liangshan_formats::workbook::{Cached, Cell, Column, Look, NumberFormat, Sheet, Value};
use liangshan_vocab::{Evidence, Lang, Origin, Text, text, words};

use super::ledger::Ledger;
use super::tables::Found;
use super::{Draft, SHEETS, over};
use crate::book::Book;
use crate::publication::Publication;
use crate::publish::tables::DICTIONARY_COLUMNS;

/// Dictionary, sources, prices, parameters, what is missing, warnings.
pub(super) fn lists(book: &Book, publication: &Publication, ledger: &Ledger<'_>, dictionary: &[[String; 14]]) -> Vec<Sheet> {
    vec![words_of(dictionary), sources(publication), prices(book), parameters(book, publication), missing(ledger), notes(publication)]
}

/// The draft of a sheet that [`SHEETS`] names.
fn draft(at: usize, remark: &Text) -> Draft {
    let (name, zh, en, ..) = SHEETS[at];
    Draft::new(name.into(), &Text::of(zh, en), remark)
}

fn rows(draft: &mut Draft, rows: impl IntoIterator<Item = Vec<Cell>>) {
    for row in rows {
        draft.push(row);
    }
}

fn said<const N: usize>(cells: [&str; N]) -> Vec<Cell> {
    cells.map(Cell::text).into()
}

fn words_of(dictionary: &[[String; 14]]) -> Sheet {
    let mut draft = draft(6, &text("与 dictionary.csv 相同", "the same as dictionary.csv"));
    let widths = [16.0, 30.0, 26.0, 30.0, 46.0, 46.0, 9.0, 11.0, 12.0, 26.0, 12.0, 18.0, 26.0, 11.0];
    draft.heads(DICTIONARY_COLUMNS.iter().zip(widths).map(|(name, width)| ((*name).to_owned(), width)));
    rows(&mut draft, dictionary.iter().map(|row| row.iter().map(|cell| Cell::text(cell.as_str())).collect()));
    draft.done(2, true)
}

fn sources(publication: &Publication) -> Sheet {
    let mut draft = draft(
        7,
        &text(
            "摘要为 SHA-256；合成数据只供演示，不代表真实情况。",
            "digests are SHA-256; synthetic data is invented for demonstration and says nothing about the place.",
        ),
    );
    let heads = [
        ("文件", "file", 44.0),
        ("名称", "title", 40.0),
        ("性质", "origin", 16.0),
        ("来自", "from", 40.0),
        ("制作方法", "method", 50.0),
        ("许可", "licence", 20.0),
    ];
    let more = [("用于", "used by", 30.0), ("摘要", "digest", 70.0)];
    draft.heads(heads.into_iter().chain(more).map(|(zh, en, width)| (over(zh, en), width)));
    rows(
        &mut draft,
        publication.sources.iter().map(|s| {
            let look = if s.read.origin == Origin::Synthetic { Look::Warning } else { Look::Plain };
            let mut cells = vec![Cell::text(&s.read.file), Cell::text(s.title.to_string()), Cell::text(s.read.origin.title().to_string()).look(look)];
            cells.extend(said([&s.from, &s.method, &s.read.licence, &s.used_by.join(", "), s.read.digest.as_str()]));
            cells
        }),
    );
    draft.done(1, true)
}

fn prices(book: &Book) -> Sheet {
    let mut draft = draft(
        8,
        &text(
            "“采用”的单价进入账户；“备选”供比较，改用须改方法方案。单价不作价格指数换算，除非方法方案如此规定。",
            "prices in use enter the account; alternatives are for comparison and are chosen in the profile.",
        ),
    );
    let heads = [
        ("指标", "indicator", 30.0),
        ("用途", "role", 16.0),
        ("单价标识", "price id", 30.0),
        ("名称", "name", 40.0),
        ("数值", "value", 14.0),
        ("单位", "unit", 14.0),
        ("计价对象", "price of", 20.0),
        ("价格年份", "price year", 9.0),
        ("年份是否推定", "year assumed", 12.0),
        ("种类", "kind", 20.0),
        ("地区", "region", 20.0),
        ("出处", "source", 16.0),
        ("核实程度", "evidence", 12.0),
        ("数据性质", "origin", 16.0),
        ("说明", "note", 50.0),
    ];
    draft.heads(heads.map(|(zh, en, width)| (over(zh, en), width)));
    let known = &book.prepared.prices.rows;
    for method in book.prepared.method.profile.indicators.iter().filter(|m| m.status.counts()) {
        let used = method.price_id.iter().map(|id| (id, text("采用", "in use")));
        let others = method.alternatives.iter().map(|id| (id, text("备选", "alternative")));
        for (id, role) in used.chain(others) {
            draft.push(match known.iter().find(|p| p.id == *id) {
                Some(price) => priced(&method.indicator, &role, price),
                None => said([&method.indicator, &role.to_string(), id, "价格表中没有或有误 / not in the price table, or not sound"]),
            });
        }
    }
    draft.done(3, true)
}

fn priced(indicator: &str, role: &Text, price: &Price) -> Vec<Cell> {
    let look = if price.evidence == Evidence::Verified { Look::Plain } else { Look::Warning };
    let mut cells = said([indicator, &role.to_string(), &price.id, &price.name]);
    cells.push(Cell::number(price.value.to_string().parse().unwrap_or_default()));
    cells.extend(said([price.unit.written(), &price.basis]));
    cells.push(Cell::number(f64::from(price.year)).format(NumberFormat::Whole));
    cells.extend(said([if price.year_assumed { "是 yes" } else { "" }, &price.kind, &price.region, &price.source]));
    cells.push(Cell::text(price.evidence.word()).look(look));
    cells.extend([Cell::text(price.origin.title().to_string()), Cell::text(&price.note)]);
    cells
}

fn parameters(book: &Book, publication: &Publication) -> Sheet {
    let mut draft = draft(
        9,
        &text("模型按各年实际所用列出；方案的系数与选项照方案所写。", "of models as used; coefficients and choices of the profile as it states them."),
    );
    let heads = [
        ("属于", "of", 30.0),
        ("名称", "name", 30.0),
        ("含义", "meaning", 40.0),
        ("数值", "value", 18.0),
        ("单位", "unit", 14.0),
        ("出处", "source", 50.0),
        ("核实程度", "evidence", 12.0),
    ];
    draft.heads(heads.map(|(zh, en, width)| (over(zh, en), width)));
    rows(
        &mut draft,
        publication.parameters.iter().map(|p| {
            let mut cells = said([&p.model, &p.name, &p.title.to_string()]);
            cells.push(Cell::number(p.value));
            cells.extend(said([&p.unit, &p.source, ""]));
            cells
        }),
    );
    let profile = &book.prepared.method.profile;
    let of_indicators = profile.indicators.iter().flat_map(|m| m.parameters.iter().map(move |p| (m.indicator.as_str(), p)));
    for (of, p) in of_indicators.chain(profile.flags.iter().map(|p| ("方案 profile", p))) {
        let mut cells = said([of, &p.name, ""]);
        cells.push(match &p.value {
            ParameterValue::Number(number) if number.is_finite() => Cell::number(*number),
            ParameterValue::Number(number) => Cell::text(number.to_string()),
            ParameterValue::Text(word) => Cell::text(word),
            ParameterValue::Flag(yes) => Cell::text(if *yes { "是 yes" } else { "否 no" }),
        });
        cells.extend(said([&p.unit, &p.source, p.evidence.word()]));
        draft.push(cells);
    }
    draft.done(2, true)
}

fn missing(ledger: &Ledger<'_>) -> Sheet {
    let mut draft = draft(
        10,
        &text(
            "“缺资料”的指标没有算；申明“不适用”或“为零”的，理由在此。有缺项时合计不称为生态产品总值。",
            "a missing one was not computed; declared ones have their reason here. With one missing the total is not called GEP.",
        ),
    );
    let heads = [
        ("年份", "year", 8.0),
        ("地区", "place", 20.0),
        ("指标", "indicator", 30.0),
        ("名称", "title", 30.0),
        ("状态", "status", 24.0),
        ("原因", "reason", 70.0),
        ("应有的文件", "file", 40.0),
    ];
    draft.heads(heads.map(|(zh, en, width)| (over(zh, en), width)));
    for row in ledger.account.rows.iter().filter(|r| r.ecosystem == ALL) {
        let (status, reason, file) = match &row.status {
            Status::Ok => continue,
            Status::Zero { reason, .. } => (text("申明为零", "declared zero"), reason, ""),
            Status::NotApplicable(reason) => (text("不适用", "not applicable"), reason, ""),
            Status::MissingInput { reason, file } => (text("缺资料", "input missing"), reason, file.as_str()),
        };
        let mut cells = vec![Cell::number(f64::from(row.year)).format(NumberFormat::Whole)];
        cells.extend(said([&ledger.place_name(&row.place).to_string(), &row.indicator, &ledger.title(&row.indicator).to_string()]));
        cells.extend(said([&status.to_string(), &reason.to_string(), file]));
        draft.push(cells);
    }
    for id in &ledger.account.unknown {
        let mut cells = vec![Cell::default()];
        let title = ledger.title(id).to_string();
        cells.extend(said([
            "",
            id,
            &title,
            "是否计入未知 / not known whether counted",
            "方法方案没有说是否计入，故不计 / the profile does not say, so it is left out",
            "",
        ]));
        draft.push(cells);
    }
    draft.done(4, true)
}

fn notes(publication: &Publication) -> Sheet {
    let mut draft = draft(11, &text("错误会使程序停下，故此处只有警告与提示。", "an error stops the program, so only warnings and notes are here."));
    let heads = [
        ("级别", "severity", 12.0),
        ("代码", "code", 30.0),
        ("内容", "what", 70.0),
        ("位置", "where", 50.0),
        ("应为", "expected", 40.0),
        ("办法", "what to do", 50.0),
        ("同类", "alike", 8.0),
    ];
    draft.heads(heads.map(|(zh, en, width)| (over(zh, en), width)));
    for problem in publication.warnings.iter() {
        let severity = format!("{} {}", problem.severity.word(Lang::Zh), problem.severity.word(Lang::En));
        let mut cells =
            said([&severity, &problem.code, &problem.what.to_string(), &problem.place(Lang::Zh), &problem.expected.to_string(), &problem.fix.to_string()]);
        cells.push(Cell::number(problem.count as f64).format(NumberFormat::Decimals(0)));
        draft.push(cells);
    }
    draft.done(2, true)
}

/// The first sheet.
pub(super) fn cover(book: &Book, publication: &Publication, totals: &[(i32, Found)], sheets: &[Sheet], fixed: usize) -> Sheet {
    let profile = &publication.profile;
    let account = &publication.account;
    let (name, ..) = SHEETS[0];
    let title = Text::of(format!("{} 生态产品总值账户", publication.title.zh), format!("{}: account of ecosystem products", publication.title.en));
    let mut draft = Draft::new(name.into(), &title, &Text::default());
    draft.sheet.columns = [34.0, 26.0, 90.0].map(|width| Column { width, style: None }).into();
    let head = |said: Text| vec![Cell::text(said.to_string()).look(Look::Header), Cell::default().look(Look::Header), Cell::default().look(Look::Header)];
    let line = |name: Text, value: String| vec![Cell::text(name.to_string()), Cell::text(value)];
    let synthetic: Vec<&str> = publication.sources.iter().filter(|s| s.read.origin == Origin::Synthetic).map(|s| s.read.file.as_str()).collect();
    if !synthetic.is_empty() {
        let (n, of) = (synthetic.len(), publication.sources.len());
        let said = words!(
            "数据来源 {of} 个文件中有 {n} 个是合成（虚构）的：本账户只供演示，不能用作该地区的核算结果。",
            "{n} of {of} source files are synthetic (invented): this account is a demonstration and no result for the place."
        );
        draft.push(vec![Cell::text(said.to_string()).look(Look::Warning)]);
    }
    draft.push(Vec::new());
    draft.push(head(text("账户", "the account")));
    draft.push(line(text("区域", "region"), format!("{}（{}，{}）", publication.title, publication.whole, publication.edition)));
    draft.push(line(text("方法方案", "method profile"), format!("{} · {}", profile.printed_id(), profile.title)));
    if profile.evidence != Evidence::Verified {
        let said = text(
            "方案由二手资料重建，未核对原文；系数的核实程度见各表。",
            "the profile is reconstructed from secondary sources; nobody here has read the official text.",
        );
        draft.push(vec![
            Cell::text("核实程度 / evidence"),
            Cell::text(profile.evidence.word()).look(Look::Warning),
            Cell::text(said.to_string()).look(Look::Warning),
        ]);
    }
    draft.push(line(text("天气设定", "weather"), book.weather_words().to_string()));
    draft.push(line(text("坐标系与格网", "reference system and grid"), format!("{}，{} m", publication.crs, publication.cell_m)));
    draft.push(line(text("程序版本", "program version"), publication.version.to_owned()));
    draft.push(line(text("账户摘要（SHA-256）", "name of the account"), publication.basis.as_str().to_owned()));
    draft.push(Vec::new());
    draft.push(head(text("总值（元）", "totals, CNY")));
    for (year, found) in totals {
        let total = account.total(*year, &publication.whole, ALL);
        let named = total.map(|t| t.title()).unwrap_or_default();
        let why = total.filter(|t| !t.complete).map(|t| {
            let missing: BTreeSet<&str> = t.missing.iter().map(|m| m.indicator.as_str()).collect();
            let listed = missing.into_iter().collect::<Vec<_>>().join(", ");
            words!("缺：{listed}", "missing: {listed}").to_string()
        });
        let cell = Cell::formula(&found.cell, Cached::Money(found.value)).look(Look::Total);
        draft.push(vec![Cell::text(format!("{year} 年{} / {} {year}", named.zh, named.en)), cell, Cell::text(why.unwrap_or_default())]);
    }
    draft.push(Vec::new());
    draft.push(head(text("读法", "how to read")));
    for said in reading(fixed) {
        draft.push(vec![Cell::text(said.zh), Cell::default(), Cell::text(said.en)]);
        let row = draft.next() - 1;
        draft.sheet.merged.push(liangshan_formats::workbook::Span { first_row: row, first_column: 0, last_row: row, last_column: 1 });
    }
    let weak = account.rows.iter().filter(|r| r.place == publication.whole && r.ecosystem == ALL && r.value.is_some() && r.evidence != Evidence::Verified);
    let weak: BTreeSet<&str> = weak.map(|r| r.indicator.as_str()).collect();
    if !weak.is_empty() {
        let names: Vec<&str> = weak.into_iter().collect();
        let said = words!("以下指标依据未（完全）核实的资料", "these indicators rest on what is not (wholly) verified");
        draft.push(vec![Cell::text(said.to_string()).look(Look::Warning), Cell::default(), Cell::text(names.join(", ")).look(Look::Warning)]);
    }
    draft.push(Vec::new());
    draft.push(head(text("工作表", "sheets")));
    for sheet in sheets {
        let known = SHEETS.iter().find(|s| sheet.name == s.0 || sheet.name.starts_with(&format!("{} ", s.0.split(' ').next().unwrap_or_default())));
        let meaning = known.map(|s| Text::of(s.3, s.4).to_string()).unwrap_or_default();
        let link = Cell { value: Value::Link(sheet.name.clone(), format!("internal:'{}'!A1", sheet.name)), ..Cell::default() };
        draft.push(vec![link, Cell::default(), Cell::text(meaning)]);
    }
    draft.sheet
}

/// What a reviewer has to know to check the workbook.
fn reading(fixed: usize) -> Vec<Text> {
    vec![
        text(
            "“原子”表每行 价值 = ROUND(实物量 × 单价, 2)；T-A 至 T-D 的数都是公式，逐级引到原子。选中任一格即见其来源。",
            "each row of an atoms sheet is value = ROUND(quantity × price, 2); every number of T-A to T-D is a formula that leads down to the atoms.",
        ),
        text(
            "金额按整数分相加；取整为四舍六入五成双。各格存储的值即账户的值，与 account.csv 一致。",
            "money is added in whole fen, halves rounded to even; stored values are those of account.csv.",
        ),
        words!(
            "表格软件按双精度计算、五则进位。恰在半分处的乘积先加减 0.001 元再取整，超过十五位的数写成数值，都加了批注；共 {fixed} 格。",
            "spreadsheets compute in doubles and round halves up. A product on half a fen has 0.001 yuan added or taken before it is rounded, a number of more than fifteen digits is written plainly; {fixed} cells, each with a note."
        ),
        text(
            "空白不是零：空白表示没有计入或没有该项；零是算得或申明的零。“缺”与“不适用”的理由在“未核算”表。",
            "blank is not zero: blank is not counted or not there, zero is computed or declared. Reasons stand on the sheet of what is missing.",
        ),
        text("单价都有年份；比较各年请用 T-D 的可比价。", "every price has a year; compare years at the comparable prices of T-D."),
        text("合计的单价是平均值，只供阅读。", "the price of a total is an average, for reading only."),
    ]
}
