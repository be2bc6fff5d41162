//! A text in the two languages of the pages.

use std::borrow::Cow;

/// One text in English and in Korean.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// In English.
    pub en: Cow<'static, str>,
    /// In Korean.
    pub ko: Cow<'static, str>,
}

impl Words {
    /// An empty text.
    pub const NONE: Words = Words::new("", "");

    /// A text known when the program is built.
    pub const fn new(en: &'static str, ko: &'static str) -> Words {
        Words { en: Cow::Borrowed(en), ko: Cow::Borrowed(ko) }
    }

    /// A text made at run time.
    pub fn of(en: impl Into<String>, ko: impl Into<String>) -> Words {
        Words { en: Cow::Owned(en.into()), ko: Cow::Owned(ko.into()) }
    }

    /// A text that is the same in both: names of methods, formulas, numbers.
    pub fn both(text: impl Into<String>) -> Words {
        let text: String = text.into();
        Words { en: Cow::Owned(text.clone()), ko: Cow::Owned(text) }
    }

    /// True if the text is empty.
    pub fn is_empty(&self) -> bool {
        self.en.is_empty() && self.ko.is_empty()
    }

    /// Changes both languages in the same way.
    pub fn map(&self, change: impl Fn(&str) -> String) -> Words {
        Words::of(change(&self.en), change(&self.ko))
    }
}

impl From<&'static str> for Words {
    fn from(text: &'static str) -> Words {
        Words::new(text, text)
    }
}

impl From<String> for Words {
    fn from(text: String) -> Words {
        Words::both(text)
    }
}

/// English first.
impl From<(&'static str, &'static str)> for Words {
    fn from((en, ko): (&'static str, &'static str)) -> Words {
        Words::new(en, ko)
    }
}
