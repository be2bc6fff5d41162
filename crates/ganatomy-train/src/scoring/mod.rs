//! Scores of samples while training: what `[scores.NAME]` of a spec asks for, checked and put together.

mod watch;

use std::path::Path;
use std::sync::Arc;

use ganatomy_data::Silent;
use ganatomy_record::{Entry, Fields, RunSpec, SpecError};
use ganatomy_score::extract::{ExtractorSpec, Place, best_first};
use ganatomy_score::{Known, Score};
use ganatomy_tensor::Cpu;

use crate::probe::Asked;
use crate::registry::Registry;
use crate::rules::Rules;
use watch::Watch;

/// Items of each side unless the spec says otherwise.
const USUAL: usize = 2048;
/// The same of large items, which take long to make and to look at.
const USUAL_LARGE: usize = 400;
/// Numbers of an item beyond which it is large.
const LARGE: usize = 4096;
/// The kind of an extractor that is chosen by the data.
const BEST: &str = "best";
/// Readings of a score in a run, unless the spec says otherwise.
const READINGS: u64 = 20;

/// The scores that a spec asks for.
pub(crate) struct Scorings(Vec<Wanted>);

/// One score as asked for, before the data are known.
struct Wanted {
    name: String,
    score: Arc<dyn Score>,
    every_steps: u64,
    /// 0 for the usual number.
    n: usize,
    /// Was the extractor named?
    is_named: bool,
    /// The extractors to choose from, the first that applies.
    extractors: Vec<(String, Arc<dyn ExtractorSpec>)>,
    /// What was set of the extractor.
    set: String,
}

impl Scorings {
    /// Reads `[scores.NAME]` for every score whose table is written.
    pub fn read(root: &mut Fields<'_>, registry: &Registry, steps: u64) -> Result<Scorings, SpecError> {
        let doc = "scores of samples while training; writing a score's table turns it on";
        let mut fields = root.table("scores", doc)?;
        let mut all = Vec::new();
        for entry in &registry.scores {
            let name = entry.name();
            if fields.has(name) {
                let mut own = fields.table(name, entry.doc())?;
                all.push(Wanted::read(entry, &mut own, registry, steps)?);
                fields.resolved(name, own.finish()?);
            } else {
                fields.optional(name);
            }
        }
        root.resolved("scores", fields.finish()?);
        Ok(Scorings(all))
    }

    /// What reads them, once the data are known: scores of one cadence on the same features are read together.
    pub fn fit(self, spec: &RunSpec, rules: &Rules) -> Result<Vec<Asked>, SpecError> {
        let mut all: Vec<(String, Watch)> = Vec::new();
        for wanted in self.0.into_iter().filter(|wanted| wanted.every_steps > 0) {
            let (with, watch) = wanted.fit(spec, rules)?;
            match all.iter_mut().find(|(known, other)| *known == with && other.is_beside(&watch)) {
                Some((_, other)) => other.join(watch),
                None => all.push((with, watch)),
            }
        }
        Ok(all.into_iter().map(|(_, watch)| watch.asked()).collect())
    }
}

impl Wanted {
    fn read(
        entry: &Entry<dyn Score>,
        own: &mut Fields<'_>,
        registry: &Registry,
        steps: u64,
    ) -> Result<Wanted, SpecError> {
        let every = (steps / READINGS).max(1);
        let doc = "steps between readings of the score; 0 turns it off";
        let every_steps = own.count("every_steps", doc, every, 0..=1_000_000_000)?;
        let doc = "items of each side; 0 for 2048, or 400 of more than 4096 numbers each, or all there are";
        let n = own.count("n", doc, 0, 0..=1_000_000)? as usize;
        let score = entry.read(own)?.into();
        let mut inner = own.table("extractor", "what makes the features that are scored")?;
        let names: Vec<&str> =
            std::iter::once(BEST).chain(registry.extractors.iter().map(Entry::name)).collect();
        let doc = "the extractor, or the best: the first of classifier, random and pixels that applies";
        let kind = inner.choice("kind", doc, BEST, &names)?;
        let is_named = kind != BEST;
        let extractors = match is_named {
            true => registry.extractors.iter().filter(|row| row.name() == kind).collect::<Vec<_>>(),
            false => best_first(&registry.extractors).collect(),
        };
        let read = |row: &Entry<dyn ExtractorSpec>, fields: &mut Fields<'_>| {
            Ok((row.name().to_owned(), Arc::from(row.read(fields)?)))
        };
        let unset = RunSpec::parse("", "the extractor")?;
        let extractors = extractors
            .into_iter()
            .map(|row| if is_named { read(row, &mut inner) } else { read(row, &mut unset.root()) })
            .collect::<Result<Vec<_>, SpecError>>()?;
        let resolved = inner.finish()?;
        let mut set = resolved.table.clone();
        set.remove("kind");
        own.resolved("extractor", resolved);
        let (name, set) = (entry.name().to_owned(), set.to_string());
        Ok(Wanted { name, score, every_steps, n, is_named, extractors, set })
    }

    /// Refuses what the data do not allow; answers the extractor with its settings, and what reads the score.
    fn fit(self, spec: &RunSpec, rules: &Rules) -> Result<(String, Watch), SpecError> {
        let Wanted { name, score, every_steps, .. } = &self;
        let field = |end: &str| format!("scores.{name}{end}");
        let data = &*rules.data;
        let most = data.n_items();
        let n = match (self.n, most) {
            (0, most) => usual(rules.item_len()).min(most.unwrap_or(usize::MAX)),
            (n, Some(most)) if n > most => {
                let why = format!("must be at most {most}, since the data have so many items, found {n}");
                return Err(spec.refuse(&field(".n"), why));
            }
            (n, _) => n,
        };
        let (extractor, made_by) = self.extractor(spec, rules)?;
        let held_out = data.held_out().map(|set| set.n_items().map_or(n, |most| most.min(n)));
        let known =
            Known { n_real: n, n_generated: n, n_held_out: held_out, is_classified: made_by.has_classes() };
        score.check(&known).map_err(|why| spec.refuse(&field(""), format!("cannot be read: {why}")))?;
        // Only what cannot do without them is given held-out items.
        let wants = score.check(&Known { n_held_out: None, ..known }).is_err();
        let n_held_out = held_out.filter(|_| wants).unwrap_or(0);
        let watch = Watch {
            scores: vec![(name.clone(), Arc::clone(score))],
            extractor: made_by,
            every_steps: *every_steps,
            n,
            n_held_out,
        };
        Ok((format!("{extractor} {}", self.set), watch))
    }

    /// The first extractor that applies; one that was named must.
    fn extractor(
        &self,
        spec: &RunSpec,
        rules: &Rules,
    ) -> Result<(String, Arc<dyn ExtractorSpec>), SpecError> {
        let place = Place {
            item: rules.data.item_shape(),
            data: Some(&*rules.data),
            cpu: &Cpu::new(1),
            cache_dir: Path::new(""),
            progress: &Silent,
        };
        let mut why = "has no extractor that applies to the data".to_owned();
        for (name, extractor) in &self.extractors {
            match extractor.refusal(&place) {
                None => return Ok((name.clone(), Arc::clone(extractor))),
                Some(refusal) if self.is_named => why = format!("cannot be \"{name}\", which {refusal}"),
                Some(_) => {}
            }
        }
        Err(spec.refuse(&format!("scores.{}.extractor.kind", self.name), why))
    }
}

/// Items of each side where the spec does not say, of so many numbers each.
fn usual(item_len: usize) -> usize {
    if item_len > LARGE { USUAL_LARGE } else { USUAL }
}
