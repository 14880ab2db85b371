//! Pairs of coordinates as they are pasted from a table: one corner a line, with or without a label or a
//! number before it; blank lines between blocks; or all pairs in one line.

use liangshan_vocab::{Problem, Problems, text, words};

use super::{Block, Drawn, Form, Ring, Stated, close, closed_here, too_few};

/// One line: its row, its label, its numbers.
struct Line {
    row: u64,
    labelled: bool,
    numbers: Vec<f64>,
}

pub(super) fn read(written: &str) -> Result<Drawn, Problems> {
    let mut stated = Stated::default();
    let mut groups: Vec<Vec<Line>> = vec![Vec::new()];
    for (at, said) in written.lines().enumerate() {
        if said.trim().is_empty() {
            groups.push(Vec::new());
            continue;
        }
        let (labelled, numbers, degrees) = numbers(said);
        stated.degrees |= degrees;
        // A line without any number is a heading.
        if let Some(group) = groups.last_mut().filter(|_| !numbers.is_empty()) {
            group.push(Line { row: at as u64 + 1, labelled, numbers });
        }
    }
    groups.retain(|group| !group.is_empty());
    let (mut problems, mut notes, mut blocks) = (Problems::new(), Problems::new(), Vec::new());
    for group in groups {
        let row = group[0].row;
        let Some(mut ring) = problems.keep(ring(&group)) else { continue };
        let open = close(&mut ring);
        if ring.len() < 4 {
            problems.push(too_few(row));
            continue;
        }
        if open {
            notes.push(closed_here(row));
        }
        blocks.push(Block { polygons: vec![vec![ring]], row, ..Block::default() });
    }
    if blocks.is_empty() && !problems.has_errors() {
        problems.push(
            Problem::error("coordinates.none", text("没有坐标", "there are no coordinates"))
                .expect(text("每行一个拐点的坐标", "one corner a line"))
                .fix(text("核对内容", "look at what was given")),
        );
    }
    problems.into_result(Drawn { form: Form::Pairs, stated, blocks, notes })
}

fn ring(group: &[Line]) -> Result<Ring, Problems> {
    // All in one line: x1,y1 x2,y2 …
    if let [only] = group
        && only.numbers.len() >= 6
        && only.numbers.len().is_multiple_of(2)
    {
        return Ok(only.numbers.chunks_exact(2).map(|p| (p[0], p[1])).collect());
    }
    let serial = group.iter().enumerate().all(|(i, l)| l.numbers.len() == 3 && !l.labelled && (l.numbers[0] - (i as f64 + 1.0)).abs() < 1e-9);
    let mut problems = Problems::new();
    let mut made = Vec::new();
    for line in group {
        match line.numbers[..] {
            [a, b] => made.push((a, b)),
            [_, a, b] if serial => made.push((a, b)),
            // The number of the ring stands between the label and the pair.
            [ring, a, b] if line.labelled && ring.fract() == 0.0 && (1.0..1000.0).contains(&ring) && a.abs() > 1000.0 => made.push((a, b)),
            [..] if line.numbers.len() == 3 => problems.push(three(line.row)),
            _ => problems.push(
                Problem::error(
                    "coordinates.row",
                    words!("第 {} 行有 {} 个数，读不出一个拐点", "line {} has {} numbers and gives no corner", line.row, line.numbers.len()),
                )
                .row(line.row)
                .expect(text("每行两个坐标，前面可有点号", "two coordinates a line, with a label before them or not"))
                .fix(text("改正该行", "correct the line")),
            ),
        }
    }
    problems.into_result(made)
}

fn three(row: u64) -> Problem {
    Problem::error("coordinates.three", text("每行三个数：说不清哪两个是坐标", "three numbers a line: which two are the coordinates is not clear"))
        .row(row)
        .expect(text("序号（1、2、3 …）加两个坐标，或只有两个坐标", "a serial number (1, 2, 3 …) and two coordinates, or two coordinates alone"))
        .fix(text("删去高程或其他列", "take out the heights or other columns"))
}

/// The numbers of a line, whether a label stands before them, and whether they are in degrees, minutes
/// and seconds.
fn numbers(line: &str) -> (bool, Vec<f64>, bool) {
    let (mut numbers, mut labelled, mut degrees) = (Vec::new(), false, false);
    for token in line.split(|c: char| c.is_whitespace() || ",，;；、\t()（）".contains(c)).filter(|t| !t.is_empty()) {
        if token.contains('°')
            && let Some(angle) = angle(token)
        {
            degrees = true;
            numbers.push(angle);
            continue;
        }
        match token.parse::<f64>() {
            Ok(number) if number.is_finite() => numbers.push(number),
            _ => labelled |= numbers.is_empty(),
        }
    }
    (labelled, numbers, degrees)
}

/// `118°30′12.5″E`.
fn angle(token: &str) -> Option<f64> {
    let west_or_south = token.ends_with(['W', 'S', '西', '南']);
    let bare = token.trim_matches(|c: char| c.is_alphabetic());
    let mut parts = bare.split(['°', '′', '″', '\'', '"', '’', '”', '分', '秒']).map(str::trim).filter(|p| !p.is_empty()).map(str::parse::<f64>);
    let (d, m, s) = (parts.next()?.ok()?, parts.next().transpose().ok()?.unwrap_or(0.0), parts.next().transpose().ok()?.unwrap_or(0.0));
    if parts.next().is_some() || !(0.0..60.0).contains(&m) || !(0.0..60.0).contains(&s) || !d.is_finite() {
        return None;
    }
    // Seconds first: thirty seconds are exactly half a minute.
    let value = d.abs() + (m * 60.0 + s) / 3600.0;
    Some(if d < 0.0 || west_or_south { -value } else { value })
}
