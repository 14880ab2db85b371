"""account.csv added up again, in exact decimals.

V = Q x P for every atom, types make the county, counties make the city, parts make their whole, and
atoms make the total. Every sum must agree to the last digit printed. The price of an atom is one that
somebody stated; a row made of several atoms prints an average, whose id says `average(...)`.
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
        """Rows of one county and one ecosystem type."""
        return [k for k in self.good() if k[1] != self.city and k[2] != "all" and k[3] not in TOTALS]

    def parent(self, indicator):
        """The longest other id in the account that this one extends by `_part` or `.part`."""
        ids = {k[3] for k in self.rows}
        whole = [i for i in ids if indicator.startswith((i + "_", i + "."))]
        return max(whole, key=len, default=None)

    def check(self):
        """Runs every check; what failed is in `faults`, how often each held in `checked`."""
        with localcontext() as context:
            context.prec = 60
            self._values()
            self._sums()
            self._parents()
            self._totals()
        return self

    def _is_missing(self, key):
        """True when the row says that an input is missing, and a county row below it does too."""
        if key not in self.rows or self.rows[key]["status"] != "missing_input":
            return False
        year, place, _, indicator = key
        return place != self.city or any(
            row["status"] == "missing_input" and k[0] == year and k[1] != self.city and (k[3] + "_").startswith((indicator + "_", indicator + "."))
            for k, row in self.rows.items()
        )

    def _same(self, name, key, column, expected):
        if self._is_missing(key):
            return
        if key not in self.rows or self.rows[key]["status"] != "ok":
            self.fault(key, f"{name}: no such row, though its parts are there")
            return
        held = self.number(key, column)
        if (held or 0) != (expected or 0) or (held is None and expected):
            self.fault(key, f"{name}: {column} is {held}, its parts give {expected}")
        else:
            self.checked[name] += 1

    def _values(self):
        wholes = {self.parent(k[3]) for k in self.rows}
        for key in self.atoms():
            quantity, price = self.number(key, "quantity"), self.number(key, "price")
            if price is None:
                continue
            if quantity is None:
                self.fault(key, "has a price and no quantity")
                continue
            if self.rows[key]["price_id"].startswith("average("):
                if key[3] not in wholes:
                    self.fault(key, "is an atom and has an average price")
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
        for key, row in self.rows.items():
            city = (key[0], self.city, *key[2:])
            if row["status"] == "missing_input" and city in self.rows and self.rows[city]["status"] != "missing_input":
                self.fault(key, f"is missing, yet the city's row is {self.rows[city]['status']}")
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
        self._add("types make the city", cities)
        for key in self.good():
            if key[2] == "all" and key[3] not in TOTALS and key not in types and key not in cities:
                if self.number(key, "quantity") or self.number(key, "value_yuan"):
                    self.fault(key, "has a number and no atoms")

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

    def total(self, year, place, ecosystem):
        """The sum of the valued atoms of a place, which is a county or the city."""
        atoms = [k for k in self._priced if k[0] == year and place in (k[1], self.city) and ecosystem in (k[2], "all")]
        return sum((self.number(k, "value_yuan") for k in atoms), Decimal(0))

    def _totals(self):
        self._priced = [k for k in self.atoms() if self.number(k, "price") is not None and not self.rows[k]["price_id"].startswith("average(")]
        for key in self.good():
            if key[3] in TOTALS:
                self._same("atoms make the total", key, "value_yuan", self.total(*key[:3]))
