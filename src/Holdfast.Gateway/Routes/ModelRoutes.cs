using System.Text.Json;
using Holdfast.Gateway.Models;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Gateway.Routes;

/// <summary><c>/v1/models</c>.</summary>
internal sealed class ModelRoutes(ModelDirectory models, TimeProvider clock)
{
    private readonly long _created = clock.GetUtcNow().ToUnixTimeSeconds();

    public Task ListAsync(HttpContext context) => JsonAnswer.WriteAsync(context, json =>
    {
        json.WriteStartObject();
        json.WriteString("object"u8, "list"u8);
        json.WriteStartArray("data"u8);
        foreach (var model in models.List())
        {
            Write(json, model);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    public Task FindAsync(HttpContext context)
    {
        // The server has read %40 as @ already and leaves %2F alone; an id may hold slashes.
        var id = ((string)context.Request.RouteValues["id"]!).Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        if (models.FindListed(id) is not { } model)
        {
            context.Features.Exchange().Fault = models.Unknown(id);
            return Task.CompletedTask;
        }

        return JsonAnswer.WriteAsync(context, json => Write(json, model));
    }

    private void Write(Utf8JsonWriter json, KnownModel model)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, model.Id);
        json.WriteString("object"u8, "model"u8);
        json.WriteNumber("created"u8, _created);
        json.WriteString("owned_by"u8, model.Served.OwnedBy);
        if (model.Served.ContextTokens is { } tokens)
        {
            json.WriteNumber("max_model_len"u8, tokens);
        }

        if (model.Collection is { } collection)
        {
            json.WriteString("collection"u8, collection);
        }

        json.WriteEndObject();
    }
}
