//! A standard as one JSON value.

use serde_json::{Map, Value, json};

use super::{Cell, Compare, Holds, On, Rule, Standard, Table};

impl Standard {
    /// All that it says, with titles in both languages; numbers of tables as numbers.
    pub fn to_json(&self) -> Value {
        let mut decimals: Vec<(&String, &u32)> = self.rounding.decimals.iter().collect();
        decimals.sort();
        json!({
            "id": self.id,
            "title": self.title,
            "number": self.number,
            "domain": self.domain,
            "kind": self.kind,
            "from": self.from.to_string(),
            "until": self.until.map(|d| d.to_string()),
            "by_name": self.by_name,
            "supersedes": self.supersedes,
            "extends": self.extends,
            "evidence": self.evidence.word(),
            "source": self.source,
            "note": self.note,
            "file": format!("rules/{}", self.file),
            "rounding": {
                "mode": self.rounding.mode.word(),
                "keeps_nonzero": self.rounding.keeps_nonzero,
                "compare": if self.rounding.compare == Compare::FullValue { "full_value" } else { "rounded_value" },
                "decimals": decimals.into_iter().map(|(item, d)| (item.clone(), json!(d))).collect::<Map<_, _>>(),
                "evidence": self.rounding.evidence.map(liangshan_vocab::Evidence::word),
                "source": self.rounding.source,
            },
            "values": self.values.iter().map(|p| json!({
                "name": p.name, "title": p.title, "value": p.value, "unit": p.unit, "evidence": p.evidence.word(), "source": p.source,
            })).collect::<Vec<_>>(),
            "tables": self.tables.iter().map(table).collect::<Vec<_>>(),
            "rules": self.rules.iter().map(rule).collect::<Vec<_>>(),
        })
    }
}

fn table(table: &Table) -> Value {
    let columns: Vec<Value> = table
        .columns
        .iter()
        .map(|c| {
            let holds = match &c.holds {
                Holds::Text => "text",
                Holds::Number => "number",
                Holds::Unit => "unit",
                Holds::Word(_) => "word",
            };
            json!({ "name": c.name, "title": c.title, "is": holds, "unit": c.unit, "unit_from": c.unit_from })
        })
        .collect();
    let row = |row: &super::Row| -> Value {
        let cell = |cell: &Cell| match cell {
            Cell::Empty => Value::Null,
            Cell::Text(text) => json!(text),
            Cell::Number(number, _) => json!(number),
        };
        Value::Object(table.columns.iter().zip(&row.cells).map(|(c, given)| (c.name.clone(), cell(given))).collect())
    };
    json!({
        "id": table.id, "title": table.title, "at": table.at, "key": table.key, "columns": columns,
        "rows": table.rows.iter().map(row).collect::<Vec<_>>(),
    })
}

fn rule(rule: &Rule) -> Value {
    let on = match &rule.on {
        On::Literal { low, limit, unit } => json!({ "low": low, "limit": limit, "unit": unit }),
        On::Table { table, limit, low, direction } => json!({ "table": table, "limit": limit, "low": low, "direction": direction }),
    };
    json!({
        "id": rule.id, "title": rule.title, "test": rule.test.word(), "on": on, "consecutive": rule.consecutive, "rounded": rule.rounded,
        "samples": rule.samples.iter().map(|s| json!({ "key": s.key, "series": s.series, "fires": s.fires })).collect::<Vec<_>>(),
    })
}
