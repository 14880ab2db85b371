//! The pictures of a bulletin, in SVG: tiles, lines, bars of shares. A colour is never alone: tiles have
//! numerals, lines have names and dashes, bars have counts on hovering.

use liangshan_atlas::assess::{Lines, Shares, Tile, Tiles};
use liangshan_vocab::{Moment, Text};

use super::{Html, symbols};

/// The width of every picture; it is scaled to the page.
const WIDTH: f64 = 1000.0;
/// Room for names on the left.
const NAMES: f64 = 128.0;
/// Colours of lines, in the order they are given out, with their dashes.
const INKS: [(&str, &str); 6] = [("#1f6f64", "none"), ("#b3403a", "7 3"), ("#2c7fb8", "none"), ("#a87a12", "2 3"), ("#6b5fa8", "9 3 2 3"), ("#5c6461", "4 4")];

fn n(x: f64) -> String {
    let written = format!("{x:.1}");
    written.strip_suffix(".0").map_or(written.clone(), str::to_owned)
}

fn figure(h: &mut Html, class: &str, title: &Text, note: &Text, unit: &str, inside: impl FnOnce(&mut Html)) {
    h.el(class, |h| {
        h.el("figcaption", |h| {
            h.say(title);
            if !unit.is_empty() {
                h.el("span.unit", |h| h.text(&format!(" {}", symbols(unit))));
            }
            h.el("span.lead", |h| h.say(note));
        });
        inside(h);
    });
}

fn svg(h: &mut Html, height: f64, alt: &Text, inside: impl FnOnce(&mut Html)) {
    let view = format!("0 0 {} {}", n(WIDTH), n(height));
    let alt = alt.to_string();
    h.with("svg", &[("viewBox", &view), ("role", "img"), ("aria-label", &alt)], inside);
}

fn legend(h: &mut Html, kinds: &[(String, Text)]) {
    h.el("p.legend", |h| {
        for (colour, words) in kinds {
            h.el("span", |h| {
                h.with("i", &[("style", &format!("background:{colour}"))], |_| {});
                h.say(words);
            });
        }
    });
}

fn words_at(h: &mut Html, class: &str, x: f64, y: f64, said: &str) {
    h.with("text", &[("class", class), ("x", &n(x)), ("y", &n(y))], |h| h.text(said));
}

/// A row of tiles for each place.
pub(super) fn tiles(h: &mut Html, tiles: &Tiles) {
    let (line, gap): (f64, f64) = (19.0, 2.0);
    let columns = tiles.times.len().max(1);
    let across = (WIDTH - NAMES) / columns as f64;
    let below = line * tiles.rows.len() as f64;
    figure(h, "figure.tiles", &tiles.title, &tiles.note, "", |h| {
        svg(h, below + 22.0, &tiles.title, |h| {
            hatch(h);
            for (row, (name, cells)) in tiles.rows.iter().enumerate() {
                let y = line * row as f64;
                words_at(h, "name", NAMES - 8.0, y + 13.5, &shortened(name, 10));
                for (column, tile) in cells.iter().enumerate() {
                    let x = NAMES + across * column as f64;
                    let fill = tile.as_ref().map_or("url(#none)", |t| t.colour.as_str());
                    let wide = (across - gap.min(across * 0.15)).max(0.5);
                    h.with(
                        "rect",
                        &[("x", &n(x)), ("y", &n(y)), ("width", &format!("{wide:.2}")), ("height", &n(line - gap)), ("fill", fill), ("rx", "2")],
                        |h| {
                            let letter = tile.as_ref().map_or("–", |t| t.letter.as_str());
                            h.el("title", |h| h.text(&format!("{name} {} {letter}", tiles.times[column])));
                        },
                    );
                    if let (Some(Tile { letter, colour }), true) = (tile, across >= 17.0) {
                        let class = if is_dark(colour) { "on dark" } else { "on" };
                        words_at(h, class, x + wide / 2.0, y + 13.0, letter);
                    }
                }
            }
            // As many times as there is room for, the first among them.
            let every = (96.0 / across).ceil().max(1.0) as usize;
            for (column, at) in tiles.times.iter().enumerate().step_by(every).filter(|(c, _)| *c == 0 || across * (columns - c) as f64 >= 80.0) {
                words_at(h, "tick start", NAMES + across * column as f64, below + 15.0, at);
            }
        });
        legend(h, &tiles.legend);
    });
}

fn hatch(h: &mut Html) {
    h.el("defs", |h| {
        h.with("pattern", &[("id", "none"), ("width", "5"), ("height", "5"), ("patternUnits", "userSpaceOnUse"), ("patternTransform", "rotate(45)")], |h| {
            h.with("rect", &[("width", "5"), ("height", "5"), ("fill", "#f1efe6")], |_| {});
            h.with("rect", &[("width", "1.6"), ("height", "5"), ("fill", "#cfccbf")], |_| {});
        });
    });
}

fn shortened(name: &str, most: usize) -> String {
    // Wide characters count for one, narrow ones for half.
    let (mut wide, mut out) = (0.0, String::new());
    for c in name.chars() {
        wide += if c.is_ascii() { 0.55 } else { 1.0 };
        if wide > most as f64 {
            out.push('…');
            break;
        }
        out.push(c);
    }
    out
}

/// Is white better read on a colour than ink?
fn is_dark(colour: &str) -> bool {
    let part = |at: usize| colour.get(at..at + 2).and_then(|hex| u32::from_str_radix(hex, 16).ok()).unwrap_or(255);
    299 * part(1) + 587 * part(3) + 114 * part(5) < 150_000
}

/// Round marks for an axis from zero to `most`.
fn marks(most: f64) -> Vec<f64> {
    let step = [1.0, 2.0, 5.0, 10.0].map(|s| s * 10_f64.powf((most / 5.0).log10().floor())).into_iter().find(|s| most / s <= 5.5);
    let step = step.unwrap_or(most.max(1.0));
    (0..=6).map(|i| f64::from(i) * step).take_while(|v| *v <= most * 1.0001).collect()
}

/// Lines over time.
pub(super) fn lines(h: &mut Html, lines: &Lines) {
    // Names of bands stand outside on the right.
    let right = if lines.bands.is_empty() { 8.0 } else { 92.0 };
    let (left, top, height, below) = (52.0, 8.0, 170.0, 22.0);
    let points = || lines.lines.iter().flat_map(|l| &l.1);
    let (first, last) = (points().map(|p| p.0).fold(f64::INFINITY, f64::min), points().map(|p| p.0).fold(f64::NEG_INFINITY, f64::max));
    if !first.is_finite() {
        return;
    }
    let highest = points().map(|p| p.1).fold(0.0, f64::max);
    let wanted = lines.limits.iter().map(|l| l.0).filter(|l| *l <= highest * 3.0).fold(highest, f64::max);
    let most = if wanted > 0.0 { wanted * 1.08 } else { 1.0 };
    let span = if last > first { last - first } else { 1.0 };
    let x = |day: f64| left + (day - first) / span * (WIDTH - left - right);
    let y = |value: f64| top + height - value / most * height;
    figure(h, "figure.lines", &lines.title, &lines.note, &lines.unit, |h| {
        svg(h, top + height + below, &lines.title, |h| {
            let mut from = 0.0;
            for (upper, colour, words) in &lines.bands {
                if from >= most {
                    break;
                }
                let to = upper.min(most);
                h.with(
                    "rect.band",
                    &[("x", &n(left)), ("y", &n(y(to))), ("width", &n(WIDTH - left - right)), ("height", &n(y(from) - y(to))), ("fill", colour)],
                    |h| {
                        let said = words.to_string();
                        h.el("title", |h| h.text(&said));
                    },
                );
                if y(from) - y(to) > 11.0 {
                    h.label("tick start", &n(WIDTH - right + 7.0), &n((y(to) + y(from)) / 2.0 + 4.0), words);
                }
                from = *upper;
            }
            let scale = marks(most);
            for mark in &scale {
                h.with("line.grid", &[("x1", &n(left)), ("x2", &n(WIDTH - right)), ("y1", &n(y(*mark))), ("y2", &n(y(*mark)))], |_| {});
                words_at(h, "tick end", left - 6.0, y(*mark) + 4.0, &plain(*mark));
            }
            for (limit, words) in lines.limits.iter().filter(|l| l.0 <= most) {
                h.with("line.limit", &[("x1", &n(left)), ("x2", &n(WIDTH - right)), ("y1", &n(y(*limit))), ("y2", &n(y(*limit)))], |_| {});
                let said = Text::of(format!("{} {}", words.zh, plain(*limit)), format!("{} {}", words.en, plain(*limit)));
                h.label("tick end strong", &n(WIDTH - right - 5.0), &n(y(*limit) - 4.0), &said);
            }
            for (at, said) in days(first, last) {
                words_at(h, "tick", x(at).clamp(left + 20.0, WIDTH - 30.0), top + height + 16.0, &said);
            }
            for (at, (name, points)) in lines.lines.iter().enumerate() {
                let (ink, dash) = INKS[at % INKS.len()];
                let path = path(points, lines.gap_d, x, y);
                h.with("path.line", &[("d", &path), ("stroke", ink), ("stroke-dasharray", dash)], |h| h.el("title", |h| h.text(name)));
                // Points that no line reaches.
                for (i, point) in points.iter().enumerate() {
                    let far = |other: Option<&(f64, f64)>| other.is_none_or(|o| (o.0 - point.0).abs() > lines.gap_d);
                    if far(i.checked_sub(1).and_then(|p| points.get(p))) && far(points.get(i + 1)) {
                        h.with("circle", &[("cx", &n(x(point.0))), ("cy", &n(y(point.1))), ("r", "2"), ("fill", ink)], |_| {});
                    }
                }
            }
        });
        h.el("p.legend", |h| {
            for (at, (name, _)) in lines.lines.iter().enumerate() {
                let (ink, dash) = INKS[at % INKS.len()];
                h.el("span", |h| {
                    h.with("svg.key", &[("viewBox", "0 0 26 8"), ("aria-hidden", "true")], |h| {
                        h.with("path.line", &[("d", "M0 4H26"), ("stroke", ink), ("stroke-dasharray", dash)], |_| {});
                    });
                    h.text(name);
                });
            }
        });
    });
}

fn path(points: &[(f64, f64)], gap: f64, x: impl Fn(f64) -> f64, y: impl Fn(f64) -> f64) -> String {
    let mut out = String::new();
    let mut before = f64::NEG_INFINITY;
    for (at, value) in points {
        out.push(if at - before > gap { 'M' } else { 'L' });
        out.push_str(&format!("{} {}", n(x(*at)), n(y(*value))));
        before = *at;
    }
    out
}

/// A number with no more digits than it needs.
fn plain(value: f64) -> String {
    let written = format!("{value:.4}");
    let short = written.trim_end_matches('0').trim_end_matches('.');
    if short.is_empty() { "0".to_owned() } else { short.to_owned() }
}

/// Days since 1970 as year, month and day.
fn date(days: i64) -> (i64, i64, i64) {
    let written = Moment(days.saturating_mul(86_400_000_000)).day();
    let mut parts = written.rsplitn(3, '-').map(|part| part.parse().unwrap_or(0));
    let (day, month, year) = (parts.next().unwrap_or(0), parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    (year, month, day)
}

/// Marks of the axis of time: days, months or years.
fn days(first: f64, last: f64) -> Vec<(f64, String)> {
    let (from, to) = (first.floor() as i64, last.ceil() as i64);
    let span = to - from;
    let all = (from..=to).map(|day| (day, date(day)));
    let keep = |(day, (y, m, d)): (i64, (i64, i64, i64))| -> Option<(f64, String)> {
        let said = match span {
            ..=45 if (day - from) % (span / 11 + 1) == 0 => format!("{m:02}-{d:02}"),
            46..=900 if d == 1 && (m - 1) % (span / 330 + 1) == 0 => format!("{y}-{m:02}"),
            901.. if d == 1 && m == 1 && y % (span / 4000 + 1) == 0 => y.to_string(),
            _ => return None,
        };
        Some((day as f64, said))
    };
    all.filter_map(keep).filter(|(at, _)| *at >= first - 0.5 && *at <= last + 0.5).collect()
}

/// Bars of shares.
pub(super) fn shares(h: &mut Html, shares: &Shares) {
    let (left, height, below) = (52.0, 120.0, 22.0);
    let across = (WIDTH - left) / shares.bars.len().max(1) as f64;
    let wide = (across * 0.78).min(54.0);
    figure(h, "figure.lines", &shares.title, &shares.note, "", |h| {
        svg(h, height + below + 4.0, &shares.title, |h| {
            for (percent, at) in [(0, height), (50, height / 2.0), (100, 0.0)] {
                h.with("line.grid", &[("x1", &n(left)), ("x2", &n(WIDTH)), ("y1", &n(at + 2.0)), ("y2", &n(at + 2.0))], |_| {});
                words_at(h, "tick end", left - 6.0, (at + 6.0).max(10.0), &format!("{percent}%"));
            }
            let every = (58.0 / across).ceil().max(1.0) as usize;
            for (bar, (name, counts)) in shares.bars.iter().enumerate() {
                let middle = left + across * (bar as f64 + 0.5);
                let total: u32 = counts.iter().sum();
                let mut from = height;
                for (count, (colour, words)) in counts.iter().zip(&shares.kinds) {
                    let tall = if total > 0 { f64::from(*count) / f64::from(total) * height } else { 0.0 };
                    if *count > 0 {
                        h.with(
                            "rect.share",
                            &[("x", &n(middle - wide / 2.0)), ("y", &n(from - tall + 2.0)), ("width", &n(wide)), ("height", &n(tall)), ("fill", colour)],
                            |h| {
                                let said = format!("{name} {words} {count}");
                                h.el("title", |h| h.text(&said));
                            },
                        );
                        if tall >= 13.0 && wide >= 18.0 {
                            words_at(h, if is_dark(colour) { "on dark" } else { "on" }, middle, from - tall / 2.0 + 6.0, &count.to_string());
                        }
                    }
                    from -= tall;
                }
                if bar % every == 0 {
                    words_at(h, "tick", middle, height + 18.0, name);
                }
            }
        });
        legend(h, &shares.kinds);
    });
}

#[cfg(test)]
mod tests {
    use super::{date, days, is_dark, marks};

    #[test]
    fn axes() {
        assert_eq!(date(0), (1970, 1, 1));
        // By the calendar: 2020-02-29 is day 18321 of the Unix count.
        assert_eq!((date(18_321), date(18_322)), ((2020, 2, 29), (2020, 3, 1)));
        assert_eq!(marks(0.27), [0.0, 0.05, 0.1, 3.0 * 0.05, 0.2, 0.25]);
        assert_eq!(marks(160.0).len(), 4);
        let fortnight = days(18_321.3, 18_335.0);
        assert!(fortnight.len() >= 5 && fortnight.iter().all(|(_, said)| said.len() == 5), "{fortnight:?}");
        assert!(days(18_321.0, 18_321.0 + 760.0).iter().all(|(_, said)| said.ends_with("-01") || said.len() == 7));
        assert!(is_dark("#6e1d25") && !is_dark("#ffff00"));
    }
}
