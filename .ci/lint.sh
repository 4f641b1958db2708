#!/usr/bin/env bash
# Format, vet, static checks. The house's own rules are tests (server/house_test.go).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
unformatted=$(gofmt -l cmd server matching models migrations frontend/*.go)
[ -z "$unformatted" ] || { echo "not formatted (make fmt):"; echo "$unformatted"; exit 1; }
go vet ./...
go tool staticcheck ./...
