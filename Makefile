# Linli 邻里药箱. `make run` tries it, `make test` checks everything.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

BIN     := bin/linli
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
SOURCES := $(shell find cmd server matching models migrations -type f -not -name '*_test.go' 2>/dev/null) frontend/embed.go go.mod go.sum
WEB     := $(shell find frontend/src frontend/public frontend/scripts -type f 2>/dev/null) frontend/index.html \
           frontend/vite.config.ts frontend/tsconfig.json frontend/package.json $(wildcard models/words/*.tsv)

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(BIN) ## Build everything and open an example on http://localhost:8080
	$(BIN) serve --demo --database data/demo.db

build: $(BIN) ## Build the program with the web app in it

test: ## Check everything, on SQLite and on a real PostgreSQL
	.ci/test.sh

bench: $(BIN) ## Measure, both sides in one run; figures as ratios
	.ci/bench.sh

kill: $(BIN) ## kill -9 under load, 50 times on each database, then doctor
	.ci/install.sh postgres
	go run ./models/store/storetest/pgtemp/pgrun -- go run ./cmd/linli/killtest --program $(BIN)

hot: ## Ten boxes, 500 who ask in the same second: 1,000 rounds on each database
	.ci/install.sh postgres
	go run ./cmd/linli/hottest

model: ## Push in virtual time: 100,000 seeded schedules of commits, cuts, kills and faults
	go test ./server/push -run Model -timeout 2h -v -schedules 100000

cluster: $(BIN) ## Three instances, three NATS nodes and a PostgreSQL on loopback, to try
	.ci/install.sh postgres
	go run ./cmd/linli/cluster --program $(BIN)

soak: $(BIN) ## Three instances under load, killed again and again: no event missed, none doubled
	.ci/install.sh postgres
	go run ./cmd/linli/soak --program $(BIN)

lint: ## Format, vet, static checks, house rules
	.ci/lint.sh

fmt: ## Format the Go code
	gofmt -w cmd server matching models migrations frontend/*.go

golden: ## Write the golden files anew: what the lessons of the chat teach, OpenAPI, client types, transcripts
	go test ./server/chat/understand -run Weights -update
	go run ./cmd/linli openapi > server/api/openapi.json
	cd frontend && npm run generate
	go run ./models/store/storetest/pgtemp/pgrun -- go test ./server/api -update

$(BIN): $(SOURCES) frontend/dist/index.html
	CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X linli/server.Version=$(VERSION)" -o $@ ./cmd/linli

frontend/dist/index.html: frontend/node_modules/.installed $(WEB)
	cd frontend && npm run --silent build

frontend/node_modules/.installed: frontend/package-lock.json
	@.ci/tools.sh
	cd frontend && npm ci --no-audit --no-fund
	@touch $@

.PHONY: help run build test bench kill hot model cluster soak lint fmt golden
