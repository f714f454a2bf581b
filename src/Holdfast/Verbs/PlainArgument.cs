using System.CommandLine;

namespace Holdfast.Verbs;

/// <summary>Arguments that people type. An empty one is a variable of a script that was not set.</summary>
internal static class PlainArgument
{
    public static Argument<T> NotEmpty<T>(this Argument<T> argument, string verb)
    {
        argument.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
            {
                result.AddError($"{verb}: {argument.Name} is empty; it takes: {argument.Description}");
            }
        });
        return argument;
    }

    /// <summary>For a text that becomes the last part of an address, where a lone dot would mean the part above.</summary>
    public static Argument<string> NoDots(this Argument<string> argument)
    {
        argument.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value is "." or ".."))
            {
                result.AddError($"there is no {argument.Name} {token.Value}; it takes: {argument.Description}");
            }
        });
        return argument;
    }
}
