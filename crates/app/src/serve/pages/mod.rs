//! The screens and what programs may call, each in a file of its own.

mod accounts;
mod environment;
mod map;
mod places;
mod plan;
mod public;
mod why;

pub(crate) use plan::ZonesOut;

use super::openapi;
use super::reply::{Answer, Reply};
use super::route::{Ask, Route};
use super::tiles;

/// The first page is the map.
const ROUTES: &[Route] = &[Route::page("/", ("首页", "the first page"), &[], first)];

fn first(ask: &Ask<'_>) -> Answer {
    Ok(Reply::elsewhere(ask.link("/map", &[])))
}

/// Every address that is served, besides the files behind the pages.
pub(super) fn routes() -> Vec<Route> {
    [
        ROUTES,
        accounts::ROUTES,
        accounts::downloads::ROUTES,
        why::ROUTES,
        public::ROUTES,
        &environment::routes(),
        map::ROUTES,
        places::ROUTES,
        tiles::ROUTES,
        &plan::routes(),
        openapi::ROUTES,
    ]
    .concat()
}
