//! How a model and the engine meet: what a kernel is given, what it makes, and the [`Model`] that
//! binds a [`Spec`] to a kernel. The engine cuts maps into blocks and calls [`Model::compute`]; a
//! model never knows which block of which map it sees.

use liangshan_vocab::{Form, Spec, Text};

/// One model: an inert declaration, the version of its arithmetic, and its binding.
///
/// `version` changes whenever the same input could give other bytes; it is part of the name of a
/// cached result.
pub struct Model {
    /// What it needs and makes.
    pub spec: &'static Spec,
    /// The version of its arithmetic.
    pub version: &'static str,
    /// What it may clamp or wants counted; nothing else is ever clamped.
    pub tallies: &'static [Tally],
    /// Reads named slices, calls the kernel, fills named slices.
    pub run: fn(&Given<'_>, &mut Made),
}

/// A count of cells that a kernel declares: values it clamped, or values a reviewer asks about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// Stable identifier, such as `negative_water`.
    pub name: &'static str,
    /// What was counted.
    pub title: Text,
    /// True when the counted cells were changed, false when they were only counted.
    pub clamps: bool,
}

/// The shape of a block and of its cells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Block {
    /// Columns computed, without the halo.
    pub columns: usize,
    /// Rows computed, without the halo.
    pub rows: usize,
    /// Cells given beyond the block on every side.
    pub halo: usize,
    /// Width of a cell in metres, above zero.
    pub cell_x_m: f64,
    /// Height of a cell in metres, above zero.
    pub cell_y_m: f64,
}

impl Block {
    /// Cells computed.
    pub fn cells(&self) -> usize {
        self.columns * self.rows
    }

    /// Columns given, halo included.
    pub fn wide(&self) -> usize {
        self.columns + 2 * self.halo
    }

    /// Rows given, halo included.
    pub fn high(&self) -> usize {
        self.rows + 2 * self.halo
    }
}

/// The inputs of one block, by the names of the spec.
///
/// A grid is row-major, north to south and west to east, over the block and the model's halo; NaN
/// is a missing cell, and so is every cell of the halo that lies off the map. Values are in the
/// units of the spec and within its ranges: the engine has checked them.
pub struct Given<'a> {
    block: Block,
    grids: Vec<(&'a str, &'a [f64])>,
    numbers: Vec<(&'a str, f64)>,
}

impl<'a> Given<'a> {
    /// Puts the inputs of a block together.
    ///
    /// # Panics
    /// If a grid does not cover the block and its halo, or a name is given twice: our bug.
    pub fn new(block: Block, grids: &[(&'a str, &'a [f64])], numbers: &[(&'a str, f64)]) -> Self {
        let names: Vec<&str> = grids.iter().map(|g| g.0).chain(numbers.iter().map(|n| n.0)).collect();
        for (i, name) in names.iter().enumerate() {
            assert!(!names[..i].contains(name), "the input {name} is given twice");
        }
        for (name, grid) in grids {
            assert_eq!(grid.len(), block.wide() * block.high(), "the grid {name} does not cover the block and its halo");
        }
        Self { block, grids: grids.to_vec(), numbers: numbers.to_vec() }
    }

    /// The shape of the block.
    pub fn block(&self) -> Block {
        self.block
    }

    /// True when a grid or number of this name was given.
    pub fn has(&self, name: &str) -> bool {
        self.optional_grid(name).is_some() || self.optional_number(name).is_some()
    }

    /// A grid that may have been left out.
    pub fn optional_grid(&self, name: &str) -> Option<&'a [f64]> {
        self.grids.iter().find(|g| g.0 == name).map(|g| g.1)
    }

    /// A number that may have been left out.
    pub fn optional_number(&self, name: &str) -> Option<f64> {
        self.numbers.iter().find(|n| n.0 == name).map(|n| n.1)
    }

    /// A grid.
    ///
    /// # Panics
    /// If it was not given: our bug.
    pub fn grid(&self, name: &str) -> &'a [f64] {
        let found = self.optional_grid(name);
        assert!(found.is_some(), "the grid {name} was not given");
        found.unwrap_or(&[])
    }

    /// Several grids, in the order asked for.
    ///
    /// # Panics
    /// If one was not given: our bug.
    pub fn grids<const N: usize>(&self, names: [&str; N]) -> [&'a [f64]; N] {
        names.map(|name| self.grid(name))
    }

    /// A number.
    ///
    /// # Panics
    /// If it was not given: our bug.
    pub fn number(&self, name: &str) -> f64 {
        let found = self.optional_number(name);
        assert!(found.is_some(), "the number {name} was not given");
        found.unwrap_or(f64::NAN)
    }
}

/// The outputs of one block, without halo, handed out by the spec: every declared output is there
/// from the start, filled with NaN, and no other can be named.
pub struct Made {
    cells: usize,
    outputs: Vec<(&'static str, Vec<f64>)>,
    tallies: Vec<(&'static str, u64)>,
}

impl Made {
    /// Empty outputs of `cells` cells each.
    pub fn new(spec: &Spec, cells: usize) -> Self {
        let outputs = spec.outputs.iter().map(|o| (o.name, vec![f64::NAN; cells])).collect();
        Self { cells, outputs, tallies: Vec::new() }
    }

    /// Cells in each output.
    pub fn cells(&self) -> usize {
        self.cells
    }

    /// One output to fill.
    ///
    /// # Panics
    /// If the spec declares none of this name: our bug.
    pub fn grid(&mut self, name: &str) -> &mut [f64] {
        let [grid] = self.grids_mut([name]);
        grid
    }

    /// Several outputs to fill together, in the order asked for.
    ///
    /// # Panics
    /// If the spec does not declare one, or one is asked for twice: our bug.
    pub fn grids_mut<const N: usize>(&mut self, names: [&str; N]) -> [&mut [f64]; N] {
        let places = names.map(|name| {
            let place = self.outputs.iter().position(|o| o.0 == name);
            assert!(place.is_some(), "no output is declared as {name}");
            place.unwrap_or(usize::MAX)
        });
        match self.outputs.get_disjoint_mut(places) {
            Ok(found) => found.map(|o| o.1.as_mut_slice()),
            Err(_) => {
                assert!(N == 0, "an output is asked for twice in {names:?}");
                unreachable!("no outputs asked for cannot overlap")
            }
        }
    }

    /// One filled output.
    pub fn output(&self, name: &str) -> Option<&[f64]> {
        self.outputs.iter().find(|o| o.0 == name).map(|o| o.1.as_slice())
    }

    /// Adds to the count of a tally that the model declares. Counting nothing leaves no trace.
    pub fn clamped(&mut self, name: &'static str, cells: u64) {
        if cells > 0 {
            match self.tallies.iter_mut().find(|t| t.0 == name) {
                Some(tally) => tally.1 += cells,
                None => self.tallies.push((name, cells)),
            }
        }
    }

    /// The tallies that are not zero, in the order first counted.
    pub fn tallies(&self) -> &[(&'static str, u64)] {
        &self.tallies
    }
}

impl IntoIterator for Made {
    type Item = (&'static str, Vec<f64>);
    type IntoIter = std::vec::IntoIter<(&'static str, Vec<f64>)>;

    /// Outputs by name, in the order of the spec.
    fn into_iter(self) -> Self::IntoIter {
        self.outputs.into_iter()
    }
}

impl Model {
    /// Cells the model must see beyond a block, on every side.
    ///
    /// # Panics
    /// If its reach has no halo; none of the models here is of that kind yet.
    pub fn halo(&self) -> usize {
        let halo = self.spec.reach.halo();
        assert!(halo.is_some(), "{} cannot be cut into blocks", self.spec.id);
        halo.unwrap_or(0)
    }

    /// Computes one block and holds both sides to the declaration.
    ///
    /// # Panics
    /// If an input is not of the spec, a needed one is absent, the halo is not the model's, or the
    /// kernel counted a tally it does not declare: our bugs.
    pub fn compute(&self, given: &Given<'_>) -> Made {
        let id = self.spec.id;
        assert_eq!(given.block.halo, self.halo(), "{id}: the block has another halo");
        let is = |name: &str, form: Form| self.spec.input(name).is_some_and(|i| i.form == form);
        for (name, _) in &given.grids {
            assert!(is(name, Form::Grid), "{id} declares no grid {name}");
        }
        for (name, _) in &given.numbers {
            assert!(is(name, Form::Number), "{id} declares no number {name}");
        }
        for input in self.spec.inputs {
            assert!(!input.needed || given.has(input.name), "{id} needs {}", input.name);
        }
        let mut made = Made::new(self.spec, given.block.cells());
        (self.run)(given, &mut made);
        for (name, _) in &made.tallies {
            assert!(self.tallies.iter().any(|t| t.name == *name), "{id} declares no tally {name}");
        }
        made
    }
}
