using System.Collections.Immutable;
using Holdfast.Abstractions.Answering;
using Holdfast.Abstractions.Counting;
using Holdfast.Abstractions.Searching;
using Holdfast.Gateway.Options;
using Holdfast.Gateway.Wire;

namespace Holdfast.Gateway.Models;

/// <summary>
/// Knows which backend answers to a name: a backend's own id first (so that an upstream's id with an <c>@</c> wins), else
/// <c>model@collection</c>, cut at the last <c>@</c>.
/// </summary>
internal sealed class ModelDirectory(GatewayOptions options, IEnumerable<IBackend> backends, IEnumerable<IEmbedder> embedders, IEnumerable<IRetriever> retrievers)
{
    /// <summary>The model that answers with sentences of the passages and writes none itself.</summary>
    public const string Extractive = "extractive";

    private readonly IBackend[] _backends = [.. backends];
    private readonly IEmbedder[] _embedders = [.. embedders];
    private readonly IRetriever? _retriever = retrievers.FirstOrDefault();

    public IReadOnlyList<CollectionInfo> Collections => _retriever?.Collections ?? [];

    /// <summary>True for a backend whose answer is made of the passages, so that no retrieval message is rendered for it.</summary>
    public static bool IsExtractive(IBackend backend, ServedModel served) => served.Id == Extractive && backend.Name == Extractive;

    public IEmbedder? Embedder(string model) => Array.Find(_embedders, e => e.Model == model);

    /// <summary>The model of the first name on the list, without its collection.</summary>
    public string DefaultModel
    {
        get
        {
            if (options.DefaultModel is { Length: > 0 } chosen && FindExact(chosen) is not null)
            {
                return chosen;
            }

            foreach (var backend in _backends)
            {
                foreach (var model in backend.Models)
                {
                    if (model.Id != Extractive && model.Abilities.HasFlag(ModelAbilities.Chat))
                    {
                        return model.Id;
                    }
                }
            }

            return Extractive;
        }
    }

    /// <summary>The name that the ask box uses: the first on the list.</summary>
    public string DefaultName => List() is [var first, ..] ? first.Id : DefaultModel;

    /// <summary><c>default@collection</c>, <c>extractive@collection</c>, bare models, encoders; no entry twice.</summary>
    public IReadOnlyList<KnownModel> List()
    {
        var list = ImmutableArray.CreateBuilder<KnownModel>();
        var seen = new HashSet<string>();
        void Add(KnownModel model)
        {
            if (seen.Add(model.Id))
            {
                list.Add(model);
            }
        }

        foreach (var id in new[] { DefaultModel, Extractive })
        {
            if (FindExact(id) is { } found)
            {
                foreach (var collection in Collections)
                {
                    Add(found with { Id = $"{id}@{collection.Name}", Collection = collection.Name });
                }
            }
        }

        // Without a passage there is nothing to extract from, so that bare name stands for a service without collections, and comes last.
        var bare = _backends.SelectMany(backend => backend.Models.Select(model => new KnownModel(model.Id, backend, model, null)));
        foreach (var model in bare.Where(model => model.Id != Extractive || Collections.Count == 0).OrderBy(model => model.Id == Extractive))
        {
            Add(model);
        }

        foreach (var embedder in _embedders)
        {
            Add(new KnownModel(embedder.Model, null, new ServedModel(embedder.Model, ModelAbilities.Embeddings, embedder.TokensMax, "holdfast"), null));
        }

        return list.ToImmutable();
    }

    /// <summary>Finds the model of a call that goes to a backend.</summary>
    public (KnownModel? Model, AnswerFault? Fault) Find(string name, ModelAbilities ability)
    {
        if (FindExact(name) is { } exact)
        {
            return exact.Served.Abilities.HasFlag(ability) ? (exact, null) : (null, CannotDo(name, ability, exact.Served.ChatFault));
        }

        var at = name.LastIndexOf('@');
        if (at <= 0 || FindExact(name[..at]) is not { } found)
        {
            // An encoder is listed, but is no backend of a chat.
            return (null, List().Any(m => m.Id == name) ? CannotDo(name, ability) : Unknown(name));
        }

        var collection = name[(at + 1)..];
        if (!Collections.Any(c => c.Name == collection))
        {
            return (null, Refusals.NotFound("model_not_found", $"There is no collection '{collection}' for '{name}'. Collections: {Names(Collections.Select(c => c.Name))}.", "model"));
        }

        return found.Served.Abilities.HasFlag(ability)
            ? (found with { Id = name, Collection = collection }, null)
            : (null, CannotDo(name, ability, found.Served.ChatFault));
    }

    /// <summary>Finds an entry of the list, or a name that would be answered.</summary>
    public KnownModel? FindListed(string name) =>
        List().FirstOrDefault(m => m.Id == name) ?? Find(name, ModelAbilities.None).Model;

    public AnswerFault Unknown(string name) =>
        Refusals.NotFound("model_not_found", $"There is no model '{Short(name)}'. Known models: {Names(List().Select(m => m.Id))}.", "model");

    private AnswerFault CannotDo(string name, ModelAbilities ability, string? chatFault = null)
    {
        // Only chats are answered from a collection.
        var able = List().Where(m => m.Served.Abilities.HasFlag(ability) && (m.Collection is null || ability == ModelAbilities.Chat)).Select(m => m.Id).ToList();
        var route = ability switch
        {
            ModelAbilities.Completions => "/v1/completions",
            ModelAbilities.Embeddings => "/v1/embeddings",
            _ => "/v1/chat/completions",
        };
        var remedy = able.Count > 0 ? $"Models that can: {Names(able)}." : Remedy(ability);
        var fault = ability == ModelAbilities.Chat && chatFault is not null ? $": it {chatFault}" : "";
        return Refusals.NotFound("model_not_found", $"'{Short(name)}' does not answer {route}{fault}. {remedy}", "model");
    }

    /// <summary>What to configure when no backend takes such a call.</summary>
    public static string Remedy(ModelAbilities ability) => ability == ModelAbilities.Embeddings
        ? "No encoder is loaded: the shipped one lies in models/ beside the executable; put it back, or configure an upstream with embeddings under 'upstreams' in holdfast.yaml."
        : "No language model is configured: start with one (--model FILE), or configure an upstream under 'upstreams' in holdfast.yaml.";

    private KnownModel? FindExact(string id)
    {
        // Ollama lists smollm2:latest and means it when it hears smollm2.
        return FindId(id) ?? (id.Contains(':', StringComparison.Ordinal) ? null : FindId(id + ":latest"));
    }

    private KnownModel? FindId(string id)
    {
        foreach (var backend in _backends)
        {
            foreach (var model in backend.Models)
            {
                if (model.Id == id)
                {
                    return new KnownModel(id, backend, model, null);
                }
            }
        }

        return null;
    }

    private static string Names(IEnumerable<string> names)
    {
        const int shown = 20;
        var all = names.ToList();
        return all.Count == 0 ? "none" : all.Count <= shown ? string.Join(", ", all) : $"{string.Join(", ", all.Take(shown))} and {all.Count - shown} more";
    }

    private static string Short(string name) => name.Length <= 100 ? name : name[..100] + "…";
}
