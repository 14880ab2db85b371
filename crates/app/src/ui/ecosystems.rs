//! Colours of ecosystem classes, level II of HJ 1166-2021. What we have read of the standard names classes and
//! codes and no colours: these are ours, a hue for each type of level I and a shade for each class in it, so
//! that the types can be told apart also where the shades cannot.

/// Codes and colours.
const COLOURS: [(i64, u32); 24] = [
    (11, 0x3a_8a_5a),
    (12, 0x1e_5c_41),
    (13, 0x2b_73_4d),
    (14, 0x86_b5_7c),
    (21, 0x9b_ab_4a),
    (22, 0x7b_8f_3e),
    (23, 0xbd_c6_7e),
    (31, 0xc3_d4_67),
    (32, 0xd6_d7_7b),
    (33, 0xce_d8_8f),
    (34, 0xe4_e4_ab),
    (41, 0x6f_b7_b0),
    (42, 0x4f_95_c6),
    (43, 0x2b_6c_a8),
    (51, 0xf2_de_93),
    (52, 0xe0_b0_57),
    (61, 0xb8_4f_4a),
    (62, 0xd5_94_8d),
    (63, 0x8a_61_79),
    (71, 0xe9_d2_a6),
    (72, 0xf1_e2_bd),
    (73, 0xd9_cb_b0),
    (81, 0xe8_f1_f5),
    (82, 0xb3_a6_98),
];
/// What nobody thought of.
const OTHER: u32 = 0x8b_91_8c;

/// The colour of a class.
pub(crate) fn colour(code: i64) -> [u8; 3] {
    let rgb = COLOURS.iter().find(|c| c.0 == code).map_or(OTHER, |c| c.1);
    [16, 8, 0].map(|shift| (rgb >> shift & 0xff) as u8)
}

#[cfg(test)]
mod tests {
    use super::{COLOURS, colour};

    #[test]
    fn every_class_has_a_colour_of_its_own() {
        let mut all: Vec<[u8; 3]> = COLOURS.iter().map(|c| colour(c.0)).collect();
        all.sort_unstable();
        all.dedup();
        assert_eq!((all.len(), colour(43), colour(-1)), (COLOURS.len(), [0x2b, 0x6c, 0xa8], [0x8b, 0x91, 0x8c]));
    }
}
