//! Tells Tauri which commands there are: the page may call only those that its capability names.

const COMMANDS: &[&str] = &[
    "load",
    "act",
    "undo",
    "redo",
    "open_wall",
    "move_wall",
    "close_wall",
    "set_surface",
    "set_mark",
    "save_picture",
    "set_settings",
    "quit",
];

fn main() {
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    let windows = tauri_build::WindowsAttributes::new().app_manifest(include_str!("windows.manifest.xml"));
    let attributes = tauri_build::Attributes::new().app_manifest(manifest).windows_attributes(windows);
    tauri_build::try_build(attributes).expect("the page is built first: make page");
}
