//! Pages that are made from declarations and kept in `docs/reference/`. A test compares; with
//! `LIANGSHAN_BLESS=1` it writes them anew, and the diff is the review.

use std::fmt::Write as _;
use std::fs;

use crate::sources::root;

/// True when the pages are to be written.
pub(crate) fn blessing() -> bool {
    std::env::var_os("LIANGSHAN_BLESS").is_some_and(|v| v == "1")
}

/// Holds a kept page against what it should be, or writes it.
pub(crate) fn held(path: &str, wanted: &str) {
    let on_disk = root().join("docs/reference").join(path);
    if blessing() {
        fs::create_dir_all(on_disk.parent().unwrap()).unwrap();
        fs::write(&on_disk, wanted).unwrap();
        return;
    }
    let kept = fs::read_to_string(&on_disk).unwrap_or_default();
    if kept == wanted {
        return;
    }
    let first = kept.lines().zip(wanted.lines()).position(|(a, b)| a != b).unwrap_or_else(|| kept.lines().count().min(wanted.lines().count()));
    let line = |text: &str| text.lines().nth(first).unwrap_or("(end)").to_owned();
    panic!(
        "docs/reference/{path} is stale from line {}:\n  kept   {}\n  should {}\nRun LIANGSHAN_BLESS=1 cargo test -p liangshan-app --test project and look at the diff.",
        first + 1,
        line(&kept),
        line(wanted)
    );
}

/// A page of Markdown on its way.
pub(crate) struct Page(String);

impl Page {
    /// Begins a page that says of itself where it comes from.
    pub(crate) fn new(title: &str, zh: &str, en: &str) -> Self {
        Self(format!(
            "# {title}\n\n{zh}\n\n{en}\n\n<!-- 由程序的声明生成，勿手改 / made from the program's declarations: LIANGSHAN_BLESS=1 cargo test -p liangshan-app --test project -->\n"
        ))
    }

    /// A heading.
    pub(crate) fn head(&mut self, level: usize, title: &str) {
        let _ = write!(self.0, "\n{} {title}\n", "#".repeat(level));
    }

    /// A paragraph.
    pub(crate) fn line(&mut self, said: &str) {
        let _ = write!(self.0, "\n{said}\n");
    }

    /// A table.
    pub(crate) fn table<const N: usize>(&mut self, header: [&str; N], rows: impl IntoIterator<Item = [String; N]>) {
        let _ = write!(self.0, "\n| {} |\n|{}\n", header.join(" | "), "---|".repeat(N));
        for row in rows {
            let cells: Vec<String> = row.iter().map(|cell| cell.replace('|', "\\|").replace('\n', " ")).collect();
            let _ = writeln!(self.0, "| {} |", cells.join(" | "));
        }
    }

    /// The page.
    pub(crate) fn text(self) -> String {
        self.0
    }
}
