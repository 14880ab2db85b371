//! Takes a total apart: its terms, the deduction, and what it is set against.

use liangshan_accounts::account::ALL;
use liangshan_accounts::catalogue;
use liangshan_vocab::{Evidence, Origin, Problem, Text, text, words};

use crate::book::Book;
use crate::explain::Explanation;
use crate::explaining::{Asked, plain, step};

impl Book {
    /// Takes a total apart into its terms, and its ratios into their denominators.
    pub(crate) fn explain_total(&self, asked: Asked<'_>) -> Explanation {
        let account = &self.assembled.account;
        let total = account.total(asked.year, asked.place, asked.ecosystem);
        let (place, kind, year) = (self.name(asked.place), self.kind_name(asked.ecosystem), asked.year);
        let title = total.map(|t| t.title()).unwrap_or_default();
        let weather = self.weather_words();
        let mut out = Explanation {
            title: Text::of(
                format!("{}，{}，{}，{year} 年，{}", title.zh, place.zh, kind.zh, weather.zh),
                format!("{}, {}, {}, {year}, {}", title.en, place.en, kind.en, weather.en),
            ),
            statements: self.statements_of(asked),
            formula: text("总值 = 各指标价值之和 − 区外产品价值", "total = sum of the indicators' values − value of products from outside"),
            latex: r"GEP=\sum_k V_k-D".into(),
            steps: Vec::new(),
            inputs: Vec::new(),
            warnings: Vec::new(),
        };
        let Some(total) = total else { return out };
        for term in account.terms(asked.year, asked.place, asked.ecosystem) {
            if let Some(value) = term.value {
                let name = catalogue::indicator(&term.indicator).map(|i| i.title.clone()).unwrap_or_default();
                let name = match self.assembled.names.get(&term.indicator) {
                    Some(part) => Text::of(format!("{}·{}", name.zh, part.zh), format!("{}: {}", name.en, part.en)),
                    None => name,
                };
                out.steps.push(step(
                    &format!("V[{}]", term.indicator),
                    &value.yuan(),
                    "CNY",
                    name,
                    words!("explain {} 可再拆解", "explain {} takes it apart", term.indicator),
                ));
            }
        }
        out.steps.push(step(
            "D",
            &total.deduction.yuan(),
            "CNY",
            text("扣减：区外产品价值", "deduction: products from outside"),
            text("默认为零", "zero by default"),
        ));
        out.steps.push(step(
            "V",
            &total.value.yuan(),
            "CNY",
            total.title(),
            text("上列各项的整数和，减去扣减", "the integer sum of the above less the deduction"),
        ));
        for row in self
            .assembled
            .trail
            .iter()
            .filter(|((y, p, _), _)| *y == asked.year && p == asked.place)
            .filter(|((_, _, id), _)| catalogue::indicator(id).is_none())
            .flat_map(|(_, rows)| rows)
        {
            let cells: Vec<String> = row.cells.iter().map(|(name, value)| format!("{name} = {value}")).collect();
            let value = row.cells.iter().find(|(n, _)| n == "value").map(|c| c.1.clone()).unwrap_or_default();
            let unit = row.cells.iter().find(|(n, _)| n == "unit").map(|c| c.1.clone()).unwrap_or_default();
            let name = row.cells.iter().find(|(n, _)| n == "indicator").map(|c| c.1.clone()).unwrap_or_default();
            out.steps.push(step(&name, &value, &unit, Text::same(name.clone()), Text::same(format!("{}:{} ({})", row.read.file, row.line, cells.join(", ")))));
        }
        if let Some(area) = self.prepared.places.area_m2(asked.place).filter(|_| asked.ecosystem == ALL) {
            let from = text("边界在椭球面上的面积", "area of the outline on the ellipsoid");
            out.steps.push(step("A", &plain(area / 1e6), "km2", text("面积", "area"), from));
        }
        for (symbol, value, unit, zh, en) in [
            ("V/A", total.per_km2, "CNY/km2", "单位面积", "per area"),
            ("V/N", total.per_head, "CNY/person", "人均", "per head"),
            ("V/GDP", total.over_gdp, "1", "与 GDP 之比", "over GDP"),
        ] {
            if let Some(value) = value {
                out.steps.push(step(
                    symbol,
                    &plain(value),
                    unit,
                    if symbol == "V/GDP" { total.index_title() } else { Text::of(zh, en) },
                    text("总值 ÷ 上列分母", "the total over its denominator"),
                ));
            }
        }
        for missing in &total.missing {
            let id = &missing.indicator;
            let (zh, en) = (&missing.reason.zh, &missing.reason.en);
            let problem = Problem::warning("account.missing", words!("未核算 {id}：{zh}", "{id} is not assessed: {en}")).key(id.as_str());
            out.warnings.push(if missing.file.is_empty() { problem } else { problem.or_file(&missing.file) });
        }
        let rows = account.terms(asked.year, asked.place, asked.ecosystem);
        let (evidence, origin) = rows.fold((None, None), |(e, o): (Option<Evidence>, Option<Origin>), row| {
            let origin = row.origin.map(|own| o.map_or(own, |o| o.with(own))).or(o);
            (Some(e.map_or(row.evidence, |e| e.with(row.evidence))), origin)
        });
        out.warnings.extend(self.standing(asked, evidence, origin));
        self.behind(asked, &mut out);
        out
    }
}
