//! Addresses that somebody typed.

use std::sync::{Arc, Mutex};

use devices::device::Protocol;
use devices::discovery::{Found, Target, ask, targets};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::script::{Answer, Device, denied, said};

async fn asked(targets: &[Target]) -> Vec<Found> {
    let mut all = Vec::new();
    ask(targets, |found| all.push(found)).await;
    all
}

fn at(port: u16) -> Vec<Target> {
    targets(&format!("127.0.0.1:{port}")).unwrap()
}

#[tokio::test]
async fn a_camera_tells_who_it_is_without_a_login() {
    let device = Device::that(|asked| {
        (asked.operation == "GetScopes").then(|| {
            said(
                "<GetScopesResponse><Scopes><ScopeItem>onvif://www.onvif.org/name/C%E1%BB%95ng</ScopeItem></Scopes><Scopes>\
                 <ScopeItem>onvif://www.onvif.org/hardware/T-800</ScopeItem></Scopes></GetScopesResponse>",
            )
        })
    })
    .await;
    let found = asked(&at(device.port)).await;
    let [found] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(
        (found.speaks, found.name.as_str(), found.hardware.as_str()),
        (Protocol::Onvif, "Cổng", "T-800")
    );
    assert_eq!(found.origin.as_ref().unwrap().to_string(), format!("http://127.0.0.1:{}", device.port));
    assert!(device.asked().iter().all(|asked| !asked.tells_who()));
}

#[tokio::test]
async fn a_camera_that_tells_nothing_without_a_login_is_found_all_the_same() {
    let device = Device::that(|asked| {
        (asked.operation != "GetSystemDateAndTime")
            .then(|| denied("WWW-Authenticate: Digest realm=\"r\", nonce=\"0a4f\"\r\n"))
    })
    .await;
    let found = asked(&at(device.port)).await;
    assert_eq!(found.iter().map(|found| found.speaks).collect::<Vec<_>>(), [Protocol::Onvif]);
    assert!(device.asked().iter().all(|asked| !asked.tells_who()));
}

#[tokio::test]
async fn a_device_that_speaks_rtsp_alone_is_found_and_a_web_server_is_none() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = Arc::new(Mutex::new(String::new()));
    let kept = Arc::clone(&heard);
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut request = [0; 2048];
            let length = socket.read(&mut request).await.unwrap_or(0);
            let request = String::from_utf8_lossy(&request[..length]).into_owned();
            if request.starts_with("OPTIONS rtsp://") {
                let _ = socket.write_all(b"RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n").await;
            }
            kept.lock().unwrap().push_str(&request);
        }
    });
    let web = Device::that(|_| {
        Some(Answer { status: 200, headers: String::new(), body: b"<html>hello</html>".to_vec() })
    })
    .await;
    let both: Vec<Target> = at(port).into_iter().chain(at(web.port)).collect();
    let found = asked(&both).await;
    let [found] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(
        (found.speaks, found.origin.as_ref(), found.host.as_str()),
        (Protocol::Rtsp, None, "127.0.0.1")
    );
    assert!(!heard.lock().unwrap().to_lowercase().contains("authorization"));
}
