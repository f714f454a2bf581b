namespace Holdfast.Retrieval.Filtering;

/// <summary>A key that every document has, whatever its own attributes say.</summary>
internal sealed record BuiltInKey(string Name, string Sql, bool IsNumber)
{
    private static readonly BuiltInKey[] Keys =
    [
        new("path", "d.path", IsNumber: false),
        new("title", "d.title", IsNumber: false),
        new("media_type", "d.media_type", IsNumber: false),
        new("page", "p.page", IsNumber: true),

        // Unix seconds, as created_at elsewhere in the API.
        new("added_at", "((d.added_ticks - 621355968000000000) / 10000000)", IsNumber: true),
    ];

    public static BuiltInKey? Find(string name) => Array.Find(Keys, key => key.Name == name);
}
