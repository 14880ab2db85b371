//! Good bytes made bad, the same way each time: for the tests that nothing here panics.

/// Calls `read` with `times` damaged copies: cut short, bytes flipped, runs overwritten, doubled or
/// removed.
pub(crate) fn each(good: &[u8], times: u64, mut read: impl FnMut(&[u8])) {
    for seed in 0..times {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d;
        let mut next = |below: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 11) as usize % below.max(1)
        };
        let mut bytes = good.to_vec();
        for _ in 0..=next(4) {
            let (at, run) = (next(bytes.len()), 1 + next(16));
            let end = (at + run).min(bytes.len());
            match next(6) {
                0 => bytes.truncate(at),
                1 if at < bytes.len() => bytes[at] ^= 1 << next(8),
                2 if at < bytes.len() => bytes[at] = [0, 1, 0x7f, 0x80, 0xff, b'"', b'\n', b','][next(8)],
                3 => bytes[at..end].fill([0, 0xff, b'9', b'['][next(4)]),
                4 => bytes.extend_from_within(at..end),
                _ => drop(bytes.drain(at..end)),
            }
        }
        read(&bytes);
    }
}

#[test]
fn mangled_toml_never_panics() {
    let good = "name = \"衢州\"\nyears = [2019, 2020]\nwhen = 2020-01-01T00:00:00Z\n[layer.a]\nx = { y = 1.5, z = [\"a\"] }\n[[step]]\nid = '''1'''\n";
    each(good.as_bytes(), 4000, |bytes| {
        if let Ok(document) = crate::document::Document::parse(bytes) {
            let root = document.root();
            let _ = (root.text("name"), root.integers("years"), root.date("when"), root.array_of_sections("step"));
            for (_, layer) in root.sections("layer") {
                let _ = layer.section("x").map(|x| (x.number("y"), x.texts("z")));
            }
            document.finish();
        }
    });
}
