//! Addresses as data: what one takes, what it gives, and the function that answers it. The router, the
//! check of parameters and the description of the interface are all drawn from the same rows.

use std::collections::BTreeMap;

use liangshan_atlas::rules::Day;
use liangshan_vocab::{Lang, Problem, Problems, Text, nearest, text, words};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};

use super::reply::{Answer, Refusal};
use super::snapshot::Snapshot;

/// The schema of an answer, with nothing to look up elsewhere: it stands within the description of
/// the interface, where a reference of its own would lead astray.
pub(crate) fn schema_of<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12().with(|s| s.inline_subschemas = true).into_generator().into_root_schema_for::<T>()
}

/// What a parameter may be.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    /// Any word that is not empty.
    Word,
    /// A whole number within bounds, both included.
    Integer(i64, i64),
    /// A finite number within bounds, both included.
    Number(f64, f64),
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// `YYYY-MM-DD`.
    Date,
    /// Four numbers `west,south,east,north` in degrees.
    Box,
}

/// A parameter: in the path where the path names it in braces, else in the query.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Param {
    /// Its name.
    pub(crate) name: &'static str,
    /// What it may be.
    pub(crate) kind: Kind,
    /// What it is, in Chinese and English.
    pub(crate) title: (&'static str, &'static str),
    /// A value that works for the demo region.
    pub(crate) example: &'static str,
    /// Whether the address means nothing without it.
    pub(crate) required: bool,
}

impl Param {
    /// A parameter that may be left out.
    pub(crate) const fn optional(name: &'static str, kind: Kind, title: (&'static str, &'static str), example: &'static str) -> Self {
        Self { name, kind, title, example, required: false }
    }

    /// A parameter that must be there.
    pub(crate) const fn needed(name: &'static str, kind: Kind, title: (&'static str, &'static str), example: &'static str) -> Self {
        Self { name, kind, title, example, required: true }
    }
}

/// What an address gives.
#[derive(Clone, Copy)]
pub(crate) enum Gives {
    /// A page for people.
    Page,
    /// JSON of this schema.
    Json(fn() -> Schema),
    /// Features as GeoJSON, of this schema.
    Features(fn() -> Schema),
    /// Bytes of this kind; `*/*` where it depends on what is asked for.
    Bytes(&'static str),
}

/// How an address is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    /// Reading: the answer depends on the snapshot and the address alone, and is kept.
    Get,
    /// Asking about something sent along; nothing is stored, and the answer is not kept.
    Post,
}

/// An address.
#[derive(Clone, Copy)]
pub(crate) struct Route {
    /// How it is asked.
    pub(crate) verb: Verb,
    /// The path, with parameters in braces: `/api/places/{code}`.
    pub(crate) path: &'static str,
    /// What is there, in Chinese and English.
    pub(crate) title: (&'static str, &'static str),
    /// What it takes besides `lang`.
    pub(crate) takes: &'static [Param],
    /// What it gives.
    pub(crate) gives: Gives,
    /// Answers it.
    pub(crate) answer: fn(&Ask<'_>) -> Answer,
}

impl Route {
    /// A page.
    pub(crate) const fn page(path: &'static str, title: (&'static str, &'static str), takes: &'static [Param], answer: fn(&Ask<'_>) -> Answer) -> Self {
        Self { verb: Verb::Get, path, title, takes, gives: Gives::Page, answer }
    }

    /// JSON.
    pub(crate) const fn json(
        path: &'static str,
        title: (&'static str, &'static str),
        takes: &'static [Param],
        schema: fn() -> Schema,
        answer: fn(&Ask<'_>) -> Answer,
    ) -> Self {
        Self { verb: Verb::Get, path, title, takes, gives: Gives::Json(schema), answer }
    }

    /// Features as GeoJSON.
    pub(crate) const fn features(
        path: &'static str,
        title: (&'static str, &'static str),
        takes: &'static [Param],
        schema: fn() -> Schema,
        answer: fn(&Ask<'_>) -> Answer,
    ) -> Self {
        Self { verb: Verb::Get, path, title, takes, gives: Gives::Features(schema), answer }
    }

    /// Bytes: a tile, a file.
    pub(crate) const fn bytes(
        path: &'static str,
        title: (&'static str, &'static str),
        takes: &'static [Param],
        kind: &'static str,
        answer: fn(&Ask<'_>) -> Answer,
    ) -> Self {
        Self { verb: Verb::Get, path, title, takes, gives: Gives::Bytes(kind), answer }
    }

    /// The same, asked about something that is sent along.
    pub(crate) const fn posted(self) -> Self {
        Self { verb: Verb::Post, ..self }
    }

    /// Whether a parameter stands in the path.
    pub(crate) fn in_path(&self, param: &Param) -> bool {
        self.path.contains(&format!("{{{}}}", param.name))
    }

    /// Whether somebody reads the answer as a page.
    pub(crate) fn is_page(&self) -> bool {
        matches!(self.gives, Gives::Page)
    }
}

/// What somebody asks, checked against the route's declaration.
pub(crate) struct Ask<'a> {
    /// The address's declaration.
    pub(crate) route: &'a Route,
    /// The region as it was read.
    pub(crate) snapshot: &'a Snapshot,
    /// The language to answer in.
    pub(crate) lang: Lang,
    /// The path as asked, `/api/places/330803`.
    pub(crate) path: &'a str,
    /// Values by parameter, from path and query.
    pub(crate) values: BTreeMap<&'static str, String>,
    /// The kind of what was sent along.
    pub(crate) sent_as: &'a str,
    /// What was sent along.
    pub(crate) sent: &'a [u8],
}

impl<'a> Ask<'a> {
    /// Checks what was asked: unknown, doubled, missing and wrong parameters, all at once.
    ///
    /// # Errors
    /// `web.unknown_parameter`, `web.doubled_parameter`, `web.missing_parameter`, `web.bad_parameter`.
    pub(crate) fn check(route: &Route, given: &[(String, String)]) -> Result<(Lang, BTreeMap<&'static str, String>), Problems> {
        let mut problems = Problems::new();
        let mut values: BTreeMap<&'static str, String> = BTreeMap::new();
        let mut lang = None;
        for (name, value) in given {
            if name == "lang" {
                match value.as_str() {
                    "zh" => lang = Some(Lang::Zh),
                    "en" => lang = Some(Lang::En),
                    _ => problems.push(bad(name, value, &text("zh 或 en", "zh or en"))),
                }
                continue;
            }
            let Some(param) = route.takes.iter().find(|p| p.name == name) else {
                let known: Vec<&str> = route.takes.iter().map(|p| p.name).chain(["lang"]).collect();
                let list = known.join(", ");
                problems.push(
                    Problem::error("web.unknown_parameter", words!("这个地址没有参数“{name}”", "this address takes no parameter \"{name}\""))
                        .key(name.as_str())
                        .expect(words!("{list} 之一", "one of {list}"))
                        .fix_near(nearest(name, known.iter().copied()), text("去掉它", "leave it out")),
                );
                continue;
            };
            // An emptied field of a form means that nothing was chosen.
            if value.is_empty() && !param.required {
                continue;
            }
            if let Some(expected) = refused(param.kind, value) {
                problems.push(bad(name, value, &expected));
            } else if values.insert(param.name, value.clone()).is_some() {
                problems.push(
                    Problem::error("web.doubled_parameter", words!("参数“{name}”给了两次", "the parameter \"{name}\" is given twice"))
                        .key(name.as_str())
                        .expect(text("一次", "once")),
                );
            }
        }
        for param in route.takes.iter().filter(|p| p.required && !given.iter().any(|(name, _)| name == p.name)) {
            let (title, example) = (Text::of(param.title.0, param.title.1), param.example);
            problems.push(
                Problem::error(
                    "web.missing_parameter",
                    Text::of(format!("缺少参数“{}”（{}）", param.name, title.zh), format!("the parameter \"{}\" ({}) is missing", param.name, title.en)),
                )
                .key(param.name)
                .expect(words!("如 {}={example}", "such as {}={example}", param.name)),
            );
        }
        problems.into_result((lang.unwrap_or_default(), values))
    }

    /// A parameter as it was written.
    pub(crate) fn word(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// A parameter declared as a whole number.
    pub(crate) fn integer(&self, name: &str) -> Option<i64> {
        self.word(name).and_then(|v| v.parse().ok())
    }

    /// A parameter declared as a year.
    pub(crate) fn year(&self, name: &str) -> Option<i32> {
        self.integer(name).and_then(|v| i32::try_from(v).ok())
    }

    /// A parameter declared as a number.
    pub(crate) fn number(&self, name: &str) -> Option<f64> {
        self.word(name).and_then(|v| v.parse().ok())
    }

    /// A parameter declared as a box: west, south, east, north.
    pub(crate) fn bounds(&self, name: &str) -> Option<[f64; 4]> {
        self.word(name).and_then(corners)
    }

    /// One of two words, in the language of the answer.
    pub(crate) fn say(&self, zh: &'static str, en: &'static str) -> &'static str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// An address of ours in the same language. Empty values are left out.
    pub(crate) fn link(&self, path: &str, query: &[(&str, &str)]) -> String {
        link(self.lang, path, query)
    }

    /// Parameters of the query as they were given, those of the path left out.
    pub(crate) fn query(&self) -> Vec<(&str, &str)> {
        let in_query = |name: &str| self.route.takes.iter().any(|p| p.name == name && !self.route.in_path(p));
        self.values.iter().filter(|(name, _)| in_query(name)).map(|(name, value)| (*name, value.as_str())).collect()
    }

    /// This address with some parameters changed; an empty value takes one away.
    pub(crate) fn here(&self, changed: &[(&str, &str)]) -> String {
        let mut query = self.query();
        query.retain(|(name, _)| !changed.iter().any(|(n, _)| n == name));
        query.extend(changed.iter().copied());
        self.link(self.path, &query)
    }

    /// Refuses a value that the region does not have.
    pub(crate) fn unknown<'k>(&self, name: &str, what: &Text, known: impl IntoIterator<Item = &'k str>) -> Refusal {
        let value = self.word(name).unwrap_or_default();
        let known: Vec<&str> = known.into_iter().collect();
        let list = known.iter().take(12).copied().collect::<Vec<_>>().join(", ");
        Refusal::NotFound(
            Problem::error("web.unknown_value", Text::of(format!("没有“{value}”这个{}", what.zh), format!("there is no {} \"{value}\"", what.en)))
                .key(name)
                .expect(words!("{list} 等", "such as {list}"))
                .fix_near(nearest(value, known.iter().copied()), text("从所列中选一个", "take one of those listed")),
        )
    }
}

/// A word as one part of a path.
pub(crate) fn segment(word: &str) -> String {
    // A plus stands for itself in a path, where a form would have a blank.
    form_urlencoded::byte_serialize(word.as_bytes()).collect::<String>().replace('+', "%20")
}

/// An address of ours in a language.
pub(crate) fn link(lang: Lang, path: &str, query: &[(&str, &str)]) -> String {
    let mut out = String::from(path);
    let mut mark = if path.contains('?') { '&' } else { '?' };
    let language: &[(&str, &str)] = if lang == Lang::Zh { &[] } else { &[("lang", "en")] };
    for (name, value) in query.iter().chain(language).filter(|(_, value)| !value.is_empty()) {
        out.push(mark);
        out.push_str(&form_urlencoded::byte_serialize(name.as_bytes()).collect::<String>());
        out.push('=');
        out.push_str(&form_urlencoded::byte_serialize(value.as_bytes()).collect::<String>());
        mark = '&';
    }
    out
}

fn bad(name: &str, value: &str, expected: &Text) -> Problem {
    Problem::error("web.bad_parameter", words!("参数“{name}”的值“{value}”不对", "the parameter \"{name}\" cannot be \"{value}\""))
        .key(name)
        .expect(expected.clone())
}

/// The longest word of an address: a map with all its layers switched on is one.
const WORD: usize = 2_000;

/// What was expected, where a value is not that.
fn refused(kind: Kind, value: &str) -> Option<Text> {
    let fine = match kind {
        Kind::Word => !value.trim().is_empty() && value.chars().count() <= WORD && !value.chars().any(char::is_control),
        Kind::Integer(low, high) => value.parse::<i64>().is_ok_and(|v| (low..=high).contains(&v)),
        Kind::Number(low, high) => value.parse::<f64>().is_ok_and(|v| v >= low && v <= high),
        Kind::OneOf(words) => words.contains(&value),
        Kind::Date => Day::parse(value).is_some_and(|day| day.to_string() == value),
        Kind::Box => corners(value).is_some(),
    };
    if fine {
        return None;
    }
    Some(match kind {
        Kind::Word => words!("不空且不超过 {WORD} 字", "a word of at most {WORD} characters"),
        Kind::Integer(low, high) => words!("{low} 到 {high} 的整数", "a whole number from {low} to {high}"),
        Kind::Number(low, high) => words!("{low} 到 {high} 的数", "a number from {low} to {high}"),
        Kind::OneOf(known) => {
            let list = known.join(", ");
            words!("{list} 之一", "one of {list}")
        }
        Kind::Date => text("YYYY-MM-DD 的日期，如 2020-12-31", "a date YYYY-MM-DD, such as 2020-12-31"),
        Kind::Box => text("西,南,东,北 四个度数，如 118.1,28.3,119.4,29.4", "west,south,east,north in degrees, such as 118.1,28.3,119.4,29.4"),
    })
}

fn corners(value: &str) -> Option<[f64; 4]> {
    let numbers: Vec<f64> = value.split(',').map(|v| v.trim().parse().ok()).collect::<Option<_>>()?;
    let [west, south, east, north] = numbers.try_into().ok()?;
    let inside = (-180.0..=180.0).contains(&west) && (-180.0..=180.0).contains(&east) && south >= -90.0 && north <= 90.0;
    (inside && west <= east && south <= north).then_some([west, south, east, north])
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAKES: &[Param] = &[
        Param::needed("code", Kind::Word, ("地区代码", "place code"), "330803"),
        Param::optional("year", Kind::Integer(1900, 2100), ("年份", "year"), "2020"),
        Param::optional("bbox", Kind::Box, ("范围", "box"), "118,28,119,29"),
        Param::optional("on", Kind::Date, ("日期", "date"), "2020-12-31"),
    ];

    fn checked(query: &[(&str, &str)]) -> Result<(Lang, BTreeMap<&'static str, String>), Vec<String>> {
        fn nothing(_: &Ask<'_>) -> Answer {
            Err(Refusal::no_page())
        }
        let route = Route::page("/x/{code}", ("甲", "a"), TAKES, nothing);
        let given: Vec<(String, String)> = query.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        Ask::check(&route, &given).map_err(|p| p.iter().map(|p| p.code.to_string()).collect())
    }

    #[test]
    fn everything_wrong_is_told_at_once() {
        let told = checked(&[("yaer", "2020"), ("year", "20200"), ("bbox", "1,2,3"), ("on", "2019-02-29"), ("lang", "fr")]).unwrap_err();
        assert_eq!(
            told,
            ["web.unknown_parameter", "web.bad_parameter", "web.bad_parameter", "web.bad_parameter", "web.bad_parameter", "web.missing_parameter"]
        );
        assert_eq!(checked(&[("code", "1"), ("code", "2")]).unwrap_err(), ["web.doubled_parameter"]);
    }

    #[test]
    fn what_is_right_arrives_and_an_emptied_field_is_no_choice() {
        let (lang, values) = checked(&[("code", "330803"), ("year", ""), ("on", "2020-02-29"), ("lang", "en")]).unwrap();
        assert_eq!(lang, Lang::En);
        assert_eq!(values.into_iter().collect::<Vec<_>>(), [("code", "330803".to_owned()), ("on", "2020-02-29".to_owned())]);
    }

    #[test]
    fn links_keep_the_language_and_are_escaped() {
        assert_eq!(link(Lang::Zh, "/map", &[("place", "330803"), ("q", "")]), "/map?place=330803");
        assert_eq!(link(Lang::En, "/map", &[("q", "江 山&")]), "/map?q=%E6%B1%9F+%E5%B1%B1%26&lang=en");
    }
}
