//! Atoms shared out to parts of their county: the zones and lines of a plan, and what lies outside them.
//!
//! An atom's quantity is a whole number, and so is its value. What each part has of the quantity is
//! known to a float from the same cells; here it becomes whole, and the parts add up to the atom to the
//! last unit and to the last fen. So any sum over the zones of a partition is the account's own.

use liangshan_vocab::{Fen, Problem, words};
use rust_decimal::Decimal;

use crate::change::{Factor, Parts, split, split_24};
use crate::valuation::{Amount, value};

/// What one part of a county has of an atom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// Its quantity.
    pub quantity: Amount,
    /// Its value; zero without a price.
    pub value: Fen,
}

/// Shares an amount out to parts of which each has `exact`, in the unit of the amount, before rounding.
///
/// Where the parts do not add up to the amount (it was rounded, cut to what was emitted, or freed of
/// what is counted twice), the difference is spread in proportion to their size; then each part is
/// rounded down and what is left goes one unit each to the largest remainders, the first of equals
/// first. A part that has nothing gets nothing.
///
/// # Errors
/// `pieces.no_ground` where an amount that is not zero meets parts that all have nothing, or one that is
/// no number; `amount.too_large`.
pub fn quantities(amount: Amount, exact: &[f64]) -> Result<Vec<Amount>, Problem> {
    let none = || Amount::zero(amount.decimals);
    let scale = 10f64.powi(amount.decimals as i32);
    let wanted: Vec<f64> = exact.iter().map(|e| e * scale).collect();
    let size: f64 = wanted.iter().map(|w| w.abs()).sum();
    if size == 0.0 && amount.units == 0 {
        return Ok(vec![none(); exact.len()]);
    }
    if size.is_nan() || size.is_infinite() || size == 0.0 {
        return Err(Problem::error("pieces.no_ground", words!("{amount} 没有可据以分区的格网", "no cell says where {amount} belong"))
            .expect(words!("至少一个部分有实物量", "a part that has some of it")));
    }
    let off = (amount.units as f64 - wanted.iter().sum::<f64>()) / size;
    let wanted: Vec<f64> = wanted.iter().map(|w| w + off * w.abs()).collect();
    let floors: Vec<i128> = wanted.iter().map(|w| w.floor() as i128).collect();
    let remainders: Vec<f64> = wanted.iter().zip(&floors).map(|(w, f)| w - *f as f64).collect();
    let mut order: Vec<usize> = (0..exact.len()).filter(|i| exact[*i] != 0.0).collect();
    order.sort_by(|a, b| remainders[*b].total_cmp(&remainders[*a]).then(a.cmp(b)));
    let units = levelled(amount.units, floors, &order);
    Ok(units.into_iter().map(|units| Amount { units, decimals: amount.decimals }).collect())
}

/// Adds to whole numbers, in an order that may be gone through again and again, until they add up.
fn levelled(total: i128, mut parts: Vec<i128>, order: &[usize]) -> Vec<i128> {
    let left = total - parts.iter().sum::<i128>();
    let count = order.len() as i128;
    let (each, more) = (left.div_euclid(count), left.rem_euclid(count));
    for (place, at) in (0_i128..).zip(order) {
        parts[*at] += each + i128::from(place < more);
    }
    parts
}

/// Shares a value out to the quantities of parts that make the quantity it is the value of: what each is
/// worth at the price, rounded down, and the fen that are left by the largest remainder. So a part's
/// value is within one fen of its quantity times the price.
///
/// # Errors
/// `value.too_large`.
pub fn values(worth: Fen, price: &Decimal, quantities: &[Amount]) -> Result<Vec<Fen>, Problem> {
    let price = price.normalize();
    let wide =
        || Problem::error("value.too_large", words!("单价 {price} 下的价值超出可表示范围", "a value at the price {price} is beyond what can be held exactly"));
    let mut exact = Vec::with_capacity(quantities.len());
    for quantity in quantities {
        let product = quantity.units.checked_mul(price.mantissa()).ok_or_else(wide)?;
        let places = quantity.decimals + price.scale();
        let (product, divisor) = match places.checked_sub(2) {
            Some(drop) => (product, 10i128.checked_pow(drop).ok_or_else(wide)?),
            None => (product.checked_mul(10i128.pow(2 - places)).ok_or_else(wide)?, 1),
        };
        exact.push((product.div_euclid(divisor), product.rem_euclid(divisor)));
    }
    let mut order: Vec<usize> = (0..quantities.len()).filter(|i| quantities[*i].units != 0).collect();
    if order.is_empty() {
        return Ok(vec![Fen::default(); quantities.len()]);
    }
    order.sort_by_key(|i| (std::cmp::Reverse(exact[*i].1), *i));
    let parts = levelled(worth.0, exact.iter().map(|e| e.0).collect(), &order);
    Ok(parts.into_iter().map(Fen).collect())
}

/// What a part's value follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum By {
    /// Its quantity: what was measured there, at the price.
    #[default]
    Quantity,
    /// Its weight: an amount counted for the whole county, whose unit may be coarse (a lot, ten thousand
    /// culms), is not measured anywhere, so its value is shared as its quantity is.
    Weight,
}

/// A value shared out.
fn worths(by: By, worth: Fen, price: &Decimal, shared: &[Amount], exact: &[f64]) -> Result<Vec<Fen>, Problem> {
    match by {
        By::Quantity => values(worth, price, shared),
        By::Weight => Ok(quantities(Amount { units: worth.0, decimals: 2 }, exact)?.into_iter().map(|a| Fen(a.units)).collect()),
    }
}

/// An atom's quantity and value shared out to parts.
///
/// # Errors
/// Those of [`quantities`] and [`values`].
pub fn pieces(by: By, quantity: Amount, price: Option<&Decimal>, worth: Fen, exact: &[f64]) -> Result<Vec<Piece>, Problem> {
    let shared = quantities(quantity, exact)?;
    let worths = match price {
        Some(price) => worths(by, worth, price, &shared, exact)?,
        None => vec![Fen::default(); exact.len()],
    };
    Ok(shared.into_iter().zip(worths).map(|(quantity, value)| Piece { quantity, value }).collect())
}

/// The change of one part of a county, in one indicator and ecosystem type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PieceChange {
    /// Its value in the earlier year.
    pub before: Fen,
    /// Its value in the later year.
    pub after: Fen,
    /// What made the difference; they add up to it.
    pub parts: Parts,
}

/// Splits the change of an atom's parts into its causes, as [`crate::change::split_atoms`] splits the
/// atom's own. `runs` holds, for each of the eight mixtures of weather, land cover and the rest, the
/// atom's quantity and what each part has of it; `None` where the mixture has no such atom.
///
/// Each part's causes add up to its change, and each cause of the parts adds up to the atom's: fen that
/// rounding would leave over are moved between two causes of the part that is closest to them.
///
/// # Errors
/// Those of [`quantities`] and [`values`].
pub fn split_pieces(by: By, count: usize, runs: &[Option<(Amount, Vec<f64>)>; 8], early: &Decimal, late: &Decimal) -> Result<Vec<PieceChange>, Problem> {
    let mut whole = [Fen::default(); 16];
    let mut shared: Vec<[Fen; 16]> = vec![[Fen::default(); 16]; count];
    for (set, slot) in whole.iter_mut().enumerate() {
        let run = (set & 1) | (set >> 1 & 2) | (set >> 1 & 4);
        let price = if set & 2 == 0 { early } else { late };
        let Some((quantity, exact)) = &runs[run] else { continue };
        *slot = value(quantity, price)?;
        for (part, worth) in shared.iter_mut().zip(worths(by, *slot, price, &quantities(*quantity, exact)?, exact)?) {
            part[set] = worth;
        }
    }
    let wanted = split(&whole);
    let mut parts: Vec<Parts> = shared.iter().map(split).collect();
    let exact: Vec<[i128; 4]> = shared.iter().map(split_24).collect();
    for factor in 0..4 {
        // Differences of all causes add up to nothing, so every surplus has its lack.
        while wanted.0[factor].0 > parts.iter().map(|p| p.0[factor].0).sum::<i128>() {
            let Some(other) = (0..4).find(|g| wanted.0[*g].0 < parts.iter().map(|p| p.0[*g].0).sum::<i128>()) else { break };
            let gain = |i: &usize| exact[*i][factor] - 24 * parts[*i].0[factor].0 - (exact[*i][other] - 24 * parts[*i].0[other].0);
            let Some(at) = (0..count).max_by_key(|i| (gain(i), std::cmp::Reverse(*i))) else { break };
            parts[at].0[factor] += Fen(1);
            parts[at].0[other] += Fen(-1);
        }
    }
    Ok(shared.iter().zip(parts).map(|(values, parts)| PieceChange { before: values[0], after: values[15], parts }).collect())
}

/// The change of what lies on some ground inside one part, such as the sites of an office's projects in
/// one of its zones. `runs` is what [`split_pieces`] was given, `part` the part's number there, `inside`
/// what the ground has of it in each mixture, in the unit of the amount; ground that overlaps counts once.
///
/// In every mixture the part's own whole quantity and value are shared between the ground and what is
/// left of the part, and then the causes are split. So nothing that was told of the part changes, and
/// what is left for the outside is the part's less this, to the fen ([`without`]).
///
/// # Errors
/// Those of [`quantities`] and [`values`].
pub fn split_inside(
    by: By,
    part: usize,
    runs: &[Option<(Amount, Vec<f64>)>; 8],
    inside: &[f64; 8],
    early: &Decimal,
    late: &Decimal,
) -> Result<PieceChange, Problem> {
    let mut within = [Fen::default(); 16];
    for (set, slot) in within.iter_mut().enumerate() {
        let run = (set & 1) | (set >> 1 & 2) | (set >> 1 & 4);
        let price = if set & 2 == 0 { early } else { late };
        let Some((quantity, exact)) = &runs[run] else { continue };
        let shared = quantities(*quantity, exact)?;
        let worth = worths(by, value(quantity, price)?, price, &shared, exact)?;
        let (Some(own), Some(worth), Some(all)) = (shared.get(part), worth.get(part), exact.get(part)) else { continue };
        let left = all - inside[run];
        // The ground that is all of the part leaves nothing but the rounding of its outline.
        let left = if left.abs() <= all.abs() * 1e-9 { 0.0 } else { left };
        let halves = [inside[run], left];
        *slot = worths(by, *worth, price, &quantities(*own, &halves)?, &halves)?[0];
    }
    Ok(PieceChange { before: within[0], after: within[15], parts: split(&within) })
}

/// What is left of a part's change without that of some ground inside it; both add up to it, cause by cause.
pub fn without(whole: &PieceChange, inside: &PieceChange) -> PieceChange {
    let mut parts = whole.parts;
    for factor in Factor::ALL {
        parts.add_to(factor, Fen(0) - inside.parts.of(factor));
    }
    PieceChange { before: whole.before - inside.before, after: whole.after - inside.after, parts }
}

/// The sum of changes.
pub fn sum_of<'c>(changes: impl IntoIterator<Item = &'c PieceChange>) -> PieceChange {
    let mut out = PieceChange { before: Fen(0), after: Fen(0), parts: Parts::default() };
    for change in changes {
        out.before += change.before;
        out.after += change.after;
        for factor in Factor::ALL {
            out.parts.add_to(factor, change.parts.of(factor));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::price::decimal;
    use proptest::prelude::*;

    fn units(amount: &str, decimals: u32, exact: &[f64]) -> Vec<i128> {
        quantities(Amount::parse(amount, decimals).unwrap(), exact).unwrap().into_iter().map(|a| a.units).collect()
    }

    /// By hand: 3.4, 3.4 and 3.2 make 10; 4 units are left of 3, 3, 3 after one, to the first of 0.4.
    #[test]
    fn parts_add_up_by_the_largest_remainder() {
        assert_eq!(units("10", 0, &[3.4, 3.4, 3.2]), [4, 3, 3]);
        assert_eq!(units("10", 0, &[3.2, 3.4, 3.4]), [3, 4, 3]);
        assert_eq!(units("1.0", 1, &[0.25, 0.0, 0.75]), [3, 0, 7]);
        assert_eq!(units("0", 0, &[0.0, 0.0]), [0, 0]);
    }

    /// By hand: town cells that lose water: +5.6 and −3.2 make 2.4, rounded 2; the −0.4 are spread by
    /// size: 5.6 − 0.4·5.6/8.8 = 5.345, −3.2 − 0.4·3.2/8.8 = −3.345; down 5 and −4, one left to −3.345
    /// whose remainder 0.655 is the larger.
    #[test]
    fn parts_may_be_below_zero() {
        assert_eq!(units("2", 0, &[5.6, -3.2]), [5, -3]);
        assert_eq!(units("-3", 0, &[-1.5, -1.5]), [-1, -2]);
    }

    /// By hand: a capacity of 6 and 4 cut to an emission of 5.
    #[test]
    fn an_amount_that_was_cut_is_shared_in_proportion() {
        assert_eq!(units("5", 0, &[6.0, 4.0]), [3, 2]);
        assert_eq!(quantities(Amount { units: 5, decimals: 0 }, &[0.0, 0.0]).unwrap_err().code, "pieces.no_ground");
        assert_eq!(quantities(Amount { units: 5, decimals: 0 }, &[f64::NAN]).unwrap_err().code, "pieces.no_ground");
    }

    /// By hand: 3 and 7 m³ at 0.125 yuan are 37.5 and 87.5 fen, together 125; the odd fen to the first.
    #[test]
    fn values_add_up_to_the_fen() {
        let amount = |units| Amount { units, decimals: 0 };
        let price = decimal("0.125").unwrap();
        assert_eq!(values(Fen(125), &price, &[amount(3), amount(7)]).unwrap(), [Fen(38), Fen(87)]);
        assert_eq!(values(Fen(0), &price, &[amount(0)]).unwrap(), [Fen(0)]);
        let whole = pieces(By::Quantity, amount(10), Some(&price), Fen(125), &[3.0, 7.0]).unwrap();
        assert_eq!(whole.iter().map(|p| p.value.0).sum::<i128>(), 125);
        assert_eq!(pieces(By::Quantity, amount(10), None, Fen(0), &[3.0, 7.0]).unwrap()[1], Piece { quantity: amount(7), value: Fen(0) });
    }

    /// By hand: one lot worth 10.00 yuan on 3 and 1 ha: the lot is not cut, its value is: 7.50 and 2.50.
    #[test]
    fn what_was_counted_for_the_county_is_shared_by_weight() {
        let lot = Amount { units: 1, decimals: 0 };
        let made = pieces(By::Weight, lot, Some(&decimal("10").unwrap()), Fen(1000), &[3.0, 1.0]).unwrap();
        assert_eq!(made.iter().map(|p| (p.quantity.units, p.value.0)).collect::<Vec<_>>(), [(1, 750), (0, 250)]);
    }

    /// By hand: a zone has 12 t of a county's 112 t, 5 t of them on the site of a project. The later map
    /// leaves the zone 8 t and the site 2 t; the price goes from 1 to 2 yuan. Land cover of the zone is
    /// (8 − 12) × (1 + 2)/2 = −6.00 yuan, of the site (2 − 5) × 1.5 = −4.50, outside the site −1.50; prices
    /// of the zone (12 + 8)/2 × 1 = 10.00, of the site (5 + 2)/2 × 1 = 3.50.
    #[test]
    fn the_site_of_a_project_has_its_part_of_land_cover() {
        let later = |run: usize| run & 2 != 0;
        let amount = |t: f64| Amount::round(t, 1).unwrap();
        let runs: [Option<(Amount, Vec<f64>)>; 8] = std::array::from_fn(|run| {
            let zone = if later(run) { 8.0 } else { 12.0 };
            Some((amount(zone + 100.0), vec![100.0, zone]))
        });
        let inside: [f64; 8] = std::array::from_fn(|run| if later(run) { 2.0 } else { 5.0 });
        let (early, late) = (decimal("1").unwrap(), decimal("2").unwrap());
        let zone = split_pieces(By::Quantity, 2, &runs, &early, &late).unwrap()[1];
        let site = split_inside(By::Quantity, 1, &runs, &inside, &early, &late).unwrap();
        assert_eq!((zone.before, zone.after, zone.parts.0), (Fen(1200), Fen(1600), [Fen(0), Fen(1000), Fen(-600), Fen(0)]));
        assert_eq!((site.before, site.after, site.parts.0), (Fen(500), Fen(400), [Fen(0), Fen(350), Fen(-450), Fen(0)]));
        assert_eq!(without(&zone, &site).parts.0, [Fen(0), Fen(650), Fen(-150), Fen(0)]);
        // A site that is all of the zone has all of it, one that has nothing of it nothing.
        let all: [f64; 8] = std::array::from_fn(|run| runs[run].as_ref().unwrap().1[1] * (1.0 + 1e-12));
        assert_eq!(split_inside(By::Quantity, 1, &runs, &all, &early, &late).unwrap(), zone);
        let none = split_inside(By::Quantity, 1, &runs, &[0.0; 8], &early, &late).unwrap();
        assert_eq!((none.before, none.after, none.parts), (Fen(0), Fen(0), Parts::default()));
    }

    proptest! {
        /// Weather, prices, land cover outside the ground, land cover inside it and the rest are the change.
        #[test]
        fn ground_inside_a_part_and_what_is_left_add_up_to_it(
            runs in prop::array::uniform8(prop::collection::vec(0.0_f64..1e5, 3)), shares in prop::array::uniform8(0.0_f64..=1.0),
            early in 1_i64..1000, late in 1_i64..1000, weight in any::<bool>(), part in 0_usize..3,
        ) {
            let by = if weight { By::Weight } else { By::Quantity };
            let inside: [f64; 8] = std::array::from_fn(|run| runs[run][part] * shares[run]);
            let runs: [Option<(Amount, Vec<f64>)>; 8] = runs.map(|exact| Some((Amount::round(exact.iter().sum(), 0).unwrap(), exact)));
            let (early, late) = (Decimal::new(early, 3), Decimal::new(late, 3));
            let whole = split_pieces(by, 3, &runs, &early, &late).unwrap()[part];
            let own = split_inside(by, part, &runs, &inside, &early, &late).unwrap();
            let left = without(&whole, &own);
            prop_assert_eq!(own.parts.sum(), own.after - own.before);
            prop_assert_eq!(left.parts.sum(), left.after - left.before);
            let of = |factor| whole.parts.of(factor);
            let causes = of(Factor::Weather) + of(Factor::Price) + left.parts.of(Factor::LandCover) + own.parts.of(Factor::LandCover) + of(Factor::Rest);
            prop_assert_eq!(causes, whole.after - whole.before);
        }

        #[test]
        fn parts_always_add_up_and_are_within_a_unit_of_their_share(
            exact in prop::collection::vec(-1e6_f64..1e6, 1..9), price in 1_i64..100_000, decimals in 0_u32..4,
        ) {
            let amount = Amount::round(exact.iter().sum(), decimals).unwrap();
            prop_assume!(exact.iter().any(|e| *e != 0.0));
            let shared = quantities(amount, &exact).unwrap();
            prop_assert_eq!(shared.iter().map(|a| a.units).sum::<i128>(), amount.units);
            let scale = 10f64.powi(decimals as i32);
            for (part, exact) in shared.iter().zip(&exact) {
                prop_assert!((part.units as f64 - exact * scale).abs() < 1.5 + 1e-6, "{part} {exact}");
            }
            let price = Decimal::new(price, 3);
            let worth = value(&amount, &price).unwrap();
            let worths = values(worth, &price, &shared).unwrap();
            prop_assert_eq!(worths.iter().map(|f| f.0).sum::<i128>(), worth.0);
            for (own, quantity) in worths.iter().zip(&shared) {
                prop_assert!((own.0 - value(quantity, &price).unwrap().0).abs() <= 1);
            }
        }

        /// The parts of every part add up to its change, and every cause over the parts to the whole's.
        #[test]
        fn causes_add_up_both_ways(
            runs in prop::array::uniform8(prop::collection::vec(0.0_f64..1e5, 3)), early in 1_i64..1000, late in 1_i64..1000, weight in any::<bool>(),
        ) {
            let by = if weight { By::Weight } else { By::Quantity };
            let runs: [Option<(Amount, Vec<f64>)>; 8] = runs.map(|exact| Some((Amount::round(exact.iter().sum(), 0).unwrap(), exact)));
            let (early, late) = (Decimal::new(early, 3), Decimal::new(late, 3));
            let changes = split_pieces(by, 3, &runs, &early, &late).unwrap();
            for change in &changes {
                prop_assert_eq!(change.parts.sum(), change.after - change.before);
            }
            let whole: [Fen; 16] = std::array::from_fn(|set| {
                let run = (set & 1) | (set >> 1 & 2) | (set >> 1 & 4);
                value(&runs[run].as_ref().unwrap().0, if set & 2 == 0 { &early } else { &late }).unwrap()
            });
            let wanted = split(&whole);
            for factor in Factor::ALL {
                prop_assert_eq!(sum_of(&changes).parts.of(factor), wanted.of(factor));
            }
        }
    }
}
