//! The ecosystem map of a year, cell by cell as class indices.

use std::collections::BTreeSet;

use liangshan_space::{Grid, Resample, Window};
use liangshan_vocab::{Problem, Problems};

use crate::ground::Classes;
use crate::layers::{Band, Read, Setting, open_band};

/// The class of every cell of a window: the index into [`Classes::classes`], or `u16::MAX` where the
/// map is empty or shows a class that the tables do not know.
pub struct ClassMap {
    code: Band,
    attribute: Option<Band>,
    /// Files behind it.
    pub reads: Vec<Read>,
    /// Cells that are taken to have another class than the map shows.
    pub changed: Option<Changed>,
}

/// Cells of the extended grid that are taken to have one class.
#[derive(Debug, Clone, PartialEq)]
pub struct Changed {
    /// The class.
    pub code: i64,
    /// Its attribute; 0 where it has none.
    pub attribute: i64,
    /// The cells: row and column.
    pub cells: BTreeSet<(usize, usize)>,
}

impl ClassMap {
    /// Opens the ecosystem map of a year.
    ///
    /// # Errors
    /// Those of opening the rasters.
    pub fn open(s: &Setting<'_>) -> Result<Self, Problems> {
        let declared = &s.region.declared.ecosystem;
        let mut problems = Problems::new();
        let code = problems.keep(open_band(s, &declared.raster.of(s.year), 1, Resample::Mode, None, true));
        let attribute = declared.attribute.as_ref().map(|pattern| problems.keep(open_band(s, &pattern.of(s.year), 1, Resample::Mode, None, true)));
        match (code, attribute) {
            (Some((code, read)), None) => Ok(Self { code, attribute: None, reads: vec![read], changed: None }),
            (Some((code, read)), Some(Some((attribute, second)))) => Ok(Self { code, attribute: Some(attribute), reads: vec![read, second], changed: None }),
            _ => Err(problems),
        }
    }

    /// What the sidecars say that changes how the map is read.
    pub fn setting(&self) -> String {
        [Some(&self.code), self.attribute.as_ref()].into_iter().flatten().map(Band::setting).collect::<Vec<_>>().join(", ")
    }

    /// Codes and attributes of a window; NaN where the map is empty, attribute 0 where there is none.
    ///
    /// # Errors
    /// Those of the decoder.
    pub fn codes(&self, grid: &Grid, window: &Window) -> Result<(Vec<f64>, Vec<f64>), Problem> {
        let (mut codes, mut attributes) = self.as_mapped(grid, window)?;
        if let Some(changed) = &self.changed {
            for (row, column) in changed.cells.range((window.row, 0)..(window.row_end(), 0)).filter(|(row, column)| window.has(*column, *row)) {
                let at = window.index(*column, *row);
                (codes[at], attributes[at]) = (changed.code as f64, changed.attribute as f64);
            }
        }
        Ok((codes, attributes))
    }

    fn as_mapped(&self, grid: &Grid, window: &Window) -> Result<(Vec<f64>, Vec<f64>), Problem> {
        if let Some(attribute) = self.attribute.as_ref().filter(|a| a.lies_on(&self.code)) {
            return Band::read_pair(&self.code, attribute, grid, window);
        }
        let codes = self.code.read(grid, window)?;
        let attributes = match &self.attribute {
            Some(band) => band.read(grid, window)?,
            None => vec![0.0; codes.len()],
        };
        Ok((codes, attributes))
    }

    /// Class indices of a window.
    ///
    /// # Errors
    /// Those of the decoder.
    pub fn read(&self, classes: &Classes, grid: &Grid, window: &Window) -> Result<Vec<u16>, Problem> {
        let (codes, attributes) = self.codes(grid, window)?;
        let mut last = (f64::NAN, f64::NAN, u16::MAX);
        Ok(codes
            .iter()
            .zip(&attributes)
            .map(|(code, attribute)| {
                if code.is_nan() {
                    return u16::MAX;
                }
                if (*code, *attribute) != (last.0, last.1) {
                    let attribute_code = if attribute.is_nan() { 0 } else { *attribute as i64 };
                    let index = classes.index(*code as i64, attribute_code).and_then(|i| u16::try_from(i).ok()).unwrap_or(u16::MAX);
                    last = (*code, *attribute, index);
                }
                last.2
            })
            .collect())
    }
}
