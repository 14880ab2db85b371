//! A drawing rule for QGIS (QML): counties coloured by a number in classes, the whole as an outline.

use std::fmt::Write as _;

/// Sand to deep blue, as on the report's maps.
const COLOURS: [&str; 5] = ["253,246,216", "169,211,162", "58,154,148", "23,81,110", "19,47,82"];
/// What a place without a number is drawn in.
const MISSING: &str = "221,221,221";

/// What to draw.
pub(super) struct Choropleth<'a> {
    /// The field of the number.
    pub(super) field: &'a str,
    /// The legend's heading.
    pub(super) title: &'a str,
    /// What the legend divides by.
    pub(super) per: f64,
    /// The field of the label.
    pub(super) label: &'a str,
    /// A field that is missing for the whole, which is drawn as an outline only.
    pub(super) outer: &'a str,
    /// The numbers of the places.
    pub(super) values: &'a [f64],
}

/// Bounds of the classes: equally many places in each, no class without a place; one more than classes.
fn bounds(values: &[f64]) -> Vec<f64> {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    sorted.dedup();
    let (Some(least), Some(most)) = (sorted.first(), sorted.last()) else { return Vec::new() };
    let classes = COLOURS.len().min(sorted.len());
    let inner = (1..classes).map(|class| sorted[class * sorted.len() / classes]);
    std::iter::once(*least).chain(inner).chain([*most]).collect()
}

/// The style.
pub(super) fn choropleth(map: &Choropleth<'_>) -> String {
    let bounds = bounds(map.values);
    let (field, outer) = (format!("\"{}\"", map.field), format!("\"{}\"", map.outer));
    let (mut rules, mut symbols) = (String::new(), String::new());
    let mut add = |filter: String, label: String, fill: Option<&str>| {
        let at = symbols.matches("<symbol ").count();
        let _ = write!(rules, "<rule key=\"r{at}\" symbol=\"{at}\" filter=\"{}\" label=\"{}\"/>", escaped(&filter), escaped(&label));
        let (brush, colour, line, width) = match fill {
            Some(fill) => ("solid", fill, "255,255,255,255", "0.3"),
            None => ("no", "0,0,0", "60,70,66,255", "0.7"),
        };
        let _ = write!(
            symbols,
            "<symbol type=\"fill\" name=\"{at}\" alpha=\"1\"><layer class=\"SimpleFill\" enabled=\"1\" pass=\"0\"><prop k=\"color\" v=\"{colour},255\"/>\
             <prop k=\"style\" v=\"{brush}\"/><prop k=\"outline_color\" v=\"{line}\"/><prop k=\"outline_width\" v=\"{width}\"/>\
             <prop k=\"outline_width_unit\" v=\"MM\"/></layer></symbol>"
        );
    };
    let classes = bounds.len().saturating_sub(1);
    for (class, pair) in bounds.windows(2).enumerate() {
        let (from, to) = (pair[0], pair[1]);
        let below = if class + 1 == classes { "<=" } else { "<" };
        let filter = format!("{outer} IS NOT NULL AND {field} >= {from} AND {field} {below} {to}");
        // Fewer classes than colours take the paler and the deeper ones alike.
        let colour = COLOURS[class * COLOURS.len() / classes];
        add(filter, format!("{:.0} – {:.0}", from / map.per, to / map.per), Some(colour));
    }
    add(format!("{outer} IS NOT NULL AND {field} IS NULL"), "没有数 / no number".into(), Some(MISSING));
    add(format!("{outer} IS NULL"), map.title.to_owned(), None);
    let label = escaped(map.label);
    format!(
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n\
         <qgis version=\"3.22.0\" styleCategories=\"Symbology|Labeling\" labelsEnabled=\"1\">\
         <renderer-v2 type=\"RuleRenderer\" symbollevels=\"0\" enableorderby=\"0\" forceraster=\"0\"><rules key=\"root\">{rules}</rules><symbols>{symbols}</symbols></renderer-v2>\
         <labeling type=\"rule-based\"><rules key=\"labels\"><rule key=\"l0\" filter=\"{}\"><settings calloutType=\"simple\">\
         <text-style fieldName=\"{label}\" isExpression=\"0\" fontSize=\"9\" textColor=\"30,40,36,255\">\
         <text-buffer bufferDraw=\"1\" bufferSize=\"0.8\" bufferColor=\"255,255,255,255\"/></text-style><placement placement=\"1\"/></settings></rule></rules></labeling>\
         <layerGeometryType>2</layerGeometryType></qgis>\n",
        escaped(&format!("{outer} IS NOT NULL"))
    )
}

fn escaped(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_hold_every_place_and_none_is_empty() {
        assert_eq!(bounds(&[5.0, 1.0, 3.0]), [1.0, 3.0, 5.0, 5.0]);
        assert_eq!(bounds(&[2.0, 2.0]), [2.0, 2.0]);
        assert_eq!(bounds(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0]), [1.0, 3.0, 5.0, 7.0, 9.0, 10.0]);
        assert!(bounds(&[f64::NAN]).is_empty());
    }

    #[test]
    fn a_style_has_a_symbol_for_each_rule_and_names_its_fields() {
        let style = choropleth(&Choropleth { field: "2020_值", title: "值", per: 1.0, label: "名称", outer: "上级代码", values: &[1.0, 2.0, 3.0] });
        assert_eq!(style.matches("<rule key=\"r").count(), 5);
        assert_eq!(style.matches("<symbol ").count(), 5);
        assert!(style.contains("&quot;2020_值&quot; &gt;= 1 AND") && style.contains("&lt;= 3"));
    }
}
