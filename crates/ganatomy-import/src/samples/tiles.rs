//! The samples of a picture that holds several: where they lie on it.

/// A picture's pixels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pixels {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Red, green and blue of each pixel, row by row.
    pub rgb: Vec<u8>,
}

/// Where samples lie on a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tiling {
    /// Columns of a sample.
    pub width: usize,
    /// Rows of a sample.
    pub height: usize,
    /// The left column and the upper row of each.
    pub corners: Vec<(usize, usize)>,
}

/// Sides that samples have, usually.
const USUAL: [usize; 22] =
    [8, 16, 20, 24, 28, 32, 40, 48, 50, 56, 64, 80, 96, 100, 112, 128, 160, 192, 218, 224, 256, 512];
/// The least side of a sample.
const LEAST: usize = 8;
/// So many times what neighbours differ by is a seam.
const SEAM: f64 = 2.0;
/// A sheet of fewer is none.
const FEWEST: usize = 4;

/// The samples of a picture, of a size that is given or guessed; nothing where the given one does not fit. A picture that is
/// no sheet is one sample.
///
/// Guessed are: lines of one colour between samples of a usual side (`save_image` leaves two, and sheets without any are told
/// where samples end in one colour); gaps of the corner's colour between samples of one size; seams across which neighbours differ
/// twice as much as elsewhere.
pub fn tiling(picture: &Pixels, asked: Option<(usize, usize)>) -> Option<Tiling> {
    let lines = Lines::of(picture);
    let found = match asked {
        Some(size) => lines.of_size(size),
        None => lines.usual().or_else(|| lines.gaps()).or_else(|| lines.seams()),
    };
    match (found, asked) {
        (Some(tiling), _) => Some(tiling.without_blanks(picture)),
        (None, Some(_)) => None,
        (None, None) => Some(Tiling { width: picture.width, height: picture.height, corners: vec![(0, 0)] }),
    }
}

impl Pixels {
    /// A pixel.
    fn at(&self, x: usize, y: usize) -> [u8; 3] {
        let start = 3 * (y * self.width + x);
        [self.rgb[start], self.rgb[start + 1], self.rgb[start + 2]]
    }

    /// The samples, one after the other, each row by row.
    pub fn cut(&self, tiling: &Tiling) -> Vec<u8> {
        let mut cut = Vec::with_capacity(3 * tiling.width * tiling.height * tiling.corners.len());
        for &(left, top) in &tiling.corners {
            for y in top..top + tiling.height {
                let start = 3 * (y * self.width + left);
                cut.extend_from_slice(&self.rgb[start..start + 3 * tiling.width]);
            }
        }
        cut
    }
}

/// Are colours the same but for what packing a picture does to them?
fn is_alike(a: [u8; 3], b: [u8; 3]) -> bool {
    (0..3).all(|c| a[c].abs_diff(b[c]) <= 12)
}

/// What is known of the columns and of the rows of a picture.
struct Lines {
    /// Of columns, then of rows.
    sides: [Side; 2],
}

struct Side {
    n: usize,
    /// Is a line of one colour, that of the corner?
    blank: Vec<bool>,
    /// How much a line differs from the one before.
    change: Vec<f64>,
}

impl Lines {
    fn of(picture: &Pixels) -> Lines {
        let (w, h) = (picture.width, picture.height);
        let corner = picture.at(0, 0);
        let differ = |a: [u8; 3], b: [u8; 3]| (0..3).map(|c| f64::from(a[c].abs_diff(b[c]))).sum::<f64>();
        let side = |n: usize, m: usize, at: &dyn Fn(usize, usize) -> [u8; 3]| Side {
            n,
            blank: (0..n).map(|i| (0..m).all(|j| is_alike(at(i, j), corner))).collect(),
            change: (0..n)
                .map(|i| (0..m).map(|j| differ(at(i, j), at(i.max(1) - 1, j))).sum::<f64>() / m as f64)
                .collect(),
        };
        Lines { sides: [side(w, h, &|i, j| picture.at(i, j)), side(h, w, &|i, j| picture.at(j, i))] }
    }

    /// Samples of a usual side between lines of one colour.
    fn usual(&self) -> Option<Tiling> {
        // A picture that is all of one colour has such lines everywhere.
        if self.sides.iter().all(|side| side.blank.iter().all(|blank| *blank)) {
            return None;
        }
        let fits = |size: usize, gap: usize| self.between((size, size), gap, true).filter(Tiling::is_sheet);
        [2, 0, 1, 4].into_iter().find_map(|gap| USUAL.into_iter().find_map(|size| fits(size, gap)))
    }

    /// Samples of a given size: between lines of one colour if there are any.
    fn of_size(&self, size: (usize, usize)) -> Option<Tiling> {
        let gaps = || [2, 0, 1].into_iter().chain(3..=16);
        gaps()
            .find_map(|gap| self.between(size, gap, true))
            .or_else(|| self.gaps().filter(|found| found.width == size.0 && found.height == size.1))
            .or_else(|| gaps().find_map(|gap| self.between(size, gap, false)))
    }

    /// Samples of a size with gaps between them, and around them or not.
    fn between(&self, size: (usize, usize), gap: usize, must_be_blank: bool) -> Option<Tiling> {
        let starts = |side: &Side, size: usize, edge: usize| {
            if side.n < size + 2 * edge || !(side.n + gap - 2 * edge).is_multiple_of(size + gap) {
                return None;
            }
            let starts: Vec<usize> =
                (edge..).step_by(size + gap).take_while(|at| at + size <= side.n).collect();
            let is_blank = |at: &usize| match gap {
                0 => *at == 0 || side.blank[*at] && side.blank[at - 1],
                _ => (at.saturating_sub(gap)..*at).all(|line| side.blank[line]),
            };
            (!must_be_blank || starts.iter().all(is_blank)).then_some(starts)
        };
        let at = |edge| {
            Tiling::at(size, &starts(&self.sides[0], size.0, edge)?, &starts(&self.sides[1], size.1, edge)?)
        };
        at(gap).or_else(|| at(0))
    }

    /// Samples of one size, whatever it is, between lines of the corner's colour.
    fn gaps(&self) -> Option<Tiling> {
        let [columns, rows] = [0, 1].map(|i| self.sides[i].runs());
        let size = |runs: &[(usize, usize)]| {
            let (least, most) = (runs.iter().map(|run| run.1).min()?, runs.iter().map(|run| run.1).max()?);
            (least >= LEAST && most <= least + 1).then_some(least)
        };
        let starts = |runs: &[(usize, usize)]| runs.iter().map(|run| run.0).collect::<Vec<_>>();
        Tiling::at((size(&columns)?, size(&rows)?), &starts(&columns), &starts(&rows))
            .filter(Tiling::is_sheet)
    }

    /// Samples side by side, told by seams.
    fn seams(&self) -> Option<Tiling> {
        let [wide, tall] = &self.sides;
        let sizes = (LEAST..wide.n.max(tall.n)).filter(|size| wide.n % size == 0 && tall.n % size == 0);
        let found: Vec<(usize, f64)> =
            sizes.map(|size| (size, wide.seam(size).min(tall.seam(size)))).collect();
        let best = found.iter().map(|one| one.1).fold(0.0, f64::max);
        let size = found.iter().find(|one| one.1 >= 0.8 * best && one.1 >= SEAM)?.0;
        self.between((size, size), 0, false).filter(Tiling::is_sheet)
    }
}

impl Side {
    /// Where stretches of lines begin that are not blank, and how long they are.
    fn runs(&self) -> Vec<(usize, usize)> {
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for (i, blank) in self.blank.iter().enumerate() {
            match runs.last_mut() {
                _ if *blank => {}
                Some((start, len)) if *start + *len == i => *len += 1,
                _ => runs.push((i, 1)),
            }
        }
        runs
    }

    /// How much more lines differ at each multiple of a size than elsewhere; a side of one sample has no seam to differ.
    fn seam(&self, size: usize) -> f64 {
        let mean = |is_seam: bool| {
            let some = (1..self.n).filter(|i| i.is_multiple_of(size) == is_seam);
            let (sum, n) = some.fold((0.0, 0usize), |(sum, n), i| (sum + self.change[i], n + 1));
            sum / n.max(1) as f64
        };
        if self.n == size { f64::INFINITY } else { mean(true) / mean(false).max(1e-9) }
    }
}

impl Tiling {
    fn at((width, height): (usize, usize), columns: &[usize], rows: &[usize]) -> Option<Tiling> {
        let corners: Vec<(usize, usize)> =
            rows.iter().flat_map(|row| columns.iter().map(|column| (*column, *row))).collect();
        (!corners.is_empty()).then_some(Tiling { width, height, corners })
    }

    fn is_sheet(&self) -> bool {
        self.corners.len() >= FEWEST
    }

    /// Without the places at the end that no sample fills.
    fn without_blanks(mut self, picture: &Pixels) -> Tiling {
        let corner = picture.at(0, 0);
        let is_blank = |&(left, top): &(usize, usize)| {
            (top..top + self.height)
                .all(|y| (left..left + self.width).all(|x| is_alike(picture.at(x, y), corner)))
        };
        let filled =
            self.corners.iter().rposition(|at| !is_blank(at)).map_or(self.corners.len(), |at| at + 1);
        // In the last row only: samples that are all black are samples.
        let last = self.corners.iter().filter(|at| at.1 != self.corners[self.corners.len() - 1].1).count();
        self.corners.truncate(filled.max(last + 1).min(self.corners.len()));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sheet whose samples are made by a function of their number and place, on paper of a colour.
    fn sheet(
        (columns, n): (usize, usize),
        (w, h): (usize, usize),
        gap: usize,
        edge: usize,
        paper: u8,
        pixel: fn(usize, usize, usize) -> u8,
    ) -> Pixels {
        let rows = n.div_ceil(columns);
        let (width, height) = (columns * (w + gap) - gap + 2 * edge, rows * (h + gap) - gap + 2 * edge);
        let mut rgb = vec![paper; 3 * width * height];
        for i in 0..n {
            let (left, top) = (edge + i % columns * (w + gap), edge + i / columns * (h + gap));
            for (y, x) in (0..h).flat_map(|y| (0..w).map(move |x| (y, x))) {
                let start = 3 * ((top + y) * width + left + x);
                rgb[start..start + 3].fill(pixel(i, x, y));
            }
        }
        Pixels { width, height, rgb }
    }

    /// Smooth, and unlike its neighbours.
    fn smooth(i: usize, x: usize, y: usize) -> u8 {
        (40 + i * 53 % 130 + x + y) as u8
    }

    /// A stroke on black that leaves the edges free.
    fn stroke(i: usize, x: usize, y: usize) -> u8 {
        let is_in = |at: usize| (4..24).contains(&at);
        if is_in(x) && is_in(y) && (x + i * y) % 7 < 3 { 250 } else { 0 }
    }

    fn check(picture: &Pixels, asked: Option<(usize, usize)>, expected: Option<(usize, usize, usize)>) {
        let found = tiling(picture, asked);
        assert_eq!(found.as_ref().map(|it| (it.width, it.height, it.corners.len())), expected, "{found:?}");
        if let Some(found) = found {
            assert_eq!(picture.cut(&found).len(), 3 * found.width * found.height * found.corners.len());
        }
    }

    #[test]
    fn sheets_of_the_usual_programs_are_told() {
        // PyTorch's save_image, of photographs and of digits; with a row that is not full; without a gap.
        check(&sheet((8, 64), (64, 64), 2, 2, 0, smooth), None, Some((64, 64, 64)));
        check(&sheet((8, 64), (28, 28), 2, 2, 0, stroke), None, Some((28, 28, 64)));
        check(&sheet((8, 20), (32, 32), 2, 2, 0, smooth), None, Some((32, 32, 20)));
        check(&sheet((8, 64), (28, 28), 0, 0, 0, stroke), None, Some((28, 28, 64)));
        check(&sheet((8, 64), (64, 64), 0, 0, 0, smooth), None, Some((64, 64, 64)));
        // Figures of Matplotlib: white paper, and no usual side.
        check(&sheet((5, 25), (77, 77), 19, 60, 255, stroke), None, Some((77, 77, 25)));
        check(&sheet((4, 8), (60, 90), 5, 5, 255, smooth), None, Some((60, 90, 8)));
    }

    #[test]
    fn a_picture_that_is_no_sheet_is_one_sample() {
        check(&sheet((1, 1), (64, 64), 0, 0, 0, smooth), None, Some((64, 64, 1)));
        check(&sheet((1, 1), (32, 48), 0, 0, 0, |_, _, _| 7), None, Some((32, 48, 1)));
    }

    #[test]
    fn a_size_that_is_given_is_taken_or_refused() {
        check(&sheet((8, 64), (30, 20), 3, 3, 9, smooth), Some((30, 20)), Some((30, 20, 64)));
        check(&sheet((4, 8), (30, 20), 0, 0, 0, |_, _, _| 7), Some((30, 20)), Some((30, 20, 8)));
        check(&sheet((8, 64), (64, 64), 2, 2, 0, smooth), Some((60, 60)), None);
    }

    #[test]
    fn black_samples_are_samples() {
        let black = sheet((8, 16), (32, 32), 2, 2, 0, |_, _, _| 0);
        check(&black, Some((32, 32)), Some((32, 32, 16)));
    }
}
