using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Matriarch.Models.Tests;

/// <summary>
/// Reads the Informal Trace Format: JSON in which integers, maps and sets are written as tagged objects.
/// </summary>
internal static class Itf
{
    public static int Int(this JsonElement parent, string name) => Int(parent.GetProperty(name));

    public static bool Bool(this JsonElement parent, string name) => parent.GetProperty(name).GetBoolean();

    public static string Text(this JsonElement parent, string name) => parent.GetProperty(name).GetString()!;

    public static ImmutableArray<T> List<T>(this JsonElement parent, string name, Func<JsonElement, T> read) =>
        [.. parent.GetProperty(name).EnumerateArray().Select(read)];

    public static ImmutableArray<T> Set<T>(this JsonElement parent, string name, Func<JsonElement, T> read) =>
        [.. parent.GetProperty(name).GetProperty("#set").EnumerateArray().Select(read)];

    public static ImmutableSortedDictionary<string, T> Map<T>(
        this JsonElement parent, string name, Func<JsonElement, T> read) =>
        parent.GetProperty(name).GetProperty("#map").EnumerateArray()
            .ToImmutableSortedDictionary(pair => pair[0].GetString()!, pair => read(pair[1]), StringComparer.Ordinal);

    public static int Int(JsonElement value) =>
        int.Parse(value.GetProperty("#bigint").GetString()!, CultureInfo.InvariantCulture);

    public static string Text(JsonElement value) => value.GetString()!;
}
