using System.CommandLine;
using System.Globalization;
using Holdfast.Printing;

namespace Holdfast.Verbs;

/// <summary>An option that takes a whole number between two bounds. The parser's own words for anything else name types of this program.</summary>
internal static class WholeNumberOption
{
    public static Option<int?> Create(string name, int min, int max, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
            {
                return number;
            }

            result.AddError($"{name} is {Terminal.Shown(text)}; it must be a whole number in {min}..{max}");
            return null;
        },
    };
}
