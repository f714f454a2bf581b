#!/bin/bash
# Two real manuals through the product: Debian's postgresql-doc-15 (1,169 pages) and python3.11-doc (530 pages).
# Prints for each manual and round: pages/s by the clock and by CPU time, the peak of resident memory while reading, every quarantined file.
#   bench/manuals.sh [rounds] [folder to unpack in]
# Needs Debian's apt-get and dpkg-deb; installs nothing. The packages stay in the folder for the next call.
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-3}
folder=$(realpath -m "${2:-${TMPDIR:-/tmp}/holdfast-manuals}")
mkdir -p "$folder"
dotnet build -c Release -v q --nologo src/Holdfast
holdfast=$PWD/src/Holdfast/bin/Release/net10.0/holdfast.dll

for package in postgresql-doc-15 python3.11-doc; do
  if [ ! -d "$folder/$package" ]; then
    (cd "$folder" && apt-get download "$package" && dpkg-deb -x "$package"_*.deb "$package")
  fi
done

read_manual() { # name, folder of pages
  local data out pid seconds pages ticks
  data=$(mktemp -d) out=$(mktemp)
  dotnet "$holdfast" up "$2" --data "$data" --listen 127.0.0.1:0 --json > "$out" 2> "$out.err" &
  pid=$!
  until grep -q '"ready":true' "$out"; do
    kill -0 $pid 2> /dev/null || { cat "$out.err"; echo "holdfast ended before it was ready"; return 1; }
    sleep 0.1
  done
  ticks=$(awk '{print $14 + $15}' /proc/$pid/stat)
  seconds=$(grep -o '"seconds":[0-9.]*' "$out" | cut -d: -f2)
  pages=$(find -L "$2" -name '*.html' | wc -l)
  awk -v name="$1" -v pages="$pages" -v seconds="$seconds" -v ticks="$ticks" -v peak="$(awk '/VmHWM/ {print $2}' /proc/$pid/status)" \
    -v load="$(cut -d' ' -f1 /proc/loadavg)" -v line="$(grep -o '"documents.*"passages":[0-9]*' "$out")" \
    'BEGIN { printf "%-12s %d pages in %.1f s: %.0f/s; CPU %.1f s with the start: %.0f/s of one core; peak %.0f MiB; load %s; %s\n", name, pages, seconds, pages / seconds, ticks / 100, pages / (ticks / 100), peak / 1024, load, line }'
  kill -TERM $pid
  wait $pid
  grep -i quarantin "$out.err" || true
  rm -rf "$data" "$out" "$out.err"
}

for round in $(seq "$rounds"); do
  read_manual postgresql "$(realpath "$folder"/postgresql-doc-15/usr/share/doc/postgresql-doc-15/html)"
  read_manual python "$(realpath "$folder"/python3.11-doc/usr/share/doc/python3.11/html)"
done
