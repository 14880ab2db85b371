//! Between whom emission rights may be traded: inside one basin, never up past a failing section; air inside one
//! province. `rights.md` section 2, a design.

use std::collections::{BTreeMap, BTreeSet};

use liangshan_vocab::{Problem, Text, text, words};

/// Whether a right is one to pollute water or air.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Medium {
    /// COD, NH3-N and others of water.
    Water,
    /// SO2, NOx and others of air.
    Air,
}

/// Where one side of a trade is; what is not known is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Side {
    /// Province.
    pub province: String,
    /// Basin, for water.
    pub basin: String,
    /// Unit of the basin, for water.
    pub unit: String,
}

/// A river as units that drain into each other, and those whose outlet section fails its target.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct River {
    /// A unit to the one it drains to; the last to nothing.
    pub downstream: BTreeMap<String, Option<String>>,
    /// Units whose outlet section fails.
    pub failing: BTreeSet<String>,
}

/// What is said of a trade.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowed {
    /// `None` where something that decides is not known: then it is not allowed yet.
    pub allowed: Option<bool>,
    /// Why not, or what is not known.
    pub why: Vec<Text>,
}

/// May the buyer take the seller's right? Air: both in one province. Water: both in one basin, and not a buyer
/// upstream of a failing section from a seller downstream of it. A unit lies upstream of its own outlet section.
///
/// # Errors
/// `rights.circle` when the units drain in a circle; `rights.no_unit` for one that the river does not have.
pub fn may_trade(medium: Medium, seller: &Side, buyer: &Side, river: &River) -> Result<Allowed, Problem> {
    let (mut why, mut refused, mut open) = (Vec::new(), false, false);
    let mut same = |one: &str, other: &str, unknown: Text, apart: Text| match (one.is_empty() || other.is_empty(), one == other) {
        (true, _) => {
            open = true;
            why.push(unknown);
        }
        (false, false) => {
            refused = true;
            why.push(apart);
        }
        _ => {}
    };
    match medium {
        Medium::Air => same(
            &seller.province,
            &buyer.province,
            text("买卖一方的省份未知", "the province of one side is not known"),
            text("大气污染物只在省内交易", "rights to pollute the air are traded inside the province"),
        ),
        Medium::Water => same(
            &seller.basin,
            &buyer.basin,
            text("买卖一方的流域未知", "the basin of one side is not known"),
            text("水污染物只在同一流域内交易", "rights to pollute water are traded inside one basin"),
        ),
    }
    if medium == Medium::Water && !refused && !river.failing.is_empty() {
        if seller.unit.is_empty() || buyer.unit.is_empty() {
            open = true;
            why.push(text("有断面不达标，而买卖一方所在单元未知", "sections fail, and the unit of one side is not known"));
        } else {
            let (from_buyer, from_seller) = (way(river, &buyer.unit)?, way(river, &seller.unit)?);
            for failing in &river.failing {
                known(river, failing)?;
                let passes = |way: &[&str]| way.contains(&failing.as_str());
                // Downstream of the section: its water has passed it, so the failing unit's way leads there.
                let below = !passes(&from_seller) && way(river, failing)?.contains(&seller.unit.as_str());
                if passes(&from_buyer) && below {
                    refused = true;
                    why.push(words!(
                        "买方在不达标断面（单元 {failing}）上游，卖方在其下游",
                        "the buyer lies upstream and the seller downstream of the failing section of unit {failing}"
                    ));
                }
            }
        }
    }
    Ok(Allowed { allowed: if refused { Some(false) } else { (!open).then_some(true) }, why })
}

fn known<'r>(river: &'r River, unit: &str) -> Result<(&'r str, Option<&'r str>), Problem> {
    let found = river.downstream.get_key_value(unit).map(|(unit, next)| (unit.as_str(), next.as_deref()));
    found.ok_or_else(|| {
        Problem::error("rights.no_unit", words!("没有单元“{unit}”", "there is no unit \"{unit}\""))
            .key(unit)
            .expect(words!("downstream 中的单元", "a unit of downstream"))
            .fix(words!("补上该单元及其下游，或改正名称", "add the unit with the one it drains to, or correct its name"))
    })
}

/// A unit and all that its water passes.
fn way<'r>(river: &'r River, from: &str) -> Result<Vec<&'r str>, Problem> {
    let mut way = Vec::new();
    let mut here = Some(known(river, from)?);
    while let Some((unit, next)) = here {
        if way.contains(&unit) {
            return Err(Problem::error("rights.circle", words!("自“{from}”起的下游关系成环", "from \"{from}\" the units drain in a circle"))
                .key(from)
                .expect(words!("没有环的下游关系", "downstream pointers without a circle"))
                .fix(words!("核对下游单元", "check the units they drain to")));
        }
        way.push(unit);
        here = next.map(|next| known(river, next)).transpose()?;
    }
    Ok(way)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(unit: &str) -> Side {
        Side { province: "浙江".into(), basin: "钱塘江".into(), unit: unit.into() }
    }

    /// A and T drain to B, B to C, C away; the outlet section of B fails.
    fn river() -> River {
        let downstream = [("A", Some("B")), ("T", Some("B")), ("B", Some("C")), ("C", None)].map(|(unit, next)| (unit.to_owned(), next.map(str::to_owned)));
        River { downstream: downstream.into(), failing: ["B".to_owned()].into() }
    }

    #[test]
    fn never_up_past_a_failing_section() {
        let water = |seller: &str, buyer: &str| may_trade(Medium::Water, &side(seller), &side(buyer), &river()).unwrap().allowed;
        assert_eq!(water("C", "A"), Some(false), "from below to above");
        assert_eq!(water("C", "B"), Some(false), "a unit lies above its own outlet");
        assert_eq!(water("A", "C"), Some(true), "down the river");
        assert_eq!(water("T", "A"), Some(true), "both above it");
        assert_eq!(water("", "A"), None);
        let fine = River { failing: BTreeSet::new(), ..river() };
        assert_eq!(may_trade(Medium::Water, &side("C"), &side("A"), &fine).unwrap().allowed, Some(true));
        let other = Side { basin: "瓯江".into(), ..side("C") };
        assert_eq!(may_trade(Medium::Water, &other, &side("A"), &river()).unwrap().allowed, Some(false));
        assert_eq!(may_trade(Medium::Air, &other, &side("A"), &river()).unwrap().allowed, Some(true), "air: one province");
        assert_eq!(may_trade(Medium::Air, &Side::default(), &side("A"), &river()).unwrap().allowed, None);
        assert_eq!(may_trade(Medium::Water, &side("X"), &side("A"), &river()).unwrap_err().code, "rights.no_unit");
        let mut round = river();
        round.downstream.insert("C".into(), Some("A".into()));
        assert_eq!(may_trade(Medium::Water, &side("C"), &side("A"), &round).unwrap_err().code, "rights.circle");
    }
}
