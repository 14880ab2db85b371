//! Maps as pictures, with legend, scale bar, north, outlines and names.
//!
//! Years of one indicator share one stretch of colours, from the 2nd to the 98th percentile of all
//! their cells; what lies beyond takes the colour of the end. Cells of a county that hold no value are
//! hatched; cells outside every county are not drawn and do not count for the colours.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use liangshan_accounts::catalogue;
use liangshan_atlas::publication::MapCard;
use liangshan_formats::picture::png;
use liangshan_vocab::{text, words};

use super::outline::{self, Frame};
use super::view::{View, origin_chip};
use crate::ui::html::Html;
use crate::ui::ramp::{hex, value_colours};
use crate::ui::words;

/// Colours of a picture: so many that no step is seen, so few that a palette of one byte holds them.
const LEVELS: usize = 96;
/// Shares of the cells at which the stretch begins and ends.
const STRETCH: (f64, f64) = (0.02, 0.98);
/// The longer side of a picture, in pixels, with few maps and with many.
const SIDES: (usize, usize) = (640, 420);

pub(super) fn draw(h: &mut Html, view: &View<'_>) {
    let maps = &view.publication.maps;
    let side = if maps.len() <= 12 { SIDES.0 } else { SIDES.1 };
    let mut groups: Vec<Vec<&MapCard>> = Vec::new();
    for map in maps {
        match groups.iter_mut().find(|g| g[0].indicator == map.indicator && g[0].unit == map.unit) {
            Some(group) => group.push(map),
            None => groups.push(vec![map]),
        }
    }
    groups.iter_mut().for_each(|group| group.sort_by_key(|m| m.year));
    let is_part = |group: &[&MapCard]| {
        let id = group[0].indicator.as_str();
        maps.iter().any(|m| m.indicator != id && catalogue::is_within(id, &m.indicator))
    };
    let (parts, wholes): (Vec<_>, Vec<_>) = groups.into_iter().partition(|g| is_part(g));
    for group in &wholes {
        h.el("article.sheet.maps", |h| self::group(h, view, group, side));
    }
    if !parts.is_empty() {
        let count = parts.len();
        h.el("details.parts", |h| {
            h.line("summary", &words!("分项的分布图（{count} 项）", "Maps of the parts of these ({count})"));
            for group in &parts {
                h.el("article.sheet.maps", |h| self::group(h, view, group, side));
            }
        });
    }
}

fn group(h: &mut Html, view: &View<'_>, years: &[&MapCard], side: usize) {
    let Some(first) = years.first() else { return };
    let insides: Vec<Vec<bool>> = years.iter().map(|m| outline::inside(view, m)).collect();
    let stretch = stretch(years, &insides);
    h.el("div.map-head", |h| {
        h.line("h3", &words::sentence(&first.title));
        legend(h, &first.unit, stretch);
    });
    h.el("div.years", |h| {
        for (map, inside) in years.iter().zip(&insides) {
            h.el("figure", |h| figure(h, view, &Drawn { map, inside, stretch, side }));
        }
    });
    let origin = years.iter().map(|m| m.origin).reduce(|a, b| a.with(b));
    h.el("p.note", |h| {
        h.say(&outline::sketch(view));
        if let Some(origin) = origin {
            h.say(&if origin.has_synthetic() {
                text(
                    "本图的部分或全部输入为合成（虚构）数据，不反映真实状况。",
                    " Some or all inputs of this map are synthetic (invented): it does not show the real state. ",
                )
            } else {
                text("本图不含合成数据。", " Nothing in this map is synthetic. ")
            });
            origin_chip(h, origin);
        }
    });
}

/// The least and greatest value that have colours of their own; `None` without any value.
fn stretch(years: &[&MapCard], insides: &[Vec<bool>]) -> Option<(f32, f32)> {
    let cells = years.iter().zip(insides).flat_map(|(m, inside)| m.values.iter().zip(inside));
    let mut values: Vec<f32> = cells.filter(|(v, inside)| v.is_finite() && **inside).map(|(v, _)| *v).collect();
    let last = values.len().checked_sub(1)?;
    values.sort_unstable_by(f32::total_cmp);
    let at = |share: f64| values[(share * last as f64).round() as usize];
    Some((at(STRETCH.0), at(STRETCH.1)))
}

/// The bar of colours with its numbers, unit and reading.
fn legend(h: &mut Html, unit: &str, stretch: Option<(f32, f32)>) {
    let Some((least, greatest)) = stretch else { return };
    let stops: Vec<String> = value_colours(12).into_iter().map(hex).collect();
    let gradient = format!("background:linear-gradient(to right,{})", stops.join(","));
    let unit = words::unit(unit);
    let alt = format!("{} – {} {unit}", words::significant(least.into()), words::significant(greatest.into()));
    h.el("div.legend", |h| {
        h.with("div.ramp", &[("style", &gradient), ("role", "img"), ("aria-label", &alt)], |_| {});
        h.el("div.ticks", |h| {
            for at in 0..5 {
                let value = f64::from(least) + (f64::from(greatest) - f64::from(least)) * f64::from(at) / 4.0;
                let said = words::significant(value);
                let said = match at {
                    0 => format!("≤ {said}"),
                    4 => format!("≥ {said}"),
                    _ => said,
                };
                h.el("span", |h| h.text(&said));
            }
        });
        h.el("p", |h| {
            h.line("b", &unit);
            h.say(&text("　色阶取区域内像元的第 2 至第 98 百分位　", " · colours from the 2nd to the 98th percentile of cells inside "));
            h.el("i.swatch.hatched", |_| {});
            h.say(&text("无数据或不计入", "no data, or not counted"));
        });
    });
}

/// A map and how it is to be drawn.
struct Drawn<'a> {
    map: &'a MapCard,
    /// Which of its cells lie in a county.
    inside: &'a [bool],
    /// The values at the ends of the colours.
    stretch: Option<(f32, f32)>,
    /// The longest side of the picture, pixels.
    side: usize,
}

fn figure(h: &mut Html, view: &View<'_>, drawn: &Drawn<'_>) {
    let map = drawn.map;
    let step = map.step.max(1) as f32;
    let whole = Frame { left: 0.0, top: 0.0, width: map.columns as f32 * step, height: map.rows as f32 * step };
    let frame = Frame::around(&view.publication.places).map_or(whole, |f| cut(f, whole, step));
    let year = map.year;
    let unit = words::unit(&map.unit);
    let [least, mean, greatest] = map.range.map(words::significant);
    let (zh, en) = (&map.title.zh, words::sentence(&map.title).en);
    let alt = format!(
        "{}{year} 年{zh}分布图，平均 {mean} {}，最小 {least}，最大 {greatest} / {en}, {}, {year}: mean {mean} {}, from {least} to {greatest}",
        view.publication.title.zh, unit.zh, view.publication.title.en, unit.en
    );
    h.el("figcaption", |h| {
        h.el("b", |h| h.say(&words!("{year} 年", "{year}")));
        h.say(&words!("　平均 {mean}，最小 {least}，最大 {greatest}", " · mean {mean}, least {least}, greatest {greatest}"));
    });
    let shape = format!("aspect-ratio:{}/{}", frame.width, frame.height);
    h.with("div.map", &[("style", &shape)], |h| {
        if let Some(picture) = picture(drawn, &frame) {
            let source = format!("data:image/png;base64,{}", STANDARD.encode(picture.bytes));
            let (width, height) = (picture.columns.to_string(), picture.rows.to_string());
            h.void("img", &[("src", &source), ("alt", &alt), ("width", &width), ("height", &height)]);
        }
        outline::overlay(h, view, &frame);
    });
    let cells = words::grouped(&map.cells.to_string());
    h.el("p.note", |h| {
        h.el("code", |h| h.text(&map.file));
        h.say(&words!("　{cells} 个有效像元", " · {cells} valid cells"));
    });
}

/// A frame within the picture, on whole picture cells.
fn cut(frame: Frame, whole: Frame, step: f32) -> Frame {
    let down = |v: f32| (v / step).floor() * step;
    let (left, top) = (down(frame.left).clamp(0.0, whole.width), down(frame.top).clamp(0.0, whole.height));
    let right = (((frame.left + frame.width) / step).ceil() * step).clamp(0.0, whole.width);
    let bottom = (((frame.top + frame.height) / step).ceil() * step).clamp(0.0, whole.height);
    if right > left && bottom > top { Frame { left, top, width: right - left, height: bottom - top } } else { whole }
}

struct Picture {
    columns: usize,
    rows: usize,
    bytes: Vec<u8>,
}

/// The cells of a frame as PNG; cells are averaged where there are more of them than pixels along the
/// longer side.
fn picture(drawn: &Drawn<'_>, frame: &Frame) -> Option<Picture> {
    let (map, inside) = (drawn.map, drawn.inside);
    if map.values.len() != map.columns.checked_mul(map.rows)? || map.values.is_empty() {
        return None;
    }
    let step = map.step.max(1) as f32;
    let (left, top) = ((frame.left / step) as usize, (frame.top / step) as usize);
    let (wide, high) = ((frame.width / step) as usize, (frame.height / step) as usize);
    let lump = wide.max(high).div_ceil(drawn.side).max(1);
    let (columns, rows) = (wide.div_ceil(lump), high.div_ceil(lump));
    let colours = value_colours(LEVELS);
    let mut rgba = Vec::with_capacity(columns * rows * 4);
    for row in 0..rows {
        for column in 0..columns {
            let (mut sum, mut count, mut within) = (0.0f64, 0u32, true);
            for y in (top + row * lump)..(top + (row + 1) * lump).min(map.rows) {
                for x in (left + column * lump)..(left + (column + 1) * lump).min(map.columns) {
                    let at = y * map.columns + x;
                    let value = map.values[at];
                    if value.is_finite() && inside[at] {
                        sum += f64::from(value);
                        count += 1;
                    }
                    within &= deep_inside(inside, map.columns, at);
                }
            }
            rgba.extend(match (count, drawn.stretch) {
                (1.., Some((least, greatest))) => {
                    let [r, g, b] = colours[level((sum / f64::from(count)) as f32, least, greatest)];
                    [r, g, b, 255]
                }
                _ if within && (column + row) % 6 < 2 => [0xb9, 0xb5, 0xa6, 255],
                _ if within => [0xec, 0xe9, 0xde, 255],
                _ => [0; 4],
            });
        }
    }
    Some(Picture { columns, rows, bytes: png(columns, rows, &rgba) })
}

/// True when a cell and its neighbours lie in a county: outlines are thinned, and slivers between a
/// thinned outline and the cells must not look like missing data.
fn deep_inside(inside: &[bool], columns: usize, at: usize) -> bool {
    [at.checked_sub(columns), at.checked_sub(1), Some(at), Some(at + 1), Some(at + columns)]
        .into_iter()
        .all(|i| i.and_then(|i| inside.get(i)).is_some_and(|v| *v))
}

/// Which colour a value takes.
fn level(value: f32, least: f32, greatest: f32) -> usize {
    if greatest <= least {
        return LEVELS / 2;
    }
    let share = ((value - least) / (greatest - least)).clamp(0.0, 1.0);
    (share * (LEVELS - 1) as f32).round() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: the ends of the stretch take the end colours, what lies beyond them too.
    #[test]
    fn values_beyond_the_stretch_take_its_end_colours() {
        assert_eq!([-5.0, 0.0, 5.0, 10.0, 99.0].map(|v| level(v, 0.0, 10.0)), [0, 0, 48, 95, 95]);
        assert_eq!(level(3.0, 3.0, 3.0), 48);
    }

    #[test]
    fn a_frame_is_cut_to_whole_cells_of_the_picture() {
        let whole = Frame { left: 0.0, top: 0.0, width: 100.0, height: 80.0 };
        let made = cut(Frame { left: -3.0, top: 5.0, width: 60.0, height: 90.0 }, whole, 4.0);
        assert_eq!(made, Frame { left: 0.0, top: 4.0, width: 60.0, height: 76.0 });
    }
}
