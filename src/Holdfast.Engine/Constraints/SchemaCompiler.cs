using System.Text;
using System.Text.Json;
using Holdfast.Engine.Tokenizing;

namespace Holdfast.Engine.Constraints;

/// <summary>
/// JSON Schema to nodes. What is enforced: type, enum, const, properties, required, additionalProperties, items, prefixItems, minItems,
/// maxItems, minLength, maxLength, pattern, format (some), minimum, maximum, exclusiveMinimum, exclusiveMaximum, anyOf, oneOf where the
/// branches exclude each other, allOf where one schema speaks, $ref within the schema. What says nothing is skipped. Anything else is refused by name.
/// Fewer texts than the schema allows may be written (no members that it does not name, one order), never other ones.
/// </summary>
/// <remarks>Long because keywords compile each other in a circle: a choice of objects of lists of choices.</remarks>
internal sealed class SchemaCompiler
{
    public const int SchemaBytesMax = 256 * 1024;
    private const int NodesMax = 10_000;
    private const int DepthMax = 64;
    private const int MembersMax = 256;
    private const int BranchesMax = 128;

    private static readonly string[] TextWords = ["minLength", "maxLength", "pattern", "format"];
    private static readonly string[] NumberWords = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"];
    private static readonly string[] ObjectWords = ["properties", "required", "additionalProperties"];
    private static readonly string[] ArrayWords = ["items", "prefixItems", "minItems", "maxItems"];

    private readonly JsonElement _schema;
    private readonly WritableText _writable;
    private readonly List<SchemaNode?> _nodes;
    private readonly Dictionary<string, int> _byPlace = new(StringComparer.Ordinal);

    // What a reference points at is compiled after what refers to it, not inside it: a chain of references takes no stack.
    private readonly Queue<(string Place, JsonElement Schema, int Node)> _referred = new();
    private readonly PatternStore _patterns;
    private readonly BranchClaims _claims;
    private readonly BranchCheck _branches;
    private readonly TaggedBranches _tagged;
    private int? _any;
    private int _depth;

    private SchemaCompiler(JsonElement schema, WritableText writable)
        : this(schema, writable, [], new PatternStore(writable), new BranchWork())
    {
    }

    /// <summary>What telling branches apart has cost so far.</summary>
    public BranchWork BranchWork { get; }

    /// <summary>Throws <see cref="SchemaFault"/> that names keyword and place.</summary>
    public static ConstraintGrammar Compile(JsonElement schema, WritableText writable, Func<SchemaCompiler, int, int>? wrap = null)
    {
        if (schema.GetRawText().Length > SchemaBytesMax)
        {
            throw new SchemaFault($"the schema has more than {SchemaBytesMax} characters");
        }

        var compiler = new SchemaCompiler(schema, writable);
        var root = compiler.Whole();
        return compiler.Finish(wrap is null ? root : wrap(compiler, root));
    }

    /// <summary>The schemas of several tools' parameters, each a document of its own, in one grammar.</summary>
    public static ConstraintGrammar Compile(IReadOnlyList<(string Tool, JsonElement Schema)> parameters, WritableText writable, Func<SchemaCompiler, IReadOnlyList<int>, int> join)
    {
        var first = new SchemaCompiler(default, writable);
        var roots = new List<int>();
        foreach (var (tool, schema) in parameters)
        {
            var compiler = new SchemaCompiler(schema, writable, first._nodes, first._patterns, first.BranchWork) { _any = first._any };
            try
            {
                roots.Add(compiler.Whole());
            }
            catch (SchemaFault fault)
            {
                throw new SchemaFault($"the parameters of '{tool}': {fault.Message}");
            }

            first._any = compiler._any;
        }

        return first.Finish(join(first, roots));
    }

    private SchemaCompiler(JsonElement schema, WritableText writable, List<SchemaNode?> nodes, PatternStore patterns, BranchWork branchWork)
    {
        (_schema, _writable, _nodes, _patterns, BranchWork) = (schema, writable, nodes, patterns, branchWork);
        (_claims, _branches, _tagged) = (new BranchClaims(schema, branchWork), new BranchCheck(nodes, branchWork), new TaggedBranches(nodes, Add));
    }

    public int Add(SchemaNode? node)
    {
        if (_nodes.Count >= NodesMax)
        {
            throw new SchemaFault($"the schema has more than {NodesMax} parts");
        }

        _nodes.Add(node);
        return _nodes.Count - 1;
    }

    public int AddObject(IReadOnlyList<(string Name, int Value, bool IsRequired)> members, int more, IReadOnlyList<string>? forbidden = null)
    {
        // The forbidden ones stand behind all members: none is offered, and none is free.
        var keys = new LiteralTrie();
        foreach (var (i, name) in members.Select(m => m.Name).Concat(forbidden ?? []).Index())
        {
            keys.Add(KeyBytes(name), i);
        }

        var requiredFrom = new int[members.Count + 1];
        requiredFrom[^1] = members.Count;
        for (var i = members.Count - 1; i >= 0; i--)
        {
            requiredFrom[i] = members[i].IsRequired ? i : requiredFrom[i + 1];
        }

        return Add(new SchemaNode.ObjectOf([.. members.Select(m => m.Name)], [.. members.Select(m => m.Value)], requiredFrom, keys, more));
    }

    public int AddLiterals(IReadOnlyList<string> texts)
    {
        var trie = new LiteralTrie();
        foreach (var text in texts)
        {
            JsonSpelling.MustWrite(text, _writable);
            trie.Add(Encoding.UTF8.GetBytes(text), 0);
        }

        return Add(new SchemaNode.Literals(texts, trie));
    }

    /// <summary>Any JSON value.</summary>
    public int Any()
    {
        if (_any is { } known)
        {
            return known;
        }

        var any = Add(null);
        _any = any;
        var free = AddObject([], any);
        var array = Add(new SchemaNode.ArrayOf([], any, 0, int.MaxValue));
        var text = Add(new SchemaNode.Text(0, int.MaxValue, null));
        var number = Add(new SchemaNode.Number(new NumberRange(false, -NumberRange.Limit, NumberRange.Limit)));
        _nodes[any] = new SchemaNode.AnyOf([free, array, text, number, AddLiterals(["true", "false", "null"])]);
        return any;
    }

    /// <summary>Any JSON object.</summary>
    public int AnyObject() => AddObject([], Any());

    /// <summary>The node where it allows objects alone, any object where it allows everything, and null where it allows something else.</summary>
    public int? ObjectsOf(int node) => ReferenceEquals(_nodes[node], _nodes[Any()]) ? AnyObject() : IsObject(node, DepthMax) ? node : null;

    private bool IsObject(int node, int depth) => _nodes[node] switch
    {
        SchemaNode.ObjectOf => true,
        SchemaNode.AnyOf any when depth > 0 => any.Nodes.All(b => IsObject(b, depth - 1)),
        _ => false,
    };

    // The key behind its opening quote, with the closing one.
    private byte[] KeyBytes(string name) => Encoding.UTF8.GetBytes(JsonSpelling.Quoted(name, _writable)[1..]);

    private ConstraintGrammar Finish(int root)
    {
        JsonSpelling.MustWrite(JsonSpelling.Needed, _writable);
        var nodes = _nodes.Select(n => n!).ToArray();
        NodeWidths.Check(nodes, root);
        var needs = NodeNeeds.Of(nodes);
        return needs[root] <= ConstraintGrammar.DepthMax
            ? new ConstraintGrammar(nodes, root, needs)
            : throw new SchemaFault("the schema allows no value that ends (a part needs itself inside itself)");
    }

    private int Whole()
    {
        var from = _nodes.Count;
        var root = At("#", _schema);
        while (_referred.TryDequeue(out var next))
        {
            Fill(next.Node, next.Place, next.Schema);
        }

        ChoiceSettler.Settle(_nodes, from, AddLiterals);

        // They look at what the nodes have become.
        _tagged.Run();
        _branches.Run();
        return root;
    }

    private int At(string place, JsonElement schema)
    {
        if (!_byPlace.TryGetValue(place, out var node))
        {
            node = _byPlace[place] = Add(null);
            Fill(node, place, schema);
        }

        return node;
    }

    private void Fill(int node, string place, JsonElement schema)
    {
        if (++_depth > DepthMax)
        {
            throw new SchemaFault($"{place}: schemas are nested more than {DepthMax} deep");
        }

        var inner = CompileAt(place, schema);
        _nodes[node] = _nodes[inner] ?? new SchemaNode.AnyOf([inner]);
        _depth--;
    }

    private int CompileAt(string place, JsonElement schema)
    {
        if (schema.ValueKind == JsonValueKind.True)
        {
            return Any();
        }

        if (schema.ValueKind != JsonValueKind.Object)
        {
            throw new SchemaFault($"{place}: {(schema.ValueKind == JsonValueKind.False ? "'false' allows no value" : "a schema must be an object")}");
        }

        SchemaShapes.Check(place, schema);
        var words = schema.EnumerateObject().Where(m => !VacuousWords.IsVacuous(schema, m.Name, m.Value)).Select(m => m.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var word in new[] { "$ref", "allOf", "anyOf", "oneOf", "const", "enum" })
        {
            if (words.Contains(word))
            {
                return CompileWord(place, schema, word, words);
            }
        }

        var unknown = words.Except(["type", .. TextWords, .. NumberWords, .. ObjectWords, .. ArrayWords]).FirstOrDefault();
        if (unknown is not null)
        {
            throw new SchemaFault($"{place}: the keyword '{unknown}' is not enforced");
        }

        return CompileTypes(place, schema, words);
    }

    private int CompileWord(string place, JsonElement schema, string word, HashSet<string> words)
    {
        // "type" beside an enum or const only narrows it, and so do these beside each other; beside the others it is dropped where it can only repeat them.
        var isConstant = word is "enum" or "const";
        var others = words.Where(w => w != word && !(isConstant ? w is "type" or "enum" : w == "type" && RepeatsType(place, schema, word))).ToArray();
        if (others.Length > 0)
        {
            throw new SchemaFault($"{place}: '{others[0]}' beside '{word}' is not enforced");
        }

        var value = schema.GetProperty(word);
        switch (word)
        {
            case "$ref":
                return Reference(place, value);
            case "const":
                var isListed = !schema.TryGetProperty("enum", out var listed) || listed.EnumerateArray().Any(v => JsonValues.Key(v) == JsonValues.Key(value));
                return isListed ? Constants(place, schema, word, [value]) : throw new SchemaFault($"{place}: the value of 'const' is not in 'enum'");
            case "enum" when value.ValueKind == JsonValueKind.Array:
                return Constants(place, schema, word, [.. value.EnumerateArray()]);
            case "allOf":
                var speaking = value.EnumerateArray().Index().Where(b => !VacuousWords.SaysNothing(b.Item)).ToList();
                return speaking is [var (index, only)]
                    ? At($"{place}/allOf/{index}", only)
                    : throw new SchemaFault($"{place}: 'allOf' is enforced only where one of its schemas says something; {speaking[0].Index} and {speaking[1].Index} do (write them as one)");
            case "anyOf" or "oneOf" when value.ValueKind == JsonValueKind.Array && value.GetArrayLength() is > 0 and <= BranchesMax:
                var branches = value.EnumerateArray().Index().Where(b => b.Item.ValueKind != JsonValueKind.False)
                    .Select(b => new BranchCheck.Branch(b.Index, _tagged.Of(schema, At($"{place}/{word}/{b.Index}", b.Item)), _claims.At($"{place}/{word}/{b.Index}", b.Item))).ToList();
                if (word == "oneOf")
                {
                    _branches.Add(place, branches);
                }

                return branches.Count > 0 ? Add(new SchemaNode.AnyOf([.. branches.Select(b => b.Node)])) : throw new SchemaFault($"{place}: '{word}' of nothing but 'false' allows no value");
            default:
                throw new SchemaFault($"{place}: '{word}' has more than {BranchesMax} branches");
        }
    }

    /// <summary>Whether "type" says only what each branch says too.</summary>
    private bool RepeatsType(string place, JsonElement schema, string word)
    {
        var types = Types(place, schema.GetProperty("type")).Aggregate(JsonTypes.None, (all, name) => all | JsonValues.TypesNamed(name));
        IEnumerable<BranchClaim> branches = word == "$ref" ? [_claims.Behind(place, schema.GetProperty(word).GetString()!)]
            : schema.GetProperty(word).EnumerateArray().Index().Select(b => _claims.At($"{place}/{word}/{b.Index}", b.Item));
        return branches.All(claim => (claim.Types & ~types) == JsonTypes.None);
    }

    private int Constants(string place, JsonElement schema, string word, JsonElement[] values)
    {
        if (values.Select(JsonValues.Fault).FirstOrDefault(f => f is not null) is { } fault)
        {
            throw new SchemaFault($"{place}: '{word}' cannot be enforced: {fault}");
        }

        var types = schema.TryGetProperty("type", out var type) ? Types(place, type) : null;
        var kept = values.Where(v => types is null || types.Any(t => JsonValues.IsOfType(v, t))).Select(v => JsonSpelling.Of(v, _writable)).ToArray();
        return kept.Length > 0 ? AddLiterals(kept) : throw new SchemaFault($"{place}: {(word == "enum" ? "no value of 'enum' is" : "the value of 'const' is not")} of the 'type'");
    }

    private int Reference(string place, JsonElement value)
    {
        var pointer = value.GetString()!;
        var (target, schema) = (SchemaPointer.PlaceOf(pointer), SchemaPointer.Find(_schema, place, pointer));
        if (!_byPlace.TryGetValue(target, out var node))
        {
            node = _byPlace[target] = Add(null);
            _referred.Enqueue((target, schema, node));
        }

        return node;
    }

    private int CompileTypes(string place, JsonElement schema, HashSet<string> words)
    {
        string[] types;
        if (schema.TryGetProperty("type", out var type))
        {
            types = Types(place, type);
        }
        else
        {
            types = Implied(words);
            if (types.Length == 0)
            {
                return Any();
            }
        }

        var nodes = types.Select(t => OfType(place, schema, t)).ToArray();
        return nodes.Length == 1 ? nodes[0] : Add(new SchemaNode.AnyOf(nodes));
    }

    // Without "type" other kinds of value are allowed too; the one that the keywords speak of is meant.
    private static string[] Implied(HashSet<string> words) =>
        words.Overlaps(ObjectWords) ? ["object"] : words.Overlaps(ArrayWords) ? ["array"] : words.Overlaps(TextWords) ? ["string"] : words.Overlaps(NumberWords) ? ["number"] : [];

    private static string[] Types(string place, JsonElement type) => type.ValueKind switch
    {
        JsonValueKind.String => [type.GetString()!],
        JsonValueKind.Array when type.GetArrayLength() > 0 && type.EnumerateArray().All(t => t.ValueKind == JsonValueKind.String) => [.. type.EnumerateArray().Select(t => t.GetString()!).Distinct()],
        _ => throw new SchemaFault($"{place}: 'type' must be a name or a list of names"),
    };

    private int OfType(string place, JsonElement schema, string type) => type switch
    {
        "object" => ObjectAt(place, schema),
        "array" => ArrayAt(place, schema),
        "string" => Add(TextWordsReader.Read(place, schema, _patterns)),
        "number" or "integer" => Add(new SchemaNode.Number(NumberWordsReader.Read(place, schema, type == "integer"))),
        "boolean" => AddLiterals(["true", "false"]),
        "null" => AddLiterals(["null"]),
        _ => throw new SchemaFault($"{place}: the type '{type}' is not known"),
    };

    private int ArrayAt(string place, JsonElement schema)
    {
        var (min, max) = (SchemaShapes.Count(place, schema, "minItems", 0), SchemaShapes.Count(place, schema, "maxItems", int.MaxValue));
        var first = schema.TryGetProperty("prefixItems", out var prefix)
            ? prefix.EnumerateArray().Select((item, i) => At($"{place}/prefixItems/{i}", item)).ToArray()
            : [];
        var hasItems = schema.TryGetProperty("items", out var items);
        if (hasItems && items.ValueKind == JsonValueKind.False)
        {
            max = Math.Min(max, first.Length);
        }

        var item = max <= first.Length ? -1 : hasItems ? At($"{place}/items", items) : Any();
        return min <= max ? Add(new SchemaNode.ArrayOf(first, item, min, max)) : throw new SchemaFault($"{place}: 'minItems' is above what the array can hold");
    }

    private int ObjectAt(string place, JsonElement schema)
    {
        var required = schema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(n => n.GetString()!).ToHashSet(StringComparer.Ordinal) : [];
        var (members, forbidden) = (new List<(string, int, bool)>(), new List<string>());
        var hasMembers = schema.TryGetProperty("properties", out var properties);
        if (hasMembers)
        {
            if (properties.EnumerateObject().Count() > MembersMax)
            {
                throw new SchemaFault($"{place}: 'properties' has more than {MembersMax} members");
            }

            foreach (var member in properties.EnumerateObject())
            {
                var isRequired = required.Remove(member.Name);
                if (member.Value.ValueKind == JsonValueKind.False && !isRequired)
                {
                    forbidden.Add(member.Name);
                }
                else
                {
                    members.Add((member.Name, At($"{place}/properties/{SchemaPointer.Escape(member.Name)}", member.Value), isRequired));
                }
            }
        }

        var hasMore = schema.TryGetProperty("additionalProperties", out var additional);
        if (required.Count > 0 && hasMore && additional.ValueKind == JsonValueKind.False)
        {
            throw new SchemaFault($"{place}: '{required.First()}' is required but 'additionalProperties' forbids it");
        }

        // A required member without a schema of its own takes any value, or that of "additionalProperties".
        members.AddRange(required.Select(name => (name, hasMore ? At($"{place}/additionalProperties", additional) : Any(), true)));
        // An empty list of members is one too: a function without arguments gets none.
        var isOpen = hasMore ? additional.ValueKind == JsonValueKind.Object : members.Count == 0 && !hasMembers;
        var isFree = hasMore && additional.ValueKind == JsonValueKind.True && members.Count == 0;
        return AddObject(members, isOpen && hasMore ? At($"{place}/additionalProperties", additional) : isOpen || isFree ? Any() : -1, forbidden);
    }
}
