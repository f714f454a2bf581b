using System.Text;

namespace Holdfast.Gateway.Answers;

/// <summary>A tool call as its pieces come together.</summary>
internal sealed class ToolCallState
{
    public string? Id { get; set; }

    public string? Name { get; set; }

    public StringBuilder Arguments { get; } = new();
}
