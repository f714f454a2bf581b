using System.Globalization;
using System.Numerics;
using System.Text.Json;
using CsCheck;
using Holdfast.Engine.Constraints;
using Holdfast.Engine.Tokenizing;
using Holdfast.Tests.Engine.Tokenizing;

namespace Holdfast.Tests.Engine.Constraints;

public sealed class NumberBoundTests
{
    private static readonly VocabularyMasks Small = new(SmallVocabulary.Train("smollm"));
    private static readonly string[] Words = ["minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"];

    [Theory]
    [InlineData("""{"type":"number","maximum":1000000000000000000}""", "999999999999999872", "1.1E+18")]
    [InlineData("""{"type":"number","minimum":-1e18,"maximum":1e18}""", "0.5", "1.1e98")]
    [InlineData("""{"type":"number","maximum":1e20}""", "-7.25", "1e35")]
    [InlineData("""{"type":"number","minimum":-3.4028234663852886e38,"maximum":3.4028234663852886e38}""", "123456789012345678", "1e39")]
    [InlineData("""{"type":"number","minimum":-1.8e308,"maximum":1.8e308}""", "-1.5", "1e99")]
    [InlineData("""{"type":"number","minimum":-9223372036854775808,"maximum":9223372036854775807}""", "1.5", "1e19")]
    [InlineData("""{"type":"number","minimum":99999999.5,"exclusiveMaximum":100000000}""", "99999999.99", "99999999.999999999")]
    [InlineData("""{"type":"number","exclusiveMinimum":1e15}""", "1000000000000000.2", "1000000000000000.000000001")]
    [InlineData("""{"type":"number","exclusiveMaximum":1e18}""", "999999999999999872", "999999999999999999")]
    [InlineData("""{"type":"number","maximum":999999999999999999}""", "999999999999999872.0", "999999999999999999.0")]
    [InlineData("""{"type":"integer","exclusiveMaximum":9007199254740993}""", "9007199254740991", "9007199254740992")]
    [InlineData("""{"type":"number","minimum":0.1,"maximum":0.3}""", "0.1", "0.300000001")]
    [InlineData("""{"type":"integer","minimum":1e-30,"maximum":12.5}""", "12", "0")]
    [InlineData("""{"type":"integer","minimum":-12.5,"exclusiveMaximum":3.000}""", "-12", "3")]
    public void A_stated_bound_holds_however_wide_or_close_it_is(string schema, string inside, string outside)
    {
        var constraint = Constraint(schema);
        Assert.True(ConstraintWalk.Accepts(constraint, Small, inside), inside);
        Assert.False(ConstraintWalk.Accepts(constraint, Small, outside), outside);
        for (var seed = 0; seed < 20; seed++)
        {
            Assert.DoesNotContain("e", ConstraintWalk.Run(constraint, Small, new Random(seed)), StringComparison.OrdinalIgnoreCase);
        }
    }

    [Theory]
    [InlineData("""{"type":"number","minimum":1e-30,"maximum":1e-29}""", "#: 'minimum' has more than 9 digits after the point")]
    [InlineData("""{"type":"number","maximum":1e-10}""", "#: 'maximum' has more than 9 digits after the point")]
    [InlineData("""{"type":"number","minimum":1e18}""", "#: no number of up to 18 digits lies between 'minimum' and 'maximum'")]
    [InlineData("""{"type":"integer","minimum":1e400}""", "#: no whole number of up to 18 digits")]
    [InlineData("""{"type":"number","maximum":-1e99}""", "#: no number of up to 18 digits")]
    [InlineData("""{"type":"number","exclusiveMinimum":1e16,"exclusiveMaximum":10000000000000001.5}""", "for those too who read it as a double")]
    [InlineData("""{"type":"number","minimum":"3"}""", "#: 'minimum' must be a number")]
    public void A_bound_that_cannot_hold_is_refused_by_name(string schema, string message) =>
        Assert.Contains(message, Assert.Throws<SchemaFault>(() => Constraint(schema)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_ends_of_a_range_lie_inside_exactly_and_as_doubles() =>
        Gen.Select(Gen.Int[0, 3], Gen.Bool, Gen.Long[-999_999_999_999_999_999, 999_999_999_999_999_999], Gen.Int[0, 18], Gen.Int[-9, 9]).Sample((kind, isWhole, digits, cut, exponent) =>
        {
            var (word, mantissa) = (Words[kind], digits / (long)Math.Pow(10, cut));
            var text = string.Create(CultureInfo.InvariantCulture, $"{mantissa}e{exponent}");
            var schema = JsonSerializer.Deserialize<JsonElement>($$"""{"{{word}}":{{text}}}""");
            if (Math.Abs(double.Parse(text, CultureInfo.InvariantCulture)) > 9e17)
            {
                return;
            }

            var range = NumberWordsReader.Read("#", schema, isWhole);
            var end = word.EndsWith("inimum", StringComparison.Ordinal) ? range.Low : range.High;
            Assert.True(IsInside(end), $"{end} with {schema}");
            Assert.False(IsInside(end + ((word.EndsWith("inimum", StringComparison.Ordinal) ? -1 : 1) * (isWhole ? NumberRange.Scale : 1))), $"{end} is not the last with {schema}");

            bool IsInside(Int128 scaled)
            {
                var value = double.Parse($"{scaled}e-9", CultureInfo.InvariantCulture);
                var border = double.Parse(text, CultureInfo.InvariantCulture);
                var bound = mantissa * BigInteger.Pow(10, exponent + 9);
                var mixed = isWhole || Math.Abs(value) < 1L << 53 ? (BigInteger)scaled : new BigInteger(value) * 1_000_000_000;
                return word switch
                {
                    "minimum" => scaled >= bound && value >= border && mixed >= bound,
                    "maximum" => scaled <= bound && value <= border && mixed <= bound,
                    "exclusiveMinimum" => scaled > bound && value > border && mixed > bound,
                    _ => scaled < bound && value < border && mixed < bound,
                };
            }
        });

    private static TokenConstraint Constraint(string schema) => new(SchemaCompiler.Compile(JsonSerializer.Deserialize<JsonElement>(schema), WritableText.Everything), Small);
}
