//! Sums and maps of a stream, kept under the stream's name and found again.

use std::collections::BTreeMap;
use std::io;

use liangshan_space::FixedSum;
use liangshan_store::{Blobs, digest_file};
use liangshan_vocab::Digest;
use serde::{Deserialize, Serialize};

use crate::mapping::{MapMade, MapSheet};
use crate::plan::YearPlan;
use crate::task::Sums;

/// The kind of blob that holds sums.
const SUMS: &str = "sums.json";

/// What is kept of a stream.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Its sums.
    pub sums: Sums,
    /// Its maps.
    pub maps: Vec<MapMade>,
}

/// The form on disk. Sums are integers of 2⁻²⁶, written as strings so that none is rounded.
#[derive(Serialize, Deserialize)]
struct Written {
    quantities: Vec<String>,
    by: Vec<(u16, u16, Vec<String>)>,
    samples: Vec<(u16, u16, u64)>,
    tallies: BTreeMap<String, u64>,
    maps: Vec<MapMade>,
}

/// The streams of a plan that were kept, in their order; `None` where one must be made, which is
/// also so when one of its maps is gone or is not what was drawn.
pub fn load(blobs: &Blobs, plan: &YearPlan, sheets: &[MapSheet]) -> Vec<Option<Kept>> {
    plan.streams
        .iter()
        .enumerate()
        .map(|(at, stream)| {
            let kept = read(&blobs.get(&stream.name, SUMS)?)?;
            let wanted = sheets.iter().filter(|s| s.stream == at);
            let drawn = |m: &MapMade| digest_file(&blobs.plain(&stream.name, &m.kind())).is_ok_and(|there| there == m.digest);
            let all = wanted.clone().all(|s| kept.maps.iter().any(|m| m.indicator == s.indicator && drawn(m)));
            (all && kept.maps.len() == wanted.count()).then_some(kept)
        })
        .collect()
}

/// The sums that were kept under a name of sums alone.
pub(crate) fn load_sums(blobs: &Blobs, name: &Digest) -> Option<Sums> {
    Some(read(&blobs.get(name, SUMS)?)?.sums)
}

fn read(bytes: &[u8]) -> Option<Kept> {
    let written: Written = serde_json::from_slice(bytes).ok()?;
    let mut sums = Sums { quantities: written.quantities, tallies: written.tallies, ..Sums::default() };
    for (place, class, raw) in written.by {
        let own: Option<Vec<FixedSum>> = raw.iter().map(|r| r.parse().ok().map(FixedSum::from_raw)).collect();
        sums.by.insert((place, class), own.filter(|o| o.len() == sums.quantities.len())?);
    }
    sums.samples = written.samples.into_iter().map(|(p, c, cell)| ((p, c), cell)).collect();
    Some(Kept { sums, maps: written.maps })
}

/// Keeps a stream.
///
/// # Errors
/// Those of writing.
pub fn save(blobs: &Blobs, name: &Digest, kept: &Kept) -> io::Result<()> {
    let s = &kept.sums;
    let written = Written {
        quantities: s.quantities.clone(),
        by: s.by.iter().map(|((p, c), sums)| (*p, *c, sums.iter().map(|f| f.raw().to_string()).collect())).collect(),
        samples: s.samples.iter().map(|((p, c), cell)| (*p, *c, *cell)).collect(),
        tallies: s.tallies.clone(),
        maps: kept.maps.clone(),
    };
    blobs.put(name, SUMS, &serde_json::to_vec(&written)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_come_back_to_the_last_bit() {
        let dir = tempfile::tempdir().unwrap();
        let blobs = Blobs::at(dir.path());
        let name = liangshan_store::digest(b"stream");
        let mut sum = FixedSum::new();
        sum.add(0.1);
        sum.add(-3.7e9);
        let mut sums = Sums { quantities: vec!["area_m2".into()], ..Sums::default() };
        sums.by.insert((3, 12), vec![sum]);
        sums.samples.insert((3, 12), 4711);
        sums.tallies.insert("negative_water_kept".into(), 9);
        save(&blobs, &name, &Kept { sums: sums.clone(), maps: Vec::new() }).unwrap();
        assert_eq!(read(&blobs.get(&name, SUMS).unwrap()).unwrap().sums, sums);
        assert!(read(b"{\"quantities\":[]}").is_none());
    }
}
