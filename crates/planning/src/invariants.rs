//! What zones and lines must keep to (Z1 to Z5), on areas already measured. They are consequences of
//! the central opinion of 2019 that the three lines neither cross nor overlap; unverified here.

use liangshan_vocab::{Problem, Problems, words};

/// Tolerances of the invariants.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tolerances {
    /// Most that one overlap or gap may have, m².
    pub each_m2: f64,
    /// Most that all may have together, as a share of the city.
    pub total_share: f64,
    /// Slivers are smaller than this, m² …
    pub sliver_m2: f64,
    /// … and thinner than this, 4πA/P².
    pub sliver_thinness: f64,
    /// How far a county's total may be off its indicator, m².
    pub indicator_m2: f64,
}

/// The sheet's values.
pub const DESIGN: Tolerances = Tolerances { each_m2: 1.0, total_share: 1e-8, sliver_m2: 400.0, sliver_thinness: 0.05, indicator_m2: 100.0 };

/// More than a tolerance; what is no number is never within it.
fn beyond(difference: f64, tolerance: f64) -> bool {
    difference.is_nan() || difference.abs() > tolerance
}

/// A measured piece that lies where it should not.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// What it is a piece of, such as `redline / basic farmland`.
    pub name: String,
    /// Its area, m².
    pub area_m2: f64,
    /// Its perimeter, m.
    pub perimeter_m: f64,
}

impl Piece {
    /// 4πA/P²: 1 for a circle, near 0 for a thread; 0 without a perimeter.
    pub fn thinness(&self) -> f64 {
        if self.perimeter_m > 0.0 { 4.0 * std::f64::consts::PI * self.area_m2 / self.perimeter_m.powi(2) } else { 0.0 }
    }

    /// True for a sliver, which is reported and does not fail.
    pub fn is_sliver(&self, tolerances: &Tolerances) -> bool {
        self.area_m2 < tolerances.sliver_m2 && self.thinness() < tolerances.sliver_thinness
    }
}

/// Z1: zones are disjoint and cover the city. Each overlap and gap is held against the tolerance of one,
/// all together against that of the whole.
pub fn zones_partition(overlaps: &[Piece], gaps: &[Piece], city_m2: f64, tolerances: &Tolerances) -> Problems {
    let mut problems = Problems::new();
    for (pieces, zh, en) in [(overlaps, "重叠", "an overlap"), (gaps, "空隙", "a gap")] {
        for piece in pieces.iter().filter(|p| beyond(p.area_m2, tolerances.each_m2)) {
            problems.push(
                Problem::error("zones.not_a_partition", words!("三类空间之间有{zh}：{}", "{en} between the zones: {}", piece.name))
                    .key(piece.name.as_str())
                    .area_m2(piece.area_m2)
                    .expect(words!("每处不超过 {} m²", "at most {} m² each", tolerances.each_m2)),
            );
        }
    }
    let total: f64 = overlaps.iter().chain(gaps).map(|p| p.area_m2).sum();
    if beyond(total, tolerances.total_share * city_m2) {
        problems.push(Problem::error("zones.total", words!("重叠与空隙合计过大", "overlaps and gaps together are too large")).area_m2(total).expect(words!(
            "不超过市域面积的 {}",
            "at most {} of the city's area",
            tolerances.total_share
        )));
    }
    problems
}

/// Z2: redline inside ecological space, basic farmland inside agricultural space, the built part of the
/// boundary inside urban space. Pieces outside are errors; slivers are notes.
pub fn lines_inside_their_space(outside: &[Piece], tolerances: &Tolerances) -> Problems {
    let told = |piece: &Piece| {
        let sliver = piece.is_sliver(tolerances);
        let what = words!("控制线的一部分落在应属空间之外：{}", "part of a line lies outside its space: {}", piece.name);
        let problem = if sliver { Problem::note("lines.sliver", what) } else { Problem::error("lines.outside", what) };
        problem.key(piece.name.as_str()).area_m2(piece.area_m2).expect(words!(
            "红线在生态空间内，基本农田在农业空间内，边界的建设部分在城镇空间内",
            "redline in ecological space, farmland in agricultural space, the built part of the boundary in urban space"
        ))
    };
    Problems(outside.iter().filter(|p| beyond(p.area_m2, 0.0)).map(told).collect())
}

/// Z3: redline, farmland and boundary are mutually disjoint. Farmland enclosed by the boundary has to be
/// a hole in it; as an overlap it is an error like any other.
pub fn lines_disjoint(overlaps: &[Piece], tolerances: &Tolerances) -> Problems {
    let told = |piece: &Piece| {
        Problem::error("lines.overlap", words!("三条控制线之间有重叠：{}", "two of the three lines overlap: {}", piece.name))
            .key(piece.name.as_str())
            .area_m2(piece.area_m2)
            .fix(words!(
                "按自然保护地核心区、红线、永久基本农田、开发边界的次序提出处理，由人决定；边界内的基本农田须开天窗",
                "propose by the order core area, redline, basic farmland, boundary, and let a person decide; farmland inside the boundary is cut out"
            ))
    };
    Problems(overlaps.iter().filter(|p| beyond(p.area_m2, tolerances.each_m2)).map(told).collect())
}

/// What is known of a feature of a line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineFeature {
    /// Its unique id.
    pub id: String,
    /// The document that set it.
    pub decree: String,
    /// Its version.
    pub version: String,
    /// First day it is valid, `YYYY-MM-DD`.
    pub valid_from: String,
}

/// Z4: every feature has decree, version and first day, and none of an older version is gone: it is
/// superseded, so its id is still there.
pub fn features_complete(before: &[LineFeature], now: &[LineFeature]) -> Problems {
    let mut problems = Problems::new();
    for feature in now {
        for (name, value) in [("decree", &feature.decree), ("version", &feature.version), ("valid_from", &feature.valid_from)] {
            if value.trim().is_empty() {
                problems.push(
                    Problem::error("lines.incomplete", words!("控制线要素 {} 缺少 {name}", "the line feature {} has no {name}", feature.id))
                        .key(feature.id.as_str())
                        .column(name),
                );
            }
        }
    }
    for gone in before.iter().filter(|old| !now.iter().any(|new| new.id == old.id)) {
        problems.push(
            Problem::error("lines.deleted", words!("控制线要素 {} 被删去", "the line feature {} was deleted", gone.id))
                .key(gone.id.as_str())
                .fix(words!("保留旧要素，以新版本取代", "keep the old feature and supersede it by a new version")),
        );
    }
    problems
}

/// Z5: the total of each county equals its approved indicator. Rows of county, measured and decreed m².
pub fn totals_as_decreed(counties: &[(&str, f64, f64)], tolerances: &Tolerances) -> Problems {
    let off = counties.iter().filter(|(_, measured, decreed)| beyond(measured - decreed, tolerances.indicator_m2));
    Problems(
        off.map(|(county, measured, decreed)| {
            Problem::error(
                "lines.total",
                words!("{county} 的面积为 {measured:.2} m²，批准的指标为 {decreed:.2} m²", "{county} has {measured:.2} m² where {decreed:.2} m² were approved"),
            )
            .key(*county)
            .area_m2((measured - decreed).abs())
            .expect(words!("相差不超过 {} m²", "at most {} m² apart", tolerances.indicator_m2))
        })
        .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(area_m2: f64, perimeter_m: f64) -> Piece {
        Piece { name: "A / B".into(), area_m2, perimeter_m }
    }

    fn codes(problems: &Problems) -> Vec<&str> {
        problems.iter().map(|p| p.code.as_ref()).collect()
    }

    /// By hand: 1 m² is allowed, 1.1 is not; 1e-8 of 8 845 km² is 88.45 m².
    #[test]
    fn z1_a_partition_within_a_metre() {
        let city = 8845e6;
        assert!(zones_partition(&[piece(1.0, 4.0)], &[piece(0.5, 4.0)], city, &DESIGN).is_empty());
        assert_eq!(codes(&zones_partition(&[piece(1.1, 4.0)], &[piece(2.0, 4.0)], city, &DESIGN)), ["zones.not_a_partition"; 2]);
        assert_eq!(codes(&zones_partition(&vec![piece(1.0, 4.0); 89], &[], city, &DESIGN)), ["zones.total"]);
    }

    /// By hand: 300 m² as a thread of 600 m × 0.5 m has 4π·300/1201² = 0.0026; as a square 0.785.
    #[test]
    fn z2_slivers_are_reported_and_do_not_fail() {
        let problems = lines_inside_their_space(&[piece(300.0, 1201.0), piece(300.0, 69.28), piece(500.0, 5000.0), piece(0.0, 0.0)], &DESIGN);
        assert_eq!(codes(&problems), ["lines.sliver", "lines.outside", "lines.outside"]);
        assert_eq!(problems.counts(), [2, 0, 1]);
    }

    #[test]
    fn z3_lines_do_not_overlap() {
        assert_eq!(codes(&lines_disjoint(&[piece(0.9, 4.0), piece(40.0, 30.0)], &DESIGN)), ["lines.overlap"]);
        assert_eq!(codes(&lines_disjoint(&[piece(f64::NAN, 4.0)], &DESIGN)), ["lines.overlap"]);
    }

    #[test]
    fn z4_features_are_complete_and_never_deleted() {
        let feature = |id: &str, decree: &str| LineFeature { id: id.into(), decree: decree.into(), version: "1".into(), valid_from: "2022-11-01".into() };
        let problems = features_complete(&[feature("R1", "x"), feature("R2", "x")], &[feature("R1", ""), feature("R3", "x")]);
        assert_eq!(codes(&problems), ["lines.incomplete", "lines.deleted"]);
    }

    /// By hand: 0.01 ha is 100 m². A total that is no number is not equal.
    #[test]
    fn z5_totals_are_those_decreed() {
        assert!(totals_as_decreed(&[("开化", 100.0, 200.0)], &DESIGN).is_empty());
        assert_eq!(codes(&totals_as_decreed(&[("开化", 99.9, 200.0), ("常山", f64::NAN, 1.0)], &DESIGN)), ["lines.total"; 2]);
    }
}
