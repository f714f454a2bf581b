using Holdfast.Gateway.Door;
using Holdfast.Gateway.Metrics;
using Holdfast.Gateway.Routes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Gateway;

/// <summary>Puts the gate in front of everything and maps the gateway's routes.</summary>
public static class GatewayApp
{
    /// <summary>What is mapped on <paramref name="app"/>, by whichever room, stands behind the gate.</summary>
    public static void MapGateway(this WebApplication app)
    {
        var services = app.Services;
        var gate = services.GetRequiredService<Gate>();
        _ = services.GetRequiredService<ServerRejects>();
        _ = services.GetRequiredService<PrometheusText>();
        _ = services.GetRequiredService<ProcessMeters>();
        app.Use(next => context => gate.InvokeAsync(context, next));
        MapAnswers(app, services.GetRequiredService<AnswerRoutes>(), services.GetRequiredService<ModelRoutes>());
        MapOperations(app, services.GetRequiredService<OperationsRoutes>(), services.GetRequiredService<SignInRoutes>());
        MapAdmin(app, services);
        MapFiles(app, services.GetRequiredService<FileRoutes>());
        MapStores(app, services);
    }

    private static void MapFiles(IEndpointRouteBuilder app, FileRoutes files)
    {
        app.MapPost("/v1/files", (RequestDelegate)files.UploadAsync);
        app.MapGet("/v1/files", (RequestDelegate)files.ListAsync);
        app.MapGet("/v1/files/{id}", (RequestDelegate)files.FindAsync);
        app.MapDelete("/v1/files/{id}", (RequestDelegate)files.RemoveAsync);
        app.MapGet("/v1/files/{id}/content", (RequestDelegate)files.ContentAsync);
    }

    private static void MapStores(IEndpointRouteBuilder app, IServiceProvider services)
    {
        var stores = services.GetRequiredService<StoreRoutes>();
        app.MapGet("/v1/vector_stores", (RequestDelegate)stores.ListAsync);
        app.MapPost("/v1/vector_stores", (RequestDelegate)stores.CreateAsync);
        app.MapGet("/v1/vector_stores/{store}", (RequestDelegate)stores.FindAsync);
        app.MapDelete("/v1/vector_stores/{store}", (RequestDelegate)stores.RemoveAsync);
        app.MapPost("/v1/vector_stores/{store}/search", (RequestDelegate)services.GetRequiredService<StoreSearchRoute>().SearchAsync);
        var files = services.GetRequiredService<StoreFileRoutes>();
        app.MapPost("/v1/vector_stores/{store}/files", (RequestDelegate)files.AttachAsync);
        app.MapGet("/v1/vector_stores/{store}/files", (RequestDelegate)files.ListAsync);
        app.MapGet("/v1/vector_stores/{store}/files/{id}", (RequestDelegate)files.FindAsync);
        app.MapDelete("/v1/vector_stores/{store}/files/{id}", (RequestDelegate)files.RemoveAsync);
    }

    private static void MapAnswers(IEndpointRouteBuilder app, AnswerRoutes answers, ModelRoutes models)
    {
        app.MapPost("/v1/chat/completions", (RequestDelegate)answers.ChatAsync);
        app.MapPost("/v1/completions", (RequestDelegate)answers.CompletionAsync);
        app.MapPost("/v1/embeddings", (RequestDelegate)answers.EmbeddingAsync);
        app.MapGet("/v1/models", (RequestDelegate)models.ListAsync);
        app.MapGet("/v1/models/{**id}", (RequestDelegate)models.FindAsync);
    }

    private static void MapOperations(IEndpointRouteBuilder app, OperationsRoutes operations, SignInRoutes signIn)
    {
        app.MapMethods("/healthz", ["GET", "HEAD"], (RequestDelegate)OperationsRoutes.HealthAsync);
        app.MapMethods("/readyz", ["GET", "HEAD"], (RequestDelegate)operations.ReadyAsync);
        app.MapGet("/metrics", (RequestDelegate)operations.MetricsAsync);
        app.MapPost("/sign-in", (RequestDelegate)signIn.SignInAsync);
        app.MapPost("/sign-out", (RequestDelegate)signIn.SignOutAsync);
    }

    private static void MapAdmin(IEndpointRouteBuilder app, IServiceProvider services)
    {
        var requests = services.GetRequiredService<AdminRequestRoutes>();
        app.MapGet("/admin/requests", (RequestDelegate)requests.ListAsync);
        app.MapGet("/admin/requests/{id}", (RequestDelegate)requests.FindAsync);
        var keys = services.GetRequiredService<AdminKeyRoutes>();
        app.MapGet("/admin/keys", (RequestDelegate)keys.ListAsync);
        app.MapPost("/admin/keys", (RequestDelegate)keys.CreateAsync);
        app.MapDelete("/admin/keys/{id}", (RequestDelegate)keys.RevokeAsync);
        var documents = services.GetRequiredService<AdminDocumentRoutes>();
        app.MapGet("/admin/documents", (RequestDelegate)documents.ListAsync);
        app.MapGet("/admin/documents/{id}", (RequestDelegate)documents.FindAsync);
    }
}
