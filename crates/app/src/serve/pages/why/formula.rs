//! Formulas as MathML, which browsers draw without a script. Understood is the LaTeX that
//! `atlas::formulas` is written in: names, numbers, Greek letters, fractions, sums, cases, indices.

use crate::ui::html::Html;

/// A formula taken apart.
#[derive(Debug, Clone, PartialEq)]
enum Node {
    /// A name: one letter is drawn slanted, several upright.
    Name(String),
    Number(String),
    Sign(&'static str),
    Space,
    Row(Vec<Node>),
    Fraction(Box<Node>, Box<Node>),
    /// Base, index, exponent.
    Script(Box<Node>, Option<Box<Node>>, Option<Box<Node>>),
    /// Lines of a case distinction, each with its cells.
    Cases(Vec<Vec<Node>>),
}

/// Commands that stand for a sign.
const SIGNS: &[(&str, &str)] = &[("sum", "∑"), ("times", "×"), ("le", "≤"), ("ge", "≥"), ("cdot", "·"), ("min", "min"), ("max", "max")];
/// Commands that stand for a letter.
const LETTERS: &[(&str, &str)] = &[("alpha", "α"), ("beta", "β"), ("gamma", "γ"), ("lambda", "λ"), ("rho", "ρ"), ("theta", "θ"), ("Delta", "Δ")];

/// Draws a formula. False, and nothing drawn, where it holds something that is not understood.
pub(super) fn draw(h: &mut Html, latex: &str) -> bool {
    let mut reader = Reader { rest: latex };
    let Some(row) = reader.row(&[]).filter(|_| reader.rest.is_empty()) else { return false };
    h.with("math", &[("display", "block"), ("xmlns", "http://www.w3.org/1998/Math/MathML")], |h| write(h, &Node::Row(row)));
    true
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn take(&mut self, what: &str) -> bool {
        self.rest.strip_prefix(what).map(|rest| self.rest = rest).is_some()
    }

    /// Nodes up to one of `ends`, which is left standing, or to the end of the text.
    fn row(&mut self, ends: &[&str]) -> Option<Vec<Node>> {
        let mut out = Vec::new();
        loop {
            self.rest = self.rest.trim_start();
            if self.rest.is_empty() || ends.iter().any(|end| self.rest.starts_with(end)) {
                return Some(out);
            }
            let node = self.atom()?;
            out.push(self.scripts(node)?);
        }
    }

    /// Indices and exponents behind a node.
    fn scripts(&mut self, base: Node) -> Option<Node> {
        let (mut index, mut exponent) = (None, None);
        loop {
            if self.take("_") {
                index = Some(Box::new(self.argument()?));
            } else if self.take("^") {
                exponent = Some(Box::new(self.argument()?));
            } else if index.is_none() && exponent.is_none() {
                return Some(base);
            } else {
                return Some(Node::Script(Box::new(base), index, exponent));
            }
        }
    }

    /// What stands in braces, or one letter, digit or command.
    fn argument(&mut self) -> Option<Node> {
        self.rest = self.rest.trim_start();
        if self.take("{") {
            let row = self.row(&["}"])?;
            return self.take("}").then_some(Node::Row(row));
        }
        let first = self.rest.chars().next()?;
        if first.is_ascii_alphanumeric() {
            self.rest = &self.rest[1..];
            return Some(if first.is_ascii_digit() { Node::Number(first.to_string()) } else { Node::Name(first.to_string()) });
        }
        self.atom()
    }

    fn atom(&mut self) -> Option<Node> {
        let first = self.rest.chars().next()?;
        if first == '\\' {
            return self.command();
        }
        if self.take("{") {
            let row = self.row(&["}"])?;
            return self.take("}").then_some(Node::Row(row));
        }
        if first.is_ascii_digit() {
            let end = self.rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(self.rest.len());
            let (number, rest) = self.rest.split_at(end);
            self.rest = rest;
            return Some(Node::Number(number.to_owned()));
        }
        if first.is_ascii_alphabetic() {
            let end = self.rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(self.rest.len());
            let (name, rest) = self.rest.split_at(end);
            self.rest = rest;
            return Some(Node::Name(name.to_owned()));
        }
        let sign = ["+", "=", "(", ")", "[", "]", ",", "/", "<", ">"].into_iter().find(|s| self.rest.starts_with(s));
        if let Some(sign) = sign {
            self.take(sign);
            return Some(Node::Sign(sign));
        }
        self.take("-").then_some(Node::Sign("−"))
    }

    fn command(&mut self) -> Option<Node> {
        self.take("\\");
        if self.take(",") || self.take(";") || self.take(" ") {
            return Some(Node::Space);
        }
        let end = self.rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest;
        match name {
            "quad" => Some(Node::Space),
            "left" | "right" => self.atom(),
            "frac" => Some(Node::Fraction(Box::new(self.argument()?), Box::new(self.argument()?))),
            "begin" => self.take("{cases}").then(|| self.cases()).flatten(),
            _ => {
                LETTERS.iter().find(|l| l.0 == name).map(|l| Node::Name(l.1.to_owned())).or_else(|| SIGNS.iter().find(|s| s.0 == name).map(|s| Node::Sign(s.1)))
            }
        }
    }

    fn cases(&mut self) -> Option<Node> {
        let mut lines = vec![Vec::new()];
        loop {
            let cell = self.row(&["&", "\\\\", "\\end{cases}"])?;
            lines.last_mut()?.push(Node::Row(cell));
            if self.take("\\end{cases}") {
                return Some(Node::Cases(lines));
            }
            if self.take("\\\\") {
                lines.push(Vec::new());
            } else if !self.take("&") {
                return None;
            }
        }
    }
}

fn write(h: &mut Html, node: &Node) {
    match node {
        Node::Name(name) => h.el("mi", |h| h.text(name)),
        Node::Number(number) => h.el("mn", |h| h.text(number)),
        // Brackets stay as high as the letters beside them, not as the sums.
        Node::Sign(sign) if matches!(*sign, "(" | ")" | "[" | "]") => h.with("mo", &[("stretchy", "false")], |h| h.text(sign)),
        Node::Sign(sign) => h.el("mo", |h| h.text(sign)),
        Node::Space => h.with("mspace", &[("width", "0.35em")], |_| {}),
        Node::Row(nodes) => h.el("mrow", |h| nodes.iter().for_each(|n| write(h, n))),
        Node::Fraction(above, below) => h.el("mfrac", |h| {
            write(h, above);
            write(h, below);
        }),
        Node::Script(base, index, exponent) => {
            let under = **base == Node::Sign("∑");
            let tag = match (index, exponent) {
                (Some(_), Some(_)) => "msubsup",
                (Some(_), None) if under => "munder",
                (Some(_), None) => "msub",
                _ => "msup",
            };
            h.el(tag, |h| {
                write(h, base);
                index.iter().chain(exponent).for_each(|n| write(h, n));
            });
        }
        Node::Cases(lines) => h.el("mrow", |h| {
            h.el("mo", |h| h.text("{"));
            h.with("mtable", &[("columnalign", "left left")], |h| {
                for line in lines {
                    h.el("mtr", |h| line.iter().for_each(|cell| h.el("mtd", |h| write(h, cell))));
                }
            });
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use liangshan_accounts::catalogue::CATALOGUE;
    use liangshan_atlas::formulas;

    fn drawn(latex: &str) -> String {
        let mut h = Html::default();
        assert!(draw(&mut h, latex), "{latex}");
        let out = h.finish();
        out[out.find('>').unwrap() + 1..out.len() - 7].to_owned()
    }

    /// By hand, from the elements of MathML Core.
    #[test]
    fn parts_become_elements() {
        assert_eq!(drawn("V=Q\\,p"), "<mrow><mi>V</mi><mo>=</mo><mi>Q</mi><mspace width=\"0.35em\"></mspace><mi>p</mi></mrow>");
        assert_eq!(drawn(r"\frac{44}{12}"), "<mrow><mfrac><mrow><mn>44</mn></mrow><mrow><mn>12</mn></mrow></mfrac></mrow>");
        assert_eq!(drawn("A_sH"), "<mrow><msub><mi>A</mi><mi>s</mi></msub><mi>H</mi></mrow>");
        assert_eq!(drawn(r"\sum_i x_i^2"), "<mrow><munder><mo>∑</mo><mi>i</mi></munder><msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup></mrow>");
        assert!(drawn(r"Q=\begin{cases}E&c\le 1\\C&c>1\end{cases}").contains("<mtr><mtd><mrow><mi>E</mi></mrow></mtd><mtd><mrow><mi>c</mi><mo>≤</mo>"));
    }

    #[test]
    fn what_is_not_understood_is_not_half_drawn() {
        for latex in [r"\unknown", r"\frac{1", "a}b", r"\begin{cases}a"] {
            let mut h = Html::default();
            assert!(!draw(&mut h, latex), "{latex}");
            assert_eq!(h.finish(), "");
        }
    }

    /// Every formula of the catalogue is drawn, and so are those of sums and of the total.
    #[test]
    fn all_formulas_are_understood() {
        let dotted = ["tourism_health.spending", "tourism_health.time", "tourism_health.consumer_surplus"];
        for id in CATALOGUE.iter().map(|i| i.id).chain(dotted) {
            drawn(formulas::of(id).1);
        }
        drawn(r"GEP=\sum_k V_k-D");
        drawn("Q=0");
    }
}
