//! A folder that needs nothing of the machine it runs on but its kernel, C library and graphics driver.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::table;

/// What must be the other machine's own: the C library and what belongs to it.
const OF_THE_MACHINE: [&str; 8] =
    ["ld-linux", "libc.so", "libm.so", "libdl.so", "librt.so", "libpthread.so", "libresolv.so", "libnss"];
/// Loaded when running, so that the linker does not know it. The graphics driver itself is the machine's.
const LOADED_LATER: &str = "libvulkan.so.1";

const RUN: &str = r#"#!/bin/sh
# Measures on this machine; see ./bench. Nothing is installed and nothing is fetched.
here=$(cd "$(dirname "$0")" && pwd)
LD_LIBRARY_PATH="$here/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}" exec "$here/bench" gpu --clips "$here/clips"
"#;

/// Fills `folder` with this program, the clips and the libraries.
pub(crate) fn pack(folder: &Path, clips: &[PathBuf]) -> Result<()> {
    let program = std::env::current_exe()?;
    for part in ["clips", "lib"] {
        let part = folder.join(part);
        if part.exists() {
            fs::remove_dir_all(&part)?;
        }
        fs::create_dir_all(&part)?;
    }
    // Not over the old one, which may be running.
    let _ = fs::remove_file(folder.join("bench"));
    copy(&program, folder)?;
    for clip in clips {
        copy(clip, &folder.join("clips"))?;
    }
    let mut libraries = needed_by(&program)?;
    match loaded_later()? {
        Some(library) => {
            libraries.extend(needed_by(&library)?);
            libraries.push(library);
        }
        None => table::tell(&format!("{LOADED_LATER} is not here and is not packed")),
    }
    libraries.sort();
    libraries.dedup();
    for library in &libraries {
        copy(library, &folder.join("lib"))?;
    }
    let run = folder.join("run");
    fs::write(&run, RUN)?;
    fs::set_permissions(&run, fs::Permissions::from_mode(0o755))?;
    table::tell(&format!(
        "{} with {} clips and {} libraries",
        folder.display(),
        clips.len(),
        libraries.len()
    ));
    Ok(())
}

fn copy(file: &Path, folder: &Path) -> Result<()> {
    let name = file.file_name().context("a file")?;
    fs::copy(file, folder.join(name)).with_context(|| file.display().to_string())?;
    Ok(())
}

/// All libraries that a file is linked with, directly or not.
fn needed_by(file: &Path) -> Result<Vec<PathBuf>> {
    let output = Command::new("ldd").arg(file).output().context("ldd")?;
    ensure!(output.status.success(), "ldd {}: {}", file.display(), String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    ensure!(!text.contains("not found"), "a library is missing here:\n{text}");
    // `libavcodec.so.59 => /lib/x86_64-linux-gnu/libavcodec.so.59 (0x…)`
    let path = |line: &str| line.split_once("=> ")?.1.split_whitespace().next().map(PathBuf::from);
    Ok(text.lines().filter_map(path).filter(|path| !is_of_the_machine(path)).collect())
}

fn is_of_the_machine(library: &Path) -> bool {
    let name = library.file_name().unwrap_or_default().to_string_lossy();
    OF_THE_MACHINE.iter().any(|own| name.starts_with(own))
}

/// Where the loader would find it (`ldconfig -p`: `libvulkan.so.1 (libc6,x86-64) => /lib/…`).
fn loaded_later() -> Result<Option<PathBuf>> {
    let found = ["ldconfig", "/sbin/ldconfig"]
        .into_iter()
        .find_map(|name| Command::new(name).arg("-p").output().ok());
    let text = String::from_utf8_lossy(&found.context("ldconfig")?.stdout).into_owned();
    let line = text.lines().find(|line| line.trim_start().starts_with(LOADED_LATER));
    Ok(line.and_then(|line| line.split_once("=> ")).map(|(_, path)| PathBuf::from(path.trim())))
}
