//! A camera for the server of `onvif-server`: its protocol, its login and its check of the clock are the crate's, what
//! stands here is only what it is told to do, printed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use onvif_server::{
    DeviceInfo, DeviceService, EventService, ImagingService, MediaService, OnvifError, OnvifServer,
    PTZPreset, PTZService, PTZStatusResult, RunError,
};

#[derive(Clone, Default)]
struct Camera {
    port: u16,
    presets: Arc<Mutex<BTreeMap<String, String>>>,
    moving: Arc<Mutex<bool>>,
}

/// Its services at this port of loopback.
pub fn router(port: u16) -> Result<axum::Router, Box<dyn std::error::Error + Send + Sync>> {
    let camera = Camera { port, ..Camera::default() };
    let server = OnvifServer::builder()
        .port(port)
        .advertised_host("127.0.0.1")
        .auth("admin", "admin")
        .device_service(camera.clone())
        .media_service(camera.clone())
        .ptz_service(camera.clone())
        .imaging_service(camera.clone())
        .event_service(camera)
        .build()?;
    server.into_router().map_err(|why: RunError| why.into())
}

#[async_trait]
impl DeviceService for Camera {
    async fn get_device_information(&self) -> Result<DeviceInfo, OnvifError> {
        Ok(DeviceInfo {
            manufacturer: "Virtual".to_owned(),
            model: "PTZ".to_owned(),
            firmware_version: "1.0".to_owned(),
            serial_number: "7".to_owned(),
            hardware_id: "0".to_owned(),
        })
    }
}

#[async_trait]
impl MediaService for Camera {
    async fn get_stream_uri(&self, profile: &str) -> Result<String, OnvifError> {
        Ok(format!("rtsp://127.0.0.1:{}/{profile}", self.port))
    }
}

#[async_trait]
impl PTZService for Camera {
    async fn continuous_move(&self, profile: &str, pan: f32, tilt: f32, zoom: f32) -> Result<(), OnvifError> {
        println!("move {profile} {pan} {tilt} {zoom}");
        *self.moving.lock().expect("not poisoned") = true;
        Ok(())
    }

    async fn stop(&self, profile: &str, pan_tilt: bool, zoom: bool) -> Result<(), OnvifError> {
        println!("stop {profile} {pan_tilt} {zoom}");
        *self.moving.lock().expect("not poisoned") = false;
        Ok(())
    }

    async fn get_status(&self, _profile: &str) -> Result<PTZStatusResult, OnvifError> {
        let moving = *self.moving.lock().expect("not poisoned");
        Ok(PTZStatusResult { pan_tilt_moving: moving, zoom_moving: false })
    }

    async fn get_presets(&self, _profile: &str) -> Result<Vec<PTZPreset>, OnvifError> {
        let presets = self.presets.lock().expect("not poisoned");
        Ok(presets
            .iter()
            .map(|(token, name)| PTZPreset { token: token.clone(), name: name.clone() })
            .collect())
    }

    async fn set_preset(
        &self,
        _profile: &str,
        name: Option<&str>,
        token: Option<&str>,
    ) -> Result<String, OnvifError> {
        let mut presets = self.presets.lock().expect("not poisoned");
        let token = token.map_or_else(|| format!("place {}", presets.len() + 1), str::to_owned);
        presets.insert(token.clone(), name.unwrap_or_default().to_owned());
        Ok(token)
    }

    async fn goto_preset(&self, _profile: &str, token: &str) -> Result<(), OnvifError> {
        println!("goto {token}");
        Ok(())
    }

    async fn remove_preset(&self, _profile: &str, token: &str) -> Result<(), OnvifError> {
        self.presets.lock().expect("not poisoned").remove(token);
        Ok(())
    }
}

#[async_trait]
impl ImagingService for Camera {}

#[async_trait]
impl EventService for Camera {}
