//! Factors, commands and marks of HJ 212, edition by edition, out of the standards `hj212-…`. What a region
//! adds to them in its own `rules/hj212/` is known like the rest.
//!
//! The printed unit of some factors is not what stations send (PM in ng/m³, say): the unit is a
//! property of the registered channel, and the one here is what the text prints.

use std::collections::HashMap;
use std::sync::LazyLock;

use liangshan_vocab::{Problem, nearest};

use crate::standard::{Row, Standard, Standards, Table, shipped};

/// A factor with its code of 2005.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Factor {
    /// Code, `w01018`.
    pub code: String,
    /// `water` or `air`.
    pub medium: String,
    /// Name.
    pub name_zh: String,
    /// Code in 2005; empty where there was none.
    pub code_2005: String,
    /// Unit of the concentration as printed.
    pub unit_zh: String,
    /// Unit of the load as printed; empty where there is none.
    pub load_unit_zh: String,
    /// Width and decimals as printed, `N6.1`.
    pub form: String,
}

/// A command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// Code.
    pub cn: u16,
    /// Name.
    pub name_zh: String,
    /// What it does.
    pub meaning: String,
    /// Editions that know it.
    pub editions: Vec<String>,
}

/// What a mark of a value means for statistics and limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Counts {
    /// It counts.
    Valid,
    /// At the end of the range: kept, and somebody looks at it.
    Review,
    /// The device is broken: it does not count, and somebody mends it.
    Fault,
    /// It does not count.
    Invalid,
}

impl Counts {
    /// Of the word in the table of marks; any other does not count.
    fn of(word: &str) -> Self {
        match word {
            "valid" => Counts::Valid,
            "review" => Counts::Review,
            "fault" => Counts::Fault,
            _ => Counts::Invalid,
        }
    }
}

/// A mark of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The letter.
    pub mark: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
    /// What it means.
    pub counts: Counts,
    /// Editions that know it.
    pub editions: Vec<String>,
}

/// The codes of one edition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Codes {
    factors: Vec<Factor>,
    /// Places of factors by code, then by the codes of 2005.
    places: [HashMap<String, usize>; 2],
    commands: Vec<Command>,
    marks: Vec<Mark>,
    /// What marks of one letter of ASCII mean, by the letter: nearly all of them.
    letters: [Counts; 128],
}

impl Codes {
    /// Those of a standard of `messages/hj212`. The edition of 2005 has no table of commands.
    ///
    /// # Errors
    /// What the standard lacks.
    pub fn of(standard: &Standard) -> Result<Self, Problem> {
        let factors: Vec<Factor> = each(standard.table("factors")?, |t, r| Factor {
            code: t.text(r, "code").to_owned(),
            medium: t.text(r, "medium").to_owned(),
            name_zh: t.text(r, "name_zh").to_owned(),
            code_2005: t.text(r, "code_2005").to_owned(),
            unit_zh: t.text(r, "concentration_unit").to_owned(),
            load_unit_zh: t.text(r, "emission_unit").to_owned(),
            form: t.text(r, "data_type").to_owned(),
        });
        let commands = standard.table("commands").map_or_else(
            |_| Vec::new(),
            |table| {
                each(table, |t, r| Command {
                    cn: t.number(r, "cn").map_or(0, |cn| cn as u16),
                    name_zh: t.text(r, "name_zh").to_owned(),
                    meaning: t.text(r, "meaning").to_owned(),
                    editions: split(t.text(r, "profile")),
                })
            },
        );
        let marks: Vec<Mark> = each(standard.table("marks")?, |t, r| Mark {
            mark: t.text(r, "mark").to_owned(),
            name_zh: t.text(r, "name_zh").to_owned(),
            name_en: t.text(r, "name_en").to_owned(),
            counts: Counts::of(t.text(r, "counts")),
            editions: split(t.text(r, "editions")),
        });
        // A table that tells editions apart speaks for the one of this standard, by the year of its number.
        let year = standard.number.rsplit('-').next().unwrap_or_default();
        let known = |mark: &Mark| mark.editions.iter().any(|edition| edition == year);
        let marks = if marks.iter().any(known) { marks.into_iter().filter(known).collect() } else { marks };
        let mut letters = [Counts::Invalid; 128];
        for mark in &marks {
            if let [letter @ 0..128] = mark.mark.as_bytes() {
                letters[usize::from(*letter)] = mark.counts;
            }
        }
        let mut places = [HashMap::with_capacity(factors.len()), HashMap::new()];
        for (at, factor) in factors.iter().enumerate() {
            places[0].entry(factor.code.clone()).or_insert(at);
            if !factor.code_2005.is_empty() {
                places[1].entry(factor.code_2005.clone()).or_insert(at);
            }
        }
        Ok(Self { factors, places, commands, marks, letters })
    }

    /// Those of the last edition.
    ///
    /// # Errors
    /// `standard.none_in_force`, and those of [`Codes::of`].
    pub fn latest(standards: &Standards) -> Result<Self, Problem> {
        Self::of(standards.latest("messages", "hj212")?)
    }

    /// Those of the edition with these version bits of Flag; of the last one where none has them.
    ///
    /// # Errors
    /// As [`Codes::latest`].
    pub fn of_version(standards: &Standards, version: u8) -> Result<Self, Problem> {
        let of = |s: &&Standard| s.value("version").is_ok_and(|v| v == f64::from(version));
        match standards.editions("messages", "hj212").find(of) {
            Some(standard) => Self::of(standard),
            None => Self::latest(standards),
        }
    }

    /// Those of the last edition that is shipped with the program.
    pub fn shipped() -> &'static Codes {
        static CODES: LazyLock<Codes> = LazyLock::new(|| match Codes::latest(shipped()) {
            Ok(codes) => codes,
            Err(problem) => unreachable!("the standard of messages shipped with the program lacks something: {problem:?}"),
        });
        &CODES
    }

    /// Every factor.
    pub fn factors(&self) -> &[Factor] {
        &self.factors
    }

    /// Every command.
    pub fn commands(&self) -> &[Command] {
        &self.commands
    }

    /// Every mark.
    pub fn marks(&self) -> &[Mark] {
        &self.marks
    }

    /// A factor by its code or, for a device of 2005, the older one.
    ///
    /// # Errors
    /// The nearest known code, if one is close.
    pub fn factor(&self, code: &str) -> Result<&Factor, Option<&str>> {
        let place = self.places.iter().find_map(|places| places.get(code));
        place.map(|at| &self.factors[*at]).ok_or_else(|| nearest(code, self.factors.iter().map(|f| f.code.as_str())))
    }

    /// A command by its code.
    pub fn command(&self, cn: u16) -> Option<&Command> {
        self.commands.iter().find(|c| c.cn == cn)
    }

    /// What a mark means. An unknown one never counts as valid; none at all is taken as normal, since
    /// devices of 2005 send none.
    pub fn counts(&self, mark: &str) -> Counts {
        match mark.as_bytes() {
            [] => Counts::Valid,
            [letter @ 0..128] => self.letters[usize::from(*letter)],
            _ => self.marks.iter().find(|m| m.mark == mark).map_or(Counts::Invalid, |m| m.counts),
        }
    }
}

fn each<T>(table: &Table, of: impl Fn(&Table, &Row) -> T) -> Vec<T> {
    table.rows.iter().map(|row| of(table, row)).collect()
}

fn split(editions: &str) -> Vec<String> {
    editions.split('+').map(str::to_owned).collect()
}

/// What a mark means by the codes shipped with the program.
pub fn counts(mark: &str) -> Counts {
    Codes::shipped().counts(mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_whole() {
        // online-monitoring.md, section 4: 184 factors; the command table has 41 rows.
        let codes = Codes::shipped();
        assert_eq!((codes.factors().len(), codes.commands().len(), codes.marks().len()), (184, 41, 8));
        assert_eq!(codes.factor("w01018").unwrap().code_2005, "011");
        assert_eq!(codes.factor("011").unwrap().code, "w01018");
        assert_eq!(codes.factor("w01O18").unwrap_err(), Some("w01018"));
        assert!(codes.factor("").is_err());
        assert_eq!(codes.command(9015).unwrap().editions, ["2025"]);
        assert!(codes.commands().iter().all(|c| c.cn >= 1000), "every code is a number");
        assert!(codes.factors().iter().any(|f| f.name_zh.contains("1,1,1-三氯乙烷")), "names with commas stay whole");
        assert_eq!(Codes::of_version(shipped(), 0).unwrap().commands().len(), 0, "the commands of 2005 were not copied");
        assert_eq!(Codes::of_version(shipped(), 9).unwrap(), *codes);
    }

    #[test]
    fn what_marks_mean() {
        let meant = ["N", "", "T", "D", "B", "C", "x", "NN", "校"].map(counts);
        use Counts::{Fault, Invalid, Review, Valid};
        assert_eq!(meant, [Valid, Valid, Review, Fault, Fault, Invalid, Invalid, Invalid, Invalid]);
        // T, F, M, S and B came with HJ 212-2017: of a device of 2005 they say nothing.
        let of = |version| ["N", "D", "T", "B"].map(|mark| Codes::of_version(shipped(), version).unwrap().counts(mark));
        assert_eq!((of(0), of(1)), ([Valid, Fault, Invalid, Invalid], [Valid, Fault, Review, Fault]));
    }
}
