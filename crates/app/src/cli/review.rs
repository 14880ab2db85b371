//! `review`: what an expert review will attack.

use std::path::Path;

use clap::ArgMatches;
use liangshan_accounts::catalogue;
use liangshan_accounts::review::Question;
use liangshan_atlas::book::{Hooks, Prepared, open_book};
use liangshan_atlas::review::review as questions_of;
use liangshan_vocab::{Lang, Problems};
use serde_json::{Value, json};

use super::print::Progress;
use super::region::{money, options};
use super::{FINE, Face, WRONG_USE};

/// How many questions are shown unless more are asked for.
const USUAL_TOP: u32 = 20;

/// Lists the questions.
pub(super) fn review(matches: &ArgMatches, face: Face) -> u8 {
    let Some(region) = matches.get_one::<String>("region") else { return WRONG_USE };
    let top = matches.get_one::<u32>("top").copied().unwrap_or(USUAL_TOP);
    let asked: Vec<i32> = matches.get_many::<i32>("year").map(|y| y.copied().collect()).unwrap_or_default();
    match questions(matches, region, face) {
        Ok((profile, questions)) => {
            let latest = questions.iter().map(|q| q.year).max();
            let chosen: Vec<&Question> = questions.iter().filter(|q| if asked.is_empty() { Some(q.year) == latest } else { asked.contains(&q.year) }).collect();
            let most = if top == 0 { usize::MAX } else { top as usize };
            if face.json {
                let shown: Vec<Value> = chosen.iter().take(most).map(|q| question(q, face.lang)).collect();
                face.document(&json!({ "profile": profile, "count": chosen.len(), "questions": shown }));
            } else {
                face.out(&list(&profile, &chosen, most, face));
            }
            FINE
        }
        Err(problems) => face.refuse(&problems),
    }
}

fn questions(matches: &ArgMatches, region: &str, face: Face) -> Result<(String, Vec<Question>), Problems> {
    let progress = Progress::new(face);
    let hooks = Hooks { progress: &|stage| progress.tell(stage), cancelled: &|| false };
    let book = Prepared::open(Path::new(region), &options(matches)?).and_then(|prepared| open_book(prepared, hooks));
    progress.end();
    let book = book?;
    Ok((book.prepared.method.profile.printed_id(), questions_of(&book)))
}

fn question(q: &Question, lang: Lang) -> Value {
    json!({
        "ground": q.ground.word(), "year": q.year, "indicator": q.indicator, "value_fen": q.value, "stake_fen": q.stake, "what": q.what.get(lang),
        "alternative": q.otherwise.as_ref().map(|o| json!({ "what": o.what.get(lang), "value_fen": o.value })), "look": q.look.get(lang),
    })
}

fn list(profile: &str, chosen: &[&Question], most: usize, face: Face) -> String {
    let lang = face.lang;
    let count = chosen.len();
    let mut out = match lang {
        Lang::Zh => format!("评审质询单（{profile}）：{count} 条，按所涉金额排序，单位亿元\n"),
        Lang::En => format!("What a review will attack ({profile}): {count} questions by the yuan at stake, in million CNY\n"),
    };
    for (i, q) in chosen.iter().take(most).enumerate() {
        let name = catalogue::indicator(&q.indicator).map_or(face.say("合计", "the total"), |k| k.title.get(lang));
        let stake = q.stake.map_or_else(|| face.say("无法估计", "unknown").to_owned(), |s| money(s, lang));
        out.push_str(&format!("\n{:3}. {stake}  [{}] {name}  {}\n     {}\n", i + 1, q.ground.title().get(lang), q.year, q.what.get(lang)));
        if let Some(other) = &q.otherwise {
            let now = q.value.map(|v| money(v, lang)).unwrap_or_default();
            out.push_str(&format!("     {}{}: {now} → {}\n", face.say("次优选择 ", "next best: "), other.what.get(lang), money(other.value, lang)));
        }
        out.push_str(&format!("     {}{}\n", face.say("查看 ", "see "), q.look.get(lang)));
    }
    if count > most {
        out.push_str(&match lang {
            Lang::Zh => format!("\n另有 {} 条，见 review.csv，或用 --top 0 列出全部。\n", count - most),
            Lang::En => format!("\n{} more in review.csv, or with --top 0.\n", count - most),
        });
    }
    out
}
