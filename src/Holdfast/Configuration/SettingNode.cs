namespace Holdfast.Configuration;

/// <summary>
/// A setting as written, before it is bound: a text, a list or a mapping, with the place it came from. Files, environment and flags
/// all become this tree; the later ones overlay the earlier.
/// </summary>
internal sealed class SettingNode(SettingOrigin origin)
{
    public SettingOrigin Origin { get; set; } = origin;

    /// <summary>The text of a scalar; null for lists, mappings and an explicit null.</summary>
    public string? Text { get; set; }

    /// <summary>The members of a mapping, in the order written; null when it is none.</summary>
    public Dictionary<string, SettingNode>? Members { get; set; }

    /// <summary>The items of a list; null when it is none.</summary>
    public List<SettingNode>? Items { get; set; }

    public string Shape => Members is not null ? "a mapping" : Items is not null ? "a list" : Text is null ? "empty" : "a single value";

    /// <summary>Sets the scalar at <paramref name="path"/>, making the mappings on the way.</summary>
    public void Overlay(IReadOnlyList<string> path, string text, SettingOrigin origin)
    {
        var node = this;
        foreach (var name in path)
        {
            node.Items = null;
            node.Text = null;
            node.Members ??= [];
            var existing = node.Members.Keys.FirstOrDefault(key => string.Equals(key, name, StringComparison.OrdinalIgnoreCase));
            if (existing is null)
            {
                node.Members[name] = new SettingNode(origin);
            }

            node = node.Members[existing ?? name];
        }

        node.Members = null;
        node.Items = null;
        node.Text = text;
        node.Origin = origin;
    }
}
