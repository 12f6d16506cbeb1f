//! A real Secret Service on a session bus of its own.

use std::process::{Child, Command, Stdio};

use crate::desktop::Desktop;

/// A session bus with an unlocked keychain on it, both gone when dropped.
pub(super) struct Keychain {
    bus: Child,
    /// For `DBUS_SESSION_BUS_ADDRESS`.
    pub(super) address: String,
}

impl Keychain {
    /// `None` where the programs for it are missing.
    pub(super) fn start(desktop: &Desktop) -> Option<Self> {
        let mut bus = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--nopidfile", "--print-address=1"])
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        let mut address = String::new();
        let out = bus.stdout.take().expect("its output");
        std::io::BufRead::read_line(&mut std::io::BufReader::new(out), &mut address).expect("its address");
        let keychain = Self { bus, address: address.trim().to_owned() };
        let mut unlock = Command::new("gnome-keyring-daemon")
            .args(["--unlock", "--components=secrets"])
            .env("DBUS_SESSION_BUS_ADDRESS", &keychain.address)
            .env("XDG_DATA_HOME", desktop.folder.file("keychain"))
            .env("XDG_RUNTIME_DIR", desktop.folder.file("runtime"))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        std::io::Write::write_all(&mut unlock.stdin.take().expect("its input"), b"throw-away").ok()?;
        unlock.wait().ok()?.success().then_some(keychain)
    }
}

impl Drop for Keychain {
    fn drop(&mut self) {
        // The keychain leaves with its bus.
        let _ = self.bus.kill();
        let _ = self.bus.wait();
    }
}
