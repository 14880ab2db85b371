//! Z5: the area of each line in each county against the area that was approved for it.

use liangshan_planning::invariants::{Tolerances, totals_as_decreed};
use liangshan_space::{Crs, MultiPolygon};
use liangshan_vocab::{Problem, Problems, Text, text, words};

use super::faults::{Checked, Holds};
use super::shapes::{area_m2, within};
use crate::approved::{self, Approved};
use crate::control::{Control, InForce};
use crate::ground::Places;
use crate::region::{ControlKind, Region};

/// Holds every control line, and every other layer that the table of approved areas names, against it.
///
/// # Errors
/// Those of the table of approved areas and of measuring.
pub(super) fn judge(region: &Region, control: &Control, places: &Places, tolerances: &Tolerances) -> Result<Vec<Checked>, Problems> {
    let codes: Vec<&str> = places.counties.iter().map(|c| c.code.as_str()).collect();
    let Some(approved) = Approved::on(region, &codes, control.day)? else { return Ok(vec![undeclared()]) };
    let named = |l: &&InForce| l.layer.kind == ControlKind::Line || codes.iter().any(|c| approved.of(&l.layer.name, c).is_some());
    control.layers.iter().filter(named).map(|layer| held(layer, &approved, places, &control.crs, tolerances)).collect()
}

fn undeclared() -> Checked {
    Checked {
        rule: "Z5",
        title: text("各县合计等于批准的指标", "the total of each county equals the approved indicator"),
        layers: Vec::new(),
        holds: Holds::Undecidable,
        pieces: 0,
        area_m2: 0.0,
        problems: Problem::note("lines.no_indicator", approved::NONE)
            .key("Z5")
            .expect(text("各县各控制线的批准面积", "the approved area of each line in each county"))
            .fix(text("有批准文件后用 [approved] 声明；此前 Z5 无法判定", "declare it under [approved] once there is a decree; until then Z5 is undecidable"))
            .into(),
    }
}

fn held(layer: &InForce, approved: &Approved, places: &Places, crs: &Crs, tolerances: &Tolerances) -> Result<Checked, Problems> {
    let shapes: Vec<MultiPolygon> = layer.features.iter().filter_map(|f| f.shape.area().cloned()).collect();
    let (mut rows, mut without, mut measured) = (Vec::new(), Problems::new(), 0.0);
    for county in &places.counties {
        let own = within(&county.shape, &shapes).map(|shape| area_m2(&shape, crs)).transpose()?.unwrap_or(0.0);
        match approved.of(&layer.layer.name, &county.code) {
            Some(area) => rows.push((county.code.as_str(), own, area.area_m2)),
            None => without.push(unexamined(layer, &county.code)),
        }
        measured += own;
    }
    let mut problems = totals_as_decreed(&rows, tolerances);
    let holds = match (problems.has_errors(), without.is_empty()) {
        (true, _) => Holds::No,
        (false, true) => Holds::Yes,
        (false, false) => Holds::Undecidable,
    };
    problems.extend(without);
    let (zh, en) = (&layer.layer.title.zh, &layer.layer.title.en);
    let title = Text::of(format!("{zh}：各县合计等于批准的指标"), format!("{en}: the total of each county equals the approved indicator"));
    Ok(Checked { rule: "Z5", title, layers: vec![layer.layer.name.clone()], holds, pieces: rows.len(), area_m2: measured, problems })
}

fn unexamined(layer: &InForce, county: &str) -> Problem {
    let name = &layer.layer.name;
    Problem::note(
        "lines.county_unexamined",
        words!("{county} 没有“{name}”的批准面积，未检验", "{county} has no approved area of \"{name}\": it is not examined there"),
    )
    .key(format!("{county} {name}"))
    .expect(text("批准面积表中该县该图层的一行", "a row for the layer and this county in the table of approved areas"))
    .fix(text("有批准文件后补上", "add it once there is a decree"))
}
