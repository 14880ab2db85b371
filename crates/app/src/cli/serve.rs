//! `serve`: the region in the browser.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::ArgMatches;
use serde_json::json;

use super::print::aside;
use super::region::options;
use super::{FINE, Face, WRONG_USE};
use crate::serve::{Serving, serve as run};

/// Serves a region until it is told to stop.
pub(super) fn serve(matches: &ArgMatches, face: Face) -> u8 {
    let Some(region) = matches.get_one::<String>("region") else { return WRONG_USE };
    let Some(listen) = matches.get_one::<SocketAddr>("listen").copied() else { return WRONG_USE };
    let options = match options(matches) {
        Ok(options) => options,
        Err(problems) => return face.refuse(&problems),
    };
    let ui_dir = matches.get_one::<String>("ui-dir").map(PathBuf::from);
    let serving = Serving { listen, ui_dir, options };
    let ready = |bound: SocketAddr| {
        let address = format!("http://{bound}");
        if face.json {
            face.document(&json!({ "address": address }));
        } else {
            let said = face.say("已就绪，用浏览器打开（Ctrl-C 停止）", "ready, open in a browser (Ctrl-C stops)");
            face.out(&format!("{said}  {address}"));
        }
        if !bound.ip().is_loopback() {
            aside(face.say(
                "注意：监听的不是本机回环地址，同一网络里的任何人都能看到本区域。\n",
                "note: this is not a loopback address; anybody on the network can see this region.\n",
            ));
        }
    };
    match run(Path::new(region), serving, ready) {
        Ok(()) => FINE,
        Err(problems) => face.refuse(&problems),
    }
}
