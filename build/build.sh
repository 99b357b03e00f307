#!/bin/sh
# Builds a project or the solution for release, quietly: what the compiler says is shown only when it fails.
#
#   build/build.sh PATH
set -eu

log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! dotnet build "$1" -c Release -m:2 -v quiet --nologo --disable-build-servers > "$log" 2>&1; then
  sort -u "$log" >&2
  exit 1
fi
