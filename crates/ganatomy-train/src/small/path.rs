//! Where the players of a small game went, and what that says of the scheme.

/// Cross products this small, beside the points they come from, are rounding.
const FLAT: f64 = 1e-9;
/// Two successive ratios of areas agree to within this share where there is a pair of complex factors.
const AGREEMENT: f64 = 1e-4;

/// The points of a play, the start first.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    points: Vec<Vec<f64>>,
    equilibrium: Vec<f64>,
}

impl Path {
    pub(crate) fn new(points: Vec<Vec<f64>>, equilibrium: &[f64]) -> Path {
        Path { points, equilibrium: equilibrium.to_vec() }
    }

    /// The points, the start first, one number a coordinate.
    pub fn points(&self) -> &[Vec<f64>] {
        &self.points
    }

    /// Distance to the equilibrium, point by point.
    pub fn radii(&self) -> Vec<f64> {
        self.points.iter().map(|point| self.away(point).map(|d| d * d).sum::<f64>().sqrt()).collect()
    }

    /// The first step at which a number is no longer finite.
    pub fn diverged_at(&self) -> Option<usize> {
        self.points.iter().position(|point| point.iter().any(|x| !x.is_finite()))
    }

    /// The factor by which the distance to the equilibrium changes a step, in the long run.
    ///
    /// In the plane it is read off the areas that successive points span with the equilibrium: if a map has a pair of
    /// complex factors of modulus `r`, each area is `r^2` times the last one, even on an ellipse, where distances go up and down. Elsewhere it
    /// is the mean over the last half of the play.
    pub fn rate(&self) -> Option<f64> {
        let end = self.diverged_at().unwrap_or(self.points.len());
        self.by_areas(end).or_else(|| self.by_radii(end)).filter(|rate| rate.is_finite())
    }

    fn by_areas(&self, end: usize) -> Option<f64> {
        let offset = |i: usize| -> Vec<f64> { self.away(&self.points[i]).collect() };
        if self.equilibrium.len() != 2 || end < 4 {
            return None;
        }
        let area = |i: usize| {
            let (a, b) = (offset(i), offset(i + 1));
            let size = (a[0].hypot(a[1])) * (b[0].hypot(b[1]));
            let area = a[0] * b[1] - a[1] * b[0];
            (area.abs() > FLAT * size && size > 1e-280).then_some(area)
        };
        let ratio = |i: usize| Some(area(i + 1)? / area(i)?);
        // The latest moment at which areas are not rounding; two ratios that disagree show no pair of complex factors.
        let latest =
            (0..end.saturating_sub(3)).rev().find(|&i| ratio(i).is_some() && ratio(i + 1).is_some())?;
        let (before, last) = (ratio(latest)?, ratio(latest + 1)?);
        (last > 0.0 && (last - before).abs() < AGREEMENT * last).then(|| last.sqrt())
    }

    fn by_radii(&self, end: usize) -> Option<f64> {
        let radii = self.radii();
        let last = (0..end).rev().find(|&i| radii[i] > 1e-280)?;
        let middle = last / 2;
        (last > middle).then(|| (radii[last] / radii[middle]).powf(1.0 / (last - middle) as f64))
    }

    fn away<'a>(&'a self, point: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
        point.iter().zip(&self.equilibrium).map(|(a, b)| a - b)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(map: [[f64; 2]; 2], expected: f64) {
        let mut point = vec![1.0, 0.5];
        let mut points = vec![point.clone()];
        for _ in 0..200 {
            point = map.iter().map(|row| row[0] * point[0] + row[1] * point[1]).collect();
            points.push(point.clone());
        }
        let found = Path::new(points, &[0.0, 0.0]).rate().unwrap();
        assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
    }

    #[test]
    fn rates_are_moduli_of_eigenvalues() {
        check([[1.0, 0.1], [-0.1, 1.0]], 1.01f64.sqrt());
        // An ellipse, on which distances go up and down.
        check([[1.0, 0.5], [-0.5, 0.75]], 1.0);
        // A real eigenvalue: no area at all.
        check([[0.9, 0.0], [0.0, 0.9]], 0.9);
    }
}
