//! Least cost and circuits on a small surface given as a matrix.

use liangshan_vocab::quantity::measure;
use liangshan_vocab::spec::{Form, POSITIVE, RATIO, Reach, Source, given, made, number, number_out};
use liangshan_vocab::{Answer, Arguments, Calculator, Problem, Spec, text, words};
use serde_json::{Map, Value, json};

use crate::security::{Neighbours, Surface, circuit, mcr};

pub(super) const ALL: &[&Calculator] = &[&MCR, &CIRCUIT];

static MCR: Calculator = Calculator {
    spec: &Spec {
        id: "zoning.mcr",
        title: text("最小累积阻力", "minimum cumulative resistance"),
        source: Source { work: "Knaapen, Scheffer and Harms (1992), Landscape and Urban Planning 23", at: "Σ D R；相邻格网阻力取平均乘以距离" },
        reach: Reach::Whole,
        inputs: &[
            given("R", "阻力矩阵；不可通过为 null", "matrix of resistances; null for a barrier", Form::List, RATIO),
            given("source", "源 [行, 列]，或多个", "source [row, column], or several", Form::List, RATIO),
            number("cell_m", "格网边长", "side of a cell", measure("length", "m"), POSITIVE),
            number("neighbours", "4 或 8 邻域", "4 or 8 neighbours", RATIO, (4.0, 8.0)),
        ],
        outputs: &[made("MCR", "累积阻力矩阵；到达不了为 null", "matrix of costs; null where no way leads", Form::List, measure("resistance", "m"))],
    },
    run: |given| {
        let surface = surface(given)?;
        let several = given.records("source").first().is_some_and(Value::is_array);
        let sources = if several {
            given.records("source").iter().map(|s| cell(&surface, "source", Some(s))).collect()
        } else {
            cell(&surface, "source", given.value("source")).map(|at| vec![at])
        };
        let costs = mcr(&surface, &sources?, given.number("cell_m"));
        let value = |cost: &f64| if cost.is_nan() { Value::Null } else { json!(cost) };
        let rows: Vec<Vec<Value>> = costs.cost.chunks(surface.columns()).map(|row| row.iter().map(value).collect()).collect();
        Ok(Answer::default().and("MCR", json!(rows)))
    },
};

static CIRCUIT: Calculator = Calculator {
    spec: &Spec {
        id: "zoning.circuit",
        title: text("电路理论连通性", "circuit theory of connectivity"),
        source: Source { work: "McRae et al. (2008), Ecology 89(10)", at: "有效电阻与电流；边的电阻为两格网平均乘以距离" },
        reach: Reach::Whole,
        inputs: &[
            given("R", "阻力矩阵；不可通过为 null", "matrix of resistances; null for a barrier", Form::List, RATIO),
            given("source", "源 [行, 列]", "source [row, column]", Form::List, RATIO),
            given("ground", "地 [行, 列]", "ground [row, column]", Form::List, RATIO),
            number("neighbours", "4 或 8 邻域", "4 or 8 neighbours", RATIO, (4.0, 8.0)),
        ],
        outputs: &[
            number_out("effective_resistance", "有效电阻", "effective resistance", RATIO),
            made(
                "currents",
                "各边电流，键为“行列-行列”，10 行或列以上为“行,列-行,列”",
                "currents by edge, `rc-rc`, or `r,c-r,c` from 10 rows or columns on; positive in the order named",
                Form::Named,
                RATIO,
            ),
        ],
    },
    run: |given| {
        let surface = surface(given)?;
        let made = circuit(&surface, cell(&surface, "source", given.value("source"))?, cell(&surface, "ground", given.value("ground"))?)?;
        let comma = if surface.columns() > 10 || surface.len() / surface.columns() > 10 { "," } else { "" };
        let name = |at: usize| format!("{}{comma}{}", at / surface.columns(), at % surface.columns());
        let currents: Map<String, Value> = made.edges.iter().map(|e| (format!("{}-{}", name(e.from), name(e.to)), json!(e.current))).collect();
        Ok(Answer::number("effective_resistance", made.effective_resistance).and("currents", currents))
    },
};

fn wrong(key: &str, wanted: &'static str) -> Problem {
    Problem::error("calc.form", words!("输入“{key}”的形式不对", "the input \"{key}\" has the wrong form")).key(key).expect(words!("{wanted}", "{wanted}"))
}

fn surface(given: &Arguments) -> Result<Surface, Problem> {
    let neighbours = match given.number("neighbours") {
        4.0 => Neighbours::Four,
        8.0 => Neighbours::Eight,
        _ => return Err(wrong("neighbours", "4 | 8")),
    };
    let value = |v: &Value| if v.is_null() { Some(f64::NAN) } else { v.as_f64() };
    let row = |row: &Value| row.as_array().and_then(|row| row.iter().map(value).collect::<Option<Vec<f64>>>());
    let rows: Option<Vec<Vec<f64>>> = given.records("R").iter().map(row).collect();
    let rows = rows.filter(|rows| rows.windows(2).all(|pair| pair[0].len() == pair[1].len())).ok_or_else(|| wrong("R", "[[number | null, …], …]"))?;
    let columns = rows.first().map_or(0, Vec::len);
    Surface::new(rows.concat(), columns, neighbours)
}

fn cell(surface: &Surface, name: &str, value: Option<&Value>) -> Result<usize, Problem> {
    let index = |v: &Value| v.as_u64().and_then(|n| usize::try_from(n).ok());
    match value.and_then(Value::as_array).map(Vec::as_slice) {
        Some([row, column]) => match (index(row), index(column)) {
            (Some(row), Some(column)) => surface.cell(row, column),
            _ => Err(wrong(name, "[row, column]")),
        },
        _ => Err(wrong(name, "[row, column]")),
    }
}
