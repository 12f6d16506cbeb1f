//! Pieces of coded sound in, samples out.
#![allow(unsafe_code)] // owns AVCodecContext and AVPacket, and reads AVFrame's samples

use std::ffi::{CStr, c_int};
use std::ptr::NonNull;

use ffi::AVSampleFormat;
use ffmpeg_sys_next as ffi;
use model::{Fault, SoundCodec, SoundFormat};

use crate::frame::Frame;
use crate::messages;

/// A packet of more is no sound; AAC has 768 bytes a channel at most, G.711 seldom more than 1,600.
const MAX_PACKET: usize = 64 << 10;

/// A decoder of one session's sound. Belongs to one thread at a time.
pub struct Sound {
    raw: NonNull<ffi::AVCodecContext>,
    packet: NonNull<ffi::AVPacket>,
    rate: u32,
}

// SAFETY: as with pictures: FFmpeg binds a decoder with one thread to no particular thread.
unsafe impl Send for Sound {}

impl Sound {
    /// A decoder for this.
    ///
    /// # Errors
    /// [`Fault::UnsupportedCodec`]: this FFmpeg has none, or the format makes no sense to it.
    pub fn open(format: &SoundFormat) -> Result<Self, Fault> {
        messages::route();
        messages::take_complaint();
        let refused = || Fault::UnsupportedCodec(format.codec.name().to_owned());
        let name: &CStr = match format.codec {
            SoundCodec::Pcmu => c"pcm_mulaw",
            SoundCodec::Pcma => c"pcm_alaw",
            SoundCodec::G726 { .. } => c"g726le",
            SoundCodec::Aac { .. } => c"aac",
        };
        // SAFETY: the name is a C string, the result null or static; each result is checked, and what was allocated before
        // a failure is owned by `sound`. The configuration lies in memory of FFmpeg's own, with its padding, as
        // libavcodec/avcodec.h asks, and is freed with the context.
        unsafe {
            let decoder = ffi::avcodec_find_decoder_by_name(name.as_ptr());
            if decoder.is_null() {
                return Err(refused());
            }
            let packet = NonNull::new(ffi::av_packet_alloc()).ok_or_else(refused)?;
            let Some(raw) = NonNull::new(ffi::avcodec_alloc_context3(decoder)) else {
                ffi::av_packet_free(&mut packet.as_ptr());
                return Err(refused());
            };
            let sound = Self { raw, packet, rate: format.rate };
            let settings = &mut *raw.as_ptr();
            settings.thread_count = 1;
            settings.sample_rate = format.rate as c_int;
            ffi::av_channel_layout_default(&mut settings.ch_layout, c_int::from(format.channels));
            match &format.codec {
                SoundCodec::G726 { bits } => settings.bits_per_coded_sample = c_int::from(*bits),
                SoundCodec::Aac { config } => {
                    let padded = config.len() + ffi::AV_INPUT_BUFFER_PADDING_SIZE as usize;
                    let own = NonNull::new(ffi::av_mallocz(padded).cast::<u8>()).ok_or_else(refused)?;
                    config.as_ptr().copy_to_nonoverlapping(own.as_ptr(), config.len());
                    settings.extradata = own.as_ptr();
                    settings.extradata_size = config.len() as c_int;
                }
                SoundCodec::Pcmu | SoundCodec::Pcma => {}
            }
            if ffi::avcodec_open2(raw.as_ptr(), decoder, std::ptr::null_mut()) < 0 {
                return Err(refused());
            }
            Ok(sound)
        }
    }

    /// Samples a second of what [`Sound::decode`] gives; final once something has come out.
    #[must_use]
    pub fn rate(&self) -> u32 {
        self.rate
    }

    /// The samples of a packet, −1 to 1, all channels as one. A packet that is broken gives none.
    pub fn decode(&mut self, data: &[u8]) -> Vec<f32> {
        let mut samples = Vec::new();
        let Some(length) = c_int::try_from(data.len()).ok().filter(|_| data.len() <= MAX_PACKET) else {
            return samples;
        };
        // SAFETY: av_new_packet allocates `length` bytes and zeroed padding, or fails and leaves the packet empty; the copy
        // fills exactly these bytes. The packet is emptied again whatever the decoder says.
        let sent = unsafe {
            let packet = self.packet.as_ptr();
            if ffi::av_new_packet(packet, length) < 0 {
                return samples;
            }
            data.as_ptr().copy_to_nonoverlapping((*packet).data, data.len());
            let sent = ffi::avcodec_send_packet(self.raw.as_ptr(), packet);
            ffi::av_packet_unref(packet);
            sent
        };
        if sent < 0 {
            return samples;
        }
        while let Some(frame) = Frame::new() {
            // SAFETY: both are valid and ours; the call fills the frame only when it succeeds.
            if unsafe { ffi::avcodec_receive_frame(self.raw.as_ptr(), frame.as_ptr()) } < 0 {
                break;
            }
            self.take(&frame, &mut samples);
        }
        samples
    }

    fn take(&mut self, frame: &Frame, out: &mut Vec<f32>) {
        // SAFETY: a frame that was received has `nb_samples` samples in each of `nb_channels` channels: one plane each in
        // `extended_data` for planar formats, all in the first else (libavutil/frame.h). Only the four formats that the
        // decoders above give are read, each by its own type.
        unsafe {
            let raw = &*frame.as_ptr();
            let count = usize::try_from(raw.nb_samples).unwrap_or(0);
            let channels = usize::try_from(raw.ch_layout.nb_channels).unwrap_or(0).clamp(1, 8);
            if raw.sample_rate > 0 {
                self.rate = raw.sample_rate.unsigned_abs();
            }
            let plane = |channel: usize| *raw.extended_data.add(channel);
            let sample = |channel: usize, at: usize| -> f32 {
                const S16: c_int = AVSampleFormat::AV_SAMPLE_FMT_S16 as c_int;
                const S16P: c_int = AVSampleFormat::AV_SAMPLE_FMT_S16P as c_int;
                const FLT: c_int = AVSampleFormat::AV_SAMPLE_FMT_FLT as c_int;
                const FLTP: c_int = AVSampleFormat::AV_SAMPLE_FMT_FLTP as c_int;
                match raw.format {
                    S16 => f32::from(*plane(0).cast::<i16>().add(at * channels + channel)) / 32_768.0,
                    S16P => f32::from(*plane(channel).cast::<i16>().add(at)) / 32_768.0,
                    FLT => *plane(0).cast::<f32>().add(at * channels + channel),
                    FLTP => *plane(channel).cast::<f32>().add(at),
                    _ => 0.0,
                }
            };
            out.extend((0..count).map(|at| {
                let sum: f32 = (0..channels).map(|channel| sample(channel, at)).sum();
                let mean = sum / channels as f32;
                if mean.is_finite() { mean.clamp(-1.0, 1.0) } else { 0.0 }
            }));
        }
    }
}

impl Drop for Sound {
    fn drop(&mut self) {
        // SAFETY: both are ours and used no more; the context frees its own configuration.
        unsafe {
            ffi::av_packet_free(&mut self.packet.as_ptr());
            ffi::avcodec_free_context(&mut self.raw.as_ptr());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn format(codec: SoundCodec, rate: u32) -> SoundFormat {
        SoundFormat { codec, rate, channels: 1 }
    }

    #[test]
    fn g711_of_both_laws_becomes_samples() {
        // ITU-T G.711, tables 1 and 2: silence and the extremes.
        let mut mu = Sound::open(&format(SoundCodec::Pcmu, 8000)).unwrap();
        let samples = mu.decode(&[0xff, 0x80, 0x00]);
        let near = |value: f32, wanted: f32| (value - wanted).abs() < 0.03;
        assert!(near(samples[0], 0.0) && near(samples[1], 0.98) && near(samples[2], -0.98), "{samples:?}");
        let mut a = Sound::open(&format(SoundCodec::Pcma, 8000)).unwrap();
        let samples = a.decode(&[0xd5, 0xaa, 0x2a]);
        assert!(near(samples[0], 0.0) && near(samples[1], 0.98) && near(samples[2], -0.98), "{samples:?}");
        assert_eq!((mu.rate(), a.decode(&[]).len()), (8000, 0));
    }

    #[test]
    fn g726_gives_a_sample_a_code() {
        for bits in 2..=5_u8 {
            let mut sound = Sound::open(&format(SoundCodec::G726 { bits }, 8000)).unwrap();
            assert_eq!(sound.decode(&vec![0x5a; 20 * usize::from(bits)]).len(), 160);
        }
    }

    #[test]
    fn what_makes_no_sense_gives_nothing_and_does_no_harm() {
        let odd = format(SoundCodec::Aac { config: Arc::from([0xff, 0xff, 0xff].as_slice()) }, 16_000);
        if let Ok(mut sound) = Sound::open(&odd) {
            for seed in 0..200_u32 {
                let bytes: Vec<u8> =
                    (0..300_u32).map(|n| (n.wrapping_mul(seed * 2_654_435 + 1) >> 7) as u8).collect();
                assert!(sound.decode(&bytes).iter().all(|sample| sample.is_finite() && sample.abs() <= 1.0));
            }
        }
        let mut sound =
            Sound::open(&format(SoundCodec::Aac { config: Arc::from([0x14, 0x08].as_slice()) }, 16_000))
                .unwrap();
        assert_eq!(sound.decode(&[0; 70_000]), Vec::<f32>::new());
        assert_eq!(sound.decode(&[0x55; 90]).iter().filter(|sample| !sample.is_finite()).count(), 0);
    }
}
