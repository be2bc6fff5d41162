//! Samples as a picture: a sheet of images, points of the plane, or walks over it.

use ganatomy_record::{RecordError, RunFolder, SampleContent, SampleFile};
use ganatomy_view::{
    Picture, Scatter, Sheet, Sheets, ViewError, Walks, grid_in_columns, scatter, sheets, walks,
};

/// Draws samples beside the real items that the run has stored with its own; `row` samples at a time are a walk.
pub(super) fn picture(
    folder: &RunFolder,
    shape: &[usize],
    values: &[f32],
    row: Option<usize>,
) -> Result<Picture, ViewError> {
    let real = real(folder)?;
    match (shape, real) {
        (&[height, width, channels], real) => {
            let pixels: Vec<u8> = values.iter().map(|value| ((value + 1.0) * 127.5).round() as u8).collect();
            let n = values.len() / (height * width * channels).max(1);
            images(&Sheet { n, height, width, channels, pixels: &pixels }, real, row)
        }
        (_, real) => {
            let real = match real {
                Some(SampleContent::Points { real, .. }) => real,
                _ => Vec::new(),
            };
            points(&real, values.as_chunks().0, row)
        }
    }
}

fn images(
    sheet: &Sheet<'_>,
    stored: Option<SampleContent>,
    row: Option<usize>,
) -> Result<Picture, ViewError> {
    if let Some(columns) = row {
        return grid_in_columns(sheet, columns);
    }
    let real = match &stored {
        Some(SampleContent::Images { height, width, channels, real, .. })
            if [*height, *width, *channels] == [sheet.height, sheet.width, sheet.channels] =>
        {
            real.as_slice()
        }
        _ => &[],
    };
    sheets(&Sheets { title: "", generated: *sheet, real })
}

fn points(real: &[[f32; 2]], generated: &[[f32; 2]], row: Option<usize>) -> Result<Picture, ViewError> {
    match row {
        Some(steps) => {
            let lines: Vec<Vec<[f32; 2]>> = generated.chunks(steps.max(1)).map(<[_]>::to_vec).collect();
            walks(&Walks { title: "walks between latent points", real, walks: &lines })
        }
        None => scatter(&Scatter { title: "samples", real, generated, surface: None, extent: None }),
    }
}

/// The latest samples that the run has stored.
fn real(folder: &RunFolder) -> Result<Option<SampleContent>, RecordError> {
    let latest = SampleFile::list(folder)?.pop();
    Ok(latest.map(|path| SampleFile::read(&path)).transpose()?.map(|file| file.content))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A run with stored samples, and the picture of others.
    fn drawn(content: SampleContent, shape: &[usize], values: &[f32], row: Option<usize>) -> Picture {
        let home = tempfile::tempdir().unwrap();
        let folder = RunFolder::create(&home.path().join("run"), false, "", "").unwrap();
        SampleFile { step: 1, content }.write(&folder).unwrap();
        picture(&folder, shape, values, row).unwrap()
    }

    #[test]
    fn walks_of_points_are_lines_a_row_each() {
        let real = vec![[0.0, 0.0], [1.0, 1.0]];
        let content = || SampleContent::Points { real: real.clone(), generated: vec![], surface: None };
        let values = [0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 1.0, 1.0];
        let lines = [vec![[0.0, 0.0], [1.0, 0.0]], vec![[0.0, 1.0], [1.0, 1.0]]];
        let expected =
            walks(&Walks { title: "walks between latent points", real: &real, walks: &lines }).unwrap();
        assert_eq!(drawn(content(), &[2], &values, Some(2)), expected);
        assert_ne!(drawn(content(), &[2], &values, None), expected);
    }

    #[test]
    fn real_points_are_those_of_the_newest_picture() {
        let home = tempfile::tempdir().unwrap();
        let folder = RunFolder::create(&home.path().join("run"), false, "", "").unwrap();
        let points = |step: u64, at: f32| SampleFile {
            step,
            content: SampleContent::Points { real: vec![[at, at]], generated: vec![], surface: None },
        };
        for (step, at) in [(9, 1.0), (10, 2.0), (2, 3.0)] {
            points(step, at).write(&folder).unwrap();
        }
        assert!(
            matches!(real(&folder).unwrap(), Some(SampleContent::Points { real, .. }) if real == [[2.0, 2.0]])
        );
    }

    #[test]
    fn values_are_shades_from_black_to_white() {
        let none = SampleContent::Points { real: vec![], generated: vec![], surface: None };
        for (value, shade) in [(-1.0, 0), (0.0, 128), (0.5, 191), (1.0, 255)] {
            let picture = drawn(none.clone(), &[80, 80, 1], &[value; 6400], None);
            assert_eq!(picture.at(picture.width() / 2, picture.height() / 2), Some([shade; 3]), "{value}");
        }
    }

    #[test]
    fn images_stand_beside_real_ones_and_walks_of_them_keep_their_rows() {
        let images = |height: usize, n: usize| SampleContent::Images {
            n: 1,
            height,
            width: 80,
            channels: 1,
            pixels: vec![0; height * 80],
            real: vec![200; n * height * 80],
        };
        let values = vec![0.5; 9 * 20 * 80];
        // A sheet of flat images would be of two columns; a walk of three steps has three.
        let walk = drawn(images(20, 2), &[20, 80, 1], &values, Some(3));
        assert_eq!((walk.width(), walk.height()), (3 * 82 + 2, 3 * 22 + 2));
        let beside = drawn(images(20, 2), &[20, 80, 1], &values, None);
        let alone = drawn(images(20, 0), &[20, 80, 1], &values, None);
        assert_eq!(beside.width(), alone.width() + 82 + 2 + 16);
        // What the run stored of another shape does not stand beside.
        assert_eq!(drawn(images(40, 2), &[20, 80, 1], &values, None), alone);
    }
}
