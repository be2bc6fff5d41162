//! `ganatomy game`: small games, their paths beside theory.

mod ask;
mod draw;
mod verdict;

use std::path::PathBuf;

use clap::Args;
use ganatomy_game::small::Coordinate;
use ganatomy_record::write_whole;
use ganatomy_train::Registry;
use ganatomy_train::small::{Path, SmallPlan};
use serde_json::json;

use super::failure::Failure;
use super::text::{at_least_one, counted, number, styled, table};
use super::{HEADING, places, screen};
use ask::Wrong;

/// Play a game of a few numbers in double precision, and compare its path with theory.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  ganatomy game bilinear --scheme simultaneous --scheme extragradient --lr 0.1 --out paths.png\n  \
    ganatomy game dirac --loss wgan-gp\n\n\
    Without --scheme, players move at once, and D before G where there is a discriminator. A scheme's own settings \
    follow its name: --scheme unrolled,k=10. The factor is that of the distance to the equilibrium a step, as \
    measured and as theory has it for gradient descent on a bilinear game. A path that keeps its distance cycles: \
    exactly where there is theory, elsewhere within one percent between the first third of the play and the last. \
    `ganatomy list small-game` names the games."
)]
pub(super) struct Game {
    /// The game, such as bilinear or dirac.
    name: String,
    /// Who moves when; may be given again and again, each drawn and told apart.
    #[arg(long, value_name = "NAME[,K=V]..")]
    scheme: Vec<String>,
    /// What the players minimise, in games with a discriminator: a loss, or a method with its loss and remedies.
    #[arg(long, value_name = "NAME")]
    loss: Option<String>,
    /// Set a field, such as update.kind=adam, remedies.r1={} or game.dims=3; may be given again and again.
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// The learning rate of every player.
    #[arg(long, value_name = "X", default_value = "0.1", allow_hyphen_values = true)]
    lr: String,
    /// How many steps to play.
    #[arg(long, value_name = "N", default_value_t = 500, allow_negative_numbers = true, value_parser = at_least_one)]
    steps: u64,
    /// Where to start, a number a coordinate with commas between, such as 1,1.
    #[arg(long, value_name = "X,Y", allow_hyphen_values = true)]
    start: Option<String>,
    /// Draw the paths into a file, .svg, .png or .gif (growing).
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Print JSON: {"game", "coordinates", "equilibrium", "plays": [{"scheme", "factor", "theory", ..}]}.
    #[arg(long)]
    json: bool,
}

/// A scheme as it was asked for, and where it led.
struct Played {
    scheme: String,
    plan: SmallPlan,
    path: Path,
}

impl Game {
    pub(super) fn run(&self, registry: &Registry) -> Result<(), Failure> {
        let format = self.out.as_deref().map(draw::Format::of).transpose()?;
        self.out.as_deref().map_or(Ok(()), places::check_output)?;
        let start = self.start.as_deref().map(ask::start).transpose()?;
        let mut plays = Vec::new();
        for (scheme, plan) in self.plans(registry)? {
            if let Some(start) = &start {
                fits(start, plan.coordinates())?;
            }
            let path = plan.play(start.as_deref()).map_err(Failure::run)?;
            plays.push(Played { scheme, plan, path });
        }
        if let (Some(out), Some(format)) = (&self.out, format) {
            let bytes = draw::picture(&self.title(&plays), &plays, format)?;
            write_whole(out, &bytes).map_err(Failure::request)?;
        }
        if self.json {
            screen::print_json(&self.to_json(&plays))
        } else {
            screen::print(&self.to_text(&plays))
        }
    }

    /// The title of a table or a picture: the game and everything asked of it, except what differs between schemes.
    fn title(&self, plays: &[Played]) -> String {
        let steps = plays.first().map_or(self.steps, |played| played.plan.steps());
        let mut lr = self.lr.trim();
        let mut words = vec![format!("{} game", self.name)];
        words.extend(self.loss.clone());
        for (key, value) in self.set.iter().filter_map(|set| set.split_once('=')) {
            match key.trim() {
                "update.lr" => lr = value.trim(),
                "steps" => {}
                key => words.push(format!("{key}={}", value.trim())),
            }
        }
        words.extend([format!("lr {lr}"), counted(steps, "step")]);
        words.join(", ")
    }

    fn to_text(&self, plays: &[Played]) -> String {
        let head = ["scheme", "factor a step", "theory", "start radius", "end radius", " outcome"];
        let mut rows = vec![head.map(str::to_owned).to_vec()];
        let factor = |factor: Option<f64>| factor.map_or_else(|| "-".to_owned(), |f| format!("{f:.9}"));
        for Played { scheme, plan, path } in plays {
            let (start, end) = verdict::radii(path);
            rows.push(vec![
                scheme.clone(),
                factor(path.rate()),
                factor(plan.theory()),
                number(start),
                number(end),
                format!(" {}", verdict::outcome(path, plan.theory())),
            ]);
        }
        let drawn = self.out.as_ref().map(|out| format!("\n{} holds the paths\n", out.display()));
        let title = styled(HEADING, &self.title(plays));
        format!("{title}\n{}{}", table(&rows, "  ", 1), drawn.unwrap_or_default())
    }

    fn to_json(&self, plays: &[Played]) -> serde_json::Value {
        let play = |Played { scheme, plan, path }: &Played| {
            let (start, end) = verdict::radii(path);
            json!({
                "scheme": scheme,
                "factor": path.rate(),
                "theory": plan.theory(),
                "start_radius": start,
                "end_radius": end,
                "outcome": verdict::outcome(path, plan.theory()).name(),
                "diverged_at": path.diverged_at(),
                "start": path.points().first(),
                "end": path.points().last(),
            })
        };
        let plan = plays.first().map(|played| &played.plan);
        let labels =
            |plan: &SmallPlan| plan.coordinates().iter().map(|c| c.label.clone()).collect::<Vec<_>>();
        json!({
            "game": self.name,
            "steps": plan.map(SmallPlan::steps),
            "coordinates": plan.map(labels),
            "equilibrium": plan.map(SmallPlan::equilibrium),
            "plays": plays.iter().map(play).collect::<Vec<_>>(),
        })
    }
}

/// A start has a number for every coordinate.
fn fits(start: &[f64], coordinates: &[Coordinate]) -> Result<(), Failure> {
    if start.len() == coordinates.len() {
        return Ok(());
    }
    // The names of many coordinates would be no help.
    const MOST: usize = 8;
    let mut labels: Vec<&str> = coordinates.iter().take(MOST).map(|c| c.label.as_str()).collect();
    if coordinates.len() > MOST {
        labels.push("..");
    }
    let (wanted, labels) = (coordinates.len(), labels.join(", "));
    Err(Failure::request(Wrong::Count { wanted, labels, found: start.len() }))
}
