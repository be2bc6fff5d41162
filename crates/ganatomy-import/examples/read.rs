//! Reads logs and prints what was found in them, with the time it took.

use std::path::PathBuf;
use std::time::Instant;

use ganatomy_import::{Options, read};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let paths: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let began = Instant::now();
    let imported = read(&paths, &Options::default())?;
    let secs = began.elapsed().as_secs_f64();
    println!(
        "{} by {}, D {}; {secs:.2} s",
        imported.formats.join(" and "),
        imported.unit.word(),
        imported.values
    );
    for mapped in &imported.mapped {
        println!(
            "  {} -> {}: {} of {:?} to {:?}",
            mapped.theirs, mapped.ours, mapped.points, mapped.first, mapped.last
        );
    }
    for ignored in &imported.ignored {
        println!("  ignored {} ({}) {}", ignored.theirs, ignored.count, ignored.why);
    }
    imported.notes.iter().for_each(|note| println!("  note: {note}"));
    Ok(())
}
