using Holdfast.Bench.Counting;
using Holdfast.Bench.Engine;
using Holdfast.Bench.Relay;
using Holdfast.Bench.Retrieval;
using Holdfast.Bench.Soak;

return args switch
{
    ["engine", .. var rest] => EngineBench.Run(rest),
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
    Console.Error.WriteLine("usage: Holdfast.Bench engine FILE.gguf... [threads=N] [rounds=N] [kernels=NAME]");
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
