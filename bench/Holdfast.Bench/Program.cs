using Holdfast.Bench.Engine;

switch (args)
{
    case ["engine", .. var arguments]:
        return EngineBench.Run(arguments);
    default:
        Console.Error.WriteLine("usage: Holdfast.Bench engine ...");
        return 2;
}
