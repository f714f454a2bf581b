using Holdfast.Abstractions.Reading;

namespace Holdfast.Documents.Cleaning;

/// <summary>The view of a request's text that retrieval and guard look at. Linear in the text; keeps no state.</summary>
public sealed class TextNormaliser : ITextNormaliser
{
    public NormalisedText Normalise(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        CleaningOutcome outcome = TextCleaner.Clean(new CleaningInput { Text = text }, CleaningRules.ForRequests, withEdits: false);
        return new NormalisedText(outcome.Output.Text, outcome.Counts);
    }
}
