//! `sample`: a synthetic region of any size.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::ArgMatches;
use liangshan_atlas::book::Hooks;
use liangshan_atlas::sample::{Wish, make};
use liangshan_vocab::Lang;
use serde_json::json;

use super::print::Progress;
use super::{FINE, Face, WRONG_USE};

/// Writes a sample.
pub(super) fn sample(matches: &ArgMatches, face: Face) -> u8 {
    let Some(dir) = matches.get_one::<String>("dir") else { return WRONG_USE };
    if let Some(threads) = matches.get_one::<u16>("threads") {
        // The pool is made once; a second call in one process would change nothing.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(usize::from(*threads)).build_global();
    }
    let usual = Wish::default();
    let years: Vec<i32> = matches.get_many::<i32>("year").map(|y| y.copied().collect()).unwrap_or_default();
    let wish = Wish {
        cells: matches.get_one::<u32>("cells").and_then(|c| usize::try_from(*c).ok()).unwrap_or(usual.cells),
        cell_m: matches.get_one::<f64>("cell-m").copied().unwrap_or(usual.cell_m),
        years: if years.is_empty() { usual.years } else { years },
        seed: matches.get_one::<u64>("seed").copied().unwrap_or(usual.seed),
    };
    let stop = Arc::new(AtomicBool::new(false));
    let heard = Arc::clone(&stop);
    let _ = ctrlc::set_handler(move || heard.store(true, Ordering::SeqCst));
    let progress = Progress::new(face);
    let made = make(Path::new(dir), &wish, Hooks { progress: &|stage| progress.tell(stage), cancelled: &|| stop.load(Ordering::SeqCst) });
    progress.end();
    match made {
        Ok(files) => {
            if face.json {
                face.document(&json!({ "dir": dir, "files": files, "cells": wish.cells, "cell_m": wish.cell_m, "years": wish.years, "seed": wish.seed, "origin": "synthetic" }));
            } else {
                let (cells, cell) = (wish.cells, wish.cell_m);
                face.out(&match face.lang {
                    Lang::Zh => format!("已在 {dir} 写入样例区域：{cells} × {cells} 格，每格 {cell} 米，{files} 个文件；全部虚构。\n\n    liangshan run {dir}\n"),
                    Lang::En => format!("A sample region is in {dir}: {cells} × {cells} cells of {cell} m, {files} files; everything in it is invented.\n\n    liangshan run {dir}\n"),
                });
            }
            FINE
        }
        Err(problems) => face.refuse(&problems),
    }
}
