//! Well-known text (OGC 06-103r4, part 7): polygons and multipolygons, with `SRID=…;` before them.

use liangshan_vocab::{Problem, Problems, text, words};

use super::{Block, Drawn, Form, Ring, Stated, too_few};

pub(super) fn read(written: &str) -> Result<Drawn, Problems> {
    let mut stated = Stated::default();
    let (mut blocks, mut problems) = (Vec::new(), Problems::new());
    let mut rest = written;
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\r', '\n', ';', '"']);
        if rest.is_empty() {
            break;
        }
        let row = 1 + written[..written.len() - rest.len()].matches('\n').count() as u64;
        let upper = rest.get(..5).unwrap_or_default().to_ascii_uppercase();
        if upper == "SRID=" {
            let (code, after) = rest[5..].split_once(';').unwrap_or((&rest[5..], ""));
            match code.trim().parse() {
                Ok(code) if stated.crs.is_none_or(|known| known == code) => stated.crs = Some(code),
                _ => problems.push(bad(row, "SRID")),
            }
            rest = after;
            continue;
        }
        match one(rest, row) {
            Ok((block, after)) => {
                blocks.extend(block);
                rest = after;
            }
            Err(problem) => {
                problems.push(problem);
                break;
            }
        }
    }
    if blocks.is_empty() && !problems.has_errors() {
        problems.push(nothing());
    }
    problems.into_result(Drawn { form: Form::Wkt, stated, blocks, notes: Problems::new() })
}

fn nothing() -> Problem {
    Problem::error("coordinates.none", text("没有坐标", "there are no coordinates"))
        .expect(text("每行一个拐点的坐标，或 WKT 多边形", "one corner a line, or a polygon in WKT"))
        .fix(text("核对内容", "look at what was given"))
}

fn bad(row: u64, near: &str) -> Problem {
    let near: String = near.chars().take(30).collect();
    Problem::error("coordinates.wkt", words!("WKT 在此处读不通：{near}", "the WKT cannot be read here: {near}"))
        .row(row)
        .expect(text("POLYGON ((x y, …)) 或 MULTIPOLYGON (((x y, …)))", "POLYGON ((x y, …)) or MULTIPOLYGON (((x y, …)))"))
        .fix(text("核对括号与逗号", "look at brackets and commas"))
}

/// Reads one geometry and answers with what follows it.
fn one(text: &str, row: u64) -> Result<(Option<Block>, &str), Problem> {
    let end = text.find('(').unwrap_or(text.len());
    let head = text[..end].trim().to_ascii_uppercase();
    let mut words = head.split_whitespace();
    let kind = words.next().unwrap_or_default().to_owned();
    if words.any(|w| w == "EMPTY") {
        let after = text.to_ascii_uppercase().find("EMPTY").map_or("", |at| &text[at + 5..]);
        return Ok((None, after));
    }
    let mut rest = &text[end..];
    let polygons = match kind.as_str() {
        "POLYGON" => vec![polygon(&mut rest, row)?],
        "MULTIPOLYGON" => list(&mut rest, row, polygon)?,
        _ => return Err(bad(row, text)),
    };
    Ok((Some(Block { polygons, row, ..Block::default() }), rest))
}

fn polygon(rest: &mut &str, row: u64) -> Result<Vec<Ring>, Problem> {
    let rings = list(rest, row, ring)?;
    for r in &rings {
        if r.len() < 4 {
            return Err(too_few(row));
        }
        if r.first() != r.last() {
            return Err(Problem::error("coordinates.open", text("环没有闭合", "a ring is not closed"))
                .row(row)
                .expect(text("末点与首点相同", "a last point equal to the first"))
                .fix(text("补上首点，或核对是否缺点", "repeat the first point, or look for a missing one")));
        }
    }
    Ok(rings)
}

fn ring(rest: &mut &str, row: u64) -> Result<Ring, Problem> {
    let (inside, after) = rest.strip_prefix('(').and_then(|r| r.split_once(')')).ok_or_else(|| bad(row, rest))?;
    let pair = |said: &str| -> Option<(f64, f64)> {
        let mut numbers = said.split_whitespace().map(str::parse::<f64>);
        let (a, b) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
        (a.is_finite() && b.is_finite() && numbers.all(|n| n.is_ok())).then_some((a, b))
    };
    let made = inside.split(',').map(|said| pair(said).ok_or_else(|| bad(row, said))).collect::<Result<_, _>>()?;
    *rest = after;
    Ok(made)
}

/// `( item, item )`.
fn list<T>(rest: &mut &str, row: u64, item: fn(&mut &str, u64) -> Result<T, Problem>) -> Result<Vec<T>, Problem> {
    *rest = rest.trim_start().strip_prefix('(').ok_or_else(|| bad(row, rest))?;
    let mut made = Vec::new();
    loop {
        *rest = rest.trim_start();
        made.push(item(rest, row)?);
        *rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix(',') {
            *rest = after;
        } else {
            *rest = rest.strip_prefix(')').ok_or_else(|| bad(row, rest))?;
            return Ok(made);
        }
    }
}
