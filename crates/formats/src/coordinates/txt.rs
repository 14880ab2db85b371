//! The coordinate TXT that goes with a report of land use (报盘): `[属性描述]` says the reference system,
//! `[地块坐标]` has for each block a line that ends in `@` and its corners as `J1,ring,X,Y`, X north.

use liangshan_vocab::{Problem, Problems, text, words};

use super::{Block, Drawn, Form, Ring, Stated, close, too_few};

/// Decimals that the layout asks for.
const DECIMALS: usize = 3;

pub(super) fn read(written: &str) -> Result<Drawn, Problems> {
    let mut stated = Stated { north_first: Some(true), ..Stated::default() };
    let (mut problems, mut notes) = (Problems::new(), Problems::new());
    let mut section = "";
    let mut blocks: Vec<Block> = Vec::new();
    // Rings of the block that is being read, with the number and line of each.
    let mut rings: Vec<(String, u64, Ring)> = Vec::new();
    let mut coarse = 0_u64;
    for (at, line) in written.lines().enumerate() {
        let (row, line) = (at as u64 + 1, line.trim());
        if line.starts_with('[') {
            section = if line.contains("地块坐标") { "blocks" } else { "head" };
        } else if line.is_empty() {
        } else if section == "head" {
            if let Some((key, value)) = line.split_once(['=', '＝']) {
                head(&mut stated, key.trim(), value.trim());
            }
        } else if line.ends_with('@') {
            finish(&mut blocks, &mut rings, &mut problems);
            blocks.push(begin(line, row));
        } else {
            match corner(line) {
                Some((ring, pair, decimals)) if !blocks.is_empty() => {
                    coarse += u64::from(decimals < DECIMALS);
                    match rings.last_mut().filter(|(number, ..)| *number == ring) {
                        Some((_, _, points)) => points.push(pair),
                        None => rings.push((ring, row, vec![pair])),
                    }
                }
                _ => problems.push(
                    Problem::error("coordinates.row", words!("第 {row} 行读不出一个拐点", "line {row} gives no corner"))
                        .row(row)
                        .expect(text(
                            "J1,1,X,Y：点号、圈号、北坐标、东坐标，位于以 @ 结尾的地块行之后",
                            "J1,1,X,Y: corner, ring, north, east, after the line of a block, which ends in @",
                        ))
                        .fix(text("改正该行", "correct the line")),
                ),
            }
        }
    }
    finish(&mut blocks, &mut rings, &mut problems);
    if coarse > 0 {
        notes.push(
            Problem::warning("coordinates.decimals", words!("{coarse} 个坐标不足三位小数", "{coarse} coordinates have fewer than three decimals"))
                .expect(text("精确到 0.001 米", "coordinates to 0.001 m"))
                .fix(text("用原始精度重新导出", "export them with their own precision")),
        );
    }
    if blocks.is_empty() && !problems.has_errors() {
        problems.push(
            Problem::error("coordinates.none", text("报盘文件中没有地块", "the coordinate TXT has no block"))
                .expect(text("[地块坐标] 下以 @ 结尾的地块行", "lines of blocks, ending in @, under [地块坐标]"))
                .fix(text("核对文件", "look at the file")),
        );
    }
    problems.into_result(Drawn { form: Form::Txt, stated, blocks, notes })
}

fn head(stated: &mut Stated, key: &str, value: &str) {
    match key {
        "坐标系" => stated.datum = value.to_owned(),
        "几度分带" => stated.width = value.parse().ok(),
        "带号" => stated.zone = value.parse().ok(),
        "计量单位" => stated.degrees = value.contains('度'),
        _ => {}
    }
}

/// `points,area,id,name,geometry,sheet,use,code,@`.
fn begin(line: &str, row: u64) -> Block {
    let cells: Vec<&str> = line.split([',', '，']).map(str::trim).collect();
    let of = |at: usize| cells.get(at).filter(|c| **c != "@").map(|c| (*c).to_owned()).unwrap_or_default();
    Block { id: of(2), name: of(3), land_use: of(6), hectares: of(1).parse().ok().filter(|a: &f64| *a > 0.0), polygons: Vec::new(), row }
}

fn corner(line: &str) -> Option<(String, (f64, f64), usize)> {
    let cells: Vec<&str> = line.split([',', '，']).map(str::trim).collect();
    let [_, ring, x, y] = cells[..] else { return None };
    let (a, b): (f64, f64) = (x.parse().ok()?, y.parse().ok()?);
    let decimals = |said: &str| said.split_once('.').map_or(0, |(_, d)| d.len());
    (a.is_finite() && b.is_finite()).then(|| (ring.to_owned(), (a, b), decimals(x).min(decimals(y))))
}

/// Gives the rings read so far to the block they belong to: the first is outer, the others are holes.
fn finish(blocks: &mut [Block], rings: &mut Vec<(String, u64, Ring)>, problems: &mut Problems) {
    let Some(block) = blocks.last_mut() else { return };
    if rings.is_empty() {
        problems.push(too_few(block.row));
    }
    let mut made = Vec::new();
    for (number, row, mut ring) in rings.drain(..) {
        if close(&mut ring) {
            problems.push(
                Problem::error("coordinates.open", words!("地块 {} 的第 {number} 圈没有闭合", "the block {}: its ring {number} is not closed", block.id))
                    .row(row)
                    .expect(text("圈的末点重复首点", "a ring whose last point repeats the first"))
                    .fix(text("补上首点，或核对是否缺点", "repeat the first point, or look for a missing one")),
            );
        } else if ring.len() < 4 {
            problems.push(too_few(row));
        }
        made.push(ring);
    }
    block.polygons = vec![made];
}
