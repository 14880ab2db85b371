//! The files of a region, each opened once: its digest, its sidecar, and its content as a raster,
//! a table or a layer.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use liangshan_formats::raster::Raster;
use liangshan_formats::table::{Table, read_csv};
use liangshan_formats::vector::{Layer, read_geojson, read_geopackage};
use liangshan_store::digest_file;
use liangshan_vocab::{Digest, Origin, Problem, Problems, Text, text, words};

use super::Sidecar;

/// One file with its standing.
#[derive(Debug)]
pub struct SourceFile {
    /// Relative to the region's folder.
    pub path: String,
    /// The digest of its bytes as they are now.
    pub digest: Digest,
    /// Its size in bytes.
    pub bytes: u64,
    /// What its sidecar says.
    pub sidecar: Sidecar,
}

/// A table with the file it came from.
#[derive(Debug, Clone)]
pub struct TableFile {
    /// The file.
    pub file: Arc<SourceFile>,
    /// Its rows.
    pub table: Arc<Table>,
}

/// A delivered table that is read in the place of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct StandIn {
    /// Where it lies, relative to the region's folder.
    pub path: String,
    /// What its bytes must be.
    pub digest: Digest,
    /// What it is.
    pub title: Text,
    /// Who delivered it, and when.
    pub from: String,
    /// The day.
    pub delivered: String,
    /// Where its numbers come from.
    pub origin: Origin,
    /// Years it has rows for.
    pub years: Vec<i32>,
}

type Memo<T> = Mutex<BTreeMap<String, Result<Arc<T>, Problems>>>;

/// The files below a region's folder. Asking twice reads once, failures included.
pub struct Sources {
    folder: PathBuf,
    stand_ins: BTreeMap<String, StandIn>,
    files: Memo<SourceFile>,
    rasters: Memo<Raster>,
    tables: Memo<Table>,
    layers: Memo<Layer>,
}

fn once<T>(memo: &Memo<T>, key: &str, make: impl FnOnce() -> Result<T, Problems>) -> Result<Arc<T>, Problems> {
    if let Some(known) = memo.lock().unwrap_or_else(PoisonError::into_inner).get(key) {
        return known.clone();
    }
    let made = make().map(Arc::new);
    memo.lock().unwrap_or_else(PoisonError::into_inner).entry(key.to_owned()).or_insert(made).clone()
}

/// True for a path that stays below the region's folder.
fn stays_inside(path: &str) -> bool {
    let path = Path::new(path);
    path.is_relative() && !path.components().any(|c| matches!(c, std::path::Component::ParentDir))
}

impl Sources {
    /// The files below a folder.
    pub fn of(folder: &Path) -> Self {
        Self::with(folder, BTreeMap::new())
    }

    /// The files below a folder, with delivered tables in the place of some.
    pub fn with(folder: &Path, stand_ins: BTreeMap<String, StandIn>) -> Self {
        Self { folder: folder.to_owned(), stand_ins, files: Memo::default(), rasters: Memo::default(), tables: Memo::default(), layers: Memo::default() }
    }

    /// The delivered table that is read in the place of a file.
    pub fn stand_in(&self, path: &str) -> Option<&StandIn> {
        self.stand_ins.get(path)
    }

    /// A delivered table as a file, its sidecar that of the file it stands in for where there is one.
    fn received(&self, path: &str, read: &StandIn) -> Result<SourceFile, Problems> {
        let on_disk = self.folder.join(&read.path);
        if !digest_file(&on_disk).is_ok_and(|digest| digest == read.digest) {
            return Err(Problem::error("delivery.damaged", text("被接受的报送文件缺失或被改动", "the file of an accepted delivery is missing or was altered"))
                .file(read.path.as_str())
                .expect(words!("SHA-256 为 {} 的文件", "a file whose SHA-256 is {}", read.digest))
                .fix(text("从备份恢复 received/，或请该部门重新报送", "bring received/ back from a backup, or ask the department to deliver again"))
                .into());
        }
        let given = std::fs::read(self.folder.join(format!("{path}.toml"))).ok();
        let given = given.map(|bytes| Sidecar::read(&bytes).map_err(|p| p.or_file(&format!("{path}.toml")))).transpose()?;
        let base = given.unwrap_or_else(|| Sidecar {
            title: read.title.clone(),
            origin: read.origin,
            from: String::new(),
            licence: "未说明 / not stated".to_owned(),
            period: String::new(),
            crs: String::new(),
            unit: String::new(),
            scale: None,
            nodata: None,
            method: String::new(),
            delivered: String::new(),
            covers: String::new(),
            sha256: None,
            columns: BTreeMap::new(),
        });
        let mut years = super::years_of(&base.period).unwrap_or_default();
        years.extend(&read.years);
        years.sort_unstable();
        years.dedup();
        let period = if base.period.is_empty() || super::years_of(&base.period).is_some() {
            years.iter().map(i32::to_string).collect::<Vec<_>>().join(", ")
        } else {
            base.period.clone()
        };
        let sidecar = Sidecar {
            origin: read.origin,
            from: read.from.clone(),
            period,
            method: format!("{} / taken over from a delivery, in the place of {path}", base.method),
            delivered: read.delivered.clone(),
            sha256: Some(read.digest.clone()),
            ..base
        };
        let bytes = std::fs::metadata(&on_disk).map_or(0, |m| m.len());
        Ok(SourceFile { path: read.path.clone(), digest: read.digest.clone(), bytes, sidecar })
    }

    /// Where a file is on disk.
    pub fn on_disk(&self, path: &str) -> PathBuf {
        self.folder.join(path)
    }

    fn missing(&self, path: &str) -> Problem {
        Problem::error("source.missing_file", words!("缺少文件“{path}”", "the file \"{path}\" is missing"))
            .file(path)
            .expect(text("region.toml 中声明的文件", "the file that region.toml names"))
            .fix(words!(
                "把文件放到 {path}，并附上 {path}.toml；或修改 region.toml 中的路径",
                "put the file at {path} with its {path}.toml, or correct the path in region.toml"
            ))
    }

    fn unreadable(path: &str, error: &io::Error) -> Problem {
        Problem::error("source.unreadable_file", words!("无法读取文件：{error}", "the file cannot be read: {error}"))
            .file(path)
            .expect(text("可读的文件", "a file that can be read"))
            .fix(text("检查文件权限与磁盘", "check its permissions and the disk"))
    }

    fn bytes(&self, path: &str) -> Result<Vec<u8>, Problems> {
        let path = self.stand_ins.get(path).map_or(path, |read| read.path.as_str());
        if !stays_inside(path) {
            return Err(Self::outside(path).into());
        }
        match std::fs::read(self.on_disk(path)) {
            Ok(bytes) => Ok(bytes),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Err(self.missing(path).into()),
            Err(e) => Err(Self::unreadable(path, &e).into()),
        }
    }

    fn outside(path: &str) -> Problem {
        Problem::error("source.outside", words!("路径“{path}”指向区域目录之外", "the path \"{path}\" leads outside the region's folder"))
            .file(super::REGION_FILE)
            .expect(text("区域目录内的相对路径", "a relative path inside the region's folder"))
            .fix(text("把文件复制到区域目录内，并改正路径", "copy the file into the region and correct the path"))
    }

    /// The file's digest and sidecar.
    ///
    /// # Errors
    /// `source.missing_file`, `source.missing_sidecar`, and everything wrong in the sidecar.
    pub fn file(&self, path: &str) -> Result<Arc<SourceFile>, Problems> {
        once(&self.files, path, || {
            let mut problems = Problems::new();
            if !stays_inside(path) {
                return Err(Self::outside(path).into());
            }
            if let Some(read) = self.stand_ins.get(path) {
                return self.received(path, read);
            }
            let on_disk = self.on_disk(path);
            let digest = match digest_file(&on_disk) {
                Ok(digest) => Some(digest),
                Err(e) if e.kind() == io::ErrorKind::NotFound => return Err(self.missing(path).into()),
                Err(e) => {
                    problems.push(Self::unreadable(path, &e));
                    None
                }
            };
            let beside = format!("{path}.toml");
            let sidecar = match std::fs::read(self.on_disk(&beside)) {
                Ok(bytes) => problems.keep(Sidecar::read(&bytes).map_err(|p| p.or_file(&beside))),
                Err(_) => {
                    problems.push(
                        Problem::error("source.missing_sidecar", words!("文件“{path}”没有说明文件", "the file \"{path}\" has no sidecar"))
                            .file(beside.as_str())
                            .expect(text(
                                "说明来源、许可、时间与单位的 TOML 文件",
                                "a TOML file that says from whom, under what licence, of what time, in what unit",
                            ))
                            .fix(text("照 docs/reference/sidecar.md 写一份", "write one after docs/reference/sidecar.md")),
                    );
                    None
                }
            };
            let bytes = std::fs::metadata(&on_disk).map_or(0, |m| m.len());
            match (digest, sidecar) {
                (Some(digest), Some(sidecar)) if !problems.has_errors() => Ok(SourceFile { path: path.to_owned(), digest, bytes, sidecar }),
                _ => Err(problems),
            }
        })
    }

    /// The file as a raster.
    ///
    /// # Errors
    /// `source.missing_file` and those of the decoder.
    pub fn raster(&self, path: &str) -> Result<Arc<Raster>, Problems> {
        once(&self.rasters, path, || {
            if !stays_inside(path) {
                return Err(Self::outside(path).into());
            }
            let file = match File::open(self.on_disk(path)) {
                Ok(file) => file,
                Err(e) if e.kind() == io::ErrorKind::NotFound => return Err(self.missing(path).into()),
                Err(e) => return Err(Self::unreadable(path, &e).into()),
            };
            Raster::open(Arc::new(file)).map_err(|p| p.or_file(path).into())
        })
    }

    /// Lets go of decoded tiles of rasters that stay open: for a region that is kept at hand without being
    /// computed from.
    pub fn rest(&self) {
        self.rasters.lock().unwrap_or_else(PoisonError::into_inner).values().flatten().for_each(|raster| raster.rest());
    }

    /// The file as a table, with its standing.
    ///
    /// # Errors
    /// Those of [`Sources::file`] and of the decoder.
    pub fn table(&self, path: &str) -> Result<TableFile, Problems> {
        let table = once(&self.tables, path, || read_csv(&self.bytes(path)?).map_err(|p| p.or_file(path)));
        let mut problems = Problems::new();
        let (file, table) = (problems.keep(self.file(path)), problems.keep(table));
        match (file, table) {
            (Some(file), Some(table)) => Ok(TableFile { file, table }),
            _ => {
                // A missing file is one problem, not two.
                problems.0.dedup_by(|a, b| a == b);
                Err(problems)
            }
        }
    }

    /// The file as a vector layer: GeoJSON by its extension, else the only layer of a GeoPackage.
    ///
    /// # Errors
    /// `source.missing_file` and those of the decoder.
    pub fn layer(&self, path: &str) -> Result<Arc<Layer>, Problems> {
        self.layer_named(path, None)
    }

    /// The same for one of several layers of a GeoPackage.
    ///
    /// # Errors
    /// As [`Sources::layer`].
    pub fn layer_named(&self, path: &str, layer: Option<&str>) -> Result<Arc<Layer>, Problems> {
        let key = layer.map_or_else(|| path.to_owned(), |layer| format!("{path}#{layer}"));
        once(&self.layers, &key, || {
            let bytes = self.bytes(path)?;
            let json = Path::new(path).extension().is_some_and(|e| e.eq_ignore_ascii_case("geojson") || e.eq_ignore_ascii_case("json"));
            let read = if json { read_geojson(&bytes) } else { read_geopackage(&bytes, layer) };
            read.map_err(|p| p.or_file(path))
        })
    }

    /// Every file opened so far, by path.
    pub fn opened(&self) -> Vec<Arc<SourceFile>> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner).values().filter_map(|f| f.as_ref().ok().cloned()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_may_not_leave_the_region() {
        let sources = Sources::of(Path::new("."));
        assert_eq!(sources.file("../secret.csv").unwrap_err().0[0].code, "source.outside");
        assert_eq!(sources.table("/etc/hosts").unwrap_err().0[0].code, "source.outside");
    }

    #[test]
    fn a_missing_file_is_one_letter_with_a_way_out() {
        let dir = tempfile::tempdir().unwrap();
        let problems = Sources::of(dir.path()).table("sources/rain.csv").unwrap_err();
        assert_eq!(problems.len(), 1);
        assert_eq!(problems.0[0].code, "source.missing_file");
        assert!(problems.0[0].fix.en.contains("sources/rain.csv.toml"));
    }
}
