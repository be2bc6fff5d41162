//! What is made once and kept.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::error::ScoreError;

/// Things that are made once for each key.
pub(crate) struct Once<K, T>(Mutex<BTreeMap<K, Arc<T>>>);

impl<K, T> Default for Once<K, T> {
    fn default() -> Once<K, T> {
        Once(Mutex::default())
    }
}

impl<K: Ord, T> Once<K, T> {
    /// What was made for the key before, or else is made now.
    pub fn get(&self, key: K, make: impl FnOnce() -> Result<T, ScoreError>) -> Result<Arc<T>, ScoreError> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(made) = known.get(&key) {
            return Ok(Arc::clone(made));
        }
        let made = Arc::new(make()?);
        known.insert(key, Arc::clone(&made));
        Ok(made)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_made_once() {
        let (once, made) = (Once::default(), std::cell::Cell::new(0));
        let make = || {
            made.set(made.get() + 1);
            Ok(made.get())
        };
        let found = [20, 10, 20].map(|key| *once.get(key, make).unwrap());
        assert_eq!((found, made.get()), ([1, 2, 1], 2));
        let few = || Err(ScoreError::Ragged { found: 1, dims: 2 });
        assert!(once.get(5, few).is_err() && *once.get(5, make).unwrap() == 3);
    }
}
