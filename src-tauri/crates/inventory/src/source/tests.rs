use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::*;

/// A server on loopback with a certificate of its own for `localhost`, which gives these answers, one a connection.
struct Server {
    port: u16,
    certificate: Vec<u8>,
    requests: Receiver<String>,
}

fn serve(answers: Vec<Vec<u8>>) -> Server {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let certificate = cert.der().to_vec();
    let key = PrivatePkcs8KeyDer::from(signing_key.serialize_der());
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key.into())
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (sender, requests) = sync_channel(16);
    let answer = move || {
        for answer in answers {
            let (socket, _) = listener.accept().unwrap();
            let mut stream = StreamOwned::new(ServerConnection::new(Arc::clone(&config)).unwrap(), socket);
            let mut reader = BufReader::new(&mut stream);
            let mut request = String::new();
            // A client that does not trust us goes away in the middle.
            while reader.read_line(&mut request).is_ok_and(|bytes| bytes > 2) {}
            let _ = sender.try_send(request);
            let _ = stream.write_all(&answer);
            stream.conn.send_close_notify();
            let _ = stream.flush();
            // Until the client has gone, so that nothing it has not read yet is reset.
            let _ = stream.sock.read(&mut [0; 64]);
        }
    };
    thread::Builder::new().name("server".to_owned()).spawn(answer).unwrap();
    Server { port, certificate, requests }
}

impl Server {
    fn client(&self) -> Https {
        self.stranger().trusting(&self.certificate)
    }

    fn stranger(&self) -> Https {
        Https::new(&format!("https://localhost:{}/tinh/inventory", self.port)).unwrap()
    }
}

fn ok(headers: &str, body: &[u8]) -> Vec<u8> {
    let head =
        format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n", body.len());
    [head.as_bytes(), body].concat()
}

fn sent_to(location: &str) -> Vec<u8> {
    format!("HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        .into_bytes()
}

#[test]
fn a_file_comes_with_its_tag_and_then_only_when_it_is_another() {
    let not_modified = b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n".to_vec();
    let server = serve(vec![ok("ETag: \"v7\"\r\n", b"content"), not_modified]);
    let client = server.client();
    let file = Fetched::File { bytes: b"content".to_vec(), etag: Some("\"v7\"".to_owned()) };
    assert_eq!(client.fetch(None).unwrap(), file);
    let first = server.requests.recv().unwrap().to_lowercase();
    assert!(first.starts_with("get /tinh/inventory http/1.1") && !first.contains("if-none-match"), "{first}");
    assert_eq!(client.fetch(Some("\"v7\"")).unwrap(), Fetched::Unchanged);
    assert!(server.requests.recv().unwrap().to_lowercase().contains("if-none-match: \"v7\""));
}

#[test]
fn a_server_that_cannot_prove_who_it_is_gives_nothing() {
    let server = serve(vec![ok("", b"content")]);
    let fault = server.stranger().fetch(None).unwrap_err();
    assert!(matches!(fault, SourceFault::Certificate(_)), "{fault:?}");
}

#[test]
fn redirections_stay_on_the_server() {
    let server = serve(vec![sent_to("/moved"), ok("", b"content")]);
    assert!(matches!(server.client().fetch(None), Ok(Fetched::File { .. })));
    assert!(server.requests.iter().nth(1).unwrap().starts_with("GET /moved "));
    for elsewhere in [
        "https://127.0.0.1:9/x",
        "http://localhost/x",
        "https://u:p@localhost/x",
        "file:///etc/passwd",
        "//other/x",
    ] {
        let server = serve(vec![sent_to(elsewhere)]);
        let fault = server.client().fetch(None).unwrap_err();
        assert!(matches!(fault, SourceFault::SentElsewhere), "{elsewhere}: {fault:?}");
    }
    let server = serve(vec![sent_to("/round"); 4]);
    assert!(matches!(server.client().fetch(None), Err(SourceFault::SentElsewhere)));
}

#[test]
fn other_answers_are_no_file() {
    for (status, answer) in
        [(404, "404 Not Found"), (500, "500 Oh"), (204, "204 No Content"), (304, "304 Not Modified")]
    {
        let answer =
            format!("HTTP/1.1 {answer}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").into_bytes();
        let fault = serve(vec![answer]).client().fetch(None).unwrap_err();
        match fault {
            SourceFault::Refused { status: told } => assert_eq!(told, status),
            // Unasked, it leads nowhere.
            SourceFault::SentElsewhere => assert_eq!(status, 304),
            fault => panic!("{fault:?}"),
        }
    }
    let fault = serve(vec![b"SSH-2.0-OpenSSH\r\n".to_vec()]).client().fetch(None).unwrap_err();
    assert!(matches!(fault, SourceFault::Unreachable(_)), "{fault:?}");
}

#[test]
fn too_much_is_not_taken() {
    let body = vec![b'x'; limits::FILE_BYTES + 1];
    let fault = serve(vec![ok("", &body)]).client().fetch(None).unwrap_err();
    assert!(matches!(fault, SourceFault::TooLarge { .. }), "{fault:?}");
    // Without saying how much it is.
    let endless = [b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", &body[..]].concat();
    let fault = serve(vec![endless]).client().fetch(None).unwrap_err();
    assert!(matches!(fault, SourceFault::TooLarge { .. }), "{fault:?}");
    let cut = ok("", b"content").strip_suffix(b"tent").unwrap().to_vec();
    assert!(serve(vec![cut]).client().fetch(None).is_err(), "half a file is none");
}

#[test]
fn only_https_without_a_login_is_an_address() {
    for (text, why) in [
        ("", BadSource::NotAUrl),
        ("/srv/inventory", BadSource::NotAUrl),
        ("http://localhost/x", BadSource::NotHttps),
        ("file:///x", BadSource::NotHttps),
        ("https://u:p@localhost/x", BadSource::Login),
    ] {
        assert_eq!(Https::new(text).unwrap_err(), why, "{text}");
    }
}

#[test]
fn a_shared_folder_gives_its_file() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(read(folder.path()), Err(SourceFault::Nothing)));
    assert!(matches!(read(&folder.path().join("none")), Err(SourceFault::Unreadable(_))));
    let file = folder.path().join("inventory.watchwall-inventory");
    std::fs::write(&file, b"content").unwrap();
    assert_eq!(read(folder.path()).unwrap(), b"content");
    assert_eq!(read(&file).unwrap(), b"content");
    std::fs::File::create(&file).unwrap().set_len(limits::FILE_BYTES as u64 + 1).unwrap();
    assert!(matches!(read(&file), Err(SourceFault::TooLarge { .. })));
    std::fs::remove_file(&file).unwrap();
    std::fs::create_dir(&file).unwrap();
    assert!(matches!(read(folder.path()), Err(SourceFault::Nothing)));
}
