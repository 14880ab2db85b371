//! Tourism: revenue times nature's share, or travel cost; consumer surplus only where the profile says so.

use liangshan_accounts::atom::{Atom, AtomKey};
use liangshan_accounts::valuation::Amount;
use liangshan_vocab::{Text, text, words};

use crate::assemble::{Assembler, TableRow};
use crate::region::REGION_FILE;

impl Assembler<'_> {
    /// Visits, unvalued, and what is valued of them as parts: revenue × nature's share, or visits ×
    /// spending and visits × time. Consumer surplus is a welfare value: it is a part only where the
    /// profile includes it, and stands beside the account otherwise.
    pub(super) fn tourism(&mut self, indicator: &str, ecosystem: &str, by_cost: bool, years: &[i32]) {
        let names = self.region.declared.statistics.clone();
        let (revenue, visits) = (names.tourism_revenue, names.tourist_visits);
        let lacking: Vec<&str> = [(revenue.is_none() && !by_cost, "statistics.tourism_revenue"), (visits.is_none(), "statistics.tourist_visits")]
            .into_iter()
            .filter_map(|(lacks, key)| lacks.then_some(key))
            .collect();
        let Some(visits) = visits.filter(|_| lacking.is_empty()) else {
            let list = lacking.join(", ");
            self.missing(
                indicator,
                None,
                words!("区域没有声明旅游收入或游客人次（{list}）", "the region declares no tourism revenue or visits ({list})"),
                REGION_FILE,
            );
            return;
        };
        let with_surplus = self.method.profile.flag("include_consumer_surplus").and_then(|f| f.value.as_flag()) == Some(true);
        let mut parts = if by_cost { vec!["spending", "time"] } else { vec!["revenue"] };
        parts.extend(with_surplus.then_some("consumer_surplus"));
        let file = self.region.declared.tables.statistics.clone().unwrap_or_default();
        for year in years {
            for county in self.places.counties.clone() {
                let money = if by_cost { None } else { revenue.as_ref().and_then(|name| self.statistic(&county.code, *year, name, "CNY")) };
                let people = self.statistic(&county.code, *year, &visits, "visit");
                let Some((people, people_row)) = people.filter(|_| by_cost || money.is_some()) else {
                    for id in std::iter::once(indicator.to_owned()).chain(parts.iter().map(|p| format!("{indicator}.{p}"))) {
                        let reason = words!("统计表中没有 {year} 年的旅游收入或人次", "the statistics have no tourism revenue or visits of {year}");
                        self.missing_at(&id, *year, &county.code, reason, &file);
                    }
                    continue;
                };
                let at = (*year, county.code.as_str(), ecosystem);
                let origin = money.iter().fold(people_row.read.origin, |o, m| o.with(m.1.read.origin));
                let key = AtomKey { year: *year, place: county.code.clone(), ecosystem: ecosystem.to_owned(), indicator: indicator.to_owned() };
                let own = Amount::of_decimal(people, 0).and_then(|q| Atom::new(key, q, "visit", None, self.evidence(indicator), origin));
                self.atoms.extend(self.problems.keep(own));
                for part in &parts {
                    let id = format!("{indicator}.{part}");
                    self.call(&id);
                    match (&money, *part) {
                        (Some((money, row)), "revenue") => self.tourism_part(at, &id, (*money, 2, "CNY"), row.clone()),
                        _ => self.tourism_part(at, &id, (people, 0, "visit"), people_row.clone()),
                    }
                }
                self.trail.entry((*year, county.code.clone(), indicator.to_owned())).or_default().push(people_row);
            }
        }
    }

    fn tourism_part(
        &mut self,
        (year, county, ecosystem): (i32, &str, &str),
        id: &str,
        (quantity, decimals, unit): (rust_decimal::Decimal, u32, &str),
        row: TableRow,
    ) {
        if self.method.profile.method(id).is_none_or(|m| m.price_id.is_none()) {
            let whole = id.split_once('.').map_or(id, |w| w.0);
            let parts = self.parts_named(whole);
            return self.unknown_part(id, &parts, &row);
        }
        let Some((price, price_evidence, price_origin)) = self.price(id, unit) else { return };
        let evidence = self.evidence(id).with(price_evidence);
        let key = AtomKey { year, place: county.to_owned(), ecosystem: ecosystem.to_owned(), indicator: id.to_owned() };
        let valued = Amount::of_decimal(quantity, decimals).and_then(|q| Atom::new(key, q, unit, Some(price), evidence, row.read.origin.with(price_origin)));
        self.atoms.extend(self.problems.keep(valued));
        let how: Text = if unit == "CNY" { text("旅游收入", "tourism revenue") } else { text("游客人次", "visits") };
        self.trail.entry((year, county.to_owned(), id.to_owned())).or_default().push(row.giving(unit, quantity, unit, how));
    }
}
