//! What is said about sites that cannot be judged.

use liangshan_space::{Bounds, Crs};
use liangshan_vocab::{Problem, Text, text, words};

use super::sites::far;

pub(super) fn no_sites() -> Problem {
    Problem::error("site.none", text("文件中没有选址", "there is no site in the file"))
        .expect(text("至少一个面要素", "at least one polygon"))
        .fix(text("核对文件与图层", "look at the file and its layer"))
}

pub(super) fn not_a_polygon(id: &str) -> Problem {
    Problem::error("site.not_a_polygon", text("选址不是面", "the site is not a polygon"))
        .key(id)
        .expect(text("面（线状工程请先按宽度缓冲成面）", "a polygon; buffer a linear work by its width first"))
        .fix(text("在 GIS 中转成面后重新导出", "make it a polygon in a GIS and export it again"))
}

pub(super) fn no_area(id: &str) -> Problem {
    Problem::error("site.no_area", text("选址面积为零", "the site has no area"))
        .key(id)
        .expect(text("有面积的面", "a polygon with an area"))
        .fix(text("核对坐标", "look at the coordinates"))
}

pub(super) fn same_id(id: &str) -> Problem {
    Problem::error("site.same_id", words!("两个选址同为“{id}”", "two sites are called \"{id}\""))
        .key(id)
        .expect(text("每个选址一个标识", "an id of its own for each site"))
        .fix(text("改正标识列", "correct the column of ids"))
}

pub(super) fn invalid(id: &str, kind: Text, at: (f64, f64)) -> Problem {
    let (x, y) = at;
    Problem::error(
        "site.invalid_geometry",
        Text::of(format!("选址无效：{} 在 ({x:.4}, {y:.4})", kind.zh), format!("the site is invalid: {} at ({x:.4}, {y:.4})", kind.en)),
    )
    .key(id)
    .expect(text("不自交、环闭合、部分不重叠的面", "a polygon whose rings are closed and do not cross, with parts that do not overlap"))
    .fix(text(
        "在该处改正；用 --out 可得到一份建议的修复 repaired.geojson，须由人核对",
        "mend it there; with --out a repair is proposed as repaired.geojson, for a person to look at",
    ))
}

pub(super) fn outside(id: &str, bounds: Option<Bounds>, extent: &Bounds, crs: &Crs) -> Problem {
    let (at, region) = (far(bounds), far(Some(*extent)));
    Problem::error("site.outside_region", words!("选址不在区域内：{at}", "the site is not in the region: {at}"))
        .key(id)
        .expect(words!("{region}（{crs}）之内的坐标", "coordinates within {region} ({crs})"))
        .fix(text("核对坐标系、带号与坐标顺序", "look at the reference system, the zone and the order of the axes"))
}
