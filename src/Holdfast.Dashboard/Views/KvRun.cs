namespace Holdfast.Dashboard.Views;

/// <summary>Neighbouring blocks of one row with one owner.</summary>
public sealed record KvRun(int Column, int Row, int Blocks, string Class);
