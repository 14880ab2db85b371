//! Takes one number of an open book apart.

use std::cell::RefCell;
use std::collections::BTreeMap;

use liangshan_accounts::account::{ALL, Row, Status};
use liangshan_accounts::atom::Atom;
use liangshan_accounts::catalogue;
use liangshan_accounts::statements::{Edition, Subject, statements};
use liangshan_store::Naming;
use liangshan_vocab::{Digest, Fen, Problem, Problems, Text, nearest, text, words};

use crate::assemble::{quantity_factor, sum_of_type};
use crate::book::Book;
use crate::explain::{ExplainStep, Explanation};
use crate::formulas;
use crate::layers::Read;
use crate::plan::YearPlan;
use crate::profiles::{Flow, ModelFlow};
use crate::region::Weather;
use crate::task::{behind, look_at};

/// Which number.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The indicator, or `gep` / `assessed_services` for the total.
    pub indicator: &'a str,
    /// Place code.
    pub place: &'a str,
    /// Year.
    pub year: i32,
    /// An ecosystem type's id, or `all`.
    pub ecosystem: &'a str,
}

impl Book {
    /// The digest of everything that a number was made from.
    pub fn basis_of(&self, subject: Subject<'_>) -> Digest {
        let mut naming = Naming::of("basis").with("profile", self.prepared.method.profile.printed_id());
        for year in self.years.iter().filter(|y| y.plan.year == subject.year) {
            for stream in self.flows_below(subject.indicator).iter().filter_map(|flow| year.plan.stream(flow)) {
                naming = naming.with("stream", year.plan.streams[stream].name.as_str());
            }
        }
        for read in self.table_reads(subject.indicator, subject.year, subject.place) {
            naming = naming.with(&read.file, read.digest.as_str());
        }
        for (file, digest) in &self.prepared.method.basis {
            naming = naming.with(file, digest.as_str());
        }
        naming.with("prices", self.prepared.prices.read.digest.as_str()).digest()
    }

    /// Model flows of an indicator and of everything below it.
    pub(crate) fn flows_below(&self, indicator: &str) -> Vec<&ModelFlow> {
        let total = is_total(indicator);
        let mut flows: Vec<&ModelFlow> = Vec::new();
        for (id, flow) in &self.prepared.method.flows {
            if (total || catalogue::is_within(id, indicator))
                && let Some(flow) = flow.model()
                && !flows.contains(&flow)
            {
                flows.push(flow);
            }
        }
        flows
    }

    /// Department tables behind an indicator in a place: the rows' files, each once.
    fn table_reads(&self, indicator: &str, year: i32, place: &str) -> Vec<Read> {
        let mut reads: Vec<Read> = Vec::new();
        let whole = self.prepared.places.whole == place;
        for ((y, p, id), rows) in &self.assembled.trail {
            if *y == year && (whole || p == place) && (is_total(indicator) || id == indicator || catalogue::is_within(id, indicator)) {
                for row in rows {
                    if !reads.contains(&row.read) {
                        reads.push(row.read.clone());
                    }
                }
            }
        }
        reads
    }

    /// Explains a number.
    ///
    /// # Errors
    /// `explain.unknown_indicator`, `explain.unknown_place`, `explain.unknown_year`,
    /// `explain.unknown_ecosystem`, `explain.no_number`.
    pub fn explain(&self, asked: Asked<'_>) -> Result<Explanation, Problems> {
        self.admit(asked)?;
        if is_total(asked.indicator) {
            return Ok(self.explain_total(asked));
        }
        let account = &self.assembled.account;
        let row = account.row(asked.year, asked.place, asked.ecosystem, asked.indicator).ok_or_else(|| {
            let (indicator, ecosystem) = (asked.indicator, asked.ecosystem);
            Problem::error("explain.no_number", words!("“{ecosystem}”没有“{indicator}”这一行", "there is no row of {indicator} for {ecosystem}"))
                .expect(text("account.csv 中有的年份、地区、类型与指标", "a year, place, type and indicator that account.csv has"))
                .fix(text("account.csv 列出了所有行", "account.csv lists every row"))
        })?;
        let mut out = self.begin(asked, row);
        if row.quantity.is_none() && row.value.is_none() {
            let reason = row.status.reason().cloned().unwrap_or_default();
            out.steps.push(step("status", row.status.word(), "", reason, text("account.csv 的 status 列", "column status of account.csv")));
            self.declared_steps(asked, &mut out);
            self.left_out_steps(asked, &mut out);
            self.behind(asked, &mut out);
            return Ok(out);
        }
        if let (Status::Zero { reason, .. }, Some(quantity)) = (&row.status, row.quantity) {
            out.formula = text("申明为零", "declared to be zero");
            out.latex = "Q=0".into();
            out.steps.push(step("Q", &quantity.to_string(), &row.unit, reason.clone(), text("区域的申明，不是计算", "declared by the region, not computed")));
            self.declared_steps(asked, &mut out);
            self.behind(asked, &mut out);
            self.doubts(asked, row, &mut out);
            return Ok(out);
        }
        let atoms: Vec<&Atom> = self.atoms_below(asked).collect();
        for atom in &atoms {
            let same = atom.indicator == asked.indicator;
            let single = atoms.iter().filter(|a| a.indicator == asked.indicator).count() == 1 || asked.place != self.prepared.places.whole;
            if same && single {
                self.classes_of(atom, &mut out);
            }
            self.row_steps(atom, &mut out);
            self.atom_steps(atom, &atoms, &mut out);
        }
        self.left_out_steps(asked, &mut out);
        self.beside_steps(asked, &mut out);
        self.sum_steps(asked, row, &atoms, &mut out);
        self.limited_steps(asked, &mut out);
        self.route_steps(asked, &mut out);
        self.cell_of(asked, &mut out);
        self.behind(asked, &mut out);
        self.doubts(asked, row, &mut out);
        Ok(out)
    }

    /// The rows of the table in which the region declares an indicator.
    fn declared_steps(&self, asked: Asked<'_>, out: &mut Explanation) {
        let whole = self.prepared.places.whole == asked.place;
        for ((year, place, id), rows) in &self.assembled.trail {
            if *year == asked.year && (whole || place == asked.place) && id == asked.indicator {
                for row in rows {
                    let reason = row.cells.iter().find(|c| c.0 == "reason").map(|c| c.1.clone()).unwrap_or_default();
                    let quantity = row.cells.iter().find(|c| c.0 == "quantity").map(|c| c.1.clone()).unwrap_or_default();
                    out.steps.push(step(&format!("Q[{place}]"), &quantity, "", Text::same(reason), Text::same(format!("{}:{}", row.read.file, row.line))));
                }
            }
        }
    }

    fn admit(&self, asked: Asked<'_>) -> Result<(), Problems> {
        let mut problems = Problems::new();
        let account = &self.assembled.account;
        let mut known: Vec<&str> = account.rows.iter().map(|r| r.indicator.as_str()).collect();
        known.sort_unstable();
        known.dedup();
        if !is_total(asked.indicator) && !known.contains(&asked.indicator) {
            let (said, near) = (asked.indicator, nearest(asked.indicator, known.iter().copied()));
            problems.push(
                Problem::error("explain.unknown_indicator", words!("账户中没有指标“{said}”", "the account has no indicator \"{said}\""))
                    .key(said)
                    .expect(text("account.csv 中的指标，或 gep（总值）", "an indicator of account.csv, or gep for the total"))
                    .fix_near(near, text("account.csv 的 indicator 列列出了全部指标", "column indicator of account.csv lists them all")),
            );
        }
        let codes = self.prepared.places.codes();
        if !codes.contains(&asked.place) {
            let (said, list) = (asked.place, codes.join(", "));
            problems.push(
                Problem::error("explain.unknown_place", words!("没有地区“{said}”", "there is no place \"{said}\""))
                    .key(said)
                    .expect(words!("{list} 之一", "one of {list}"))
                    .fix(text("改正命令中的取值", "correct the value in the command")),
            );
        }
        if !account.years.contains(&asked.year) {
            let (said, list) = (asked.year, account.years.iter().map(i32::to_string).collect::<Vec<_>>().join(", "));
            problems.push(
                Problem::error("explain.unknown_year", words!("账户没有 {said} 年", "the account has no year {said}"))
                    .key(said.to_string())
                    .expect(words!("{list} 之一", "one of {list}"))
                    .fix(text("改正命令中的取值", "correct the value in the command")),
            );
        }
        if asked.ecosystem != ALL && !account.ecosystems.iter().any(|e| e == asked.ecosystem) {
            let (said, list) = (asked.ecosystem, account.ecosystems.join(", "));
            problems.push(
                Problem::error("explain.unknown_ecosystem", words!("没有生态系统类型“{said}”", "there is no ecosystem type \"{said}\""))
                    .key(said)
                    .expect(words!("{list} 或 all", "{list}, or all"))
                    .fix(text("改正命令中的取值", "correct the value in the command")),
            );
        }
        problems.into_result(())
    }

    /// What a place is called.
    pub(crate) fn name(&self, place: &str) -> Text {
        self.prepared.places.name(place).cloned().unwrap_or_default()
    }

    /// What an ecosystem type is called.
    pub(crate) fn kind_name(&self, id: &str) -> Text {
        if id == ALL {
            return text("全部类型", "all types");
        }
        self.prepared.classes.types.iter().find(|t| t.id == id).map_or_else(|| text("未分配", "unallocated"), |t| t.name.clone())
    }

    fn begin(&self, asked: Asked<'_>, row: &Row) -> Explanation {
        let title = catalogue::indicator(&row.indicator).map(|i| i.title.clone()).unwrap_or_default();
        let part = asked.indicator.split_once('.').map(|(_, part)| self.assembled.names.get(asked.indicator).cloned().unwrap_or_else(|| Text::same(part)));
        let part = part.map(|p| Text::of(format!("·{}", p.zh), format!(": {}", p.en))).unwrap_or_default();
        let (place, kind) = (self.name(asked.place), self.kind_name(asked.ecosystem));
        let (year, id) = (asked.year, asked.indicator);
        let (mut formula, latex) = formulas::of(asked.indicator);
        for model in self.models_behind(asked) {
            if let Some(more) = formulas::of_model(model) {
                formula = Text::of(format!("{}\n  {}", formula.zh, more.zh), format!("{}\n  {}", formula.en, more.en));
            }
        }
        let weather = self.weather_words();
        Explanation {
            title: Text::of(
                format!("{}{}（{id}），{}，{}，{year} 年，{}", title.zh, part.zh, place.zh, kind.zh, weather.zh),
                format!("{}{} ({id}), {}, {}, {year}, {}", title.en, part.en, place.en, kind.en, weather.en),
            ),
            statements: self.statements_of(asked),
            formula,
            latex: latex.to_owned(),
            steps: Vec::new(),
            inputs: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// Whose weather the account has, in words.
    pub(crate) fn weather_words(&self) -> Text {
        match self.prepared.weather {
            Weather::Year => text("当年天气", "the year's own weather"),
            Weather::Normal => text("常年天气", "normal weather"),
        }
    }

    /// The models behind an indicator of its own flow, in the order in which they run.
    fn models_behind(&self, asked: Asked<'_>) -> Vec<&'static str> {
        let Some(flow) = self.prepared.method.flow(asked.indicator).and_then(Flow::model) else { return Vec::new() };
        let Some(year) = self.years.iter().find(|y| y.plan.year == asked.year) else { return Vec::new() };
        let Some(stream) = year.plan.stream(flow) else { return Vec::new() };
        let mut steps = behind(&year.plan, year.plan.streams[stream].step);
        steps.sort_unstable();
        steps.into_iter().map(|s| year.plan.steps[s].model.spec.id).collect()
    }

    /// Every statement of the account.
    pub fn statements(&self) -> Vec<liangshan_vocab::Statement> {
        let version = format!("{} {}-weather", crate::VERSION, self.prepared.weather.word());
        let edition = Edition { boundary: &self.prepared.places.edition, version: &version };
        // A basis does not depend on the ecosystem type, so each is made once.
        let known: RefCell<BTreeMap<(i32, String, String), Digest>> = RefCell::default();
        statements(&self.assembled.account, &self.prepared.method.profile, edition, |s| {
            let key = (s.year, s.place.to_owned(), s.indicator.to_owned());
            known.borrow_mut().entry(key).or_insert_with(|| self.basis_of(s)).clone()
        })
    }

    /// The statements of one number.
    pub(crate) fn statements_of(&self, asked: Asked<'_>) -> Vec<liangshan_vocab::Statement> {
        let part = (asked.ecosystem != ALL).then_some(asked.ecosystem);
        self.statements()
            .into_iter()
            .filter(|s| {
                s.place.code == asked.place
                    && s.period.as_year() == Some(asked.year)
                    && s.part.as_deref() == part
                    && (s.method.indicator == asked.indicator || is_total(asked.indicator) && is_total(&s.method.indicator))
            })
            .collect()
    }

    pub(crate) fn atoms_below<'b>(&'b self, asked: Asked<'b>) -> impl Iterator<Item = &'b Atom> {
        let whole = self.prepared.places.whole == asked.place;
        self.assembled.atoms.iter().filter(move |a| {
            a.year == asked.year
                && (whole || a.place == asked.place)
                && (asked.ecosystem == ALL || a.ecosystem == asked.ecosystem)
                && within(&a.indicator, asked.indicator)
        })
    }

    /// What an atom of a model is made of, class by class: areas, mean inputs and summed outputs.
    fn classes_of(&self, atom: &Atom, out: &mut Explanation) {
        let Some(flow) = self.prepared.method.flow(&atom.indicator).and_then(Flow::model) else { return };
        let Some(year) = self.years.iter().find(|y| y.plan.year == atom.year) else { return };
        let Some(at) = year.plan.stream(flow) else { return };
        let (sums, step_of) = (&year.sums[at], &year.plan.steps[year.plan.streams[at].step]);
        let spec = step_of.model.spec;
        let Some(place) = self.prepared.places.counties.iter().position(|c| c.code == atom.place) else { return };
        let Some(kind) = self.prepared.classes.types.iter().position(|t| t.id == atom.ecosystem) else { return };
        for (number, value) in &step_of.numbers {
            if let Some(input) = spec.input(number) {
                push_once(out, step(number, &plain(*value), input.measure.unit, input.title.clone(), text("方法方案的参数", "a parameter of the profile")));
            }
        }
        self.constants(&year.plan, at, &atom.place, out);
        for (i, class) in self.prepared.classes.classes.iter().enumerate().filter(|(_, c)| c.kind == kind) {
            let (Ok(p), Ok(c)) = (u16::try_from(place), u16::try_from(i)) else { continue };
            let Some(area) = sums.sum(p, c, "area_m2") else { continue };
            let hectares = area.value() / 1e4;
            let key = format!("[{}-{}]", class.code, class.attribute);
            let name = &class.name;
            out.steps.push(step(
                &format!("A{key}"),
                &plain(hectares),
                "ha",
                Text::of(format!("{}面积", name.zh), format!("area of {}", name.en)),
                text("格网椭球面积 × 县界覆盖份额，求和", "cell area on the ellipsoid × share covered, summed"),
            ));
            let (inputs, outputs): (Vec<&String>, Vec<&String>) = sums.quantities.iter().partition(|q| q.starts_with("in."));
            for quantity in inputs.into_iter().chain(outputs) {
                let Some(sum) = sums.sum(p, c, quantity) else { continue };
                if let Some(input) = quantity.strip_prefix("in.").and_then(|name| spec.input(name)) {
                    // What is given by class is one number; anything else is shown by its mean.
                    let mean = given_by_class(&year.plan, step_of, input.name, i).unwrap_or(sum.value() / hectares);
                    let served = self.served_by(&year.plan, step_of, input.name);
                    out.steps.push(step(
                        &format!("{}{key}", symbol(input.name)),
                        &plain(mean),
                        input.measure.unit,
                        Text::of(format!("{}，面积加权平均", input.title.zh), format!("{}, mean by area", input.title.en)),
                        served,
                    ));
                } else if let Some(output) = spec.output(quantity) {
                    let (zh, en) = (&output.title.zh, &output.title.en);
                    out.steps.push(step(
                        &format!("Σ {}·A{key}", output.name),
                        &plain(sum.value()),
                        &format!("{} ha", output.measure.unit),
                        words!("{zh}，逐格网求和", "{en}, summed cell by cell"),
                        text("模型输出 × 面积", "model output × area"),
                    ));
                }
            }
        }
        let limited = matches!(self.prepared.method.flow(&atom.indicator), Some(Flow::LimitedSum { .. }));
        if let (false, Some(output), Some(sum), Some((unit, decimals))) = (
            limited,
            spec.output(&flow.output),
            sum_of_type(sums, &self.prepared.classes, place, kind, &flow.output),
            self.prepared.method.profile.measure(&atom.indicator),
        ) && let Ok(factor) = quantity_factor(output.measure.unit, unit)
        {
            let name = &atom.ecosystem;
            out.steps.push(step(
                &format!("Q′[{name}]"),
                &plain(sum.value() * factor),
                unit,
                words!("各类别 Σ {} 之和 × {factor}", "sum of Σ {} over the classes × {factor}", output.name),
                words!("四舍六入五成双到小数 {decimals} 位", "then rounded half to even to {decimals} decimals"),
            ));
        }
    }

    /// What is one number everywhere or one a place, such as the slope length and the erosivity of a
    /// county: beside the result, not hidden in a cell.
    fn constants(&self, plan: &YearPlan, stream: usize, place: &str, out: &mut Explanation) {
        for layer in &plan.streams[stream].layers {
            let layer = &plan.layers[*layer];
            let input = liangshan_models::all().iter().find_map(|m| m.spec.input(&layer.name));
            let (Some(input), files) = (input, layer.reads.iter().map(|r| r.file.clone()).collect::<Vec<_>>().join("; ")) else { continue };
            if let Some(value) = layer.as_constant() {
                push_once(
                    out,
                    step(
                        &layer.name,
                        &plain(value),
                        input.measure.unit,
                        input.title.clone(),
                        Text::same(if files.is_empty() { layer.setting.clone() } else { files }),
                    ),
                );
            } else if let Some((_, halves)) = layer.half_months.iter().find(|h| h.0 == place) {
                if let Some(threshold) = self.prepared.method.number(&["soil_retention"], "erosive_rain_threshold") {
                    let value = threshold.value.as_number().unwrap_or(f64::NAN);
                    push_once(
                        out,
                        step(
                            "threshold",
                            &plain(value),
                            &threshold.unit,
                            text("侵蚀性日雨量阈值", "threshold of erosive daily rain"),
                            Text::same(threshold.source.clone()),
                        ),
                    );
                }
                let terms: Vec<String> = halves.iter().map(|h| plain(*h)).collect();
                let sum: f64 = halves.iter().sum();
                push_once(
                    out,
                    step(
                        &format!("Rk[{place}]"),
                        &terms.join(" + "),
                        input.measure.unit,
                        text("24 个半月的侵蚀力", "erosivity of the 24 half-months"),
                        Text::same(files.clone()),
                    ),
                );
                push_once(out, step(&format!("R[{place}]"), &plain(sum), input.measure.unit, input.title.clone(), text("上列之和", "the sum of the above")));
            }
        }
    }

    fn served_by(&self, plan: &crate::plan::YearPlan, step_of: &crate::plan::Step, input: &str) -> Text {
        match step_of.inputs.iter().find(|(name, _)| *name == input) {
            Some((_, crate::plan::From::Layer(layer))) => {
                let files: Vec<String> =
                    plan.layers[*layer].reads.iter().map(|r| if r.part.is_empty() { r.file.clone() } else { format!("{} [{}]", r.file, r.part) }).collect();
                Text::same(files.join("; "))
            }
            Some((_, crate::plan::From::Step(step, output))) => {
                let model = plan.steps[*step].model.spec;
                words!("模型 {} 的输出 {output}", "output {output} of the model {}", model.id)
            }
            None => Text::default(),
        }
    }

    /// Quantity, price and value of an atom, exactly as summed.
    fn atom_steps(&self, atom: &Atom, atoms: &[&Atom], out: &mut Explanation) {
        let places = atoms.iter().any(|a| a.place != atom.place);
        let parts = atoms.iter().any(|a| a.indicator != atom.indicator);
        let mut key = Vec::new();
        if places {
            key.push(atom.place.as_str());
        }
        key.push(atom.ecosystem.as_str());
        if parts {
            key.push(atom.indicator.as_str());
        }
        let key = key.join(",");
        let rows = self.assembled.trail.get(&(atom.year, atom.place.clone(), atom.indicator.clone()));
        let summed = rows.is_some_and(|rows| rows.iter().any(|r| r.gives.is_some()));
        let from = match rows.and_then(|r| r.first()) {
            Some(_) if summed => text("上列各行 q 之和，四舍六入五成双到最小单位", "the sum of the q above, rounded half to even to the smallest unit"),
            Some(row) => {
                let cells: Vec<String> = row.cells.iter().map(|(name, value)| format!("{name} = {value}")).collect();
                Text::same(format!("{}:{} ({})", row.read.file, row.line, cells.join(", ")))
            }
            None if matches!(self.prepared.method.flow(&atom.indicator), Some(Flow::OutputShare { .. })) => {
                text("各产品 产量 × 市场价 之和", "the sum of quantity × market price over the products")
            }
            None => text("格网求和，取整一次", "summed over cells, rounded once"),
        };
        let from = if matches!(self.prepared.method.flow(&atom.indicator), Some(Flow::LimitedSum { .. })) {
            text("县净化量按各类型净化能力占比分配（最大余数法）", "the county's amount shared out by capacity, largest remainders first")
        } else {
            from
        };
        let market = rows.and_then(|r| r.first()).and_then(|r| r.market);
        out.steps.push(step(&format!("Q[{key}]"), &atom.quantity.to_string(), &atom.unit, text("实物量", "quantity"), from));
        if let Some(price) = &atom.price {
            let (id, year) = (&price.id, price.year);
            let symbol = format!("p[{}]", atom.indicator);
            match (market, self.prepared.prices.rows.iter().find(|p| p.id == *id)) {
                (Some(market), Some(share)) => {
                    let row = rows.and_then(|r| r.first()).map(|r| format!("{}:{}", r.read.file, r.line)).unwrap_or_default();
                    out.steps.push(step(
                        &format!("m[{key}]"),
                        &market.to_string(),
                        &price.unit,
                        words!("{year} 年市场价", "market price of {year}"),
                        Text::same(row),
                    ));
                    push_once(out, step("s", &share.value.to_string(), "1", words!("计入比例 {id}", "share counted, {id}"), Text::same(self.price_source(id))));
                    out.steps.push(step(&format!("p[{key}]"), &price.value.to_string(), &price.unit, text("单价", "price"), text("m × s", "m × s")));
                }
                _ => push_once(
                    out,
                    step(
                        &symbol,
                        &price.value.to_string(),
                        &price.unit,
                        words!("单价 {id}，{year} 年价", "price {id}, of {year}"),
                        Text::same(self.price_source(id)),
                    ),
                ),
            }
            out.steps.push(step(
                &format!("V[{key}]"),
                &atom.value.yuan(),
                "CNY",
                text("价值", "value"),
                text("Q × p，四舍六入五成双到分", "Q × p, rounded half to even to the fen"),
            ));
        }
    }

    fn price_source(&self, id: &str) -> String {
        let prices = &self.prepared.prices;
        let line = prices.lines.get(id).map(|l| format!(":{l}")).unwrap_or_default();
        match prices.rows.iter().find(|p| p.id == id) {
            Some(p) => format!("{}{line} ({}, {}, {}, {})", prices.read.file, p.region, p.kind, p.source, p.evidence.word()),
            None => prices.read.file.clone(),
        }
    }

    fn sum_steps(&self, asked: Asked<'_>, row: &Row, atoms: &[&Atom], out: &mut Explanation) {
        let own = atoms.iter().filter(|a| a.indicator == asked.indicator).count();
        let valued = atoms.iter().filter(|a| a.price.is_some()).count();
        if let Some(quantity) = row.quantity {
            out.steps.push(step(
                "Q",
                &quantity.to_string(),
                &row.unit,
                text("实物量合计", "quantity in all"),
                words!("上列 {own} 个 Q 的整数和", "the integer sum of the {own} Q above"),
            ));
        }
        if let Some(value) = row.value {
            let check: Fen = atoms.iter().map(|a| a.value).sum();
            assert_eq!(check, value, "an explained value differs from its row");
            out.steps.push(step(
                "V",
                &value.yuan(),
                "CNY",
                text("价值合计", "value in all"),
                words!("上列 {valued} 个 V 的整数和", "the integer sum of the {valued} V above"),
            ));
        }
        if let Some(price) = row.price.as_ref().filter(|p| p.average) {
            out.steps.push(step(
                "V/Q",
                &price.value,
                &price.unit,
                text("平均单价", "average price"),
                text("合计价值 ÷ 合计实物量，仅供参考", "value in all over quantity in all, for reading only"),
            ));
        }
    }

    /// One cell, from its inputs to its output, so that the model itself can be checked by hand.
    fn cell_of(&self, asked: Asked<'_>, out: &mut Explanation) {
        let Some(flow) = self.prepared.method.flow(asked.indicator).and_then(Flow::model) else { return };
        let Some(year) = self.years.iter().find(|y| y.plan.year == asked.year) else { return };
        let Some(at) = year.plan.stream(flow) else { return };
        let places = &self.prepared.places;
        let classes = &self.prepared.classes;
        let found = year.sums[at].samples.iter().find(|((place, class), _)| {
            let county = &places.counties[usize::from(*place)].code;
            let kind = &classes.types[classes.classes[usize::from(*class)].kind].id;
            (asked.place == places.whole || county == asked.place) && (asked.ecosystem == ALL || kind == asked.ecosystem)
        });
        let Some(((_, class), cell)) = found else { return };
        let grid = &self.prepared.grid;
        let (column, row) = ((cell % grid.columns as u64) as usize, (cell / grid.columns as u64) as usize);
        let (x, y) = grid.centre(column, row);
        let class = &classes.classes[usize::from(*class)];
        let (code, attribute) = (class.code, class.attribute);
        out.steps.push(step(
            "cell",
            &format!("{x:.1}, {y:.1}"),
            &grid.crs.name(),
            Text::of(
                format!("抽样格网中心（{}，{code}-{attribute}）", class.name.zh),
                format!("centre of a sample cell ({}, {code}-{attribute})", class.name.en),
            ),
            text("该地区该类型第一个完全在界内的格网", "the first cell of the place and type that lies wholly inside"),
        ));
        if let Ok(values) = look_at(&year.plan, self.prepared.ground(), at, *cell) {
            for seen in values.into_iter().filter(|s| !s.value.is_nan()) {
                let from = text("抽样格网的值", "value at the sample cell");
                out.steps.push(step(&format!("cell.{}", seen.name), &plain(seen.value), seen.unit, seen.title, from));
            }
        }
    }

    /// The files behind a number.
    pub(crate) fn behind(&self, asked: Asked<'_>, out: &mut Explanation) {
        for read in self.files_behind(asked) {
            if !out.inputs.contains(&read) {
                out.inputs.push(read);
            }
        }
    }

    /// The files behind a number, each part of a file once: layers, the boundary, rows of tables and
    /// of prices. A number that the account does not have has the boundary alone.
    pub fn files_behind(&self, asked: Asked<'_>) -> Vec<Read> {
        let mut out: Vec<Read> = Vec::new();
        let mut add = |read: &Read| {
            if !out.contains(read) {
                out.push(read.clone());
            }
        };
        for year in self.years.iter().filter(|y| y.plan.year == asked.year) {
            for stream in self.flows_below(asked.indicator).iter().filter_map(|f| year.plan.stream(f)) {
                year.plan.streams[stream].reads.iter().for_each(&mut add);
            }
        }
        let places = &self.prepared.places;
        if let Some((file, digest)) = places.basis.first() {
            let licence = self.prepared.region.sources.file(file).map(|f| f.sidecar.licence.clone()).unwrap_or_default();
            add(&Read { file: file.clone(), part: "boundary".into(), digest: digest.clone(), origin: places.origin, licence });
        }
        let whole = places.whole == asked.place;
        for ((y, p, id), rows) in &self.assembled.trail {
            if *y == asked.year && (whole || p == asked.place) && within(id, asked.indicator) {
                for row in rows {
                    add(&Read { part: format!("row {}", row.line), ..row.read.clone() });
                }
            }
        }
        let used: Vec<&str> = self.atoms_below(asked).filter_map(|a| a.price.as_ref().map(|p| p.id.as_str())).collect();
        for (id, line) in &self.prepared.prices.lines {
            if used.contains(&id.as_str()) {
                add(&Read { part: format!("row {line}"), ..self.prepared.prices.read.clone() });
            }
        }
        out
    }
}

/// True when an indicator is another or a part of it; everything is within the total.
fn within(id: &str, whole: &str) -> bool {
    is_total(whole) && catalogue::indicator(id).is_some() || catalogue::is_within(id, whole)
}

/// True for the total of all indicators.
pub fn is_total(indicator: &str) -> bool {
    matches!(indicator, "gep" | "assessed_services" | "total")
}

/// The value of a class, for an input that the region gives by class.
fn given_by_class(plan: &crate::plan::YearPlan, step_of: &crate::plan::Step, input: &str, class: usize) -> Option<f64> {
    match step_of.inputs.iter().find(|(name, _)| *name == input)?.1 {
        crate::plan::From::Layer(layer) => plan.layers[layer].by_class()?.get(class).copied(),
        crate::plan::From::Step(..) => None,
    }
}

/// One step of an explanation.
pub(crate) fn step(symbol: &str, amount: &str, unit: &str, title: Text, from: Text) -> ExplainStep {
    ExplainStep { symbol: symbol.to_owned(), title, amount: amount.to_owned(), unit: unit.to_owned(), from }
}

/// The letter of the formulas for an input: R, K, LS, C and P are written large.
fn symbol(input: &str) -> String {
    if input.len() <= 2 { input.to_uppercase() } else { input.to_owned() }
}

pub(crate) fn push_once(out: &mut Explanation, step: ExplainStep) {
    if !out.steps.contains(&step) {
        out.steps.push(step);
    }
}

/// A float in the shortest form that reads back as itself.
pub(crate) fn plain(value: f64) -> String {
    format!("{value}")
}
