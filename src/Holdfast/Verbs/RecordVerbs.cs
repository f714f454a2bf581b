using System.CommandLine;
using System.Net;
using System.Text.Json;
using Holdfast.Printing;

namespace Holdfast.Verbs;

/// <summary><c>holdfast documents</c>, <c>holdfast trace</c>, <c>holdfast keys</c>: what the service knows, from the shell.</summary>
internal static class RecordVerbs
{
    private static readonly JsonSerializerOptions Indented = new(Json.Line) { WriteIndented = true };

    public static Command CreateDocuments()
    {
        var command = new Command("documents", "List documents");
        var quarantined = new Option<bool>("--quarantined") { Description = "Only those that were refused, with the reason" };
        var collection = new Option<string?>("--collection") { Description = "Only those of one collection", HelpName = "NAME" };
        var json = JsonFlag();
        command.Options.Add(quarantined);
        command.Options.Add(collection);
        command.Options.Add(json);
        var flags = new ConfigurationFlags(command);
        command.SetAction((parsed, cancellationToken) => VerbRun.WithOwnerAsync(
            parsed,
            flags,
            (owner, token) => PagesAsync(
                owner,
                after => $"/admin/documents?limit=1000{(parsed.GetValue(quarantined) ? "&quarantined=true" : "")}{(parsed.GetValue(collection) is { } name ? "&collection=" + Uri.EscapeDataString(name) : "")}{(after is null ? "" : "&after=" + after)}",
                parsed.GetValue(json) ? PrintLine : row => Console.WriteLine(Text(row, "quarantine") is { } reason
                    ? $"{Text(row, "path")}  quarantined: {reason}"
                    : $"{Text(row, "path")}  {Text(row, "mediaType")}  {row.GetProperty("passages").GetInt32()} passages"),
                token),
            cancellationToken));
        return command;
    }

    public static Command CreateTrace()
    {
        var command = new Command("trace", "Show everything about one request, or list the newest");
        var id = new Argument<string>("id") { Description = "Id of the request, as in x-holdfast-request-id; or: list" };
        var json = JsonFlag();
        command.Arguments.Add(id.NotEmpty("trace").NoDots());
        command.Options.Add(json);
        var flags = new ConfigurationFlags(command);
        command.SetAction((parsed, cancellationToken) => VerbRun.WithOwnerAsync(
            parsed,
            flags,
            (owner, token) => parsed.GetValue(id) == "list"
                ? RowsAsync(owner, "/admin/requests?limit=50", parsed.GetValue(json) ? PrintLine : row => Console.WriteLine(
                    $"{Text(row, "id")}  {Text(row, "at")}  {row.GetProperty("status").GetInt32()}  {Text(row, "model"),-28} {row.GetProperty("microseconds").GetInt64() / 1000.0,9:0.0} ms  {Text(row, "note")}"), token)
                : OneAsync(owner, $"/admin/requests/{Uri.EscapeDataString(parsed.GetValue(id)!)}", parsed.GetValue(json), token),
            cancellationToken));
        return command;
    }

    public static Command CreateKeys()
    {
        var command = new Command("keys", "Create, list and revoke keys");
        var name = new Argument<string>("name") { Description = "What the key is for" };
        var admin = new Option<bool>("--admin") { Description = "A key for everything; without it, for /v1 alone" };
        var json = JsonFlag();
        json.Recursive = true;
        command.Options.Add(json);
        var create = new Command("create", "Make a key; it is shown this once") { name.NotEmpty("keys create"), admin };
        var createFlags = new ConfigurationFlags(create);
        create.SetAction((parsed, cancellationToken) => VerbRun.WithOwnerAsync(
            parsed,
            createFlags,
            async (owner, token) =>
            {
                var wish = JsonSerializer.Serialize(new { name = parsed.GetValue(name), role = parsed.GetValue(admin) ? "admin" : "client" }, Json.Line);
                var (status, body) = await owner.SendAsync(HttpMethod.Post, "/admin/keys", wish, token);
                if ((int)status >= 300)
                {
                    return await VerbRun.RefusedAsync(status, body);
                }

                Console.WriteLine(parsed.GetValue(json) ? Compact(body) : JsonElement.Parse(body).GetProperty("key").GetString());
                return ExitCode.Done;
            },
            cancellationToken));
        var list = new Command("list", "List keys; the keys themselves are not kept");
        var listFlags = new ConfigurationFlags(list);
        list.SetAction((parsed, cancellationToken) => VerbRun.WithOwnerAsync(
            parsed,
            listFlags,
            (owner, token) => RowsAsync(owner, "/admin/keys", parsed.GetValue(json) ? PrintLine : row => Console.WriteLine(
                $"{Text(row, "id"),-14} {Text(row, "role"),-7} {Text(row, "name"),-24} created {Text(row, "createdAt")}{(Text(row, "revokedAt") is { } revoked ? "  revoked " + revoked : "")}"), token),
            cancellationToken));
        var which = new Argument<string>("key") { Description = "Id or name of the key" };
        var revoke = new Command("revoke", "Revoke a key, from the next request on") { which.NotEmpty("keys revoke").NoDots() };
        var revokeFlags = new ConfigurationFlags(revoke);
        revoke.SetAction((parsed, cancellationToken) => VerbRun.WithOwnerAsync(
            parsed,
            revokeFlags,
            async (owner, token) =>
            {
                var (status, body) = await owner.SendAsync(HttpMethod.Delete, $"/admin/keys/{Uri.EscapeDataString(parsed.GetValue(which)!)}", null, token);
                return (int)status < 300 ? ExitCode.Done : await VerbRun.RefusedAsync(status, body);
            },
            cancellationToken));
        command.Subcommands.Add(create);
        command.Subcommands.Add(list);
        command.Subcommands.Add(revoke);
        return command;
    }

    private static Option<bool> JsonFlag() => new("--json") { Description = "One JSON object a line" };

    private static async Task<int> OneAsync(Owner owner, string path, bool isCompact, CancellationToken cancellationToken)
    {
        var (status, body) = await owner.SendAsync(HttpMethod.Get, path, null, cancellationToken);
        if (status != HttpStatusCode.OK)
        {
            return await VerbRun.RefusedAsync(status, body);
        }

        Console.WriteLine(isCompact ? Compact(body) : JsonSerializer.Serialize(JsonElement.Parse(body), Indented));
        return ExitCode.Done;
    }

    private static async Task<int> RowsAsync(Owner owner, string path, Action<JsonElement> print, CancellationToken cancellationToken)
    {
        var (status, body) = await owner.SendAsync(HttpMethod.Get, path, null, cancellationToken);
        if (status != HttpStatusCode.OK)
        {
            return await VerbRun.RefusedAsync(status, body);
        }

        foreach (var row in JsonElement.Parse(body).GetProperty("data").EnumerateArray())
        {
            print(row);
        }

        return ExitCode.Done;
    }

    /// <summary>All pages of a list: each page says with which id it ended.</summary>
    private static async Task<int> PagesAsync(Owner owner, Func<string?, string> path, Action<JsonElement> print, CancellationToken cancellationToken)
    {
        string? after = null;
        while (true)
        {
            var last = default(string);
            var code = await RowsAsync(
                owner,
                path(after),
                row =>
                {
                    last = Text(row, "id");
                    print(row);
                },
                cancellationToken);
            if (code != ExitCode.Done || last is null)
            {
                return code;
            }

            after = last;
        }
    }

    private static void PrintLine(JsonElement row) => Console.WriteLine(JsonSerializer.Serialize(row, Json.Line));

    private static string Compact(string body) => JsonSerializer.Serialize(JsonElement.Parse(body), Json.Line);

    private static string? Text(JsonElement row, string name) => row.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? Terminal.Shown(value.ToString()) : null;
}
