namespace Holdfast.Engine.Templates;

/// <summary>Works a condition out as far as it depends on tools alone, with no tools, no calls and no results of calls anywhere.</summary>
internal static class ToolsCondition
{
    /// <summary>Null: it depends on something else.</summary>
    public static bool? TruthWithout(Expression expression)
    {
        if (IsAbsent(expression))
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
        var isAboutTools = IsToolText(binary.Left) || IsToolText(binary.Right) || IsAbsent(binary.Left) || IsAbsent(binary.Right);
        return binary.Sign switch
        {
            "==" or "in" or ">" when isAboutTools => false,
            "!=" or "not in" when isAboutTools => true,
            "in" when binary.Right is Expression.ListOf list && list.Items.All(IsToolText) => false,
            _ => null,
        };
    }

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
