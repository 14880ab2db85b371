//! The server from outside, over a socket: what every address answers, what wrong ones are told, and
//! what becomes of a region that changes under it. The region is the sample one, so that its account
//! takes a moment.
#![cfg(feature = "serve")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests, where a failure is a panic")]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

#[path = "serve/accounts.rs"]
mod accounts;
#[path = "serve/points.rs"]
mod points;

/// A running server, ended with the test.
struct Server {
    child: Child,
    at: String,
}

struct Response {
    status: u16,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

impl Response {
    fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }
}

impl Server {
    fn start(region: &Path, more: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_liangshan"))
            .args(["serve", "--lang", "en", "--listen", "127.0.0.1:0"])
            .args(more)
            .arg(region)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let at = line.split("http://").nth(1).unwrap_or_else(|| panic!("no address in {line:?}")).trim().to_owned();
        Self { child, at }
    }

    fn ask(&self, verb: &str, target: &str, headers: &[(&str, &str)], body: &[u8]) -> Response {
        let mut stream = TcpStream::connect(&self.at).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(120))).unwrap();
        let mut request = format!("{verb} {target} HTTP/1.1\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
        if !headers.iter().any(|(name, _)| *name == "Host") {
            request.push_str(&format!("Host: {}\r\n", self.at));
        }
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        stream.write_all(request.as_bytes()).unwrap();
        stream.write_all(b"\r\n").unwrap();
        // A server that has heard enough stops reading.
        let _ = stream.write_all(body);
        let mut all = Vec::new();
        let _ = stream.read_to_end(&mut all);
        let end = all.windows(4).position(|w| w == b"\r\n\r\n").unwrap_or_else(|| panic!("no head: {}", String::from_utf8_lossy(&all)));
        let head = String::from_utf8(all[..end].to_vec()).unwrap();
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers = lines.map(|l| l.split_once(": ").unwrap()).map(|(k, v)| (k.to_lowercase(), v.to_owned())).collect();
        Response { status, headers, body: all[end + 4..].to_vec() }
    }

    fn get(&self, target: &str) -> Response {
        self.ask("GET", target, &[], b"")
    }

    /// Asks until the account is there.
    fn ready(&self, target: &str) -> Response {
        let began = Instant::now();
        loop {
            let got = self.get(target);
            if got.status != 503 || !got.headers.contains_key("retry-after") {
                return got;
            }
            assert!(began.elapsed() < Duration::from_secs(300), "still waiting: {}", got.text());
            std::thread::sleep(Duration::from_millis(200));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn sample() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let region = folder.path().join("sample");
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../regions/sample");
    copy(&from, &region);
    (folder, region)
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let name = entry.file_name();
        if ["out", "derived"].contains(&name.to_str().unwrap()) {
            continue;
        }
        if entry.metadata().unwrap().is_dir() {
            copy(&entry.path(), &to.join(name));
        } else {
            std::fs::copy(entry.path(), to.join(name)).unwrap();
        }
    }
}

#[test]
fn wrong_questions_are_answered_with_what_would_be_right() {
    let (_folder, region) = sample();
    let server = Server::start(&region, &[]);

    let first = server.get("/");
    assert_eq!((first.status, first.headers["location"].as_str()), (307, "/map"));
    assert!(first.headers["content-security-policy"].contains("default-src 'none'"));

    let page = server.get("/nowhere?lang=en");
    assert_eq!((page.status, page.headers["content-type"].as_str()), (404, "text/html; charset=utf-8"));
    assert!(page.text().contains("web.no_page") && page.text().contains("<html lang=\"en\">"));

    let slash = server.get("/accounts/?place=330803");
    assert_eq!((slash.status, slash.headers["location"].as_str()), (308, "/accounts?place=330803"));
    assert_eq!(server.get("//elsewhere.example/").status, 404, "no way off this server");

    let document = server.get("/api/nowhere");
    assert_eq!((document.status, document.headers["content-type"].as_str()), (404, "application/problem+json"));
    assert_eq!(document.json()["problems"][0]["code"], "web.no_page");

    let two = server.get("/api?langg=en&lang=fr").json();
    let codes: Vec<&str> = two["problems"].as_array().unwrap().iter().map(|p| p["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["web.unknown_parameter", "web.bad_parameter"]);

    let verb = server.ask("DELETE", "/api", &[], b"");
    assert_eq!((verb.status, verb.headers["allow"].as_str()), (405, "GET, HEAD"));

    let stranger = server.ask("GET", "/api", &[("Host", "elsewhere.example")], b"");
    assert_eq!((stranger.status, stranger.json()["problems"][0]["code"].clone()), (421, "web.other_host".into()));

    for target in ["/assets/x/css/page.css", "/assets/../../Cargo.toml", "/assets/x/..%2f..%2fCargo.toml", "/%00", "/api?%ff=%00"] {
        let got = server.get(target);
        assert!((400..500).contains(&got.status), "{target}: {}", got.status);
    }
}

#[test]
fn an_answer_is_tagged_compressed_and_not_sent_twice() {
    let (_folder, region) = sample();
    let server = Server::start(&region, &[]);
    let plain = server.get("/api/openapi.json");
    assert_eq!((plain.status, plain.json()["openapi"].clone()), (200, "3.1.0".into()));
    let packed = server.ask("GET", "/api/openapi.json", &[("Accept-Encoding", "gzip, br")], b"");
    assert_eq!(packed.headers["content-encoding"], "gzip");
    assert!(packed.body.len() * 2 < plain.body.len() && packed.body.starts_with(&[0x1f, 0x8b]));
    let tag = plain.headers["etag"].as_str();
    let again = server.ask("GET", "/api/openapi.json", &[("If-None-Match", tag)], b"");
    assert_eq!((again.status, again.body.len()), (304, 0));
    let head = server.ask("HEAD", "/api/openapi.json", &[], b"");
    assert_eq!((head.status, head.body.len(), head.headers["content-length"].clone()), (200, 0, plain.body.len().to_string()));
    assert_ne!(server.get("/api/openapi.json?lang=en").body, plain.body);

    let page = server.get("/nowhere").text();
    let style = page.split("href=\"").map(|s| s.split('"').next().unwrap()).find(|s| s.ends_with(".css")).unwrap().to_owned();
    let style = server.get(&style);
    assert_eq!((style.status, style.headers["cache-control"].as_str()), (200, "public, max-age=31536000, immutable"));
}

#[test]
fn a_folder_that_is_no_region_is_refused_before_anything_listens() {
    let folder = tempfile::tempdir().unwrap();
    let out = Command::new(env!("CARGO_BIN_EXE_liangshan")).args(["serve", "--lang", "en"]).arg(folder.path()).output().unwrap();
    assert_eq!(out.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&out.stderr).contains("region.no_file"));
}

#[test]
fn a_taken_port_is_told() {
    let (_folder, region) = sample();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let at = taken.local_addr().unwrap().to_string();
    let out = Command::new(env!("CARGO_BIN_EXE_liangshan")).args(["serve", "--lang", "en", "--listen", &at]).arg(&region).output().unwrap();
    assert_eq!(out.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&out.stderr).contains("serve.cannot_listen"));
}

/// Waits until an address answers with something.
fn until(server: &Server, target: &str, fine: impl Fn(&str) -> bool) -> String {
    let began = Instant::now();
    loop {
        let said = server.get(target).text();
        if fine(&said) {
            return said;
        }
        assert!(began.elapsed() < Duration::from_secs(120), "{said}");
        std::thread::sleep(Duration::from_millis(300));
    }
}

/// A region that changes under the server is read again; one that cannot be read any more leaves what was
/// shown, with what is wrong; and one that is mended is shown again.
#[test]
fn a_region_that_changes_is_shown_as_it_is_now() {
    let (_folder, region) = sample();
    let server = Server::start(&region, &[]);
    assert_eq!(server.ready("/accounts").status, 200);
    let tag = server.get("/api").headers["etag"].clone();
    let file = region.join("region.toml");
    let written = std::fs::read_to_string(&file).unwrap();
    let title = written.lines().find(|l| l.starts_with("title_zh")).unwrap();
    std::fs::write(&file, written.replace(title, "title_zh = \"改了名的地方\"")).unwrap();
    until(&server, "/api", |said| said.contains("改了名的地方"));
    assert_ne!(server.get("/api").headers["etag"], tag);

    std::fs::write(&file, "[region\n").unwrap();
    let page = until(&server, "/accounts", |said| said.contains("class=\"trouble\""));
    assert!(page.contains("region.toml") && page.contains("改了名的地方"), "what was shown stays, and what is wrong is said");

    std::fs::write(&file, &written).unwrap();
    let page = until(&server, "/accounts", |said| !said.contains("class=\"trouble\""));
    assert!(!page.contains("改了名的地方"));
}

#[cfg(unix)]
#[test]
fn it_ends_when_it_is_asked_to() {
    let (_folder, region) = sample();
    let mut server = Server::start(&region, &[]);
    assert_eq!(server.get("/api").status, 200);
    let asked = Command::new("kill").args(["-TERM", &server.child.id().to_string()]).status().unwrap();
    assert!(asked.success());
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
}
