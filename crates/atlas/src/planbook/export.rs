//! Registers out, all of them drawn from their declarations: CSV, one workbook, a layer in GeoJSON for
//! each register with a map, one GeoPackage, and the forms as JSON.

use liangshan_formats::CrsName;
use liangshan_formats::table::write_csv;
use liangshan_formats::vector::{Cell as MapCell, Feature, Field, FieldKind, FieldNotes, Layer, LayerNotes, write_described};
use liangshan_formats::workbook::{Cell, Column, Look, NumberFormat, Properties, Sheet, Span, Workbook, write_workbook};
use liangshan_registers::{Geometry, Holds, Shape, Value};
use liangshan_space::geo::{Coord, Geometry as Drawn, LineString, Point, Polygon};
use liangshan_vocab::Problems;
use serde_json::json;

use super::Planbook;
use super::records::Book;

/// All files, by name.
///
/// # Errors
/// Those of the writers.
pub fn files(plan: &Planbook) -> Result<Vec<(String, Vec<u8>)>, Problems> {
    let mut out = Vec::new();
    for book in &plan.books {
        let id = &book.register.id;
        out.push((format!("registers/{id}.csv"), csv(book)));
        if book.register.geometry != Geometry::None {
            let layer = serde_json::to_vec_pretty(&book.register.geojson(&book.records)).unwrap_or_default();
            out.push((format!("registers/{id}.geojson"), layer));
        }
    }
    out.push(("registers.gpkg".into(), geopackage(plan)?));
    out.push(("registers.xlsx".into(), workbook(plan)?));
    let forms: Vec<_> = plan.books.iter().map(|b| b.register.form()).collect();
    out.push(("forms.json".into(), serde_json::to_vec_pretty(&json!({ "registers": forms })).unwrap_or_default()));
    Ok(out)
}

/// A register as CSV, which can be imported again.
pub fn csv(book: &Book) -> Vec<u8> {
    write_csv(&book.register.header(), book.records.iter().map(|r| book.register.cells(r)), true)
}

fn kind(holds: &Holds) -> FieldKind {
    match holds {
        Holds::Number { .. } => FieldKind::Real,
        Holds::Integer { .. } => FieldKind::Integer,
        _ => FieldKind::Text,
    }
}

fn map_cell(holds: &Holds, value: &Value) -> MapCell {
    match (kind(holds), value) {
        (_, Value::Missing) => MapCell::Null,
        (FieldKind::Real, value) => value.number().map_or(MapCell::Null, MapCell::Real),
        (FieldKind::Integer, Value::Integer(whole)) => MapCell::Integer(*whole),
        (_, value) => MapCell::Text(value.written()),
    }
}

fn drawn(shape: Shape) -> Drawn<f64> {
    let line = |path: Vec<(f64, f64)>| LineString(path.into_iter().map(|(x, y)| Coord { x, y }).collect());
    match shape {
        Shape::Point(x, y) => Drawn::Point(Point::new(x, y)),
        Shape::Line(path) => Drawn::LineString(line(path)),
        Shape::Area(ring) => Drawn::Polygon(Polygon::new(line(ring), Vec::new())),
    }
}

/// Registers with a map as layers in longitude and latitude; columns that name persons are left out.
fn geopackage(plan: &Planbook) -> Result<Vec<u8>, Problems> {
    let (mut layers, mut notes) = (Vec::new(), Vec::new());
    for book in plan.books.iter().filter(|b| b.register.geometry != Geometry::None && !b.records.is_empty()) {
        let register = &book.register;
        let shown: Vec<usize> = (0..register.columns.len()).filter(|i| !register.columns[*i].personal).collect();
        let fields = shown.iter().map(|i| Field { name: register.columns[*i].name.clone(), kind: kind(&register.columns[*i].holds) }).collect();
        let features = book.records.iter().enumerate().map(|(at, record)| Feature {
            id: at as i64 + 1,
            geometry: register.shape(record).map(drawn),
            cells: shown.iter().map(|i| map_cell(&register.columns[*i].holds, &record.values[*i])).collect(),
        });
        layers.push(Layer { name: register.id.clone(), crs: CrsName::Epsg(4326), fields, features: features.collect() });
        let titles = shown.iter().map(|i| {
            let column = &register.columns[*i];
            FieldNotes { field: column.name.clone(), title: format!("{} {}", column.title.zh, column.name), description: column.title.en.to_string() }
        });
        notes.push(LayerNotes {
            layer: register.id.clone(),
            title: format!("{} {}", register.title.zh, register.id),
            description: format!("{}; {}", register.title.en, book.origins.iter().copied().collect::<Vec<_>>().join("+")),
            fields: titles.collect(),
            style: None,
        });
    }
    Ok(write_described(&layers, &notes, &format!("{}T00:00:00.000Z", plan.on))?)
}

/// One sheet for each register, heads in Chinese with the unit, words of lists as people read them.
fn workbook(plan: &Planbook) -> Result<Vec<u8>, Problems> {
    let sheets = plan.books.iter().map(sheet).collect();
    let properties = Properties { title: format!("{} · 登记册", plan.declared.title.zh), author: "liangshan".into(), ..Properties::default() };
    write_workbook(&Workbook { properties, sheets })
}

fn sheet(book: &Book) -> Sheet {
    let register = &book.register;
    let head = register.columns.iter().map(|c| {
        let unit = if c.unit.is_empty() { String::new() } else { format!("（{}）", c.unit) };
        Cell::text(format!("{}{unit}", c.title.zh)).look(Look::Header).note(format!("{}: {}", c.name, c.title.en))
    });
    let mut rows = vec![head.collect::<Vec<_>>()];
    for record in &book.records {
        let cells = register.columns.iter().enumerate().map(|(at, column)| match (&column.holds, &record.values[at]) {
            (_, Value::Missing) => Cell::default(),
            (Holds::Number { .. } | Holds::Integer { .. }, value) => value.number().map_or_else(Cell::default, Cell::number),
            (_, value) => Cell::text(register.shown(at, value, liangshan_vocab::Lang::Zh)).format(NumberFormat::Text),
        });
        rows.push(cells.collect());
    }
    let columns = register.columns.iter().map(|c| Column { width: (c.title.zh.chars().count() as f64 * 2.0 + 4.0).max(12.0), style: None }).collect();
    let last = (rows.len() as u32).saturating_sub(1);
    let filter = Span { first_row: 0, first_column: 0, last_row: last, last_column: (register.columns.len() as u16).saturating_sub(1) };
    let name: String = register.title.zh.chars().filter(|c| !"[]:*?/\\".contains(*c)).take(31).collect();
    Sheet { name, columns, rows, merged: Vec::new(), frozen: (1, 1), repeated: Some((0, 0)), filter: Some(filter), lists: Vec::new() }
}
