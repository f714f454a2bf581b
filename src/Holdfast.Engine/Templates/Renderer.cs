namespace Holdfast.Engine.Templates;

/// <summary>Carries statements out, into one text.</summary>
internal sealed class Renderer(RenderBudget budget)
{
    private readonly ExpressionEvaluator _evaluator = new(budget);

    public SpanString Render(IReadOnlyList<Statement> body, Scope scope)
    {
        var output = new SpanBuilder(budget);
        Run(body, scope, output);
        return output.ToSpanString();
    }

    private Flow Run(IReadOnlyList<Statement> body, Scope scope, SpanBuilder output)
    {
        RenderBudget.NeedStack();
        foreach (var statement in body)
        {
            budget.Step();
            var flow = Run(statement, scope, output);
            if (flow != Flow.Normal)
            {
                return flow;
            }
        }

        return Flow.Normal;
    }

    private Flow Run(Statement statement, Scope scope, SpanBuilder output)
    {
        switch (statement)
        {
            case Statement.Text text:
                output.Append(text.Value);
                return Flow.Normal;
            case Statement.Print print:
                // None prints as nothing: Jinja would tell the model "None" where a turn that only calls tools has no content.
                if (_evaluator.Evaluate(print.Value, scope) is { } value)
                {
                    output.Append(PythonText.Of(value, budget));
                }

                return Flow.Normal;
            case Statement.If branches:
                foreach (var (condition, body) in branches.Branches)
                {
                    if (condition is null || Values.IsTrue(_evaluator.Evaluate(condition, scope)))
                    {
                        return Run(body, scope, output);
                    }
                }

                return Flow.Normal;
            case Statement.For loop:
                return RunLoop(loop, scope, output);
            case Statement.Set set:
                Set(set, scope);
                return Flow.Normal;
            case Statement.SetBlock block:
                Assign(scope, block.Name, block.Member, Filtered(block.Filters, block.Body, scope));
                return Flow.Normal;
            case Statement.FilterBlock block:
                output.Append(PythonText.Of(Filtered(block.Filters, block.Body, scope), budget));
                return Flow.Normal;
            case Statement.Macro macro:
                scope.Set(macro.Name, new Callable(macro.Name, (arguments, _) => CallMacro(macro, scope, arguments)));
                return Flow.Normal;
            case Statement.Break:
                return Flow.Break;
            case Statement.Continue:
                return Flow.Continue;
            case Statement.Unknown unknown:
                throw new RenderFault($"the tag '{unknown.Tag}' is not supported");
            default:
                throw new InvalidOperationException($"No rule for {statement.GetType().Name}.");
        }
    }

    private object? Filtered(IReadOnlyList<(string Name, ArgumentList Arguments)> filters, IReadOnlyList<Statement> body, Scope scope)
    {
        var inner = new SpanBuilder(budget);
        Run(body, new Scope(scope), inner);
        object? value = inner.ToSpanString();
        foreach (var (name, arguments) in filters)
        {
            value = Filters.Apply(name, value, _evaluator.Arguments(arguments, scope), budget);
        }

        return value;
    }

    private void Set(Statement.Set set, Scope scope)
    {
        var value = _evaluator.Evaluate(set.Value, scope);
        if (set.Names.Count == 1)
        {
            Assign(scope, set.Names[0], set.Member, value);
        }
        else
        {
            Unpack(set.Names, value, scope);
        }
    }

    private static void Assign(Scope scope, string name, string? member, object? value)
    {
        if (member is null)
        {
            scope.Set(name, value);
            return;
        }

        if (scope.Find(name) is not TemplateMap { IsNamespace: true } map)
        {
            throw new RenderFault($"'{name}' is not a namespace, so '{name}.{member}' cannot be set");
        }

        map.Set(member, value);
    }

    private void Unpack(IReadOnlyList<string> names, object? value, Scope scope)
    {
        var items = Values.Items(value, budget).ToList();
        if (items.Count != names.Count)
        {
            throw new RenderFault($"{items.Count} values cannot go into {names.Count} names");
        }

        for (var i = 0; i < names.Count; i++)
        {
            scope.Set(names[i], items[i]);
        }
    }

    private Flow RunLoop(Statement.For loop, Scope scope, SpanBuilder output)
    {
        // A copy: the body may change the list it walks over.
        var items = Values.Items(_evaluator.Evaluate(loop.Over, scope), budget).ToList();
        budget.Enter();
        if (loop.Where is not null)
        {
            items = items.Where(item => Values.IsTrue(_evaluator.Evaluate(loop.Where, Inner(loop, scope, item)))).ToList();
        }

        for (var i = 0; i < items.Count; i++)
        {
            var inner = Inner(loop, scope, items[i]);
            inner.Set("loop", LoopFacts(items, i));
            if (Run(loop.Body, inner, output) == Flow.Break)
            {
                break;
            }
        }

        budget.Leave();
        return items.Count == 0 ? Run(loop.Otherwise, scope, output) : Flow.Normal;
    }

    private Scope Inner(Statement.For loop, Scope scope, object? item)
    {
        var inner = new Scope(scope);
        if (loop.Names.Count == 1)
        {
            inner.Set(loop.Names[0], item);
        }
        else
        {
            Unpack(loop.Names, item, inner);
        }

        return inner;
    }

    private static TemplateMap LoopFacts(List<object?> items, int i)
    {
        var facts = new TemplateMap { IsNamespace = true };
        facts.Set("index", i + 1L);
        facts.Set("index0", (long)i);
        facts.Set("revindex", (long)(items.Count - i));
        facts.Set("revindex0", (long)(items.Count - i - 1));
        facts.Set("first", i == 0);
        facts.Set("last", i == items.Count - 1);
        facts.Set("length", (long)items.Count);
        facts.Set("previtem", i > 0 ? items[i - 1] : new Undefined("previtem"));
        facts.Set("nextitem", i + 1 < items.Count ? items[i + 1] : new Undefined("nextitem"));
        return facts;
    }

    private SpanString CallMacro(Statement.Macro macro, Scope home, CallArguments arguments)
    {
        if (arguments.Positional.Count > macro.Parameters.Count)
        {
            throw new RenderFault($"'{macro.Name}' takes {macro.Parameters.Count} arguments, not {arguments.Positional.Count}");
        }

        var inner = new Scope(home);
        for (var i = 0; i < macro.Parameters.Count; i++)
        {
            var (name, otherwise) = macro.Parameters[i];
            inner.Set(name, arguments.Has(i, name) ? arguments.Get(i, name)
                : otherwise is null ? new Undefined(name) : _evaluator.Evaluate(otherwise, inner));
        }

        var output = new SpanBuilder(budget);
        Run(macro.Body, inner, output);
        return output.ToSpanString();
    }
}
