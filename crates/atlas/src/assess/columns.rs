//! What the columns of a sheet are: a field, an item with its unit, or nothing that is known. Nothing is
//! guessed; how each was read is told.

use liangshan_formats::table::Row;
use liangshan_vocab::{Problem, Problems, Text, nearest, text, words};

use super::Domain;
use super::words::{Words, plain};
use crate::deliveries::numbers::half_width;

/// What a column holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Role {
    /// Something about the row: place, time, status.
    Field(String),
    /// Values of an item, with the unit that the head states.
    Item(String, Option<String>),
    /// Detection limits of an item, with their unit.
    LimitOf(String, Option<String>),
    /// Values of the row's item at this place: the national layout of hourly air.
    Place,
    /// An item whose unit is not known or does not fit: refused.
    Refused(String),
    /// Known, and not used here.
    Aside,
    /// Not known.
    Unknown,
    /// Without a head.
    Blank,
}

/// A column as it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnRead {
    /// The sheet; empty for a CSV file.
    pub sheet: String,
    /// The head as it stands in the file.
    pub head: String,
    /// What it was taken for: `section`, `time`, an item's code; empty where it is not used.
    pub taken_for: String,
    /// The same for people.
    pub title: Text,
    /// The unit that the head or the line below it states; empty where none is stated.
    pub stated_unit: String,
    /// The unit that values are judged in; empty for columns without one.
    pub unit: String,
    /// What else is to be known of the reading.
    pub remark: Text,
    pub(super) role: Role,
}

/// Which names are items of a domain: a name to its code.
pub(super) trait Items {
    /// The words of departments.
    fn words(&self) -> &Words;
    /// The code of an item by any of its names.
    fn code(&self, name: &str) -> Option<String>;
    /// What an item is called.
    fn title(&self, code: &str) -> Text;
    /// The unit its values are judged in.
    fn unit(&self, code: &str) -> String;
    /// Names to suggest for a misspelt one.
    fn names(&self) -> Vec<String>;
}

/// What a head says, the unit aside.
fn named(head: &str, domain: Domain, items: &dyn Items, words: &Words) -> Option<Role> {
    if let Some(code) = items.code(head) {
        return Some(Role::Item(code, None));
    }
    match words.field(domain, head) {
        Some("aside") => return Some(Role::Aside),
        Some("limit_of") => {}
        Some(field) => return Some(Role::Field(field.to_owned())),
        None => {}
    }
    let rest = words.limit_of(head)?;
    match role(&rest, domain, items, words) {
        Role::Item(code, unit) => Some(Role::LimitOf(code, unit)),
        _ => None,
    }
}

/// What a head says.
pub(super) fn role(head: &str, domain: Domain, items: &dyn Items, words: &Words) -> Role {
    let narrow = half_width(head);
    if narrow.is_empty() {
        return Role::Blank;
    }
    if let Some(found) = named(&narrow, domain, items, words) {
        return found;
    }
    if let Some((base, inside)) = bracketed(&narrow) {
        let of_base = role(&base, domain, items, words);
        match (&of_base, words.unit(&inside)) {
            (Role::Item(code, _), Some(unit)) => return Role::Item(code.clone(), Some(unit.to_owned())),
            (Role::LimitOf(code, _), Some(unit)) => return Role::LimitOf(code.clone(), Some(unit.to_owned())),
            (Role::Field(_) | Role::Aside, _) => return of_base,
            (Role::Item(code, unit), None) => {
                let same = items.code(&inside).is_some_and(|c| c == *code);
                if same || words.qualifies(&inside) {
                    return Role::Item(code.clone(), unit.clone());
                }
                // The bracket may belong to the item itself, such as an averaging time.
                return match items.code(&format!("{base}{inside}")) {
                    Some(code) => Role::Item(code, unit.clone()),
                    None => Role::Refused(code.clone()),
                };
            }
            _ => {}
        }
    }
    for (at, c) in narrow.char_indices().filter(|(_, c)| matches!(c, '_' | ' ' | '/' | ',' | ':')) {
        let (base, said) = (&narrow[..at], &narrow[at + c.len_utf8()..]);
        if let (Some(unit), Some(Role::Item(code, None))) = (words.unit(said), named(base, domain, items, words)) {
            return Role::Item(code, Some(unit.to_owned()));
        }
    }
    Role::Unknown
}

/// What stands outside and inside the last bracket.
pub(super) fn bracketed(head: &str) -> Option<(String, String)> {
    let close = head.rfind([')', ']'])?;
    let open = head[..close].rfind(['(', '['])?;
    let base = format!("{}{}", &head[..open], &head[close + 1..]);
    (!base.trim().is_empty()).then(|| (base.trim().to_owned(), head[open + 1..close].trim().to_owned()))
}

/// A header that was found: its place among the rows, the columns, and whether a line of units follows it.
pub(super) struct Header {
    pub(super) at: usize,
    pub(super) columns: Vec<ColumnRead>,
    pub(super) units_below: bool,
}

/// Rows that are looked at for a header.
const LOOKED_AT: usize = 15;

/// Finds the header: the row of the first ones with the most columns that are known, or two rows that have
/// more of them together. `None` where none has two of them.
pub(super) fn header(sheet: &str, rows: &[Row], domain: Domain, items: &dyn Items, words: &Words) -> Option<Header> {
    let known = |row: &Row| {
        let roles = row.cells.iter().map(|cell| role(cell, domain, items, words));
        roles.filter(|r| matches!(r, Role::Field(_) | Role::Item(..) | Role::Aside | Role::LimitOf(..) | Role::Refused(_))).count()
    };
    let counts: Vec<usize> = rows.iter().take(LOOKED_AT).map(known).collect();
    let most = counts.iter().copied().max().unwrap_or(0);
    let one = counts.iter().position(|n| *n == most).unwrap_or(0);
    // Two lines that say more together than either: groups above, items below, as merged heads are.
    let joined = rows.iter().zip(rows.iter().skip(1)).take(LOOKED_AT).map(|(upper, lower)| below_or_above(upper, lower));
    let joined = joined.enumerate().map(|(at, row)| (known(&row), std::cmp::Reverse(at), row)).max_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)));
    let (at, heads) = match joined {
        Some((count, std::cmp::Reverse(upper), row)) if count > most && count >= 2 => (upper + 1, row),
        _ if most >= 2 => (one, rows[one].clone()),
        _ => return None,
    };
    let below = rows.get(at + 1);
    let mut columns: Vec<ColumnRead> = heads.cells.iter().map(|cell| read(sheet, cell, domain, items, words)).collect();
    let units_below = below.is_some_and(|row| is_units(row, &columns, words));
    if let Some(row) = below.filter(|_| units_below) {
        for (column, cell) in columns.iter_mut().zip(&row.cells) {
            if let Role::Item(_, unit @ None) = &mut column.role {
                *unit = words.unit(cell).map(str::to_owned);
                column.stated_unit = unit.clone().unwrap_or_default();
            }
        }
    }
    // Other columns of a table with an item in each row are places.
    let has = |field: &str| columns.iter().any(|c| c.role == Role::Field(field.to_owned()));
    if has("item") && !has("value") {
        for column in columns.iter_mut().filter(|c| c.role == Role::Unknown) {
            column.role = Role::Place;
        }
    }
    columns.iter_mut().for_each(|c| explain(c, items));
    Some(Header { at, columns, units_below })
}

/// Two lines as one: what stands below, and what stands above it where nothing does.
fn below_or_above(upper: &Row, lower: &Row) -> Row {
    let cell = |row: &Row, at: usize| row.cells.get(at).filter(|c| !c.trim().is_empty()).cloned();
    let width = upper.cells.len().max(lower.cells.len());
    Row { line: lower.line, cells: (0..width).map(|at| cell(lower, at).or_else(|| cell(upper, at)).unwrap_or_default()).collect() }
}

/// A row that says nothing but units below items.
fn is_units(row: &Row, columns: &[ColumnRead], words: &Words) -> bool {
    let below: Vec<(&ColumnRead, &str)> = columns.iter().zip(row.cells.iter().map(|c| c.trim())).collect();
    let of_items = || below.iter().filter(|(c, cell)| matches!(c.role, Role::Item(..)) && !cell.is_empty());
    of_items().count() > 0 && of_items().all(|(_, cell)| words.unit(cell).is_some() && words.sign(cell).is_none() && cell.parse::<f64>().is_err())
}

fn read(sheet: &str, head: &str, domain: Domain, items: &dyn Items, words: &Words) -> ColumnRead {
    let role = role(head, domain, items, words);
    let stated = match &role {
        Role::Item(_, unit) | Role::LimitOf(_, unit) => unit.clone().unwrap_or_default(),
        _ => String::new(),
    };
    ColumnRead {
        sheet: sheet.to_owned(),
        head: head.trim().to_owned(),
        taken_for: String::new(),
        title: Text::default(),
        stated_unit: stated,
        unit: String::new(),
        remark: Text::default(),
        role,
    }
}

/// Fills in what people read of a column.
fn explain(column: &mut ColumnRead, items: &dyn Items) {
    match &column.role {
        Role::Field(field) => {
            column.taken_for = field.clone();
            column.title = field_title(field);
        }
        Role::Item(code, unit) => {
            column.taken_for = code.clone();
            column.title = items.title(code);
            column.unit = items.unit(code);
            let judged = column.unit.clone();
            column.remark = match unit {
                Some(said) if *said == judged => Text::default(),
                Some(said) => words!("由 {said} 换算为 {judged}", "converted from {said} to {judged}"),
                None if judged == "1" => Text::default(),
                None => words!("未注明单位，按 {judged} 理解", "no unit stated, taken as {judged}"),
            };
        }
        Role::LimitOf(code, _) => {
            column.taken_for = format!("{code} detection limit");
            let title = items.title(code);
            column.title = Text::of(format!("{}的检出限", title.zh), format!("detection limit of {}", title.en));
            column.unit = items.unit(code);
        }
        Role::Place => {
            column.taken_for = "place".to_owned();
            column.title = text("该站点的值", "values of this station");
        }
        Role::Refused(code) => {
            column.title = items.title(code);
            column.remark = text("单位不明，未采用", "the unit is not known; not used");
        }
        Role::Aside => column.remark = text("认识，评价不用", "known, and not used here"),
        Role::Unknown => column.remark = text("不认识，未采用", "not known, not used"),
        Role::Blank => column.remark = text("没有列名，未采用", "without a head, not used"),
    }
}

/// What a field is called.
fn field_title(field: &str) -> Text {
    match field {
        "place" => text("站点或断面", "place"),
        "city" => text("城市", "city"),
        "place_code" => text("编码", "code"),
        "date" => text("日期", "date"),
        "time" => text("时间", "time"),
        "hour" => text("小时", "hour"),
        "status" => text("状态", "status"),
        "item" => text("项目", "item"),
        "value" => text("数值", "value"),
        "unit" => text("单位", "unit"),
        "limit" => text("检出限", "detection limit"),
        "published" => text("公布的类别或指数", "published class or index"),
        "target" => text("目标类别", "target class"),
        "water" => text("河流或湖库", "river or lake"),
        "saturation" => text("溶解氧饱和度，%", "oxygen saturation, %"),
        "level" => text("公布的级别", "published level"),
        "primary" => text("公布的首要污染物", "published primary pollutant"),
        "land" => text("用地类型", "land use"),
        "unit_of_land" => text("评价单元", "unit"),
        "ph" => text("pH", "pH"),
        "background" => text("背景值", "background"),
        "volume" => text("取水量", "water drawn"),
        "waste_code" => text("废物代码", "waste code"),
        "period" => text("统计期", "period"),
        "year" => text("年份", "year"),
        "in_date" => text("入库日期", "day stored"),
        "area" => text("贮存区域", "storage area"),
        "container" => text("容器编码", "container"),
        "own_facility" => text("自有设施或持证", "own facility"),
        "number" => text("联单编号", "number of the manifest"),
        "sent_on" => text("移出日期", "day sent"),
        "accepted_on" => text("接受日期", "day accepted"),
        "confirmed_on" => text("确认日期", "day confirmed"),
        "sort" => text("垃圾类别", "class of waste"),
        "trip" => text("车次", "trip"),
        "stage" => text("环节", "stage"),
        other => Text::same(other),
    }
}

/// What is wrong with the columns themselves.
pub(super) fn faults(file: &str, line: u64, columns: &[ColumnRead], items: &dyn Items, words: &Words) -> Problems {
    let mut problems = Problems::new();
    for (at, column) in columns.iter().enumerate() {
        let here = |p: Problem| p.file(file).row(line).column(column.head.as_str());
        match &column.role {
            Role::Refused(code) => problems.push(here(unit_unknown(&column.head, code, items, words))),
            Role::Item(code, Some(unit)) if super::words::factor(unit, &items.unit(code)).is_none() => {
                problems.push(here(unit_unfit(unit, &items.unit(code))));
            }
            Role::Unknown => problems.push(here(unknown(&column.head, items))),
            _ => {}
        }
        let twice = |other: &ColumnRead| match (&column.role, &other.role) {
            (Role::Item(a, _), Role::Item(b, _)) => a == b,
            (Role::Field(a), Role::Field(b)) => a == b,
            _ => false,
        };
        if let Some(first) = columns[..at].iter().find(|c| twice(c)) {
            problems.push(here(column_twice(&first.head, &column.head)));
        }
    }
    problems
}

fn unit_unknown(head: &str, code: &str, items: &dyn Items, words: &Words) -> Problem {
    let judged = items.unit(code);
    let known: Vec<&str> = words.units().into_iter().filter(|unit| super::words::factor(unit, &judged).is_some()).collect();
    let known = known.join(", ");
    Problem::error(
        "assess.unit_unknown",
        words!("不认识“{head}”中的单位，该列未采用，该项未定", "the unit in \"{head}\" is not known; the column is not used, and the item is left open"),
    )
    .expect(words!("{known} 之一", "one of {known}"))
    .fix(words!("在表头写明单位，如（{judged}），或换算后再交", "state the unit in the head, such as ({judged}), or convert the values"))
}

fn unit_unfit(unit: &str, judged: &str) -> Problem {
    Problem::error(
        "assess.unit_unfit",
        words!("{unit} 不能换算为 {judged}，该列未采用，该项未定", "{unit} does not convert to {judged}; the column is not used, and the item is left open"),
    )
    .expect(words!("可换算为 {judged} 的单位", "a unit that converts to {judged}"))
    .fix(words!("核对单位；换算为 {judged}", "check the unit; convert to {judged}"))
}

fn unknown(head: &str, items: &dyn Items) -> Problem {
    let names = items.names();
    let small = plain(head);
    Problem::warning("assess.column_unknown", words!("不认识列“{head}”，未采用", "the column \"{head}\" is not known and was not used"))
        .expect(text("docs/reference/assess.md 所列的表头", "a head that docs/reference/assess.md lists"))
        .fix_near(nearest(&small, names.iter().map(String::as_str)), text("若是监测项目，请改正列名", "if it is an item, correct its head"))
}

fn column_twice(first: &str, second: &str) -> Problem {
    Problem::error(
        "assess.column_twice",
        words!("“{first}”与“{second}”是同一内容，后一列未采用", "\"{first}\" and \"{second}\" say the same thing, and the second is not used"),
    )
    .expect(text("每项一列", "one column for each"))
    .fix(text("删去一列，或改正列名", "take one out, or correct its head"))
}

impl ColumnRead {
    /// Is this column read at all, given those before it?
    pub(super) fn used(&self, before: &[ColumnRead], items: &dyn Items) -> bool {
        match &self.role {
            Role::Item(code, unit) => {
                let fits = unit.as_ref().is_none_or(|u| super::words::factor(u, &items.unit(code)).is_some());
                fits && !before.iter().any(|b| matches!(&b.role, Role::Item(other, _) if other == code))
            }
            Role::Field(field) => !before.iter().any(|b| b.role == Role::Field(field.clone())),
            Role::LimitOf(..) | Role::Place => true,
            _ => false,
        }
    }
}
