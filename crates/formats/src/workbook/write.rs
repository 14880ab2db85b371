//! A described workbook into XLSX bytes.

use liangshan_vocab::{Fen, Problem, Problems, words};
use rust_xlsxwriter as xlsx;

use super::cell_name;

/// A workbook to be written. The same description gives the same bytes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Workbook {
    /// What a file manager shows.
    pub properties: Properties,
    /// Sheets in the order of the tabs; the first is open.
    pub sheets: Vec<Sheet>,
}

/// Properties of the document. There is no time among them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Properties {
    /// Its title.
    pub title: String,
    /// What it is about.
    pub subject: String,
    /// Who or what made it.
    pub author: String,
    /// Words to find it by.
    pub keywords: String,
    /// Anything else.
    pub comment: String,
}

/// One sheet, printed on A4 across, fitted to the width of a page.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sheet {
    /// Its tab: at most 31 characters, without `[ ] : * ? / \`, not twice in a workbook.
    pub name: String,
    /// Columns from the left.
    pub columns: Vec<Column>,
    /// Rows from the top; cells from the left.
    pub rows: Vec<Vec<Cell>>,
    /// Cells drawn as one; the first has the value.
    pub merged: Vec<Span>,
    /// So many rows and columns stay in sight.
    pub frozen: (u32, u16),
    /// The first and the last row, from 0, repeated on every page.
    pub repeated: Option<(u32, u32)>,
    /// The range whose columns have filter buttons.
    pub filter: Option<Span>,
    /// Ranges that take only listed values.
    pub lists: Vec<List>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Column {
    /// Width in characters; about two for a Chinese one.
    pub width: f64,
    /// How cells look that have no entry of their own, such as those a person will fill in.
    pub style: Option<Style>,
}

/// A rectangle of cells, counted from 0, ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// First row.
    pub first_row: u32,
    /// First column.
    pub first_column: u16,
    /// Last row.
    pub last_row: u32,
    /// Last column.
    pub last_column: u16,
}

/// Cells that take one of some values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// Which cells.
    pub cells: Span,
    /// What they take.
    pub choices: Choices,
    /// Shown beside a cell that is being filled; empty for none.
    pub prompt: String,
}

/// What a list offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choices {
    /// These words, with at most 255 characters together.
    Words(Vec<String>),
    /// The values of a range, `'清单'!$A$2:$A$40`.
    Range(String),
}

/// One cell.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cell {
    /// What it holds.
    pub value: Value,
    /// How it looks.
    pub style: Style,
    /// A note that shows when the cell is pointed at.
    pub note: Option<String>,
}

/// What a cell holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    /// Nothing.
    #[default]
    Blank,
    /// Characters, never read as a number or a formula.
    Text(String),
    /// A finite number.
    Number(f64),
    /// An amount of money, in yuan.
    Money(Fen),
    /// A formula without its `=`, and its value.
    Formula(String, Cached),
    /// Characters that lead to `http…` or to a cell, `internal:'T-A'!A1`.
    Link(String, String),
}

/// The stored value of a formula.
#[derive(Debug, Clone, PartialEq)]
pub enum Cached {
    /// A number.
    Number(f64),
    /// Yuan.
    Money(Fen),
    /// Characters; none for an empty text.
    Text(String),
}

/// How a cell looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, PartialOrd, Ord)]
pub struct Style {
    /// What part it plays.
    pub look: Look,
    /// How its number is written.
    pub format: NumberFormat,
}

/// The part a cell plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, PartialOrd, Ord)]
pub enum Look {
    /// One among many.
    #[default]
    Plain,
    /// The title of a sheet.
    Title,
    /// The head of a column.
    Header,
    /// A sum within the table.
    Subtotal,
    /// The sum of the table.
    Total,
    /// Words to the reader.
    Remark,
    /// What the reader should not overlook.
    Warning,
    /// To be filled in.
    Input,
}

/// How a number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, PartialOrd, Ord)]
pub enum NumberFormat {
    /// As the program likes.
    #[default]
    General,
    /// Without separators, as years.
    Whole,
    /// Thousands separated, so many decimals.
    Decimals(u32),
    /// Yuan to the fen, thousands separated.
    Money,
    /// Percent, so many decimals.
    Percent(u32),
    /// As text, so that codes keep their zeros.
    Text,
}

impl Cell {
    /// Characters.
    pub fn text(said: impl Into<String>) -> Self {
        Self { value: Value::Text(said.into()), ..Self::default() }
    }

    /// A number.
    pub fn number(number: f64) -> Self {
        Self { value: Value::Number(number), ..Self::default() }
    }

    /// Money, written to the fen.
    pub fn money(yuan: Fen) -> Self {
        Self { value: Value::Money(yuan), ..Self::default() }.format(NumberFormat::Money)
    }

    /// A formula and its value; money is written to the fen.
    pub fn formula(formula: impl Into<String>, cached: Cached) -> Self {
        let money = matches!(cached, Cached::Money(_));
        let cell = Self { value: Value::Formula(formula.into(), cached), ..Self::default() };
        if money { cell.format(NumberFormat::Money) } else { cell }
    }

    /// The same, looking like this.
    #[must_use]
    pub fn look(mut self, look: Look) -> Self {
        self.style.look = look;
        self
    }

    /// The same, its number written like this.
    #[must_use]
    pub fn format(mut self, format: NumberFormat) -> Self {
        self.style.format = format;
        self
    }

    /// The same with a note.
    #[must_use]
    pub fn note(mut self, said: impl Into<String>) -> Self {
        self.note = Some(said.into());
        self
    }
}

/// The colours of the house: deep green, its pale tint, earth.
const GREEN: u32 = 0x1F_5C_4A;
const PALE: u32 = 0xE6_F0_EB;
const PALER: u32 = 0xF4_F8_F6;
const YELLOW: u32 = 0xFF_F8_DC;
const EARTH: u32 = 0x9A_4B_1C;
const LINE: u32 = 0xC9_D6_CF;
const GREY: u32 = 0x5B_67_62;

impl Style {
    fn drawn(self) -> xlsx::Format {
        let format = xlsx::Format::new().set_align(xlsx::FormatAlign::VerticalCenter);
        let boxed = |f: xlsx::Format| f.set_border(xlsx::FormatBorder::Thin).set_border_color(xlsx::Color::RGB(LINE));
        let format = match self.look {
            Look::Plain => boxed(format).set_text_wrap(),
            Look::Title => format.set_bold().set_font_size(15).set_font_color(xlsx::Color::RGB(GREEN)),
            Look::Header => boxed(format)
                .set_bold()
                .set_font_color(xlsx::Color::White)
                .set_background_color(xlsx::Color::RGB(GREEN))
                .set_align(xlsx::FormatAlign::Center)
                .set_text_wrap(),
            Look::Subtotal => boxed(format).set_bold().set_background_color(xlsx::Color::RGB(PALER)).set_text_wrap(),
            Look::Total => boxed(format).set_bold().set_background_color(xlsx::Color::RGB(PALE)).set_text_wrap(),
            Look::Remark => format.set_font_color(xlsx::Color::RGB(GREY)),
            Look::Warning => format.set_bold().set_font_color(xlsx::Color::RGB(EARTH)).set_background_color(xlsx::Color::RGB(YELLOW)).set_text_wrap(),
            Look::Input => boxed(format).set_background_color(xlsx::Color::RGB(YELLOW)),
        };
        match self.format {
            NumberFormat::General => format,
            NumberFormat::Whole => format.set_num_format("0"),
            NumberFormat::Decimals(0) => format.set_num_format("#,##0"),
            NumberFormat::Decimals(n) => format.set_num_format(format!("#,##0.{}", "0".repeat(n as usize))),
            NumberFormat::Money => format.set_num_format("#,##0.00"),
            NumberFormat::Percent(0) => format.set_num_format("0%"),
            NumberFormat::Percent(n) => format.set_num_format(format!("0.{}%", "0".repeat(n as usize))),
            NumberFormat::Text => format.set_num_format("@"),
        }
    }
}

/// Writes a workbook.
///
/// # Errors
/// `workbook.cannot_write`: a name, a length or a size that the format does not have, or a number
/// that is not finite; all of them at once, by sheet and cell.
pub fn write_workbook(workbook: &Workbook) -> Result<Vec<u8>, Problems> {
    let mut problems = Problems::new();
    let mut book = xlsx::Workbook::new();
    if let Some(properties) = problems.keep(properties(&workbook.properties)) {
        book.set_properties(&properties);
    }
    for sheet in &workbook.sheets {
        let mut drawing = Drawing { sheet, problems: &mut problems };
        let drawn = drawing.draw();
        book.push_worksheet(drawn);
    }
    if problems.has_errors() {
        return Err(problems);
    }
    book.save_to_buffer().map_err(|e| cannot_write("", &e).into())
}

fn properties(given: &Properties) -> Result<xlsx::DocProperties, Problem> {
    // A document has a date of making; a fixed one keeps the bytes the same.
    let made = xlsx::ExcelDateTime::from_ymd(2000, 1, 1).map_err(|e| cannot_write("properties", &e))?;
    Ok(xlsx::DocProperties::new()
        .set_title(&given.title)
        .set_subject(&given.subject)
        .set_author(&given.author)
        .set_keywords(&given.keywords)
        .set_comment(&given.comment)
        .set_creation_datetime(&made))
}

fn cannot_write(at: &str, why: &impl std::fmt::Display) -> Problem {
    Problem::error("workbook.cannot_write", words!("不能写成工作簿：{why}", "it cannot be written as a workbook: {why}")).key(at)
}

/// A sheet on its way.
struct Drawing<'a> {
    sheet: &'a Sheet,
    problems: &'a mut Problems,
}

impl Drawing<'_> {
    /// Keeps going after a fault, so that all are told.
    fn keep<T>(&mut self, at: impl FnOnce() -> String, done: Result<T, xlsx::XlsxError>) {
        if let Err(e) = done {
            let at = format!("{}!{}", self.sheet.name, at());
            self.problems.push(cannot_write(&at, &e));
        }
    }

    fn draw(&mut self) -> xlsx::Worksheet {
        let sheet = self.sheet;
        let mut to = xlsx::Worksheet::new();
        self.keep(String::new, to.set_name(&sheet.name).map(drop));
        for (i, column) in (0_u16..).zip(&sheet.columns) {
            self.keep(String::new, to.set_column_width(i, column.width).map(drop));
            if let Some(style) = column.style {
                self.keep(String::new, to.set_column_format(i, &style.drawn()).map(drop));
            }
        }
        // A merged range is written first and its first cell over it.
        for span in &sheet.merged {
            let style = sheet.rows.get(span.first_row as usize).and_then(|row| row.get(usize::from(span.first_column))).map_or(Style::default(), |c| c.style);
            let done = to.merge_range(span.first_row, span.first_column, span.last_row, span.last_column, "", &style.drawn());
            self.keep(|| cell_name(span.first_row, u32::from(span.first_column)), done.map(drop));
        }
        let inside = |row: u32, column: u16| {
            let mut spans = sheet.merged.iter();
            spans.any(|s| {
                (s.first_row..=s.last_row).contains(&row)
                    && (s.first_column..=s.last_column).contains(&column)
                    && (row, column) != (s.first_row, s.first_column)
            })
        };
        for (r, row) in (0_u32..).zip(&sheet.rows) {
            for (c, cell) in (0_u16..).zip(row) {
                if cell.value == Value::Blank && inside(r, c) {
                    continue;
                }
                let done = put(&mut to, r, c, cell);
                self.keep(|| cell_name(r, u32::from(c)), done);
            }
        }
        self.page(&mut to);
        self.lists(&mut to);
        to
    }

    fn page(&mut self, to: &mut xlsx::Worksheet) {
        let sheet = self.sheet;
        to.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
        to.set_margins(0.4, 0.4, 0.6, 0.6, 0.3, 0.3);
        to.set_footer("&L&A&R&P / &N");
        if sheet.frozen != (0, 0) {
            self.keep(String::new, to.set_freeze_panes(sheet.frozen.0, sheet.frozen.1).map(drop));
        }
        if let Some((first, last)) = sheet.repeated {
            self.keep(String::new, to.set_repeat_rows(first, last).map(drop));
        }
        if let Some(span) = sheet.filter {
            self.keep(String::new, to.autofilter(span.first_row, span.first_column, span.last_row, span.last_column).map(drop));
        }
    }

    fn lists(&mut self, to: &mut xlsx::Worksheet) {
        for list in &self.sheet.lists {
            let at = || cell_name(list.cells.first_row, u32::from(list.cells.first_column));
            let rule = xlsx::DataValidation::new();
            let rule = match &list.choices {
                Choices::Words(choices) => rule.allow_list_strings(choices),
                Choices::Range(range) => Ok(rule.allow_list_formula(xlsx::Formula::new(range))),
            };
            let rule = rule.and_then(|rule| if list.prompt.is_empty() { Ok(rule) } else { rule.set_input_message(&list.prompt) });
            let Span { first_row, first_column, last_row, last_column } = list.cells;
            let done = rule.and_then(|rule| to.add_data_validation(first_row, first_column, last_row, last_column, &rule).map(drop));
            self.keep(at, done);
        }
    }
}

fn put(to: &mut xlsx::Worksheet, row: u32, column: u16, cell: &Cell) -> Result<(), xlsx::XlsxError> {
    let format = cell.style.drawn();
    let finite = |number: f64| {
        let refused = || xlsx::XlsxError::ParameterError(format!("{number}"));
        number.is_finite().then_some(number).ok_or_else(refused)
    };
    match &cell.value {
        Value::Blank if cell.style == Style::default() => {}
        Value::Blank => drop(to.write_blank(row, column, &format)?),
        Value::Text(said) => drop(to.write_string_with_format(row, column, said, &format)?),
        Value::Number(number) => drop(to.write_number_with_format(row, column, finite(*number)?, &format)?),
        Value::Money(yuan) => drop(to.write_number_with_format(row, column, in_yuan(*yuan), &format)?),
        Value::Formula(formula, cached) => {
            let result = match cached {
                Cached::Number(number) => finite(*number)?.to_string(),
                Cached::Money(yuan) => in_yuan(*yuan).to_string(),
                Cached::Text(said) => said.clone(),
            };
            to.write_formula_with_format(row, column, xlsx::Formula::new(formula).set_result(result), &format)?;
        }
        Value::Link(said, target) => {
            let link = xlsx::Url::new(target).set_text(said);
            to.write_url_with_format(row, column, link, &format.set_font_color(xlsx::Color::RGB(GREEN)).set_underline(xlsx::FormatUnderline::Single))?;
        }
    }
    if let Some(said) = &cell.note {
        let lines = said.chars().count() as u32 / 16 + said.lines().count() as u32;
        to.insert_note(row, column, &xlsx::Note::new(said).add_author_prefix(false).set_width(280).set_height(30 + 18 * lines))?;
    }
    Ok(())
}

/// The double nearest to an amount of yuan.
fn in_yuan(yuan: Fen) -> f64 {
    // Parsing rounds once; dividing a float of fen would round twice past 2^53.
    yuan.yuan().parse().unwrap_or_else(|_| yuan.as_yuan_f64())
}
