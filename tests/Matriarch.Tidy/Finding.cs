namespace Matriarch.Tidy;

/// <summary>One place that breaks a rule.</summary>
/// <param name="Path">Relative to the repository, with slashes.</param>
/// <param name="Line">From 1; 0 when the whole file is meant.</param>
/// <param name="Message">What is wrong there.</param>
internal sealed record Finding(string Path, int Line, string Message)
{
    public override string ToString() => Line == 0 ? $"{Path}: {Message}" : $"{Path}:{Line}: {Message}";
}
