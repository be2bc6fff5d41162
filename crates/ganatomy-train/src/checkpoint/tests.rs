//! A checkpoint is what was written, or refused.

use std::fs;

use super::*;

fn description() -> Description {
    Description {
        step: 7,
        item: vec![2],
        n_classes: 2,
        class_names: vec!["cat".to_owned(), "dog".to_owned()],
        class_shares: vec![0.25, 0.75],
        data: "points-0123".to_owned(),
    }
}

fn state() -> Store<f32> {
    let mut store = Store::new();
    store.insert("generator.out.weight", [2, 3], vec![1.0, -2.0, 0.5, 0.0, 4.0, 1e-9]).unwrap();
    store.insert("generator.out.bias", [3], vec![0.25; 3]).unwrap();
    store
}

/// The values of all arrays, by name.
fn numbers(store: &Store<f32>) -> Vec<(String, Vec<f32>)> {
    store.iter().map(|(name, array)| (name.to_owned(), array.values().to_vec())).collect()
}

#[test]
fn a_bit_that_flipped_anywhere_is_noticed() {
    let place = tempfile::tempdir().unwrap();
    let file = CheckpointFile { step: 7, path: place.path().join("7.safetensors") };
    let whole = encode(&state(), &description()).unwrap();
    let found = |bytes: &[u8]| {
        fs::write(&file.path, bytes).unwrap();
        read_one(&file).map(|(store, description)| (numbers(&store), description))
    };
    let expected = (numbers(&state()), description());
    assert_eq!(found(&whole).unwrap(), expected);
    for place in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[place] ^= 1 << (place % 8);
        // White space of the header may change into other white space.
        if let Ok(other) = found(&bytes) {
            assert_eq!(other, expected, "byte {place}");
        }
    }
}

#[test]
fn the_oldest_checkpoints_which_have_no_sum_are_read() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("7.safetensors");
    let text = "step = 7\nitem = [2]\nn_classes = 0\ndata = \"points\"\n";
    let old = BTreeMap::from([(METADATA.to_owned(), text.to_owned())]);
    fs::write(&path, state().to_safetensors(is_state, &old).unwrap()).unwrap();
    let (store, description) = read_one(&CheckpointFile { step: 7, path }).unwrap();
    assert_eq!((numbers(&store), description.step), (numbers(&state()), 7));
}
