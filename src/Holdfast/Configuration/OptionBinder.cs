using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Holdfast.Configuration;

/// <summary>
/// Binds a tree of settings to the option records of the rooms. This is the one place that looks at types at run time: the records
/// themselves are the schema, so a room adds a setting by adding a property, and the reference page and `check --print` follow.
/// Understood are texts, numbers, times, flags, enums, lists of those, records and lists of records.
/// </summary>
internal sealed class OptionBinder(List<ConfigurationFault> faults, List<EffectiveSetting> settings)
{
    public T Bind<T>(SettingNode root) where T : class, new() => (T)BindRecord(typeof(T), root, path: "", root.Origin);

    /// <summary>The settings of a record type: its writable properties, in the order they are declared.</summary>
    public static IEnumerable<PropertyInfo> Settings(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite && property.GetIndexParameters().Length == 0)
            .OrderBy(property => property.MetadataToken);

    /// <summary>The record type of a list of records, else null.</summary>
    public static Type? ItemType(Type type) =>
        type != typeof(string) && type.IsGenericType && type.IsAssignableTo(typeof(IEnumerable)) && type.GetGenericArguments() is [var item] ? item : null;

    private object BindRecord(Type type, SettingNode? node, string path, SettingOrigin place)
    {
        var result = Activator.CreateInstance(type) ?? throw new InvalidOperationException($"{type} cannot be made");
        var properties = Settings(type).ToDictionary(property => ValueText.ToCamel(property.Name), StringComparer.OrdinalIgnoreCase);
        if (node is { Members: null } && (node.Text is not null || node.Items is not null))
        {
            faults.Add(Fault(node.Origin, path, $"{path} is {node.Shape}", $"write its settings below it: {string.Join(", ", properties.Keys)}"));
            node = null;
        }

        foreach (var name in node?.Members?.Keys ?? Enumerable.Empty<string>())
        {
            if (!properties.ContainsKey(name))
            {
                var key = Join(path, name);
                var near = NearestName.Find(name, properties.Keys);
                faults.Add(Fault(node!.Members![name].Origin, key, $"{key} is not a setting", near is null ? $"known here: {string.Join(", ", properties.Keys)}" : $"did you mean {Join(path, near)}?"));
            }
        }

        foreach (var (name, property) in properties)
        {
            var child = node?.Members?.FirstOrDefault(member => string.Equals(member.Key, name, StringComparison.OrdinalIgnoreCase)).Value;
            BindProperty(result, property, child, Join(path, name), child?.Origin ?? place);
        }

        return result;
    }

    private void BindProperty(object target, PropertyInfo property, SettingNode? node, string path, SettingOrigin place)
    {
        var type = property.PropertyType;
        if (ValueText.IsScalar(type))
        {
            BindScalar(target, property, node, path, place);
        }
        else if (ItemType(type) is { } item)
        {
            BindList(target, property, item, node, path);
        }
        else
        {
            property.SetValue(target, BindRecord(type, node, path, place));
        }
    }

    private void BindScalar(object target, PropertyInfo property, SettingNode? node, string path, SettingOrigin place)
    {
        if (node is null or { Text: null, Members: null, Items: null })
        {
            if (property.IsDefined(typeof(RequiredMemberAttribute)))
            {
                faults.Add(Fault(place, path, $"{path} is missing", $"give it {ValueText.Expected(property.PropertyType)}"));
            }

            settings.Add(new EffectiveSetting(path, ValueText.Format(property.GetValue(target)), SettingOrigin.Default));
            return;
        }

        // The name says what the number counts, and a size with a unit has one meaning whatever it is given to.
        var countsMiB = property.Name.EndsWith("MiB", StringComparison.Ordinal);
        var (value, type) = ((object?)null, property.PropertyType);
        if (node.Text is null || !(countsMiB ? ValueText.TryParseMiB(type, node.Text, out value) : ValueText.TryParse(type, node.Text, out value, out _)))
        {
            faults.Add(Fault(node.Origin, path, $"{path} is {node.Text ?? node.Shape}", $"it must be {(countsMiB ? "a whole number of MiB, such as 512 or 512 MiB" : ValueText.Expected(type))}"));
            return;
        }

        property.SetValue(target, value);
        settings.Add(new EffectiveSetting(path, IsSecret(path) ? "(hidden)" : ValueText.Format(value), node.Origin));
    }

    private void BindList(object target, PropertyInfo property, Type item, SettingNode? node, string path)
    {
        if (node is null or { Text: null, Members: null, Items: null })
        {
            var values = (property.GetValue(target) as IEnumerable)?.Cast<object>().Select(ValueText.Format) ?? [];
            settings.Add(new EffectiveSetting(path, $"[{string.Join(", ", values)}]", SettingOrigin.Default));
            return;
        }

        // One value where a list is expected is a list of one: it is what people write for a single upstream address.
        var nodes = node.Items ?? (node.Text is null ? null : [.. node.Text.Split(',', StringSplitOptions.TrimEntries).Select(text => new SettingNode(node.Origin) { Text = text })]);
        if (nodes is null)
        {
            faults.Add(Fault(node.Origin, path, $"{path} is {node.Shape}", "it must be a list: lines that start with `- `"));
            return;
        }

        var list = Array.CreateInstance(item, nodes.Count);
        for (var i = 0; i < nodes.Count; i++)
        {
            var place = $"{path}[{i}]";
            if (!ValueText.IsScalar(item))
            {
                list.SetValue(BindRecord(item, nodes[i], place, nodes[i].Origin), i);
            }
            else if (nodes[i].Text is { } text && ValueText.TryParse(item, text, out var value, out _))
            {
                list.SetValue(value, i);
                settings.Add(new EffectiveSetting(place, ValueText.Format(value), nodes[i].Origin));
            }
            else
            {
                faults.Add(Fault(nodes[i].Origin, place, $"{place} is {nodes[i].Text ?? nodes[i].Shape}", $"it must be {ValueText.Expected(item)}"));
            }
        }

        property.SetValue(target, list);
    }

    private static bool IsSecret(string path) => path.EndsWith("apiKey", StringComparison.OrdinalIgnoreCase) || path.EndsWith("password", StringComparison.OrdinalIgnoreCase);

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static ConfigurationFault Fault(SettingOrigin origin, string key, string fault, string remedy) => new(origin.Source, origin.Line, key, fault, remedy);
}
