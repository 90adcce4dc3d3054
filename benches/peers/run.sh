#!/usr/bin/env bash
# Sluis beside its peers, in one run: keep-alive, new connections, event streams, CPU per request, memory.
#
#   benches/peers/run.sh BENCH [PEER ...]     BENCH: folder of the load generator (its peers/run-all.sh, with origin and load built)
#
# Peers default to hudsucker-nodelay and custom (Sluis). Settings of run-all.sh (ROUNDS, SECONDS_EACH, MODES, BIN, HUDSUCKER, OUT) are passed on.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
bench=${1:?"usage: run.sh BENCH [PEER ...]"}; shift
(cd "$here/../.." && cargo build --release --quiet)
binary=${SLUIS_BIN:-$here/../../target/release/sluis}
export CUSTOM="$here/sluis.sh $binary @PORT@ @ORIGIN@ @DIR@"
[ $# -gt 0 ] || set -- hudsucker-nodelay custom
exec "$bench/peers/run-all.sh" "$@"
