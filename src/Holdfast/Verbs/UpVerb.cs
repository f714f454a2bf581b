using System.CommandLine;
using Holdfast.Configuration;
using Holdfast.Ingesting;
using Holdfast.ModelFiles;
using Holdfast.Printing;

namespace Holdfast.Verbs;

/// <summary><c>holdfast up [folder]</c> and <c>holdfast serve</c>.</summary>
internal static class UpVerb
{
    public static Command CreateUp()
    {
        var folder = new Argument<string?>("folder") { Description = "Folder of documents to answer from; without one it starts empty", Arity = ArgumentArity.ZeroOrOne };
        folder.NotEmpty("up");
        var key = new Option<string?>("--key") { Description = "Admin key; else HOLDFAST_KEY, else one that is made once and kept in the data folder", HelpName = "KEY" };
        var command = new Command("up", "Read a folder, index it, serve the API and the console: one command, one machine");
        command.Arguments.Add(folder);
        command.Options.Add(key);
        var start = new StartFlags(command);
        command.SetAction((parsed, cancellationToken) => start.RunAsync(parsed, parsed.GetValue(folder), parsed.GetValue(key), isUp: true, cancellationToken));
        return command;
    }

    public static Command CreateServe()
    {
        var command = new Command("serve", "Serve what holdfast.yaml says");
        var start = new StartFlags(command);
        command.SetAction((parsed, cancellationToken) => start.RunAsync(parsed, folder: null, key: null, isUp: false, cancellationToken));
        return command;
    }

    private sealed class StartFlags
    {
        private readonly ConfigurationFlags _configuration;
        private readonly Option<string?> _listen = new("--listen") { Description = "Address to listen on; 127.0.0.1:8080 unless the configuration says otherwise", HelpName = "HOST:PORT" };
        private readonly Option<string?> _model = new("--model") { Description = "Language model to run in this process: a GGUF file, or the name of one in the known folders", HelpName = "FILE|NAME" };
        private readonly ModelFlag _folders;
        private readonly Option<bool> _json = new("--json") { Description = "One JSON line on standard output when ready; progress as JSON lines on standard error" };

        public StartFlags(Command command)
        {
            command.Options.Add(_listen);
            command.Options.Add(_model);
            _folders = new ModelFlag(command);
            _configuration = new ConfigurationFlags(command);
            command.Options.Add(_json);
            _model.Validators.Add(result =>
            {
                // Taken for "none" it would silently drop the model of the file.
                if (result.Tokens is [var name] && string.IsNullOrWhiteSpace(name.Value))
                {
                    result.AddError("--model is empty; leave it out for the configuration's model, or start without one: --set model=");
                }
            });
        }

        public async Task<int> RunAsync(ParseResult parsed, string? folder, string? key, bool isUp, CancellationToken cancellationToken)
        {
            var listen = parsed.GetValue(_listen) is { } address ? new FlagSetting("listen", address, "--listen") : null;
            var model = parsed.GetValue(_model) is { } file ? new FlagSetting("model", file, "--model") : null;
            if (_configuration.Load(parsed, listen, model) is not { } options)
            {
                return ExitCode.WrongUse;
            }

            if (_folders.Folders(parsed) is not { } models)
            {
                return ExitCode.WrongUse;
            }

            (var resolved, var fault) = ModelNames.Resolve(options, models);
            if (resolved is null)
            {
                await Console.Error.WriteLineAsync(fault);
                return ExitCode.WrongUse;
            }

            options = resolved;

            List<KeptFolder> folders = [];
            IEnumerable<CollectionOptions> wanted = folder is null ? options.Collections : [.. options.Collections, new CollectionOptions { Folder = folder }];
            foreach (var collection in wanted)
            {
                var root = Path.GetFullPath(collection.Folder);
                if (!Directory.Exists(root))
                {
                    await Console.Error.WriteLineAsync(File.Exists(root) ? $"{Terminal.Shown(collection.Folder)} is a file; give the folder it lies in" : $"there is no folder {Terminal.Shown(collection.Folder)}; check the path");
                    return ExitCode.WrongUse;
                }

                folders.Add(new KeptFolder(collection.Name.Length > 0 ? collection.Name : CollectionName.FromFolder(root), root));
            }

            if (folders.GroupBy(kept => kept.Collection).FirstOrDefault(group => group.Count() > 1) is { } twice)
            {
                await Console.Error.WriteLineAsync($"two folders would be the collection {twice.Key}; give one another name under collections in holdfast.yaml");
                return ExitCode.WrongUse;
            }

            key ??= Environment.GetEnvironmentVariable("HOLDFAST_KEY") is { Length: > 0 } variable ? variable : null;
            return await new ServerRun(options, folders, key, isUp, parsed.GetValue(_json)).RunAsync(cancellationToken);
        }
    }
}
