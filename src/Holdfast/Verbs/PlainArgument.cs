using System.CommandLine;

namespace Holdfast.Verbs;

/// <summary>Arguments that people type. The parser takes a mistyped option for the argument, so what starts with a dash is refused; a text that really does so comes through <c>--batch</c>.</summary>
internal static class PlainArgument
{
    public static Argument<T> NoOption<T>(this Argument<T> argument, string verb)
    {
        argument.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value.StartsWith('-')))
            {
                result.AddError($"{verb} has no option {token.Value}");
            }
        });
        return argument;
    }
}
