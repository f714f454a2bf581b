using Holdfast.Bench.Retrieval;

return args switch
{
    ["qa", var root, var questions] => await QuestionBench.RunAsync(root, questions),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: Holdfast.Bench qa <html root> <questions.jsonl>");
    return 2;
}
