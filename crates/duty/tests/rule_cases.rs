//! Worked rule cases, each a test of its own name: `cargo test -p liangshan-duty --test rule_cases W02`.

#![allow(clippy::unwrap_used, clippy::panic)] // a broken case should stop its test

mod common;

cases!(water, "cases/water.json", [W01, W02, W03, W04a, W04b, W05a, W05b, W05c, W05d, W06, W07, W08, W09, W10, W11, W12, W13, W14]);
cases!(soil, "cases/soil.json", [S01, S02, S03]);
