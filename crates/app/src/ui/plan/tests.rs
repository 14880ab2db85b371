//! The page of the region that comes with the project: tags close, both languages are there, nothing is
//! fetched, no person is named.

use std::path::Path;

use liangshan_atlas::planbook::{Asked, Planbook};

fn page() -> (Planbook, String) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../regions/quzhou");
    let asked = Asked { on: "2020-06-30".into(), seed: None, commands: vec!["plan".into()] };
    let plan = Planbook::open(&folder, &asked).unwrap();
    let page = super::plan(&plan);
    (plan, page)
}

#[test]
fn every_sentence_is_there_and_leads_to_its_row() {
    let (plan, page) = page();
    for (sentence, view) in plan.sentences.iter().zip(&plan.sentence_views) {
        let shown = sentence.text.replace('\u{e010}', "．");
        assert!(page.contains(&shown), "{}", sentence.id);
        if view.kind != "statement" {
            assert!(page.contains(&format!("href=\"#row-{}\"", view.id)) && page.contains(&format!("id=\"row-{}\"", view.id)), "{}", view.id);
        }
    }
    assert_eq!(page, super::plan(&plan), "the same plan gives the same bytes");
}

#[test]
fn nothing_is_fetched_nobody_is_named_and_both_languages_are_there() {
    let (plan, page) = page();
    assert!(!page.contains("http://") && !page.contains("https://") && !page.contains("src="));
    assert!(!page.contains("示例负责人"), "a person is named");
    let count = |mark: &str| page.matches(mark).count();
    assert_eq!(count("<span lang=\"zh\""), count("<span lang=\"en\""));
    assert_eq!(count("<svg"), count("</svg>"));
    assert_eq!(count("<svg"), plan.targets.iter().filter(|t| !t.values.city.is_empty()).count());
}
