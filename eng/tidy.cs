// Holds the tree to STYLE: arrows between rooms, names, sizes, marks of unfinished work. Run: dotnet run eng/tidy.cs
// Prints one line a fault, `file:line: what; remedy`, and exits 1 when there is one.
using System.Diagnostics;
using System.Text.RegularExpressions;

var root = FindRoot();
List<string> faults = [];

// The map of DESIGN section 3. A room not named here must not exist.
Dictionary<string, string[]> arrows = new()
{
    ["Holdfast"] = ["Abstractions", "Dashboard", "Documents", "Drill", "Engine", "Gateway", "Guard", "Hardware", "Retrieval", "Traffic"],
    ["Holdfast.Gateway"] = ["Abstractions", "Guard", "Traffic"],
    ["Holdfast.Drill"] = ["Abstractions", "Engine", "Hardware", "Traffic"],
    ["Holdfast.Dashboard"] = ["Abstractions"],
    ["Holdfast.Traffic"] = ["Abstractions"],
    ["Holdfast.Engine"] = ["Abstractions"],
    ["Holdfast.Retrieval"] = ["Abstractions"],
    ["Holdfast.Documents"] = ["Abstractions"],
    ["Holdfast.Guard"] = ["Abstractions"],
    ["Holdfast.Hardware"] = ["Abstractions"],
    ["Holdfast.Abstractions"] = [],
};

// Packages stay inside one room; these may be used by several.
HashSet<string> sharedPackages = ["Microsoft.Data.Sqlite", "YamlDotNet"];
// Generated or foreign text is not ours to judge.
string[] skipped = ["/bin/", "/obj/", "/node_modules/", "/TestResults/", "/.git/", "/fixtures/"];
const int MethodLinesMax = 60;
const int FileLinesMax = 600;
const int FileLinesExplained = 400;

var files = TrackedFiles(root).Where(file => !skipped.Any(part => ("/" + file).Contains(part))).ToList();
CheckRooms();
foreach (var file in files.Where(file => file.EndsWith(".cs", StringComparison.Ordinal)))
{
    CheckSource(file);
}

CheckFolderCycles();
CheckPackages();
CheckText();
faults.Sort(StringComparer.Ordinal);
foreach (var fault in faults)
{
    Console.WriteLine(fault);
}

Console.WriteLine($"tidy: {files.Count} files, {faults.Count} faults");
return faults.Count == 0 ? 0 : 1;

void CheckRooms()
{
    Dictionary<string, string> packageRoom = [];
    foreach (var project in files.Where(file => file.StartsWith("src/", StringComparison.Ordinal) && file.EndsWith(".csproj", StringComparison.Ordinal)))
    {
        var room = Path.GetFileNameWithoutExtension(project);
        var text = Read(project);
        if (!arrows.TryGetValue(room, out var allowed))
        {
            faults.Add($"{project}:1: {room} is not a room of DESIGN.md; put its code into one that is");
            continue;
        }

        foreach (Match reference in Regex.Matches(text, @"<ProjectReference Include=""[^""]*?([\w.]+)\.csproj"""))
        {
            var target = reference.Groups[1].Value.Replace("Holdfast.", "");
            if (!allowed.Contains(target))
            {
                faults.Add($"{project}:{Line(text, reference.Index)}: {room} must not see {target}; declare a seam in Abstractions and join it in Holdfast");
            }
        }

        foreach (Match package in Regex.Matches(text, @"<PackageReference Include=""([^""]+)"""))
        {
            var name = package.Groups[1].Value;
            if (packageRoom.TryGetValue(name, out var other) && other != room && !sharedPackages.Contains(name))
            {
                faults.Add($"{project}:{Line(text, package.Index)}: {name} is used by {other} too; a package stays inside one room (or is listed in eng/tidy.cs)");
            }

            packageRoom[name] = room;
            if (room == "Holdfast.Abstractions")
            {
                faults.Add($"{project}:{Line(text, package.Index)}: Abstractions has no packages");
            }
        }
    }
}

void CheckSource(string file)
{
    var text = Read(file);
    var lines = text.Split('\n');
    var isProduct = file.StartsWith("src/", StringComparison.Ordinal);
    if (isProduct && lines.Length > FileLinesMax)
    {
        faults.Add($"{file}:{lines.Length}: has {lines.Length} lines, at most {FileLinesMax}; take a type out");
    }
    else if (isProduct && lines.Length > FileLinesExplained && !text.Contains("/// <remarks>Long because", StringComparison.Ordinal))
    {
        faults.Add($"{file}:1: has {lines.Length} lines; over {FileLinesExplained} the class comment says why (`<remarks>Long because …`)");
    }

    foreach (Match type in Regex.Matches(text, @"\b(?:class|record|struct|interface|enum)\s+(\w*(?:Manager|Helper|Helpers|Util|Utils|Utility|Common))\b"))
    {
        faults.Add($"{file}:{Line(text, type.Index)}: {type.Groups[1].Value} fits anything; name the thing it is");
    }

    foreach (var (pattern, remedy) in new[]
    {
        (@"^\s*#region", "#region; split the type"),
        (@"\bNotImplemented" + @"Exception\b", "not implemented; build it or leave it out"),
        (@"\b(TO" + @"DO|FIX" + @"ME|HA" + @"CK)\b", "unfinished mark; file an issue or do it"),
        (@"catch\s*(\([^)]*\))?\s*(when\s*\([^{]*\))?\s*\{\s*\}", "empty catch; handle it or let it go"),
        (@"Assert\.True\(\s*true\s*[,)]", "assertion that cannot fail"),
    })
    {
        foreach (Match match in Regex.Matches(text, pattern, RegexOptions.Multiline))
        {
            faults.Add($"{file}:{Line(text, match.Index)}: {remedy}");
        }
    }

    if (isProduct && Regex.Match(text, @"\bunsafe\b") is { Success: true } @unsafe && !Regex.IsMatch(file, @"/(Kernels|Gguf|Native)/"))
    {
        faults.Add($"{file}:{Line(text, @unsafe.Index)}: unsafe outside Kernels; keep pointers next to a scalar twin");
    }

    if (isProduct && file.EndsWith("/Program.cs", StringComparison.Ordinal) && lines.Length > 100)
    {
        faults.Add($"{file}:1: has {lines.Length} lines, at most 100; move the wiring into the rooms' AddX and MapX");
    }

    // The analyzers hold methods of the product; this holds those of the tests, loosely, by indentation.
    if (file.StartsWith("tests/", StringComparison.Ordinal))
    {
        var start = -1;
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i] == "    {")
            {
                start = i;
            }
            else if (lines[i] == "    }" && start >= 0)
            {
                if (i - start > 2 * MethodLinesMax)
                {
                    faults.Add($"{file}:{start + 1}: a test method of {i - start} lines, at most {2 * MethodLinesMax}; one behaviour each");
                }

                start = -1;
            }
        }
    }
}

// Two folders of a room never use each other: if they want to, one word is missing.
void CheckFolderCycles()
{
    HashSet<(string From, string To)> uses = [];
    Dictionary<(string, string), string> where = [];
    foreach (var file in files.Where(file => file.StartsWith("src/", StringComparison.Ordinal) && file.EndsWith(".cs", StringComparison.Ordinal)))
    {
        var text = Read(file);
        var own = Regex.Match(text, @"^namespace ([\w.]+);", RegexOptions.Multiline).Groups[1].Value;
        foreach (Match use in Regex.Matches(text, @"^using (?:static )?(Holdfast(?:\.\w+)*)", RegexOptions.Multiline))
        {
            var target = use.Groups[1].Value;
            if (Room(own) == Room(target) && own != target && own.Length > 0)
            {
                uses.Add((own, target));
                where.TryAdd((own, target), $"{file}:{Line(text, use.Index)}");
            }
        }
    }

    foreach (var (from, to) in uses.Where(use => uses.Contains((use.To, use.From)) && string.CompareOrdinal(use.From, use.To) < 0))
    {
        faults.Add($"{where[(from, to)]}: {from} and {to} use each other ({where[(to, from)]}); name the missing word and move it down");
    }

    static string Room(string name) => name.Split('.') is [_, var room, ..] && char.IsUpper(room[0]) ? room : "";
}

void CheckPackages()
{
    var list = Read("docs/dependencies.md");
    foreach (Match package in Regex.Matches(Read("Directory.Packages.props"), @"<PackageVersion Include=""([^""]+)"" Version=""([^""]+)"""))
    {
        if (!list.Contains(package.Groups[1].Value, StringComparison.OrdinalIgnoreCase))
        {
            faults.Add($"Directory.Packages.props:1: {package.Groups[1].Value} has no line in docs/dependencies.md");
        }

        if (package.Groups[2].Value.Contains('*'))
        {
            faults.Add($"Directory.Packages.props:1: {package.Groups[1].Value} floats; pin it");
        }
    }
}

void CheckText()
{
    foreach (var file in files.Where(file => Regex.IsMatch(file, @"\.(cs|md|sh|ya?ml|json|razor|props|csproj|js|css)$") && !file.StartsWith("samples/handbook", StringComparison.Ordinal)))
    {
        var text = Read(file);
        if (text.Length > 0 && !text.EndsWith('\n'))
        {
            faults.Add($"{file}:{Line(text, text.Length)}: no line break at the end");
        }

        if (text.Contains('\r'))
        {
            faults.Add($"{file}:1: carriage returns; save it with LF");
        }
    }

    foreach (var file in files.Where(file => file.EndsWith(".md", StringComparison.Ordinal)))
    {
        var text = Read(file);
        foreach (Match link in Regex.Matches(text, @"\]\((?!https?:|#|mailto:)([^)#\s]+)(#[^)]*)?\)"))
        {
            if (!Path.Exists(Path.Combine(root, Path.GetDirectoryName(file) ?? "", link.Groups[1].Value)))
            {
                faults.Add($"{file}:{Line(text, link.Index)}: the link {link.Groups[1].Value} leads nowhere");
            }
        }
    }
}

string Read(string file) => File.Exists(Path.Combine(root, file)) ? File.ReadAllText(Path.Combine(root, file)) : "";

static int Line(string text, int index) => text.AsSpan(0, Math.Min(index, text.Length)).Count('\n') + 1;

static string FindRoot()
{
    var folder = Directory.GetCurrentDirectory();
    while (!File.Exists(Path.Combine(folder, "Holdfast.slnx")))
    {
        folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("run it inside the checkout");
    }

    return folder;
}

static IEnumerable<string> TrackedFiles(string root)
{
    // Tracked and new files alike: a fault is cheaper before the commit.
    using var git = Process.Start(new ProcessStartInfo("git", ["-C", root, "ls-files", "-co", "--exclude-standard"]) { RedirectStandardOutput = true })!;
    var list = git.StandardOutput.ReadToEnd();
    git.WaitForExit();
    return list.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(file => File.Exists(Path.Combine(root, file)));
}
