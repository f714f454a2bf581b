using Holdfast.Documents.Cleaning.Rules;

namespace Holdfast.Documents.Cleaning;

/// <summary>The rules in the order in which they run. A new rule is a new file and a line here.</summary>
internal static class CleaningRules
{
    /// <summary>For documents: what is stored, searched and cited.</summary>
    public static readonly IReadOnlyList<ICleaningRule> ForDocuments =
    [
        new LineEndsRule(),
        new TerminalEscapesRule(),
        new LoneSurrogatesRule(),

        // Before control characters go: UTF-8 read as Latin-1 leaves C1 controls that are half of a letter.
        new MojibakeRule(),
        new ControlCharactersRule(),
        new HiddenTagsRule(),
        new InvisibleCharactersRule(),
        new BidiControlsRule(),
        new LigaturesRule(),

        // Before hyphenation: a running line must not stand between the halves of a word.
        new RunningLinesRule(),
        new HyphenationRule(),
        new WrappedLinesRule(),
        new CompositionRule(),
        new SpacesRule(),
        new BlankLinesRule(),
    ];

    /// <summary>For what a user typed: the view that retrieval and guard look at. No rule that needs pages.</summary>
    public static readonly IReadOnlyList<ICleaningRule> ForRequests =
    [
        new LineEndsRule(),
        new TerminalEscapesRule(),
        new LoneSurrogatesRule(),
        new ControlCharactersRule(),
        new HiddenTagsRule(),
        new InvisibleCharactersRule(),
        new BidiControlsRule(),
        new LigaturesRule(),
        new CompositionRule(),
        new SpacesRule(),
        new BlankLinesRule(),
    ];
}
