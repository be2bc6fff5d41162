//! `ganatomy explain`: what a name stands for, what can be set, and how it is switched on.

mod docs;

use clap::Args;
use ganatomy_game::{Listing, Registry};
use ganatomy_record::{FieldDoc, nearest};
use serde::Serialize;

use super::failure::Failure;
use super::named::{METHOD, RECIPE, everything};
use super::text::{styled, table};
use super::{HEADING, LITERAL, screen};

/// Explain a loss, a remedy, a scheme, a recipe or anything else `list --all` shows: formula, source, fields, use.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  ganatomy explain gradient-penalty")]
pub(super) struct Explain {
    /// The name, as `ganatomy list --all` shows it.
    name: String,
    /// Print JSON: [{"kind", "name", "doc", "text", "fields": [{"name", "default", "range", "doc"}], "use"}].
    #[arg(long)]
    json: bool,
}

#[derive(Debug, thiserror::Error)]
#[error(
    "there is nothing called \"{name}\"{}; `ganatomy list --all` shows every name",
    nearest.map(|name| format!("; did you mean \"{name}\"?")).unwrap_or_default()
)]
struct Unknown {
    name: String,
    nearest: Option<&'static str>,
}

/// All there is to say of one row.
#[derive(Debug, Serialize)]
struct Explained {
    kind: &'static str,
    name: &'static str,
    doc: &'static str,
    /// The documentation of the code; of a recipe, its TOML.
    text: String,
    fields: Vec<Field>,
    /// What to type.
    r#use: String,
}

/// One field of its table.
#[derive(Debug, Serialize)]
struct Field {
    name: String,
    default: String,
    range: String,
    doc: String,
}

impl From<FieldDoc> for Field {
    fn from(FieldDoc { name, doc, default, range }: FieldDoc) -> Field {
        // Made to follow "a whole number", which is not said here.
        let range = range.strip_prefix("of ").unwrap_or(&range).to_owned();
        Field { name, default, range, doc }
    }
}

impl Explain {
    pub(super) fn run(&self) -> Result<(), Failure> {
        let all = everything();
        let registry = Registry::builtin();
        let found = all.iter().filter(|row| row.name == self.name);
        let explained: Vec<Explained> = found.map(|row| Explained::of(row, &registry)).collect();
        if explained.is_empty() {
            let nearest = nearest(&self.name, all.iter().map(|row| row.name));
            return Err(Failure::request(Unknown { name: self.name.clone(), nearest }));
        }
        if self.json {
            return screen::print_json(&explained);
        }
        screen::print(&explained.iter().map(Explained::to_text).collect::<Vec<_>>().join("\n"))
    }
}

impl Explained {
    fn of(row: &Listing, registry: &Registry) -> Explained {
        let Listing { kind, name, doc, source } = *row;
        let text = match kind {
            RECIPE | METHOD => source.to_owned(),
            _ => docs::of_first_struct(source),
        };
        let fields = registry.fields(kind, name).into_iter().map(Field::from).collect();
        Explained { kind, name, doc, text, fields, r#use: how(kind, name) }
    }

    fn to_text(&self) -> String {
        let mut text =
            format!("{}  {}\n", styled(HEADING, &format!("{} {}", self.kind, self.name)), self.doc);
        if !self.text.is_empty() {
            text.push_str(&format!("\n{}", docs::shown(&self.text)));
        }
        if !self.fields.is_empty() {
            let head = ["name", "default", "allowed", "meaning"].map(str::to_owned).to_vec();
            let row = |f: &Field| vec![f.name.clone(), f.default.clone(), f.range.clone(), f.doc.clone()];
            let rows: Vec<Vec<String>> = std::iter::once(head).chain(self.fields.iter().map(row)).collect();
            text.push_str(&format!("\n{}\n{}", styled(HEADING, "fields"), table(&rows, "  ", 4)));
        }
        text.push_str(&format!("\n{}  {}\n", styled(HEADING, "use"), styled(LITERAL, &self.r#use)));
        text
    }
}

/// What to type to have it.
fn how(kind: &str, name: &str) -> String {
    match kind {
        RECIPE => format!("ganatomy train {name}"),
        METHOD => format!("ganatomy train ring --with {name}"),
        "network" => format!("--set generator.kind={name} --set discriminator.kind={name}"),
        "remedy" => format!("--set remedies.{name}={{}}"),
        "update" => format!("--set generator.update.kind={name} --set discriminator.update.kind={name}"),
        "schedule" => format!(
            "--set generator.update.schedule.kind={name} --set discriminator.update.schedule.kind={name}"
        ),
        "probe" => format!("--set probes.{name}.every_steps=100"),
        "small game" => format!("ganatomy game {name}"),
        _ => format!("--set {kind}.kind={name}"),
    }
}
