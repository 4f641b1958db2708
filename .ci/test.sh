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

step "web app: types, build, budget, unit tests"
make --no-print-directory frontend/dist/index.html
(cd frontend && npm test --silent)

step "generated files"
go run ./cmd/linli openapi | diff -q - server/api/openapi.json >/dev/null ||
  { echo "server/api/openapi.json is not what the routes say: make golden"; exit 1; }
types=$(mktemp)
trap 'rm -f "$types"' EXIT
(cd frontend && npx --no-install openapi-typescript ../server/api/openapi.json -o "$types" >/dev/null)
diff -q "$types" frontend/src/api/schema.d.ts >/dev/null ||
  { echo "frontend/src/api/schema.d.ts is not what openapi.json says: make golden"; exit 1; }

step "lint"
.ci/lint.sh

# What the tests write lies in memory where there is room: that it survives a power
# cut is the business of `make kill`.
export GOTMPDIR="${GOTMPDIR:-${TMPDIR:-/tmp}}"
disk="${TMPDIR:-/tmp}"
if [ "$(df --output=avail -k /dev/shm 2>/dev/null | tail -1)" -gt 4000000 ] 2>/dev/null; then
  export TMPDIR=/dev/shm
fi

step "Go tests, SQLite and PostgreSQL"
# The longest first, and more side by side than there are cores: they wait for databases.
go run ./models/store/storetest/pgtemp/pgrun -- go test -timeout 9m -parallel 6 ./server/api ./server/exchange ./models/store ./...

# Where goroutines of ours meet; the tables of single calls have none.
step "Go tests with the race detector"
go run ./models/store/storetest/pgtemp/pgrun -- bash -c '
  go test -race -timeout 9m ./models/store/lane ./server ./server/feed ./server/jobs ./server/push &&
  go test -race -timeout 9m -run "Twice|Once|LastBox|SameSecond|Two|Race" ./models/store ./server/exchange ./server/api ./server/outreach'

export TMPDIR="$disk"
step "the journey in a browser"
make --no-print-directory build
(cd frontend && npm run --silent e2e)

step "all checks passed"
