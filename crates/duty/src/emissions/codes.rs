//! Factors, commands and marks of HJ 212 by edition, as data in `rules/hj212/`.
//!
//! The printed unit of some factors is not what stations send (PM in ng/m³, say): the unit is a
//! property of the registered channel, and the one here is what the text prints.

use std::sync::LazyLock;

use liangshan_vocab::nearest;

/// A factor of the 2017 edition with its code of 2005.
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

static FACTORS: LazyLock<Vec<Factor>> = LazyLock::new(|| {
    rows(include_str!("../../../../rules/hj212/factors.csv"))
        .map(|[code, medium, name_zh, code_2005, unit_zh, load_unit_zh, form]| Factor { code, medium, name_zh, code_2005, unit_zh, load_unit_zh, form })
        .collect()
});

static COMMANDS: LazyLock<Vec<Command>> = LazyLock::new(|| {
    rows(include_str!("../../../../rules/hj212/commands.csv"))
        .map(|[cn, _direction, _kind, name_zh, meaning, editions]| Command { cn: cn.parse().unwrap_or_default(), name_zh, meaning, editions: split(&editions) })
        .collect()
});

static MARKS: LazyLock<Vec<Mark>> = LazyLock::new(|| {
    rows(include_str!("../../../../rules/hj212/marks.csv"))
        .map(|[mark, editions, name_zh, name_en, counts, _evidence]| {
            let counts = match counts.as_str() {
                "valid" => Counts::Valid,
                "review" => Counts::Review,
                "fault" => Counts::Fault,
                _ => Counts::Invalid,
            };
            Mark { mark, name_zh, name_en, counts, editions: split(&editions) }
        })
        .collect()
});

fn split(editions: &str) -> Vec<String> {
    editions.split('+').map(str::to_owned).collect()
}

/// Rows of a table of our own, the header left out. Quotes are those of RFC 4180.
fn rows<const N: usize>(table: &'static str) -> impl Iterator<Item = [String; N]> {
    table.lines().skip(1).filter(|line| !line.is_empty()).map(|line| {
        let mut cells = vec![String::new()];
        let mut quoted = false;
        for c in line.chars() {
            match c {
                '"' => quoted = !quoted,
                ',' if !quoted => cells.push(String::new()),
                c => {
                    if let Some(cell) = cells.last_mut() {
                        cell.push(c);
                    }
                }
            }
        }
        let count = cells.len();
        let Ok(row) = <[String; N]>::try_from(cells) else { unreachable!("a shipped table has {count} cells in a row of {N}: {line}") };
        row
    })
}

/// Every factor.
pub fn factors() -> &'static [Factor] {
    &FACTORS
}

/// Every command.
pub fn commands() -> &'static [Command] {
    &COMMANDS
}

/// Every mark.
pub fn marks() -> &'static [Mark] {
    &MARKS
}

/// A factor by its code, that of 2017 or, for a device of 2005, the older one.
///
/// # Errors
/// The nearest known code, if one is close.
pub fn factor(code: &str) -> Result<&'static Factor, Option<&'static str>> {
    let known = FACTORS.iter().find(|f| f.code == code).or_else(|| FACTORS.iter().find(|f| !code.is_empty() && f.code_2005 == code));
    known.ok_or_else(|| nearest(code, FACTORS.iter().map(|f| f.code.as_str())))
}

/// A command by its code.
pub fn command(cn: u16) -> Option<&'static Command> {
    COMMANDS.iter().find(|c| c.cn == cn)
}

/// What a mark means. An unknown one never counts as valid; none at all is taken as normal, since
/// devices of 2005 send none.
pub fn counts(mark: &str) -> Counts {
    match mark {
        "" | "N" => Counts::Valid,
        other => MARKS.iter().find(|m| m.mark == other).map_or(Counts::Invalid, |m| m.counts),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_whole() {
        // online-monitoring.md, section 4: 184 factors; the command table has 41 rows.
        assert_eq!((factors().len(), commands().len(), marks().len()), (184, 41, 8));
        assert_eq!(factor("w01018").unwrap().code_2005, "011");
        assert_eq!(factor("011").unwrap().code, "w01018");
        assert_eq!(factor("w01O18").unwrap_err(), Some("w01018"));
        assert_eq!(command(9015).unwrap().editions, ["2025"]);
        assert!(commands().iter().all(|c| c.cn >= 1000), "every code is a number");
        assert!(factors().iter().any(|f| f.name_zh.contains("1,1,1-三氯乙烷")), "names with commas stay whole");
    }

    #[test]
    fn what_marks_mean() {
        let meant = ["N", "", "T", "D", "B", "C", "x"].map(counts);
        use Counts::{Fault, Invalid, Review, Valid};
        assert_eq!(meant, [Valid, Valid, Review, Fault, Fault, Invalid, Invalid]);
    }
}
