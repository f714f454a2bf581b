using Holdfast.Printing;

namespace Holdfast.Pulling;

/// <summary>Nobody answers there: no network, no name, a closed port, silence.</summary>
internal sealed class HubAwayException(Uri place, string reason) : Exception($"{place.Scheme}://{place.Authority} cannot be reached: {Terminal.Shown(reason)}");
