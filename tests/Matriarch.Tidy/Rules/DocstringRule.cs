using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Matriarch.Tidy;

/// <summary>What another project can see says what it is. By syntax: what a public type inside an internal one shows counts not.</summary>
internal static class DocstringRule
{
    public static IEnumerable<Finding> Types(SourceFile file) =>
        from member in Undocumented(file)
        where member is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax
        select file.At(member.GetFirstToken(), $"public {NamingRules.NameOf(member)} has no docstring");

    /// <summary>Methods, properties, events, fields; not overrides, constructors, operators and explicit implementations.</summary>
    public static IEnumerable<Finding> Members(SourceFile file) =>
        from member in Undocumented(file)
        let name = member switch
        {
            MethodDeclarationSyntax { ExplicitInterfaceSpecifier: null } m => m.Identifier.Text,
            PropertyDeclarationSyntax { ExplicitInterfaceSpecifier: null } p => p.Identifier.Text,
            BaseFieldDeclarationSyntax f => f.Declaration.Variables[0].Identifier.Text,
            EnumMemberDeclarationSyntax e => e.Identifier.Text,
            _ => null,
        }
        where name is not null && !WellKnown.Contains(name, StringComparer.Ordinal)
        select file.At(member.GetFirstToken(), $"public {name} has no docstring");

    /// <summary>Members of the base library's interfaces mean what they mean everywhere.</summary>
    private static readonly string[] WellKnown =
        ["Dispose", "DisposeAsync", "CompareTo", "Equals", "GetHashCode", "ToString", "Parse", "TryParse", "TryFormat", "GetEnumerator"];

    private static IEnumerable<MemberDeclarationSyntax> Undocumented(SourceFile file) =>
        from member in file.Root.DescendantNodes().OfType<MemberDeclarationSyntax>()
        where member is not BaseNamespaceDeclarationSyntax and not GlobalStatementSyntax
            && !member.Modifiers.Any(SyntaxKind.OverrideKeyword)
            && member.AncestorsAndSelf().OfType<MemberDeclarationSyntax>().All(IsVisible)
            && !member.GetLeadingTrivia().Any(t => t.IsKind(SyntaxKind.SingleLineDocumentationCommentTrivia))
            && !IsOtherPart(member)
        select member;

    private static bool IsVisible(MemberDeclarationSyntax member) =>
        member is BaseNamespaceDeclarationSyntax or EnumMemberDeclarationSyntax
        || member.Modifiers.Any(SyntaxKind.PublicKeyword)
        || (member.Parent is InterfaceDeclarationSyntax && !member.Modifiers.Any(SyntaxKind.PrivateKeyword));

    /// <summary>X.Part.cs: the docstring of a partial type is in X.cs.</summary>
    private static bool IsOtherPart(MemberDeclarationSyntax member) =>
        member is TypeDeclarationSyntax && member.Modifiers.Any(SyntaxKind.PartialKeyword);
}
