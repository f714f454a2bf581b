using System.Collections;
using System.Reflection;
using System.Text;
using System.Xml.Linq;

namespace Holdfast.Configuration;

/// <summary>
/// The reference page of the configuration, made from the option records: names, defaults and what is expected from the types, the meaning
/// from their summaries (the documentation files beside the assemblies).
/// </summary>
internal static class ConfigurationReference
{
    public static string Write()
    {
        var page = new StringBuilder("""
            # Configuration reference
            Made from the option records by `holdfast check --reference`; do not edit it by hand, a test compares.

            Settings stand in `holdfast.yaml` in the current folder (or `--config FILE`). The environment overrides the file (`HOLDFAST__INGEST__READERS=2`), flags
            override both (`--set ingest.readers=2`). Sizes and times are written with units: `64 MiB`, `500 ms`, `20 s`, `5 min`. `holdfast check` shows all
            faults at once; `holdfast check --print` shows every setting in force with its origin.

            """);
        WriteSection(page, typeof(HoldfastOptions), new HoldfastOptions(), path: "");
        return page.ToString().ReplaceLineEndings("\n");
    }

    private static void WriteSection(StringBuilder page, Type type, object? defaults, string path)
    {
        page.Append('\n').Append("## ").Append(path.Length == 0 ? "At the top" : $"`{path}`").Append('\n');
        page.Append(Summary(type, member: null)).Append("\n\n| setting | default | meaning |\n| --- | --- | --- |\n");
        List<(Type, object?, string)> below = [];
        foreach (var property in OptionBinder.Settings(type))
        {
            var name = ValueText.ToCamel(property.Name);
            var key = path.Length == 0 ? name : $"{path}.{name}";
            var value = defaults is null ? null : property.GetValue(defaults);
            if (ValueText.IsScalar(property.PropertyType))
            {
                Row(page, name, ValueText.Format(value), property);
            }
            else if (OptionBinder.ItemType(property.PropertyType) is { } item)
            {
                var items = (value as IEnumerable)?.Cast<object>().Select(ValueText.Format) ?? [];
                Row(page, name, $"[{string.Join(", ", items)}]", property);
                if (!ValueText.IsScalar(item))
                {
                    below.Add((item, Activator.CreateInstance(item), key + "[]"));
                }
            }
            else
            {
                below.Add((property.PropertyType, value, key));
            }
        }

        foreach (var (section, value, key) in below)
        {
            WriteSection(page, section, value, key);
        }
    }

    private static void Row(StringBuilder page, string name, string value, PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        var choices = type.IsEnum ? $" ({ValueText.Expected(type)})" : "";
        page.Append("| `").Append(name).Append("` | ").Append(value.Length == 0 ? "" : $"`{value}`").Append(" | ")
            .Append(Summary(property.DeclaringType!, property.Name).Replace("|", "\\|", StringComparison.Ordinal)).Append(choices).Append(" |\n");
    }

    /// <summary>The summary of a type or of one of its properties, as one line of Markdown.</summary>
    private static string Summary(Type type, string? member)
    {
        var file = Path.ChangeExtension(type.Assembly.Location, ".xml");
        if (!File.Exists(file))
        {
            throw new FileNotFoundException($"the reference needs the documentation file {Path.GetFileName(file)} beside the assembly: run it from a build, not from the published file");
        }

        var name = member is null ? $"T:{type.FullName}" : $"P:{type.FullName}.{member}";
        var summary = XDocument.Load(file).Descendants("member").FirstOrDefault(element => (string?)element.Attribute("name") == name)?.Element("summary");
        if (summary is null)
        {
            return "";
        }

        var text = new StringBuilder();
        foreach (var node in summary.Nodes())
        {
            text.Append(node switch
            {
                XText words => words.Value,
                XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
                XElement { Name.LocalName: "see" } link => $"`{ValueText.ToCamel(((string?)link.Attribute("cref") ?? (string?)link.Attribute("langword") ?? "").Split('.', ':')[^1])}`",
                XElement other => other.Value,
                _ => "",
            });
        }

        return string.Join(' ', text.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }
}
