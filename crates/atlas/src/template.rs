//! The beginning of a region: a documented template that an analyst of another city fills.

use std::path::Path;

use liangshan_store::write_whole;
use liangshan_vocab::{Problem, Problems, text, words};

use crate::whole::cannot_write;

macro_rules! files {
    ($($name:literal),* $(,)?) => { &[$(($name, include_bytes!(concat!("../template/", $name)).as_slice())),*] };
}

/// The files of the template, by their path in the new folder.
pub const FILES: &[(&str, &[u8])] = files![
    "README.md",
    "region.toml",
    "sources/air_purification_rates.csv",
    "sources/air_purification_rates.csv.toml",
    "sources/air_quality.csv",
    "sources/air_quality.csv.toml",
    "sources/carbon_counting.csv",
    "sources/carbon_counting.csv.toml",
    "sources/cover_factor.csv",
    "sources/cover_factor.csv.toml",
    "sources/declared_zero.csv",
    "sources/declared_zero.csv.toml",
    "sources/ecosystem_attributes.csv",
    "sources/ecosystem_attributes.csv.toml",
    "sources/ecosystem_classes.csv",
    "sources/ecosystem_classes.csv.toml",
    "sources/heat_and_evaporation.csv",
    "sources/heat_and_evaporation.csv.toml",
    "sources/landscape_premium.csv",
    "sources/landscape_premium.csv.toml",
    "sources/leisure_recreation.csv",
    "sources/leisure_recreation.csv.toml",
    "sources/negative_ions.csv",
    "sources/negative_ions.csv.toml",
    "sources/noise_reduction.csv",
    "sources/noise_reduction.csv.toml",
    "sources/pest_control.csv",
    "sources/pest_control.csv.toml",
    "sources/places.csv",
    "sources/places.csv.toml",
    "sources/prices.csv",
    "sources/prices.csv.toml",
    "sources/reservoirs.csv",
    "sources/reservoirs.csv.toml",
    "sources/runoff_coefficients.csv",
    "sources/runoff_coefficients.csv.toml",
    "sources/statistics.csv",
    "sources/statistics.csv.toml",
    "sources/storm_runoff_share.csv",
    "sources/storm_runoff_share.csv.toml",
    "sources/supply_biomass_energy.csv",
    "sources/supply_biomass_energy.csv.toml",
    "sources/supply_other.csv",
    "sources/supply_other.csv.toml",
    "sources/supply_products.csv",
    "sources/supply_products.csv.toml",
    "sources/support_practice.csv",
    "sources/support_practice.csv.toml",
    "sources/water_purification_rates.csv",
    "sources/water_purification_rates.csv.toml",
    "sources/water_quality.csv",
    "sources/water_quality.csv.toml",
];

/// Writes the template into a folder that does not exist yet or is empty.
///
/// # Errors
/// `new.not_empty` when there is something in the folder: nothing is overwritten.
pub fn begin(folder: &Path) -> Result<usize, Problems> {
    refuse_occupied(folder)?;
    for (file, bytes) in FILES {
        let path = folder.join(file);
        write_whole(&path, bytes).map_err(|e| cannot_write(&path, &e))?;
    }
    Ok(FILES.len())
}

/// Refuses a folder that holds something.
///
/// # Errors
/// `new.not_empty`.
pub(crate) fn refuse_occupied(folder: &Path) -> Result<(), Problems> {
    let shown = folder.display().to_string();
    let occupied = std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) || folder.is_file();
    if occupied {
        return Err(Problem::error(
            "new.not_empty",
            words!("“{shown}”不是空目录，没有写入任何文件", "\"{shown}\" is not an empty folder; nothing was written"),
        )
        .fix(text("换一个新目录名", "name a new folder"))
        .expect(text("尚不存在或空的目录", "a folder that is new or empty"))
        .into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_is_written_once_and_never_over_something() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("mycity");
        assert_eq!(begin(&folder).unwrap(), FILES.len());
        assert!(folder.join("region.toml").is_file());
        assert_eq!(begin(&folder).unwrap_err().0[0].code, "new.not_empty");
    }
}
