namespace Holdfast.Tests.Fakes;

/// <summary>How a <see cref="FakeVllm"/> misbehaves.</summary>
public enum FakeFault
{
    None,

    /// <summary>The connection is closed before the head.</summary>
    CloseBeforeHead,

    /// <summary>Nothing at all comes.</summary>
    StallBeforeHead,

    /// <summary>The head comes, then nothing: vLLM with a full queue.</summary>
    StallAfterHead,

    /// <summary>Half of the content, then nothing.</summary>
    Stall,

    /// <summary>Half of the content, then a TCP reset.</summary>
    Reset,

    /// <summary>Half of the content, then the connection is closed.</summary>
    Close,

    /// <summary>Half of the content and half a frame, then the connection is closed.</summary>
    CutFrame,

    /// <summary>All content, then a proper zero chunk without finish_reason and [DONE]: Ollama when its runner dies.</summary>
    CleanEndWithoutFinish,

    /// <summary>All content, then [DONE] without a finish_reason.</summary>
    DoneWithoutFinish,

    /// <summary>Everything but [DONE].</summary>
    NoDone,

    /// <summary>Everything but [DONE] and the zero chunk; the connection is closed.</summary>
    NoZeroChunk,

    /// <summary>An error frame before any content, then [DONE].</summary>
    ErrorFrameFirst,

    /// <summary>Half of the content, an error frame, [DONE].</summary>
    ErrorFrame,

    /// <summary>200 with one JSON body that is an error, streamed or not.</summary>
    ErrorInside200,

    /// <summary>Half of the content, then a frame that is no JSON.</summary>
    InvalidFrame,

    /// <summary>A JSON body that is shorter than its Content-Length.</summary>
    CutJson,

    /// <summary>A JSON body of the right length that is no JSON.</summary>
    InvalidJson,

    /// <summary>JSON without an answer in it.</summary>
    WrongJson,

    /// <summary>Usage in the last content chunk instead of one of its own.</summary>
    UsageWithChoices,

    /// <summary>The status, headers and body of the script.</summary>
    Status,
}
