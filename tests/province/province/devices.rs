//! What tests see and set of the devices' other sides: HTTP, motors, events, clocks, recordings.

use std::sync::PoisonError;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Instant, SystemTime};

use super::{Province, ProvinceFault};
use crate::clip::ClipId;
use crate::equipment::Sound;
use crate::events::EventKind;
use crate::list::{Profile, list};
use crate::motor::Pose;
use crate::recordings::{Span, millis, picture_at, spans};
use crate::shared::{Talk, rest_pose};

impl Province {
    /// The port on which a recorder answers over HTTP, or answered before it was stopped; 0 for those that don't.
    #[must_use]
    pub fn http_port(&self, recorder: usize) -> u16 {
        self.shared.recorders[recorder].http_port.load(Relaxed)
    }

    /// The port on which a recorder answers over HTTPS, or answered before it was stopped; 0 for those that don't.
    #[must_use]
    pub fn https_port(&self, recorder: usize) -> u16 {
        self.shared.recorders[recorder].https_port.load(Relaxed)
    }

    /// Gives a recorder with TLS other keys and another certificate, for the connections that come from now on.
    ///
    /// # Errors
    /// When they cannot be made.
    pub fn renew_certificate(&self, recorder: usize) -> Result<(), ProvinceFault> {
        let keys = crate::tls::keys().map_err(ProvinceFault::Certificate)?;
        let state = &self.shared.recorders[recorder];
        *state.keys.lock().unwrap_or_else(PoisonError::into_inner) = Some(keys);
        Ok(())
    }

    /// The UDP port of loopback on which the province answers WS-Discovery's probes.
    #[must_use]
    pub fn discovery_port(&self) -> u16 {
        self.shared.discovery_port.load(Relaxed)
    }

    /// Where a camera looks; `None` for one that can't be moved.
    #[must_use]
    pub fn pose(&self, camera: usize) -> Option<Pose> {
        Some(self.shared.cameras[camera].motor()?.pose(Instant::now()))
    }

    /// Whether a camera turns or zooms.
    #[must_use]
    pub fn is_moving(&self, camera: usize) -> bool {
        let moving = self.shared.cameras[camera].motor().map(|mut motor| motor.moving(Instant::now()));
        moving.is_some_and(|(turns, zooms)| turns || zooms)
    }

    /// Puts a camera there at once, at rest; nothing for one that can't be moved.
    pub fn set_pose(&self, camera: usize, pose: Pose) {
        if let Some(mut motor) = self.shared.cameras[camera].motor() {
            motor.put(Instant::now(), pose);
        }
    }

    /// Where a camera was put up to look: what it shows when it's at home.
    #[must_use]
    pub fn rest_pose(&self, camera: usize) -> Pose {
        rest_pose(&list().cameras[camera])
    }

    /// What a camera was told, the earliest first; only what was carried out, and at most the last 4096.
    #[must_use]
    pub fn commands(&self, camera: usize) -> Vec<crate::Command> {
        let commands = &self.shared.cameras[camera].commands;
        commands.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// The pictures that a camera took away from where it was put up, the earliest first; at most the last 512.
    #[must_use]
    pub fn views(&self, camera: usize) -> Vec<crate::Taken> {
        let views = &self.shared.cameras[camera].views;
        views.lock().unwrap_or_else(PoisonError::into_inner).iter().copied().collect()
    }

    /// Makes a camera notice something, or its end.
    pub fn raise(&self, camera: usize, kind: EventKind, active: bool) {
        self.shared.events.raise(camera, kind, active);
    }

    /// The pitch that a camera's microphone hears, Hz; `None` for a camera without one.
    #[must_use]
    pub fn pitch(&self, camera: usize) -> Option<u32> {
        self.list().cameras[camera].sound.map(|sound| crate::sound::pitch(camera, sound))
    }

    /// The access unit of AAC that a camera's microphone heard at a true time (ms since 1970), as it was encoded; `None`: its
    /// sound is none. Blocks.
    #[must_use]
    pub fn access_unit(&self, camera: usize, at: i64) -> Option<Vec<u8>> {
        let sound = self.list().cameras[camera].sound.filter(|sound| *sound == Sound::Aac)?;
        crate::sound::access_unit(self.clips.folder(), crate::sound::pitch(camera, sound), at)
    }

    /// What was said to a camera over its backchannel.
    #[must_use]
    pub fn talk(&self, camera: usize) -> Talk {
        self.shared.cameras[camera].talk().clone()
    }

    /// Puts a recorder's clock ahead of the true time by so many milliseconds.
    pub fn set_clock_offset(&self, recorder: usize, milliseconds: i64) {
        self.shared.recorders[recorder].clock_offset.store(milliseconds, Relaxed);
    }

    /// What a recorder's clock shows now.
    #[must_use]
    pub fn device_time(&self, recorder: usize) -> SystemTime {
        self.shared.clock(recorder, SystemTime::now())
    }

    /// Lets a recorder forget wrong passwords, so that nobody is locked out.
    pub fn forgive(&self, recorder: usize) {
        self.shared.recorders[recorder].pardons.fetch_add(1, Relaxed);
    }

    /// A recorder's clock over the days, and the true time now, ms.
    #[cfg(test)]
    pub(crate) fn calendar(&self, recorder: usize) -> (crate::recordings::Calendar, i64) {
        let now = millis(SystemTime::now());
        let offset = self.shared.recorders[recorder].clock_offset.load(Relaxed);
        (crate::recordings::Calendar::new(list().recorders[recorder].equipment, offset, now), now)
    }

    /// URL of the recording of a stream by ONVIF's replay, with user and password.
    #[must_use]
    pub fn replay_source(&self, camera: usize, profile: Profile) -> String {
        self.source(camera, profile).replace("/ch", "/replay/ch")
    }

    /// The number drawn into the picture that was taken, and recorded, at a true time.
    #[must_use]
    pub fn recorded_number(&self, camera: usize, profile: Profile, at: SystemTime) -> u16 {
        let (coding, id) = (list().cameras[camera].coding, ClipId::of(&list().cameras[camera], profile));
        let picture = picture_at(millis(at) + 1, coding.frame_rate(profile)) - 1;
        picture.rem_euclid(i64::from(id.pictures())) as u16
    }

    /// What a recorder has of a camera within two true times: spans of recording and of motion.
    #[must_use]
    pub fn recorded(&self, camera: usize, from: SystemTime, until: SystemTime) -> Vec<Span> {
        spans(camera, &(millis(from)..millis(until)), millis(SystemTime::now()))
    }

    /// Makes the clip of one stream ready, whatever [`Options::cameras`] said.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn prepare_stream(&self, camera: usize, profile: Profile) -> Result<(), ProvinceFault> {
        let id = ClipId::of(&list().cameras[camera], profile);
        Ok(self.clips.prepare(&[id], &self.stop_making, &|_| {})?)
    }

    /// Makes the panorama of a camera's place ready, see [`Options::panoramas`]. Takes a while the first time.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn prepare_panorama(&self, camera: usize) -> Result<(), ProvinceFault> {
        Ok(self.panoramas.prepare(list().cameras[camera].scene)?)
    }
}
