//! Coefficients of `rules/` handed over to the formulas that take them as arguments.

use liangshan_accounts::linkage::CreditRule;
use liangshan_accounts::targets::LampRule;
use liangshan_duty::standard::{Standard, Table};
use liangshan_planning::conformity::{LayerRule, Verdict};
use liangshan_planning::opinion::ProjectWord;
use liangshan_rights::compensation::{ClassMultiple, ExceedSteps, Payment, PaymentRule, PaymentStep};
use liangshan_vocab::{Evidence, Problem, Text, words};

/// Columns a table must have before it is read row by row.
fn columns(table: &Table, names: &[&str]) -> Result<(), Problem> {
    names.iter().try_for_each(|name| table.column(name).map(drop))
}

/// Steps of τ: the row without an upper end stands for all above.
///
/// # Errors
/// `standard.*`; `compensation.steps`.
pub fn exceed_steps(standard: &Standard) -> Result<ExceedSteps, Problem> {
    let table = standard.table("exceed")?;
    columns(table, &["upper", "tau"])?;
    let (mut bounds, mut above) = (Vec::new(), None);
    for row in &table.rows {
        match (table.number(row, "upper"), table.number(row, "tau")) {
            (Some(upper), Some(tau)) => bounds.push((upper, tau)),
            (None, Some(tau)) => above = Some(tau),
            (_, None) => {}
        }
    }
    let above = above.ok_or_else(|| {
        Problem::error("compensation.steps", words!("表 {} 没有上界为空的一行", "the table {} has no row without an upper end", table.id))
            .expect(words!("最后一行上界为空", "a last row without an upper end"))
    })?;
    ExceedSteps::new(bounds, above)
}

/// Ranges of multiples by class.
///
/// # Errors
/// `standard.*`.
pub fn class_multiples(standard: &Standard) -> Result<Vec<ClassMultiple>, Problem> {
    let table = standard.table("multiples")?;
    columns(table, &["class", "least", "greatest"])?;
    let row = |row| {
        let least = table.number(row, "least")?;
        Some(ClassMultiple { class: table.text(row, "class").to_owned(), least, greatest: table.number(row, "greatest") })
    };
    Ok(table.rows.iter().filter_map(row).collect())
}

/// An agreement by the P index.
#[derive(Debug, Clone, PartialEq)]
pub struct Agreement {
    /// Stability factor.
    pub k0: f64,
    /// Items with their weights.
    pub weights: Vec<(String, f64)>,
    /// Who pays.
    pub rule: PaymentRule,
}

/// The coefficients of an agreement such as the Xin'an River's. Amounts are in the unit of the table's
/// column.
///
/// # Errors
/// `standard.*`; `compensation.rule_order`.
pub fn agreement(standard: &Standard) -> Result<Agreement, Problem> {
    let (items, payment) = (standard.table("items")?, standard.table("payment")?);
    columns(items, &["item", "weight"])?;
    columns(payment, &["bound", "payer", "amount"])?;
    let weight = |row| Some((items.text(row, "item").to_owned(), items.number(row, "weight")?));
    let step = |row| {
        let amount = payment.number(row, "amount")?.to_string().parse().ok()?;
        Some(PaymentStep { bound: payment.number(row, "bound"), payment: Payment { payer: payment.text(row, "payer").to_owned(), amount } })
    };
    Ok(Agreement {
        k0: standard.value("k0")?,
        weights: items.rows.iter().filter_map(weight).collect(),
        rule: PaymentRule::new(payment.rows.iter().filter_map(step).collect())?,
    })
}

/// Upper ends of a table's rows, those without one left out.
///
/// # Errors
/// `standard.*`.
pub fn upper_ends(standard: &Standard, table: &str) -> Result<Vec<f64>, Problem> {
    let table = standard.table(table)?;
    columns(table, &["upper"])?;
    Ok(table.rows.iter().filter_map(|row| table.number(row, "upper")).collect())
}

/// How points of credit become a grade. The one event with a limit is capped; the row without least
/// points is the worst grade.
///
/// # Errors
/// `standard.*`.
pub fn credit_rule(standard: &Standard) -> Result<CreditRule, Problem> {
    let (events, grades) = (standard.table("credit_events")?, standard.table("credit_grades")?);
    columns(events, &["event", "points", "most", "veto"])?;
    columns(grades, &["grade", "least"])?;
    let whole = |number: f64| number.round() as i64;
    let capped = events.rows.iter().find_map(|row| Some((events.text(row, "event").to_owned(), whole(events.number(row, "most")?))));
    let graded = |row| Some((grades.text(row, "grade").to_owned(), grades.number(row, "least")?));
    Ok(CreditRule {
        start: whole(standard.value("credit_start")?),
        capped: capped.unwrap_or_default(),
        grades: grades.rows.iter().filter_map(graded).collect(),
        worst: grades.rows.iter().find(|row| grades.number(row, "least").is_none()).map_or_else(String::new, |row| grades.text(row, "grade").to_owned()),
        veto: events.rows.iter().filter(|row| events.text(row, "veto") == "yes").map(|row| events.text(row, "event").to_owned()).collect(),
    })
}

/// When the lamp of a project changes.
///
/// # Errors
/// `standard.*`.
pub fn lamp_rule(standard: &Standard) -> Result<LampRule, Problem> {
    Ok(LampRule { red_days: standard.value("red_days")?.round() as i64, red_gap: standard.value("red_gap")?, yellow_gap: standard.value("yellow_gap")? })
}

/// The layers of the conformity check.
///
/// # Errors
/// `standard.no_table`, `standard.no_column`.
pub fn layer_rules(standard: &Standard) -> Result<Vec<LayerRule>, Problem> {
    let table = standard.table("layers")?;
    let read = [
        "layer",
        "name_zh",
        "name_en",
        "of",
        "side",
        "tolerance",
        "only_if",
        "verdict",
        "unless",
        "otherwise",
        "needs",
        "needs_zh",
        "clause_zh",
        "clause_en",
        "evidence",
    ];
    columns(table, &read)?;
    let rule = |row| {
        let word = |column: &str| table.text(row, column).to_owned();
        // the column admits only the words of verdicts; an unread one would be the worst
        let verdict = |column: &str| Verdict::parse(table.text(row, column)).unwrap_or(Verdict::Forbid);
        LayerRule {
            layer: word("layer"),
            title: Text::of(word("name_zh"), word("name_en")),
            of: word("of"),
            outside: table.text(row, "side") == "outside",
            is_line: table.text(row, "tolerance") == "line",
            verdict: verdict("verdict"),
            only_if: word("only_if"),
            unless: word("unless"),
            otherwise: verdict("otherwise"),
            needs: word("needs"),
            needs_title: Text::of(word("needs_zh"), word("needs")),
            clause: Text::of(word("clause_zh"), word("clause_en")),
            evidence: Evidence::parse(table.text(row, "evidence")).unwrap_or(Evidence::Unverified),
        }
    };
    Ok(table.rows.iter().map(rule).collect())
}

/// The attributes of a project that rules know, each value with the facts it states.
///
/// # Errors
/// `standard.no_table`, `standard.no_column`.
pub fn project_words(standard: &Standard) -> Result<Vec<ProjectWord>, Problem> {
    let table = standard.table("facts")?;
    columns(table, &["field", "word", "name_zh", "name_en", "fact"])?;
    let mut made: Vec<ProjectWord> = Vec::new();
    for row in &table.rows {
        let of = |column: &str| table.text(row, column).to_owned();
        let (field, word, fact) = (of("field"), of("word"), of("fact"));
        let at = made.iter().position(|w| w.field == field && w.word == word).unwrap_or_else(|| {
            made.push(ProjectWord { field, word, title: Text::of(of("name_zh"), of("name_en")), facts: Vec::new() });
            made.len() - 1
        });
        made[at].facts.extend(Some(fact).filter(|f| !f.is_empty()));
    }
    Ok(made)
}

#[cfg(test)]
mod tests {
    use liangshan_accounts::linkage::{CreditEvent, credit_score};
    use liangshan_accounts::targets::lamp::DESIGN;
    use liangshan_duty::standard::{Day, shipped};
    use liangshan_rights::compensation::p_index;

    use super::*;

    /// By the sheet: the same year under rounds 1 and 3 gives 0.736667 and 0.7791; downstream pays 100 by
    /// the first rule and 200 by the later one. The day chooses the round.
    #[test]
    fn an_agreement_of_each_round() {
        let (means, base) = ([1.9, 0.08, 1.1, 0.02].map(Some), [2.0, 0.1, 1.2, 0.025]);
        for (day, p, amount) in [("2012-06-30", 0.736_667, 100), ("2020-12-31", 0.7791, 200)] {
            let agreement = agreement(shipped().in_force("compensation", "transfer", Day::parse(day).unwrap()).unwrap()).unwrap();
            let weights: Vec<f64> = agreement.weights.iter().map(|w| w.1).collect();
            let made = p_index(&means, &base, agreement.k0, &weights).unwrap();
            let paid = agreement.rule.payment(made.p, None);
            assert!((made.p - p).abs() < 1e-6, "{day}: {}", made.p);
            assert_eq!((paid.payer.as_str(), paid.amount), ("downstream", amount), "{day}");
        }
        assert!(shipped().in_force("compensation", "transfer", Day::parse("2021-01-01").unwrap()).is_err());
    }

    /// The day chooses between the two practices of virtual treatment cost.
    #[test]
    fn virtual_cost_by_the_day() {
        let on = |day: &str| shipped().in_force("compensation", "virtual_cost", Day::parse(day).unwrap()).unwrap();
        assert!(class_multiples(on("2020-12-31")).unwrap().iter().any(|row| row.class == "air_II" && row.greatest == Some(5.0)));
        assert_eq!(exceed_steps(on("2021-01-01")).unwrap().tau(3.272), 1.25);
    }

    /// By the sheet: 100 − 10 − 5 + at most 6 of 8 is 91 and green; a falsified reading is red.
    #[test]
    fn credit_carbon_and_lamps() {
        let carbon = shipped().latest("accounts", "carbon").unwrap();
        let rule = credit_rule(carbon).unwrap();
        let event = |code: &str, points: i64| CreditEvent { code: code.into(), points, until: None, repaired: false };
        let mut events = vec![event("penalty_normal", -10), event("overdue_rectification", -5)];
        events.extend(vec![event("prescription_cured", 2); 4]);
        let made = credit_score(&rule, &events, None).unwrap();
        assert_eq!((made.score, made.grade.as_str()), (91, "green"));
        assert_eq!(credit_score(&rule, &[event("falsified_data", 0)], None).unwrap().grade, "red");
        assert_eq!(upper_ends(carbon, "colours").unwrap(), [0.6, 1.0, 1.5]);
        assert_eq!(lamp_rule(shipped().latest("accounts", "projects").unwrap()).unwrap(), DESIGN);
    }

    /// Published: the groups weigh 29.3, 16.5, 19.3, 16.5, 9.2 and 9.2, satisfaction apart; 56 indicators.
    #[test]
    fn green_development_weights() {
        let standard = shipped().latest("accounts", "evaluation").unwrap();
        let (groups, indicators) = (standard.table("groups").unwrap(), standard.table("indicators").unwrap());
        let weights: Vec<f64> = groups.rows.iter().filter_map(|row| groups.number(row, "weight")).collect();
        assert_eq!(weights, [29.3, 16.5, 19.3, 16.5, 9.2, 9.2, 0.0]);
        assert_eq!(indicators.rows.len(), 56);
    }
}
