using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Holdfast.Configuration;

/// <summary>Reads a YAML text into a tree of settings that remembers its lines.</summary>
internal static class YamlSettings
{
    // A configuration nested deeper than this is an attack or a mistake; the deepest real key has four levels.
    private const int DepthMax = 16;

    public static SettingNode Read(string file, string text, List<ConfigurationFault> faults)
    {
        var root = new SettingNode(new SettingOrigin(file, 1)) { Members = [] };
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            if (stream.Documents.Count == 0)
            {
                return root;
            }

            if (stream.Documents.Count > 1)
            {
                faults.Add(new ConfigurationFault(file, (int)stream.Documents[1].RootNode.Start.Line, "", "holds more than one YAML document", "keep the first and remove the `---` line"));
            }

            var node = Convert(file, stream.Documents[0].RootNode, depth: 0, faults);
            if (node.Members is null && node.Text is not (null or ""))
            {
                faults.Add(new ConfigurationFault(file, node.Origin.Line, "", $"is {node.Shape}", "write `section:` lines with settings below them"));
                return root;
            }

            return node.Members is null ? root : node;
        }
        catch (YamlException fault)
        {
            var reason = fault.InnerException?.Message ?? fault.Message;
            faults.Add(new ConfigurationFault(file, (int)fault.Start.Line, "", $"is not YAML: {reason.TrimEnd('.')} (column {fault.Start.Column})", "check indentation and quotes there"));
            return root;
        }
    }

    private static SettingNode Convert(string file, YamlNode node, int depth, List<ConfigurationFault> faults)
    {
        var result = new SettingNode(new SettingOrigin(file, (int)node.Start.Line));
        if (depth > DepthMax)
        {
            faults.Add(new ConfigurationFault(file, (int)node.Start.Line, "", $"is nested deeper than {DepthMax} levels", "flatten it"));
            return result;
        }

        switch (node)
        {
            case YamlScalarNode scalar:
                var isNull = scalar.Style == ScalarStyle.Plain && scalar.Value is null or "" or "~" or "null";
                result.Text = isNull ? null : scalar.Value;
                break;
            case YamlSequenceNode sequence:
                result.Items = [.. sequence.Children.Select(child => Convert(file, child, depth + 1, faults))];
                break;
            case YamlMappingNode mapping:
                result.Members = [];
                foreach (var (key, value) in mapping.Children)
                {
                    var child = Convert(file, value, depth + 1, faults);
                    child.Origin = new SettingOrigin(file, (int)key.Start.Line);
                    result.Members[(key as YamlScalarNode)?.Value ?? ""] = child;
                }

                break;
        }

        return result;
    }
}
