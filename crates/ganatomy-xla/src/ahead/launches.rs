//! What a compiled program launches, counted in XLA's own list of it.

use std::path::Path;

use crate::XlaError;

/// What one run of a compiled program launches; what a loop launches counts once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Launches {
    /// Kernels, of XLA's own making and of the vendor's libraries.
    pub kernels: usize,
    /// How many of them are convolutions of the vendor's library.
    pub convolutions: usize,
    /// Copies on the device.
    pub copies: usize,
    /// How many of all these are recorded in graphs.
    pub in_graphs: usize,
    /// Graphs, each of which is one launch.
    pub graphs: usize,
}

/// The end of the name of a list.
const LIST: &str = ".thunk_sequence_after_thunk_passes.txt";

/// Counts what the program launches whose list is the one in a folder.
pub(super) fn launches(folder: &Path) -> Result<Launches, XlaError> {
    let failed = |source| XlaError::Io { action: "read", path: folder.to_owned(), source };
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.to_string_lossy().ends_with(LIST) {
            return Ok(counted(&std::fs::read_to_string(path).map_err(failed)?));
        }
    }
    Err(XlaError::Unread)
}

/// A line is a number, a kind and a name; what belongs to a graph or a loop follows it, further in.
fn counted(list: &str) -> Launches {
    let mut launches = Launches::default();
    let mut graph = None;
    for line in list.lines() {
        let indent = line.len() - line.trim_start().len();
        let Some(kind) = line.split_whitespace().nth(1) else { continue };
        graph = graph.filter(|graph| indent > *graph);
        match kind {
            "kCommandBuffer" => {
                launches.graphs += usize::from(graph.is_none());
                graph = graph.or(Some(indent));
                continue;
            }
            "kWhile" | "kConditional" | "kSequential" => continue,
            "kCopy" | "kMemset32BitValue" | "kMemzero" => launches.copies += 1,
            _ => launches.kernels += 1,
        }
        launches.convolutions += usize::from(kind == "kConvolution");
        launches.in_graphs += usize::from(graph.is_some());
    }
    launches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_graph_holds_is_told_from_what_it_does_not() {
        let list = "\
000: kCopy          [source       | next=001 (1)] kCopy
001: kCommandBuffer [prev=000 (1) | sink]
    002: kWhile [source | sink]
condition:
        003: kCustomKernel [source | sink] loop_and_fusion grid: [1, 1, 1]
      body:
        004: kConvolution [source | sink] custom-call
        005: kCommandBuffer [source | sink]
            006: kGemm [source | sink] custom-call
007: kCustomKernel [prev=001 (1) | sink] gemm_fusion_dot grid: [1, 1, 1]
008: kCommandBuffer [prev=007 (1) | sink]
    009: kCopy [source | sink] kCopy
";
        let wanted = Launches { kernels: 4, convolutions: 1, copies: 2, in_graphs: 4, graphs: 2 };
        assert_eq!(counted(list), wanted);
        assert_eq!(counted(""), Launches::default());
    }

    #[test]
    fn a_folder_without_a_list_is_told_of() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(launches(folder.path()), Err(XlaError::Unread)));
    }
}
