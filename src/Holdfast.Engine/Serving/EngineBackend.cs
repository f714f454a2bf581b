using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Holdfast.Abstractions.Answering;
using Holdfast.Abstractions.Counting;
using Holdfast.Abstractions.Status;
using Holdfast.Engine.Blocks;
using Holdfast.Engine.Constraints;
using Holdfast.Engine.Gguf;
using Holdfast.Engine.Kernels;
using Holdfast.Engine.Models;
using Holdfast.Engine.Sampling;
using Holdfast.Engine.Scheduling;
using Holdfast.Engine.Templates;
using Holdfast.Engine.Tokenizing;

namespace Holdfast.Engine.Serving;

/// <summary>A language model on this machine's processor, as a backend of the gateway.</summary>
public sealed class EngineBackend : IBackend, ITokenCounter, IKvPoolStatus, IDisposable
{
    /// <summary>Models below lose a prompt's instructions among six passages; see <see cref="ServedModel.IsSmall"/>.</summary>
    private const long SmallBelowWeights = 700_000_000;

    /// <summary>Tokens of a completion that names no number, as OpenAI's API and vLLM have it; a chat may fill the context.</summary>
    private const int CompletionTokensDefault = 16;

    private readonly LoadedModel _model;
    private readonly WorkerPool _workers;
    private readonly KvBlocks _kv;
    private readonly ForwardPass _pass;
    private readonly BlockPool _pool;
    private readonly EngineLoop _loop;
    private readonly PromptBuilder _prompts;

    // The gateway counts a prompt before it asks for the answer: rendering, tokenising and compiling a schema are done once.
    private readonly ConditionalWeakTable<ChatRequest, Prompts> _counted = [];
    private readonly RequestReader _reader;
    private readonly EngineOptions _options;
    private readonly TimeProvider _time;
    private readonly Lazy<VocabularyMasks> _masks;
    private readonly int _contextTokens;
    private int _numbers;
    private int _disposed;

    private EngineBackend(LoadedModel model, EngineOptions options, ComputeGate? gate, TimeProvider time)
    {
        (_model, _options, _time) = (model, options, time);
        var shape = model.Weights.Shape;
        var name = options.Name.Length > 0 ? options.Name : ModelName.Of(model.Path);
        var blockBytes = KvBlocks.BytesOfBlock(options.KvType, shape.Layers, shape.KvHeads, shape.HeadSize);
        var blocks = (int)Math.Min((1L << 20) * options.KvMiB / blockBytes, int.MaxValue / 2);
        if (blocks < 2)
        {
            throw new ModelFileException(model.Path, null, $"engine.kvMiB is {options.KvMiB}; two blocks of 16 tokens take {2 * blockBytes} bytes with this model and engine.kvType {options.KvType}");
        }

        if (options.ContextTokens > shape.ContextTokens)
        {
            throw new ModelFileException(model.Path, null, $"engine.contextTokens is {options.ContextTokens}; this model was trained for {shape.ContextTokens} and is lost beyond");
        }

        var (poolTokens, wanted) = (blocks * Attention.BlockTokens, options.ContextTokens > 0 ? options.ContextTokens : Math.Min(shape.ContextTokens, EngineOptions.ContextTokensDefaultMax));
        _contextTokens = Math.Min(wanted, poolTokens);
        _workers = new WorkerPool(options.ThreadsUsed, time);
        _kv = new KvBlocks(options.KvType, shape.Layers, blocks, shape.KvHeads, shape.HeadSize);
        Kernels = options.Kernels is { } tier ? KernelSet.Of(model.Weights.Types, _ => Holdfast.Engine.Kernels.KernelChoice.All(tier)) : KernelSelfTest.Pick(model.Weights.Types, time);
        var limits = new ForwardLimits(
            options.Scheduler.StepTokens, options.Scheduler.RunningMax, _contextTokens, ActivationRule.IsFine(options.Activations, model.Weights));
        _pass = new ForwardPass(model.Weights, _kv, _workers, Kernels, limits);
        _pool = new BlockPool(blocks, Attention.BlockTokens);
        _loop = new EngineLoop(name, Kernels, _pass, _pool, blockBytes, options.Scheduler, shape.Vocabulary, gate, time);
        _prompts = new PromptBuilder(model, _contextTokens, time);
        _masks = new Lazy<VocabularyMasks>(() => new VocabularyMasks(model.Tokenizer));
        _reader = new RequestReader(shape.Vocabulary, options);
        var abilities = ModelAbilities.Completions | (model.Template is null ? ModelAbilities.None : ModelAbilities.Chat);
        Models = [new ServedModel(name, abilities, _contextTokens, "holdfast") {
            ChatFault = model.Template is null ? LoadedModel.ChatFault : null,
            IsSmall = model.Weights.Numbers < SmallBelowWeights,
            ContextSetting = poolTokens < wanted ? "engine.kvMiB" : wanted < shape.ContextTokens ? "engine.contextTokens" : null,
        }];
    }

    public string Name => "engine";

    public IReadOnlyList<ServedModel> Models { get; }

    /// <summary>What the engine holds, for the line at the start and the memory page.</summary>
    public EngineMemory Memory => new(_model.Weights.Bytes, _kv.Bytes, _pass.ScratchBytes, _model.Tokenizer.HeldBytes, _pool.Blocks * Attention.BlockTokens);

    /// <summary>How busy it is.</summary>
    public EngineLoad Load() => _loop.Load();

    /// <summary>Kernels by tensor type, in words: <c>Q4_1 one Wide, many Wide, long Vnni; Q8_0 ...</c>.</summary>
    public string KernelChoice => string.Join("; ", _model.Weights.Types.Select(t => $"{t} {Kernels.Choices[t]}"));

    internal KernelSet Kernels { get; }

    /// <summary>
    /// Loads a model: reads and packs the weights, allocates and touches the KV memory. Throws <see cref="ModelFileException"/> for a
    /// file that cannot be served, with file and offset, or that does not fit the memory, and <see cref="ArgumentException"/> for options with faults.
    /// </summary>
    public static EngineBackend Load(string path, EngineOptions options, ComputeGate? gate, TimeProvider time)
    {
        if (options.Faults() is { Count: > 0 } faults)
        {
            throw new ArgumentException(string.Join("; ", faults), nameof(options));
        }

        LoadedModel? model = null;
        try
        {
            model = LoadedModel.Load(path, file => MemoryRoom.Check(file, new ForwardLimits(options.Scheduler.StepTokens, options.Scheduler.RunningMax, options.ContextTokens, IsFine: true), (1L << 20) * options.KvMiB, isSet: true));
            return new EngineBackend(model, options, gate, time);
        }
        catch (OutOfMemoryException)
        {
            model?.Dispose();
            throw new ModelFileException(path, null, MemoryRoom.Refused(options.KvMiB));
        }
        catch
        {
            model?.Dispose();
            throw;
        }
    }

    public async IAsyncEnumerable<AnswerPart> AnswerAsync(AnswerCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (begun, fault) = Begin(call, cancellationToken);
        if (begun is null)
        {
            yield return new AnswerPart { Fault = fault };
            yield break;
        }

        try
        {
            await foreach (var part in begun.Parts.ReadAllAsync(cancellationToken))
            {
                yield return part;
            }
        }
        finally
        {
            _loop.End(begun);
        }
    }

    public TokenCount Count(string model, string text) =>
        new(_model.Tokenizer.Encode(text, allowSpecial: false).Count, IsExact: model == Models[0].Id);

    public TokenCount CountPrompt(string model, CallKind kind, ChatRequest request)
    {
        var prompts = _prompts.Build(kind, request, CancellationToken.None);
        _counted.AddOrUpdate(request, prompts);
        var isOurs = model == Models[0].Id;
        if (prompts.Fault is null)
        {
            return prompts.Least is { } least
                ? new TokenCount(least, isOurs) { IsLeast = true }
                : new TokenCount(prompts.Ids.Sum(p => p.Count), isOurs) { Longest = prompts.Ids.Select(p => p.Count).DefaultIfEmpty().Max() };
        }

        return _prompts.Least([.. request.Messages.Select(m => new TextSpan(m.Text, false))]) is { } bare
            ? new TokenCount(bare, IsExact: false) { IsLeast = true }
            : new TokenCount(request.Messages.Sum(m => Count(model, m.Text).Tokens), IsExact: false);
    }

    public KvPoolSnapshot? Take() => _loop.Snapshot();

    /// <summary>May be called twice: a container that knows it under several names does so.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _loop.Dispose();
        _pass.Dispose();
        _kv.Dispose();
        _workers.Dispose();
        _model.Dispose();
    }

    private (Call? Call, AnswerFault? Fault) Begin(AnswerCall call, CancellationToken cancellationToken)
    {
        var request = call.Kind == CallKind.Completion ? call.Request with { MaxTokens = call.Request.MaxTokens ?? CompletionTokensDefault } : call.Request;
        var settings = RequestReader.Settings(request, BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8)));
        if (call.Kind == CallKind.Embedding)
        {
            return (null, ServingFaults.Unsupported($"{Models[0].Id} does not embed", "model"));
        }

        if (_reader.Fault(request, settings) is { } fault)
        {
            return (null, fault);
        }

        var prompts = _counted.TryGetValue(call.Request, out var counted) ? counted : _prompts.Build(call.Kind, request, cancellationToken);
        _counted.Remove(call.Request);
        if (prompts.Fault is not null)
        {
            return (null, prompts.Fault);
        }

        var longest = prompts.Least ?? prompts.Ids.Max(p => p.Count);
        var answerTokens = request.MaxTokens ?? 1;
        if (longest + (long)answerTokens > _contextTokens)
        {
            return (null, ServingFaults.TooLong(longest, isLeast: prompts.Least is not null, call, answerTokens, Models[0]));
        }

        if ((long)prompts.Ids.Count * request.Choices > _options.Scheduler.SequencesMax)
        {
            return (null, ServingFaults.TooMany(prompts.Ids.Count, request.Choices, _options.Scheduler));
        }

        var begun = new Call(call.RequestId, _model.Tokenizer, [.. request.Stop, .. request.OwnStop], prompts.Thinking, _time.GetTimestamp())
        {
            Constraint = Constraint(prompts),
            ToolFormat = prompts.Form?.Calls ?? ToolFormat.None,
            ToolNames = prompts.Form?.ToolNames ?? [],
            IsSingleCall = request.IsSingleCall,
        };
        AddChoices(begun, request, prompts, settings);
        return _loop.Submit(begun) is { } refused ? (null, refused) : (begun, null);
    }

    private TokenConstraint? Constraint(Prompts prompts)
    {
        if (prompts.Form?.Grammar is not { } grammar)
        {
            return null;
        }

        return new TokenConstraint(
            prompts.Thinking == ThinkingStart.None ? grammar : ConstraintGrammars.AfterThinking(grammar, isOpen: prompts.Thinking == ThinkingStart.Open),
            _masks.Value);
    }

    private void AddChoices(Call begun, ChatRequest request, Prompts prompts, SamplingSettings settings)
    {
        foreach (var prompt in prompts.Ids)
        {
            Sequence? leader = null;
            for (var k = 0; k < request.Choices; k++)
            {
                var sequence = new Sequence(Interlocked.Increment(ref _numbers), prompt, request.MaxTokens ?? _contextTokens - prompt.Count, request.Priority, leader);
                leader ??= sequence;
                begun.Add(new Generation(begun, begun.Generations.Count, sequence, settings) { Draw = request.Seed is null ? begun.Generations.Count : k });
            }
        }
    }
}
