#!/usr/bin/env bash
# The one door to this repository. Works from any directory; `./build.sh` prints the verbs.
set -euo pipefail

root="$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
if [[ "${CI:-}" == true ]]; then
    # Build servers would outlive the run and keep its pipes open.
    export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false
fi

usage() {
    cat <<'TEXT'
./build.sh VERB

  run [args]      build, then `sojourn serve` with the arguments
  test [filter]   all that a change must pass: build, format, tests
  bench [args]    build, then the benchmarks
  crash [kills]   build, then kill a writing server so many times (1000) and check what it acknowledged
  crash streams [kills]
                  the same (200) with 64 producers and their readers on durable streams, over HTTP
  crash play [kills]
                  kill the sample game so many times (500), and check that it always comes back
  party-away [seconds]
                  five members of a party behind five kinds of routers, in network namespaces (needs root): everything
                  fails in turn, the server for so many seconds (120)
  format          lay out the sources as .editorconfig says
  build [project] build in Release; the log is shown only if it fails
TEXT
}

# In the root, so that global.json chooses the SDK.
in_root() { (cd "$root" && "$@"); }

build() {
    local log
    log="$(mktemp)"
    if ! in_root dotnet build "${1:-Sojourn.slnx}" -c Release -v quiet >"$log" 2>&1 </dev/null; then
        cat "$log" >&2
        rm -f "$log"
        return 1
    fi
    rm -f "$log"
}

built() { echo "$root/$1/bin/Release/net10.0/$2"; }

# Debian's packages that tests need. Without them those tests skip themselves and say so.
install() {
    local what="$1" log as_root=()
    shift
    if [[ "$(id -u)" != 0 ]]; then as_root=(sudo -n); fi
    log="$(mktemp)"
    echo "Installing $* for $what."
    if ! {
        "${as_root[@]}" apt-get update &&
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
    } >"$log" 2>&1 </dev/null; then
        echo "They could not be installed; $what will be skipped. The installer's last words:"
        tail -n 3 "$log"
    fi
    rm -f "$log"
}

install_chromium() {
    [[ -x /usr/bin/chromium ]] || install "the tests of the browser" chromium
}

# Networks, routers, and the programs that are not ours to compare with.
install_laboratory() {
    local program
    for program in ip nft conntrack iptables-restore ping wireguard-go wg turnserver stun miniupnpd; do
        if ! PATH="$PATH:/usr/sbin:/sbin" command -v "$program" >/dev/null; then
            install "the tests of networks" iproute2 nftables conntrack iptables iputils-ping \
                wireguard-go wireguard-tools coturn stun-client miniupnpd-nftables
            return
        fi
    done
}

# What runs on Node.js: the public suite of the streams' protocol, its reference server, the checks of the console,
# and the terminal that screens are held against. Without it the tests skip themselves, the benchmark leaves the
# server out, and all say so.
restore_node() {
    local log packages="$root/$1"
    command -v npm >/dev/null || return 0
    [[ "$packages/node_modules/.package-lock.json" -nt "$packages/package-lock.json" ]] && return
    log="$(mktemp)"
    if ! (cd "$packages" && npm ci --no-audit --no-fund) >"$log" 2>&1 </dev/null; then
        echo "$1 could not be restored; what needs it is left out. The installer's last words:"
        tail -n 3 "$log"
    fi
    rm -f "$log"
}

# Adds up the counters of all test projects; a skipped test is counted in `total` but not in `executed`.
# Fails if no test was executed.
print_totals() {
    grep -rhoE --include='*.trx' '<Counters [^>]*>' "$1" 2>/dev/null | awk '
        function counter(name) {
            return match($0, " " name "=\"[0-9]+") ? substr($0, RSTART + length(name) + 3) + 0 : 0
        }
        { total += counter("total"); executed += counter("executed"); passed += counter("passed") }
        END {
            printf "%d passed, %d failed, %d skipped\n", passed, executed - passed, total - executed
            exit (executed == 0 || passed < executed)
        }'
}

run_tests() {
    local results="$root/out/tests" status=0 arguments=()
    if [[ $# -gt 0 ]]; then arguments=(--filter "$1"); fi
    rm -rf "$results"
    install_chromium
    install_laboratory
    restore_node tests/Conformance
    restore_node tests/Console
    restore_node tests/Xterm
    in_root dotnet restore Sojourn.slnx -v quiet
    in_root dotnet build Sojourn.slnx -c Release --no-restore -warnaserror -v quiet
    # The build has checked style and analyzers, as .editorconfig rates them; left is how the lines are laid out.
    in_root dotnet format whitespace Sojourn.slnx --verify-no-changes --no-restore
    # A test that hangs is named and ended.
    in_root dotnet test Sojourn.slnx -c Release --no-build --results-directory "$results" \
        --blame-hang-timeout 5m --blame-hang-dump-type none \
        --logger "console;verbosity=minimal" --logger trx "${arguments[@]}" || status=$?
    print_totals "$results" || status=1
    return "$status"
}

verb="${1:-help}"
shift || true
case "$verb" in
    run)
        build src/Sojourn.Cli
        exec "$root/sojourn" serve "$@" ;;
    test) run_tests "$@" ;;
    bench)
        build bench/Sojourn.Bench
        restore_node bench/Reference
        cd "$root"
        exec "$(built bench/Sojourn.Bench sojourn-bench)" "$@" ;;
    crash)
        build tests/Sojourn.Crash
        if [[ "${1:-}" == streams ]]; then
            exec "$(built tests/Sojourn.Crash sojourn-crash)" run streams --kills "${2:-200}"
        elif [[ "${1:-}" == play ]]; then
            exec "$(built tests/Sojourn.Crash sojourn-crash)" run play --kills "${2:-500}"
        fi
        exec "$(built tests/Sojourn.Crash sojourn-crash)" run --kills "${1:-1000}" ;;
    party-away)
        build tests/Sojourn.Tests
        SOJOURN_PARTY_AWAY="${1:-120}" in_root dotnet test tests/Sojourn.Tests -c Release --no-build \
            --filter FiveMembersTests --logger "console;verbosity=detailed" ;;
    format) in_root dotnet format Sojourn.slnx ;;
    build) build "$@" ;;
    help | --help | -h) usage ;;
    *)
        echo "build.sh knows no verb '$verb'." >&2
        usage >&2
        exit 2 ;;
esac
