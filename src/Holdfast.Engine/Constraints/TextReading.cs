namespace Holdfast.Engine.Constraints;

/// <summary>The part of <see cref="ByteMachine"/> that reads strings and keys: whole UTF-8 only, escapes as JSON has them, surrogates in pairs.</summary>
internal sealed class TextReading(ConstraintGrammar grammar)
{
    public void Step(in Config at, byte unit, ConfigSet next, ByteMachine machine)
    {
        var pattern = ((SchemaNode.Text)grammar.Nodes[at.Node]).Pattern;
        switch (at.Phase)
        {
            case Phase.Text when unit == '"':
                if (pattern is null ? at.B == 0 : pattern.IsAccepting(at.B))
                {
                    next.Add(machine.After(at.Parent));
                }

                break;
            case Phase.Text when unit == '\\':
                if (CanGoOn(at, pattern))
                {
                    next.Add(at with { Phase = Phase.TextEscape });
                }

                break;
            case Phase.Text when unit >= ' ' && unit < 0x80:
                AddRune(at, unit, pattern, next);
                break;
            case Phase.Text when at.A > 0 && Utf8Part.Lead(unit) is { } part:
                AddPart(at, part, pattern, next);
                break;
            case Phase.TextPart when Utf8Part.Unpack(at.V).Next(unit) is { } part:
                if (part.Left == 0)
                {
                    AddRune(at, part.Bits, pattern, next);
                }
                else
                {
                    AddPart(at, part, pattern, next);
                }

                break;
            case Phase.TextEscape:
                StepEscape(at, unit, pattern, next);
                break;
            case Phase.TextHex:
                StepHex(at, unit, next);
                break;
            case Phase.TextLow:
                StepLow(at, unit, next);
                break;
        }
    }

    public static void StepFreeKey(in Config at, SchemaNode.ObjectOf node, byte unit, ConfigSet next)
    {
        // Keys are compared byte by byte with the known ones, which must not come again under another value.
        var known = at.B < 0 ? -1 : node.Keys.Step(at.B, unit);
        if (at.Phase == Phase.FreeKeyPart)
        {
            if (Utf8Part.Unpack(at.V).Next(unit) is { } more)
            {
                next.Add(more.Left == 0 ? at with { Phase = Phase.FreeKey, B = known, V = 0 } : at with { B = known, V = more.Pack() });
            }
        }
        else if (unit == '"')
        {
            if (known < 0)
            {
                next.Add(new Config(at.Parent, at.Node, Phase.Colon, -1));
            }
        }
        else if (at.A > 0 && unit >= ' ' && unit < 0x80 && unit != '\\')
        {
            next.Add(at with { A = at.A - 1, B = known });
        }
        else if (at.A > 0 && Utf8Part.Lead(unit) is { } part)
        {
            next.Add(at with { Phase = Phase.FreeKeyPart, A = at.A - 1, B = known, V = part.Pack() });
        }
    }

    private static bool CanGoOn(in Config at, PatternAutomaton? pattern) => pattern is null
        ? at.A > 0
        : pattern.LeadsOn(at.B, '\b', '\r') || pattern.LeadsOn(at.B, '"', '"') || pattern.LeadsOn(at.B, '\\', '\\');

    private static void AddPart(in Config at, Utf8Part part, PatternAutomaton? pattern, ConfigSet next)
    {
        if (pattern is null || pattern.LeadsOn(at.B, part.First, part.Last))
        {
            next.Add(at with { Phase = Phase.TextPart, V = part.Pack() });
        }
    }

    private static void AddRune(in Config at, int rune, PatternAutomaton? pattern, ConfigSet next)
    {
        if (pattern is not null)
        {
            var state = pattern.Next(at.B, rune);
            if (state >= 0)
            {
                next.Add(new Config(at.Parent, at.Node, Phase.Text, at.A, state));
            }
        }
        else if (at.A > 0)
        {
            next.Add(new Config(at.Parent, at.Node, Phase.Text, at.A == int.MaxValue ? at.A : at.A - 1, Math.Max(0, at.B - 1)));
        }
    }

    private static void StepEscape(in Config at, byte unit, PatternAutomaton? pattern, ConfigSet next)
    {
        if (unit == 'u' && pattern is null)
        {
            next.Add(at with { Phase = Phase.TextHex, V = 0 });
            return;
        }

        var rune = unit switch
        {
            (byte)'"' => '"',
            (byte)'\\' => '\\',
            (byte)'/' when pattern is null => '/',
            (byte)'b' => '\b',
            (byte)'f' => '\f',
            (byte)'n' => '\n',
            (byte)'r' => '\r',
            (byte)'t' => '\t',
            _ => -1,
        };
        if (rune >= 0)
        {
            AddRune(at, rune, pattern, next);
        }
    }

    private static void StepHex(in Config at, byte unit, ConfigSet next)
    {
        var digit = HexDigit(unit);
        var (read, value) = ((int)(at.V >> 16), (int)(at.V & 0xFFFF));
        if (digit < 0 || (read == 1 && value == 0xD && digit >= 0xC))
        {
            // A low surrogate cannot come first.
            return;
        }

        value = (value << 4) | digit;
        if (read < 3)
        {
            next.Add(at with { V = ((Int128)(read + 1) << 16) | (Int128)value });
        }
        else if (value is >= 0xD800 and <= 0xDBFF)
        {
            next.Add(at with { Phase = Phase.TextLow, V = 0 });
        }
        else
        {
            AddRune(at, value, null, next);
        }
    }

    // V: 0 before the backslash, 1 before the u, 2 to 5 before the four digits DC00 to DFFF.
    private static void StepLow(in Config at, byte unit, ConfigSet next)
    {
        var place = (int)at.V;
        var isRight = place switch
        {
            0 => unit == '\\',
            1 => unit == 'u',
            2 => HexDigit(unit) == 0xD,
            3 => HexDigit(unit) >= 0xC,
            _ => HexDigit(unit) >= 0,
        };
        if (isRight && place < 5)
        {
            next.Add(at with { V = place + 1 });
        }
        else if (isRight)
        {
            AddRune(at, 0x10000, null, next);
        }
    }

    private static int HexDigit(byte unit) => unit switch
    {
        >= (byte)'0' and <= (byte)'9' => unit - '0',
        >= (byte)'a' and <= (byte)'f' => unit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => unit - 'A' + 10,
        _ => -1,
    };
}
