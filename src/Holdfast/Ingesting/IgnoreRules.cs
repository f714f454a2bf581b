using System.Text;
using System.Text.RegularExpressions;

namespace Holdfast.Ingesting;

/// <summary>
/// Which files of a folder are not read: the lines of a <c>.holdfastignore</c> at its top, with the meaning they have in
/// <c>.gitignore</c> (https://git-scm.com/docs/gitignore): `*`, `?`, `[a-z]`, `**`, a slash that ties to the top, a slash at the end for
/// folders, `!` to take back, `#` for comments. The last line that matches decides.
/// </summary>
internal sealed class IgnoreRules
{
    public const string FileName = ".holdfastignore";

    // A hand-written list; more is a mistake, and each line is tried on each file.
    private const int LinesMax = 1000;

    private readonly List<(Regex Pattern, bool IsFolderOnly, bool IsTakenBack)> _rules = [];

    private IgnoreRules()
    {
    }

    public static IgnoreRules Parse(string text)
    {
        var rules = new IgnoreRules();
        foreach (var raw in text.Split('\n').Take(LinesMax))
        {
            var line = raw.TrimEnd('\r', ' ', '\t');
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            var isTakenBack = line[0] == '!';
            line = isTakenBack || line.StartsWith(@"\#", StringComparison.Ordinal) || line.StartsWith(@"\!", StringComparison.Ordinal) ? line[1..] : line;
            var isFolderOnly = line.EndsWith('/');
            line = line.TrimEnd('/');
            if (line.Length > 0)
            {
                rules._rules.Add((ToPattern(line), isFolderOnly, isTakenBack));
            }
        }

        return rules;
    }

    /// <param name="path">Relative to the top, with <c>/</c>.</param>
    public bool IsIgnored(string path, bool isFolder)
    {
        var isIgnored = false;
        foreach (var (pattern, isFolderOnly, isTakenBack) in _rules)
        {
            if ((isFolder || !isFolderOnly) && pattern.IsMatch(path))
            {
                isIgnored = !isTakenBack;
            }
        }

        return isIgnored;
    }

    private static Regex ToPattern(string line)
    {
        var isTied = line.Contains('/', StringComparison.Ordinal);
        line = line.TrimStart('/');
        var pattern = new StringBuilder(isTied ? "^" : "(^|/)");
        for (var i = 0; i < line.Length; i++)
        {
            var rest = line.AsSpan(i);
            if (rest.StartsWith("**/"))
            {
                pattern.Append("(.*/)?");
                i += 2;
            }
            else if (rest.StartsWith("**"))
            {
                pattern.Append(".*");
                i += 1;
            }
            else
            {
                pattern.Append(line[i] switch
                {
                    '*' => "[^/]*",
                    '?' => "[^/]",
                    '[' => "[",
                    ']' => "]",
                    '-' => "-",
                    var letter => Regex.Escape(letter.ToString()),
                });
            }
        }

        try
        {
            // Non-backtracking: the patterns come from a file, and some lines would take exponential time otherwise.
            return new Regex(pattern.Append('$').ToString(), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (ArgumentException)
        {
            // An unclosed bracket is a literal one, as in git.
            return new Regex((isTied ? "^" : "(^|/)") + Regex.Escape(line) + "$", RegexOptions.NonBacktracking);
        }
    }
}
