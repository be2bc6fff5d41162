//! Points of a space: for every setting of an arm a value.

mod draw;

pub use draw::points;

use toml::Value;

use crate::runs;
use crate::settings::Setting;

/// A value of each setting.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chosen(pub Vec<(Setting, Value)>);

impl Chosen {
    /// What is set in the spec: `generator.update.lr=0.001`.
    pub fn assignments(&self) -> Vec<String> {
        let each = |(setting, value): &(Setting, Value)| -> Vec<String> {
            setting.fields.iter().map(|field| format!("{field}={value}")).collect()
        };
        self.0.iter().flat_map(each).collect()
    }

    /// By the settings' names, as results tell of it.
    pub fn settings(&self) -> runs::Settings {
        let plain = |value: &Value| match value {
            Value::Integer(n) => runs::Setting::Number(*n as f64),
            Value::Float(x) => runs::Setting::Number(*x),
            Value::String(text) => runs::Setting::Text(text.clone()),
            other => runs::Setting::Text(other.to_string()),
        };
        self.0.iter().map(|(setting, value)| (setting.name.clone(), plain(value))).collect()
    }
}
