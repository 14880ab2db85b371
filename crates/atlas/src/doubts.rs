//! What is doubtful about a number: unverified methods, invented inputs, prices of other years,
//! clamps, and magnitudes outside their bands.

use liangshan_accounts::account::Row;
use liangshan_accounts::catalogue;
use liangshan_vocab::{Evidence, Origin, Problem, Text, text, words};

use crate::book::Book;
use crate::explain::Explanation;
use crate::explaining::Asked;
use crate::plausible;
use crate::profiles::Flow;

impl Book {
    /// What evidence and origin oblige to say beside a number.
    pub(crate) fn standing(&self, asked: Asked<'_>, evidence: Option<Evidence>, origin: Option<Origin>) -> Vec<Problem> {
        let id = self.prepared.method.profile.printed_id();
        let mut out = Vec::new();
        if evidence.is_some_and(|e| e != Evidence::Verified) {
            out.push(
                Problem::warning(
                    "evidence.unverified",
                    words!("方法方案 {id} 或其参数、单价未经核实", "the profile {id}, or a parameter or price of it, is unverified"),
                )
                .key(asked.indicator)
                .fix(words!("核对 methods/{id}.toml 所列出处", "compare with the sources listed in methods/{id}.toml")),
            );
        }
        if origin.is_some_and(Origin::has_synthetic) {
            out.push(
                Problem::warning(
                    "origin.synthetic",
                    text("含合成（虚构）数据，不得作为官方数字引用", "rests on synthetic (invented) data; never quote as official"),
                )
                .key(asked.indicator),
            );
        }
        out
    }

    /// What is doubtful about a number.
    pub(crate) fn doubts(&self, asked: Asked<'_>, row: &Row, out: &mut Explanation) {
        let profile = &self.prepared.method.profile;
        out.warnings.extend(self.standing(asked, Some(row.evidence), row.origin));
        if let Some(method) = profile.method(asked.indicator).filter(|m| !m.note.is_empty()) {
            out.warnings.push(Problem::note("method.note", both(&method.note)).key(asked.indicator));
        }
        for atom in self.atoms_below(asked).take(1) {
            if let Some(price) = atom.price.as_ref().filter(|p| p.year != asked.year) {
                let (price_id, price_year, year) = (&price.id, price.year, asked.year);
                out.warnings.push(Problem::note(
                    "price.other_year",
                    words!(
                        "单价 {price_id} 为 {price_year} 年价，用于 {year} 年，未作价格指数换算",
                        "the price {price_id} is of {price_year} and is used for {year} without an index"
                    ),
                ));
            }
        }
        for year in self.years.iter().filter(|y| y.plan.year == asked.year) {
            for stream in self.flows_below(asked.indicator).iter().filter_map(|f| year.plan.stream(f)) {
                out.warnings.extend(tally_notes(&year.plan, &year.sums[stream]));
            }
        }
        out.warnings.extend(self.paddy_note(asked));
        let own = plausible::warnings(self)
            .into_iter()
            .filter(|w| w.at.key.as_deref().is_some_and(|k| k == format!("{} {}", asked.place, asked.year)) && relates(&w.code, asked.indicator));
        out.warnings.extend(own);
        let here = format!("{} {}", asked.place, asked.year);
        let ids: Vec<&str> = self.atoms_below(asked).filter_map(|a| a.price.as_ref()).map(|p| p.id.as_str()).collect();
        let told = self.ruled(&[]).into_iter().filter(|w| match w.at.key.as_deref() {
            Some(key) if key == here => rule_relates(&w.code, asked.indicator),
            Some(key) => ids.contains(&key) || key == asked.indicator,
            None => false,
        });
        out.warnings.extend(told);
    }

    /// Paddy has C = 0 and would score its whole potential loss; it is kept as a line of its own and
    /// its share is told (method sheet 3.2).
    fn paddy_note(&self, asked: Asked<'_>) -> Option<Problem> {
        let flow = self.prepared.method.flow(asked.indicator).and_then(Flow::model)?;
        if flow.model != "soil_retention" {
            return None;
        }
        let year = self.years.iter().find(|y| y.plan.year == asked.year)?;
        let sums = &year.sums[year.plan.stream(flow)?];
        let places = &self.prepared.places;
        let at = sums.quantities.iter().position(|q| *q == flow.output)?;
        let c = sums.quantities.iter().position(|q| q == "in.c")?;
        let (mut zero, mut all) = (0.0, 0.0);
        for ((place, _), own) in &sums.by {
            if asked.place == places.whole || places.counties[usize::from(*place)].code == asked.place {
                all += own[at].value();
                if own[c].value() == 0.0 {
                    zero += own[at].value();
                }
            }
        }
        let share = 100.0 * zero / all;
        (all > 0.0 && zero > 0.0).then(|| {
            Problem::note(
                "soil.zero_cover_factor_share",
                words!(
                    "C = 0 的类别（水田）占 {share:.2}%，单列于上",
                    "classes with C = 0 (paddy) have {share:.2} % of it; they are listed on their own above"
                ),
            )
        })
    }
}

/// What models clamped or counted, as notes.
pub(crate) fn tally_notes(plan: &crate::plan::YearPlan, sums: &crate::task::Sums) -> Vec<Problem> {
    let mut out = Vec::new();
    for step in &plan.steps {
        for tally in step.model.tallies {
            if let Some(cells) = sums.tallies.get(tally.name) {
                let (zh, en) = (&tally.title.zh, &tally.title.en);
                let problem = if tally.clamps {
                    Problem::warning(format!("clamp.{}", tally.name), words!("{zh}", "{en}"))
                } else {
                    Problem::note(format!("count.{}", tally.name), words!("{zh}", "{en}"))
                };
                let (year, model) = (plan.year, step.model.spec.id);
                out.push(problem.key(format!("{model} {year}")).cells(*cells));
            }
        }
    }
    out
}

/// A note of a profile, which holds both languages with a slash between.
pub(crate) fn both(note: &str) -> Text {
    note.split_once(" / ").map_or_else(|| Text::same(note), |(zh, en)| Text::of(zh, en))
}

/// The indicators that a rule of a place and year is about.
fn rule_relates(code: &str, indicator: &str) -> bool {
    let about: &[&str] = match code {
        "rule.oxygen_carbon_ratio" => &["oxygen_release", "carbon_sequestration"],
        "rule.tp_rate_equals_tn_rate" => &["water_purification_tn", "water_purification_tp"],
        "rule.purification_beyond_emissions" => &["air_purification", "water_purification"],
        "rule.cooling_route" => &["climate_regulation"],
        "rule.double_count_storm_rain" => &["flood_regulation_vegetation", "water_conservation"],
        "rule.double_count_water_supply" => &["supply_freshwater", "water_conservation"],
        "rule.bulk_density" => &["soil_retention_sediment"],
        "rule.stock_as_flow" => &["supply_forestry"],
        "rule.outside_seea_scope" => &["supply_hydropower", "tourism_health"],
        _ => &[],
    };
    about.iter().any(|id| catalogue::is_within(indicator, id))
}

fn relates(code: &str, indicator: &str) -> bool {
    let about = code.strip_prefix("plausible.").unwrap_or(code);
    let stem = indicator.split(['.', '_']).next().unwrap_or(indicator);
    match about {
        "nep_forest" | "rule.carbon_routes_differ" => stem == "carbon",
        "o2_over_co2" => stem == "carbon" || stem == "oxygen",
        "rule.cooling_route" => stem == "climate",
        "rule.purification_beyond_emissions" | "rule.tp_rate_equals_tn_rate" | "rule.purification_without_ecosystem" => indicator.contains("_purification"),
        "erosivity_sources" | "soil_loss_potential" | "soil_loss_actual" => stem == "soil",
        "runoff_coefficient" | "water_conservation_depth" | "water_share_of_p_minus_et" => indicator == "water_conservation",
        _ => about.strip_prefix("yuan_per_km2.").is_some_and(|id| catalogue::is_within(indicator, id) || id == indicator),
    }
}
