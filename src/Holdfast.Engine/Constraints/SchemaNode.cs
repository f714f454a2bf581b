namespace Holdfast.Engine.Constraints;

/// <summary>One place of a compiled schema. Nodes name each other by number, so a schema may refer to itself.</summary>
internal abstract record SchemaNode
{
    /// <summary>A string; lengths in code points. With a pattern the lengths are free.</summary>
    public sealed record Text(int LengthMin, int LengthMax, PatternAutomaton? Pattern) : SchemaNode;

    public sealed record Number(NumberRange Range) : SchemaNode;

    /// <summary>One of several JSON texts.</summary>
    public sealed record Literals(IReadOnlyList<string> Texts, LiteralTrie Trie) : SchemaNode;

    /// <summary>
    /// Members in the schema's order; optional ones may be left out. <paramref name="Keys"/> holds the keys behind their opening quote, with
    /// the closing one, those of forbidden members with numbers from their count on, and <paramref name="RequiredFrom"/> for each place the first required member from there on, or their count.
    /// <paramref name="More"/> is the node of further members, or -1.
    /// </summary>
    public sealed record ObjectOf(IReadOnlyList<string> Names, IReadOnlyList<int> Values, IReadOnlyList<int> RequiredFrom, LiteralTrie Keys, int More) : SchemaNode
    {
        public bool IsRequired(int member) => RequiredFrom[member] == member;

        /// <summary>The same with one member always written, or null where it has no such member.</summary>
        public ObjectOf? Requiring(string name)
        {
            var member = Names.Index().Where(n => n.Item == name).Select(n => n.Index).FirstOrDefault(-1);
            return member < 0 ? null : this with { RequiredFrom = [.. RequiredFrom.Select((first, place) => place <= member ? Math.Min(first, member) : first)] };
        }

        /// <summary>Whether the object may end when <paramref name="next"/> is the first member not yet decided on.</summary>
        public bool MayEnd(int next) => RequiredFrom[next] == Values.Count;
    }

    public sealed record ArrayOf(IReadOnlyList<int> First, int Item, int CountMin, int CountMax) : SchemaNode
    {
        public int NodeAt(int place) => place < First.Count ? First[place] : Item;
    }

    public sealed record AnyOf(IReadOnlyList<int> Nodes) : SchemaNode;

    /// <summary>Free text up to and with the tag that closes a thinking part, then a value.</summary>
    public sealed record Thinking(int Inner) : SchemaNode;

    /// <summary>Fixed text around a value, such as a tool call's tags.</summary>
    public sealed record Wrapped(byte[] Before, bool IsBeforeOptional, int Inner, byte[] After) : SchemaNode;
}
