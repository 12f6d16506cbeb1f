//! The list of sources that `view` shows.

use std::io::Read;

use model::Credentials;
use model::{Address, BadAddress};

use crate::words::Words;

/// A longer list is a mistake (a film piped into the program, say).
const MAX_LIST: u64 = 4 * 1024 * 1024;

/// One line of the list.
pub struct Entry {
    /// The camera's name; where the line has none, the address's host and path.
    pub title: String,
    /// The site's name; may be empty.
    pub subtitle: String,
    /// What to open, or why that cannot be.
    pub target: Result<(Address, Option<Credentials>), BadLine>,
}

/// A line that is not an address. It keeps its tile, so that one typing error does not take the wall down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadLine {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong.
    pub reason: BadAddress,
}

impl BadLine {
    /// In words, without the line's text, which may hold a password.
    #[must_use]
    pub fn words(self, words: &Words) -> String {
        let key = match self.reason {
            BadAddress::NotAUrl => "source_not_a_url",
            BadAddress::NotRtsp => "source_not_rtsp",
            BadAddress::NoHost => "source_no_host",
        };
        format!("{}: {}", words.say("source_line", &[("line", &self.line.to_string())]), words.get(key))
    }
}

/// Reads the list from a file, or from standard input where `path` is `-`.
///
/// # Errors
/// In words: the file cannot be read, or holds no line.
pub fn read(path: &str, words: &Words) -> Result<Vec<Entry>, String> {
    let mut bytes = Vec::new();
    let outcome = if path == "-" {
        std::io::stdin().lock().take(MAX_LIST).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(MAX_LIST).read_to_end(&mut bytes))
    };
    outcome.map_err(|error| {
        words.say("error_sources_unreadable", &[("path", path), ("reason", &error.to_string())])
    })?;
    let entries = parse(&String::from_utf8_lossy(&bytes));
    if entries.is_empty() {
        return Err(words.say("error_sources_empty", &[("path", path)]));
    }
    Ok(entries)
}

pub(crate) fn parse(text: &str) -> Vec<Entry> {
    text.trim_start_matches('\u{feff}')
        .lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line.trim()))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        .map(|(number, line)| entry(number, line))
        .collect()
}

fn entry(line: usize, text: &str) -> Entry {
    let (address, name) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let target = Address::parse(address).map_err(|reason| BadLine { line, reason });
    let (subtitle, title) = match name.trim().rsplit_once('|') {
        Some((site, camera)) => (site.trim().to_owned(), camera.trim().to_owned()),
        None => (String::new(), name.trim().to_owned()),
    };
    let title = match &target {
        Ok((address, _)) if title.is_empty() => address.to_string().replacen("rtsp://", "", 1),
        _ => title,
    };
    Entry { title, subtitle, target }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_comments_and_bad_lines() {
        let entries = parse(
            "\u{feff}# danh sách\r\nrtsp://a:b@10.0.0.1/ch1/sub\tTrạm y tế | Cổng | phụ\n\nhttp://x/\tA\n rtsp://10.0.0.2:8554/live \n",
        );
        assert_eq!(entries.len(), 3);
        assert_eq!((entries[0].subtitle.as_str(), entries[0].title.as_str()), ("Trạm y tế | Cổng", "phụ"));
        assert!(entries[0].target.as_ref().is_ok_and(|(_, login)| login.is_some()));
        assert_eq!(entries[1].target.as_ref().err(), Some(&BadLine { line: 4, reason: BadAddress::NotRtsp }));
        assert_eq!(entries[2].title, "10.0.0.2:8554/live");
    }

    #[test]
    fn a_bad_line_is_named_without_its_text() {
        let words = Words::new(crate::words::Language::Vietnamese);
        let entries = parse("rtsps://me:secret@host/");
        let bad = entries[0].target.as_ref().err().unwrap().words(&words);
        assert_eq!(bad, "Dòng 1 của danh sách: địa chỉ phải bắt đầu bằng rtsp://");
    }
}
