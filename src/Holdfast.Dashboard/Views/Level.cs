namespace Holdfast.Dashboard.Views;

/// <summary>How a thing stands. Shown in words and in shape: a disc, a triangle, a square.</summary>
public enum Level
{
    Good,
    Warn,
    Bad,
}
