namespace Holdfast.Abstractions.Answering;

/// <summary>Sends one question through the gateway's own pipeline, for pages that work without JavaScript.</summary>
public interface IAsk
{
    /// <summary>Asks <paramref name="model"/>, or the default model when null, on behalf of the key named <paramref name="keyName"/>.</summary>
    Task<AskOutcome> AskAsync(string question, string? model, string keyName, CancellationToken cancellationToken);
}
