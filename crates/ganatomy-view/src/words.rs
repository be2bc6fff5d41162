//! A text in the two languages of the pages.

use std::borrow::Cow;

/// The same thing said in English and in Korean.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// In English.
    pub en: Cow<'static, str>,
    /// In Korean.
    pub ko: Cow<'static, str>,
}

impl Words {
    /// Nothing to say.
    pub const NONE: Words = Words::new("", "");

    /// A text known when the program is built.
    pub const fn new(en: &'static str, ko: &'static str) -> Words {
        Words { en: Cow::Borrowed(en), ko: Cow::Borrowed(ko) }
    }

    /// A text with something of this run in it.
    pub fn of(en: impl Into<String>, ko: impl Into<String>) -> Words {
        Words { en: Cow::Owned(en.into()), ko: Cow::Owned(ko.into()) }
    }

    /// What is said alike in both: names of methods, formulas, numbers.
    pub fn both(text: impl Into<String>) -> Words {
        let text: String = text.into();
        Words { en: Cow::Owned(text.clone()), ko: Cow::Owned(text) }
    }

    /// True if there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.en.is_empty() && self.ko.is_empty()
    }

    /// Both languages changed alike.
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
