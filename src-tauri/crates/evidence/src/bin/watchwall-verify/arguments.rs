//! The verifier's command line: few options, read by hand so that the program stays small.

use std::ffi::OsString;
use std::path::PathBuf;

use evidence::Fingerprint;

/// What is to be done.
pub(crate) enum Asked {
    Help,
    Version,
    Schema,
    Check(Check),
}

/// What is to be checked.
#[derive(Default)]
pub(crate) struct Check {
    pub(crate) package: PathBuf,
    /// Fingerprints that are known here.
    pub(crate) keys: Vec<Fingerprint>,
    /// Where a sealed package is opened.
    pub(crate) open_into: Option<PathBuf>,
    /// A file with the passphrase; else standard input has it.
    pub(crate) passphrase: Option<PathBuf>,
}

/// What is wrong with the command line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Wrong {
    Unknown(String),
    Value(String),
    NoPackage,
}

/// `--lang`, else the environment's, else Vietnamese.
pub(crate) fn language(arguments: &[OsString]) -> String {
    let mut texts = arguments.iter().map(|argument| argument.to_string_lossy());
    while let Some(text) = texts.next() {
        if text == "--lang" {
            return texts.next().map(Into::into).unwrap_or_default();
        }
        if let Some(tag) = text.strip_prefix("--lang=") {
            return tag.to_owned();
        }
    }
    std::env::var("WATCHWALL_LANG").unwrap_or_default()
}

pub(crate) fn read(arguments: Vec<OsString>) -> Result<Asked, Wrong> {
    let mut check = Check::default();
    let mut package = None;
    let mut arguments = arguments.into_iter();
    while let Some(argument) = arguments.next() {
        let text = argument.to_string_lossy().into_owned();
        let (option, given) = match text.split_once('=') {
            Some((option, value)) if option.starts_with("--") => (option.to_owned(), Some(value.into())),
            _ => (text.clone(), None),
        };
        let mut value = || given.clone().or_else(|| arguments.next()).ok_or(Wrong::Value(option.clone()));
        match option.as_str() {
            "-h" | "--help" => return Ok(Asked::Help),
            "--version" => return Ok(Asked::Version),
            "--schema" => return Ok(Asked::Schema),
            "--lang" => {
                value()?;
            }
            "--key" => {
                let key = Fingerprint::parse(&value()?.to_string_lossy());
                check.keys.push(key.map_err(|_| Wrong::Value(option.clone()))?);
            }
            "--open" => check.open_into = Some(value()?.into()),
            "--passphrase-file" => check.passphrase = Some(value()?.into()),
            _ if option.starts_with('-') || package.is_some() => return Err(Wrong::Unknown(text)),
            _ => package = Some(PathBuf::from(argument)),
        }
    }
    check.package = package.ok_or(Wrong::NoPackage)?;
    Ok(Asked::Check(check))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<Asked, Wrong> {
        read(arguments.iter().map(OsString::from).collect())
    }

    #[test]
    fn keys_and_the_package_are_read() {
        let key = "0123 4567 89ab cdef 0123 4567 89ab cdef";
        let Ok(Asked::Check(check)) = parse(&["--lang", "en", "--key", key, "p", "--open=o"]) else {
            panic!("refused")
        };
        assert_eq!(check.keys, [Fingerprint::parse(key).unwrap()]);
        assert_eq!((check.package, check.open_into), (PathBuf::from("p"), Some(PathBuf::from("o"))));
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert_eq!(parse(&[]).err(), Some(Wrong::NoPackage));
        assert_eq!(parse(&["a", "b"]).err(), Some(Wrong::Unknown("b".to_owned())));
        assert_eq!(parse(&["--nonsense"]).err(), Some(Wrong::Unknown("--nonsense".to_owned())));
        assert_eq!(parse(&["--key", "x", "p"]).err(), Some(Wrong::Value("--key".to_owned())));
        assert_eq!(parse(&["--open"]).err(), Some(Wrong::Value("--open".to_owned())));
    }
}
