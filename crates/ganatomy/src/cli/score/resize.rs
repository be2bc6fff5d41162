//! How folders of images come to their size.

use clap::ValueEnum;
use ganatomy_data::folder::Filter;
use ganatomy_view::Words;

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
    pub fn said(self) -> Words {
        match self {
            Resize::Clean => {
                Words::new("antialiased bicubic (clean-fid)", "앤티에일리어싱한 쌍삼차 (clean-fid)")
            }
            Resize::Legacy => Words::new(
                "bilinear without antialiasing (legacy, pytorch-fid)",
                "앤티에일리어싱 없는 쌍선형 (legacy, pytorch-fid)",
            ),
            Resize::Training => Words::new(
                "antialiased Lanczos (as for training)",
                "앤티에일리어싱한 란초스 (학습할 때와 같음)",
            ),
        }
    }
}
