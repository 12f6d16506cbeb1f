//! The system's own dialogs, in which a person chooses where a package goes to or which one is checked.

use std::path::{Path, PathBuf};

use evidence::SEALED;
use rfd::AsyncFileDialog;
use tauri::WebviewWindow;

use crate::console::{Console, notices};
use crate::wire::Notice;
use crate::wire::evidence::Choosing;

impl Console {
    /// What a person chooses in a dialog over `window`; `None`: nothing. It begins at `at` (empty: where packages usually are),
    /// or as near to it as there is a folder.
    ///
    /// # Errors
    /// The person may not, or `at` is no full path.
    pub async fn choose_path(
        &self,
        window: &WebviewWindow,
        what: Choosing,
        at: &str,
    ) -> Result<Option<String>, Notice> {
        let begins = self.begins_choosing(at)?;
        let words = self.words();
        let dialog = AsyncFileDialog::new().set_parent(window).set_directory(begins);
        let chosen = match what {
            Choosing::Folder => dialog.set_title(words.get("choose_folder")).pick_folder().await,
            Choosing::SealedFile => {
                let dialog = dialog.set_title(words.get("choose_sealed"));
                dialog.add_filter(words.get("choose_sealed_kind"), &[SEALED]).pick_file().await
            }
        };
        Ok(chosen.map(|chosen| chosen.path().to_string_lossy().into_owned()))
    }

    fn begins_choosing(&self, at: &str) -> Result<PathBuf, Notice> {
        self.allow_evidence()?;
        let given = at.trim();
        if given.is_empty() {
            return Ok(nearest(&self.usual_folder()));
        }
        let at = Path::new(given);
        if !at.is_absolute() {
            return Err(notices::error_notice("export_folder", &[("path", given)], &self.words()));
        }
        Ok(nearest(at))
    }
}

/// The folder itself, or the nearest around it that is there.
fn nearest(path: &Path) -> PathBuf {
    path.ancestors().find(|folder| folder.is_dir()).unwrap_or(path).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_begins_at_the_nearest_folder_that_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.watchwall-sealed");
        std::fs::write(&file, "x").unwrap();
        assert_eq!(nearest(folder.path()), folder.path());
        assert_eq!(nearest(&file), folder.path());
        assert_eq!(nearest(&folder.path().join("gone/deeper")), folder.path());
    }
}
