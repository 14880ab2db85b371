//! What the plan names, with its state; and the registers behind sentences, without the columns that name
//! persons.

use liangshan_atlas::planbook::Planbook;
use liangshan_atlas::planbook::records::Book;
use liangshan_vocab::{Lang, text, words};
use schemars::JsonSchema;
use serde::Serialize;

use super::out::{RowOut, STATES, SystemsOut, schema_of};
use super::record::{Named, named};
use super::{ON, day_form, invented, json, lamp, origin_mark, page, plan, select, table, twin, wording};
use crate::serve::reply::{Answer, Refusal};
use crate::serve::route::{Ask, Kind, Param, Route};
use crate::ui::html::Html;
use crate::ui::words::{grouped, unit};

const SYSTEMS: &[Param] = &[
    ON,
    Param::optional("state", Kind::OneOf(&["done", "green", "recorded", "grey", "yellow", "red", "unfed"]), ("只看这种状态", "only this state"), "red"),
    Param::optional(
        "fit",
        Kind::OneOf(&["A", "B", "C"]),
        ("只看这一类：A 可实现，B 管记录，C 只跟踪", "only these: A done by software, B recorded, C followed"),
        "A",
    ),
];

const REGISTER: &[Param] = &[
    Param::needed("id", Kind::Word, ("登记册", "the register"), "projects"),
    ON,
    Param::optional("row", Kind::Word, ("只看说明这一语句的记录", "only records that serve this row of the plan"), "P016"),
];

pub(super) const ROUTES: &[Route] = &[
    Route::page("/plan/systems", ("方案点名的事项", "things the plan names"), SYSTEMS, systems),
    Route::json("/api/plan/systems", ("方案点名的事项与状态", "things the plan names, with their states"), SYSTEMS, schema_of::<SystemsOut>, systems_twin),
    Route::page("/plan/registers", ("登记册", "all registers"), &[ON], registers),
    Route::json("/api/plan/registers", ("登记册及其记录数与量", "registers with their records and measures"), &[ON], schema_of::<RegistersOut>, registers_twin),
    Route::page("/plan/register/{id}", ("登记册", "a register"), REGISTER, register),
    Route::json(
        "/api/plan/register/{id}",
        ("登记册的记录（不含个人信息列）", "records of a register, without personal columns"),
        REGISTER,
        schema_of::<RegisterOut>,
        register_twin,
    ),
];

fn matches(ask: &Ask<'_>, row: &RowOut) -> bool {
    ask.word("state").is_none_or(|s| s == row.state) && ask.word("fit").is_none_or(|f| row.kind == f)
}

fn systems_twin(ask: &Ask<'_>) -> Answer {
    let mut made = SystemsOut::of(&*plan(ask)?, ask.lang);
    made.rows.retain(|r| matches(ask, r));
    json(&made)
}

fn systems(ask: &Ask<'_>) -> Answer {
    let made = SystemsOut::of(&*plan(ask)?, ask.lang);
    Ok(page(ask, "/plan/systems", text("方案点名的事项", "Things the plan names"), &[], |h| {
        invented(h, &made.on);
        h.with("nav.kpis.states", &[("aria-label", ask.say("按状态筛选", "filter by state"))], |h| {
            for state in &made.states {
                let on = ask.word("state") == Some(&state.id);
                let to = ask.here(&[("state", if on { "" } else { &state.id })]);
                let mut attributes = vec![("href", to.as_str())];
                if on {
                    attributes.push(("aria-current", "true"));
                }
                h.with(&format!("a.kpi.s-{}", state.id), &attributes, |h| {
                    h.el("span.name", |h| h.text(&state.title));
                    h.el("div.figure", |h| h.text(&state.count.to_string()));
                });
            }
        });
        let fits: Vec<(String, String)> = ["A", "B", "C"].iter().map(|f| ((*f).to_owned(), fit(f, ask.lang).to_owned())).collect();
        let states: Vec<(String, String)> = STATES.iter().map(|s| (s.word().to_owned(), s.title().get(ask.lang).to_owned())).collect();
        day_form(h, ask, &made.on, |h| {
            select(h, "state", &text("状态", "State"), ask.word("state"), &states);
            select(h, "fit", &text("类别", "Fit"), ask.word("fit"), &fits);
        });
        let rows: Vec<&RowOut> = made.rows.iter().filter(|r| matches(ask, r)).collect();
        let (shown, all) = (rows.len(), made.rows.len());
        h.line("p.caption", &words!("{shown} / {all} 项", "{shown} of {all}"));
        h.el("div.sheet", |h| {
            let head = [text("编号", "No."), text("事项", "What"), text("责任部门", "Office"), text("状态", "State"), text("由什么说明", "What feeds it")];
            table(h, &text("方案点名的事项", "Things the plan names"), &head, |h| {
                for row in rows {
                    h.el("tr", |h| {
                        h.with("th", &[("scope", "row")], |h| h.text(&row.id));
                        h.el("td.what", |h| {
                            h.text(&row.text);
                            h.el("span.caption.block", |h| {
                                h.text(&format!("{} · ", fit(&row.kind, ask.lang)));
                                for id in row.of.split([';', ',', ' ', '；', '、']).filter(|s| !s.is_empty()) {
                                    let to = format!("{}#open", ask.link("/plan", &[("open", id), ("on", ask.word("on").unwrap_or_default())]));
                                    h.with("a", &[("href", &to)], |h| h.text(id));
                                    h.text(" ");
                                }
                            });
                        });
                        h.el("td", |h| h.text(&row.owner_title));
                        h.el("td", |h| lamp(h, &row.state, &row.state_title));
                        h.el("td.what", |h| wording::feeds(h, ask, row));
                    });
                }
            });
        });
        twin(h, ask, "/api/plan/systems", &[("on", ask.word("on").unwrap_or_default())]);
    }))
}

fn fit(word: &str, lang: Lang) -> &'static str {
    match (word, lang) {
        ("A", Lang::Zh) => "A 软件可实现",
        ("A", Lang::En) => "A: software does it",
        ("B", Lang::Zh) => "B 管记录与流程",
        ("B", Lang::En) => "B: records and work flow",
        (_, Lang::Zh) => "C 只跟踪",
        (_, Lang::En) => "C: followed only",
    }
}

/// A column of a register.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ColumnOut {
    /// Its name.
    name: String,
    /// What it is called.
    title: String,
    /// Its unit.
    unit: String,
}

/// A register as it may be shown.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct RegisterOut {
    /// Its id.
    id: String,
    /// What it is called.
    title: String,
    /// Where its rows come from.
    origins: Vec<String>,
    /// Files.
    files: Vec<String>,
    /// Columns, without those that name persons.
    columns: Vec<ColumnOut>,
    /// Which of them is the key.
    key_column: Option<usize>,
    /// How many columns are left out for that.
    personal: usize,
    /// Keys of the records.
    keys: Vec<String>,
    /// Records, cells as people read them.
    records: Vec<Vec<String>>,
    /// The same as the page shows them.
    #[serde(skip)]
    cells: Vec<Vec<Named>>,
}

fn book<'p>(ask: &Ask<'_>, plan: &'p Planbook) -> Result<&'p Book, Refusal> {
    let id = ask.word("id").unwrap_or_default();
    plan.book(id).ok_or_else(|| ask.unknown("id", &text("登记册", "register"), plan.books.iter().map(|b| b.register.id.as_str())))
}

fn register_out(ask: &Ask<'_>) -> Result<(String, RegisterOut), Refusal> {
    let plan = plan(ask)?;
    let book = book(ask, &plan)?;
    let register = &book.register;
    let shown: Vec<usize> = (0..register.columns.len()).filter(|i| !register.columns[*i].personal).collect();
    let row = [ask.word("row").unwrap_or_default()];
    let records: Vec<_> = match ask.word("row") {
        Some(id) if plan.sentence_views.iter().chain(&plan.system_views).any(|v| v.id == id) => book.serving(&row).collect(),
        Some(_) => {
            let known = plan.sentence_views.iter().filter(|v| !v.feeds.is_empty()).map(|v| v.id.as_str());
            return Err(ask.unknown("row", &text("方案条目", "row of the plan"), known));
        }
        None => book.records.iter().collect(),
    };
    let made = RegisterOut {
        id: register.id.clone(),
        title: register.title.get(ask.lang).to_owned(),
        origins: book.origins.iter().map(|o| (*o).to_owned()).collect(),
        files: book.files.clone(),
        columns: shown
            .iter()
            .map(|i| {
                let c = &register.columns[*i];
                ColumnOut { name: c.name.clone(), title: c.title.get(ask.lang).to_owned(), unit: c.unit.clone() }
            })
            .collect(),
        personal: register.columns.len() - shown.len(),
        keys: records.iter().map(|r| r.key.clone()).collect(),
        key_column: shown.iter().position(|i| register.columns[*i].name == register.key),
        cells: records.iter().map(|r| shown.iter().map(|i| named(ask, &plan, book, (*i, &register.columns[*i]), r)).collect()).collect(),
        records: records.into_iter().map(|r| shown.iter().map(|i| register.shown(*i, &r.values[*i], ask.lang)).collect()).collect(),
    };
    Ok((plan.on.to_string(), made))
}

fn register_twin(ask: &Ask<'_>) -> Answer {
    json(&register_out(ask)?.1)
}

/// A number that a register gives.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct MeasureOut {
    /// What it is.
    title: String,
    /// The number; nothing where records lack it.
    value: Option<f64>,
    /// Its unit.
    unit: String,
}

/// A register among the others.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct RegisterLine {
    /// Its id.
    id: String,
    /// What it is called.
    title: String,
    /// Roles of the offices that keep it.
    keepers: Vec<String>,
    /// Who that is.
    kept_by: String,
    /// How many records it has.
    records: usize,
    /// How many of them somebody entered something into.
    entered: usize,
    /// Where its rows come from.
    origins: Vec<String>,
    /// What it measures on the day.
    measures: Vec<MeasureOut>,
}

/// All registers.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct RegistersOut {
    /// The day.
    on: String,
    /// The registers.
    registers: Vec<RegisterLine>,
}

impl RegistersOut {
    fn of(plan: &Planbook, lang: Lang) -> Self {
        let on = plan.on.to_string();
        let line = |book: &Book| RegisterLine {
            id: book.register.id.clone(),
            title: book.register.title.get(lang).to_owned(),
            keepers: book.register.keepers.clone(),
            kept_by: plan.who(&book.register.keepers, lang),
            records: book.records.len(),
            entered: book.history.len(),
            origins: book.origins.iter().map(|o| (*o).to_owned()).collect(),
            measures: book
                .register
                .measures
                .iter()
                .map(|m| {
                    let unit = if m.unit == "1" { String::new() } else { unit(&m.unit).get(lang).to_owned() };
                    MeasureOut { title: m.title.get(lang).to_owned(), value: m.take(&book.register, &book.records, &on).all, unit }
                })
                .collect(),
        };
        Self { registers: plan.books.iter().map(line).collect(), on }
    }
}

fn registers_twin(ask: &Ask<'_>) -> Answer {
    json(&RegistersOut::of(&*plan(ask)?, ask.lang))
}

fn registers(ask: &Ask<'_>) -> Answer {
    let made = RegistersOut::of(&*plan(ask)?, ask.lang);
    let on = ask.word("on").unwrap_or_default();
    Ok(page(ask, "/plan/registers", text("登记册", "Registers"), &[], |h| {
        invented(h, &made.on);
        day_form(h, ask, &made.on, |_| {});
        h.el("div.sheet", |h| {
            let head = [
                text("登记册", "Register"),
                text("#记录", "#Records"),
                text("#登记过", "#Entered"),
                text("由记录得出", "What its records give"),
                text("负责登记", "Kept by"),
            ];
            table(h, &text("登记册", "Registers"), &head, |h| {
                for line in &made.registers {
                    let to = ask.link(&format!("/plan/register/{}", line.id), &[("on", on)]);
                    h.el("tr", |h| {
                        h.with("th", &[("scope", "row")], |h| {
                            h.with("a", &[("href", &to)], |h| h.text(&line.title));
                            line.origins.iter().for_each(|o| origin_mark(h, o));
                        });
                        h.el("td.number", |h| h.text(&line.records.to_string()));
                        h.el("td.number", |h| h.text(&if line.entered == 0 { "—".to_owned() } else { line.entered.to_string() }));
                        h.el("td.what", |h| {
                            for m in &line.measures {
                                let value =
                                    m.value.map_or_else(|| ask.say("缺数", "no value").to_owned(), |v| grouped(&liangshan_atlas::planbook::feeds::shown(v)));
                                h.el("span.block", |h| {
                                    h.text(&format!("{} {value} ", m.title));
                                    h.el("span.unit", |h| h.text(&m.unit));
                                });
                            }
                        });
                        h.el("td", |h| h.text(&line.kept_by));
                    });
                }
            });
        });
        twin(h, ask, "/api/plan/registers", &[("on", on)]);
    }))
}

/// The most records that a page shows; the JSON has all.
const MOST_SHOWN: usize = 300;

fn register(ask: &Ask<'_>) -> Answer {
    let (on, made) = register_out(ask)?;
    let title = liangshan_vocab::Text::same(made.title.clone());
    Ok(page(ask, "/plan/registers", title, &[], |h| {
        invented(h, &on);
        h.el("div.sheet", |h| {
            h.el("p", |h| {
                let count = made.records.len();
                h.say(&words!("{count} 条记录", "{count} records"));
                if let Some(row) = ask.word("row") {
                    h.say(&words!("，说明语句 {row}", " that serve {row}"));
                }
                made.origins.iter().for_each(|o| origin_mark(h, o));
                h.text(&format!(" · {}", made.files.join(", ")));
                if made.personal > 0 {
                    let personal = made.personal;
                    h.say(&words!(" · 另有 {personal} 列含个人信息，不予显示", " · {personal} columns name persons and are not shown"));
                }
            });
            rows(h, ask, &made);
            if made.records.len() > MOST_SHOWN {
                h.line("p.caption", &words!("只显示前 {MOST_SHOWN} 条，全部见 JSON。", "The first {MOST_SHOWN} are shown; the JSON has all."));
            }
        });
        twin(h, ask, &format!("/api/plan/register/{}", made.id), &[("row", ask.word("row").unwrap_or_default())]);
    }))
}

fn rows(h: &mut Html, ask: &Ask<'_>, made: &RegisterOut) {
    let on = ask.word("on").unwrap_or_default();
    let head: Vec<_> = made
        .columns
        .iter()
        .enumerate()
        .map(|(at, c)| {
            let number = made.cells.iter().any(|r| r[at].is_number()) && made.cells.iter().all(|r| r[at].is_number() || r[at].name.is_empty());
            let mark = if number { "#" } else { "" };
            let unit = if c.unit.is_empty() || c.unit == "1" { String::new() } else { format!(" ({})", unit(&c.unit).get(ask.lang)) };
            liangshan_vocab::Text::same(format!("{mark}{}{unit}", c.title))
        })
        .collect();
    h.el("div.records", |h| {
        table(h, &liangshan_vocab::Text::same(made.title.clone()), &head, |h| {
            for (key, record) in made.keys.iter().zip(&made.cells).take(MOST_SHOWN) {
                let own = ask.link("/plan/record", &[("register", &made.id), ("key", key), ("on", on)]);
                h.el("tr", |h| {
                    for (at, cell) in record.iter().enumerate() {
                        let to = if made.key_column == Some(at) { Some(&own) } else { cell.link.as_ref() };
                        h.el(cell.class(), |h| match to {
                            Some(to) => h.with("a", &[("href", to)], |h| h.text(&cell.name)),
                            None => h.text(&cell.name),
                        });
                    }
                });
            }
        });
    });
}
