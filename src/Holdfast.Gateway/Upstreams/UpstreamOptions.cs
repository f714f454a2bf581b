using System.Buffers;

namespace Holdfast.Gateway.Upstreams;

/// <summary>One entry of <c>upstreams:</c>, a server (or several equal ones) that speaks OpenAI's routes.</summary>
public sealed record UpstreamOptions
{
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_.");

    /// <summary>For traces and <c>x-holdfast-answered-by</c>: lower case, digits, dashes.</summary>
    public string Name { get; init; } = "";

    /// <summary>Addresses of equal replicas, such as <c>http://10.0.0.7:8000</c>, with or without <c>/v1</c>.</summary>
    public IReadOnlyList<string> Urls { get; init; } = [];

    /// <summary>Sent as <c>Authorization: Bearer</c>. Better kept out of the file: see <see cref="ApiKeyEnvironment"/>.</summary>
    public string ApiKey { get; init; } = "";

    /// <summary>Name of the environment variable that holds the key.</summary>
    public string ApiKeyEnvironment { get; init; } = "";

    /// <summary>Empty: every model that the upstream lists, under its own name. Else only these.</summary>
    public IReadOnlyList<UpstreamModelOptions> Models { get; init; } = [];

    /// <summary>Prompt plus completion of its models; null = what the upstream says, else unknown and not enforced.</summary>
    public int? ContextTokens { get; init; }

    public UpstreamKind Kind { get; init; } = UpstreamKind.Auto;

    public UpstreamTimeouts Timeouts { get; init; } = new();

    /// <summary>Longest event of a stream. A longer one ends the answer with a fault, never with a shorter text.</summary>
    public int EventBytesMax { get; init; } = 32 * 1024 * 1024;

    /// <summary>Longest body of an answer that does not stream.</summary>
    public int BodyBytesMax { get; init; } = 64 * 1024 * 1024;

    /// <summary>What is held of a stream before its first content, so that a fault can still be a status. Past it the answer begins.</summary>
    public int HeldBytesMax { get; init; } = 1024 * 1024;

    /// <summary>Connections to one replica.</summary>
    public int ConnectionsMax { get; init; } = 1024;

    /// <summary>How often the list of models is read again while all is well.</summary>
    public TimeSpan RefreshEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>All faults, in the words of the configuration file; <paramref name="at"/> is the path of this entry, such as <c>upstreams[0]</c>.</summary>
    public IReadOnlyList<string> Faults(string at)
    {
        List<string> faults = [];
        if (Name.Length is 0 or > 64 || Name.AsSpan().ContainsAnyExcept(NameCharacters))
        {
            faults.Add($"{at}.name is \"{Name}\"; it must be 1 to 64 of a-z, 0-9, - _ .");
        }

        if (Urls.Count is 0 or > 64)
        {
            faults.Add($"{at}.urls has {Urls.Count} entries; it must have 1 to 64");
        }

        for (var i = 0; i < Urls.Count; i++)
        {
            if (!TryAddress(Urls[i], out _))
            {
                faults.Add($"{at}.urls[{i}] is \"{Urls[i]}\"; it must be an http or https address without user, query or fragment");
            }
        }

        if (ApiKey.Length > 0 && ApiKeyEnvironment.Length > 0)
        {
            faults.Add($"{at}.apiKey and {at}.apiKeyEnvironment are both set; keep one");
        }

        if (ApiKey.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            faults.Add($"{at}.apiKey holds a character that a header cannot carry");
        }

        AddModelFaults(at, faults);
        AddContextFault(ContextTokens, $"{at}.contextTokens", faults);
        AddBoundFault(EventBytesMax, $"{at}.eventBytesMax", faults);
        AddBoundFault(BodyBytesMax, $"{at}.bodyBytesMax", faults);
        AddBoundFault(HeldBytesMax, $"{at}.heldBytesMax", faults);
        if (ConnectionsMax is < 1 or > 65_535)
        {
            faults.Add($"{at}.connectionsMax is {ConnectionsMax}; it must lie in 1 to 65535");
        }

        if (RefreshEvery < TimeSpan.FromSeconds(1) || RefreshEvery > TimeSpan.FromHours(24))
        {
            faults.Add($"{at}.refreshEvery is {RefreshEvery}; it must lie in 1 second to 24 hours");
        }

        faults.AddRange(Timeouts.Faults($"{at}.timeouts"));
        return faults;
    }

    /// <summary>The address without a trailing <c>/v1</c>, ending in a slash.</summary>
    internal static bool TryAddress(string text, out Uri address)
    {
        address = null!;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https")
            || parsed.Host.Length == 0 || parsed.UserInfo.Length > 0 || parsed.Query.Length > 0 || parsed.Fragment.Length > 0)
        {
            return false;
        }

        var path = parsed.AbsolutePath.TrimEnd('/');
        path = path.EndsWith("/v1", StringComparison.Ordinal) ? path[..^3] : path;
        address = new UriBuilder(parsed.Scheme, parsed.Host, parsed.Port, path + "/").Uri;
        return true;
    }

    private void AddModelFaults(string at, List<string> faults)
    {
        HashSet<string> seen = [];
        for (var i = 0; i < Models.Count; i++)
        {
            var model = Models[i];
            if (model.Name.Length == 0)
            {
                faults.Add($"{at}.models[{i}].name is empty; give the upstream's name of the model");
            }
            else if (!seen.Add(model.Id))
            {
                faults.Add($"{at}.models[{i}] serves \"{model.Id}\" a second time; give it another alias");
            }

            AddContextFault(model.ContextTokens, $"{at}.models[{i}].contextTokens", faults);
        }
    }

    private static void AddContextFault(int? tokens, string at, List<string> faults)
    {
        if (tokens < 1)
        {
            faults.Add($"{at} is {tokens}; it must be 1 or more");
        }
    }

    private static void AddBoundFault(int bytes, string at, List<string> faults)
    {
        if (bytes is < 1024 or > 1024 * 1024 * 1024)
        {
            faults.Add($"{at} is {bytes}; it must lie in 1024 to 1073741824");
        }
    }
}
