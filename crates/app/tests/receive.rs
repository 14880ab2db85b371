//! Deliveries by the program itself, killed at any moment: what it reported as accepted is whole.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests, where a failure is a panic")]

#[path = "../../atlas/tests/region/mod.rs"]
#[allow(dead_code, unused_imports, reason = "each test program uses a part of it")]
mod region;

use std::io::Read as _;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use region::Region;
use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_liangshan");

fn region() -> Region {
    let region = Region::new();
    region.write("sources/offices.csv", "office_id,name_zh,role\nOFF-FOR,林业局,forestry\n");
    region.write("sources/offices.csv.toml", "title_zh = \"岗位\"\ntitle_en = \"Offices\"\norigin = \"synthetic\"\nfrom = \"test\"\nlicence = \"CC0-1.0\"\n");
    let toml = region.text("region.toml") + "\n[deliveries]\noffices = \"sources/offices.csv\"\n";
    region.write("region.toml", toml);
    region
}

fn table(number: usize) -> String {
    let mut out = String::from("year,county_code,product,quantity,quantity_unit,price,price_unit,origin\n");
    for code in region::COUNTIES {
        out.push_str(&format!("2020,{code},seedlings,{number}.5,1e4 plants,5,CNY/plant,measured\n"));
    }
    out
}

fn delivering(region: &Region, number: usize) -> Child {
    let file = format!("in/delivery-{number}.csv");
    region.write(&file, table(number));
    Command::new(PROGRAM)
        .args(["receive".as_ref(), region.path().as_os_str(), region.file(&file).as_os_str()])
        .args(["--by", "OFF-FOR", "--json"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// The digest of the fact, when the program managed to report it.
fn reported(mut child: Child) -> Option<String> {
    let mut said = String::new();
    child.stdout.take().unwrap().read_to_string(&mut said).unwrap();
    child.wait().unwrap();
    let document: Value = serde_json::from_str(&said).ok()?;
    assert_eq!(document["status"], "accepted", "{said}");
    document["tables"][0]["fact"]["digest"].as_str().map(str::to_owned)
}

fn json(arguments: &[&str]) -> (Option<i32>, Value) {
    let output = Command::new(PROGRAM).args(arguments).arg("--json").stdin(Stdio::null()).output().unwrap();
    (output.status.code(), serde_json::from_slice(&output.stdout).unwrap())
}

#[test]
fn a_kill_at_any_moment_leaves_every_accepted_delivery_whole() {
    let region = region();
    let path = region.path().to_str().unwrap();
    // How long one takes, so that the moments fall all over it.
    let begun = Instant::now();
    let mut accepted = vec![reported(delivering(&region, 0)).unwrap()];
    let whole = begun.elapsed();
    let (mut state, mut killed) = (0x2545_f491_4f6c_dd1d_u64, 0);
    for number in 1..=24 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let mut child = delivering(&region, number);
        std::thread::sleep(Duration::from_micros(state % (whole.as_micros() as u64 * 13 / 10)));
        // SIGKILL on Unix: no handler runs, nothing is flushed.
        let running = child.try_wait().unwrap().is_none();
        child.kill().unwrap();
        killed += usize::from(running);
        accepted.extend(reported(child));
    }
    assert!(killed > 0, "no run was killed in the middle");
    let (code, verdict) = json(&["verify", path]);
    assert_eq!((code, verdict["status"].as_str()), (Some(0), Some("whole")), "{verdict}");
    let facts = verdict["facts"].as_u64().unwrap() as usize;
    assert!(facts >= accepted.len() && facts <= 25, "{facts} facts, {} reported", accepted.len());
    // Every delivery that was reported is in the chain; one may have been recorded and killed before it could say so.
    for head in &accepted {
        let (code, verdict) = json(&["verify", path, "--head", head]);
        assert_eq!(code, Some(0), "{head}: {verdict}");
    }
    // And the next delivery goes on as if nothing had happened.
    assert!(reported(delivering(&region, 99)).is_some());
    assert_eq!(json(&["verify", path]).1["facts"].as_u64(), Some(facts as u64 + 1));
}

#[test]
fn exit_codes_of_the_three_commands() {
    let region = region();
    let path = region.path().to_str().unwrap();
    assert_eq!(json(&["verify", path]).1["facts"], 0);
    let blank = region.file("blank");
    let (code, written) = json(&["template", path, "--dir", blank.to_str().unwrap()]);
    assert_eq!(code, Some(0));
    assert!(written["departments"].as_array().unwrap().len() > 3, "{written}");
    region.write("in/bad.csv", table(1).replace("990002", "999999"));
    let bad = region.file("in/bad.csv");
    let (code, refused) = json(&["receive", path, bad.to_str().unwrap(), "--by", "OFF-FOR"]);
    assert_eq!((code, refused["status"].as_str()), (Some(1), Some("refused")));
    assert!(!region.file("facts.sqlite").exists());
    region.write("in/good.csv", table(1));
    let good = region.file("in/good.csv");
    let (code, clean) = json(&["receive", path, good.to_str().unwrap(), "--by", "OFF-FOR", "--dry-run"]);
    assert_eq!((code, clean["status"].as_str()), (Some(0), Some("clean")));
    assert!(!region.file("facts.sqlite").exists());
    assert_eq!(json(&["receive", path, good.to_str().unwrap(), "--by", "NOBODY"]).0, Some(1));
    assert_eq!(json(&["receive", path, good.to_str().unwrap(), "--by", "OFF-FOR", "--accept", "no reason"]).0, Some(2));
    assert_eq!(json(&["verify", path, "--head", "xyz"]).0, Some(2));
    assert_eq!(json(&["verify", "no/such/folder"]).0, Some(1));
}
