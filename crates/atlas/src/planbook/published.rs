//! The account that a run left in `out/`: what the plan takes from it instead of being told.

use std::collections::BTreeMap;

use liangshan_formats::table::{Table, read_csv};
use liangshan_vocab::{Problem, Problems, Text, words};

use crate::region::Region;

/// A number of the account, of the whole region.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The quantity as written, and its unit; empty where there is none.
    pub quantity: String,
    /// Its unit.
    pub unit: String,
    /// The value in yuan, as written.
    pub yuan: String,
    /// Where it comes from.
    pub origin: String,
}

/// A total of a year.
#[derive(Debug, Clone, PartialEq)]
pub struct Total {
    /// What the total may be called.
    pub title: String,
    /// Yuan, as written.
    pub yuan: String,
    /// Over the gross domestic product, where there is one.
    pub over_gdp: Option<f64>,
    /// Whether nothing is missing in it.
    pub complete: bool,
}

/// A kept account.
#[derive(Debug, Clone, Default)]
pub struct Published {
    /// Its folder, relative to the region; also where there is none yet.
    pub folder: String,
    /// Rows with a value, by indicator and year.
    pub rows: BTreeMap<String, BTreeMap<i32, Row>>,
    /// Indicators that a region declares not to have.
    pub not_applicable: Vec<String>,
    /// Totals by year.
    pub totals: BTreeMap<i32, Total>,
}

impl Published {
    /// Reads the account of the region's own profile; an empty one where nothing was run yet.
    ///
    /// # Errors
    /// A file of it that is there and cannot be read.
    pub fn read(region: &Region) -> Result<Self, Problems> {
        let folder = format!("out/{}", region.declared.profile);
        let mut published = Self { folder: folder.clone(), ..Self::default() };
        let table = |name: &str| -> Result<Option<Table>, Problems> {
            let path = format!("{folder}/{name}");
            match std::fs::read(region.folder.join(&path)) {
                Ok(bytes) => read_csv(&bytes).map(Some).map_err(|p| p.or_file(&path)),
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
                Err(e) => Err(crate::whole::cannot_read(&path, &e).into()),
            }
        };
        let whole = region.declared.code.as_str();
        if let Some(t) = table("account.csv")? {
            let names = ["year", "place_code", "ecosystem", "indicator", "quantity", "unit", "value_yuan", "origin", "status"];
            let [year, place, ecosystem, indicator, quantity, unit, yuan, origin, status] = t.find(names)?;
            for row in t.rows.iter().filter(|r| t.text(r, place) == whole && t.text(r, ecosystem) == "all") {
                let name = t.text(row, indicator).to_owned();
                match (t.text(row, status), t.integer(row, year).map_err(Problems::from)?.and_then(|y| i32::try_from(y).ok())) {
                    ("ok", Some(year)) => {
                        let cell = |c| t.text(row, c).to_owned();
                        let own = Row { quantity: cell(quantity), unit: cell(unit), yuan: cell(yuan), origin: cell(origin) };
                        published.rows.entry(name).or_default().insert(year, own);
                    }
                    ("not_applicable", _) if !published.not_applicable.contains(&name) => published.not_applicable.push(name),
                    _ => {}
                }
            }
        }
        if let Some(t) = table("totals.csv")? {
            let [year, place, ecosystem, title, yuan, over, complete] =
                t.find(["year", "place_code", "ecosystem", "title_zh", "value_yuan", "over_gdp", "complete"])?;
            for row in t.rows.iter().filter(|r| t.text(r, place) == whole && t.text(r, ecosystem) == "all") {
                let Some(of) = t.integer(row, year).map_err(Problems::from)?.and_then(|y| i32::try_from(y).ok()) else { continue };
                let over_gdp = t.number(row, over).map_err(Problems::from)?;
                let total =
                    Total { title: t.text(row, title).to_owned(), yuan: t.text(row, yuan).to_owned(), over_gdp, complete: t.text(row, complete) == "yes" };
                published.totals.insert(of, total);
            }
        }
        Ok(published)
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// What to do where there is none.
    pub fn wanting(&self, region: &Region) -> Text {
        let shown = region.folder.display();
        words!("还没有核算结果：先运行 liangshan run {shown}", "there is no account yet: liangshan run {shown}")
    }
}

/// The note that there is no account.
pub fn no_account(published: &Published, region: &Region) -> Option<Problem> {
    published.is_empty().then(|| {
        Problem::note("plan.no_account", published.wanting(region))
            .file(format!("{}/account.csv", published.folder))
            .expect(words!("已算出的账户", "a computed account"))
            .fix(words!("运行 liangshan run {} 后再看方案", "run liangshan run {} and ask again", region.folder.display()))
    })
}
