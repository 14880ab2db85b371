//! Zoning: areas and plane coordinates, which `space` computes, and the conformity check, whose table
//! of layers lies in `rules/`.

use std::collections::BTreeSet;

use liangshan_duty::calculators::at_hand::standards;
use liangshan_planning::conformity::{Tolerance, judge};
use liangshan_space::statutory::{ring_area_m2, trapezoid_m2};
use liangshan_space::{Crs, Projector};
use liangshan_vocab::quantity::measure;
use liangshan_vocab::spec::{RATIO, Reach, Source, given, made, number, number_out};
use liangshan_vocab::{Answer, Arguments, Calculator, Form, Measure, Problem, Problems, Spec, text, words};
use serde_json::{Value, json};

use crate::coefficients::layer_rules;

pub(super) const ALL: &[&Calculator] = &[&PROJECT_GK, &CELL_AREA, &POLYGON_AREA, &CONFORMITY];

const DEGREE: Measure = measure("angle", "degree");
const M2: Measure = measure("area", "m2");
const SERIES: Source = Source { work: "国土调查办发〔2008〕32号（转载）", at: "椭球面积计算公式；CGCS2000 椭球" };
/// Edges of drawn polygons are cut to stretches of at most so many degrees.
const LONGEST_EDGE: f64 = 0.001;

static CELL_AREA: Calculator = Calculator {
    spec: &Spec {
        id: "zoning.cell_area",
        title: text("经纬格网的椭球面积", "ellipsoid area between parallels and meridians"),
        source: SERIES,
        reach: Reach::Whole,
        inputs: &[
            number("lat_min", "南边纬度", "latitude of the southern side", DEGREE, (-90.0, 90.0)),
            number("lat_max", "北边纬度", "latitude of the northern side", DEGREE, (-90.0, 90.0)),
            number("dlon_deg", "经差", "difference of longitude", DEGREE, (0.0, 360.0)),
        ],
        outputs: &[number_out("area_m2", "面积", "area", M2)],
    },
    run: |given| {
        let (south, north) = (given.number("lat_min"), given.number("lat_max"));
        if south > north {
            return Err(Problem::error("calc.form", words!("lat_min 大于 lat_max", "lat_min is above lat_max"))
                .key("lat_min")
                .expect(words!("南边在前", "the southern side first")));
        }
        Ok(Answer::number("area_m2", trapezoid_m2(south, north, given.number("dlon_deg"))))
    },
};

static POLYGON_AREA: Calculator = Calculator {
    spec: &Spec {
        id: "zoning.polygon_area",
        title: text("多边形的椭球面积", "ellipsoid area of a polygon"),
        source: SERIES,
        reach: Reach::Whole,
        inputs: &[
            given("shell", "外环 [[经度, 纬度], …]，CGCS2000", "outer ring [[longitude, latitude], …], CGCS2000", Form::List, DEGREE),
            given("holes", "内环的列表", "list of inner rings", Form::List, DEGREE),
        ],
        outputs: &[
            number_out("shell_m2", "外环面积", "area of the outer ring", M2),
            made("holes_m2", "各内环面积", "areas of the inner rings", Form::Numbers, M2),
            number_out("net_m2", "净面积", "area less holes", M2),
            number_out("densified_net_m2", "边加密到 0.001 度后的净面积", "the same with edges cut to 0.001 degree", M2),
        ],
    },
    run: |given| {
        let shell = points(given.records("shell"), "shell")?;
        let rings = given.records("holes").iter().map(|hole| points(hole.as_array().map_or(&[], Vec::as_slice), "holes"));
        let holes = rings.collect::<Result<Vec<_>, _>>()?;
        let areas = |longest| -> Result<(f64, Vec<f64>), Problem> {
            let inner = holes.iter().map(|hole| ring_area_m2(hole, longest)).collect::<Result<Vec<_>, _>>()?;
            Ok((ring_area_m2(&shell, longest)?, inner))
        };
        let ((whole, inner), (cut, cut_inner)) = (areas(None)?, areas(Some(LONGEST_EDGE))?);
        let net = |whole: f64, inner: &[f64]| whole - inner.iter().sum::<f64>();
        Ok(Answer::number("shell_m2", whole).and("net_m2", net(whole, &inner)).and("densified_net_m2", net(cut, &cut_inner)).and("holes_m2", json!(inner)))
    },
};

static PROJECT_GK: Calculator = Calculator {
    spec: &Spec {
        id: "zoning.project_gk",
        title: text("高斯－克吕格平面坐标", "Gauss-Kruger plane coordinates"),
        source: Source { work: "EPSG", at: "CGCS2000 / Gauss-Kruger；先东坐标后北坐标" },
        reach: Reach::Whole,
        inputs: &[
            given("lonlat", "[[经度, 纬度], …]，CGCS2000", "[[longitude, latitude], …], CGCS2000", Form::List, DEGREE),
            number("epsg", "EPSG 代码，4491 至 4554", "EPSG code, 4491 to 4554", RATIO, (4491.0, 4554.0)),
        ],
        outputs: &[made("E_N", "[[东, 北], …]", "[[east, north], …]", Form::List, measure("length", "m"))],
    },
    run: |given| {
        let code = given.number("epsg");
        let crs = Crs::parse(&code.to_string())?;
        let projector = Projector::between(&Crs::cgcs2000(), &crs)?;
        let mut points = points(given.records("lonlat"), "lonlat")?;
        projector.map(&mut points);
        if let Some(at) = points.iter().position(|p| p.0.is_nan()) {
            return Err(malformed(&format!("lonlat[{at}]")));
        }
        Ok(Answer::default().and("E_N", points.iter().map(|(e, n)| json!([e, n])).collect::<Vec<_>>()))
    },
};

/// Pairs of longitude and latitude.
fn points(list: &[Value], name: &str) -> Result<Vec<(f64, f64)>, Problem> {
    let point = |value: &Value| match value.as_array().map(Vec::as_slice) {
        Some([lon, lat]) => lon.as_f64().zip(lat.as_f64()),
        _ => None,
    };
    list.iter().map(point).collect::<Option<_>>().ok_or_else(|| malformed(name))
}

fn malformed(key: &str) -> Problem {
    Problem::error("calc.form", words!("“{key}”不是经纬度", "\"{key}\" is no longitude and latitude"))
        .key(key)
        .expect(words!("[[经度, 纬度], …]，以度计", "[[longitude, latitude], …] in degrees"))
}

static CONFORMITY: Calculator = Calculator {
    spec: &Spec {
        id: "zoning.conformity",
        title: text("合规性审查结论", "verdict on a footprint"),
        source: Source { work: "合规性审查规则（设计值）", at: "rules/planning/conformity-design.toml；最坏结论为准" },
        reach: Reach::Whole,
        inputs: &[
            given("overlaps_m2", "与各图层的重叠面积，图层名见规则表", "overlaps by layer, named as in the rules", Form::Named, M2),
            given("tolerance", "容差 {line, other}", "tolerances {line, other}", Form::Named, M2),
            given("discharging", "项目是否排污", "does the project discharge", Form::Truth, RATIO),
            given(
                "facts",
                "项目的其他事实，如 activity_listed、key_project",
                "other facts of the project, such as activity_listed, key_project",
                Form::List,
                RATIO,
            )
            .optional(),
        ],
        outputs: &[
            made("verdict", "结论", "verdict", Form::Choice(&["PASS", "NEED", "ESCALATE", "FORBID"]), RATIO),
            made("needs", "须办理", "what the project needs", Form::List, RATIO),
            made("ignored", "容差以内的重叠", "overlaps within the tolerance", Form::Records, M2),
            made("findings", "各图层的结论", "what each layer says", Form::Records, M2),
            made("rules", "所用规则", "the rules used", Form::Text, RATIO),
            made("evidence", "规则的核实情况", "evidence of the rules", Form::Text, RATIO),
        ],
    },
    run: conformity,
};

fn conformity(given: &Arguments) -> Result<Answer, Problem> {
    let standard = standards(given).latest("planning", "conformity")?;
    let rules = layer_rules(standard)?;
    let tolerances = given.named("tolerance");
    let tolerance = |name: &str| {
        tolerances.iter().find(|(known, value)| *known == name && *value >= 0.0).map(|(_, value)| *value).ok_or_else(|| {
            Problem::error("calc.missing", words!("tolerance 缺少 {name}", "tolerance has no {name}"))
                .key("tolerance")
                .expect(words!("{{line, other}}，平方米", "{{line, other}} in square metres"))
        })
    };
    let tolerance = Tolerance { line_m2: tolerance("line")?, other_m2: tolerance("other")? };
    let mut facts: BTreeSet<&str> = given.records("facts").iter().filter_map(Value::as_str).collect();
    if given.truth("discharging") {
        facts.insert("discharging");
    }
    let made = judge(&given.named("overlaps_m2"), tolerance, &facts, &rules).map_err(first)?;
    let ignored: Vec<Value> = made.ignored.iter().map(|(layer, m2)| json!({ "layer": layer, "overlap_m2": m2 })).collect();
    let finding = |f: &liangshan_planning::conformity::Finding<'_>| json!({ "layer": f.rule.layer, "title": f.rule.title, "overlap_m2": f.overlap_m2, "verdict": f.verdict.word(), "needs": f.rule.needs_title });
    Ok(Answer::default()
        .and("verdict", made.verdict.word())
        .and("needs", json!(made.needs))
        .and("ignored", ignored)
        .and("findings", made.findings.iter().map(finding).collect::<Vec<_>>())
        .and("rules", standard.id.as_str())
        .and("evidence", standard.evidence.word()))
}

/// The worst of several problems; the others are alike.
fn first(problems: Problems) -> Problem {
    let count = problems.len() as u64;
    problems.into_iter().next().map_or_else(|| malformed("overlaps_m2"), |p| p.count(count))
}
