namespace Holdfast.Engine.Templates;

/// <summary>How the messages of the system and of developers are shown to a template.</summary>
internal enum SystemShown
{
    Own,

    /// <summary>A developer's as the system's, which is what the role means.</summary>
    Renamed,

    /// <summary>One that begins the chat as the system's, any later one in front of the user's text that follows it.</summary>
    FirstAlone,

    /// <summary>Each in front of the user's text that follows it.</summary>
    InUser,
}
