using System.Text.Json;
using Holdfast.Abstractions.Answering;
using Holdfast.Gateway.Keys;
using Holdfast.Gateway.Options;
using Holdfast.Gateway.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;

namespace Holdfast.Gateway.Routes;

/// <summary><c>/admin/keys</c>: list, create (the key is in this one answer), revoke by id or name.</summary>
internal sealed class AdminKeyRoutes(GatewayOptions options, KeyRing keys, BodyReader bodies)
{
    public Task ListAsync(HttpContext context)
    {
        var rows = keys.List();
        return JsonAnswer.WriteAsync(context, json => JsonAnswer.List(json, rows, false, r => r.Id, (w, row) => Write(w, row, null)));
    }

    public async Task CreateAsync(HttpContext context)
    {
        var x = context.Features.Exchange();
        var (body, fault) = await bodies.ReadJsonAsync(context, options.Limits.BodyBytesMax, options.Limits.BodyDeadline);
        (var wish, fault) = fault is null ? Read(body) : (default, fault);
        if (fault is not null)
        {
            x.Fault = fault;
            return;
        }

        try
        {
            var made = keys.Create(wish.Name, wish.Role);
            await JsonAnswer.WriteAsync(context, json => Write(json, made.Row, made.Key), StatusCodes.Status201Created);
        }
        catch (KeyRefusedException unusable)
        {
            x.Fault = Refusals.BadRequest("invalid_value", unusable.Message, "name");
        }
        catch (SqliteException disk)
        {
            x.Fault = Refusals.Full($"The key could not be kept: {disk.Message}. Nothing was made.", TimeSpan.FromSeconds(30), "disk_refuses");
        }
    }

    public Task RevokeAsync(HttpContext context)
    {
        var id = (string)context.Request.RouteValues["id"]!;
        if (keys.Revoke(id) is not { } row)
        {
            context.Features.Exchange().Fault = Refusals.NotFound("key_not_found", $"There is no key '{id}' to revoke. The key of this start ('up') changes with a restart alone.");
            return Task.CompletedTask;
        }

        return JsonAnswer.WriteAsync(context, json => Write(json, row, null));
    }

    private static ((string Name, KeyRole Role) Wish, AnswerFault? Fault) Read(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("name", out var name) || name.ValueKind != JsonValueKind.String)
            {
                return (default, Refusals.BadRequest("missing_parameter", "The body must be {\"name\": \"…\", \"role\": \"client\" or \"admin\"}.", "name"));
            }

            var role = root.TryGetProperty("role", out var given) ? given.ValueKind == JsonValueKind.String ? given.GetString() : "" : "client";
            return role switch
            {
                "client" => ((name.GetString()!, KeyRole.Client), null),
                "admin" => ((name.GetString()!, KeyRole.Admin), null),
                _ => (default, Refusals.BadRequest("invalid_value", "'role' must be client or admin.", "role")),
            };
        }
        catch (JsonException broken)
        {
            return (default, JsonFaults.Broken(body, broken));
        }
    }

    private static void Write(Utf8JsonWriter json, KeyRow row, string? key)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, row.Id);
        json.WriteString("name"u8, row.Name);
        json.WriteString("role"u8, row.Role == KeyRole.Admin ? "admin"u8 : "client"u8);
        json.WriteString("createdAt"u8, row.CreatedAt);
        if (row.RevokedAt is { } revoked)
        {
            json.WriteString("revokedAt"u8, revoked);
        }

        if (key is not null)
        {
            json.WriteString("key"u8, key);
        }

        json.WriteEndObject();
    }
}
