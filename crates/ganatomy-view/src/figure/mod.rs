//! Figures: charts as data, which become a drawing (SVG, PNG) or an interactive chart of a page.

mod clouds;
mod draw;
mod interactive;
mod layout;
mod marks;

pub use draw::figure_drawing;
pub(crate) use interactive::chart_json;

use crate::Words;

/// A chart, or several side by side.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figure {
    /// Written above all charts.
    pub title: Words,
    /// What the charts show.
    pub charts: Vec<Chart>,
    /// The charts are moments of one thing: a page shows one at a time, with a slider.
    pub stepped: bool,
}

impl Figure {
    /// One chart under its own title.
    pub fn one(title: impl Into<Words>, chart: Chart) -> Figure {
        Figure { title: title.into(), charts: vec![chart], stepped: false }
    }

    /// Several charts side by side.
    pub fn row(title: impl Into<Words>, charts: Vec<Chart>) -> Figure {
        Figure { title: title.into(), charts, stepped: false }
    }

    /// Moments of one thing, in order; the title of each chart says which.
    pub fn steps(title: impl Into<Words>, charts: Vec<Chart>) -> Figure {
        Figure { title: title.into(), charts, stepped: true }
    }
}

/// Layers over two axes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chart {
    /// Written above the chart; may be empty if it is the only one of its figure.
    pub title: Words,
    /// Across.
    pub x: Scale,
    /// Up.
    pub y: Scale,
    /// Later layers cover earlier ones.
    pub layers: Vec<Layer>,
    /// x and y have the same length of a unit.
    pub square: bool,
}

impl Chart {
    /// A chart without layers yet.
    pub fn new(x: Scale, y: Scale) -> Chart {
        Chart { x, y, ..Chart::default() }
    }

    /// The same under a title.
    pub fn titled(mut self, title: impl Into<Words>) -> Chart {
        self.title = title.into();
        self
    }

    /// The same with x and y of the same scale.
    pub fn squared(mut self) -> Chart {
        self.square = true;
        self
    }

    /// The same with one more layer on top. The legend names it, unless the name is empty.
    pub fn with(mut self, name: impl Into<Words>, hue: Hue, shape: Shape) -> Chart {
        self.layers.push(Layer { name: name.into(), hue, shape });
        self
    }
}

/// An axis.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scale {
    /// What is measured, and its unit.
    pub name: Words,
    /// Logarithmic; zero and negative values are not shown.
    pub log: bool,
    /// The ends; by default those of the data, and a little more.
    pub range: Option<[f64; 2]>,
    /// Names of the whole numbers from zero on, for an axis of things.
    pub labels: Vec<Words>,
}

impl Scale {
    /// A linear axis.
    pub fn of(name: impl Into<Words>) -> Scale {
        Scale { name: name.into(), ..Scale::default() }
    }

    /// A logarithmic axis.
    pub fn log(name: impl Into<Words>) -> Scale {
        Scale { log: true, ..Scale::of(name) }
    }

    /// The same between two ends.
    pub fn within(self, low: f64, high: f64) -> Scale {
        Scale { range: Some([low, high]), ..self }
    }

    /// An axis of names.
    pub fn names(name: impl Into<Words>, labels: impl IntoIterator<Item = impl Into<Words>>) -> Scale {
        let labels: Vec<Words> = labels.into_iter().map(Into::into).collect();
        let range = Some([-0.5, labels.len() as f64 - 0.5]);
        Scale { labels, range, ..Scale::of(name) }
    }
}

/// One kind of mark.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// In the legend, unless it is empty.
    pub name: Words,
    /// Its colour.
    pub hue: Hue,
    /// What is drawn.
    pub shape: Shape,
}

/// What a colour means. All are safe for colour-blind eyes (Okabe and Ito 2008).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hue {
    /// Points of the data: blue.
    Real,
    /// Points of the generator: vermilion.
    Fake,
    /// The n-th line of a chart, counted from 0; the colours repeat after six.
    Nth(usize),
    /// The background: grey.
    Quiet,
    /// What theory says: the colour of the text.
    Theory,
}

/// What a layer draws. Coordinates that are not finite leave a gap.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A line through points.
    Line(Vec<[f64; 2]>),
    /// The same in dashes: theory, or a mark to compare with.
    Dashes(Vec<[f64; 2]>),
    /// Between two lines: x, low, high.
    Band(Vec<[f64; 3]>),
    /// Dots of a radius in pixels.
    Dots(Vec<[f64; 2]>, f64),
    /// Upright bars: x and height, of a width in units of x.
    Bars(Vec<[f64; 2]>, f64),
    /// Lying intervals with a dot: y, low, middle, high.
    Intervals(Vec<[f64; 4]>),
    /// Upright intervals with a dot: x, low, middle, high.
    Whiskers(Vec<[f64; 4]>),
    /// Arrows: from x, y along dx, dy.
    Arrows(Vec<[f64; 4]>),
    /// A surface in colours.
    Heat(Heat),
}

/// A surface over a grid.
#[derive(Clone, Debug, PartialEq)]
pub struct Heat {
    /// The middles of the columns, ascending and evenly spaced.
    pub x: Vec<f64>,
    /// The middles of the rows, ascending and evenly spaced.
    pub y: Vec<f64>,
    /// Row by row, from the first y; not finite where the value is unknown.
    pub z: Vec<f64>,
    /// What the colours mean, with its unit.
    pub unit: Words,
    /// Which colours.
    pub colours: Colours,
    /// The ends of the colour scale; by default those of the data.
    pub range: Option<[f64; 2]>,
    /// Write each value into its cell.
    pub numbers: bool,
}

/// A colour scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colours {
    /// From orange (fake) over white to blue (real): D(x) from 0 to 1, and other values with a middle.
    Diverging,
    /// Cividis: from dark blue to yellow, for amounts (Nunez et al. 2018).
    Amount,
}

/// Points of a function at `n` evenly spaced places.
pub fn sampled(from: f64, to: f64, n: usize, function: impl Fn(f64) -> f64) -> Vec<[f64; 2]> {
    let at = |i: usize| from + (to - from) * i as f64 / (n.max(2) - 1) as f64;
    (0..n).map(|i| [at(i), function(at(i))]).collect()
}
