#!/usr/bin/env bash
# Real clients against the inspector: posthog-python and posthog-node, at pinned versions, send to it, and what it
# received is compared with what they were told to send.
#
# usage: test.sh BINARY
#
# Needs bash, python3 (3.10), node (20.20) and npm, and installs the clients into a temporary folder. Where that fails
# it says so in one line and succeeds; with CI=true it fails.
#
# To move the pins: edit package.json and run `npm install --package-lock-only --omit-lockfile-registry-resolved`;
# install posthog into a new environment and run `pip freeze` for requirements.txt.
set -euo pipefail

[ $# -eq 1 ] || { echo "usage: test.sh BINARY" >&2; exit 2; }
binary=$(realpath "$1")
[ -x "$binary" ] || { echo "test.sh: no program at $1" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
temp=$(mktemp -d)
inspector=
finish() {
    if [ -n "$inspector" ]; then
        kill "$inspector" 2>/dev/null || true
        wait "$inspector" 2>/dev/null || true
    fi
    rm -rf "$temp"
}
trap finish EXIT

# Installs a client, or ends the test.
install_or_skip() {
    local client=$1
    shift
    if ! "$@" >"$temp/install.log" 2>&1; then
        if [ "${CI:-}" = true ]; then
            cat "$temp/install.log" >&2
            echo "failed: $client could not be installed" >&2
            exit 1
        fi
        echo "skipped: $client could not be installed"
        exit 0
    fi
}

install_python() {
    python3 -m venv "$temp/python" &&
        "$temp/python/bin/python" -m pip install --quiet --disable-pip-version-check -r "$here/requirements.txt"
}

# Into a copy, since node finds packages beside the program and nothing is to be left in the sources.
install_node() {
    mkdir "$temp/node" &&
        cp "$here"/{package.json,package-lock.json,send.mjs,values.json} "$temp/node" &&
        (cd "$temp/node" && npm ci --ignore-scripts --engine-strict --no-audit --no-fund)
}

install_or_skip posthog-python install_python
install_or_skip posthog-node install_node

# Its first line says where it listens. The rest has to be read as well, or it would wait for a reader.
mkfifo "$temp/lines"
"$binary" --port 0 >"$temp/lines" &
inspector=$!
exec 3<"$temp/lines"
IFS= read -r -t 60 start <&3 || { echo "failed: the inspector did not start" >&2; exit 1; }
cat <&3 >"$temp/inspector.log" &
url=$(grep -oE 'POSTHOG_HOST=[^ ]+' <<<"$start") || { echo "failed: no address in: $start" >&2; exit 1; }
url=${url#POSTHOG_HOST=}

# The clients shall talk to the inspector and to nothing between, as they do unless told otherwise.
run() {
    env -u POSTHOG_CAPTURE_MODE -u POSTHOG_CAPTURE_COMPRESSION NO_PROXY=127.0.0.1 no_proxy=127.0.0.1 "$@"
}
run "$temp/python/bin/python" "$here/send.py" "$url" >"$temp/python.json"
run node "$temp/node/send.mjs" "$url" >"$temp/node.json"
"$temp/python/bin/python" "$here/check.py" "$url" "$temp/python.json" "$temp/node.json"
