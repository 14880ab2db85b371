//! Every file that was read: from whom, on what terms, what it is, and the digest it is known by.

use liangshan_accounts::catalogue;
use liangshan_atlas::publication::SourceCard;
use liangshan_vocab::{Origin, Text, text};

use super::view::{View, heads, origin_chip, table};
use crate::ui::html::Html;
use crate::ui::words;

pub(super) fn draw(h: &mut Html, view: &View<'_>) {
    let sources = &view.publication.sources;
    if sources.is_empty() {
        return h.line("p", &text("没有读取任何文件。", "No file was read."));
    }
    h.el("ul.key.counts", |h| {
        for origin in Origin::ALL {
            let count = sources.iter().filter(|s| s.read.origin == origin).count();
            if count > 0 {
                h.el("li", |h| {
                    origin_chip(h, origin);
                    h.say(&Text::of(format!(" {count} 个文件"), format!(" {count} file{}", if count == 1 { "" } else { "s" })));
                });
            }
        }
    });
    table(h, ".words.sources", &text("数据文件", "Files that were read"), |h| {
        heads(
            h,
            &[
                (text("文件", "File"), false),
                (text("性质", "What it is"), false),
                (text("来源与做法", "From whom, and how it was made"), false),
                (text("许可", "Licence"), false),
                (text("用于", "Used by"), false),
                (text("校验值", "Digest"), false),
            ],
        );
        h.el("tbody", |h| sources.iter().for_each(|s| line(h, view, s)));
    });
}

/// Who reads a file besides models: the word in the publication, 中文, English.
const TABLES: &[(&str, &str, &str)] = &[
    ("places", "区划与边界", "Places"),
    ("classes", "生态系统分类", "Ecosystem classes"),
    ("prices", "单价", "Prices"),
    ("department tables", "部门报表", "Department tables"),
];

fn line(h: &mut Html, view: &View<'_>, source: &SourceCard) {
    h.el("tr", |h| {
        h.with("th", &[("scope", "row")], |h| {
            h.say(&source.title);
            h.el("code.name", |h| h.text(&source.read.file));
            if !source.read.part.is_empty() {
                h.el("span.tag", |h| h.text(&source.read.part));
            }
        });
        h.el("td", |h| origin_chip(h, source.read.origin));
        h.el("td", |h| {
            h.line("p", &words::note(&source.from));
            if !source.method.is_empty() {
                h.el("details", |h| {
                    h.line("summary", &text("做法", "How it was made"));
                    h.line("p", &words::note(&source.method));
                });
            }
        });
        h.line("td", &words::note(&source.read.licence));
        h.el("td", |h| {
            for user in &source.used_by {
                let named = TABLES.iter().find(|t| t.0 == user).map(|t| Text::of(t.1, t.2));
                match named.or_else(|| catalogue::indicator(user).map(|_| view.indicator(user))) {
                    Some(name) => h.line("span.user", &name),
                    None => h.el("code.alternative", |h| h.text(user)),
                }
            }
        });
        h.el("td", |h| h.with("code.digest", &[("title", source.read.digest.as_str())], |h| h.text(source.read.digest.short())));
    });
}
