//! The classes of samples, in a file beside theirs.

use std::path::{Path, PathBuf};

use ganatomy_record::{NpyData, RecordError, write_npy};

/// Writes the number of each sample's class, if the generator was given classes.
pub(super) fn write(out: &Path, classes: &[u32]) -> Result<(), RecordError> {
    match classes {
        [] => Ok(()),
        classes => write_npy(&beside(out), &[classes.len()], NpyData::U32(classes)),
    }
}

/// What is said of the classes after the samples: `names` is empty where there are none.
pub(super) fn said(out: &Path, is_array: bool, class: Option<u32>, names: &[String]) -> String {
    if names.is_empty() {
        return String::new();
    }
    let of_class =
        class.and_then(|class| names.get(class as usize)).map(|name| format!(", all of class {name}"));
    let of_class = of_class.unwrap_or_default();
    if !is_array {
        return of_class;
    }
    let legend: Vec<String> =
        names.iter().enumerate().take(MOST_NAMES).map(|(i, name)| format!("{i} = {name}")).collect();
    let more = if names.len() > MOST_NAMES { ", ..." } else { "" };
    format!("{of_class}; {} holds their classes ({}{more})", beside(out).display(), legend.join(", "))
}

/// Names in the legend.
const MOST_NAMES: usize = 12;

/// `x.npy` has its classes in `x.labels.npy`.
fn beside(out: &Path) -> PathBuf {
    out.with_extension("labels.npy")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_named() {
        let names = ["cat", "dog"].map(str::to_owned);
        let check = |is_array, class, names: &[String], expected: &str| {
            assert_eq!(said(Path::new("a/x.npy"), is_array, class, names), expected);
        };
        check(true, None, &[], "");
        check(true, None, &names, "; a/x.labels.npy holds their classes (0 = cat, 1 = dog)");
        check(
            true,
            Some(1),
            &names,
            ", all of class dog; a/x.labels.npy holds their classes (0 = cat, 1 = dog)",
        );
        check(false, Some(0), &names, ", all of class cat");
        check(false, None, &names, "");
    }
}
