//! Samples beside the real items that are nearest to them.

use ganatomy_score::neighbours::{nearest_row, nearest_rows, spacing};
use ganatomy_tensor::Cpu;
use ganatomy_view::Words;
use ganatomy_view::page::{Exhibit, Gallery, Tile};

use super::{Found, Part};
use crate::cli::failure::Failure;
use crate::cli::score::OTHER;
use crate::cli::score::side::Side;
use crate::cli::text::{brief, whole};

/// Samples that are shown as they were drawn.
const DRAWN: usize = 6;
/// Samples that are shown because no other is as near to a real item.
const CLOSEST: usize = 4;
/// Real items beside each.
const NEIGHBOURS: usize = 5;

/// The nearest real items to samples.
pub(super) struct Nearest {
    /// Of every sample: the place of the nearest real item, and its distance.
    pub all: Vec<(usize, f64)>,
    /// Samples that are shown, with their nearest real items.
    shown: Vec<(usize, Vec<(usize, f64)>)>,
    /// Images of the samples that are shown, and of their neighbours, one row after the other.
    images: [Vec<Vec<f32>>; 2],
    /// The median distance of a real item to the nearest other.
    spacing: f64,
    n_real: usize,
    labels: Vec<u32>,
}

impl Nearest {
    /// Searches among all real items that were drawn.
    pub fn of(found: &Found<'_>, [generated, real]: [&Side; 2], cpu: &Cpu) -> Result<Nearest, Failure> {
        let drawn = found.drawn;
        let (points, queries) = (drawn.all.part(0..drawn.all.n())?.0, drawn.fake.part(0..drawn.n)?.0);
        let all = nearest_row(points, queries, cpu).map_err(Failure::run)?;
        let mut order: Vec<usize> = (DRAWN.min(drawn.n)..drawn.n).collect();
        order.sort_by(|a, b| all[*a].1.total_cmp(&all[*b].1));
        let places = (0..DRAWN.min(drawn.n)).chain(order.into_iter().take(CLOSEST));
        let shown: Vec<(usize, Vec<(usize, f64)>)> =
            places.map(|i| (i, nearest_rows(points, queries.row(i), NEIGHBOURS))).collect();
        let images = match real.item().len() {
            3 => {
                let samples: Vec<usize> = shown.iter().map(|(i, _)| *i).collect();
                let near: Vec<usize> =
                    shown.iter().flat_map(|(_, near)| near.iter().map(|(i, _)| *i)).collect();
                let real = real.pick(drawn.all.n(), found.seed ^ OTHER, cpu, &near)?;
                [generated.pick(drawn.n, found.seed, cpu, &samples)?, real]
            }
            _ => [Vec::new(), Vec::new()],
        };
        let spacing = spacing(points, cpu).map_err(Failure::run)?;
        let labels = drawn.all.labels.clone();
        Ok(Nearest { all, shown, images, spacing, n_real: drawn.all.n(), labels })
    }

    /// The sheet, of images.
    pub fn part(&self, [_, real]: [&Side; 2]) -> Option<Part> {
        let shape = <[usize; 3]>::try_from(real.item()).ok()?;
        let names = real.set().map(|set| set.class_names()).unwrap_or_default();
        let told = |(place, distance): &(usize, f64)| {
            let label = self.labels.get(*place).and_then(|label| names.get(*label as usize));
            let distance = brief(*distance);
            match label {
                Some(name) => {
                    Words::of(format!("{distance}, class {name}"), format!("{distance}, 클래스 {name}"))
                }
                None => Words::both(distance),
            }
        };
        let mut real = self.images[1].iter();
        let mut rows = Vec::new();
        for (row, ((place, near), sample)) in self.shown.iter().zip(&self.images[0]).enumerate() {
            let name = match row < DRAWN {
                true => Words::of(format!("sample {}", place + 1), format!("샘플 {}", place + 1)),
                false => Words::of(
                    format!("sample {}, among the nearest", place + 1),
                    format!("샘플 {}, 가장 가까운 축", place + 1),
                ),
            };
            let neighbours = near.iter().zip(real.by_ref()).map(|(near, image)| Tile::of(image, told(near)));
            rows.push(std::iter::once(Tile::of(sample, name)).chain(neighbours).collect());
        }
        let ordinals =
            [("nearest", "1번째"), ("2nd", "2번째"), ("3rd", "3번째"), ("4th", "4번째"), ("5th", "5번째")];
        let columns = self.shown.first().map_or(0, |(_, near)| near.len());
        let head = std::iter::once(Words::new("sample", "샘플"))
            .chain(ordinals.into_iter().take(columns).map(Words::from));
        let gallery = Gallery { title: Words::NONE, head: head.collect(), shape, rows };
        Some(Part { text: self.text(), shows: vec![("nearest", Exhibit::Gallery(gallery))] })
    }

    fn text(&self) -> Words {
        let (n, spacing) = (whole(self.n_real as u64), brief(self.spacing));
        let first = self.shown.len().min(DRAWN);
        let copies = self.all.iter().filter(|(_, distance)| *distance == 0.0).count();
        let copies = whole(copies as u64);
        Words::of(
            format!(
                "## The nearest real items\n\nThe first {first} samples as they were drawn, then those that are nearest to any real item; beside \
                 each its nearest among the {n} real items drawn, with the distance of features (and the class). A real item has its nearest \
                 other real item at {spacing} (median): a sample much nearer than that is a copy. Samples at distance 0: \
                 {copies}.\n\n![](nearest)"
            ),
            format!(
                "## 가장 가까운 실제 항목\n\n처음 {first}개는 뽑힌 순서 그대로의 샘플이고, 그다음은 실제 항목에 가장 가까운 샘플들입니다. 각 샘플 옆에는 뽑힌 실제 항목 \
                 {n}개 가운데 가장 가까운 것들과 특징 공간의 거리(와 클래스)가 있습니다. 실제 항목에서 가장 가까운 다른 실제 항목까지의 거리는 중앙값으로 {spacing}입니다. \
                 이보다 훨씬 가까운 샘플은 복사본입니다. 거리 0인 샘플: {copies}개.\n\n![](nearest)"
            ),
        )
    }
}
