//! Household waste: what a city collected, whether it grew, and whether what a facility received is
//! what the lorries brought.

use std::collections::BTreeMap;

use liangshan_vocab::{Problem, Text, text, words};
use rust_decimal::Decimal;

use super::rules::threshold;
use crate::standard::Standard;

/// The classes of sorted household waste (Zhejiang; general knowledge, text not read).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sort {
    /// 可回收物.
    Recyclable,
    /// 有害垃圾.
    Hazardous,
    /// 易腐垃圾.
    Perishable,
    /// 其他垃圾.
    Other,
}

impl Sort {
    /// All four.
    pub const ALL: [Sort; 4] = [Sort::Recyclable, Sort::Hazardous, Sort::Perishable, Sort::Other];

    /// The word in files.
    pub fn word(self) -> &'static str {
        match self {
            Sort::Recyclable => "recyclable",
            Sort::Hazardous => "hazardous",
            Sort::Perishable => "perishable",
            Sort::Other => "other",
        }
    }

    /// The word for people.
    pub fn title(self) -> Text {
        match self {
            Sort::Recyclable => text("可回收物", "recyclable waste"),
            Sort::Hazardous => text("有害垃圾", "hazardous household waste"),
            Sort::Perishable => text("易腐垃圾", "perishable waste"),
            Sort::Other => text("其他垃圾", "other waste"),
        }
    }
}

/// What a city's amount of waste is made of. One basis is chosen for all years that are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Basis {
    /// What was collected to be treated: all but what is recycled.
    #[default]
    CollectedForTreatment,
    /// All four classes.
    AllFour,
}

impl Basis {
    /// True when the class is part of the amount.
    pub fn counts(self, sort: Sort) -> bool {
        self == Basis::AllFour || sort != Sort::Recyclable
    }
}

/// The amount of a year by class, t.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Collected(pub BTreeMap<Sort, Decimal>);

impl Collected {
    /// The amount on a basis, t.
    pub fn on(&self, basis: Basis) -> Decimal {
        self.0.iter().filter(|(sort, _)| basis.counts(**sort)).map(|(_, t)| t).sum()
    }

    /// What was reused, as a share of all four, %: recyclables and the perishable waste that was
    /// made use of. `None` when nothing was collected.
    pub fn reuse_pct(&self, perishable_used_t: Decimal) -> Option<Decimal> {
        let reused = self.0.get(&Sort::Recyclable).copied().unwrap_or_default() + perishable_used_t;
        (reused * Decimal::ONE_HUNDRED).checked_div(self.on(Basis::AllFour))
    }
}

/// Growth of the amount from one year to the next, %; `None` when there was none before.
///
/// Zero growth (总量零增长) is attained when it is not above zero.
pub fn growth_pct(previous_t: Decimal, year_t: Decimal) -> Option<Decimal> {
    ((year_t - previous_t) * Decimal::ONE_HUNDRED).checked_div(previous_t)
}

/// A weighing on the way of household waste.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weighing {
    /// The lorry's trip.
    pub trip: String,
    /// Where it was weighed.
    pub at: String,
    /// What it carried.
    pub sort: Sort,
    /// Net weight, t.
    pub t: Decimal,
}

/// One leg of the chain: what was weighed where it left and where it arrived.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Leg {
    /// Weighed on leaving.
    pub left: Vec<Weighing>,
    /// Weighed on arriving.
    pub arrived: Vec<Weighing>,
}

/// The share that a load may differ by between two weighbridges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowed {
    /// Of any waste, either way.
    pub share: Decimal,
    /// What perishable waste may lose besides: water.
    pub water_share: Decimal,
}

impl Allowed {
    /// What a standard of `waste/rules` allows.
    ///
    /// # Errors
    /// What the standard lacks.
    pub fn of(rules: &Standard) -> Result<Self, Problem> {
        Ok(Self { share: threshold(rules, "trip_share")?, water_share: threshold(rules, "trip_water_share")? })
    }

    fn agree(&self, sort: Sort, left: Decimal, arrived: Decimal) -> bool {
        let water = if sort == Sort::Perishable { self.water_share } else { Decimal::ZERO };
        left - arrived <= (self.share + water) * left && arrived - left <= self.share * left
    }
}

/// Holds a leg's arrivals against its departures, trip by trip.
///
/// The findings are warnings: `waste.trip_lost` (left and never arrived), `waste.trip_unknown`
/// (arrived and never left), `waste.trip_sort` (a trip with two classes), `waste.trip_weight`
/// (differs by more than allowed). They come in the order of the trips' names.
pub fn hold(leg: &Leg, allowed: &Allowed) -> Vec<Problem> {
    let (left, mut findings) = by_trip(&leg.left);
    let (arrived, mixed) = by_trip(&leg.arrived);
    findings.extend(mixed);
    for (trip, (sort, t)) in &left {
        match arrived.get(trip) {
            None => findings.push(lost(trip, *t)),
            Some((other, _)) if other != sort => findings.push(two_sorts(trip, *sort, *other)),
            Some((_, got)) if !allowed.agree(*sort, *t, *got) => findings.push(unequal(trip, *t, *got)),
            Some(_) => {}
        }
    }
    findings.extend(arrived.iter().filter(|(trip, _)| !left.contains_key(*trip)).map(|(trip, (_, t))| unknown(trip, *t)));
    findings
}

/// Class and weight of each trip, and a finding for each that carried two classes.
fn by_trip(weighings: &[Weighing]) -> (BTreeMap<&str, (Sort, Decimal)>, Vec<Problem>) {
    let mut trips: BTreeMap<&str, (Sort, Decimal)> = BTreeMap::new();
    let mut findings = Vec::new();
    for weighing in weighings {
        let (sort, t) = trips.entry(&weighing.trip).or_insert((weighing.sort, Decimal::ZERO));
        *t += weighing.t;
        if *sort != weighing.sort {
            findings.push(two_sorts(&weighing.trip, *sort, weighing.sort));
        }
    }
    (trips, findings)
}

fn lost(trip: &str, t: Decimal) -> Problem {
    Problem::warning("waste.trip_lost", words!("车次 {trip} 载 {t} t 离开，未见到达", "trip {trip} left with {t} t and never arrived"))
        .key(trip)
        .fix(text("核对车辆轨迹与设施地磅记录", "look at the lorry's track and the weighbridge of the facility"))
}

fn unknown(trip: &str, t: Decimal) -> Problem {
    Problem::warning("waste.trip_unknown", words!("车次 {trip} 到达 {t} t，没有出发记录", "trip {trip} arrived with {t} t and nobody saw it leave"))
        .key(trip)
        .fix(text("补录出发称重，或查明来源", "enter where it was loaded, or find out where it came from"))
}

fn two_sorts(trip: &str, one: Sort, other: Sort) -> Problem {
    let (one, other) = (one.title(), other.title());
    Problem::warning(
        "waste.trip_sort",
        Text::of(format!("车次 {trip} 混装{}与{}", one.zh, other.zh), format!("trip {trip} carried {} and {}", one.en, other.en)),
    )
    .key(trip)
    .fix(text("一车只装一类", "one class a lorry"))
}

fn unequal(trip: &str, left: Decimal, got: Decimal) -> Problem {
    Problem::warning("waste.trip_weight", words!("车次 {trip} 出发 {left} t，到达 {got} t", "trip {trip} left with {left} t and arrived with {got} t"))
        .key(trip)
        .fix(text("核对两处地磅，或说明途中损失", "check both weighbridges, or say what was lost on the way"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn t(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn weighed(trip: &str, sort: Sort, amount: &str) -> Weighing {
        Weighing { trip: trip.into(), at: "weighbridge".into(), sort, t: t(amount) }
    }

    fn three_percent() -> Allowed {
        Allowed { share: t("0.03"), water_share: Decimal::ZERO }
    }

    /// By hand: of 2 t the weighbridges may differ by 0.06 either way, and perishable waste may lose 0.1 more.
    #[test]
    fn only_perishable_waste_loses_water() {
        let allowed = Allowed { share: t("0.03"), water_share: t("0.05") };
        let found = |sort: Sort, arrived: &str| {
            let leg = Leg { left: vec![weighed("1", sort, "2")], arrived: vec![weighed("1", sort, arrived)] };
            hold(&leg, &allowed).len()
        };
        assert_eq!(["1.84", "1.83", "2.06", "2.07"].map(|t| found(Sort::Perishable, t)), [0, 1, 0, 1]);
        assert_eq!(["1.94", "1.93", "2.06", "2.07"].map(|t| found(Sort::Other, t)), [0, 1, 0, 1]);
        let shipped = Allowed::of(crate::standard::shipped().latest("waste", "rules").unwrap()).unwrap();
        assert_eq!(shipped, allowed);
    }

    /// By hand: 30 + 1 + 20 + 49 = 100 t, of which 70 are collected for treatment; (30 + 10)/100 = 40 %.
    #[test]
    fn amounts_by_basis_and_reuse() {
        let year = Collected([(Sort::Recyclable, t("30")), (Sort::Hazardous, t("1")), (Sort::Perishable, t("20")), (Sort::Other, t("49"))].into());
        assert_eq!((year.on(Basis::AllFour), year.on(Basis::default())), (t("100"), t("70")));
        assert_eq!(year.reuse_pct(t("10")), Some(t("40")));
        assert_eq!(Collected::default().reuse_pct(t("0")), None);
    }

    #[test]
    fn no_growth_at_all_attains_and_none_before_is_no_number() {
        assert_eq!(growth_pct(t("5"), t("5")), Some(Decimal::ZERO));
        assert_eq!(growth_pct(t("0"), t("5")), None);
    }

    #[test]
    fn every_break_of_the_chain_is_told() {
        let leg = Leg {
            left: vec![
                weighed("1", Sort::Other, "5"),
                weighed("2", Sort::Perishable, "4"),
                weighed("3", Sort::Other, "6"),
                weighed("5", Sort::Perishable, "2"),
            ],
            arrived: vec![
                weighed("1", Sort::Other, "4.9"),
                weighed("2", Sort::Other, "4"),
                weighed("4", Sort::Other, "1"),
                weighed("5", Sort::Perishable, "1.8"),
            ],
        };
        let codes: Vec<_> = hold(&leg, &three_percent()).into_iter().map(|p| (p.code.into_owned(), p.at.key.unwrap_or_default())).collect();
        let expected = [("waste.trip_sort", "2"), ("waste.trip_lost", "3"), ("waste.trip_weight", "5"), ("waste.trip_unknown", "4")];
        assert_eq!(codes, expected.map(|(c, k)| (c.to_owned(), k.to_owned())));
    }

    proptest! {
        /// The same weighings in any order give the same findings.
        #[test]
        fn order_does_not_show(seed in prop::collection::vec((0u8..6, 0usize..4, 1i64..900), 0..20), turn in 0usize..20) {
            let all: Vec<Weighing> = seed.iter().map(|(trip, sort, kg)| Weighing {
                trip: trip.to_string(), at: "w".into(), sort: Sort::ALL[*sort], t: Decimal::new(*kg, 3),
            }).collect();
            let sorts: BTreeMap<u8, usize> = seed.iter().map(|(trip, sort, _)| (*trip, *sort)).collect();
            let pure: Vec<Weighing> = all.into_iter().filter(|w| w.sort == Sort::ALL[sorts[&w.trip.parse::<u8>().unwrap()]]).collect();
            let (mut a, b) = (pure.clone(), pure);
            let middle = turn.min(a.len());
            a.rotate_left(middle);
            let left = |list: &[Weighing]| -> Vec<Weighing> { list.iter().filter(|w| w.t < Decimal::new(450, 3)).cloned().collect() };
            let right = |list: &[Weighing]| -> Vec<Weighing> { list.iter().filter(|w| w.t >= Decimal::new(450, 3)).cloned().collect() };
            let one = hold(&Leg { left: left(&a), arrived: right(&a) }, &three_percent());
            let other = hold(&Leg { left: left(&b), arrived: right(&b) }, &three_percent());
            prop_assert_eq!(one, other);
        }
    }
}
