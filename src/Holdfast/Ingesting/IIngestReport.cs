namespace Holdfast.Ingesting;

/// <summary>Where reading tells how far it is: a bar on a terminal, plain lines in a log, JSON lines for a program.</summary>
internal interface IIngestReport
{
    void Progress(int done, int total);

    /// <summary>A file was refused, or a folder could not be looked into.</summary>
    void Quarantined(string path, string reason);
}
