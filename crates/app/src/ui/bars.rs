//! Bars: pictures in SVG whose lengths are shares of the space they get, so that they are as sharp
//! and their surroundings as legible on a phone as on paper. Every bar has a number beside it.

use liangshan_vocab::Text;

use super::html::Html;

/// A stretch of a bar.
pub(crate) struct Piece {
    /// Where it begins, as a share of the width.
    pub(crate) from: f64,
    /// How long it is.
    pub(crate) share: f64,
    /// Its class, which gives it its colour.
    pub(crate) class: String,
    /// What it is, read on hovering and by screen readers.
    pub(crate) says: Text,
}

/// Pieces laid end to end. `of` is what the full width stands for; what is not above zero is left out.
pub(crate) fn end_to_end(of: f64, pieces: impl IntoIterator<Item = (f64, String, Text)>) -> Vec<Piece> {
    let mut from = 0.0;
    pieces
        .into_iter()
        .filter(|(value, ..)| *value > 0.0 && of > 0.0)
        .map(|(value, class, says)| {
            let piece = Piece { from, share: value / of, class, says };
            from += piece.share;
            piece
        })
        .collect()
}

/// Draws a bar of one line. `alt` says what it shows to who cannot see it.
pub(crate) fn bar(h: &mut Html, alt: &Text, pieces: &[Piece]) {
    marked(h, alt, pieces, &[]);
}

/// A bar with upright marks at shares of the width.
pub(crate) fn marked(h: &mut Html, alt: &Text, pieces: &[Piece], marks: &[f64]) {
    let alt = h.said(alt);
    h.with("svg.bar", &[("role", "img"), ("aria-label", &alt), ("width", "100%"), ("height", "16")], |h| {
        for mark in marks {
            let x = share(*mark);
            h.with("line.mark", &[("x1", &x), ("x2", &x), ("y1", "0"), ("y2", "100%")], |_| {});
        }
        for piece in pieces {
            let (x, width) = (share(piece.from), share(piece.share));
            let class = format!("rect.{}", piece.class);
            h.with(&class, &[("x", &x), ("y", "0"), ("width", &width), ("height", "100%")], |h| {
                let says = h.said(&piece.says);
                h.el("title", |h| h.text(&says));
            });
        }
    });
}

fn share(of_width: f64) -> String {
    format!("{:.3}%", of_width * 100.0)
}

/// A key of colours: class and words.
pub(crate) fn key<'a>(h: &mut Html, entries: impl IntoIterator<Item = (&'a str, Text)>) {
    h.el("ul.key", |h| {
        for (class, words) in entries {
            h.el("li", |h| {
                let swatch = format!("i.swatch.{class}");
                h.el(&swatch, |_| {});
                h.say(&words);
            });
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: 1, 2 and 1 of 4 begin at 0, a quarter and three quarters.
    #[test]
    fn pieces_follow_each_other() {
        let made = end_to_end(4.0, [1.0, 2.0, 0.0, 1.0].map(|v| (v, "c".to_owned(), Text::default())));
        assert_eq!(made.iter().map(|p| (p.from, p.share)).collect::<Vec<_>>(), [(0.0, 0.25), (0.25, 0.5), (0.75, 0.25)]);
    }
}
