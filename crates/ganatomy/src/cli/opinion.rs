//! What the clinic thinks of a run, as a page.

use std::collections::BTreeMap;

use ganatomy_clinic::{Chart, Diagnosis, Evidence, Finding, is_well};
use ganatomy_record::Event;
use ganatomy_view::page::{Found, Opinion, Table, opinion};
use ganatomy_view::{Panel, Words, panels};
use toml::Value;

use super::failure::Failure;
use super::mend::Mend;
use super::text::{number, whole};

/// Remedies that are shown of each verdict.
const MOST_REMEDIES: usize = 4;

/// The page of a run, or of another program's log: its name, what was found in its chart, its plan, and the command that makes the page.
pub(super) fn page(
    name: &str,
    (found, chart): (&Diagnosis, &Chart),
    plan: &toml::Table,
    mend: Option<&Mend>,
    command: String,
) -> Result<String, Failure> {
    let own = Opinion {
        title: Words::of(format!("A second opinion on {name}"), format!("{name}에 대한 두 번째 의견")),
        lead: lead(found, plan),
        found: found.verdicts.iter().map(|finding| told(finding, chart, mend)).collect(),
        panels: drawn(found, chart),
        tables: vec![untold(found), names(plan), passed_over(plan)],
        command,
    };
    opinion(&own).map_err(Failure::run)
}

/// What the losses were taken for, and what a person should know of how a log was read.
fn lead(found: &Diagnosis, plan: &toml::Table) -> Vec<Words> {
    let taken = found.notes.iter().map(|note| Words::of(note.sentence.clone(), note.sentence_ko.clone()));
    let import = plan.get("import").and_then(Value::as_table);
    let notes = import.and_then(|import| import.get("notes")?.as_array()).into_iter().flatten();
    let notes = notes.filter_map(|note| note.as_str().map(|note| Words::both(format!("{note}."))));
    let read = import.map(|import| {
        let word = |key: &str| import.get(key).and_then(Value::as_str).unwrap_or("?").to_owned();
        let (format, step) = (word("format"), word("step_unit"));
        Words::of(
            format!("Read as {format}; a step is one {step}."),
            format!("{format} 형식으로 읽었고, 한 단계는 {step}입니다."),
        )
    });
    taken.chain(read).chain(notes).collect()
}

fn told(finding: &Finding, chart: &Chart, mend: Option<&Mend>) -> Found {
    let percent = (100.0 * finding.confidence).round();
    let (since, step) = (whole(finding.since_step), whole(chart.step()));
    let is_well = is_well(finding.name);
    let perhaps = if is_well || finding.is_sure() { ["", ""] } else { ["perhaps ", "어쩌면 "] };
    let when = match is_well {
        true => {
            Words::of(format!("at step {step}; {percent} % sure"), format!("{step} 단계; 확신 {percent} %"))
        }
        false => Words::of(
            format!("{}since step {since} of {step}; {percent} % sure", perhaps[0]),
            format!("{}{step} 단계 중 {since} 단계부터; 확신 {percent} %", perhaps[1]),
        ),
    };
    let remedies = finding.remedies.iter().take(MOST_REMEDIES).map(|remedy| {
        let what = match mend {
            Some(mend) => Words::both(mend.command(&remedy.change, finding.since_step)),
            None => Words::new(remedy.in_words()[0], remedy.in_words()[1]),
        };
        [what, Words::both(format!("{} ({})", remedy.why, remedy.source))]
    });
    Found {
        name: finding.name.to_owned(),
        is_well,
        is_sure: is_well || finding.is_sure(),
        when,
        sentence: Words::of(finding.sentence.clone(), finding.sentence_ko.clone()),
        evidence: finding.evidence.iter().map(shown).collect(),
        remedies: remedies.collect(),
    }
}

fn shown(evidence: &Evidence) -> Words {
    let Evidence { reading, step, middle_of, value, expected } = evidence;
    let (value, step) = (number(*value), whole(*step));
    let of = if *middle_of == 1 { String::new() } else { format!(", the middle of the last {middle_of},") };
    Words::both(format!("{reading} is {value}{of} at step {step}; expected: {expected}"))
}

/// The curves of each game, with bands over the steps of what was found in it.
fn drawn(found: &Diagnosis, chart: &Chart) -> Vec<Panel> {
    let games = chart.pairs();
    let is_of = |finding: &Finding, game: &str| finding.sentence.starts_with(&format!("{game}: "));
    let mut all = Vec::new();
    for (name, game) in &games {
        let own = found.verdicts.iter().filter(|finding| !is_well(finding.name)).filter(|finding| match name
            .as_str()
        {
            "" => !games.iter().any(|(other, _)| !other.is_empty() && is_of(finding, other)),
            name => is_of(finding, name),
        });
        let verdicts = own.map(|finding| Event::Verdict {
            step: chart.step(),
            secs: 0.0,
            name: if finding.is_sure() {
                finding.name.to_owned()
            } else {
                format!("perhaps {}", finding.name)
            },
            holds: true,
            since_step: finding.since_step,
            confidence: finding.confidence,
            sentence: finding.sentence.clone(),
        });
        let mut rows: BTreeMap<u64, BTreeMap<String, f64>> = BTreeMap::new();
        for (reading, series) in game.family("") {
            for &(step, value) in series.points() {
                rows.entry(step).or_default().insert(reading.to_owned(), value);
            }
        }
        let readings = rows.into_iter().map(|(step, values)| Event::Readings { step, secs: 0.0, values });
        let events: Vec<Event> = readings.chain(verdicts).collect();
        all.extend(panels(&events).into_iter().map(|panel| match name.as_str() {
            "" => panel,
            name => Panel { title: format!("{name}: {}", panel.title), ..panel },
        }));
    }
    all
}

/// What the readings do not tell, by what would have to be recorded.
fn untold(found: &Diagnosis) -> Table {
    let mut by_needs = BTreeMap::<&str, Vec<&str>>::new();
    for one in &found.cannot_tell {
        by_needs.entry(&one.needs).or_default().push(one.name);
    }
    let rows =
        by_needs.into_iter().map(|(needs, names)| vec![names.join(", ").into(), needs.to_owned().into()]);
    Table {
        title: Words::new("What this record does not tell", "이 기록으로는 알 수 없는 것"),
        head: vec![Words::new("verdict", "판정"), Words::new("needs", "필요한 것")],
        rows: rows.collect(),
    }
}

/// The log's names, and the readings that they became.
fn names(plan: &toml::Table) -> Table {
    let names = plan.get("import").and_then(|import| import.get("names")?.as_table());
    let rows = names.into_iter().flatten().map(|(theirs, ours)| {
        vec![Words::both(theirs.clone()), Words::both(ours.as_str().unwrap_or_default())]
    });
    Table {
        title: Words::new("How the log's names were read", "기록의 이름을 읽은 방법"),
        head: vec![Words::new("name in the log", "기록의 이름"), Words::new("reading", "값")],
        rows: rows.collect(),
    }
}

fn passed_over(plan: &toml::Table) -> Table {
    let ignored = plan.get("import").and_then(|import| import.get("ignored")?.as_array());
    let rows = ignored.into_iter().flatten().filter_map(Value::as_str).map(|name| vec![Words::both(name)]);
    Table {
        title: Words::new("Names that were passed over", "읽지 않은 이름"),
        head: vec![Words::new(
            "name in the log; --map NAME=READING says what one means",
            "기록의 이름 (--map 이름=값으로 뜻을 알려 줄 수 있습니다)",
        )],
        rows: rows.collect(),
    }
}
