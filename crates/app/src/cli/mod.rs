//! The command line: grammar, languages, exit codes.

mod assess;
mod becoming;
mod calc;
mod conflicts;
mod conform;
mod explain;
mod grammar;
mod plan;
mod print;
mod receive;
mod region;
mod review;
mod rules;
mod sample;
#[cfg(feature = "serve")]
mod serve;
mod template;
mod verify;
mod zones;

use std::process::ExitCode;

use clap::ArgMatches;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use liangshan_vocab::Lang;

pub(crate) use print::{Face, aside};

/// The names of all commands.
#[cfg(feature = "serve")]
pub(crate) fn commands() -> Vec<String> {
    grammar::command(liangshan_vocab::Lang::En).get_subcommands().map(|c| c.get_name().to_owned()).collect()
}

/// What would change if a site became another class, as JSON.
#[cfg(feature = "serve")]
pub(crate) use becoming::to_json as becoming_json;

/// Fine.
const FINE: u8 = 0;
/// Problems in the input, listed.
const PROBLEMS: u8 = 1;
/// Wrong use.
const WRONG_USE: u8 = 2;
/// Stopped by Ctrl-C.
const STOPPED: u8 = 130;

/// The language asked for before anything is parsed, so that help and errors speak it.
fn language(arguments: &[String]) -> Lang {
    let mut given = arguments
        .iter()
        .enumerate()
        .filter_map(|(i, a)| a.strip_prefix("--lang=").or_else(|| (a == "--lang").then(|| arguments.get(i + 1).map(String::as_str)).flatten()));
    if given.any(|l| l == "en") { Lang::En } else { Lang::Zh }
}

/// Runs the program.
pub(crate) fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    let lang = language(&arguments);
    let matches = match grammar::command(lang).try_get_matches_from(&arguments) {
        Ok(matches) => matches,
        Err(error) => {
            if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
                let _ = error.print();
                return ExitCode::from(FINE);
            }
            let said = in_chinese(&error).filter(|_| lang == Lang::Zh).unwrap_or_else(|| error.render().to_string().trim_end().to_owned());
            let face = Face { lang, json: arguments.iter().any(|a| a == "--json"), quiet: true };
            return ExitCode::from(face.wrong_use(&said));
        }
    };
    ExitCode::from(dispatch(&matches, lang))
}

/// Wrong use in Chinese; help, version and rarer faults are left to the parser's own words.
fn in_chinese(error: &clap::Error) -> Option<String> {
    let of = |kind| match error.get(kind) {
        Some(ContextValue::String(word)) => word.clone(),
        Some(ContextValue::Strings(words)) => words.join("、"),
        _ => String::new(),
    };
    let (argument, value) = (of(ContextKind::InvalidArg), of(ContextKind::InvalidValue));
    let said = match error.kind() {
        ErrorKind::InvalidSubcommand => format!("没有命令“{}”", of(ContextKind::InvalidSubcommand)),
        ErrorKind::UnknownArgument => format!("不认识参数“{argument}”"),
        ErrorKind::InvalidValue if value.is_empty() => format!("选项 {argument} 缺少取值"),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let valid = of(ContextKind::ValidValue);
            let expected = if valid.is_empty() { String::new() } else { format!("；应为：{valid}") };
            format!("选项 {argument} 的取值“{value}”不对{expected}")
        }
        ErrorKind::MissingRequiredArgument => format!("缺少：{argument}"),
        ErrorKind::ArgumentConflict => format!("选项 {argument} 重复或互相冲突"),
        ErrorKind::MissingSubcommand => "没有给出命令".to_owned(),
        _ => return None,
    };
    let near: Vec<String> =
        [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue].into_iter().map(of).filter(|s| !s.is_empty()).collect();
    let near = if near.is_empty() { String::new() } else { format!("\n  是否指：{}", near.join("、")) };
    Some(format!("用法有误：{said}{near}\n  用 liangshan --help 或 liangshan 命令 --help 查看用法"))
}

fn dispatch(matches: &ArgMatches, lang: Lang) -> u8 {
    let face = Face { lang, json: matches.get_flag("json"), quiet: matches.get_flag("quiet") };
    match matches.subcommand() {
        Some(("new", m)) => region::new(m, face),
        Some(("sample", m)) => sample::sample(m, face),
        Some(("check", m)) => region::check(m, face),
        Some(("run", m)) => region::run(m, face),
        Some(("explain", m)) => explain::explain(m, face),
        Some(("review", m)) => review::review(m, face),
        Some(("template", m)) => template::template(m, face),
        Some(("receive", m)) => receive::receive(m, face),
        Some(("verify", m)) => verify::verify(m, face),
        Some(("zones", m)) => zones::zones(m, face),
        Some(("conform", m)) => conform::conform(m, face),
        Some(("plan", m)) => plan::plan(m, face),
        Some(("assess", m)) => assess::assess(m, face),
        Some(("conflicts", m)) => conflicts::conflicts(m, face),
        Some(("calc", m)) => calc::calc(m, face),
        #[cfg(feature = "serve")]
        Some(("serve", m)) => serve::serve(m, face),
        Some(("rules", m)) => rules::rules(m, face),
        _ => WRONG_USE,
    }
}
