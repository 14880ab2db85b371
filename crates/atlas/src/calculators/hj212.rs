//! `hj212.*`: the formulas of messages. They stand here because the decoder is in `formats` and what
//! a message changes is decided in `duty`, and only this crate sees both.

use liangshan_duty::calculators::at_hand::standards;
use liangshan_duty::emissions::codes::{Codes, Factor};
use liangshan_duty::ingest::{Held, Outcome};
use liangshan_formats::hj212::reply::Answer as Reply;
use liangshan_formats::hj212::{CrcMode, Fault, Frame, Key, Packet, Remark, build, content, crc};
use liangshan_vocab::quantity::measure;
use liangshan_vocab::spec::{Reach, Source, choice, given, made, number_out};
use liangshan_vocab::{Answer, Arguments, Calculator, Form, Input, Output, Problem, Spec, text, words};
use serde_json::{Map, Value, json};

use crate::online::arrival;

/// All of them.
pub(super) const ALL: &[&Calculator] = &[&CRC, &BUILD_FRAME, &PARSE, &INGEST, &SM4_CP];

const STANDARD: Source =
    Source { work: "HJ 212-2017 污染物在线监控（监测）系统数据传输标准", at: "6.3 通讯协议数据结构，附录 A" };

const fn word(name: &'static str, zh: &'static str, en: &'static str) -> Input {
    given(name, zh, en, Form::Text, measure("word", "1"))
}

const fn word_out(name: &'static str, zh: &'static str, en: &'static str) -> Output {
    made(name, zh, en, Form::Text, measure("word", "1"))
}

const fn count_out(name: &'static str, zh: &'static str, en: &'static str) -> Output {
    number_out(name, zh, en, measure("count", "1"))
}

const SEGMENT: Input = word("segment", "数据段，自 QN 至 CP 末尾的 &&", "the data segment, from QN to the && that ends CP");
const MODBUS: Output = word_out("modbus_crc", "CRC-16/MODBUS，仅供对照", "CRC-16/MODBUS, for contrast only");

static CRC: Calculator = Calculator {
    spec: &Spec {
        id: "hj212.crc",
        title: text("HJ 212 校验码和长度", "check and length of HJ 212"),
        source: STANDARD,
        reach: Reach::Whole,
        inputs: &[SEGMENT],
        outputs: &[word_out("crc", "校验码", "the check"), word_out("length", "长度字段，按字节", "the length, in bytes"), MODBUS],
    },
    run: |given| {
        let segment = given.text("segment").as_bytes();
        // What could not be framed has no length field.
        build::frame(segment, CrcMode::Standard)?;
        let answer = Answer::default().and("crc", hex(crc::crc(segment))).and("length", format!("{:04}", segment.len()));
        Ok(answer.and("modbus_crc", hex(crc::modbus(segment))))
    },
};

fn hex(crc: u16) -> String {
    format!("{crc:04X}")
}

static BUILD_FRAME: Calculator = Calculator {
    spec: &Spec {
        id: "hj212.build_frame",
        title: text("HJ 212 组帧", "a frame of HJ 212"),
        source: STANDARD,
        reach: Reach::Whole,
        inputs: &[SEGMENT],
        outputs: &[
            word_out("frame", "整帧，含结尾的回车换行", "the whole frame, with its CR LF"),
            count_out("chars", "数据段字符数", "characters of the segment"),
            count_out("bytes", "数据段字节数", "bytes of the segment"),
            MODBUS,
        ],
    },
    run: |given| {
        let segment = given.text("segment");
        let frame = build::frame(segment.as_bytes(), CrcMode::Standard)?;
        let answer = Answer::default().and("frame", content::text(&frame).into_owned()).and("chars", segment.chars().count());
        let answer = answer.and("bytes", segment.len()).and("modbus_crc", hex(crc::modbus(segment.as_bytes())));
        Ok(match Packet::read(segment.as_bytes()) {
            Ok(packet) => packet.remarks.iter().map(Remark::problem).fold(answer, Answer::warn),
            Err(faults) => faults.0.into_iter().map(as_warning).fold(answer, Answer::warn),
        })
    },
};

/// A frame is built of any segment; what a reader would refuse it for is told beside it.
fn as_warning(fault: Fault) -> Problem {
    Problem { severity: liangshan_vocab::Severity::Warning, ..fault.problem() }
}

static PARSE: Calculator = Calculator {
    spec: &Spec {
        id: "hj212.parse",
        title: text("解析 HJ 212 帧", "reading a frame of HJ 212"),
        source: STANDARD,
        reach: Reach::Whole,
        inputs: &[
            word("frame", "整帧，含结尾的回车换行", "the whole frame, with its CR LF"),
            choice("crc_mode", "该设备登记的校验算法，默认 standard", "the check the device is registered with, standard by default", &["standard", "modbus"])
                .optional(),
        ],
        outputs: &[
            made("accept", "是否接收", "whether it is taken", Form::Truth, measure("word", "1")),
            word_out("error", "拒收的原因：length、CRC 或字段名", "why not: length, CRC or the name of a field"),
            word_out("reply", "应回的帧；不要求应答、或校验不符时为 null", "the frame owed in answer; null where none is wanted, or the check differs"),
            made("packet", "报文的各字段和数据", "fields and data of the packet", Form::Object, measure("packet", "1")),
            made(
                "factors",
                "数据中各因子的名称与印出的单位，按报文的版本；未知者给出 unknown 与相近的编码",
                "name and printed unit of each factor, by the edition of the packet; of an unknown one unknown and the nearest code",
                Form::Object,
                measure("word", "1"),
            ),
        ],
    },
    run: parse,
};

fn parse(given: &Arguments) -> Result<Answer, Problem> {
    let mode = if given.text("crc_mode") == "modbus" { CrcMode::Modbus } else { CrcMode::Standard };
    let bytes = given.text("frame").as_bytes();
    let taken = Frame::read(bytes).and_then(|frame| frame.verify(frame.segment, mode).map(|()| frame));
    let refused = |fault: Fault| Answer::default().and("accept", false).and("error", fault.word()).warn(as_warning(fault)).without("packet").without("factors");
    let frame = match taken {
        Ok(frame) => frame,
        Err(fault) => return Ok(refused(fault).without("reply")),
    };
    let packet = match Packet::read(frame.segment) {
        Ok(packet) => packet,
        Err(faults) => return Ok(faults.0[1..].iter().map(|f| as_warning(*f)).fold(refused(faults.first()), Answer::warn).without("reply")),
    };
    let (answer, reply) = match content::check(packet.content) {
        Ok(()) => {
            let factors = factors(&packet, &Codes::of_version(standards(given), packet.edition.version())?);
            (Answer::default().and("accept", true).without("error").and("packet", told(&packet)).and("factors", factors), Reply::owed(&packet))
        }
        Err(fault) => (refused(fault), Reply::refusing(&packet, fault)),
    };
    let answer = packet.remarks.iter().map(Remark::problem).fold(answer, Answer::warn);
    let reply = reply.map(|reply| reply.frame(&packet, mode)).transpose().map_err(|problems| problems.0[0].clone())?.flatten();
    Ok(match reply {
        Some(reply) => answer.and("reply", content::text(&reply).into_owned()),
        None => answer.without("reply"),
    })
}

/// A packet as JSON; its data in the order sent.
fn told(packet: &Packet<'_>) -> Value {
    let mut data = Map::new();
    for pair in content::pairs(packet.content).flatten() {
        data.insert(content::text(pair.name).into_owned(), json!(pair.text()));
    }
    json!({
        "edition": packet.edition.word(),
        "qn": packet.qn,
        "st": packet.st,
        "cn": format!("{:04}", packet.cn),
        "mn": packet.mn,
        "flag": packet.flag,
        "pnum": packet.part.map(|p| p.of),
        "pno": packet.part.map(|p| p.number),
        "resent": packet.resent,
        "data": data,
    })
}

/// What the factors of a packet are called; a code that no table has is told with the nearest one.
fn factors(packet: &Packet<'_>, codes: &Codes) -> Value {
    let mut named = Map::new();
    for pair in content::pairs(packet.content).flatten() {
        let Some((code, _)) = pair.channel() else { continue };
        let told = || match codes.factor(code) {
            Ok(Factor { name_zh, unit_zh, medium, .. }) => json!({ "name_zh": name_zh, "unit_zh": unit_zh, "medium": medium }),
            Err(near) => json!({ "unknown": true, "near": near }),
        };
        named.entry(code).or_insert_with(told);
    }
    Value::Object(named)
}

static INGEST: Calculator = Calculator {
    spec: &Spec {
        id: "hj212.ingest",
        title: text("HJ 212 数据入库（重复发送不改变结果）", "taking in frames of HJ 212, so that sending again changes nothing"),
        source: STANDARD,
        reach: Reach::Whole,
        inputs: &[
            given("registered_mn", "已登记的设备", "registered devices", Form::List, measure("word", "1")),
            given("frames", "按到达顺序的整帧", "whole frames in the order of arrival", Form::List, measure("word", "1")),
        ],
        outputs: &[
            made(
                "results",
                "每帧的结果：stored、duplicate、revision、reject",
                "for each frame stored, duplicate, revision or reject",
                Form::List,
                measure("word", "1"),
            ),
            made("records", "最新值，键为 MN|CN|DataTime|因子|字段", "newest values by MN|CN|DataTime|factor|field", Form::Object, measure("word", "1")),
        ],
    },
    run: ingest,
};

fn ingest(given: &Arguments) -> Result<Answer, Problem> {
    let mut held = Held::of(words_of(given, "registered_mn")?);
    let mut results = Vec::new();
    for frame in words_of(given, "frames")? {
        let taken = Frame::read(frame.as_bytes()).and_then(|f| f.verify(f.segment, CrcMode::Standard).map(|()| f));
        let arrived = taken.ok().and_then(|f| arrival(frame.as_bytes(), &Packet::read(f.segment).ok()?).ok());
        results.push(arrived.map_or(Outcome::Reject, |arrived| held.take(&arrived)).word());
    }
    let records: Map<String, Value> = held.newest().map(|(key, value)| (key.joined(), json!(value))).collect();
    Ok(Answer::default().and("results", results).and("records", records))
}

fn words_of(given: &Arguments, name: &'static str) -> Result<Vec<String>, Problem> {
    let words: Option<Vec<String>> = given.records(name).iter().map(|v| v.as_str().map(str::to_owned)).collect();
    words.ok_or_else(|| {
        Problem::error("calc.form", words!("输入“{name}”的形式不对", "the input \"{name}\" has the wrong form"))
            .key(name)
            .expect(text("[文字, …]", "[text, …]"))
    })
}

static SM4_CP: Calculator = Calculator {
    spec: &Spec {
        id: "hj212.sm4_cp",
        title: text("HJ 212-2025 数据区加密", "encrypted data of HJ 212-2025"),
        source: Source {
            work: "HJ 212-2025 污染物自动监测监控系统数据传输技术要求；GM/T 0002-2012",
            at: "附录 H（据转引，原文未读 / quoted by others, text not read）",
        },
        reach: Reach::Whole,
        inputs: &[word("cp", "CP=&& 与 && 之间的数据", "the data between CP=&& and &&"), word("key_ascii", "16 个字符的密钥", "a key of 16 characters")],
        outputs: &[
            count_out("length", "数据区字节数", "bytes of the data"),
            count_out("blocks", "加密的整块数", "full blocks that are encrypted"),
            word_out("clear_tail", "不足一块、不加密的尾部", "the tail that is no full block and stays plain"),
            word_out("cipher_hex", "密文，大写十六进制", "what is encrypted, in upper-case hexadecimal"),
        ],
    },
    run: |given| {
        let Some(key) = Key::new(given.text("key_ascii").as_bytes()) else {
            return Err(Problem::error("hj212.key", text("密钥不是 16 字节", "the key has not 16 bytes"))
                .key("key_ascii")
                .expect(text("16 个 ASCII 字符", "16 characters of ASCII")));
        };
        let mut data = given.text("cp").as_bytes().to_vec();
        let blocks = key.encrypt(&mut data);
        let (cipher, tail) = data.split_at(blocks * 16);
        let answer = Answer::default().and("length", data.len()).and("blocks", blocks);
        let answer = answer.and("cipher_hex", cipher.iter().map(|b| format!("{b:02X}")).collect::<String>());
        Ok(match std::str::from_utf8(tail) {
            Ok(tail) => answer.and("clear_tail", tail),
            // A block has cut a Chinese character in two.
            Err(_) => answer.without("clear_tail"),
        })
    },
};
