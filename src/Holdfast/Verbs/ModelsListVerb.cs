using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Holdfast.Engine.Gguf;
using Holdfast.Engine.Measuring;
using Holdfast.ModelFiles;
using Holdfast.Printing;
using Holdfast.Pulling;

namespace Holdfast.Verbs;

/// <summary><c>holdfast models list</c>: the model files of the known folders, and which of two with one name wins. A broken file is a row like the others.</summary>
internal static class ModelsListVerb
{
    public static Command Create()
    {
        var catalogue = new Option<bool>("--catalogue") { Description = "Models that can be pulled by a short name, instead of those that are here" };
        var json = new Option<bool>("--json") { Description = "One JSON object a line" };
        var command = new Command("list", "Model files of the known folders") { catalogue };
        var folders = new ModelFlag(command);
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(catalogue))
            {
                PrintCatalogue(parsed.GetValue(json));
                return ExitCode.Done;
            }

            return folders.Folders(parsed) is { } searched ? Print(searched, parsed.GetValue(json)) : ExitCode.WrongUse;
        });
        return command;
    }

    public static void PrintCatalogue(bool isJson)
    {
        foreach (var entry in ModelCatalogue.Entries)
        {
            Console.WriteLine(isJson
                ? JsonSerializer.Serialize(entry, Json.Line)
                : $"{entry.Name,-22} {ByteText.Of(entry.Bytes),10}  {entry.Licence}  {entry.Use}\n{"",-22} {entry.Repository}:{entry.File}");
        }
    }

    private static int Print(ModelFolders folders, bool isJson)
    {
        var places = folders.Places();
        var folder = default(ModelFolder);
        foreach (var place in places)
        {
            var row = Row(folders, place);
            if (isJson)
            {
                Console.WriteLine(JsonSerializer.Serialize(row, Json.Line));
                continue;
            }

            if (folder != place.Folder)
            {
                folder = place.Folder;
                Console.WriteLine($"{Terminal.Shown(folder.Path)} ({folder.Origin})");
            }

            Print(row);
        }

        if (places.Count == 0)
        {
            Console.Error.WriteLine($"no model file in {string.Join(", ", folders.Folders.Select(one => one.Path))}; get one: holdfast models pull NAME (names: holdfast models list --catalogue)");
        }

        return ExitCode.Done;
    }

    private static void Print(ListedModel row)
    {
        var size = row.Weights is { } weights ? string.Create(CultureInfo.InvariantCulture, $"{weights / 1e6,8:0} M weights ") : new string(' ', 19);
        Console.WriteLine($"  {Terminal.Shown(row.HiddenBy is null ? row.Use : row.Name),-34} {Terminal.Shown(row.Architecture),-8}{size}{ByteText.Of(row.FileBytes),10}  {row.Quant}" +
            (row.ContextTokens is { } context ? string.Create(CultureInfo.InvariantCulture, $"  context {context}") : "") +
            (row.Licence is { } licence ? "  " + Terminal.Shown(licence) : "") +
            (row.IsEncoder ? "  encoder" : ""));
        if (row.HiddenBy is { } winner)
        {
            Console.WriteLine($"    not found by its name: {Terminal.Shown(winner)} comes first; use the path");
        }

        foreach (var fault in row.Faults)
        {
            Console.WriteLine($"    cannot run: {Terminal.Shown(fault)}");
        }
    }

    private static ListedModel Row(ModelFolders folders, ModelPlace place)
    {
        var use = folders.Reference(place);
        var row = new ListedModel
        {
            Folder = place.Folder.Path,
            Origin = place.Folder.Origin,
            File = Path.GetFileName(place.Path),
            Name = place.Name,
            Use = use,
            HiddenBy = use == place.Path ? folders.Find(place.Stem).Path : null,
            FileBytes = 0,
            Faults = [],
        };
        try
        {
            row = row with { FileBytes = ((File.ResolveLinkTarget(place.Path, returnFinalTarget: true) as FileInfo) ?? new FileInfo(place.Path)).Length };
            var model = ModelInspection.Of(place.Path);
            return row with
            {
                Architecture = model.Architecture,
                Quant = model.BytesByType.Count > 0 ? model.BytesByType.MaxBy(type => type.Value).Key : null,
                Weights = model.Weights,
                ContextTokens = model.ContextTokens,
                Licence = model.Licence,
                IsEncoder = model.IsEncoder,
                Faults = model.Faults,
            };
        }
        catch (Exception fault) when (fault is ModelFileException or IOException or UnauthorizedAccessException)
        {
            return row with { Faults = [fault.Message] };
        }
    }
}
