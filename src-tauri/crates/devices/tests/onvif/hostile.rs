//! Devices that mean harm: what they get is a clear fault, and nothing of the login.

use devices::http::Refusals;
use devices::onvif::{Beforehand, meet};
use model::Fault;

use crate::script::{Answer, Asked, Device, denied, profile, said};

async fn met(
    act: impl Fn(&Asked) -> Option<Answer> + Send + Sync + 'static,
) -> (Device, Result<devices::Device, Fault>) {
    let device = Device::that(act).await;
    let met = meet(&device.client("mật khẩu", &Refusals::default()), &Beforehand::default()).await;
    (device, met)
}

fn raw(body: String) -> Answer {
    Answer { status: 200, headers: String::new(), body: body.into_bytes() }
}

#[tokio::test]
async fn nesting_20000_deep_is_a_fault() {
    let (_, met) = met(|asked| {
        let deep = format!("{}{}", "<a>".repeat(20_000), "</a>".repeat(20_000));
        (asked.operation == "GetProfiles").then(|| said(&deep))
    })
    .await;
    assert_eq!(met.map(drop), Err(Fault::Protocol("XML nested deeper than 64".to_owned())));
}

#[tokio::test]
async fn a_bomb_of_entities_is_a_fault() {
    let (device, met) = met(|_| {
        let bomb = "<!DOCTYPE l [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;\">]><l>&b;</l>";
        Some(raw(bomb.to_owned()))
    })
    .await;
    assert_eq!(met.map(drop), Err(Fault::Protocol("XML with a document type".to_owned())));
    assert!(device.asked().iter().all(|asked| !asked.tells_who()));
}

#[tokio::test]
async fn names_of_140_kilobytes_are_cut_and_such_tokens_left_out() {
    let (_, met) = met(|asked| {
        let long = "A".repeat(140_000);
        match asked.operation.as_str() {
            "GetDeviceInformation" => Some(said(&format!(
                "<GetDeviceInformationResponse><Manufacturer>{long}</Manufacturer><Model>a\u{202e}b&#10;c</Model>\
                 </GetDeviceInformationResponse>"
            ))),
            "GetProfiles" => {
                let (sound, odd) = (profile("main", &long, (640, 360)), profile(&long, "x", (640, 360)));
                Some(said(&format!("<GetProfilesResponse>{odd}{sound}</GetProfilesResponse>")))
            }
            _ => None,
        }
    })
    .await;
    let met = met.unwrap();
    assert_eq!((met.facts.make.len(), met.facts.model.as_str()), (160, "abc"));
    assert_eq!((met.channels.len(), met.channels[0].profiles.len(), met.channels[0].name.len()), (1, 1, 160));
}

#[tokio::test]
async fn whoever_wants_the_password_in_clear_gets_none() {
    let (device, met) = met(|_| Some(denied("WWW-Authenticate: Basic realm=\"r\"\r\n"))).await;
    assert_eq!(met.map(drop), Err(Fault::ClearTextPassword));
    assert!(device.asked().iter().all(|asked| !asked.head.contains("Basic")));
    assert!(device.asked().iter().filter(|asked| asked.tells_who()).count() <= 1);
}

#[tokio::test]
async fn a_redirect_to_another_host_is_not_followed() {
    let trap = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = trap.local_addr().unwrap().port();
    let (_, met) = met(move |_| {
        let headers = format!("Location: http://127.0.0.1:{port}/onvif/device_service\r\n");
        Some(Answer { status: 302, headers, body: Vec::new() })
    })
    .await;
    assert!(matches!(met, Err(Fault::Elsewhere(_))));
    let visited = tokio::time::timeout(std::time::Duration::from_millis(50), trap.accept()).await;
    assert!(visited.is_err());
}

#[tokio::test]
async fn a_body_that_is_too_long_is_a_fault() {
    let (_, met) = met(|_| Some(raw(" ".repeat(2 * 1024 * 1024)))).await;
    assert_eq!(met.map(drop), Err(Fault::OversizedAnswer(devices::http::MAX_BODY)));
}

#[tokio::test]
async fn what_is_no_onvif_is_said_not_to_be_one() {
    for (status, body, wanted) in [
        (404, "<html>not here</html>", Fault::NotFound),
        (200, "<html>welcome</html>", Fault::Protocol(String::new())),
        (405, "", Fault::NotOffered),
    ] {
        let (device, met) =
            met(move |_| Some(Answer { status, headers: String::new(), body: body.into() })).await;
        let fault = met.map(drop).unwrap_err();
        assert_eq!(fault.code(), wanted.code(), "{status}: {fault}");
        assert!(device.asked().iter().all(|asked| !asked.tells_who()), "{status}");
    }
}

#[tokio::test]
async fn a_crowd_of_profiles_is_not_all_asked_about() {
    let (device, met) = met(|asked| {
        let many = || {
            (0..3_000).map(|n| {
                profile(&format!("p{n}"), "x", (640, 360))
                    .replace("<SourceToken>VS<", &format!("<SourceToken>VS{n}<"))
            })
        };
        // Fewer elements than an answer may have: what is left out is left out for its number.
        (asked.operation == "GetProfiles").then(|| {
            said(&format!(
                "<GetProfilesResponse>{}</GetProfilesResponse>",
                many().take(900).collect::<String>()
            ))
        })
    })
    .await;
    assert!(met.unwrap().channels.len() <= 256);
    assert!(device.asked_for("GetStreamUri").len() <= 512);
}
