using System.Text.Json;
using System.Text.RegularExpressions;
using CsCheck;
using Holdfast.Engine.Constraints;
using Holdfast.Engine.Tokenizing;
using Holdfast.Tests.Engine.Tokenizing;

namespace Holdfast.Tests.Engine.Constraints;

public sealed class PatternProductTests
{
    private static readonly VocabularyMasks Small = new(SmallVocabulary.Train("smollm"));

    private static readonly Gen<string> Piece = Gen.OneOf("a", "b", "[ab]", "[^a]", ".", "a*", "b?", "(?:ab|c)", "(a|bb){1,2}", "[|)(]", "\\.", "c+", "a+?", "b{1,2}?", "(?<n>a|c)").Array[0, 3].Select(string.Concat);
    private static readonly Gen<string> Inner = Gen.Select(Piece, Gen.OneOf("", "$", "|b$", "|c"), (piece, end) => (piece.Length > 0 ? piece : "a") + end);
    private static readonly Gen<string> Head = Gen.Select(Gen.OneOf("(?!", "(?="), Inner, (sign, inner) => $"{sign}{inner})");
    private static readonly Gen<string> Pattern = Gen.Select(Head.Array[1, 2], Piece, Gen.OneOf("", "$"), (heads, piece, end) => $"^{string.Concat(heads)}{piece}{end}");
    private static readonly Gen<string> Text = Gen.OneOf("a", "b", "c", ".", "|", ")", "é").Array[0, 6].Select(string.Concat);

    [Fact]
    public void Looks_ahead_at_the_beginning_take_what_a_regular_expression_takes()
    {
        var compiled = 0;
        Gen.Select(Pattern, Text.Array[20]).Sample((pattern, texts) =>
        {
            var automaton = Automaton(store => store.Get("#", pattern));
            Interlocked.Add(ref compiled, automaton is null ? 0 : 1);
            return texts.All(text => Matches(pattern, text) == (automaton is not null && Takes(automaton, text)));
        });
        Assert.True(compiled > 10, $"{compiled} compiled");
    }

    [Fact]
    public void What_matches_both_is_what_matches_each() => Gen.Select(Piece, Gen.OneOf("^", ""), Piece, Gen.OneOf("$", ""), Text.Array[20]).Sample((one, begin, other, end, texts) =>
    {
        var (left, right) = ($"{begin}{one}$", $"^{other}{end}");
        var automaton = Automaton(store => store.GetBoth("#", left, right));
        return texts.All(text => (Matches(left, text) && Matches(right, text)) == (automaton is not null && Takes(automaton, text)));
    });

    [Theory]
    [InlineData("(^$|^[ab]{2}$)")]
    [InlineData("(?:(^a|b$))")]
    [InlineData("(a)(b)")]
    [InlineData("^(?<year>[ab]+?)-(?<rest>c??)$")]
    [InlineData("^a{1}?b*?$")]
    public void Groups_around_the_whole_and_their_names_and_lazy_counts_change_no_match(string pattern)
    {
        var automaton = new PatternStore(WritableText.Everything).Get("#", pattern);
        Gen.OneOf("a", "b", "c", "-").Array[0, 4].Select(string.Concat).Sample(text => Matches(pattern, text) == Takes(automaton, text));
    }

    [Fact]
    public void A_pattern_may_count_to_a_thousand()
    {
        var automaton = new PatternStore(WritableText.Everything).Get("#", "^.{1,1000}$");
        Assert.True(Takes(automaton, new string('a', 1000)));
        Assert.False(Takes(automaton, new string('a', 1001)));
    }

    // What zodResponseFormat makes of z.email() (new and old), z.uuid(), z.iso.date(), z.iso.datetime(), z.ipv4(), startsWith, endsWith, z.cuid2(), z.base64url().
    [Theory]
    [InlineData("email", "^(?:[A-Za-z0-9_'+\\\\-]+\\\\.)*[A-Za-z0-9_'+\\\\-]*[A-Za-z0-9_+-]@(?:[A-Za-z0-9][A-Za-z0-9\\\\-]*\\\\.)+[A-Za-z]{2,}$", "a.b+c@example.org", "a..b@example.org")]
    [InlineData("email", "^(?!\\\\.)(?!.*\\\\.\\\\.)([A-Za-z0-9_'+\\\\-\\\\.]*)[A-Za-z0-9_+-]@([A-Za-z0-9][A-Za-z0-9\\\\-]*\\\\.)+[A-Za-z]{2,}$", "a.b@example.org", ".a@example.org")]
    [InlineData("uuid", "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}|00000000-0000-0000-0000-000000000000|ffffffff-ffff-ffff-ffff-ffffffffffff)$", "123e4567-e89b-42d3-a456-426614174000", "123e4567-e89b-92d3-a456-426614174000")]
    [InlineData("date", "^(?:(?:\\\\d\\\\d[2468][048]|\\\\d\\\\d[13579][26]|\\\\d\\\\d0[48]|[02468][048]00|[13579][26]00)-02-29|\\\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\\\d|30)|(?:02)-(?:0[1-9]|1\\\\d|2[0-8])))$", "2024-02-29", "2023-02-29")]
    [InlineData("date-time", "^\\\\d{4}-\\\\d\\\\d-\\\\d\\\\dT(?:(?:[01]\\\\d|2[0-3]):[0-5]\\\\d:[0-5]\\\\d(?:\\\\.\\\\d+)?(?:Z))$", "2026-11-24T23:59:00.5Z", "2026-11-24T23:59:00+01:00")]
    [InlineData("ipv4", "^(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])\\\\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])$", "192.168.0.255", "192.168.0.256")]
    [InlineData("starts_with", "^ab.*", "abc", "bc")]
    [InlineData("ends_with", ".*x$", "abx", "xa")]
    [InlineData("cuid2", "^[0-9a-z]+$", "a1", "A")]
    [InlineData("decimal", "^(?!^[-+.]*$)[+-]?0*[0-9]*\\\\.?[0-9]*$", "12.5", "-.")]
    [InlineData("base64url\",\"contentEncoding\":\"base64url", "^(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-]{2,3})?$", "ab-_cd", "abcde")]
    public void The_forms_of_Zod_are_enforced(string format, string pattern, string good, string bad)
    {
        var constraint = new TokenConstraint(SchemaCompiler.Compile(JsonSerializer.Deserialize<JsonElement>($"{{\"type\":\"string\",\"format\":\"{format}\",\"pattern\":\"{pattern}\"}}"), WritableText.Everything), Small);
        Assert.True(IsWhole(constraint, good));
        Assert.False(IsWhole(constraint, bad));
    }

    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string","pattern":"^a(?!b)c$"}}}""", "#/properties/a: 'pattern': groups that begin with '(?' are not supported but for '(?:', and '(?!' and '(?=' right behind the '^'")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string","pattern":"^(?!a)b|c$"}}}""", "#/properties/a: 'pattern': groups that begin with '(?'")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string","pattern":"^(?!a)a+$"}}}""", "#/properties/a: 'pattern' matches no text: ^(?!a)a+$")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string","pattern":"^x$","format":"date"}}}""", "#/properties/a: no text matches 'pattern' and is of the 'format': ^x$")]
    [InlineData("""{"type":"string","pattern":"^(?!.*b.{12}$)[ab]+$"}""", "states")]
    [InlineData("""{"type":"string","format":"starts_with"}""", "#: the format 'starts_with' is not enforced without a 'pattern' beside it; known are date, ")]
    public void What_cannot_be_joined_is_refused_with_its_place(string schema, string message) =>
        Assert.Contains(message, Assert.Throws<SchemaFault>(() => SchemaCompiler.Compile(JsonSerializer.Deserialize<JsonElement>(schema), WritableText.Everything)).Message, StringComparison.Ordinal);

    private static PatternAutomaton? Automaton(Func<PatternStore, PatternAutomaton> get)
    {
        try
        {
            return get(new PatternStore(WritableText.Everything));
        }
        catch (SchemaFault fault) when (fault.Message.Contains("no text", StringComparison.Ordinal))
        {
            return null;
        }
    }

    private static bool Matches(string pattern, string text) => Regex.IsMatch(text, pattern.Replace("$", "\\z", StringComparison.Ordinal), RegexOptions.ECMAScript, TimeSpan.FromSeconds(5));

    private static bool Takes(PatternAutomaton automaton, string text)
    {
        var end = text.Aggregate(0, (state, unit) => state < 0 ? state : automaton.Next(state, unit));
        return end >= 0 && automaton.IsAccepting(end);
    }

    private static bool IsWhole(TokenConstraint constraint, string text)
    {
        var end = Small.Tokenizer.Encode($"\"{text}\"", allowSpecial: false).Aggregate((ConstraintState?)constraint.Start, (state, id) => state is null ? null : constraint.Advance(state, id));
        return end is not null && constraint.IsComplete(end);
    }
}
