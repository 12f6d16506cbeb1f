//! Devices' own words, made fit to be shown.

/// Characters of a name or a message that are kept; the longest that a device needs to be known by is far shorter.
const LONGEST: usize = 160;

/// A device's own words, fit for one line: no control characters, nothing that turns the direction of writing around,
/// no space around it, at most 160 characters. Whatever else is in it stays text.
#[must_use]
pub fn tamed(text: &str) -> String {
    let shown = text.trim().chars().filter(|c| !c.is_control() && !turns_direction(*c));
    let mut kept: String = shown.take(LONGEST).collect();
    kept.truncate(kept.trim_end().len());
    kept
}

/// Embeddings, overrides and isolates (Unicode UAX #9), with which a name can pretend to be another.
fn turns_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_devices_words_are_tamed() {
        assert_eq!(tamed("h266\r\n\u{1b}[31m"), "h266[31m");
        assert_eq!(tamed(&"x".repeat(140_000)).len(), 160);
        assert_eq!(tamed(" Cổng chính\u{202e}gpj.\u{0} "), "Cổng chínhgpj.");
        assert_eq!(tamed("../../etc/passwd<img src=x onerror=alert(1)>").len(), 44);
        assert_eq!(tamed(&" ".repeat(1_000_000)), "");
    }
}
