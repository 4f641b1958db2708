#!/usr/bin/env bash
# Says in one line what a machine lacks before anything is built.
set -euo pipefail
lacks() { echo "linli: $1" >&2; exit 1; }
command -v go >/dev/null || lacks "Go is missing; install it from your system's packages (1.26 or newer)"
command -v node >/dev/null || lacks "Node.js is missing (20.19 or newer)"
command -v npm >/dev/null || lacks "npm is missing; it comes with Node.js"
node -e 'const [a,b]=process.versions.node.split(".").map(Number); process.exit(a>20||a===20&&b>=19?0:1)' ||
  lacks "Node.js $(node --version) is too old (20.19 or newer)"
