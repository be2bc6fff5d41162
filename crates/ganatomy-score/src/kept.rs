//! Arrays that a cache keeps, with the checksum by which damaged ones are known.

use std::collections::BTreeMap;
use std::path::Path;

use ganatomy_record::{read_whole, sum, write_whole};
use ganatomy_tensor::{Store, StoreError};

/// Hex digits of the checksum, which are the end of the file.
const N_DIGITS: usize = 64;

/// Keeps the arrays that `keep` names; false where the cache has no room, or there is none.
pub(crate) fn write(
    path: &Path,
    store: &Store<f32>,
    keep: impl Fn(&str) -> bool,
) -> Result<bool, StoreError> {
    let mut bytes = store.to_safetensors(keep, &BTreeMap::new())?;
    bytes.extend(sum(&bytes).into_bytes());
    let made = path.parent().is_some_and(|folder| std::fs::create_dir_all(folder).is_ok());
    Ok(made && write_whole(path, &bytes).is_ok())
}

/// Loads what was kept; false where nothing was, or it is damaged or of other arrays, and then nothing is changed.
pub(crate) fn read(path: &Path, store: &mut Store<f32>, keep: impl Fn(&str) -> bool) -> bool {
    let Ok(bytes) = read_whole(path) else { return false };
    let Some((arrays, digits)) = bytes.split_last_chunk::<N_DIGITS>() else { return false };
    let mut found = Store::<f32>::new();
    let whole = sum(arrays).as_bytes() == digits && found.load_safetensors(arrays).is_ok();
    let wanted = store.iter().map(|(name, _)| name).filter(|name| keep(name));
    whole && wanted.eq(found.iter().map(|(name, _)| name)) && store.load_safetensors(arrays).is_ok()
}
