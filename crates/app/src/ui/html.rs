//! A writer of HTML: every word is escaped and every tag is closed, because there is no other way to
//! write one.

use liangshan_vocab::{Lang, Text};

/// A page, or a part of one, being written.
#[derive(Default)]
pub(crate) struct Html {
    out: String,
    only: Option<Lang>,
}

impl Html {
    /// A page in one language: of words in both, only that one is written.
    #[cfg_attr(not(feature = "serve"), allow(dead_code))]
    pub(crate) fn speaking(lang: Lang) -> Self {
        Self { out: String::new(), only: Some(lang) }
    }

    /// The language of a page in one language; Chinese, which comes first, of one in both.
    #[cfg_attr(not(feature = "serve"), allow(dead_code))]
    pub(crate) fn lang(&self) -> Lang {
        self.only.unwrap_or_default()
    }

    /// The languages to write.
    fn spoken(&self) -> &'static [Lang] {
        match self.only {
            None => &[Lang::Zh, Lang::En],
            Some(Lang::Zh) => &[Lang::Zh],
            Some(Lang::En) => &[Lang::En],
        }
    }

    /// An element. `name` is a tag with its classes, `td.number.total`; what `inside` writes is its
    /// content.
    pub(crate) fn el(&mut self, name: &str, inside: impl FnOnce(&mut Self)) {
        self.with(name, &[], inside);
    }

    /// An element with attributes besides its classes.
    pub(crate) fn with(&mut self, name: &str, attributes: &[(&str, &str)], inside: impl FnOnce(&mut Self)) {
        let tag = self.begin(name, attributes);
        inside(self);
        self.out.push_str("</");
        self.out.push_str(tag);
        self.out.push('>');
    }

    /// An element that HTML never closes: `img`, `meta`, `col`, `br`.
    pub(crate) fn void(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.begin(name, attributes);
    }

    fn begin<'a>(&mut self, name: &'a str, attributes: &[(&str, &str)]) -> &'a str {
        let (tag, classes) = name.split_once('.').unwrap_or((name, ""));
        assert!(!tag.is_empty() && tag.bytes().all(|b| b.is_ascii_alphanumeric()), "{name} is not a tag");
        self.out.push('<');
        self.out.push_str(tag);
        if !classes.is_empty() {
            self.attribute("class", &classes.replace('.', " "));
        }
        for (key, value) in attributes {
            self.attribute(key, value);
        }
        self.out.push('>');
        tag
    }

    fn attribute(&mut self, key: &str, value: &str) {
        assert!(!key.starts_with("on"), "{key} would be an inline script");
        self.out.push(' ');
        self.out.push_str(key);
        self.out.push_str("=\"");
        self.text(value);
        self.out.push('"');
    }

    /// Words in no particular language: numbers, codes, file names.
    pub(crate) fn text(&mut self, words: &str) {
        for c in words.chars() {
            match c {
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                '&' => self.out.push_str("&amp;"),
                '"' => self.out.push_str("&quot;"),
                '\'' => self.out.push_str("&#39;"),
                c => self.out.push(c),
            }
        }
    }

    /// Words in both languages, of which the page shows one.
    pub(crate) fn say(&mut self, words: &Text) {
        if words.zh == words.en {
            return self.text(&words.zh);
        }
        if let Some(lang) = self.only {
            return self.text(words.get(lang));
        }
        for lang in [Lang::Zh, Lang::En] {
            self.with("span", &[("lang", lang.code())], |h| h.text(words.get(lang)));
        }
    }

    /// Words for an attribute: in the language of the page, or in both.
    pub(crate) fn said(&self, words: &Text) -> String {
        self.only.map_or_else(|| words.to_string(), |lang| words.get(lang).to_owned())
    }

    /// Words in both languages, with more to read on hovering.
    pub(crate) fn say_with(&mut self, words: &Text, hover: &Text) {
        for &lang in self.spoken() {
            self.with("span", &[("lang", lang.code()), ("title", hover.get(lang))], |h| h.text(words.get(lang)));
        }
    }

    /// An element that holds words in both languages.
    pub(crate) fn line(&mut self, name: &str, words: &Text) {
        self.el(name, |h| h.say(words));
    }

    /// Words drawn in a picture: one `text` element for each language.
    pub(crate) fn label(&mut self, class: &str, x: &str, y: &str, words: &Text) {
        for &lang in self.spoken() {
            self.with("text", &[("class", class), ("x", x), ("y", y), ("lang", lang.code())], |h| h.text(words.get(lang)));
        }
    }

    /// A file of ours, as it is: style sheets and scripts.
    pub(crate) fn embed(&mut self, tag: &str, ours: &str) {
        assert!(!ours.contains("</"), "an embedded file would close its element");
        self.begin(tag, &[]);
        self.out.push_str(ours);
        self.out.push_str("</");
        self.out.push_str(tag);
        self.out.push('>');
    }

    /// Data for a script of ours, which no browser runs and which cannot close its element.
    #[cfg_attr(not(feature = "serve"), allow(dead_code))]
    pub(crate) fn data(&mut self, id: &str, json: &str) {
        self.begin("script", &[("type", "application/json"), ("id", id)]);
        self.out.push_str(&json.replace('<', "\\u003c"));
        self.out.push_str("</script>");
    }

    /// What was written.
    pub(crate) fn finish(self) -> String {
        self.out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use liangshan_vocab::text;

    #[test]
    fn every_word_is_escaped_and_every_tag_closed() {
        let mut h = Html::default();
        h.with("td.a.b", &[("title", "\"><script>")], |h| h.say(&text("<甲>", "a & b")));
        assert_eq!(
            h.finish(),
            "<td class=\"a b\" title=\"&quot;&gt;&lt;script&gt;\"><span lang=\"zh\">&lt;甲&gt;</span><span lang=\"en\">a &amp; b</span></td>"
        );
    }

    #[test]
    fn words_alike_in_both_languages_are_written_once() {
        let mut h = Html::default();
        h.say(&Text::same("maps/x.tif"));
        assert_eq!(h.finish(), "maps/x.tif");
    }
}
