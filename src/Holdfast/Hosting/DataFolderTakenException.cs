namespace Holdfast.Hosting;

/// <summary>Another process owns the data folder.</summary>
internal sealed class DataFolderTakenException(string path, int? owner)
    : Exception($"{path} belongs to the running process {owner?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "(unknown)"}; stop it, or give this one another folder with --data")
{
    public int? Owner => owner;
}
