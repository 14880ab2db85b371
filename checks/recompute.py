"""Computes the raster services of a region again and holds its account against them.

    python3 checks/recompute.py regions/quzhou              compares every regions/quzhou/out/*/account.csv
    python3 checks/recompute.py regions/quzhou --out DIR    compares DIR/account.csv
    python3 checks/recompute.py regions/quzhou --print      prints its own results, compares nothing

Needs numpy and nothing else; shares no code with the program. A quantity may differ by one part in
a million and half of its smallest unit; sums and values may not differ at all. Exit code 1 when
anything differs.
"""

import argparse
import csv
import sys
from pathlib import Path

import services
import sums

RELATIVE = 1e-6


def printed(region, years):
    for year, (quantities, means) in years.items():
        print(f"== {year}: means by county, weighted by area on the ellipsoid")
        for place, row in means.items():
            print(f"  {place:8}" + "".join(f"{name} {value:12.4f}   " for name, value in row.items()))
        print(f"== {year}: quantities")
        for place in [*region.share, region.says["region"]["code"]]:
            own = {}
            for (where, _, indicator), value in quantities.items():
                if place in (where, region.says["region"]["code"]):
                    own[indicator] = own.get(indicator, 0.0) + value
            for indicator, value in own.items():
                print(f"  {place:8}{indicator:28}{value:24.4f}")
        print(f"== {year}: {region.says['region']['code']} by ecosystem type")
        for indicator in dict.fromkeys(key[2] for key in quantities):
            for name in services.TYPES.values():
                parts = [v for (_, t, i), v in quantities.items() if (t, i) == (name, indicator)]
                if parts:
                    print(f"  {name:12}{indicator:28}{sum(parts):24.4f}")


def not_counted(folder):
    """Indicators that the profile leaves out, as the dictionary of the output says."""
    with open(folder / "dictionary.csv", encoding="utf-8-sig", newline="") as file:
        return {row["id"] for row in csv.DictReader(file) if row["kind"] == "not_counted"}


def compared(region, years, account, left_out):
    """Differences of the account's atoms from the quantities; returns how many agree."""
    years = {year: ({key: value for key, value in quantities.items() if key[2] not in left_out}, means) for year, (quantities, means) in years.items()}
    agreed = 0
    worst = {}
    atoms = set(account.atoms())
    for year, (quantities, _) in years.items():
        for (place, name, indicator), mine in quantities.items():
            key = (year, place, name, indicator)
            if key not in atoms:
                if abs(mine) > 0.5:
                    account.fault(key, f"is not in the account; here it is {mine:.4f}")
                continue
            held = account.number(key, "quantity")
            if held is None:
                account.fault(key, f"has no quantity; here it is {mine:.4f}")
                continue
            smallest = 10.0 ** held.as_tuple().exponent
            away = abs(float(held) - mine)
            beyond = max(0.0, away - smallest / 2)
            worst[indicator] = max(worst.get(indicator, 0.0), beyond / abs(mine) if mine else beyond)
            if beyond <= RELATIVE * abs(mine):
                agreed += 1
            else:
                account.fault(key, f"quantity is {held}, here it is {mine:.4f}: {away / abs(mine) if mine else away:.2e} apart")
        known = {(year, *key) for key in quantities}
        for key in atoms:
            if key[0] == year and key[3] in {k[2] for k in quantities} and key not in known and (account.number(key, "quantity") or 0) != 0:
                account.fault(key, "is in the account and nothing here")
    print(f"  {'indicator':34}largest relative difference")
    for indicator, value in worst.items():
        print(f"  {indicator:34}{value:.2e}")
    return agreed


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("region", type=Path)
    arguments.add_argument("--out", type=Path, help="the folder with account.csv")
    arguments.add_argument("--print", action="store_true", dest="show", help="print own results only")
    given = arguments.parse_args()
    region = services.Region(given.region)
    if given.show:
        years = {year: services.account(region, year) for year in region.years}
        printed(region, years)
        return 0
    folders = [given.out] if given.out else sorted(p.parent for p in (given.region / "out").glob("*/account.csv"))
    accounts = [folder / "account.csv" for folder in folders]
    if not accounts or not all(path.is_file() for path in accounts):
        print(f"no account.csv in {given.out or given.region / 'out'}: run the region first", file=sys.stderr)
        return 1
    years = {year: services.account(region, year) for year in region.years}
    passed = failed = 0
    for path in accounts:
        print(f"== {path}")
        account = sums.Account(path, region.says["region"]["code"]).check()
        agreed = compared(region, years, account, not_counted(path.parent))
        account.checked["quantity recomputed from the sources"] = agreed
        if agreed == 0:
            account.faults.append("not one quantity could be recomputed")
        if account.checked["value = quantity x price"] == 0:
            account.faults.append("not one row has a quantity, a price and a value")
        for name, count in account.checked.items():
            print(f"  {count:6} x {name}")
        for fault in account.faults[:40]:
            print(f"  FAILED {fault}")
        if len(account.faults) > 40:
            print(f"  ... and {len(account.faults) - 40} more")
        failed += len(account.faults)
        passed += sum(account.checked.values())
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
