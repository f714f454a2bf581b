namespace Holdfast.Engine.Templates;

/// <summary>Gives an expression its value.</summary>
internal sealed class ExpressionEvaluator(RenderBudget budget)
{
    public object? Evaluate(Expression expression, Scope scope)
    {
        budget.Step();
        RenderBudget.NeedStack();
        switch (expression)
        {
            case Expression.Constant constant:
                return constant.Value;
            case Expression.Name name:
                return scope.Find(name.Text);
            case Expression.Member member:
                return MemberOf(Evaluate(member.Target, scope), member.Text);
            case Expression.Index index:
                return ItemOf(Evaluate(index.Target, scope), Evaluate(index.At, scope));
            case Expression.Slice slice:
                return Slice(slice, scope);
            case Expression.Filter filter:
                return Filters.Apply(filter.Text, Evaluate(filter.Target, scope), Arguments(filter.Arguments, scope), budget);
            case Expression.Test test:
                return Tests.Holds(test.Text, Evaluate(test.Target, scope), Arguments(test.Arguments, scope), budget) != test.IsNegated;
            case Expression.Call call:
                return Call(call, scope);
            case Expression.Unary unary:
                return Unary(unary.Sign, Evaluate(unary.Target, scope));
            case Expression.Binary binary:
                return Binary(binary, scope);
            case Expression.Choice choice:
                return Values.IsTrue(Evaluate(choice.Condition, scope)) ? Evaluate(choice.Then, scope)
                    : choice.Else is null ? new Undefined("else") : Evaluate(choice.Else, scope);
            case Expression.ListOf list:
                var items = list.Items.Select(i => Evaluate(i, scope));
                return list.IsTuple ? new TemplateTuple(items) : items.ToList();
            case Expression.MapOf map:
                return Map(map, scope);
            default:
                throw new InvalidOperationException($"No rule for {expression.GetType().Name}.");
        }
    }

    public CallArguments Arguments(ArgumentList arguments, Scope scope)
    {
        if (arguments.Positional.Count == 0 && arguments.Named.Count == 0)
        {
            return CallArguments.None;
        }

        var positional = arguments.Positional.Select(a => Evaluate(a, scope)).ToList();
        var named = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in arguments.Named)
        {
            named[name] = Evaluate(value, scope);
        }

        return new CallArguments(positional, named);
    }

    private object? Binary(Expression.Binary binary, Scope scope)
    {
        var left = Evaluate(binary.Left, scope);
        return binary.Sign switch
        {
            "and" => Values.IsTrue(left) ? Evaluate(binary.Right, scope) : left,
            "or" => Values.IsTrue(left) ? left : Evaluate(binary.Right, scope),
            _ => Operators.Apply(binary.Sign, left, Evaluate(binary.Right, scope), budget),
        };
    }

    private object? Call(Expression.Call call, Scope scope)
    {
        var target = Evaluate(call.Target, scope);
        var callable = target as Callable ?? throw new RenderFault($"{Values.NameOf(target)} cannot be called");
        budget.Enter();
        var value = callable.Call(Arguments(call.Arguments, scope), budget);
        budget.Leave();
        return value;
    }

    private static object? Unary(string sign, object? value) => sign switch
    {
        "not" => !Values.IsTrue(value),
        "-" => value is double number ? -number : Values.Shrink(-Values.ToBig(value ?? throw new RenderFault("'-' cannot go before none"))),
        _ => Values.IsNumber(value) ? value : throw new RenderFault($"'+' cannot go before {Values.NameOf(value)}"),
    };

    // As Python: a method comes before an entry of that name, so "schema.items" is the method and "schema['items']" the entry.
    private static object? MemberOf(object? target, string name)
    {
        switch (target)
        {
            case Undefined missing:
                throw new RenderFault($"'{missing.Name}' is undefined and has no '{name}'");
            case SpanString text when TextMethods.Names.Contains(name):
                return new Callable(name, (arguments, budget) => TextMethods.Call(text, name, arguments, budget));
            case TemplateTuple when name is not ("index" or "count"):
                return new Undefined(name);
            case List<object?> list when CollectionMethods.ListNames.Contains(name):
                return new Callable(name, (arguments, budget) => CollectionMethods.Call(list, name, arguments, budget));
            case TemplateMap { IsNamespace: false } map when CollectionMethods.MapNames.Contains(name):
                return new Callable(name, (arguments, budget) => CollectionMethods.Call(map, name, arguments, budget));
            case TemplateMap map when map.TryGet(name, out var value):
                return value;
            default:
                return new Undefined(name);
        }
    }

    private object? ItemOf(object? target, object? at)
    {
        switch (target, at)
        {
            case (Undefined missing, _):
                throw new RenderFault($"'{missing.Name}' is undefined and has no items");
            case (TemplateMap map, _):
                return map.TryGet(Values.Key(at, budget), out var value) ? value : at is SpanString key ? MemberOf(map, key.Text) : new Undefined("item");
            case (_, bool flag):
                return ItemOf(target, flag ? 1L : 0L);
            case (List<object?> list, long place):
                place += place < 0 ? list.Count : 0;
                return place >= 0 && place < list.Count ? list[(int)place] : new Undefined("item");
            case (SpanString text, long place):
                budget.Characters(text.Text.Length);
                var length = text.Length;
                place += place < 0 ? length : 0;
                return place >= 0 && place < length ? text.CutRunes((int)place, (int)place + 1) : new Undefined("item");
            case (_, SpanString name):
                return MemberOf(target, name.Text);
            default:
                return new Undefined("item");
        }
    }

    private object? Slice(Expression.Slice slice, Scope scope)
    {
        var target = Evaluate(slice.Target, scope);
        var step = Bound(slice.Step, scope) ?? 1;
        if (step == 0)
        {
            throw new RenderFault("a slice has the step 0");
        }

        var count = target is SpanString or List<object?> ? Values.LengthOf(target, budget) : throw new RenderFault($"{Values.NameOf(target)} has no slices");
        var (low, high) = step > 0 ? (0L, count) : (-1L, count - 1);
        var start = Clamp(Bound(slice.Start, scope), step > 0 ? 0 : count - 1);
        var end = Clamp(Bound(slice.End, scope), step > 0 ? count : -1);
        if (target is SpanString text && step == 1)
        {
            return text.CutRunes((int)start, (int)Math.Max(start, end));
        }

        // From a text all runes are cut; from a list only what is picked.
        var items = target as List<object?> ?? Values.Items(target, budget).ToList();
        var picked = new List<object?>();
        for (var i = start; step > 0 ? i < end : i > end; i += step)
        {
            budget.Step();
            picked.Add(items[(int)i]);
        }

        return target is SpanString ? TextMethods.Join(SpanString.Empty, picked, budget) : target is TemplateTuple ? new TemplateTuple(picked) : picked;

        long Clamp(long? place, long otherwise) =>
            place is { } given ? Math.Clamp(given < 0 ? given + count : given, low, high) : otherwise;
    }

    private long? Bound(Expression? expression, Scope scope) => expression is null ? null : Evaluate(expression, scope) switch
    {
        null => null,
        long whole => whole,
        bool flag => flag ? 1 : 0,
        var other => throw new RenderFault($"{Values.NameOf(other)} is not a place in a slice"),
    };

    private TemplateMap Map(Expression.MapOf expression, Scope scope)
    {
        var map = new TemplateMap();
        foreach (var (key, value) in expression.Entries)
        {
            map.Set(Values.Key(Evaluate(key, scope), budget), Evaluate(value, scope));
        }

        return map;
    }
}
