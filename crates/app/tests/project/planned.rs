//! The pages on registers and on the tables of a plan, drawn from their declarations.

use std::path::Path;

use liangshan_atlas::planbook::files::{
    COUNTY_COLUMNS, Columns, GREEN_COLUMNS, MILESTONE_COLUMNS, ORPHAN_COLUMNS, PLAN_COLUMNS, PROJECT_COLUMNS, TARGET_COLUMNS,
};
use liangshan_atlas::planbook::kinds;

use crate::pages::{Page, held};

fn code(word: &str) -> String {
    if word.is_empty() { String::new() } else { format!("`{word}`") }
}

fn columns<const N: usize>(page: &mut Page, file: &str, columns: &Columns<N>) {
    page.head(2, file);
    page.table(["列 column", "含义", "meaning"], columns.iter().map(|(name, zh, en)| [code(name), (*zh).to_owned(), (*en).to_owned()]));
}

#[test]
fn tables_of_a_plan() {
    let mut page = Page::new(
        "方案的表 / Tables of a plan",
        "`liangshan plan REGION --out DIR` 写出的表，按次序列出各列。编码为带 BOM 的 UTF-8。另有 plan.html、registers/（每个登记册的 CSV 与 GeoJSON）、registers.xlsx、registers.gpkg、forms.json。",
        "The tables that `liangshan plan REGION --out DIR` writes, with their columns in order; UTF-8 with a byte-order mark. Beside them: plan.html, registers/ (each as CSV and GeoJSON), registers.xlsx, registers.gpkg and forms.json.",
    );
    columns(&mut page, "plan.csv", &PLAN_COLUMNS);
    columns(&mut page, "targets.csv", &TARGET_COLUMNS);
    columns(&mut page, "counties.csv", &COUNTY_COLUMNS);
    columns(&mut page, "projects.csv", &PROJECT_COLUMNS);
    columns(&mut page, "milestones.csv", &MILESTONE_COLUMNS);
    columns(&mut page, "green.csv", &GREEN_COLUMNS);
    columns(&mut page, "orphans.csv", &ORPHAN_COLUMNS);
    held("plan-tables.md", &page.text());
}

/// Keys of a declaration: key, where, meaning in both languages.
const KEYS: [(&str, &str, &str); 21] = [
    ("register.id", "标识；区域以同一标识改写随程序附带的声明", "its id; a region's declaration of the same id takes the place of the shipped one"),
    ("register.title_zh · title_en", "名称", "its title"),
    ("register.keepers", "负责登记的角色", "roles of the offices that keep it"),
    ("register.key", "区分记录的列", "the column that tells records apart"),
    ("register.geometry", "`none`、`point`、`line`、`area`", "where records are on the map"),
    ("register.lon · lat · path", "坐标所在的列；默认 lon、lat、path", "columns of the coordinates; lon, lat and path by default"),
    ("register.evidence_zh · evidence_en", "佐证", "what must be shown for a record to be believed"),
    ("register.note_zh · note_en", "说明", "what to know"),
    ("column.name · title_zh · title_en", "列名与名称", "name and title"),
    ("column.kind", "`text number integer date yes_no code place office reference plan_row state path origin`", "what it holds"),
    ("column.unit", "单位", "unit"),
    ("column.least · most", "取值范围", "range"),
    ("column.codes · codes_zh", "清单及其名称", "the list and its names"),
    ("column.to", "所指的登记册", "the register it refers to"),
    ("column.needed", "是否必填，默认是", "whether it must be filled, yes by default"),
    ("column.personal", "是否涉及个人；公开的图层与页面不含该列", "whether it names a person: layers and pages leave it out"),
    ("column.example · note_zh · note_en", "示例与说明", "example and note"),
    ("life.states · states_zh · states_en", "状态，第一个为起点", "states; the first is where a record begins"),
    (
        "life.step",
        "步骤：id、名称、from、to、by（角色）、evidence（须佐证）、sets（记下办理日的日期列）",
        "steps: id, titles, from, to, by (roles), evidence (is needed), sets (the column of days that takes the day)",
    ),
    ("measure.id · how · of · unit", "量：`count`、`sum`、`share`，加总的列，单位", "a number: count, sum or share, the column, the unit"),
    ("measure.where · from · until", "条件；自某日期列起、至某日期列止", "the condition; from the day in a column on, and before that in another"),
];

#[test]
fn registers() {
    let mut page = Page::new(
        "登记册 / Registers",
        "一种记录由数据声明：列、单位、清单、几何、生命周期、佐证与量。由声明直接得出表、带行号的导入检查、导出（CSV、XLSX、GeoJSON、GeoPackage）与表单。`plan --take` 接受部门的表、`--step` 办理一步，二者都是事实链中的事实：某日的记录为文件加上该日之前的登记。附带的声明在项目的 registers/ 中，区域可在自己的 registers/ 中按 id 改写或增加。列头可写列名、中文或英文名称。空格不是零。",
        "A kind of record is declared as data: columns, units, lists, geometry, life, evidence and measures. Table, import with the row of every fault, export (CSV, XLSX, GeoJSON, GeoPackage) and form follow. `plan --take` takes a table over and `--step` takes a step, both as facts of the chain: the records of a day are those of the files with what was entered by that day on top. The shipped declarations lie in the project's registers/; a region overrides or adds by id in its own registers/. A head may be the name of a column or its title in either language. A blank is not a zero.",
    );
    page.head(2, "键 / Keys");
    page.table(["键 key", "含义", "meaning"], KEYS.map(|(key, zh, en)| [code(key), zh.to_owned(), en.to_owned()]));
    for register in kinds::registers(Path::new("no such folder")).unwrap() {
        page.head(2, &format!("`{}` {} / {}", register.id, register.title.zh, register.title.en));
        page.line(&format!("标识列 key: `{}`；几何 geometry: `{}`；登记 keepers: {}", register.key, register.geometry.word(), register.keepers.join(", ")));
        if !register.evidence.is_empty() {
            page.line(&format!("佐证 evidence: {} / {}", register.evidence.zh, register.evidence.en));
        }
        page.table(
            ["列 column", "中文", "English", "kind", "unit", "必填 needed"],
            register.columns.iter().map(|c| {
                let needed = if c.needed { "是 yes" } else { "可空 optional" };
                [code(&c.name), c.title.zh.to_string(), c.title.en.to_string(), code(c.holds.word()), code(&c.unit), needed.to_owned()]
            }),
        );
        if !register.measures.is_empty() {
            page.table(
                ["量 measure", "中文", "English", "unit"],
                register.measures.iter().map(|m| [code(&m.id), m.title.zh.to_string(), m.title.en.to_string(), code(&m.unit)]),
            );
        }
        if let Some(life) = &register.life {
            page.table(
                ["步骤 step", "中文", "English", "自 from", "至 to", "由 by", "佐证 evidence"],
                life.steps.iter().map(|s| {
                    let evidence = if s.evidence { "须 yes" } else { "" };
                    [code(&s.id), s.title.zh.to_string(), s.title.en.to_string(), s.from.join(" "), s.to.clone(), s.by.join(", "), evidence.to_owned()]
                }),
            );
        }
    }
    held("registers.md", &page.text());
}
