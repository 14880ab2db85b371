//! `plan.csv`, `targets.csv`, `counties.csv`, `projects.csv`, `milestones.csv`, `green.csv`, `orphans.csv`:
//! the plan as it stands on a day, in tables.

use std::path::{Path, PathBuf};

use liangshan_formats::table::write_csv;
use liangshan_store::write_whole;
use liangshan_vocab::Problems;

use super::Planbook;
use super::rows::RowView;
use super::values::Fed;
use crate::publish::refuse_folder;
use crate::whole::cannot_write;

/// Columns of a table: name, meaning in Chinese and in English.
pub type Columns<const N: usize> = [(&'static str, &'static str, &'static str); N];

/// The columns of `plan.csv`.
pub const PLAN_COLUMNS: Columns<12> = [
    ("row", "sentence 语句，system 方案点名的事项", "sentence, or system: a thing the plan names"),
    ("id", "标识", "id"),
    ("of", "语句的章节；事项所在语句", "chapter of a sentence; sentences of a system"),
    ("kind", "target、duty、project、mechanism、statement；事项为 A、B、C", "sort of a sentence; fit A, B or C of a system"),
    ("text", "方案原文", "the words of the plan"),
    ("owner", "责任部门标识", "id of the owner"),
    ("owner_name", "责任部门", "the owner"),
    ("fed", "computed 计算，typed 填报，nothing 无", "computed, typed or nothing"),
    ("state", "状态", "state"),
    ("feeds", "来源，以空格分开", "feeds, a space between them"),
    ("says", "各来源在该日的说法", "what the feeds say on the day"),
    ("origin", "数据性质", "origin"),
];

/// The columns of `targets.csv`.
pub const TARGET_COLUMNS: Columns<27> = [
    ("id", "目标", "target"),
    ("name_zh", "名称", "name in Chinese"),
    ("name_en", "名称（英文）", "name"),
    ("target", "目标值", "what is to be reached"),
    ("unit", "单位", "unit"),
    ("direction", "ge 不低于，le 不高于，no_decline 不下降，growth 增长", "ge, le, no_decline or growth"),
    ("kind", "number、keep 每年保持、deliverable 成果", "number, keep or deliverable"),
    ("due_year", "目标年", "the year it is due"),
    ("owner", "责任部门标识", "id of the owner"),
    ("base_year", "基年", "year of the base"),
    ("base_value", "基期值", "the base"),
    ("latest_year", "现值年份", "year of the latest value"),
    ("latest_value", "现值", "the latest value"),
    ("fed", "computed 或 typed", "computed or typed"),
    ("origin", "数据性质", "origin"),
    ("source", "出处", "source"),
    ("vintage", "初步、修订、最终；空为未说明", "initial, revised or final; empty where nobody says"),
    ("attained", "yes、no、undecidable", "yes, no or undecidable"),
    ("missing_years", "判定所缺年份", "years that are missing for that"),
    ("progress", "进度", "share of the way that is gone"),
    ("planned", "计划进度", "share that was planned"),
    ("lamp", "灯色", "lamp"),
    ("break_down", "分解规则", "rule of the break-down"),
    ("counties_short", "低于其分解值的县", "counties short of their part"),
    ("probability", "达标概率（不改变结论）", "chance of reaching it; changes no verdict"),
    ("seed", "种子", "seed"),
    ("formula", "口径", "formula"),
];

/// The columns of `counties.csv`.
pub const COUNTY_COLUMNS: Columns<9> = [
    ("target_id", "目标", "target"),
    ("place_code", "区划代码", "division code"),
    ("place_name", "地区", "place"),
    ("year", "年份", "year"),
    ("rule", "share 按基数，each 同值，level 同幅", "share, each or level"),
    ("part", "分解值", "its part"),
    ("value", "现值", "its value"),
    ("gap", "差距；负数为欠", "gap; below zero is short"),
    ("meets", "yes、no、undecidable", "yes, no or undecidable"),
];

/// The columns of `projects.csv`.
pub const PROJECT_COLUMNS: Columns<22> = [
    ("project_id", "项目", "project"),
    ("name_zh", "名称", "name"),
    ("clause", "方案条款", "clause of the plan"),
    ("task_zh", "任务", "task"),
    ("lead_office", "牵头部门", "leading office"),
    ("co_office", "配合部门", "office that helps"),
    ("county_code", "区划代码", "division code"),
    ("post", "责任岗位或责任人", "post or person"),
    ("start", "开始", "begins"),
    ("due", "期限", "due"),
    ("done", "完成率", "done"),
    ("planned", "计划完成率", "planned"),
    ("gap", "计划减完成", "planned less done"),
    ("done_last_month", "上月末完成率", "done at the end of the month before"),
    ("overdue_days", "最长逾期天数", "days the oldest milestone is overdue"),
    ("lamp", "灯色", "lamp"),
    ("red_since", "自哪个月起连续红灯", "the month since when it is red"),
    ("supervision", "督查步骤", "step of supervision"),
    ("paid_share", "投资完成率", "paid over budget"),
    ("open", "待办：申报待认可、改期待批准", "what waits: a claim, another day"),
    ("moved", "改期：原定与现行", "days that were moved: first and now"),
    ("contradictions", "与“已完成”相矛盾的指标", "indicators that contradict its \"done\""),
];

/// The columns of `milestones.csv`.
pub const MILESTONE_COLUMNS: Columns<10> = [
    ("milestone_id", "里程碑", "milestone"),
    ("project_id", "项目", "project"),
    ("name_zh", "名称", "name"),
    ("weight", "权重", "weight"),
    ("due_first", "原定期限", "due day as first set"),
    ("due", "现行期限", "due day now"),
    ("done_on", "完成日（佐证已被认可）", "done on, its evidence accepted"),
    ("evidence", "佐证", "evidence"),
    ("accepted_by", "认可部门", "accepted by"),
    ("open", "待办", "what waits"),
];

/// The columns of `green.csv`.
pub const GREEN_COLUMNS: Columns<9> = [
    ("year", "年份", "year"),
    ("place_code", "区划代码", "division code"),
    ("group", "分组；index 为指数，assessment 为考核", "group; index, or assessment"),
    ("score", "得分", "score"),
    ("weight", "权重", "weight"),
    ("known", "有数据的指标数", "indicators with data"),
    ("applying", "适用的指标数", "indicators that apply"),
    ("rank", "位次（并列同位）", "rank; equal ones share it"),
    ("grade", "考核等次", "grade of the assessment"),
];

/// The columns of `orphans.csv`.
pub const ORPHAN_COLUMNS: Columns<4> = [
    ("what", "sentence、system、target、register、record、indicator、projects、layer", "what hangs loose"),
    ("id", "标识", "id"),
    ("why", "no_owner、no_feed、unknown_feed、no_sentence", "why"),
    ("says", "说明", "in words"),
];

fn names<const N: usize>(columns: &Columns<N>) -> [&'static str; N] {
    columns.map(|c| c.0)
}

fn number(value: Option<f64>) -> String {
    value.map(|v| v.to_string()).unwrap_or_default()
}

/// A share to four decimals: further ones say nothing.
pub fn share(value: f64) -> String {
    format!("{value:.4}")
}

fn row(kind: &str, view: &RowView) -> [String; 12] {
    let feeds: Vec<String> = view.feeds.iter().map(|f| f.feed.to_string()).collect();
    let says: Vec<String> = view.feeds.iter().map(|f| f.says.zh.to_string()).collect();
    let mut origins: Vec<&str> = view.feeds.iter().map(|f| f.origin.as_str()).filter(|o| !o.is_empty()).collect();
    origins.sort_unstable();
    origins.dedup();
    let fed = if view.kind == "statement" { "" } else { view.fed.word() };
    [
        kind.to_owned(),
        view.id.clone(),
        view.of.clone(),
        view.kind.clone(),
        view.text.zh.to_string(),
        view.owner.clone(),
        view.owner_title.clone(),
        fed.to_owned(),
        view.state.word().to_owned(),
        feeds.join(" "),
        says.join("；"),
        origins.join("+"),
    ]
}

/// The tables, by name.
pub fn tables(plan: &Planbook) -> Vec<(String, Vec<u8>)> {
    let rows = plan.sentence_views.iter().map(|v| row("sentence", v)).chain(plan.system_views.iter().map(|v| row("system", v)));
    let orphans = plan.loose.iter().map(|l| [l.what.to_owned(), l.id.clone(), l.why.to_owned(), l.says.zh.to_string()]);
    vec![
        ("plan.csv".into(), write_csv(&names(&PLAN_COLUMNS), rows, true)),
        ("targets.csv".into(), targets(plan)),
        ("counties.csv".into(), counties(plan)),
        ("projects.csv".into(), projects(plan)),
        ("milestones.csv".into(), milestones(plan)),
        ("green.csv".into(), green(plan)),
        ("orphans.csv".into(), write_csv(&names(&ORPHAN_COLUMNS), orphans, true)),
    ]
}

fn targets(plan: &Planbook) -> Vec<u8> {
    let rows = plan.targets.iter().map(|t| {
        let s = &t.standing;
        let own = s.latest.and_then(|(year, _)| t.values.city.get(&year));
        let year = |at: Option<(i32, f64)>| at.map(|a| a.0.to_string()).unwrap_or_default();
        let direction = match t.row.aim.target.direction {
            liangshan_accounts::targets::Direction::AtLeast => "ge",
            liangshan_accounts::targets::Direction::AtMost => "le",
            liangshan_accounts::targets::Direction::NoDecline => "no_decline",
            liangshan_accounts::targets::Direction::Growth => "growth",
        };
        let short: Vec<&str> = t.parts.iter().filter(|p| p.gap.is_some_and(|g| g < 0.0)).map(|p| p.place.as_str()).collect();
        [
            t.row.id.clone(),
            t.row.title.zh.to_string(),
            t.row.title.en.to_string(),
            t.wanted(),
            t.sources.unit.clone(),
            direction.to_owned(),
            t.row.aim.sort.word().to_owned(),
            t.row.aim.due.to_string(),
            t.sources.owner.clone(),
            year(s.base),
            number(s.base.map(|b| b.1)),
            year(s.latest),
            number(s.latest.map(|l| l.1)),
            own.map_or(Fed::Nothing, |v| v.fed).word().to_owned(),
            own.map(|v| v.origin.clone()).unwrap_or_default(),
            own.map(|v| v.source.zh.to_string()).unwrap_or_default(),
            own.map(|v| v.vintage.clone()).unwrap_or_default(),
            s.attained.word().to_owned(),
            s.missing.iter().map(i32::to_string).collect::<Vec<_>>().join(" "),
            s.progress.map(share).unwrap_or_default(),
            s.planned.map(share).unwrap_or_default(),
            s.lamp.word().to_owned(),
            t.sources.break_down.map(|r| r.word().to_owned()).unwrap_or_default(),
            short.join(" "),
            number(t.chance.as_ref().map(|c| c.probability)),
            t.chance.as_ref().map(|c| c.seed.to_string()).unwrap_or_default(),
            t.row.formula.clone(),
        ]
    });
    write_csv(&names(&TARGET_COLUMNS), rows, true)
}

fn counties(plan: &Planbook) -> Vec<u8> {
    let rows = plan.targets.iter().flat_map(|t| {
        t.parts.iter().map(|p| {
            [
                t.row.id.clone(),
                p.place.clone(),
                plan.place(&p.place).zh.to_string(),
                t.parts_year.to_string(),
                t.sources.break_down.map(|r| r.word().to_owned()).unwrap_or_default(),
                number(p.target),
                number(p.value),
                number(p.gap),
                p.meets.word().to_owned(),
            ]
        })
    });
    write_csv(&names(&COUNTY_COLUMNS), rows, true)
}

fn projects(plan: &Planbook) -> Vec<u8> {
    let rows = plan.projects.iter().map(|p| {
        let red = p.lamps.iter().rev().take_while(|(_, lamp)| *lamp == liangshan_accounts::targets::Lamp::Red).last();
        let open: Vec<String> = p.milestones.iter().filter_map(|m| m.open.as_ref().map(|o| format!("{}：{}", m.id, o.zh))).collect();
        let moved: Vec<String> = p.milestones.iter().filter(|m| m.due != m.due_first).map(|m| format!("{} {} → {}", m.id, m.due_first, m.due)).collect();
        let contradictions: Vec<&str> = p.contradictions.iter().map(|c| c.zh.as_ref()).collect();
        [
            p.id.clone(),
            p.title.clone(),
            p.clause.clone(),
            p.task.clone(),
            p.offices[0].clone(),
            p.offices[1].clone(),
            p.county.clone(),
            p.post.clone(),
            p.start.clone(),
            p.due.clone(),
            share(p.progress.done),
            share(p.progress.planned),
            share(p.progress.gap),
            share(p.before.done),
            p.progress.overdue_days.to_string(),
            p.progress.lamp.word().to_owned(),
            red.map(|(month, _)| month.clone()).unwrap_or_default(),
            p.supervision.map(|s| s.word().to_owned()).unwrap_or_default(),
            p.paid.map(share).unwrap_or_default(),
            open.join("；"),
            moved.join("；"),
            contradictions.join("；"),
        ]
    });
    write_csv(&names(&PROJECT_COLUMNS), rows, true)
}

fn milestones(plan: &Planbook) -> Vec<u8> {
    let rows = plan.projects.iter().flat_map(|p| {
        p.milestones.iter().map(|m| {
            [
                m.id.clone(),
                p.id.clone(),
                m.title.clone(),
                m.weight.to_string(),
                m.due_first.to_string(),
                m.due.to_string(),
                m.done_on.map(|d| d.to_string()).unwrap_or_default(),
                m.evidence.clone(),
                m.accepted_by.clone(),
                m.open.as_ref().map(|o| o.zh.to_string()).unwrap_or_default(),
            ]
        })
    });
    write_csv(&names(&MILESTONE_COLUMNS), rows, true)
}

fn green(plan: &Planbook) -> Vec<u8> {
    let mut rows: Vec<[String; 9]> = Vec::new();
    if let Some(green) = &plan.green {
        for county in &green.counties {
            let own = |group: &str, score: Option<f64>, weight: String, known: usize, applying: usize, rank: String, grade: &str| {
                [
                    green.year.to_string(),
                    county.code.clone(),
                    group.to_owned(),
                    score.map(share).unwrap_or_default(),
                    weight,
                    known.to_string(),
                    applying.to_string(),
                    rank,
                    grade.to_owned(),
                ]
            };
            for ((id, _, weight, applying, known), score) in green.groups.iter().zip(&county.groups) {
                rows.push(own(id, *score, weight.to_string(), *known, *applying, String::new(), ""));
            }
            rows.push(own("index", county.index, "100".into(), green.known, green.applying, county.rank.to_string(), ""));
            rows.push(own("assessment", Some(county.assessment), String::new(), green.known, green.applying, String::new(), county.grade.word()));
        }
    }
    write_csv(&names(&GREEN_COLUMNS), rows, true)
}

/// Writes files below a folder, each whole or not at all. The folder may not be one of the region's own.
///
/// # Errors
/// `output.folder`, `output.cannot_write`.
pub fn write(plan: &Planbook, into: &Path, files: &[(String, Vec<u8>)]) -> Result<Vec<PathBuf>, Problems> {
    refuse_folder(&plan.region.folder, into)?;
    let mut written = Vec::new();
    for (file, bytes) in files {
        let path = into.join(file);
        if std::fs::read(&path).is_ok_and(|there| there == *bytes) {
            continue;
        }
        write_whole(&path, bytes).map_err(|e| cannot_write(&path, &e))?;
        written.push(path);
    }
    Ok(written)
}
