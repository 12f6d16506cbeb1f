//! A device is met: who it is, in whichever protocol it speaks.

use model::{Address, Credentials, Fault, Reach};

use crate::device::{Channel, Device, Facts, FoundProfile, Protocol};
use crate::http::{Client, Origin, Refusals, Request};
use crate::onvif::Beforehand;
use crate::{dahua, isapi, onvif, rtsp, sunapi};

/// What is known of a device before it is met.
#[derive(Clone, Debug, Default)]
pub struct Enrolled {
    /// Where its services are asked; `None` if it has none but RTSP.
    pub origin: Option<Origin>,
    /// SHA-256 of the certificate that it has shown when it was enrolled; `None` at the first meeting.
    pub certificate: Option<[u8; 32]>,
    /// Path and query of its ONVIF device service, where it is not where ONVIF has it (as discovery tells).
    pub device_service: Option<String>,
    /// The port of its streams as it is reached from here, where that is not what it says (NAT).
    pub rtsp_port: Option<u16>,
    /// Streams that somebody typed, the largest first: all that is known of a device that speaks RTSP alone.
    pub streams: Vec<Address>,
    /// How far its motors go, for devices that count from −1 to 1 and don't tell of what.
    pub ranges: Reach,
}

/// Protocols over HTTP in the order in which they are tried: the one that everybody has first, and that whose movements
/// end by themselves.
const ORDER: [Protocol; 4] = [Protocol::Onvif, Protocol::Sunapi, Protocol::Isapi, Protocol::Dahua];

/// Meets a device. It is asked without a login first; where it wants one, `login` is tried once: as soon as it refuses it,
/// nothing more is sent. `hint` is the protocol to try first, where a person or the inventory says so.
///
/// # Errors
/// Why it cannot be spoken to: what keeps all protocols out (no way to it, a wrong login, another certificate) or,
/// if it speaks none of them, [`Fault::NotOffered`].
pub async fn meet(
    enrolled: &Enrolled,
    login: Option<Credentials>,
    hint: Option<Protocol>,
    refusals: &Refusals,
) -> Result<Device, Fault> {
    let client = enrolled
        .origin
        .clone()
        .filter(|_| hint != Some(Protocol::Rtsp))
        .map(|origin| Client::new(origin, enrolled.certificate, login.clone(), refusals));
    let met = match &client {
        Some(client) => {
            let asking = Box::pin(by_http(client, enrolled, hint));
            let met = tokio::time::timeout(onvif::MEET_DEADLINE, asking).await;
            met.unwrap_or(Err(Fault::NoAnswer(onvif::MEET_DEADLINE)))
        }
        None => Err(Fault::NotOffered),
    };
    match met {
        Err(fault) if !is_final(&fault) && !enrolled.streams.is_empty() => {
            Box::pin(by_rtsp(&enrolled.streams, login.as_ref())).await
        }
        other => other,
    }
}

/// By the first protocol over HTTP that it speaks.
pub(crate) async fn by_http(
    client: &Client,
    enrolled: &Enrolled,
    hint: Option<Protocol>,
) -> Result<Device, Fault> {
    let mut order = ORDER;
    order.sort_by_key(|protocol| Some(*protocol) != hint);
    let mut failed = Fault::NotOffered;
    for tried in 0..order.len() {
        if tried == 1 {
            // Who answers everything with a challenge often says in it who made it: one login is to be enough.
            let likely = smell(client).await?;
            order[1..].sort_by_key(|protocol| Some(*protocol) != likely);
        }
        match one(client, enrolled, order[tried]).await {
            Ok(device) => return Ok(device),
            Err(fault) if is_final(&fault) || is_everywhere(&fault) => return Err(fault),
            // What a protocol that is spoken says weighs more than that another is not.
            Err(Fault::NotOffered | Fault::NotFound | Fault::Protocol(_)) => {}
            Err(fault) => failed = fault,
        }
    }
    Err(failed)
}

async fn one(client: &Client, enrolled: &Enrolled, protocol: Protocol) -> Result<Device, Fault> {
    match protocol {
        Protocol::Onvif => {
            let device_service = enrolled.device_service.clone();
            let beforehand =
                Beforehand { device_service, rtsp_port: enrolled.rtsp_port, ranges: enrolled.ranges };
            Box::pin(onvif::meet(client, &beforehand)).await
        }
        Protocol::Sunapi => Box::pin(sunapi::meet(client, enrolled.rtsp_port)).await,
        Protocol::Isapi => Box::pin(isapi::meet(client, enrolled.rtsp_port)).await,
        Protocol::Dahua => Box::pin(dahua::meet(client, enrolled.rtsp_port)).await,
        Protocol::Rtsp => Err(Fault::NotOffered),
    }
}

/// Who made it, as far as it says so when it is asked something without a login.
async fn smell(client: &Client) -> Result<Option<Protocol>, Fault> {
    let answer = client.send(&Request::get(sunapi::WHO).anonymous()).await?;
    Ok(maker(&answer.header("WWW-Authenticate")))
}

/// Realms: `iPolis_00:09:18:…` (Wisenet), `IP Camera(C1234)`, `DS-2CD…` (Hikvision), `Login to 2K02…` (Dahua).
fn maker(challenge: &str) -> Option<Protocol> {
    let realm = challenge.split_once("realm=\"")?.1;
    let starts = |words: &[&str]| words.iter().any(|word| realm.starts_with(word));
    if starts(&["iPolis", "Hanwha", "Wisenet"]) {
        Some(Protocol::Sunapi)
    } else if starts(&["IP Camera(", "DS-", "Embedded Net DVR", "HikvisionDS"]) {
        Some(Protocol::Isapi)
    } else if starts(&["Login to "]) {
        Some(Protocol::Dahua)
    } else {
        None
    }
}

/// Nothing more may be sent after it: the device has refused who we are, or is not the one that was enrolled.
fn is_final(fault: &Fault) -> bool {
    matches!(
        fault,
        Fault::PasswordRefused
            | Fault::PasswordRequired
            | Fault::ClearTextPassword
            | Fault::Certificate(_)
            | Fault::Elsewhere(_)
    )
}

/// No other protocol over HTTP would fare better.
fn is_everywhere(fault: &Fault) -> bool {
    matches!(
        fault,
        Fault::NameNotFound(_)
            | Fault::Unreachable(_)
            | Fault::ConnectionRefused(_)
            | Fault::ConnectTimeout(_)
            | Fault::NotTls
            | Fault::NoAnswer(_)
            | Fault::Ended(_)
            | Fault::Capacity(..)
    )
}

/// A device that speaks RTSP alone: one channel with the streams that somebody typed, and no abilities.
async fn by_rtsp(streams: &[Address], login: Option<&Credentials>) -> Result<Device, Fault> {
    let Some(first) = streams.first() else { return Err(Fault::NotOffered) };
    match login {
        Some(login) => rtsp::try_login(first, login).await?,
        None => rtsp::ask(first).await?,
    }
    let found = |address: &Address| FoundProfile {
        address: address.clone(),
        codec: None,
        size: None,
        rate: None,
        mbps: None,
    };
    let channel = Channel {
        number: 1,
        name: String::new(),
        profiles: streams.iter().map(found).collect(),
        sound: false,
        talk: false,
        steer: None,
        set_up_only: false,
        lens: None,
        auxiliary: None,
        snapshot: None,
        key_frame: None,
    };
    let text = String::new;
    let facts =
        Facts { protocol: Protocol::Rtsp, make: text(), model: text(), firmware: text(), serial: text() };
    Ok(Device {
        facts,
        clock: None,
        certificate: None,
        channels: vec![channel],
        events: None,
        recordings: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::testing::{answer, challenge, device, login};

    const WHO: &str = "Model=XNP-6320H\r\nDeviceType=NWC\r\n";
    const PROFILES: &str =
        "Channel.0.Profile.2.EncodingType=H265\r\nChannel.0.Profile.2.Resolution=1920x1080\r\n";

    fn wisenet(request: &str) -> String {
        if request.contains("deviceinfo") {
            answer("200 OK", WHO)
        } else if request.contains("videoprofile") {
            answer("200 OK", PROFILES)
        } else {
            answer("404 Not Found", "")
        }
    }

    #[tokio::test(start_paused = true)]
    async fn without_onvif_the_makers_protocol_is_found() {
        let (client, seen) = device(None, wisenet);
        let met = by_http(&client, &Enrolled::default(), None).await.unwrap();
        assert_eq!(met.facts.protocol, Protocol::Sunapi);
        assert!(seen.asked()[0].starts_with("POST /onvif/device_service"), "{:?}", seen.asked());
    }

    #[tokio::test(start_paused = true)]
    async fn a_hint_is_tried_first() {
        let (client, seen) = device(None, wisenet);
        by_http(&client, &Enrolled::default(), Some(Protocol::Sunapi)).await.unwrap();
        assert!(seen.asked()[0].starts_with("GET /stw-cgi/"), "{:?}", seen.asked());
    }

    #[tokio::test(start_paused = true)]
    async fn a_wrong_login_is_one_attempt_whatever_the_device_speaks() {
        for realm in ["iPolis_00:09:18:6E:12:B0", "IP Camera(C1234)", "Login to 2K02A51", "anything"] {
            let (client, seen) = device(Some(login()), move |request| match request.contains("/onvif/") {
                true => answer("404 Not Found", ""),
                false => challenge(realm, "0a4f", ""),
            });
            let met = by_http(&client, &Enrolled::default(), None).await;
            assert_eq!((met.unwrap_err(), seen.logins()), (Fault::PasswordRefused, 1), "{realm}");
            let asked = seen.asked().pop().unwrap();
            let wanted = if realm.starts_with("IP") {
                "/ISAPI/"
            } else if realm.starts_with("Login") {
                "/cgi-bin/"
            } else {
                "/stw-cgi/"
            };
            assert!(asked.contains(wanted), "{realm}: {asked}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_speaks_nothing_is_asked_each_once_and_said_to_offer_nothing() {
        let (client, seen) = device(Some(login()), |_| answer("404 Not Found", ""));
        assert_eq!(by_http(&client, &Enrolled::default(), None).await.unwrap_err(), Fault::NotOffered);
        assert!(seen.asked().len() <= 8 && seen.logins() == 0, "{:?}", seen.asked());
    }

    #[tokio::test]
    async fn a_device_that_speaks_rtsp_alone_is_a_device() {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let mut request = [0; 1024];
                let _ = socket.read(&mut request).await;
                let _ = socket.write_all(b"RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n").await;
            }
        });
        let address = |path: &str| Address::parse(&format!("rtsp://127.0.0.1:{port}/{path}")).unwrap().0;
        let enrolled = Enrolled { streams: vec![address("main"), address("sub")], ..Enrolled::default() };
        let met = meet(&enrolled, None, None, &Refusals::default()).await.unwrap();
        assert_eq!(met.facts.protocol, Protocol::Rtsp);
        assert_eq!(met.channels[0].profiles.len(), 2);
        assert!(met.channels[0].steer.is_none() && met.events.is_none());
        let nowhere = meet(&Enrolled::default(), None, None, &Refusals::default()).await;
        assert_eq!(nowhere.unwrap_err(), Fault::NotOffered);
    }
}
