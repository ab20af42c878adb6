#!/usr/bin/env bash
# Pins the requirements with hashes. Where packages come from is the machine's own pip configuration,
# and no file of the project names it.
set -euo pipefail
cd "$(dirname "$0")/../.."

tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
python3 -m venv "$tools"
"$tools/bin/pip" install --quiet pip-tools
export CUSTOM_COMPILE_COMMAND="make requirements"
compile() {
    "$tools/bin/pip-compile" --quiet --generate-hashes --allow-unsafe --strip-extras \
        --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options --output-file "$1" "$2"
}
compile requirements.txt smki_pma/deploy/requirements.in
compile tests/requirements.txt tests/requirements.in
