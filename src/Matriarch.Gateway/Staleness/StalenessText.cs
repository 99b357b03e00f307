using System.Globalization;
using Matriarch.Core;

namespace Matriarch.Gateway;

/// <summary>Staleness in words.</summary>
internal static class StalenessText
{
    /// <summary>Of one replica.</summary>
    public static string Of(NodeId node, TimeSpan? age) =>
        age is { } known ? $"{node} is {Seconds(known)} stale" : $"how stale {node} is, is not known";

    /// <summary>With one decimal.</summary>
    public static string Seconds(TimeSpan span) =>
        string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.#} s");
}
