namespace Holdfast.Engine.Scheduling;

internal enum SequenceState
{
    Waiting,
    Running,
    Ended,
}
