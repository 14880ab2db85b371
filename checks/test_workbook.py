"""Tests of the workbook check: a right one passes, and each kind of fault is found."""

import contextlib
import io
import os
import shutil
import tempfile
import unittest
import zipfile
from pathlib import Path

import workbook
from formats import Tally

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="T" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


def written(folder, cells):
    path = Path(folder) / "gep.xlsx"
    with zipfile.ZipFile(path, "w") as book:
        for name, body in PARTS.items():
            book.writestr(name, body)
        book.writestr("xl/worksheets/sheet1.xml", f'<worksheet xmlns="{MAIN}"><sheetData><row r="1">{cells}</row></sheetData></worksheet>')
    return path


# by hand: 2.5 x 0.07 = 0.175, half up 0.18; 3 x 1.1 = 3.3
RIGHT = '<c r="A1"><v>2.5</v></c><c r="B1"><v>0.07</v></c><c r="C1"><f>ROUND(3*1.1,2)</f><v>3.3</v></c><c r="D1"><f>C1/A1</f><v>1.32</v></c>'


def faults(cells):
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()) as said:
        tally = Tally()
        tally.required = False
        workbook.check(tally, written(folder, cells))
    return tally.failed, said.getvalue()


@unittest.skipUnless(shutil.which("soffice") or os.environ.get("LIANGSHAN_CHECKS_REQUIRED") == "1", "soffice is not installed")
class Recalculation(unittest.TestCase):
    def test_a_right_workbook_passes(self):
        failed, said = faults(RIGHT)
        self.assertEqual(failed, 0, said)
        self.assertIn("2 formulas recalculated", said)

    def test_a_stored_value_that_is_off_by_a_fen_is_found(self):
        failed, said = faults(RIGHT.replace("<v>3.3</v>", "<v>3.31</v>"))
        self.assertEqual(failed, 1)
        self.assertIn("T!C1 stored 3.31, recalculated 3.3", said)

    def test_a_half_rounded_to_even_in_a_formula_is_found(self):
        failed, said = faults(RIGHT + '<c r="E1"><f>ROUND(A1*0.05,2)</f><v>0.12</v></c>')
        self.assertEqual(failed, 1)
        self.assertIn("stored 0.12, recalculated 0.13", said)

    def test_an_error_is_found_before_and_after(self):
        failed, said = faults(RIGHT + '<c r="E1"><f>1/0</f><v>1</v></c>')
        self.assertEqual(failed, 2, said)
        self.assertIn("LibreOffice computes no error", said)
        failed, said = faults(RIGHT + '<c r="E1" t="e"><v>#REF!</v></c>')
        self.assertGreaterEqual(failed, 1)
        self.assertIn("gep.xlsx holds no error", said)


class Reading(unittest.TestCase):
    def test_names_of_cells(self):
        self.assertEqual([workbook.column(name) for name in ("A1", "Z9", "AA10", "XFD2")], [(1, 1), (9, 26), (10, 27), (2, 16384)])

    def test_a_quotient_may_differ_in_its_last_bits_and_a_sum_may_not(self):
        quotient = workbook.Cell("0.1", None, "A1/B1")
        self.assertTrue(workbook.same(quotient, workbook.Cell("0.10000000000000002", None, None)))
        sums = workbook.Cell("123456789012.05", None, "ROUND(SUM(A1:A9),2)")
        self.assertFalse(workbook.same(sums, workbook.Cell("123456789012.06", None, None)))
        self.assertFalse(workbook.same(sums, None))


if __name__ == "__main__":
    unittest.main()
