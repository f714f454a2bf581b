namespace Holdfast.Engine.Constraints;

/// <summary>One way to read the bytes so far. Several live side by side where a schema leaves it open.</summary>
internal readonly record struct Config(Frame? Parent, int Node, Phase Phase, int A = 0, int B = 0, Int128 V = default);
