//! Worked cases of solid waste, each a test of its own name.

#![allow(clippy::unwrap_used, clippy::panic)] // a broken case should stop its test

mod common;

cases!(waste, "cases/waste.json", [S04a, S04b, S05, S06, S07, S08a, S08b, S08c]);
