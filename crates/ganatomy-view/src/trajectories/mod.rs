//! Paths of several players' games through the plane, and how far they are from the equilibrium.

mod distance;
mod extent;
mod field;
mod route;
mod scene;

use std::fmt;

use crate::{Drawing, Picture, ViewError, animation};
use scene::Scene;

/// The frames of an animation.
const FRAMES: usize = 60;

/// One path through the plane.
#[derive(Clone, Copy, Debug)]
pub struct Path<'a> {
    /// The name shown in the legend.
    pub name: &'a str,
    /// A point a step, the start first; points that are not finite leave a gap, and huge points are not visible.
    pub points: &'a [[f64; 2]],
    /// Theory's factor by which a step changes the distance to the equilibrium.
    pub theory: Option<f64>,
}

/// What a picture of paths shows.
#[derive(Clone, Copy)]
pub struct Trajectories<'a> {
    /// Written above the plots, such as "bilinear game, lr 0.1, 500 steps".
    pub title: &'a str,
    /// The names of x and y.
    pub axes: [&'a str; 2],
    /// The paths, at least one.
    pub paths: &'a [Path<'a>],
    /// The direction in which players who move at the same time move at a point.
    pub field: &'a dyn Fn([f64; 2]) -> [f64; 2],
    /// Marked by a cross; distances are measured to it.
    pub equilibrium: Option<[f64; 2]>,
    /// What the axes span (xmin, xmax, ymin, ymax), widened to a square; by default room for all starts,
    /// the equilibrium and all paths but those that run much farther than most.
    pub extent: Option<[f64; 4]>,
}

/// All but the field, which is a function.
impl fmt::Debug for Trajectories<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trajectories")
            .field("title", &self.title)
            .field("axes", &self.axes)
            .field("paths", &self.paths)
            .field("equilibrium", &self.equilibrium)
            .field("extent", &self.extent)
            .finish_non_exhaustive()
    }
}

/// Draws the paths over arrows of the field, x and y of the same scale, each start a ring and each end a mark.
///
/// If there is an equilibrium, the distance to it, |p_t - e|, is drawn beside, on a logarithmic axis, with
/// theory's |p_0 - e| rho^t dashed.
///
/// ```text
/// title
/// legend
/// +---------------+   +-----------+
/// |  plane        |   |  distance |
/// +---------------+   +-----------+
/// ```
///
/// # Errors
/// No paths, or an extent that is empty or not finite.
pub fn trajectories(trajectories: &Trajectories<'_>) -> Result<Drawing, ViewError> {
    let scene = Scene::of(trajectories)?;
    let mut canvas = scene.canvas()?;
    scene.draw_behind(&mut canvas);
    scene.draw_paths(&mut canvas, usize::MAX);
    Ok(canvas.finish())
}

/// The same as an animated GIF in which the paths grow.
///
/// # Errors
/// As [`trajectories`].
pub fn trajectories_film(trajectories: &Trajectories<'_>) -> Result<Vec<u8>, ViewError> {
    let scene = Scene::of(trajectories)?;
    let mut behind = scene.canvas()?;
    scene.draw_behind(&mut behind);
    let paper: Picture = behind.finish().picture()?;
    let longest = scene.longest();
    animation(FRAMES.min(longest), |frame| {
        let mut canvas = scene.canvas()?;
        // One point in the first frame, all of them in the last.
        let last = FRAMES.min(longest) - 1;
        scene.draw_paths(&mut canvas, 1 + frame * (longest - 1) / last.max(1));
        canvas.finish().on(paper.clone())
    })
}

#[cfg(test)]
mod tests;
