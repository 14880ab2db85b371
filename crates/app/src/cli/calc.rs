//! `calc`: one formula, JSON in, JSON out.

use std::io::Read;
use std::path::Path;

use clap::ArgMatches;
use liangshan_atlas::calculators;
use liangshan_vocab::{Calculator, Problem, text, words};
use serde_json::{Value, json};

use super::{FINE, Face, PROBLEMS, print};

/// Lists, describes or asks a formula.
pub(super) fn calc(matches: &ArgMatches, face: Face) -> u8 {
    if matches.get_flag("list") {
        return list(face);
    }
    let Some(name) = matches.get_one::<String>("name") else {
        return face.wrong_use(face.say("请给出公式名称，或用 --list 列出", "name a formula, or use --list"));
    };
    let calculator = match calculators::find(name) {
        Ok(calculator) => calculator,
        Err(near) => {
            let mut problem = Problem::error("calc.no_such_formula", words!("没有公式“{name}”", "there is no formula \"{name}\"")).key(name.as_str());
            problem = problem
                .expect(text("liangshan calc --list 所列的名称", "a name that liangshan calc --list prints"))
                .fix_near(near, text("用 liangshan calc --list 查看", "see liangshan calc --list"));
            return face.refuse(&problem.into());
        }
    };
    if matches.get_flag("describe") {
        face.document(&calculator.spec.to_json());
        return FINE;
    }
    let Some(input) = matches.get_one::<String>("input") else {
        return face.wrong_use(
            face.say(
                "请用 --input 文件 或 --input - 给出输入；--describe 说明其形式",
                "give the input by --input FILE or --input -; --describe tells its form",
            ),
        );
    };
    match answer(calculator, input, matches.get_one::<String>("rules").map(Path::new), face) {
        Ok(document) => {
            face.document(&document);
            FINE
        }
        Err(problems) => {
            // A formula speaks JSON in both directions.
            face.document(&print::problems_json(&problems, face.lang));
            PROBLEMS
        }
    }
}

fn answer(calculator: &Calculator, input: &str, rules: Option<&Path>, face: Face) -> Result<Value, liangshan_vocab::Problems> {
    let mut written = String::new();
    let read = if input == "-" { std::io::stdin().read_to_string(&mut written).map(|_| ()) } else { std::fs::read_to_string(input).map(|t| written = t) };
    read.map_err(|e| {
        Problem::error("calc.no_input", words!("无法读取输入：{e}", "the input cannot be read: {e}"))
            .file(input)
            .expect(text("UTF-8 的 JSON 文件，或 - 为标准输入", "a file of JSON in UTF-8, or - for the standard input"))
            .fix(text("核对路径与编码", "check the path and the encoding"))
    })?;
    let given: Value = serde_json::from_str(&written).map_err(|e| {
        let (id, column) = (calculator.spec.id, e.column());
        Problem::error("calc.not_json", words!("输入不是 JSON：{e}", "the input is not JSON: {e}"))
            .file(input)
            .row(e.line() as u64)
            .key(format!("{column}"))
            .expect(text("一个 JSON 对象；没有 NaN，缺测写 null", "one JSON object; there is no NaN, a missing value is null"))
            .fix(words!("改正该处；calc {id} --describe 说明输入", "correct that place; calc {id} --describe tells the inputs"))
    })?;
    let lookup = rules.map(calculators::by_rules).transpose()?;
    Ok(Calculator::to_json(&calculator.calculate_by(&given, lookup)?, face.lang))
}

fn list(face: Face) -> u8 {
    let all = calculators::all();
    if face.json {
        face.document(&Value::Array(
            all.iter().map(|c| json!({ "id": c.spec.id, "title": c.spec.title, "source": { "work": c.spec.source.work, "at": c.spec.source.at } })).collect(),
        ));
    } else {
        let rows: Vec<Vec<String>> = all.iter().map(|c| vec![c.spec.id.to_owned(), c.spec.titled(face.lang).to_owned()]).collect();
        let width = rows.iter().map(|r| r[0].len()).max().unwrap_or(0);
        face.out(&rows.iter().map(|r| format!("{:width$}  {}", r[0], r[1])).collect::<Vec<_>>().join("\n"));
    }
    FINE
}
