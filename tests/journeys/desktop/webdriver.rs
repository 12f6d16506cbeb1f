//! The page of a running program, by WebKit's own driver: what is in it and where. What is done to it is done with the
//! desktop's keyboard and pointer instead, as a person would.

use std::cell::RefCell;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Folder, free_port};

/// The driver and its session; ends both, and the program with them, when dropped.
pub(crate) struct Driver {
    child: Child,
    port: u16,
    session: RefCell<String>,
}

impl Driver {
    /// Starts `program` under the driver. What the two say, and what WebKit keeps, goes to `folder`.
    pub(crate) fn start(
        program: &Path,
        arguments: &[String],
        display: &str,
        folder: &Folder,
        environment: &[(&str, &str)],
    ) -> Self {
        let port = free_port();
        let said = std::fs::File::options().create(true).append(true).open(folder.file("log"));
        let said = said.expect("a log");
        let child = Command::new("WebKitWebDriver")
            // Where a crash would leave what was in the memory.
            .current_dir(folder.file(""))
            .arg(format!("--port={port}"))
            .env("DISPLAY", display)
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("WATCHWALL_LOG", "info")
            .env("GTK_IM_MODULE", "gtk-im-context-simple")
            .env("NO_AT_BRIDGE", "1")
            .env("XDG_CONFIG_HOME", folder.file("config"))
            .env("XDG_DATA_HOME", folder.file("webkit"))
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("WATCHWALL_LANG")
            // Else a test would ask for the keychain of whoever runs it.
            .env("DBUS_SESSION_BUS_ADDRESS", "disabled:")
            .envs(environment.iter().copied())
            .stdout(Stdio::from(said.try_clone().expect("the log twice")))
            .stderr(Stdio::from(said))
            .spawn()
            .expect("WebKitWebDriver (packaging/setup installs it)");
        let driver = Self { child, port, session: RefCell::default() };
        super::until("the driver", || TcpStream::connect(("127.0.0.1", port)).ok());
        let options = json!({ "binary": program, "args": arguments });
        let wanted = json!({ "capabilities": { "alwaysMatch": { "webkitgtk:browserOptions": options } } });
        let begun = driver.request("POST", "/session", &wanted).expect("a session with the program");
        *driver.session.borrow_mut() = begun["sessionId"].as_str().expect("its name").to_owned();
        driver
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// What `script`, the body of a function, gives back; an error while there is no page.
    pub(crate) fn run(&self, script: &str, arguments: &Value) -> Result<Value, String> {
        self.ask("POST", "/execute/sync", &json!({ "script": script, "args": arguments }))
    }

    /// Goes on with the page of the main window, which may be another one than at the start.
    pub(crate) fn find_page(&self) -> Result<(), String> {
        let handles = self.ask("GET", "/window/handles", &Value::Null)?;
        let newest = handles.as_array().and_then(|all| all.last()).ok_or("no page")?;
        self.ask("POST", "/window", &json!({ "handle": newest })).map(drop)
    }

    fn ask(&self, method: &str, path: &str, body: &Value) -> Result<Value, String> {
        let path = format!("/session/{}{path}", self.session.borrow());
        self.request(method, &path, body)
    }

    fn request(&self, method: &str, path: &str, body: &Value) -> Result<Value, String> {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        let exchange = || -> std::io::Result<String> {
            let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
            stream.set_read_timeout(Some(Duration::from_secs(60)))?;
            stream.write_all((head + &body).as_bytes())?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer)?;
            Ok(answer)
        };
        let answer = exchange().map_err(|error| error.to_string())?;
        let (head, body) = answer.split_once("\r\n\r\n").ok_or("half an answer")?;
        let value: Value = serde_json::from_str(body).map_err(|error| error.to_string())?;
        if head.starts_with("HTTP/1.1 200") {
            Ok(value["value"].clone())
        } else {
            Err(value["value"].to_string())
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
