//! What this process costs the machine.

/// CPU seconds of the process since it started, by stage. Linux only: other systems say nothing of single threads.
#[derive(Clone, Copy, Debug, Default, serde::Serialize)]
pub(crate) struct CpuSeconds {
    /// Sockets and depacketizing.
    pub(crate) receive: f64,
    /// Decoders.
    pub(crate) decode: f64,
    /// Gathering, composing and presenting (the main thread, and the walls' own).
    pub(crate) draw: f64,
    /// Everything, threads that have ended included.
    pub(crate) all: f64,
}

#[cfg(target_os = "linux")]
pub(crate) fn cpu_seconds() -> CpuSeconds {
    let mut cpu = CpuSeconds::default();
    let own = std::process::id().to_string();
    let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    for task in tasks {
        let read = |file: &str| std::fs::read_to_string(task.path().join(file)).unwrap_or_default();
        // The first field of schedstat is the time on a CPU in nanoseconds; `stat` counts in 10 ms only.
        let seconds =
            read("schedstat").split(' ').next().and_then(|n| n.parse::<f64>().ok()).unwrap_or(0.0) / 1e9;
        cpu.all += seconds;
        let name = read("comm");
        if task.file_name().to_string_lossy() == own || name.starts_with("draw") {
            cpu.draw += seconds;
        } else if name.starts_with("receive") {
            cpu.receive += seconds;
        } else if name.starts_with("decode") {
            cpu.decode += seconds;
        }
    }
    cpu
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn cpu_seconds() -> CpuSeconds {
    CpuSeconds::default()
}

/// Memory resident now and at its peak, in MiB; zeros where the system does not say.
pub(crate) fn memory_mib() -> (f64, f64) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let field = |name: &str| {
        status
            .lines()
            .find_map(|line| line.strip_prefix(name))
            .and_then(|rest| rest.trim_start_matches(':').split_whitespace().next())
            .and_then(|kib| kib.parse::<f64>().ok())
            .unwrap_or(0.0)
            / 1024.0
    };
    (field("VmRSS"), field("VmHWM"))
}

/// Large pieces of memory, such as a wall's picture, go back to the system as soon as they are free. By default glibc
/// learns from the first one to keep them, once for each thread that there ever was: sixteen walls opened and closed
/// would hold a hundred MiB for ever.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(crate) fn keep_no_large_memory() {
    const LARGE: libc::c_int = 1 << 20;
    #[expect(unsafe_code, reason = "a call of the C library")]
    // SAFETY: it only sets a parameter; no other thread has been started yet.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, LARGE);
    }
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(crate) fn keep_no_large_memory() {}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_busy_thread_is_seen_under_its_name() {
        let worker = std::thread::Builder::new().name("decode-9".to_owned());
        let (stop, stopped) = std::sync::mpsc::sync_channel::<()>(0);
        let (begun, begin) = std::sync::mpsc::sync_channel::<()>(0);
        let worker = worker
            .spawn(move || {
                let mut sum = 0_u64;
                for i in 0..30_000_000_u64 {
                    sum = std::hint::black_box(sum.wrapping_add(i));
                }
                let _ = begun.send(());
                let _ = stopped.recv();
            })
            .unwrap();
        begin.recv().unwrap();
        let cpu = cpu_seconds();
        drop(stop);
        worker.join().unwrap();
        assert!(cpu.decode > 0.0 && cpu.all >= cpu.decode);
        assert!(memory_mib().1 >= memory_mib().0 && memory_mib().0 > 0.5);
    }
}

/// What this computer is called on its network.
pub(crate) fn host_name() -> String {
    gethostname::gethostname().to_string_lossy().into_owned()
}
