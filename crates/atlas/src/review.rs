//! The review opponent: what an expert review will attack in a book, ranked by the yuan at stake.

use liangshan_accounts::plausibility::bands;
use liangshan_accounts::review::{Given, Question, questions};
use liangshan_formats::table::write_csv;
use liangshan_vocab::{Fen, Text};

use crate::book::Book;
use crate::plausible;

/// Every question, latest year first, then by the yuan at stake.
pub fn review(book: &Book) -> Vec<Question> {
    let p = &book.prepared;
    let nobody = Text::default();
    questions(&Given {
        account: &book.assembled.account,
        atoms: &book.assembled.atoms,
        profile: &p.method.profile,
        prices: &p.prices.rows,
        price_lines: (&p.prices.read.file, &p.prices.lines),
        whole: (&p.places.whole, p.places.name(&p.places.whole).unwrap_or(&nobody)),
        seen: &plausible::seen(book),
        bands: &bands(),
    })
}

/// The columns of `review.csv`, in order: name and titles.
pub const REVIEW_COLUMNS: [(&str, &str, &str); 14] = [
    ("year", "年份", "year"),
    ("rank", "名次：按所涉金额由大到小", "rank by the yuan at stake"),
    ("ground", "质询依据", "ground of the question"),
    ("ground_zh", "质询依据（中文）", "ground, in Chinese"),
    ("indicator", "指标；空白为合计", "indicator; blank is the total"),
    ("value_yuan", "现值（元），全区域", "value now, whole region, CNY"),
    ("stake_yuan", "所涉金额（元）；空白为无法估计", "yuan at stake; blank where nobody can say"),
    ("question_zh", "质询", "question, in Chinese"),
    ("question_en", "质询（英文）", "question"),
    ("alternative_zh", "次优选择", "next-best alternative, in Chinese"),
    ("alternative_en", "次优选择（英文）", "next-best alternative"),
    ("alternative_yuan", "次优选择下的数值（元）", "the number under it, CNY"),
    ("look_zh", "查看何处", "where to look, in Chinese"),
    ("look_en", "查看何处（英文）", "where to look"),
];

/// The list as `review.csv`.
pub fn table(questions: &[Question]) -> Vec<u8> {
    let money = |fen: Option<Fen>| fen.map(Fen::yuan).unwrap_or_default();
    let mut rank = (0, 0);
    let rows = questions.iter().map(|q| {
        rank = if rank.0 == q.year { (q.year, rank.1 + 1) } else { (q.year, 1) };
        let (what, value) = q.otherwise.as_ref().map(|o| (o.what.clone(), Some(o.value))).unwrap_or_default();
        vec![
            q.year.to_string(),
            rank.1.to_string(),
            q.ground.word().to_owned(),
            q.ground.title().zh.to_string(),
            q.indicator.clone(),
            money(q.value),
            money(q.stake),
            q.what.zh.to_string(),
            q.what.en.to_string(),
            what.zh.to_string(),
            what.en.to_string(),
            money(value),
            q.look.zh.to_string(),
            q.look.en.to_string(),
        ]
    });
    write_csv(&REVIEW_COLUMNS.map(|c| c.0), rows.collect::<Vec<_>>(), true)
}
