//! One login for all devices, from a file or standard input: two lines, user and password.

use std::io::Read;

use model::{Credentials, Secret};
use zeroize::Zeroizing;

use crate::words::Words;

/// Longer than any login.
const MAX_BYTES: u64 = 4096;

/// Reads it; `path` is a file, or `-`.
///
/// # Errors
/// In words, never with what was read.
pub fn read(path: &str, words: &Words) -> Result<Credentials, String> {
    let failed = |reason: String| words.say("error_login", &[("path", path), ("reason", &reason)]);
    let mut text = Zeroizing::new(String::new());
    let outcome = if path == "-" {
        std::io::stdin().lock().take(MAX_BYTES).read_to_string(&mut text)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(MAX_BYTES).read_to_string(&mut text))
    };
    outcome.map_err(|error| failed(error.to_string()))?;
    parse(&text).ok_or_else(|| failed(words.get("error_login_lines").to_owned()))
}

fn parse(text: &str) -> Option<Credentials> {
    let mut lines = text.lines();
    let (user, password) = (lines.next()?, lines.next()?);
    let sound = !user.is_empty() && lines.all(str::is_empty);
    sound.then(|| Credentials { user: user.to_owned(), password: Secret::new(password.to_owned()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_lines_and_nothing_else() {
        let login = parse("viewer\r\nmat khau \r\n").unwrap();
        assert_eq!((login.user.as_str(), login.password.expose()), ("viewer", "mat khau "));
        for bad in ["", "viewer", "\npassword", "a\nb\nc"] {
            assert!(parse(bad).is_none(), "{bad:?}");
        }
    }
}
