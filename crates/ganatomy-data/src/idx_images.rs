//! Labelled image sets kept as the four IDX files of MNIST.

use std::path::{Path, PathBuf};

use ganatomy_record::{Fields, SpecError};

use crate::idx::{Idx, read_idx};
use crate::images::Images;
use crate::options::{ImageOptions, path};
use crate::{DataContext, DataError, Source};

/// The options of a set kept as four IDX files.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct IdxImagesSpec {
    path: String,
    size: usize,
    options: ImageOptions,
}

impl IdxImagesSpec {
    pub(crate) fn read(fields: &mut Fields<'_>) -> Result<IdxImagesSpec, SpecError> {
        let path_doc = "folder of the four IDX files, plain or .gz; empty: what --data or GANATOMY_DATA says";
        let size_doc = "height and width: the 28x28 images with a black border around them";
        Ok(IdxImagesSpec {
            path: path(fields, path_doc)?,
            size: fields.count("size", size_doc, SIDE as u64, SIDE as u64..=64)? as usize,
            options: ImageOptions::read(fields, true)?,
        })
    }

    /// Reads the 60,000 training images, with the 10,000 test images as their held-out split.
    pub(crate) fn build(
        &self,
        source: &Source,
        class_names: [&str; N_CLASSES],
        context: &DataContext<'_>,
    ) -> Result<Images, DataError> {
        let folders = self.folders(source, context)?;
        let train = self.read_split(source.name, &folders, "train")?;
        let test = self.read_split(source.name, &folders, "t10k")?;
        let named = |set: Images| set.with_class_names(class_names.map(str::to_owned).to_vec());
        Ok(named(train).with_held_out(named(test)).with_options(self.options))
    }

    /// Where to look: the spec's folder if it names one, else the user's; in it, in its sub-folder of the set's name, or where
    /// torchvision keeps the set.
    fn folders(&self, source: &Source, context: &DataContext<'_>) -> Result<[PathBuf; 5], DataError> {
        let folder = context.folder(source.name, &self.path, true)?;
        let (own, elsewhere) = (folder.join(source.name), Path::new(source.torchvision).join("raw"));
        Ok([own.clone(), folder.clone(), folder.join(&elsewhere), own.join(&elsewhere), folder.join("raw")])
    }

    fn read_split(&self, set: &'static str, folders: &[PathBuf], split: &str) -> Result<Images, DataError> {
        let image_file = locate(set, folders, &format!("{split}-images"), "idx3-ubyte")?;
        let label_file = locate(set, folders, &format!("{split}-labels"), "idx1-ubyte")?;
        let images = read_idx(&image_file, 3)?;
        let labels = read_idx(&label_file, 1)?;
        check_pair(&image_file, &images, &label_file, &labels)?;
        let pixels = pad(images.values, self.size);
        let labels = labels.values.into_iter().map(u32::from).collect();
        Ok(Images::trusted(set, [self.size, self.size, 1], pixels, labels, N_CLASSES))
    }
}

const SIDE: usize = 28;
pub(crate) const N_CLASSES: usize = 10;

/// The file with or without `.gz`, in the first folder that has it; unpacking tools write a dot before the format.
fn locate(set: &'static str, folders: &[PathBuf], content: &str, format: &str) -> Result<PathBuf, DataError> {
    let names = ["-", "."].map(|mark| format!("{content}{mark}{format}"));
    let names = names.iter().flat_map(|name| [format!("{name}.gz"), name.clone()]);
    let names: Vec<String> = names.collect();
    let candidates = folders.iter().flat_map(|folder| names.iter().map(|name| folder.join(name)));
    candidates.into_iter().find(|path| path.is_file()).ok_or_else(|| DataError::MissingFile {
        set,
        file: format!("{content}-{format}"),
        // The user's own folder first, then those in it.
        folders: [1, 0, 2].iter().filter_map(|&i| folders.get(i).cloned()).collect(),
    })
}

fn check_pair(image_file: &Path, images: &Idx, label_file: &Path, labels: &Idx) -> Result<(), DataError> {
    let [n, height, width] = images.shape[..] else {
        // The reader was asked for three axes, so this arm is never taken.
        return Ok(());
    };
    if n == 0 || height != SIDE || width != SIDE {
        return Err(DataError::IdxShape { file: image_file.to_owned(), n, height, width });
    }
    if labels.values.len() != n {
        return Err(DataError::IdxCount {
            images: image_file.to_owned(),
            n_images: n,
            labels: label_file.to_owned(),
            n_labels: labels.values.len(),
        });
    }
    let wrong = labels.values.iter().position(|&label| usize::from(label) >= N_CLASSES);
    wrong.map_or(Ok(()), |index| {
        let found = labels.values[index];
        Err(DataError::IdxLabel { file: label_file.to_owned(), index, found, n_classes: N_CLASSES })
    })
}

/// Puts each 28×28 image in the middle of a black square of side `size`.
fn pad(images: Vec<u8>, size: usize) -> Vec<u8> {
    if size == SIDE {
        return images;
    }
    let border = (size - SIDE) / 2;
    let mut padded = vec![0; images.len() / (SIDE * SIDE) * size * size];
    for (from, to) in images.chunks_exact(SIDE * SIDE).zip(padded.chunks_exact_mut(size * size)) {
        let rows = to.chunks_exact_mut(size).skip(border);
        for (from, to) in from.chunks_exact(SIDE).zip(rows) {
            to[border..border + SIDE].copy_from_slice(from);
        }
    }
    padded
}

#[cfg(test)]
mod tests;
