//! What everything about a plan begins with: its declaration, its sentences, and its registers on a day.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use liangshan_registers::Known;
use liangshan_vocab::{Problems, Text};

use super::entries::Entries;
use super::records::{self, Book};
use super::wording::{Sentence, System};
use super::{Declared, declaration, kinds};
use crate::region::Region;

/// A plan with its registers, before anything is computed.
pub(super) struct Opened {
    /// The region.
    pub region: Region,
    /// What the plan declares.
    pub declared: Declared,
    /// Names of places.
    pub places: BTreeMap<String, Text>,
    /// The counties' codes, in the order of the code table.
    pub counties: Vec<String>,
    /// The sentences.
    pub sentences: Vec<Sentence>,
    /// What the plan names.
    pub systems: Vec<System>,
    /// Registers with their rows.
    pub books: Vec<Book>,
    /// What rows may refer to.
    pub known: Known,
    /// Warnings and notes.
    pub notes: Problems,
}

impl Opened {
    /// Opens it with everything that happened by a day.
    ///
    /// # Errors
    /// `plan.none`; everything wrong in the plan's sentences, its registers and what was entered into them.
    pub(super) fn open(folder: &Path, until: &str) -> Result<Self, Problems> {
        let region = Region::open(folder)?;
        let declared = declaration(folder)?;
        let mut problems = Problems::new();
        let (places, counties) = problems.keep(super::places(&region)).unwrap_or_default();
        let sentences = problems.keep(super::read_sentences(&region, &declared)).unwrap_or_default();
        let systems = problems.keep(super::read_systems(&region, &declared, &sentences)).unwrap_or_default();
        let registers = problems.keep(kinds::registers(folder)).unwrap_or_default();
        let entries = problems.keep(Entries::read(folder, until)).unwrap_or_default();
        let plan_rows: BTreeSet<String> = sentences.iter().map(|s| s.id.clone()).chain(systems.iter().map(|s| s.id.clone())).collect();
        let known = Known { places: places.keys().cloned().collect(), plan_rows, ..Known::default() };
        let (books, known, faults) = records::books(&region, &declared, &registers, &entries, known);
        problems.extend(faults);
        if problems.has_errors() {
            return Err(problems);
        }
        Ok(Self { region, declared, places, counties, sentences, systems, books, known, notes: problems })
    }

    /// A register by id.
    pub(super) fn book(&self, id: &str) -> Option<&Book> {
        self.books.iter().find(|b| b.register.id == id)
    }
}
