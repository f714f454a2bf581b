namespace Holdfast.Engine.Constraints;

/// <summary>
/// What it costs to tell branches apart, for all choices of a request together, so that a request whose client has gone is soon done with
/// too. One is a look at a name, a constant or a character of one: 20 to 100 ns on a shared core of an AMD EPYC.
/// </summary>
internal sealed class BranchWork
{
    public const long WorkMax = 2_000_000;

    public long Spent { get; private set; }

    public void Spend(string place, long work)
    {
        Spent += work;
        if (Spent > WorkMax)
        {
            throw new SchemaFault($"{place}: the branches of the request's choices take too much work to tell apart, all together; use 'anyOf', or fewer and smaller branches with a constant in a required member");
        }
    }
}
