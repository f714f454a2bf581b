using System.Text.Json;
using Holdfast.Abstractions.Reading;

namespace Holdfast.Gateway.Routes;

/// <summary>Writes documents and their attributes.</summary>
internal static class DocumentJson
{
    public static void Attributes(Utf8JsonWriter json, IReadOnlyDictionary<string, object> attributes)
    {
        json.WriteStartObject("attributes"u8);
        foreach (var (name, value) in attributes)
        {
            switch (value)
            {
                case string text:
                    json.WriteString(name, text);
                    break;
                case bool flag:
                    json.WriteBoolean(name, flag);
                    break;
                case IConvertible number:
                    json.WriteNumber(name, number.ToDouble(System.Globalization.CultureInfo.InvariantCulture));
                    break;
                default:
                    json.WriteString(name, value.ToString());
                    break;
            }
        }

        json.WriteEndObject();
    }

    /// <summary>The members of a row; the caller opens and closes the object.</summary>
    public static void Row(Utf8JsonWriter json, DocumentRow row)
    {
        json.WriteString("id"u8, row.Id);
        json.WriteString("collection"u8, row.Collection);
        json.WriteString("path"u8, row.Path);
        json.WriteString("title"u8, row.Title);
        json.WriteString("mediaType"u8, row.MediaType);
        json.WriteNumber("bytes"u8, row.Bytes);
        json.WriteNumber("characters"u8, row.Characters);
        json.WriteNumber("passages"u8, row.Passages);
        json.WriteString("contentHash"u8, row.ContentHash);
        json.WriteString("addedAt"u8, row.AddedAt);
        if (row.Quarantine is { } reason)
        {
            json.WriteString("quarantine"u8, reason);
        }

        Attributes(json, row.Attributes);
        json.WriteStartArray("cleaned"u8);
        foreach (var rule in row.Cleaned)
        {
            json.WriteStartObject();
            json.WriteString("rule"u8, rule.Rule);
            json.WriteNumber("count"u8, rule.Count);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    public static void Content(Utf8JsonWriter json, DocumentContent content)
    {
        json.WriteStartObject();
        Row(json, content.Row);
        json.WriteString("text"u8, content.Text);
        json.WriteStartArray("pages"u8);
        foreach (var page in content.Pages)
        {
            json.WriteStartObject();
            json.WriteNumber("number"u8, page.Number);
            json.WriteNumber("start"u8, page.Start);
            json.WriteNumber("length"u8, page.Length);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("passageSpans"u8);
        foreach (var passage in content.Passages)
        {
            json.WriteStartObject();
            json.WriteNumber("start"u8, passage.Start);
            json.WriteNumber("length"u8, passage.Length);
            if (passage.Heading is { } heading)
            {
                json.WriteString("heading"u8, heading);
            }

            if (passage.Page is { } number)
            {
                json.WriteNumber("page"u8, number);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
