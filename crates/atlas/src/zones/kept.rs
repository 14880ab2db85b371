//! Sums by zone, kept under a name of what they were made from and found again. A change of zones makes
//! them anew and leaves the sums and maps of the account as they are.

use std::collections::BTreeMap;

use liangshan_store::{Blobs, Naming};
use liangshan_vocab::{Digest, Problems};

use super::Zones;
use crate::kept;
use crate::plan::YearPlan;
use crate::profiles::{Flow, Method};
use crate::task::Sums;
use crate::whole::cannot_write;

/// Sums of a year or of a mixture of years by parts of zones.
#[derive(Debug, Clone, Default)]
pub struct ZoneSums {
    /// By stream of the plan, the part in the place of the county; streams that serve an indicator.
    pub streams: BTreeMap<usize, Sums>,
    /// Areas by part and class.
    pub extent: Sums,
}

/// What was found of a plan, and the names of all that there should be.
#[derive(Debug, Default)]
pub struct Found {
    names: BTreeMap<usize, Digest>,
    extent_name: Option<Digest>,
    sums: ZoneSums,
    has_extent: bool,
}

/// The name of a stream's sums by zone.
fn name_of(zones: &Zones, sums: &Digest) -> Digest {
    Naming::of("sums by zone").with("sums", sums.as_str()).with("zones", zones.digest.as_str()).digest()
}

/// The name of the extent of a plan's ecosystem map by zone.
fn extent_name(zones: &Zones, plan: &YearPlan) -> Digest {
    let mut naming = Naming::of("extent by zone").with("zones", zones.digest.as_str()).with("classes", plan.classes.setting());
    for read in &plan.classes.reads {
        naming = naming.with(&read.file, read.digest.as_str());
    }
    naming.digest()
}

impl Found {
    /// Looks for the sums of a plan; nothing where no zones are asked for.
    pub fn of(zones: Option<&Zones>, plan: &YearPlan, method: &Method, blobs: &Blobs) -> Self {
        let Some(zones) = zones else { return Self::default() };
        let flows = method.profile.counted().filter_map(|m| method.flow(&m.indicator).and_then(Flow::model));
        let names: BTreeMap<usize, Digest> =
            flows.filter_map(|flow| plan.stream(flow)).map(|stream| (stream, name_of(zones, &plan.streams[stream].sums_name))).collect();
        let extent_name = extent_name(zones, plan);
        let streams = names.iter().filter_map(|(stream, name)| Some((*stream, kept::load_sums(blobs, name)?))).collect();
        let extent = kept::load_sums(blobs, &extent_name);
        let has_extent = extent.is_some();
        Self { names, extent_name: Some(extent_name), sums: ZoneSums { streams, extent: extent.unwrap_or_default() }, has_extent }
    }

    /// Streams whose sums must be made.
    pub fn missing(&self) -> Vec<usize> {
        self.names.keys().filter(|s| !self.sums.streams.contains_key(s)).copied().collect()
    }

    /// True when the extent must be made.
    pub fn lacks_extent(&self) -> bool {
        self.extent_name.is_some() && !self.has_extent
    }

    /// Takes and keeps what was made for [`Found::missing`], in its order.
    ///
    /// # Errors
    /// `output.cannot_write`.
    pub fn take(&mut self, made: Vec<Sums>, extent: Option<Sums>, blobs: &Blobs) -> Result<(), Problems> {
        let write = |name: &Digest, sums: &Sums| {
            let kept = kept::Kept { sums: sums.clone(), maps: Vec::new() };
            kept::save(blobs, name, &kept).map_err(|e| cannot_write(blobs.root(), &e))
        };
        for (stream, sums) in self.missing().into_iter().zip(made) {
            write(&self.names[&stream], &sums)?;
            self.sums.streams.insert(stream, sums);
        }
        if let (Some(extent), Some(name)) = (extent, &self.extent_name) {
            write(name, &extent)?;
            self.sums.extent = extent;
            self.has_extent = true;
        }
        Ok(())
    }

    /// The sums, where zones were asked for.
    pub fn whole(self) -> Option<ZoneSums> {
        self.extent_name.map(|_| self.sums)
    }
}
