//! Damaged specs, assignments, event logs and notes on checkpoints: a value or one clear line, in bounded memory.

use super::*;
use crate::damage::damaged;

/// Far more than any file of these, and as nothing to a machine. (A table of a spec of 100 KB takes some MB.)
const MOST: usize = 16 << 20;

/// The recipes that come with the program, and what a run keeps of one.
fn specs() -> Vec<Vec<u8>> {
    let strange = "a = [1, [2.5e3, {x = \"\\u00e9\"}]]\n[b.\"c d\"]\nt = 1979-05-27T07:32:00Z\ns = '''x\ny'''\n[[e]]\nf = 0x1f";
    let ring = include_str!("../../../../recipes/ring.toml");
    [ring, include_str!("../../../../recipes/mnist.toml"), PLAN, strange]
        .map(|text| text.as_bytes().to_vec())
        .into()
}

/// A sentence, and perhaps the line that it is about.
fn first_line(error: &SpecError) -> String {
    let text = error.to_string();
    assert!(text.lines().count() <= 4, "{text}");
    text.lines().next().unwrap_or_default().to_owned()
}

#[test]
fn damaged_files_of_specs_are_answered() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("spec.toml");
    let refused = damaged(&specs(), 3_000, MOST, |bytes| {
        let read = match std::str::from_utf8(bytes) {
            Ok(text) => RunSpec::parse(text, "spec.toml"),
            Err(_) => {
                fs::write(&file, bytes).unwrap();
                RunSpec::read(&file)
            }
        };
        let spec = read.map_err(|error| first_line(&error))?;
        assert!(spec.source().len() <= bytes.len() + 1);
        let mut root = spec.root();
        let mut fields = || {
            root.count("steps", "Steps.", 10, 1..=1_000_000)?;
            root.number("lr", "A rate.", 0.1, Range::any())?;
            root.table("data", "Data.")?.finish()
        };
        let fields = fields();
        fields.and_then(|_| root.finish().map(|_| ())).map_err(|error| first_line(&error))
    });
    assert!(refused > 0.5, "{refused}");
}

#[test]
fn damaged_files_of_assignments_are_answered() {
    let lines = ["data.kind=ring", "generator.hidden=[64, 64]", "scheme={kind=\"unrolled\", k=3}", "lr=1e-3"];
    let lines: Vec<Vec<u8>> = lines.map(|line| line.as_bytes().to_vec()).into();
    damaged(&lines, 3_000, MOST, |bytes| {
        let mut spec = RunSpec::parse(SPEC, "spec.toml").unwrap();
        spec.set(&String::from_utf8_lossy(bytes)).map_err(|error| first_line(&error))?;
        // What was accepted is TOML again.
        RunSpec::parse(&spec.source(), "again").map(|_| ()).map_err(|error| panic!("{error}"))
    });
}

#[test]
fn damaged_files_of_events_are_answered() {
    let (_place, path) = place();
    let folder = create(&path, false).unwrap();
    record(
        &folder,
        &[started(), readings(1, &[("loss", 0.5), ("kl", f64::NAN)]), readings(2, &[("loss", -1e-9)])],
    );
    record(&folder, &[Event::Resumed { step: 1, secs: 0.2 }]);
    record(&folder, &[finished(3, Outcome::Done)]);
    let log = fs::read(folder.events()).unwrap();
    damaged(&[log], 3_000, MOST, |bytes| {
        fs::write(folder.events(), bytes).unwrap();
        let mut tail = RunReader::open(&folder).tail();
        let news = tail.poll().map_err(|error| error.to_string())?;
        let events = RunReader::open(&folder).read_all().map_err(|error| error.to_string())?;
        assert!(events.len() <= news.events.len());
        // Nothing is read twice.
        assert_eq!(tail.poll().unwrap().events, []);
        RunReader::open(&folder).summary().map(|_| ()).map_err(|error| error.to_string())
    });
}

#[test]
fn damaged_files_beside_checkpoints_are_answered() {
    let (_place, path) = place();
    let folder = create(&path, false).unwrap();
    let mut checkpoints = Checkpoints::open(&folder, 2, Direction::Up).unwrap();
    checkpoints.store_marked(10, b"bytes", Marks { score: Some(0.5), unrest: Some(2.0) }).unwrap();
    let names = ["checkpoints/best.toml", "checkpoints/healthy.toml", "plan.toml"];
    for name in names {
        let file = path.join(name);
        let whole = fs::read(&file).unwrap();
        damaged(std::slice::from_ref(&whole), 1_000, MOST, |bytes| {
            fs::write(&file, bytes).unwrap();
            let opened = RunFolder::open(&path).map_err(|error| error.to_string())?;
            opened.plan().map_err(|error| error.to_string())?;
            let found = Checkpoints::open(&opened, 2, Direction::Up).map_err(|error| error.to_string())?;
            found.would_be_best(0.25);
            Ok(())
        });
        fs::write(&file, whole).unwrap();
    }
}
