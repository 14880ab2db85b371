//! What programs ask about places and layers: lists, features, what is at a place, search.

use liangshan_accounts::account::{ALL, Total};
use liangshan_accounts::catalogue::{self, Class};
use liangshan_atlas::drawn::{Drawn, DrawnLayer};
use liangshan_atlas::ground::EcosystemType;
use liangshan_vocab::{Fen, Lang, text, words as both};
use pinyin::ToPinyin;
use schemars::{JsonSchema, Schema, json_schema};
use serde::Serialize;
use serde_json::{Value, json};

use crate::serve::reply::{Answer, Refusal, Reply};
use crate::serve::route::{Ask, Kind, Param, Route, schema_of};
use crate::serve::snapshot::AccountPart;
use crate::ui::words;

const YEAR: Param = Param::optional("year", Kind::Integer(1900, 2200), ("核算年份；默认最近一年", "accounting year; the latest by default"), "2020");

/// What programs ask.
pub(super) const ROUTES: &[Route] = &[
    Route::json("/api/layers", ("图层", "layers"), &[], layers_schema, layers),
    Route::features(
        "/api/layers/{layer}/features",
        ("一个图层的要素（GeoJSON，经纬度）", "features of a layer (GeoJSON, longitude and latitude)"),
        &[
            Param::needed("layer", Kind::Word, ("图层", "layer"), "counties"),
            Param::optional("bbox", Kind::Box, ("只要与此范围相交的：西,南,东,北", "only those that meet this box: west,south,east,north"), "118,28,119,29"),
            Param::optional("limit", Kind::Integer(1, 10_000), ("最多几个；默认 100", "at most so many; 100 by default"), "10"),
            Param::optional("offset", Kind::Integer(0, 100_000_000), ("跳过几个", "skip so many"), "0"),
        ],
        collection_schema,
        features,
    ),
    Route::json("/api/places", ("地区与其生态产品总值", "places and what their ecosystems yield"), &[YEAR], places_schema, places),
    Route::json(
        "/api/places/{place}",
        ("一个地区：各年合计、三类、位次、各项服务", "one place: totals of all years, classes, rank and services"),
        &[Param::needed("place", Kind::Word, ("区划代码", "division code"), "330803"), YEAR],
        place_schema,
        place,
    ),
    Route::json(
        "/api/at",
        ("某一点有什么、产出什么", "what is at a point and what it yields"),
        &[
            Param::needed("lon", Kind::Number(-180.0, 180.0), ("经度", "longitude"), "118.87"),
            Param::needed("lat", Kind::Number(-85.0, 85.0), ("纬度", "latitude"), "28.94"),
            YEAR,
        ],
        at_schema,
        at,
    ),
    Route::json(
        "/api/search",
        ("按名称或拼音首字母查找", "search by name or by the initials of its pinyin"),
        &[Param::needed("q", Kind::Word, ("要找的字", "what to look for"), "江山")],
        found_schema,
        search,
    ),
];

fn any(items: Value) -> Schema {
    json_schema!({ "type": "object", "properties": items })
}

fn layers_schema() -> Schema {
    any(json!({ "layers": { "type": "array" } }))
}

/// The year asked for, or the latest.
pub(super) fn year_of(ask: &Ask<'_>, account: &AccountPart) -> Result<i32, Refusal> {
    let years = &account.publication.account.years;
    match ask.year("year") {
        None => Ok(years.iter().copied().max().unwrap_or_default()),
        Some(year) if years.contains(&year) => Ok(year),
        Some(_) => {
            let known: Vec<String> = years.iter().map(i32::to_string).collect();
            Err(ask.unknown("year", &text("核算年份", "accounting year"), known.iter().map(String::as_str)))
        }
    }
}

/// What a layer is to a program.
pub(super) fn told(layer: &DrawnLayer, lang: Lang) -> Value {
    let mut out = json!({
        "name": layer.name, "title": layer.title.get(lang), "kind": layer.kind, "origin": layer.origin.word(), "features": layer.features.len(),
        "file": layer.file, "tiles": format!("/tiles/{}/{{z}}/{{x}}/{{y}}", layer.name),
    });
    if let Some(force) = &layer.force {
        out["edition"] = json!(force.edition);
        out["adopted"] = json!(force.adopted);
        out["decree"] = json!(force.decree);
        out["office"] = json!(force.office);
    }
    out
}

fn layers(ask: &Ask<'_>) -> Answer {
    let ground = ask.snapshot.ground.get()?;
    let layers: Vec<Value> = ground.drawings.layers.iter().map(|l| told(l, ask.lang)).collect();
    let maps: Vec<Value> = ground
        .sheets
        .iter()
        .map(|s| {
            json!({
                "indicator": s.indicator, "title": s.title.get(ask.lang), "unit": s.unit, "origin": s.origin.word(), "low": s.scale.low, "high": s.scale.high, "breaks": s.scale.breaks, "quantiles": s.scale.quantiles,
                "years": s.files.keys().collect::<Vec<_>>(), "tiles": format!("/tiles/values/{}/{{year}}/{{z}}/{{x}}/{{y}}", s.indicator),
            })
        })
        .collect();
    Ok(Reply::json(&json!({ "bounds": ground.drawings.bounds, "layers": layers, "maps": maps, "relief": ground.relief.is_some() })))
}

fn layer<'a>(ask: &'a Ask<'_>) -> Result<&'a DrawnLayer, Refusal> {
    let drawings = &ask.snapshot.ground.get()?.drawings;
    drawings
        .layer(ask.word("layer").unwrap_or_default())
        .ok_or_else(|| ask.unknown("layer", &text("图层", "layer"), drawings.layers.iter().map(|l| l.name.as_str())))
}

fn collection_schema() -> Schema {
    json_schema!({
        "type": "object", "required": ["type", "features", "numberMatched", "numberReturned"],
        "properties": {
            "type": { "const": "FeatureCollection" }, "numberMatched": { "type": "integer" }, "numberReturned": { "type": "integer" },
            "features": { "type": "array", "items": { "type": "object", "required": ["type", "id", "geometry", "properties"] } },
        },
    })
}

fn features(ask: &Ask<'_>) -> Answer {
    let layer = layer(ask)?;
    let found: Vec<&Drawn> = match ask.bounds("bbox") {
        Some(bounds) => layer.meeting(bounds),
        None => layer.features.iter().collect(),
    };
    let count = |name: &str, otherwise: usize| ask.integer(name).and_then(|n| usize::try_from(n).ok()).unwrap_or(otherwise);
    let shown: Vec<Value> = found.iter().skip(count("offset", 0)).take(count("limit", 100)).map(|f| f.geojson()).collect();
    Ok(Reply::geojson(&json!({ "type": "FeatureCollection", "numberMatched": found.len(), "numberReturned": shown.len(), "features": shown })))
}

/// A place with its total of a year.
#[derive(Serialize, JsonSchema)]
struct PlaceTotal {
    /// Division code.
    code: String,
    /// Name in the language of the answer.
    name: String,
    /// The place it is part of.
    parent: Option<String>,
    /// Area on the ellipsoid, m².
    area_m2: Option<f64>,
    /// Total value, fen, as a string of digits.
    value_fen: Option<String>,
    /// Whether every indicator of the profile is there, so that the total may be called GEP.
    complete: Option<bool>,
    /// Material supply, regulating and cultural services, fen.
    classes_fen: Option<[String; 3]>,
    /// Yuan per km².
    per_km2_yuan: Option<f64>,
    /// Yuan per resident.
    per_head_yuan: Option<f64>,
    /// Value over gross domestic product.
    over_gdp: Option<f64>,
    /// Place among the counties by total value, from 1.
    rank: Option<usize>,
}

fn place_total(snapshot: &AccountPart, code: &str, year: i32, lang: Lang) -> Option<PlaceTotal> {
    let account = &snapshot.publication.account;
    let place = account.places.iter().find(|p| p.code == code)?;
    let total = account.total(year, code, ALL);
    let rank = total.filter(|_| place.parent.is_some()).map(|own| {
        let above =
            |p: &&liangshan_accounts::account::AccountPlace| p.parent == place.parent && account.total(year, &p.code, ALL).is_some_and(|t| t.value > own.value);
        1 + account.places.iter().filter(above).count()
    });
    Some(PlaceTotal {
        code: code.to_owned(),
        name: place.name.get(lang).to_owned(),
        parent: place.parent.clone(),
        area_m2: place.area_km2.map(|a| a * 1e6),
        value_fen: total.map(|t| t.value.0.to_string()),
        complete: total.map(|t| t.complete),
        classes_fen: total.map(|t| Class::ALL.map(|c| t.class(c).0.to_string())),
        per_km2_yuan: total.and_then(|t| t.per_km2),
        per_head_yuan: total.and_then(|t| t.per_head),
        over_gdp: total.and_then(|t| t.over_gdp),
        rank,
    })
}

/// Places of a year.
#[derive(Serialize, JsonSchema)]
struct Places {
    /// The year.
    year: i32,
    /// The method profile.
    profile: String,
    /// Counties, then the whole.
    places: Vec<PlaceTotal>,
}

fn places_schema() -> Schema {
    schema_of::<Places>()
}

fn places(ask: &Ask<'_>) -> Answer {
    let account = ask.snapshot.account.get()?;
    let year = year_of(ask, account)?;
    let places = account.publication.account.places.iter().filter_map(|p| place_total(account, &p.code, year, ask.lang)).collect();
    Ok(Reply::json(&Places { year, profile: account.publication.account.profile.clone(), places }))
}

/// One service of a place.
#[derive(Serialize, JsonSchema)]
struct Service {
    /// The indicator.
    indicator: String,
    /// What it is called.
    title: String,
    /// Its class: material, regulating, cultural.
    class: String,
    /// Value, fen; none where it is missing.
    value_fen: Option<String>,
    /// What its inputs are.
    origin: Option<String>,
    /// How sure its method is.
    evidence: String,
    /// Where the number is taken apart.
    why: String,
}

/// One place.
#[derive(Serialize, JsonSchema)]
struct OnePlace {
    /// The year.
    year: i32,
    /// The place in that year.
    place: PlaceTotal,
    /// Years with their totals, fen.
    years: Vec<(i32, Option<String>)>,
    /// Its services by value.
    services: Vec<Service>,
}

fn place_schema() -> Schema {
    schema_of::<OnePlace>()
}

/// The total of a place in the year before, where the account has one.
pub(super) fn before<'a>(account: &'a AccountPart, code: &str, year: i32) -> Option<&'a Total> {
    let earlier = account.publication.account.years.iter().copied().filter(|y| *y < year).max()?;
    account.publication.account.total(earlier, code, ALL)
}

fn place(ask: &Ask<'_>) -> Answer {
    let account = ask.snapshot.account.get()?;
    let (code, year) = (ask.word("place").unwrap_or_default(), year_of(ask, account)?);
    let whole = &account.publication.account;
    let Some(place) = place_total(account, code, year, ask.lang) else {
        return Err(ask.unknown("place", &text("地区", "place"), whole.places.iter().map(|p| p.code.as_str())));
    };
    let mut rows: Vec<_> = whole.rows.iter().filter(|r| r.year == year && r.place == code && r.ecosystem == ALL && !r.indicator.contains('.')).collect();
    rows.retain(|r| r.counted || catalogue::indicator(&r.indicator).is_some_and(|_| r.value.is_some()));
    rows.sort_by_key(|r| std::cmp::Reverse(r.value.unwrap_or(Fen(i128::MIN))));
    let services = rows
        .iter()
        .map(|r| Service {
            indicator: r.indicator.clone(),
            title: words::indicator(&r.indicator).get(ask.lang).to_owned(),
            class: r.class.word().to_owned(),
            value_fen: r.value.map(|v| v.0.to_string()),
            origin: r.origin.map(|o| o.word().to_owned()),
            evidence: r.evidence.word().to_owned(),
            why: ask.link("/why", &[("indicator", &r.indicator), ("place", code), ("year", &year.to_string())]),
        })
        .collect();
    let years = whole.years.iter().map(|y| (*y, whole.total(*y, code, ALL).map(|t| t.value.0.to_string()))).collect();
    Ok(Reply::json(&OnePlace { year, place, years, services }))
}

fn at_schema() -> Schema {
    any(json!({
        "county": { "type": ["object", "null"] }, "cell": { "type": ["object", "null"] },
        "ecosystem": { "type": ["object", "null"] }, "ground": { "type": ["object", "null"] }, "covered_by": { "type": "array" }, "services": { "type": "array" },
    }))
}

/// What is at a point: the county, the layers that cover it, and what its cell yields.
fn at(ask: &Ask<'_>) -> Answer {
    let (account, ground) = (ask.snapshot.account.get()?, ask.snapshot.ground.get()?);
    let year = year_of(ask, account)?;
    let point = (ask.number("lon").unwrap_or_default(), ask.number("lat").unwrap_or_default());
    let own = ground.drawings.layers.first().and_then(|l| l.at(point).into_iter().next());
    let county = own.map(|f| json!({ "code": f.id, "name": name_of(f, ask.lang) }));
    let covered: Vec<Value> = ground
        .drawings
        .layers
        .iter()
        .skip(1)
        .flat_map(|layer| {
            layer.at(point).into_iter().map(move |f| {
                json!({
                    "layer": layer.name, "title": layer.title.get(ask.lang), "id": f.id, "name": name_of(f, ask.lang), "origin": layer.origin.word(),
                    "edition": layer.force.as_ref().map(|f| f.edition.clone()), "office": layer.force.as_ref().map(|f| f.office.clone()),
                })
            })
        })
        .collect();
    let cell = ground.pixels.cell(point);
    let mut services = Vec::new();
    if let Some(cell) = cell {
        for sheet in &ground.sheets {
            let Some(file) = sheet.files.get(&year) else { continue };
            let value = ground.pixels.value(file, cell).map_err(Refusal::Region)?;
            if value.is_nan() {
                continue;
            }
            services.push(json!({
                "indicator": sheet.indicator, "title": sheet.title.get(ask.lang), "amount": value, "unit": sheet.unit,
                "unit_title": words::unit(&sheet.unit).get(ask.lang), "origin": sheet.origin.word(),
            }));
        }
    }
    let (mut ecosystem, mut worth) = (Value::Null, Value::Null);
    if let Some(maps) = &ground.classes
        && let Some(code) = maps.at(year, point).map_err(Refusal::Region)?
    {
        let classes = &account.book.prepared.classes;
        let class = classes.classes.iter().find(|c| c.code == code && c.attribute == 0).or_else(|| classes.classes.iter().find(|c| c.code == code));
        ecosystem = json!({ "code": code, "name": class.map(|c| c.name.get(ask.lang)), "type": class.map(|c| classes.types[c.kind].name.get(ask.lang)), "origin": maps.origin.word() });
        if let (Some(county), Some(class)) = (own, class) {
            worth = worth_of(ask, account, year, (&county.id, &classes.types[class.kind])).unwrap_or_default();
        }
    }
    Ok(Reply::json(&json!({
        "ecosystem": ecosystem, "ground": worth, "year": year, "lon": point.0, "lat": point.1, "county": county, "covered_by": covered, "services": services,
        "cell": cell.map(|(column, row)| json!({ "column": column, "row": row, "side_m": account.publication.cell_m })),
    })))
}

/// What a hectare of such ground yields in its county in a year: the account's total of the type over its
/// extent. A cell has no yuan of its own, since what is counted by county is shared among its cells.
fn worth_of(ask: &Ask<'_>, account: &AccountPart, year: i32, (code, kind): (&str, &EcosystemType)) -> Option<Value> {
    let publication = &account.publication;
    let total = publication.account.total(year, code, &kind.id)?;
    let hectares = publication.extent.get(&(year, code.to_owned(), kind.id.clone())).filter(|m2| **m2 > 0.0)? / 1e4;
    let yuan = total.value.as_yuan_f64() / hectares;
    let said = words::float(yuan, 0);
    let query = [("indicator", total.id()), ("place", code), ("year", &year.to_string()), ("ecosystem", &kind.id)];
    Some(json!({
        "title": ask.say("本县同类型平均产出", "such ground in this county yields"), "worth": both!("{said} 元/公顷", "{said} yuan/ha").get(ask.lang),
        "yuan_per_ha": yuan, "why": ask.link("/why", &query),
    }))
}

fn name_of(feature: &Drawn, lang: Lang) -> String {
    let english = feature.said("name_en").filter(|_| lang == Lang::En);
    english.unwrap_or_else(|| if feature.name.is_empty() { feature.id.clone() } else { feature.name.clone() })
}

fn found_schema() -> Schema {
    any(json!({ "found": { "type": "array", "items": { "type": "object", "required": ["layer", "id", "name", "lon", "lat"] } } }))
}

/// `js` for 江山: the first letter of each character's reading, other letters as they are.
fn initials(name: &str) -> String {
    name.chars()
        .filter_map(|c| c.to_pinyin().map_or_else(|| c.is_ascii_alphanumeric().then(|| c.to_ascii_lowercase()), |p| p.first_letter().chars().next()))
        .collect()
}

fn search(ask: &Ask<'_>) -> Answer {
    let drawings = &ask.snapshot.ground.get()?.drawings;
    let asked = ask.word("q").unwrap_or_default().trim().to_lowercase();
    let mut found: Vec<(u8, usize, &DrawnLayer, &Drawn)> = Vec::new();
    for (order, layer) in drawings.layers.iter().enumerate() {
        for feature in layer.features.iter().filter(|f| !f.name.is_empty()) {
            let (name, english) = (feature.name.to_lowercase(), feature.said("name_en").unwrap_or_default().to_lowercase());
            let letters = initials(&feature.name);
            let rank = match () {
                () if name == asked || english == asked => 0,
                () if name.starts_with(&asked) || english.starts_with(&asked) => 1,
                () if letters == asked => 2,
                () if name.contains(&asked) || feature.id.to_lowercase() == asked => 3,
                () if letters.starts_with(&asked) => 4,
                () => continue,
            };
            found.push((rank, order, layer, feature));
        }
    }
    found.sort_by_key(|f| (f.0, f.1));
    let counties = drawings.layers.first();
    let mut seen = std::collections::BTreeSet::new();
    let shown: Vec<Value> = found
        .into_iter()
        .filter(|(_, _, layer, feature)| seen.insert((layer.name.clone(), feature.name.clone())))
        .take(20)
        .map(|(_, _, layer, feature)| {
            let (lon, lat) = feature.point();
            json!({
                "layer": layer.name, "title": layer.title.get(ask.lang), "id": feature.id, "name": name_of(feature, ask.lang), "lon": lon, "lat": lat,
                "bounds": feature.around(), "place": counties.is_some_and(|own| own.name == layer.name).then_some(&feature.id),
            })
        })
        .collect();
    Ok(Reply::json(&json!({ "found": shown })))
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_of_names() {
        assert_eq!(initials("江山市"), "jss");
        assert_eq!(initials("衢江区"), "qjq");
        assert_eq!(initials("柯城 A1"), "kca1");
    }
}
