//! What of a bulletin fits on one sheet of A4: how many rows of each table are printed. The screen shows all
//! of them, and the files have the rest.
//!
//! Heights are in CSS pixels on paper, as `bulletin.css` makes them; they err on the side of too much.

use liangshan_atlas::assess::{Assessed, Cell, Chart, Table};
use liangshan_vocab::{Problem, Text};

/// Of 283 mm between the margins, with a little left for what is guessed too low.
const SHEET: f64 = 1042.0;
const MASTHEAD: f64 = 74.0;
const FIGURE: f64 = 44.0;
const TILE: f64 = 13.7;
/// Title, head and margins of a table, one of its rows, and the line that tells how many more there are.
const HEADING: f64 = 39.0;
const ROW: f64 = 13.8;
const MORE: f64 = 13.5;
/// A second and third line of a head.
const BROKEN_HEAD: f64 = 9.8;
/// A table that is on paper at all has so many rows there, where it has them.
const LEAST: usize = 3;

/// A piece of the page below the pictures; numbers are places among the tables that are shown.
#[derive(Debug, PartialEq)]
pub(super) enum Block {
    /// A table over the whole width.
    Whole(usize),
    /// Narrow tables, in two stacks side by side.
    Stacks([Vec<usize>; 2]),
}

/// Puts narrow tables that follow each other into two stacks, each onto the shorter one; one that stands alone
/// has the whole width.
pub(super) fn blocks(narrow: &[bool], rows: &[usize]) -> Vec<Block> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < narrow.len() {
        let run = narrow[at..].iter().take_while(|n| **n).count();
        if run < 2 {
            out.push(Block::Whole(at));
            at += 1;
            continue;
        }
        let (mut stacks, mut heights) = ([Vec::new(), Vec::new()], [0.0; 2]);
        for (table, high) in rows.iter().enumerate().skip(at).take(run) {
            let shorter = usize::from(heights[1] < heights[0]);
            stacks[shorter].push(table);
            heights[shorter] += HEADING + ROW * *high as f64;
        }
        out.push(Block::Stacks(stacks));
        at += run;
    }
    out
}

/// How many rows of each table are printed; none for one that is left out.
pub(super) fn rows(assessed: &Assessed, tables: &[&Table], blocks: &[Block], kinds: &[&Problem]) -> Vec<usize> {
    let room = SHEET - around(assessed, kinds);
    let mut rows: Vec<usize> = tables.iter().map(|t| t.rows.len().min(t.shown)).collect();
    // Only where a table has half of the width is its head broken.
    let halved = |at: &usize| blocks.iter().any(|b| matches!(b, Block::Stacks(stacks) if stacks.iter().flatten().any(|t| t == at)));
    let head = |at: usize| HEADING + if halved(&at) { BROKEN_HEAD * broken(tables[at]) } else { 0.0 };
    let heads: Vec<f64> = (0..tables.len()).map(head).collect();
    let height = |rows: &[usize]| -> f64 {
        let of = |table: &usize| match rows[*table] {
            0 => 0.0,
            shown => heads[*table] + ROW * shown as f64 + if shown < tables[*table].rows.len() { MORE } else { 0.0 },
        };
        let block = |block: &Block| match block {
            Block::Whole(table) => of(table),
            Block::Stacks(stacks) => stacks.iter().map(|stack| stack.iter().map(of).sum()).fold(0.0, f64::max),
        };
        // A line names the tables that are left out.
        blocks.iter().map(block).sum::<f64>() + if rows.contains(&0) { MORE } else { 0.0 }
    };
    while height(&rows) > room {
        // The longest is cut first; where all are short the last is left out, but never the first.
        let longest = (0..rows.len()).filter(|t| rows[*t] > LEAST).max_by_key(|t| rows[*t]);
        let last = (1..rows.len()).rev().find(|t| rows[*t] > 0);
        match (longest, last) {
            (Some(table), _) => rows[table] -= 1,
            (None, Some(table)) => rows[table] = 0,
            (None, None) => break,
        }
    }
    // What was left out for the sake of one that is shorter than the room it gave comes back, first ones first.
    for table in 0..rows.len() {
        let most = tables[table].rows.len().min(tables[table].shown);
        while rows[table] < most {
            let mut more = rows.clone();
            more[table] = if rows[table] == 0 { LEAST.min(most) } else { rows[table] + 1 };
            if height(&more) > room {
                break;
            }
            rows = more;
        }
    }
    rows
}

/// Everything but the tables.
fn around(assessed: &Assessed, kinds: &[&Problem]) -> f64 {
    let facts: f64 = assessed.facts.chunks(6).map(|line| 51.0 + 11.3 * line.iter().map(|f| lines(breadth(&f.note), 25).max(1.0)).fold(0.0, f64::max)).sum();
    let pictures: f64 = assessed
        .charts
        .iter()
        .map(|chart| match chart {
            Chart::Tiles(tiles) => FIGURE + 16.0 + TILE * tiles.rows.len() as f64,
            Chart::Lines(_) => FIGURE + 128.5,
            Chart::Shares(_) => FIGURE + 105.0,
        })
        .sum();
    let told: f64 = kinds.iter().map(|p| 15.5 + 12.0 * (lines(breadth(&p.what) + breadth(&p.fix) + place(p) + 16, 168) - 1.0).max(0.0)).sum();
    let problems = if kinds.is_empty() { 0.0 } else { 40.0 + told };
    let read: Vec<usize> = assessed
        .columns
        .iter()
        .filter(|c| !c.taken_for.is_empty())
        .take(40)
        .map(|c| c.head.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>() + 4 + breadth(&c.title) + breadth(&c.remark))
        .collect();
    let columns: f64 = read.chunks(4).map(|line| 11.3 * line.iter().map(|b| lines(*b, 36)).fold(1.0, f64::max)).sum();
    let assumed: usize = assessed.assumed.iter().map(|a| breadth(a) + 3).sum();
    let unused = assessed.columns.iter().any(|c| c.taken_for.is_empty() && !c.head.is_empty());
    let reading = 27.0 + columns + 11.3 * (f64::from(u8::from(unused)) + lines(assumed, 165));
    let standards: f64 = assessed.standards.iter().map(|s| 13.0 * lines(breadth(&s.title) + breadth(&s.remark) + s.period.len() + 34, 165)).sum();
    MASTHEAD + facts + pictures + problems + reading + 14.0 + standards
}

fn place(problem: &Problem) -> usize {
    [&problem.at.file, &problem.at.key, &problem.at.column].into_iter().flatten().map(|s| s.chars().count() + 2).sum()
}

/// Lines that a head needs beyond the first, by the column that is broken most.
fn broken(table: &Table) -> f64 {
    let width = |c: usize| table.rows.iter().take(table.shown).map(|row| breadth(&row[c].printed())).max().unwrap_or(0).max(8);
    let shown = |c: &usize| !table.columns[*c].wide && table.rows.iter().any(|r| r[*c] != Cell::Blank);
    (0..table.columns.len()).filter(shown).map(|c| lines(breadth(&table.columns[c].title), width(c) + 4) - 1.0).fold(0.0, f64::max).min(2.0)
}

fn lines(breadth: usize, of: usize) -> f64 {
    breadth.div_ceil(of) as f64
}

fn breadth(words: &Text) -> usize {
    super::breadth(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn narrow_tables_stand_side_by_side_and_a_lone_one_is_wide() {
        // Twelve rows on the left, then one and five on the right; the narrow one behind the wide stands alone.
        let blocks = blocks(&[false, true, true, true, false, true], &[3, 12, 1, 5, 20, 4]);
        assert_eq!(blocks, [Block::Whole(0), Block::Stacks([vec![1], vec![2, 3]]), Block::Whole(4), Block::Whole(5)]);
    }
}
