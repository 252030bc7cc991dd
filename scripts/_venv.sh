# Sourced by the scripts: makes .venv beside this folder once, and again when pyproject.toml changes. Sets ROOT and PY.
ROOT=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
VENV=$ROOT/.venv
PY=$VENV/bin/python

setup_venv() { # $1: extras, "" or "[dev]"
    stamp=$VENV/.stamp$(printf %s "$1" | tr -dc a-z)
    want=$(cksum "$ROOT/pyproject.toml")
    if [ -x "$PY" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$want" ]; then
        return 0
    fi
    found=
    for candidate in ${PYTHON:-} python3.11 python3.12 python3.13 python3 python; do
        if command -v "$candidate" >/dev/null 2>&1 &&
            "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            found=$candidate
            break
        fi
    done
    if [ -z "$found" ]; then
        echo "tview needs Python 3.11 or newer with venv (Debian: apt install python3-venv); set PYTHON to name one." >&2
        exit 2
    fi
    echo "Setting up .venv with $("$found" -V) (once; a minute or two) ..." >&2
    [ -x "$PY" ] || "$found" -m venv "$VENV" || exit 2
    "$PY" -m pip install --quiet --disable-pip-version-check -e "$ROOT$1" >&2 || {
        echo "Installing the dependencies failed; the reason stands above." >&2
        exit 2
    }
    printf %s "$want" >"$stamp"
}
