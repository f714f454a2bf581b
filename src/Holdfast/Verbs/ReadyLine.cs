using System.Text.Json;
using System.Text.Json.Serialization;
using Holdfast.Abstractions.Status;
using Holdfast.Printing;
using Holdfast.Retrieval.Answering;

namespace Holdfast.Verbs;

/// <summary>What <c>up --json</c> prints on standard output when it is ready, and what people see instead.</summary>
internal sealed record ReadyLine
{
    public bool Ready { get; init; } = true;

    public required string BaseUrl { get; init; }

    public required string ConsoleUrl { get; init; }

    public required string Key { get; init; }

    public required string Model { get; init; }

    /// <summary>Documents that can be found.</summary>
    public required int Documents { get; init; }

    /// <summary>Of documents and quarantined ones, those that are as at the last start.</summary>
    public required int Unchanged { get; init; }

    public required int Quarantined { get; init; }

    public required int Passages { get; init; }

    /// <summary>Time that reading took.</summary>
    public required double Seconds { get; init; }

    /// <summary>A question that fits the documents, for the curl line; plain letters, so that no shell and no JSON trips over it.</summary>
    [JsonIgnore]
    public string Question { get; init; } = "";

    /// <summary>Which kernels the embedded engine runs for the model's tensor types; empty without it.</summary>
    [JsonIgnore]
    public string Kernels { get; init; } = "";

    /// <summary>The embedded model's name and why it takes no chats; empty when it does, and without it.</summary>
    [JsonIgnore]
    public string ChatFault { get; init; } = "";

    public void Print(TextWriter output, string dataFolder, bool isUp, ServiceSnapshot status)
    {
        var quarantined = Quarantined == 0 ? "" : $", {Quarantined} quarantined (see: holdfast documents --quarantined)";
        var unchanged = Unchanged == 0 ? "" : $", {Unchanged} unchanged";
        output.WriteLine($"  read {Documents} documents{quarantined}{unchanged}, {Passages} passages, {Seconds:0.0} s   data {Terminal.Shown(dataFolder)}");
        output.WriteLine(Model == ExtractiveBackend.ModelId || Model.StartsWith(ExtractiveBackend.ModelId + "@", StringComparison.Ordinal)
            ? $"  answers by extraction, cited ({(ChatFault.Length > 0 ? "no language model that takes chats" : "no language model given")}: --model FILE, holdfast models pull, or an upstream in holdfast.yaml)"
            : $"  answers by {Terminal.Shown(Model)}");
        if (ChatFault.Length > 0)
        {
            output.WriteLine($"  {Terminal.Shown(ChatFault)}");
        }

        if (Kernels.Length > 0)
        {
            output.WriteLine($"  kernels: {Kernels}");
        }

        foreach (var upstream in status.Upstreams)
        {
            output.WriteLine(Terminal.Shown($"  upstream {upstream.Name} {upstream.Url} {(upstream.IsReachable ? "reachable" : "not reachable: " + (upstream.LastFault ?? "no answer yet"))}"));
        }

        output.WriteLine($"  serving {BaseUrl}   model {Terminal.Shown(Model)}   {(isUp ? $"key {Key}   console {ConsoleUrl}" : $"console {ConsoleUrl.Split('?')[0]}   keys: holdfast keys create NAME")}");
        if (isUp && Passages == 0)
        {
            // Nothing to ask yet: a line that works all the same.
            output.WriteLine($"""

                  curl {BaseUrl}/models -H 'authorization: Bearer {Key}'
                """);
        }
        else if (isUp)
        {
            // The default encoder escapes quotes of both kinds, so that the name ends neither the JSON nor the shell's word.
            output.WriteLine($$"""

                  curl {{BaseUrl}}/chat/completions -H 'authorization: Bearer {{Key}}' -H 'content-type: application/json' \
                    -d '{"model":"{{JsonEncodedText.Encode(Model)}}","messages":[{"role":"user","content":"{{Question}}"}]}'
                """);
        }
    }
}
