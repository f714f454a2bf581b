namespace Holdfast.ModelFiles;

/// <summary>A folder that is searched for model files.</summary>
/// <param name="Path">Full path; the folder need not be there.</param>
/// <param name="Origin">Who named it: <c>--models</c>, <c>HOLDFAST_MODELS</c>, <c>./models</c> or <c>the user's cache</c>.</param>
internal sealed record ModelFolder(string Path, string Origin);
