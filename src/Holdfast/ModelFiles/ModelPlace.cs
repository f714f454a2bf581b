namespace Holdfast.ModelFiles;

/// <summary>A model file in one of the folders.</summary>
/// <param name="Folder">Where it lies.</param>
/// <param name="Path">Full path.</param>
/// <param name="Name">The name clients ask for: the file's, without its ending and the mark of its quantisation.</param>
internal sealed record ModelPlace(ModelFolder Folder, string Path, string Name)
{
    /// <summary>The file's name without its ending.</summary>
    public string Stem => System.IO.Path.GetFileNameWithoutExtension(Path);
}
