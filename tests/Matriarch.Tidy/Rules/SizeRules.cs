using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Matriarch.Tidy;

/// <summary>What fits into a head and on a screen.</summary>
internal static class SizeRules
{
    private const int FileLines = 300;
    private const int FileLinesEver = 600;
    private const int LineLength = 120;
    private const int MethodLines = 70;

    /// <summary>Files that are longer than usual for a reason. None may pass 600 lines.</summary>
    public static readonly IReadOnlyDictionary<string, string> LongFiles = new Dictionary<string, string>(
        StringComparer.Ordinal)
    {
        ["src/Matriarch.Agent/Driving/Driver.Acting.cs"] = "one remedy per effect of the consensus, read side by side",
        ["src/Matriarch.Proxy/SessionRelay.cs"] = "both directions of one relay share their state",
    };

    public static IEnumerable<Finding> FileLength(SourceFile file, IReadOnlyDictionary<string, string> exceptions)
    {
        var excepted = exceptions.ContainsKey(file.Path);
        if (file.Lines.Length > FileLinesEver)
        {
            yield return new(file.Path, 0, $"{file.Lines.Length} lines, never above {FileLinesEver}");
        }
        else if (file.Lines.Length > FileLines && !excepted)
        {
            yield return new(file.Path, 0,
                $"{file.Lines.Length} lines, at most {FileLines} without a reason in {nameof(LongFiles)}");
        }
        else if (file.Lines.Length <= FileLines && excepted)
        {
            yield return new(file.Path, 0,
                $"{file.Lines.Length} lines: no longer an exception, take it out of {nameof(LongFiles)}");
        }
    }

    public static IEnumerable<Finding> Lines(SourceFile file) =>
        file.Lines.Index().Where(l => l.Item.Length > LineLength)
            .Select(l => new Finding(file.Path, l.Index + 1, $"{l.Item.Length} characters, at most {LineLength}"));

    /// <summary>From the signature to the closing brace: attributes and docstrings do not count.</summary>
    public static IEnumerable<Finding> Methods(SourceFile file)
    {
        foreach (var node in file.Root.DescendantNodes())
        {
            SyntaxList<AttributeListSyntax>? attributes = node switch
            {
                BaseMethodDeclarationSyntax m => m.AttributeLists,
                LocalFunctionStatementSyntax l => l.AttributeLists,
                AccessorDeclarationSyntax a => a.AttributeLists,
                _ => null,
            };
            if (attributes is not { } lists)
            {
                continue;
            }

            var first = lists.Count == 0 ? node.GetFirstToken() : lists[^1].GetLastToken().GetNextToken();
            var begin = first.GetLocation().GetLineSpan().StartLinePosition.Line;
            var lines = node.GetLocation().GetLineSpan().EndLinePosition.Line - begin + 1;
            if (lines > MethodLines)
            {
                yield return file.At(first, $"a method of {lines} lines, at most {MethodLines}");
            }
        }
    }
}
