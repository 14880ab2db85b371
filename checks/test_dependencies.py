"""Tests of the licence expressions and of the bans."""

import unittest

from dependencies import OURS, allowed, faults

RULES = {"licenses": {"allow": ["MIT", "Apache-2.0", "Unicode-3.0"]}, "bans": {"deny": [{"crate": "geo", "deny-multiple-versions": True}, {"crate": "gdal-sys"}]}, "sources": {}}


class Dependencies(unittest.TestCase):
    def test_licence_expressions(self):
        licences = set(RULES["licenses"]["allow"])
        for good in ("MIT", "GPL-3.0 OR MIT", "Unlicense/MIT", "(MIT OR GPL-3.0) AND Unicode-3.0", "MIT OR GPL-3.0 AND BSD-3-Clause"):
            self.assertTrue(allowed(good, licences), good)
        for bad in ("GPL-3.0", "MIT AND GPL-3.0", "(MIT OR Apache-2.0) AND BSD-3-Clause", "Apache-2.0 WITH LLVM-exception"):
            self.assertFalse(allowed(bad, licences), bad)

    def test_each_fault_is_found(self):
        def package(name, version="1.0.0", license="MIT", source=OURS):
            return {"name": name, "version": version, "license": license, "source": source}

        self.assertEqual(list(faults([package("geo"), package("ours", source=None)], RULES)), [])
        for packages in (
            [package("geo"), package("geo", "2.0.0")],
            [package("gdal-sys")],
            [package("a", license="GPL-3.0")],
            [package("a", license=None)],
            [package("a", source="git+https://example.org/a")],
        ):
            self.assertEqual(len(list(faults(packages, RULES))), 1, packages)


if __name__ == "__main__":
    unittest.main()
