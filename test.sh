#!/usr/bin/env bash
# Everything the tests need, then the tests: build with warnings as errors, format, tidy, unit, property, end-to-end and browser tests.
# Last line: `N passed, N failed, N skipped`, added up from the runners' reports. Exit code 1 when one failed or none ran.
set -uo pipefail
cd "$(dirname "$0")"
reports=$(mktemp -d)
steps_failed=0

finish() {
  # A TRX report has one UnitTestResult a test; a runner that died before writing one counts through its step.
  count() { cat "$reports"/*.trx 2>/dev/null | grep -o "outcome=\"$1\" [^>]*\|<UnitTestResult[^>]*outcome=\"$1\"" | grep -c UnitTestResult; }
  passed=$(count Passed); failed=$(count Failed); skipped=$(count NotExecuted)
  rm -rf "$reports"
  echo "$passed passed, $((failed + steps_failed)) failed, $skipped skipped"
  if [ "$((failed + steps_failed))" -gt 0 ] || [ "$passed" -eq 0 ]; then exit 1; fi
  exit 0
}
trap finish EXIT

step() {
  local name=$1; shift
  local started=$SECONDS
  echo "== $name"
  if "$@"; then echo "   $name: $((SECONDS - started)) s"; else echo "   $name FAILED: $*" >&2; steps_failed=$((steps_failed + 1)); return 1; fi
}

debian_packages() {
  local missing=()
  command -v chromium >/dev/null || missing+=(chromium)
  command -v node >/dev/null || missing+=(nodejs)
  command -v npm >/dev/null || missing+=(npm)
  [ ${#missing[@]} -eq 0 ] && return 0
  if ! command -v apt-get >/dev/null; then echo "install ${missing[*]} and run ./test.sh again" >&2; return 1; fi
  local as_root=""; [ "$(id -u)" -eq 0 ] || as_root=sudo
  $as_root apt-get update -qq && DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq "${missing[@]}" >/dev/null
}

npm_packages() { (cd tests/browser && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error >/dev/null); }

# A project whose tests fail has its report; the step fails only when the runner did not get that far.
run_tests() {
  dotnet test --project "$1" -c Release --no-build --no-progress --results-directory "$reports" --report-trx --report-trx-filename "$(basename "$1").trx" "${@:2}"
  local code=$?
  if [ ! -f "$reports/$(basename "$1").trx" ]; then return 1; fi
  if [ $code -ne 0 ] && ! grep -q 'outcome="Failed"' "$reports/$(basename "$1").trx"; then return 1; fi
  return 0
}

dotnet --version >/dev/null || { echo "the .NET 10 SDK is missing: https://dotnet.microsoft.com/download/dotnet/10.0" >&2; steps_failed=1; exit 1; }
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
step "build, warnings as errors" dotnet build Holdfast.slnx -c Release -v quiet -nologo || exit 1
step "format" dotnet format Holdfast.slnx --verify-no-changes --no-restore
step "tidy" dotnet run eng/tidy.cs
step "unit and property tests" run_tests tests/Holdfast.Tests
step "Debian packages of the browser tests" debian_packages
step "npm packages of the browser tests" npm_packages
step "end-to-end and browser tests" run_tests tests/Holdfast.EndToEnd
