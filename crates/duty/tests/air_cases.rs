//! Worked cases of ambient air, each a test of its own name.

#![allow(clippy::unwrap_used, clippy::panic)] // a broken case should stop its test

mod common;

cases!(air, "cases/air.json", [A01a, A01b, A02a, A02b, A03a, A03b, A03c, A03d, A03e, A03f, A04a, A04b, A05, A06, A07, A08a, A08b, A09a, A09b, A10, A11]);
