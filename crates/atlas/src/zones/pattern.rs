//! Candidates of the security pattern on the region's grid, set beside the drawn one, with a sensitivity
//! run of every resistance.

use std::collections::BTreeSet;

use liangshan_planning::security::pattern::{Corridor, Sources, corridors, crossings, is_near, kept, share_near, sources};
use liangshan_planning::security::{Neighbours, Surface, circuit};
use liangshan_space::geo::{Euclidean, Length, Line, LineString};
use liangshan_space::{Crs, Grid, Projector};
use liangshan_vocab::{Problems, Text};
use rayon::prelude::*;

use super::Zones;
use super::resistance::Terrain;
use super::rules::{PatternRules, ZoneRules};
use crate::book::Book;
use crate::control::Shape;
use crate::region::ControlKind;

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NodeKind {
    /// Where kept corridors cross.
    Crossing,
    /// The cell of a corridor that is dearest to reach.
    Saddle,
    /// Where a current through a corridor crowds most.
    Pinch,
}

impl NodeKind {
    /// The word in files.
    pub fn word(self) -> &'static str {
        match self {
            NodeKind::Crossing => "crossing",
            NodeKind::Saddle => "saddle",
            NodeKind::Pinch => "pinch",
        }
    }
}

/// A node.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// The corridor it belongs to, by its number.
    pub corridor: usize,
    /// The cell.
    pub cell: usize,
}

/// An element of the drawn pattern beside the candidates.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// Its control layer.
    pub layer: String,
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its length, m; 0 for a point.
    pub length_m: f64,
    /// The share of it near a kept corridor.
    pub near_kept: f64,
    /// The share of it near any candidate corridor.
    pub near_any: f64,
    /// The share of it in or near a source.
    pub near_source: f64,
}

/// A run with one resistance changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// The factor and class.
    pub factor: String,
    /// The class.
    pub class: String,
    /// What it is called.
    pub title: Text,
    /// By how much it was changed, as a share.
    pub by: f64,
    /// The share of the kept corridors' cells that lie near one of those kept in the run.
    pub same: f64,
    /// Cost of the kept corridors in the run over that of the base, less one.
    pub cost: f64,
    /// The share of all candidates' cells that lie near a candidate of the run.
    pub same_all: f64,
    /// Cost of all candidates that the run has too, over that of the base, less one.
    pub cost_all: f64,
}

/// The candidates.
#[derive(Debug, Clone)]
pub struct Pattern {
    /// The year of the maps.
    pub year: i32,
    /// What it was made from.
    pub terrain: Terrain,
    /// Sources.
    pub sources: Sources,
    /// All corridors, by importance.
    pub corridors: Vec<Corridor>,
    /// Those that are kept, by number.
    pub kept: Vec<usize>,
    /// Nodes of the kept ones.
    pub nodes: Vec<Node>,
    /// The drawn pattern beside them.
    pub drawn: Vec<Drawn>,
    /// Sensitivity.
    pub runs: Vec<Run>,
    /// The rules.
    pub rules: PatternRules,
    /// The grid.
    pub grid: Grid,
}

/// Cells around a corridor in which a current may spread.
const SPREAD: usize = 8;
/// The largest window a current is solved in, cells.
const MOST_CELLS: usize = 40_000;
/// Stretches of drawn lines that are looked at one by one, m.
const STRETCH_M: f64 = 50.0;

impl Pattern {
    /// Finds the candidates for the latest year.
    ///
    /// # Errors
    /// Those of [`Terrain::of`] and of the surface.
    pub fn of(book: &Book, zones: &Zones, rules: &ZoneRules) -> Result<Self, Problems> {
        let year = book.assembled.account.years.last().copied().unwrap_or_default();
        let terrain = Terrain::of(book, rules, year)?;
        let grid = book.prepared.region.declared.grid.clone();
        let base = terrain.resistance(None);
        let join = rules.pattern.join_m / grid.dx;
        let sources = sources(&terrain.importance, terrain.columns, &terrain.areas_m2, rules.pattern.top_share, rules.pattern.least_area_m2, join);
        let surface = Surface::new(base.clone(), terrain.columns, Neighbours::Eight)?;
        let all = corridors(&surface, &base, &sources, grid.dx)?;
        let chosen = kept(&all, rules.pattern.count, rules.pattern.shared);
        let mut made =
            Self { year, sources, corridors: all, kept: chosen, nodes: Vec::new(), drawn: Vec::new(), runs: Vec::new(), rules: rules.pattern, grid, terrain };
        made.nodes = made.nodes_of(&base);
        made.drawn = made.drawn_of(zones);
        made.runs = made.runs_of()?;
        Ok(made)
    }

    /// The kept corridors.
    pub fn chosen(&self) -> impl Iterator<Item = (usize, &Corridor)> {
        self.kept.iter().map(|at| (*at, &self.corridors[*at]))
    }

    /// Length of a corridor, m in the plane.
    pub fn length_m(&self, corridor: &Corridor) -> f64 {
        corridor.cells.windows(2).map(|pair| self.apart(pair[0], pair[1])).sum()
    }

    fn apart(&self, a: usize, b: usize) -> f64 {
        let at = |c: usize| self.grid.centre(c % self.terrain.columns, c / self.terrain.columns);
        let (a, b) = (at(a), at(b));
        (a.0 - b.0).hypot(a.1 - b.1)
    }

    /// Middles of cells as longitude and latitude.
    ///
    /// # Errors
    /// Those of the projection.
    pub fn lonlat(&self, cells: &[usize]) -> Result<Vec<(f64, f64)>, Problems> {
        let projector = Projector::between(&self.grid.crs, &Crs::wgs84())?;
        let mut points: Vec<(f64, f64)> = cells.iter().map(|c| self.grid.centre(c % self.terrain.columns, c / self.terrain.columns)).collect();
        projector.map(&mut points);
        Ok(points)
    }

    fn nodes_of(&self, resistance: &[f64]) -> Vec<Node> {
        let mut out = Vec::new();
        let chosen: Vec<&Corridor> = self.chosen().map(|c| c.1).collect();
        for cell in crossings(&chosen, &self.sources) {
            let corridor = self.chosen().find(|(_, c)| c.cells.contains(&cell)).map_or(0, |c| c.0);
            out.push(Node { kind: NodeKind::Crossing, corridor, cell });
        }
        for (at, corridor) in self.chosen() {
            out.push(Node { kind: NodeKind::Saddle, corridor: at, cell: corridor.saddle });
            out.extend(self.pinch(corridor, resistance).map(|cell| Node { kind: NodeKind::Pinch, corridor: at, cell }));
        }
        out.sort_by_key(|n| (n.kind, n.corridor, n.cell));
        out
    }

    /// The cell outside all sources through which most of a unit current from one end of a corridor to
    /// the other passes; `None` where the window is too large or nothing lies between.
    fn pinch(&self, corridor: &Corridor, resistance: &[f64]) -> Option<usize> {
        let columns = self.terrain.columns;
        let rows = resistance.len() / columns;
        let (mut top, mut bottom, mut left, mut right) = (usize::MAX, 0, usize::MAX, 0);
        for cell in &corridor.cells {
            (top, bottom) = (top.min(cell / columns), bottom.max(cell / columns));
            (left, right) = (left.min(cell % columns), right.max(cell % columns));
        }
        let (top, left) = (top.saturating_sub(SPREAD), left.saturating_sub(SPREAD));
        let (bottom, right) = ((bottom + SPREAD).min(rows - 1), (right + SPREAD).min(columns - 1));
        let wide = right - left + 1;
        if wide * (bottom - top + 1) > MOST_CELLS {
            return None;
        }
        let cells: Vec<usize> = (top..=bottom).flat_map(|r| (left..=right).map(move |c| r * columns + c)).collect();
        let surface = Surface::new(cells.iter().map(|c| resistance[*c]).collect(), wide, Neighbours::Eight).ok()?;
        let local = |cell: usize| (cell / columns - top) * wide + cell % columns - left;
        let flow = circuit(&surface, local(*corridor.cells.first()?), local(*corridor.cells.last()?)).ok()?;
        let mut through = vec![0.0; cells.len()];
        for edge in &flow.edges {
            through[edge.from] += edge.current.abs() / 2.0;
            through[edge.to] += edge.current.abs() / 2.0;
        }
        let outside = (0..cells.len()).filter(|at| self.sources.of[cells[*at]].is_none());
        outside.max_by(|a, b| through[*a].total_cmp(&through[*b]).then(b.cmp(a))).map(|at| cells[at])
    }

    /// Cells within the distance that counts as near.
    fn within(&self) -> f64 {
        self.rules.near_m / self.grid.dx
    }

    fn drawn_of(&self, zones: &Zones) -> Vec<Drawn> {
        let set = |cells: Vec<usize>| cells.into_iter().collect::<BTreeSet<usize>>();
        let chosen = set(self.chosen().flat_map(|(_, c)| c.cells.iter().copied()).collect());
        let any = set(self.corridors.iter().flat_map(|c| c.cells.iter().copied()).collect());
        let source = set((0..self.sources.of.len()).filter(|at| self.sources.of[*at].is_some()).collect());
        let near = |(x, y): (f64, f64), cells: &BTreeSet<usize>| {
            let (column, row) = self.grid.place(x, y);
            is_near(row - 0.5, column - 0.5, cells, self.terrain.columns, self.within())
        };
        let mut out = Vec::new();
        for layer in zones.control.layers.iter().filter(|l| l.layer.kind == ControlKind::Pattern) {
            for feature in &layer.features {
                let (points, length_m) = match &feature.shape {
                    Shape::Lines(lines) => (lines.0.iter().flat_map(stretches).collect::<Vec<_>>(), lines.0.iter().map(|l| Euclidean.length(l)).sum()),
                    Shape::Points(points) => (points.0.iter().map(|p| ((p.x(), p.y()), 1.0)).collect(), 0.0),
                    Shape::Area(_) => continue,
                };
                let all: f64 = points.iter().map(|p| p.1).sum();
                let share = |cells: &BTreeSet<usize>| points.iter().filter(|p| near(p.0, cells)).fold(0.0, |sum, p| sum + p.1) / all;
                out.push(Drawn {
                    layer: layer.layer.name.clone(),
                    id: feature.id.clone(),
                    name: feature.name.clone(),
                    length_m,
                    near_kept: share(&chosen),
                    near_any: share(&any),
                    near_source: share(&source),
                });
            }
        }
        out
    }

    /// Every row of the table a share up and down.
    fn runs_of(&self) -> Result<Vec<Run>, Problems> {
        let by = self.rules.sensitivity;
        let wanted: Vec<(usize, f64)> = (0..self.terrain.factors.len())
            .filter(|row| self.terrain.of.iter().any(|of| of.0 == *row || of.1 == *row))
            .flat_map(|row| [(row, by), (row, -by)])
            .collect();
        let runs: Vec<Result<Run, Problems>> = wanted.par_iter().map(|(row, by)| self.run(*row, *by)).collect();
        let mut problems = Problems::new();
        let made = runs.into_iter().filter_map(|r| problems.keep(r)).collect();
        problems.into_result(made)
    }

    fn run(&self, row: usize, by: f64) -> Result<Run, Problems> {
        let resistance = self.terrain.resistance(Some((row, 1.0 + by)));
        let surface = Surface::new(resistance.clone(), self.terrain.columns, Neighbours::Eight)?;
        let all = corridors(&surface, &resistance, &self.sources, self.grid.dx)?;
        let chosen = kept(&all, self.rules.count, self.rules.shared);
        let base: Vec<&Corridor> = self.chosen().map(|c| c.1).collect();
        let every: Vec<&Corridor> = self.corridors.iter().collect();
        let now: Vec<&Corridor> = chosen.iter().map(|at| &all[*at]).collect();
        let near = |own: &[&Corridor], others: &[&Corridor]| share_near(&cells_of(own), &cells_of(others), self.terrain.columns, self.within());
        let moved = |own: &[&Corridor]| {
            let pairs = own.iter().filter_map(|c| Some((c.cost, all.iter().find(|o| o.between == c.between)?.cost)));
            let (before, after) = pairs.fold((0.0, 0.0), |sum, pair| (sum.0 + pair.0, sum.1 + pair.1));
            if before > 0.0 { after / before - 1.0 } else { f64::NAN }
        };
        let factor = &self.terrain.factors[row];
        Ok(Run {
            factor: factor.factor.clone(),
            class: factor.class.clone(),
            title: factor.title.clone(),
            by,
            same: near(&base, &now),
            cost: moved(&base),
            same_all: near(&every, &all.iter().collect::<Vec<_>>()),
            cost_all: moved(&every),
        })
    }
}

fn cells_of(corridors: &[&Corridor]) -> Vec<usize> {
    corridors.iter().flat_map(|c| c.cells.iter().copied()).collect()
}

/// Stretches of a line: their middles and lengths.
fn stretches(line: &LineString) -> Vec<((f64, f64), f64)> {
    let of = |line: Line| {
        let length = Euclidean.length(&line);
        let count = (length / STRETCH_M).ceil().max(1.0);
        let at = move |i: f64| (line.start.x + line.dx() * (i + 0.5) / count, line.start.y + line.dy() * (i + 0.5) / count);
        (0..count as u32).map(move |i| (at(f64::from(i)), length / count))
    };
    line.lines().filter(|l| l.start != l.end).flat_map(of).collect()
}
