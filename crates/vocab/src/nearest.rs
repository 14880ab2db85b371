//! The nearest known word to a misspelt one, for an error that teaches.

/// The known word most like `word`, if one is close enough to be worth suggesting (Jaro-Winkler
/// similarity of at least 0.75).
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    known
        .into_iter()
        .map(|k| (strsim::jaro_winkler(&word, &k.to_lowercase()), k))
        .filter(|(score, _)| *score >= 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, k)| k)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_finds_its_word_and_nonsense_finds_none() {
        let known = ["title_zh", "title_en", "origin", "licence"];
        assert_eq!(nearest("lisence", known), Some("licence"));
        assert_eq!(nearest("tittle_zh", known), Some("title_zh"));
        assert_eq!(nearest("qqq", known), None);
    }
}
