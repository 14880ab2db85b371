//! How much of what flows through a set of firms circulates: Finn's cycling index.

use liangshan_vocab::{Problem, words};

/// Flows taken apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Circulation {
    /// What flows through each node, t.
    pub throughflow: Vec<f64>,
    /// The diagonal of `N = (I − G)⁻¹`: how often what enters a node passes it.
    pub passes: Vec<f64>,
    /// What has passed before, summed over the nodes, t.
    pub cycled: f64,
    /// `cycled / Σ throughflow`.
    pub index: f64,
}

/// `T_i = z_i + Σ_j F_ij`, `G_ij = F_ij / T_j`, `N = (I − G)⁻¹`, `cycled = Σ (1 − 1/n_jj)·T_j`. Source:
/// Finn (1976), Measures of ecosystem structure and function derived from analysis of flows.
///
/// `external_in` z in t; `flows[i][j]` what goes from j to i, t.
///
/// # Errors
/// `circular.shape` when the matrix is not square; `circular.flow` for a flow below zero, more going
/// out of a node than through it, or nothing flowing at all.
pub fn finn_index(external_in: &[f64], flows: &[Vec<f64>]) -> Result<Circulation, Problem> {
    let n = external_in.len();
    if flows.len() != n || flows.iter().any(|row| row.len() != n) {
        return Err(Problem::error("circular.shape", words!("流量矩阵不是 {n} × {n}", "the matrix of flows is not {n} × {n}"))
            .key("flow_j_to_i")
            .expect(words!("每个节点一行一列", "a row and a column for every node")));
    }
    let amounts = external_in.iter().chain(flows.iter().flatten());
    if amounts.clone().any(|f| *f < 0.0 || !f.is_finite()) || amounts.sum::<f64>() <= 0.0 {
        return Err(faulty("flow_j_to_i".into()));
    }
    let throughflow: Vec<f64> = (0..n).map(|i| external_in[i] + flows[i].iter().sum::<f64>()).collect();
    let out = |j: usize| flows.iter().map(|row| row[j]).sum::<f64>();
    if let Some(over) = (0..n).find(|j| out(*j) > throughflow[*j] * (1.0 + 1e-12)) {
        return Err(faulty(format!("flow_j_to_i[·][{over}]")));
    }
    let share = |i: usize, j: usize| if throughflow[j] > 0.0 { flows[i][j] / throughflow[j] } else { 0.0 };
    let matrix: Vec<Vec<f64>> = (0..n).map(|i| (0..n).map(|j| f64::from(u8::from(i == j)) - share(i, j)).collect()).collect();
    let passes = inverse_diagonal(matrix).ok_or_else(|| faulty("flow_j_to_i".into()))?;
    let cycled: f64 = passes.iter().zip(&throughflow).map(|(n, t)| (1.0 - 1.0 / n) * t).sum();
    let index = cycled / throughflow.iter().sum::<f64>();
    Ok(Circulation { throughflow, passes, cycled, index })
}

fn faulty(key: String) -> Problem {
    Problem::error(
        "circular.flow",
        words!(
            "流量不成立：有负值、流出多于通过量、全部闭合不出，或全为零",
            "the flows cannot be: one below zero, more out of a node than through it, a loop that nothing leaves, or none at all"
        ),
    )
    .key(key)
    .expect(words!("非负的流量，每个节点流出不多于流入", "flows of at least zero, no more out of a node than into it"))
}

/// The diagonal of the inverse, by Gauss and Jordan with the largest pivot of each column; `None` for
/// a singular matrix.
fn inverse_diagonal(mut a: Vec<Vec<f64>>) -> Option<Vec<f64>> {
    let n = a.len();
    for (i, row) in a.iter_mut().enumerate() {
        row.extend((0..n).map(|j| f64::from(u8::from(i == j))));
    }
    for column in 0..n {
        let pivot = (column..n).max_by(|x, y| a[*x][column].abs().total_cmp(&a[*y][column].abs()))?;
        if a[pivot][column].abs() < 1e-12 {
            return None;
        }
        a.swap(column, pivot);
        let lead = a[column][column];
        a[column].iter_mut().for_each(|v| *v /= lead);
        let pivot_row = a[column].clone();
        for (i, row) in a.iter_mut().enumerate() {
            let factor = row[column];
            if i != column && factor != 0.0 {
                row.iter_mut().zip(&pivot_row).for_each(|(v, p)| *v -= factor * p);
            }
        }
    }
    Some((0..n).map(|i| a[i][n + i]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: a line 100 → A → B has no cycle; one firm that takes back 50 of its 150 has n = 1.5.
    #[test]
    fn a_line_has_no_cycle_and_a_loop_has() {
        let line = finn_index(&[100.0, 0.0], &[vec![0.0, 0.0], vec![100.0, 0.0]]).unwrap();
        assert_eq!((line.cycled, line.index), (0.0, 0.0));
        let own = finn_index(&[100.0], &[vec![50.0]]).unwrap();
        assert!((own.passes[0] - 1.5).abs() < 1e-12 && (own.index - 1.0 / 3.0).abs() < 1e-12);
    }

    /// The inverse as a series, I + G + G² + …, gives the same diagonal.
    #[test]
    fn a_series_gives_the_same() {
        let flows = vec![vec![0.0, 20.0, 5.0], vec![60.0, 0.0, 10.0], vec![15.0, 30.0, 0.0]];
        let made = finn_index(&[100.0, 10.0, 0.0], &flows).unwrap();
        let g: Vec<Vec<f64>> = (0..3).map(|i| (0..3).map(|j| flows[i][j] / made.throughflow[j]).collect()).collect();
        for start in 0..3 {
            let mut at: Vec<f64> = (0..3).map(|i| f64::from(u8::from(i == start))).collect();
            let mut sum = 0.0;
            for _ in 0..2000 {
                sum += at[start];
                at = (0..3).map(|i| (0..3).map(|j| g[i][j] * at[j]).sum()).collect();
            }
            assert!((made.passes[start] - sum).abs() < 1e-9, "{start}");
        }
    }

    #[test]
    fn impossible_flows_are_told() {
        let code = |z: &[f64], f: &[Vec<f64>]| finn_index(z, f).unwrap_err().code;
        assert_eq!(code(&[1.0], &[]), "circular.shape");
        assert_eq!(code(&[-1.0], &[vec![0.0]]), "circular.flow");
        assert_eq!(code(&[0.0], &[vec![0.0]]), "circular.flow");
        assert_eq!(code(&[10.0, 0.0], &[vec![0.0, 0.0], vec![20.0, 0.0]]), "circular.flow");
        // a loop that nothing enters or leaves
        assert_eq!(code(&[0.0, 0.0], &[vec![0.0, 5.0], vec![5.0, 0.0]]), "circular.flow");
    }
}
