//! How severe an event is, from 1 to 4, and what follows from it.

use liangshan_vocab::{Problem, Text, text, words};

use crate::standard::{Standard, Table};

/// What is known of an event.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Event {
    /// Value over limit, less one; none where nothing was measured against a limit.
    pub multiple: Option<f64>,
    /// How long it has lasted, h.
    pub duration_h: Option<f64>,
    /// A drinking-water source is near.
    pub drinking_source: bool,
    /// It lies inside an ecological redline.
    pub redline: bool,
    /// It may hurt people at once: leak, fire, explosion.
    pub acute_risk: bool,
    /// Days since the same event was closed.
    pub days_since_closed: Option<f64>,
}

/// How severe it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Severity {
    /// By its multiple alone.
    pub by_multiple: Option<u8>,
    /// By its duration alone.
    pub by_duration: Option<u8>,
    /// It came back within the term of a relapse.
    pub relapse: bool,
    /// 1 to 4.
    pub severity: u8,
    /// Hours within which something has to be done; 0 is at once.
    pub within_h: f64,
    /// Several departments together.
    pub joint: bool,
    /// What is done.
    pub action: Text,
}

/// The worse of the steps by multiple and by duration, one more for a drinking source, for a redline and for a
/// relapse, four at most; an acute risk to people is four. `linkage.md` section 2, a design.
///
/// # Errors
/// `event.nothing_known` when there is neither multiple nor duration nor an acute risk; `event.number` for one
/// below zero; what the rules lack.
pub fn severity(rules: &Standard, event: &Event) -> Result<Severity, Problem> {
    for (name, value) in [("multiple", event.multiple), ("duration_h", event.duration_h), ("days_since_closed", event.days_since_closed)] {
        if let Some(value) = value.filter(|v| *v < 0.0 || v.is_nan()) {
            return Err(not_a_number(name, value));
        }
    }
    let by_multiple = event.multiple.map(|value| step(rules.table("multiple")?, value)).transpose()?;
    let by_duration = event.duration_h.map(|value| step(rules.table("duration")?, value)).transpose()?;
    let (most, relapse_days) = (4, rules.value("relapse_days")?);
    let relapse = event.days_since_closed.is_some_and(|days| days <= relapse_days);
    let severity = match (event.acute_risk, by_multiple.max(by_duration)) {
        (true, _) => most,
        (false, Some(step)) => most.min(step + u8::from(event.drinking_source) + u8::from(event.redline) + u8::from(relapse)),
        (false, None) => {
            return Err(Problem::error("event.nothing_known", text("没有超标倍数、持续时间或安全风险", "there is no multiple, no duration and no acute risk"))
                .key("multiple")
                .expect(text("multiple、duration_h 至少一个，或 acute_risk", "one of multiple and duration_h, or acute_risk"))
                .fix(text("补上已知的一项", "give what is known")));
        }
    };
    let table = rules.table("triage")?;
    for column in ["within", "joint", "action_zh", "action_en"] {
        table.column(column)?;
    }
    let row = table.row(&severity.to_string()).ok_or_else(|| no_row(rules, table, severity))?;
    Ok(Severity {
        by_multiple,
        by_duration,
        relapse,
        severity,
        within_h: table.number(row, "within").unwrap_or(0.0),
        joint: table.text(row, "joint") == "yes",
        action: Text::of(table.text(row, "action_zh"), table.text(row, "action_en")),
    })
}

/// The first row whose upper end is not passed; one without an upper end stands for all above.
fn step(table: &Table, value: f64) -> Result<u8, Problem> {
    table.column("upper")?;
    let holds = |row: &&crate::standard::Row| table.number(row, "upper").is_none_or(|upper| value <= upper);
    let found = table.rows.iter().find(holds).and_then(|row| table.number(row, "severity"));
    found.filter(|s| (1.0..=4.0).contains(s)).map(|s| s as u8).ok_or_else(|| {
        let id = &table.id;
        Problem::error("event.no_step", words!("表 {id} 没有适用于 {value} 的一行", "the table {id} has no row for {value}"))
            .key(id.as_str())
            .expect(text("severity 为 1 至 4，最后一行不设上界", "severities of 1 to 4, and a last row without an upper end"))
            .fix(text("补全该表", "complete the table"))
    })
}

fn no_row(rules: &Standard, table: &Table, severity: u8) -> Problem {
    let id = &table.id;
    Problem::error("event.no_step", words!("表 {id} 没有 {severity} 级的一行", "the table {id} has no row for severity {severity}"))
        .file(format!("rules/{}", rules.file))
        .key(id.as_str())
        .expect(text("1 至 4 各一行", "a row for each of 1 to 4"))
        .fix(text("补全该表", "complete the table"))
}

pub(super) fn not_a_number(name: &str, value: f64) -> Problem {
    Problem::error("event.number", words!("{name} 为 {value}", "{name} is {value}"))
        .key(name)
        .expect(text("不小于 0 的数", "a number of 0 or more"))
        .fix(text("改正，或不给", "correct it, or leave it out"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standard::shipped;

    fn rules() -> &'static Standard {
        shipped().latest("linkage", "triage").unwrap()
    }

    /// The steps of the method sheet, linkage section 2: ≤ 0.5, ≤ 1, ≤ 5, > 5; 1 h, 4 h, 24 h.
    #[test]
    fn steps_and_what_raises_them() {
        let of = |multiple: Option<f64>, duration_h: Option<f64>| Event { multiple, duration_h, ..Event::default() };
        let is = |event: Event| severity(rules(), &event).unwrap().severity;
        assert_eq!([0.5, 0.51, 1.0, 5.0, 5.1].map(|m| is(of(Some(m), Some(1.0)))), [1, 2, 2, 3, 4]);
        assert_eq!([1.0, 1.5, 4.0, 24.0, 25.0].map(|h| is(of(Some(0.1), Some(h)))), [1, 2, 2, 3, 4]);
        assert_eq!(is(of(None, Some(2.0))), 2);
        let near = Event { drinking_source: true, redline: true, ..of(Some(0.2), Some(1.0)) };
        assert_eq!((is(near), is(Event { multiple: Some(9.0), ..near })), (3, 4));
        assert_eq!(is(Event { acute_risk: true, ..Event::default() }), 4);
        assert_eq!([90.0, 91.0].map(|days| is(Event { days_since_closed: Some(days), ..of(Some(0.2), None) })), [2, 1]);
        let made = severity(rules(), &of(Some(2.0), None)).unwrap();
        assert_eq!((made.within_h, made.joint, made.action.zh.as_ref()), (2.0, true, "现场检查并联合处置"));
        assert_eq!(severity(rules(), &Event::default()).unwrap_err().code, "event.nothing_known");
        assert_eq!(severity(rules(), &of(Some(-1.0), None)).unwrap_err().code, "event.number");
    }
}
