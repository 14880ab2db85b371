//! Tiles: layers as vectors, maps and relief as pictures.

use liangshan_atlas::drawn::mercator::Tile;
use liangshan_atlas::drawn::no_tile;
use liangshan_formats::picture::png;

use super::reply::{Answer, Refusal, Reply};
use super::route::{Ask, Kind, Param, Route};
use super::scale::STEPS;
use crate::ui::ecosystems;
use crate::ui::ramp::value_colours;

const LAYER: Param = Param::needed("layer", Kind::Word, ("图层", "layer"), "counties");
const INDICATOR: Param = Param::needed("indicator", Kind::Word, ("指标", "indicator"), "water_conservation");
const YEAR: Param = Param::needed("year", Kind::Integer(1900, 2200), ("年份", "year"), "2020");
const Z: Param = Param::needed("z", Kind::Integer(0, 20), ("级别", "zoom"), "9");
const X: Param = Param::needed("x", Kind::Integer(0, 1_048_575), ("列", "column"), "425");
const Y: Param = Param::needed("y", Kind::Integer(0, 1_048_575), ("行", "row"), "213");
const LOW: Param = Param::optional("low", Kind::Number(-1e15, 1e15), ("色阶起点", "where the ramp begins"), "0");
const HIGH: Param = Param::optional("high", Kind::Number(-1e15, 1e15), ("色阶终点", "where the ramp ends"), "1000");

/// Colours of a ramp between ends of one's own.
const SMOOTH: usize = 64;

/// Tiles.
pub(super) const ROUTES: &[Route] = &[
    Route::bytes(
        "/tiles/{layer}/{z}/{x}/{y}",
        ("矢量瓦片（MVT 2.1）", "a vector tile (MVT 2.1)"),
        &[LAYER, Z, X, Y],
        "application/vnd.mapbox-vector-tile",
        vector,
    ),
    Route::bytes(
        "/tiles/values/{indicator}/{year}/{z}/{x}/{y}",
        ("核算图的栅格瓦片（PNG）", "a tile of a map of the account (PNG)"),
        &[INDICATOR, YEAR, Z, X, Y, LOW, HIGH],
        "image/png",
        values,
    ),
    Route::bytes(
        "/tiles/ecosystem/{year}/{z}/{x}/{y}",
        ("生态系统类型瓦片（PNG，HJ 1166 二级类）", "a tile of ecosystem classes (PNG, level II of HJ 1166)"),
        &[YEAR, Z, X, Y],
        "image/png",
        classes,
    ),
    Route::bytes("/tiles/relief/{z}/{x}/{y}", ("地形晕渲瓦片（PNG）", "a tile of the relief (PNG)"), &[Z, X, Y], "image/png", relief),
];

fn tile(ask: &Ask<'_>) -> Result<Tile, Refusal> {
    let part = |name: &str| ask.integer(name).and_then(|n| u32::try_from(n).ok());
    let zoom = ask.integer("z").and_then(|z| u8::try_from(z).ok());
    zoom.zip(part("x")).zip(part("y")).and_then(|((z, x), y)| Tile::of(z, x, y)).ok_or_else(|| Refusal::NotFound(no_tile()))
}

fn vector(ask: &Ask<'_>) -> Answer {
    let drawings = &ask.snapshot.ground.get()?.drawings;
    let layer = drawings
        .layer(ask.word("layer").unwrap_or_default())
        .ok_or_else(|| ask.unknown("layer", &liangshan_vocab::text("图层", "layer"), drawings.layers.iter().map(|l| l.name.as_str())))?;
    let made = layer.tile(tile(ask)?);
    Ok(made.map_or_else(Reply::nothing, |bytes| Reply::bytes("application/vnd.mapbox-vector-tile", bytes)))
}

fn values(ask: &Ask<'_>) -> Answer {
    let ground = ask.snapshot.ground.get()?;
    let sheet = ground.sheet(ask.word("indicator").unwrap_or_default()).ok_or_else(|| {
        ask.unknown("indicator", &liangshan_vocab::text("有图的指标", "indicator with a map"), ground.sheets.iter().map(|s| s.indicator.as_str()))
    })?;
    let year = ask.year("year").unwrap_or_default();
    let years: Vec<String> = sheet.files.keys().map(i32::to_string).collect();
    let file = sheet.files.get(&year).ok_or_else(|| ask.unknown("year", &liangshan_vocab::text("年份", "year"), years.iter().map(String::as_str)))?;
    // Ends of one's own make a smooth ramp; else the steps are those of the legend.
    let own = (ask.number("low"), ask.number("high"));
    let (low, high) = (own.0.unwrap_or(sheet.scale.low), own.1.unwrap_or(sheet.scale.high));
    let smooth = own != (None, None);
    let Some(pixels) = ground.pixels.values(file, tile(ask)?).map_err(Refusal::Region)? else { return Ok(Reply::nothing()) };
    let colours = value_colours(if smooth { SMOOTH } else { STEPS });
    let mut any = false;
    let mut rgba = Vec::with_capacity(pixels.len() * 4);
    for value in pixels {
        if value.is_nan() {
            rgba.extend_from_slice(&[0; 4]);
            continue;
        }
        any = true;
        let value = f64::from(value);
        let share = || ((value - low) / (high - low)).clamp(0.0, 1.0);
        let [r, g, b] = colours[if smooth { ((share() * SMOOTH as f64) as usize).min(SMOOTH - 1) } else { sheet.scale.step(value) }];
        rgba.extend_from_slice(&[r, g, b, u8::MAX]);
    }
    Ok(if any { picture(&rgba) } else { Reply::nothing() })
}

/// Classes in the colours of the legend.
fn classes(ask: &Ask<'_>) -> Answer {
    let Some(maps) = &ask.snapshot.ground.get()?.classes else { return Ok(Reply::nothing()) };
    let year = ask.year("year").unwrap_or_default();
    if !maps.years().any(|y| y == year) {
        let years: Vec<String> = maps.years().map(|y| y.to_string()).collect();
        return Err(ask.unknown("year", &liangshan_vocab::text("年份", "year"), years.iter().map(String::as_str)));
    }
    let Some(pixels) = maps.tile(year, tile(ask)?).map_err(Refusal::Region)? else { return Ok(Reply::nothing()) };
    let mut rgba = Vec::with_capacity(pixels.len() * 4);
    for code in &pixels {
        if code.is_nan() {
            rgba.extend_from_slice(&[0; 4]);
        } else {
            let [r, g, b] = ecosystems::colour(*code as i64);
            rgba.extend_from_slice(&[r, g, b, u8::MAX]);
        }
    }
    Ok(if pixels.iter().all(|c| c.is_nan()) { Reply::nothing() } else { picture(&rgba) })
}

fn relief(ask: &Ask<'_>) -> Answer {
    let ground = ask.snapshot.ground.get()?;
    let tile = tile(ask)?;
    let Some(shades) = ground.relief.as_ref().and_then(|relief| relief.tile(tile)) else { return Ok(Reply::nothing()) };
    let mut rgba = Vec::with_capacity(shades.len() * 4);
    for shade in shades {
        rgba.extend_from_slice(&paper(shade));
    }
    Ok(picture(&rgba))
}

/// A shade as ink on paper: what is as light as flat ground is bare paper, slopes away from the lamp are
/// grey-green, slopes to it a little lighter. In few steps, so that the picture is small.
fn paper(shade: u8) -> [u8; 4] {
    if shade == u8::MAX {
        return [0; 4];
    }
    const FLAT: f64 = 180.0;
    let light = (f64::from(shade / 4 * 4) - FLAT) / FLAT;
    if light < 0.0 { [58, 70, 62, (-light * 150.0).min(150.0) as u8] } else { [255, 255, 255, (light * 330.0).min(140.0) as u8] }
}

fn picture(rgba: &[u8]) -> Reply {
    let side = (rgba.len() / 4).isqrt();
    Reply::bytes("image/png", png(side, side, rgba))
}
