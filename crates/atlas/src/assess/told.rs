//! Problems as the person at the file reads them: columns by their heads, and one letter for a row that
//! repeats or contradicts another in many cells.

use std::collections::BTreeMap;

use liangshan_vocab::{Problem, Problems, Text, text};

use super::columns::ColumnRead;

/// Codes that are told cell by cell and read row by row, with what is said of the row.
const BY_ROW: [(&str, Text); 6] = [
    ("water.repeated", REPEATED),
    ("air.repeated", REPEATED),
    ("assess.repeated", REPEATED),
    ("water.contradiction", AT_ODDS),
    ("air.at_odds", AT_ODDS),
    ("assess.at_odds", AT_ODDS),
];
const REPEATED: Text = text("与前面的行重复，各只计一次", "this repeats a row before it, and each counts once");
const AT_ODDS: Text = text("与前面的行矛盾，都不计", "this contradicts a row before it, and none counts");

/// Names columns by their heads in the file where a judge named them by what they were taken for.
pub(super) fn by_heads(problems: &mut Problems, file: &str, columns: &[ColumnRead]) {
    for problem in &mut problems.0 {
        let Some(named) = problem.at.column.as_deref() else { continue };
        let sheet = problem.at.file.as_deref().and_then(|f| f.strip_prefix(file)).and_then(|rest| rest.strip_prefix('!'));
        let of_sheet = |c: &&ColumnRead| sheet.is_none_or(|sheet| c.sheet == sheet);
        if columns.iter().filter(of_sheet).any(|c| c.head == named) {
            continue;
        }
        if let Some(column) = columns.iter().filter(of_sheet).find(|c| c.taken_for == named && !c.head.is_empty()) {
            problem.at.column = Some(column.head.clone());
        }
    }
}

/// What makes cells those of one row: code, file, row.
type OfRow = (String, Option<String>, Option<u64>);

/// One problem for each row where several of its cells say the same.
pub(super) fn by_rows(problems: &mut Problems) {
    let mut groups: BTreeMap<OfRow, Vec<usize>> = BTreeMap::new();
    for (at, problem) in problems.iter().enumerate() {
        if problem.at.row.is_some() && BY_ROW.iter().any(|(code, _)| *code == problem.code) {
            groups.entry((problem.code.to_string(), problem.at.file.clone(), problem.at.row)).or_default().push(at);
        }
    }
    let mut gone = vec![false; problems.0.len()];
    for ((code, ..), cells) in groups.into_iter().filter(|g| g.1.len() > 1) {
        let Some((_, what)) = BY_ROW.into_iter().find(|(known, _)| *known == code) else { continue };
        let heads: Vec<String> = cells.iter().filter_map(|at| problems.0[*at].at.column.clone()).collect();
        let (zh, en) = (heads.join("、"), heads.join(", "));
        let first = &mut problems.0[cells[0]];
        *first = Problem {
            what: Text::of(format!("{}：{zh}", what.zh), format!("{}: {en}", what.en)),
            at: liangshan_vocab::Where { column: None, ..first.at.clone() },
            ..first.clone()
        };
        cells[1..].iter().for_each(|at| gone[*at] = true);
    }
    let mut at = 0;
    problems.0.retain(|_| {
        at += 1;
        !gone[at - 1]
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_repeats_another_is_told_once() {
        let of = |code: &'static str, row: u64, column: &str| Problem::note(code, text("一", "one")).file("a.csv").row(row).column(column);
        let mut problems = Problems(vec![
            of("water.repeated", 4, "pH"),
            of("water.repeated", 4, "氨氮"),
            of("water.repeated", 5, "pH"),
            of("assess.time", 4, "时间"),
            of("assess.time", 4, "日期"),
        ]);
        by_rows(&mut problems);
        assert_eq!(problems.len(), 4, "one for row 4, one for row 5, and others as they were");
        assert!(problems.0[0].what.zh.ends_with("pH、氨氮") && problems.0[0].at.column.is_none());
        assert_eq!((problems.0[1].at.column.as_deref(), problems.0[1].what.zh.as_ref()), (Some("pH"), "一"));
    }
}
