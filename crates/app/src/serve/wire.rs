//! HTTP: from a request to a checked question, from an answer to a response. Nothing here knows what
//! an answer says.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{RawPathParams, Request};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Method, Response, StatusCode, Uri};
use axum::response::{IntoResponse, Redirect};
use axum::routing::any;
use liangshan_vocab::Lang;

use super::portal::{Kept, Portal};
use super::reply::{Keep, Refusal, Reply};
use super::route::{Ask, Route, Verb};
use super::{assets, layout, pages};

/// The most that may be sent to us.
pub(crate) const MOST_SENT: usize = 8 << 20;

/// Pages load nothing from elsewhere, run no script of a page's own text, and are framed by nobody.
/// `style-src` allows inline style because the map library sets it on its elements.
const POLICY: &str = "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; \
                      font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Everything that is served.
pub(super) fn router(portal: &Arc<Portal>, bound: SocketAddr) -> Router {
    let mut router = Router::new();
    let routes = pages::routes();
    let mut paths: Vec<&'static str> = routes.iter().map(|r| r.path).collect();
    paths.dedup();
    for path in paths {
        let at: Vec<Route> = routes.iter().filter(|r| r.path == path).copied().collect();
        let portal = Arc::clone(portal);
        router = router.route(
            path,
            any(move |params: RawPathParams, request: Request| {
                let params = params.iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect::<Vec<_>>();
                answer(Arc::clone(&portal), at.clone(), params, request, bound)
            }),
        );
    }
    let files = Arc::clone(portal);
    let router = router.route("/assets/{edition}/{*name}", any(move |request: Request| asset(Arc::clone(&files), request, bound)));
    let portal = Arc::clone(portal);
    router.fallback(move |request: Request| {
        let portal = Arc::clone(&portal);
        async move {
            let asked = Asked::of(&request);
            let misdirected = misdirected(request.headers(), bound);
            if misdirected.is_none()
                && let Some(to) = without_slash(request.uri())
            {
                return Redirect::permanent(&to).into_response();
            }
            refusal(&portal, &asked, &misdirected.unwrap_or_else(Refusal::no_page)).await
        }
    })
}

/// The address that is meant by one with a slash at its end, on this server.
fn without_slash(asked: &Uri) -> Option<String> {
    let path = asked.path().strip_suffix('/').filter(|path| path.len() > 1 && !path.starts_with("//"))?;
    Some(asked.query().map_or_else(|| path.to_owned(), |query| format!("{path}?{query}")))
}

/// What of a request matters when it is refused.
#[derive(Clone)]
struct Asked {
    path: String,
    query: Vec<(String, String)>,
    lang: Lang,
    page: bool,
    head: bool,
    tags: Option<String>,
    gzip: bool,
}

impl Asked {
    fn of(request: &Request) -> Self {
        let query: Vec<(String, String)> =
            form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes()).map(|(k, v)| (k.into_owned(), v.into_owned())).collect();
        let lang = if query.iter().any(|(k, v)| k == "lang" && v == "en") { Lang::En } else { Lang::Zh };
        let path = request.uri().path().to_owned();
        let page = !["/api", "/tiles", "/assets", "/download"].iter().any(|p| path.starts_with(p));
        let header = |name: HeaderName| request.headers().get(name).and_then(|v| v.to_str().ok());
        let tags = header(header::IF_NONE_MATCH).map(str::to_owned);
        let gzip = header(header::ACCEPT_ENCODING).is_some_and(|v| v.split(',').any(|e| e.trim().starts_with("gzip")));
        Self { path, query, lang, page, head: request.method() == Method::HEAD, tags, gzip }
    }
}

/// Who does not ask for us: a page from elsewhere that has given our address another name. Where the
/// server listens to the whole network, whoever runs it knows its names.
fn misdirected(headers: &HeaderMap, bound: SocketAddr) -> Option<Refusal> {
    if !bound.ip().is_loopback() {
        return None;
    }
    let host = headers.get(header::HOST).and_then(|h| h.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit())).map_or(host, |(name, _)| name);
    let ours = ["", "localhost", "127.0.0.1", "[::1]"].contains(&name) || name == bound.ip().to_string();
    (!ours).then(|| Refusal::Misdirected(name.to_owned()))
}

async fn answer(portal: Arc<Portal>, at: Vec<Route>, params: Vec<(String, String)>, request: Request, bound: SocketAddr) -> Response<Body> {
    let asked = Asked::of(&request);
    if let Some(refused) = misdirected(request.headers(), bound) {
        return refusal(&portal, &asked, &refused).await;
    }
    let verb = match *request.method() {
        Method::GET | Method::HEAD => Some(Verb::Get),
        Method::POST => Some(Verb::Post),
        _ => None,
    };
    let Some(route) = at.iter().find(|r| Some(r.verb) == verb).copied() else {
        let verbs = if at.iter().all(|r| r.verb == Verb::Post) { "POST" } else { "GET" };
        return refusal(&portal, &asked, &Refusal::WrongVerb(verbs)).await;
    };
    let given: Vec<(String, String)> = params.into_iter().chain(asked.query.iter().cloned()).collect();
    let (lang, values) = match Ask::check(&route, &given) {
        Ok(checked) => checked,
        Err(problems) => return refusal(&portal, &asked, &Refusal::Bad(problems)).await,
    };
    let (snapshot, generation) = portal.now();
    let key = (route.verb == Verb::Get).then(|| {
        let mut key = format!("{generation} {} {}", lang.code(), route.path);
        for (name, value) in &values {
            key.push_str(&format!("\u{0}{name}={value}"));
        }
        key
    });
    if let Some(kept) = key.as_ref().and_then(|key| portal.find(key)) {
        return response(&kept, &asked);
    }
    let sent_as = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    let sent = if route.verb == Verb::Post {
        match to_bytes(request.into_body(), MOST_SENT).await {
            Ok(bytes) => bytes.to_vec(),
            Err(_) => return refusal(&portal, &asked, &Refusal::TooLarge(MOST_SENT)).await,
        }
    } else {
        Vec::new()
    };
    portal.works();
    let path = asked.path.clone();
    let made = tokio::task::spawn_blocking(move || {
        let ask = Ask { route: &route, snapshot: &snapshot, lang, path: &path, values, sent_as: &sent_as, sent: &sent };
        (route.answer)(&ask).map(|reply| Arc::new(Kept::new(reply)))
    })
    .await;
    match made {
        Ok(Ok(kept)) => {
            if let Some(key) = key.filter(|_| kept.reply.keep != Keep::Never) {
                portal.keep(key, &kept);
            }
            response(&kept, &asked)
        }
        Ok(Err(refused)) => refusal(&portal, &asked, &refused).await,
        // The panic has been printed; the server goes on.
        Err(_) => refusal(&portal, &asked, &Refusal::Fault).await,
    }
}

async fn asset(portal: Arc<Portal>, request: Request, bound: SocketAddr) -> Response<Body> {
    let asked = Asked::of(&request);
    if let Some(refused) = misdirected(request.headers(), bound) {
        return refusal(&portal, &asked, &refused).await;
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return refusal(&portal, &asked, &Refusal::WrongVerb("GET")).await;
    }
    if let Some(kept) = portal.find(&asked.path) {
        return response(&kept, &asked);
    }
    let mut parts = asked.path.trim_start_matches("/assets/").splitn(2, '/');
    let (edition, name) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let Some((kind, body)) = assets::file(edition, name, portal.ui_dir.as_deref()) else {
        return refusal(&portal, &asked, &Refusal::no_page()).await;
    };
    let keep = if portal.ui_dir.is_some() { Keep::Never } else { Keep::Forever };
    let kept = Arc::new(Kept::new(Reply { keep, ..Reply::bytes(kind, body) }));
    if keep == Keep::Forever {
        portal.keep(asked.path.clone(), &kept);
    }
    response(&kept, &asked)
}

async fn refusal(portal: &Arc<Portal>, asked: &Asked, refused: &Refusal) -> Response<Body> {
    let (status, retry) = (refused.status(), matches!(refused, Refusal::Waiting(_)));
    let reply = if asked.page {
        let (snapshot, _) = portal.now();
        Reply::html(layout::refusal(&snapshot, asked.lang, &asked.path, refused))
    } else {
        Reply::bytes("application/problem+json", serde_json::to_vec(&refused.document(asked.lang)).unwrap_or_default())
    };
    let mut response = response(&Kept::new(Reply { status, keep: Keep::Never, ..reply }), &Asked { tags: None, ..asked.clone() });
    if retry {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
    }
    if let Refusal::WrongVerb(verb) = refused {
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(if *verb == "POST" { "POST" } else { "GET, HEAD" }));
    }
    response
}

fn response(kept: &Kept, asked: &Asked) -> Response<Body> {
    let reply = &kept.reply;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(header::CONTENT_SECURITY_POLICY, POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "same-origin");
    set(
        header::CACHE_CONTROL,
        match reply.keep {
            Keep::Snapshot => "no-cache",
            Keep::Forever => "public, max-age=31536000, immutable",
            Keep::Never => "no-store",
        },
    );
    if let Some(location) = &reply.location {
        set(header::LOCATION, location);
    }
    if let Some(file) = &reply.file {
        let plain: String = file.chars().map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' }).collect();
        let full: String = form_urlencoded::byte_serialize(file.as_bytes()).collect::<String>().replace('+', "%20");
        set(header::CONTENT_DISPOSITION, &format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{full}"));
    }
    if reply.status == 204 {
        return response;
    }
    if reply.keep != Keep::Never {
        set(header::ETAG, &kept.tag);
        if asked.tags.as_deref().is_some_and(|tags| tags.split(',').any(|t| t.trim().trim_start_matches("W/") == kept.tag || t.trim() == "*")) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return response;
        }
    }
    set(header::CONTENT_TYPE, reply.kind);
    set(header::VARY, "Accept-Encoding");
    let packed = asked.gzip.then(|| kept.compressed()).flatten();
    if packed.is_some() {
        set(header::CONTENT_ENCODING, "gzip");
    }
    let body = packed.unwrap_or(&reply.body);
    set(header::CONTENT_LENGTH, &body.len().to_string());
    if !asked.head {
        *response.body_mut() = Body::from(body.to_vec());
    }
    response
}
