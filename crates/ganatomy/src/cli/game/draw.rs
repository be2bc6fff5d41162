//! Pictures of small games.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

use ganatomy_game::small::Coordinate;
use ganatomy_train::small::SmallPlan;
use ganatomy_view::{Path as Route, Trajectories, ViewError, trajectories, trajectories_film};

use super::Played;
use crate::cli::failure::Failure;

/// The format of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Svg,
    Png,
    Gif,
}

#[derive(Debug, thiserror::Error)]
#[error("paths are drawn as .svg, .png or .gif, found --out {}", out.display())]
struct Wrong {
    out: PathBuf,
}

impl Format {
    /// The format that a file's ending asks for.
    pub(super) fn of(out: &Path) -> Result<Format, Failure> {
        let end = out.extension().map(|end| end.to_ascii_lowercase().to_string_lossy().into_owned());
        match end.as_deref() {
            Some("svg") => Ok(Format::Svg),
            Some("png") => Ok(Format::Png),
            Some("gif") => Ok(Format::Gif),
            _ => Err(Failure::request(Wrong { out: out.to_owned() })),
        }
    }
}

/// Draws all paths over the field of the game, in the plane of the first number of each of the first two players.
///
/// Games of more numbers are drawn without distances, which could not be seen there; arrows are then those of the
/// points whose other numbers are at the equilibrium.
pub(super) fn picture(title: &str, plays: &[Played], format: Format) -> Result<Vec<u8>, Failure> {
    let Some(plan) = plays.first().map(|played| &played.plan) else {
        return Ok(Vec::new());
    };
    let seen = plane(plan.coordinates());
    let shown = |point: &Vec<f64>| seen.map(|i| point[i]);
    let points: Vec<Vec<[f64; 2]>> =
        plays.iter().map(|played| played.path.points().iter().map(shown).collect()).collect();
    let whole = plan.coordinates().len() == seen.len();
    let paths: Vec<Route<'_>> = plays
        .iter()
        .zip(&points)
        .map(|(played, points)| Route {
            name: &played.scheme,
            points,
            theory: if whole { played.plan.theory() } else { None },
        })
        .collect();
    let mut names = seen.map(|i| name(&plan.coordinates()[i]));
    if !whole {
        names[0].push_str(&format!(", 2 of {} numbers are drawn", plan.coordinates().len()));
    }
    let scene = Trajectories {
        title,
        axes: [&names[0], &names[1]],
        paths: &paths,
        field: &|_| [0.0; 2],
        equilibrium: whole.then(|| seen.map(|i| plan.equilibrium()[i])),
        extent: None,
    };
    let arrows = arrows(plan, seen, &scene)?;
    let field = |at: [f64; 2]| arrows.get(&bits(at)).copied().unwrap_or_default();
    draw(&Trajectories { field: &field, ..scene }, format).map_err(Failure::request)
}

fn draw(scene: &Trajectories<'_>, format: Format) -> Result<Vec<u8>, ViewError> {
    match format {
        Format::Svg => Ok(trajectories(scene)?.svg().into_bytes()),
        Format::Png => trajectories(scene)?.picture()?.to_png(),
        Format::Gif => trajectories_film(scene),
    }
}

/// The first number of each of the first two players.
fn plane(coordinates: &[Coordinate]) -> [usize; 2] {
    let first = coordinates.first().map(player);
    [0, coordinates.iter().position(|c| Some(player(c)) != first).unwrap_or(0)]
}

/// `x (player a)`.
fn name(coordinate: &Coordinate) -> String {
    format!("{} (player {})", coordinate.label, player(coordinate))
}

fn player(coordinate: &Coordinate) -> &str {
    coordinate.tensor.split('.').next().unwrap_or_default()
}

/// The field wherever the drawing asks for it: drawn once to learn where that is, then evaluated there all at once.
fn arrows(
    plan: &SmallPlan,
    seen: [usize; 2],
    scene: &Trajectories<'_>,
) -> Result<HashMap<[u64; 2], [f64; 2]>, Failure> {
    let asked = RefCell::new(Vec::new());
    let ask = |at: [f64; 2]| {
        asked.borrow_mut().push(at);
        [0.0; 2]
    };
    trajectories(&Trajectories { field: &ask, ..*scene }).map_err(Failure::request)?;
    let asked = asked.into_inner();
    let at = |at: &[f64; 2]| {
        let mut point = plan.equilibrium().to_vec();
        seen.iter().zip(at).for_each(|(i, x)| point[*i] = *x);
        point
    };
    let points: Vec<Vec<f64>> = asked.iter().map(at).collect();
    let directions = plan.directions(&points).map_err(Failure::run)?;
    Ok(asked.iter().map(|at| bits(*at)).zip(directions.iter().map(|d| seen.map(|i| d[i]))).collect())
}

fn bits(at: [f64; 2]) -> [u64; 2] {
    at.map(f64::to_bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plane_has_an_axis_a_player() {
        let check = |tensors: &[&str], expected: [usize; 2]| {
            let one = |tensor: &&str| Coordinate {
                label: "x".to_owned(),
                tensor: (*tensor).to_owned(),
                index: 0,
                start: 0.0,
            };
            let coordinates: Vec<Coordinate> = tensors.iter().map(one).collect();
            assert_eq!(plane(&coordinates), expected, "{tensors:?}");
        };
        check(&["a.x", "b.y"], [0, 1]);
        check(&["generator.v", "generator.v", "critic.w", "critic.w"], [0, 2]);
        check(&["first.p", "second.p", "third.p"], [0, 1]);
    }
}
