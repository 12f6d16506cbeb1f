//! A device that answers as a test says, and keeps what it was asked.

use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use data_encoding::BASE64;
use devices::http::{Client, Origin, Refusals};
use model::{Credentials, Secret};
use sha1::{Digest as _, Sha1};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, BufStream};
use tokio::net::{TcpListener, TcpStream};

/// One request.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) path: String,
    /// What SOAP asks; `GET` for what is no SOAP.
    pub(crate) operation: String,
    pub(crate) head: String,
    pub(crate) body: String,
    /// On which connection, counted from 1.
    pub(crate) connection: usize,
}

impl Asked {
    /// Whether anything of the login is in it.
    pub(crate) fn tells_who(&self) -> bool {
        self.body.contains("UsernameToken") || self.head.to_lowercase().contains("authorization:")
    }

    fn part(&self, name: &str) -> String {
        let start =
            self.body.find(&format!("<wsse:{name}")).or_else(|| self.body.find(&format!("<wsu:{name}")));
        let rest = start.and_then(|at| self.body[at..].split_once('>'));
        rest.and_then(|(_, rest)| rest.split('<').next()).unwrap_or_default().to_owned()
    }

    /// Whether a token with this password is in it, stamped within 5 s of `now`.
    pub(crate) fn has_token(&self, password: &str, now: SystemTime) -> bool {
        let (nonce, created) = (self.part("Nonce"), self.part("Created"));
        let Ok(nonce) = BASE64.decode(nonce.as_bytes()) else { return false };
        let mut hash = Sha1::new();
        hash.update(&nonce);
        hash.update(&created);
        hash.update(password);
        let sound = BASE64.encode(&hash.finalize()) == self.part("Password") && nonce.len() == 16;
        let Ok(created) = created.parse::<jiff::Timestamp>() else { return false };
        let apart = (jiff::Timestamp::try_from(now).unwrap() - created).total(jiff::Unit::Second).unwrap();
        sound && apart.abs() < 5.0
    }
}

/// What it answers.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: String,
    pub(crate) body: Vec<u8>,
}

/// A body in an envelope.
pub(crate) fn said(inside: &str) -> Answer {
    let body = format!(
        "<?xml version=\"1.0\"?><s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body>{inside}</s:Body>\
         </s:Envelope>"
    );
    Answer { status: 200, headers: String::new(), body: body.into_bytes() }
}

pub(crate) fn fault(status: u16, code: &str, reason: &str) -> Answer {
    let inside = format!(
        "<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>{code}</s:Value></s:Subcode></s:Code>\
         <s:Reason><s:Text xml:lang=\"en\">{reason}</s:Text></s:Reason></s:Fault>"
    );
    Answer { status, ..said(&inside) }
}

/// 401 with these headers and a page.
pub(crate) fn denied(headers: &str) -> Answer {
    Answer { status: 401, headers: headers.to_owned(), body: b"<html>401</html>".to_vec() }
}

type Act = dyn Fn(&Asked) -> Option<Answer> + Send + Sync;

/// A listening device.
pub(crate) struct Device {
    pub(crate) port: u16,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Device {
    /// One that answers as `act` says, and as an ordinary camera where that says nothing.
    pub(crate) async fn that(act: impl Fn(&Asked) -> Option<Answer> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (act, kept): (Arc<Act>, _) = (Arc::new(act), Arc::clone(&asked));
        tokio::spawn(async move {
            for connection in 1.. {
                let Ok((socket, _)) = listener.accept().await else { return };
                tokio::spawn(serve(socket, connection, Arc::clone(&act), Arc::clone(&kept)));
            }
        });
        Self { port, asked }
    }

    pub(crate) fn client(&self, password: &str, refusals: &Refusals) -> Client {
        let login = Credentials { user: "xem".to_owned(), password: Secret::new(password.to_owned()) };
        Client::new(self.origin(), None, Some(login), refusals)
    }

    pub(crate) fn stranger(&self) -> Client {
        Client::new(self.origin(), None, None, &Refusals::default())
    }

    fn origin(&self) -> Origin {
        Origin::parse(&format!("http://127.0.0.1:{}", self.port)).unwrap()
    }

    /// All that it was asked.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// What it was asked under one name.
    pub(crate) fn asked_for(&self, operation: &str) -> Vec<Asked> {
        self.asked().into_iter().filter(|asked| asked.operation == operation).collect()
    }
}

async fn serve(socket: TcpStream, connection: usize, act: Arc<Act>, kept: Arc<Mutex<Vec<Asked>>>) {
    let mut socket = BufStream::new(socket);
    while let Some(asked) = read(&mut socket, connection).await {
        let answer = act(&asked)
            .or_else(|| ordinary(&asked))
            .unwrap_or_else(|| fault(500, "ter:ActionNotSupported", ""));
        kept.lock().unwrap().push(asked);
        let (status, length, headers) = (answer.status, answer.body.len(), answer.headers);
        let mut whole =
            format!("HTTP/1.1 {status} Whatever\r\nContent-Length: {length}\r\n{headers}\r\n").into_bytes();
        whole.extend_from_slice(&answer.body);
        if socket.write_all(&whole).await.is_err() || socket.flush().await.is_err() {
            return;
        }
    }
}

async fn read(socket: &mut BufStream<TcpStream>, connection: usize) -> Option<Asked> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(socket.read_u8().await.ok()?);
        // The beginning of TLS, which it does not speak.
        if head[0] == 0x16 {
            return None;
        }
    }
    let head = String::from_utf8(head).unwrap();
    let length = head
        .lines()
        .find_map(|line| line.to_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    socket.read_exact(&mut body).await.ok()?;
    let body = String::from_utf8(body).unwrap();
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let inside = body.split_once("<s:Body><").map(|(_, inside)| inside).unwrap_or_default();
    let name = inside.split(['>', ' ', '/']).next().unwrap_or_default();
    let operation = name.split_once(':').map_or("GET", |(_, name)| name).to_owned();
    Some(Asked { path, operation, head, body, connection })
}

/// A moment as `GetSystemDateAndTime` answers it.
pub(crate) fn clock(now: SystemTime) -> Answer {
    let now = jiff::Timestamp::try_from(now).unwrap().to_zoned(jiff::tz::TimeZone::UTC);
    said(&format!(
        "<GetSystemDateAndTimeResponse><SystemDateAndTime><DateTimeType>NTP</DateTimeType><UTCDateTime><Time><Hour>{}</Hour>\
         <Minute>{}</Minute><Second>{}</Second></Time><Date><Year>{}</Year><Month>{}</Month><Day>{}</Day></Date></UTCDateTime>\
         </SystemDateAndTime></GetSystemDateAndTimeResponse>",
        now.hour(),
        now.minute(),
        now.second(),
        now.year(),
        now.month(),
        now.day()
    ))
}

/// The services of a camera, at these addresses.
pub(crate) fn services(base: &str) -> Answer {
    let service = |namespace: &str, path: &str| {
        format!(
            "<Service><Namespace>http://www.onvif.org/{namespace}/wsdl</Namespace><XAddr>{base}{path}</XAddr></Service>"
        )
    };
    said(&format!(
        "<GetServicesResponse>{}{}{}{}{}</GetServicesResponse>",
        service("ver10/device", "/onvif/device_service"),
        service("ver10/media", "/onvif/media"),
        service("ver20/ptz", "/onvif/ptz"),
        service("ver20/imaging", "/onvif/imaging"),
        service("ver10/events", "/onvif/events"),
    ))
}

/// A profile of Media1.
pub(crate) fn profile(token: &str, name: &str, size: (u32, u32)) -> String {
    format!(
        "<Profiles token=\"{token}\"><Name>{token}</Name><VideoSourceConfiguration token=\"VSC\"><Name>{name}</Name>\
         <SourceToken>VS</SourceToken></VideoSourceConfiguration><VideoEncoderConfiguration token=\"VEC\">\
         <Encoding>H264</Encoding><Resolution><Width>{}</Width><Height>{}</Height></Resolution><RateControl>\
         <FrameRateLimit>25</FrameRateLimit><BitrateLimit>2048</BitrateLimit></RateControl></VideoEncoderConfiguration>\
         <PTZConfiguration token=\"PTZ\"><NodeToken>N</NodeToken></PTZConfiguration></Profiles>",
        size.0, size.1
    )
}

pub(crate) fn stream(address: &str) -> Answer {
    said(&format!("<GetStreamUriResponse><MediaUri><Uri>{address}</Uri></MediaUri></GetStreamUriResponse>"))
}

/// A camera without anything special; `None` for what it does not know.
fn ordinary(asked: &Asked) -> Option<Answer> {
    let done = |operation: &str| said(&format!("<{operation}Response/>"));
    Some(match asked.operation.as_str() {
        "GetSystemDateAndTime" => clock(SystemTime::now()),
        "GetDeviceInformation" => said(
            "<GetDeviceInformationResponse><Manufacturer>Acme</Manufacturer><Model>T-800</Model>\
             <FirmwareVersion>1.84</FirmwareVersion><SerialNumber>101</SerialNumber></GetDeviceInformationResponse>",
        ),
        "GetServices" => services("http://127.0.0.1"),
        "GetProfiles" => said(&format!(
            "<GetProfilesResponse>{}{}</GetProfilesResponse>",
            profile("sub", "Gate", (640, 360)),
            profile("main", "Gate", (1920, 1080))
        )),
        "GetStreamUri" => stream("rtsp://127.0.0.1/main"),
        "GetNodes" => {
            let space = |name: &str, uri: &str, y: &str| {
                format!(
                    "<{name}><URI>http://www.onvif.org/ver10/tptz/{uri}</URI><XRange><Min>-1</Min><Max>1</Max></XRange>{y}</{name}>"
                )
            };
            let y = "<YRange><Min>-1</Min><Max>1</Max></YRange>";
            said(&format!(
                "<GetNodesResponse><PTZNode token=\"N\"><SupportedPTZSpaces>{}{}</SupportedPTZSpaces>\
                 <MaximumNumberOfPresets>8</MaximumNumberOfPresets><HomeSupported>true</HomeSupported></PTZNode></GetNodesResponse>",
                space("ContinuousPanTiltVelocitySpace", "PanTiltSpaces/VelocityGenericSpace", y),
                space("ContinuousZoomVelocitySpace", "ZoomSpaces/VelocityGenericSpace", ""),
            ))
        }
        "ContinuousMove" | "Stop" | "SetSynchronizationPoint" | "Unsubscribe" => done(&asked.operation),
        _ => return None,
    })
}
