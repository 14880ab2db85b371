//! The plan's text in its sentences, and what it names: read, and held against the text byte for byte.

use std::collections::BTreeSet;
use std::ops::Range;

use liangshan_formats::table::Table;
use liangshan_vocab::{Problem, Problems, Text, text, words};

/// What sort of sentence it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// It has a number to be reached or kept.
    Target,
    /// Somebody is to do something.
    Duty,
    /// Something is to be built or carried out.
    Project,
    /// A rule, a mechanism, a pilot is to be there.
    Mechanism,
    /// It says something and asks nobody for anything: titles, reasons.
    Statement,
}

impl Sort {
    /// All, with their words and names.
    pub const ALL: [(Sort, &'static str, Text); 5] = [
        (Sort::Target, "target", text("指标", "target")),
        (Sort::Duty, "duty", text("任务", "duty")),
        (Sort::Project, "project", text("项目", "project")),
        (Sort::Mechanism, "mechanism", text("机制", "mechanism")),
        (Sort::Statement, "statement", text("表述", "statement")),
    ];

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, w, _)| *w == word).map(|(sort, ..)| *sort)
    }

    /// The word in tables.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(sort, ..)| *sort == self).map_or("", |(_, word, _)| word)
    }

    /// What it is called.
    pub fn title(self) -> Text {
        Self::ALL.iter().find(|(sort, ..)| *sort == self).map(|(.., title)| title.clone()).unwrap_or_default()
    }
}

/// A sentence of the plan, or the part of one that has an owner and a feed of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Sentence {
    /// The line of the table.
    pub line: u64,
    /// Its id.
    pub id: String,
    /// Its chapter.
    pub chapter: String,
    /// What sort it is.
    pub sort: Sort,
    /// The office that answers for it.
    pub owner: String,
    /// What feeds it beside what feeds the things it names.
    pub feeds: Vec<String>,
    /// What stands before it: line ends and indents.
    pub lead: String,
    /// Its text.
    pub text: String,
    /// Where it stands in the plan, in bytes.
    pub at: Range<usize>,
}

/// Something that the plan names: a system, a mechanism, a platform, a target.
#[derive(Debug, Clone, PartialEq)]
pub struct System {
    /// The line of the table.
    pub line: u64,
    /// Its id.
    pub id: String,
    /// The sentences it stands in.
    pub sentences: Vec<String>,
    /// The plan's words for it.
    pub text: Text,
    /// What a program can do for it: A all, B the records and the work flow, C only to follow it.
    pub fit: String,
    /// The office that answers for it.
    pub owner: String,
    /// What feeds it.
    pub feeds: Vec<String>,
}

/// How line ends and indents are written in the column `lead`.
const LEADS: [(char, char); 2] = [('↵', '\n'), ('□', '\u{3000}')];

fn wrong(problem: Problem, line: u64, expected: Text) -> Problem {
    problem.row(line).expect(expected).fix(text("对照方案原文改正", "correct it by the plan's text"))
}

fn list(cell: &str) -> Vec<String> {
    cell.split_whitespace().map(str::to_owned).collect()
}

/// Reads the sentences.
///
/// # Errors
/// `plan.sentence` for an unknown sort, a repeated id or a lead of other characters; those of the table.
pub fn sentences(table: &Table) -> Result<Vec<Sentence>, Problems> {
    let at = table.find(["id", "chapter", "kind", "owner", "feeds", "lead", "text"])?;
    let (mut problems, mut ids, mut out) = (Problems::new(), BTreeSet::new(), Vec::new());
    let mut end = 0;
    for row in &table.rows {
        // A lead is white space and its signs: it is not trimmed.
        let cell = |i: usize| row.cells.get(at[i]).map_or("", String::as_str);
        let (id, word, lead) = (cell(0).trim().to_owned(), cell(2).trim(), cell(5));
        let sort = Sort::parse(word);
        if sort.is_none() {
            let words: Vec<&str> = Sort::ALL.iter().map(|(_, w, _)| *w).collect();
            problems.push(wrong(
                Problem::error("plan.sentence", words!("没有“{word}”这类语句", "there is no sentence of the sort \"{word}\"")),
                row.line,
                Text::same(words.join(" | ")),
            ));
        }
        if !ids.insert(id.clone()) {
            problems.push(wrong(
                Problem::error("plan.sentence", words!("语句 {id} 出现两次", "the sentence {id} stands twice")),
                row.line,
                text("每句一个标识", "one id for each"),
            ));
        }
        let plain: Option<String> = lead.chars().map(|c| LEADS.iter().find(|(sign, _)| *sign == c).map(|(_, c)| *c)).collect();
        let Some(plain) = plain else {
            problems.push(wrong(
                Problem::error("plan.sentence", words!("lead 列只能有 ↵ 与 □", "the column lead holds ↵ and □ only")),
                row.line,
                text("↵ 换行，□ 全角空格", "↵ for a line end, □ for an indent"),
            ));
            continue;
        };
        let begins = end + plain.len();
        end = begins + cell(6).len();
        let Some(sort) = sort else { continue };
        let (chapter, owner, feeds, text) = (cell(1).trim().to_owned(), cell(3).trim().to_owned(), list(cell(4)), cell(6).to_owned());
        out.push(Sentence { line: row.line, id, chapter, sort, owner, feeds, lead: plain, text, at: begins..end });
    }
    problems.into_result(out)
}

/// The plan's text, put together again.
pub fn rebuilt(sentences: &[Sentence]) -> String {
    sentences.iter().flat_map(|s| [s.lead.as_str(), s.text.as_str()]).collect()
}

/// Holds the sentences against the text.
///
/// # Errors
/// `plan.text_differs` with the first sentence that is not where it should be.
pub fn held(sentences: &[Sentence], wanted: &str) -> Result<(), Problem> {
    if rebuilt(sentences) == wanted {
        return Ok(());
    }
    let off = sentences.iter().find(|s| wanted.get(s.at.clone()) != Some(s.text.as_str()));
    let (id, line) = off.map_or(("-", 1), |s| (s.id.as_str(), s.line));
    Err(wrong(
        Problem::error(
            "plan.text_differs",
            words!("由语句拼回的方案与原文不一致，自 {id} 起", "the plan put together from its sentences is not its text, from {id} on"),
        ),
        line,
        text("逐字节相同", "the same bytes"),
    )
    .key(id))
}

/// Reads what the plan names.
///
/// # Errors
/// `plan.system` for a repeated id, a sentence that is not there, or words that do not stand in it.
pub fn systems(table: &Table, sentences: &[Sentence]) -> Result<Vec<System>, Problems> {
    let at = table.find(["id", "sentence", "text", "text_en", "fit", "owner", "feeds"])?;
    let (mut problems, mut ids, mut out) = (Problems::new(), BTreeSet::new(), Vec::new());
    let whole = rebuilt(sentences);
    for row in &table.rows {
        let cell = |i: usize| table.text(row, at[i]);
        let (id, in_sentences, zh) = (cell(0).to_owned(), list(cell(1)), cell(2));
        if !ids.insert(id.clone()) {
            problems.push(wrong(
                Problem::error("plan.system", words!("{id} 出现两次", "{id} stands twice")),
                row.line,
                text("每项一个标识", "one id for each"),
            ));
        }
        let stretch: Vec<&Sentence> = in_sentences.iter().filter_map(|s| sentences.iter().find(|t| t.id == *s)).collect();
        let from = stretch.iter().map(|s| s.at.start).min().unwrap_or(0);
        let to = stretch.iter().map(|s| s.at.end).max().unwrap_or(0);
        let said = stretch.len() == in_sentences.len() && !stretch.is_empty() && whole.get(from..to).is_some_and(|part| part.contains(zh));
        if !said {
            problems.push(wrong(
                Problem::error("plan.system", words!("“{zh}”不在语句 {} 中", "\"{zh}\" does not stand in the sentence {}", in_sentences.join(" "))),
                row.line,
                text("方案原文中的字句", "words of the plan"),
            ));
        }
        let (text, fit, owner, feeds) = (Text::of(zh, cell(3)), cell(4).to_owned(), cell(5).to_owned(), list(cell(6)));
        out.push(System { line: row.line, id, sentences: in_sentences, text, fit, owner, feeds });
    }
    problems.into_result(out)
}
