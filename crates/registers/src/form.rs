//! A declaration as a form: everything a page needs to ask for a record, and what may be done to one.

use serde_json::{Value as Json, json};

use crate::{Column, Geometry, Holds, Register};

impl Register {
    /// The form.
    pub fn form(&self) -> Json {
        let life = self.life.as_ref().map(|life| {
            let states: Vec<Json> = life.states.iter().map(|(state, title)| json!({ "state": state, "title": title })).collect();
            let steps = life
                .steps
                .iter()
                .map(|s| json!({ "id": s.id, "title": s.title, "from": s.from, "to": s.to, "by": s.by, "evidence": s.evidence, "sets": s.sets }));
            json!({ "states": states, "steps": steps.collect::<Vec<_>>() })
        });
        let measures = self.measures.iter().map(|m| json!({ "id": m.id, "title": m.title, "unit": m.unit }));
        let on_map = match &self.geometry {
            Geometry::None => json!({ "kind": "none" }),
            Geometry::Point { lon, lat } => json!({ "kind": "point", "lon": lon, "lat": lat }),
            Geometry::Line { path } => json!({ "kind": "line", "path": path }),
            Geometry::Area { path } => json!({ "kind": "area", "path": path }),
        };
        json!({
            "id": self.id, "title": self.title, "keepers": self.keepers, "key": self.key, "geometry": on_map, "evidence": self.evidence, "note": self.note,
            "fields": self.columns.iter().map(|c| self.field(c)).collect::<Vec<_>>(), "life": life, "measures": measures.collect::<Vec<_>>(),
        })
    }

    fn field(&self, column: &Column) -> Json {
        let mut field = json!({
            "name": column.name, "title": column.title, "kind": column.holds.word(), "unit": column.unit, "needed": column.needed,
            "personal": column.personal, "example": column.example, "note": column.note,
        });
        match &column.holds {
            Holds::Number { least, most } => field["range"] = json!([least, most]),
            Holds::Integer { least, most } => field["range"] = json!([least, most]),
            Holds::Code(codes) => field["codes"] = codes.iter().map(|(code, zh)| json!({ "code": code, "zh": zh })).collect(),
            Holds::Reference(to) => field["to"] = json!(to),
            _ => {}
        }
        field
    }
}
