//! Records out: a table, and a layer in GeoJSON. Bytes of workbooks and GeoPackages are made where
//! files are made.

use liangshan_vocab::Lang;
use serde_json::{Map, Value as Json, json};

use crate::{Holds, Record, Register, Shape, Value};

impl Register {
    /// The names of the columns.
    pub fn header(&self) -> Vec<&str> {
        self.columns.iter().map(|c| c.name.as_str()).collect()
    }

    /// A record as cells, which [`crate::import()`] reads back as the same record.
    pub fn cells(&self, record: &Record) -> Vec<String> {
        record.values.iter().map(Value::written).collect()
    }

    /// A word of a closed list or of the life as people read it; other cells as they are written. The words
    /// of a closed list are English words themselves.
    pub fn shown(&self, column: usize, value: &Value, lang: Lang) -> String {
        let written = value.written();
        match &self.columns[column].holds {
            Holds::Code(_) if lang == Lang::En => written.replace('_', " "),
            Holds::Code(codes) => codes.iter().find(|(code, _)| *code == written).map_or(written, |(_, zh)| zh.clone()),
            Holds::State => self.life.as_ref().and_then(|l| l.title(&written)).map_or(written, |title| title.get(lang).to_owned()),
            _ => written,
        }
    }

    /// A record as an object: numbers as numbers, what is missing as `null`. With `public`, columns that
    /// name persons are left out.
    pub fn object(&self, record: &Record, public: bool) -> Map<String, Json> {
        let shown = self.columns.iter().zip(&record.values).filter(|(c, _)| !(public && c.personal));
        shown
            .map(|(column, value)| {
                let cell = match value {
                    Value::Missing => Json::Null,
                    Value::Number(number, _) => json!(number),
                    Value::Integer(whole) => json!(whole),
                    Value::Truth(truth) => json!(truth),
                    Value::Text(text) | Value::Path(_, text) => json!(text),
                };
                (column.name.clone(), cell)
            })
            .collect()
    }

    /// Records as a FeatureCollection (RFC 7946). A record that does not say where it is has a `null`
    /// geometry. Columns that name persons are left out.
    pub fn geojson<'r>(&self, records: impl IntoIterator<Item = &'r Record>) -> Json {
        let features = records.into_iter().map(|record| {
            let place = |(lon, lat): &(f64, f64)| json!([lon, lat]);
            let geometry = match self.shape(record) {
                None => Json::Null,
                Some(Shape::Point(lon, lat)) => json!({ "type": "Point", "coordinates": [lon, lat] }),
                Some(Shape::Line(path)) => json!({ "type": "LineString", "coordinates": path.iter().map(place).collect::<Vec<_>>() }),
                Some(Shape::Area(ring)) => json!({ "type": "Polygon", "coordinates": [ring.iter().map(place).collect::<Vec<_>>()] }),
            };
            json!({ "type": "Feature", "id": record.key, "geometry": geometry, "properties": self.object(record, true) })
        });
        json!({ "type": "FeatureCollection", "name": self.id, "features": features.collect::<Vec<_>>() })
    }
}
