"""LibreOffice recalculates gep.xlsx to the values it was stored with.

    python3 checks/workbook.py regions/quzhou            looks at every regions/quzhou/out/*/
    python3 checks/workbook.py regions/quzhou --out DIR  looks at DIR

The stored values of all formulas are taken out of a copy, LibreOffice is told to recalculate always,
and what it makes of every cell must be what was stored: sums, products and references to the last of
fifteen digits. The workbook must open without repair, hold no error, and agree with account.csv and
totals.csv to the fen. Without soffice or openpyxl the check is skipped and says so; with
LIANGSHAN_CHECKS_REQUIRED=1 that is a failure.
"""

import argparse
import csv
import io
import re
import subprocess
import sys
import tempfile
import zipfile
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

from formats import Tally

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
# sums, products and references are exact; a quotient may differ in its last bits
EXACT = re.compile(r"^(ROUND\(.*\)|'[^']+'![A-Z]+\d+|[A-Z]+\d+)$")


class Cell:
    """One cell: value as text (None where blank), type, formula (None where there is none)."""

    def __init__(self, value, kind, formula):
        self.value, self.kind, self.formula = value, kind, formula

    def number(self):
        return float(self.value) if self.value not in (None, "") and self.kind in (None, "n") else None


def text_of(node):
    """The text of a shared or inline string, without phonetic hints."""
    hints = {id(t) for hint in node.iter(f"{MAIN}rPh") for t in hint.iter(f"{MAIN}t")}
    return "".join(t.text or "" for t in node.iter(f"{MAIN}t") if id(t) not in hints)


def parts_of_sheets(book):
    """Sheet names and the parts that hold them, in the order of the tabs."""
    rels = ElementTree.fromstring(book.read("xl/_rels/workbook.xml.rels"))
    targets = {rel.get("Id"): rel.get("Target") for rel in rels}
    tabs = ElementTree.fromstring(book.read("xl/workbook.xml")).iter(f"{MAIN}sheet")
    return {tab.get("name"): "xl/" + targets[tab.get(f"{OFFICE}id")].removeprefix("/xl/") for tab in tabs}


def cells_of(path):
    """Every cell by sheet and name."""
    with zipfile.ZipFile(path) as book:
        shared = []
        if "xl/sharedStrings.xml" in book.namelist():
            shared = [text_of(si) for si in ElementTree.fromstring(book.read("xl/sharedStrings.xml"))]
        sheets = {}
        for name, part in parts_of_sheets(book).items():
            sheets[name] = cells = {}
            for node in ElementTree.fromstring(book.read(part)).iter(f"{MAIN}c"):
                value, formula, inline = node.find(f"{MAIN}v"), node.find(f"{MAIN}f"), node.find(f"{MAIN}is")
                kind = node.get("t")
                said = None if value is None else value.text
                if kind == "s" and said is not None:
                    said, kind = shared[int(said)], "str"
                elif inline is not None:
                    said, kind = text_of(inline), "str"
                cells[node.get("r")] = Cell(said, kind, None if formula is None else formula.text or "")
    return sheets


def without_values(path, to):
    """A copy whose formulas have lost their stored values."""
    with zipfile.ZipFile(path) as book, zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as copy:
        for part in book.namelist():
            data = book.read(part)
            if part.startswith("xl/worksheets/sheet"):
                data = re.sub(rb"(</f>|<f[^>]*/>)<v>[^<]*</v>", rb"\1", data)
            copy.writestr(part, data)


def recalculated(soffice, path, folder):
    """The workbook as LibreOffice computes it, always and from nothing."""
    profile = Path(folder) / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS, encoding="utf-8")
    bare, made = Path(folder) / "bare" / "gep.xlsx", Path(folder) / "made"
    bare.parent.mkdir()
    without_values(path, bare)
    command = [soffice, f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(made), str(bare)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    if not (made / "gep.xlsx").is_file():
        raise RuntimeError((done.stderr or done.stdout).strip()[-400:])
    return cells_of(made / "gep.xlsx")


def same(stored, found):
    """True where a recalculated cell is what was stored."""
    if stored.number() is None:
        return (stored.value or "") == ("" if found is None else found.value or "")
    there = None if found is None else found.number()
    if there is None:
        return False
    if EXACT.match(stored.formula):
        return f"{stored.number():.15g}" == f"{there:.15g}"
    return abs(stored.number() - there) <= 1e-12 * max(1.0, abs(stored.number()))


def differences(stored, found):
    """Formulas that LibreOffice computes to something else, and how many formulas there are."""
    wrong, count = [], 0
    for sheet, cells in stored.items():
        for name, cell in cells.items():
            if cell.formula is None:
                continue
            count += 1
            there = found.get(sheet, {}).get(name)
            if not same(cell, there):
                wrong.append(f"{sheet}!{name} stored {cell.value}, recalculated {there.value if there else None} ={cell.formula}")
    return wrong, count


def errors(sheets):
    return [f"{sheet}!{name} {cell.value}" for sheet, cells in sheets.items() for name, cell in cells.items() if cell.kind == "e" or (cell.value or "").startswith("#")]


def column(name):
    """`AB12` as its row and its column, both from 1."""
    letters, row = re.match(r"([A-Z]+)(\d+)$", name).groups()
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return int(row), number


def grid(cells):
    rows = {}
    for name, cell in cells.items():
        row, at = column(name)
        rows.setdefault(row, {})[at] = cell
    return rows


def money(cell):
    number = None if cell is None else cell.number()
    return None if number is None else Decimal(repr(number)).quantize(Decimal("0.01"))


def read(path):
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def check_tables(tally, sheets, out):
    """T-A, T-B and T-C against account.csv and totals.csv."""
    account, totals, dictionary = (read(out / f"{name}.csv") for name in ("account", "totals", "dictionary"))
    types = {row["title_zh"]: row["id"] for row in dictionary if row["kind"] == "ecosystem"}
    rows = {(r["year"], r["place_name"], r["ecosystem"], r["indicator"]): r for r in account}
    # the whole region stands in the last column of T-C
    tables = [grid(cells) for sheet, cells in sheets.items() if sheet.startswith("T-C ")]
    if not tally.hold("there is a T-C for each year", len(tables) == len({r["year"] for r in account}), f"{len(tables)}"):
        return
    whole = tables[0][4][max(tables[0][4])].value.split("\n")[0]
    seen = 0
    for sheet, cells in sheets.items():
        kind, _, year = sheet.partition(" ")
        if kind not in ("T-B", "T-C"):
            continue
        table = grid(cells)
        head = 4 if kind == "T-C" else 3
        names = {at: (cell.value or "").split("\n")[0] for at, cell in table[head].items()}
        middle = next((at for at, name in sorted(names.items()) if kind == "T-C" and name == whole), 0)
        for number in sorted(row for row in table if row > head):
            line = table[number]
            indicator = line[3].value if 3 in line else None
            if not indicator or "有数据的县" in (line[2].value or ""):
                continue
            for at, name in names.items():
                if kind == "T-C" and at > 4:
                    key, what = (year, name, "all", indicator), "quantity" if at <= middle else "value_yuan"
                elif kind == "T-B" and name in types:
                    key, what = (year, whole, types[name], indicator), "value_yuan"
                elif kind == "T-B" and name == "合计":
                    key, what = (year, whole, "all", indicator), "value_yuan"
                else:
                    continue
                stated = rows.get(key, {}).get(what, "")
                # a row of one type is not printed where the whole is not
                if kind == "T-B" and not rows.get((year, whole, "all", indicator), {}).get(what):
                    stated = ""
                found = line[at].number() if at in line else None
                if not stated or found is None:
                    agrees = not stated and found is None
                else:
                    agrees = f"{float(stated):.15g}" == f"{found:.15g}"
                seen += 1
                if not agrees:
                    tally.hold(f"{sheet} agrees with account.csv", False, f"{key} {what}: account.csv {stated!r}, workbook {found}")
                    return
    tally.hold("T-B and T-C agree with account.csv in every cell", seen > 100, f"only {seen} cells compared")
    for total in totals:
        if total["ecosystem"] != "all" or total["place_name"] != whole:
            continue
        lines = grid(sheets.get(f"T-A {total['year']}", {}))
        found = [money(line.get(13)) for line in lines.values() if 1 in line and (line[1].value or "").startswith(total["title_zh"])]
        tally.hold(f"T-A {total['year']} ends in the total", found == [Decimal(total["value_yuan"])], f"{found} for {total['value_yuan']}")


def check_live(tally, path, openpyxl):
    """In the tables a number is a formula, a zero, a price, or has a note that says why it is not."""
    book = openpyxl.load_workbook(path)
    plain = []
    for sheet in book:
        if not sheet.title.startswith(("T-", "原子")):
            continue
        values = range(13, 14) if sheet.title.startswith("原子") else range(4, sheet.max_column + 1)
        for row in sheet.iter_rows(min_row=4):
            for cell in row:
                prices = sheet.title.startswith("T-A") and cell.column in (7, 9)
                area = sheet.title.startswith("T-A") and str(row[0].value or "").startswith("面积")
                if cell.column in values and isinstance(cell.value, (int, float)) and cell.value != 0 and not cell.comment and not prices and not area:
                    plain.append(f"{sheet.title}!{cell.coordinate}")
    tally.hold("every sum and product is a formula, or says why not", not plain, ", ".join(plain[:5]))


def check(tally, path, out=None):
    """Everything that is asked of one workbook."""
    with zipfile.ZipFile(path) as book:
        tally.hold("no part of gep.xlsx is damaged", book.testzip() is None)
        tally.hold("no part of gep.xlsx stands twice", len(set(book.namelist())) == len(book.namelist()))
        for part in book.namelist():
            try:
                ElementTree.fromstring(book.read(part))
            except ElementTree.ParseError as fault:
                tally.hold(f"{part} is well-formed", False, str(fault))
    stored = cells_of(path)
    told = errors(stored)
    tally.hold("gep.xlsx holds no error", not told, "; ".join(told[:5]))
    try:
        import openpyxl
    except ImportError:
        openpyxl = None
        if tally.required:
            tally.hold("openpyxl opens gep.xlsx", False, "openpyxl is not installed and LIANGSHAN_CHECKS_REQUIRED=1")
        else:
            tally.skipped += 1
            print("SKIPPED: openpyxl opens gep.xlsx because openpyxl is not installed")
    if openpyxl and out:
        check_live(tally, path, openpyxl)
    if out:
        check_tables(tally, stored, out)
    soffice = tally.tool("soffice", "LibreOffice recalculates gep.xlsx")
    if soffice:
        with tempfile.TemporaryDirectory() as folder:
            try:
                found = recalculated(soffice, path, folder)
            except (RuntimeError, subprocess.TimeoutExpired) as fault:
                tally.hold("LibreOffice opens gep.xlsx", False, str(fault))
                return
        told = errors(found)
        tally.hold("LibreOffice computes no error", not told, "; ".join(told[:5]))
        wrong, count = differences(stored, found)
        tally.hold(f"LibreOffice recalculates {count} formulas to the stored values", count > 0 and not wrong, f"{len(wrong)} differ: " + "; ".join(wrong[:5]))
        print(f"{path}: {count} formulas recalculated")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("region", type=Path)
    arguments.add_argument("--out", type=Path, help="the folder a run wrote")
    given = arguments.parse_args()
    folders = [given.out] if given.out else sorted(p for p in (given.region / "out").glob("*") if p.is_dir())
    tally = Tally()
    tally.hold("a run has left something", bool(folders), f"nothing in {given.region / 'out'}: run the region first")
    for out in folders:
        print(f"== {out}")
        path = out / "gep.xlsx"
        if tally.hold("gep.xlsx is there", path.is_file()):
            check(tally, path, out)
    print(f"{tally.passed} passed, {tally.failed} failed, {tally.skipped} skipped")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
