//! Worked cases M01 to M08 of messages and emissions, and the example of encryption, through the
//! registry by the names a user asks for.

#![allow(clippy::unwrap_used, clippy::panic)]

use liangshan_atlas::calculators;
use liangshan_vocab::cases;
use serde_json::{Value, json};

#[test]
fn m01_to_m08() {
    let cases = cases::read(include_str!("data/online_cases.json")).unwrap();
    let ids: Vec<&str> = cases.iter().map(|c| c.id.as_str()).collect();
    assert_eq!(ids, ["M01a", "M01b", "M02", "M03", "M04", "M05", "M06", "M07a", "M07b", "M08", "online-monitoring.md 6"]);
    let faults = cases::faults(&cases, &calculators::all());
    assert!(faults.is_empty(), "{faults:#?}");
}

fn parsed(frame: &str) -> Value {
    let answer = calculators::find("hj212.parse").unwrap().calculate(&json!({ "frame": frame })).unwrap();
    Value::Object(answer.outputs)
}

fn built(segment: &str) -> String {
    let answer = calculators::find("hj212.build_frame").unwrap().calculate(&json!({ "segment": segment })).unwrap();
    answer.outputs["frame"].as_str().unwrap().to_owned()
}

#[test]
fn a_good_frame_is_told_with_its_data_and_the_answer_it_is_owed() {
    let m5 = "QN=20260301110006000;ST=32;CN=2061;PW=123456;MN=3308000A8900016F000169D1;Flag=7;PNUM=2;PNO=1;CP=&&DataTime=20260301100000;w00000-Cou=360.0,w00000-Flag=N&&";
    let told = parsed(&built(m5));
    assert_eq!((&told["accept"], &told["error"], &told["packet"]["pnum"]), (&json!(true), &json!(null), &json!(2)));
    assert_eq!(told["packet"]["data"]["w00000-Cou"], "360.0");
    // M7 of online-monitoring.md is the platform's answer to M5.
    assert_eq!(told["reply"], "##0087QN=20260301110006000;ST=91;CN=9014;PW=123456;MN=3308000A8900016F000169D1;Flag=4;CP=&&&&EA41\r\n");
}

#[test]
fn refusals_name_their_reason_and_are_answered_where_they_are_to_be() {
    let good = "QN=20260301110006000;ST=32;CN=2061;PW=123456;MN=3308000A8900016F000169D1;Flag=5;CP=&&DataTime=20260301100000;w00000-Cou=1&&";
    let comma = parsed(&built(&good.replacen(";ST", ",ST", 1)));
    assert_eq!((&comma["accept"], &comma["error"], &comma["packet"]), (&json!(false), &json!("ST"), &json!(null)));
    let content = parsed(&built(&good.replacen("w00000-Cou=1", "w00000-Cou", 1)));
    assert_eq!(content["error"], "CP");
    assert!(content["reply"].as_str().unwrap().contains("CN=9011") && content["reply"].as_str().unwrap().contains("QnRtn=100"));
    assert_eq!(parsed(built(good).trim_end())["error"], "length");
    assert_eq!(parsed("")["error"], "length");
}

#[test]
fn frames_of_strangers_and_broken_ones_are_rejected_without_a_trace() {
    let good = "QN=20260301110006000;ST=32;CN=2061;PW=123456;MN=3308000A8900016F000169D1;Flag=5;CP=&&DataTime=20260301100000;w00000-Cou=1&&";
    let without_time = good.replacen("DataTime=20260301100000;", "", 1);
    let frames = [built(good), built(&without_time), "##noise\r\n".to_owned()];
    let ask = |mn: &str| calculators::find("hj212.ingest").unwrap().calculate(&json!({ "registered_mn": [mn], "frames": frames })).unwrap().outputs;
    assert_eq!(ask("3308000A8900016F000169D1")["results"], json!(["stored", "reject", "reject"]));
    let stranger = ask("3308000A8900016F000169D2");
    assert_eq!((&stranger["results"], &stranger["records"]), (&json!(["reject", "reject", "reject"]), &json!({})));
}
