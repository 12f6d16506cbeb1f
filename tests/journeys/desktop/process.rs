//! A running process from outside, as /proc shows it.

use std::path::Path;

/// The process `id` and all that it has started.
pub(crate) fn family(id: u32) -> Vec<u32> {
    let mut family = vec![id];
    let mut all: Vec<(u32, u32)> = Vec::new();
    for entry in std::fs::read_dir("/proc").expect("/proc").flatten() {
        let Some(child) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        let Some(parent) = status(child).and_then(|fields| fields.get(1)?.parse().ok()) else { continue };
        all.push((child, parent));
    }
    let mut next = 0;
    while next < family.len() {
        let parent = family[next];
        family.extend(all.iter().filter(|(_, of)| *of == parent).map(|(child, _)| *child));
        next += 1;
    }
    family
}

/// The fields of `stat` behind the name: state, parent …
fn status(id: u32) -> Option<Vec<String>> {
    let text = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    Some(text.rsplit_once(')')?.1.split_whitespace().map(str::to_owned).collect())
}

/// Whether it is there at all, be it as a zombie.
pub(crate) fn exists(id: u32) -> bool {
    Path::new(&format!("/proc/{id}")).exists()
}

/// Nanoseconds on a processor of all threads of this name.
pub(crate) fn thread_time(id: u32, name: &str) -> u64 {
    let mut time = 0;
    for thread in std::fs::read_dir(format!("/proc/{id}/task")).expect("a running process").flatten() {
        let read = |file: &str| std::fs::read_to_string(thread.path().join(file)).unwrap_or_default();
        if read("comm").trim() == name {
            time +=
                read("schedstat").split(' ').next().and_then(|first| first.parse::<u64>().ok()).unwrap_or(0);
        }
    }
    time
}

/// What a process holds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Holdings {
    pub(crate) resident_kib: u64,
    pub(crate) threads: u64,
    pub(crate) descriptors: u64,
}

pub(crate) fn holdings(id: u32) -> Holdings {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).expect("a running process");
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
        line.trim_start_matches(':').split_whitespace().next().and_then(|n| n.parse().ok()).unwrap_or(0)
    };
    let descriptors = std::fs::read_dir(format!("/proc/{id}/fd")).map_or(0, |all| all.count() as u64);
    Holdings { resident_kib: field("VmRSS"), threads: field("Threads"), descriptors }
}
