//! What the command line says of itself, kept as text in both languages.

use std::process::{Command, Output};

use crate::pages::held;
use crate::sources::{read, table_rows, word};

fn liangshan(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_liangshan")).args(arguments).output().unwrap()
}

/// Every command, by the program's own list.
fn commands() -> Vec<String> {
    let out = liangshan(&["--help", "--lang", "en"]);
    let said = String::from_utf8(out.stdout).unwrap();
    let list = said.split("Commands:\n").nth(1).unwrap_or_default();
    list.lines().take_while(|l| l.starts_with("  ")).filter_map(|l| l.split_whitespace().next()).map(str::to_owned).collect()
}

#[test]
fn help_in_both_languages() {
    let all = commands();
    assert!(all.iter().any(|c| c == "run"), "the program lists no commands: {all:?}");
    for command in std::iter::once(String::new()).chain(all) {
        for lang in ["zh", "en"] {
            let mut arguments: Vec<&str> = vec!["--help", "--lang", lang];
            if !command.is_empty() {
                arguments.insert(0, &command);
            }
            let out = liangshan(&arguments);
            assert_eq!(out.status.code(), Some(0), "{arguments:?}");
            let name = if command.is_empty() { "liangshan" } else { &command };
            held(&format!("help/{name}.{lang}.txt"), &String::from_utf8(out.stdout).unwrap());
        }
    }
}

#[test]
fn the_page_lists_every_command_and_option() {
    let page = read("docs/reference/command-line.md");
    let listed: Vec<String> = table_rows(&page).iter().filter_map(|row| word(&row[0]).map(str::to_owned)).collect();
    for command in commands() {
        assert!(listed.iter().any(|l| l.split(' ').next() == Some(&command)), "command-line.md does not list {command}");
        let help = String::from_utf8(liangshan(&[&command, "--help", "--lang", "en"]).stdout).unwrap();
        for option in help.split_whitespace().filter(|w| w.starts_with("--")).map(|w| w.trim_end_matches(',')) {
            assert!(page.contains(option), "command-line.md does not mention {option} of {command}");
        }
    }
}

#[test]
fn wrong_use_is_code_two_and_problems_are_code_one() {
    // contracts of the command line: 0 fine, 1 problems in the input, 2 wrong use.
    assert_eq!(liangshan(&["frobnicate"]).status.code(), Some(2));
    assert_eq!(liangshan(&["check"]).status.code(), Some(2));
    assert_eq!(liangshan(&["check", "no/such/folder", "--json"]).status.code(), Some(1));
    assert_eq!(liangshan(&["calc", "--list"]).status.code(), Some(0));
}
