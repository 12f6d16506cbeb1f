//! Tests against the real `ffmpeg` and `ffprobe` as clients.
