#!/usr/bin/env bash
# Installs what the tests need and the machine lacks: install.sh postgres cc chromium
set -euo pipefail

updated=
get() { # packages of Debian or Ubuntu
  command -v apt-get >/dev/null || { echo "linli: please install: $*" >&2; exit 1; }
  local as=()
  [ "$(id -u)" = 0 ] || as=(sudo)
  export DEBIAN_FRONTEND=noninteractive
  [ -n "$updated" ] || { "${as[@]}" apt-get update -qq || "${as[@]}" apt-get update -qq; updated=1; }
  "${as[@]}" apt-get install -y -qq --no-install-recommends "$@" >/dev/null ||
    "${as[@]}" apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

postgres() { command -v pg_ctl >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }

for part in "$@"; do
  case "$part" in
    postgres) postgres || get postgresql postgresql-contrib ;;
    cc) command -v cc >/dev/null || get build-essential ;;
    chromium)
      # The shell has no window of its own to paint: a page opens in a quarter of the time.
      [ -n "${LINLI_CHROMIUM:-}" ] || command -v chromium-headless-shell >/dev/null ||
        get chromium-headless-shell || command -v chromium >/dev/null || get chromium
      fc-list :lang=zh 2>/dev/null | grep -q . || get fontconfig fonts-noto-cjk
      ;;
    *) echo "linli: unknown part $part" >&2; exit 2 ;;
  esac
done
