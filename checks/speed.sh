#!/bin/sh
# How fast the server answers, with the load generator on the same machine.
#
#   checks/speed.sh target/release/liangshan regions/quzhou [PORT]
#
# Needs curl and wrk or oha. Prints one row for each thing that is wanted: what, measured, wanted. Ends
# with 1 where something is missed, so that it can be a check on a quiet machine; it is none in CI, where
# machines are shared. VECTOR, RASTER and FEATURES may name other addresses.
set -eu

program=${1:?the program}
region=${2:?a region}
port=${3:-18080}
base="http://127.0.0.1:$port"
seconds=${SECONDS_EACH:-8}
VECTOR=${VECTOR:-}
RASTER=${RASTER:-}
FEATURES=${FEATURES:-}

if command -v oha >/dev/null 2>&1; then tool=oha; elif command -v wrk >/dev/null 2>&1; then tool=wrk; else
  echo "SKIPPED: neither oha nor wrk is installed"
  exit 0
fi

now_ms() { date +%s%3N; }
began=$(now_ms)
"$program" serve "$region" --listen "127.0.0.1:$port" >/dev/null 2>&1 &
server=$!
trap 'kill -TERM "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true' EXIT
until curl -s -o /dev/null "$base/api"; do
  kill -0 "$server" || { echo "FAILED: the server did not start"; exit 1; }
  sleep 0.02
done
started=$(($(now_ms) - began))

# The account and the zones are read in the background; what is measured is the server at rest.
for page in /accounts /plan/zones /map; do
  for _ in $(seq 1200); do
    status=$(curl -s -o /dev/null -w '%{http_code}' "$base$page")
    [ "$status" = 503 ] || break
    sleep 1
  done
done

# It rests when two looks at the folder have passed without a new answer.
sleep 8

missed=0
row() { # what, measured, wanted, at-least or at-most
  if [ "$4" = at-least ]; then ok=$([ "${2%.*}" -ge "$3" ] && echo yes || echo NO); else ok=$([ "${2%.*}" -le "$3" ] && echo yes || echo NO); fi
  [ "$ok" = yes ] || missed=1
  printf '%-34s %12s %10s  %s\n' "$1" "$2" "$3" "$ok"
}

per_second() { # address
  if [ "$tool" = oha ]; then
    oha --no-tui -z "${seconds}s" -c 16 "$1" 2>/dev/null | awk '/Requests\/sec/ { print $2 }'
  else
    wrk -t1 -c16 -d"${seconds}s" "$1" | awk '/Requests\/sec/ { print $2 }'
  fi
}

load() { # what, address, wanted
  if [ -z "$2" ]; then
    printf '%-34s %12s %10s  %s\n' "$1" "-" "$3" "no such address"
    return
  fi
  status=$(curl -s -o /dev/null -w '%{http_code}' "$base$2")
  if [ "$status" != 200 ]; then
    printf '%-34s %12s %10s  %s\n' "$1" "$status" "$3" "NO ($2)"
    missed=1
    return
  fi
  row "$1" "$(per_second "$base$2")" "$3" at-least
}

# Addresses of tiles are in the description of the interface, with examples.
described() { # a word of the path, a kind
  curl -s "$base/api/openapi.json" | python3 -c '
import json, sys
word, kind = sys.argv[1:3]
for path, at in json.load(sys.stdin)["paths"].items():
    get = at.get("get")
    if get and word in path and any(kind in k for k in get["responses"]["200"].get("content", {})):
        query = []
        for p in get["parameters"]:
            if p["in"] == "path":
                path = path.replace("{" + p["name"] + "}", str(p["example"]))
            elif p.get("required"):
                query.append(p["name"] + "=" + str(p["example"]))
        print(path + ("?" + "&".join(query) if query else ""))
        break
' "$1" "$2"
}
[ -n "$VECTOR" ] || VECTOR=$(described /tiles mapbox)
[ -n "$RASTER" ] || RASTER=$(described /tiles png)
[ -n "$FEATURES" ] || FEATURES="/api/conform/map?sample=SITE001"

printf '%-34s %12s %10s  %s\n' "what" "measured" "wanted" "met"
row "until it answers, ms" "$started" 1000 at-most
row "resident at rest, MB" "$(($(awk '/VmRSS/ { print $2 }' "/proc/$server/status") / 1024))" 100 at-most
load "map page, a second" /map 500
load "vector tiles, a second" "$VECTOR" 800
load "raster tiles, a second" "$RASTER" 300
load "JSON of a few features, a second" "$FEATURES" 3000
row "resident after that, MB" "$(($(awk '/VmRSS/ { print $2 }' "/proc/$server/status") / 1024))" 150 at-most
exit "$missed"
