//! Ledgers of waste: mass balance, storage, producers, household waste.

use super::apart::InStore;
use super::{Judge, field, tonnes, verdict};
use crate::assess::result::{Cell, Fact, Table, Tone};
use crate::assess::sheets::Entry;
use liangshan_duty::waste::household::{Basis, Collected, Sort, growth_pct};
use liangshan_duty::waste::rules::{threshold, whole};
use liangshan_duty::waste::storage::{Stay, ages};
use liangshan_duty::waste::{Balance, Limits, Lot, ProducerClass, Thresholds, Tolerance};
use liangshan_vocab::{Problem, Problems, Text, text, words};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// Lots that came in, what left, and the first row of a kind of waste in an area.
type Ledger<'e> = (Vec<Lot>, Decimal, &'e Entry);

impl Judge<'_> {
    pub(super) fn balance(&mut self, entries: &[&Entry], columns: &BTreeSet<&str>) -> Result<(), Problems> {
        let tolerance = Tolerance { share: threshold(self.rules, "balance_share")?, least_t: threshold(self.rules, "balance_t")? };
        let mut table = Table::new(
            "balance",
            text("物料平衡", "Mass balance"),
            text(
                "残差 = 期初 + 产生 − 利用 − 处置 − 转移 − 期末实测；超过容差告警。",
                "Residual = opening + generated − used − disposed − transferred − measured closing; beyond the tolerance it is an alarm.",
            ),
            40,
            &[
                ("site", "单位", "site", ""),
                ("code", "废物代码", "waste code", ""),
                ("period", "期间", "period", ""),
                ("generated_t", "产生", "generated", "t"),
                ("transferred_t", "转移", "transferred", "t"),
                ("residual_t", "残差", "residual", "t"),
                ("tolerance_t", "容差", "tolerance", "t"),
                ("verdict", "结论", "verdict", ""),
            ],
        );
        let mut alarms = 0;
        for entry in entries {
            // A table without a column has none of it; a blank in a column is not zero.
            let amounts: Vec<Option<Decimal>> = ["open", "generated", "own_used", "own_disposed", "transferred", "close"]
                .iter()
                .map(|code| if columns.contains(code) { self.amount(entry, code) } else { Some(Decimal::ZERO) })
                .collect();
            let coded = self.waste_code(entry);
            let [Some(open), Some(generated), Some(own_used), Some(own_disposed), Some(transferred), Some(close_measured)] = amounts[..] else { continue };
            if !coded {
                continue;
            }
            let residual = Balance { open, generated, own_used, own_disposed, transferred, close_measured }.residual(tolerance);
            alarms += usize::from(residual.alarm);
            table.push(vec![
                Cell::word(&entry.place),
                field(entry, "waste_code"),
                entry.fields.get("period").or_else(|| entry.fields.get("year")).map_or(Cell::Blank, |p| Cell::word(p.clone())),
                tonnes(generated),
                tonnes(transferred),
                tonnes(residual.t),
                tonnes(residual.threshold),
                if residual.alarm { verdict(2, "alarm", text("不平衡", "out of balance")) } else { verdict(0, "ok", text("平衡", "in balance")) },
            ]);
        }
        self.close(table, "balance_alarms", text("物料不平衡", "Out of balance"), alarms);
        Ok(())
    }

    pub(super) fn storage(&mut self, entries: &[&Entry], columns: &BTreeSet<&str>) -> Result<(), Problems> {
        let days = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
        let limits = Limits { warn_d: days(whole(self.rules, "storage_warn_d")?), limit_d: days(whole(self.rules, "storage_limit_d")?) };
        let today = self.today;
        let mut table = Table::new(
            "storage",
            text("贮存时间", "Time in store"),
            words!(
                "算到 {today}；同一容器内先进先出，没有容器编码的按废物代码先进先出；出库量空白为未出库。",
                "Counted to {today}; first in, first out within a container, or within a waste where none is named; a blank amount removed is none."
            ),
            40,
            &[
                ("site", "单位", "site", ""),
                ("area", "贮存区域", "storage area", ""),
                ("code", "废物代码", "waste code", ""),
                ("container", "容器或批次", "container or batch", ""),
                ("since", "入库日期", "stored since", ""),
                ("left_t", "在库量", "left", "t"),
                ("age_d", "天数", "days", "d"),
                ("verdict", "结论", "verdict", ""),
            ],
        );
        let mut groups: BTreeMap<[String; 4], Ledger<'_>> = BTreeMap::new();
        for entry in entries {
            let Ok(Some(date)) = self.date(entry, "in_date", true) else { continue };
            let Some(t) = self.amount(entry, "in_t") else { continue };
            let out = if entry.values.iter().any(|f| f.item == "out_t") { self.amount(entry, "out_t") } else { Some(Decimal::ZERO) };
            let (Some(out), true) = (out, self.waste_code(entry)) else { continue };
            let said = |field: &str| entry.fields.get(field).cloned().unwrap_or_default();
            let key = [entry.place.clone(), said("area"), said("waste_code"), said("container")];
            let of = groups.entry(key).or_insert_with(|| (Vec::new(), Decimal::ZERO, entry));
            of.0.push(Lot { date, t });
            of.1 += out;
        }
        let (mut overdue, mut near) = (0, 0);
        let mut stored = InStore::default();
        for ([site, area, code, container], (lots, out, entry)) in groups {
            let left = match ages(&lots, out, today, limits) {
                Ok(left) => left,
                Err(told) => {
                    let key = [site, area, code, container].into_iter().filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ");
                    for problem in told {
                        self.refuse(entry, problem.key(key.clone()));
                    }
                    continue;
                }
            };
            if !left.is_empty() {
                stored.add(&site, &area, &code, entry);
            }
            for age in left {
                overdue += usize::from(age.stay == Stay::Overdue);
                near += usize::from(age.stay == Stay::Warn);
                table.push(vec![
                    Cell::word(&site),
                    if area.is_empty() { Cell::Blank } else { Cell::word(&area) },
                    Cell::word(&code),
                    Cell::word(&container),
                    Cell::word(age.lot.date.to_string()),
                    tonnes(age.lot.t),
                    Cell::Whole(i64::from(age.age_d)),
                    verdict(age.stay as usize, age.stay.word(), age.stay.title()),
                ]);
            }
        }
        self.close(table, "overdue", text("超期贮存批次", "Lots stored too long"), overdue);
        if let Some(fact) = self.facts.last_mut() {
            fact.note = words!("临近期限 {near} 批", "{near} near the limit");
        }
        if columns.contains("waste_code") {
            self.apart(&stored, columns.contains("area"));
        }
        Ok(())
    }

    pub(super) fn producers(&mut self, entries: &[&Entry], columns: &BTreeSet<&str>) -> Result<(), Problems> {
        let tells_of_facilities = columns.contains("own_facility");
        if !tells_of_facilities {
            self.assumed.push(text(
                "没有“自行利用处置设施”列：按没有自有设施、不持证理解；有的单位应为重点监管",
                "no column tells of facilities of their own: taken to have none and no licence; who has is a key producer",
            ));
        }
        let thresholds = Thresholds::of(self.rules)?;
        let mut table = Table::new(
            "producers",
            text("产废单位分类管理", "Classes of producers"),
            text(
                "取最近三年中最大的年产生量；自有利用处置设施或持证的为重点监管。",
                "By the largest of the last three years; a facility of its own or a licence makes a producer a key one.",
            ),
            40,
            &[
                ("site", "单位", "site", ""),
                ("years", "年份", "years", ""),
                ("largest_t", "最大年产生量", "largest year", "t"),
                ("own_facility", "自有设施或持证", "own facility", ""),
                ("class", "类别", "class", ""),
                ("report_months", "报告间隔（月）", "months between reports", "1"),
            ],
        );
        let mut groups: BTreeMap<String, (BTreeMap<i32, Decimal>, bool)> = BTreeMap::new();
        for entry in entries {
            let Some(year) = self.year(entry) else { continue };
            let own = entry.fields.get("own_facility").map(String::as_str).unwrap_or_default();
            let words = self.words;
            let own = match (words.means("yes", own), words.means("no", own)) {
                (_, true) => false,
                (true, _) => true,
                _ if !tells_of_facilities => false,
                _ => {
                    let problem = Problem::error(
                        "assess.yes_or_no",
                        words!("“{own}”不是“是”或“否”，该行未评价", "\"{own}\" is neither yes nor no, and the row was not judged"),
                    )
                    .column("own_facility")
                    .expect(text("是 或 否", "yes or no"))
                    .fix(text("写明是否自有利用处置设施或持证", "say whether it has a facility of its own or a licence"));
                    self.refuse(entry, problem);
                    continue;
                }
            };
            let Some(t) = self.amount(entry, "amount") else { continue };
            let of = groups.entry(entry.place.clone()).or_default();
            // Several wastes of one year add up.
            *of.0.entry(year).or_default() += t;
            of.1 |= own;
        }
        let mut key = 0;
        for (site, (years, own)) in groups {
            let last: Vec<(i32, Decimal)> = years.into_iter().rev().take(3).collect();
            let amounts: Vec<Decimal> = last.iter().map(|y| y.1).collect();
            let Some(class) = ProducerClass::of(&amounts, own, thresholds) else { continue };
            key += usize::from(class == ProducerClass::Key);
            let at = match class {
                ProducerClass::Registration => 0,
                ProducerClass::Simplified => 1,
                ProducerClass::Key => 2,
            };
            let mut named: Vec<String> = last.iter().map(|y| y.0.to_string()).collect();
            named.reverse();
            table.push(vec![
                Cell::word(&site),
                Cell::word(named.join(", ")),
                tonnes(amounts.iter().max().copied().unwrap_or_default()),
                Cell::Text(if own { text("是", "yes") } else { text("否", "no") }),
                verdict(at, class.word(), class.title()),
                Cell::Whole(i64::from(class.report_months())),
            ]);
        }
        let all = table.rows.len();
        self.facts.push(Fact {
            id: "key_producers",
            label: text("重点监管单位", "Key producers"),
            value: Text::same(format!("{key}/{all}")),
            json: json!({ "producers": all, "key": key }),
            note: text("按月报告", "they report monthly"),
            tone: Tone::Plain,
        });
        self.tables.push(table);
        Ok(())
    }

    pub(super) fn household(&mut self, entries: &[&Entry], columns: &BTreeSet<&str>) -> Result<(), Problems> {
        let sorted = columns.contains("sort");
        if !sorted {
            self.assumed.push(text(
                "没有“垃圾类别”列：清运量按去处理的总量（不含可回收物）理解",
                "no column tells classes: amounts are taken for all that was collected to be treated, recyclables aside",
            ));
        }
        let mut table = Table::new(
            "household",
            text("生活垃圾总量", "Household waste"),
            text(
                "口径：清运去处理的量（不含可回收物）；与上一年比，不增长即达到零增长。",
                "Basis: what was collected to be treated, recyclables aside; no growth over the year before is zero growth.",
            ),
            40,
            &[
                ("place", "地区", "place", ""),
                ("year", "年份", "year", ""),
                ("amount_t", "总量", "amount", "t"),
                ("all_four_t", "四类合计", "all four classes", "t"),
                ("growth_pct", "增长率", "growth", "%"),
                ("zero_growth", "零增长", "zero growth", ""),
            ],
        );
        let mut groups: BTreeMap<String, BTreeMap<i32, Collected>> = BTreeMap::new();
        for entry in entries {
            let Some(year) = self.year(entry) else { continue };
            let said = entry.fields.get("sort").map(String::as_str).unwrap_or_default();
            let sort = if sorted { Sort::ALL.into_iter().find(|s| self.words.means(s.word(), said)) } else { Some(Sort::Other) };
            let Some(sort) = sort else {
                let problem = Problem::error(
                    "assess.sort",
                    words!("垃圾类别“{said}”不认识，该行未评价", "the class of waste \"{said}\" is not known, and the row was not judged"),
                )
                .column("sort")
                .expect(text("可回收物、有害垃圾、易腐垃圾、其他垃圾", "recyclable, hazardous, perishable or other"))
                .fix(text("改正类别；只有总量时不写该列", "correct the class; leave the column out where there are only totals"));
                self.refuse(entry, problem);
                continue;
            };
            let Some(t) = self.amount(entry, "collected") else { continue };
            *groups.entry(entry.place.clone()).or_default().entry(year).or_default().0.entry(sort).or_default() += t;
        }
        let (mut growing, mut compared) = (0, 0);
        for (place, years) in groups {
            for (year, collected) in &years {
                let amount = collected.on(Basis::CollectedForTreatment);
                let growth = years.get(&(year - 1)).and_then(|before| growth_pct(before.on(Basis::CollectedForTreatment), amount));
                compared += usize::from(growth.is_some());
                growing += usize::from(growth.is_some_and(|g| g > Decimal::ZERO));
                let said = growth.map(|g| g <= Decimal::ZERO);
                table.push(vec![
                    Cell::word(&place),
                    Cell::Whole(i64::from(*year)),
                    tonnes(amount),
                    if sorted { tonnes(collected.on(Basis::AllFour)) } else { Cell::Blank },
                    Cell::number(growth.and_then(|g| g.to_f64()), 2),
                    Cell::Truth(
                        said,
                        match said {
                            Some(true) => text("达到", "attained"),
                            Some(false) => text("增长", "grew"),
                            None => text("无上年", "no year before"),
                        },
                    ),
                ]);
            }
        }
        let attained = compared - growing;
        self.facts.push(Fact {
            id: "zero_growth",
            label: text("零增长", "Zero growth"),
            value: Text::same(format!("{attained}/{compared}")),
            json: json!({ "compared": compared, "attained": attained }),
            note: text("可比的地区年", "years of places that can be compared"),
            tone: if compared == 0 {
                Tone::Open
            } else if growing == 0 {
                Tone::Good
            } else {
                Tone::Bad
            },
        });
        self.tables.push(table);
        Ok(())
    }
}
