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

/// What passes through this process's memory, and through that of the web view that it starts, is written to no file
/// when one of them crashes; on Linux nobody but root looks into it either. It cannot be taken back.
///
/// The limit is one byte and not none: a kernel that hands dumps to a program asks that program about a limit of none,
/// and takes one byte itself as "not at all" (core(5)). Windows keeps what crashed by settings of its own, which a
/// program cannot overrule.
#[cfg(unix)]
pub(crate) fn keep_memory_private() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let most = getrlimit(Resource::Core).maximum.map_or(1, |most| most.min(1));
    if let Err(error) = setrlimit(Resource::Core, Rlimit { current: Some(most), maximum: Some(most) }) {
        log::warn!("a crash may leave a picture of the memory behind: {error}");
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        if let Err(error) = set_dumpable_behavior(DumpableBehavior::NotDumpable) {
            log::warn!("the memory can be read by other programs of the same user: {error}");
        }
    }
}

#[cfg(not(unix))]
pub(crate) fn keep_memory_private() {}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_crash_would_leave_no_picture_of_the_memory() {
        use rustix::process::{DumpableBehavior, Resource, dumpable_behavior, getrlimit};
        keep_memory_private();
        assert!(getrlimit(Resource::Core).current.is_some_and(|most| most <= 1));
        assert_eq!(dumpable_behavior().unwrap(), DumpableBehavior::NotDumpable);
        // Whoever keeps it private may still look at itself: the statistics do.
        assert!(memory_mib().0 > 0.5 && cpu_seconds().all > 0.0);
    }

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
