using System.Text.RegularExpressions;

namespace Holdfast.Engine.Gguf;

/// <summary>The name a client asks for: the file's, without its ending and the mark of its quantisation.</summary>
public static partial class ModelName
{
    public static string Of(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        var bare = Mark().Replace(name, "");
        return bare.Length > 0 ? bare : name;
    }

    [GeneratedRegex(@"[-._](I?Q[0-9]_[A-Z0-9_]+|Q[0-9]|B?F16|FP16|F32|FP32)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Mark();
}
