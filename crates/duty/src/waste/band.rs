//! Waste per product against what was usual: mean and deviation of the months before.

use liangshan_vocab::{Problem, text, words};

/// What is usual, and what a month makes of it. In the unit of waste per product.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    /// Mean of the months.
    pub mean: f64,
    /// Their standard deviation, of a sample.
    pub deviation: f64,
    /// Lower end, never below zero.
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
}

impl Band {
    /// `mean ± k · sd` of months of waste over product.
    ///
    /// # Errors
    /// `waste.months` for fewer months than are needed, `waste.no_product` for a month without product.
    pub fn of(months: &[(f64, f64)], needed: usize, deviations: f64) -> Result<Self, Problem> {
        if months.len() < needed.max(2) {
            let count = months.len();
            return Err(Problem::error("waste.months", words!("只有 {count} 个月", "only {count} months are given"))
                .key("months")
                .expect(words!("不少于 {0} 个月", "{0} months or more", needed.max(2)))
                .fix(text("补齐产生量与产量", "give what is missing of waste and product")));
        }
        let per = months.iter().map(|month| per_product(*month)).collect::<Result<Vec<f64>, Problem>>()?;
        let mean = per.iter().sum::<f64>() / per.len() as f64;
        let deviation = (per.iter().map(|p| (p - mean).powi(2)).sum::<f64>() / (per.len() - 1) as f64).sqrt();
        let half = deviations * deviation;
        Ok(Self { mean, deviation, lower: (mean - half).max(0.0), upper: mean + half })
    }

    /// True where waste per product lies in the band, its ends included.
    pub fn holds(&self, per_product: f64) -> bool {
        self.lower <= per_product && per_product <= self.upper
    }
}

/// Waste per product of one month.
///
/// # Errors
/// `waste.no_product`.
pub fn per_product((waste, product): (f64, f64)) -> Result<f64, Problem> {
    (product > 0.0).then(|| waste / product).ok_or_else(|| {
        Problem::error("waste.no_product", text("没有产量，不能算单位产品产生量", "without product there is no waste per product"))
            .key("product")
            .expect(text("大于 0 的产量", "a product above 0"))
            .fix(text("停产的月份不参加", "leave out months without production"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: half the months 0.9, half 1.1: mean 1, deviation √(12·0.01/11) = 0.104447; three of them reach
    /// from 0.686660 to 1.313340.
    #[test]
    fn three_deviations_on_each_side() {
        let months: Vec<(f64, f64)> = (0..12).map(|m| (if m % 2 == 0 { 9.0 } else { 11.0 }, 10.0)).collect();
        let band = Band::of(&months, 12, 3.0).unwrap();
        assert!((band.mean - 1.0).abs() < 1e-12 && (band.lower - 0.686_660).abs() < 1e-6 && (band.upper - 1.313_340).abs() < 1e-6);
        assert_eq!([0.68, 0.69, 1.31, 1.32].map(|p| band.holds(p)), [false, true, true, false]);
        assert_eq!(Band::of(&months[..11], 12, 3.0).unwrap_err().code, "waste.months");
        let mut idle = months;
        idle[3].1 = 0.0;
        assert_eq!(Band::of(&idle, 12, 3.0).unwrap_err().code, "waste.no_product");
        assert_eq!(Band::of(&[(1.0, 10.0), (3.0, 10.0)], 0, 3.0).unwrap().lower, 0.0, "waste is never below zero");
    }
}
