//! What a GeoPackage says about its layers and fields, and how GIS programs first draw them.
//!
//! Titles of fields stand in `gpkg_data_columns` (GeoPackage 1.3, annex F.9, the schema extension);
//! GDAL and QGIS show them as aliases. The table `layer_styles` is QGIS's own: a layer whose row is
//! marked as the default is drawn by it when it is opened.

use rusqlite::{Connection, params};

/// A description of one layer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LayerNotes {
    /// The layer it is about.
    pub layer: String,
    /// What the layer is called, for people; empty for its name.
    pub title: String,
    /// What it is, and what a reader should know.
    pub description: String,
    /// What fields are called, for people. Titles are distinct within a layer.
    pub fields: Vec<FieldNotes>,
    /// How QGIS draws it.
    pub style: Option<LayerStyle>,
}

/// A description of one field.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FieldNotes {
    /// The field.
    pub field: String,
    /// What it is called.
    pub title: String,
    /// What it is.
    pub description: String,
}

/// A drawing rule of QGIS.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LayerStyle {
    /// Its name.
    pub name: String,
    /// The style as QGIS writes it (QML).
    pub qml: String,
}

const COLUMNS: &str = "
CREATE TABLE gpkg_data_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT,
 mime_type TEXT, constraint_name TEXT, CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
 CONSTRAINT gdc_tn UNIQUE (table_name, name));
CREATE TABLE gpkg_data_column_constraints (constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC,
 min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
 CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
INSERT INTO gpkg_extensions VALUES
 ('gpkg_data_columns', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec130/#extension_schema', 'read-write'),
 ('gpkg_data_column_constraints', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec130/#extension_schema', 'read-write');
";

const STYLES: &str = "
CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT, f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256),
 f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, owner TEXT(30),
 ui TEXT(30), update_time DATETIME DEFAULT CURRENT_TIMESTAMP);
";

/// Writes the notes. Nothing is made where there are none.
pub(super) fn write(db: &Connection, notes: &[LayerNotes], geometry: &str, stamp: &str) -> rusqlite::Result<()> {
    if notes.is_empty() {
        return Ok(());
    }
    db.execute_batch(COLUMNS)?;
    for note in notes {
        let title = if note.title.is_empty() { &note.layer } else { &note.title };
        db.execute("UPDATE gpkg_contents SET identifier = ?2, description = ?3 WHERE table_name = ?1", params![note.layer, title, note.description])?;
        for field in &note.fields {
            // Readers differ in which of the two they show.
            let row = params![note.layer, field.field, field.title, field.description];
            db.execute("INSERT INTO gpkg_data_columns VALUES (?1, ?2, ?3, ?3, ?4, NULL, NULL)", row)?;
        }
    }
    let styles: Vec<(&LayerNotes, &LayerStyle)> = notes.iter().filter_map(|note| Some((note, note.style.as_ref()?))).collect();
    if styles.is_empty() {
        return Ok(());
    }
    db.execute_batch(STYLES)?;
    db.execute("INSERT INTO gpkg_contents VALUES ('layer_styles', 'attributes', 'layer_styles', '', ?1, NULL, NULL, NULL, NULL, 0)", params![stamp])?;
    for (note, style) in styles {
        db.execute(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner, ui, update_time)
             VALUES ('', '', ?1, ?2, ?3, ?4, '', 1, ?5, '', NULL, ?6)",
            params![note.layer, geometry, style.name, style.qml, note.description, stamp],
        )?;
    }
    Ok(())
}
