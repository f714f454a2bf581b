namespace Holdfast.Engine.Constraints;

/// <summary>The values of "format" that are enforced, as patterns.</summary>
internal static class Formats
{
    private const string LeapYear = "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)";
    private const string Date =
        "(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))|" + LeapYear + "-02-29)";

    private const string Time = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,9})?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])";
    private const string Byte = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";

    private const string Label = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,20}[A-Za-z0-9])?";
    private const string Host = $"{Label}(?:\\.{Label}){{0,5}}";
    private const string UriLetter = "(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})";
    private const string UriTail = $"(?:\\?(?:{UriLetter}|[/?])*)?(?:#(?:{UriLetter}|[/?])*)?";
    private const string Some = "[0-9]{1,6}";
    private const string DurationTime = $"T(?:{Some}H(?:{Some}M(?:{Some}S)?)?|{Some}M(?:{Some}S)?|{Some}S)";
    private const string DurationDate = $"(?:{Some}Y(?:{Some}M(?:{Some}D)?)?|{Some}M(?:{Some}D)?|{Some}D)";

    public static readonly IReadOnlyDictionary<string, string> Patterns = new Dictionary<string, string>
    {
        ["date"] = $"^{Date}$",
        ["time"] = $"^{Time}$",
        ["date-time"] = $"^{Date}T{Time}$",
        ["uuid"] = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
        ["ipv4"] = $"^{Byte}\\.{Byte}\\.{Byte}\\.{Byte}$",
        ["email"] = "^[A-Za-z0-9_+-]{1,20}(?:\\.[A-Za-z0-9_+-]{1,20}){0,2}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,20}[A-Za-z0-9])?(?:\\.[A-Za-z]{2,12}){1,2}$",

        // RFC 1123, labels and names shorter than it allows.
        ["hostname"] = $"^{Host}$",

        // RFC 4291 without a tail in the form of IPv4.
        ["ipv6"] = $"^(?:{string.Join('|', Enumerable.Range(0, 8).SelectMany(Ipv6))})$",

        // RFC 3339, appendix A, where no unit is skipped.
        ["duration"] = $"^P(?:{DurationDate}(?:{DurationTime})?|{DurationTime}|{Some}W)$",

        // RFC 3986 without user, and with a host of names alone.
        ["uri"] = $"^[A-Za-z][A-Za-z0-9+.-]*:(?://{Host}(?::[0-9]{{1,5}})?(?:/{UriLetter}*)*|{UriLetter}+(?:/{UriLetter}*)*){UriTail}$",
    };

    // With so many groups before "::", or all eight for the last.
    private static IEnumerable<string> Ipv6(int before)
    {
        const string Group = "[0-9a-f]{1,4}";
        if (before == 0)
        {
            yield return $"(?:{Group}:){{7}}{Group}";
        }

        var head = before == 0 ? ":" : $"(?:{Group}:){{{before}}}";
        yield return before == 7 ? $"{head}:" : $"{head}:(?:{Group}(?::{Group}){{0,{6 - before}}})?";
    }
}
