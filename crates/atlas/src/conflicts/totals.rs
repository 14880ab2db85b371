//! Totals (C4): the ground of a county that plans mean to build on, counted once where plans agree on
//! it, against the area that was approved for building there.

use liangshan_planning::conflicts::{ConflictKind, Period, Strength, Use, excess_m2};
use liangshan_space::overlay::{part, thinness, united};
use liangshan_space::{AreaMeter, MultiPolygon};
use liangshan_store::Naming;
use liangshan_vocab::{Problem, Problems, Text, text, words};

use super::spots::Spoken;
use super::{Side, Spot};
use crate::approved::{self, Approved, ApprovedArea, BUILD};
use crate::conform::hundredths;
use crate::ground::{County, Places};
use crate::region::Region;
use crate::rules::Day;

/// The counties whose planned building exceeds the approved area. What has no approved area is not
/// examined, which becomes a note.
///
/// # Errors
/// Those of the table of approved areas and of measuring.
pub(super) fn find(region: &Region, day: Day, spoken: &[Spoken<'_>], places: &Places, meter: &AreaMeter, notes: &mut Problems) -> Result<Vec<Spot>, Problems> {
    let codes: Vec<&str> = places.counties.iter().map(|c| c.code.as_str()).collect();
    let Some(approved) = Approved::on(region, &codes, day)? else {
        notes.push(
            Problem::note("conflicts.no_indicator", approved::NONE)
                .key("C4")
                .expect(text("[approved] 表中各县的 build 行", "a row for build in each county in the table of [approved]"))
                .fix(text(
                    "有批准文件后补上；此前 C4 未检验，不算通过",
                    "declare it once there is a decree; until then C4 is not examined and nothing has passed",
                )),
        );
        return Ok(Vec::new());
    };
    let builds: Vec<&Spoken<'_>> = spoken.iter().filter(|s| s.meaning.class == Use::Build && s.meaning.strength != Strength::Silent).collect();
    let ground: Vec<&MultiPolygon> = builds.iter().flat_map(|s| s.features.iter().map(|f| f.1)).collect();
    let ground = united(&ground);
    let mut made = Vec::new();
    for county in &places.counties {
        let Some(indicator) = approved.of(BUILD, &county.code) else {
            notes.push(unexamined(county));
            continue;
        };
        let shape = part(&county.shape, &[&ground]).inside;
        let planned = if shape.0.is_empty() { 0.0 } else { hundredths(meter.area_m2(&shape)?) };
        if let Some(excess) = excess_m2(planned, indicator.area_m2) {
            made.push(spot(&builds, county, indicator, shape, (planned, indicator.area_m2), excess));
        }
    }
    Ok(made)
}

fn unexamined(county: &County) -> Problem {
    let code = &county.code;
    Problem::note(
        "conflicts.county_unexamined",
        words!("{code} 没有批准的建设用地指标，C4 未检验", "{code} has no approved area for building: C4 is not examined there"),
    )
    .key(code.as_str())
    .expect(text("批准面积表中该县的 build 行", "a row for build and this county in the table of approved areas"))
    .fix(text("有批准文件后补上", "add it once there is a decree"))
}

fn spot(builds: &[&Spoken<'_>], county: &County, indicator: &ApprovedArea, shape: MultiPolygon, total: (f64, f64), excess: f64) -> Spot {
    let joined = |of: &dyn Fn(&Spoken<'_>) -> String, with: &str| {
        let mut all: Vec<String> = Vec::new();
        builds.iter().map(|s| of(s)).for_each(|said| {
            if !all.contains(&said) {
                all.push(said)
            }
        });
        all.join(with)
    };
    let first = Side {
        layer: format!("approved.{BUILD}"),
        title: text("批准的建设用地指标", "the approved area for building"),
        edition: indicator.decree.clone(),
        office: (indicator.office.clone(), indicator.office.clone()),
        meaning: ("", ""),
        features: Vec::new(),
        period: Period::default(),
    };
    let planned = Side {
        layer: joined(&|s| s.layer.layer.name.clone(), "+"),
        title: Text::of(joined(&|s| s.layer.layer.title.zh.to_string(), "、"), joined(&|s| s.layer.layer.title.en.to_string(), ", ")),
        edition: joined(&|s| s.layer.edition.edition.clone(), "+"),
        office: (joined(&|s| s.layer.layer.office.clone(), "+"), joined(&|s| s.layer.office.clone(), "、")),
        meaning: (Use::Build.word(), Strength::Allow.word()),
        features: Vec::new(),
        period: if let [only] = builds { only.layer.edition.period } else { Period::default() },
    };
    let name = Naming::of("spot").with("total", &planned.layer).with("county", &county.code);
    let name = name.with("planned", format!("{:.2}", total.0)).with("approved", format!("{:.2}", total.1));
    Spot {
        id: format!("CS-{}", name.digest().short()),
        sides: [first, planned],
        kind: ConflictKind::Total,
        severity: ConflictKind::Total.severity(excess, 0.0),
        county: county.code.clone(),
        area_m2: excess,
        thinness: (thinness(&shape) * 1e6).round() / 1e6,
        sliver: false,
        total_m2: Some(total),
        differing: Vec::new(),
        shape,
        decided: None,
    }
}
