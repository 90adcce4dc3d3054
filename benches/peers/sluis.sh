#!/usr/bin/env bash
# Starts Sluis for the side-by-side benchmark (peer `custom`): inspection and records on, everything on loopback.
#
#   sluis.sh BINARY PORT ORIGIN DIR      DIR holds proxy-ca.pem, proxy-ca.key and origin-ca.pem; becomes the Sluis process itself (exec)
set -euo pipefail
binary=$1 port=$2 origin=$3 dir=$4
home=$dir/sluis
rm -rf "$home"; mkdir -p "$home/policies/catalogue"
policies=$(dirname "$0")/../../policies
cp -r "$policies"/*.yaml "$policies/dictionaries" "$home/policies/"
rm -f "$home"/policies/tests*.yaml
cat > "$home/policies/catalogue/bench.yaml" <<YAML
- id: bench-hosts
  name: Bench hosts
  vendor: Bench
  country: NL
  category: api
  kind: generative
  hosts: [ai.test]
YAML
echo "tools: { bench-hosts: { status: approved, up-to: public } }" > "$home/policies/bench.yaml"
{
    cat <<YAML
data-dir: $home/data
policies: $home/policies
limits: { inspect: 256 MiB }
listen: { explicit: ["127.0.0.1:$port"], console: null, metrics: null }
ca: { certificate: $dir/proxy-ca.pem, key: $dir/proxy-ca.key }
store: { url: "sqlite:$home/data/sluis.db" }
upstream:
  trust: [$dir/origin-ca.pem]
  allow-private: [127.0.0.0/8]
  resolve:
YAML
    for name in api.openai.com chatgpt.com www.example.org localhost $(printf 'host%04d.ai.test ' $(seq 0 9999)); do echo "    $name: $origin"; done
} > "$home/sluis.yaml"
export SLUIS_LOG=error
exec "$binary" run --config "$home/sluis.yaml"
