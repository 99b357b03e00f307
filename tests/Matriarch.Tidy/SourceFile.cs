using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Matriarch.Tidy;

/// <summary>A text file of the repository, or an example of one.</summary>
/// <param name="path">Relative to the repository, with slashes.</param>
/// <param name="text">Its whole content.</param>
internal sealed class SourceFile(string path, string text)
{
    private readonly Lazy<CSharpSyntaxNode> _root = new(
        () => (CSharpSyntaxNode)CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.Latest))
            .GetRoot());

    public string Path { get; } = path;

    public string Text { get; } = text;

    public string Name => System.IO.Path.GetFileName(Path);

    public string Folder => System.IO.Path.GetDirectoryName(Path) ?? "";

    /// <summary>With the dot.</summary>
    public string Extension => System.IO.Path.GetExtension(Path);

    public bool IsCSharp => Extension == ".cs";

    public bool IsProduct => Path.StartsWith("src/", StringComparison.Ordinal);

    /// <summary>
    /// The project by its place: src/Matriarch.Core/Rules/Rule.cs is of Matriarch.Core. Empty outside projects.
    /// </summary>
    public string Project => Path.Split('/') is ["src" or "tests" or "bench", var project, _, ..] ? project : "";

    /// <summary>Without line ends; a last line end starts no line.</summary>
    public string[] Lines { get; } = (text.EndsWith('\n') ? text[..^1] : text).Split('\n');

    /// <summary>The syntax of a C# file.</summary>
    public CSharpSyntaxNode Root => _root.Value;

    /// <summary>A finding where a piece of syntax begins.</summary>
    public Finding At(SyntaxToken token, string message) =>
        new(Path, token.GetLocation().GetLineSpan().StartLinePosition.Line + 1, message);

    /// <summary>Each line that the test picks, as a finding.</summary>
    public IEnumerable<Finding> EachLine(Func<string, bool> test, string message) =>
        Lines.Index().Where(l => test(l.Item)).Select(l => new Finding(Path, l.Index + 1, message));
}
