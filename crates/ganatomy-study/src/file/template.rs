//! The commented study that `ganatomy study init` writes.

/// A small study of three losses on the ring, with every field of a study explained.
pub const TEMPLATE: &str = include_str!("template.toml");

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    #[test]
    fn the_template_is_a_study_in_each_of_its_sizes_and_with_everything_that_is_commented_out() {
        for size in [None, Some("smoke")] {
            assert_eq!(parse(TEMPLATE, "template", size).unwrap().arms.len(), 3);
        }
        let uncommented: String = TEMPLATE
            .lines()
            .map(|line| match line.strip_prefix("#: ") {
                Some(field) => format!("{field}\n"),
                None => format!("{line}\n"),
            })
            .collect();
        let file = parse(&uncommented, "template", None).unwrap();
        assert!(file.stop.is_some() && file.stages.len() == 2 && file.launch.options.len() == 1);
    }
}
