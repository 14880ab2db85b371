//! Expected lines are counted in the text of each test; nothing here comes from elsewhere.

use crate::{Problem, Problems, Unit, text};

use super::Document;

fn seen(problems: &Problems) -> Vec<(String, u64, String)> {
    problems.iter().map(|p| (p.code.to_string(), p.at.row.unwrap(), p.at.key.clone().unwrap_or_default())).collect()
}

#[test]
fn a_clean_file_is_read_without_a_word() {
    let document = Document::parse(
        "\u{feff}name = \"衢州\"\nyears = [2019, 2020]\nscale = 1\nfrom = 2020-01-01\ndraft = false\n\
         [layer.yield]\nfile = \"a.tif\"\n[layer.dem]\nfile = \"b.tif\"\n[[step]]\nid = 1\n[[step]]\nid = 2\n"
            .as_bytes(),
    )
    .unwrap();
    let root = document.root();
    assert_eq!(root.text("name").unwrap(), "衢州");
    assert_eq!(root.integers("years").unwrap(), [2019, 2020]);
    assert_eq!(root.number("scale"), Some(1.0));
    assert_eq!(root.date("from").unwrap(), "2020-01-01");
    assert_eq!(root.boolean("draft"), Some(false));
    assert_eq!(root.optional_texts("absent"), None);
    let layers = root.sections("layer");
    assert_eq!(
        layers.iter().map(|(n, s)| (n.as_str(), s.text("file").unwrap(), s.row())).collect::<Vec<_>>(),
        [("yield", "a.tif".to_owned(), 6), ("dem", "b.tif".to_owned(), 8)]
    );
    let steps = root.array_of_sections("step");
    assert_eq!(steps.iter().map(|s| (s.path(), s.integer("id").unwrap())).collect::<Vec<_>>(), [("step[1]", 1), ("step[2]", 2)]);
    assert_eq!(document.finish(), Problems::new());
}

#[test]
fn every_problem_is_reported_at_once_in_file_order() {
    let document = Document::parse(
        "title = 5\nlisence = \"ODbL\"\nyears = [2019, \"2020\"]\nunit = \"kWhh\"\nweather = \"yaer\"\nratio = nan\n[grid]\ncell = \"250\"\n[notes]\nwhatever = 1\n"
            .as_bytes(),
    )
    .unwrap();
    let root = document.root();
    assert!(root.text("licence").is_none() && root.text("title").is_none() && root.integers("years").is_none());
    assert!(root.parsed("unit", Unit::parse).is_none() && root.one_of("weather", &["year", "normal"]).is_none() && root.number("ratio").is_none());
    let grid = root.section("grid").unwrap();
    assert!(grid.number("cell").is_none() && grid.text("crs").is_none());
    root.problem("ratio", Problem::warning("test.mine", text("甲", "a")));
    assert!(root.has("notes"));

    let problems = document.finish();
    let expected = [
        ("toml.missing", 1, "licence"),
        ("toml.type", 1, "title"),
        ("toml.unknown_key", 2, "lisence"),
        ("toml.type", 3, "years[2]"),
        ("unit.unknown", 4, "unit"),
        ("toml.choice", 5, "weather"),
        ("toml.type", 6, "ratio"),
        ("test.mine", 6, "ratio"),
        ("toml.missing", 7, "grid.crs"),
        ("toml.type", 8, "grid.cell"),
    ];
    assert_eq!(seen(&problems), expected.map(|(c, r, k)| (c.to_owned(), r, k.to_owned())));
    let fix = |i: usize| problems.0[i].fix.en.as_ref();
    assert_eq!((fix(1), fix(2), fix(5), fix(9)), ("put it in quotes: \"5\"", "did you mean \"licence\"?", "did you mean \"year\"?", "remove the quotes: 250"));
    assert!(document.finish().is_empty(), "a second call has nothing left");
}

#[test]
fn syntax_faults_have_their_lines_and_none_hides_another() {
    let problems = Document::parse("a = 1\na = 2\nb = \nc = 衢州\nd = 007\n".as_bytes()).unwrap_err();
    let rows: Vec<_> = problems.iter().map(|p| p.at.row.unwrap()).collect();
    assert!([2, 3, 4, 5].iter().all(|row| rows.contains(row)), "{problems:?}");
    assert!(problems.iter().all(|p| p.code == "toml.syntax"));
    assert!(problems.0[0].what.zh.contains("键重复"), "{}", problems.0[0].what);

    // "名" in GBK is C3 FB, which is not UTF-8.
    let gbk = Document::parse(b"a = 1\nb = \"\xc3\xfb\"\n").unwrap_err();
    assert_eq!((gbk.0[0].code.as_ref(), gbk.0[0].at.row), ("toml.not_utf8", Some(2)));
}

#[test]
fn quoted_and_dotted_keys_have_readable_paths() {
    let document = Document::parse(b"[rule.\"nh3n.class-3\"]\nover = { limit = 1, x = 2 }\nbasis.page = 1\n").unwrap();
    for (name, rule) in document.root().sections("rule") {
        assert_eq!((name.as_str(), rule.path()), ("nh3n.class-3", "rule.\"nh3n.class-3\""));
        assert_eq!(rule.section("over").unwrap().number("limit"), Some(1.0));
        assert!(rule.section("basis").unwrap().text("page").is_none());
    }
    let expected = [("toml.unknown_key", 2, "rule.\"nh3n.class-3\".over.x"), ("toml.type", 3, "rule.\"nh3n.class-3\".basis.page")];
    assert_eq!(seen(&document.finish()), expected.map(|(c, r, k)| (c.to_owned(), r, k.to_owned())));
}

#[test]
fn deep_or_huge_input_is_refused_and_does_not_overflow() {
    let deep = [format!("a = {}", "[".repeat(50_000)), format!("{}b = 1", "a.".repeat(50_000)), format!("[{}a]", "a.".repeat(50_000))];
    for source in deep {
        assert!(Document::parse(source.as_bytes()).is_err());
    }
    let document = Document::parse(b"big = 99999999999999999999\nfar = 1e999\n").unwrap();
    assert!(document.root().integer("big").is_none() && document.root().number("far").is_none());
    assert_eq!(document.finish().len(), 2);
}
