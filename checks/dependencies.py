"""Holds deny.toml against the dependency tree: licences, bans, sources.

    python3 checks/dependencies.py

Reads `cargo metadata` and nothing from the network, so it needs no further tool. Knows the keys that
deny.toml uses and refuses others in the sections it checks.
"""

import json
import re
import subprocess
import sys
import tomllib
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OURS = "registry+https://github.com/rust-lang/crates.io-index"


def allowed(expression, licences):
    """Whether an SPDX expression can be met from a set of licences; `/` is an old way to say OR."""
    tokens = re.findall(r"\(|\)|[^\s()]+", expression.replace("/", " OR "))

    def either():
        found = both()
        while tokens and tokens[0] == "OR":
            tokens.pop(0)
            found = both() or found
        return found

    def both():
        found = one()
        while tokens and tokens[0] == "AND":
            tokens.pop(0)
            found = one() and found
        return found

    def one():
        token = tokens.pop(0)
        if token == "(":
            found = either()
            tokens.pop(0)
            return found
        if tokens and tokens[0] == "WITH":
            tokens.pop(0)
            token = f"{token} WITH {tokens.pop(0)}"
        return token in licences

    found = either()
    if tokens:
        raise ValueError(f"cannot read the licence {expression!r}")
    return found


def faults(packages, rules):
    licences, bans, sources = rules["licenses"], rules["bans"], rules["sources"]
    known = ({"allow", "confidence-threshold", "unused-allowed-license"}, {"multiple-versions", "wildcards", "allow-wildcard-paths", "deny"}, {"unknown-registry", "unknown-git"})
    for section, keys in zip((licences, bans, sources), known):
        if set(section) - keys:
            yield f"deny.toml has keys that are not checked here: {sorted(set(section) - keys)}"
    versions = defaultdict(set)
    for package in packages:
        name = f"{package['name']} {package['version']}"
        versions[package["name"]].add(package["version"])
        if package["source"] not in (None, OURS):
            yield f"{name} comes from {package['source']}"
        if not package["license"]:
            yield f"{name} names no licence"
        elif not allowed(package["license"], set(licences["allow"])):
            yield f"{name} is under {package['license']}"
    for ban in bans["deny"]:
        held = versions[ban["crate"]]
        if ban.get("deny-multiple-versions"):
            if len(held) > 1:
                yield f"{ban['crate']} is there in {len(held)} versions: {sorted(held)}"
        elif held:
            yield f"{ban['crate']} is banned: {ban.get('reason', 'see deny.toml')}"
    for name, held in sorted(versions.items()):
        if len(held) > 1:
            print(f"note: {name} is there in versions {', '.join(sorted(held))}")


def main():
    rules = tomllib.loads((ROOT / "deny.toml").read_text(encoding="utf-8"))
    told = subprocess.run(["cargo", "metadata", "--format-version", "1", "--locked"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    if told.returncode != 0:
        print("FAILED: cargo metadata --locked")
        return 1
    packages = json.loads(told.stdout)["packages"]
    found = list(faults(packages, rules))
    for fault in found:
        print(f"FAILED: {fault}")
    print(f"{len(packages)} packages looked at, {len(found)} failed")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
