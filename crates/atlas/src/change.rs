//! What changed from one year to the next, by its causes: the quantities of every mixture of the two
//! years' weather, ecosystem map and the rest are made or found again, and the change of every atom is
//! split by `accounts::change`.

use std::collections::{BTreeMap, HashMap};

use liangshan_accounts::Atom;
use liangshan_accounts::change::{Change, split_atoms};
use liangshan_store::Blobs;
use liangshan_vocab::{Digest, Problem, Problems, text, words};

use crate::assemble::{Assembled, YearSums, atoms_of};
use crate::book::{Hooks, Prepared, Stage, Wanted, compute, stopped};
use crate::kept;
use crate::plan::{Mixture, YearPlan};
use crate::task::Sums;
use crate::whole::cannot_write;
use crate::zones::kept::Found;
use crate::zones::statement::{Divider, Exact, Key, ZoneChange, change as by_zone};

/// Splits the change between every two years that follow each other. A change that cannot be split,
/// such as where one year's map shows a class that the other year's layers have no value for, is told
/// of in the notes and is not there; the account stands without it.
///
/// # Errors
/// `run.cancelled`; `output.cannot_write`.
pub(crate) fn changes(
    prepared: &mut Prepared,
    years: &[YearSums],
    assembled: &Assembled,
    blobs: &Blobs,
    hooks: Hooks<'_>,
) -> Result<(Vec<Change>, Vec<ZoneChange>), Problems> {
    let mut known: HashMap<Digest, Sums> = HashMap::new();
    for year in years {
        known.extend(year.plan.streams.iter().zip(&year.sums).map(|(stream, sums)| (stream.sums_name.clone(), sums.clone())));
    }
    let mut ordered: Vec<i32> = years.iter().map(|y| y.plan.year).collect();
    ordered.sort_unstable();
    let mut out = (Vec::new(), Vec::new());
    for pair in ordered.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let of_year = |year: i32| years.iter().find(|y| y.plan.year == year);
        let (Some(early), Some(late)) = (of_year(from), of_year(to)) else { continue };
        match change(prepared, (early, late), assembled, &mut known, blobs, hooks) {
            Ok((change, by_zone)) => {
                out.0.push(change);
                out.1.extend(by_zone);
            }
            Err(problems) if problems.iter().any(|p| matches!(p.code.as_ref(), "run.cancelled" | "output.cannot_write")) => return Err(problems),
            Err(problems) => prepared.notes.push(not_split(from, to, &problems)),
        }
    }
    Ok(out)
}

fn not_split(from: i32, to: i32, why: &Problems) -> Problem {
    let reason = why.iter().next().map(|p| p.what.clone()).unwrap_or_default();
    let (zh, en) = (&reason.zh, &reason.en);
    Problem::warning(
        "change.not_split",
        words!("{from} 至 {to} 年的变化无法按成因分解：{zh}", "the change from {from} to {to} cannot be split into its causes: {en}"),
    )
    .key(format!("{from}-{to}"))
    .expect(text("两年的数据可以互换组合", "sources of the two years that can be combined with each other"))
    .fix(text("补齐两年都出现的类别与覆盖范围；账户本身不受影响", "complete classes and coverage in both years; the account itself is not touched by this"))
}

fn change(
    prepared: &Prepared,
    (early, late): (&YearSums, &YearSums),
    assembled: &Assembled,
    known: &mut HashMap<Digest, Sums>,
    blobs: &Blobs,
    hooks: Hooks<'_>,
) -> Result<(Change, Option<ZoneChange>), Problems> {
    let (from, to) = (early.plan.year, late.plan.year);
    let divider = Divider::of(prepared)?;
    let divide = |year: &YearSums, atoms: &[Atom]| divider.as_ref().map_or_else(|| Ok(BTreeMap::new()), |d| d.divide(year, atoms));
    let mut divided: [BTreeMap<Key, Exact>; 8] = Default::default();
    let of_year = |year: i32| assembled.atoms.iter().filter(|a| a.year == year).cloned().collect::<Vec<Atom>>();
    let mut runs: [Vec<Atom>; 8] = Default::default();
    runs[0] = of_year(from);
    runs[7] = of_year(to);
    divided[0] = divide(early, &runs[0])?;
    divided[7] = divide(late, &runs[7])?;
    let pick = |set: usize, bit: usize| if set & bit == 0 { from } else { to };
    for (set, run) in runs.iter_mut().enumerate().take(7).skip(1) {
        if (hooks.cancelled)() {
            return Err(stopped().into());
        }
        (hooks.progress)(&Stage { title: words!("分解 {from} 至 {to} 年的变化", "splitting the change from {from} to {to}"), done: set - 1, of: 6 });
        let mixture = Mixture { weather: pick(set, 1), land_cover: pick(set, 2), rest: pick(set, 4) };
        let sums = sums_of(prepared, mixture, known, blobs, hooks)?;
        *run = atoms_of(&prepared.region, &prepared.places, &prepared.classes, &prepared.method, &prepared.prices, std::slice::from_ref(&sums))?;
        divided[set] = divide(&sums, run)?;
    }
    let by_zone = prepared.zones.as_ref().map(|zones| by_zone(zones, (from, to), &divided)).transpose()?;
    Ok((split_atoms(from, to, &runs)?, by_zone))
}

/// The sums of a mixture: those of another plan that reads the same, those kept, or made now.
fn sums_of(prepared: &Prepared, mixture: Mixture, known: &mut HashMap<Digest, Sums>, blobs: &Blobs, hooks: Hooks<'_>) -> Result<YearSums, Problems> {
    let (plan, problems) = YearPlan::mixed(prepared.ground(), &prepared.region, &prepared.method, mixture, prepared.weather);
    let Some(plan) = plan.filter(|_| !problems.has_errors()) else { return Err(problems) };
    for stream in &plan.streams {
        if !known.contains_key(&stream.sums_name)
            && let Some(kept) = kept::load_sums(blobs, &stream.sums_name)
        {
            known.insert(stream.sums_name.clone(), kept);
        }
    }
    let streams: Vec<usize> = (0..plan.streams.len()).filter(|s| !known.contains_key(&plan.streams[*s].sums_name)).collect();
    let mut zoned = Found::of(prepared.zones.as_ref(), &plan, &prepared.method, blobs);
    let wanted = Wanted { streams: &streams, zoned: &zoned.missing(), extent: zoned.lacks_extent() };
    if !wanted.is_empty() {
        let made = compute(prepared, &plan, wanted, &[], blobs, hooks, &|_, _| {})?;
        for (stream, kept) in streams.iter().zip(made.kept) {
            let name = &plan.streams[*stream].sums_name;
            kept::save(blobs, name, &kept).map_err(|e| cannot_write(blobs.root(), &e))?;
            known.insert(name.clone(), kept.sums);
        }
        zoned.take(made.zones, made.extent, blobs)?;
    }
    let sums = plan.streams.iter().filter_map(|s| known.get(&s.sums_name).cloned()).collect();
    Ok(YearSums { plan, sums, zones: zoned.whole() })
}
