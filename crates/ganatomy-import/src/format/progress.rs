//! What stands behind a bar of progress: `20/1000000 [08:34<7286:56:06, 26.23s/it]G: N | D: N | GP: N`.

use super::{Format, Values};

pub(super) const FORMAT: Format = Format {
    name: "progress",
    about: "what stands behind a bar of tqdm or Keras",
    values: Values::Unknown,
    is: Some(is),
};

fn is(line: &[u8]) -> bool {
    let has = |part: &[u8]| memchr::memmem::find(line, part).is_some();
    has(b"it/s") || has(b"s/it") || has(b"/step")
}
