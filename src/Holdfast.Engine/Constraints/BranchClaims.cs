using System.Text.Json;

namespace Holdfast.Engine.Constraints;

/// <summary>The claims of one document, each place read once however many branches refer to it.</summary>
internal sealed class BranchClaims(JsonElement root, BranchWork work)
{
    private readonly Dictionary<string, BranchClaim> _byPlace = new(StringComparer.Ordinal);

    public BranchClaim At(string place, JsonElement schema)
    {
        if (!_byPlace.TryGetValue(place, out var claim))
        {
            work.Spend(place, 1);
            claim = _byPlace[place] = new BranchClaim(place, schema, this);
        }

        return claim;
    }

    public BranchClaim Behind(string place, string pointer)
    {
        work.Spend(place, pointer.Length);
        return At(SchemaPointer.PlaceOf(pointer), SchemaPointer.Find(root, place, pointer));
    }

    public void Spend(string place, long looks) => work.Spend(place, looks);
}
