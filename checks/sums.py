"""account.csv added up again, in exact decimals.

V = Q x P for every atom, types make the county, counties make the city, parts make their whole, and
services make the total. Every sum must agree to the last digit printed.
"""

import csv
from collections import defaultdict
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

FEN = Decimal("0.01")
TOTALS = ("gep", "assessed_services", "total")


class Account:
    """The rows of one account.csv by (year, place, ecosystem, indicator)."""

    def __init__(self, path, city):
        self.city, self.rows, self.faults, self.checked = city, {}, [], defaultdict(int)
        with open(path, encoding="utf-8-sig", newline="") as file:
            for number, row in enumerate(csv.DictReader(file), start=2):
                key = (int(row["year"]), row["place_code"], row["ecosystem"], row["indicator"])
                if key in self.rows:
                    self.fault(key, f"is there twice, again in line {number}")
                if row["status"] != "ok" and (row["quantity"] or row["value_yuan"]):
                    self.fault(key, f"has status {row['status']} and yet a number")
                self.rows[key] = row

    def fault(self, key, what):
        self.faults.append(f"{' '.join(map(str, key))}: {what}")

    def number(self, key, column):
        held = self.rows[key][column]
        return Decimal(held) if held else None

    def good(self):
        return [key for key, row in self.rows.items() if row["status"] == "ok"]

    def atoms(self):
        """County rows by ecosystem type; where an indicator has no types in a county, its `all` row."""
        found = [k for k in self.good() if k[1] != self.city and k[3] not in TOTALS]
        typed = {(k[0], k[1], k[3]) for k in found if k[2] != "all"}
        return [k for k in found if k[2] != "all" or (k[0], k[1], k[3]) not in typed]

    def parent(self, indicator):
        """The longest other id in the account that this one extends by `_part` or `.part`."""
        ids = {k[3] for k in self.rows}
        whole = [i for i in ids if indicator.startswith((i + "_", i + "."))]
        return max(whole, key=len, default=None)

    def check(self):
        """Runs every check; what failed is in `faults`, how often each was made in `checked`."""
        with localcontext() as context:
            context.prec = 60
            self._values()
            self._sums()
            self._parents()
            self._totals()
        return self

    def _same(self, name, key, column, expected):
        self.checked[name] += 1
        if key not in self.rows or self.rows[key]["status"] != "ok":
            self.fault(key, f"{name}: no such row, though its parts are there")
            return
        held = self.number(key, column)
        if (held or 0) != (expected or 0) or (held is None and expected):
            self.fault(key, f"{name}: {column} is {held}, its parts give {expected}")

    def _values(self):
        for key in self.atoms():
            quantity, price = self.number(key, "quantity"), self.number(key, "price")
            if price is None:
                continue
            if quantity is None:
                self.fault(key, "has a price and no quantity")
                continue
            self._same("value = quantity x price", key, "value_yuan", (quantity * price).quantize(FEN, ROUND_HALF_EVEN))

    def _add(self, name, groups):
        for key, parts in groups.items():
            for column in ("quantity", "value_yuan"):
                held = [n for n in (self.number(p, column) for p in parts) if n is not None]
                if held:
                    self._same(f"{name}, {column}", key, column, sum(held))

    def _sums(self):
        types, counties = defaultdict(list), defaultdict(list)
        for key in self.good():
            year, place, ecosystem, indicator = key
            if place == self.city:
                continue
            counties[year, self.city, ecosystem, indicator].append(key)
            if ecosystem != "all":
                types[year, place, "all", indicator].append(key)
        self._add("types make the county", types)
        self._add("counties make the city", counties)
        cities = defaultdict(list)
        for key in self.good():
            if key[1] == self.city and key[2] != "all":
                cities[key[0], key[1], "all", key[3]].append(key)
        typed = {(k[0], k[3]) for k in counties if k[2] == "all"} - {(k[0], k[3]) for k in counties if k[2] != "all"}
        self._add("types make the city", {k: v for k, v in cities.items() if (k[0], k[3]) not in typed})

    def _parents(self):
        wholes = defaultdict(list)
        for key in self.good():
            parent = self.parent(key[3])
            if parent and (*key[:3], parent) in self.rows:
                wholes[(*key[:3], parent)].append(key)
        for key, parts in wholes.items():
            values = [self.number(p, "value_yuan") or Decimal(0) for p in parts]
            self._same("parts make their whole, value_yuan", key, "value_yuan", sum(values))
            units = {self.rows[p]["unit"] for p in parts}
            if units == {self.rows[key]["unit"]} and units != {""}:
                self._same("parts make their whole, quantity", key, "quantity", sum(self.number(p, "quantity") or Decimal(0) for p in parts))

    def _totals(self):
        for key in self.good():
            if key[3] in TOTALS:
                parts = [k for k in self.good() if k[:3] == key[:3] and k[3] not in TOTALS and self.parent(k[3]) is None]
                self._same("services make the total", key, "value_yuan", sum(self.number(p, "value_yuan") or Decimal(0) for p in parts))
