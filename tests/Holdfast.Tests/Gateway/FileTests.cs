using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Holdfast.Abstractions.Reading;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Tests.Gateway;

public sealed class FileTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Task<GatewayHost> StartAsync(string? folder = null, MemoryLibrary? library = null)
    {
        var documents = library ?? new MemoryLibrary();
        return GatewayHost.StartAsync(
            o => o with { Limits = o.Limits with { FilesBytesMax = 5_000, UploadBytesMax = 4_096 } },
            retriever: documents,
            folder: folder,
            more: s => s.AddSingleton<IIngest>(documents).AddSingleton<IDocumentCatalogue>(documents));
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> UploadAsync(GatewayHost host, string name, string content, string field = "file")
    {
        using var form = new MultipartFormDataContent { { new StringContent("assistants"), "purpose" } };
        form.Add(new ByteArrayContent(Encoding.UTF8.GetBytes(content)), field, name);
        using var response = await host.Http.PostAsync("/v1/files", form, Token);
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token)).RootElement);
    }

    [Fact]
    public async Task An_upload_is_kept_read_into_a_store_found_and_deleted()
    {
        await using var host = await StartAsync();
        var (status, file) = await UploadAsync(host, "../../etc/pump.md", "The pump restarts with the green button.");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("pump.md", file.GetProperty("filename").GetString());
        var id = file.GetProperty("id").GetString();

        var (_, store) = await host.PostAsync("/v1/vector_stores", """{"name":"My Handbook!"}""");
        Assert.Equal("my-handbook", store.GetProperty("id").GetString());
        Assert.Equal(409, (int)(await host.PostAsync("/v1/vector_stores", """{"name":"my-handbook"}""")).Head.StatusCode);
        var (_, attached) = await host.PostAsync("/v1/vector_stores/my-handbook/files", "{\"file_id\":\"" + id + "\",\"attributes\":{\"team\":\"ops\",\"year\":2026,\"final\":true}}");
        Assert.Equal("completed", attached.GetProperty("status").GetString());

        var (head, page) = await host.PostAsync("/v1/vector_stores/my-handbook/search", """{"query":["green","button"],"max_num_results":5}""");
        Assert.Equal("vector_store.search_results.page", page.GetProperty("object").GetString());
        Assert.Equal(["green", "button"], page.GetProperty("search_query").EnumerateArray().Select(q => q.GetString()));
        var hit = page.GetProperty("data")[0];
        Assert.Equal((id, "pump.md"), (hit.GetProperty("file_id").GetString(), hit.GetProperty("filename").GetString()));
        Assert.Equal("text", hit.GetProperty("content")[0].GetProperty("type").GetString());
        Assert.Equal((2026, true), (hit.GetProperty("attributes").GetProperty("year").GetInt32(), hit.GetProperty("attributes").GetProperty("final").GetBoolean()));
        Assert.Equal(["authenticate", "parse", "retrieve"], (await host.TraceAsync(head)).GetProperty("stages").EnumerateArray().Select(s => s.GetProperty("name").GetString()));

        using var raw = await host.Http.GetAsync($"/v1/files/{id}/content", Token);
        Assert.Equal("application/octet-stream", raw.Content.Headers.ContentType!.MediaType);
        Assert.Equal("The pump restarts with the green button.", await raw.Content.ReadAsStringAsync(Token));
        Assert.Equal("The pump restarts with the green button.", await host.Http.GetStringAsync($"/v1/files/{id}/content?extracted=true", Token));
        Assert.Equal(1, (await host.GetAsync("/v1/vector_stores/my-handbook/files")).Body.GetProperty("data").GetArrayLength());
        Assert.Equal(id, (await host.GetAsync($"/v1/vector_stores/my-handbook/files/{id}")).Body.GetProperty("id").GetString());

        using var deleted = await host.Http.DeleteAsync($"/v1/files/{id}", Token);
        Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
        Assert.Equal(0, (await host.PostAsync("/v1/vector_stores/my-handbook/search", """{"query":"green"}""")).Body.GetProperty("data").GetArrayLength());
        Assert.Equal(404, (int)(await host.GetAsync($"/v1/files/{id}")).Head.StatusCode);
        using var gone = await host.Http.DeleteAsync("/v1/vector_stores/my-handbook", Token);
        Assert.Equal(0, (await host.GetAsync("/v1/vector_stores")).Body.GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task Uploads_outlive_a_restart_and_half_of_one_does_not()
    {
        var folder = Directory.CreateTempSubdirectory("holdfast-files-").FullName;
        string id;
        await using (var host = await StartAsync(folder))
        {
            id = (await UploadAsync(host, "a.md", "x")).Body.GetProperty("id").GetString()!;
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "files", "file-half.bin"), "no facts", Token);
        await using (var host = await StartAsync(folder))
        {
            Assert.Equal([id], (await host.GetAsync("/v1/files")).Body.GetProperty("data").EnumerateArray().Select(f => f.GetProperty("id").GetString()));
            Assert.False(File.Exists(Path.Combine(folder, "files", "file-half.bin")));
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Bad_uploads_and_full_shelves_are_refused_by_name()
    {
        await using var host = await StartAsync();
        Assert.Equal(415, (int)(await host.PostAsync("/v1/files", "{}")).Head.StatusCode);
        var (status, body) = await UploadAsync(host, "a.md", "x", field: "document");
        Assert.Equal((HttpStatusCode.BadRequest, "file"), (status, body.GetProperty("error").GetProperty("param").GetString()));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await UploadAsync(host, "a.md", new string('x', 5_000))).Status);
        Assert.Equal(HttpStatusCode.OK, (await UploadAsync(host, "a.md", new string('x', 3_000))).Status);
        (status, body) = await UploadAsync(host, "b.md", new string('x', 3_000));
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "files_full"), (status, body.GetProperty("error").GetProperty("code").GetString()));
        using var broken = new ByteArrayContent("--b\r\nno form"u8.ToArray());
        broken.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=b");
        using var answer = await host.Http.PostAsync("/v1/files", broken, Token);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Documents_of_a_folder_are_files_too_and_stay_the_folders()
    {
        var library = new MemoryLibrary();
        await library.CreateCollectionAsync("handbook", Token);
        await library.AddAsync(new IngestItem("handbook", "doc-1", "sub/pump.md", "text of it"u8.ToArray(), new Dictionary<string, object>()), Token);
        await library.AddAsync(new IngestItem("handbook", "doc-2", "bad.bin", "\0"u8.ToArray(), new Dictionary<string, object>()), Token);
        await using var host = await StartAsync(library: library);
        var (_, file) = await host.GetAsync("/v1/files/doc-1");
        Assert.Equal(("sub/pump.md", "processed"), (file.GetProperty("filename").GetString(), file.GetProperty("status").GetString()));
        Assert.Equal("error", (await host.GetAsync("/v1/files/doc-2")).Body.GetProperty("status").GetString());
        Assert.Equal("text of it", await host.Http.GetStringAsync("/v1/files/doc-1/content?extracted=true", Token));
        Assert.Equal("file_in_folder", (await host.GetAsync("/v1/files/doc-1/content")).Body.GetProperty("error").GetProperty("code").GetString());
        using var kept = await host.Http.DeleteAsync("/v1/files/doc-1", Token);
        Assert.Equal(409, (int)kept.StatusCode);
        Assert.Equal(["doc-2"], (await host.GetAsync("/admin/documents?quarantined=true")).Body.GetProperty("data").EnumerateArray().Select(d => d.GetProperty("id").GetString()));
        Assert.Equal(2, (await host.GetAsync("/admin/documents?collection=handbook")).Body.GetProperty("data").GetArrayLength());
        var (head, refused) = await host.GetAsync("/admin/documents?collection=nope");
        Assert.Equal((404, "There is no collection 'nope'. Collections: handbook."), ((int)head.StatusCode, refused.GetProperty("error").GetProperty("message").GetString()));
        var (_, document) = await host.GetAsync("/admin/documents/doc-1");
        Assert.Equal("text of it", document.GetProperty("text").GetString());
        Assert.Equal(404, (int)(await host.GetAsync("/admin/documents/none")).Head.StatusCode);
    }

    [Theory]
    [InlineData("""{}""", "query")]
    [InlineData("""{"query":[]}""", "query")]
    [InlineData("""{"query":"x","max_num_results":0}""", "max_num_results")]
    [InlineData("""{"query":"x","max_num_results":51}""", "max_num_results")]
    [InlineData("""{"query":"x","filters":{"type":"eq"}}""", "filters.key")]
    public async Task A_bad_search_names_the_member(string json, string param)
    {
        var library = new MemoryLibrary();
        await library.CreateCollectionAsync("handbook", Token);
        await using var host = await StartAsync(library: library);
        var (head, body) = await host.PostAsync("/v1/vector_stores/handbook/search", json);
        Assert.Equal((400, param), ((int)head.StatusCode, body.GetProperty("error").GetProperty("param").GetString()));
        (head, body) = await host.PostAsync("/v1/vector_stores/none/search", """{"query":"x"}""");
        Assert.Equal(404, (int)head.StatusCode);
        Assert.Contains("Known: handbook.", body.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }
}
