namespace Holdfast.Abstractions.Reading;

/// <summary>Makes the view of a text that retrieval and guard look at. The text that is forwarded stays the client's.</summary>
public interface ITextNormaliser
{
    NormalisedText Normalise(string text);
}
