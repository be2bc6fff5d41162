//! `ganatomy score`: how good samples are, against data.

mod array;
mod chosen;
mod drawn;
mod features;
mod page;
mod passed;
mod report;
mod resize;
mod side;

use std::path::PathBuf;

use clap::Args;
use ganatomy_data::{DataContext, Dataset};
use ganatomy_record::RunSpec;
use ganatomy_score::extract::Place;
use ganatomy_score::{Known, Sides};
use ganatomy_tensor::Cpu;
use ganatomy_train::Registry;
use ganatomy_view::Words;

use self::chosen::Scores;
use self::drawn::{Asking, Drawn, OTHER};
use self::report::{Made, Origin, Report};
use self::resize::Resize;
use self::side::{Asked, Opening, Side};
use super::failure::Failure;
use super::screen::Screen;
use super::sink::Preparing;
use super::text::{at_least_one, whole_number};
use super::{places, screen};

/// Score samples against data: Fréchet distance, KID, precision, recall, coverage and more, with all that they depend on.
///
/// Samples and data are each a run (its averaged generator draws), RUN@STEP or RUN@best, a folder of images, an .npy, .npz
/// (FILE.npz:NAME of several arrays) or .safetensors file of samples or features, or a data set such as mnist or mnist:held-out.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  ganatomy score runs/mnist-0 --against mnist --n 5000\n\n\
    `ganatomy list score` and `ganatomy list extractor` name what there is; `ganatomy explain fid` tells what one sees.")]
pub(super) struct Score {
    /// The samples.
    samples: String,
    /// The data.
    #[arg(long, value_name = "DATA")]
    against: String,
    /// Items of each side [default: 10,000, or as many as there are].
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = at_least_one)]
    n: Option<u64>,
    /// Only these scores, such as fid,precision-recall [default: all that apply].
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    scores: Vec<String>,
    /// What makes the features: pixels, random, classifier [default: the last of these that applies], or onnx:FILE. Arrays
    /// [n, features] are features already and need none.
    #[arg(long, value_name = "NAME")]
    extractor: Option<String>,
    /// Set a field of a score or of the extractor, such as precision-recall.k=3; may be repeated.
    #[arg(long, value_name = "NAME.FIELD=VALUE")]
    set: Vec<String>,
    /// The same seed draws the same items, subsets and clusters.
    #[arg(long, value_name = "N", default_value_t = 0, allow_negative_numbers = true, value_parser = whole_number)]
    seed: u64,
    /// Height and width at which two folders of images are read; beside another side its own are taken [default: 64].
    #[arg(long, value_name = "PIXELS", value_parser = at_least_one)]
    size: Option<u64>,
    /// How folders of images come to their size [default: clean].
    #[arg(long, value_enum, value_name = "HOW")]
    resize: Option<Resize>,
    /// Leave out images that cannot be read, and say how many, instead of stopping.
    #[arg(long)]
    skip_unreadable: bool,
    /// Use a run's latest weights rather than their running average.
    #[arg(long)]
    no_ema: bool,
    /// The folder of the user's data, where data sets are read.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Threads [default: one for each processor].
    #[arg(long, value_name = "N", value_parser = super::threads::thread_count)]
    threads: Option<u64>,
    /// Write a page too, one HTML file: the scores, the nearest real items beside samples, the PRD curve, coverage by class.
    #[arg(long, value_name = "FILE.html")]
    out: Option<PathBuf>,
    /// Print JSON: {"generated": {"from", "split", "hash", "n", "from_cache"}, "real", "extractor", "resize", "seed", "scores": {SCORE: {NUMBER: {"value", "spread",
    /// "real_against_real", "direction"}}}, "notes"}.
    #[arg(long)]
    json: bool,
}

/// A request that cannot be met.
#[derive(Debug, thiserror::Error)]
pub(super) enum Wrong {
    #[error("{asked} is no run, no folder of images, no .npy, .npz or .safetensors file and no data set{}; the data sets are {}, and NAME:held-out is the test part of one",
        nearest.as_ref().map(|name| format!("; did you mean {name}?")).unwrap_or_default(), known.join(", "))]
    Unknown { asked: String, nearest: Option<String>, known: Vec<String> },
    #[error("a run's checkpoint is RUN@STEP, RUN@best or RUN@latest, found {asked}")]
    Step { asked: String },
    #[error("the data set {name} has no held-out part")]
    NoHeldOut { name: String },
    #[error("cannot use {} as samples: {why}", path.display())]
    Array { path: PathBuf, why: String },
    #[error("both sides need items of one shape, found {generated:?} of {a} and {real:?} of {b}")]
    Shapes { a: String, b: String, generated: Vec<usize>, real: Vec<usize> },
    #[error(
        "a folder of images is read as squares of 1 or 3 channels, but items of the other side have shape {found:?}"
    )]
    Folder { found: Vec<usize> },
    #[error("--size {size} does not go with items of shape {found:?}; it is for two folders of images")]
    Size { size: u64, found: Vec<usize> },
    #[error("--resize is for folders of images, and neither side is one")]
    Resize,
    #[error("--n must be from 2 to {most}, since {whose} has so many items, found {n}")]
    Number { n: u64, most: usize, whose: String },
    #[error("there is no {kind} \"{name}\"{}; there are {}", nearest.as_ref().map(|name| format!("; did you mean \"{name}\"?")).unwrap_or_default(), known.join(", "))]
    NoSuch { kind: &'static str, name: String, nearest: Option<String>, known: Vec<String> },
    #[error("a page is written as .html, found --out {}", out.display())]
    Page { out: PathBuf },
    #[error("the page {} cannot be written: {why}", out.display())]
    Place { out: PathBuf, why: String },
    #[error(
        "features made elsewhere are given as the sides themselves, an array [n, features] of each, without --extractor: ganatomy score THEIRS.npy --against OURS.npy; found --extractor npy:{file}"
    )]
    MadeElsewhere { file: String },
    #[error("the extractor {name} {why}")]
    Extractor { name: String, why: String },
}

/// What a file follows where it is the extractor.
const ONNX: &str = "onnx:";
/// Here, unlike in training, ten distances more are not dear.
const SPREAD: &str = "[fid]\ngroups = 10\n";
/// Items of a side unless --n says otherwise.
const USUAL: usize = 10_000;

impl Score {
    pub(super) fn run(&self, registry: &Registry) -> Result<(), Failure> {
        self.out.as_deref().map_or(Ok(()), page::check)?;
        if let Some(file) = self.extractor.as_deref().and_then(|name| name.strip_prefix("npy:")) {
            return Err(Failure::request(Wrong::MadeElsewhere { file: file.to_owned() }));
        }
        let screen = Screen::new();
        let cpu = Cpu::new(super::threads::threads(self.threads));
        let progress = Preparing::new(&screen, None);
        let cache_dir = places::cache();
        let context = DataContext {
            data_dir: self.data.clone(),
            cache_dir,
            threads: cpu.threads(),
            progress: &progress,
        };
        // Real against real goes without a spread of its own.
        let plain = Scores::read(&self.spec("")?, &self.scores, registry)?;
        let spec = self.spec(SPREAD)?;
        let scores = Scores::read(&spec, &self.scores, registry)?;
        let (generated, real) =
            self.open(&Opening { score: self, registry, context: &context, cpu: &cpu })?;
        let n = self.number(&generated, &real)?;
        let place = Place {
            item: real.item(),
            data: real.set(),
            cpu: &cpu,
            cache_dir: &context.cache_dir,
            progress: &progress,
        };
        let (name, extractor) = chosen::extractor(&spec, self.extractor(), registry, &place)?;
        let kept = held_out(&real, n);
        let n_held_out = kept.as_ref().map(|(n, _)| *n);
        let known = Known { n_real: n, n_generated: n, n_held_out, is_classified: extractor.has_classes() };
        let (scores, notes) = scores.fitting(&known)?;
        let (plain, _) = plain.fitting(&known)?;
        let mut built = extractor.build(&place).map_err(Failure::run)?;
        let asked = Asking { sides: [&generated, &real], n, seed: self.seed };
        let made = Made { name, hash: built.hash(), dims: built.dims() };
        let origins = [origin(&generated, n), origin(&real, n)];
        let mut report = Report::new(origins, made, self.resized(&generated, &real), self.seed, notes);
        let alone = scores.alone().zip(plain.alone()).filter(|_| self.out.is_none());
        if let Some(both) = alone.filter(|_| asked.can_pass(built.dims())) {
            passed::score(both, &mut *built, &asked, &place, &mut report)?;
            return self.tell(&report);
        }
        let kept = kept.filter(|_| scores.want_held_out(&known));
        let drawn = Drawn::draw(&mut *built, &asked, kept, &place)?;
        [report.generated.from_cache, report.real.from_cache] = [drawn.fake.is_kept, drawn.all.is_kept];
        let (sides, floor) = drawn.sides(self.seed)?;
        self.fill(&mut report, [&scores, &plain], &asked, [&sides, &floor], &cpu)?;
        // What was found is told before anything else can fail.
        self.tell(&report)?;
        if let Some(out) = &self.out {
            let (pages, sides) = (scores.for_page(&spec, registry)?, [&sides, &floor]);
            let found = page::Found { report: &report, pages, drawn: &drawn, sides, seed: self.seed };
            found.write(out, [&generated, &real], &cpu)?;
            screen.line(&format!("{} holds the scores as a page", out.display()));
        }
        Ok(())
    }

    /// The extractor that is named, without its file.
    fn extractor(&self) -> Option<&str> {
        self.extractor.as_deref().map(|name| if name.starts_with(ONNX) { "onnx" } else { name })
    }

    fn tell(&self, report: &Report) -> Result<(), Failure> {
        if self.json { screen::print_json(report) } else { screen::print(&report.to_text()) }
    }

    /// What is set, beside what is so unless it is set.
    fn spec(&self, usual: &str) -> Result<RunSpec, Failure> {
        let mut spec = RunSpec::parse(usual, "--set").map_err(Failure::request)?;
        if let Some(file) = self.extractor.as_deref().and_then(|name| name.strip_prefix(ONNX)) {
            let file = toml::Value::String(file.to_owned());
            spec.set(&format!("onnx.file={file}")).map_err(Failure::request)?;
        }
        super::spec::apply(&mut spec, &self.set).map_err(Failure::request)?;
        Ok(spec)
    }

    /// Scores generated against real items, and real ones against each other.
    fn fill(
        &self,
        report: &mut Report,
        [scores, plain]: [&Scores; 2],
        asked: &Asking<'_>,
        [sides, floor]: [&Sides<'_>; 2],
        cpu: &Cpu,
    ) -> Result<(), Failure> {
        for ((name, score), (_, plain)) in scores.all.iter().zip(&plain.all) {
            let values = score.score(sides, cpu).map_err(Failure::run)?;
            let best = match plain.check(&floor.known()) {
                Ok(()) => plain.score(floor, cpu).map_err(Failure::run)?,
                Err(_) => Vec::new(),
            };
            report.add(name, values, &best);
        }
        let (n, dims) = (asked.n, report.extractor.dims);
        if n <= dims && report.scores.contains_key("fid") {
            report.notes.push(Words::of(
                format!(
                    "fid of {n} items a side and {dims} features is mostly bias: compare it with real against real, or take more than {dims} items"
                ),
                format!(
                    "한쪽에 항목 {n}개, 특징 {dims}개인 fid는 대부분이 편향입니다. 실제 대 실제와 비교하거나 항목을 {dims}개보다 많이 쓰세요"
                ),
            ));
        }
        asked.note_halves(&mut report.notes);
        Ok(())
    }

    /// Both sides; folders of images are read at the size of the other one.
    fn open(&self, opening: &Opening<'_>) -> Result<(Side, Side), Failure> {
        let (a, b) = (opening.ask(&self.samples)?, opening.ask(&self.against)?);
        let shape = a.item().or(b.item()).map(<[usize]>::to_vec);
        if let (Some(size), Some(found)) = (self.size, &shape)
            && found.first() != Some(&(size as usize))
        {
            return Err(Failure::request(Wrong::Size { size, found: found.clone() }));
        }
        let is_images = |asked: &Asked| matches!(asked, Asked::Images(_));
        if self.resize.is_some() && !is_images(&a) && !is_images(&b) {
            return Err(Failure::request(Wrong::Resize));
        }
        let size = match (&a, &b, shape) {
            (Asked::Open(_), Asked::Open(_), _) => None,
            (_, _, None) => Some([self.size.unwrap_or(64) as usize, 3]),
            (_, _, Some(shape)) => match *shape.as_slice() {
                [h, w, c @ (1 | 3)] if h == w => Some([h, c]),
                _ => return Err(Failure::request(Wrong::Folder { found: shape })),
            },
        };
        let open = |asked| match (asked, size) {
            (Asked::Images(path), Some(size)) => opening.images(&path, size),
            (Asked::Images(path), None) => {
                Err(Failure::request(Wrong::Folder { found: vec![path.iter().count()] }))
            }
            (Asked::Open(side), _) => Ok(side),
        };
        let (generated, real) = (open(a)?, open(b)?);
        match generated.item() == real.item() {
            true => Ok((generated, real)),
            false => Err(Failure::request(Wrong::Shapes {
                a: self.samples.clone(),
                b: self.against.clone(),
                generated: generated.item().to_vec(),
                real: real.item().to_vec(),
            })),
        }
    }

    /// How many items of each side.
    fn number(&self, generated: &Side, real: &Side) -> Result<usize, Failure> {
        let sides = [(generated, &self.samples), (real, &self.against)];
        let few = sides.iter().filter_map(|(side, name)| Some((side.n_items()?, (*name).clone()))).min();
        match (self.n, few) {
            (None, few) => Ok(few.map_or(USUAL, |(most, _)| most.min(USUAL))),
            (Some(n), Some((most, whose))) if n < 2 || n > most as u64 => {
                Err(Failure::request(Wrong::Number { n, most, whose }))
            }
            (Some(n), None) if n < 2 => {
                Err(Failure::request(Wrong::Number { n, most: usize::MAX, whose: "no side".to_owned() }))
            }
            (Some(n), _) => Ok(n as usize),
        }
    }

    /// How images came to their size.
    fn resized(&self, generated: &Side, real: &Side) -> Words {
        let is_folder = [generated, real].iter().any(|side| side.is_folder());
        match real.item() {
            [h, w, _] if is_folder => {
                let how = self.resize.unwrap_or_default().said();
                Words::of(
                    format!("folders: centred squares to {h} x {w}, {}", how.en),
                    format!("폴더: 가운데 정사각형을 {h} x {w}로, {}", how.ko),
                )
            }
            _ => Words::new("none", "없음"),
        }
    }
}

/// The held-out part beside the real side, if that is what was trained on, and how many of it.
fn held_out(real: &Side, n: usize) -> Option<(usize, Box<dyn Dataset>)> {
    let set = real.set().filter(|_| real.split() == "training")?.held_out()?;
    Some((set.n_items().map_or(n, |most| most.min(n)), set))
}

/// What a side is; features that are made now.
fn origin(side: &Side, n: usize) -> Origin {
    let from_cache = false;
    Origin { from: side.said(), split: side.split(), hash: side.hash(), n, from_cache }
}
