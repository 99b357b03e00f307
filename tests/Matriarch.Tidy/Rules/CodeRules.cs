using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Matriarch.Tidy;

/// <summary>What code must not contain.</summary>
internal static partial class CodeRules
{
    private static readonly SyntaxKind[] Comments =
    [
        SyntaxKind.SingleLineCommentTrivia, SyntaxKind.MultiLineCommentTrivia,
        SyntaxKind.SingleLineDocumentationCommentTrivia, SyntaxKind.MultiLineDocumentationCommentTrivia,
    ];

    public static IEnumerable<Finding> Regions(SourceFile file) =>
        from region in file.Root.DescendantNodes(descendIntoTrivia: true).OfType<RegionDirectiveTriviaSyntax>()
        select file.At(region.GetFirstToken(), "a region: make it a type or a part of its own");

    /// <summary>Blocking a thread hides a missing condition, and in a test it is a guess about speed.</summary>
    public static IEnumerable<Finding> Sleeps(SourceFile file) =>
        from access in file.Root.DescendantNodes().OfType<MemberAccessExpressionSyntax>()
        where access is { Name.Identifier.Text: "Sleep", Expression: var type }
            && type.ToString().Split('.')[^1] == "Thread"
        select file.At(access.GetFirstToken(), "Thread.Sleep: wait for a condition, with a deadline");

    /// <summary>A catch block says what it does about the failure, or why nothing is to be done.</summary>
    public static IEnumerable<Finding> EmptyCatches(SourceFile file) =>
        from clause in file.Root.DescendantNodes().OfType<CatchClauseSyntax>()
        where clause.Block.Statements.Count == 0 && !clause.Block.DescendantTrivia().Any(IsComment)
        select file.At(clause.CatchKeyword, "an empty catch: handle the failure, or say why it needs nothing");

    /// <summary>Unfinished work is an issue, not a comment: a mark names it, as in <c>(#123)</c>.</summary>
    public static IEnumerable<Finding> Marks(SourceFile file) =>
        file.IsCSharp
            ? from trivia in file.Root.DescendantTrivia()
              where IsComment(trivia) && IsLooseMark(trivia.ToFullString())
              select new Finding(file.Path, trivia.GetLocation().GetLineSpan().StartLinePosition.Line + 1, LooseMark)
            : file.EachLine(IsLooseMark, LooseMark);

    private const string LooseMark = "unfinished work without its issue (#123)";

    private static bool IsComment(SyntaxTrivia trivia) => Comments.Contains(trivia.Kind());

    private static bool IsLooseMark(string text) =>
        text.Split('\n').Any(line => Mark().IsMatch(line) && !Issue().IsMatch(line));

    [GeneratedRegex(@"\b(TOD[O]|FIXM[E]|HAC[K])\b")]
    private static partial Regex Mark();

    [GeneratedRegex(@"\(#\d+\)")]
    private static partial Regex Issue();
}
