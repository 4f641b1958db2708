#!/usr/bin/env bash
# Every measurement, one line each to add. Figures are ratios of two sides in one run, or the program's own size and start.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
.ci/install.sh postgres
missed=0
bench() { printf '\n== %s\n' "$1"; shift; "$@" || missed=1; }

# Second start to ready, idle memory, size of the program: the program itself, on a demo that has been loaded once.
start() {
  local dir log pid began took times=()
  dir=$(mktemp -d)
  export LINLI_DATABASE="$dir/demo.db" LINLI_ADDR="localhost:${LINLI_BENCH_PORT:-8291}"
  for i in 0 1 2 3 4 5; do
    log="$dir/log$i"
    began=$(date +%s%N)
    bin/linli serve --demo 2>"$log" &
    pid=$!
    until grep -qs 'is ready' "$log"; do kill -0 "$pid" || return 1; done
    took=$((($(date +%s%N) - began) / 1000000))
    [ "$i" = 0 ] && echo "first start, loading Chongzhou: $took ms" || times+=("$took")
    [ "$i" = 5 ] && sleep 3 && awk '/VmRSS/ {printf "idle memory: %.0f MB (goal 45)\n", $2 / 1024}' "/proc/$pid/status"
    kill "$pid"
    wait "$pid"
  done
  printf '%s\n' "${times[@]}" | sort -n | awk '{t[NR] = $1} END {print "second start to ready: " t[int((NR + 1) / 2)] " ms, median of " NR " (goal 60)"}'
  awk -v b="$(stat -c %s bin/linli)" 'BEGIN {printf "program with the web app: %.1f MB (goal 50)\n", b / 1e6}'
  rm -rf "$dir"
}

bench "start, memory, size" start
bench "the lane against txn_grid and plain GORM" go run ./models/store/lane/lanebench
bench "whole HTTP requests against txn_grid" go run ./server/exchangebench
bench "the frame alone against a bare Gin handler" go run ./server/api/framebench
bench "live sockets against a bare hub of the same library" go run ./server/push/pushbench
bench "the solver against a greedy and Jonker-Volgenant" go run ./matching/assign/assignbench
bench "chat messages understood in a second, one core (goal 10,000)" go test -run "^$" -bench Understand -cpu 1 ./server/chat/understand
bench "rounds against classic tours and long searches" go run ./matching/route/routebench
exit "$missed"
