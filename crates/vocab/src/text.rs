//! Words in both languages, declared together so that neither is forgotten.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

/// The language a person reads: Chinese first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// 中文, the default.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// `zh` or `en`, as on the command line and in files.
    pub fn code(self) -> &'static str {
        match self {
            Lang::Zh => "zh",
            Lang::En => "en",
        }
    }
}

/// One meaning in Chinese and English.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Text {
    /// Chinese.
    pub zh: Cow<'static, str>,
    /// English.
    pub en: Cow<'static, str>,
}

/// A [`Text`] that is known when the program is written.
pub const fn text(zh: &'static str, en: &'static str) -> Text {
    Text { zh: Cow::Borrowed(zh), en: Cow::Borrowed(en) }
}

impl Text {
    /// A text made at run time; [`crate::words!`] is the shorter way to write one.
    pub fn of(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: Cow::Owned(zh.into()), en: Cow::Owned(en.into()) }
    }

    /// The same characters in both languages: a file name, a code, a formula.
    pub fn same(both: impl Into<String>) -> Self {
        let both = both.into();
        Self { zh: Cow::Owned(both.clone()), en: Cow::Owned(both) }
    }

    /// The words in one language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }

    /// True when neither language says anything.
    pub fn is_empty(&self) -> bool {
        self.zh.is_empty() && self.en.is_empty()
    }
}

impl fmt::Display for Text {
    /// Chinese, then English after a slash where they differ.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.zh == self.en { f.write_str(&self.zh) } else { write!(f, "{} / {}", self.zh, self.en) }
    }
}

/// Formats both languages at once, with captured names: `words!("第 {row} 行", "row {row}")`.
#[macro_export]
macro_rules! words {
    ($zh:literal, $en:literal $(, $arg:expr)* $(,)?) => {
        $crate::Text::of(format!($zh $(, $arg)*), format!($en $(, $arg)*))
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_capture_names_in_both_languages() {
        let row = 7;
        let said = words!("第 {row} 行", "row {row}");
        assert_eq!((said.get(Lang::Zh), said.get(Lang::En)), ("第 7 行", "row 7"));
        assert_eq!(said.to_string(), "第 7 行 / row 7");
    }
}
