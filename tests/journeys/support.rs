//! What the journeys share: the built program, its statistics, and peers to point it at.

#![allow(dead_code, reason = "each journey is a crate of its own and uses a part of this")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value;

/// A program of this workspace, built beside the test.
pub(crate) fn program(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("the test's own path");
    let folder = test.parent().and_then(Path::parent).expect("target/<profile>/deps/<test>");
    let path = folder.join(name);
    assert!(path.exists(), "{} is missing: build it first (make test does)", path.display());
    path
}

/// A fresh folder for one test's files, gone when dropped.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name =
            format!("watchwall-journey-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).expect("a temporary folder");
        Self(path)
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Folder {
    /// The files in it, however deep, that hold one of these texts: as it is, as web views keep text, in base64 or in
    /// hexadecimal digits.
    pub(crate) fn files_holding(&self, texts: &[&str]) -> Vec<PathBuf> {
        let spellings: Vec<Vec<u8>> = texts.iter().flat_map(|text| spellings(text)).collect();
        let mut found = Vec::new();
        let mut folders = vec![self.0.clone()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
                let kind = entry.file_type().expect("its kind");
                if kind.is_dir() {
                    folders.push(entry.path());
                } else if kind.is_file() {
                    let bytes = std::fs::read(entry.path()).unwrap_or_default();
                    if spellings.iter().any(|text| holds(&bytes, text)) {
                        found.push(entry.path());
                    }
                }
            }
        }
        found
    }
}

/// Whether `bytes` hold `text`.
pub(crate) fn holds(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|part| part == text)
}

/// How a text may stand in a file. In base64 it moves by the bytes before it: the whole groups of three that remain.
fn spellings(text: &str) -> Vec<Vec<u8>> {
    use base64::Engine as _;
    let bytes = text.as_bytes();
    let wide = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let digits = |byte: &u8| format!("{byte:02x}");
    let mut all = vec![bytes.to_vec(), wide, bytes.iter().map(digits).collect::<String>().into_bytes()];
    for skip in 0..3 {
        let whole = (bytes.len() - skip) / 3 * 3;
        all.push(base64::engine::general_purpose::STANDARD.encode(&bytes[skip..skip + whole]).into_bytes());
    }
    all
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// `watchwall view` with `sources` on its standard input.
pub(crate) struct View {
    child: Child,
    folder: Folder,
}

/// What a view left behind.
pub(crate) struct Outcome {
    pub(crate) statistics: Value,
    pub(crate) wall: image::RgbaImage,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl View {
    /// Starts it. `display` is an X display such as `:99`; without one it is headless.
    pub(crate) fn start(sources: &str, arguments: &[&str], display: Option<&str>) -> Self {
        let folder = Folder::new();
        let mut command = Command::new(program("watchwall"));
        command.args(["view", "--sources", "-", "--lang", "vi", "--snapshot"]).arg(folder.file("wall.png"));
        command.arg("--stats").arg(folder.file("statistics.json")).args(arguments);
        command.env_remove("WAYLAND_DISPLAY").env_remove("WATCHWALL_LANG");
        match display {
            Some(display) => command.env("DISPLAY", display),
            None => command.env_remove("DISPLAY").arg("--headless"),
        };
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        child.stdin.take().expect("a pipe").write_all(sources.as_bytes()).expect("it reads its sources");
        Self { child, folder }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits for its end, which must be a good one.
    pub(crate) fn finish(self) -> Outcome {
        let Self { child, folder } = self;
        let output = child.wait_with_output().expect("it ends");
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{}\n{stdout}\n{stderr}", output.status);
        let text = std::fs::read_to_string(folder.file("statistics.json")).expect("statistics");
        let statistics = serde_json::from_str(&text).expect("statistics are JSON");
        let wall = image::open(folder.file("wall.png")).expect("a picture of the wall").into_rgba8();
        Outcome { statistics, wall, stdout, stderr }
    }
}

/// A headless view from start to end.
pub(crate) fn view(sources: &str, arguments: &[&str]) -> Outcome {
    View::start(sources, arguments, None).finish()
}

impl Outcome {
    pub(crate) fn stream(&self, index: usize) -> &Value {
        &self.statistics["streams"][index]
    }

    pub(crate) fn count(&self, index: usize, name: &str) -> u64 {
        self.stream(index)[name]
            .as_u64()
            .unwrap_or_else(|| panic!("no count {name} in {}", self.stream(index)))
    }

    pub(crate) fn state(&self, index: usize) -> &str {
        self.stream(index)["state"].as_str().unwrap_or_default()
    }

    pub(crate) fn says(&self, index: usize) -> &str {
        self.stream(index)["says"].as_str().unwrap_or_default()
    }

    /// The red, green and blue of the wall's pixel at these shares (0–1) of tile `index` of a `columns`-wide square.
    pub(crate) fn colour(&self, index: u32, columns: u32, x: f64, y: f64) -> [u8; 3] {
        let (width, height) = (self.wall.width() / columns, self.wall.height() / columns);
        let left = (index % columns) * width + (f64::from(width) * x) as u32;
        let top = (index / columns) * height + (f64::from(height) * y) as u32;
        let [r, g, b, _] = self.wall.get_pixel(left, top).0;
        [r, g, b]
    }
}

/// Whether two colours differ by at most `tolerance` in each channel.
pub(crate) fn near(a: [u8; 3], b: [u8; 3], tolerance: u8) -> bool {
    a.iter().zip(b).all(|(a, b)| a.abs_diff(b) <= tolerance)
}

/// A port of loopback that was free a moment ago.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port").port()
}

/// GStreamer's RTSP server; ends when dropped.
pub(crate) struct Gstreamer {
    child: Child,
    said: BufReader<ChildStdout>,
    pub(crate) port: u16,
}

impl Gstreamer {
    /// `login` is user, password and scheme (`digest`, `basic`).
    pub(crate) fn start(port: u16, login: &[&str]) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/gstreamer_server.py");
        let mut child = Command::new("/usr/bin/python3")
            .arg(script)
            .arg(port.to_string())
            .args(login)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 with GStreamer's RTSP server (packaging/setup installs it)");
        let said = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut server = Self { child, said, port };
        assert_eq!(server.next_said(), "ready", "GStreamer's RTSP server did not start");
        server
    }

    fn next_said(&mut self) -> String {
        let mut line = String::new();
        self.said.read_line(&mut line).expect("its next line");
        line.trim().to_owned()
    }

    /// Waits until so many more sessions play.
    pub(crate) fn until_played(&mut self, sessions: usize) {
        for _ in 0..sessions {
            assert_eq!(self.next_said(), "play");
        }
    }
}

impl Drop for Gstreamer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A device that does what `answer` does with each connection, on threads that end with the test.
pub(crate) fn device(answer: impl Fn(TcpStream) + Send + Sync + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("its port").port();
    let answer = std::sync::Arc::new(answer);
    let accepting = std::thread::Builder::new().name("device".to_owned());
    accepting
        .spawn(move || {
            for stream in listener.incoming().flatten() {
                let answer = std::sync::Arc::clone(&answer);
                let serving = std::thread::Builder::new().name("connection".to_owned());
                serving.spawn(move || answer(stream)).expect("a thread");
            }
        })
        .expect("a thread");
    port
}

/// A device that speaks RTSP well enough to be played: it describes itself with `sdp` and then does `play`.
pub(crate) fn rtsp_device(sdp: &'static str, play: impl Fn(&mut TcpStream) + Send + Sync + 'static) -> u16 {
    device(move |mut stream| {
        let mut received = Vec::new();
        let mut chunk = [0; 4096];
        loop {
            let Ok(n @ 1..) = stream.read(&mut chunk) else { return };
            received.extend_from_slice(&chunk[..n]);
            while let Some(end) = received.windows(4).position(|four| four == b"\r\n\r\n") {
                let request = String::from_utf8_lossy(&received[..end]).into_owned();
                received.drain(..end + 4);
                let playing = request.starts_with("PLAY");
                if stream.write_all(answer(&request, sdp).as_bytes()).is_err() {
                    return;
                }
                if playing {
                    play(&mut stream);
                    return;
                }
            }
        }
    })
}

fn answer(request: &str, sdp: &str) -> String {
    let sequence = request
        .lines()
        .find_map(|line| line.split_once(':').filter(|(name, _)| name.eq_ignore_ascii_case("cseq")))
        .map_or("0", |(_, value)| value.trim());
    let (headers, body) = match request.split(' ').next().unwrap_or_default() {
        "DESCRIBE" => ("Content-Type: application/sdp\r\n", sdp),
        "SETUP" => ("Session: 1\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n", ""),
        _ => ("Session: 1\r\n", ""),
    };
    format!("RTSP/1.0 200 OK\r\nCSeq: {sequence}\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len())
}

/// What the program says for `key`, from the same file as it has it; `language` is `vi` or `en`.
pub(crate) fn words(language: &str, key: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../ui/messages/{language}.json"));
    let text = std::fs::read_to_string(path).expect("the words");
    let all: Value = serde_json::from_str(&text).expect("words are JSON");
    all[key].as_str().unwrap_or_else(|| panic!("no words for {key}")).to_owned()
}
