//! What department tables say in an explanation: every row that makes a quantity, what it gives and
//! how, every row that was left out and why, and what stands beside the account.

use liangshan_accounts::account::ALL;
use liangshan_accounts::alternatives::Role;
use liangshan_accounts::atom::Atom;
use liangshan_accounts::catalogue;
use liangshan_vocab::{Text, text, words};

use crate::assemble::TableRow;
use crate::book::Book;
use crate::explain::Explanation;
use crate::explaining::{Asked, step};

impl Book {
    /// The rows behind an atom, each with what it gives: their sum is the atom's quantity.
    pub(crate) fn row_steps(&self, atom: &Atom, out: &mut Explanation) {
        let Some(rows) = self.assembled.trail.get(&(atom.year, atom.place.clone(), atom.indicator.clone())) else { return };
        for row in rows {
            if let Some(gives) = &row.gives {
                let symbol = format!("q[{},{},{}]", atom.place, atom.indicator, gives.name);
                out.steps.push(step(&symbol, &gives.amount.to_string(), &gives.unit, gives.how.clone(), Text::same(written(row))));
            }
            if let Some(why) = &row.left_out {
                let name = row.cells.first().map_or("", |c| c.1.as_str());
                let symbol = format!("left out[{},{name}]", atom.place);
                out.steps.push(step(&symbol, "0", &atom.unit, words!("不计：{}", "left out: {}", why), Text::same(written(row))));
            }
        }
        let taken = self.assembled.overlap.get(&(atom.year, atom.place.clone(), atom.ecosystem.clone()));
        if let Some(taken) = taken.filter(|_| atom.indicator == "flood_regulation_vegetation") {
            out.steps.push(step(
                &format!("O[{},{}]", atom.place, atom.ecosystem),
                &taken.to_string(),
                &atom.unit,
                text("扣除：水源涵养已计入的暴雨水量", "taken out: storm water that water conservation counts"),
                text("方案 subtract_storm_overlap = true", "subtract_storm_overlap = true in the profile"),
            ));
        }
    }

    /// Rows that were left out in a place where nothing else counts.
    pub(crate) fn left_out_steps(&self, asked: Asked<'_>, out: &mut Explanation) {
        let whole = self.prepared.places.whole == asked.place;
        for ((year, place, id), rows) in &self.assembled.trail {
            let has_atom = self.assembled.atoms.iter().any(|a| a.year == *year && a.place == *place && a.indicator == *id);
            if *year == asked.year && (whole || place == asked.place) && id == asked.indicator && !has_atom {
                for row in rows {
                    if let Some(why) = &row.left_out {
                        let name = row.cells.first().map_or("", |c| c.1.as_str());
                        let (zh, en) = (&why.zh, &why.en);
                        out.steps.push(step(&format!("left out[{place},{name}]"), "0", "", words!("不计：{zh}", "left out: {en}"), Text::same(written(row))));
                    }
                }
            }
        }
    }

    /// What the account leaves out and shows apart, as consumer surplus.
    pub(crate) fn beside_steps(&self, asked: Asked<'_>, out: &mut Explanation) {
        if asked.ecosystem != ALL {
            return;
        }
        for row in self.alternatives().iter().filter(|r| r.role == Role::Beside && r.year == asked.year && r.place == asked.place) {
            let Some(value) = row.value.filter(|_| catalogue::parent(&row.indicator) == Some(asked.indicator)) else { continue };
            let id = &row.price_id;
            out.steps.push(step(
                &format!("beside[{}]", row.indicator),
                &value.yuan(),
                "CNY",
                words!("另列，不计入：按 {id} 计", "shown apart and not added, at {id}"),
                text("alternatives.csv，role = beside", "alternatives.csv, role = beside"),
            ));
        }
    }
}

fn written(row: &TableRow) -> String {
    let cells: Vec<String> = row.cells.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    format!("{}:{} ({})", row.read.file, row.line, cells.join(", "))
}
