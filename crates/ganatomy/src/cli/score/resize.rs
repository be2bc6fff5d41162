//! How folders of images come to their size.

use clap::ValueEnum;
use ganatomy_data::folder::Filter;

/// How folders of images come to their size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Resize {
    /// The antialiased bicubic filter of clean-fid and Pillow.
    #[default]
    Clean,
    /// Bilinear without antialiasing, as pytorch-fid resizes: to compare with numbers that were made so.
    Legacy,
    /// Lanczos, as images are read for training.
    Training,
}

impl Resize {
    /// The filter.
    pub fn filter(self) -> Filter {
        match self {
            Resize::Clean => Filter::Bicubic,
            Resize::Legacy => Filter::Bilinear,
            Resize::Training => Filter::Lanczos,
        }
    }

    /// What it is, in words.
    pub fn said(self) -> &'static str {
        match self {
            Resize::Clean => "antialiased bicubic (clean-fid)",
            Resize::Legacy => "bilinear without antialiasing (legacy, pytorch-fid)",
            Resize::Training => "antialiased Lanczos (as for training)",
        }
    }
}
