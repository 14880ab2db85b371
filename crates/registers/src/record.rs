//! A record: one row of a register, its cells understood.

use crate::{Geometry, Register};

/// A cell that was understood.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing; never zero.
    Missing,
    /// A text, a code, a key, a day.
    Text(String),
    /// A number, and the digits it was written with.
    Number(f64, String),
    /// A whole number.
    Integer(i64),
    /// Yes or no.
    Truth(bool),
    /// Places on the map: longitude and latitude, and what was written.
    Path(Vec<(f64, f64)>, String),
}

impl Value {
    /// As a person writes it; empty where missing.
    pub fn written(&self) -> String {
        match self {
            Value::Missing => String::new(),
            Value::Text(text) => text.clone(),
            Value::Number(_, digits) => digits.clone(),
            Value::Integer(whole) => whole.to_string(),
            Value::Truth(truth) => if *truth { "yes" } else { "no" }.to_owned(),
            Value::Path(_, written) => written.clone(),
        }
    }

    /// As a number.
    pub fn number(&self) -> Option<f64> {
        match self {
            Value::Number(number, _) => Some(*number),
            Value::Integer(whole) => Some(*whole as f64),
            _ => None,
        }
    }
}

/// A row.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The line it stands in.
    pub line: u64,
    /// Its key.
    pub key: String,
    /// One value for each column of the register.
    pub values: Vec<Value>,
}

/// Where a record is on the map, in longitude and latitude.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// A point.
    Point(f64, f64),
    /// A line.
    Line(Vec<(f64, f64)>),
    /// A ring, closed.
    Area(Vec<(f64, f64)>),
}

impl Register {
    /// The value of a column.
    pub fn cell<'r>(&self, record: &'r Record, column: &str) -> Option<&'r Value> {
        let at = self.columns.iter().position(|c| c.name == column)?;
        record.values.get(at)
    }

    /// Where a record is; `None` where it does not say so, or its register has no map.
    pub fn shape(&self, record: &Record) -> Option<Shape> {
        let number = |name: &str| self.cell(record, name).and_then(Value::number);
        let path = |name: &str| match self.cell(record, name) {
            Some(Value::Path(path, _)) => Some(path.clone()),
            _ => None,
        };
        match &self.geometry {
            Geometry::None => None,
            Geometry::Point { lon, lat } => Some(Shape::Point(number(lon)?, number(lat)?)),
            Geometry::Line { path: name } => path(name).map(Shape::Line),
            Geometry::Area { path: name } => path(name).map(|mut ring| {
                if ring.first() != ring.last() {
                    ring.extend(ring.first().copied());
                }
                Shape::Area(ring)
            }),
        }
    }
}
