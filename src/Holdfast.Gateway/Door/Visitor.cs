using Holdfast.Gateway.Keys;

namespace Holdfast.Gateway.Door;

/// <summary>Who stands at the door: the key, and the browser session when it came by cookie.</summary>
internal readonly record struct Visitor(KeyRow Key, BrowserSession? Session);
