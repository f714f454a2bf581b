using System.Runtime.CompilerServices;

namespace Holdfast.Engine.Templates;

/// <summary>
/// Looks for constructs that are not known before a template is used. Outside the branches for tools each is a fault of the
/// template; inside, it only means that requests with tools are refused. Whether a branch is one for tools is found by working its
/// condition out with everything named "tool" taken as absent: a branch that is then never entered needs tools.
/// Macros count where they are called.
/// </summary>
internal sealed class ConstructCheck
{
    /// <summary>What Jinja defines and we do not: read as undefined, they would print nothing without a word.</summary>
    private static readonly string[] MissingNames = ["varargs", "kwargs", "caller", "self", "super", "cycler", "joiner", "lipsum"];

    private readonly Dictionary<string, Statement.Macro> _macros = new(StringComparer.Ordinal);
    private readonly HashSet<string> _names = new(Globals.Names, StringComparer.Ordinal);
    private readonly HashSet<(string Macro, bool IsForTools)> _seen = [];

    // Values that a name is set to; null: it is something else as well, such as the item of a loop.
    private readonly Dictionary<string, List<Expression>?> _values = new(StringComparer.Ordinal);
    private ToolsCondition _condition = new(new HashSet<string>());
    private bool _isForTools;

    private ConstructCheck()
    {
    }

    /// <summary>The first construct that makes the template unusable, or null.</summary>
    public (int Position, string Message)? Fault { get; private set; }

    /// <summary>The first construct that makes it unusable with tools, or null.</summary>
    public (int Position, string Message)? ToolsFault { get; private set; }

    public static ConstructCheck Of(IReadOnlyList<Statement> body)
    {
        var check = new ConstructCheck();
        check.CollectNames(body);
        check._condition = new ToolsCondition(check.FalseNames());
        check.Visit(body);
        return check;
    }

    private HashSet<string> FalseNames() => [.. _values.Where(v => v.Value is { } values && values.TrueForAll(value => _condition.TruthWithout(value) == false)).Select(v => v.Key)];

    private void AddNames(IEnumerable<string> names, Expression? value = null)
    {
        foreach (var name in names)
        {
            _names.Add(name);
            if (value is null)
            {
                _values[name] = null;
            }
            else if (!_values.TryGetValue(name, out var values))
            {
                _values.Add(name, [value]);
            }
            else
            {
                values?.Add(value);
            }
        }
    }

    private void CollectNames(IReadOnlyList<Statement> body)
    {
        foreach (var statement in body)
        {
            switch (statement)
            {
                case Statement.Macro macro:
                    _macros.TryAdd(macro.Name, macro);
                    AddNames([macro.Name, .. macro.Parameters.Select(p => p.Name)]);
                    CollectNames(macro.Body);
                    break;
                case Statement.Set set:
                    AddNames(set.Names, set is { Names.Count: 1, Member: null } ? set.Value : null);
                    break;
                case Statement.SetBlock block:
                    AddNames([block.Name]);
                    CollectNames(block.Body);
                    break;
                case Statement.FilterBlock block:
                    CollectNames(block.Body);
                    break;
                case Statement.For loop:
                    AddNames(loop.Names);
                    CollectNames(loop.Body);
                    CollectNames(loop.Otherwise);
                    break;
                case Statement.If branches:
                    foreach (var (_, inner) in branches.Branches)
                    {
                        CollectNames(inner);
                    }

                    break;
            }
        }
    }

    private void Visit(IReadOnlyList<Statement> body)
    {
        // Each macro visits those that it calls, so a source of many macros goes as deep as they are many.
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            if (body.Count > 0)
            {
                Report(body[0].Position, "macros call each other too deep");
            }

            return;
        }

        foreach (var statement in body)
        {
            Visit(statement);
        }
    }

    private void Visit(Statement statement)
    {
        switch (statement)
        {
            case Statement.Print print:
                Visit(print.Value);
                break;
            case Statement.Set set:
                Visit(set.Value);
                break;
            case Statement.SetBlock block:
                VisitFilters(block.Position, block.Filters);
                Visit(block.Body);
                break;
            case Statement.FilterBlock block:
                VisitFilters(block.Position, block.Filters);
                Visit(block.Body);
                break;
            case Statement.For loop:
                Visit(loop.Over);
                Visit(loop.Where);
                Within(_condition.TruthWithout(loop.Over) == false, () => Visit(loop.Body));
                Visit(loop.Otherwise);
                break;
            case Statement.If branches:
                VisitBranches(branches);
                break;
            case Statement.Unknown unknown:
                Report(unknown.Position, $"the tag '{unknown.Tag}' is not supported");
                break;
        }
    }

    private void VisitBranches(Statement.If branches)
    {
        var isPast = false;
        foreach (var (condition, body) in branches.Branches)
        {
            var truth = condition is null ? null : _condition.TruthWithout(condition);
            Within(isPast, () => Visit(condition));
            Within(isPast || truth == false, () => Visit(body));
            isPast |= truth == true;
        }
    }

    private void Within(bool isForTools, Action visit)
    {
        var before = _isForTools;
        _isForTools |= isForTools;
        visit();
        _isForTools = before;
    }

    private void Visit(Expression? expression)
    {
        switch (expression)
        {
            case Expression.ListOf list:
                VisitAll(list.Items);
                break;
            case Expression.MapOf map:
                VisitAll(map.Entries.SelectMany(e => new[] { e.Key, e.Value }));
                break;
            case Expression.Member member:
                Visit(member.Target);
                break;
            case Expression.Index index:
                VisitAll([index.Target, index.At]);
                break;
            case Expression.Slice slice:
                VisitAll([slice.Target, slice.Start, slice.End, slice.Step]);
                break;
            case Expression.Unary unary:
                Visit(unary.Target);
                break;
            case Expression.Binary binary:
                Visit(binary.Left);
                ReportIf(binary is { Sign: "%", Left: Expression.Constant { Value: SpanString } } ? "'%' behind a text is not supported; '~' joins texts" : null, binary.Position);
                Within(_condition.TruthWithout(binary.Left) is { } left && binary.Sign == (left ? "or" : "and"), () => Visit(binary.Right));
                break;
            case Expression.Choice choice:
                Visit(choice.Condition);
                var isChosen = _condition.TruthWithout(choice.Condition);
                Within(isChosen == false, () => Visit(choice.Then));
                Within(isChosen == true, () => Visit(choice.Else));
                break;
            case Expression.Filter filter:
                VisitFilters(filter.Position, [(filter.Text, filter.Arguments)]);
                Visit(filter.Target);
                break;
            case Expression.Test test:
                Need(Tests.Names, test.Text, "test", test.Position);
                Visit(test.Target);
                VisitArguments(test.Arguments);
                break;
            case Expression.Call call:
                VisitCall(call);
                break;
            case Expression.Name name when MissingNames.Contains(name.Text) && !_names.Contains(name.Text):
                Report(name.Position, $"the name '{name.Text}' is not supported");
                break;
        }
    }

    private void VisitCall(Expression.Call call)
    {
        VisitArguments(call.Arguments);
        if (call.Target is Expression.Member member)
        {
            Visit(member.Target);
            if (!TextMethods.Names.Contains(member.Text) && !CollectionMethods.MapNames.Contains(member.Text) && !CollectionMethods.ListNames.Contains(member.Text))
            {
                Report(member.Position, $"the method '{member.Text}' is not supported");
            }
            else
            {
                ReportIf(Signatures.FaultOfMethod(member.Text, call.Arguments), member.Position);
                ReportIf(member is { Text: "format", Target: Expression.Constant { Value: SpanString format } } ? TextMethods.FormatFault(format.Text) : null, member.Position);
            }
        }
        else if (call.Target is Expression.Name name)
        {
            if (name.Text == "strftime_now" && call.Arguments.Positional is [Expression.Constant { Value: SpanString format }, ..])
            {
                ReportIf(PythonTime.Fault(format.Text), name.Position);
            }

            if (!_names.Contains(name.Text))
            {
                Report(name.Position, $"the function '{name.Text}' is not known");
            }
            else if (_macros.TryGetValue(name.Text, out var macro) && _seen.Add((name.Text, _isForTools)))
            {
                VisitAll(macro.Parameters.Select(p => p.Default));
                Visit(macro.Body);
            }
        }
        else
        {
            Visit(call.Target);
        }
    }

    private void VisitAll(IEnumerable<Expression?> expressions)
    {
        foreach (var expression in expressions)
        {
            Visit(expression);
        }
    }

    private void VisitArguments(ArgumentList arguments)
    {
        VisitAll(arguments.Positional);
        VisitAll(arguments.Named.Select(n => n.Value));
    }

    private void VisitFilters(int position, IReadOnlyList<(string Name, ArgumentList Arguments)> filters)
    {
        foreach (var (name, arguments) in filters)
        {
            Need(Filters.Names, name, "filter", position);
            VisitArguments(arguments);
            ReportIf(Filters.Names.Contains(name) ? Signatures.FaultOfFilter(name, arguments) : null, position);

            // "map" takes a filter by name, the pickers a test.
            var inner = name switch { "map" => 0, "select" or "reject" => 0, "selectattr" or "rejectattr" => 1, _ => int.MaxValue };
            if (inner < arguments.Positional.Count && arguments.Positional[inner] is Expression.Constant { Value: SpanString text })
            {
                Need(name == "map" ? Filters.Names : Tests.Names, text.Text, name == "map" ? "filter" : "test", position);
            }
        }
    }

    private void Need(string[] known, string name, string kind, int position)
    {
        if (!known.Contains(name))
        {
            Report(position, $"the {kind} '{name}' is not supported");
        }
    }

    private void ReportIf(string? message, int position)
    {
        if (message is not null)
        {
            Report(position, message);
        }
    }

    private void Report(int position, string message)
    {
        if (_isForTools)
        {
            ToolsFault ??= (position, message);
        }
        else
        {
            Fault ??= (position, message);
        }
    }
}
