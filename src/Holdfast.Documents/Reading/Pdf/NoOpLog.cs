using UglyToad.PdfPig.Logging;

namespace Holdfast.Documents.Reading.Pdf;

/// <summary>PdfPig's remarks about sloppy files are of no use to an operator: what matters becomes a count or a line.</summary>
internal sealed class NoOpLog : ILog
{
    public void Debug(string message)
    {
        // Deliberately silent.
    }

    public void Debug(string message, Exception ex)
    {
        // Deliberately silent.
    }

    public void Warn(string message)
    {
        // Deliberately silent.
    }

    public void Error(string message)
    {
        // Deliberately silent.
    }

    public void Error(string message, Exception ex)
    {
        // Deliberately silent.
    }
}
