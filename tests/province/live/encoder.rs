//! An `ffmpeg` that encodes pictures as they come: one in, one out.

use std::io::{self, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::clip::ClipId;
use crate::clip::cache::{Use, arguments};

/// The most bytes of one coded picture that are believed.
const LARGEST: usize = 8 << 20;

/// The encoder's command with its pipes; killed when dropped.
pub(super) struct Encoder {
    child: Child,
    input: ChildStdin,
    /// Taken by the thread that reads.
    pub(super) output: Option<Output>,
}

/// Coded pictures out of the encoder.
pub(super) struct Output(ChildStdout);

impl Encoder {
    /// Starts one and shows it a grey picture, which takes most of the time; after that it waits without work, and its next
    /// picture is a key frame. Blocks until then.
    pub(super) fn start(id: ClipId) -> io::Result<Self> {
        let mut child = Command::new("ffmpeg")
            .args(arguments(id, Use::Live))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let missing = || io::Error::other("a pipe is missing");
        let input = child.stdin.take().ok_or_else(missing)?;
        let output = child.stdout.take().map(Output);
        let mut encoder = Self { child, input, output };
        let size = id.coding.size(id.profile);
        encoder.write(&vec![128; size.width as usize * size.height as usize * 3 / 2])?;
        let output = encoder.output.as_mut().ok_or_else(missing)?;
        output.skip_head()?;
        output.next()?;
        Ok(encoder)
    }

    /// Gives it a picture: planes Y, U, V.
    pub(super) fn write(&mut self, planes: &[u8]) -> io::Result<()> {
        self.input.write_all(planes)
    }
}

impl Drop for Encoder {
    fn drop(&mut self) {
        // It may have ended by itself; either way nothing is left behind.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Output {
    fn take<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        self.0.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    fn pass_over(&mut self, count: u64) -> io::Result<()> {
        io::copy(&mut (&mut self.0).take(count), &mut io::sink()).map(drop)
    }

    /// AVI: up to the pictures, which are the list `movi`.
    fn skip_head(&mut self) -> io::Result<()> {
        self.take::<12>()?;
        loop {
            let (name, size) = self.chunk()?;
            if &name != b"LIST" {
                self.pass_over(u64::from(size + size % 2))?;
            } else if &self.take::<4>()? == b"movi" {
                return Ok(());
            } else {
                self.pass_over(u64::from(size.saturating_sub(4)))?;
            }
        }
    }

    fn chunk(&mut self) -> io::Result<([u8; 4], u32)> {
        let [a, b, c, d, size @ ..] = self.take::<8>()?;
        Ok(([a, b, c, d], u32::from_le_bytes(size)))
    }

    /// The next coded picture, as Annex B. An error is the encoder's end.
    pub(super) fn next(&mut self) -> io::Result<Vec<u8>> {
        loop {
            let (name, size) = self.chunk()?;
            if size as usize > LARGEST {
                return Err(io::Error::other("no picture is that large"));
            }
            let mut bytes = vec![0; size as usize];
            self.0.read_exact(&mut bytes)?;
            self.pass_over(u64::from(size % 2))?;
            if &name == b"00dc" && size > 0 {
                return Ok(bytes);
            }
        }
    }
}
