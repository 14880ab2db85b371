//! How to check the account: one number step by step, and the commands that check the rest.

use liangshan_atlas::explain::{ExplainStep, Explanation};
use liangshan_vocab::{Fen, Text, text, words};

use super::view::{View, heads, origin_chip, table};
use crate::ui::html::Html;
use crate::ui::words;

pub(super) fn draw(h: &mut Html, view: &View<'_>) {
    if let Some(sample) = &view.publication.sample {
        h.el("article.sheet.sample", |h| recomputed(h, sample));
    }
    h.el("div.sheet", |h| {
        h.line("h3", &text("其余数字", "The other numbers"));
        h.el("ol.ways", |h| {
            way(
                h,
                &text("任何一个数字，都可以让程序逐步列出来历：", "Any number explains itself:"),
                &format!("liangshan explain regions/{} INDICATOR --place {} --year {}", view.publication.region, view.publication.whole, view.latest),
            );
            way(
                h,
                &text(
                    "随附的 account.csv 按年份、区划、生态系统类型、指标逐行列出。各县之和等于全域，各类型之和等于合计，实物量乘以单价等于价值量，均精确到分；用表格软件即可复核。",
                    "The file account.csv beside this report has a row per year, place, type and indicator. Counties add up to the whole, types to the total, and quantity times price to value, all to the fen; any spreadsheet can check it.",
                ),
                "account.csv",
            );
            way(
                h,
                &text(
                    "地图为标准 GeoTIFF，可在任何地理信息软件中打开并分区统计。",
                    "Maps are plain GeoTIFF; any GIS opens them and takes zonal sums.",
                ),
                "maps/*.tif",
            );
            way(
                h,
                &text("statements.jsonl 与 provenance.json 记录每个数字所依据文件的校验值。", "Every number's files stand with their digests in these two:"),
                "statements.jsonl  provenance.json",
            );
        });
    });
}

fn way(h: &mut Html, what: &Text, with: &str) {
    h.el("li", |h| {
        h.say(what);
        h.el("code.command", |h| h.text(with));
    });
}

fn recomputed(h: &mut Html, sample: &Explanation) {
    h.line("h3", &sample.title);
    h.el("div.formula", |h| {
        h.line("p", &sample.formula);
        if !sample.latex.is_empty() {
            h.with("code", &[("title", "LaTeX")], |h| h.text(&sample.latex));
        }
    });
    let numbered: Vec<(usize, &ExplainStep)> = sample.steps.iter().enumerate().map(|(at, step)| (at + 1, step)).collect();
    let of_cell = |step: &ExplainStep| step.symbol == CELL || step.symbol.starts_with(&format!("{CELL}."));
    let (cell, whole): (Vec<_>, Vec<_>) = numbered.into_iter().partition(|(_, step)| of_cell(step));
    let (first, last) = whole.split_at(if whole.len() > MANY { whole.len() - LAST } else { 0 });
    if let Some((through, _)) = first.last() {
        h.el("details", |h| {
            h.line("summary", &words!("第 1 至 {through} 步：逐类的输入与中间量", "Steps 1 to {through}: inputs and intermediate sums by class"));
            steps(h, &text("逐步重算", "Step by step"), first, false);
        });
    }
    steps(h, &text("逐步重算", "Step by step"), last, true);
    if !cell.is_empty() {
        steps(h, &text("再抽一个格网，看模型怎样由输入得到结果", "One cell as a sample: what the model makes of its inputs"), &cell, true);
    }
    if !sample.inputs.is_empty() {
        h.line("h4", &text("所依据的文件", "Files behind it"));
        h.el("ul.files", |h| {
            for read in &sample.inputs {
                h.el("li", |h| {
                    h.el("code", |h| h.text(&read.file));
                    if !read.part.is_empty() {
                        h.text(&format!(" · {}", read.part));
                    }
                    h.text(" ");
                    origin_chip(h, read.origin);
                    h.with("code.digest", &[("title", read.digest.as_str())], |h| h.text(read.digest.short()));
                });
            }
        });
    }
    if !sample.warnings.is_empty() {
        h.line("h4", &text("存疑之处", "What is doubtful"));
        h.el("ul", |h| sample.warnings.iter().for_each(|w| h.line("li", &words::sentence(&said_once(&w.what)))));
    }
}

/// The symbol of a cell taken as a sample, and the first word of the symbols of its values.
const CELL: &str = "cell";
/// More steps than this are folded but for the last few.
const MANY: usize = 16;
/// How many those are.
const LAST: usize = 6;

/// Steps with their numbers; the last of all is the result.
fn steps(h: &mut Html, caption: &Text, numbered: &[(usize, &ExplainStep)], to_the_end: bool) {
    table(h, ".steps", caption, |h| {
        heads(
            h,
            &[
                (text("步", "Step"), true),
                (text("符号", "Symbol"), false),
                (text("含义", "What it is"), false),
                (text("数值", "Amount"), true),
                (text("单位", "Unit"), false),
                (text("来历", "Where it comes from"), false),
            ],
        );
        h.el("tbody", |h| {
            for (at, (number, step)) in numbered.iter().enumerate() {
                h.el(if to_the_end && at + 1 == numbered.len() { "tr.result" } else { "tr" }, |h| {
                    h.el("td.n.step", |h| h.text(&number.to_string()));
                    h.el("td.symbol", |h| h.el("code", |h| h.text(step.symbol.strip_prefix("cell.").unwrap_or(&step.symbol))));
                    h.line("td.what", &step.title);
                    h.with("td.n.amount", &[("title", &step.amount)], |h| {
                        h.text(&plain(&step.amount));
                        if let (Ok(fen), "fen") = (step.amount.parse(), step.unit.as_str()) {
                            h.line("span.tag", &words::exact(Fen(fen)));
                        }
                    });
                    h.line("td.unit", &if step.unit.is_empty() { Text::default() } else { unit(&step.unit) });
                    h.line("td.from", &step.from);
                });
            }
        });
    });
}

/// A plain decimal number with grouped digits and at most six decimals, the exact one being shown on
/// hovering; anything else as it is.
fn plain(amount: &str) -> String {
    let digits = amount.strip_prefix('-').unwrap_or(amount);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return amount.to_owned();
    }
    let decimals = digits.split_once('.').map_or(0, |(_, part)| part.len());
    match amount.parse::<f64>() {
        Ok(value) if decimals > 6 && value.abs() >= 0.01 => words::grouped(&words::trimmed(&format!("{value:.6}"))),
        _ => words::grouped(&words::trimmed(amount)),
    }
}

/// Words that were kept as one note in both languages, taken apart.
fn said_once(said: &Text) -> Text {
    if said.zh == said.en { words::note(&said.zh) } else { said.clone() }
}

/// The unit of a step; money stands there in its smallest unit too.
fn unit(written: &str) -> Text {
    match written {
        "fen" => text("分", "fen"),
        // The name of a reference system, not a quotient.
        other if other.contains(" / ") => Text::same(other),
        other => words::unit(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_integers_are_grouped_and_words_are_left_alone() {
        assert_eq!([plain("3913.529642956376"), plain("0.0000123456789")], ["3,913.529643", "0.0000123456789"]);
        assert_eq!([plain("1234567.5"), plain("-1234"), plain("1e-7"), plain("III")], ["1,234,567.5", "−1,234", "1e-7", "III"]);
    }
}
