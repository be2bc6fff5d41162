//! What the user says of names: `theirs=ours`, or `theirs=-` for a name to be passed over.

use std::str::FromStr;

use super::readings::{self, READINGS};

/// One thing that a name is said to mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameMap {
    /// The name in the log.
    pub theirs: String,
    /// The reading; nothing where the name is to be passed over.
    pub ours: Option<String>,
}

impl FromStr for NameMap {
    type Err = String;

    fn from_str(text: &str) -> Result<NameMap, String> {
        // Names may hold `=`, readings do not.
        let (theirs, ours) =
            text.rsplit_once('=').ok_or("must be NAME=READING, or NAME=- to pass it over")?;
        let (theirs, ours) = (theirs.trim().to_owned(), ours.trim());
        if theirs.is_empty() {
            return Err("names nothing before the =".to_owned());
        }
        match ours {
            "-" => Ok(NameMap { theirs, ours: None }),
            _ if readings::find(ours).is_some() => Ok(NameMap { theirs, ours: Some(ours.to_owned()) }),
            _ => Err(format!("{ours} is no reading that a log can hold; there are {}", known())),
        }
    }
}

fn known() -> String {
    READINGS.map(|known| known.name).join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_said_to_mean_a_reading_or_nothing() {
        let read = |text: &str| text.parse::<NameMap>();
        let map = |theirs: &str, ours: Option<&str>| NameMap {
            theirs: theirs.into(),
            ours: ours.map(str::to_owned),
        };
        assert_eq!(read("Dx=discriminator/loss"), Ok(map("Dx", Some("discriminator/loss"))));
        assert_eq!(read("a=b=pair/A/generator/loss"), Ok(map("a=b", Some("pair/A/generator/loss"))));
        assert_eq!(read("G=-"), Ok(map("G", None)));
        assert_eq!(read("G"), Err("must be NAME=READING, or NAME=- to pass it over".to_owned()));
        assert_eq!(read("=-"), Err("names nothing before the =".to_owned()));
        let why = read("G=g/loss").unwrap_err();
        assert!(
            why.starts_with("g/loss is no reading that a log can hold; there are discriminator/loss, "),
            "{why}"
        );
    }
}
