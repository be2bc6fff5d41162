//! The space as its file writes it: for each setting a range or a choice, and the fields of the spec that get it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use toml::Value;

/// `[space]`: named spaces, and settings of one's own, which replace those of the same name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SpaceFile {
    /// Names of spaces that ship.
    #[serde(default, rename = "use")]
    pub named: Vec<String>,
    /// By the setting's name, which is the field of the spec unless `fields` says otherwise.
    #[serde(flatten)]
    pub settings: BTreeMap<String, Dimension>,
}

/// One setting of a space.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dimension {
    /// Uniform between two numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uniform: Option<[f64; 2]>,
    /// Uniform in the logarithm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<[f64; 2]>,
    /// Whole numbers, both ends among them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub integer: Option<[i64; 2]>,
    /// One of these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choice: Option<Vec<Value>>,
    /// Always this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed: Option<Value>,
    /// The fields of the spec that get the value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// The arms that have this setting; all where none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub arms: Vec<String>,
    /// The arms that do not have it, in place of `arms`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub except: Vec<String>,
    /// Values that a grid takes of a range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<u32>,
}

/// What a setting may be.
#[derive(Clone, Debug, PartialEq)]
pub enum Range {
    /// Uniform between two numbers.
    Uniform([f64; 2]),
    /// Uniform in the logarithm.
    Log([f64; 2]),
    /// Whole numbers, both ends among them.
    Integer([i64; 2]),
    /// One of these; of one, it is fixed.
    Choice(Vec<Value>),
}

impl Dimension {
    /// The range, if exactly one is given and it is not empty; otherwise the rest of a sentence that says what is wrong.
    ///
    /// # Errors
    /// No range or several, ends turned around, numbers that are not finite, a logarithm of what is not positive, no choice.
    pub fn range(&self) -> Result<Range, String> {
        let Dimension { uniform, log, integer, choice, fixed, .. } = self;
        let given = [
            uniform.map(Range::Uniform),
            log.map(Range::Log),
            integer.map(Range::Integer),
            choice.clone().map(Range::Choice),
            fixed.clone().map(|value| Range::Choice(vec![value])),
        ];
        let mut given = given.into_iter().flatten();
        let (Some(range), None) = (given.next(), given.next()) else {
            return Err("must have one of uniform, log, integer, choice and fixed".to_owned());
        };
        let ends = |low: f64, high: f64| match low.is_finite() && high.is_finite() && low < high {
            true => Ok(()),
            false => Err(format!("must go from a number to a larger one, found [{low}, {high}]")),
        };
        match &range {
            Range::Uniform([low, high]) => ends(*low, *high)?,
            Range::Log([low, high]) if *low <= 0.0 => {
                return Err(format!("is logarithmic, and so must be above 0, found [{low}, {high}]"));
            }
            Range::Log([low, high]) => ends(*low, *high)?,
            Range::Integer([low, high]) => ends(*low as f64, *high as f64)?,
            Range::Choice(values) if values.is_empty() => return Err("has nothing to choose from".to_owned()),
            Range::Choice(_) => {}
        }
        Ok(range)
    }
}

/// Names and texts of the spaces that ship: those of Lucic et al. (2018), "Are GANs Created Equal?", table 4.
pub const NAMED: &[(&str, &str)] = &[
    ("lucic-wide", include_str!("spaces/lucic-wide.toml")),
    ("lucic-narrow", include_str!("spaces/lucic-narrow.toml")),
];

/// The settings of a space that ships.
pub fn named(name: &str) -> Option<BTreeMap<String, Dimension>> {
    let (_, text) = NAMED.iter().find(|(known, _)| *known == name)?;
    toml::from_str::<SpaceFile>(text).ok().map(|space| space.settings)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<Range, &str>) {
        let dimension: Dimension = toml::from_str(text).unwrap();
        assert_eq!(dimension.range(), expected.map_err(str::to_owned));
    }

    #[test]
    fn ranges_are_one_and_not_empty() {
        check("log = [1e-5, 1e-2]", Ok(Range::Log([1e-5, 1e-2])));
        check("fixed = 3", Ok(Range::Choice(vec![3.into()])));
        check("uniform = [1, 0]", Err("must go from a number to a larger one, found [1, 0]"));
        check("log = [0, 1]", Err("is logarithmic, and so must be above 0, found [0, 1]"));
        check("integer = [5, 1]", Err("must go from a number to a larger one, found [5, 1]"));
        check("choice = []", Err("has nothing to choose from"));
        check("points = 3", Err("must have one of uniform, log, integer, choice and fixed"));
        check("log = [1, 2]\nfixed = 1", Err("must have one of uniform, log, integer, choice and fixed"));
    }

    #[test]
    fn spaces_that_ship_can_be_read() {
        for (name, _) in NAMED {
            let settings = named(name).unwrap();
            assert!(settings.values().all(|dimension| dimension.range().is_ok()), "{name}");
        }
        let (wide, narrow) = (named("lucic-wide").unwrap(), named("lucic-narrow").unwrap());
        assert_eq!(wide["lr"].range(), Ok(Range::Log([1e-5, 1e-2])));
        assert_eq!(narrow["lr"].range(), Ok(Range::Log([1e-4, 1e-3])));
    }
}
