using System.Text;
using System.Text.Json;

namespace Holdfast.Gateway.Wire;

/// <summary>
/// Edits members of a JSON object in its bytes. What an edit does not name stays as it is: white space, the order and doubling of
/// members, the spelling of numbers (20 digits, 1.50, 1e2). Cost: one pass of the reader over the object, one copy.
/// </summary>
internal static class JsonSplice
{
    /// <summary>Members of the object that starts at <paramref name="start"/>, in order. The bytes must be JSON.</summary>
    public static List<MemberSpan> Members(ReadOnlySpan<byte> json, int start)
    {
        var members = new List<MemberSpan>();
        var reader = new Utf8JsonReader(json[start..], new JsonReaderOptions { MaxDepth = 1_000 });
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return members;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = start + (int)reader.TokenStartIndex;
            var nameLength = reader.ValueSpan.Length + 2;
            reader.Read();
            var value = start + (int)reader.TokenStartIndex;
            reader.Skip();
            members.Add(new MemberSpan(name, nameLength, value, start + (int)reader.BytesConsumed));
        }

        return members;
    }

    /// <summary>The first member of that name in the object that starts the bytes; stops looking when it is found.</summary>
    public static bool TryFind(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name, out MemberSpan member)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 1_000 });
        member = default;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isWanted = reader.ValueTextEquals(name);
            var (start, length) = ((int)reader.TokenStartIndex, reader.ValueSpan.Length + 2);
            reader.Read();
            var value = (int)reader.TokenStartIndex;
            reader.Skip();
            if (isWanted)
            {
                member = new MemberSpan(start, length, value, (int)reader.BytesConsumed);
                return true;
            }
        }

        return false;
    }

    public static JsonEdit Replace(MemberSpan member, byte[] value) => new(member.ValueStart, member.ValueEnd - member.ValueStart, value);

    /// <summary>Puts a member first in the object that starts at <paramref name="start"/>.</summary>
    public static JsonEdit InsertFirst(int start, bool isEmpty, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
        new(start + 1, 0, [(byte)'"', .. name, (byte)'"', (byte)':', .. value, .. isEmpty ? ReadOnlySpan<byte>.Empty : ","u8]);

    /// <summary>Puts a member last in the object that ends before <paramref name="end"/>.</summary>
    public static JsonEdit InsertLast(int end, bool isEmpty, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
        new(end - 1, 0, [.. isEmpty ? ReadOnlySpan<byte>.Empty : ","u8, (byte)'"', .. name, (byte)'"', (byte)':', .. value]);

    /// <summary>Takes every member of that name out, each with one of its commas.</summary>
    public static void Remove(ReadOnlySpan<byte> json, List<MemberSpan> members, ReadOnlySpan<byte> name, List<JsonEdit> edits)
    {
        var kept = 0;
        for (var i = 0; i < members.Count; i++)
        {
            if (!members[i].Is(json, name))
            {
                kept++;
                continue;
            }

            // With a member left before it the comma in front goes, else the one behind.
            var from = kept > 0 ? members[i - 1].ValueEnd : members[i].NameStart;
            var to = kept == 0 && i + 1 < members.Count ? members[i + 1].NameStart : members[i].ValueEnd;
            edits.Add(new JsonEdit(from, to - from, []));
        }
    }

    /// <summary>Carries the edits out. They must not overlap; insertions at one place keep their order.</summary>
    public static byte[] Apply(ReadOnlySpan<byte> json, List<JsonEdit> edits)
    {
        // Insertion sort is stable and a request has at most a handful of edits.
        for (var i = 1; i < edits.Count; i++)
        {
            for (var j = i; j > 0 && edits[j].Start < edits[j - 1].Start; j--)
            {
                (edits[j], edits[j - 1]) = (edits[j - 1], edits[j]);
            }
        }

        var length = json.Length;
        foreach (var edit in edits)
        {
            length += edit.Text.Length - edit.Length;
        }

        var result = new byte[length];
        int read = 0, written = 0;
        foreach (var edit in edits)
        {
            json[read..edit.Start].CopyTo(result.AsSpan(written));
            written += edit.Start - read;
            edit.Text.CopyTo(result, written);
            written += edit.Text.Length;
            read = edit.Start + edit.Length;
        }

        json[read..].CopyTo(result.AsSpan(written));
        return result;
    }

    /// <summary>The UTF-8 bytes of a quoted JSON string.</summary>
    public static byte[] Unescape(ReadOnlySpan<byte> quoted)
    {
        var reader = new Utf8JsonReader(quoted);
        reader.Read();
        var text = new byte[quoted.Length];
        try
        {
            return text[..reader.CopyString(text)];
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair has no UTF-8 form, so it equals no name of ours.
            return Encoding.UTF8.GetBytes("\uFFFD");
        }
    }
}
