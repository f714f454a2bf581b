using Holdfast.CrashChild;
using Holdfast.Retrieval;
using Holdfast.Retrieval.Storing;

// A process to be killed: writes batch after batch into the store until it dies. usage: Holdfast.CrashChild <store> <first batch>
var steps = new StepWriter(Console.OpenStandardOutput());
using var store = new DocumentStore(args[0], new RetrievalOptions(), steps);
for (var number = int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture); ; number++)
{
    store.Apply(CrashBatch.Collection, CrashBatch.Make(number));
    steps.Committed();
}
