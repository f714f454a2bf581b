using Holdfast.Abstractions.Answering;
using Holdfast.Engine.Constraints;
using Holdfast.Engine.Kernels;
using Holdfast.Engine.Models;
using Holdfast.Engine.Sampling;
using Holdfast.Engine.Serving;
using Holdfast.Engine.Tokenizing;

namespace Holdfast.Tests.Engine.Serving;

/// <summary>The plain way to an answer: one sequence alone, one token a step, each chosen under its own mask.</summary>
internal sealed class OneByOne : IDisposable
{
    private readonly LoadedModel _model;
    private readonly WorkerPool _workers = new(1);
    private readonly KvBlocks _kv;
    private readonly ForwardPass _pass;
    private readonly StepBatch _batch = new(512, 1);
    private readonly VocabularyMasks _masks;
    private readonly int[] _blocks;

    public OneByOne(string path)
    {
        _model = LoadedModel.Load(path, static _ => { });
        var shape = _model.Weights.Shape;
        _kv = new KvBlocks(KvType.Half, shape.Layers, 64, shape.KvHeads, shape.HeadSize);
        _pass = new ForwardPass(
            _model.Weights, _kv, _workers, KernelSelfTest.Pick(_model.Weights.Types, TimeProvider.System), new ForwardLimits(512, 1, 1024, ActivationRule.IsFine(ActivationBits.Auto, _model.Weights)));
        _masks = new VocabularyMasks(_model.Tokenizer);
        _blocks = [.. Enumerable.Range(0, 64)];
    }

    /// <summary>Text, reason, number of tokens, log probabilities.</summary>
    public (string Text, string Finish, int Tokens, List<double> Logprobs) Answer(ChatRequest request, int choice)
    {
        var prompts = new PromptBuilder(_model, int.MaxValue, TimeProvider.System).Build(CallKind.Chat, request, CancellationToken.None);
        Assert.Null(prompts.Fault);
        var settings = RequestReader.Settings(request, ownSeed: 0);
        var constraint = prompts.Form!.Grammar is { } grammar ? new TokenConstraint(grammar, _masks) : null;
        var state = constraint?.Start;
        var (mask, forced) = (new ulong[_masks.Words], new Queue<int>());
        var (ids, logprobs, counts) = (new List<int>(), new List<double>(), new TokenCounts(prompts.Ids[0]));
        var sampler = new Sampler(_model.Weights.Shape.Vocabulary);
        var logits = Compute([.. prompts.Ids[0]], 0);
        while (true)
        {
            if (constraint is not null && forced.Count == 0)
            {
                constraint.Forced(state!).ToList().ForEach(forced.Enqueue);
            }

            Array.Clear(mask);
            if (forced.TryDequeue(out var token))
            {
                mask[token >> 6] = 1UL << (token & 63);
            }
            else
            {
                constraint?.Mask(state!, mask);
            }

            var sampled = sampler.Sample(logits, settings, settings.HasPenalties ? counts : null, choice, ids.Count, constraint is null ? [] : mask)!.Value;
            ids.Add(sampled.Token);
            counts.Add(sampled.Token);
            state = constraint?.Advance(state!, sampled.Token);
            if (_model.Tokenizer.EndTokens.Contains(sampled.Token))
            {
                return (Decode(ids.SkipLast(1)), "stop", ids.Count, logprobs);
            }

            logprobs.Add(sampled.Logprob);
            var text = Decode(ids);
            var stop = (constraint is null ? request.Stop : []).Select(s => text.IndexOf(s, StringComparison.Ordinal)).Where(p => p >= 0).DefaultIfEmpty(-1).Min();
            if (stop >= 0 || ids.Count == request.MaxTokens)
            {
                return (stop >= 0 ? text[..stop] : text, stop >= 0 ? "stop" : "length", ids.Count, logprobs);
            }

            logits = Compute([sampled.Token], prompts.Ids[0].Count + ids.Count - 1);
        }
    }

    public void Dispose()
    {
        _pass.Dispose();
        _kv.Dispose();
        _workers.Dispose();
        _model.Dispose();
    }

    private string Decode(IEnumerable<int> ids) => Detokenizer.Decode(_model.Tokenizer.Vocabulary, [.. ids]);

    private float[] Compute(int[] ids, int position)
    {
        _batch.Clear();
        var row = _batch.Add(ids, position, _blocks, wantsLogits: true);
        _pass.Run(_batch);
        return _pass.LogitsOf(row).ToArray();
    }
}
