using System.Globalization;
using System.Numerics;
using System.Text.Json;
using CsCheck;
using Holdfast.Engine.Constraints;

namespace Holdfast.Tests.Engine.Constraints;

public sealed class JsonValuesTests
{
    [Fact]
    public void Numbers_are_equal_where_they_amount_to_the_same()
    {
        var number = Gen.Select(Gen.Bool, Gen.Int[0, 120], Gen.Int[0, 5].Select(i => new[] { "", ".0", ".00", ".5", ".50", ".05" }[i]), Gen.Int[-3, 3], (isNegative, whole, fraction, exponent) =>
            $"{(isNegative ? "-" : "")}{whole}{fraction}{(exponent == 0 ? "" : $"e{exponent}")}");
        Gen.Select(number, number).Sample((left, right) => (Key(left) == Key(right)) == (Amount(left) == Amount(right)), iter: 20_000);
    }

    [Theory]
    [InlineData("1e40", "10000000000000000000000000000000000000000", true)]
    [InlineData("123456789012345678901234567890.1", "123456789012345678901234567890.10", true)]
    [InlineData("123456789012345678901234567890.1", "123456789012345678901234567890.2", false)]
    [InlineData("1e999999999999999999999999", "10E999999999999999999999998", true)]
    [InlineData("-0", "0e99999999999", true)]
    [InlineData("\"1\"", "1", false)]
    [InlineData("\"\\u0061\"", "\"a\"", true)]
    [InlineData("[1,2]", "[2,1]", false)]
    [InlineData("""{"b":[1],"a":{"d":1,"c":2}}""", """{"a":{"c":2.0,"d":1},"b":[1e0]}""", true)]
    [InlineData("""{"a":1}""", """{"a":1,"b":1}""", false)]
    public void Values_are_compared_exactly_and_objects_without_order(string left, string right, bool areEqual) => Assert.Equal(areEqual, Key(left) == Key(right));

    private static string Key(string json) => JsonValues.Key(JsonSerializer.Deserialize<JsonElement>(json));

    // At most two digits behind the point and 10^-3: whole in 10^-5.
    private static BigInteger Amount(string number)
    {
        var parts = number.Split('e');
        var exponent = parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0;
        return (BigInteger)(decimal.Parse(parts[0], CultureInfo.InvariantCulture) * 100) * BigInteger.Pow(10, exponent + 3);
    }
}
