//! `ganatomy explain`: what a name stands for, what can be set, and how it is switched on.

use clap::Args;
use ganatomy_record::nearest;
use ganatomy_train::{Registry, recipe};

use super::failure::Failure;
use super::text::{styled, table};
use super::{HEADING, LITERAL, filled, screen};
use crate::Use;
use crate::explain::{Explained, Field, everything, explain};

/// Explain a loss, a remedy, a recipe, a reading, a verdict or anything else `list --all` shows: formula, source, fields, use.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  ganatomy explain gradient-penalty\n  ganatomy explain samples/reverse_kl"
)]
pub(super) struct Explain {
    /// The name, as `ganatomy list --all` shows it.
    name: String,
    /// Print JSON: [{"kind", "name", "doc", "text", "fields": [{"name", "default", "range", "doc"}], "use", "uses": [{"type", "recipes"}]}].
    #[arg(long)]
    json: bool,
}

#[derive(Debug, thiserror::Error)]
#[error(
    "there is nothing called \"{name}\"{}; `ganatomy list --all` shows every name",
    nearest.as_ref().map(|name| format!("; did you mean \"{name}\"?")).unwrap_or_default()
)]
struct Unknown {
    name: String,
    nearest: Option<String>,
}

impl Explain {
    pub(super) fn run(&self, registry: &Registry) -> Result<(), Failure> {
        let explained = explain(&self.name, registry);
        if explained.is_empty() {
            let all = everything(registry);
            let nearest = nearest(&self.name, all.iter().map(|row| &*row.name)).map(str::to_owned);
            return Err(Failure::request(Unknown { name: self.name.clone(), nearest }));
        }
        if self.json {
            return screen::print_json(&explained);
        }
        screen::print(&explained.iter().map(to_text).collect::<Vec<_>>().join("\n"))
    }
}

/// `ring, grid`, or `every recipe but imle` where that is shorter.
fn listed(recipes: &[&str]) -> String {
    let others: Vec<&str> = recipe::names().into_iter().filter(|name| !recipes.contains(name)).collect();
    match others.len() {
        0 => "every recipe".to_owned(),
        n if n < recipes.len() => format!("every recipe but {}", others.join(", ")),
        _ => recipes.join(", "),
    }
}

fn to_text(one: &Explained) -> String {
    let heading = styled(HEADING, &format!("{} {}", one.kind, one.name));
    let mut text = format!("{heading}  {}\n", one.doc);
    if !one.text.is_empty() {
        text.push_str(&format!("\n{}", filled::shown(&one.text)));
    }
    if !one.fields.is_empty() {
        let head = ["name", "default", "allowed", "meaning"].map(str::to_owned).to_vec();
        let row = |f: &Field| vec![f.name.clone(), f.default.clone(), f.range.clone(), f.doc.clone()];
        let rows: Vec<Vec<String>> = std::iter::once(head).chain(one.fields.iter().map(row)).collect();
        text.push_str(&format!("\n{}\n{}", styled(HEADING, "fields"), table(&rows, "  ", 4)));
    }
    text.push('\n');
    for Use { r#type, recipes } in &one.uses {
        text.push_str(&format!("{}  {}\n", styled(HEADING, "use"), styled(LITERAL, r#type)));
        if !recipes.is_empty() {
            text.push_str(&format!("     with {}\n", listed(recipes)));
        }
    }
    text
}
