//! The game itself: a forger and a detective on a ring of eight Gaussians, seen from inside.

use ganatomy_data::BatchKey;
use ganatomy_game::step::Who;
use ganatomy_train::Training;
use ganatomy_view::figure::{Chart, Figure, Hue, Scale, Shape};
use ganatomy_view::page::Table;

use crate::judged::Judged;
use crate::points::points;
use crate::stats::{largest, least, mean};
use crate::{Bench, Check, Findings, Lesson, LessonError, Wanted, Words, advance, fixed};

mod look;
mod text;

use look::Seen;

pub(super) const LESSON: Lesson = Lesson {
    name: "the-game",
    title: Words::new("The game: a forger and a detective", "게임의 규칙: 위조범과 감식가"),
    question: Words::new(
        "Two networks, one that makes and one that judges. How can a quarrel between them teach either of them anything?",
        "하나는 만들고 하나는 가려내는 두 신경망. 둘의 다툼에서 어떻게 배움이 생길까요?",
    ),
    text: Words::new(text::ENGLISH, text::KOREAN),
    answer,
};

const RING: &str = include_str!("../../../../recipes/ring.toml");
/// Two latent numbers, so that z can be drawn; the players themselves instead of averages; and two moves of D for each of
/// G, so that D's surface has something to show.
const SEEN: &str = r#"
scheme = { kind = "alternating", d_steps = 2 }
generator = { z_dims = 2 }
average = { kind = "none" }
probes = { gradients = { every_steps = 0 } }
"#;
const SMALL: &str = r#"
batch = 128
generator = { hidden = [64, 64] }
discriminator = { hidden = [64, 64] }
"#;
/// Who moves alone, and how: by small steps on large batches, so that a move is downhill.
const ALONE: [(Who, &str); 2] = [
    (
        Who::DISCRIMINATOR,
        "batch = 1024\nscheme = { d_steps = 1 }\ngenerator = { update = { kind = \"still\" } }\n",
    ),
    (Who::GENERATOR, "batch = 1024\ndiscriminator = { update = { kind = \"still\" } }\n"),
];
/// Fresh items of each kind: for one value, and for values that are compared.
const N_FRESH: usize = 2048;
const N_COMPARED: usize = 16_384;
/// Moves that one player makes alone, from the frame of this number.
const N_ALONE: u64 = 40;
const ALONE_AT: usize = 3;

/// The frames of the figure, as shares of the run: most of what happens, happens early.
const FRAMES: [f64; 12] = [0.0, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.45, 0.7, 1.0];
/// Looks at the value, evenly over the run.
const N_LOOKS: u64 = 80;

/// One game, watched.
struct Watched {
    seen: Vec<Seen>,
    /// Step, V, and the mean of D over real and generated items.
    values: Vec<[f64; 4]>,
    alone: Vec<Alone>,
    modes: f64,
}

/// V and G's loss before and after one player has moved alone.
struct Alone {
    before: [f64; 2],
    after: [f64; 2],
}

fn answer(bench: &Bench<'_>) -> Result<Findings, LessonError> {
    let (steps, n_seeds) = bench.pick((2500, 4), (10_000, 8));
    let own = format!("steps = {steps}\n");
    let mut parts = vec![RING, SEEN, &own];
    parts.extend(bench.pick(Some(SMALL), None));
    let games = bench.each("games", &bench.seeds(n_seeds), |seed| watch(bench, &parts, *seed))?;
    let mut real = vec![0.0; 400];
    let plan = bench.plan(&bench.spec(&parts, bench.seed)?)?;
    plan.data().fill(BatchKey { seed: bench.seed, step: 0, draw: 9 }, &mut real, &mut vec![0; 200]);

    let mut found = Findings::new();
    found.fact("steps", steps as f64, 6);
    found.fact("n-seeds", n_seeds as f64, 2);
    let first = &games[0];
    let charts = first.seen.iter().map(|seen| seen.chart(&points(&real))).collect();
    let title = Words::new(
        "The game, moment by moment: blue where D says “real”, orange where it says “fake”",
        "순간순간의 게임: 판별자가 진짜라고 보는 곳은 파랑, 가짜라고 보는 곳은 주황",
    );
    found.figure("game", Figure::steps(title, charts));
    found.table("players", players());
    found.table("alone", alone(&games));
    found.figure("value", value(&games));
    checks(&mut found, &games);
    Ok(found)
}

/// Plays one game, and looks at it on its way.
fn watch(bench: &Bench<'_>, parts: &[&str], seed: u64) -> Result<Watched, LessonError> {
    let plan = bench.plan(&bench.spec(parts, seed)?)?;
    let mut training = bench.training(&plan)?;
    let frames = FRAMES.map(|share| (share * plan.steps() as f64) as u64);
    let every = (plan.steps() / N_LOOKS).max(1);
    let mut watched = Watched { seen: vec![], values: vec![], alone: vec![], modes: f64::NAN };
    for step in 0..=plan.steps() {
        let frame = frames.iter().position(|at| *at == step);
        if frame.is_some() || step % every == 0 {
            let judged = Judged::fresh(&mut training, N_FRESH, step)?;
            let [real, fake] = judged.means();
            watched.values.push([step as f64, judged.value(), real, fake]);
        }
        if let Some(frame) = frame {
            watched.modes = training.probe()?.get("samples/n_modes").copied().unwrap_or(f64::NAN);
            watched.seen.push(Seen::now(&mut training, watched.modes)?);
            if frame == ALONE_AT {
                for (who, over) in ALONE {
                    watched.alone.push(move_alone(bench, parts, &training, who, over)?);
                }
            }
        }
        if step < plan.steps() {
            advance(&mut training, 1)?;
        }
    }
    Ok(watched)
}

/// Lets one player move while the other stands still; the game itself is not changed.
fn move_alone(
    bench: &Bench<'_>,
    parts: &[&str],
    game: &Training,
    who: Who,
    over: &str,
) -> Result<Alone, LessonError> {
    let mut spec = bench.spec(&[parts, &[over]].concat(), game.plan().seed())?;
    spec.set(&format!("{}.update.lr=5e-4", who.name()))?;
    let plan = bench.plan(&spec)?;
    let mut aside = bench.training(&plan)?;
    aside.adopt(game, Who::GENERATOR)?;
    aside.adopt(game, Who::DISCRIMINATOR)?;
    // The same fresh items before and after: what differs is the player.
    let now = |aside: &mut Training| -> Result<[f64; 2], LessonError> {
        let judged = Judged::fresh(aside, N_COMPARED, u64::MAX >> 20)?;
        Ok([judged.value(), judged.g_loss()])
    };
    let before = now(&mut aside)?;
    advance(&mut aside, N_ALONE)?;
    Ok(Alone { before, after: now(&mut aside)? })
}

fn players() -> Table {
    let row = |cells: [(&'static str, &'static str); 4]| cells.map(Words::from).to_vec();
    Table {
        title: Words::new("Who minimises what", "누가 무엇을 최소화하는가"),
        head: row([
            ("player", "참가자"),
            ("sees", "보는 것"),
            ("minimises", "최소화하는 것"),
            ("would like", "바라는 것"),
        ]),
        rows: vec![
            row([
                ("D, the discriminator", "판별자 D"),
                ("real items x and generated items G(z)", "실제 데이터 x와 생성된 표본 G(z)"),
                ("−E log D(x) − E log(1 − D(G(z))), that is −V", "−E log D(x) − E log(1 − D(G(z))), 곧 −V"),
                ("D(x) = 1 and D(G(z)) = 0", "D(x) = 1, D(G(z)) = 0"),
            ]),
            row([
                ("G, as first posed (minimax)", "생성자 G, 원래 문제 (미니맥스)"),
                ("noise z, and the slope of D at G(z)", "잡음 z, 그리고 G(z)에서 D의 기울기"),
                ("E log(1 − D(G(z))), its part of V", "E log(1 − D(G(z))), 곧 V에서 G가 바꿀 수 있는 항"),
                ("D(G(z)) = 1", "D(G(z)) = 1"),
            ]),
            row([
                ("G, as played here (non-saturating)", "생성자 G, 여기서 쓰는 꼴 (비포화)"),
                ("the same", "위와 같음"),
                ("−E log D(G(z))", "−E log D(G(z))"),
                ("D(G(z)) = 1", "D(G(z)) = 1"),
            ]),
        ],
    }
}

/// One player moves alone: V and G's loss before and after, means over games.
fn alone(games: &[Watched]) -> Table {
    let over = |of: fn(&Alone) -> f64, who: usize| {
        Words::both(fixed(mean(&games.iter().map(|game| of(&game.alone[who])).collect::<Vec<_>>()), 4))
    };
    let row = |name: (&'static str, &'static str), who: usize| {
        vec![
            Words::from(name),
            over(|a| a.before[0], who),
            over(|a| a.after[0], who),
            over(|a| a.before[1], who),
            over(|a| a.after[1], who),
        ]
    };
    Table {
        title: Words::of(
            format!("One player makes {N_ALONE} small moves while the other stands still"),
            format!("한 참가자만 {N_ALONE}걸음 움직이고 상대는 가만히 있을 때"),
        ),
        head: [
            ("who moves", "움직이는 쪽"),
            ("V before", "이전 V"),
            ("V after", "이후 V"),
            ("G's loss before", "이전 G의 손실"),
            ("G's loss after", "이후 G의 손실"),
        ]
        .map(Words::from)
        .to_vec(),
        rows: vec![row(("D", "판별자 D"), 0), row(("G", "생성자 G"), 1)],
    }
}

/// V and the means of D over the steps, averaged over games.
fn value(games: &[Watched]) -> Figure {
    let line = |of: usize| {
        let at = |i: usize| mean(&games.iter().map(|game| game.values[i][of]).collect::<Vec<_>>());
        Shape::Line((0..games[0].values.len()).map(|i| [games[0].values[i][0], at(i)]).collect())
    };
    let last = games[0].values.last().map_or(0.0, |value| value[0]);
    let level = |y: f64| Shape::Dashes(vec![[0.0, y], [last, y]]);
    let step = || Scale::of(("step", "걸음"));
    let value = Chart::new(step(), Scale::of(("V (nats)", "V (nat)")))
        .titled(("the value V(D, G)", "게임의 값 V(D, G)"))
        .with("V", Hue::Nth(2), line(1))
        .with("−2 log 2 = −1.386", Hue::Theory, level(EVEN));
    let means = Chart::new(step(), Scale::of(("mean of D", "D의 평균")).within(0.0, 1.0))
        .titled(("what D says, on average", "판별자의 평균 판정"))
        .with(("on real items", "실제 데이터"), Hue::Real, line(2))
        .with(("on generated items", "생성된 표본"), Hue::Fake, line(3))
        .with(("cannot tell: 1/2", "구별 못함: 1/2"), Hue::Theory, level(0.5));
    Figure::row(
        (
            "The quarrel as numbers: fresh items, mean over games",
            "숫자로 본 다툼: 새 표본으로 잰 여러 게임의 평균",
        ),
        vec![value, means],
    )
}

/// V where D answers 1/2 to everything.
const EVEN: f64 = -2.0 * std::f64::consts::LN_2;

fn checks(found: &mut Findings, games: &[Watched]) {
    let all = |of: &dyn Fn(&Watched) -> f64| mean(&games.iter().map(of).collect::<Vec<_>>());
    let late = |game: &Watched, of: usize| {
        let quarter = &game.values[game.values.len() * 3 / 4..];
        mean(&quarter.iter().map(|value| value[of]).collect::<Vec<_>>())
    };
    let peak = |game: &Watched| largest(game.values.iter().map(|value| value[1]));
    let theory = || Words::new("theory", "이론");
    let claim =
        Words::new("V before the first step: D knows nothing", "첫 걸음 전의 V: 판별자가 아무것도 모른다");
    let start =
        Check::new("v-start", claim, all(&|g| g.values[0][1]), Wanted::Near { value: EVEN, within: 0.2 });
    found.check(start);
    let claim =
        Words::new("highest V: D has learned, G has not yet", "가장 높은 V: 판별자는 배웠고 생성자는 아직");
    found.check(Check::new("v-peak", claim, all(&peak), Wanted::AtLeast(-1.28)));
    let claim = Words::new(
        "V over the last quarter: D can hardly tell any more (−2 log 2 = −1.386)",
        "마지막 1/4 동안의 V: 판별자가 거의 구별하지 못한다 (−2 log 2 = −1.386)",
    );
    let end = Check::new("v-end", claim, all(&|g| late(g, 1)), Wanted::Near { value: EVEN, within: 0.12 });
    found.check(end.from(theory()).digits(4));
    for (name, of, en, ko) in [
        ("d-real", 2, "mean of D on real items, last quarter", "실제 데이터에 대한 D의 평균, 마지막 1/4"),
        (
            "d-fake",
            3,
            "mean of D on generated items, last quarter",
            "생성된 표본에 대한 D의 평균, 마지막 1/4",
        ),
    ] {
        let wanted = Wanted::Near { value: 0.5, within: 0.05 };
        found.check(Check::new(name, Words::new(en, ko), all(&|g| late(g, of)), wanted).from(theory()));
    }
    found.fact("fewest", least(games.iter().map(|game| game.modes)), 2);
    let claim =
        Words::new("modes of 8 at the end, mean of the games", "마지막에 잡은 모드 수 (8개 중, 게임 평균)");
    found.check(Check::new("modes", claim, all(&|g| g.modes), Wanted::AtLeast(7.0)));
    moves(found, games);
}

/// What moving along the arrows does, and what each player's own moves do.
fn moves(found: &mut Findings, games: &[Watched]) {
    let every = || games.iter().flat_map(|game| &game.seen);
    let least = least(every().map(|seen| seen.kept_promise));
    let claim = Words::new(
        "samples nudged along their arrows: fall of G's loss by what the slopes promise, the least of all moments",
        "화살표를 따라 조금 움직인 표본: G의 손실이 준 양 ÷ 기울기가 약속한 양, 모든 순간 중 최솟값",
    );
    found.check(
        Check::new("promise", claim, least, Wanted::Between(0.7, 1.3)).from(("calculus: 1", "미적분: 1")),
    );
    let fell = mean(&every().map(|seen| seen.fell).collect::<Vec<_>>());
    found.share("fell", fell);
    let change = |who: usize, of: usize| {
        let changes = games.iter().map(|game| game.alone[who].after[of] - game.alone[who].before[of]);
        changes.collect::<Vec<_>>()
    };
    let claim =
        Words::new("D alone moves: change of V, mean of the games", "판별자만 움직일 때 V의 변화, 게임 평균");
    let gain = mean(&change(0, 0));
    found.check(Check::new("d-alone", claim, gain, Wanted::AtLeast(0.001)));
    let claim =
        Words::new("G alone moves: change of V, mean of the games", "생성자만 움직일 때 V의 변화, 게임 평균");
    let loss = mean(&change(1, 0));
    found.check(Check::new("g-alone", claim, loss, Wanted::AtMost(-0.001)));
    let claim = Words::new(
        "G alone moves: change of its own loss, mean of the games",
        "생성자만 움직일 때 자기 손실의 변화, 게임 평균",
    );
    let own = mean(&change(1, 1));
    found.check(Check::new("g-alone-loss", claim, own, Wanted::AtMost(-0.001)));
}
