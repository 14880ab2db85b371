//! Judges any bytes as a file of water, air, soil or waste; the first byte chooses. What is judged is written.
#![no_main]

use liangshan_atlas::assess::{Domain, Request, Zone, assess_bytes, files};
use liangshan_vocab::Lang;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, file)) = bytes.split_first() else { return };
    let request = Request {
        domain: Domain::ALL[usize::from(choice % 4)],
        file: "file".into(),
        standards: Vec::new(),
        stations: None,
        limits: Vec::new(),
        zone: Zone::Class2,
        region: None,
        place: None,
        on: "2026-03-01".to_owned(),
    };
    if let Ok(assessed) = assess_bytes(&request, file.to_vec()) {
        let _ = (assessed.to_json(), files::files(&assessed, Lang::En));
    }
});
