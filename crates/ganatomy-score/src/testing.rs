//! Data sets for tests.

use ganatomy_data::{DataContext, Dataset, Silent, data_sets, read};
use ganatomy_record::RunSpec;

/// Builds a set that needs no files.
pub(crate) fn build(kind: &str, options: &str) -> Box<dyn Dataset> {
    let spec = RunSpec::parse(&format!("kind = \"{kind}\"\n{options}"), "test").unwrap();
    let context =
        DataContext { data_dir: None, cache_dir: "/nonexistent".into(), threads: 1, progress: &Silent };
    read(&data_sets(), &mut spec.root()).unwrap().build(&context).unwrap()
}
