//! The files behind the pages: style, scripts, fonts and other people's libraries, all in the program.
//! An address carries the digest of the whole folder, so that a browser may keep what it got for ever
//! and modules may import each other by their names.

use std::borrow::Cow;
#[cfg(test)]
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use liangshan_atlas::whole::digest;
use rust_embed::RustEmbed;

/// The folder `ui/` of this crate.
#[derive(RustEmbed)]
#[folder = "ui/"]
struct Embedded;

/// The digest of all files, short.
fn edition() -> &'static str {
    static EDITION: OnceLock<String> = OnceLock::new();
    EDITION.get_or_init(|| {
        let mut names: Vec<Cow<'static, str>> = Embedded::iter().collect();
        names.sort();
        let mut all = String::new();
        for name in names {
            let hash = Embedded::get(&name).map(|f| f.metadata.sha256_hash()).unwrap_or_default();
            all.push_str(&name);
            all.extend(hash.iter().map(|b| format!("{b:02x}")));
        }
        digest(all.as_bytes()).short().to_owned()
    })
}

/// The address of a file, `css/page.css`.
pub(crate) fn address(file: &str) -> String {
    format!("/assets/{}/{file}", edition())
}

/// Whether there is such a file.
#[cfg(test)]
pub(crate) fn exists(file: &str) -> bool {
    Embedded::get(file).is_some()
}

/// All files by name.
#[cfg(test)]
pub(crate) fn all() -> BTreeMap<String, Vec<u8>> {
    Embedded::iter().filter_map(|name| Some((name.to_string(), Embedded::get(&name)?.data.into_owned()))).collect()
}

/// A file by the edition and name of its address: the bytes and their kind. While pages are being
/// made, `from` is a folder that is read instead, and then any edition will do.
pub(crate) fn file(edition_asked: &str, name: &str, from: Option<&Path>) -> Option<(&'static str, Vec<u8>)> {
    let kind = kind(name)?;
    if let Some(folder) = from {
        if name.split('/').any(|part| part.is_empty() || part.starts_with('.')) {
            return None;
        }
        let path: PathBuf = folder.join(name);
        return std::fs::read(path).ok().map(|bytes| (kind, bytes));
    }
    (edition_asked == edition()).then(|| Embedded::get(name))?.map(|f| (kind, f.data.into_owned()))
}

/// The kind of a file by its ending; files of no kind that a page asks for are not given out.
fn kind(name: &str) -> Option<&'static str> {
    Some(match name.rsplit_once('.')?.1 {
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => return None,
    })
}
