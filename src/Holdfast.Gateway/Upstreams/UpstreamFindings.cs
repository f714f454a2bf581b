namespace Holdfast.Gateway.Upstreams;

/// <summary>What discovery learnt from one replica.</summary>
internal sealed record UpstreamFindings(UpstreamKind Kind, IReadOnlyList<FoundModel> Models)
{
    // Ollama's list says smollm2:latest, and it takes smollm2 too.
    public bool Has(string model)
    {
        foreach (var found in Models)
        {
            if (found.Name == model || (Kind == UpstreamKind.Ollama && found.Name == model + ":latest"))
            {
                return true;
            }
        }

        return false;
    }
}
