//! Feeds any bytes as a stream in pieces and reads every frame to its last pair; what is read plain
//! and rebuilt is the same bytes.
#![no_main]

use liangshan_formats::hj212::{Assembler, CrcMode, Framer, Key, Packet, build, cipher, content, pairs, reply};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let key = Key::new(&[0x30; 16]).expect("sixteen bytes");
    let piece = usize::from(bytes.first().copied().unwrap_or(1)).max(1);
    let (mut framer, mut joined) = (Framer::default(), Assembler::default());
    for piece in bytes.chunks(piece) {
        framer.feed(piece, |event| {
            let Ok(frame) = event else { return };
            let _ = cipher::plain_segment(&frame, CrcMode::Standard, Some(&key));
            if frame.verify(frame.segment, CrcMode::Standard).is_ok() {
                let again = build::frame(frame.segment, CrcMode::Standard).expect("a segment that was framed");
                assert!(again[..again.len() - 6].ends_with(frame.segment));
            }
            let Ok(packet) = Packet::read(frame.segment) else { return };
            let _ = (content::check(packet.content), joined.take(&packet, 0));
            let _ = reply::Answer::owed(&packet).map(|answer| answer.frame(&packet, CrcMode::Standard));
            for pair in pairs(packet.content).flatten() {
                let _ = (pair.channel(), pair.number(), pair.text());
            }
        });
        assert!(framer.waiting() < 1024 + 12);
    }
    framer.give_up(|_| {});
});
