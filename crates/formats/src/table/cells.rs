//! RFC 4180 cells: split with the line of every row, and joined.

use liangshan_vocab::{Problem, text, words};

use super::Row;

/// Splits a text into rows. A quote opens a quoted cell only as its first character; inside, two
/// quotes are one. Lines end with `\n`, `\r\n` or `\r`.
pub(super) fn split(source: &str, separator: char, mut row_done: impl FnMut(Row), mut fault: impl FnMut(Problem)) {
    let (mut line, mut begun) = (1, 1);
    let (mut cells, mut cell) = (Vec::new(), String::new());
    let mut quoted = None::<u64>;
    let mut at_start = true;
    let mut chars = source.chars().peekable();
    while let Some(c) = chars.next() {
        if let Some(opened) = quoted {
            match c {
                '"' if chars.peek() == Some(&'"') => cell.extend(chars.next()),
                '"' => quoted = None,
                _ => {
                    line += u64::from(c == '\n');
                    cell.push(c);
                }
            }
            if quoted.is_some() && chars.peek().is_none() {
                fault(unclosed(opened));
            }
            continue;
        }
        match c {
            '"' if at_start => {
                quoted = Some(line);
                at_start = false;
                if chars.peek().is_none() {
                    fault(unclosed(line));
                }
            }
            '\n' | '\r' => {
                if c == '\r' && chars.peek() == Some(&'\n') {
                    chars.next();
                }
                cells.push(std::mem::take(&mut cell));
                row_done(Row { line: begun, cells: std::mem::take(&mut cells) });
                line += 1;
                begun = line;
                at_start = true;
            }
            _ if c == separator => {
                cells.push(std::mem::take(&mut cell));
                at_start = true;
            }
            _ => {
                cell.push(c);
                at_start = false;
            }
        }
    }
    if !cell.is_empty() || !cells.is_empty() {
        cells.push(cell);
        row_done(Row { line: begun, cells });
    }
}

fn unclosed(line: u64) -> Problem {
    Problem::error("table.unclosed_quote", words!("第 {line} 行的引号没有闭合", "a quote opened on line {line} is never closed"))
        .row(line)
        .expect(text("成对的引号；格内的引号写两次", "quotes in pairs; a quote inside a cell is written twice"))
        .fix(words!("检查第 {line} 行的引号", "check the quotes on line {line}"))
}

/// Writes one row and its `\n`. A row of one empty cell is quoted, or it would be a blank line; so is
/// whatever a reader could take for a separator.
pub(super) fn join<C: AsRef<str>>(cells: impl IntoIterator<Item = C>, out: &mut Vec<u8>) {
    let start = out.len();
    for (i, cell) in cells.into_iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        let cell = cell.as_ref();
        if cell.contains(['"', ',', ';', '\t', '\n', '\r']) {
            out.push(b'"');
            out.extend_from_slice(cell.replace('"', "\"\"").as_bytes());
            out.push(b'"');
        } else {
            out.extend_from_slice(cell.as_bytes());
        }
    }
    if out.len() == start {
        out.extend_from_slice(b"\"\"");
    }
    out.push(b'\n');
}
