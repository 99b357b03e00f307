using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Matriarch.Tidy;

/// <summary>A type is found by its name, and its name says what it is.</summary>
internal static partial class NamingRules
{
    /// <summary>Words that say that nobody knew what the type is.</summary>
    private static readonly string[] Banned =
        ["Util", "Utils", "Utility", "Utilities", "Helper", "Helpers", "Common", "Services", "Manager", "Managers"];

    /// <summary>
    /// One public top-level type per file, which has its name; parts of a partial type are X.Part.cs.
    /// </summary>
    public static IEnumerable<Finding> FileNames(SourceFile file)
    {
        var types = TopLevelTypes(file.Root).ToList();
        var open = types.Where(t => t.Modifiers.Any(SyntaxKind.PublicKeyword)).DistinctBy(NameOf).ToList();
        foreach (var second in open.Skip(1))
        {
            yield return file.At(second.GetFirstToken(),
                $"public {NameOf(second)} beside public {NameOf(open[0])}: one per file");
        }

        var named = open.Count > 0 ? open : types;
        var parts = file.Name.Split('.');
        var own = named.Where(t => NameOf(t) == parts[0]).ToList();
        if (named.Count > 0 && own.Count == 0)
        {
            yield return file.At(named[0].GetFirstToken(), $"{NameOf(named[0])} should be in a file of its name");
        }
        else if (parts.Length > 2 && !own.Exists(t => t.Modifiers.Any(SyntaxKind.PartialKeyword)))
        {
            yield return new(file.Path, 0, $"named as a part of {parts[0]}, which is not partial here");
        }
    }

    /// <summary>File-scoped, beginning with the project's name.</summary>
    public static IEnumerable<Finding> Namespaces(SourceFile file)
    {
        foreach (var space in file.Root.DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>())
        {
            var name = space.Name.ToString();
            if (space is NamespaceDeclarationSyntax)
            {
                yield return file.At(space.GetFirstToken(), $"namespace {name} is not file-scoped");
            }

            if (file.Project.Length > 0 && name != file.Project
                && !name.StartsWith(file.Project + ".", StringComparison.Ordinal))
            {
                yield return file.At(space.GetFirstToken(), $"namespace {name} in the project {file.Project}");
            }
        }
    }

    public static IEnumerable<Finding> BannedWords(SourceFile file) =>
        from type in file.Root.DescendantNodes().OfType<MemberDeclarationSyntax>()
        where type is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax
        let word = Words().Matches(NameOf(type))
            .Select(m => m.Value).FirstOrDefault(w => Banned.Contains(w, StringComparer.Ordinal))
        where word is not null
        select file.At(type.GetFirstToken(), $"{NameOf(type)}: {word} says nothing");

    /// <summary>The name without type parameters.</summary>
    public static string NameOf(MemberDeclarationSyntax type) => type switch
    {
        BaseTypeDeclarationSyntax t => t.Identifier.Text,
        DelegateDeclarationSyntax d => d.Identifier.Text,
        _ => "",
    };

    /// <summary>Types that are not nested; types of file scope are private to the file and do not count.</summary>
    public static IEnumerable<MemberDeclarationSyntax> TopLevelTypes(SyntaxNode root) =>
        root.DescendantNodes(n => n is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
            .OfType<MemberDeclarationSyntax>()
            .Where(m => m is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax
                && !m.Modifiers.Any(SyntaxKind.FileKeyword));

    [GeneratedRegex("[A-Z]+(?![a-z])|[A-Z][a-z0-9]*")]
    private static partial Regex Words();
}
