//! The settings of a study's space, from what its file says.

use std::collections::BTreeMap;

use crate::file::{Dimension, NAMED, Range, SpaceFile, StudyFile, named};

/// Values a grid takes of a range, where the file does not say.
const GRID_POINTS: u32 = 3;

/// One setting that a stage searches.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// Its name.
    pub name: String,
    /// What it may be.
    pub range: Range,
    /// The fields of the spec that get its value.
    pub fields: Vec<String>,
    /// The arms that have it; all where none is named.
    pub arms: Vec<String>,
    /// Values that a grid takes of a range.
    pub points: u32,
}

/// The settings of a space: named ones first, then its own, which replace those of the same name.
pub(crate) fn settings(file: &StudyFile, space: &SpaceFile) -> Result<Vec<Setting>, String> {
    let has_it = |dimension: &Dimension| file.arms.iter().any(|arm| !dimension.except.contains(&arm.name));
    let mut all = BTreeMap::new();
    for name in &space.named {
        all.extend(named(name).ok_or_else(|| {
            let known: Vec<&str> = NAMED.iter().map(|(name, _)| *name).collect();
            format!("space.use names \"{name}\"; the spaces that ship are {}", known.join(", "))
        })?);
    }
    for (name, dimension) in &space.settings {
        let unknown = dimension
            .arms
            .iter()
            .chain(&dimension.except)
            .find(|arm| !file.arms.iter().any(|known| known.name == **arm));
        if let Some(arm) = unknown {
            return Err(format!("space.{name} names the arm \"{arm}\", which there is not"));
        }
        if !dimension.arms.is_empty() && !dimension.except.is_empty() {
            return Err(format!("space.{name} must have arms or except, not both"));
        }
        if !has_it(dimension) {
            return Err(format!("space.{name}.except names every arm; leave the setting out"));
        }
    }
    all.extend(space.settings.clone());
    // A setting of a named space that every arm is kept from is none.
    all.into_iter()
        .filter(|(_, dimension)| has_it(dimension))
        .map(|(name, dimension)| {
            let range = dimension.range().map_err(|why| format!("space.{name} {why}"))?;
            let points = dimension.points.unwrap_or(GRID_POINTS);
            if points == 0 || points > 1000 {
                return Err(format!("space.{name}.points must be from 1 to 1000, found {points}"));
            }
            let fields = if dimension.fields.is_empty() { vec![name.clone()] } else { dimension.fields };
            let mut arms = dimension.arms;
            if !dimension.except.is_empty() {
                let others = file.arms.iter().filter(|arm| !dimension.except.contains(&arm.name));
                arms = others.map(|arm| arm.name.clone()).collect();
            }
            Ok(Setting { name, range, fields, arms, points })
        })
        .collect()
}
