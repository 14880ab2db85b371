//! The invented land: what is at a point, from the seed and the point alone. Nothing here depends on
//! the size of the region or of its cells, so a larger sample continues a smaller one.

/// A landscape of hills and a river valley.
#[derive(Debug, Clone, Copy)]
pub(super) struct Land {
    /// Whose numbers.
    pub(super) seed: u64,
}

/// A point, m east and south of the upper left corner.
pub(super) type Point = (f64, f64);

/// Mixes bits so that neighbours in come out unlike (splitmix64, Steele et al. 2014).
fn mixed(mut z: u64) -> u64 {
    z = z.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Land {
    /// A number in [0, 1) at a node of the lattice of one noise.
    fn node(self, layer: u64, i: i64, j: i64) -> f64 {
        let bits = mixed(mixed(mixed(self.seed ^ layer.wrapping_mul(0x5851_f42d_4c95_7f2d)) ^ i as u64) ^ j as u64);
        (bits >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Smooth noise in [0, 1) with bumps of about so many metres.
    pub(super) fn noise(self, layer: u64, (x, y): Point, long: f64) -> f64 {
        let (u, v) = (x / long, y / long);
        let (i, j) = (u.floor(), v.floor());
        let ease = |t: f64| t * t * (3.0 - 2.0 * t);
        let (a, b) = (ease(u - i), ease(v - j));
        let (i, j) = (i as i64, j as i64);
        let row = |j: i64| self.node(layer, i, j) * (1.0 - a) + self.node(layer, i + 1, j) * a;
        row(j) * (1.0 - b) + row(j + 1) * b
    }

    /// Noise of four scales, in [0, 1).
    fn rough(self, layer: u64, at: Point, long: f64) -> f64 {
        let octaves = [(0.53, 1.0), (0.27, 2.1), (0.13, 4.3), (0.07, 8.9)];
        octaves.iter().zip(layer * 8..).map(|((weight, finer), layer)| weight * self.noise(layer, at, long / finer)).sum()
    }

    /// Metres from the river, which winds from north to south.
    fn river_distance(self, (x, y): Point) -> f64 {
        let valley = 6_000.0;
        let bend = (self.noise(90, (0.0, y), 3_500.0) - 0.5) * 2_600.0;
        // A valley every 24 km, so that large samples are not one hill.
        let across = (x - valley - bend).rem_euclid(24_000.0);
        across.min(24_000.0 - across)
    }

    /// Metres above the sea.
    pub(super) fn elevation(self, at: Point) -> f64 {
        let away = (self.river_distance(at) / 5_000.0).min(1.0);
        (45.0 + 900.0 * away * away * self.rough(1, at, 4_200.0) + 25.0 * self.rough(2, at, 900.0)).round_to(0.1)
    }

    /// Class and attribute of HJ 1166-2021 as in the template's tables. Towns grow a little each year.
    pub(super) fn class(self, at: Point, year: i32) -> (u8, u8) {
        let (river, height) = (self.river_distance(at), self.elevation(at));
        let (fine, broad) = (self.rough(3, at, 700.0), self.rough(4, at, 2_600.0));
        let grown = 0.004 * f64::from((year - 2015).clamp(0, 40));
        if river < 90.0 {
            return (43, 14);
        }
        if river < 1_900.0 && broad > 0.60 - grown {
            return if fine > 0.62 {
                (63, 53)
            } else if fine < 0.34 {
                (62, 52)
            } else {
                (61, 51)
            };
        }
        if river < 420.0 && fine > 0.66 {
            return (41, 15);
        }
        if height > 180.0 && height < 330.0 && broad < 0.30 && fine < 0.60 {
            return (42, 12);
        }
        match (height, fine) {
            (h, f) if h < 105.0 && f > 0.70 => (42, 13),
            (h, f) if h < 120.0 && f > 0.33 => (51, 1),
            (h, f) if h < 200.0 && f > 0.52 => (51, 2),
            (h, f) if h < 260.0 && f > 0.60 => (52, if broad > 0.5 { 3 } else { 4 }),
            (_, f) if f > 0.71 => (33, 41),
            (_, f) if f > 0.66 => (21, 31),
            (_, f) if f < 0.20 => (82, 61),
            (_, f) if f < 0.38 => (12, 24),
            (_, f) if f < 0.46 => (11, 23),
            (h, f) if h > 420.0 && f < 0.56 => (11, 22),
            (_, f) if f < 0.58 => (13, 25),
            _ => (11, 21),
        }
    }

    /// How wet a year is, about 1.
    pub(super) fn wetness(self, year: i32) -> f64 {
        0.92 + 0.16 * self.node(70, i64::from(year), 0)
    }

    /// Rain of a year, mm.
    pub(super) fn rain(self, at: Point, year: i32) -> f64 {
        ((1_420.0 + 0.30 * self.elevation(at) + 120.0 * self.noise(71, at, 9_000.0)) * self.wetness(year)).round_to(0.1)
    }

    /// Evapotranspiration of a year, mm.
    pub(super) fn evapotranspiration(self, at: Point, year: i32) -> f64 {
        let most = match self.class(at, year).0 {
            11..=14 => 905.0,
            21..=34 => 800.0,
            41..=43 => 930.0,
            51 | 52 => 760.0,
            _ => 480.0,
        };
        (most * (0.93 + 0.10 * self.noise(72, at, 5_000.0)) * (0.85 + 0.15 * self.wetness(year))).round_to(0.1)
    }

    /// Rainfall erosivity of a year, MJ mm/(ha h a).
    pub(super) fn erosivity(self, at: Point, year: i32) -> f64 {
        (5.4 * self.rain(at, year) * self.wetness(year)).round_to(1.0)
    }

    /// Rain of the storm days of a year, mm.
    pub(super) fn storm_rain(self, at: Point, year: i32) -> f64 {
        (260.0 * self.wetness(year).powi(3) * (0.8 + 0.4 * self.noise(73, at, 8_000.0))).round_to(0.1)
    }

    /// Days of a year with a mean above 26 °C.
    pub(super) fn hot_days(self, at: Point, year: i32) -> f64 {
        (78.0 - 0.09 * self.elevation(at) + 14.0 * (self.node(74, i64::from(year), 1) - 0.5)).clamp(0.0, 120.0).round()
    }

    /// Share of the ground that plants cover.
    pub(super) fn cover(self, at: Point, year: i32) -> f64 {
        let (low, high) = match self.class(at, year).0 {
            11..=13 => (0.72, 0.98),
            14..=34 => (0.55, 0.90),
            41 => (0.50, 0.85),
            51 | 52 => (0.40, 0.80),
            62 => (0.40, 0.70),
            61 | 63 => (0.04, 0.25),
            _ => (0.0, 0.12),
        };
        (low + (high - low) * self.rough(5, at, 1_100.0)).round_to(0.001)
    }

    /// Net ecosystem production, gC/(m2 a).
    pub(super) fn production(self, at: Point, year: i32) -> f64 {
        let most = match self.class(at, year).0 {
            11..=14 => 470.0,
            21..=34 => 240.0,
            41 => 190.0,
            51 | 52 => 210.0,
            62 => 120.0,
            _ => 0.0,
        };
        (most * (0.75 + 0.5 * self.noise(75, at, 3_000.0)) * (0.7 + 0.3 * self.wetness(year))).round_to(0.1)
    }

    /// Sand, silt, clay and organic carbon, % by mass; the first three make 100.
    pub(super) fn texture(self, at: Point) -> [f64; 4] {
        let sand = (28.0 + 26.0 * self.rough(6, at, 3_200.0)).round_to(0.1);
        let silt = (26.0 + 16.0 * self.rough(7, at, 3_200.0)).round_to(0.1);
        [sand, silt, (100.0 - sand - silt).round_to(0.1), (0.7 + 2.2 * self.rough(8, at, 2_000.0)).round_to(0.01)]
    }

    /// Dry bulk density, t/m3.
    pub(super) fn bulk_density(self, at: Point) -> f64 {
        (1.08 + 0.36 * self.rough(9, at, 2_700.0)).round_to(0.01)
    }

    /// Total nitrogen and phosphorus, % by mass.
    pub(super) fn nutrients(self, at: Point) -> [f64; 2] {
        [(0.07 + 0.18 * self.rough(10, at, 2_400.0)).round_to(0.001), (0.025 + 0.06 * self.rough(11, at, 2_400.0)).round_to(0.001)]
    }

    /// A whole number for a table, between two bounds.
    pub(super) fn count(self, key: &str, low: i64, high: i64) -> i64 {
        let bits = key.bytes().fold(mixed(self.seed), |so_far, byte| mixed(so_far ^ u64::from(byte)));
        low + i64::try_from(bits % u64::try_from((high - low).max(0) + 1).unwrap_or(1)).unwrap_or(0)
    }
}

/// Rounding to a step, so that files hold the digits a department would write.
trait RoundTo {
    fn round_to(self, step: f64) -> f64;
}

impl RoundTo for f64 {
    fn round_to(self, step: f64) -> f64 {
        let steps = (1.0 / step).round();
        (self * steps).round() / steps
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    const LAND: Land = Land { seed: 20 };

    #[test]
    fn everything_is_in_the_range_a_region_can_have() {
        let mut classes: BTreeMap<(u8, u8), usize> = BTreeMap::new();
        for i in 0..20_000_i32 {
            let at = (f64::from(i % 141) * 173.0, f64::from(i / 141) * 131.0);
            *classes.entry(LAND.class(at, 2020)).or_default() += 1;
            assert!((40.0..1_000.0).contains(&LAND.elevation(at)));
            assert!(LAND.rain(at, 2020) > LAND.evapotranspiration(at, 2020));
            assert!((0.0..=1.0).contains(&LAND.cover(at, 2020)));
            let [sand, silt, clay, _] = LAND.texture(at);
            assert!((sand + silt + clay - 100.0).abs() < 1e-9 && clay > 5.0);
        }
        assert!(classes.len() >= 15, "{classes:?}");
        let forest: usize = classes.iter().filter(|((code, _), _)| (11..=14).contains(code)).map(|(_, n)| n).sum();
        assert!((6_000..16_000).contains(&forest), "{forest} of 20000");
    }

    #[test]
    fn the_same_seed_gives_the_same_land_and_another_seed_another() {
        let at = (1_234.0, 5_678.0);
        assert_eq!(LAND.elevation(at), Land { seed: 20 }.elevation(at));
        assert_ne!(LAND.elevation(at), Land { seed: 21 }.elevation(at));
        assert_eq!(LAND.count("population", 5, 5), 5);
        assert!((1..=9).contains(&LAND.count("visits", 1, 9)));
    }

    #[test]
    fn towns_only_grow() {
        let built =
            |year: i32| (0..10_000_i32).filter(|i| (61..=63).contains(&LAND.class((f64::from(i % 100) * 211.0, f64::from(i / 100) * 97.0), year).0)).count();
        assert!(built(2020) > built(2019));
    }
}
