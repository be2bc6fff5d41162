//! Which scores and which extractor are asked for, with their fields.

use ganatomy_record::{Entry, RunSpec, nearest};
use ganatomy_score::density_coverage::DensityCoverage;
use ganatomy_score::extract::{ExtractorSpec, Place, best_first};
use ganatomy_score::frechet::Frechet;
use ganatomy_score::prd::Prd;
use ganatomy_score::{Known, Score, ScoreError};
use ganatomy_train::Registry;
use ganatomy_view::Words;

use super::Wrong;
use crate::cli::failure::Failure;

/// The scores that are asked for.
pub(super) struct Scores {
    pub all: Vec<(String, Box<dyn Score>)>,
    /// Whether they were named.
    is_named: bool,
    /// The Fréchet distance as set.
    fid: Option<Frechet>,
}

const FID: &str = "fid";

/// The scores that a page has pictures of.
pub(super) struct ForPage {
    pub prd: Option<Prd>,
    pub coverage: Option<DensityCoverage>,
}

impl Scores {
    /// Those named, or all, with the fields that are set; refuses fields of what is not there.
    pub fn read(spec: &RunSpec, names: &[String], registry: &Registry) -> Result<Scores, Failure> {
        let known: Vec<&str> = registry.scores.iter().map(Entry::name).collect();
        if let Some(name) = names.iter().find(|name| !known.contains(&name.as_str())) {
            return Err(Failure::request(no_such("score", name, &known)));
        }
        let mut root = spec.root();
        let (mut all, mut fid): (Vec<(String, Box<dyn Score>)>, _) = (Vec::new(), None);
        for entry in &registry.scores {
            let mut own = root.table(entry.name(), entry.doc()).map_err(Failure::request)?;
            let score = entry.read(&mut own).map_err(Failure::request)?;
            if entry.name() == FID {
                fid = Some(Frechet::read(&mut own).map_err(Failure::request)?);
            }
            root.resolved(entry.name(), own.finish().map_err(Failure::request)?);
            if names.is_empty() || names.iter().any(|name| name == entry.name()) {
                all.push((entry.name().to_owned(), score));
            }
        }
        for entry in &registry.extractors {
            let mut own = root.table(entry.name(), entry.doc()).map_err(Failure::request)?;
            entry.read(&mut own).map_err(Failure::request)?;
            root.resolved(entry.name(), own.finish().map_err(Failure::request)?);
        }
        root.finish().map_err(Failure::request)?;
        Ok(Scores { all, is_named: !names.is_empty(), fid })
    }

    /// Of those that a page has pictures of, what is asked for, as set.
    pub fn for_page(&self, spec: &RunSpec, registry: &Registry) -> Result<ForPage, Failure> {
        let has = |name: &str| self.all.iter().any(|(known, _)| known == name);
        let fields = |name: &str| {
            let row = registry.scores.iter().find(|row| row.name() == name).filter(|_| has(name));
            row.map(|row| spec.root().table(name, row.doc())).transpose().map_err(Failure::request)
        };
        Ok(ForPage {
            prd: fields("prd")?.map(|mut f| Prd::read(&mut f)).transpose().map_err(Failure::request)?,
            coverage: fields("density-coverage")?
                .map(|mut f| DensityCoverage::read(&mut f))
                .transpose()
                .map_err(Failure::request)?,
        })
    }

    /// The Fréchet distance as set, where nothing else is asked for.
    pub fn alone(&self) -> Option<Frechet> {
        self.fid.filter(|_| matches!(self.all.as_slice(), [(name, _)] if name == FID))
    }

    /// Does any of them want held-out items?
    pub fn want_held_out(&self, known: &Known) -> bool {
        let without = Known { n_held_out: None, ..*known };
        self.all.iter().any(|(_, score)| score.check(&without).is_err())
    }

    /// Those that can be given with so many items, and why others cannot; one that was named must be.
    pub fn fitting(mut self, known: &Known) -> Result<(Scores, Vec<Words>), Failure> {
        let (mut all, mut notes) = (Vec::new(), Vec::new());
        for (name, score) in std::mem::take(&mut self.all) {
            match score.check(known) {
                Ok(()) => all.push((name, score)),
                Err(error) if self.is_named => return Err(Failure::request(error)),
                Err(error) => notes.push(left_out(&error)),
            }
        }
        Ok((Scores { all, ..self }, notes))
    }
}

/// Why a score is left out.
fn left_out(error: &ScoreError) -> Words {
    let in_korean = match error {
        ScoreError::TooFew { score, side, needed, found } => {
            let side = match *side {
                "real" => "실제",
                "generated" => "생성",
                "held-out" => "따로 둔 실제",
                other => other,
            };
            format!("{score}에는 {side} 항목이 {needed}개 이상 있어야 하는데 {found}개입니다")
        }
        ScoreError::Missing { score: "inception", .. } => {
            "inception에는 클래스가 있는 특징 추출기의 클래스 확률이 있어야 합니다".to_owned()
        }
        ScoreError::Missing { score: "memorised", .. } => {
            "memorised에는 따로 둔 실제 항목이 있어야 합니다".to_owned()
        }
        other => other.to_string(),
    };
    Words::of(format!("left out: {error}"), format!("빠짐: {in_korean}"))
}

/// The extractor that is asked for, or the best that applies, with its name.
pub(super) fn extractor(
    spec: &RunSpec,
    asked: Option<&str>,
    registry: &Registry,
    place: &Place<'_>,
) -> Result<(String, Box<dyn ExtractorSpec>), Failure> {
    let rows = &registry.extractors;
    let known: Vec<&str> = rows.iter().map(Entry::name).collect();
    let read = |entry: &Entry<dyn ExtractorSpec>| {
        let mut root = spec.root();
        let mut own = root.table(entry.name(), entry.doc()).map_err(Failure::request)?;
        entry.read(&mut own).map_err(Failure::request)
    };
    if let Some(name) = asked {
        let entry = rows.iter().find(|row| row.name() == name);
        let built = read(entry.ok_or_else(|| Failure::request(no_such("extractor", name, &known)))?)?;
        return match built.refusal(place) {
            Some(why) => Err(Failure::request(Wrong::Extractor { name: name.to_owned(), why })),
            None => Ok((name.to_owned(), built)),
        };
    }
    for entry in best_first(rows) {
        let built = read(entry)?;
        if built.refusal(place).is_none() {
            return Ok((entry.name().to_owned(), built));
        }
    }
    Err(Failure::request(no_such("extractor", "", &known)))
}

fn no_such(kind: &'static str, name: &str, known: &[&str]) -> Wrong {
    let nearest = nearest(name, known.iter().copied()).map(str::to_owned);
    Wrong::NoSuch {
        kind,
        name: name.to_owned(),
        nearest,
        known: known.iter().map(|&name| name.to_owned()).collect(),
    }
}
