"""Tests of the re-adding: a right account passes, and each kind of fault is found."""

import tempfile
import unittest
from pathlib import Path

import sums

HEAD = "year,place_code,ecosystem,indicator,quantity,unit,price,price_id,value_yuan,status"
# by hand: 10.5 x 2 = 21; 4.5 x 0.03 = 0.135, half to even 0.14 (13.5 fen, even neighbour 14)
RIGHT = """
2020,1,forest,soil_sediment,10.5,m3,2,p,21.00,ok
2020,1,shrub,soil_sediment,4.5,m3,0.03,p,0.14,ok
2020,1,all,soil_sediment,15.0,m3,1.40933,average(p),21.14,ok
2020,2,forest,soil_sediment,0.5,m3,2,p,1.00,ok
2020,2,all,soil_sediment,0.5,m3,2,average(p),1.00,ok
2020,9,forest,soil_sediment,11.0,m3,2,average(p),22.00,ok
2020,9,shrub,soil_sediment,4.5,m3,0.03,average(p),0.14,ok
2020,9,all,soil_sediment,15.5,m3,1.4,average(p),22.14,ok
2020,1,town,tourism,7,visit,1.5,q,10.50,ok
2020,1,all,tourism,7,visit,1.5,average(q),10.50,ok
2020,9,town,tourism,7,visit,1.5,average(q),10.50,ok
2020,9,all,tourism,,visit,,,,missing_input
2020,2,all,tourism,,visit,,,,missing_input
2020,1,forest,soil,2,t,,,21.00,ok
2020,1,shrub,soil,1,t,,,0.14,ok
2020,1,all,soil,3,t,,,21.14,ok
2020,2,forest,soil,0,t,,,1.00,ok
2020,2,all,soil,0,t,,,1.00,ok
2020,9,forest,soil,2,t,,,22.00,ok
2020,9,shrub,soil,1,t,,,0.14,ok
2020,9,all,soil,3,t,,,22.14,ok
2020,9,all,assessed_services,,,,,32.64,ok
"""


def faults(text):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "account.csv"
        path.write_text(HEAD + text.rstrip() + "\n", encoding="utf-8-sig")
        return sums.Account(path, "9").check().faults


class Sums(unittest.TestCase):
    def test_a_right_account_has_no_fault(self):
        self.assertEqual(faults(RIGHT), [])

    def test_every_kind_of_fault_is_found(self):
        for right, wrong in [
            ("0.03,p,0.14,ok", "0.03,p,0.13,ok"),  # a half rounded down
            ("2020,1,shrub,soil_sediment,4.5,m3,0.03,p", "2020,1,shrub,soil_sediment,4.5,m3,0.03,average(p)"),
            ("2020,1,all,soil_sediment,15.0", "2020,1,all,soil_sediment,15.1"),  # types and county
            ("1.4,average(p),22.14", "1.4,average(p),22.15"),  # counties and city
            ("2020,9,shrub,soil_sediment,4.5,m3,0.03,average(p),0.14,ok\n", ""),  # a sum left out
            ("2020,9,all,soil,3,t,,,22.14", "2020,9,all,soil,3,t,,,22.13"),  # a part and its whole
            ("32.64", "32.65"),  # the total
            ("2020,2,all,tourism,,visit", "2020,2,all,tourism,3,visit"),  # missing, and yet a number
            ("2020,9,all,tourism,,visit,,,,missing_input", "2020,9,all,tourism,7,visit,1.5,average(q),10.50,ok"),
            ("2020,2,all,tourism,,visit,,,,missing_input", "2020,2,all,tourism,7,visit,1.5,average(q),10.50,ok"),
            ("2020,9,all,soil,", "2020,9,all,soil,3,t,,,22.14,ok\n2020,9,all,soil,"),  # a row twice
        ]:
            self.assertIn(right, RIGHT)
            self.assertNotEqual(faults(RIGHT.replace(right, wrong, 1)), [], f"{right!r} -> {wrong!r} stayed unseen")


if __name__ == "__main__":
    unittest.main()
