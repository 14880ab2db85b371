//! Nesting of water units (汇水单元 in 流域单元 in 控制区): each belongs to one that exists, and what flows
//! down ends somewhere.

use std::collections::{BTreeMap, BTreeSet};

use liangshan_vocab::{Problem, Problems, words};

/// What a unit says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Its id.
    pub id: String,
    /// The unit of the level above that it belongs to, where the level is part of one.
    pub parent: Option<String>,
    /// The unit of its own level that it drains to; `None` where it leaves the region.
    pub downstream: Option<String>,
}

/// Every unit names a parent that is there; a level that is part of none needs no names.
pub fn parents_exist(layer: &str, units: &[Unit], above: &BTreeSet<&str>) -> Problems {
    let orphan = |unit: &&Unit| unit.parent.as_deref().is_none_or(|p| !above.contains(p));
    Problems(
        units
            .iter()
            .filter(orphan)
            .map(|unit| {
                let parent = unit.parent.as_deref().unwrap_or("–");
                Problem::error(
                    "water.unknown_parent",
                    words!("{layer} 的 {} 所属的上级单元 {parent} 不存在", "{} of {layer} belongs to {parent}, which is not there", unit.id),
                )
                .key(unit.id.as_str())
                .expect(words!("上一级图层中的标识", "an id of the layer above"))
                .fix(words!("改正所属上级单元", "correct the unit that it belongs to"))
            })
            .collect(),
    )
}

/// Going downstream from any unit ends at one that drains to none: the pointers make a forest. Each
/// cycle is told once, at its first unit by id.
pub fn downstream_ends(layer: &str, units: &[Unit]) -> Problems {
    let next: BTreeMap<&str, Option<&str>> = units.iter().map(|u| (u.id.as_str(), u.downstream.as_deref())).collect();
    let mut problems = Problems::new();
    let mut told: BTreeSet<&str> = BTreeSet::new();
    for (id, down) in &next {
        if let Some(down) = down.filter(|d| !next.contains_key(*d)) {
            problems.push(
                Problem::error(
                    "water.unknown_downstream",
                    words!("{layer} 的 {id} 的下游单元 {down} 不存在", "{id} of {layer} drains to {down}, which is not there"),
                )
                .key(*id)
                .expect(words!("同一图层中的标识，或空（流出区域）", "an id of the same layer, or nothing where it leaves the region")),
            );
        }
        let (mut way, mut at) = (vec![*id], *down);
        while let Some(unit) = at {
            if let Some(start) = way.iter().position(|w| *w == unit) {
                let first = way[start..].iter().min().copied().unwrap_or(unit);
                if told.insert(first) {
                    let cycle = way[start..].join(" → ");
                    problems.push(
                        Problem::error("water.cycle", words!("{layer} 的下游关系成环：{cycle}", "the units of {layer} drain in a circle: {cycle}"))
                            .key(first)
                            .expect(words!("没有环的下游关系", "downstream pointers without a circle")),
                    );
                }
                break;
            }
            way.push(unit);
            at = next.get(unit).copied().flatten();
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(id: &str, parent: &str, downstream: &str) -> Unit {
        let given = |s: &str| (!s.is_empty()).then(|| s.to_owned());
        Unit { id: id.into(), parent: given(parent), downstream: given(downstream) }
    }

    fn keys(problems: &Problems) -> Vec<(&str, &str)> {
        problems.iter().map(|p| (p.code.as_ref(), p.at.key.as_deref().unwrap_or(""))).collect()
    }

    #[test]
    fn a_unit_names_a_parent_that_is_there() {
        let units = [unit("L1", "K1", ""), unit("L2", "K9", ""), unit("L3", "", "")];
        let found = parents_exist("basin_unit", &units, &["K1", "K2"].into());
        assert_eq!(keys(&found), [("water.unknown_parent", "L2"), ("water.unknown_parent", "L3")]);
    }

    /// By hand: D → E → D is one circle, told once; C drains into it and is none; B drains to nowhere known.
    #[test]
    fn a_circle_is_told_once() {
        let units = [unit("A", "", "B"), unit("B", "", "X"), unit("C", "", "D"), unit("D", "", "E"), unit("E", "", "D")];
        assert_eq!(keys(&downstream_ends("control_zone", &units)), [("water.unknown_downstream", "B"), ("water.cycle", "D")]);
        assert!(downstream_ends("control_zone", &units[..0]).is_empty());
    }
}
