//! Small games as they are played: checked, compiled in double precision, and compared with theory.

mod path;

use std::collections::BTreeMap;
use std::fmt;

use ganatomy_game::loss::NonSaturating;
use ganatomy_game::remedy::{self, Remedies};
use ganatomy_game::scheme::Scheme;
use ganatomy_game::small::{BATCH, Coordinate, Rules};
use ganatomy_game::step::{Board, Game, Memory, Play, PlayerUpdate, Who};
use ganatomy_record::{RunSpec, SpecError, choose_in};
use ganatomy_tensor::{Cpu, Key, Program, Store, StoreError, Tensor, Trace, TraceError};

use crate::look::{FIELD, Layout, field_program, jacobian_rows, product_program};
use crate::plan::parts::{Facts, fit, update};
use crate::registry::{DuplicateName, Registry};

pub use path::Path;

/// A small game that cannot be played as asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SmallError {
    /// A field of the spec.
    #[error(transparent)]
    Spec(#[from] SpecError),
    /// The registry.
    #[error(transparent)]
    Registry(#[from] DuplicateName),
    /// The step's program.
    #[error("the step's program cannot be built: {0}")]
    Trace(#[from] TraceError),
    /// Its tensors.
    #[error("the game's tensors do not fit its program: {0}")]
    Store(#[from] StoreError),
}

/// A small game, a scheme, an update a player, and where they start.
pub struct SmallPlan {
    game: Box<dyn Game>,
    scheme: Box<dyn Scheme>,
    updates: BTreeMap<Who, PlayerUpdate>,
    coordinates: Vec<Coordinate>,
    equilibrium: Vec<f64>,
    is_bilinear: bool,
    steps: u64,
}

impl SmallPlan {
    /// Reads `[game]`, `[loss]`, `[remedies]`, `[scheme]`, `[update]` and `steps`.
    ///
    /// # Errors
    /// A field that cannot be used.
    pub fn new(spec: &RunSpec) -> Result<SmallPlan, SmallError> {
        SmallPlan::with_registry(spec, &Registry::builtin())
    }

    /// As [`SmallPlan::new`], with a registry that may hold more than the built-in methods.
    ///
    /// # Errors
    /// A field that cannot be used.
    pub fn with_registry(spec: &RunSpec, registry: &Registry) -> Result<SmallPlan, SmallError> {
        registry.check()?;
        let mut root = spec.root();
        let steps = root.count("steps", "steps to play", 500, 1..=10_000_000)?;
        let small = choose_in(&mut root, "game", "what is played", &registry.small_games, "bilinear")?;
        let mut rules = Rules { loss: Box::new(NonSaturating), remedies: Remedies::default() };
        if small.has_discriminator() {
            rules.loss = choose_in(
                &mut root,
                "loss",
                "what the players minimise",
                &registry.losses,
                "non-saturating",
            )?;
            if rules.loss.wants_autoencoder() {
                return Err(spec.refuse("loss.kind", "needs a discriminator that reconstructs items").into());
            }
            let mut remedies = remedy::read(&mut root, &registry.remedies)?;
            let facts = Facts { item: &[1], n_classes: 0, class_shares: &[], batch: BATCH };
            fit(spec, &mut remedies, Some(&*rules.loss), false, &facts)?;
            rules.remedies = Remedies::new(remedies.into_iter().map(|(_, remedy)| remedy.into()).collect());
        }
        let scheme = choose_in(&mut root, "scheme", "who moves when", &registry.schemes, "alternating")?;
        let game = small.game(rules);
        let mut updates = BTreeMap::new();
        for player in game.players() {
            // Every player moves by the same rule, read anew for each.
            let mut again = spec.root();
            updates.insert(player.who, update(&mut again, registry)?);
        }
        update(&mut root, registry)?;
        root.finish()?;
        scheme.fit(&*game).map_err(|why| spec.refuse("scheme.kind", why))?;
        let (coordinates, equilibrium, is_bilinear) =
            (small.start(), small.equilibrium(), small.is_bilinear());
        Ok(SmallPlan { game, scheme, updates, coordinates, equilibrium, is_bilinear, steps })
    }

    /// The numbers that the players own.
    pub fn coordinates(&self) -> &[Coordinate] {
        &self.coordinates
    }

    /// Where nobody gains by moving alone.
    pub fn equilibrium(&self) -> &[f64] {
        &self.equilibrium
    }

    /// Steps to play.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// What theory says of the factor by which the distance to the equilibrium changes a step, where it says anything.
    pub fn theory(&self) -> Option<f64> {
        let PlayerUpdate { rule, schedule, warmup_steps } = self.updates.values().next()?;
        // The closed forms are those of xy itself, at one learning rate.
        let plain = self.is_bilinear && *warmup_steps == 0 && schedule.is_constant();
        self.scheme.bilinear_rate(rule.lr(), rule.momentum().filter(|_| plain)?)
    }

    /// Plays from the usual start, or from a given one.
    ///
    /// # Errors
    /// A game or scheme that does not make a program.
    pub fn play(&self, start: Option<&[f64]>) -> Result<Path, SmallError> {
        let trace = Trace::new();
        let memory = Memory::new(&trace);
        let mut play = Play::new(&trace, &memory, self.board());
        self.scheme.step(&mut play);
        let (players, mut state) = play.finish();
        state.extend(players.into_values());
        let outputs: Vec<(&str, &Tensor)> =
            state.iter().map(|(name, value)| (name.as_str(), value)).collect();
        let program = Program::compile(&trace, &outputs)?;
        let mut store = self.store(&program, start)?;
        let cpu = Cpu::new(1);
        let mut step = program.bind(&cpu, &mut store)?;
        let mut points = vec![self.point(&store)?];
        for n in 0..self.steps {
            step.run(&cpu, &mut store, Key { seed: 0, step: n })?;
            points.push(self.point(&store)?);
        }
        Ok(Path::new(points, &self.equilibrium))
    }

    /// The direction in which every player would move at each of the given points, that is, minus the field.
    ///
    /// # Errors
    /// As [`SmallPlan::play`].
    pub fn directions(&self, points: &[Vec<f64>]) -> Result<Vec<Vec<f64>>, SmallError> {
        let (cpu, places) = (Cpu::new(1), self.places());
        let program = field_program(self.board())?;
        let mut store = self.store(&program, None)?;
        let mut bound = program.bind(&cpu, &mut store)?;
        let mut directions = Vec::with_capacity(points.len());
        for point in points {
            self.put(&mut store, point)?;
            bound.run(&cpu, &mut store, Key::default())?;
            let field = store.get(FIELD)?.values();
            directions.push(places.iter().map(|&place| -field[place]).collect());
        }
        Ok(directions)
    }

    /// The Jacobian of the field at a point, `H[i][j] = d xi_i / d coordinate_j`. Players who descend move by `-xi`, so
    /// that their motion has the Jacobian `-H`.
    ///
    /// # Errors
    /// As [`SmallPlan::play`].
    pub fn jacobian(&self, point: &[f64]) -> Result<Vec<Vec<f64>>, SmallError> {
        let (cpu, places) = (Cpu::new(1), self.places());
        let program = product_program(self.board())?;
        let mut store = self.store(&program, Some(point))?;
        let mut bound = program.bind(&cpu, &mut store)?;
        let n = Layout::of(&*self.game).n_parameters();
        let rows = jacobian_rows(&mut bound, &cpu, &mut store, Key::default(), n)?;
        Ok(places.iter().map(|&i| places.iter().map(|&j| rows[i][j]).collect()).collect())
    }

    fn board(&self) -> Board<'_> {
        Board {
            game: &*self.game,
            updates: &self.updates,
            batch: BATCH,
            n_steps: self.steps,
            due: None,
            lr_factors: false,
        }
    }

    /// Where each coordinate stands in the field.
    fn places(&self) -> Vec<usize> {
        let layout = Layout::of(&*self.game);
        let start =
            |c: &Coordinate| layout.parts().iter().find(|part| part.name == c.tensor).map(|p| p.start);
        self.coordinates.iter().filter_map(|c| Some(start(c)? + c.index)).collect()
    }

    /// Zeros for everything that a program wants, and the players at their start.
    fn store(&self, program: &Program, start: Option<&[f64]>) -> Result<Store<f64>, StoreError> {
        let mut store = Store::<f64>::new();
        for (name, shape) in program.inputs() {
            store.place(name, shape)?;
        }
        for d in self.game.players().iter().flat_map(|player| &player.declared) {
            let values = d.init.values(&d.shape, &d.name, 0).into_iter().map(f64::from).collect();
            store.insert(&d.name, d.shape.clone(), values)?;
        }
        let usual: Vec<f64> = self.coordinates.iter().map(|c| c.start).collect();
        self.put(&mut store, start.unwrap_or(&usual))?;
        Ok(store)
    }

    fn put(&self, store: &mut Store<f64>, point: &[f64]) -> Result<(), StoreError> {
        for (c, value) in self.coordinates.iter().zip(point) {
            store.get_mut(&c.tensor)?.values_mut()[c.index] = *value;
        }
        Ok(())
    }

    fn point(&self, store: &Store<f64>) -> Result<Vec<f64>, StoreError> {
        self.coordinates.iter().map(|c| Ok(store.get(&c.tensor)?.values()[c.index])).collect()
    }
}

impl fmt::Debug for SmallPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmallPlan")
            .field("coordinates", &self.coordinates)
            .field("equilibrium", &self.equilibrium)
            .field("steps", &self.steps)
            .finish_non_exhaustive()
    }
}
