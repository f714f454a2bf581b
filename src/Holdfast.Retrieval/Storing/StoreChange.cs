namespace Holdfast.Retrieval.Storing;

/// <summary>One change to a collection: <see cref="PutDocument"/>, <see cref="PutQuarantined"/>, <see cref="TouchDocument"/> or <see cref="RemoveDocument"/>.</summary>
public abstract record StoreChange
{
    private protected StoreChange()
    {
    }
}
