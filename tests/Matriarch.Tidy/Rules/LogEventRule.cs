using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Matriarch.Tidy;

/// <summary>An event id means one message, forever: operators filter by it. Each subsystem has its thousand.</summary>
internal static class LogEventRule
{
    private static readonly Dictionary<string, int> Thousands = new(StringComparer.Ordinal)
    {
        ["Matriarch.Postgres"] = 1,
        ["Matriarch.Topology"] = 2,
        ["Matriarch.Consensus"] = 3,
        ["Matriarch.Proxy"] = 4,
        ["Matriarch.Gateway"] = 5,
        ["Matriarch.Agent"] = 6,
        ["Matriarch.Cli"] = 7,
    };

    public static IEnumerable<Finding> Check(IEnumerable<SourceFile> files)
    {
        var taken = new Dictionary<int, string>();
        foreach (var (file, attribute) in files.SelectMany(f => Messages(f).Select(m => (f, m))))
        {
            var problem = IdOf(attribute) is not { } id ? "a log message without an event id"
                : !Thousands.TryGetValue(file.Project, out var thousand)
                    ? $"{file.Project} has no range in {nameof(LogEventRule)}"
                : id / 1000 != thousand ? $"event id {id} is outside {thousand}000-{thousand}999"
                : !taken.TryAdd(id, file.Path) ? $"event id {id} is taken by {taken[id]}"
                : null;
            if (problem is not null)
            {
                yield return file.At(attribute.GetFirstToken(), problem);
            }
        }
    }

    /// <summary>
    /// Messages are declared beside the code, in X.Log.cs or a type XLog: the code reads as what it does.
    /// </summary>
    public static IEnumerable<Finding> Place(SourceFile file) =>
        file.Name.EndsWith("Log.cs", StringComparison.Ordinal) ? []
            : Messages(file).Select(m => file.At(m.GetFirstToken(), "a log message outside X.Log.cs"));

    private static IEnumerable<AttributeSyntax> Messages(SourceFile file) =>
        file.Root.DescendantNodes().OfType<AttributeSyntax>()
            .Where(a => a.Name.ToString().Split('.')[^1] is "LoggerMessage" or "LoggerMessageAttribute");

    private static int? IdOf(AttributeSyntax attribute)
    {
        var arguments = attribute.ArgumentList?.Arguments ?? [];
        var id = arguments.FirstOrDefault(
            a => (a.NameEquals?.Name ?? a.NameColon?.Name)?.Identifier.Text is "EventId" or "eventId")
            ?? arguments.FirstOrDefault(a => a is { NameEquals: null, NameColon: null });
        return int.TryParse(id?.Expression.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number : null;
    }
}
