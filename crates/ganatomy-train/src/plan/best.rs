//! Which reading the best checkpoint is chosen by.

use ganatomy_record::{Direction, nearest};

/// The usual readings, the first that the run has: shares of known modes, the scores of features, shares of classes. Evenly bad
/// samples have a low reverse KL too, which is why it comes last.
const USUAL: [&str; 4] = ["samples/quality_kl", "scores/fid/fid", "scores/kid/kid", "samples/reverse_kl"];

/// The reading to choose by and which way is better, of the readings of a run; nothing where none is asked for and none is usual.
/// A refusal continues a sentence that begins with the field.
pub(crate) fn best_by(
    asked: &str,
    readings: &[(String, Direction)],
) -> Result<Option<(String, Direction)>, String> {
    let known: Vec<_> = readings.iter().filter(|(_, way)| *way != Direction::None).collect();
    let find = |name: &str| known.iter().find(|(known, _)| known == name).map(|found| (*found).clone());
    if asked.is_empty() {
        return Ok(USUAL.iter().find_map(|name| find(name)));
    }
    let names: Vec<&str> = known.iter().map(|(name, _)| name.as_str()).collect();
    find(asked).map(Some).ok_or_else(|| match names.len() {
        0 => format!("must be empty, as no probe and no score of this run has a better way, found {asked:?}"),
        _ => {
            let hint = nearest(asked, names.iter().copied());
            let hint = hint.map(|name| format!("; did you mean \"{name}\"?")).unwrap_or_default();
            let names = names.join(", ");
            format!(
                "must be a reading of this run that has a better way, one of {names}, found {asked:?}{hint}"
            )
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(asked: &str, names: &[&str], expected: Result<Option<&str>, &str>) {
        let way = |name: &str| if name.ends_with("norm") { Direction::None } else { Direction::Down };
        let readings: Vec<_> = names.iter().map(|name| ((*name).to_owned(), way(name))).collect();
        let found = best_by(asked, &readings).map(|found| found.map(|(name, _)| name));
        assert_eq!(found, expected.map(|name| name.map(str::to_owned)).map_err(str::to_owned));
    }

    #[test]
    fn the_usual_reading_is_chosen_unless_another_is_named() {
        let all = ["samples/reverse_kl", "scores/fid/fid", "samples/quality_kl", "generator/norm"];
        check("", &all, Ok(Some("samples/quality_kl")));
        check("", &all[..2], Ok(Some("scores/fid/fid")));
        check("", &all[..1], Ok(Some("samples/reverse_kl")));
        check("", &all[3..], Ok(None));
        check("samples/reverse_kl", &all, Ok(Some("samples/reverse_kl")));
        check(
            "scores/fid/fdi",
            &all[..2],
            Err(
                "must be a reading of this run that has a better way, one of samples/reverse_kl, scores/fid/fid, \
                 found \"scores/fid/fdi\"; did you mean \"scores/fid/fid\"?",
            ),
        );
        check(
            "generator/norm",
            &all[3..],
            Err(
                "must be empty, as no probe and no score of this run has a better way, found \"generator/norm\"",
            ),
        );
    }
}
