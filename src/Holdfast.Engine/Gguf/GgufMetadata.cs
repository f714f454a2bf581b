using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Holdfast.Engine.Gguf;

/// <summary>
/// The key-value part of a GGUF file. Scalars are boxed numbers, <c>bool</c> or <c>string</c>; arrays are typed arrays
/// (<c>string[]</c>, <c>int[]</c>, <c>float[]</c> and so on), nested ones <c>object[]</c>.
/// </summary>
public sealed class GgufMetadata
{
    private readonly string _file;
    private readonly Dictionary<string, object> _values;

    internal GgufMetadata(string file, Dictionary<string, object> values)
    {
        _file = file;
        _values = values;
    }

    public IReadOnlyDictionary<string, object> Values => _values;

    public bool Has(string key) => _values.ContainsKey(key);

    public bool TryGet<T>(string key, [NotNullWhen(true)] out T? value)
    {
        if (_values.TryGetValue(key, out var found) && found is T typed)
        {
            value = typed;
            return true;
        }

        value = default;
        return false;
    }

    public string? Text(string key) => Find<string>(key);

    public bool? Flag(string key) => _values.TryGetValue(key, out var value)
        ? value as bool? ?? throw WrongType(key, value, "a flag")
        : null;

    /// <summary>An integer of any width that fits <see cref="int"/>; null when the key is absent.</summary>
    public int? Whole(string key)
    {
        if (!_values.TryGetValue(key, out var value))
        {
            return null;
        }

        var number = value switch
        {
            byte or sbyte or ushort or short or uint or int or long => Convert.ToInt64(value, CultureInfo.InvariantCulture),
            ulong big when big <= long.MaxValue => (long)big,
            _ => throw WrongType(key, value, "a whole number"),
        };
        return number is >= int.MinValue and <= int.MaxValue
            ? (int)number
            : throw new ModelFileException(_file, null, $"{key} is {number}; it must fit 32 bits");
    }

    public double? Number(string key) => _values.TryGetValue(key, out var value)
        ? value switch
        {
            float single => single,
            double number => number,
            _ => Whole(key),
        }
        : null;

    public string[]? Texts(string key) => Find<string[]>(key);

    public float[]? Numbers(string key) => Find<float[]>(key);

    /// <summary>An array of integers of any width.</summary>
    public int[]? Wholes(string key)
    {
        if (!_values.TryGetValue(key, out var value))
        {
            return null;
        }

        // By the exact type: the runtime lets a pattern take uint[] for int[] and byte[] for sbyte[].
        var type = value.GetType();
        if (type == typeof(int[]))
        {
            return (int[])value;
        }

        if (value is not Array array || type == typeof(bool[]) || type == typeof(float[]) || type == typeof(double[]) || type.GetElementType() is not { IsPrimitive: true })
        {
            throw WrongType(key, value, "an array of whole numbers");
        }

        var wholes = new int[array.Length];
        for (var i = 0; i < wholes.Length; i++)
        {
            var number = Convert.ToDecimal(array.GetValue(i), CultureInfo.InvariantCulture);
            wholes[i] = number is >= int.MinValue and <= int.MaxValue ? (int)number : throw new ModelFileException(_file, null, $"{key}[{i}] is {number}; it must fit 32 bits");
        }

        return wholes;
    }

    public T Need<T>(string key, T? value)
        where T : struct =>
        value ?? throw Missing(key);

    public string Need(string key) => Text(key) ?? throw Missing(key);

    private ModelFileException Missing(string key) => new(_file, null, $"the key {key} is missing");

    private T? Find<T>(string key)
        where T : class =>
        _values.TryGetValue(key, out var value) ? value as T ?? throw WrongType(key, value, typeof(T).Name) : null;

    private ModelFileException WrongType(string key, object value, string wanted) =>
        new(_file, null, $"{key} is of type {value.GetType().Name}; it must be {wanted}");
}
