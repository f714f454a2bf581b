namespace Holdfast.Verbs;

/// <summary>What every verb returns to the shell.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>It ran, and the answer is no.</summary>
    public const int No = 1;

    /// <summary>The command line or the configuration is wrong.</summary>
    public const int WrongUse = 2;

    /// <summary>It could not be done: disk, port, another process.</summary>
    public const int Fault = 3;

    /// <summary>Ended by a signal, as shells say it.</summary>
    public const int Stopped = 130;
}
