#!/usr/bin/env python3
"""Walks the chain of facts of a region with nothing of the program: sqlite3 and hashlib.

    python3 checks/chain.py REGION

Ends with 1 at the first link that does not hold. The form of a fact is in
docs/reference/department-tables.md.
"""

import hashlib
import json
import pathlib
import sqlite3
import sys


def netstring(part):
    data = str(part).encode()
    return str(len(data)).encode() + b":" + data + b","


def digest(fact):
    return hashlib.sha256(b"".join(netstring(part) for part in ("liangshan.fact.1", *fact))).hexdigest()


def main(region):
    folder = pathlib.Path(region)
    db = sqlite3.connect(f"file:{folder / 'facts.sqlite'}?mode=ro", uri=True)
    previous, files = "0" * 64, 0
    rows = db.execute("SELECT seq, recorded, happened, by_whom, body_kind, body, previous, digest FROM facts ORDER BY seq")
    for place, (*fact, stated) in enumerate(rows, 1):
        if fact[0] != place or fact[6] != previous or digest(fact) != stated:
            print(f"fact {place} does not hold")
            return 1
        previous = stated
        body = json.loads(fact[5])
        for kept in (body.get("delivered"), body.get("taken")):
            if kept:
                path = folder / "received" / kept["digest"][:2] / f"{kept['digest']}.{kept['ending']}"
                if hashlib.sha256(path.read_bytes()).hexdigest() != kept["digest"]:
                    print(f"the file of fact {place} was altered: {path}")
                    return 1
                files += 1
    noted = db.execute("SELECT digest FROM journal_head").fetchone()
    if noted and noted[0] != previous:
        print("the chain ends before its head")
        return 1
    print(f"head {previous}, {files} files")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
