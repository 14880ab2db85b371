//! The program `liangshan`: reads its arguments, calls the house, prints what came of it.
//!
//! Exit codes: 0 fine; 1 problems in the input, listed; 2 wrong use; 3 internal fault; 130 stopped
//! by Ctrl-C.

mod cli;
mod clock;
#[cfg(feature = "serve")]
mod serve;
mod ui;

use std::process::ExitCode;

fn main() -> ExitCode {
    match std::panic::catch_unwind(cli::main) {
        Ok(code) => code,
        Err(_) => {
            cli::aside("内部错误：这是程序的缺陷，不是输入的问题；没有留下半成品。请把上面的信息报告给维护者。\n");
            cli::aside("internal fault: a bug of the program and not of the input; nothing half-written was left. Please report the lines above.\n");
            ExitCode::from(3)
        }
    }
}
