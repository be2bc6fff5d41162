//! The nearest known name to a mistyped one.

/// Finds the known name a mistyped one most likely means, or nothing when none is close.
///
/// ```
/// let known = ["adam", "rmsprop", "sgd"];
/// assert_eq!(ganatomy_record::nearest("adma", known), Some("adam"));
/// assert_eq!(ganatomy_record::nearest("lion", known), None);
/// ```
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_lowercase();
    known
        .into_iter()
        .map(|candidate| (closeness(&name, &candidate.to_lowercase()), candidate))
        .filter(|(closeness, _)| *closeness > 0.0)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// A similarity from 0 to 1, or 0 for names that are too far apart to be worth suggesting.
fn closeness(name: &str, candidate: &str) -> f64 {
    let edits = strsim::damerau_levenshtein(name, candidate);
    let allowed = (name.chars().count().max(candidate.chars().count()) / 3).max(1);
    // A prefix counts as near however long the rest is: "batch" means "batch_size".
    let prefix = name.len() >= 3 && (candidate.starts_with(name) || name.starts_with(candidate));
    if edits <= allowed || prefix { strsim::jaro_winkler(name, candidate) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, expected: Option<&str>) {
        let known = ["batch_size", "steps", "seed", "lr", "beta1", "beta2", "non-saturating"];
        assert_eq!(nearest(name, known), expected, "{name}");
    }

    #[test]
    fn typing_mistakes_find_their_name() {
        check("lrr", Some("lr"));
        check("LR", Some("lr"));
        check("step", Some("steps"));
        check("sede", Some("seed"));
        check("batch", Some("batch_size"));
        check("batchsize", Some("batch_size"));
        check("nonsaturating", Some("non-saturating"));
    }

    #[test]
    fn unrelated_names_suggest_nothing() {
        check("momentum", None);
        check("", None);
    }
}
