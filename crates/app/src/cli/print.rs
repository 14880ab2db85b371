//! What goes to the terminal: results to standard output, progress and letters to standard error.

use std::io::{IsTerminal, Write};
use std::sync::Mutex;

use liangshan_atlas::book::Stage;
use liangshan_vocab::{Lang, Problem, Problems, Severity, Text, text};
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

/// How many alike problems are shown before the rest is only counted.
const SHOWN_ALIKE: usize = 5;

/// How the caller wants to be spoken to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Face {
    /// The language.
    pub(crate) lang: Lang,
    /// One JSON document on standard output.
    pub(crate) json: bool,
    /// No progress.
    pub(crate) quiet: bool,
}

impl Face {
    /// One of two texts.
    pub(crate) fn say<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// Prints lines to standard output. A reader that has gone away is not an error of ours; a full
    /// disk is, because what was asked for is lost: the program ends with exit code 1.
    pub(crate) fn out(&self, lines: &str) {
        let mut out = std::io::stdout().lock();
        let end = if lines.ends_with('\n') { "" } else { "\n" };
        let written = out.write_all(lines.as_bytes()).and_then(|()| out.write_all(end.as_bytes())).and_then(|()| out.flush());
        if let Err(error) = written
            && error.kind() != std::io::ErrorKind::BrokenPipe
        {
            aside(&format!("{}: {error}\n", self.say("无法写到标准输出", "cannot write to standard output")));
            std::process::exit(i32::from(super::PROBLEMS));
        }
    }

    /// Prints one JSON document to standard output.
    pub(crate) fn document(&self, value: &Value) {
        self.out(&serde_json::to_string_pretty(value).unwrap_or_default());
    }

    /// Problems as letters: alike ones grouped, then how many there are.
    pub(crate) fn letters(&self, problems: &Problems) -> String {
        let mut sorted = problems.clone();
        sorted.sort();
        let mut out = String::new();
        for problem in sorted.grouped(SHOWN_ALIKE) {
            out.push_str(&problem.letter(self.lang));
            out.push_str("\n\n");
        }
        out.push_str(&self.counts(problems));
        out.push('\n');
        out
    }

    /// How many problems of each kind there are.
    pub(crate) fn counts(&self, problems: &Problems) -> String {
        let [errors, warnings, notes] = problems.counts();
        match self.lang {
            Lang::Zh => format!("{errors} 个错误，{warnings} 个警告，{notes} 个提示"),
            Lang::En => format!("{errors} errors, {warnings} warnings, {notes} notes"),
        }
    }

    /// Tells of wrong use, and answers with the exit code.
    pub(crate) fn wrong_use(&self, said: &str) -> u8 {
        if self.json {
            let problem = Problem::error("use.wrong", Text::same(said)).fix(text("用 --help 查看用法", "see --help"));
            self.document(&problems_json(&problem.into(), self.lang));
        } else {
            aside(&format!("{said}\n"));
        }
        super::WRONG_USE
    }

    /// Tells why nothing came of it, and answers with the exit code.
    pub(crate) fn refuse(&self, problems: &Problems) -> u8 {
        if self.json {
            self.document(&problems_json(problems, self.lang));
        } else {
            aside(&self.letters(problems));
        }
        if problems.iter().any(|p| p.code == "run.cancelled") { super::STOPPED } else { super::PROBLEMS }
    }
}

/// Writes to standard error; somebody who has closed it does not want to hear.
pub(crate) fn aside(said: &str) {
    let mut err = std::io::stderr().lock();
    let _ = err.write_all(said.as_bytes()).and_then(|()| err.flush());
}

/// Problems as a JSON object with their counts.
pub(crate) fn problems_json(problems: &Problems, lang: Lang) -> Value {
    let [errors, warnings, notes] = problems.counts();
    json!({ "problems": problems.to_json(lang), "counts": { "errors": errors, "warnings": warnings, "notes": notes } })
}

/// Progress on standard error: one line that moves on a terminal, a line a stage elsewhere.
pub(crate) struct Progress {
    face: Face,
    moving: bool,
    last: Mutex<(String, usize)>,
}

impl Progress {
    /// Ready to tell.
    pub(crate) fn new(face: Face) -> Self {
        Self { face, moving: std::io::stderr().is_terminal(), last: Mutex::default() }
    }

    /// Tells of a stage.
    pub(crate) fn tell(&self, stage: &Stage) {
        if self.face.quiet {
            return;
        }
        let title = stage.title.get(self.face.lang).to_owned();
        let percent = 100 * stage.done / stage.of.max(1);
        let mut last = self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if self.moving {
            if (last.0.as_str(), last.1) != (title.as_str(), percent) {
                aside(&format!("\r\x1b[K{title} {percent:3}%"));
            }
        } else if last.0 != title {
            aside(&format!("{title}\n"));
        }
        *last = (title, percent);
    }

    /// Clears the moving line.
    pub(crate) fn end(&self) {
        if self.moving && !self.face.quiet {
            aside("\r\x1b[K");
        }
    }
}

/// A table with the first column to the left and the others to the right, by width on screen.
pub(crate) fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    set_out(head, rows, |column| column == 0)
}

/// A table with every column to the left that holds a cell which is no number.
pub(crate) fn table_of_words(head: &[&str], rows: &[Vec<String>]) -> String {
    let number = |cell: &String| cell.is_empty() || cell.parse::<f64>().is_ok();
    set_out(head, rows, |column| !rows.iter().all(|row| row.get(column).is_none_or(number)))
}

fn set_out(head: &[&str], rows: &[Vec<String>], left: impl Fn(usize) -> bool) -> String {
    let mut widths: Vec<usize> = head.iter().map(|h| h.width()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    let line = |cells: Vec<&str>| {
        let mut out = String::new();
        for (i, (cell, width)) in cells.iter().zip(&widths).enumerate() {
            let pad = " ".repeat(width - cell.width().min(*width));
            let gap = if i == 0 { "" } else { "  " };
            out.push_str(&if left(i) { format!("{gap}{cell}{pad}") } else { format!("{gap}{pad}{cell}") });
        }
        out.trim_end().to_owned()
    };
    let mut out = line(head.to_vec());
    out.push('\n');
    out.push_str(&"─".repeat(widths.iter().sum::<usize>() + 2 * widths.len().saturating_sub(1)));
    for row in rows {
        out.push('\n');
        out.push_str(&line(row.iter().map(String::as_str).collect()));
    }
    out.push('\n');
    out
}

/// The number of warnings and notes worth a line.
pub(crate) fn worth_telling(problems: &Problems) -> usize {
    problems.iter().filter(|p| p.severity != Severity::Note).count()
}

#[cfg(test)]
mod tests {
    use super::table;

    #[test]
    fn chinese_columns_line_up() {
        let shown = table(&["指标", "value"], &[vec!["水源涵养".into(), "12.5".into()], vec!["carbon".into(), "3".into()]]);
        assert_eq!(shown, "指标      value\n───────────────\n水源涵养   12.5\ncarbon        3\n");
    }
}
