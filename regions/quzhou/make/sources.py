"""Checks the sidecars of `sources/` and writes the table of layers into README.md.

Run by hand: `python make/sources.py` checks; `python make/sources.py --table` also writes the table.
Standard library only. Ends with 1 and a list when a file has no sidecar, a digest does not fit, a key is
unknown or missing, an origin is not one of the four, or a sidecar has no file.
"""

import hashlib
import sys
import tomllib
from pathlib import Path

REGION = Path(__file__).resolve().parent.parent
ORIGINS = {"measured": "实测", "modelled": "模拟", "synthetic": "合成（虚构）", "mixed": "混合"}
ALWAYS = ["title_zh", "title_en", "origin", "from", "licence", "period", "crs", "unit", "method", "delivered", "covers", "sha256"]
SOMETIMES = ["scale", "nodata", "columns"]
COLUMN = ["unit", "title_zh", "title_en", "lower", "upper"]
FROM, TO = "<!-- table: make/sources.py -->", "<!-- end of table -->"


def faults_and_rows():
    faults, rows = [], []
    files = sorted(p for p in (REGION / "sources").rglob("*") if p.is_file())
    for path in files:
        name = path.relative_to(REGION).as_posix()
        if path.suffix == ".toml":
            if not path.with_suffix("").exists():
                faults.append(f"{name}: no file beside it")
            continue
        beside = Path(f"{path}.toml")
        if not beside.exists():
            faults.append(f"{name}: no sidecar")
            continue
        told = tomllib.loads(beside.read_text(encoding="utf-8"))
        faults += [f"{name}: no key {key}" for key in ALWAYS if key not in told]
        faults += [f"{name}: unknown key {key}" for key in told if key not in ALWAYS + SOMETIMES]
        faults += [f"{name}: unknown key {key} of column {column}" for column, about in told.get("columns", {}).items() for key in about if key not in COLUMN]
        if told.get("origin") not in ORIGINS:
            faults.append(f"{name}: origin {told.get('origin')}")
        if told.get("sha256") != hashlib.sha256(path.read_bytes()).hexdigest():
            faults.append(f"{name}: the digest does not fit")
        rows.append((name.removeprefix("sources/"), told))
    return faults, rows


def table(rows):
    yield "| 文件 file | 内容 content | 性质 origin | 时间 period | 原样 as received |"
    yield "|---|---|---|---|---|"
    for name, told in rows:
        origin = f"{ORIGINS[told['origin']]} {told['origin']}"
        received = "是 yes" if told["delivered"] == "as received" else ""
        yield f"| `{name}` | {told['title_zh']}<br>{told['title_en']} | {origin} | {told['period'].split(';')[0]} | {received} |"


def main():
    faults, rows = faults_and_rows()
    print(*faults, f"{len(rows)} files, {len(faults)} faults", sep="\n")
    if "--table" in sys.argv and not faults:
        readme = REGION / "README.md"
        text = readme.read_text(encoding="utf-8")
        head, rest = text.split(FROM)
        readme.write_text(head + FROM + "\n" + "\n".join(table(rows)) + "\n" + TO + rest.split(TO)[1], encoding="utf-8")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
