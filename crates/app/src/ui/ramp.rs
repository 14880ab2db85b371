//! Colours of values. The ramp runs from sand by leaf and lake to deep blue in steps of equal
//! lightness, so that equal differences of value look equally large, in grey print too.

/// Sand, leaf, lake, deep blue.
const VALUE: [u32; 8] = [0xfd_f6_d8, 0xdf_e8_b0, 0xa9_d3_a2, 0x6c_b9_9b, 0x3a_9a_94, 0x1f_76_86, 0x17_51_6e, 0x13_2f_52];

/// So many colours of the value ramp, from least to greatest, equally far apart in lightness (CIE L*).
pub(crate) fn value_colours(count: usize) -> Vec<[u8; 3]> {
    let stops: Vec<[f64; 3]> = VALUE.iter().map(|rgb| lab(*rgb)).collect();
    let (light, dark) = (stops[0][0], stops[VALUE.len() - 1][0]);
    (0..count)
        .map(|at| {
            let wanted = light + (dark - light) * at as f64 / (count.max(2) - 1) as f64;
            let above = stops.iter().rposition(|s| s[0] >= wanted).unwrap_or(0).min(VALUE.len() - 2);
            let (from, to) = (stops[above], stops[above + 1]);
            let share = ((wanted - from[0]) / (to[0] - from[0])).clamp(0.0, 1.0);
            rgb(std::array::from_fn(|k| from[k] + (to[k] - from[k]) * share))
        })
        .collect()
}

/// `#rrggbb`.
pub(crate) fn hex(colour: [u8; 3]) -> String {
    let [r, g, b] = colour;
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// White of daylight D65, to which L*, a* and b* are relative.
const WHITE: [f64; 3] = [0.950_47, 1.0, 1.088_83];

/// sRGB to CIE L*a*b* (IEC 61966-2-1 and CIE 15).
fn lab(rgb: u32) -> [f64; 3] {
    let linear = [16, 8, 0].map(|shift| {
        let c = f64::from(rgb >> shift & 0xff) / 255.0;
        if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    });
    let [r, g, b] = linear;
    let xyz = [
        0.412_456_4 * r + 0.357_576_1 * g + 0.180_437_5 * b,
        0.212_672_9 * r + 0.715_152_2 * g + 0.072_175_0 * b,
        0.019_333_9 * r + 0.119_192_0 * g + 0.950_304_1 * b,
    ];
    let f = |t: f64| if t > 216.0 / 24389.0 { t.cbrt() } else { (24389.0 / 27.0 * t + 16.0) / 116.0 };
    let [x, y, z] = std::array::from_fn(|k| f(xyz[k] / WHITE[k]));
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// CIE L*a*b* to sRGB; what lies outside is brought to its edge.
fn rgb([l, a, b]: [f64; 3]) -> [u8; 3] {
    let y = (l + 16.0) / 116.0;
    let inverse = |t: f64| if t.powi(3) > 216.0 / 24389.0 { t.powi(3) } else { (116.0 * t - 16.0) / (24389.0 / 27.0) };
    let [x, y, z] = [inverse(y + a / 500.0) * WHITE[0], inverse(y) * WHITE[1], inverse(y - b / 200.0) * WHITE[2]];
    let linear = [
        3.240_454_2 * x - 1.537_138_5 * y - 0.498_531_4 * z,
        -0.969_266_0 * x + 1.876_010_8 * y + 0.041_556_0 * z,
        0.055_643_4 * x - 0.204_025_9 * y + 1.057_225_2 * z,
    ];
    linear.map(|c| {
        let c = if c <= 0.003_130_8 { 12.92 * c } else { 1.055 * c.powf(1.0 / 2.4) - 0.055 };
        (c.clamp(0.0, 1.0) * 255.0).round() as u8
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// White is L* 100, mid grey #777777 about L* 50 by the definition of CIE L*.
    #[test]
    fn lightness_is_that_of_cie() {
        assert!((lab(0xff_ff_ff)[0] - 100.0).abs() < 1e-3);
        assert!((lab(0x77_77_77)[0] - 50.03).abs() < 0.01);
        assert_eq!(rgb(lab(0x1f_76_86)), [0x1f, 0x76, 0x86]);
    }

    #[test]
    fn the_ramp_begins_and_ends_as_declared_and_darkens_in_equal_steps() {
        let made = value_colours(33);
        assert_eq!((hex(made[0]), hex(made[32])), ("#fdf6d8".into(), "#132f52".into()));
        let lightness: Vec<f64> = made.iter().map(|[r, g, b]| lab(u32::from(*r) << 16 | u32::from(*g) << 8 | u32::from(*b))[0]).collect();
        for pair in lightness.windows(2) {
            assert!((pair[0] - pair[1] - 77.7 / 32.0).abs() < 0.5, "{lightness:?}");
        }
    }
}
