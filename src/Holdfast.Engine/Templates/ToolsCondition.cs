namespace Holdfast.Engine.Templates;

/// <summary>Works a condition out as far as it depends on tools alone, with no tools, no calls and no results of calls anywhere.</summary>
/// <param name="falseNames">Names of the template's own that are false then, whatever is set.</param>
internal sealed class ToolsCondition(IReadOnlySet<string> falseNames)
{
    /// <summary>Null: it depends on something else.</summary>
    public bool? TruthWithout(Expression expression)
    {
        if (IsAbsent(expression) || (expression is Expression.Name name && falseNames.Contains(name.Text)))
        {
            return false;
        }

        switch (expression)
        {
            case Expression.Constant constant:
                return Values.IsTrue(constant.Value);
            case Expression.ListOf list:
                return list.Items.Count > 0;
            case Expression.Unary { Sign: "not" } unary:
                return !TruthWithout(unary.Target);
            case Expression.Binary { Sign: "and" } both:
                return (TruthWithout(both.Left), TruthWithout(both.Right)) switch
                {
                    (false, _) or (_, false) => false,
                    (true, true) => true,
                    _ => null,
                };
            case Expression.Binary { Sign: "or" } either:
                return (TruthWithout(either.Left), TruthWithout(either.Right)) switch
                {
                    (true, _) or (_, true) => true,
                    (false, false) => false,
                    _ => null,
                };
            case Expression.Binary binary:
                return Comparison(binary);
            case Expression.Test test when IsAbsent(test.Target):
                return TestOfAbsent(test.Text) is { } truth ? truth != test.IsNegated : null;
            default:
                return null;
        }
    }

    private static bool? Comparison(Expression.Binary binary)
    {
        if (WithNone(binary) is { } isNone)
        {
            return isNone;
        }

        if (binary is { Left: Expression.Filter { Text: "length" or "count" } count, Right: Expression.Constant { Value: long number } } && IsAbsent(count.Target))
        {
            return OfNothing(binary.Sign, number);
        }

        var isAboutTools = IsToolText(binary.Left) || IsToolText(binary.Right) || IsAbsent(binary.Left) || IsAbsent(binary.Right);
        return binary.Sign switch
        {
            "==" or "in" or ">" when isAboutTools => false,
            "!=" or "not in" when isAboutTools => true,
            "in" when binary.Right is Expression.ListOf list && list.Items.All(IsToolText) => false,
            _ => null,
        };
    }

    // Tools that a request does not bring are none; other absent names are undefined, which equals nothing.
    private static bool? WithNone(Expression.Binary binary) => binary switch
    {
        { Left: Expression.Name { Text: "tools" }, Sign: "==" or "!=", Right: Expression.Constant { Value: null } } => binary.Sign == "==",
        { Left: Expression.Constant { Value: null }, Sign: "==" or "!=", Right: Expression.Name { Text: "tools" } } => binary.Sign == "==",
        { Left: Expression.Name { Text: "tools" }, Sign: "in" or "not in", Right: Expression.ListOf list } when list.Items.Any(i => i is Expression.Constant { Value: null }) => binary.Sign == "in",
        _ => null,
    };

    private static bool? OfNothing(string sign, long number) => sign switch
    {
        "==" => number == 0,
        "!=" => number != 0,
        "<" => number > 0,
        "<=" => number >= 0,
        ">" => number < 0,
        ">=" => number <= 0,
        _ => null,
    };

    // A request without tools gives none, as the reference does; "is defined" says nothing then.
    private static bool? TestOfAbsent(string test) => test switch
    {
        "none" or "undefined" => test == "none" ? true : null,
        "defined" => null,
        "string" or "mapping" or "iterable" or "sequence" or "true" => false,
        _ => null,
    };

    private static bool IsAbsent(Expression expression) => expression switch
    {
        Expression.Name name => IsToolName(name.Text),
        Expression.Member member => IsToolName(member.Text) || IsAbsent(member.Target),
        Expression.Index index => index.At is Expression.Constant { Value: SpanString key } && IsToolName(key.Text),
        Expression.Binary { Sign: "or" } either => IsAbsent(either.Left) && (IsAbsent(either.Right) || either.Right is Expression.ListOf { Items.Count: 0 }),
        Expression.Filter { Text: "default" or "d" } filter => IsAbsent(filter.Target) && filter.Arguments.Positional is [Expression.ListOf { Items.Count: 0 }, ..],
        Expression.Filter { Text: "length" or "count" or "list" } filter => IsAbsent(filter.Target),
        Expression.Call { Target: Expression.Member { Text: "get" } } call => call.Arguments.Positional is [Expression.Constant { Value: SpanString key }, ..] && IsToolName(key.Text),
        _ => false,
    };

    private static bool IsToolName(string name) =>
        name is "tools" or "tool_calls" or "tool_call" or "tool" or "builtin_tools" or "custom_tools" or "tool_responses" or "functions" or "function_call";

    private static bool IsToolText(Expression expression) =>
        expression is Expression.Constant { Value: SpanString text }
        && text.Text is ("tool" or "tool_calls" or "tool_response" or "ipython" or "function" or "tool_responses" or "tool_call_id");
}
