using System.Text;
using System.Text.Json;
using CsCheck;
using Holdfast.Gateway.Wire;

namespace Holdfast.Tests.Gateway;

public sealed class JsonSpliceTests
{
    private static readonly Gen<string> Space = OneOf("", " ", "\n", "\t ", "  ");

    /// <summary>Values in spellings that a re-serialiser would change.</summary>
    private static readonly Gen<string> Value = OneOf(
        "12345678901234567890", "1.50", "1e2", "-0.0", "null", "true", "\"\\u0061\"", "\"a\\\"b,}]\"", "\"ä\"", "{}", "[]", "{ \"model\" : 1 , \"holdfast\":2 }", "[1, {\"usage\":[]}, \"x\"]");

    private static readonly Gen<string> Name = OneOf("model", "holdfast", "usage", "a", "a", "b\\u0063", "mod\\u0065l", "");

    /// <summary>Members with their own white space, doubles included.</summary>
    private static readonly Gen<(string Name, string Text)[]> Members =
        Gen.Select(Name, Space, Space, Value, (name, before, after, value) => (name, $"\"{name}\"{before}:{after}{value}")).Array[0, 8];

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static string Plain(string name) => JsonSerializer.Deserialize<string>($"\"{name}\"")!;

    [Fact]
    public void Removing_a_name_equals_writing_the_object_without_it()
    {
        Gen.Select(Members, OneOf("holdfast", "model", "a", "bc")).Sample((members, name) =>
        {
            var json = Encoding.UTF8.GetBytes("{" + string.Join(",", members.Select(m => m.Text)) + "}");
            var edits = new List<JsonEdit>();
            JsonSplice.Remove(json, JsonSplice.Members(json, 0), Encoding.UTF8.GetBytes(name), edits);
            var left = Encoding.UTF8.GetString(JsonSplice.Apply(json, edits));

            // The slow twin: the object written again from the members that stay, each in its own text.
            var twin = "{" + string.Join(",", members.Where(m => Plain(m.Name) != name).Select(m => m.Text)) + "}";
            return left == twin;
        });
    }

    [Fact]
    public void Replacing_a_value_leaves_every_other_byte()
    {
        Gen.Select(Members, Space, Space).Sample((members, before, after) =>
        {
            var json = Encoding.UTF8.GetBytes(before + "{" + after + string.Join(after + "," + before, members.Select(m => m.Text)) + before + "}" + after);
            var start = before.Length;
            var edits = JsonSplice.Members(json, start).Where(m => m.Is(json, "model"u8)).Select(m => JsonSplice.Replace(m, "\"new\""u8.ToArray())).ToList();
            var changed = JsonSplice.Apply(json, edits);
            var twin = before + "{" + after + string.Join(after + "," + before, members.Select(m => Plain(m.Name) == "model" ? m.Text[..TextStart(m.Text)] + "\"new\"" : m.Text)) + before + "}" + after;
            return Encoding.UTF8.GetString(changed) == twin;
        });

        // The name has no colon outside its quotes, so the first one after them ends it.
        static int TextStart(string member)
        {
            var at = member.IndexOf('"', 1) + 1;
            while (member[at] is ' ' or '\n' or '\t' or ':')
            {
                at++;
            }

            return at;
        }
    }

    [Fact]
    public void Inserting_keeps_the_object_readable_and_its_other_bytes()
    {
        Members.Sample(members =>
        {
            var text = "{" + string.Join(",", members.Select(m => m.Text)) + "}";
            var json = Encoding.UTF8.GetBytes(text);
            var first = JsonSplice.Apply(json, [JsonSplice.InsertFirst(0, members.Length == 0, "new"u8, "1"u8)]);
            var last = JsonSplice.Apply(json, [JsonSplice.InsertLast(json.Length, members.Length == 0, "new"u8, "1"u8)]);
            return Encoding.UTF8.GetString(first) == "{\"new\":1" + (members.Length == 0 ? "}" : "," + text[1..])
                && Encoding.UTF8.GetString(last) == text[..^1] + (members.Length == 0 ? "" : ",") + "\"new\":1}"
                && JsonDocument.Parse(first).RootElement.GetProperty("new").GetInt32() == 1
                && JsonDocument.Parse(last).RootElement.GetProperty("new").GetInt32() == 1;
        });
    }

    [Fact]
    public void The_first_member_of_a_name_is_found_where_it_stands()
    {
        Members.Sample(members =>
        {
            var json = Encoding.UTF8.GetBytes("{" + string.Join(",", members.Select(m => m.Text)) + "}");
            var wanted = members.FirstOrDefault(m => Plain(m.Name) == "model").Text;
            return JsonSplice.TryFind(json, "model"u8, out var found)
                ? Encoding.UTF8.GetString(json[found.NameStart..found.ValueEnd]) == wanted
                : wanted is null;
        });
    }
}
