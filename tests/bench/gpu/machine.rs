//! What the machine says of this process and of its graphics processor.

use std::process::Command;

use anyhow::Result;

use crate::floor;

/// CPU time of this process so far, all threads.
pub(crate) fn cpu_seconds() -> Result<f64> {
    floor::cpu_seconds(std::process::id())
}

/// Memory of the graphics processor that is taken, by everybody; `None` where no driver says.
pub(crate) fn gpu_mib() -> Option<f64> {
    nvidia_mib().or_else(amd_mib)
}

fn nvidia_mib() -> Option<f64> {
    let question = ["--query-gpu=memory.used", "--format=csv,noheader,nounits"];
    let answer =
        Command::new("nvidia-smi").args(question).output().ok().filter(|answer| answer.status.success())?;
    String::from_utf8_lossy(&answer.stdout).lines().next()?.trim().parse().ok()
}

/// linux/Documentation/gpu/amdgpu/driver-misc.rst, "Memory usage".
fn amd_mib() -> Option<f64> {
    let cards = std::fs::read_dir("/sys/class/drm").ok()?;
    let used =
        |card: std::fs::DirEntry| std::fs::read_to_string(card.path().join("device/mem_info_vram_used")).ok();
    let bytes: f64 = cards.flatten().find_map(used)?.trim().parse().ok()?;
    Some(bytes / f64::from(1 << 20))
}
