//! What a run learns from: how many items, of which classes, read from which files.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What is known about a data set before the first step.
///
/// ```
/// use ganatomy_record::DataSummary;
///
/// let names = ["cat", "dog"].map(str::to_owned).to_vec();
/// let summary = DataSummary { item_shape: vec![2], n_items: Some(9), class_names: names, ..DataSummary::default() };
/// assert_eq!(summary.rows()[0], ("items".to_owned(), "9 points of 2 numbers".to_owned()));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DataSummary {
    /// Shape of one item.
    pub item_shape: Vec<usize>,
    /// Items that are trained on; `None` when the set is endless.
    pub n_items: Option<u64>,
    /// Items that are held out; `None` without a held-out split, or when that is endless.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n_held_out: Option<u64>,
    /// The classes' names, in the order of the labels; empty without labels.
    pub class_names: Vec<String>,
    /// Items of each class, in that order; empty where they are not counted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub class_items: Vec<u64>,
    /// The smallest and largest value of the items, where they were looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub values: Option<[f64; 2]>,
    /// Items that equal an earlier one.
    #[serde(skip_serializing_if = "is_zero")]
    pub n_duplicates: u64,
    /// The image files that the items were read from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub files: Option<FileSummary>,
}

/// The image files of a folder.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FileSummary {
    /// The folder.
    pub folder: String,
    /// Files that were read, by format.
    pub formats: BTreeMap<String, u64>,
    /// Files that were read, by kind of pixel: `8-bit colour`.
    pub modes: BTreeMap<String, u64>,
    /// Width and height of the image with the fewest pixels.
    pub smallest: [u32; 2],
    /// Width and height of the image with the most pixels.
    pub largest: [u32; 2],
    /// What was left out, by reason.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub left_out: BTreeMap<String, u64>,
}

fn is_zero(n: &u64) -> bool {
    *n == 0
}

/// Classes that a person will read.
const SHOWN: usize = 12;

impl DataSummary {
    /// The summary for people: label and text.
    pub fn rows(&self) -> Vec<(String, String)> {
        let mut rows = vec![("items", self.items())];
        if !self.class_names.is_empty() {
            rows.push(("classes", self.classes()));
        }
        if let Some([low, high]) = self.values {
            rows.push(("values", format!("{low:.3} to {high:.3}")));
        }
        if let Some(files) = &self.files {
            rows.push(("files", files.kinds()));
            if !files.left_out.is_empty() {
                rows.push(("left out", counted(&files.left_out)));
            }
        }
        match self.n_duplicates {
            0 => {}
            1 => rows.push(("duplicates", "1 item equals an earlier one".to_owned())),
            n => rows.push(("duplicates", format!("{n} items equal an earlier one"))),
        }
        rows.into_iter().map(|(label, text)| (label.to_owned(), text)).collect()
    }

    fn items(&self) -> String {
        let items = match &self.item_shape[..] {
            [height, width, channels] => format!("images of {height} x {width} x {channels}"),
            [1] => "points of 1 number".to_owned(),
            shape => {
                let dims: Vec<String> = shape.iter().map(usize::to_string).collect();
                format!("points of {} numbers", dims.join(" x "))
            }
        };
        let n = self.n_items.map_or("endless".to_owned(), |n| n.to_string());
        let held_out = self.n_held_out.map_or(String::new(), |n| format!(", {n} more held out"));
        format!("{n} {items}{held_out}")
    }

    fn classes(&self) -> String {
        let class = |(i, name): (usize, &String)| match self.class_items.get(i) {
            Some(n) => format!("{name} ({n})"),
            None => name.clone(),
        };
        let n = self.class_names.len();
        let mut shown: Vec<String> = self.class_names.iter().enumerate().take(SHOWN).map(class).collect();
        if n > SHOWN {
            shown.push(format!("and {} more", n - SHOWN));
        }
        format!("{n}: {}", shown.join(", "))
    }
}

impl FileSummary {
    fn kinds(&self) -> String {
        let size = |[width, height]: [u32; 2]| format!("{width} x {height}");
        let sizes = match self.smallest == self.largest {
            true => format!("of {}", size(self.largest)),
            false => format!("of {} to {}", size(self.smallest), size(self.largest)),
        };
        format!("{}, {sizes} pixels, {}", counted(&self.formats), counted(&self.modes))
    }
}

/// `3 JPEG, 1 PNG`, the most frequent first.
fn counted(counts: &BTreeMap<String, u64>) -> String {
    let mut counts: Vec<(&String, &u64)> = counts.iter().collect();
    counts.sort_by_key(|(_, n)| std::cmp::Reverse(**n));
    counts.iter().map(|(what, n)| format!("{n} {what}")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(summary: &DataSummary, expected: &[(&str, &str)]) {
        let rows = summary.rows();
        let rows: Vec<(&str, &str)> = rows.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        assert_eq!(rows, expected);
        let text = serde_json::to_string(summary).unwrap();
        assert_eq!(&serde_json::from_str::<DataSummary>(&text).unwrap(), summary);
    }

    #[test]
    fn rows_say_what_is_known() {
        let points = DataSummary { item_shape: vec![2], ..DataSummary::default() };
        check(&points, &[("items", "endless points of 2 numbers")]);
        let count = |pairs: &[(&str, u64)]| pairs.iter().map(|(what, n)| ((*what).to_owned(), *n)).collect();
        let images = DataSummary {
            item_shape: vec![64, 64, 3],
            n_items: Some(4),
            n_held_out: Some(1),
            class_names: vec!["cat".to_owned(), "dog".to_owned()],
            class_items: vec![3, 1],
            values: Some([-1.0, 0.25]),
            n_duplicates: 2,
            files: Some(FileSummary {
                folder: "photos".to_owned(),
                formats: count(&[("JPEG", 1), ("PNG", 4)]),
                modes: count(&[("8-bit colour", 5)]),
                smallest: [32, 32],
                largest: [640, 480],
                left_out: count(&[(".txt", 2)]),
            }),
        };
        check(
            &images,
            &[
                ("items", "4 images of 64 x 64 x 3, 1 more held out"),
                ("classes", "2: cat (3), dog (1)"),
                ("values", "-1.000 to 0.250"),
                ("files", "4 PNG, 1 JPEG, of 32 x 32 to 640 x 480 pixels, 5 8-bit colour"),
                ("left out", "2 .txt"),
                ("duplicates", "2 items equal an earlier one"),
            ],
        );
        let names = (0..20).map(|i| i.to_string()).collect();
        let many = DataSummary { item_shape: vec![1], class_names: names, ..DataSummary::default() };
        assert!(many.rows()[1].1.ends_with("10, 11, and 8 more"), "{:?}", many.rows());
    }
}
