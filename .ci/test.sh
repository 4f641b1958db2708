#!/usr/bin/env bash
# Everything that is checked. Fails, never skips, where a part is missing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
began=$SECONDS
step() { printf '\n== %s (%d s)\n' "$1" "$((SECONDS - began))"; }

step "tools"
.ci/tools.sh
.ci/install.sh postgres cc chromium
export LINLI_CHROMIUM="${LINLI_CHROMIUM:-$(command -v chromium-headless-shell || command -v chromium || command -v chromium-browser || true)}"

# One set of flags, so that what is compiled once serves everything but the race detector.
export CGO_ENABLED=0 GOFLAGS=-trimpath

# npm waits for the network and then works on one core: the Go code is looked at meanwhile.
web=$(mktemp)
types=$(mktemp)
trap 'rm -f "$web" "$types"' EXIT
beside() { "$@" >"$web" 2>&1 & }
done_beside() { wait $! || { cat "$web"; exit 1; }; cat "$web"; }

step "web app: types, build, budget; and lint"
beside make --no-print-directory frontend/dist/index.html
.ci/lint.sh
done_beside

step "generated files; and unit tests of the web app"
beside npm --prefix frontend test --silent
make --no-print-directory build
bin/linli openapi | diff -q - server/api/openapi.json >/dev/null ||
  { echo "server/api/openapi.json is not what the routes say: make golden"; exit 1; }
(cd frontend && npx --no-install openapi-typescript ../server/api/openapi.json -o "$types" >/dev/null)
diff -q "$types" frontend/src/api/schema.d.ts >/dev/null ||
  { echo "frontend/src/api/schema.d.ts is not what openapi.json says: make golden"; exit 1; }
done_beside

# What the tests write lies in memory where there is room: that it survives a power
# cut is the business of `make kill`.
export GOTMPDIR="${GOTMPDIR:-${TMPDIR:-/tmp}}"
disk="${TMPDIR:-/tmp}"
if [ "$(df --output=avail -k /dev/shm 2>/dev/null | tail -1)" -gt 4000000 ] 2>/dev/null; then
  export TMPDIR=/dev/shm
fi

step "Go tests, SQLite and PostgreSQL"
# Vetted above. The longest first, and more side by side than there are cores: they wait for databases.
go run ./models/store/storetest/pgtemp/pgrun -- go test -vet=off -ldflags=-s -timeout 9m -parallel 6 ./server/api ./server/exchange ./models/store ./...

# Where goroutines of ours meet; the tables of single calls have none. What both share
# is compiled first, then one waits for its clocks while the other works.
step "Go tests with the race detector"
go run ./models/store/storetest/pgtemp/pgrun -- env CGO_ENABLED=1 bash -ec '
  go build -race ./server/api ./server/outreach
  go test -race -vet=off -ldflags=-s -timeout 9m ./models/store/lane ./server ./server/feed ./server/jobs ./server/push & waits=$!
  go test -race -vet=off -ldflags=-s -timeout 9m -run "Twice|Once|LastBox|SameSecond|Two|Race" ./models/store ./server/exchange ./server/api ./server/outreach
  wait $waits'

export TMPDIR="$disk"
step "the journey in a browser"
(cd frontend && npm run --silent e2e)

step "all checks passed"
