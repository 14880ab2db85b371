//! Hazardous waste that is still in store and may not stand together.

use std::collections::{BTreeMap, BTreeSet};

use liangshan_duty::waste::incompatible::{Stored, clashes, class_of};
use liangshan_vocab::{Problem, Text, text, words};
use serde_json::json;

use super::{Judge, verdict};
use crate::assess::result::{Cell, Fact, Table, Tone};
use crate::assess::sheets::Entry;
use crate::deliveries::numbers::half_width;

/// What is in store: by site and area the codes as written, each with the row it came in by.
#[derive(Default)]
pub(super) struct InStore<'e> {
    areas: BTreeMap<(String, String), BTreeMap<String, &'e Entry>>,
}

impl<'e> InStore<'e> {
    /// One kind of waste of which something is left.
    pub(super) fn add(&mut self, site: &str, area: &str, code: &str, entry: &'e Entry) {
        self.areas.entry((site.to_owned(), area.to_owned())).or_default().entry(code.to_owned()).or_insert(entry);
    }
}

/// The class or code that a cell names, whatever stands beside it: `HW34 废酸` is `HW34`.
fn named(said: &str) -> Option<String> {
    let said = half_width(said).to_uppercase();
    let parts = said.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    parts.filter_map(|part| class_of(part).ok()).next()
}

impl Judge<'_> {
    /// Finds classes in one area that the rules keep apart. Where the file names no areas, a site is looked at as
    /// a whole, and what is found there has to be looked at in place.
    pub(super) fn apart(&mut self, stored: &InStore<'_>, areas_known: bool) {
        let mut table = Table::new(
            "apart",
            text("不相容的危险废物", "Incompatible hazardous waste"),
            text(
                "只看尚未出库的；按类别（HWxx）对照规则表，未核实。未注明贮存区域的按单位核对，须到现场看是否同区。",
                "Of what is still in store; by class (HWxx) and the table of the rules, unverified. Where no storage area is named a site is looked at as a whole: see in place whether they stand together.",
            ),
            40,
            &[
                ("site", "单位", "site", ""),
                ("area", "贮存区域", "storage area", ""),
                ("classes", "类别", "classes", ""),
                ("codes", "废物代码", "waste codes", ""),
                ("why", "原因", "why", ""),
                ("verdict", "结论", "verdict", ""),
            ],
        );
        let (mut clashing, mut unknown) = (0, BTreeSet::new());
        for ((site, area), codes) in &stored.areas {
            let of_class: Vec<(String, &str, &Entry)> = codes.iter().filter_map(|(code, entry)| Some((named(code)?, code.as_str(), *entry))).collect();
            if codes.len() > 1 {
                unknown.extend(codes.keys().filter(|code| named(code).is_none()).cloned());
            }
            let list: Vec<Stored<'_>> = of_class.iter().map(|(class, _, _)| Stored { area: "", code: class }).collect();
            let found = match clashes(self.rules, &list) {
                Ok(found) => found,
                Err(problem) => {
                    self.problems.push(problem);
                    return;
                }
            };
            clashing += usize::from(!found.is_empty());
            for clash in found {
                let both = [clash.classes.0.as_str(), clash.classes.1.as_str()];
                let of_both: Vec<&(String, &str, &Entry)> = of_class.iter().filter(|c| both.contains(&c.0.as_str())).collect();
                let why = clash.why();
                let sure = areas_known && !area.is_empty();
                table.push(vec![
                    Cell::word(site),
                    if area.is_empty() { Cell::Blank } else { Cell::word(area) },
                    Cell::word(both.join(" + ")),
                    Cell::word(of_both.iter().map(|c| c.1).collect::<Vec<_>>().join(", ")),
                    Cell::Text(why.clone()),
                    match sure {
                        true => verdict(2, "incompatible", text("不得同区", "may not stand together")),
                        false => verdict(1, "look", text("核查是否同区", "see whether they stand together")),
                    },
                ]);
                if let Some((_, _, entry)) = of_both.last() {
                    self.problems.push(told(site, area, both, &why, sure).file(entry.file.as_str()).row(entry.line));
                }
            }
        }
        if !unknown.is_empty() {
            let list = unknown.into_iter().collect::<Vec<_>>().join(", ");
            self.problems.push(
                Problem::note(
                    "waste.class_unknown",
                    words!("看不出类别，未核对相容性：{list}", "no class can be told, and whether they may stand with others was not checked: {list}"),
                )
                .column("waste_code")
                .expect(text("HW34 或 900-300-34", "HW34 or 900-300-34"))
                .fix(text("危险废物写明类别或代码；一般固废不必改", "give the class or code of hazardous waste; other waste may stay as it is")),
            );
        }
        let all = stored.areas.len();
        self.facts.push(Fact {
            id: "incompatible",
            label: if areas_known { text("不相容同区", "Incompatible in one area") } else { text("不相容同单位", "Incompatible at one site") },
            value: Text::same(format!("{clashing}/{all}")),
            json: json!({ "areas": all, "found": clashing, "areas_known": areas_known }),
            note: if areas_known {
                words!("共 {all} 处", "of {all} areas")
            } else {
                words!("共 {all} 个单位；未注明区域", "of {all} sites; no areas named")
            },
            tone: if clashing > 0 {
                Tone::Bad
            } else if all == 0 {
                Tone::Open
            } else {
                Tone::Good
            },
        });
        self.tables.push(table);
    }
}

fn told(site: &str, area: &str, [first, second]: [&str; 2], why: &Text, sure: bool) -> Problem {
    let place = [site, area].into_iter().filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ");
    let (zh, en) =
        if sure { ("同区贮存", "stand in one area") } else { ("同一单位贮存，区域未注明", "are stored at one site, with no area named") };
    let what = Text::of(format!("{place} 的 {first} 与 {second} {zh}：{}", why.zh), format!("{first} and {second} of {place} {en}: {}", why.en));
    Problem::warning("waste.incompatible", what)
        .key(place)
        .expect(text("不相容的类别分区贮存", "incompatible classes in areas of their own"))
        .fix(text("移到不同的贮存区域；未注明区域的先到现场核查", "move one of them to another area; look in place first where no area is named"))
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn a_class_however_it_is_written() {
        for said in ["HW34", "hw34 废酸", "废酸（HW34）", "900-300-34", "HW34　900-300-34", "废酸/900-300-34"] {
            assert_eq!(named(said).as_deref(), Some("HW34"), "{said}");
        }
        for said in ["废酸", "", "34", "SW17", "900-001-S17"] {
            assert_eq!(named(said), None, "{said}");
        }
    }
}
