//! The life of a record: its states, and who may move it from one to the next.

use liangshan_vocab::document::Section;
use liangshan_vocab::{Problem, Text, text, words};

use crate::column::faulty;
use crate::{Column, Holds};

/// States and steps.
#[derive(Debug, Clone, PartialEq)]
pub struct Life {
    /// States, each with its names; the first is where a record begins.
    pub states: Vec<(String, Text)>,
    /// What may be done.
    pub steps: Vec<Step>,
}

/// A step from one state to another.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// A word for it.
    pub id: String,
    /// What it is called.
    pub title: Text,
    /// States it begins in.
    pub from: Vec<String>,
    /// The state it ends in.
    pub to: String,
    /// Roles of offices that may take it.
    pub by: Vec<String>,
    /// Whether it needs evidence: a file that is kept.
    pub evidence: bool,
    /// The column of days that takes the day of the step.
    pub sets: Option<String>,
}

impl Life {
    /// Reads `[register.life]`; faults are noted in the document.
    pub(crate) fn read(s: &Section<'_>, columns: &[Column]) -> Option<Self> {
        let (states, zh, en) = (s.texts("states")?, s.texts("states_zh")?, s.texts("states_en")?);
        if states.is_empty() || states.len() != zh.len() || states.len() != en.len() {
            s.problem("states", faulty(text("states、states_zh、states_en 须一一对应", "states, states_zh and states_en do not go together")));
        }
        let steps: Vec<Step> = s.array_of_sections("step").iter().filter_map(|step| read_step(step, &states, columns)).collect();
        let states = states.into_iter().zip(zh.into_iter().zip(en)).map(|(state, (zh, en))| (state, Text::of(zh, en))).collect();
        Some(Self { states, steps })
    }

    /// What a state is called.
    pub fn title(&self, state: &str) -> Option<&Text> {
        self.states.iter().find(|(s, _)| s == state).map(|(_, title)| title)
    }

    /// The step that an office of this role takes, with or without evidence.
    ///
    /// # Errors
    /// `register.no_step` where the life knows none of this id from this state; `register.not_allowed`
    /// for another role; `register.no_evidence` where evidence is needed and none is given.
    pub fn take(&self, id: &str, state: &str, role: &str, evidence: bool) -> Result<&Step, Problem> {
        let open: Vec<&Step> = self.steps.iter().filter(|step| step.from.iter().any(|f| f == state)).collect();
        let known = open.iter().map(|s| s.id.as_str()).collect::<Vec<_>>().join(", ");
        let Some(step) = open.iter().find(|step| step.id == id) else {
            return Err(Problem::error("register.no_step", words!("状态“{state}”下没有步骤“{id}”", "there is no step \"{id}\" in the state \"{state}\""))
                .key(id)
                .expect(words!("下列之一：{known}", "one of: {known}"))
                .fix_near(liangshan_vocab::nearest(id, open.iter().map(|s| s.id.as_str())), text("改用其中一步", "take one of them")));
        };
        if !step.by.iter().any(|r| r == role) {
            let allowed = step.by.join(", ");
            return Err(Problem::error("register.not_allowed", words!("角色“{role}”不能办理“{id}”", "the role \"{role}\" may not take the step \"{id}\""))
                .key(id)
                .expect(words!("角色：{allowed}", "roles: {allowed}"))
                .fix(text("由有权的部门办理", "let an office take it that may")));
        }
        if step.evidence && !evidence {
            return Err(Problem::error("register.no_evidence", words!("“{id}”须附佐证材料", "the step \"{id}\" needs evidence"))
                .key(id)
                .expect(text("一份佐证文件", "a file of evidence"))
                .fix(text("附上文件", "give the file")));
        }
        Ok(step)
    }
}

fn read_step(s: &Section<'_>, states: &[String], columns: &[Column]) -> Option<Step> {
    let (id, zh, en) = (s.text("id"), s.text("title_zh"), s.text("title_en"));
    let (from, to, by) = (s.texts("from"), s.text("to"), s.texts("by"));
    let (evidence, sets) = (s.optional_boolean("evidence").unwrap_or(false), s.optional_text("sets"));
    if let Some(name) = sets.as_ref().filter(|name| !columns.iter().any(|c| c.name == **name && c.holds == Holds::Date)) {
        s.problem("sets", faulty(words!("没有日期列“{name}”", "there is no column of days \"{name}\"")));
    }
    for state in from.iter().flatten().chain(&to) {
        if !states.contains(state) {
            s.problem("to", faulty(words!("没有状态“{state}”", "there is no state \"{state}\"")));
        }
    }
    Some(Step { id: id?, title: Text::of(zh?, en?), from: from?, to: to?, by: by?, evidence, sets })
}
