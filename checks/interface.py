"""The interface of the server, asked from outside by its own description.

    python3 checks/interface.py target/release/liangshan regions/quzhou
    python3 checks/interface.py --base http://127.0.0.1:8080

Holds /api/openapi.json to OpenAPI 3.1, then calls every documented GET with its examples, with each
parameter wrong, with one that is unknown, and every POST with nothing and with noise: answers of JSON have
to fit their schema, refusals have to be problem documents, and nothing may answer 500 or more (503 while the
account is on its way is waited for). Needs openapi-spec-validator and jsonschema (checks/requirements.txt).
"""

import argparse
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

PATIENCE_S = 20 * 60


def missing(name: str) -> None:
    if os.environ.get("LIANGSHAN_CHECKS_REQUIRED") == "1":
        print(f"FAILED: {name} is not installed and LIANGSHAN_CHECKS_REQUIRED=1")
        sys.exit(1)
    print(f"SKIPPED: the interface from outside because {name} is not installed")
    sys.exit(0)


try:
    from jsonschema import Draft202012Validator
    from openapi_spec_validator import OpenAPIV31SpecValidator
except ImportError as error:
    missing(error.name or "openapi-spec-validator")


class Tally:
    passed = 0
    failed = 0

    def hold(self, what: str, holds: bool, otherwise: str = "") -> bool:
        if holds:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED: {what}{': ' if otherwise else ''}{otherwise}")
        return holds


def ask(base: str, path: str, query=(), body: bytes | None = None, kind: str = "text/plain"):
    """Status, content type and body of an address."""
    url = base + path + ("?" + urllib.parse.urlencode(query) if query else "")
    headers = {"content-type": kind} if body is not None else {}
    request = urllib.request.Request(url, data=body, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=300) as answer:
            return answer.status, answer.headers.get_content_type(), answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.headers.get_content_type(), refused.read()


def patient(base: str, *asked, **more):
    """As `ask`; waits while the region is being read."""
    until = time.monotonic() + PATIENCE_S
    while True:
        answer = ask(base, *asked, **more)
        waits = answer[0] == 503 and b"web.waiting" in answer[2]
        if not waits or time.monotonic() > until:
            return answer
        time.sleep(1)


def filled(path: str, parameters, values: dict[str, str]):
    """The address with its values in the path and in the query."""
    query = []
    for parameter in parameters:
        name = parameter["name"]
        if name not in values:
            continue
        if parameter["in"] == "path":
            path = path.replace("{" + name + "}", urllib.parse.quote(values[name], safe=""))
        else:
            query.append((name, values[name]))
    return path, query


def wrong(schema: dict) -> str:
    """A value that a parameter cannot be."""
    if "enum" in schema:
        return "none-of-these"
    if schema.get("type") in ("integer", "number"):
        return "not-a-number"
    if schema.get("format") == "date":
        return "2020-02-30"
    if "pattern" in schema:
        return "here"
    return "no-such-thing-anywhere"


def is_problem(tally: Tally, label: str, answer, statuses) -> None:
    status, kind, body = answer
    if not tally.hold(f"{label} is refused", status in statuses, f"{status} {body[:120]!r}"):
        return
    tally.hold(f"{label} is a problem document", kind == "application/problem+json", kind)
    document = json.loads(body)
    told = document.get("status") == status and bool(document.get("problems"))
    tally.hold(f"{label} says what is wrong", told, body[:200].decode(errors="replace"))


def fits(tally: Tally, label: str, answer, responses) -> None:
    """An answer against what is documented of it."""
    status, kind, body = answer
    if not tally.hold(f"{label} answers", status in (200, 204, 307), f"{status} {body[:300].decode(errors='replace')}"):
        return
    if status != 200:
        return
    content = responses["200"].get("content", {})
    wanted = {k.split(";")[0] for k in content}
    tally.hold(f"{label} is of its kind", kind in wanted or "*/*" in wanted, f"{kind}, not {wanted}")
    schema = content.get("application/json", {}).get("schema")
    if schema is None:
        if kind == "application/geo+json":
            tally.hold(f"{label} is a collection of features", json.loads(body).get("type") == "FeatureCollection")
        return
    document = json.loads(body)
    errors = sorted(Draft202012Validator(schema).iter_errors(document), key=str)
    tally.hold(f"{label} fits its schema", not errors, "; ".join(f"{list(e.absolute_path)}: {e.message[:160]}" for e in errors[:3]))


def read(tally: Tally, base: str, path: str, operation: dict) -> None:
    """A GET: with its examples, in both languages, and wrong."""
    parameters = operation.get("parameters", [])
    examples = {p["name"]: str(p["example"]) for p in parameters if p.get("example") is not None}
    needed = {p["name"]: examples.get(p["name"], "") for p in parameters if p.get("required")}
    at, query = filled(path, parameters, needed)
    fits(tally, f"GET {path}", patient(base, at, query), operation["responses"])
    fits(tally, f"GET {path} in English", patient(base, at, query + [("lang", "en")]), operation["responses"])
    for name in examples.keys() - needed.keys():
        at, query = filled(path, parameters, needed | {name: examples[name]})
        fits(tally, f"GET {path} with {name}={examples[name]}", patient(base, at, query), operation["responses"])
    at, query = filled(path, parameters, needed)
    is_problem(tally, f"GET {path} with an unknown parameter", patient(base, at, query + [("unknown_parameter", "1")]), (400,))
    for parameter in parameters:
        name = parameter["name"]
        at, query = filled(path, parameters, needed | {name: wrong(parameter["schema"])})
        status, kind, body = patient(base, at, query)
        # A word that is none of the region's may be no error where it only searches; a fault it never is.
        free = parameter["schema"].get("type") == "string" and not {"enum", "format", "pattern"} & parameter["schema"].keys()
        if free and status < 400:
            tally.hold(f"GET {path} with a strange {name}", True)
        else:
            is_problem(tally, f"GET {path} with a wrong {name}", (status, kind, body), (400, 404))


def write(tally: Tally, base: str, path: str, operation: dict) -> None:
    """A POST: nothing, noise, and more than is taken."""
    for label, body in [("nothing", b""), ("noise", bytes(range(256)) * 8), ("half a polygon", b"POLYGON ((118 28, 119 28"), ("half a document", b'{"type": "FeatureColl')]:
        is_problem(tally, f"POST {path} of {label}", patient(base, path, (), body), (400, 413))
    try:
        status = patient(base, path, (), b"1" * (9 << 20))[0]
        tally.hold(f"POST {path} of 9 MB is too large", status == 413, str(status))
    except (urllib.error.URLError, ConnectionError):
        tally.hold(f"POST {path} of 9 MB is cut off", True)


def interface(tally: Tally, base: str) -> None:
    """Everything that is described."""
    status, _, body = patient(base, "/api/openapi.json")
    if not tally.hold("the description answers", status == 200, str(status)):
        return
    document = json.loads(body)
    errors = [str(e.message)[:200] for e in OpenAPIV31SpecValidator(document).iter_errors()]
    tally.hold("the description is OpenAPI 3.1", document["openapi"].startswith("3.1") and not errors, "; ".join(errors[:5]))
    for path, at in document["paths"].items():
        for verb, operation in at.items():
            try:
                (read if verb == "get" else write)(tally, base, path, operation)
            except (KeyError, ValueError) as error:
                tally.hold(f"{verb} {path} can be understood", False, repr(error))
    is_problem(tally, "an address that there is not", ask(base, "/api/nothing"), (404,))
    status, _, _ = patient(base, "/api/openapi.json", (), b"x")
    tally.hold("a POST where only GET is known", status == 405, str(status))


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("program", nargs="?")
    parser.add_argument("region", nargs="?")
    parser.add_argument("--base")
    options = parser.parse_args()
    tally = Tally()
    child = None
    try:
        base = options.base
        if base is None:
            if not (options.program and options.region):
                parser.error("name the program and a region, or --base")
            child = subprocess.Popen([options.program, "serve", options.region, "--listen", "127.0.0.1:0", "--lang", "en"], stdout=subprocess.PIPE, text=True)
            words = next((w for line in child.stdout for w in line.split() if w.startswith("http://")), None)
            if not tally.hold("the server says where it listens", words is not None):
                return 1
            base = words
        interface(tally, base.rstrip("/"))
    finally:
        if child is not None:
            child.terminate()
            tally.hold("the server ends by itself", child.wait(timeout=30) == 0, str(child.returncode))
    print(f"{tally.passed} passed, {tally.failed} failed, 0 skipped")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
