namespace Holdfast.Documents.Cleaning;

/// <summary>Replaces <paramref name="Length"/> UTF-16 units from <paramref name="Start"/>.</summary>
internal readonly record struct Edit(int Start, int Length, string Replacement)
{
    public int End => Start + Length;
}
