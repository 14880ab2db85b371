//! Accounts, why this number, and the public page, asked from outside about the sample region.

use std::process::Command;

use serde_json::Value;

use super::{Server, sample};

const PAGES: [&str; 6] = [
    "/accounts",
    "/accounts?place=990001&year=2019",
    "/why",
    "/why?indicator=water_conservation&place=990001&year=2020&ecosystem=forest",
    "/public",
    "/public?place=990001",
];

/// What is wrong in a document by the schema words that our schemas use.
pub(super) fn faults(schema: &Value, value: &Value, at: &str, out: &mut Vec<String>) {
    if let Some(kinds) = schema.get("type") {
        let fits = |kind: &str| match kind {
            "object" => value.is_object(),
            "array" => value.is_array(),
            "string" => value.is_string(),
            "boolean" => value.is_boolean(),
            "null" => value.is_null(),
            "integer" => value.is_i64() || value.is_u64(),
            "number" => value.is_number(),
            other => panic!("the schema has a type {other}"),
        };
        let fine = kinds.as_array().map_or_else(|| fits(kinds.as_str().unwrap()), |all| all.iter().any(|k| fits(k.as_str().unwrap())));
        if !fine {
            out.push(format!("{at} is no {kinds}: {value}"));
        }
    }
    if let Some(ways) = schema.get("anyOf").and_then(Value::as_array) {
        let fine = ways.iter().any(|way| {
            let mut own = Vec::new();
            faults(way, value, at, &mut own);
            own.is_empty()
        });
        if !fine {
            out.push(format!("{at} is none of anyOf"));
        }
    }
    for name in schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
        if value.is_object() && value.get(name).is_none() {
            out.push(format!("{at} lacks {name}"));
        }
    }
    if let (Some(properties), Some(object)) = (schema.get("properties").and_then(Value::as_object), value.as_object()) {
        for (name, inner) in properties {
            if let Some(value) = object.get(name) {
                faults(inner, value, &format!("{at}.{name}"), out);
            }
        }
    }
    if let (Some(items), Some(array)) = (schema.get("items"), value.as_array()) {
        for (i, value) in array.iter().enumerate() {
            faults(items, value, &format!("{at}[{i}]"), out);
        }
    }
}

fn fen(value: &Value) -> i128 {
    value.as_str().unwrap().parse().unwrap()
}

/// Asks for every page and document of the account, once it is there.
#[test]
fn the_account_is_shown_explained_and_given_away() {
    let (_folder, region) = sample();
    let server = Server::start(&region, &[]);
    assert_eq!(server.ready("/accounts").status, 200);
    pages_in_both_languages(&server);
    documents_are_as_described(&server);
    sums_agree(&server);
    what_is_not_there_is_told_with_what_is(&server);
    let out = Command::new(env!("CARGO_BIN_EXE_liangshan")).arg("run").arg(&region).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    files_are_those_of_a_run(&server, &region);
    why_is_what_explain_prints(&server, &region);
    another_profile(&server);
}

fn pages_in_both_languages(server: &Server) {
    for page in PAGES {
        let mark = if page.contains('?') { '&' } else { '?' };
        let (zh, en) = (server.get(page), server.get(&format!("{page}{mark}lang=en")));
        assert_eq!((zh.status, en.status), (200, 200), "{page}");
        let (zh, en) = (zh.text(), en.text());
        assert!(zh.contains("<html lang=\"zh-CN\">") && en.contains("<html lang=\"en\">"), "{page}");
        assert_ne!(zh, en);
        for html in [zh, en] {
            assert!(!html.contains("style=\"") && !html.contains("javascript:"), "{page} has style or script of its own");
            // Every file that a page names is there, and every address of ours on it answers.
            for named in html.split("href=\"").chain(html.split("src=\"")).skip(1).map(|rest| rest.split('"').next().unwrap()) {
                if named.starts_with("/assets/") {
                    assert_eq!(server.get(named).status, 200, "{page} names {named}");
                }
            }
        }
    }
    let page = server.get("/accounts").text();
    let mut links: Vec<String> =
        page.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap().replace("&amp;", "&")).filter(|l| l.starts_with("/why?")).collect();
    links.sort();
    links.dedup();
    assert!(links.len() > 20, "few numbers are linked");
    for link in links {
        assert_eq!(server.get(&link).status, 200, "{link}");
    }
    let why = server.get("/why?indicator=water_conservation&place=990001&ecosystem=forest").text();
    assert!(why.contains("<math ") && why.contains("<msub>") && why.contains("sha256"), "a formula and digests");
    assert!(server.get("/public").text().contains("编出来的"), "synthetic data is said to be so");
}

fn documents_are_as_described(server: &Server) {
    let described = server.get("/api/openapi.json").json();
    for address in ["/api/accounts", "/api/accounts?place=990001", "/api/why", "/api/why?indicator=water_conservation&ecosystem=forest", "/api/public?lang=en"]
    {
        let path = address.split('?').next().unwrap();
        let schema = &described["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"];
        assert!(schema["properties"].as_object().is_some_and(|p| p.len() > 4), "{path} is not described");
        let mut wrong = Vec::new();
        faults(schema, &server.get(address).json(), path, &mut wrong);
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}

/// Counties add up to the region, classes to the total, causes to the change, exactly; and what is
/// printed to the fen on the page is what adds up.
fn sums_agree(server: &Server) {
    let account = server.get("/api/accounts").json();
    for column in ["value_fen", "material_fen", "regulating_fen", "cultural_fen"] {
        let sum: i128 = account["counties"].as_array().unwrap().iter().map(|c| fen(&c[column])).sum();
        assert_eq!(sum, fen(&account["total"][column]), "{column}");
    }
    let total = &account["total"];
    assert_eq!(
        fen(&total["material_fen"]) + fen(&total["regulating_fen"]) + fen(&total["cultural_fen"]) - fen(&total["deduction_fen"]),
        fen(&total["value_fen"])
    );
    let counted: i128 = account["services"].as_array().unwrap().iter().filter(|s| s["counted"] == true).map(|s| fen(&s["value_fen"])).sum();
    assert_eq!(counted, fen(&total["value_fen"]));
    let change = &account["change"];
    for line in change["services"].as_array().unwrap().iter().chain([&change["total"]]) {
        let parts: i128 = ["weather_fen", "price_fen", "land_cover_fen", "rest_fen"].iter().map(|p| fen(&line[*p])).sum();
        assert_eq!(parts, fen(&line["after_fen"]) - fen(&line["before_fen"]), "{line}");
    }
    let page = server.get("/accounts").text();
    let table = page.split("<table class=\"exact\">").nth(1).unwrap().split("</table>").next().unwrap();
    let shown: Vec<(String, i128)> = table
        .split("data-place=\"")
        .skip(1)
        .map(|row| {
            let code = row.split('"').next().unwrap().to_owned();
            let cell = row.split("<td class=\"number\">").nth(1).unwrap().split("</a>").next().unwrap();
            (code, cell.rsplit('>').next().unwrap().replace([',', '.'], "").parse().unwrap())
        })
        .collect();
    let (whole, counties): (Vec<_>, Vec<_>) = shown.into_iter().partition(|(code, _)| code == "990000");
    assert!(counties.len() > 1);
    assert_eq!(counties.iter().map(|c| c.1).sum::<i128>(), whole[0].1);
}

fn what_is_not_there_is_told_with_what_is(server: &Server) {
    for (address, near) in [
        ("/api/accounts?place=990009", "990001"),
        ("/api/accounts?year=2018", "2019"),
        ("/api/accounts?profile=national-2023", "national-2022-reconstructed"),
        ("/api/why?indicator=water_conservatoin", "water_conservation"),
        ("/api/why?ecosystem=forst", "forest"),
        ("/download/maps/none_2020.tif", ".tif"),
    ] {
        let got = server.get(address);
        assert_eq!((got.status, got.headers["content-type"].as_str()), (404, "application/problem+json"), "{address}");
        let text = got.text();
        assert!(text.contains("web.unknown_value") && text.contains(near), "{address}: {text}");
    }
    assert_eq!(server.get("/download/account.tsv").status, 400);
    let page = server.get("/why?indicator=nothing&lang=en");
    assert_eq!((page.status, page.headers["content-type"].as_str()), (404, "text/html; charset=utf-8"));
}

fn files_are_those_of_a_run(server: &Server, region: &std::path::Path) {
    let out = region.join("out/national-2022-reconstructed");
    for name in ["gep.xlsx", "account.csv", "totals.csv", "changes.csv", "review.csv", "dictionary.csv", "places.gpkg"] {
        let got = server.get(&format!("/download/{name}"));
        assert_eq!(got.status, 200, "{name}");
        assert!(got.body == std::fs::read(out.join(name)).unwrap(), "{name} is not the file of a run");
        assert!(got.headers["content-disposition"].contains(&format!("sample-{name}")));
    }
    let maps: Vec<_> = std::fs::read_dir(out.join("maps")).unwrap().flatten().collect();
    assert!(!maps.is_empty());
    for map in maps {
        let name = map.file_name().into_string().unwrap();
        assert!(server.get(&format!("/download/maps/{name}")).body == std::fs::read(map.path()).unwrap(), "{name}");
    }
}

fn why_is_what_explain_prints(server: &Server, region: &std::path::Path) {
    let explained = Command::new(env!("CARGO_BIN_EXE_liangshan"))
        .arg("explain")
        .arg(region)
        .args(["water_conservation", "--place", "990001", "--year", "2020", "--ecosystem", "forest", "--json", "--lang", "en"])
        .output()
        .unwrap();
    let printed: Value = serde_json::from_slice(&explained.stdout).unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&explained.stderr)));
    let served = server.get("/api/why?indicator=water_conservation&place=990001&year=2020&ecosystem=forest&lang=en").json();
    for part in ["title", "statement", "statements", "formula", "steps", "inputs"] {
        assert_eq!(served[part], printed[part], "{part}");
    }
    // The command opens one year; the server has the years beside each other and may doubt more.
    let codes = |document: &Value| document["warnings"].as_array().unwrap().iter().map(|w| w["code"].to_string()).collect::<Vec<_>>();
    let all = codes(&served);
    assert!(codes(&printed).iter().all(|code| all.contains(code)) && !all.is_empty());
}

/// Another profile's account is made when it is asked for; meanwhile people are told so.
fn another_profile(server: &Server) {
    let other = "profile=zhejiang-db33-2020-reconstructed";
    let first = server.ready(&format!("/api/accounts?{other}"));
    assert_eq!(first.status, 200, "{}", first.text());
    let (own, others) = (server.get("/api/accounts").json(), first.json());
    assert_eq!(others["profile"], "zhejiang-db33-2020-reconstructed");
    assert_ne!(others["total"]["value_fen"], own["total"]["value_fen"], "another method, another total");
    assert!(
        server.get(&format!("/accounts?{other}")).text().contains(&format!("/why?indicator=water_conservation&amp;place=990000&amp;year=2020&amp;{other}"))
    );
    assert_eq!(server.get("/accounts").status, 200);
}
