//! Profiles that extend another: a region's file says only what differs, key by key.

use liangshan_vocab::{Evidence, Problem, Problems, Text, words};

use crate::catalogue;
use crate::profile::{Inclusion, IndicatorMethod, Parameter, Profile};

/// A profile as written. What is absent is inherited.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Draft {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: Option<Text>,
    /// First day it is in force.
    pub effective_from: Option<String>,
    /// The profile it replaces. Replacing inherits nothing.
    pub supersedes: Option<String>,
    /// The profile it inherits from.
    pub extends: Option<String>,
    /// Whether its text was read.
    pub evidence: Option<Evidence>,
    /// The text it stands for.
    pub source: Option<String>,
    /// What a reviewer should know.
    pub note: Option<String>,
    /// Indicators it says something about.
    pub indicators: Vec<MethodDraft>,
    /// Choices it states.
    pub flags: Vec<Parameter>,
}

/// What a profile says about one indicator. What is absent is inherited.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MethodDraft {
    /// A catalogue id or a dotted part of one.
    pub indicator: String,
    /// Whether it is counted.
    pub status: Option<Inclusion>,
    /// The valuation.
    pub how: Option<String>,
    /// The price in use.
    pub price_id: Option<String>,
    /// Other prices a user may choose.
    pub alternatives: Option<Vec<String>>,
    /// What a unit of the quantity is a unit of.
    pub basis: Option<String>,
    /// Coefficients it states; the others are inherited by name.
    pub parameters: Vec<Parameter>,
    /// Whether the text was read for this indicator.
    pub evidence: Option<Evidence>,
    /// What a reviewer should know.
    pub note: Option<String>,
}

/// A profile on its own, or over the one it extends.
///
/// # Errors
/// `profile.not_its_base` when `base` is not the one the draft names, `profile.no_title`,
/// `profile.no_evidence`, `profile.no_status`: what neither states; `profile.part_without_whole`.
pub fn resolve(base: Option<&Profile>, draft: Draft) -> Result<Profile, Problems> {
    let mut problems = Problems::new();
    let id = draft.id.clone();
    let named = draft.extends.as_deref();
    if base.map(|b| b.id.as_str()) != named && base.is_none_or(|b| Some(b.printed_id().as_str()) != named) {
        let wanted = named.unwrap_or("-");
        problems.push(
            Problem::error("profile.not_its_base", words!("找不到 {id} 所继承的方法方案 {wanted}", "the profile {wanted} that {id} extends was not found"))
                .key(wanted),
        );
    }
    let title = draft.title.or_else(|| base.map(|b| b.title.clone()));
    if title.is_none() {
        problems.push(Problem::error("profile.no_title", words!("方法方案 {id} 没有名称", "the profile {id} has no title")).key(id.as_str()));
    }
    let evidence = draft.evidence.or_else(|| base.map(|b| b.evidence));
    if evidence.is_none() {
        problems.push(
            Problem::error("profile.no_evidence", words!("方法方案 {id} 未注明核实程度", "the profile {id} does not say whether its text was read"))
                .key(id.as_str())
                .expect(words!("verified、partial 或 unverified", "verified, partial or unverified")),
        );
    }
    let evidence = evidence.unwrap_or(Evidence::Unverified);
    let mut indicators = base.map(|b| b.indicators.clone()).unwrap_or_default();
    // A whole comes before its parts, which have its status and its valuation.
    let (wholes, parts): (Vec<_>, Vec<_>) = draft.indicators.into_iter().partition(|m| !m.indicator.contains('.'));
    for method in wholes.into_iter().chain(parts) {
        if let Some((stem, _)) = method.indicator.clone().split_once('.') {
            match indicators.iter().position(|m: &IndicatorMethod| m.indicator == method.indicator) {
                Some(at) => lay_over(&mut indicators[at], method),
                None => match indicators.iter().find(|m| m.indicator == stem).cloned() {
                    Some(whole) => {
                        let mut part = IndicatorMethod {
                            indicator: method.indicator.clone(),
                            price_id: None,
                            alternatives: Vec::new(),
                            parameters: Vec::new(),
                            note: String::new(),
                            ..whole
                        };
                        lay_over(&mut part, method);
                        indicators.push(part);
                    }
                    None => problems.push(
                        Problem::error(
                            "profile.part_without_whole",
                            words!("方法方案没有指标 {stem}，却有它的组成部分", "the profile has a part of {stem} and not the indicator"),
                        )
                        .key(method.indicator.as_str())
                        .expect(words!("[indicator.{stem}]", "[indicator.{stem}]")),
                    ),
                },
            }
            continue;
        }
        match indicators.iter_mut().find(|m| m.indicator == method.indicator) {
            Some(under) if base.is_some_and(|b| b.indicators.iter().any(|m| m.indicator == method.indicator)) => lay_over(under, method),
            _ => indicators.extend(problems.keep(alone(method, evidence))),
        }
    }
    let wholes: Vec<IndicatorMethod> = indicators.iter().filter(|m| !m.indicator.contains('.')).cloned().collect();
    for part in &mut indicators {
        let whole = part.indicator.split_once('.').and_then(|(stem, _)| wholes.iter().find(|m| m.indicator == stem));
        if let Some(whole) = whole {
            (part.status, part.how) = (whole.status, whole.how.clone());
        }
    }
    indicators.sort_by(|a, b| catalogue::rank(&a.indicator).cmp(&catalogue::rank(&b.indicator)));
    let mut flags = base.map(|b| b.flags.clone()).unwrap_or_default();
    merge(&mut flags, draft.flags);
    let inherit = |own: Option<String>, of: fn(&Profile) -> &String| own.or_else(|| base.map(|b| of(b).clone())).unwrap_or_default();
    let resolved = Profile {
        id: draft.id,
        title: title.unwrap_or_default(),
        effective_from: inherit(draft.effective_from, |b| &b.effective_from),
        supersedes: draft.supersedes,
        extends: draft.extends,
        evidence,
        source: inherit(draft.source, |b| &b.source),
        note: inherit(draft.note, |b| &b.note),
        indicators,
        flags,
    };
    problems.into_result(resolved)
}

fn lay_over(under: &mut IndicatorMethod, over: MethodDraft) {
    if let Some(status) = over.status {
        under.status = status;
    }
    if let Some(how) = over.how {
        under.how = how;
    }
    if over.price_id.is_some() {
        under.price_id = over.price_id;
    }
    if let Some(alternatives) = over.alternatives {
        under.alternatives = alternatives;
    }
    if let Some(basis) = over.basis {
        under.basis = basis;
    }
    if let Some(evidence) = over.evidence {
        under.evidence = evidence;
    }
    if let Some(note) = over.note {
        under.note = note;
    }
    merge(&mut under.parameters, over.parameters);
}

fn alone(draft: MethodDraft, evidence: Evidence) -> Result<IndicatorMethod, Problem> {
    let id = draft.indicator;
    let status = draft.status.ok_or_else(|| {
        Problem::error("profile.no_status", words!("指标 {id} 未注明是否计入", "the indicator {id} does not say whether it is counted"))
            .key(id.as_str())
            .expect(words!("include 取 yes、no、optional 或 unknown", "include = yes, no, optional or unknown"))
    })?;
    Ok(IndicatorMethod {
        indicator: id,
        status,
        how: draft.how.unwrap_or_default(),
        price_id: draft.price_id,
        alternatives: draft.alternatives.unwrap_or_default(),
        basis: draft.basis.unwrap_or_default(),
        parameters: draft.parameters,
        evidence: draft.evidence.unwrap_or(evidence),
        note: draft.note.unwrap_or_default(),
    })
}

fn merge(under: &mut Vec<Parameter>, over: Vec<Parameter>) {
    for parameter in over {
        match under.iter_mut().find(|p| p.name == parameter.name) {
            Some(same) => *same = parameter,
            None => under.push(parameter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::price::{Price, PriceRow};
    use crate::profile::{FLAGS, FlagForm, ParameterValue};
    use liangshan_vocab::text;

    fn parameter(name: &str, value: ParameterValue) -> Parameter {
        Parameter { name: name.into(), value, unit: "1".into(), source: "test".into(), evidence: Evidence::Unverified }
    }

    fn all_flags() -> Vec<Parameter> {
        let value = |form| match form {
            FlagForm::YesNo => ParameterValue::Flag(true),
            FlagForm::Number => ParameterValue::Number(0.0),
            FlagForm::Choice(words) => ParameterValue::Text(words[0].to_owned()),
            FlagForm::Word => ParameterValue::Text("t.csv".into()),
        };
        FLAGS.iter().map(|f| parameter(f.name, value(f.form))).collect()
    }

    fn carbon(price: &str, basis: &str) -> MethodDraft {
        MethodDraft {
            indicator: "carbon_sequestration".into(),
            status: Some(Inclusion::Included),
            how: Some("carbon_price".into()),
            price_id: Some(price.into()),
            basis: Some(basis.into()),
            parameters: vec![parameter("a", ParameterValue::Number(1.0)), parameter("b", ParameterValue::Number(2.0))],
            ..MethodDraft::default()
        }
    }

    fn base() -> Draft {
        Draft {
            id: "national-2022".into(),
            title: Some(text("国家规范", "national")),
            evidence: Some(Evidence::Unverified),
            indicators: vec![carbon("p", "CO2")],
            flags: all_flags(),
            ..Draft::default()
        }
    }

    fn price(id: &str, basis: &str) -> Price {
        let row = PriceRow { id: id.into(), value: "380".into(), unit: "CNY/t".into(), basis: basis.into(), year: "2010".into(), ..PriceRow::default() };
        Price::new(PriceRow { evidence: "verified".into(), ..row }).unwrap()
    }

    fn codes(problems: &Problems) -> Vec<String> {
        problems.iter().map(|p| p.code.to_string()).collect()
    }

    #[test]
    fn a_profile_nobody_read_is_printed_with_its_suffix() {
        let mut profile = resolve(None, base()).unwrap();
        assert_eq!(profile.printed_id(), "national-2022-reconstructed");
        assert_eq!(codes(&profile.check(&[price("p", "CO2")])), ["profile.suffix_missing"]);
        profile.id = "national-2022-reconstructed".into();
        assert_eq!(profile.printed_id(), "national-2022-reconstructed");
        assert!(profile.check(&[price("p", "CO2")]).is_empty());
        profile.id = "garze-2017".into();
        assert_eq!(profile.printed_id(), "garze-2017");
    }

    #[test]
    fn an_extension_overrides_key_by_key() {
        let national = resolve(None, base()).unwrap();
        let own = Draft {
            id: "quzhou".into(),
            extends: Some("national-2022-reconstructed".into()),
            indicators: vec![MethodDraft {
                indicator: "carbon_sequestration".into(),
                price_id: Some("q".into()),
                parameters: vec![parameter("b", ParameterValue::Number(3.0))],
                ..MethodDraft::default()
            }],
            flags: vec![parameter("weather", ParameterValue::Text("normal".into()))],
            ..Draft::default()
        };
        let made = resolve(Some(&national), own).unwrap();
        let method = made.method("carbon_sequestration").unwrap();
        assert_eq!((method.price_id.as_deref(), method.how.as_str(), method.parameters.len()), (Some("q"), "carbon_price", 2));
        assert_eq!(method.parameter("b").and_then(|p| p.value.as_number()), Some(3.0));
        assert_eq!(made.flag("weather").and_then(|f| f.value.as_text()), Some("normal"));
        assert_eq!((made.flags.len(), made.title.en.as_ref()), (FLAGS.len(), "national"));
        let orphan = Draft { extends: Some("x".into()), ..base() };
        assert_eq!(codes(&resolve(None, orphan).unwrap_err()), ["profile.not_its_base"]);
    }

    #[test]
    fn every_fault_is_found_and_those_of_uncounted_rows_are_notes() {
        let mut draft = base();
        draft.id = "a-reconstructed".into();
        draft.flags.retain(|f| f.name != "weather");
        draft.flags.push(parameter("wether", ParameterValue::Number(1.0)));
        draft.indicators = vec![
            carbon("p", "C"),
            MethodDraft { indicator: "soil_retension".into(), ..carbon("p", "CO2") },
            MethodDraft { indicator: "oxygen_release".into(), how: Some("carbon_prize".into()), ..carbon("p", "CO2") },
            MethodDraft { indicator: "water_conservation".into(), ..carbon("p", "CO2") },
            MethodDraft { indicator: "pest_control".into(), status: Some(Inclusion::Excluded), ..carbon("none", "x") },
        ];
        let problems = resolve(None, draft).unwrap().check(&[price("p", "CO2")]);
        let mut found = codes(&problems);
        found.sort();
        assert_eq!(
            found,
            [
                "price.basis_mismatch",
                "price.unit_mismatch",
                "profile.flag_missing",
                "profile.price_missing",
                "profile.unknown_flag",
                "profile.unknown_how",
                "profile.unknown_indicator"
            ]
        );
        let note = problems.iter().find(|p| p.code == "profile.price_missing").unwrap();
        assert_eq!(note.severity, liangshan_vocab::Severity::Note);
    }
}
