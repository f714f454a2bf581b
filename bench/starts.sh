#!/bin/bash
# From a clean clone to a cited answer, in seconds and MiB: build and first start, later starts, the first answer of a fresh process,
# warm answers, resident memory when idle. Packages are restored before the clock runs.
#   bench/starts.sh [later starts]
# Needs git, dotnet and curl. An answer's time is that of the whole answer (no stream), as curl measures it.
set -euo pipefail
cd "$(dirname "$0")/.."
starts=${1:-10}
work=$(mktemp -d)
pid=
stop() {
  [ -z "$pid" ] || { kill -TERM "$pid" 2> /dev/null && wait "$pid" || true; }
  pid=
}
trap 'stop; rm -rf "$work"' EXIT
export HOLDFAST_KEY=hf-bench-key-0123456789

git clone -q . "$work/clone"
cd "$work/clone"
dotnet restore -v q --nologo src/Holdfast
holdfast=src/Holdfast/bin/Release/net10.0/holdfast
questions=samples/handbook/questions.jsonl

now() { date +%s.%N; }
ready() { # waits for the ready line of $work/out; prints seconds since $1
  until grep -q '"ready":true' "$work/out"; do sleep 0.01; done
  awk -v from="$1" -v to="$(now)" 'BEGIN { printf "%.2f", to - from }'
}
value() { grep -o "\"$1\":\"[^\"]*\"" "$work/out" | cut -d'"' -f4; }
resident() { awk '/VmRSS/ {printf "%.1f", $2 / 1024}' "/proc/$pid/status"; }
spread() { sort -n | awk '{v[NR] = $1} END {printf "p50 %s (%s..%s), n %d\n", v[int((NR + 1) / 2)], v[1], v[NR], NR}'; }
ask() { # prints milliseconds
  curl -sS -o "$work/answer" -w '%{time_total}\n' "$(value baseUrl)/chat/completions" -H "authorization: Bearer $HOLDFAST_KEY" \
    -H 'content-type: application/json' -d "{\"model\":\"$(value model)\",\"messages\":[{\"role\":\"user\",\"content\":\"$1\"}]}" |
    awk '{printf "%.1f\n", $1 * 1000}'
  grep -q '"choices"' "$work/answer" || { cat "$work/answer"; exit 1; }
}
start() {
  : > "$work/out"
  from=$(now)
  "$holdfast" up samples/handbook --data "$work/data" --listen 127.0.0.1:0 --json > "$work/out" 2> /dev/null &
  pid=$!
}

echo "load before: $(cut -d' ' -f1-3 /proc/loadavg)"
: > "$work/out"
from=$(now)
dotnet run -c Release --project src/Holdfast -- up samples/handbook --data "$work/data" --listen 127.0.0.1:0 --json > "$work/out" 2> /dev/null &
pid=$!
echo "clean clone, build and first start to ready: $(ready "$from") s (target 60)"
stop

for _ in 1 2 3; do
  rm -rf "$work/data"
  start
  ready "$from" > "$work/seconds"
  sleep 6
  echo "first start (reads $(grep -o '"documents":[0-9]*' "$work/out" | cut -d: -f2) documents): ready in $(cat "$work/seconds") s, idle after 6 s: $(resident) MiB"
  stop
done

: > "$work/starts"; : > "$work/cold"; : > "$work/idle"
for i in $(seq "$starts"); do
  start
  ready "$from" >> "$work/starts"; echo >> "$work/starts"
  ask "$(sed -n 's/.*"question": "\([^"\\]*\)".*/\1/p' $questions | sed -n "${i}p")" >> "$work/cold"
  sleep 6
  resident >> "$work/idle"; echo >> "$work/idle"
  [ "$i" = "$starts" ] || stop
done
echo "started again, ready, s (target 1.0):           $(spread < "$work/starts")"
echo "first answer of a fresh process, ms:            $(spread < "$work/cold")"
echo "idle 6 s after the first answer, MiB:           $(spread < "$work/idle")"

sed -n 's/.*"question": "\([^"\\]*\)".*/\1/p' $questions | head -60 | while read -r question; do ask "$question"; done > "$work/warm"
echo "60 questions one after another, ms (target 50): $(spread < "$work/warm"), the last 30: $(tail -30 "$work/warm" | spread)"
sleep 6
echo "idle 6 s after 60 questions (target 120):       $(resident) MiB"
echo "load after: $(cut -d' ' -f1-3 /proc/loadavg)"
