//! The report's parts as HTML.

use std::fmt::Write as _;

use crate::words::Words;

/// A part of the report under its heading.
pub(super) fn section(body: &mut String, title: &str, content: &str) {
    let _ = write!(body, "<section><h2>{}</h2>{content}</section>", text(title));
}

/// A table; `heads` are the words' names, `rows` markup.
pub(super) fn table(words: &Words, heads: &[&str], rows: &str) -> String {
    let heads: String = heads.iter().map(|key| format!("<th>{}</th>", text(words.get(key)))).collect();
    format!("<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>")
}

/// Text as HTML has it: whatever people or devices have written, it is nothing but text.
pub(super) fn text(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // Marks that turn the direction of what follows would let one name disguise another.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => escaped.push('\u{fffd}'),
            letter => escaped.push(letter),
        }
    }
    escaped
}

/// The same with its line breaks.
pub(super) fn lines(said: &str) -> String {
    text(said).replace('\n', "<br>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_stays_text() {
        assert_eq!(text("<b>&\"'"), "&lt;b&gt;&amp;&quot;&#39;");
        assert_eq!(text("a\u{202e}gpj.exe"), "a\u{fffd}gpj.exe");
        assert_eq!(lines("a\n<i>"), "a<br>&lt;i&gt;");
    }
}
