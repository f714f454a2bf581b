using Holdfast.Engine.Tokenizing;

namespace Holdfast.Engine.Constraints;

/// <summary>
/// Reads JSON byte by byte along a compiled schema: a configuration and a byte give the configurations after it. Pure. The spelling
/// is the one most models are trained on: members in the schema's order, one optional space after a colon or comma, no other space.
/// About 10 ns a byte; memory only where a container or member begins (one frame of 40 bytes).
/// </summary>
internal sealed class ByteMachine(ConstraintGrammar grammar, WritableText writable)
{
    /// <summary>Code points of a key that the schema does not name.</summary>
    public const int FreeKeyMax = 128;

    private static ReadOnlySpan<byte> ThinkingEnd => "</think>"u8;

    private readonly TextReading _text = new(grammar);

    public Config Start => new(null, grammar.Root, Phase.Start);

    /// <summary>Configurations tried with a byte so far, each branch of a choice by itself.</summary>
    public long Work { get; private set; }

    public void Step(in Config at, byte unit, ConfigSet next)
    {
        Work++;
        switch (at.Phase)
        {
            case Phase.Start:
                StepStart(at, unit, next);
                break;
            case <= Phase.TextLow:
                _text.Step(at, unit, next, this);
                break;
            case Phase.Literal:
                StepLiteral(at, unit, next);
                break;
            case <= Phase.ExponentDigits:
                StepNumber(at, unit, next);
                break;
            case <= Phase.Colon:
                StepObject(at, unit, next);
                break;
            case <= Phase.ArrayNext:
                StepArray(at, unit, next);
                break;
            case <= Phase.After:
                StepWrapped(at, unit, next);
                break;
            case Phase.Thinking:
                StepThinking(at, unit, next);
                break;
        }
    }

    /// <summary>Whether the whole value can end here.</summary>
    public bool IsComplete(in Config at) => at.Phase switch
    {
        Phase.Done => true,
        Phase.Literal => Trie(at).ValueAt(at.A) >= 0 && After(at.Parent).Phase == Phase.Done,
        Phase.Whole or Phase.Fraction or Phase.ExponentDigits => NumberReading.IsComplete(Range(at), at) && After(at.Parent).Phase == Phase.Done,
        _ => false,
    };

    /// <summary>
    /// Whether one of the ways leads to an end that the vocabulary can write. Only a token that leaves a character unfinished can lead
    /// astray: all else that has no token was left out when the schema was compiled.
    /// </summary>
    public bool LeadsOn(ReadOnlySpan<Config> configs)
    {
        foreach (var config in configs)
        {
            var isInside = config.Phase is Phase.TextPart or Phase.FreeKeyPart;
            if (!isInside || (Utf8Part.Unpack(config.V) is var part && writable.CanEnd(part.Left, part.Low, part.High)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Where a value's end leads.</summary>
    public Config After(Frame? frame)
    {
        while (frame is not null)
        {
            switch (grammar.Nodes[frame.Node])
            {
                case SchemaNode.ObjectOf:
                    return new Config(frame.Parent, frame.Node, Phase.ObjectNext, frame.Place);
                case SchemaNode.ArrayOf array:
                    // Past the counted places all items are alike: one state instead of one an item.
                    var count = frame.Place + 1;
                    var counted = Math.Max(array.First.Count, array.CountMax == int.MaxValue ? array.CountMin : array.CountMax);
                    return new Config(frame.Parent, frame.Node, Phase.ArrayNext, Math.Min(count, Math.Max(1, counted)));
                case SchemaNode.Wrapped { After.Length: > 0 }:
                    return new Config(frame.Parent, frame.Node, Phase.After);
                default:
                    frame = frame.Parent;
                    break;
            }
        }

        return new Config(null, grammar.Root, Phase.Done);
    }

    private LiteralTrie Trie(in Config at) => ((SchemaNode.Literals)grammar.Nodes[at.Node]).Trie;

    private NumberRange Range(in Config at) => ((SchemaNode.Number)grammar.Nodes[at.Node]).Range;

    private void StepStart(in Config at, byte unit, ConfigSet next)
    {
        Work++;
        if (unit == ' ' && at.A == 1)
        {
            next.Add(at with { A = 0 });
            return;
        }

        switch (grammar.Nodes[at.Node])
        {
            case SchemaNode.Text text when unit == '"':
                next.Add(new Config(at.Parent, at.Node, Phase.Text, text.LengthMax, text.LengthMin));
                break;
            case SchemaNode.Number number:
                NumberReading.Start(number.Range, at, unit, next);
                break;
            case SchemaNode.Literals literals:
                StepLiteral(new Config(at.Parent, at.Node, Phase.Literal), unit, next);
                break;
            case SchemaNode.ObjectOf when unit == '{':
                next.Add(new Config(at.Parent, at.Node, Phase.ObjectOpen));
                break;
            case SchemaNode.ArrayOf when unit == '[':
                next.Add(new Config(at.Parent, at.Node, Phase.ArrayOpen));
                break;
            case SchemaNode.AnyOf either:
                foreach (var node in either.Nodes)
                {
                    if (grammar.Fits(at.Parent, node))
                    {
                        StepStart(new Config(at.Parent, node, Phase.Start), unit, next);
                    }
                }

                break;
            case SchemaNode.Wrapped:
                StepWrapped(new Config(at.Parent, at.Node, Phase.Before), unit, next);
                break;
            case SchemaNode.Thinking:
                StepThinking(new Config(at.Parent, at.Node, Phase.Thinking), unit, next);
                break;
        }
    }

    // No start of the tag comes again inside it but "<".
    private void StepThinking(in Config at, byte unit, ConfigSet next)
    {
        var matched = unit == ThinkingEnd[at.A] ? at.A + 1 : unit == '<' ? 1 : 0;
        next.Add(matched < ThinkingEnd.Length ? at with { A = matched } : new Config(at.Parent, ((SchemaNode.Thinking)grammar.Nodes[at.Node]).Inner, Phase.Start));
    }

    private void StepLiteral(in Config at, byte unit, ConfigSet next)
    {
        var trie = Trie(at);
        var node = trie.Step(at.A, unit);
        if (node >= 0)
        {
            next.Add(trie.HasMore(node) ? at with { A = node } : After(at.Parent));
        }
        else if (trie.ValueAt(at.A) >= 0)
        {
            // 1 and 12 are both there: after 1 the value may have ended.
            Step(After(at.Parent), unit, next);
        }
    }

    private void StepNumber(in Config at, byte unit, ConfigSet next)
    {
        var range = Range(at);
        if (!NumberReading.TryStep(range, at, unit, next) && NumberReading.IsComplete(range, at))
        {
            Step(After(at.Parent), unit, next);
        }
    }

    private void StepObject(in Config at, byte unit, ConfigSet next)
    {
        var node = (SchemaNode.ObjectOf)grammar.Nodes[at.Node];
        switch (at.Phase)
        {
            case Phase.ObjectOpen when unit == '"':
            case Phase.ObjectComma when unit == '"':
                BeginKey(at, node, next);
                break;
            case Phase.ObjectComma when unit == ' ' && at.B == 1:
                next.Add(at with { B = 0 });
                break;
            case Phase.ObjectOpen or Phase.ObjectNext when unit == '}' && node.MayEnd(at.A):
                next.Add(After(at.Parent));
                break;
            case Phase.ObjectNext when unit == ',' && HasMember(at, node):
                next.Add(new Config(at.Parent, at.Node, Phase.ObjectComma, at.A, 1));
                break;
            case Phase.Key:
                var key = node.Keys.Step(at.A, unit);
                var (low, high) = Choice(at.Parent, node, at.B);
                if (key >= 0 && node.Keys.LeadsTo(key, low, high))
                {
                    next.Add(node.Keys.ValueAt(key) >= 0 ? new Config(at.Parent, at.Node, Phase.Colon, node.Keys.ValueAt(key)) : at with { A = key });
                }

                break;
            case Phase.FreeKey or Phase.FreeKeyPart:
                TextReading.StepFreeKey(at, node, unit, next);
                break;
            case Phase.Colon when unit == ':':
                var value = at.A < 0 ? node.More : node.Values[at.A];
                var place = at.A < 0 ? node.Values.Count : at.A + 1;
                next.Add(new Config(new Frame(at.Parent, at.Node, place), value, Phase.Start, 1));
                break;
        }
    }

    private void BeginKey(in Config at, SchemaNode.ObjectOf node, ConfigSet next)
    {
        if (HasKnownMember(at, node))
        {
            next.Add(new Config(at.Parent, at.Node, Phase.Key, 0, at.A));
        }

        if (HasFreeMember(at, node))
        {
            next.Add(new Config(at.Parent, at.Node, Phase.FreeKey, FreeKeyMax, node.Keys.Nodes > 1 ? 0 : -1));
        }
    }

    private bool HasMember(in Config at, SchemaNode.ObjectOf node) => HasKnownMember(at, node) || HasFreeMember(at, node);

    private bool HasKnownMember(in Config at, SchemaNode.ObjectOf node) => Choice(at.Parent, node, at.A) is var (low, high) && low <= high;

    private bool HasFreeMember(in Config at, SchemaNode.ObjectOf node) => node.More >= 0 && node.MayEnd(at.A) && FitsInside(at.Parent, node.More);

    // The members that may come next: up to the first required one. Near the bound of depth that one alone.
    private (int Low, int High) Choice(Frame? parent, SchemaNode.ObjectOf node, int from)
    {
        var required = node.RequiredFrom[from];
        var last = Math.Min(required, node.Values.Count - 1);
        for (var i = from; i <= last; i++)
        {
            if (!FitsInside(parent, node.Values[i]))
            {
                return (required, last);
            }
        }

        return (from, last);
    }

    private bool FitsInside(Frame? parent, int node) => (parent?.Depth ?? 0) + 1 + grammar.Needs[node] <= ConstraintGrammar.DepthMax;

    private void StepArray(in Config at, byte unit, ConfigSet next)
    {
        var node = (SchemaNode.ArrayOf)grammar.Nodes[at.Node];
        if (unit == ']')
        {
            if (at.A >= node.CountMin)
            {
                next.Add(After(at.Parent));
            }

            return;
        }

        if (at.A >= node.CountMax || !FitsInside(at.Parent, node.NodeAt(at.A)))
        {
            return;
        }

        var item = new Config(new Frame(at.Parent, at.Node, at.A), node.NodeAt(at.A), Phase.Start, at.Phase == Phase.ArrayOpen ? 0 : 1);
        if (at.Phase == Phase.ArrayOpen)
        {
            StepStart(item, unit, next);
        }
        else if (unit == ',')
        {
            next.Add(item);
        }
    }

    private void StepWrapped(in Config at, byte unit, ConfigSet next)
    {
        var node = (SchemaNode.Wrapped)grammar.Nodes[at.Node];
        if (at.Phase == Phase.After)
        {
            if (node.After[at.A] == unit)
            {
                next.Add(at.A + 1 == node.After.Length ? After(at.Parent) : at with { A = at.A + 1 });
            }

            return;
        }

        var inner = new Config(new Frame(at.Parent, at.Node, 0), node.Inner, Phase.Start);
        if (at.A < node.Before.Length && node.Before[at.A] == unit)
        {
            next.Add(at.A + 1 == node.Before.Length ? inner : at with { A = at.A + 1 });
        }
        else if (at.A == 0 && (node.IsBeforeOptional || node.Before.Length == 0))
        {
            StepStart(inner, unit, next);
        }
    }
}
