"""Runs a copy of a region from nothing, again, and with one thread.

    python3 checks/repeat.py PROGRAM regions/quzhou

The first run must stay under the seconds and megabytes promised; the second, of an unchanged region,
must say that there is nothing to do and change no byte; a run with one thread must leave the same
bytes; after one price has changed, the run must not be idle; deleting derived/ must lose nothing.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SECONDS, MEGABYTES = 20.0, 300.0
SAME = ("account.csv", "dictionary.csv", "statements.jsonl", "places.gpkg", "report.html")


def run(program, region, *options):
    """Seconds, largest resident megabytes and the words of one run."""
    with tempfile.TemporaryFile() as words:
        began = time.monotonic()
        process = subprocess.Popen([program, "run", str(region), "--lang", "en", *options], stdout=words, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - began
        words.seek(0)
        text = words.read().decode("utf-8", "replace")
    if process.returncode != 0:
        raise SystemExit(f"FAILED: run ended with {process.returncode}:\n{text[-2000:]}")
    return seconds, used.ru_maxrss / 1024, text


def digests(region):
    """Digest by file of what a person receives."""
    out = region / "out"
    files = [p for p in sorted(out.rglob("*")) if p.is_file() and (p.name in SAME or p.parent.name == "maps")]
    return {str(p.relative_to(out)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def differing(a, b):
    return sorted(name for name in a.keys() | b.keys() if a.get(name) != b.get(name))


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("program", type=Path)
    arguments.add_argument("region", type=Path)
    given = arguments.parse_args()
    program = given.program.resolve()
    if not program.is_file():
        print(f"FAILED: no program at {program}; build it first")
        return 1
    failed = []

    def hold(what, holds, otherwise=""):
        print(f"{'ok    ' if holds else 'FAILED'} {what}" + ("" if holds else f": {otherwise}"))
        if not holds:
            failed.append(what)

    with tempfile.TemporaryDirectory() as folder:
        region = Path(folder) / given.region.name
        shutil.copytree(given.region, region, ignore=shutil.ignore_patterns("out", "derived"))
        seconds, megabytes, _ = run(program, region)
        first = digests(region)
        hold("a first run leaves files", bool(first))
        hold(f"it takes {seconds:.1f} s, under {SECONDS:.0f}", seconds < SECONDS, "too slow")
        hold(f"it holds {megabytes:.0f} MB, under {MEGABYTES:.0f}", megabytes < MEGABYTES, "too much")

        seconds, _, words = run(program, region)
        hold(f"a second run says that there is nothing to do ({seconds:.1f} s)", "nothing" in words.lower(), words[-600:])
        hold("it changes nothing", not differing(first, digests(region)), differing(first, digests(region)))

        for left in ("out", "derived"):
            shutil.rmtree(region / left, ignore_errors=True)
        run(program, region, "--threads", "1")
        hold("one thread and nothing kept leave the same bytes", not differing(first, digests(region)), differing(first, digests(region)))

        prices = region / "sources/prices/gep_unit_prices.csv"
        text = prices.read_text(encoding="utf-8-sig")
        if "reservoir_cost_7_06" in text:
            at = text.index("reservoir_cost_7_06")
            prices.write_text(text[:at] + text[at:].replace(",7.06,", ",7.07,", 1), encoding="utf-8")
            sidecar = prices.with_name(prices.name + ".toml")
            lines = sidecar.read_text(encoding="utf-8").splitlines()
            digest = hashlib.sha256(prices.read_bytes()).hexdigest()
            sidecar.write_text("\n".join(f'sha256 = "{digest}"' if line.startswith("sha256") else line for line in lines) + "\n", encoding="utf-8")
            seconds, _, words = run(program, region)
            changed = differing(first, digests(region))
            hold(f"a changed price changes the account ({seconds:.1f} s)", any(name.endswith("account.csv") for name in changed), words[-600:])
            hold("and no map", not any("maps" in name for name in changed), changed)
    print(f"{'FAILED' if failed else 'passed'}: {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
