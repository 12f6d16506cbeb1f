//! Devices that nobody here wrote: the mock server of `oxvif`, the server of `onvif-server`, and `ipycam`.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use devices::http::{Client, Origin, Refusals};
use devices::onvif::{Beforehand, meet};
use model::{Credentials, EventKind, Fault, Pose, Reach, Secret, Span, Velocity};

/// A foreign device; it ends with its standard input.
struct Peer {
    url: String,
    output: BufReader<ChildStdout>,
    input: Option<ChildStdin>,
    child: Child,
}

impl Drop for Peer {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.child.wait();
    }
}

impl Peer {
    /// Starts it, or says loudly why the test is skipped.
    fn start(program: &Path, arguments: &[&str]) -> Option<Self> {
        if !program.exists() {
            eprintln!("SKIPPED: {} is not there; `packaging/setup peers` installs it", program.display());
            return None;
        }
        let mut child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut url = String::new();
        output.read_line(&mut url).unwrap();
        assert!(url.starts_with("http://127.0.0.1:"), "{url:?} from {}", program.display());
        let input = child.stdin.take();
        Some(Self { url: url.trim().to_owned(), output, input, child })
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        line.trim().to_owned()
    }

    fn client(&self, password: &str) -> Client {
        self.client_of(Some(password), &Refusals::default())
    }

    fn client_of(&self, password: Option<&str>, refusals: &Refusals) -> Client {
        let login = password
            .map(|word| Credentials { user: "admin".to_owned(), password: Secret::new(word.to_owned()) });
        Client::new(Origin::parse(&self.url).unwrap(), None, login, refusals)
    }

    fn beforehand(&self) -> Beforehand {
        let path = self.url.splitn(4, '/').nth(3).unwrap();
        Beforehand { device_service: Some(format!("/{path}")), ..Beforehand::default() }
    }
}

fn peers() -> PathBuf {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| std::env::home_dir().map(|home| home.join(".cache"))).unwrap();
    cache.join("watchwall/peers")
}

fn rust(arguments: &[&str]) -> Option<Peer> {
    Peer::start(&peers().join("bin/onvif-peers"), arguments)
}

fn ipycam() -> Option<Peer> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/peers/ipycam_device.py");
    Peer::start(&peers().join("ipycam/bin/python"), &[script.to_str().unwrap()])
}

const RIGHT: Velocity = Velocity { pan: 1.0, tilt: 0.0, zoom: 0.0 };

#[tokio::test]
async fn oxvifs_mock_is_met_with_everything_that_it_offers() {
    let Some(peer) = rust(&["oxvif", "open"]) else { return };
    let mut beforehand = peer.beforehand();
    let span = |least, most| Some(Span { least, most });
    beforehand.ranges =
        Reach { pan: span(0.0, 350.0), tilt: span(0.0, 67.0), zoom: span(1.0, 32.0), wraps: false };
    let met = meet(&peer.client("admin"), &beforehand).await.unwrap();
    assert_eq!(met.facts.make, "oxvif-mock");
    assert!(met.clock.unwrap().ahead_ms.abs() < 2_000, "{:?}", met.clock);
    assert!(met.channels.iter().all(|channel| !channel.profiles.is_empty() && channel.key_frame.is_some()));
    let first = &met.channels[0];
    assert!(first.profiles[0].size.is_some() && first.profiles[0].codec.is_some(), "{:?}", first.profiles);
    assert!(first.snapshot.is_some());
    first.key_frame.as_ref().unwrap().ask().await.unwrap();

    let steer = first.steer.as_ref().unwrap();
    // Its limits leave ±0.9 and ±0.7 of what somebody knows the whole to be.
    let reach = steer.reach();
    assert!(
        (reach.pan.unwrap().least - 17.5).abs() < 1e-3 && (reach.pan.unwrap().most - 332.5).abs() < 1e-3,
        "{reach:?}"
    );
    assert!(
        (reach.tilt.unwrap().least - 10.05).abs() < 1e-3 && (reach.tilt.unwrap().most - 56.95).abs() < 1e-3
    );
    assert_eq!((reach.zoom, reach.wraps), (beforehand.ranges.zoom, false));
    steer.go(RIGHT).await.unwrap();
    steer.stop().await.unwrap();
    steer.turn_to(Pose { pan: 262.5, tilt: 33.5, zoom: 1.0 }).await.unwrap();
    let (pose, _) = steer.pose().await.unwrap();
    assert!(
        (pose.pan - 262.5).abs() < 0.1 && (pose.tilt - 33.5).abs() < 0.1 && (pose.zoom - 1.0).abs() < 0.1,
        "{pose:?}"
    );
    steer.home().await.unwrap();

    let presets = steer.presets().unwrap();
    assert!((1..=255).contains(&presets.most()));
    let kept = presets.keep(None, "Cổng <chính> & sân").await.unwrap();
    assert!(presets.list().await.unwrap().contains(&kept), "{kept:?}");
    presets.recall(&kept.token).await.unwrap();
    presets.forget(&kept.token).await.unwrap();
    assert!(!presets.list().await.unwrap().contains(&kept));

    let auxiliary = first.auxiliary.as_ref().unwrap();
    assert_eq!(auxiliary.list(), ["tt:Wiper"]);
    auxiliary.switch("tt:Wiper", true).await.unwrap();
    assert_eq!(auxiliary.switch("tt:Laser", true).await, Err(Fault::NotFound));
}

#[tokio::test]
async fn oxvifs_mock_tells_of_motion() {
    let Some(peer) = rust(&["oxvif", "open"]) else { return };
    let met = meet(&peer.client("admin"), &peer.beforehand()).await.unwrap();
    let mut listening = met.events.as_ref().unwrap().listen().await.unwrap();
    // It makes up something new at each question.
    let mut heard = Vec::new();
    for _ in 0..12 {
        heard.extend(listening.next().await.unwrap());
    }
    listening.close().await;
    assert!(
        heard.iter().any(|event| event.kind == EventKind::Motion && event.channel.is_some()),
        "{heard:?}"
    );
}

#[tokio::test]
async fn oxvifs_mock_lets_the_right_token_in_and_hears_the_wrong_one_once() {
    let Some(peer) = rust(&["oxvif", "login"]) else { return };
    let beforehand = peer.beforehand();
    assert!(!meet(&peer.client("admin"), &beforehand).await.unwrap().channels.is_empty());
    let refusals = Refusals::default();
    for _ in 0..2 {
        let refused = meet(&peer.client_of(Some("sai"), &refusals), &beforehand).await;
        assert_eq!(refused.map(drop), Err(Fault::PasswordRefused));
    }
    let stranger = meet(&peer.client_of(None, &refusals), &beforehand).await;
    assert_eq!(stranger.map(drop), Err(Fault::PasswordRequired));
}

#[tokio::test]
async fn onvif_servers_camera_moves_and_is_stopped() {
    let Some(mut peer) = rust(&["onvif-server"]) else { return };
    // Its check of tokens knows the time, and each nonce once.
    let met = meet(&peer.client("admin"), &peer.beforehand()).await.unwrap();
    assert_eq!((met.facts.make.as_str(), met.facts.model.as_str()), ("Virtual", "PTZ"));
    let channel = &met.channels[0];
    assert_eq!(channel.profiles[0].address.device().0, "127.0.0.1");
    let steer = channel.steer.as_ref().unwrap();
    steer.go(Velocity { pan: -0.5, tilt: 0.25, zoom: 0.0 }).await.unwrap();
    assert_eq!(peer.line(), "move profile_0 -0.5 0.25 0");
    assert_eq!(steer.pose().await.unwrap().1, Some(true));
    steer.stop().await.unwrap();
    assert_eq!(peer.line(), "stop profile_0 true true");
    assert_eq!(steer.pose().await.unwrap().1, Some(false));
    assert_eq!(steer.home().await, Err(Fault::NotOffered));

    let presets = steer.presets().unwrap();
    assert_eq!(presets.most(), 10);
    let kept = presets.keep(None, "Cổng").await.unwrap();
    assert_eq!(presets.list().await.unwrap(), std::slice::from_ref(&kept));
    presets.recall(&kept.token).await.unwrap();
    assert_eq!(peer.line(), format!("goto {}", kept.token));
    presets.forget(&kept.token).await.unwrap();
    assert_eq!(presets.list().await.unwrap(), []);

    // It has one address for all subscriptions, and tells them apart by what they want to see again.
    let mut listening = met.events.as_ref().unwrap().listen().await.unwrap();
    assert_eq!(listening.next().await.unwrap(), []);
    listening.close().await;
}

#[tokio::test]
async fn onvif_servers_camera_hears_a_wrong_login_once() {
    let Some(peer) = rust(&["onvif-server"]) else { return };
    let refused = meet(&peer.client("sai"), &peer.beforehand()).await;
    assert_eq!(refused.map(drop), Err(Fault::PasswordRefused));
}

#[tokio::test]
async fn ipycam_refuses_strangers_its_clock_and_moves_for_who_it_knows() {
    let Some(peer) = ipycam() else { return };
    let stranger = meet(&peer.client_of(None, &Refusals::default()), &peer.beforehand()).await;
    assert_eq!(stranger.map(drop), Err(Fault::PasswordRequired));
    let refused = meet(&peer.client("sai"), &peer.beforehand()).await;
    assert_eq!(refused.map(drop), Err(Fault::PasswordRefused));

    let mut beforehand = peer.beforehand();
    let span = |least, most| Some(Span { least, most });
    beforehand.ranges =
        Reach { pan: span(-90.0, 90.0), tilt: span(-30.0, 30.0), zoom: span(1.0, 4.0), wraps: false };
    let met = meet(&peer.client("admin"), &beforehand).await.unwrap();
    assert!(met.clock.is_some(), "with the login it tells its clock");
    let [channel] = met.channels.as_slice() else { panic!("{}", met.channels.len()) };
    assert_eq!(channel.profiles.len(), 2);
    assert!(channel.profiles[0].mbps.unwrap() > channel.profiles[1].mbps.unwrap());

    let steer = channel.steer.as_ref().unwrap();
    steer.home().await.unwrap();
    steer.go(RIGHT).await.unwrap();
    let mut pan = 0.0;
    while pan < 20.0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
        pan = steer.pose().await.unwrap().0.pan;
    }
    steer.stop().await.unwrap();
    // Whether it moves it does not tell: its answer has the template's own words there.
    let (first, moving) = steer.pose().await.unwrap();
    assert_eq!((steer.pose().await.unwrap().0, moving), (first, None));
    let place = Pose { pan: -45.0, tilt: 15.0, zoom: 2.5 };
    steer.turn_to(place).await.unwrap();
    let (pose, _) = steer.pose().await.unwrap();
    assert!((pose.pan - place.pan).abs() < 0.1 && (pose.tilt - place.tilt).abs() < 0.1, "{pose:?}");
    let kept = steer.presets().unwrap().keep(None, "Sân").await.unwrap();
    assert!(steer.presets().unwrap().list().await.unwrap().contains(&kept));
}
