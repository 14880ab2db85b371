//! What goes back: a reply with its kind and how long it may be kept, or a refusal that teaches.

use liangshan_atlas::book::Stage;
use liangshan_vocab::{Lang, Problem, Problems, Text, text, words};
use serde::Serialize;
use serde_json::{Value, json};

/// What a handler says.
pub(crate) type Answer = Result<Reply, Refusal>;

/// How long an answer may be kept by whoever got it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keep {
    /// Until the region changes: asked for again each time, and sent again only if it is another.
    Snapshot,
    /// For ever: the address names the bytes.
    Forever,
    /// Not at all.
    Never,
}

/// Bytes for whoever asked.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    /// Status.
    pub(crate) status: u16,
    /// Content type.
    pub(crate) kind: &'static str,
    /// The bytes.
    pub(crate) body: Vec<u8>,
    /// How long they may be kept.
    pub(crate) keep: Keep,
    /// The file name under which they are saved; where none, they are shown.
    pub(crate) file: Option<String>,
    /// Where else to look, for a redirection.
    pub(crate) location: Option<String>,
}

impl Reply {
    /// Bytes of a kind, good as long as the snapshot is.
    pub(crate) fn bytes(kind: &'static str, body: Vec<u8>) -> Self {
        Self { status: 200, kind, body, keep: Keep::Snapshot, file: None, location: None }
    }

    /// A page.
    pub(crate) fn html(page: String) -> Self {
        Self::bytes("text/html; charset=utf-8", page.into_bytes())
    }

    /// A document.
    pub(crate) fn json(document: &impl Serialize) -> Self {
        Self::bytes("application/json", serde_json::to_vec(document).unwrap_or_default())
    }

    /// Features.
    pub(crate) fn geojson(document: &impl Serialize) -> Self {
        Self::bytes("application/geo+json", serde_json::to_vec(document).unwrap_or_default())
    }

    /// Nothing is there, and that is as it should be: an empty tile.
    pub(crate) fn nothing() -> Self {
        Self { status: 204, ..Self::bytes("application/octet-stream", Vec::new()) }
    }

    /// Look elsewhere.
    pub(crate) fn elsewhere(location: String) -> Self {
        Self { status: 307, location: Some(location), ..Self::bytes("text/plain; charset=utf-8", Vec::new()) }
    }

    /// To be saved under a name.
    pub(crate) fn saved_as(mut self, file: impl Into<String>) -> Self {
        self.file = Some(file.into());
        self
    }

    /// Not to be kept.
    pub(crate) fn passing(mut self) -> Self {
        self.keep = Keep::Never;
        self
    }
}

/// Why there is no answer.
#[derive(Debug, Clone)]
#[allow(clippy::large_enum_variant, reason = "a refusal is a letter on the cold path")]
pub(crate) enum Refusal {
    /// There is no such thing.
    NotFound(Problem),
    /// What was asked or sent is wrong.
    Bad(Problems),
    /// It is asked in another way: with `GET` and not `POST`, say.
    WrongVerb(&'static str),
    /// More was sent than is taken.
    TooLarge(usize),
    /// It is being read or computed: come back.
    Waiting(Stage),
    /// The region has problems, and what was asked rests on them.
    Region(Problems),
    /// A fault of ours.
    Fault,
    /// The address is not one that this server goes by.
    Misdirected(String),
}

impl From<Problems> for Refusal {
    fn from(problems: Problems) -> Self {
        Self::Bad(problems)
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Bad(problem.into())
    }
}

impl Refusal {
    /// There is nothing at this address.
    pub(crate) fn no_page() -> Self {
        Self::NotFound(
            Problem::error("web.no_page", text("这个地址没有内容", "there is nothing at this address"))
                .expect(text(
                    "/map、/accounts、/plan、/environment、/public，或 /api/openapi.json 所列",
                    "/map, /accounts, /plan, /environment, /public, or what /api/openapi.json lists",
                ))
                .fix(text("从首页走起", "start from the first page")),
        )
    }

    /// The status.
    pub(crate) fn status(&self) -> u16 {
        match self {
            Self::NotFound(_) => 404,
            Self::Bad(_) => 400,
            Self::WrongVerb(_) => 405,
            Self::TooLarge(_) => 413,
            Self::Waiting(_) | Self::Region(_) => 503,
            Self::Fault => 500,
            Self::Misdirected(_) => 421,
        }
    }

    /// The problems, for people and programs alike.
    pub(crate) fn problems(&self) -> Problems {
        match self {
            Self::NotFound(problem) => problem.clone().into(),
            Self::Bad(problems) | Self::Region(problems) => problems.clone(),
            Self::WrongVerb(verb) => Problem::error("web.wrong_verb", text("这个地址不是这样问的", "this address is not asked that way"))
                .expect(words!("{verb} 请求", "a {verb} request"))
                .into(),
            Self::TooLarge(most) => {
                let mib = most >> 20;
                Problem::error("web.too_large", words!("发来的内容超过 {mib} MB", "what was sent is larger than {mib} MB"))
                    .expect(words!("不超过 {mib} MB", "at most {mib} MB"))
                    .fix(text("分批提交，或用命令行（没有这个限制）", "send it in parts, or use the command line, which has no such limit"))
                    .into()
            }
            Self::Waiting(stage) => Problem::note(
                "web.waiting",
                Text::of(
                    format!("正在准备：{}（{} / {}）", stage.title.zh, stage.done, stage.of),
                    format!("getting ready: {} ({} of {})", stage.title.en, stage.done, stage.of),
                ),
            )
            .fix(text("稍候再问；页面会自己刷新", "ask again in a moment; a page refreshes by itself"))
            .into(),
            Self::Fault => {
                Problem::error("web.fault", text("程序出了错，不是您的问题；服务还在运行", "a fault of the program and not yours; the server goes on"))
                    .fix(text("把地址报告给维护者", "report the address to the maintainer"))
                    .into()
            }
            Self::Misdirected(host) => Problem::error("web.other_host", words!("本服务不叫“{host}”", "this server does not go by \"{host}\""))
                .expect(text("localhost、127.0.0.1，或监听的地址", "localhost, 127.0.0.1, or the address it listens on"))
                .fix(text("用启动时打印的地址打开", "open the address that was printed at the start"))
                .into(),
        }
    }

    /// A short title.
    pub(crate) fn title(&self) -> Text {
        match self {
            Self::NotFound(_) => text("没有找到", "Not found"),
            Self::Bad(_) => text("请求有误", "Something is wrong in what was asked"),
            Self::WrongVerb(_) => text("问法不对", "Not asked that way"),
            Self::TooLarge(_) => text("内容太大", "Too large"),
            Self::Waiting(_) => text("正在准备", "Getting ready"),
            Self::Region(_) => text("区域数据有问题", "The region has problems"),
            Self::Fault => text("内部错误", "Internal fault"),
            Self::Misdirected(_) => text("地址不符", "Not this server"),
        }
    }

    /// As a problem document (RFC 9457), with each problem at length.
    pub(crate) fn document(&self, lang: Lang) -> Value {
        let problems = self.problems();
        let first = problems.iter().next();
        json!({
            "type": first.map_or_else(|| "about:blank".to_owned(), |p| format!("urn:liangshan:problem:{}", p.code)),
            "title": self.title().get(lang),
            "status": self.status(),
            "detail": first.map(|p| p.letter(lang)).unwrap_or_default(),
            "problems": problems.to_json(lang),
        })
    }
}
