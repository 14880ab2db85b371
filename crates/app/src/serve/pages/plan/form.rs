//! What a form sends: fields and a file, in either of the two ways of browsers (RFC 7578, and the
//! URL-encoded form of the HTML standard). A body of any other kind is the file itself.

use std::collections::BTreeMap;

use liangshan_vocab::{Problem, text};

/// Fields by name and the file, as they were sent.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Sent {
    /// Fields by name.
    pub(super) fields: BTreeMap<String, String>,
    /// The bytes of the file; empty where none was chosen.
    pub(super) file: Vec<u8>,
}

impl Sent {
    /// A field that is not empty.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        self.fields.get(name).map(|v| v.trim()).filter(|v| !v.is_empty())
    }

    /// Reads what was sent.
    ///
    /// # Errors
    /// `web.bad_form` for a form of parts that has no end.
    pub(super) fn read(kind: &str, body: &[u8]) -> Result<Self, Problem> {
        if kind.starts_with("application/x-www-form-urlencoded") {
            let fields = form_urlencoded::parse(body).map(|(k, v)| (k.into_owned(), v.into_owned())).collect();
            return Ok(Self { fields, file: Vec::new() });
        }
        if !kind.starts_with("multipart/form-data") {
            return Ok(Self { fields: BTreeMap::new(), file: body.to_vec() });
        }
        let boundary = kind.split(';').find_map(|p| p.trim().strip_prefix("boundary=")).map(|b| b.trim_matches('"'));
        boundary.and_then(|boundary| parts(boundary, body)).ok_or_else(|| {
            Problem::error("web.bad_form", text("表单不完整", "the form is not whole"))
                .expect(text("浏览器发来的 multipart/form-data", "multipart/form-data as browsers send it"))
                .fix(text("重新提交；或直接把坐标文字作为请求体发来", "send it again, or send the coordinates themselves as the body"))
        })
    }
}

fn find(within: &[u8], what: &[u8]) -> Option<usize> {
    within.windows(what.len()).position(|w| w == what)
}

/// The parts between boundaries; `None` where there is no last one.
fn parts(boundary: &str, body: &[u8]) -> Option<Sent> {
    let mut sent = Sent::default();
    let mark = format!("--{boundary}");
    let between = format!("\r\n--{boundary}");
    let mut rest = body.get(find(body, mark.as_bytes())? + mark.len()..)?;
    while !rest.starts_with(b"--") {
        let from = find(rest, b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(&rest[..from]).into_owned();
        let inside = &rest[from + 4..];
        let end = find(inside, between.as_bytes())?;
        let content = &inside[..end];
        let name = head.split(';').find_map(|p| p.trim().strip_prefix("name=\"")).and_then(|n| n.split('"').next()).unwrap_or_default();
        if head.contains("filename=") {
            sent.file = content.to_vec();
        } else {
            sent.fields.insert(name.to_owned(), String::from_utf8_lossy(content).into_owned());
        }
        rest = &inside[end + between.len()..];
    }
    Some(sent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_browsers_and_plain_bodies_are_read() {
        let body = "--X\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n118.9,28.9\r\n--X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\n--x\r\n1\r\n--X--\r\n";
        let sent = Sent::read("multipart/form-data; boundary=X", body.as_bytes()).unwrap();
        assert_eq!(sent.field("text"), Some("118.9,28.9"));
        assert_eq!(sent.file, b"--x\r\n1");
        let sent = Sent::read("application/x-www-form-urlencoded", "text=118.9%2C28.9&on=".as_bytes()).unwrap();
        assert_eq!((sent.field("text"), sent.field("on")), (Some("118.9,28.9"), None));
        assert_eq!(Sent::read("text/plain", b"abc").unwrap().file, b"abc");
        assert!(Sent::read("multipart/form-data; boundary=X", b"--X\r\nContent-Disposition").is_err());
    }
}
