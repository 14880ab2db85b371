//! Kinds of record at hand: those shipped with the program, with a region's own on top.

use std::path::Path;

use liangshan_registers::Register;
use liangshan_vocab::{Problem, Problems, words};

/// The declarations shipped with the program: file and text.
pub const SHIPPED: &[(&str, &str)] = &[
    ("registers/plan.toml", include_str!("../../../../registers/plan.toml")),
    ("registers/water.toml", include_str!("../../../../registers/water.toml")),
    ("registers/air.toml", include_str!("../../../../registers/air.toml")),
    ("registers/waste.toml", include_str!("../../../../registers/waste.toml")),
    ("registers/land.toml", include_str!("../../../../registers/land.toml")),
    ("registers/villages.toml", include_str!("../../../../registers/villages.toml")),
    ("registers/enterprises.toml", include_str!("../../../../registers/enterprises.toml")),
    ("registers/culture.toml", include_str!("../../../../registers/culture.toml")),
    ("registers/cooperation.toml", include_str!("../../../../registers/cooperation.toml")),
];

/// The folder of a region with kinds of its own.
pub const OWN: &str = "registers";

/// Reads them; a region's declaration takes the place of a shipped one of the same id.
///
/// # Errors
/// Everything wrong in the declarations, with file and line.
pub fn registers(folder: &Path) -> Result<Vec<Register>, Problems> {
    let (mut problems, mut all) = (Problems::new(), Vec::<Register>::new());
    let mut add = |file: &str, bytes: &[u8], problems: &mut Problems| {
        for register in problems.keep(Register::read(file, bytes)).unwrap_or_default() {
            all.retain(|r| r.id != register.id);
            all.push(register);
        }
    };
    for (file, text) in SHIPPED {
        add(file, text.as_bytes(), &mut problems);
    }
    let mut own: Vec<_> = std::fs::read_dir(folder.join(OWN)).map(|e| e.filter_map(Result::ok).map(|e| e.path()).collect()).unwrap_or_default();
    own.retain(|p| p.extension().is_some_and(|e| e == "toml"));
    own.sort();
    for path in own {
        let file = format!("{OWN}/{}", path.file_name().unwrap_or_default().to_string_lossy());
        if let Some(bytes) = problems.keep(std::fs::read(&path).map_err(|e| crate::whole::cannot_read(&file, &e))) {
            add(&file, &bytes, &mut problems);
        }
    }
    problems.into_result(all)
}

/// The problem of a register that nobody declares.
pub fn no_register(id: &str, all: &[Register]) -> Problem {
    let known: Vec<&str> = all.iter().map(|r| r.id.as_str()).collect();
    Problem::error("register.unknown", words!("没有声明登记册“{id}”", "the register \"{id}\" is not declared"))
        .key(id)
        .expect(liangshan_vocab::Text::same(known.join(", ")))
        .fix_near(liangshan_vocab::nearest(id, known.iter().copied()), words!("在 {OWN}/ 中声明它，或改正名称", "declare it in {OWN}/, or correct the name"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_project_is_shipped() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../registers");
        let files = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).filter(|n| n.ends_with(".toml"));
        let mut files: Vec<String> = files.map(|n| format!("registers/{n}")).collect();
        files.sort();
        let mut shipped: Vec<&str> = SHIPPED.iter().map(|(file, _)| *file).collect();
        shipped.sort_unstable();
        assert_eq!(files, shipped);
    }

    #[test]
    fn a_region_puts_its_own_in_the_place_of_a_shipped_one() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(dir.path().join(OWN)).unwrap();
        let own = "[[register]]\nid = \"mines\"\ntitle_zh = \"矿\"\ntitle_en = \"pits\"\nkeepers = []\nkey = \"x\"\ncolumn = [{ name = \"x\", kind = \"text\", title_zh = \"某\", title_en = \"x\" }]\n";
        std::fs::write(dir.path().join(OWN).join("own.toml"), own).unwrap();
        let all = registers(dir.path()).unwrap();
        assert_eq!(all.iter().filter(|r| r.id == "mines").map(|r| r.title.en.as_ref()).collect::<Vec<_>>(), ["pits"]);
    }
}
