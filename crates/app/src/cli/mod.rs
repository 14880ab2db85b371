//! The command line: grammar, languages, exit codes.

mod calc;
mod explain;
mod grammar;
mod print;
mod region;

use std::process::ExitCode;

use clap::ArgMatches;
use clap::error::ErrorKind;
use liangshan_vocab::Lang;

pub(crate) use print::Face;

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
    let mut given = arguments.iter().enumerate().filter_map(|(i, a)| a.strip_prefix("--lang=").or_else(|| (a == "--lang").then(|| arguments.get(i + 1).map(String::as_str)).flatten()));
    if given.any(|l| l == "en") { Lang::En } else { Lang::Zh }
}

/// Runs the program.
pub(crate) fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    let lang = language(&arguments);
    let matches = match grammar::command(lang).try_get_matches_from(&arguments) {
        Ok(matches) => matches,
        Err(error) => {
            // Help and version are answers, anything else is wrong use; clap prints either.
            let _ = error.print();
            return ExitCode::from(if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) { FINE } else { WRONG_USE });
        }
    };
    ExitCode::from(dispatch(&matches, lang))
}

fn dispatch(matches: &ArgMatches, lang: Lang) -> u8 {
    let face = Face { lang, json: matches.get_flag("json"), quiet: matches.get_flag("quiet") };
    match matches.subcommand() {
        Some(("new", m)) => region::new(m, face),
        Some(("check", m)) => region::check(m, face),
        Some(("run", m)) => region::run(m, face),
        Some(("explain", m)) => explain::explain(m, face),
        Some(("calc", m)) => calc::calc(m, face),
        _ => WRONG_USE,
    }
}
