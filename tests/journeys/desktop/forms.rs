//! Forms of the page, filled in and sent as people do it: with the pointer and the keyboard.

use serde_json::json;

use super::hands::{ALT, CONTROL};
use super::program::Program;
use super::until_true;

/// Only what can be seen counts: a form that has gone may still be on its way out.
const LENGTH: &str = "const seen = e => e.getClientRects().length > 0;
    return [...document.querySelectorAll(arguments[0])].find(seen)?.value.length ?? null;";

impl Program<'_> {
    /// Writes `text` into the field that `selector` finds, over what stands there. Of passwords only the length is looked
    /// at, so that none of them comes into the driver's log.
    #[track_caller]
    pub(crate) fn fill(&self, selector: &str, text: &str) {
        until_true(&format!("{} characters in {selector}", text.len()), || {
            let screen = &self.desktop.screen;
            screen.click(self.find(selector, ""));
            screen.press_with(&[CONTROL], b'a'.into());
            screen.type_text(text);
            self.run_with(LENGTH, &json!([selector])) == text.chars().count()
        });
    }

    /// Presses the button that sends the form, once it may be pressed.
    #[track_caller]
    pub(crate) fn send(&self, name: &str) {
        self.desktop.screen.click(self.find("[type=submit]:not([disabled]):not([data-pending])", name));
    }

    /// Waits until the page says so.
    #[track_caller]
    pub(crate) fn until_said(&self, selector: &str, text: &str) {
        until_true(&format!("{text:?} in {selector}"), || self.count(selector, text) > 0);
    }

    /// Goes to the workspace with this number on the rail.
    #[track_caller]
    pub(crate) fn go(&self, number: u8) {
        self.desktop.screen.press_with(&[ALT], (b'0' + number).into());
    }

    /// Chooses an entry of the menu behind the person's name.
    #[track_caller]
    pub(crate) fn choose_for_person(&self, entry: &str) {
        self.desktop.screen.click(self.find(".person-button", ""));
        self.desktop.screen.click(self.find("[role=menuitem]", entry));
    }

    /// Hands a file to the page's own field for one. The window in which people choose it is the system's.
    pub(crate) fn choose_file(&self, name: &str, content: &str) {
        const CHOOSE: &str = "const [name, content] = arguments, files = new DataTransfer();
            files.items.add(new File([content], name));
            const field = document.querySelector('input[type=file]');
            if (!field) return false;
            field.files = files.files;
            field.dispatchEvent(new Event('change', { bubbles: true }));
            return true;";
        until_true("a field for files", || self.run_with(CHOOSE, &json!([name, content])) == true);
    }
}
