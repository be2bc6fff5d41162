//! What a page shows: figures, sheets of images, films and tables.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{Markup, PreEscaped, html};

use super::gallery::Gallery;
use super::pictures::Pictures;
use crate::figure::{Figure, figure_drawing};
use crate::grid::{Sheet, grid_in_columns};
use crate::{Picture, ViewError, Words};

/// Something that a page shows.
#[derive(Clone, Debug, PartialEq)]
pub enum Exhibit {
    /// Charts.
    Figure(Figure),
    /// A sheet of small images.
    Images(Images),
    /// An animation.
    Film(Film),
    /// Words and numbers in rows.
    Table(Table),
    /// Small images in rows, with words under each.
    Gallery(Gallery),
    /// Pictures that are files already.
    Pictures(Pictures),
}

/// A sheet of small images, row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct Images {
    /// What they are.
    pub title: Words,
    /// Images in a row.
    pub columns: usize,
    /// Height, width and channels of an image.
    pub shape: [usize; 3],
    /// One image after the other, each row by row.
    pub pixels: Vec<u8>,
}

/// An animated GIF.
#[derive(Clone, Debug, PartialEq)]
pub struct Film {
    /// What moves.
    pub title: Words,
    /// The bytes of the file.
    pub gif: Vec<u8>,
}

/// Rows of words and numbers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// What they are.
    pub title: Words,
    /// Above the columns.
    pub head: Vec<Words>,
    /// The rows, each as long as the head.
    pub rows: Vec<Vec<Words>>,
}

impl Images {
    /// Images of values in [-1, 1].
    pub fn of(title: impl Into<Words>, columns: usize, shape: [usize; 3], values: &[f32]) -> Images {
        Images { title: title.into(), columns, shape, pixels: values.iter().map(byte).collect() }
    }

    /// The sheet.
    ///
    /// # Errors
    /// As [`crate::grid`].
    pub fn picture(&self) -> Result<Picture, ViewError> {
        let [height, width, channels] = self.shape;
        let n = self.pixels.len() / (height * width * channels).max(1);
        grid_in_columns(&Sheet { n, height, width, channels, pixels: &self.pixels }, self.columns)
    }
}

/// A value in [-1, 1] as a byte.
pub(super) fn byte(x: &f32) -> u8 {
    ((x + 1.0) * 127.5).round().clamp(0.0, 255.0) as u8
}

impl Exhibit {
    /// The files of this exhibit: their ending and their bytes.
    ///
    /// # Errors
    /// A picture that cannot be drawn or encoded.
    pub fn files(&self) -> Result<Vec<(&'static str, Vec<u8>)>, ViewError> {
        Ok(match self {
            Exhibit::Figure(figure) => {
                let drawing = figure_drawing(figure)?;
                vec![("svg", drawing.svg().into_bytes()), ("png", drawing.picture()?.to_png()?)]
            }
            Exhibit::Images(images) => vec![("png", images.picture()?.to_png()?)],
            Exhibit::Film(film) => vec![("gif", film.gif.clone())],
            Exhibit::Table(_) | Exhibit::Pictures(_) => vec![],
            Exhibit::Gallery(gallery) => vec![("png", gallery.sheet().picture()?.to_png()?)],
        })
    }

    /// What is written above it.
    pub(super) fn title(&self) -> &Words {
        match self {
            Exhibit::Figure(figure) => &figure.title,
            Exhibit::Images(images) => &images.title,
            Exhibit::Film(film) => &film.title,
            Exhibit::Table(table) => &table.title,
            Exhibit::Gallery(gallery) => &gallery.title,
            Exhibit::Pictures(pictures) => &pictures.title,
        }
    }

    /// Its part of a page. The script draws the charts of a figure into the element of that name.
    pub(super) fn html(&self, name: &str) -> Result<Markup, ViewError> {
        let body = match self {
            Exhibit::Figure(figure) => {
                let several = figure.charts.len() > 1 && !figure.stepped;
                html! { div.charts.several[several] data-figure=(name) {} }
            }
            Exhibit::Images(images) => embedded("png", &images.picture()?.to_png()?, &images.title, true),
            Exhibit::Film(film) => embedded("gif", &film.gif, &film.title, false),
            Exhibit::Table(table) => table.html(),
            Exhibit::Gallery(gallery) => gallery.html()?,
            Exhibit::Pictures(pictures) => pictures.html(),
        };
        let title = self.title();
        Ok(html! {
            figure {
                @if !title.is_empty() { figcaption { (both(title)) } }
                (body)
            }
        })
    }
}

impl Table {
    pub(super) fn html(&self) -> Markup {
        html! {
            div.scroll { table {
                thead { tr { @for cell in &self.head { th { (both(cell)) } } } }
                tbody { @for row in &self.rows { tr { @for cell in row { td { (both(cell)) } } } } }
            } }
        }
    }
}

/// A picture inside the page. Enlarged pixels stay sharp if the kind of picture needs it.
pub(super) fn embedded(kind: &str, bytes: &[u8], title: &Words, sharp: bool) -> Markup {
    let source = format!("data:image/{kind};base64,{}", STANDARD.encode(bytes));
    html! { img.sharp[sharp] src=(source) alt=(title.en); }
}

/// Both languages, of which one is shown.
pub(super) fn both(words: &Words) -> Markup {
    if words.en == words.ko {
        return html! { (words.en) };
    }
    html! { span lang="en" { (words.en) } span lang="ko" { (words.ko) } }
}

/// Both languages of a text that is HTML already.
pub(super) fn both_blocks(en: &str, ko: &str) -> Markup {
    html! {
        div lang="en" { (PreEscaped(en)) }
        div lang="ko" { (PreEscaped(ko)) }
    }
}
