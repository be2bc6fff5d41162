//! Named arrays: what programs read and write, and what a checkpoint holds.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::sync::Arc;

use safetensors::tensor::{SafeTensors, View};

use crate::aligned::Aligned;
use crate::bytes::ByteCount;
use crate::element::Element;
use crate::shape::Shape;

/// A dense row-major tensor of numbers.
#[derive(Clone)]
pub struct Array<E> {
    shape: Shape,
    values: Aligned<E>,
    identity: Identity,
}

/// Which array of which store this is: alike only for an array and its copies.
#[derive(Clone, Debug, Default)]
pub(crate) struct Identity(Arc<()>);

impl Identity {
    /// Is this the array itself, or a copy of it in a copy of its store?
    pub fn is(&self, other: &Identity) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<E: Element> Array<E> {
    /// The array's axis lengths.
    pub fn shape(&self) -> &Shape {
        &self.shape
    }
    /// The elements in row-major order.
    pub fn values(&self) -> &[E] {
        &self.values
    }
    /// The elements, to be changed.
    pub fn values_mut(&mut self) -> &mut [E] {
        &mut self.values
    }
}

impl<E: Element> fmt::Debug for Array<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Array").field("shape", &self.shape).field("values", &self.values).finish()
    }
}

/// What can go wrong with named arrays, and with programs that run on them.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// There is no array of this name.
    #[error("there is no array named {name}")]
    Missing {
        /// The name asked for.
        name: String,
    },
    /// Another shape than the one needed.
    #[error("array {name} has shape {found}, but {wanted} is needed")]
    Shape {
        /// The array's name.
        name: String,
        /// The shape it has.
        found: Shape,
        /// The shape that is needed.
        wanted: Shape,
    },
    /// More or fewer values than the shape holds.
    #[error("array {name} of shape {shape} was given {found} values")]
    Length {
        /// The array's name.
        name: String,
        /// Its shape.
        shape: Shape,
        /// How many values were given.
        found: usize,
    },
    /// Another number type than the one needed.
    #[error("array {name} holds {found}, but {wanted} is needed")]
    Type {
        /// The array's name.
        name: String,
        /// The name of the type in the file.
        found: String,
        /// The name of the type that is needed.
        wanted: String,
    },
    /// An array, or the memory of a program, that the machine has no room for.
    #[error("{what} needs {}, which this machine does not give", ByteCount(*bytes as u64))]
    Memory {
        /// What the memory is for.
        what: String,
        /// How many bytes it takes.
        bytes: usize,
    },
    /// A program run on a store that it was not bound to.
    #[error("the program was bound to another store: array {name} is not the one it was bound to")]
    Bound {
        /// The first array that is missing or another.
        name: String,
    },
    /// A program run on a device that it was not bound to.
    #[error("the program was bound to {wanted}, but is run on {found}")]
    Device {
        /// The threads and the vector instructions it was planned for.
        wanted: String,
        /// Those of the device.
        found: String,
    },
    /// A defect of the library: a kernel stopped. Outputs may be half written.
    #[error("a kernel of the program stopped: {reason}")]
    Stopped {
        /// What the kernel said.
        reason: String,
    },
    /// Bytes that are not a safetensors file.
    #[error("not a whole safetensors file")]
    Format(#[source] Box<dyn Error + Send + Sync>),
}

impl StoreError {
    /// An error of the safetensors library.
    fn format(error: safetensors::SafeTensorError) -> StoreError {
        StoreError::Format(Box::new(error))
    }
}

/// Named arrays. A name keeps its place for as long as the store lives.
#[derive(Clone, Default)]
pub struct Store<E> {
    places: BTreeMap<String, usize>,
    arrays: Vec<Array<E>>,
}

/// Only names and shapes, as there are too many values.
impl<E> fmt::Debug for Store<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shapes = self.places.iter().map(|(name, &place)| (name, &self.arrays[place].shape));
        f.debug_map().entries(shapes).finish()
    }
}

impl<E: Element> Store<E> {
    /// No arrays.
    pub fn new() -> Self {
        Store { places: BTreeMap::new(), arrays: Vec::new() }
    }

    /// Adds an array, or replaces the values of the one with this name and shape.
    ///
    /// # Errors
    /// [`StoreError::Length`] for more or fewer values than the shape holds,
    /// [`StoreError::Shape`] if the name has another shape, [`StoreError::Memory`] if there is no room.
    pub fn insert(&mut self, name: &str, shape: impl Into<Shape>, values: Vec<E>) -> Result<(), StoreError> {
        let shape = shape.into();
        if values.len() != shape.numel() {
            return Err(StoreError::Length { name: name.into(), shape, found: values.len() });
        }
        let place = self.place(name, &shape)?;
        self.arrays[place].values.copy_from_slice(&values);
        Ok(())
    }

    /// The place of the array with this name and shape, made of zeros where there is none yet.
    ///
    /// # Errors
    /// [`StoreError::Shape`] if the name has another shape, [`StoreError::Memory`] if there is no room.
    pub fn place(&mut self, name: &str, shape: &Shape) -> Result<usize, StoreError> {
        if let Some(&place) = self.places.get(name) {
            let found = &self.arrays[place].shape;
            if found != shape {
                return Err(StoreError::Shape {
                    name: name.into(),
                    found: found.clone(),
                    wanted: shape.clone(),
                });
            }
            return Ok(place);
        }
        let numel = shape.numel();
        let values = Aligned::try_zeros(numel).ok_or_else(|| StoreError::Memory {
            what: format!("array {name} of shape {shape}"),
            bytes: numel.saturating_mul(size_of::<E>()),
        })?;
        self.arrays.push(Array { shape: shape.clone(), values, identity: Identity::default() });
        self.places.insert(name.to_owned(), self.arrays.len() - 1);
        Ok(self.arrays.len() - 1)
    }

    /// The array with this name.
    ///
    /// # Errors
    /// [`StoreError::Missing`].
    pub fn get(&self, name: &str) -> Result<&Array<E>, StoreError> {
        let place = self.places.get(name).ok_or_else(|| StoreError::Missing { name: name.into() })?;
        Ok(&self.arrays[*place])
    }

    /// The array with this name, to be changed.
    ///
    /// # Errors
    /// [`StoreError::Missing`].
    pub fn get_mut(&mut self, name: &str) -> Result<&mut Array<E>, StoreError> {
        let place = self.places.get(name).ok_or_else(|| StoreError::Missing { name: name.into() })?;
        Ok(&mut self.arrays[*place])
    }

    /// All names, sorted, with their arrays.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Array<E>)> {
        self.places.iter().map(|(name, &place)| (name.as_str(), &self.arrays[place]))
    }

    /// The values at a place, if the array there is the one of this identity.
    pub(crate) fn at(&mut self, place: usize, identity: &Identity) -> Option<&mut [E]> {
        let array = self.arrays.get_mut(place).filter(|array| array.identity.is(identity))?;
        Some(&mut array.values)
    }

    /// The identity of the array at a place.
    pub(crate) fn identity(&self, place: usize) -> Identity {
        self.arrays[place].identity.clone()
    }

    /// The bytes of a safetensors file with the arrays that `keep` names, and `metadata`.
    ///
    /// # Errors
    /// [`StoreError::Format`] if the library refuses the arrays.
    pub fn to_safetensors(
        &self,
        keep: impl Fn(&str) -> bool,
        metadata: &BTreeMap<String, String>,
    ) -> Result<Vec<u8>, StoreError> {
        let kept: Vec<(&str, Viewed<'_, E>)> =
            self.iter().filter(|(name, _)| keep(name)).map(|(name, array)| (name, Viewed(array))).collect();
        let metadata = metadata.clone().into_iter().collect();
        safetensors::serialize(kept, Some(metadata)).map_err(StoreError::format)
    }

    /// Adds or replaces the arrays of a safetensors file; returns the file's metadata.
    ///
    /// Nothing is changed unless every array fits.
    ///
    /// # Errors
    /// [`StoreError::Format`] for bytes that are not a safetensors file, [`StoreError::Type`] or [`StoreError::Shape`] for an
    /// array of another type or shape.
    pub fn load_safetensors(&mut self, bytes: &[u8]) -> Result<BTreeMap<String, String>, StoreError> {
        let file = SafeTensors::deserialize(bytes).map_err(StoreError::format)?;
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(StoreError::format)?;
        let mut next = self.clone();
        for (name, view) in file.tensors() {
            if view.dtype() != E::DTYPE {
                let (found, wanted) = (format!("{:?}", view.dtype()), format!("{:?}", E::DTYPE));
                return Err(StoreError::Type { name, found, wanted });
            }
            let place = next.place(&name, &Shape::from(view.shape()))?;
            let values = bytemuck::cast_slice_mut::<E, u8>(&mut next.arrays[place].values);
            values.copy_from_slice(view.data());
        }
        *self = next;
        Ok(header.metadata().clone().unwrap_or_default().into_iter().collect())
    }
}

struct Viewed<'a, E>(&'a Array<E>);

impl<E: Element> View for Viewed<'_, E> {
    fn dtype(&self) -> safetensors::Dtype {
        E::DTYPE
    }
    fn shape(&self) -> &[usize] {
        &self.0.shape
    }
    fn data(&self) -> Cow<'_, [u8]> {
        Cow::Borrowed(bytemuck::cast_slice(&self.0.values))
    }
    fn data_len(&self) -> usize {
        std::mem::size_of_val::<[E]>(&self.0.values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::damage::damaged;

    #[test]
    fn safetensors_round_trip_keeps_bits_and_metadata() {
        let mut store = Store::<f32>::new();
        store.insert("w", [2, 2], vec![1.0, f32::MIN_POSITIVE, -0.0, 3.5]).unwrap();
        store.insert("left.out", [1], vec![9.0]).unwrap();
        let metadata = BTreeMap::from([("step".to_owned(), "7".to_owned())]);
        let bytes = store.to_safetensors(|name| name == "w", &metadata).unwrap();
        let mut back = Store::<f32>::new();
        assert_eq!(back.load_safetensors(&bytes).unwrap(), metadata);
        assert_eq!(back.get("w").unwrap().values(), store.get("w").unwrap().values());
        assert!(back.get("left.out").is_err());
    }

    #[test]
    fn damaged_files_are_answered() {
        let mut store = Store::<f32>::new();
        store.insert("w", [2, 2], vec![1.0, 2.0, 3.0, 4.0]).unwrap();
        store.insert("none", [0, 9], vec![]).unwrap();
        let metadata = BTreeMap::from([("step".to_owned(), "7".to_owned())]);
        let whole = store.to_safetensors(|_| true, &metadata).unwrap();
        // Never more memory than a few times the file.
        let refused = damaged(&[whole], 10_000, 1 << 16, |bytes| {
            let mut read = Store::<f32>::new();
            let answer = read.load_safetensors(bytes).map(|_| ()).map_err(|error| error.to_string());
            let n: usize = read.iter().map(|(_, array)| array.values().len()).sum();
            assert!(4 * n <= bytes.len(), "{n} numbers");
            answer
        });
        assert!(refused > 0.3, "{refused}");
    }

    #[test]
    fn a_file_that_does_not_fit_changes_nothing() {
        let mut store = Store::<f32>::new();
        for name in ["a", "w", "z"] {
            store.insert(name, [2], vec![1.0, 2.0]).unwrap();
        }
        let bytes = store.to_safetensors(|_| true, &BTreeMap::new()).unwrap();
        // What comes before the array that does not fit, and what comes after it, would fit.
        let mut other = Store::<f32>::new();
        other.insert("a", [2], vec![8.0, 9.0]).unwrap();
        other.insert("w", [3], vec![7.0; 3]).unwrap();
        let error = other.load_safetensors(&bytes).unwrap_err();
        assert_eq!(error.to_string(), "array w has shape [3], but [2] is needed");
        assert!(other.load_safetensors(&bytes[..bytes.len() - 1]).is_err());
        let held: Vec<_> = other.iter().map(|(name, array)| (name, array.values())).collect();
        assert_eq!(held, [("a", &[8.0, 9.0][..]), ("w", &[7.0; 3][..])]);
    }
}
