//! The description of the interface, OpenAPI 3.1, drawn from the table of addresses.

use liangshan_vocab::Lang;
use schemars::{Schema, json_schema};
use serde_json::{Map, Value, json};

use super::reply::{Answer, Reply};
use super::route::{Ask, Gives, Kind, Param, Route, Verb};
use super::{pages, wire};

/// Where the description is, and a list of the addresses.
pub(super) const ROUTES: &[Route] = &[
    Route::json("/api/openapi.json", ("接口说明（OpenAPI 3.1）", "the description of the interface, OpenAPI 3.1"), &[], any_object, description),
    Route::json("/api", ("接口目录", "the addresses of the interface"), &[], listing_schema, listing),
];

fn any_object() -> Schema {
    json_schema!({ "type": "object" })
}

fn listing_schema() -> Schema {
    json_schema!({
        "type": "object", "required": ["title", "description", "addresses"],
        "properties": {
            "title": { "type": "string" },
            "description": { "type": "string", "description": "where the OpenAPI document is" },
            "addresses": { "type": "array", "items": { "type": "object", "required": ["address", "title"], "properties": {
                "address": { "type": "string" }, "title": { "type": "string" },
            } } },
        },
    })
}

fn listing(ask: &Ask<'_>) -> Answer {
    let addresses: Vec<Value> = described().iter().map(|r| json!({ "address": r.path, "title": ask.say(r.title.0, r.title.1) })).collect();
    Ok(Reply::json(&json!({
        "title": ask.snapshot.region.declared.title.get(ask.lang),
        "description": "/api/openapi.json",
        "addresses": addresses,
    })))
}

fn description(ask: &Ask<'_>) -> Answer {
    Ok(Reply::json(&document(ask.lang, ask.snapshot.region.declared.title.get(ask.lang))))
}

/// What programs may call: JSON, tiles and files, and no pages.
fn described() -> Vec<Route> {
    pages::routes().into_iter().filter(|r| !r.is_page()).collect()
}

/// The OpenAPI document.
pub(super) fn document(lang: Lang, region: &str) -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for route in described() {
        let operation = operation(&route, lang);
        let at = paths.entry(route.path).or_insert_with(|| json!({}));
        if let Value::Object(at) = at {
            at.insert(if route.verb == Verb::Get { "get" } else { "post" }.into(), operation);
        }
    }
    let say = |zh: &str, en: &str| if lang == Lang::Zh { zh.to_owned() } else { en.to_owned() };
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": format!("{} · {region}", say("两山", "Liangshan")),
            "version": liangshan_atlas::VERSION,
            "description": say(
                "只读接口。每个地址的答案只取决于区域与地址；区域变化后 ETag 随之改变。金额为整数分，以字符串表示的小数不丢精度。",
                "A read-only interface. An answer depends on the region and the address alone, and its ETag changes with the region. Money is in whole fen; decimals written as strings lose no digit.",
            ),
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "paths": paths,
        "components": { "schemas": { "Problem": problem() } },
    })
}

fn operation(route: &Route, lang: Lang) -> Value {
    let say = |(zh, en): (&'static str, &'static str)| if lang == Lang::Zh { zh } else { en };
    let mut parameters: Vec<Value> = route.takes.iter().map(|p| parameter(route, p, lang)).collect();
    parameters.push(json!({
        "name": "lang", "in": "query", "required": false, "description": say(("回答所用的语言", "the language of the answer")),
        "schema": { "type": "string", "enum": ["zh", "en"], "default": "zh" },
    }));
    let (kind, schema) = match route.gives {
        Gives::Json(schema) => ("application/json", schema().to_value()),
        Gives::Features(schema) => ("application/geo+json", schema().to_value()),
        Gives::Bytes(kind) => (kind, json!({})),
        Gives::Page => ("text/html", json!({ "type": "string" })),
    };
    let refusal = |words: (&'static str, &'static str)| json!({ "description": say(words), "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } } });
    let mut responses = json!({
        "200": { "description": say(route.title), "content": { kind: { "schema": schema } } },
        "400": refusal(("参数有误，全部列出", "wrong parameters, all of them listed")),
        "404": refusal(("没有所问的东西", "there is no such thing")),
        "503": refusal(("正在读取，或区域数据有问题", "still being read, or the region has problems")),
    });
    if let (Value::Object(responses), Gives::Bytes(_)) = (&mut responses, route.gives) {
        responses.insert("204".into(), json!({ "description": say(("空的，这里没有内容", "empty: nothing is here")) }));
    }
    let mut operation = json!({
        "operationId": name(route), "summary": say(route.title), "parameters": parameters, "responses": responses,
    });
    if route.verb == Verb::Post
        && let Value::Object(operation) = &mut operation
    {
        let most = wire::MOST_SENT >> 20;
        operation.insert("requestBody".into(), json!({ "required": true, "description": format!("≤ {most} MB"), "content": { "*/*": { "schema": {} } } }));
        if let Some(Value::Object(responses)) = operation.get_mut("responses") {
            responses.insert("413".into(), refusal(("发来的内容太大", "too much was sent")));
        }
    }
    operation
}

/// `getApiPlacesCode` for `/api/places/{code}`.
fn name(route: &Route) -> String {
    let mut out = String::from(if route.verb == Verb::Get { "get" } else { "post" });
    for part in route.path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|p| !p.is_empty()) {
        let mut letters = part.chars();
        out.extend(letters.next().map(|c| c.to_ascii_uppercase()));
        out.push_str(letters.as_str());
    }
    out
}

fn parameter(route: &Route, param: &Param, lang: Lang) -> Value {
    let schema = match param.kind {
        Kind::Word => json!({ "type": "string", "minLength": 1, "maxLength": 200 }),
        Kind::Integer(low, high) => json!({ "type": "integer", "minimum": low, "maximum": high }),
        Kind::Number(low, high) => json!({ "type": "number", "minimum": low, "maximum": high }),
        Kind::OneOf(words) => json!({ "type": "string", "enum": words }),
        Kind::Date => json!({ "type": "string", "format": "date" }),
        Kind::Box => json!({ "type": "string", "pattern": "^-?[0-9.]+,-?[0-9.]+,-?[0-9.]+,-?[0-9.]+$" }),
    };
    let in_path = route.in_path(param);
    let example: Value = match param.kind {
        Kind::Integer(..) => param.example.parse::<i64>().map_or(Value::Null, Value::from),
        Kind::Number(..) => param.example.parse::<f64>().map_or(Value::Null, Value::from),
        _ => param.example.into(),
    };
    json!({
        "name": param.name, "in": if in_path { "path" } else { "query" }, "required": in_path || param.required,
        "description": if lang == Lang::Zh { param.title.0 } else { param.title.1 }, "schema": schema, "example": example,
    })
}

fn problem() -> Value {
    json!({
        "type": "object", "required": ["type", "title", "status", "detail", "problems"],
        "properties": {
            "type": { "type": "string" }, "title": { "type": "string" }, "status": { "type": "integer" }, "detail": { "type": "string" },
            "problems": { "type": "array", "items": { "type": "object", "required": ["code", "severity", "what"] } },
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_address_is_described_once_with_all_that_its_path_names() {
        let mut names = BTreeSet::new();
        for route in pages::routes() {
            for named in route.path.split('{').skip(1).filter_map(|p| p.split('}').next()) {
                assert!(route.takes.iter().any(|p| p.name == named && p.required), "{}: {named} is not declared as needed", route.path);
            }
            assert!(names.insert((route.verb == Verb::Get, route.path)), "{} is there twice", route.path);
            assert!(!route.title.0.is_empty() && !route.title.1.is_empty());
        }
    }
}
