using Holdfast.Bench.Counting;
using Holdfast.Bench.Encoder;
using Holdfast.Bench.Engine;
using Holdfast.Bench.Peer;
using Holdfast.Bench.Relay;
using Holdfast.Bench.Retrieval;
using Holdfast.Bench.Rows;
using Holdfast.Bench.Soak;
using Holdfast.Bench.Synthetic;

return args switch
{
    ["engine", .. var rest] => EngineBench.Run(rest),
    ["compare", .. var rest] => PeerBench.Run(rest),
    ["rows", .. var rest] => RowsBench.Run(rest),
    ["row", var row, var file] => await RowsBench.RunOneAsync(row, file),
    ["hog"] => HogRow.Burn(),
    ["models", .. var rest] => SyntheticModels.Run(rest),
    ["requantise", var from, var to, var type] => Requantiser.Run(from, to, type),
    ["perplexity", var text, .. { Length: > 0 } models] => PerplexityBench.Run(text, models),
    ["encoder", var golden] => await EncoderBench.RunAsync(golden),
    ["kernels", .. var rest] => KernelBench.Run(rest),
    ["qa", var root, var questions] => await QuestionBench.RunAsync(root, questions),
    ["count"] => CountBench.Run(),
    ["qa-served", var baseUrl, var key, var questions] => await ServedQuestionBench.RunAsync(baseUrl, key, questions),
    ["relay", .. var rest] => await RelayBench.RunAsync(rest),
    ["soak", .. var rest] => await SoakBench.RunAsync(rest),
    ["fake-upstream", .. var rest] => await FakeUpstream.RunAsync(rest),
    ["text", var model] => TextBench.Run(model),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: Holdfast.Bench engine FILE.gguf... [name=value...]      (its own usage says which)");
    Console.Error.WriteLine("       Holdfast.Bench compare FILE.gguf... [processes=N] [name=value...]      (beside llama.cpp; see bench/peer/build.sh)");
    Console.Error.WriteLine("       Holdfast.Bench rows FILE.gguf... [rows=load,memory,prefix,bandwidth,hog]      (the engine's figures without a peer)");
    Console.Error.WriteLine("       Holdfast.Bench models FOLDER [shapes=...] [types=...] [seed=N]      (synthetic model files)");
    Console.Error.WriteLine("       Holdfast.Bench requantise IN.gguf OUT.gguf TYPE");
    Console.Error.WriteLine("       Holdfast.Bench perplexity <golden perplexity.jsonl> FILE.gguf...");
    Console.Error.WriteLine("       Holdfast.Bench encoder <golden embeddings.jsonl>      (beside ONNX Runtime; build with -p:HoldfastOnnx=true)");
    Console.Error.WriteLine("       Holdfast.Bench kernels [TYPE...] [rows=N] [columns=N] [rounds=N] [tokens=MAX] [fine=1]");
    Console.Error.WriteLine("       Holdfast.Bench qa <html root> <questions.jsonl>");
    Console.Error.WriteLine("       Holdfast.Bench count");
    Console.Error.WriteLine("       Holdfast.Bench qa-served <base url> <key> <questions.jsonl>      (of a running holdfast up)");
    Console.Error.WriteLine("       Holdfast.Bench relay [rounds] [seconds]      (needs nginx and wrk)");
    Console.Error.WriteLine("       Holdfast.Bench soak [seconds] [requests a second]");
    Console.Error.WriteLine("       Holdfast.Bench fake-upstream <port> [vllm|llama|ollama|sim] [pieces] [milliseconds between pieces]");
    Console.Error.WriteLine("       Holdfast.Bench text <file.gguf>               tokenising and constraining with its vocabulary");
    return 2;
}
