//! Empty tables for departments: one workbook for each department with a sheet of notes, and each table
//! as CSV. Years, counties and items stand there already; what is to be filled in is blank.

use std::path::{Path, PathBuf};

use liangshan_formats::table::write_csv;
use liangshan_formats::workbook::{Cell, Choices, Column as Width, List, Look, NumberFormat, Properties, Sheet, Span, Style, Workbook, write_workbook};
use liangshan_store::write_whole;
use liangshan_vocab::{Problem, Problems, Text, nearest, text, words};

use super::forms::{Column, Department, Form, Kind, Where};
use super::known::Knowledge;
use super::numbers::is_plain;
use crate::region::Region;
use crate::whole::cannot_write;

/// The notes of a workbook.
const NOTES: &str = "说明 notes";
/// The lists behind its drop-downs.
const LISTS: &str = "清单 lists";

/// Where a new file goes, and its bytes.
type NewFile = (PathBuf, Vec<u8>);

/// What was written for a department.
#[derive(Debug, Clone)]
pub struct Written {
    /// The department.
    pub department: Department,
    /// Ids of its tables.
    pub tables: Vec<String>,
    /// Files.
    pub files: Vec<PathBuf>,
}

/// Writes the templates of a region below a folder, one folder for each department. A file that is there
/// already is left alone and is a problem: somebody may have filled it in.
///
/// # Errors
/// `template.unknown_department`, `template.file_exists`; those of region, declarations and disk.
pub fn write(folder: &Path, into: &Path, department: Option<&str>, years: &[i32]) -> Result<Vec<Written>, Problems> {
    let region = Region::open(folder)?;
    let knowledge = Knowledge::of(&region)?;
    let years = region.declared.chosen_years(years)?;
    let known: Vec<&str> = knowledge.forms.departments.iter().map(|d| d.id.as_str()).collect();
    if let Some(asked) = department.filter(|d| !known.contains(d)) {
        return Err(Problem::error("template.unknown_department", words!("没有部门“{asked}”", "there is no department \"{asked}\""))
            .key("--department")
            .expect(Text::same(known.join(", ")))
            .fix_near(nearest(asked, known.iter().copied()), text("用清单中的标识", "use an id of the list"))
            .into());
    }
    let mut planned: Vec<(Department, Vec<String>, Vec<NewFile>)> = Vec::new();
    for d in knowledge.forms.departments.iter().filter(|d| department.is_none_or(|asked| asked == d.id)) {
        let forms: Vec<&Form> = knowledge.forms.of(&d.id).filter(|f| knowledge.file_of(f).is_some()).collect();
        if forms.is_empty() {
            continue;
        }
        let below = into.join(&d.id);
        let filled: Vec<Filled<'_>> = forms.iter().map(|f| Filled::of(f, &knowledge, &years)).collect();
        let mut files = vec![(below.join(format!("{}.xlsx", d.id)), workbook(d, &filled, &knowledge)?)];
        files.extend(filled.iter().map(|f| (below.join(format!("{}.csv", f.form.id)), f.csv())));
        planned.push((d.clone(), forms.iter().map(|f| f.id.clone()).collect(), files));
    }
    let there: Problems = Problems(planned.iter().flat_map(|p| &p.2).filter(|(path, _)| path.exists()).map(|(path, _)| exists(path)).collect());
    there.into_result(())?;
    let mut written = Vec::new();
    for (department, tables, files) in planned {
        for (path, bytes) in &files {
            write_whole(path, bytes).map_err(|e| cannot_write(path, &e))?;
        }
        written.push(Written { department, tables, files: files.into_iter().map(|f| f.0).collect() });
    }
    Ok(written)
}

fn exists(path: &Path) -> Problem {
    Problem::error(
        "template.file_exists",
        text("已有同名文件，没有覆盖：可能有人填了", "there is such a file, which may have been filled in; nothing was written"),
    )
    .file(path.display().to_string())
    .expect(text("空目录", "a folder without such files"))
    .fix(text("换一个目录，或先移走旧表", "name another folder, or move the old tables away"))
}

/// A table with the cells that are known.
struct Filled<'f> {
    form: &'f Form,
    rows: Vec<Vec<String>>,
}

/// The head of a column: what it is called, its unit, and its name in the files.
fn heading(column: &Column) -> String {
    let unit = if column.unit.is_empty() { String::new() } else { format!("（{}）", column.unit) };
    format!("{}{unit} {}", column.title.zh, column.name)
}

impl<'f> Filled<'f> {
    fn of(form: &'f Form, knowledge: &Knowledge<'_>, years: &[i32]) -> Self {
        let present = knowledge.present(form);
        if form.places == Where::Nowhere {
            // A table that is replaced as a whole is handed out as it is, to be mended.
            return Self { form, rows: present.map(|p| p.rows_of(form)).unwrap_or_default() };
        }
        let mut lines = knowledge.lines(form, present.as_ref());
        if lines.is_empty() {
            lines.push(super::forms::Line::default());
        }
        let mut rows = Vec::new();
        for year in years {
            for place in knowledge.places(form) {
                for line in &lines {
                    let cell = |c: &Column| match &c.kind {
                        Kind::Year => year.to_string(),
                        Kind::Place => place.code.clone(),
                        Kind::PlaceName => place.name.zh.to_string(),
                        _ => line.cells.get(&c.name).cloned().unwrap_or_default(),
                    };
                    rows.push(form.columns.iter().map(cell).collect());
                }
            }
        }
        Self { form, rows }
    }

    fn csv(&self) -> Vec<u8> {
        let heads: Vec<String> = self.form.columns.iter().map(heading).collect();
        write_csv(&heads.iter().map(String::as_str).collect::<Vec<_>>(), &self.rows, true)
    }

    /// True for a column whose cells stand there already.
    fn is_given(&self, at: usize) -> bool {
        !self.rows.is_empty() && self.rows.iter().any(|r| !r[at].is_empty())
    }
}

/// Rows below the last prefilled one in which drop-downs work.
const ROOM: u32 = 200;

fn workbook(department: &Department, tables: &[Filled<'_>], knowledge: &Knowledge<'_>) -> Result<Vec<u8>, Problems> {
    let mut lists = Lists { columns: Vec::new() };
    let drawn: Vec<Sheet> = tables.iter().map(|t| sheet(t, knowledge, &mut lists)).collect();
    let mut sheets = vec![notes(department, tables, knowledge)];
    sheets.extend(drawn);
    if !lists.columns.is_empty() {
        sheets.push(lists.sheet());
    }
    let title = format!("{} {}", knowledge.region.declared.title.zh, department.title.zh);
    write_workbook(&Workbook { properties: Properties { title, author: "liangshan".into(), ..Properties::default() }, sheets })
}

/// Values of the drop-downs that are too many for a list of words.
struct Lists {
    columns: Vec<(String, Vec<String>)>,
}

impl Lists {
    fn choices(&mut self, title: &str, values: Vec<String>) -> Choices {
        if values.iter().map(|v| v.chars().count() + 1).sum::<usize>() <= 200 && !values.iter().any(|v| v.contains(',')) {
            return Choices::Words(values);
        }
        let at = self.columns.iter().position(|c| c.1 == values).unwrap_or_else(|| {
            self.columns.push((title.to_owned(), values.clone()));
            self.columns.len() - 1
        });
        let letters = liangshan_formats::workbook::column_letters(u32::try_from(at).unwrap_or(0));
        Choices::Range(format!("'{LISTS}'!${letters}$2:${letters}${}", values.len() + 1))
    }

    fn sheet(&self) -> Sheet {
        let longest = self.columns.iter().map(|c| c.1.len()).max().unwrap_or(0);
        let mut rows = vec![self.columns.iter().map(|c| Cell::text(c.0.as_str()).look(Look::Header)).collect::<Vec<_>>()];
        rows.extend((0..longest).map(|i| self.columns.iter().map(|c| c.1.get(i).map_or_else(Cell::default, Cell::text)).collect()));
        let columns = self.columns.iter().map(|_| Width { width: 24.0, style: None }).collect();
        Sheet { name: LISTS.into(), columns, rows, frozen: (1, 0), ..Sheet::default() }
    }
}

fn sheet(table: &Filled<'_>, knowledge: &Knowledge<'_>, lists: &mut Lists) -> Sheet {
    let form = table.form;
    let head = form.columns.iter().map(|c| Cell::text(heading(c)).look(Look::Header).note(explained(c)));
    let mut rows: Vec<Vec<Cell>> = vec![head.collect()];
    for row in &table.rows {
        rows.push(row.iter().zip(&form.columns).map(|(said, column)| cell(said, column)).collect());
    }
    let last = u32::try_from(rows.len()).unwrap_or(u32::MAX).saturating_add(ROOM);
    let mut drop_downs = Vec::new();
    for (at, column) in form.columns.iter().enumerate() {
        let values: Vec<String> = match &column.kind {
            Kind::Code(codes) => codes.iter().map(|c| c.0.clone()).collect(),
            Kind::Place => knowledge.places(form).iter().chain(&knowledge.counties.iter().collect::<Vec<_>>()).map(|p| p.code.clone()).collect(),
            Kind::Year => knowledge.region.declared.years.iter().map(i32::to_string).collect(),
            _ => continue,
        };
        let mut seen = std::collections::BTreeSet::new();
        let values: Vec<String> = values.into_iter().filter(|v| seen.insert(v.clone())).collect();
        let at = u16::try_from(at).unwrap_or(u16::MAX);
        let cells = Span { first_row: 1, first_column: at, last_row: last, last_column: at };
        drop_downs.push(List { cells, choices: lists.choices(&heading(column), values), prompt: meanings(column) });
    }
    let columns = form.columns.iter().enumerate().map(|(at, c)| {
        let width = (heading(c).chars().map(|c| if c.is_ascii() { 1.0 } else { 2.0 }).sum::<f64>() * 0.75).clamp(10.0, 30.0);
        let format = match c.kind {
            Kind::Number { .. } => NumberFormat::General,
            Kind::Year => NumberFormat::Whole,
            _ => NumberFormat::Text,
        };
        let look = if table.is_given(at) { Look::Plain } else { Look::Input };
        Width { width, style: Some(Style { look, format }) }
    });
    let frozen_columns = form.columns.iter().take_while(|c| matches!(c.kind, Kind::Year | Kind::Place | Kind::PlaceName)).count();
    Sheet {
        name: tab(form),
        columns: columns.collect(),
        rows,
        frozen: (1, u16::try_from(frozen_columns).unwrap_or(0)),
        repeated: Some((0, 0)),
        lists: drop_downs,
        ..Sheet::default()
    }
}

/// The tab of a table: its Chinese name, without what a tab may not hold.
fn tab(form: &Form) -> String {
    form.title.zh.chars().filter(|c| !"[]:*?/\\".contains(*c)).take(31).collect()
}

fn cell(said: &str, column: &Column) -> Cell {
    let style = |cell: Cell| if said.is_empty() { cell.look(Look::Input) } else { cell };
    match column.kind {
        _ if said.is_empty() => style(Cell::default()),
        Kind::Year | Kind::Number { .. } if is_plain(said) => match said.parse::<f64>() {
            Ok(number) => Cell::number(number).format(if column.kind == Kind::Year { NumberFormat::Whole } else { NumberFormat::General }),
            Err(_) => Cell::text(said),
        },
        _ => Cell::text(said).format(NumberFormat::Text),
    }
}

/// The codes of a column with their meanings, as far as a prompt holds them.
fn meanings(column: &Column) -> String {
    let Kind::Code(codes) = &column.kind else { return String::new() };
    let said: Vec<String> = codes.iter().map(|(code, zh)| if zh.is_empty() { code.clone() } else { format!("{code} {zh}") }).collect();
    said.join("；").chars().take(240).collect()
}

fn explained(column: &Column) -> String {
    let mut said = vec![format!("{} / {}", column.title.zh, column.title.en)];
    if !column.unit.is_empty() {
        said.push(format!("单位 unit: {}", column.unit));
    }
    if let Some(from) = &column.unit_from {
        said.push(format!("单位见 unit in column: {from}"));
    }
    if !column.note.is_empty() {
        said.push(format!("{} / {}", column.note.zh, column.note.en));
    }
    if !column.example.is_empty() {
        said.push(format!("例 example: {}", column.example));
    }
    said.join("\n")
}

fn notes(department: &Department, tables: &[Filled<'_>], knowledge: &Knowledge<'_>) -> Sheet {
    let line = |zh: &str, en: &str| vec![Cell::text(zh).look(Look::Remark), Cell::text(en).look(Look::Remark)];
    let (region, title) = (&knowledge.region.declared.title, &department.title);
    let mut rows = vec![
        vec![
            Cell::text(format!("{}：{}报送的表", region.zh, title.zh)).look(Look::Title),
            Cell::text(format!("{}: tables of the {}", region.en, title.en)).look(Look::Title),
        ],
        line(
            "着色的格由报送部门填写；年份、地区、项目已经填好，不要改动表头。",
            "Coloured cells are to be filled in; years, places and items are there already. Leave the headers as they are.",
        ),
        line(
            "没有产出的填 0；没有数据的留空，报送时说明原因。空白不是零。",
            "Write 0 where there was none, and leave a cell blank where there is no data: blank is not zero.",
        ),
        line(
            "数只写数：不写千分位、单位、“约”；1,234 写作 1234，12 万写作 120000。",
            "Numbers alone, without thousands separators, units or \"about\": 1234, not 1,234.",
        ),
        line("带清单的列用下拉框选择；清单的含义在单元格提示中。", "Columns with a list have a drop-down; what its words mean is shown beside the cell."),
        line("填好后：liangshan receive 区域 本文件 --by 部门标识", "When filled: liangshan receive REGION THIS_FILE --by OFFICE"),
        Vec::new(),
    ];
    let head = ["表 table", "列 column", "名称", "title", "单位 unit", "必填 needed", "例 example", "取值 values", "说明", "note"];
    let header = rows.len();
    rows.push(head.iter().map(|h| Cell::text(*h).look(Look::Header)).collect());
    for table in tables {
        let form = table.form;
        rows.push(vec![
            Cell::text(tab(form)).look(Look::Subtotal),
            Cell::text(form.id.as_str()).look(Look::Subtotal),
            Cell::text(form.title.zh.as_ref()).look(Look::Subtotal),
            Cell::text(form.title.en.as_ref()).look(Look::Subtotal),
            Cell::default().look(Look::Subtotal),
            Cell::default().look(Look::Subtotal),
            Cell::default().look(Look::Subtotal),
            Cell::text(format!("{} 行 rows", table.rows.len())).look(Look::Subtotal),
            Cell::text(form.note.zh.as_ref()).look(Look::Subtotal),
            Cell::text(form.note.en.as_ref()).look(Look::Subtotal),
        ]);
        for c in &form.columns {
            let unit = c.unit_from.as_ref().map_or_else(|| c.unit.clone(), |from| format!("→ {from}"));
            let values = match &c.kind {
                Kind::Number { least, most } => {
                    [least.map(|l| format!("≥ {l}")), most.map(|m| format!("≤ {m}"))].into_iter().flatten().collect::<Vec<_>>().join("，")
                }
                _ => meanings(c),
            };
            let needed = if c.for_reading {
                "仅供阅读 for reading"
            } else if c.needed {
                "是 yes"
            } else {
                "可空 optional"
            };
            let said = ["", &c.name, &c.title.zh, &c.title.en, &unit, needed, &c.example, &values, &c.note.zh, &c.note.en];
            rows.push(said.iter().map(|s| Cell::text(*s)).collect());
        }
    }
    let widths = [24.0, 24.0, 22.0, 26.0, 14.0, 14.0, 18.0, 40.0, 40.0, 40.0];
    Sheet {
        name: NOTES.into(),
        columns: widths.iter().map(|w| Width { width: *w, style: None }).collect(),
        rows,
        frozen: (u32::try_from(header + 1).unwrap_or(0), 0),
        ..Sheet::default()
    }
}
