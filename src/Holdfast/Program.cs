using Holdfast.Verbs;

return await CommandTree.RunAsync(args);
