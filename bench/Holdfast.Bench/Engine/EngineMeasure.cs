namespace Holdfast.Bench.Engine;

/// <summary>One figure: tokens per second by the clock and per second of processor time (all threads together). For "load" both are seconds.</summary>
internal sealed record EngineMeasure(string Name, int Threads, double Wall, double Cpu);
