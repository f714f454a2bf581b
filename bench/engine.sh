#!/bin/bash
# The engine's figures beside llama.cpp, in one go. On a quiet machine with two processors the whole takes about 25 minutes.
#   bench/engine.sh MODELS [one|batches|two|real|rows|perplexity|encoder]...      (no part: all)
# MODELS: a folder for the synthetic model files, 7 GB; those that are missing are written. PROCESSES: fresh processes of each engine (5).
# HOLDFAST_PEER_MODULES, HOLDFAST_LLAMA_CPP: the peer, as bench/peer/build.sh says. HOLDFAST_MODEL: SmolLM2-135M-Instruct.Q4_1.gguf.
# HOLDFAST_GOLDEN: the folder with the golden files smollm2/ and all-minilm-l6-v2/.
# Exits with 1 when a target was missed; the tables say which.
set -uo pipefail
cd "$(dirname "$0")/.."
models=${1:?usage: bench/engine.sh MODELS [one|batches|two|real|rows|perplexity|encoder]...}
shift
parts=${*:-one batches two real rows perplexity encoder}
processes=processes=${PROCESSES:-5}
build=()
[[ $parts == *encoder* ]] && build=(-p:HoldfastOnnx=true)
dotnet build -c Release -v q --nologo bench/Holdfast.Bench "${build[@]}" || exit 2
bench=bench/Holdfast.Bench/bin/Release/net10.0/Holdfast.Bench
"$bench" models "$models" || exit 2
missed=0
run() {
  echo
  echo "## Holdfast.Bench $*"
  "$bench" "$@" || missed=1
}

for part in $parts; do
  case $part in
    one) run compare "$models"/{135m,360m,qwen-0.5b,llama-1b}.{Q8_0,Q4_0,Q4_1,Q4_K_M}.gguf "$processes" threads=1 rounds=1 new=64 batches= ;;
    batches) run compare "$models"/135m.{Q8_0,Q4_0}.gguf "$processes" threads=1 rounds=1 new=64 ;;
    two) run compare "$models"/{135m,llama-1b}.{Q8_0,Q4_0,Q4_1,Q4_K_M}.gguf "$processes" threads=2 rounds=1 new=64 batches= ;;
    real)
      run compare "${HOLDFAST_MODEL:?is not set}" "$processes" threads=1,2 rounds=1
      run compare "$HOLDFAST_MODEL" "$processes" threads=1,2 rounds=1 activations=Auto
      ;;
    rows)
      run rows "${HOLDFAST_MODEL:?is not set}" rows=load,memory,prefix,hog
      run rows "$models"/llama-1b.Q8_0.gguf rows=load,bandwidth,hog
      ;;
    perplexity)
      for type in Q8_0 F16; do
        [ -f "$models/smollm2.$type.gguf" ] || "$bench" requantise "${HOLDFAST_MODEL:?is not set}" "$models/smollm2.$type.gguf" "$type"
      done
      run perplexity "${HOLDFAST_GOLDEN:?is not set}/smollm2/perplexity.jsonl" "${HOLDFAST_MODEL:?is not set}" "$models"/smollm2.{Q8_0,F16}.gguf
      ;;
    encoder) run encoder "${HOLDFAST_GOLDEN:?is not set}/all-minilm-l6-v2/embeddings.jsonl" ;;
    *) echo "bench/engine.sh: there is no part $part" >&2; exit 2 ;;
  esac
done
exit $missed
