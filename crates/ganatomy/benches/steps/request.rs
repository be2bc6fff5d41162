//! What the command line asks for.

use std::path::PathBuf;

use ganatomy::tensor::cpu::Level;

const WORKLOADS: [&str; 4] = ["ring8", "wgan-gp-2d", "infogan28", "dcgan64"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    Time,
    Profile,
    Peak,
    Curves,
    Costs,
}

#[derive(Debug)]
pub(crate) struct Request {
    pub what: What,
    pub threads: usize,
    /// All of them where none is named.
    pub workloads: Vec<&'static str>,
    /// Where the curves are drawn.
    pub picture: Option<PathBuf>,
}

impl Request {
    /// Reads the arguments; the error is one sentence on what is wrong with them.
    pub fn parse(arguments: &[String]) -> Result<Request, String> {
        let mut request = Request { what: What::Time, threads: 2, workloads: Vec::new(), picture: None };
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or(format!("{word} wants a value"));
            match word.as_str() {
                "--profile" => request.what = What::Profile,
                "--peak" => request.what = What::Peak,
                "--costs" => request.what = What::Costs,
                "--curves" => request.what = What::Curves,
                "--picture" => request.picture = Some(value()?.into()),
                "--threads" => {
                    let text = value()?;
                    let number = text.parse().ok().filter(|n| *n > 0);
                    request.threads = number.ok_or(format!("--threads wants 1 or more, found {text}"))?;
                }
                other => match WORKLOADS.into_iter().find(|name| *name == other) {
                    Some(name) => request.workloads.push(name),
                    None => {
                        let known = WORKLOADS.join(", ");
                        return Err(format!("unknown argument {other}; the workloads are {known}"));
                    }
                },
            }
        }
        if request.workloads.is_empty() {
            request.workloads = WORKLOADS.to_vec();
        }
        Level::forced().map_err(|error| error.to_string())?;
        Ok(request)
    }
}
