namespace Holdfast.Bench.Rows;

/// <summary>One line of the table of figures.</summary>
internal sealed record FigureRow(string File, string Name, string Measured, string Target, bool Holds)
{
    public string ToTableLine() => $"| {File} | {Name} | {Measured} | {Target}{(Holds ? "" : ": **missed**")} |";
}
