//! Circuit theory on a resistance surface: the effective resistance between two places, and how much
//! of a current takes each way.

use liangshan_vocab::{Problem, words};

use super::Surface;

/// A current from one cell to a neighbour further on in rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    /// The cell it leaves when positive.
    pub from: usize,
    /// The cell it enters.
    pub to: usize,
    /// The share of the unit current.
    pub current: f64,
}

/// What a unit current from source to ground does.
#[derive(Debug, Clone, PartialEq)]
pub struct Circuit {
    /// Voltage of the source: the effective resistance.
    pub effective_resistance: f64,
    /// Voltages of the cells; NaN where the current cannot reach.
    pub voltage: Vec<f64>,
    /// Currents of all edges, each once, by rows.
    pub edges: Vec<Edge>,
}

/// Residual, relative to the unit current, at which the solve ends.
const TOLERANCE: f64 = 1e-12;

/// Sends a unit current from `source` to `ground` and solves Kirchhoff's laws, `L v = i`, with the
/// conductance of an edge `1 / ((R_a + R_b)/2 · d)` and the ground at 0. The solve is a conjugate
/// gradient with the diagonal as preconditioner, in one thread and one order, so the bytes are the
/// same every time. Source: McRae et al. (2008), Using circuit theory to model connectivity.
///
/// # Errors
/// `circuit.same_cell`; `circuit.no_way` when nothing connects the two; `circuit.no_convergence`.
pub fn circuit(surface: &Surface, source: usize, ground: usize) -> Result<Circuit, Problem> {
    if source == ground {
        return Err(Problem::error("circuit.same_cell", words!("源与地是同一格网", "source and ground are the same cell"))
            .key("ground")
            .expect(words!("两个不同的格网", "two different cells")));
    }
    let reached = component(surface, source);
    if !reached[ground] {
        return Err(Problem::error("circuit.no_way", words!("源与地之间没有通路", "nothing connects source and ground"))
            .key("ground")
            .fix(words!("检查不可通过的格网", "look at the barriers")));
    }
    let system = System { surface, ground, reached: &reached };
    let voltage = system.solve(source)?;
    let edges = |from: usize| {
        let voltage = &voltage;
        surface.around(from).filter(move |(to, _)| *to > from).map(move |(to, resistance)| Edge {
            from,
            to,
            current: (voltage[from] - voltage[to]) / resistance,
        })
    };
    let edges = (0..surface.len()).filter(|at| reached[*at]).flat_map(edges).collect();
    let masked = (0..surface.len()).map(|at| if reached[at] { voltage[at] } else { f64::NAN }).collect();
    Ok(Circuit { effective_resistance: voltage[source], voltage: masked, edges })
}

/// Which cells a cell is connected with.
fn component(surface: &Surface, from: usize) -> Vec<bool> {
    let mut reached = vec![false; surface.len()];
    reached[from] = true;
    let mut waiting = vec![from];
    while let Some(at) = waiting.pop() {
        for (next, _) in surface.around(at) {
            if !std::mem::replace(&mut reached[next], true) {
                waiting.push(next);
            }
        }
    }
    reached
}

/// The Laplacian without the ground and without what is not connected: symmetric and positive definite.
struct System<'a> {
    surface: &'a Surface,
    ground: usize,
    reached: &'a [bool],
}

impl System<'_> {
    fn unknown(&self, at: usize) -> bool {
        self.reached[at] && at != self.ground
    }

    /// `out = L v`; entries that are not unknown stay zero.
    fn apply(&self, v: &[f64], out: &mut [f64]) {
        for at in 0..v.len() {
            out[at] = if self.unknown(at) { self.surface.around(at).map(|(next, r)| (v[at] - v[next]) / r).sum() } else { 0.0 };
        }
    }

    fn solve(&self, source: usize) -> Result<Vec<f64>, Problem> {
        let n = self.surface.len();
        let inverse: Vec<f64> =
            (0..n).map(|at| if self.unknown(at) { 1.0 / self.surface.around(at).map(|(_, r)| 1.0 / r).sum::<f64>() } else { 0.0 }).collect();
        let (mut v, mut residual, mut image) = (vec![0.0; n], vec![0.0; n], vec![0.0; n]);
        residual[source] = 1.0;
        let mut z: Vec<f64> = product(&residual, &inverse);
        let mut direction = z.clone();
        let mut rho = dot(&residual, &z);
        let most = 20 * n + 100;
        for _ in 0..most {
            self.apply(&direction, &mut image);
            let alpha = rho / dot(&direction, &image);
            v.iter_mut().zip(&direction).for_each(|(v, d)| *v += alpha * d);
            residual.iter_mut().zip(&image).for_each(|(r, i)| *r -= alpha * i);
            if dot(&residual, &residual).sqrt() <= TOLERANCE {
                return Ok(v);
            }
            z = product(&residual, &inverse);
            let next = dot(&residual, &z);
            let beta = next / rho;
            rho = next;
            direction.iter_mut().zip(&z).for_each(|(d, z)| *d = z + beta * *d);
        }
        Err(Problem::error("circuit.no_convergence", words!("方程组在 {most} 步内没有收敛", "the equations did not converge in {most} steps"))
            .key("R")
            .expect(words!("阻力的大小相差不超过约 10⁸ 倍", "resistances that differ by no more than about 10⁸"))
            .fix(words!("把阻力面缩放到最小值为 1", "scale the surface to a least value of 1")))
    }
}

fn product(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a * b).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::super::Neighbours;
    use super::*;
    use proptest::prelude::*;

    /// By hand: three cells in a row are two resistors of 2 and 3 in series; a square of equal cells is
    /// two arms of 2 in parallel, and its diagonal beside them √2: 1/(1/2 + 1/2 + 1/√2).
    #[test]
    fn series_and_parallel() {
        let line = Surface::new(vec![1.0, 3.0, 3.0], 3, Neighbours::Four).unwrap();
        assert!((circuit(&line, 0, 2).unwrap().effective_resistance - 5.0).abs() < 1e-9);
        let square = |neighbours| circuit(&Surface::new(vec![1.0; 4], 2, neighbours).unwrap(), 0, 3).unwrap().effective_resistance;
        assert!((square(Neighbours::Four) - 1.0).abs() < 1e-9);
        assert!((square(Neighbours::Eight) - 1.0 / (1.0 + 0.5_f64.sqrt())).abs() < 1e-9);
    }

    #[test]
    fn what_is_not_connected_is_told() {
        let walled = Surface::new(vec![1.0, f64::NAN, 1.0], 3, Neighbours::Four).unwrap();
        assert_eq!(circuit(&walled, 0, 2).unwrap_err().code, "circuit.no_way");
        assert_eq!(circuit(&walled, 0, 0).unwrap_err().code, "circuit.same_cell");
    }

    proptest! {
        /// At every inner cell currents sum to zero, one unit leaves the source and enters the ground, and
        /// the resistance is no more than that of the cheapest single way.
        #[test]
        fn kirchhoff_holds(cells in prop::collection::vec(1_u32..500, 42), eight in any::<bool>(), source in 0_usize..42, ground in 0_usize..42) {
            prop_assume!(source != ground);
            let surface = Surface::new(cells.into_iter().map(f64::from).collect(), 7, if eight { Neighbours::Eight } else { Neighbours::Four }).unwrap();
            let made = circuit(&surface, source, ground).unwrap();
            let mut net = vec![0.0; 42];
            for edge in &made.edges {
                net[edge.from] += edge.current;
                net[edge.to] -= edge.current;
            }
            for (at, net) in net.iter().enumerate() {
                let expected = if at == source { 1.0 } else if at == ground { -1.0 } else { 0.0 };
                prop_assert!((net - expected).abs() < 1e-9, "{at}: {net}");
            }
            prop_assert!(made.effective_resistance <= super::super::mcr(&surface, &[source], 1.0).cost[ground] + 1e-9);
        }

        /// Turning source and ground round changes nothing but the sign.
        #[test]
        fn it_is_symmetric(cells in prop::collection::vec(1_u32..100, 20)) {
            let surface = Surface::new(cells.into_iter().map(f64::from).collect(), 5, Neighbours::Four).unwrap();
            let (there, back) = (circuit(&surface, 0, 19).unwrap(), circuit(&surface, 19, 0).unwrap());
            prop_assert!((there.effective_resistance - back.effective_resistance).abs() < 1e-8);
        }
    }
}
