//! Why a row, a sheet or a file is not judged, in words that say what to do about it.

use jiff::civil::Date;
use liangshan_formats::table::Row;
use liangshan_vocab::{Problem, Text, nearest, text, words};

use super::Domain;
use super::cells::serial;
use super::sheets::Needs;

/// So many cells of a row are told.
const TOLD: usize = 8;

/// The first cells of a row that have anything, as they stand.
fn seen(row: &Row) -> String {
    let cells: Vec<&str> = row.cells.iter().map(|c| c.trim()).filter(|c| !c.is_empty()).collect();
    let shown: Vec<String> = cells.iter().take(TOLD).map(|c| c.chars().take(20).collect()).collect();
    let more = if cells.len() > TOLD { " …" } else { "" };
    format!("{}{more}", shown.join(" | "))
}

/// A sheet without a header: a note, and an error where it holds a table of numbers all the same.
pub(super) fn not_read(sheet: &str, rows: &[Row]) -> Problem {
    let has_numbers = |row: &&Row| row.cells.iter().filter(|c| c.trim().parse::<f64>().is_ok()).count() >= 2;
    let what = text("这张工作表没有可评价的表头，未读", "this sheet has no header that can be judged, and was not read");
    let problem =
        if rows.iter().filter(has_numbers).count() >= 2 { Problem::error("assess.sheet_not_read", what) } else { Problem::note("assess.sheet_not_read", what) };
    problem
        .file(sheet)
        .expect(text("一行表头，写明地点、时间与项目", "a header row with place, time and items"))
        .fix(text("若应评价，请补表头；若不是数据，请移到别的文件", "give it a header if it should be judged; move it to another file if it is no data"))
}

pub(super) fn no_header(label: &str, domain: Domain, needs: &Needs, first: &Row) -> Problem {
    let wanted = if needs.time {
        text("时间列和至少一个项目列", "a column of time and one item at least")
    } else {
        text("至少一个项目列", "one item at least")
    };
    let seen = seen(first);
    let names = match domain {
        Domain::Water => text("断面,监测时间,pH,溶解氧(mg/L)", "section,time,pH,DO(mg/L)"),
        Domain::Air => text("站点,时间,PM2.5(μg/m3),臭氧", "station,time,PM2.5(ug/m3),O3"),
        Domain::Soil => text("点位,用地类型,pH,镉(mg/kg)", "point,land,pH,Cd(mg/kg)"),
        Domain::Waste => text("单位名称,年度,年产生量(t)", "enterprise,year,yearly amount(t)"),
    };
    Problem::error(
        "assess.no_header",
        Text::of(
            format!("没有找到{}的表头；第一行写的是 {seen}", domain.title().zh),
            format!("no header of a table of {} was found; the first row says {seen}", domain.title().en),
        ),
    )
    .file(label)
    .row(first.line)
    .expect(wanted)
    .fix(Text::of(
        format!("用一行（或上下两行）写列名，如 {}；认识的列名见 docs/reference/assess.md", names.zh),
        format!("name the columns in one row (or two), such as {}; docs/reference/assess.md lists the names that are known", names.en),
    ))
}

/// A table of nothing.
pub(super) fn no_rows(label: &str) -> Problem {
    Problem::error("assess.no_rows", text("没有数据行，无可评价", "there are no rows of data, and nothing to judge"))
        .file(label)
        .expect(text("表头下至少一行数据", "one row of data at least below the header"))
        .fix(text("检查导出的范围与文件是否正确；没有写入任何文件", "see whether the right range and file were exported; nothing was written"))
}

pub(super) fn too_many_cells(got: usize, wanted: usize) -> Problem {
    Problem::error(
        "assess.ragged_row",
        words!("这一行有 {got} 格，表头有 {wanted} 列，未评价", "the row has {got} cells and the header {wanted}; it was not judged"),
    )
    .expect(words!("每行 {wanted} 格", "{wanted} cells in each row"))
    .fix(text("补齐或删去分隔符；格内有逗号时整格加引号", "add or remove separators; put a cell that has a comma in quotes"))
}

pub(super) fn no_place() -> Problem {
    Problem::error("assess.no_place", text("没有写明地点，该行未评价", "the row names no place and was not judged"))
        .expect(text("站点或断面的名称或编码", "the name or code of a station or section"))
        .fix(text("补上名称", "write it in"))
}

pub(super) fn no_time() -> Problem {
    Problem::error("assess.no_time", text("没有写明时间，该行未评价", "the row has no time and was not judged"))
        .expect(text("如 2021-04-01 08:00", "such as 2021-04-01 08:00"))
        .fix(text("补上时间", "write it in"))
}

pub(super) fn bad_time(written: &str, why: &Text) -> Problem {
    let problem =
        Problem::error("assess.time", Text::of(format!("“{written}”：{}，该行未评价", why.zh), format!("\"{written}\": {}; the row was not judged", why.en)))
            .expect(text("如 2021-04-01 08:00，北京时间", "such as 2021-04-01 08:00, time of Beijing"));
    match serial(written) {
        Some(stamp) => {
            let meant = stamp.printed();
            problem.fix(words!(
                "若是 Excel 的日期序列号，它指 {meant}：请把该列设为日期格式再保存",
                "if it is a serial number of Excel it stands for {meant}: format the column as dates and save again"
            ))
        }
        None => problem.fix(text("改正时间", "correct it")),
    }
}

/// A time that has not come yet. The row is judged, by the edition of its day; that nothing can have been
/// measured then is for its author to see.
pub(super) fn future(written: &str, on: Date) -> Problem {
    Problem::warning(
        "assess.future",
        words!("“{written}”晚于评价日 {on}，仍按所写日期评价", "\"{written}\" is later than {on}, the day of judgement; judged as written"),
    )
    .expect(words!("不晚于 {on} 的监测时间", "a time of measurement no later than {on}"))
    .fix(text("改正年月日；若评价日有误，用 --on 指明", "correct the date; name the day of judgement by --on where that is wrong"))
}

pub(super) fn unknown_status(status: &str) -> Problem {
    Problem::error("assess.status", words!("不认识状态“{status}”，该行未评价", "the status \"{status}\" is not known, and the row was not judged"))
        .expect(text("正常、维护、校准等，见 rules/assess/cells.csv", "normal, maintenance, calibration and the like, see rules/assess/cells.csv"))
        .fix(text("改用已知的词，或在该表中添加", "use a word that is known, or add it to that table"))
}

pub(super) fn unknown_item(named: &str, names: &[String]) -> Problem {
    Problem::warning("assess.item_unknown", words!("不认识项目“{named}”，该行未评价", "the item \"{named}\" is not known, and the row was not judged"))
        .expect(text("标准中的项目代码或名称", "a code or name of an item of the standard"))
        .fix_near(nearest(named, names.iter().map(String::as_str)), text("若是评价项目，请改正名称", "if it is an item of the assessment, correct its name"))
}

pub(super) fn unit_row(said: &str, wanted: &str) -> Problem {
    Problem::error("assess.unit_row", words!("单位“{said}”不认识或不能换算为 {wanted}", "the unit \"{said}\" is not known or does not convert to {wanted}"))
        .expect(words!("{wanted} 或可换算的单位", "{wanted} or a unit that converts to it"))
        .fix(text("改正单位；该行未评价", "correct the unit; the row was not judged"))
}
