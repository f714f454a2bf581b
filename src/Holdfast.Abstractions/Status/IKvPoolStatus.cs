namespace Holdfast.Abstractions.Status;

/// <summary>The KV pool of the embedded engine, for the page that draws it.</summary>
public interface IKvPoolStatus
{
    /// <summary>Null when no model is loaded.</summary>
    KvPoolSnapshot? Take();
}
