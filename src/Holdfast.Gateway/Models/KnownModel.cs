using Holdfast.Abstractions.Answering;

namespace Holdfast.Gateway.Models;

/// <summary>A name on the list of models. <paramref name="Backend"/> is null for an encoder.</summary>
internal sealed record KnownModel(string Id, IBackend? Backend, ServedModel Served, string? Collection);
