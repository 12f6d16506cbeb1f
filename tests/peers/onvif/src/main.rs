//! Serves one foreign ONVIF device on loopback until its standard input ends:
//! `onvif-peers oxvif [open|login]` or `onvif-peers onvif-server`. The login is admin, admin.
//!
//! The first line that it prints is the address of its device service; the device that reports its commands prints one
//! line for each.

mod virtual_ptz;

use oxvif::mock::{AckOnlyOperation, MockServer};
use tokio::io::AsyncReadExt;

const KNOWN: [AckOnlyOperation; 5] = [
    AckOnlyOperation::MediaSynchronizationPoint,
    AckOnlyOperation::Media2SynchronizationPoint,
    AckOnlyOperation::EventsRenew,
    AckOnlyOperation::EventsUnsubscribe,
    AckOnlyOperation::PtzAuxiliaryCommand,
];

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["oxvif", access @ ("open" | "login")] => {
            let server = MockServer::builder().enforce_auth(*access == "login");
            // What it knows without doing anything it only answers when it is told to.
            let server =
                KNOWN.into_iter().fold(server, |server, known| server.with_acknowledgment_only(known));
            let server = server.start().await?;
            println!("{}", server.device_url());
            until_input_ends().await;
        }
        ["onvif-server"] => {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
            let port = listener.local_addr()?.port();
            let router = virtual_ptz::router(port)?;
            println!("http://127.0.0.1:{port}/onvif/device_service");
            tokio::select! {
                served = async { axum::serve(listener, router).await } => served?,
                () = until_input_ends() => {}
            }
        }
        _ => return Err("which: oxvif open, oxvif login, onvif-server".into()),
    }
    Ok(())
}

/// A test that is gone takes its device with it.
async fn until_input_ends() {
    let mut rest = Vec::new();
    let _ = tokio::io::stdin().read_to_end(&mut rest).await;
}
