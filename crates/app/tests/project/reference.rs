//! Reference pages drawn from the program's own declarations.

use liangshan_accounts::catalogue::{CATALOGUE, Quantities};
use liangshan_accounts::plausibility::bands;
use liangshan_accounts::profile::{FLAGS, FlagForm, HOWS};
use liangshan_accounts::rules::RULES;
use liangshan_atlas::calculators;
use liangshan_atlas::publish::beside::ALTERNATIVE_COLUMNS;
use liangshan_atlas::publish::changes::CHANGE_COLUMNS;
use liangshan_atlas::publish::tables::{ACCOUNT_COLUMNS, BESIDE_COLUMNS, DICTIONARY_COLUMNS, TOTAL_COLUMNS};
use liangshan_atlas::publish::wide::{COUNTY_COLUMNS, ECOSYSTEM_COLUMNS};
use liangshan_atlas::publish::workbook::{ACCOUNT_SHEET_COLUMNS, ATOM_COLUMNS, SHEETS};
use liangshan_atlas::review::REVIEW_COLUMNS;
use liangshan_atlas::zones::{files, own_files, pattern_files};
use liangshan_vocab::{Calculator, Form, Input, Output, Spec, Unit};
use serde_json::{Value, json};

use crate::pages::{Page, held};

fn code(word: &str) -> String {
    if word.is_empty() { String::new() } else { format!("`{word}`") }
}

fn range((low, high): (f64, f64)) -> String {
    match (low.is_finite(), high.is_finite()) {
        (true, true) => format!("{low} … {high}"),
        (true, false) => format!("≥ {low}"),
        (false, true) => format!("≤ {high}"),
        (false, false) => String::new(),
    }
}

fn form(form: Form) -> String {
    match form {
        Form::Choice(words) => words.iter().map(|w| code(w)).collect::<Vec<_>>().join(" "),
        other => other.word().to_owned(),
    }
}

fn needed(input: &Input) -> String {
    if input.needed { "是 yes" } else { "可选 optional" }.to_owned()
}

fn outputs(page: &mut Page, outputs: &[Output]) {
    page.table(
        ["输出 output", "中文", "English", "kind", "unit", "form", "range"],
        outputs.iter().map(|o| {
            [code(o.name), o.title.zh.to_string(), o.title.en.to_string(), o.measure.kind.to_string(), code(o.measure.unit), form(o.form), range(o.range)]
        }),
    );
}

fn source(page: &mut Page, spec: &Spec) {
    page.line(&format!("来源 source: {}，{}", spec.source.work, spec.source.at));
}

/// Where a model's input comes from when a region is computed.
fn served(model: &str, input: &Input) -> String {
    if input.form != Form::Grid {
        return "方法方案参数 profile parameter".to_owned();
    }
    let maker = liangshan_models::all().iter().find(|m| m.spec.id != model && m.spec.output(input.name).is_some());
    match maker {
        Some(maker) => format!("`[layer.{}]`，或模型 or the model `{}`", input.name, maker.spec.id),
        None => format!("`[layer.{}]`", input.name),
    }
}

#[test]
fn models() {
    let mut page = Page::new(
        "模型 / Models",
        "每个模型需要什么、得出什么。数值范围之外的输入会被拒绝；缺测格网保持缺测。`[layer.x]` 指 region.toml 为该输入声明的数据源（也可来自 class_table、code_table）；region.toml 声明了的优先于模型算出的。",
        "What each model needs and makes. Input outside its range is refused; a missing cell stays missing. `[layer.x]` is the source that region.toml declares for the input (a class_table or code_table serves as well); a declared one goes before one that a model makes.",
    );
    for model in liangshan_models::all() {
        let spec = model.spec;
        page.head(2, &format!("`{}` {} / {}", spec.id, spec.title.zh, spec.title.en));
        source(&mut page, spec);
        page.line(&format!("范围 reach: `{}`；算法版本 version of the arithmetic: {}", spec.reach.word(), model.version));
        page.table(
            ["输入 input", "中文", "English", "kind", "unit", "range", "needed", "由谁提供 served by"],
            spec.inputs.iter().map(|i| {
                [
                    code(i.name),
                    i.title.zh.to_string(),
                    i.title.en.to_string(),
                    i.measure.kind.to_string(),
                    code(i.measure.unit),
                    range(i.range),
                    needed(i),
                    served(spec.id, i),
                ]
            }),
        );
        outputs(&mut page, spec.outputs);
        if !model.tallies.is_empty() {
            page.table(
                ["计数 tally", "中文", "English", "改动数值 changes values"],
                model
                    .tallies
                    .iter()
                    .map(|t| [code(t.name), t.title.zh.to_string(), t.title.en.to_string(), if t.clamps { "是 yes" } else { "否 no" }.to_owned()]),
            );
        }
    }
    held("models.md", &page.text());
}

#[test]
fn all_calculators() {
    let mut page = Page::new(
        "公式 / Calculators",
        "每个公式都可单独询问：`liangshan calc 名称 --input 文件`，JSON 输入，JSON 输出。`liangshan calc 名称 --describe` 给出同样的说明。",
        "Every formula can be asked by itself: `liangshan calc NAME --input FILE`, JSON in and JSON out. `liangshan calc NAME --describe` says the same as this page.",
    );
    let all: Vec<&Calculator> = calculators::all();
    page.table(["名称 name", "中文", "English"], all.iter().map(|c| [code(c.spec.id), c.spec.title.zh.to_string(), c.spec.title.en.to_string()]));
    for calculator in &all {
        let spec = calculator.spec;
        page.head(2, &format!("`{}`", spec.id));
        page.line(&format!("{} / {}", spec.title.zh, spec.title.en));
        source(&mut page, spec);
        page.table(
            ["输入 input", "中文", "English", "unit", "form", "range", "needed"],
            spec.inputs
                .iter()
                .map(|i| [code(i.name), i.title.zh.to_string(), i.title.en.to_string(), code(i.measure.unit), form(i.form), range(i.range), needed(i)]),
        );
        outputs(&mut page, spec.outputs);
    }
    held("calculators.md", &page.text());
}

fn pretty(value: &Value) -> String {
    format!("{}\n", serde_json::to_string_pretty(value).unwrap())
}

/// The declaration of a model as data: its spec, and what the engine adds to it.
pub(crate) fn spec_of(model: &liangshan_models::Model) -> Value {
    let mut spec = model.spec.to_json();
    spec["version"] = json!(model.version);
    spec["tallies"] = model.tallies.iter().map(|t| json!({ "name": t.name, "title": t.title, "clamps": t.clamps })).collect();
    spec
}

#[test]
fn declarations_as_data() {
    held("specs.json", &pretty(&liangshan_models::all().iter().map(|m| spec_of(m)).collect()));
    held("calculators.json", &pretty(&calculators::all().iter().map(|c| c.spec.to_json()).collect()));
}

#[test]
fn units() {
    let mut page = Page::new(
        "单位 / Units",
        "可以写的单位。空格表示相乘，斜线除以其后的一个单位或一个括号，`1e4 m3` 之类的数是倍数：`t/(ha a)`、`MJ mm/(ha h a)`、`1e4 m3`、`CNY/kWh`。表外的名称是错误，不作猜测。年、月、日、时之间不换算；方括号内的物质不同的单位不换算（吨碳不是吨二氧化碳）。",
        "What may be written as a unit. A space multiplies, a slash divides by the next unit or bracket, numbers such as `1e4` are factors: `t/(ha a)`, `MJ mm/(ha h a)`, `1e4 m3`, `CNY/kWh`. A name outside the table is an error, never a guess. Years, months, days and hours do not convert into each other; units of different substances, in square brackets, do not either: tonnes of carbon are not tonnes of carbon dioxide.",
    );
    page.table(["符号 symbol", "倍数 factor", "基本单位 base units"], Unit::symbols().map(|(symbol, factor, base)| [code(symbol), format!("{factor}"), base]));
    held("units.md", &page.text());
}

#[test]
fn indicators() {
    let mut page = Page::new(
        "指标、计价方法与选项 / Indicators, valuations and flags",
        "账户的指标目录；方法方案中 `how` 可用的计价方法；方案必须写明的选项；合理区间。实物量均为一个核算年的量。",
        "The catalogue of an account's indicators; the valuations that a `how` of a profile may name; the choices a profile states; the plausibility bands. Quantities are those of one accounting year.",
    );
    page.head(2, "指标 / Indicators");
    page.line("实物量一栏：own 自有；added 自有，或同类组成部分之和；none 无（组成部分不是同一种东西，只加总价值）。区域可以在指标后加点定义组成部分，如 `supply_agriculture.rice`。");
    page.line("Quantity: own; added, which is its own or the sum of parts of the same thing; none, where parts are different things and only money is added. A region may add dotted parts, such as `supply_agriculture.rice`.");
    page.table(
        ["指标 indicator", "中文", "English", "class", "unit", "小数 decimals", "属于 part of", "实物量 quantity"],
        CATALOGUE.iter().map(|i| {
            let quantity = match i.quantities {
                Quantities::Own => "own",
                Quantities::Added => "added",
                Quantities::None => "none",
            };
            [
                code(i.id),
                i.title.zh.to_string(),
                i.title.en.to_string(),
                i.class.word().to_owned(),
                code(i.unit),
                if i.unit.is_empty() { String::new() } else { i.decimals.to_string() },
                i.parent.map(code).unwrap_or_default(),
                quantity.to_owned(),
            ]
        }),
    );
    page.head(2, "计价方法 / Valuations (`how`)");
    page.table(
        ["how", "中文", "English", "需要单价 priced", "实物量单位另定为 unit instead"],
        HOWS.iter().map(|h| {
            [
                code(h.id),
                h.title.zh.to_string(),
                h.title.en.to_string(),
                if h.priced { "是 yes" } else { "否 no" }.to_owned(),
                h.unit.map(|(unit, decimals)| format!("`{unit}`，{decimals}")).unwrap_or_default(),
            ]
        }),
    );
    page.head(2, "选项 / Flags");
    page.table(
        ["flag", "中文", "English", "取值 values", "必须写明 required"],
        FLAGS.iter().map(|f| {
            let values = match f.form {
                FlagForm::YesNo => "`true` `false`".to_owned(),
                FlagForm::Number => "number".to_owned(),
                FlagForm::Choice(words) => words.iter().map(|w| code(w)).collect::<Vec<_>>().join(" "),
                FlagForm::Word => "text".to_owned(),
            };
            [code(f.name), f.title.zh.to_string(), f.title.en.to_string(), values, if f.required { "是 yes" } else { "否 no" }.to_owned()]
        }),
    );
    page.head(2, "合理区间 / Plausibility bands");
    page.line("区间之外给出名为 `plausible.<数量>` 的警告；结果不作改动。");
    page.line("Outside a band there is a warning named `plausible.<quantity>`; the result stands as computed.");
    page.table(
        ["数量 quantity", "中文", "English", "unit", "区间 band", "依据", "basis", "evidence"],
        bands().iter().map(|b| {
            [
                code(&b.quantity),
                b.title.zh.to_string(),
                b.title.en.to_string(),
                code(&b.unit),
                range((b.low, b.high)),
                b.basis.zh.to_string(),
                b.basis.en.to_string(),
                b.evidence.word().to_owned(),
            ]
        }),
    );
    page.head(2, "规则 / Rules");
    page.line("已发表的核算中出现过的错误。规则只说出来，不改动数值。");
    page.line("The mistakes that published accounts made. A rule tells and changes no number.");
    page.table(
        ["rule", "级别 severity", "中文", "English", "出处 from"],
        RULES
            .iter()
            .map(|r| [code(r.code), r.severity.word(liangshan_vocab::Lang::En).to_owned(), r.title.zh.to_string(), r.title.en.to_string(), r.from.to_owned()]),
    );
    held("indicators.md", &page.text());
}

#[test]
fn tables_of_a_run() {
    let mut page = Page::new(
        "结果表 / Tables of a run",
        "`account.csv`、`totals.csv`、`dictionary.csv`、`beside.csv` 的列，按次序。编码为带 BOM 的 UTF-8。`account.csv` 每行是一个年份、地区、生态系统类型（或 `all`）、指标。",
        "The columns of `account.csv`, `totals.csv`, `dictionary.csv` and `beside.csv`, in order. UTF-8 with a byte-order mark. A row of `account.csv` is one year, place, ecosystem type (or `all`) and indicator.",
    );
    page.head(2, "account.csv");
    page.table(
        ["列 column", "中文", "English", "含义", "meaning"],
        ACCOUNT_COLUMNS.map(|(name, zh, en, meaning_zh, meaning_en)| [code(name), zh.to_owned(), en.to_owned(), meaning_zh.to_owned(), meaning_en.to_owned()]),
    );
    page.head(2, "totals.csv");
    page.table(["列 column", "中文", "English"], TOTAL_COLUMNS.map(|(name, zh, en)| [code(name), zh.to_owned(), en.to_owned()]));
    page.head(2, "changes.csv");
    page.table(["列 column", "中文", "English"], CHANGE_COLUMNS.map(|(name, zh, en)| [code(name), zh.to_owned(), en.to_owned()]));
    page.head(2, "review.csv");
    page.table(["列 column", "中文", "English"], REVIEW_COLUMNS.map(|(name, zh, en)| [code(name), zh.to_owned(), en.to_owned()]));
    page.head(2, "alternatives.csv");
    page.line("每个计价指标在方案所列其他单价下的价值，逐原子计算；role = beside 者不在账户之内（消费者剩余）。");
    page.line("What each priced indicator is worth at the other prices of the profile, atom by atom; what has role = beside is not in the account (consumer surplus).");
    page.table(["列 column", "中文", "English"], ALTERNATIVE_COLUMNS.map(|(name, zh, en)| [code(name), zh.to_owned(), en.to_owned()]));
    page.head(2, "ecosystems.csv");
    page.line("行为地区与指标，列为生态系统类型，末列 `all` 为各类型之和；空白不是零。");
    page.line("A row for each place, indicator and measure; after these columns one for each ecosystem type, then `all`, their sum. Blank is not zero.");
    page.table(["列 column", "中文", "English"], ECOSYSTEM_COLUMNS.map(|(name, zh, en)| [code(name), zh.to_owned(), en.to_owned()]));
    page.head(2, "counties.csv");
    page.line("每县每年一行；其后每个指标两列：名称加实物量单位，名称加 `元`。");
    page.line("A row for each place and year; after these columns two for each indicator: its Chinese name with the unit of the quantity, and with `元`.");
    page.table(["列 column", "中文", "English"], COUNTY_COLUMNS.map(|(name, zh, en)| [code(name), zh.to_owned(), en.to_owned()]));
    page.head(2, "gep.xlsx");
    page.line("工作表；`T-A`、`T-B`、`T-C` 与“原子”每年一张，名后加年份。");
    page.line("The sheets; there is one T-A, T-B, T-C and atoms for each year, with the year behind its name.");
    page.table(
        ["工作表 sheet", "中文", "English", "内容", "content"],
        SHEETS.map(|(name, zh, en, mzh, men)| [code(name), zh.to_owned(), en.to_owned(), mzh.to_owned(), men.to_owned()]),
    );
    page.line("T-A 的列 / the columns of T-A:");
    page.table(
        ["列 column", "English", "含义", "meaning"],
        ACCOUNT_SHEET_COLUMNS.map(|(zh, en, mzh, men, _)| [zh.to_owned(), en.to_owned(), mzh.to_owned(), men.to_owned()]),
    );
    page.line("“原子”的列 / the columns of the atoms:");
    page.table(
        ["列 column", "English", "含义", "meaning"],
        ATOM_COLUMNS.map(|(zh, en, mzh, men, _)| [zh.to_owned(), en.to_owned(), mzh.to_owned(), men.to_owned()]),
    );
    page.head(2, "dictionary.csv");
    page.table(["列 column"], DICTIONARY_COLUMNS.map(|name| [code(name)]));
    page.head(2, "beside.csv");
    page.table(["列 column", "中文", "English"], BESIDE_COLUMNS.map(|(name, zh, en)| [code(name), zh.to_owned(), en.to_owned()]));
    held("account-csv.md", &page.text());
}

#[test]
fn zones() {
    let mut page = Page::new(
        "分区资产表 / Tables by zone",
        "`liangshan zones` 写出的表与图层，默认在 `out/<方案>/zones/`；`--office` 的在其下以部门代码命名的目录。编码为带 BOM 的 UTF-8。同组分区与“以上之外”（`elsewhere`）相加等于账户；`all` 为该组各分区合计。`zones.gpkg` 每个分区一个要素，属性为中文，字段有说明。`pattern*` 仅在 `--pattern` 时写出；`pattern.geojson` 为 WGS84 经纬度的源地、保留廊道与节点。",
        "The tables and the layer that `liangshan zones` writes, by default to `out/<profile>/zones/`; those of `--office` to a folder below it that is named by the office. UTF-8 with a byte-order mark. The zones of a set and what lies outside them (`elsewhere`) add up to the account; `all` is the zones of the set together. `zones.gpkg` has a feature for each zone, with attributes in Chinese and a description of every field. `pattern*` are written with `--pattern` only; `pattern.geojson` has sources, kept corridors and nodes as WGS84 longitude and latitude.",
    );
    let tables: [(&str, &[liangshan_atlas::zones::files::Column]); 9] = [
        ("zones.csv", &files::ZONE_COLUMNS),
        ("zone_assets.csv", &files::ASSET_COLUMNS),
        ("zone_changes.csv", &files::CHANGE_COLUMNS),
        ("zone_alerts.csv", &files::ALERT_COLUMNS),
        ("zone_rules.csv", &files::RULE_COLUMNS),
        ("zone_projects.csv", &own_files::PROJECT_COLUMNS),
        ("pattern_corridors.csv", &pattern_files::CORRIDOR_COLUMNS),
        ("pattern_drawn.csv", &pattern_files::DRAWN_COLUMNS),
        ("pattern_sensitivity.csv", &pattern_files::RUN_COLUMNS),
    ];
    for (name, columns) in tables {
        page.head(2, name);
        page.table(["列 column", "中文", "English"], columns.iter().map(|(name, zh, en)| [code(name), (*zh).to_owned(), (*en).to_owned()]));
    }
    held("zones.md", &page.text());
}

#[test]
fn the_contracted_columns_are_there() {
    // contracts.md of the project's issues, "account.csv": the columns of a run without draws.
    let contracted = "year, place_code, place_name, ecosystem, indicator, class, quantity, unit, price, price_unit, price_year, price_id, value_yuan, profile, evidence, origin, status, digest";
    assert_eq!(ACCOUNT_COLUMNS.map(|c| c.0).join(", "), contracted);
}

/// The rows of a table of words, `rules/assess/NAME.csv`.
fn words_of(name: &str) -> Vec<Vec<String>> {
    let bytes = std::fs::read(crate::sources::root().join(format!("rules/assess/{name}.csv"))).unwrap();
    liangshan_formats::table::read_csv(&bytes).unwrap().rows.into_iter().map(|r| r.cells).collect()
}

#[test]
fn the_words_of_departments() {
    let mut page = Page::new(
        "评价监测文件：认识的表头、单位与写法 / Heads, units and signs that assess knows",
        "`liangshan assess` 按这些词读懂部门的文件，大小写、空格、全半角、下划线与连字符不论；词是数据，在 `rules/assess/`，加一行即可。项目名另用标准中的代码、名称与别名（`liangshan rules show hb2011-22`）。时间写作 `2021-04-01 08:00`、`2021/4/1 8:00`、`2021年4月1日8时`、`20210401` 等，北京时间。",
        "`liangshan assess` reads the files of departments by these words, whatever their case, spaces, width, hyphens and underlines; they are data under `rules/assess/`, and a new word is a line there. Items go by the codes, names and other names of the standard as well. Times are those of Beijing.",
    );
    let listed = |words: &str| words.split('|').map(code).collect::<Vec<_>>().join(" ");
    page.head(2, "列 / Columns");
    page.table(["领域 domain", "含义 field", "表头 heads"], words_of("columns").into_iter().map(|r| [code(&r[0]), code(&r[1]), listed(&r[2])]));
    page.head(2, "单位 / Units");
    page.line("未注明单位的列按限值的单位理解并说明；不认识的单位拒收该列。 A head without a unit is taken in the unit of the limits, and that is told; a unit that is not known refuses the column.");
    page.table(["单位 unit", "写法 words"], words_of("units").into_iter().map(|r| [code(&r[1]), listed(&r[0])]));
    page.head(2, "空气的平均时间 / Averaging times of the air");
    page.table(["时间 time", "写法 words"], words_of("averaging").into_iter().map(|r| [code(&r[1]), listed(&r[0])]));
    page.head(2, "格内写法 / Signs in cells");
    page.line("另有 `<0.02`、`0.02L`、`未检出(0.02)`：低于检出限；`>24000`：高于上限。 And `<0.02`, `0.02L`, `ND(0.02)` for below a limit, `>24000` for above an end.");
    page.table(["含义 meaning", "写法 words"], words_of("cells").into_iter().map(|r| [code(&r[1]), listed(&r[0])]));
    page.head(2, "用地 / Land uses");
    page.table(["标准中的用地 land", "写法 words"], words_of("lands").into_iter().map(|r| [format!("{} {}", code(&r[1]), code(&r[2])), listed(&r[0])]));
    page.head(2, "按名称认作湖库的断面 / Sections taken for lakes by their names");
    page.table(
        ["断面 section", "证据 evidence", "依据", "basis"],
        words_of("sections").into_iter().map(|r| [code(&r[0]), r[2].clone(), r[3].clone(), r[4].clone()]),
    );
    held("assess.md", &page.text());
}
