#!/bin/bash
# Builds the program that measures the peer, llama.cpp, from the libraries that npm's node-llama-cpp carries.
#   bench/peer/build.sh OUTPUT
# HOLDFAST_PEER_MODULES: a node_modules folder with @node-llama-cpp/linux-x64 (npm i --ignore-scripts --omit=optional node-llama-cpp@3.22.1, then
#   npm i --ignore-scripts --omit=optional --no-save @node-llama-cpp/linux-x64@3.22.1). HOLDFAST_LLAMA_CPP: a checkout of llama.cpp v0.5.0, for its headers.
set -euo pipefail
cd "$(dirname "$0")"
output=${1:?usage: bench/peer/build.sh OUTPUT}
libraries=$(realpath "${HOLDFAST_PEER_MODULES:?is not set}/@node-llama-cpp/linux-x64/bins/linux-x64")
headers=${HOLDFAST_LLAMA_CPP:?is not set}
gcc -O2 -Wall -Wextra -Werror -std=gnu11 -isystem "$headers/include" -isystem "$headers/ggml/include" -DLIBRARIES="\"$libraries\"" \
  -o "$output" llama-peer.c -L"$libraries" -l:libllama.v0.5.0.so -l:libggml.v0.5.0.so -l:libggml-base.so -Wl,-rpath,"$libraries"
