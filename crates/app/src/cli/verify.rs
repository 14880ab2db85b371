//! `verify`: does the chain of facts still hold?

use std::path::Path;

use clap::ArgMatches;
use liangshan_atlas::deliveries::verify::{Verdict, verify as walked};
use serde_json::json;

use super::print::problems_json;
use super::{FINE, Face, PROBLEMS, WRONG_USE};

/// Walks the chain.
pub(super) fn verify(matches: &ArgMatches, face: Face) -> u8 {
    let Some(region) = matches.get_one::<String>("region") else { return WRONG_USE };
    let noted = matches.get_one::<String>("head").map(String::as_str);
    if noted.is_some_and(|n| n.len() < 12 || !n.bytes().all(|b| b.is_ascii_hexdigit())) {
        return face.wrong_use(face.say("--head 是以前记下的链首摘要，至少 12 位十六进制数", "--head is a head noted earlier, 12 hexadecimal digits at least"));
    }
    let verdict = match walked(Path::new(region), noted) {
        Ok(verdict) => verdict,
        Err(problems) => return face.refuse(&problems),
    };
    let holds = !verdict.problems.has_errors();
    if face.json {
        let mut document = json!({
            "status": if holds { "whole" } else { "broken" }, "facts": verdict.facts, "files": verdict.files,
            "head": verdict.head.as_ref().map(|(seq, digest)| json!({ "seq": seq, "digest": digest })),
        });
        super::region::merge(&mut document, problems_json(&verdict.problems, face.lang));
        face.document(&document);
    } else {
        face.out(&said(&verdict, holds, face));
    }
    if holds { FINE } else { PROBLEMS }
}

fn said(verdict: &Verdict, holds: bool, face: Face) -> String {
    let mut out = String::new();
    if !verdict.problems.is_empty() {
        out.push_str(&face.letters(&verdict.problems));
    }
    let (facts, files) = (verdict.facts, verdict.files);
    let Some((_, digest)) = &verdict.head else {
        if holds {
            out.push_str(face.say("还没有事实。\n", "No facts yet.\n"));
        }
        return out;
    };
    out.push_str(&match (face.lang, holds) {
        (liangshan_vocab::Lang::Zh, true) => format!("事实链完好：{facts} 条事实，{files} 个文件。\n链首 {digest}\n"),
        (liangshan_vocab::Lang::En, true) => format!("The chain holds: {facts} facts, {files} files.\nHead {digest}\n"),
        (liangshan_vocab::Lang::Zh, false) => format!("前 {facts} 条事实的链接完好，其末端为 {digest}\n"),
        (liangshan_vocab::Lang::En, false) => format!("The links of the first {facts} facts hold, up to {digest}\n"),
    });
    out
}
