//! Devices that behave, and devices that do not. Time is the test's own, so that deadlines pass at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use model::{Fault, Secret};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::time::{Instant, sleep};

use super::testing::{self, Seen, answer, challenge, device, dial, login, origin, read_request};
use super::{BODY_IDLE, Client, MAX_BODY, Origin, Refusals, Request, WHOLE_DEADLINE};
use crate::rtsp::{ANSWER_DEADLINE, MAX_HEADER};
use crate::tls::testing::Keys;

/// Lets in whoever answers the challenge as "xem"; the nonce is never looked at.
fn guarded(request: &str) -> String {
    if request.contains("username=\"xem\"") && request.contains("response=\"") {
        answer("200 OK", "hello")
    } else {
        challenge("r", "0a4f", "")
    }
}

/// A device that does nothing but what `serve` does after each request.
fn raw<F, S>(serve: F) -> Client
where
    F: Fn(DuplexStream) -> S + Clone + Send + Sync + 'static,
    S: Future<Output = ()> + Send + 'static,
{
    let dial = dial(move |mut socket| {
        let serve = serve.clone();
        async move {
            if read_request(&mut socket).await.is_some() {
                serve(socket).await;
            }
        }
    });
    Client::over(dial, origin(), None, Some(login()), &Refusals::default())
}

#[tokio::test(start_paused = true)]
async fn a_digest_is_answered_and_its_nonce_is_used_again() {
    let (client, seen) = device(Some(login()), guarded);
    for _ in 0..3 {
        assert_eq!(client.get("/a?b=c").await.unwrap(), "hello");
    }
    assert_eq!(seen.requests().len(), 4, "one challenge for all");
    let last = seen.requests().pop().unwrap();
    assert!(last.contains("uri=\"/a?b=c\"") && last.contains("nc=00000003"), "{last}");
    assert!(last.contains("Host: 192.0.2.7:80"), "{last}");
    assert!(!seen.requests().concat().contains("mat khau"));
}

#[tokio::test(start_paused = true)]
async fn sha_256_is_answered_where_it_is_asked_for() {
    let (client, seen) = device(Some(login()), |request| {
        if request.contains("algorithm=SHA-256") {
            answer("200 OK", "")
        } else {
            challenge("r", "0a4f", ", algorithm=SHA-256")
        }
    });
    client.get("/").await.unwrap();
    assert_eq!(seen.logins(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_open_device_is_told_nothing() {
    let (client, seen) = device(Some(login()), |_| answer("200 OK", "hello"));
    client.get("/").await.unwrap();
    client.get("/").await.unwrap();
    assert_eq!(seen.logins(), 0);
}

#[tokio::test(start_paused = true)]
async fn without_a_login_the_refusal_is_the_answer() {
    let (client, seen) = device(None, guarded);
    assert_eq!(client.get("/").await, Err(Fault::PasswordRequired));
    assert_eq!(client.send(&Request::get("/")).await.unwrap().status, 401);
    let (knowing, also_seen) = device(Some(login()), guarded);
    assert_eq!(knowing.send(&Request::get("/").anonymous()).await.unwrap().status, 401);
    assert_eq!(seen.logins() + also_seen.logins(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_refused_login_is_sent_once_whoever_asks() {
    let refusals = Refusals::default();
    let seen = Seen::default();
    let dial = testing::recording(seen.clone(), |_| challenge("r", "0a4f", ""));
    let client = |password: &str| {
        let mut login = login();
        login.password = Secret::new(password.to_owned());
        Client::over(Arc::clone(&dial), origin(), None, Some(login), &refusals)
    };
    let wrong = client("sai");
    let (first, second) = tokio::join!(wrong.get("/a"), wrong.get("/b"));
    assert_eq!((first, second), (Err(Fault::PasswordRefused), Err(Fault::PasswordRefused)));
    assert_eq!(
        client("sai").get("/c").await,
        Err(Fault::PasswordRefused),
        "another client of the same device"
    );
    assert_eq!(seen.logins(), 1);
    assert_eq!(client("khác").get("/").await, Err(Fault::PasswordRefused));
    assert_eq!(seen.logins(), 2, "another password is another login");
    refusals.forget(&origin());
    assert_eq!(client("sai").get("/").await, Err(Fault::PasswordRefused));
    assert_eq!(seen.logins(), 3, "a person wanted it");
}

#[tokio::test(start_paused = true)]
async fn a_stale_nonce_is_no_refusal() {
    // Each nonce holds for one request; only `stale` tells, or not even that.
    for stale in [", stale=true", ""] {
        let count = AtomicUsize::new(0);
        let (client, seen) = device(Some(login()), move |request| {
            let n = count.load(Ordering::SeqCst);
            if n > 0 && request.contains(&format!("nonce=\"n{n}\"")) && request.contains("nc=00000001") {
                return answer("200 OK", "hello");
            }
            count.fetch_add(1, Ordering::SeqCst);
            challenge("r", &format!("n{}", n + 1), if n == 0 { "" } else { stale })
        });
        for _ in 0..3 {
            assert_eq!(client.get("/").await.unwrap(), "hello", "{stale:?}");
        }
        assert_eq!(seen.logins(), 5, "{stale:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_device_that_calls_every_nonce_stale_is_not_answered_for_ever() {
    let (client, seen) = device(Some(login()), |_| challenge("r", "0a4f", ", stale=true"));
    assert_eq!(client.get("/").await, Err(Fault::PasswordRefused));
    assert_eq!(seen.logins(), 2);
}

#[tokio::test(start_paused = true)]
async fn the_password_is_never_sent_in_clear() {
    let basic =
        "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"r\"\r\nContent-Length: 0\r\n\r\n";
    let (client, seen) = device(Some(login()), move |_| basic.to_owned());
    assert_eq!(client.get("/").await, Err(Fault::ClearTextPassword));
    assert_eq!(seen.logins(), 0);
    // Where a digest is offered too, in whatever order, it is taken.
    let both = "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"r\"\r\n\
        WWW-Authenticate: Digest realm=\"r\", nonce=\"0a4f\", qop=\"auth\"\r\nContent-Length: 0\r\n\r\n";
    let (client, seen) =
        device(Some(login()), move |request| match request.contains("Authorization: Digest") {
            true => answer("200 OK", ""),
            false => both.to_owned(),
        });
    client.get("/").await.unwrap();
    assert!(!seen.requests().concat().contains("Basic"));
}

#[tokio::test(start_paused = true)]
async fn a_digest_that_later_becomes_basic_is_not_followed() {
    let basic =
        "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"r\"\r\nContent-Length: 0\r\n\r\n";
    let asked = AtomicUsize::new(0);
    let (client, seen) = device(Some(login()), move |request| match asked.fetch_add(1, Ordering::SeqCst) {
        0 | 1 => guarded(request),
        _ => basic.to_owned(),
    });
    client.get("/").await.unwrap();
    assert_eq!(client.get("/").await, Err(Fault::ClearTextPassword));
    assert!(!seen.requests().concat().contains("Basic"));
}

#[tokio::test(start_paused = true)]
async fn a_redirect_to_another_host_is_refused_with_nothing_sent_there() {
    for location in
        ["http://198.51.100.9/a", "https://192.0.2.7/a", "http://192.0.2.7:81/a", "//198.51.100.9/a"]
    {
        let (client, seen) = device(Some(login()), move |_| {
            format!("HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n")
        });
        assert!(matches!(client.get("/").await, Err(Fault::Elsewhere(_))), "{location}");
        assert_eq!((seen.requests().len(), seen.logins()), (1, 0), "{location}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_redirect_at_home_is_followed_but_not_in_circles() {
    let (client, seen) = device(None, |request| match request.starts_with("GET /here ") {
        true => answer("200 OK", "hello"),
        false => "HTTP/1.1 301 Moved\r\nLocation: /here\r\nContent-Length: 0\r\n\r\n".to_owned(),
    });
    assert_eq!(client.get("/there").await.unwrap(), "hello");
    assert_eq!(seen.asked(), ["GET /there", "GET /here"]);
    let (client, seen) =
        device(None, |_| "HTTP/1.1 301 Moved\r\nLocation: /\r\nContent-Length: 0\r\n\r\n".to_owned());
    assert!(matches!(client.get("/").await, Err(Fault::Elsewhere(_))));
    assert_eq!(seen.requests().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn an_endless_header_ends_at_its_bound() {
    let client = raw(|mut socket| async move {
        let _ = socket.write_all(b"HTTP/1.1 200 OK\r\nX: ").await;
        while socket.write_all(&[b'x'; 4096]).await.is_ok() {}
    });
    assert_eq!(client.get("/").await, Err(Fault::OversizedAnswer(MAX_HEADER)));
    let client = raw(|mut socket| async move {
        let _ = socket.write_all(b"HTTP/1.1 200 OK\r\n").await;
        while socket.write_all(b"X: y\r\n").await.is_ok() {}
    });
    assert_eq!(client.get("/").await, Err(Fault::OversizedAnswer(MAX_HEADER)), "endlessly many lines");
}

#[tokio::test(start_paused = true)]
async fn an_endless_body_ends_at_its_bound() {
    for head in ["", "Transfer-Encoding: chunked\r\n", "Content-Length: 99999999999\r\n"] {
        let chunked = head.starts_with("Transfer");
        let client = raw(move |mut socket| async move {
            let _ = socket.write_all(format!("HTTP/1.1 200 OK\r\n{head}\r\n").as_bytes()).await;
            let chunk = [b'x'; 4096];
            loop {
                if chunked && socket.write_all(b"1000\r\n").await.is_err() {
                    return;
                }
                if socket.write_all(&chunk).await.is_err()
                    || (chunked && socket.write_all(b"\r\n").await.is_err())
                {
                    return;
                }
            }
        });
        assert_eq!(client.get("/").await, Err(Fault::OversizedAnswer(MAX_BODY)), "{head}");
    }
}

#[tokio::test(start_paused = true)]
async fn silence_ends_at_its_deadline() {
    let started = Instant::now();
    let client = raw(|socket| async move {
        let _held_open = socket;
        std::future::pending::<()>().await;
    });
    assert_eq!(client.get("/").await, Err(Fault::NoAnswer(ANSWER_DEADLINE)));
    assert_eq!(started.elapsed().as_secs(), ANSWER_DEADLINE.as_secs());
    let client = raw(|mut socket| async move {
        let _ = socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe").await;
        std::future::pending::<()>().await;
    });
    assert_eq!(client.get("/").await, Err(Fault::NoAnswer(BODY_IDLE)), "silence in the body");
}

#[tokio::test(start_paused = true)]
async fn one_byte_a_second_ends_at_its_deadline() {
    let drip = |start: &'static str| {
        raw(move |mut socket| async move {
            let _ = socket.write_all(start.as_bytes()).await;
            while socket.write_all(b"x").await.is_ok() {
                sleep(Duration::from_secs(1)).await;
            }
        })
    };
    let header = drip("HTTP/1.1 200 OK\r\nX: ");
    assert_eq!(header.get("/").await, Err(Fault::NoAnswer(ANSWER_DEADLINE)));
    let started = Instant::now();
    let body = drip("HTTP/1.1 200 OK\r\n\r\n");
    assert_eq!(body.get("/").await, Err(Fault::NoAnswer(WHOLE_DEADLINE)));
    assert_eq!(started.elapsed().as_secs(), WHOLE_DEADLINE.as_secs());
}

#[tokio::test(start_paused = true)]
async fn what_is_no_http_is_said_to_be_none() {
    for (greeting, more) in
        [("RTSP/1.0 400 Bad Request\r\n\r\n", ""), ("SSH-2.0-OpenSSH_9.2\r\n", ""), ("\0\0\0", "\u{1}")]
    {
        let client = raw(move |mut socket| async move {
            let _ = socket.write_all(greeting.as_bytes()).await;
            let _ = socket.write_all(more.as_bytes()).await;
        });
        assert_eq!(client.get("/").await, Err(Fault::Protocol("not HTTP".to_owned())), "{greeting}");
    }
    let closed = raw(|_| async {});
    assert!(matches!(closed.get("/").await, Err(Fault::Ended(_))));
}

#[tokio::test(start_paused = true)]
async fn capacity_is_no_wrong_password() {
    for status in ["503 Service Unavailable", "453 Not Enough Bandwidth", "560 User Limit"] {
        let (client, _) = device(Some(login()), move |request| match request.contains("Authorization") {
            true => answer(status, "busy"),
            false => challenge("r", "0a4f", ""),
        });
        assert!(matches!(client.get("/").await, Err(Fault::Capacity(..))), "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_connection_is_used_again_unless_a_fresh_one_is_wanted() {
    let dialled = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&dialled);
    let dial = dial(move |mut socket| {
        count.fetch_add(1, Ordering::SeqCst);
        async move {
            while read_request(&mut socket).await.is_some() {
                let _ = socket.write_all(answer("200 OK", "hello").as_bytes()).await;
            }
        }
    });
    let client = Client::over(dial, origin(), None, None, &Refusals::default());
    client.get("/").await.unwrap();
    client.get("/").await.unwrap();
    assert_eq!(dialled.load(Ordering::SeqCst), 1);
    client.send(&Request::get("/").fresh()).await.unwrap();
    assert_eq!(dialled.load(Ordering::SeqCst), 2);
    sleep(Duration::from_secs(60)).await;
    client.get("/").await.unwrap();
    assert_eq!(dialled.load(Ordering::SeqCst), 3, "an old one is left");
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_was_closed_in_silence_costs_a_new_one_only() {
    let dial = dial(|mut socket| async move {
        // Answers once, hears one more request and hangs up on it.
        if read_request(&mut socket).await.is_some() {
            let _ = socket.write_all(answer("200 OK", "hello").as_bytes()).await;
            let _ = read_request(&mut socket).await;
        }
    });
    let client = Client::over(dial, origin(), None, None, &Refusals::default());
    for _ in 0..3 {
        assert_eq!(client.get("/").await.unwrap(), "hello");
    }
    // What may have been heard and must not happen twice is not repeated.
    let twice = client.send(&Request::post("/", "text/plain", "x")).await;
    assert!(matches!(twice, Err(Fault::Ended(_))), "{:?}", twice.map(|answer| answer.status));
}

#[tokio::test(start_paused = true)]
async fn lines_and_elements_come_as_they_are_sent() {
    let client = raw(|mut socket| async move {
        let _ = socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace\r\n\r\n").await;
        let pieces: [&[u8]; 5] = [
            b"--b\r\nCont",
            b"ent-Type: text/plain\r\n\r\none=",
            b"1\r\ntwo=2\n<Al",
            b"ert><a/></Alert>\xff<Ale",
            b"rt",
        ];
        for piece in pieces {
            let _ = socket.write_all(piece).await;
            sleep(Duration::from_millis(10)).await;
        }
        let _ = socket.write_all(b" x='1'>2</Alert>").await;
    });
    let patience = Duration::from_secs(1);
    let mut stream = client.stream(&Request::get("/")).await.unwrap().unwrap_or_else(|_| panic!("refused"));
    let mut lines = Vec::new();
    for _ in 0..5 {
        lines.push(stream.line(patience).await.unwrap());
    }
    assert_eq!(lines, ["--b", "Content-Type: text/plain", "", "one=1", "two=2"]);
    assert_eq!(stream.element("Alert", patience).await.unwrap(), "<Alert><a/></Alert>");
    assert_eq!(stream.element("Alert", patience).await.unwrap(), "<Alert x='1'>2</Alert>");
    assert!(matches!(stream.element("Alert", patience).await, Err(Fault::Ended(_))));
}

#[tokio::test(start_paused = true)]
async fn a_stream_without_line_ends_is_passed_over_in_bounded_memory() {
    let client = raw(|mut socket| async move {
        let _ = socket.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
        for _ in 0..2048 {
            let _ = socket.write_all(&[b'<'; 4096]).await;
        }
        let _ = socket.write_all(b"\nthen=1\n").await;
        std::future::pending::<()>().await;
    });
    let mut stream = client.stream(&Request::get("/")).await.unwrap().unwrap_or_else(|_| panic!("refused"));
    assert_eq!(stream.line(Duration::from_secs(60)).await.unwrap(), "then=1");
    assert_eq!(stream.line(Duration::from_secs(60)).await, Err(Fault::NoAnswer(Duration::from_secs(60))));
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_is_refused_gives_the_answer() {
    let (client, _) = device(None, |_| answer("403 Forbidden", "<statusCode>4</statusCode>"));
    let refused = client.stream(&Request::get("/")).await.unwrap().err().unwrap();
    assert_eq!((refused.status, refused.text().as_str()), (403, "<statusCode>4</statusCode>"));
}

#[tokio::test(start_paused = true)]
async fn a_request_that_is_no_request_is_not_sent() {
    let (client, seen) = device(None, |_| answer("200 OK", ""));
    for target in ["/a b", "/a\r\nX: y", "no-slash?x"] {
        assert!(matches!(client.get(target).await, Err(Fault::Protocol(_))), "{target:?}");
    }
    assert_eq!(seen.requests().len(), 0);
}

/// A TLS server with a fresh certificate; writes down what it hears, and answers it.
struct Tls(Keys);

impl Tls {
    fn new() -> Self {
        Self(Keys::new())
    }

    fn dial(
        &self,
        seen: Seen,
        answer: impl Fn(&str) -> String + Clone + Send + Sync + 'static,
    ) -> super::link::Dial {
        let acceptor = self.0.acceptor.clone();
        dial(move |socket| {
            let (acceptor, seen, answer) = (acceptor.clone(), seen.clone(), answer.clone());
            async move {
                let Ok(mut stream) = acceptor.accept(socket).await else { return };
                while let Some(request) = read_request(&mut stream).await {
                    let text = answer(&request);
                    seen.note(request);
                    let _ = stream.write_all(text.as_bytes()).await;
                    let _ = stream.flush().await;
                }
                let _ = stream.shutdown().await;
            }
        })
    }
}

fn secure() -> Origin {
    Origin::parse("https://192.0.2.7").unwrap()
}

#[tokio::test]
async fn at_the_first_meeting_the_certificate_is_reported_and_from_then_on_it_is_the_only_one() {
    let (first, other) = (Tls::new(), Tls::new());
    let seen = Seen::default();
    let dials = [
        first.dial(seen.clone(), |_| answer("200 OK", "hello")),
        other.dial(seen.clone(), |_| answer("200 OK", "hello")),
    ];
    let dialled = AtomicUsize::new(0);
    let dial: super::link::Dial = Arc::new(move || dials[dialled.fetch_add(1, Ordering::SeqCst).min(1)]());
    let client = Client::over(dial, secure(), None, Some(login()), &Refusals::default());
    assert_eq!(client.certificate(), None);
    assert_eq!(client.get("/").await.unwrap(), "hello");
    assert_eq!(client.certificate(), Some(first.0.fingerprint));
    let again = client.send(&Request::get("/").fresh()).await.map(|answer| answer.status);
    assert!(matches!(again, Err(Fault::Certificate(_))), "{again:?}");
    assert_eq!(seen.requests().len(), 1, "nothing was sent to the other");
}

#[tokio::test]
async fn another_certificate_than_the_enrolled_one_ends_it_before_anything_is_sent() {
    let device = Tls::new();
    let seen = Seen::default();
    let dial = device.dial(seen.clone(), |_| answer("200 OK", "hello"));
    let client = Client::over(dial, secure(), Some([7; 32]), Some(login()), &Refusals::default());
    let Err(Fault::Certificate(shown)) = client.get("/").await else { panic!("taken") };
    let fingerprint: String = device.0.fingerprint.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(shown, fingerprint, "it is said which one was shown");
    assert!(seen.requests().is_empty());
}

#[tokio::test]
async fn basic_is_answered_only_behind_the_enrolled_certificate() {
    let basic = |request: &str| match request.contains("Authorization: Basic ") {
        true => answer("200 OK", "hello"),
        false => {
            "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"r\"\r\nContent-Length: 0\r\n\r\n"
                .to_owned()
        }
    };
    let device = Tls::new();
    let seen = Seen::default();
    let dial = device.dial(seen.clone(), basic);
    let client = |pin| Client::over(Arc::clone(&dial), secure(), pin, Some(login()), &Refusals::default());
    assert_eq!(
        client(None).get("/").await,
        Err(Fault::ClearTextPassword),
        "who is there at the first meeting is not known"
    );
    assert_eq!(seen.logins(), 0);
    assert_eq!(client(Some(device.0.fingerprint)).get("/").await.unwrap(), "hello");
}

#[tokio::test]
async fn a_device_on_the_network_is_reached_over_tcp_and_absence_has_its_name() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let serving = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        read_request(&mut socket).await.unwrap();
        socket.write_all(answer("200 OK", "hello").as_bytes()).await.unwrap();
        let mut rest = Vec::new();
        let _ = socket.read_to_end(&mut rest).await;
    });
    let origin = Origin::parse(&format!("http://127.0.0.1:{port}")).unwrap();
    let client = Client::new(origin.clone(), None, None, &Refusals::default());
    assert_eq!(client.get("/").await.unwrap(), "hello");
    drop(client);
    serving.await.unwrap();
    let refused = Client::new(origin, None, None, &Refusals::default()).get("/").await;
    assert_eq!(refused, Err(Fault::ConnectionRefused(format!("127.0.0.1:{port}"))));
}
