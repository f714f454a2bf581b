namespace Holdfast.Abstractions.Status;

/// <summary>How the service stands, for the pages of the console and the verbs.</summary>
public interface IServiceStatus
{
    ServiceSnapshot Take();
}
