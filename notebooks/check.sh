#!/bin/sh
# Executes every notebook; a cell that fails, fails the check.
set -eu
cd "$(dirname "$0")/.."
DUEWISE="${DUEWISE:-${CARGO_TARGET_DIR:-target}/release/duewise}"
export DUEWISE
runner="$(mktemp -d)"
trap 'rm -rf "$runner"' EXIT
python3 -m venv "$runner/venv"
"$runner/venv/bin/pip" --quiet install nbclient nbformat ipykernel
for notebook in notebooks/*.ipynb; do
  "$runner/venv/bin/jupyter-execute" "$notebook" --output "$runner/done.ipynb" >/dev/null 2>&1 || {
    echo "failed: $notebook"; "$runner/venv/bin/jupyter-execute" "$notebook"; exit 1; }
  echo "ok: $notebook"
done
