#!/bin/sh
# Prints the first Python that Airflow and this package run on: $1 if given, else the first one found.
set -u

suitable() {
    command -v "$1" >/dev/null 2>&1 &&
        "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null
}

for candidate in ${1:-python3.12 python3.11 python3.13 python3.14 python3}; do
    suitable "$candidate" || continue
    if "$candidate" -c 'import ensurepip, venv' 2>/dev/null; then
        echo "$candidate"
        exit 0
    fi
    echo "$candidate cannot make virtual environments (on Debian and Ubuntu: apt install python3-venv)." >&2
done
echo "No Python 3.11 to 3.14 found${1:+ (PYTHON=$1)}. Install one, or name it: make PYTHON=/path/to/python3.12" >&2
exit 1
