//! FFmpeg's messages: into the program's log, and into the words of a fault.
//!
//! FFmpeg would print them to standard error, thousands an hour where cameras send broken pictures. Here errors and
//! warnings go to the `log` crate, a few a second at most, and each thread remembers the first error since it last
//! asked: with one thread a stream, that is the error of the very unit it decodes.
#![allow(unsafe_code)] // a C callback with C's variable arguments

use std::cell::RefCell;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::sync::Once;
use std::sync::atomic::{AtomicPtr, Ordering};
use std::time::{Duration, Instant};

use ffmpeg_sys_next as ffi;
use parking_lot::Mutex;

/// `av_log_format_line2`. `V` is C's `va_list` as a parameter, which each platform defines in its own way; it is
/// inferred from FFmpeg's declarations and never looked into.
type FormatLine<V> =
    unsafe extern "C" fn(*mut c_void, c_int, *const c_char, V, *mut c_char, c_int, *mut c_int) -> c_int;
/// `av_log_set_callback`.
type SetCallback<V> =
    unsafe extern "C" fn(Option<unsafe extern "C" fn(*mut c_void, c_int, *const c_char, V)>);

/// The [`FormatLine`] for the callback, without its type.
static FORMAT_LINE: AtomicPtr<()> = AtomicPtr::new(std::ptr::null_mut());

const WINDOW: Duration = Duration::from_secs(1);
const LINES_PER_WINDOW: u32 = 5;

thread_local! {
    static COMPLAINT: RefCell<Option<String>> = const { RefCell::new(None) };
}

static LIMIT: Mutex<Option<Limit>> = Mutex::new(None);

/// Lines of the present second.
struct Limit {
    since: Instant,
    lines: u32,
}

/// Takes FFmpeg's messages over for the whole process; further calls do nothing.
pub(crate) fn route() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| install(ffi::av_log_set_callback, ffi::av_log_format_line2));
}

fn install<V>(set_callback: SetCallback<V>, format_line: FormatLine<V>) {
    FORMAT_LINE.store(format_line as *mut (), Ordering::Release);
    // SAFETY: the callback is a plain function that lives as long as the process, and may run on any thread.
    unsafe { set_callback(Some(receive::<V>)) };
}

/// The first error that FFmpeg reported on this thread since the last call.
pub(crate) fn take_complaint() -> Option<String> {
    COMPLAINT.with_borrow_mut(Option::take)
}

/// FFmpeg's words for an error code.
pub(crate) fn describe(code: c_int) -> String {
    let mut text: [c_char; 128] = [0; 128];
    // SAFETY: the buffer has the length that is given; av_strerror always terminates it.
    unsafe {
        ffi::av_strerror(code, text.as_mut_ptr(), text.len());
        CStr::from_ptr(text.as_ptr()).to_string_lossy().into_owned()
    }
}

unsafe extern "C" fn receive<V>(source: *mut c_void, level: c_int, format: *const c_char, arguments: V) {
    if level > ffi::AV_LOG_WARNING {
        return;
    }
    let mut line: [c_char; 512] = [0; 512];
    let mut print_prefix = 0;
    // SAFETY: `install` stored a FormatLine of the same V before it set this callback. Source, format and arguments are
    // passed on as FFmpeg gave them; the buffer has the length that is given, and the line ends within it.
    let text = unsafe {
        let format_line: FormatLine<V> = std::mem::transmute(FORMAT_LINE.load(Ordering::Acquire));
        let length = line.len() as c_int;
        format_line(source, level, format, arguments, line.as_mut_ptr(), length, &raw mut print_prefix);
        CStr::from_ptr(line.as_ptr()).to_string_lossy()
    };
    // A panic must not reach C; a logger that panics loses its line.
    let _ = std::panic::catch_unwind(|| note(level, text.trim()));
}

fn note(level: c_int, text: &str) {
    if text.is_empty() {
        return;
    }
    if level <= ffi::AV_LOG_ERROR {
        let _ = COMPLAINT.try_with(|complaint| {
            if let Ok(mut complaint) = complaint.try_borrow_mut() {
                complaint.get_or_insert_with(|| text.to_owned());
            }
        });
    }
    let mut limit = LIMIT.lock();
    let now = Instant::now();
    let limit = match &mut *limit {
        Some(limit) if now.duration_since(limit.since) < WINDOW => limit,
        other => {
            let suppressed = other.as_ref().map_or(0, |limit| limit.lines.saturating_sub(LINES_PER_WINDOW));
            if suppressed > 0 {
                log::warn!(target: "ffmpeg", "{suppressed} more messages");
            }
            other.insert(Limit { since: now, lines: 0 })
        }
    };
    limit.lines += 1;
    if limit.lines <= LINES_PER_WINDOW {
        log::warn!(target: "ffmpeg", "{text}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_error_is_remembered_once() {
        note(ffi::AV_LOG_WARNING, "only a warning");
        assert_eq!(take_complaint(), None);
        note(ffi::AV_LOG_ERROR, "PPS id out of range");
        note(ffi::AV_LOG_ERROR, "a consequence of it");
        assert_eq!(take_complaint().as_deref(), Some("PPS id out of range"));
        assert_eq!(take_complaint(), None);
    }

    #[test]
    fn ffmpegs_own_messages_arrive() {
        route();
        // SAFETY: the format has no arguments.
        unsafe { ffi::av_log(std::ptr::null_mut(), ffi::AV_LOG_ERROR, c"a frame without bread\n".as_ptr()) };
        assert_eq!(take_complaint().as_deref(), Some("a frame without bread"));
    }

    #[test]
    fn codes_have_words() {
        assert_eq!(describe(ffi::AVERROR_INVALIDDATA), "Invalid data found when processing input");
    }
}
