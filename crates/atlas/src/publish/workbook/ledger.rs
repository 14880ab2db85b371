//! The atoms as a sheet for each year, and what the tables above them need to find.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use liangshan_accounts::account::{ALL, Account, Row, Total};
use liangshan_accounts::atom::{Atom, UnitPrice};
use liangshan_accounts::catalogue::{self, Class};
use liangshan_accounts::valuation::value;
use liangshan_formats::workbook::{Cell, NumberFormat, Sheet};
use liangshan_vocab::{Fen, Text, words};
use rust_decimal::Decimal;

use super::exact::{Exact, at, double};
use super::{ATOM_COLUMNS, Draft, HEADS, over};
use crate::book::Book;
use crate::ground::UNALLOCATED;

/// Columns of the atoms sheet that others refer to.
pub(super) const TYPE: u16 = 2;
pub(super) const QUANTITY: u16 = 6;
const PRICE: u16 = 8;
pub(super) const VALUE: u16 = 12;
const BASE_PRICE: u16 = 13;
pub(super) const COMPARABLE: u16 = 14;

/// The account, with its rows and atoms where they can be found.
pub(super) struct Ledger<'a> {
    pub(super) book: &'a Book,
    pub(super) account: &'a Account,
    /// Codes of the counties.
    pub(super) counties: Vec<&'a str>,
    /// Code of the whole.
    pub(super) whole: &'a str,
    pub(super) years: Vec<Year<'a>>,
    /// The year whose prices are the comparable ones: the first.
    pub(super) base: i32,
    rows: HashMap<(i32, &'a str, &'a str, &'a str), &'a Row>,
}

/// One year.
pub(super) struct Year<'a> {
    pub(super) year: i32,
    /// Atoms in the order of the sheet: indicator, county, type.
    pub(super) atoms: Vec<Entry<'a>>,
    /// Lines of every table, in the account's order.
    pub(super) lines: Vec<Line<'a>>,
    /// Rows of the atoms sheet of an indicator.
    blocks: BTreeMap<&'a str, (u32, u32)>,
    /// Rows of the atoms sheet of an indicator and a county.
    places: BTreeMap<(&'a str, &'a str), (u32, u32)>,
}

/// An atom with its price in the base year.
pub(super) struct Entry<'a> {
    pub(super) atom: &'a Atom,
    base: Option<Decimal>,
    /// The value at that price.
    pub(super) comparable: Option<Fen>,
}

/// An indicator as a line of the tables.
#[derive(Clone)]
pub(super) struct Line<'a> {
    pub(super) id: &'a str,
    pub(super) class: Class,
    pub(super) title: Text,
    /// The outermost indicator it is part of, itself where it is none's.
    pub(super) service: Text,
    /// How deep below it.
    pub(super) depth: usize,
    /// True when its atoms have prices: a term of the total.
    pub(super) valued: bool,
    /// True when it has atoms.
    pub(super) own: bool,
    /// Lines with atoms of their own that it is the whole of.
    pub(super) parts: Vec<usize>,
}

impl<'a> Ledger<'a> {
    pub(super) fn of(book: &'a Book) -> Self {
        let account = &book.assembled.account;
        let places = &book.prepared.places;
        let base = account.years.iter().copied().min().unwrap_or_default();
        let rows = account.rows.iter().map(|r| ((r.year, r.place.as_str(), r.ecosystem.as_str(), r.indicator.as_str()), r)).collect();
        let mut ledger =
            Self { book, account, counties: places.counties.iter().map(|c| c.code.as_str()).collect(), whole: &places.whole, years: Vec::new(), base, rows };
        let prices = BasePrices::of(&book.assembled.atoms, base);
        ledger.years = account.years.iter().map(|year| ledger.year(*year, &prices)).collect();
        ledger
    }

    pub(super) fn row(&self, year: i32, place: &str, ecosystem: &str, indicator: &str) -> Option<&'a Row> {
        self.rows.get(&(year, place, ecosystem, indicator)).copied()
    }

    pub(super) fn total(&self, year: i32, place: &str, ecosystem: &str) -> Option<&'a Total> {
        self.account.total(year, place, ecosystem)
    }

    pub(super) fn place_name(&self, code: &str) -> Text {
        self.book.prepared.places.name(code).cloned().unwrap_or_else(|| Text::same(code))
    }

    pub(super) fn type_name(&self, id: &str) -> Text {
        let known = self.book.prepared.classes.types.iter().find(|t| t.id == id).map(|t| t.name.clone());
        known.unwrap_or_else(|| if id == UNALLOCATED { Text::of("未分配", "unallocated") } else { Text::same(id) })
    }

    /// What an indicator is called; a dotted part by its own name.
    pub(super) fn title(&self, id: &str) -> Text {
        let part = self.book.assembled.names.get(id).filter(|name| !name.is_empty());
        part.cloned().or_else(|| catalogue::indicator(id).map(|i| i.title.clone())).unwrap_or_else(|| Text::same(id))
    }

    fn year(&self, year: i32, prices: &BasePrices<'a>) -> Year<'a> {
        let order = |list: &[&str], id: &str| list.iter().position(|known| *known == id).unwrap_or(list.len());
        let types: Vec<&str> = self.account.ecosystems.iter().map(String::as_str).collect();
        let mut atoms: Vec<&Atom> = self.book.assembled.atoms.iter().filter(|a| a.year == year).collect();
        atoms.sort_by_cached_key(|a| (catalogue::rank(&a.indicator), order(&self.counties, &a.place), order(&types, &a.ecosystem)));
        let (mut blocks, mut places) = (BTreeMap::new(), BTreeMap::new());
        for (row, atom) in (HEADS..).zip(&atoms) {
            blocks.entry(atom.indicator.as_str()).or_insert((row, row)).1 = row;
            places.entry((atom.indicator.as_str(), atom.place.as_str())).or_insert((row, row)).1 = row;
        }
        let entries = atoms.iter().map(|atom| {
            let base = if year == self.base { atom.price.as_ref().map(|p| p.value) } else { prices.of_atom(atom) };
            let comparable = base.and_then(|price| value(&atom.quantity, &price).ok());
            Entry { atom, base: base.filter(|_| comparable.is_some()), comparable }
        });
        Year { year, atoms: entries.collect(), lines: self.lines(year, &atoms), blocks, places }
    }

    /// The rows of the whole region over all types, as lines.
    fn lines(&self, year: i32, atoms: &[&Atom]) -> Vec<Line<'a>> {
        let own: BTreeSet<&str> = atoms.iter().map(|a| a.indicator.as_str()).collect();
        let valued: BTreeSet<&str> = atoms.iter().filter(|a| a.price.is_some()).map(|a| a.indicator.as_str()).collect();
        let ids: Vec<&Row> = self.account.rows.iter().filter(|r| r.year == year && r.place == self.whole && r.ecosystem == ALL).collect();
        ids.iter()
            .map(|row| {
                let id = row.indicator.as_str();
                let above: Vec<&str> = std::iter::successors(catalogue::parent(id), |above| catalogue::parent(above)).collect();
                let parts = ids.iter().enumerate().filter(|(_, part)| {
                    let part = part.indicator.as_str();
                    part != id && own.contains(part) && catalogue::is_within(part, id)
                });
                Line {
                    id,
                    class: row.class,
                    title: self.title(id),
                    service: self.title(above.last().copied().unwrap_or(id)),
                    depth: above.len(),
                    valued: valued.contains(id),
                    own: own.contains(id),
                    parts: parts.map(|(i, _)| i).collect(),
                }
            })
            .collect()
    }

    /// The sheet of a year's atoms.
    pub(super) fn atoms(&self, year: &Year<'_>, exact: &Exact) -> Sheet {
        let mut draft = Draft::new(
            year.sheet(),
            &words!("{} 年原子", "atoms of {}", year.year),
            &Text::of(
                "价值 = ROUND(实物量 × 单价, 2)；账户的一切合计都是这些行的和。带批注的数值是双精度算不准末位之处。",
                "value = ROUND(quantity × price, 2); every total is a sum of these rows. A number with a note is one whose last digit doubles cannot give.",
            ),
        );
        draft.heads(ATOM_COLUMNS.iter().map(|(zh, en, _, _, width)| (over(zh, en), *width)));
        for entry in &year.atoms {
            let row = draft.next();
            draft.push(self.atom(entry, row, exact));
        }
        draft.done(6, true)
    }

    fn atom(&self, entry: &Entry<'_>, row: u32, exact: &Exact) -> Vec<Cell> {
        let atom = entry.atom;
        let said = |text: &str| Cell::text(text);
        let price = |value: Decimal| Cell::number(value.to_string().parse().unwrap_or_default());
        let product = |value: Fen, of: Decimal, column: u16| exact.product((&at(row, QUANTITY), &at(row, column)), atom.quantity, of, value);
        let applied: Option<&UnitPrice> = atom.price.as_ref();
        vec![
            said(&atom.place).format(NumberFormat::Text),
            said(&self.place_name(&atom.place).zh),
            said(&atom.ecosystem),
            said(&self.type_name(&atom.ecosystem).zh),
            said(&atom.indicator),
            said(&self.title(&atom.indicator).zh),
            Cell::number(double(atom.quantity)).format(NumberFormat::Decimals(atom.quantity.decimals)),
            said(&atom.unit),
            applied.map_or_else(Cell::default, |p| price(p.value)),
            said(applied.map_or("", |p| &p.unit)),
            applied.map_or_else(Cell::default, |p| Cell::number(f64::from(p.year)).format(NumberFormat::Whole)),
            said(applied.map_or("", |p| &p.id)),
            applied.map_or_else(Cell::default, |p| product(atom.value, p.value, PRICE)),
            entry.base.map_or_else(Cell::default, price),
            entry.base.zip(entry.comparable).map_or_else(Cell::default, |(base, value)| product(value, base, BASE_PRICE)),
            said(atom.evidence.word()),
            said(atom.origin.word()),
            Cell::number(f64::from(atom.year)).format(NumberFormat::Whole),
        ]
    }
}

impl<'a> Year<'a> {
    /// The name of its atoms sheet.
    pub(super) fn sheet(&self) -> String {
        format!("原子 {}", self.year)
    }

    /// Rows of the atoms sheet of an indicator.
    pub(super) fn block(&self, indicator: &str) -> Option<(u32, u32)> {
        self.blocks.get(indicator).copied()
    }

    /// Rows of the atoms sheet of an indicator and a county.
    pub(super) fn block_of(&self, indicator: &str, county: &str) -> Option<(u32, u32)> {
        self.places.get(&(indicator, county)).copied()
    }

    /// The atoms of an indicator.
    pub(super) fn of(&self, indicator: &str) -> &[Entry<'a>] {
        let rows = self.block(indicator).map(|(first, last)| (first - HEADS) as usize..=(last - HEADS) as usize);
        rows.and_then(|rows| self.atoms.get(rows)).unwrap_or_default()
    }

    /// What the atoms of a valued line come to, of one type or of all.
    pub(super) fn sum(&self, indicator: &str, ecosystem: Option<&str>) -> Fen {
        self.of(indicator).iter().filter(|e| ecosystem.is_none_or(|t| t == e.atom.ecosystem)).map(|e| e.atom.value).sum()
    }

    /// What a valued line comes to at the prices of the base year; none where an atom has no such price.
    pub(super) fn at_base(&self, indicator: &str) -> Option<Fen> {
        self.of(indicator).iter().map(|e| e.comparable).try_fold(Fen(0), |sum, value| Some(sum + value?))
    }

    /// The price of a line whose atoms all have one and the same.
    pub(super) fn one_price(&self, indicator: &str) -> Option<&'a UnitPrice> {
        let atoms = self.of(indicator);
        let first = atoms.first()?.atom.price.as_ref()?;
        atoms.iter().all(|e| e.atom.price.as_ref() == Some(first)).then_some(first)
    }
}

/// The prices of the base year, by what they were applied to. An amount of money has none: at the
/// prices of another year it would be another amount.
struct BasePrices<'a> {
    exact: HashMap<(&'a str, &'a str, &'a str), Decimal>,
    county: HashMap<(&'a str, &'a str), Option<Decimal>>,
    indicator: HashMap<&'a str, Option<Decimal>>,
}

impl<'a> BasePrices<'a> {
    fn of(atoms: &'a [Atom], base: i32) -> Self {
        let (mut exact, mut county, mut indicator) = (HashMap::new(), HashMap::new(), HashMap::new());
        for atom in atoms.iter().filter(|a| a.year == base) {
            let Some(price) = &atom.price else { continue };
            exact.insert((atom.indicator.as_str(), atom.place.as_str(), atom.ecosystem.as_str()), price.value);
            let same = |held: &mut Option<Decimal>| *held = held.filter(|p| *p == price.value);
            same(county.entry((atom.indicator.as_str(), atom.place.as_str())).or_insert(Some(price.value)));
            same(indicator.entry(atom.indicator.as_str()).or_insert(Some(price.value)));
        }
        Self { exact, county, indicator }
    }

    /// The price of an atom of another year: that of the same county and type, else the county's one
    /// price, else the indicator's one price.
    fn of_atom(&self, atom: &Atom) -> Option<Decimal> {
        atom.price.as_ref().filter(|_| atom.unit != "CNY")?;
        let (indicator, place) = (atom.indicator.as_str(), atom.place.as_str());
        let exact = self.exact.get(&(indicator, place, atom.ecosystem.as_str())).copied();
        exact.or_else(|| self.county.get(&(indicator, place)).copied().flatten()).or_else(|| self.indicator.get(indicator).copied().flatten())
    }
}
